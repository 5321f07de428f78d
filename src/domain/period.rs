//! Periods: a frequency and a position on it, never a timestamp.
//!
//! `2022-05`, `2022-Q2` and `2022` are the canonical forms (SDMX). Which instants a period covers depends on the
//! calendar of the feed ([`PeriodCalendar`]): the calendar month, the administrative month from the 15th to the 14th
//! (Decree 09/2019), or 1022's month from noon of the 25th to noon of the 25th. Vietnamese labels such as `T5/2022`
//! are read by [`crate::domain::text`].
//!
//! ```
//! use toancanh::domain::{Freq, Period};
//! let may: Period = "2022-05".parse().unwrap();
//! assert_eq!(may.to_freq(Freq::Q).unwrap().to_string(), "2022-Q2");
//! assert_eq!(may.year_ago().to_string(), "2021-05");
//! ```

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Frequency of a period, from fine to coarse: `M < Q < A`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Freq {
    /// Month.
    M,
    /// Quarter.
    Q,
    /// Year.
    A,
}

impl Freq {
    /// All frequencies, fine to coarse.
    pub const ALL: [Freq; 3] = [Freq::M, Freq::Q, Freq::A];

    /// Months in one period of this frequency.
    pub fn months(self) -> i32 {
        match self {
            Freq::M => 1,
            Freq::Q => 3,
            Freq::A => 12,
        }
    }

    /// Periods of this frequency in a year.
    pub fn per_year(self) -> i32 {
        12 / self.months()
    }

    /// The SDMX letter.
    pub fn as_str(self) -> &'static str {
        match self {
            Freq::M => "M",
            Freq::Q => "Q",
            Freq::A => "A",
        }
    }
}

impl fmt::Display for Freq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A frequency or period that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// Not one of `M`, `Q`, `A`.
    #[error("unknown frequency \"{0}\"")]
    Freq(String),
    /// Not one of the three canonical forms.
    #[error("unknown period \"{0}\"")]
    Period(String),
    /// Month outside 1..=12, quarter outside 1..=4 or year outside 1..=9999.
    #[error("{field} {value} is out of range")]
    Range {
        /// `year`, `quarter` or `month`.
        field: &'static str,
        /// The value given.
        value: i32,
    },
}

impl FromStr for Freq {
    type Err = PeriodError;
    fn from_str(s: &str) -> Result<Self, PeriodError> {
        match s.trim() {
            "M" | "m" => Ok(Freq::M),
            "Q" | "q" => Ok(Freq::Q),
            "A" | "a" | "Y" | "y" => Ok(Freq::A),
            other => Err(PeriodError::Freq(other.to_owned())),
        }
    }
}

/// One month, quarter or year.
///
/// # Comparisons
/// Ordered by first month, then from fine to coarse, so that `2022-01 < 2022-Q1 < 2022 < 2022-02`.
///
/// # Arithmetic
/// [`Period::offset`] moves by periods of the same frequency, [`Period::year_ago`] by a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    freq: Freq,
    /// Periods since year 0 at this frequency: `year * per_year + (position - 1)`.
    index: i32,
}

impl PartialOrd for Period {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Period {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.first_month(), self.freq).cmp(&(other.first_month(), other.freq))
    }
}

impl Period {
    /// A month; `month` is 1..=12.
    pub fn month(year: i32, month: i32) -> Result<Self, PeriodError> {
        Self::checked(Freq::M, year, month, "month")
    }

    /// A quarter; `quarter` is 1..=4.
    pub fn quarter(year: i32, quarter: i32) -> Result<Self, PeriodError> {
        Self::checked(Freq::Q, year, quarter, "quarter")
    }

    /// A year.
    pub fn year_of(year: i32) -> Result<Self, PeriodError> {
        Self::checked(Freq::A, year, 1, "year")
    }

    fn checked(freq: Freq, year: i32, position: i32, field: &'static str) -> Result<Self, PeriodError> {
        if !(1..=9999).contains(&year) {
            return Err(PeriodError::Range { field: "year", value: year });
        }
        if !(1..=freq.per_year()).contains(&position) {
            return Err(PeriodError::Range { field, value: position });
        }
        Ok(Self { freq, index: year * freq.per_year() + position - 1 })
    }

    /// The period with this index (see [`Period::index`]). Used by dense arrays; the index is trusted.
    pub fn from_index(freq: Freq, index: i32) -> Self {
        Self { freq, index }
    }

    /// Periods since year 0 at this frequency.
    pub fn index(self) -> i32 {
        self.index
    }

    /// The frequency.
    pub fn freq(self) -> Freq {
        self.freq
    }

    /// The calendar year.
    pub fn year(self) -> i32 {
        self.index.div_euclid(self.freq.per_year())
    }

    /// Position in the year, from 1: month, quarter, or 1 for a year.
    pub fn position(self) -> i32 {
        self.index.rem_euclid(self.freq.per_year()) + 1
    }

    /// Month index (since year 0) of the first month.
    pub fn first_month(self) -> i32 {
        self.index * self.freq.months()
    }

