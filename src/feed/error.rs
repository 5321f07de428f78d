//! What can go wrong in a feed besides its source: that is a run's outcome, not an error.

use std::error::Error;

use super::connector::PullError;
use super::raw::RawError;
use crate::error::{Coded, ErrorCode};
use crate::store::{StoreError, Table};

/// A feed that could not be worked on.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// No feed of this code is declared.
    #[error("unknown feed \"{feed}\"")]
    Unknown {
        /// The code asked for.
        feed: String,
        /// Codes there are.
        known: Vec<String>,
    },
    /// The declared connector cannot be used.
    #[error("feed \"{feed}\": its connector cannot be used")]
    Connector {
        /// Feed code.
        feed: String,
        /// Why.
        source: PullError,
    },
    /// The raw snapshots could not be read or written.
    #[error("raw snapshots failed")]
    Raw(#[from] RawError),
    /// The tables could not be read or written.
    #[error("tables failed")]
    Store(#[from] StoreError),
    /// A replay into tables that already hold rows.
    #[error("a replay needs empty tables, but table \"{table}\" holds rows")]
    NotEmpty {
        /// The table.
        table: Table,
    },
    /// Reading a snapshot ended in a panic.
    #[error("reading a snapshot broke off: {words}")]
    Broken {
        /// What the panic said.
        words: String,
    },
}

impl Coded for FeedError {
    fn code(&self) -> ErrorCode {
        match self {
            FeedError::Unknown { .. } => ErrorCode::NotFound,
            FeedError::Connector { source, .. } => source.code(),
            FeedError::Raw(error) => error.code(),
            FeedError::Store(error) => error.code(),
            FeedError::NotEmpty { .. } => ErrorCode::Conflict,
            FeedError::Broken { .. } => ErrorCode::Internal,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            FeedError::Unknown { known, .. } => Some(format!("Declared are {}.", known.join(", "))),
            FeedError::Connector { source, .. } => source.hint(),
            FeedError::Raw(error) => error.hint(),
            FeedError::Store(error) => error.hint(),
            FeedError::NotEmpty { .. } => {
                Some("Replay into a new folder, then put it in place of the old one.".to_owned())
            }
            FeedError::Broken { .. } => None,
        }
    }
}

/// An error and its causes, "outer: inner: innermost".
pub(super) fn in_words(error: &dyn Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !words.ends_with(&text) {
            words = format!("{words}: {text}");
        }
        cause = error.source();
    }
    words
}
