//! What a mapping makes of a pull: figures, rejected rows, and an account of every value read.

use crate::domain::{Observation, Target, Vintage};
use crate::error::{Coded, ErrorCode};
use crate::format::FormatError;

/// The outcome of a mapping over one file or answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Mapped {
    /// Values of measures, in the source's order.
    pub observations: Vec<Observation>,
    /// Plan values, in the source's order.
    pub targets: Vec<MappedTarget>,
    /// What was not understood.
    pub rejected: Vec<Rejected>,
    /// The vintage of the figures, unless every row brings its own.
    pub published: Option<Vintage>,
    /// What became of every value.
    pub counts: Counts,
    /// What the reader and the mapping noticed, in words.
    pub notes: Vec<String>,
}

impl Mapped {
    /// How many values were read: the volume that a contract compares.
    pub fn rows_read(&self) -> usize {
        self.counts.read
    }
}

/// A plan value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct MappedTarget {
    /// The plan value.
    pub target: Target,
    /// File or URL and place.
    pub source_ref: String,
}

/// Every value read is exactly one of the other five.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Values (cells) that the source holds in the columns the mapping reads, blanks included.
    pub read: usize,
    /// Became an observation or target.
    pub mapped: usize,
    /// Not understood.
    pub rejected: usize,
    /// Left out because the mapping says so.
    pub skipped: usize,
    /// Nothing written: not reported.
    pub blank: usize,
    /// Said again in the same file with the same value.
    pub repeated: usize,
}

/// A value that was not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// Row as the source counts it, from 1.
    pub row: usize,
    /// Column letters, name or dimension.
    pub column: String,
    /// The value as written.
    pub value: String,
    /// Why, and what to do.
    pub reason: String,
    /// File or URL and place.
    pub source_ref: String,
}

/// A pull that cannot be mapped at all: nothing of it may replace anything.
#[derive(Debug, thiserror::Error)]
pub enum MappingError {
    /// The bytes are not what the declaration says.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// Columns or dimensions that the mapping uses are not there.
    #[error("{source_name}: no column or dimension {}; found {}", quoted(.missing), quoted(.found))]
    MissingFields {
        /// File or URL.
        source_name: String,
        /// Names that the mapping uses.
        missing: Vec<String>,
        /// Names that are there.
        found: Vec<String>,
    },
    /// No sheet has the declared table.
    #[error("{source_name}: table \"{table}\" is not there: {}", .reasons.join("; "))]
    NoTable {
        /// File or URL.
        source_name: String,
        /// Table of the mapping.
        table: String,
        /// Why each sheet or alternative does not fit.
        reasons: Vec<String>,
    },
    /// The time of publication is not where the mapping says.
    #[error("{source_name}: no time of publication: {reason}")]
    Unpublished {
        /// File or URL.
        source_name: String,
        /// What was looked for.
        reason: String,
    },
}

fn quoted(names: &[String]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    names.iter().map(|n| format!("\"{n}\"")).collect::<Vec<_>>().join(", ")
}

impl Coded for MappingError {
    fn code(&self) -> ErrorCode {
        ErrorCode::BadSource
    }

    fn hint(&self) -> Option<String> {
        match self {
            MappingError::Format(e) => e.hint(),
            MappingError::MissingFields { .. } | MappingError::NoTable { .. } => Some(
                "The source has changed its shape: look at it with `toancanh read`, then change its mapping."
                    .to_owned(),
            ),
            MappingError::Unpublished { .. } => {
                Some("Name the file as the mapping's `published` says, or change the mapping.".to_owned())
            }
        }
    }
}
