//! Patterns over headers, titles, sheet names and file names: `*` is any run of characters, `{month}` and its kin read
//! a part of a period or date. Letters match without case, and spaces and line breaks count as one space.
//!
//! Not regular expressions: the person who writes a mapping copies the header from the sheet and replaces the parts
//! that change.
//!
//! ```
//! use toancanh::feed::mapping::pattern::Pattern;
//! let pattern: Pattern = "Tháng {month} năm {year} so với*".parse().unwrap();
//! let found = pattern.read("Tháng 5\nnăm 2024  so với\ncùng kỳ").unwrap();
//! assert_eq!((found.month, found.year), (Some(5), Some(2024)));
//! ```

use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer};

use super::label;
use crate::domain::text::read_date;

/// What a pattern read out of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Captures {
    /// `{year}`: four digits.
    pub year: Option<i32>,
    /// `{quarter}`: 1 to 4, or I to IV.
    pub quarter: Option<i32>,
    /// `{month}`: 1 to 12.
    pub month: Option<i32>,
    /// `{ytd}`: the number of months since January that a figure covers ("5 tháng"), 1 to 12.
    pub ytd: Option<i32>,
    /// `{date}`: 2024-05-29, 20240529, 29/5/2024, 29-5-2024 or 29.5.2024.
    pub date: Option<NaiveDate>,
    /// `{base_year}`: year of the month compared with.
    pub base_year: Option<i32>,
    /// `{base_month}`: the month compared with.
    pub base_month: Option<i32>,
}

impl Captures {
    /// These, with what is missing taken from `other`.
    pub fn or(self, other: Captures) -> Self {
        Self {
            year: self.year.or(other.year),
            quarter: self.quarter.or(other.quarter),
            month: self.month.or(other.month),
            ytd: self.ytd.or(other.ytd),
            date: self.date.or(other.date),
            base_year: self.base_year.or(other.base_year),
            base_month: self.base_month.or(other.base_month),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Year,
    Quarter,
    Month,
    Ytd,
    Date,
    BaseYear,
    BaseMonth,
}

impl Part {
    const ALL: [(&'static str, Part); 7] = [
        ("year", Part::Year),
        ("quarter", Part::Quarter),
        ("month", Part::Month),
        ("ytd", Part::Ytd),
        ("date", Part::Date),
        ("base_year", Part::BaseYear),
        ("base_month", Part::BaseMonth),
    ];

    /// The readings of a prefix of `text`, longest first: length in bytes and what was read.
    fn readings(self, text: &str) -> Vec<(usize, Captures)> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let number = |len: usize, range: std::ops::RangeInclusive<i32>| -> Option<i32> {
            (len <= digits).then(|| text[..len].parse().ok()).flatten().filter(|n| range.contains(n))
        };
        let months = || [2, 1].into_iter().filter_map(|len| number(len, 1..=12).map(|n| (len, n)));
        let years = || number(4, 1900..=2199).into_iter();
        let none = Captures::default();
        match self {
            Part::Year => years().map(|y| (4, Captures { year: Some(y), ..none })).collect(),
            Part::BaseYear => years().map(|y| (4, Captures { base_year: Some(y), ..none })).collect(),
            Part::Month => months().map(|(len, m)| (len, Captures { month: Some(m), ..none })).collect(),
            Part::BaseMonth => months().map(|(len, m)| (len, Captures { base_month: Some(m), ..none })).collect(),
            Part::Ytd => months().map(|(len, m)| (len, Captures { ytd: Some(m), ..none })).collect(),
            Part::Quarter => {
                let roman = [("iii", 3), ("iv", 4), ("ii", 2), ("i", 1)];
                let roman = roman.into_iter().filter(|(r, _)| text.starts_with(r)).map(|(r, q)| (r.len(), q));
                let arabic = number(1, 1..=4).map(|q| (1, q));
                roman.chain(arabic).map(|(len, q)| (len, Captures { quarter: Some(q), ..none })).collect()
            }
            Part::Date => {
                let lengths = (8..=10).rev();
                lengths
                    .filter_map(|len| Some((len, read_date(text.get(..len)?).ok()?)))
                    .map(|(len, day)| (len, Captures { date: Some(day), ..none }))
                    .collect()
            }
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Literal(String),
    Any,
    Part(Part),
}

/// A pattern; it always matches a text as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    tokens: Vec<Token>,
    written: String,
}

/// A pattern that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// Nothing in it.
    #[error("the pattern is empty")]
    Empty,
    /// `{` without `}`.
    #[error("the pattern \"{0}\" has a {{ without its }}")]
    Open(String),
    /// Not one of the parts.
    #[error(
        "unknown part {{{0}}} in a pattern, expected one of year, quarter, month, ytd, date, base_year, base_month"
    )]
    Part(String),
}

impl FromStr for Pattern {
    type Err = PatternError;

