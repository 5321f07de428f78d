//! TIMEVAL: which time point each value of the time variable is. `TLIST(M1),"202201","202202"` or
//! `TLIST(A1,"1968"-"2000")`.

use crate::domain::Period;

use super::super::FormatError;
use super::super::axes::{Member, TimePoint};
use super::super::time_label::TimeUnit;
use super::statement::{Statement, Token, error};

/// Reads the time points of a variable with these values.
///
/// # Errors
/// An unknown unit, a text that is not a time point of the unit, or another number of points than values.
pub(super) fn read_timeval(statement: &Statement, members: &[Member]) -> Result<Vec<TimePoint>, FormatError> {
    let fail = |message: String, hint: &str| Err(error(statement.line, message, hint));
    let name = statement.name();
    let mut texts = Vec::new();
    let mut words = Vec::new();
    let mut range = false;
    for token in &statement.tokens {
        match token {
            Token::Text(text) => texts.push(text.trim()),
            Token::Word(word) => words.push(word.trim()),
            Token::Dash => range = true,
            Token::Open | Token::Close | Token::Comma => {}
        }
    }
    let unit = match words.as_slice() {
        [list, unit] if list.eq_ignore_ascii_case("TLIST") => TimeUnit::from_tlist(unit),
        _ => None,
    };
    let Some(unit) = unit else {
        let found = words.join(" ");
        return fail(format!("{name} is \"{found}\""), "TIMEVAL begins with TLIST and A1, H1, Q1, M1, W1 or D1.");
    };
    let periods = if range { expand(unit, &texts) } else { list(unit, &texts) };
    let periods = match periods {
        Ok(periods) => periods,
        Err(bad) => {
            let message = format!("{name}: \"{bad}\" is not a time point of {}", words[1]);
            return fail(message, "Write years as 2022, quarters as 20222, months as 202205.");
        }
    };
    let Some(periods) = periods else { return Ok(unread(members)) };
    if periods.len() != members.len() {
        let (points, values) = (periods.len(), members.len());
        let variable = statement.keys.join(",");
        let message = format!("{name} lists {points} time points, but VALUES(\"{variable}\") lists {values}");
        return fail(message, "TIMEVAL must list exactly one time point for each value, in the same order.");
    }
    let point = |(member, period): (&Member, Option<Period>)| TimePoint { period, ..TimePoint::of(&member.label) };
    Ok(members.iter().zip(periods).map(point).collect())
}

/// TLIST without any time points: the values speak for themselves.
fn unread(members: &[Member]) -> Vec<TimePoint> {
    members.iter().map(|m| TimePoint::of(&m.label)).collect()
}

type Points = Option<Vec<Option<Period>>>;

fn list<'a>(unit: TimeUnit, texts: &[&'a str]) -> Result<Points, &'a str> {
    if texts.is_empty() {
        return Ok(None);
    }
    texts.iter().map(|text| unit.read(text).map_err(|_| *text)).collect::<Result<_, _>>().map(Some)
}

/// From the first to the last, both included. Half-years, weeks and days have no period, so they are not counted.
fn expand<'a>(unit: TimeUnit, texts: &[&'a str]) -> Result<Points, &'a str> {
    let [from, to] = texts else { return Err(texts.first().copied().unwrap_or("-")) };
    let first = unit.read(from).map_err(|_| *from)?;
    let last = unit.read(to).map_err(|_| *to)?;
    match (first, last) {
        (Some(first), Some(last)) if first <= last => {
            let steps = last.index() - first.index();
            Ok(Some((0..=steps).map(|n| Some(first.offset(n))).collect()))
        }
        (Some(_), Some(_)) => Err(*to),
        _ => Ok(None),
    }
}
