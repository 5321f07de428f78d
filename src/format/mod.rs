//! Readers of statistical files: bytes in, tidy rows out. No I/O, no network, no knowledge of measures.
//!
//! Every reader returns a [`Tidy`] table: one row per cell with its dimensions, period, value and status. What a
//! dimension means (area, measure, breakdown) is said by a feed's mapping, not here.

mod axes;
mod biff;
mod compound;
mod delimited;
mod encode;
mod encoding;
pub mod grid;
mod json_text;
mod jsonstat;
mod px;
pub mod pxweb;
mod read;
mod records;
mod sdmx;
mod sheets;
mod status;
mod structure;
mod table;
pub mod time_label;
mod workbook;
mod xls;
mod xlsx;
mod xlsx_rows;

use indexmap::IndexMap;

use crate::domain::{ObsStatus, Period};
use crate::error::{Coded, ErrorCode};

pub use encode::{tidy_columns, tidy_to_csv, tidy_to_json};
pub use jsonstat::read_jsonstat;
pub use px::read_px;
pub use read::read_any;
pub use records::{RecordShape, decode_text, for_each_record};
pub use sdmx::{read_sdmx_csv, read_sdmx_json, read_sdmx_ml};
pub use workbook::{is_workbook, read_workbook};

/// One cell of a statistical table.
#[derive(Debug, Clone, PartialEq)]
pub struct TidyRow {
    /// Member code per dimension, in the order of [`Tidy::dimensions`] (without the time dimension).
    pub members: Vec<String>,
    /// The period as the source writes it ("2022M05", "2022-05", "Tháng 5/2022").
    pub time: String,
    /// The period where it could be read as a month, quarter or year; `None` for other time points.
    pub period: Option<Period>,
    /// The value; `None` when missing.
    pub value: Option<f64>,
    /// The status; [`ObsStatus::M`] when missing, [`ObsStatus::A`] when the source says nothing.
    pub status: ObsStatus,
    /// Where in the file: "R12C4", "Sheet!C14", "line 18", `value[33]`.
    pub at: String,
}

/// One dimension of a table, without time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TidyDimension {
    /// Code ("GEO"), as the source writes it.
    pub code: String,
    /// Label in the main language.
    pub label: String,
    /// Member code -> label, in the source's order.
    pub members: IndexMap<String, String>,
}

/// A statistical table as tidy rows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tidy {
    /// Title, if the source has one.
    pub title: Option<String>,
    /// Dimensions in order, without time.
    pub dimensions: Vec<TidyDimension>,
    /// When the source says the table was last changed or prepared, as written.
    pub updated: Option<String>,
    /// Unit of measure, if the source has one for the whole table.
    pub unit: Option<String>,
    /// The rows, in the source's order.
    pub rows: Vec<TidyRow>,
    /// What the reader noticed and worked around ("NUL byte after the end", "updated is 9999-12-31").
    pub notes: Vec<String>,
}

/// A file that cannot be read, with the place and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{format}: {at}: {message}")]
pub struct FormatError {
    /// "PC-Axis", "JSON-stat", "SDMX-ML", ...
    pub format: &'static str,
    /// Line, byte, cell or path inside the file.
    pub at: String,
    /// What is wrong, with the offending text quoted.
    pub message: String,
    /// What to do about it, as a sentence.
    pub hint: String,
}

impl Coded for FormatError {
    fn code(&self) -> ErrorCode {
        ErrorCode::BadSource
    }

    fn hint(&self) -> Option<String> {
        Some(self.hint.clone())
    }
}
