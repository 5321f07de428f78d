//! Period labels of Vietnamese tables, and their English forms: `Tháng 5/2022`, `QII/2022`, `5T/2022`, `Ước tháng 5`.
//!
//! "5 tháng" is the five months since January, not May: such labels carry `ytd`. A label says its status when it has a
//! word for it: "Ước" estimate, "Sơ bộ" provisional, "Chính thức" or "Thực hiện" official. "Năm học 2021-2022" belongs
//! to the year it starts in. Comparison headers ("so với cùng kỳ") are not periods and are refused.

mod print;
mod tokens;

pub use print::{label_en, label_vi, period_en, period_vi};

use crate::domain::{ObsStatus, Period};
use tokens::{Token, tokenize};

/// What a label says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeriodLabel {
    /// The period; with `ytd`, the last one of the cumulation.
    pub period: Period,
    /// Whether the figure covers everything from 1 January to the end of `period`. Never set on a year.
    pub ytd: bool,
    /// Status, if the label has a word for it.
    pub status: Option<ObsStatus>,
}

/// A label that is not a period, or not a whole one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PeriodLabelError {
    /// Not a period label.
    #[error("\"{0}\" is not a period")]
    Unreadable(String),
    /// "Tháng 5" without a year anywhere.
    #[error("\"{0}\" names no year")]
    NoYear(String),
    /// Month 13, quarter V, or a school year that does not end in the year after its start.
    #[error("\"{0}\" names a period that does not exist")]
    NoSuchPeriod(String),
}

/// Reads a label; `year` completes one that names none ("Ước tháng 5" in the workbook of 2022).
pub fn read_period(text: &str, year: Option<i32>) -> Result<PeriodLabel, PeriodLabelError> {
    let unreadable = || PeriodLabelError::Unreadable(text.trim().to_owned());
    let mut tokens = tokenize(text).ok_or_else(unreadable)?;
    let status = take_status(&mut tokens).ok_or_else(unreadable)?;
    let cumulative = take_cumulative(&mut tokens);
    let parts = read_parts(&tokens).ok_or_else(unreadable)?;
    let no_such = || PeriodLabelError::NoSuchPeriod(text.trim().to_owned());
    let named_year = |own: Option<i32>| own.or(year).ok_or_else(|| PeriodLabelError::NoYear(text.trim().to_owned()));
    let (period, since_january) = match parts {
        Parts::Month { month, year, since_january } => (Period::month(named_year(year)?, month), since_january),
        Parts::Quarter { quarter, year } => (Period::quarter(named_year(year)?, quarter), false),
        Parts::Year { year } => (Period::year_of(year), false),
        Parts::SchoolYear { from, to } if to == from + 1 => (Period::year_of(from), false),
        Parts::SchoolYear { .. } => return Err(no_such()),
    };
    let period = period.map_err(|_| no_such())?;
    let ytd = (cumulative || since_january) && period.freq() != crate::domain::Freq::A;
    Ok(PeriodLabel { period, ytd, status })
}

/// Removes the words of status. `None` if two words contradict each other.
fn take_status(tokens: &mut Vec<Token>) -> Option<Option<ObsStatus>> {
    const WORDS: [(&[&str], ObsStatus); 16] = [
        (&["uoc", "thuc", "hien"], ObsStatus::E),
        (&["uoc", "tinh"], ObsStatus::E),
        (&["uoc"], ObsStatus::E),
        (&["estimated"], ObsStatus::E),
        (&["estimate"], ObsStatus::E),
        (&["est"], ObsStatus::E),
        (&["so", "bo"], ObsStatus::P),
        (&["provisional"], ObsStatus::P),
        (&["preliminary"], ObsStatus::P),
        (&["prel"], ObsStatus::P),
        (&["chinh", "thuc"], ObsStatus::A),
        (&["thuc", "hien"], ObsStatus::A),
        (&["official"], ObsStatus::A),
        (&["actual"], ObsStatus::A),
        (&["du", "bao"], ObsStatus::F),
        (&["forecast"], ObsStatus::F),
    ];
    let mut found = None;
    for (words, status) in WORDS {
        while take_words(tokens, words) {
            if found.is_some_and(|f| f != status) {
                return None;
            }
            found = Some(status);
        }
    }
    Some(found)
}

/// Removes the words of cumulation ("Cộng dồn", "Lũy kế đến hết").
fn take_cumulative(tokens: &mut Vec<Token>) -> bool {
    const WORDS: [&[&str]; 7] = [
        &["cong", "don", "tu", "dau", "nam"],
        &["luy", "ke", "tu", "dau", "nam"],
        &["cong", "don"],
        &["luy", "ke"],
        &["tu", "dau", "nam"],
        &["year", "to"],
        &["cumulative"],
    ];
    let mut found = false;
    for words in WORDS {
        found |= take_words(tokens, words);
    }
    if found {
        for words in [&["den", "het"][..], &["den", "cuoi"], &["den"], &["het"]] {
            take_words(tokens, words);
        }
    }
    found
}

/// Removes the first run of these words; says whether there was one.
fn take_words(tokens: &mut Vec<Token>, words: &[&str]) -> bool {
    let matches = |run: &[Token]| run.iter().zip(words).all(|(t, w)| matches!(t, Token::Word(x) if x == w));
    let Some(at) = tokens.windows(words.len()).position(matches) else { return false };
    tokens.drain(at..at + words.len());
    true
}

