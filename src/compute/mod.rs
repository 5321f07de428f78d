//! From stored vintages to served figures: as-of resolution, then the cube, then the tables analysts read.
//!
//! [`Engine`] holds the served snapshot; it is immutable and swapped atomically, so a reader never sees half a refresh.
//! What a figure means is in [`crate::cube`]; this module reads, writes and answers.

pub mod ask;
pub mod ask_cases;
pub mod case_exports;
mod case_file;
mod case_quantiles;
mod case_records;
pub mod case_tables;
pub mod cases;
pub mod catalog_tables;
pub mod engine;
pub mod explain;
pub mod log;
mod news;
mod past;
pub mod publish;
pub mod resolve;
pub mod session;

pub use ask::{AskError, Series, SeriesQuery};
pub use case_file::CaseFile;
pub use cases::ServedCases;
pub use engine::{Engine, Parts, Refreshed, Served};
pub use session::Sessions;

use crate::error::{Coded, ErrorCode};
use crate::store::StoreError;

/// A computation that could not be done.
#[derive(Debug, thiserror::Error)]
pub enum ComputeError {
    /// DataFusion could not plan or run.
    #[error("the query engine failed")]
    Query(#[from] datafusion::error::DataFusionError),
    /// Arrow could not convert a column.
    #[error("converting a column failed")]
    Arrow(#[from] arrow::error::ArrowError),
    /// The lake could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored value that this engine would never write.
    #[error("table observations: column \"{column}\" holds \"{value}\"")]
    Stored {
        /// Column.
        column: &'static str,
        /// Value.
        value: String,
    },
}

impl Coded for ComputeError {
    fn code(&self) -> ErrorCode {
        match self {
            ComputeError::Query(_) | ComputeError::Arrow(_) => ErrorCode::Internal,
            ComputeError::Store(e) => e.code(),
            ComputeError::Stored { .. } => ErrorCode::Storage,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            ComputeError::Query(_) | ComputeError::Arrow(_) => None,
            ComputeError::Store(e) => e.hint(),
            ComputeError::Stored { .. } => Some(
                "The table was changed by hand: `toancanh ingest --replay` rebuilds it from the raw files.".to_owned(),
            ),
        }
    }
}