    fn from_str(written: &str) -> Result<Self, PatternError> {
        let text = label::spaced(written);
        if text.is_empty() {
            return Err(PatternError::Empty);
        }
        let mut tokens = Vec::new();
        let mut rest = text.as_str();
        while let Some(at) = rest.find(['*', '{']) {
            if at > 0 {
                tokens.push(Token::Literal(rest[..at].to_owned()));
            }
            if rest[at..].starts_with('*') {
                tokens.push(Token::Any);
                rest = &rest[at + 1..];
                continue;
            }
            let end = rest[at..].find('}').ok_or_else(|| PatternError::Open(written.to_owned()))? + at;
            let name = rest[at + 1..end].trim();
            let part = Part::ALL.into_iter().find(|(n, _)| *n == name);
            tokens.push(Token::Part(part.ok_or_else(|| PatternError::Part(name.to_owned()))?.1));
            rest = &rest[end + 1..];
        }
        if !rest.is_empty() {
            tokens.push(Token::Literal(rest.to_owned()));
        }
        Ok(Self { tokens, written: written.to_owned() })
    }
}

impl Pattern {
    /// What the pattern reads out of a text, `None` when it does not match.
    pub fn read(&self, text: &str) -> Option<Captures> {
        let text = label::spaced(text);
        let mut failed = vec![false; (self.tokens.len() + 1) * (text.len() + 1)];
        self.read_from(0, &text, 0, &mut failed)
    }

    /// Whether the pattern matches.
    pub fn matches(&self, text: &str) -> bool {
        self.read(text).is_some()
    }

    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// Matches the tokens from `token` on against the text from byte `at` on. Dead ends are remembered, so that the
    /// work is bounded by tokens x length whatever a file holds.
    fn read_from(&self, token: usize, text: &str, at: usize, failed: &mut [bool]) -> Option<Captures> {
        let Some(first) = self.tokens.get(token) else {
            return (at == text.len()).then(Captures::default);
        };
        let slot = token * (text.len() + 1) + at;
        if failed[slot] {
            return None;
        }
        let rest = &text[at..];
        let found = match first {
            Token::Literal(literal) => rest
                .starts_with(literal.as_str())
                .then(|| self.read_from(token + 1, text, at + literal.len(), failed))
                .flatten(),
            Token::Any => {
                let ends = rest.char_indices().map(|(i, _)| at + i).chain([text.len()]);
                ends.into_iter().find_map(|end| self.read_from(token + 1, text, end, failed))
            }
            Token::Part(part) => part.readings(rest).into_iter().find_map(|(len, captures)| {
                self.read_from(token + 1, text, at + len, failed).map(|more| captures.or(more))
            }),
        };
        failed[slot] = found.is_none();
        found
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The first pattern that matches, with what it read.
pub(super) fn first_match(patterns: &[Pattern], text: &str) -> Option<Captures> {
    patterns.iter().find_map(|p| p.read(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pattern: &str, text: &str) -> Option<Captures> {
        pattern.parse::<Pattern>().unwrap().read(text)
    }

    fn day(y: i32, m: u32, d: u32) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(y, m, d)
    }

    #[test]
    fn reads_the_headers_of_three_years() {
        let found =
            read("{ytd} tháng năm {year} so với cùng kỳ*", "5 tháng năm\n2014 so với\ncùng kỳ\nnăm 2013").unwrap();
        assert_eq!((found.ytd, found.year, found.month), (Some(5), Some(2014), None));
        let found = read("quý {quarter} năm {year}*", "Quý III năm 2023 so với cùng kỳ").unwrap();
        assert_eq!((found.quarter, found.year), (Some(3), Some(2023)));
        let text = "Tháng 3 năm 2023 so với: Tháng 12 năm 2022";
        let found = read("*tháng {month} năm {year} so với: tháng {base_month} năm {base_year}", text).unwrap();
        assert_eq!(
            (found.month, found.year, found.base_month, found.base_year),
            (Some(3), Some(2023), Some(12), Some(2022))
        );
        assert_eq!(read("tháng {month} năm {year}", "Tháng 13 năm 2023"), None);
        assert_eq!(read("tháng {month}", "Tháng 5 năm 2023"), None, "a pattern matches as a whole");
    }

    #[test]
    fn reads_dates_and_months_of_file_names() {
        assert_eq!(read("{date}*", "2023-03-29-02-Bieu-T3.2023-3.xlsx").unwrap().date, day(2023, 3, 29));
        assert_eq!(read("*-{date}.csv", "so_lieu-20240529.CSV").unwrap().date, day(2024, 5, 29));
        assert_eq!(read("ngày {date}", "Ngày 9/5/2024").unwrap().date, day(2024, 5, 9));
        assert_eq!(read("*t{month}.{year}*", "2023-03-29-02-Bieu-T3.2023-3.xlsx").unwrap().month, Some(3));
        assert_eq!(read("{date}", "31/02/2024"), None);
    }

    #[test]
    fn many_stars_stay_cheap() {
        let long = "a".repeat(4_000);
        assert_eq!(read("*a*a*a*a*a*a*a*a*b", &long), None);
    }

    #[test]
    fn says_what_is_wrong_with_a_pattern() {
        assert_eq!("  ".parse::<Pattern>(), Err(PatternError::Empty));
        assert_eq!("{monht}".parse::<Pattern>(), Err(PatternError::Part("monht".to_owned())));
        assert_eq!("T{month".parse::<Pattern>(), Err(PatternError::Open("T{month".to_owned())));
    }
}
