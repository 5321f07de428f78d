//! Why a pull brought nothing.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::error::{Coded, ErrorCode};
use crate::feed::error::in_words;

/// Why a pull brought nothing.
#[derive(Debug, thiserror::Error)]
pub enum PullError {
    /// The source could not be reached, or the connection broke.
    #[error("{url} could not be reached in {attempts} attempts: {words}")]
    Unreachable {
        /// Address.
        url: String,
        /// How often it was tried.
        attempts: u32,
        /// What the last attempt met, with its causes.
        words: String,
    },
    /// The answer ended before the length that its header promised.
    #[error("{url} broke off after {received} bytes in each of {attempts} attempts{}", promised_words(*promised))]
    BrokenOff {
        /// Address.
        url: String,
        /// How often it was tried.
        attempts: u32,
        /// Bytes of the last attempt.
        received: u64,
        /// `Content-Length`, if there was one.
        promised: Option<u64>,
    },
    /// An HTTP status that is no success.
    #[error("{url} answered {status} in {attempts} attempts{}", said(words))]
    Status {
        /// Address.
        url: String,
        /// Status.
        status: u16,
        /// How often it was tried.
        attempts: u32,
        /// The beginning of the answer.
        words: String,
    },
    /// The source asks to be left alone for longer than this pull may last.
    #[error("{url} asked to wait {} seconds before the next request", wait.as_secs())]
    Throttled {
        /// Address.
        url: String,
        /// `Retry-After`.
        wait: Duration,
    },
    /// Key or token was not accepted.
    #[error("{url} did not accept the key or token ({status})")]
    Denied {
        /// Address.
        url: String,
        /// 401 or 403.
        status: u16,
    },
    /// The pull took too long.
    #[error("{url} took longer than the {} seconds a pull may take", limit.as_secs_f64())]
    Deadline {
        /// Address.
        url: String,
        /// The limit.
        limit: Duration,
    },
    /// More bytes than the feed's limit.
    #[error("{url} has more than {limit} bytes")]
    TooLarge {
        /// Address or path.
        url: String,
        /// The limit, bytes.
        limit: u64,
    },
    /// The service says in its own words that the call failed.
    #[error("{url} answered code \"{code}\"{}", said(words))]
    Service {
        /// Address.
        url: String,
        /// Its code.
        code: String,
        /// Its words.
        words: String,
    },
    /// The answer is not what the service is declared to give, or is not whole.
    #[error("{url}: {words}")]
    Shape {
        /// Address.
        url: String,
        /// What is missing or different.
        words: String,
    },
    /// The environment variable of a secret is not set.
    #[error("environment variable \"{name}\" is not set or empty")]
    NoSecret {
        /// Its name.
        name: String,
    },
    /// The declaration cannot be used.
    #[error("{words}")]
    Declared {
        /// What is wrong with it.
        words: String,
    },
    /// A file or folder cannot be read.
    #[error("cannot read \"{}\"", path.display())]
    File {
        /// Where.
        path: PathBuf,
        /// Cause.
        source: io::Error,
    },
}

impl PullError {
    /// The message with its causes, for the run log.
    pub fn in_words(&self) -> String {
        in_words(self)
    }
}

impl Coded for PullError {
    fn code(&self) -> ErrorCode {
        match self {
            PullError::Unreachable { .. }
            | PullError::BrokenOff { .. }
            | PullError::Status { .. }
            | PullError::Throttled { .. }
            | PullError::Deadline { .. } => ErrorCode::SourceUnavailable,
            PullError::Denied { .. }
            | PullError::TooLarge { .. }
            | PullError::Service { .. }
            | PullError::Shape { .. } => ErrorCode::BadSource,
            PullError::NoSecret { .. } | PullError::Declared { .. } => ErrorCode::BadDeclaration,
            PullError::File { .. } => ErrorCode::Storage,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            PullError::Denied { .. } => Some("Check the environment variables that the feed names.".to_owned()),
            PullError::NoSecret { name } => Some(format!("Set {name} in the environment of the process.")),
            PullError::TooLarge { .. } => {
                Some("Raise max_bytes in the feed's [connector] if this is right.".to_owned())
            }
            PullError::Unreachable { .. }
            | PullError::BrokenOff { .. }
            | PullError::Status { .. }
            | PullError::Throttled { .. }
            | PullError::Deadline { .. }
            | PullError::Service { .. }
            | PullError::Shape { .. }
            | PullError::Declared { .. }
            | PullError::File { .. } => None,
        }
    }
}

fn promised_words(promised: Option<u64>) -> String {
    promised.map(|bytes| format!(", {bytes} were promised")).unwrap_or_default()
}

fn said(words: &str) -> String {
    if words.is_empty() { String::new() } else { format!(": \"{words}\"") }
}
