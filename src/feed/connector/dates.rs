//! Dates in a declared address or parameter: `{today}`, `{from}`, `{to}`, each with an optional format, `{to:%Y%m%d}`.

use chrono::format::{Item, StrftimeItems};
use chrono::{Datelike, Months, NaiveDate};

use super::PullError;

/// The dates a request is about.
#[derive(Debug, Clone, Copy)]
pub struct Dates {
    today: NaiveDate,
    from: NaiveDate,
}

impl Dates {
    /// From the first day of the month `window_months` before the present one, to today.
    pub fn new(today: NaiveDate, window_months: u32) -> Self {
        let month = today.with_day(1).expect("every month has a first day");
        let from = month.checked_sub_months(Months::new(window_months)).unwrap_or(month);
        Self { today, from }
    }

    /// The text with its dates filled in; ISO dates where no format is given.
    pub fn fill(&self, text: &str) -> Result<String, PullError> {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find('{') {
            filled.push_str(&rest[..start]);
            let after = &rest[start + 1..];
            let end = after.find('}').ok_or_else(|| unusable(text, "a \"{\" without \"}\""))?;
            filled.push_str(&self.one(text, &after[..end])?);
            rest = &after[end + 1..];
        }
        filled.push_str(rest);
        Ok(filled)
    }

    fn one(&self, text: &str, field: &str) -> Result<String, PullError> {
        let (name, format) = field.split_once(':').unwrap_or((field, "%Y-%m-%d"));
        let day = match name {
            "today" | "to" => self.today,
            "from" => self.from,
            _ => return Err(unusable(text, &format!("the unknown field \"{name}\""))),
        };
        // Parsed first, because printing with a bad format would panic; a time of day has no meaning here either.
        let items: Vec<Item<'_>> = StrftimeItems::new(format).collect();
        let usable = !items.contains(&Item::Error) && day_can_print(&items);
        if !usable {
            return Err(unusable(text, &format!("the unknown date format \"{format}\"")));
        }
        Ok(day.format_with_items(items.iter()).to_string())
    }
}

fn day_can_print(items: &[Item<'_>]) -> bool {
    use std::fmt::Write;
    let day = NaiveDate::from_ymd_opt(2022, 5, 25).expect("a real day");
    write!(String::new(), "{}", day.format_with_items(items.iter())).is_ok()
}

fn unusable(text: &str, what: &str) -> PullError {
    PullError::Declared { words: format!("\"{text}\" has {what}; known are {{today}}, {{from}} and {{to}}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_filled_in() {
        let dates = Dates::new("2022-01-25".parse().unwrap(), 3);
        assert_eq!(dates.fill("https://a.vn/x?d={to:%Y%m%d}").unwrap(), "https://a.vn/x?d=20220125");
        assert_eq!(dates.fill("{from}/{today}").unwrap(), "2021-10-01/2022-01-25");
        assert_eq!(dates.fill("không có gì").unwrap(), "không có gì");
        assert_eq!(Dates::new("2022-05-31".parse().unwrap(), 0).fill("{from:%m/%Y}").unwrap(), "05/2022");
    }

    #[test]
    fn what_cannot_be_filled_in_is_said() {
        let dates = Dates::new("2022-01-25".parse().unwrap(), 3);
        for text in ["{yesterday}", "{to:%Q}", "{to", "{to:%H}"] {
            let message = dates.fill(text).unwrap_err().to_string();
            assert!(message.starts_with(&format!("\"{text}\" has ")), "{message}");
        }
    }
}