/// The numbers of a label, before they are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Parts {
    Month { month: i32, year: Option<i32>, since_january: bool },
    Quarter { quarter: i32, year: Option<i32> },
    Year { year: i32 },
    SchoolYear { from: i32, to: i32 },
}

/// Reads what is left after status and cumulation; separators at the ends carry nothing.
fn read_parts(tokens: &[Token]) -> Option<Parts> {
    let tokens = bilingual_half(tokens)?;
    let readers = [read_school_year, read_since_january, read_marked, read_bare];
    readers.iter().find_map(|read| read(trim(tokens)))
}

/// "Sơ bộ 2023 - Prel. 2023" says one thing twice; the halves must agree.
fn bilingual_half(tokens: &[Token]) -> Option<&[Token]> {
    let middle = tokens.iter().position(|t| *t == Token::Separator('-'));
    if let Some(middle) = middle {
        let (left, right) = (trim(&tokens[..middle]), trim(&tokens[middle + 1..]));
        if !left.is_empty() && left == right && left.len() == 1 {
            return Some(left);
        }
    }
    Some(tokens)
}

fn trim(mut tokens: &[Token]) -> &[Token] {
    while let [Token::Separator(_), rest @ ..] = tokens {
        tokens = rest;
    }
    while let [rest @ .., Token::Separator(_)] = tokens {
        tokens = rest;
    }
    tokens
}

fn read_school_year(tokens: &[Token]) -> Option<Parts> {
    let [Token::Word(a), Token::Word(b), Token::Year(from), Token::Separator('-' | '/'), Token::Year(to)] = tokens
    else {
        return None;
    };
    let marked = (a == "nam" && b == "hoc") || (a == "school" && b == "year");
    marked.then_some(Parts::SchoolYear { from: *from, to: *to })
}

/// `5T/2022`, "5 tháng đầu năm 2022", "first 5 months of 2022".
fn read_since_january(tokens: &[Token]) -> Option<Parts> {
    let (month, rest) = match tokens {
        [Token::Word(f), Token::Word(m), rest @ ..] if f == "first" && m == "month" => (1, rest),
        [Token::Word(f), Token::Number(n), Token::Word(m), rest @ ..] if f == "first" && m == "months" => (*n, rest),
        [Token::Number(n), Token::Word(m), rest @ ..] if matches!(m.as_str(), "thang" | "t" | "months") => (*n, rest),
        _ => return None,
    };
    let rest = match rest {
        [Token::Word(a), Token::Word(b), rest @ ..] if a == "dau" && b == "nam" => rest,
        rest => rest,
    };
    Some(Parts::Month { month, year: read_year_tail(rest)?, since_january: true })
}

/// Labels with a word or letter for their frequency.
fn read_marked(tokens: &[Token]) -> Option<Parts> {
    match tokens {
        [Token::Word(w), Token::Number(n), rest @ ..]
            if matches!(w.as_str(), "thang" | "thg" | "t" | "m" | "month") =>
        {
            Some(Parts::Month { month: *n, year: read_year_tail(rest)?, since_january: false })
        }
        [Token::Word(w), Token::Number(n) | Token::Roman(n), rest @ ..]
            if matches!(w.as_str(), "quy" | "q" | "quarter") =>
        {
            Some(Parts::Quarter { quarter: *n, year: read_year_tail(rest)? })
        }
        [Token::MonthName(n), rest @ ..] => {
            Some(Parts::Month { month: *n, year: read_year_tail(rest)?, since_january: false })
        }
        [Token::Word(w), Token::Year(year)] if matches!(w.as_str(), "nam" | "year") => {
            Some(Parts::Year { year: *year })
        }
        [Token::Word(a), Token::Word(b), Token::Year(year)] if a == "ca" && b == "nam" => {
            Some(Parts::Year { year: *year })
        }
        [Token::Year(year), rest @ ..] => {
            let rest = if let [Token::Separator('-' | '/'), rest @ ..] = rest { rest } else { rest };
            match rest {
                [Token::Word(w), Token::Number(n)] if w == "m" => {
                    Some(Parts::Month { month: *n, year: Some(*year), since_january: false })
                }
                [Token::Word(w), Token::Number(n)] if w == "q" => {
                    Some(Parts::Quarter { quarter: *n, year: Some(*year) })
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// `05/2022`, `2022-05`, `2022`.
fn read_bare(tokens: &[Token]) -> Option<Parts> {
    let (month, year) = match tokens {
        [Token::Year(year)] => return Some(Parts::Year { year: *year }),
        [Token::Number(n), Token::Separator('/' | '-' | '.'), Token::Year(year)] => (*n, *year),
        [Token::Year(year), Token::Separator('/' | '-' | '.'), Token::Number(n)] => (*n, *year),
        _ => return None,
    };
    Some(Parts::Month { month, year: Some(year), since_january: false })
}

/// The year at a label's end: nothing, `/2022`, `-2022`, `năm 2022`, `of 2022`, ` 2022`. Headers that run over two rows
/// join to "tháng 5 năm" (the year is elsewhere) and, where a row repeats the word, "5 tháng năm năm 2024".
fn read_year_tail(tokens: &[Token]) -> Option<Option<i32>> {
    let rest = match tokens {
        [Token::Separator(_), rest @ ..] => rest,
        rest => rest,
    };
    let words = rest.iter().take_while(|t| matches!(t, Token::Word(w) if matches!(w.as_str(), "nam" | "of"))).count();
    match &rest[words..] {
        [] => Some(None),
        [Token::Year(year)] => Some(Some(*year)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
