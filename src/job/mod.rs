//! Jobs: schedule, lease, catch-up, run log.
//!
//! A [`Job`] is work with a name that may be done again without harm. [`JobSchedule`] runs it at the times of a cron
//! expression in the city's time, never twice at once, once after a downtime for all the times it missed, and lets it
//! finish before the process ends. When a job was due and how it ended stands in the state database. Nothing here
//! knows what a job does.

mod cron;
mod runner;
mod schedule;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use tokio_util::sync::CancellationToken;

pub use cron::{Cron, CronInvalid};
pub use schedule::{JobSchedule, JobScheduleError, JobSettings, RunningSchedule};

/// Work that may be done again without harm.
#[async_trait]
pub trait Job: Send + Sync {
    /// The stable name; leases and runs are kept under it.
    fn name(&self) -> &str;

    /// Does the work and says in words what was done.
    async fn run(&self, occasion: Occasion) -> Result<String, JobFailed>;
}

/// Why a job runs now.
#[derive(Debug, Clone)]
pub struct Occasion {
    /// The time it was due at.
    pub due: DateTime<Utc>,
    /// Cancelled when the process is about to end: stop at the next point where nothing is half done.
    pub stop: CancellationToken,
}

/// A job that did not do what it should, in words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{words}")]
pub struct JobFailed {
    /// Why.
    pub words: String,
}
