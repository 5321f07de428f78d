//! Time points as statistical offices write them: `2022M05`, `2022Q2`, `2022-Q2`, `2022K2`, `1Q2022`, `202205`, `2022`,
//! `May 2022`; and as Vietnamese tables write them (by [`crate::domain::text`]). Half-years, weeks and days are time
//! points, but not periods of this engine.

use crate::domain::period::PeriodError;
use crate::domain::text::read_period;
use crate::domain::{ObsStatus, Period};

/// Longest label worth looking at, in bytes.
const MAX_LABEL: usize = 80;

/// Months by their first three letters in English.
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Reads a label as a month, quarter or year; `None` for anything else.
pub fn read_time(label: &str) -> Option<Period> {
    let label = label.trim();
    if label.is_empty() || label.len() > MAX_LABEL {
        return None;
    }
    let words: Vec<&str> = label.split(|c: char| c == '-' || c == '/' || c.is_whitespace()).collect();
    match words.as_slice() {
        [word] => read_word(word),
        [year, rest] if four_digits(year).is_some() => read_part(four_digits(year)?, rest),
        [rest, year] if four_digits(year).is_some() => read_part(four_digits(year)?, rest),
        _ => None,
    }
}

/// Reads a label in any language, with the status that it gives its figures ("Ước tháng 5/2022" is an estimate, "Prel.
/// 2024" provisional). Cumulated months ("5 tháng 2022") are no period of their own and give `None`.
pub fn read_label(label: &str) -> Option<(Period, Option<ObsStatus>)> {
    match read_time(label) {
        Some(period) => Some((period, None)),
        None if label.trim().is_empty() || label.len() > MAX_LABEL => None,
        None => read_period(label, None).ok().filter(|l| !l.ytd).map(|l| (l.period, l.status)),
    }
}

/// How the TIMEVAL keyword of PC-Axis divides the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeUnit {
    /// `A1`.
    Year,
    /// `H1`.
    HalfYear,
    /// `Q1`.
    Quarter,
    /// `M1`.
    Month,
    /// `W1`.
    Week,
    /// `D1`.
    Day,
}

impl TimeUnit {
    /// The unit of a TLIST such as `M1`.
    pub fn from_tlist(word: &str) -> Option<Self> {
        match word.trim().to_ascii_uppercase().as_str() {
            "A1" => Some(TimeUnit::Year),
            "H1" => Some(TimeUnit::HalfYear),
            "Q1" => Some(TimeUnit::Quarter),
            "M1" => Some(TimeUnit::Month),
            "W1" => Some(TimeUnit::Week),
            "D1" => Some(TimeUnit::Day),
            _ => None,
        }
    }

    /// Reads a time point of this unit: `2022`, `20222`, `202205`, or any label that [`read_time`] knows.
    /// `Ok(None)` for units without a period.
    ///
    /// # Errors
    /// Text that is not a time point of this unit.
    pub fn read(self, text: &str) -> Result<Option<Period>, PeriodError> {
        let unreadable = || PeriodError::Period(text.to_owned());
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let bare = digits.len() == text.trim().len();
        let number = |range: std::ops::Range<usize>| digits.get(range).and_then(|s| s.parse::<i32>().ok());
        match (self, digits.len()) {
            (TimeUnit::Year, 4) if bare => Period::year_of(number(0..4).ok_or_else(unreadable)?).map(Some),
            (TimeUnit::Quarter, 5) => {
                let (year, quarter) = (number(0..4).ok_or_else(unreadable)?, number(4..5).ok_or_else(unreadable)?);
                Period::quarter(year, quarter).map(Some)
            }
            (TimeUnit::Month, 6) => {
                let (year, month) = (number(0..4).ok_or_else(unreadable)?, number(4..6).ok_or_else(unreadable)?);
                Period::month(year, month).map(Some)
            }
            (TimeUnit::HalfYear | TimeUnit::Week | TimeUnit::Day, 5..=8) => Ok(None),
            _ => Err(unreadable()),
        }
    }
}

fn four_digits(s: &str) -> Option<i32> {
    let plausible = s.len() == 4 && s.bytes().all(|b| b.is_ascii_digit());
    s.parse().ok().filter(|year| plausible && (1000..3000).contains(year))
}

/// One or two digits.
fn position(s: &str) -> Option<i32> {
    (matches!(s.len(), 1 | 2) && s.bytes().all(|b| b.is_ascii_digit())).then(|| s.parse().ok()).flatten()
}

