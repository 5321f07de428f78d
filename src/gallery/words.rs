//! Numbers, days and windows as they stand in sentences, in both languages.

use chrono::{Datelike, NaiveDate};

use crate::cases::views::Axis;
use crate::cases::{Second, moment};
use crate::chart::spec::{Language, NumberFormat};
use crate::domain::case::Moment;
use crate::domain::text::{period_en, period_vi};
use crate::domain::{Freq, Period};

/// Sentences of one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words(pub Language);

impl Words {
    /// One of two.
    pub fn pick<'t>(self, vi: &'t str, en: &'t str) -> &'t str {
        match self.0 {
            Language::Vi => vi,
            Language::En => en,
        }
    }

    /// "quận" -> "Quận", at the begin of a line.
    pub fn upper(text: &str) -> String {
        upper_first(text)
    }

    /// A number with so many decimals.
    pub fn number(self, value: f64, decimals: usize) -> String {
        NumberFormat::new(decimals, "").bare(value, self.0)
    }

    /// A count.
    pub fn count(self, n: impl Into<u64>) -> String {
        self.number(n.into() as f64, 0)
    }

    /// A share (0 to 1) in percent: whole from 10 on. One that is not all is never rounded to all, nor one that is
    /// something to nothing.
    pub fn percent(self, share: f64) -> String {
        let percent = share * 100.0;
        let whole = percent.round();
        let is_plain = percent == whole || (percent >= 9.95 && whole < 100.0);
        let text = NumberFormat::new(usize::from(!is_plain), "%").print(percent, self.0);
        let bound = |limit: f64| NumberFormat::new(1, "%").print(limit, self.0);
        match percent {
            p if p > 0.0 && p < 0.05 => format!("{} {}", self.pick("dưới", "under"), bound(0.1)),
            p if (99.95..100.0).contains(&p) => format!("{} {}", self.pick("trên", "over"), bound(99.9)),
            _ => text,
        }
    }

    /// A difference of shares (0 to 1) without its sign: "3,2 điểm".
    pub fn points(self, difference: f64) -> String {
        let text = self.number(difference.abs() * 100.0, 1);
        format!("{text}\u{a0}{}", self.pick("điểm %", "points"))
    }

    /// "gấp hơn 6 lần", from twice on.
    pub fn times(self, ratio: f64) -> Option<String> {
        if !ratio.is_finite() || ratio < 1.95 {
            return None;
        }
        let (below, above) = (ratio.floor(), ratio.ceil());
        let (vi, en, number) = match ratio - below {
            rest if rest < 0.05 => ("gấp", "", below),
            rest if rest < 0.75 => ("gấp hơn", "more than ", below),
            rest if rest < 0.95 => ("gấp gần", "nearly ", above),
            _ => ("gấp", "", above),
        };
        Some(match self.0 {
            Language::Vi => format!("{vi} {} lần", self.number(number, 0)),
            Language::En => format!("{en}{} times", self.number(number, 0)),
        })
    }

    /// "25/5/2022", "25 May 2022".
    pub fn day(self, day: NaiveDate) -> String {
        match self.0 {
            Language::Vi => format!("{}/{}/{}", day.day(), day.month(), day.year()),
            Language::En => format!("{} {}", day.day(), period_en(Period::of_date(Freq::M, day))),
        }
    }

    /// "12:00 25/5/2022".
    pub fn instant(self, at: Second) -> String {
        let local = moment(at).local();
        format!("{} {}", local.format("%H:%M"), self.day(local.date()))
    }

    /// "tháng 5/2022", "May 2022", as it stands inside a sentence.
    pub fn period(self, period: Period) -> String {
        match self.0 {
            Language::Vi => lower_first(&period_vi(period)),
            Language::En => period_en(period),
        }
    }

    /// "T5/22", "May 22", as it stands on an axis.
    pub fn short_period(self, period: Period) -> String {
        let year = period.year().rem_euclid(100);
        match (period.freq(), self.0) {
            (Freq::M, Language::Vi) => format!("T{}/{year:02}", period.position()),
            (Freq::M, Language::En) => {
                let month = period_en(period);
                format!("{} {year:02}", month.get(..3).unwrap_or(&month))
            }
            (Freq::Q, _) => format!("Q{}/{year:02}", period.position()),
            (Freq::A, _) => period.year().to_string(),
        }
    }

