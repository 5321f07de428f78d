//! What can be wrong with a chart that was asked for.

use crate::error::{Coded, ErrorCode};

/// A chart that cannot be drawn.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ChartError {
    /// No rows, points or tiles at all.
    #[error("the {kind} chart has nothing to show")]
    Empty {
        /// Which kind of chart.
        kind: &'static str,
    },
    /// Two lists that belong together differ in length.
    #[error("{what} has {found} entries where {expected} are due")]
    Length {
        /// Which list.
        what: String,
        /// How many it has.
        found: usize,
        /// How many it must have.
        expected: usize,
    },
    /// Infinity or not a number.
    #[error("{what} holds {value}, which is not a finite number")]
    NotFinite {
        /// Which list.
        what: String,
        /// As found.
        value: f64,
    },
    /// The words around the chart are not there: no chart without its message.
    #[error("the chart has no title")]
    NoTitle,
    /// Smaller than a label.
    #[error(
        "a {kind} chart does not fit {width} x {height} pixels; at least {least_width} x {least_height} are needed"
    )]
    TooSmall {
        /// Which kind of chart.
        kind: &'static str,
        /// As asked.
        width: u32,
        /// As asked.
        height: u32,
        /// What is needed.
        least_width: u32,
        /// What is needed.
        least_height: u32,
    },
    /// Larger than any wall.
    #[error("{width} x {height} pixels are more than a chart may have")]
    TooLarge {
        /// As asked.
        width: u32,
        /// As asked.
        height: u32,
    },
    /// Device pixels per CSS pixel outside 1..=4.
    #[error("{0} is not a scale of a PNG chart")]
    Scale(u32),
    /// A tile layout that cannot be read.
    #[error("tile layout line {line}: {problem}")]
    Layout {
        /// Line of the file, from 1.
        line: usize,
        /// What is wrong with it.
        problem: String,
    },
    /// The back end failed.
    #[error("the chart could not be encoded: {0}")]
    Encode(String),
}

impl Coded for ChartError {
    fn code(&self) -> ErrorCode {
        match self {
            ChartError::Empty { .. } => ErrorCode::NotReady,
            ChartError::TooSmall { .. } | ChartError::TooLarge { .. } | ChartError::Scale(_) => ErrorCode::BadRequest,
            ChartError::Layout { .. } => ErrorCode::BadDeclaration,
            ChartError::Length { .. } | ChartError::NotFinite { .. } | ChartError::NoTitle | ChartError::Encode(_) => {
                ErrorCode::Internal
            }
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            ChartError::TooSmall { .. } => Some("Ask for a larger chart, or leave the size out.".to_owned()),
            ChartError::TooLarge { .. } => Some("Ask for a smaller chart; the scale of a PNG counts too.".to_owned()),
            ChartError::Scale(_) => Some("Ask for scale 1, 2, 3 or 4.".to_owned()),
            _ => None,
        }
    }
}
