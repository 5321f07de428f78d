//! The state database: rows that change in place, in SQLite.
//!
//! Leases, due times and runs of jobs ([`Lease`], [`JobState`], [`JobRun`]). Nothing here is a source of figures: without
//! the file every job is run once more.

mod job;

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};

pub use self::job::{JobRun, JobState, Lease, NewJobRun, RunEnd};
use super::StoreError;

/// How long a statement waits for another process.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// The state database of one data folder. Clones share its connections.
#[derive(Debug, Clone)]
pub struct State {
    pool: SqlitePool,
}

impl State {
    /// Opens the database, creating it and bringing its schema up to date. The folder must exist.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY_TIMEOUT);
        let pool = SqlitePoolOptions::new()
            .max_connections(4)
            .connect_with(options)
            .await
            .map_err(StoreError::state("open"))?;
        migrations().run(&pool).await.map_err(StoreError::Migration)?;
        Ok(Self { pool })
    }

    /// Closes the database after what is running.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// The schema's history; files are never changed once released.
fn migrations() -> Migrator {
    let jobs = include_str!("../migrations/0001_jobs.sql");
    Migrator::with_migrations(vec![Migration::new(1, "jobs".into(), MigrationType::Simple, jobs.into_sql_str(), false)])
}

fn micros(at: DateTime<Utc>) -> i64 {
    at.timestamp_micros()
}

/// Back from a stored instant; the engine stores none that chrono cannot hold.
fn instant(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(micros).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
