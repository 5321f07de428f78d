//! Values before they mean anything: fields by name, a cell, and its place. Statistical tables, tables of one header row
//! and sheets all come to this.

use std::sync::Arc;

use super::pattern::Captures;
use crate::domain::{ObsStatus, Period};

/// What stands in a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell<'a> {
    /// Nothing written.
    Blank,
    /// A number, in a source that knows numbers, with the source's status.
    Number(f64, ObsStatus),
    /// Marked as missing.
    Missing,
    /// Text to be read as a number.
    Text(&'a str),
    /// Something that can be no number: a date, a truth value, a failed formula.
    Other(&'static str),
}

/// The period that a source gives its values by itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum OwnTime<'a> {
    /// A time point, and the period where the reader recognised one.
    Time(&'a str, Option<Period>),
    /// Parts read from a column's header.
    Header(Captures),
    /// None: tables of one header row.
    None,
}

/// Where a value stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// Row as the source counts it, from 1.
    pub row: usize,
    /// Column letters or name.
    pub column: Arc<str>,
}

/// A table of values with named fields.
pub(super) trait Readings {
    /// Number of rows.
    fn len(&self) -> usize;
    /// Names of the fields.
    fn fields(&self) -> Vec<String>;
    /// Text of a field in a row; empty when blank.
    fn text(&self, row: usize, field: usize) -> &str;
    /// Label of a member of a field, where the source has labels.
    fn label(&self, field: usize, member: &str) -> Option<&str>;
    /// The value in a row; `field` is the value column, `None` where a row has one value.
    fn cell(&self, row: usize, field: Option<usize>) -> Cell<'_>;
    /// The cell as written, for messages.
    fn written(&self, row: usize, field: Option<usize>) -> String;
    /// Where in the file: "Sheet!C14", `value[33]`.
    fn at(&self, row: usize, field: Option<usize>) -> String;
    /// The period that comes with the row.
    fn own_time(&self, row: usize) -> OwnTime<'_>;
    /// Where the value stands.
    fn place(&self, row: usize, field: Option<usize>) -> Place;
    /// Why nothing of a row can be trusted, if so.
    fn row_fault(&self, _: usize) -> Option<&'static str> {
        None
    }
    /// The sheet the rows come from, and the text above them.
    fn surroundings(&self) -> (&str, &str) {
        ("", "")
    }
}
