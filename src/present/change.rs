//! Changes: a figure against another, as it is published, with a verdict that follows the indicator's direction.

use super::number::{bare, signed};
use super::{Language, pick};
use crate::analytics::growth::{Growth, growth};
use crate::domain::{Direction, Indicator, Unit};

/// What a figure is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// The period before.
    Previous,
    /// The same period of last year.
    YearAgo,
    /// December of last year.
    December,
}

impl Base {
    /// "so cùng kỳ".
    pub fn words(self, language: Language) -> &'static str {
        match self {
            Base::Previous => pick(language, "so kỳ trước", "on previous period"),
            Base::YearAgo => pick(language, "so cùng kỳ", "on last year"),
            Base::December => pick(language, "so tháng 12", "since December"),
        }
    }
}

/// Whether a change is welcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// In the indicator's direction.
    Good,
    /// Against it.
    Bad,
    /// The indicator has no direction, or nothing changed.
    Plain,
}

impl Verdict {
    /// The class of the style sheet.
    pub fn class(self) -> &'static str {
        match self {
            Verdict::Good => "good",
            Verdict::Bad => "bad",
            Verdict::Plain => "plain",
        }
    }
}

/// A change ready to be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The change in its own unit: percent, or points.
    pub size: Growth,
    /// Whether it is welcome.
    pub verdict: Verdict,
    /// Unit of points: "điểm %", or the unit of a rate that is not a percentage.
    points_unit: String,
    decimals: usize,
}

impl Change {
    /// The change of a value over a base; `None` where there is none ("n/a": a base of zero or less).
    pub fn of(value: f64, base: f64, indicator: &Indicator, unit: &Unit, language: Language) -> Option<Change> {
        let size = growth(value, base, unit.rate)?;
        let (amount, decimals) = match size {
            Growth::Percent(p) => (p, 1),
            Growth::Points(p) => (p, usize::from(indicator.decimals).clamp(1, 2)),
        };
        let points_unit = match unit.code.as_str() {
            "percent" => pick(language, "điểm %", "pp").to_owned(),
            "per_mille" => pick(language, "điểm ‰", "per-mille points").to_owned(),
            _ => super::unit_label(unit, language).to_owned(),
        };
        let verdict = verdict(rounded(amount, decimals), indicator.direction);
        Some(Change { size, verdict, points_unit, decimals })
    }

    /// The change as a number, in percent or points.
    pub fn amount(&self) -> f64 {
        match self.size {
            Growth::Percent(p) | Growth::Points(p) => p,
        }
    }

    /// ▲ up, ▼ down, → unchanged: the way of the figure, not whether it is good.
    pub fn arrow(&self) -> &'static str {
        match rounded(self.amount(), self.decimals) {
            r if r > 0.0 => "▲",
            r if r < 0.0 => "▼",
            _ => "→",
        }
    }

    fn unit(&self) -> &str {
        match self.size {
            Growth::Percent(_) => "%",
            Growth::Points(_) => &self.points_unit,
        }
    }

    /// `+9,0 %`, `−0,4 điểm %`.
    pub fn text(&self, language: Language) -> String {
        format!("{}\u{a0}{}", signed(self.amount(), self.decimals, language), self.unit())
    }

    /// "tăng 9,0 %", "giảm 0,4 điểm %", "không đổi".
    pub fn spoken(&self, language: Language) -> String {
        let amount = rounded(self.amount(), self.decimals);
        if amount == 0.0 {
            return pick(language, "không đổi", "unchanged").to_owned();
        }
        let verb = if amount > 0.0 { pick(language, "tăng", "up") } else { pick(language, "giảm", "down") };
        format!("{verb} {}\u{a0}{}", bare(self.amount().abs(), self.decimals, language), self.unit())
    }
}

fn rounded(value: f64, decimals: usize) -> f64 {
    let factor = 10f64.powi(decimals as i32);
    (value * factor).round() / factor
}

fn verdict(amount: f64, direction: Direction) -> Verdict {
    match direction {
        Direction::Neutral => Verdict::Plain,
        Direction::HigherBetter if amount > 0.0 => Verdict::Good,
        Direction::HigherBetter if amount < 0.0 => Verdict::Bad,
        Direction::LowerBetter if amount < 0.0 => Verdict::Good,
        Direction::LowerBetter if amount > 0.0 => Verdict::Bad,
        Direction::HigherBetter | Direction::LowerBetter => Verdict::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::fixture;

    fn change(value: f64, base: f64, direction: Direction, rate: bool) -> Change {
        let (mut indicator, mut unit) = fixture::indicator();
        indicator.direction = direction;
        unit.rate = rate;
        Change::of(value, base, &indicator, &unit, Language::Vi).unwrap()
    }

    #[test]
    fn colour_follows_the_direction_and_the_arrow_the_figure() {
        let up = change(109.0, 100.0, Direction::HigherBetter, false);
        assert_eq!((up.arrow(), up.verdict, up.text(Language::Vi).as_str()), ("▲", Verdict::Good, "+9,0\u{a0}%"));
        let up = change(109.0, 100.0, Direction::LowerBetter, false);
        assert_eq!((up.arrow(), up.verdict), ("▲", Verdict::Bad));
        let down = change(91.0, 100.0, Direction::LowerBetter, false);
        assert_eq!(
            (down.arrow(), down.verdict, down.spoken(Language::Vi).as_str()),
            ("▼", Verdict::Good, "giảm 9,0\u{a0}%")
        );
        assert_eq!(change(109.0, 100.0, Direction::Neutral, false).verdict, Verdict::Plain);
    }

    #[test]
    fn rates_change_by_points_and_nothing_is_nothing() {
        let rate = change(4.5, 4.0, Direction::LowerBetter, true);
        assert_eq!((rate.text(Language::Vi).as_str(), rate.verdict), ("+0,50\u{a0}điểm %", Verdict::Bad));
        let still = change(100.01, 100.0, Direction::HigherBetter, false);
        assert_eq!(
            (still.arrow(), still.verdict, still.spoken(Language::Vi).as_str()),
            ("→", Verdict::Plain, "không đổi")
        );
    }
}