    /// A window: its period if it is one, else its first and last day.
    pub fn window(self, from: Second, to: Second) -> String {
        let (first, last) = (moment(from).date(), moment(to.saturating_sub(1)).date());
        let midnight = |day: NaiveDate| crate::cases::second(Moment::midnight(day));
        for freq in [Freq::A, Freq::Q, Freq::M] {
            let period = Period::of_date(freq, first);
            let is_whole = period.first_day() == first && period.last_day() == last;
            if is_whole && midnight(first) == from && last.succ_opt().is_some_and(|after| midnight(after) == to) {
                return self.period(period);
            }
        }
        match self.0 {
            _ if first == last => self.day(last),
            Language::Vi if first.year() == last.year() => {
                format!("{}/{} – {}", first.day(), first.month(), self.day(last))
            }
            Language::En if first.year() == last.year() => {
                let without_year = self.day(first).replace(&format!(" {}", first.year()), "");
                format!("{without_year} – {}", self.day(last))
            }
            _ => format!("{} – {}", self.day(first), self.day(last)),
        }
    }

    /// What the codes of an axis are, inside a sentence.
    pub fn unit(self, axis: Axis) -> &'static str {
        let (vi, en) = match axis {
            Axis::District => ("quận, huyện", "district"),
            Axis::Ward => ("phường, xã", "ward"),
            Axis::Org => ("đơn vị xử lý", "authority"),
            Axis::Category => ("lĩnh vực", "category"),
            Axis::Channel => ("kênh tiếp nhận", "channel"),
            Axis::Week => ("tuần", "week"),
            Axis::Month => ("tháng", "month"),
            Axis::Day => ("ngày", "day"),
            Axis::AgeBand => ("thời gian chờ", "age"),
            Axis::Total => ("thành phố", "city"),
        };
        match self.0 {
            Language::Vi => vi,
            Language::En => en,
        }
    }

    /// The same, several of them.
    pub fn units(self, axis: Axis) -> String {
        match (self.0, self.unit(axis)) {
            (Language::Vi, unit) => unit.to_owned(),
            (Language::En, unit) => match unit.strip_suffix('y') {
                Some(stem) if unit != "day" => format!("{stem}ies"),
                _ => format!("{unit}s"),
            },
        }
    }
}

/// "Tháng" -> "tháng".
pub(super) fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// "quận" -> "Quận".
pub(super) fn upper_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::second;

    const VI: Words = Words(Language::Vi);
    const EN: Words = Words(Language::En);

    fn sec(text: &str) -> Second {
        second(Moment::from_local(text.parse().unwrap()))
    }

    #[test]
    fn a_share_says_neither_all_nor_nothing_unless_it_is() {
        let texts =
            [0.0, 0.0004, 0.0499, 0.112, 0.996, 0.9996, 1.0].map(|share| VI.percent(share).replace('\u{a0}', " "));
        assert_eq!(texts, ["0 %", "dưới 0,1 %", "5,0 %", "11 %", "99,6 %", "trên 99,9 %", "100 %"]);
    }

    #[test]
    fn times_are_whole_and_say_on_which_side() {
        let texts = [1.9, 1.97, 6.0, 6.36, 6.8].map(|ratio| VI.times(ratio));
        let words = ["gấp 2 lần", "gấp 6 lần", "gấp hơn 6 lần", "gấp gần 7 lần"].map(|t| Some(t.to_owned()));
        assert_eq!(texts[0], None);
        assert_eq!(texts[1..], words);
        assert_eq!(EN.times(6.36).unwrap(), "more than 6 times");
    }

    #[test]
    fn a_window_that_is_a_period_is_called_so() {
        let window = |words: Words, from: &str, to: &str| words.window(sec(from), sec(to));
        assert_eq!(window(VI, "2022-05-01T00:00:00", "2022-06-01T00:00:00"), "tháng 5/2022");
        assert_eq!(window(EN, "2022-04-01T00:00:00", "2022-07-01T00:00:00"), "Q2 2022");
        assert_eq!(window(VI, "2022-01-01T00:00:00", "2022-05-25T12:00:01"), "1/1 – 25/5/2022");
        assert_eq!(window(EN, "2022-01-01T00:00:00", "2022-05-25T12:00:01"), "1 January – 25 May 2022");
        assert_eq!(window(EN, "2021-12-01T00:00:00", "2022-05-25T12:00:01"), "1 December 2021 – 25 May 2022");
        // Cut before its last day is over, a month is not whole.
        assert_eq!(window(VI, "2022-05-01T00:00:00", "2022-05-31T12:00:00"), "1/5 – 31/5/2022");
    }
}
