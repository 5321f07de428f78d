//! Cells as sources hold them, and the columns that a mapping wants of them.

use std::borrow::Cow;

use crate::domain::text::clean;

/// A cell of a row; what it means is the mapping's business.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell<'a> {
    /// Nothing there.
    Blank,
    /// Text as it stands.
    Text(&'a str),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Number(f64),
    /// A day without a time, in days since 1970-01-01.
    Day(i32),
    /// A wall clock time without a zone, microseconds since 1970 on that clock.
    Local(i64),
    /// An instant, microseconds since 1970 UTC.
    Instant(i64),
}

impl<'a> Cell<'a> {
    /// The text, blank as none: trimmed, numbers as written by a program.
    pub fn text(&self) -> Option<Cow<'a, str>> {
        match self {
            Cell::Blank => None,
            Cell::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()).map(Cow::Borrowed),
            Cell::Int(number) => Some(Cow::Owned(number.to_string())),
            // Workbooks know no whole numbers: 79 comes as 79.0 and prints as "79".
            Cell::Number(number) => Some(Cow::Owned(number.to_string())),
            Cell::Day(days) => Some(Cow::Owned(day_text(*days))),
            Cell::Local(micros) | Cell::Instant(micros) => Some(Cow::Owned(time_text(*micros))),
        }
    }

    /// As [`Cell::text`], for messages.
    pub fn shown(&self) -> String {
        self.text().map(Cow::into_owned).unwrap_or_default()
    }

    /// The number, also of text with a decimal point.
    pub fn number(&self) -> Result<Option<f64>, ()> {
        match self {
            Cell::Blank => Ok(None),
            Cell::Int(number) => Ok(Some(*number as f64)),
            Cell::Number(number) => Ok(Some(*number)),
            Cell::Text(text) if text.trim().is_empty() => Ok(None),
            Cell::Text(text) => text.trim().parse().map(Some).map_err(|_| ()),
            Cell::Day(_) | Cell::Local(_) | Cell::Instant(_) => Err(()),
        }
    }
}

fn day_text(days: i32) -> String {
    chrono::NaiveDate::from_epoch_days(days).map_or_else(|| days.to_string(), |day| day.to_string())
}

fn time_text(micros: i64) -> String {
    let at = chrono::DateTime::from_timestamp_micros(micros).map(|at| at.naive_utc());
    at.map(|at| at.format("%Y-%m-%d %H:%M:%S%.f").to_string()).unwrap_or_else(|| micros.to_string())
}

/// The columns that a mapping wants, each once; cells come to the mapping in this order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Columns {
    names: Vec<String>,
}

impl Columns {
    /// The place of a column among the cells; a name that is not there yet is added.
    pub fn place(&mut self, name: &str) -> usize {
        if let Some(at) = self.names.iter().position(|known| known == name) {
            return at;
        }
        self.names.push(name.to_owned());
        self.names.len() - 1
    }

    /// The names in the order of the cells.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Where each wanted column stands in a header: as written, else without case.
    ///
    /// # Errors
    /// Words that name every column that is not there, and what is.
    pub fn find_in<S: AsRef<str>>(&self, header: &[S]) -> Result<Vec<usize>, String> {
        let header: Vec<String> = header.iter().map(|name| clean(name.as_ref())).collect();
        let mut places = Vec::with_capacity(self.names.len());
        let mut missing = Vec::new();
        for name in &self.names {
            let wanted = clean(name);
            let exact = header.iter().position(|h| *h == wanted);
            let lower = wanted.to_lowercase();
            match exact.or_else(|| header.iter().position(|h| h.to_lowercase() == lower)) {
                Some(at) => places.push(at),
                None => missing.push(format!("\"{name}\"")),
            }
        }
        if missing.is_empty() {
            return Ok(places);
        }
        let there: Vec<String> = header.iter().filter(|h| !h.is_empty()).map(|h| format!("\"{h}\"")).collect();
        let columns = if missing.len() == 1 { "the column" } else { "the columns" };
        let are = if missing.len() == 1 { "is" } else { "are" };
        Err(format!("{columns} {} {are} not there; there are {}", missing.join(", "), there.join(", ")))
    }
}

/// Takes the rows of a source: number of the row in the source from 1, and its cells in the order of the wanted columns
/// or why it cannot be cut into cells.
pub(super) type EachRow<'f> = dyn FnMut(u64, Result<&[Cell<'_>], &str>) + 'f;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_as_written_else_without_case() {
        let mut columns = Columns::default();
        assert_eq!([columns.place("id"), columns.place("Ngày nhận"), columns.place("id")], [0, 1, 0]);
        assert_eq!(columns.find_in(&["x", " ngày nhận", "ID", "id"]), Ok(vec![3, 1]));
        let words = columns.find_in(&["x", "y"]).unwrap_err();
        assert_eq!(words, "the columns \"id\", \"Ngày nhận\" are not there; there are \"x\", \"y\"");
    }

    #[test]
    fn cells_give_their_text() {
        assert_eq!(Cell::Text("  ").text(), None);
        assert_eq!(Cell::Number(79.0).text().as_deref(), Some("79"));
        assert_eq!(Cell::Text(" 10.5").number(), Ok(Some(10.5)));
        assert_eq!(Cell::Text("10,5").number(), Err(()));
        assert_eq!(Cell::Instant(0).text().as_deref(), Some("1970-01-01 00:00:00"));
    }
}