    /// Month index (since year 0) of the last month.
    pub fn last_month(self) -> i32 {
        self.first_month() + self.freq.months() - 1
    }

    /// The period `n` steps later (earlier when negative) at the same frequency.
    pub fn offset(self, n: i32) -> Self {
        Self { freq: self.freq, index: self.index + n }
    }

    /// The same period one year earlier.
    pub fn year_ago(self) -> Self {
        self.offset(-self.freq.per_year())
    }

    /// The period of a coarser or equal frequency that contains this one; `None` for a finer frequency.
    pub fn to_freq(self, freq: Freq) -> Option<Self> {
        (freq >= self.freq).then(|| Self { freq, index: self.first_month().div_euclid(freq.months()) })
    }

    /// The periods of a finer or equal frequency inside this one, in order; empty for a coarser frequency.
    pub fn children(self, freq: Freq) -> impl Iterator<Item = Period> + Clone {
        let n = if freq > self.freq { 0 } else { self.freq.months() / freq.months() };
        let first = self.first_month().div_euclid(freq.months());
        (0..n).map(move |i| Period { freq, index: first + i })
    }

    /// First calendar day.
    pub fn first_day(self) -> NaiveDate {
        first_day_of(self.first_month())
    }

    /// Last calendar day.
    pub fn last_day(self) -> NaiveDate {
        first_day_of(self.last_month() + 1) - Days::new(1)
    }

    /// The period of `freq` that contains a calendar day.
    pub fn of_date(freq: Freq, day: NaiveDate) -> Self {
        let month = day.year() * 12 + day.month0() as i32;
        Self { freq, index: month.div_euclid(freq.months()) }
    }
}

