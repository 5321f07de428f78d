//! Tables of a report: worded for the page, with the exact number beside the words for the workbook, so that both are
//! the same table.

use serde::Serialize;

use crate::present::State;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Holds {
    /// Words.
    Text,
    /// Numbers, right-aligned.
    Number,
    /// A state: shape and word.
    State,
    /// A little line; not in the workbook.
    Line,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Column {
    /// Heading.
    pub heading: String,
    /// Unit of all its numbers; empty where rows have their own.
    pub unit: String,
    /// What it holds.
    pub holds: Holds,
}

impl Column {
    /// A column of words.
    pub fn text(heading: &str) -> Self {
        Self { heading: heading.to_owned(), unit: String::new(), holds: Holds::Text }
    }

    /// A column of numbers of one unit.
    pub fn number(heading: &str, unit: &str) -> Self {
        Self { heading: heading.to_owned(), unit: unit.to_owned(), holds: Holds::Number }
    }

    /// A column of states.
    pub fn state(heading: &str) -> Self {
        Self { heading: heading.to_owned(), unit: String::new(), holds: Holds::State }
    }

    /// A column of little lines.
    pub fn line(heading: &str) -> Self {
        Self { heading: heading.to_owned(), unit: String::new(), holds: Holds::Line }
    }
}

/// What stands in a row and a column.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
pub struct Entry {
    /// As a reader sees it.
    pub text: String,
    /// A second line under it, smaller.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub under: String,
    /// The number itself, unrounded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Decimals it is shown with.
    pub decimals: u8,
    /// Unit of the number, where its column has none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// Class of a state or a verdict: off, watch, on, unknown, good, bad, plain.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub class: &'static str,
    /// Its shape.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub mark: &'static str,
    /// Way of a change: up, down, flat. Drawn on paper, since the typeface has no arrows.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub arrow: &'static str,
    /// File of a little line.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub line: String,
}

impl Entry {
    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// A number as it is worded.
    pub fn number(text: impl Into<String>, value: f64, decimals: u8) -> Self {
        Self { text: text.into(), value: Some(value), decimals, ..Self::default() }
    }

    /// A whole number.
    pub fn count(n: u32, language: crate::present::Language) -> Self {
        Self::number(crate::present::count(n as usize, language), f64::from(n), 0)
    }

    /// What is not there.
    pub fn none() -> Self {
        Self::text("–")
    }

    /// A state.
    pub fn state(state: State, language: crate::present::Language) -> Self {
        Self {
            text: crate::present::state_word(state, language).to_owned(),
            class: crate::present::state_class(state),
            mark: crate::present::state_mark(state),
            ..Self::default()
        }
    }

    /// A change by its arrow as [`Change::arrow`](crate::present::Change::arrow) gives it.
    pub fn pointing(self, arrow: &str) -> Self {
        let arrow = match arrow {
            "▲" => "up",
            "▼" => "down",
            _ => "flat",
        };
        Self { arrow, ..self }
    }

    /// The same with a second line.
    pub fn under(self, under: impl Into<String>) -> Self {
        Self { under: under.into(), ..self }
    }

    /// The same with a unit of its own.
    pub fn of_unit(self, unit: impl Into<String>) -> Self {
        Self { unit: unit.into(), ..self }
    }
}

/// A row.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
pub struct Row {
    /// Entries, one for each column; a single one is a heading over the rows that follow.
    pub entries: Vec<Entry>,
    /// Flags in words: provisional, partial, too few cases, older than the period.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Whether it is set off: the whole city among its districts.
    pub strong: bool,
}

impl Row {
    /// A row without flags.
    pub fn of(entries: Vec<Entry>) -> Self {
        Self { entries, ..Self::default() }
    }

    /// A heading over the rows that follow.
    pub fn heading(text: impl Into<String>) -> Self {
        Self { entries: vec![Entry::text(text)], note: String::new(), strong: true }
    }

    /// Whether it is a heading.
    pub fn is_heading(&self) -> bool {
        self.entries.len() == 1
    }
}

/// A table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Table {
    /// Stable name, by which a template finds it.
    pub id: &'static str,
    /// Name of its sheet in a workbook.
    pub sheet: String,
    /// What it shows: subject, unit, period.
    pub title: String,
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows.
    pub rows: Vec<Row>,
    /// Footnotes.
    pub notes: Vec<String>,
}

impl Table {
    /// An empty table.
    pub fn new(id: &'static str, sheet: &str, title: String, columns: Vec<Column>) -> Self {
        Self { id, sheet: sheet.to_owned(), title, columns, rows: Vec::new(), notes: Vec::new() }
    }
}