/// A label without separators: `2022`, `202205`, `2022M05`, `2022Q2`, `2022K2`, `2022A1`, `1Q2022`.
fn read_word(word: &str) -> Option<Period> {
    if let Some(year) = four_digits(word) {
        return Period::year_of(year).ok();
    }
    if let Some(year) = word.get(..4).and_then(four_digits) {
        let rest = &word[4..];
        return match rest.len() {
            2 if rest.bytes().all(|b| b.is_ascii_digit()) => Period::month(year, position(rest)?).ok(),
            _ if rest.bytes().next()?.is_ascii_digit() => None,
            _ => read_part(year, rest),
        };
    }
    let year = word.len().checked_sub(4).and_then(|at| word.get(at..)).and_then(four_digits)?;
    let part = &word[..word.len() - 4];
    // "052022" would be a guess; "1Q2022", "Q12022" and "M052022" are not.
    if part.bytes().all(|b| b.is_ascii_digit()) { None } else { read_part(year, part) }
}

/// The part of a year: `05`, `M05`, `Q2`, `2Q`, `K2`, `A1`, `May`.
fn read_part(year: i32, part: &str) -> Option<Period> {
    let lower = part.to_ascii_lowercase();
    if let Some(month) = position(&lower) {
        return Period::month(year, month).ok();
    }
    if let Some(month) = month_of_name(&lower) {
        return Period::month(year, month).ok();
    }
    let letter = lower.trim_matches(|c: char| c.is_ascii_digit());
    let digits = lower.strip_prefix(letter).or_else(|| lower.strip_suffix(letter))?;
    let position = position(digits)?;
    match letter {
        "m" => Period::month(year, position).ok(),
        "q" | "k" => Period::quarter(year, position).ok(),
        "a" | "y" if position == 1 => Period::year_of(year).ok(),
        _ => None,
    }
}

/// `may`, `jan.`, `september`.
fn month_of_name(lower: &str) -> Option<i32> {
    let name = lower.trim_end_matches('.');
    let at = MONTHS.iter().position(|short| name.starts_with(short))?;
    let full = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ][at];
    (full.starts_with(name) && name.len() >= 3).then_some(at as i32 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_the_forms_of_statistical_offices() {
        let cases = [
            ("2022M05", "2022-05"),
            ("2022m5", "2022-05"),
            ("2022-05", "2022-05"),
            ("2022-M05", "2022-05"),
            ("202205", "2022-05"),
            ("05/2022", "2022-05"),
            ("2022 May", "2022-05"),
            ("Sept. 2021", "2021-09"),
            ("2022Q2", "2022-Q2"),
            ("2022-Q2", "2022-Q2"),
            ("2022K2", "2022-Q2"),
            ("2Q2022", "2022-Q2"),
            ("Q2 2022", "2022-Q2"),
            ("1Q2022", "2022-Q1"),
            ("2022", "2022"),
            ("2022A1", "2022"),
            ("2022-A1", "2022"),
        ];
        for (label, period) in cases {
            assert_eq!(read_time(label).map(|p| p.to_string()).as_deref(), Some(period), "{label}");
        }
        for other in ["2022M13", "2022Q5", "2022H1", "2022W05", "2022U19", "2022-05-25", "052022", "12", "Total", ""] {
            assert_eq!(read_time(other), None, "{other}");
        }
    }

    #[test]
    fn reads_vietnamese_labels_with_their_status() {
        let read = |label| read_label(label).map(|(period, status)| (period.to_string(), status));
        assert_eq!(read("Tháng 5/2022"), Some(("2022-05".to_owned(), None)));
        assert_eq!(read("Ước tháng 5 năm 2022"), Some(("2022-05".to_owned(), Some(ObsStatus::E))));
        assert_eq!(read("Prel. 2024"), Some(("2024".to_owned(), Some(ObsStatus::P))));
        assert_eq!(read("5 tháng năm 2022"), None);
    }

    #[test]
    fn a_tlist_unit_decides_what_digits_mean() {
        let read = |unit: TimeUnit, text| unit.read(text).map(|p| p.map(|p| p.to_string()));
        assert_eq!(read(TimeUnit::Quarter, "20221"), Ok(Some("2022-Q1".to_owned())));
        assert_eq!(read(TimeUnit::Quarter, "2022Q1"), Ok(Some("2022-Q1".to_owned())));
        assert_eq!(read(TimeUnit::Month, "202212"), Ok(Some("2022-12".to_owned())));
        assert_eq!(read(TimeUnit::Year, "2022"), Ok(Some("2022".to_owned())));
        assert_eq!(read(TimeUnit::Week, "202205"), Ok(None));
        assert!(read(TimeUnit::Year, "2022/23").is_err());
        assert!(read(TimeUnit::Month, "202213").is_err());
    }

    proptest! {
        #[test]
        fn never_panics(label in "\\PC{0,12}") {
            let _ = read_time(&label);
            let _ = TimeUnit::Month.read(&label);
        }
    }
}