fn first_day_of(month_index: i32) -> NaiveDate {
    let (year, month) = (month_index.div_euclid(12), month_index.rem_euclid(12) as u32 + 1);
    NaiveDate::from_ymd_opt(year, month, 1).expect("years 1..=9999 have every month")
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.freq {
            Freq::M => write!(f, "{:04}-{:02}", self.year(), self.position()),
            Freq::Q => write!(f, "{:04}-Q{}", self.year(), self.position()),
            Freq::A => write!(f, "{:04}", self.year()),
        }
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    /// Reads the canonical forms only: `2022-05`, `2022-Q2`, `2022`.
    fn from_str(s: &str) -> Result<Self, PeriodError> {
        let unknown = || PeriodError::Period(s.to_owned());
        let digits = |t: &str, len: usize| -> Option<i32> {
            (t.len() == len && t.bytes().all(|b| b.is_ascii_digit())).then(|| t.parse().ok()).flatten()
        };
        match s.split_once('-') {
            None => Self::year_of(digits(s, 4).ok_or_else(unknown)?),
            Some((year, rest)) => {
                let year = digits(year, 4).ok_or_else(unknown)?;
                match rest.strip_prefix('Q') {
                    Some(q) => Self::quarter(year, digits(q, 1).ok_or_else(unknown)?),
                    None => Self::month(year, digits(rest, 2).ok_or_else(unknown)?),
                }
            }
        }
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Which instants a period covers, in the city's local time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum PeriodCalendar {
    /// 1st 00:00 to the next 1st 00:00.
    #[default]
    Month,
    /// 15th of the previous month 00:00 to the 15th 00:00 (Decree 09/2019: "15th to 14th").
    MidMonth,
    /// Noon of the previous 25th to noon of the 25th (1022's month).
    Noon25,
}

impl PeriodCalendar {
    /// Start (inclusive) and end (exclusive) in local time.
    pub fn bounds(self, period: Period) -> (NaiveDateTime, NaiveDateTime) {
        let first = period.first_day();
        let after = period.last_day() + Days::new(1);
        (self.shift(first), self.shift(after))
    }

    /// The boundary that this calendar uses instead of the first of a month.
    fn shift(self, first_of_month: NaiveDate) -> NaiveDateTime {
        match self {
            PeriodCalendar::Month => first_of_month.and_time(NaiveTime::MIN),
            PeriodCalendar::MidMonth => (first_of_month - Months::new(1) + Days::new(14)).and_time(NaiveTime::MIN),
            PeriodCalendar::Noon25 => {
                (first_of_month - Months::new(1) + Days::new(24)).and_time(NaiveTime::MIN)
                    + chrono::TimeDelta::hours(12)
            }
        }
    }

    /// The period of `freq` that an instant of local time falls in.
    pub fn period_of(self, freq: Freq, at: NaiveDateTime) -> Period {
        let guess = Period::of_date(Freq::M, at.date());
        let month = [guess, guess.offset(1)]
            .into_iter()
            .find(|p| {
                let (from, to) = self.bounds(*p);
                from <= at && at < to
            })
            .expect("a boundary is at most one month before the first");
        month.to_freq(freq).expect("every frequency is at least a month")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_and_prints_the_canonical_forms() {
        for text in ["2022-05", "2022-Q2", "2022"] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
        }
        for bad in ["2022-13", "2022-00", "2022-Q5", "22", "2022-5", "2022/05", "+022", ""] {
            assert!(bad.parse::<Period>().is_err(), "{bad}");
        }
    }

    #[test]
    fn calendars_bound_the_same_month_differently() {
        let may = Period::month(2022, 5).unwrap();
        let text = |c: PeriodCalendar| {
            let (from, to) = c.bounds(may);
            format!("{from} {to}")
        };
        assert_eq!(text(PeriodCalendar::Month), "2022-05-01 00:00:00 2022-06-01 00:00:00");
        assert_eq!(text(PeriodCalendar::MidMonth), "2022-04-15 00:00:00 2022-05-15 00:00:00");
        assert_eq!(text(PeriodCalendar::Noon25), "2022-04-25 12:00:00 2022-05-25 12:00:00");
    }

    #[test]
    fn a_period_is_text_on_the_wire() {
        let may = Period::month(2022, 5).unwrap();
        assert_eq!(serde_json::to_string(&may).unwrap(), "\"2022-05\"");
        assert_eq!(serde_json::from_str::<Period>("\"2022-Q2\"").unwrap(), Period::quarter(2022, 2).unwrap());
        assert!(serde_json::from_str::<Period>("2022").is_err());
    }

    #[test]
    fn order_is_by_start_then_from_fine_to_coarse() {
        let ordered = ["2021", "2022-01", "2022-Q1", "2022", "2022-02", "2022-04", "2022-Q2"];
        let mut sorted: Vec<Period> = ordered.iter().rev().map(|t| t.parse().unwrap()).collect();
        sorted.sort();
        assert_eq!(sorted.iter().map(Period::to_string).collect::<Vec<_>>(), ordered);
    }

    #[test]
    fn steps_cross_the_new_year() {
        let p = |t: &str| t.parse::<Period>().unwrap();
        assert_eq!(p("2022-01").offset(-1), p("2021-12"));
        assert_eq!(p("2021-Q4").offset(1), p("2022-Q1"));
        assert_eq!(p("2022-Q1").year_ago(), p("2021-Q1"));
        assert_eq!(p("2022").year_ago(), p("2021"));
        assert_eq!(p("2024-02").last_day().to_string(), "2024-02-29");
        assert_eq!((p("2022-Q4").first_day().to_string(), p("2022-Q4").last_month() % 12), ("2022-10-01".into(), 11));
        assert_eq!(p("2022").to_freq(Freq::M), None);
        assert_eq!(p("2022-05").children(Freq::Q).count(), 0);
    }

    #[test]
    fn quarters_and_years_of_a_calendar_start_where_its_months_do() {
        let bounds = |c: PeriodCalendar, t: &str| {
            let (from, to) = c.bounds(t.parse().unwrap());
            format!("{from} {to}")
        };
        assert_eq!(bounds(PeriodCalendar::MidMonth, "2022-Q2"), "2022-03-15 00:00:00 2022-06-15 00:00:00");
        assert_eq!(bounds(PeriodCalendar::Noon25, "2022"), "2021-12-25 12:00:00 2022-12-25 12:00:00");
        let month_of = |c: PeriodCalendar, t: &str| c.period_of(Freq::M, t.parse().unwrap()).to_string();
        assert_eq!(month_of(PeriodCalendar::Noon25, "2022-05-25T11:59:59"), "2022-05");
        assert_eq!(month_of(PeriodCalendar::Noon25, "2022-05-25T12:00:00"), "2022-06");
        assert_eq!(month_of(PeriodCalendar::MidMonth, "2021-12-15T00:00:00"), "2022-01");
        assert_eq!(month_of(PeriodCalendar::Month, "2021-12-31T23:59:59"), "2021-12");
    }

    proptest! {
        #[test]
        fn parse_is_the_inverse_of_print(month in 24..119_000i32, which in 0usize..3) {
            let period = Period::from_index(Freq::M, month).to_freq(Freq::ALL[which]).unwrap();
            prop_assert_eq!(period.to_string().parse::<Period>().unwrap(), period);
        }

        #[test]
        fn an_instant_is_inside_its_period(secs in 0i64..4_000_000_000, which in 0usize..3) {
            let at = chrono::DateTime::from_timestamp(secs, 0).unwrap().naive_utc();
            for calendar in [PeriodCalendar::Month, PeriodCalendar::MidMonth, PeriodCalendar::Noon25] {
                let period = calendar.period_of(Freq::ALL[which], at);
                let (from, to) = calendar.bounds(period);
                prop_assert!(from <= at && at < to);
            }
        }

        #[test]
        fn children_tile_the_parent(year in 1900i32..2100, which in 0usize..3) {
            let parent = Period::year_of(year).unwrap();
            let children: Vec<_> = parent.children(Freq::ALL[which]).collect();
            prop_assert_eq!(children[0].first_day(), parent.first_day());
            prop_assert_eq!(children.last().unwrap().last_day(), parent.last_day());
            prop_assert!(children.iter().all(|c| c.to_freq(Freq::A) == Some(parent)));
        }
    }
}
