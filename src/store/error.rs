//! What can go wrong in storage.

use std::path::PathBuf;

use arrow::error::ArrowError;
use datafusion::error::DataFusionError;
use deltalake::DeltaTableError;

use super::Table;
use crate::error::{Coded, ErrorCode};

/// A failure of the lake or of the state database.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process holds the writer lock of the lake.
    #[error("the lake is being written by process {holder} (lock file \"{}\")", .path.display())]
    Locked {
        /// The lock file.
        path: PathBuf,
        /// Process id of the holder, as it wrote it down ("unknown" when it had no time to).
        holder: String,
    },
    /// A write on a lake that was opened for reading.
    #[error("the lake was opened for reading only")]
    ReadOnly,
    /// A table that no writer has created yet.
    #[error("table \"{table}\" does not exist yet")]
    NoTable {
        /// The table.
        table: Table,
    },
    /// A storage address that cannot be used.
    #[error("storage address \"{url}\": {reason}")]
    Address {
        /// The address, without credentials.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Rows whose columns are not those of the table.
    #[error("table \"{table}\": column \"{column}\" {problem}")]
    Column {
        /// The table.
        table: Table,
        /// The column.
        column: String,
        /// "is missing", "has type Utf8, not Float64", ...
        problem: String,
    },
    /// A stored value that is not one the engine writes.
    #[error("table \"{table}\": column \"{column}\" holds \"{value}\"")]
    Value {
        /// The table.
        table: Table,
        /// The column.
        column: &'static str,
        /// The value found.
        value: String,
    },
    /// The table changed in a way that another writer must have made.
    #[error("table \"{table}\" was changed by another writer while version {version} was being written")]
    Raced {
        /// The table.
        table: Table,
        /// The version that was about to be written.
        version: u64,
        /// The last refusal.
        #[source]
        source: Box<DeltaTableError>,
    },
    /// Delta refused an operation.
    #[error("table \"{table}\": {action} failed")]
    Delta {
        /// The table.
        table: Table,
        /// What was being done ("append", "load", ...).
        action: &'static str,
        /// Why.
        #[source]
        source: Box<DeltaTableError>,
    },
    /// Arrow could not build or convert a batch.
    #[error("table \"{table}\": rows could not be converted")]
    Arrow {
        /// The table.
        table: Table,
        /// Why.
        #[source]
        source: ArrowError,
    },
    /// Reading rows failed.
    #[error("table \"{table}\": reading failed")]
    Read {
        /// The table.
        table: Table,
        /// Why.
        #[source]
        source: Box<DataFusionError>,
    },
    /// A file operation failed.
    #[error("{action} \"{}\" failed", .path.display())]
    File {
        /// "open", "sync", ...
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// An object store operation failed.
    #[error("storage: {action} failed")]
    Object {
        /// What was being done.
        action: &'static str,
        /// Why.
        #[source]
        source: object_store::Error,
    },
    /// The state database failed.
    #[error("state database: {action} failed")]
    State {
        /// What was being done.
        action: &'static str,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// The state database is of a newer or altered schema.
    #[error("state database: schema could not be brought up to date")]
    Migration(#[source] sqlx::migrate::MigrateError),
}

impl StoreError {
    /// Wraps a refusal of Delta with the table and the action.
    pub(super) fn delta(table: Table, action: &'static str) -> impl FnOnce(DeltaTableError) -> Self {
        move |source| StoreError::Delta { table, action, source: Box::new(source) }
    }

    /// Wraps a failure of the state database with the action.
    pub(super) fn state(action: &'static str) -> impl FnOnce(sqlx::Error) -> Self {
        move |source| StoreError::State { action, source }
    }

    /// Wraps a failure of reading rows.
    pub(super) fn read(table: Table) -> impl FnOnce(DataFusionError) -> Self {
        move |source| StoreError::Read { table, source: Box::new(source) }
    }
}

impl Coded for StoreError {
    fn code(&self) -> ErrorCode {
        match self {
            StoreError::Locked { .. } | StoreError::Raced { .. } => ErrorCode::Conflict,
            StoreError::NoTable { .. } => ErrorCode::NotReady,
            StoreError::Address { .. } => ErrorCode::BadDeclaration,
            StoreError::ReadOnly | StoreError::Column { .. } | StoreError::Value { .. } | StoreError::Arrow { .. } => {
                ErrorCode::Internal
            }
            StoreError::Delta { .. }
            | StoreError::Read { .. }
            | StoreError::File { .. }
            | StoreError::Object { .. }
            | StoreError::State { .. }
            | StoreError::Migration(_) => ErrorCode::Storage,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            StoreError::Locked { holder, .. } => Some(format!(
                "Stop process {holder} (a running server also pulls feeds and computes), or ask it over HTTP instead."
            )),
            StoreError::NoTable { .. } => Some("Run an ingest first; it creates the tables.".to_owned()),
            StoreError::Raced { .. } => Some(
                "Only one process may write to a lake; look for a second server with the same storage address."
                    .to_owned(),
            ),
            StoreError::Migration(_) => {
                Some("Use the version of the program that last wrote this data folder, or a newer one.".to_owned())
            }
            StoreError::ReadOnly
            | StoreError::Address { .. }
            | StoreError::Column { .. }
            | StoreError::Value { .. }
            | StoreError::Delta { .. }
            | StoreError::Arrow { .. }
            | StoreError::Read { .. }
            | StoreError::File { .. }
            | StoreError::Object { .. }
            | StoreError::State { .. } => None,
        }
    }
}
