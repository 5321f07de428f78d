//! What is asked: as of when, over which window, for which part of the cases.

use std::fmt;

use crate::cases::{Cut, Second};
use crate::error::{Coded, ErrorCode};

/// Which deadline counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Basis {
    /// The first one, before any extension or pause.
    Original,
    /// The one that stands.
    #[default]
    Effective,
}

impl Basis {
    /// The code in requests.
    pub fn as_str(self) -> &'static str {
        match self {
            Basis::Original => "original",
            Basis::Effective => "effective",
        }
    }

    /// The basis of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Basis::Original, Basis::Effective].into_iter().find(|basis| basis.as_str() == code)
    }
}

/// Part of the cases. An empty list means all; several codes of one kind add up, kinds narrow each other.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Filter {
    /// Areas; a district covers its wards, the city everything.
    pub areas: Vec<String>,
    /// Authorities. Then stints count, not rounds: each authority answers for its own time only.
    pub orgs: Vec<String>,
    /// Categories.
    pub categories: Vec<String>,
    /// Channels.
    pub channels: Vec<String>,
    /// Feeds.
    pub feeds: Vec<String>,
}

/// What is asked of the cases.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Question {
    /// What happens at or after it does not exist.
    pub cut: Cut,
    /// First second of the window.
    pub from: Second,
    /// First second after the window; a window that reaches beyond the cut ends there.
    pub to: Second,
    /// Which cases.
    pub filter: Filter,
    /// Which deadline.
    pub basis: Basis,
}

/// What a code of a filter names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FilterKind {
    /// A district or ward.
    Area,
    /// An authority.
    Org,
    /// A category.
    Category,
    /// A channel.
    Channel,
    /// A feed.
    Feed,
}

impl fmt::Display for FilterKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            FilterKind::Area => "area",
            FilterKind::Org => "authority",
            FilterKind::Category => "category",
            FilterKind::Channel => "channel",
            FilterKind::Feed => "feed",
        })
    }
}

/// A question that cannot be answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuestionError {
    /// A filter names what no case has.
    #[error("no case has the {kind} \"{code}\"")]
    UnknownCode {
        /// What it was taken for.
        kind: FilterKind,
        /// As it was written.
        code: String,
        /// The known code that is most like it.
        nearest: Option<String>,
    },
    /// The window has no second in it.
    #[error("the window ends at {to}, before it begins at {from}")]
    EmptyWindow {
        /// Begin, ISO 8601.
        from: String,
        /// End, ISO 8601.
        to: String,
    },
    /// More cells than a table can hold.
    #[error("a table of {rows} rows by {columns} columns is too large")]
    TooLarge {
        /// Rows.
        rows: usize,
        /// Columns.
        columns: usize,
    },
}

impl Coded for QuestionError {
    fn code(&self) -> ErrorCode {
        match self {
            QuestionError::UnknownCode { .. } => ErrorCode::NotFound,
            QuestionError::EmptyWindow { .. } => ErrorCode::BadRequest,
            QuestionError::TooLarge { .. } => ErrorCode::LimitExceeded,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            QuestionError::UnknownCode { nearest, .. } => {
                nearest.as_ref().map(|code| format!("The nearest is \"{code}\"."))
            }
            QuestionError::EmptyWindow { .. } => Some("The end is exclusive: one day ends at the next.".to_owned()),
            QuestionError::TooLarge { .. } => Some("Ask for a shorter window or coarser rows.".to_owned()),
        }
    }
}
