//! One table of error codes for every protocol: command line, HTTP, SQL wires.
//!
//! A module keeps its own `thiserror` enum with facts as fields and says which code each variant has; the surfaces
//! translate the code, never the words. The table is matched without `_`, so a new code is decided everywhere at once.

use std::fmt;

/// What went wrong, as a caller can act on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ErrorCode {
    /// The request itself is malformed: a period, code, format or parameter that cannot be read.
    BadRequest,
    /// The request is well formed and names something that does not exist.
    NotFound,
    /// The reader may not see or do this.
    Forbidden,
    /// SQL that the read-only guard refuses.
    QueryRefused,
    /// The query passed its deadline, memory or row limit.
    LimitExceeded,
    /// Declared files (catalogue, mapping, configuration) have problems.
    BadDeclaration,
    /// A source answered with something that is not what its contract says.
    BadSource,
    /// A source could not be reached; trying again may help.
    SourceUnavailable,
    /// Another process or writer holds what this one needs.
    Conflict,
    /// What was asked for would lack figures that it must not lack.
    Incomplete,
    /// The engine has no data yet, or is starting.
    NotReady,
    /// Storage failed.
    Storage,
    /// A defect of ours.
    Internal,
}

impl ErrorCode {
    /// All codes, for tables and tests.
    pub const ALL: [ErrorCode; 13] = [
        ErrorCode::BadRequest,
        ErrorCode::NotFound,
        ErrorCode::Forbidden,
        ErrorCode::QueryRefused,
        ErrorCode::LimitExceeded,
        ErrorCode::BadDeclaration,
        ErrorCode::BadSource,
        ErrorCode::SourceUnavailable,
        ErrorCode::Conflict,
        ErrorCode::Incomplete,
        ErrorCode::NotReady,
        ErrorCode::Storage,
        ErrorCode::Internal,
    ];

    /// The stable name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            ErrorCode::BadRequest => "bad_request",
            ErrorCode::NotFound => "not_found",
            ErrorCode::Forbidden => "forbidden",
            ErrorCode::QueryRefused => "query_refused",
            ErrorCode::LimitExceeded => "limit_exceeded",
            ErrorCode::BadDeclaration => "bad_declaration",
            ErrorCode::BadSource => "bad_source",
            ErrorCode::SourceUnavailable => "source_unavailable",
            ErrorCode::Conflict => "conflict",
            ErrorCode::Incomplete => "incomplete",
            ErrorCode::NotReady => "not_ready",
            ErrorCode::Storage => "storage",
            ErrorCode::Internal => "internal",
        }
    }

    /// HTTP status of the code.
    pub fn http_status(self) -> u16 {
        match self {
            ErrorCode::BadRequest | ErrorCode::QueryRefused => 400,
            ErrorCode::Forbidden => 403,
            ErrorCode::NotFound => 404,
            ErrorCode::Conflict => 409,
            ErrorCode::LimitExceeded | ErrorCode::Incomplete => 422,
            ErrorCode::BadDeclaration | ErrorCode::Storage | ErrorCode::Internal => 500,
            ErrorCode::BadSource => 502,
            ErrorCode::SourceUnavailable | ErrorCode::NotReady => 503,
        }
    }

    /// Process exit code: 0 ok, 1 failed, 2 usage.
    pub fn exit_code(self) -> u8 {
        match self {
            ErrorCode::BadRequest | ErrorCode::QueryRefused => 2,
            ErrorCode::NotFound
            | ErrorCode::Forbidden
            | ErrorCode::LimitExceeded
            | ErrorCode::BadDeclaration
            | ErrorCode::BadSource
            | ErrorCode::SourceUnavailable
            | ErrorCode::Conflict
            | ErrorCode::Incomplete
            | ErrorCode::NotReady
            | ErrorCode::Storage
            | ErrorCode::Internal => 1,
        }
    }

    /// Whether the same call may succeed later without anybody changing it.
    pub fn retryable(self) -> bool {
        match self {
            ErrorCode::SourceUnavailable
            | ErrorCode::Conflict
            | ErrorCode::Incomplete
            | ErrorCode::NotReady
            | ErrorCode::Storage => true,
            ErrorCode::BadRequest
            | ErrorCode::NotFound
            | ErrorCode::Forbidden
            | ErrorCode::QueryRefused
            | ErrorCode::LimitExceeded
            | ErrorCode::BadDeclaration
            | ErrorCode::BadSource
            | ErrorCode::Internal => false,
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An error that knows its code. `Display` prints itself only; the chain goes by `source()`.
pub trait Coded: std::error::Error {
    /// The code of this error.
    fn code(&self) -> ErrorCode;
    /// What the reader can do about it, as a sentence.
    fn hint(&self) -> Option<String> {
        None
    }
}
