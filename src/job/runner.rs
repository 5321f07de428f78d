//! One run of one job: never two at once, never twice for one due time, always with an end in the run log.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use tokio_util::sync::CancellationToken;

use super::{Cron, Job, JobFailed, Occasion};
use crate::domain::Clock;
use crate::store::{Lease, NewJobRun, RunEnd, State, StoreError};

/// What runs of all jobs share.
#[derive(Debug)]
pub(super) struct Runner {
    pub state: State,
    pub clock: Arc<dyn Clock>,
    /// Who we are, in leases.
    pub owner: String,
    /// How long a lease lasts unless renewed; it is renewed three times as often.
    pub lease: Duration,
    /// Seed of the jitter.
    pub seed: u64,
    /// Cancelled when the process is about to end.
    pub stop: CancellationToken,
    /// Numbers the runs of this process.
    pub runs: AtomicU64,
}

/// A job and its times.
#[derive(Clone)]
pub(super) struct Entry {
    pub job: Arc<dyn Job>,
    pub cron: Cron,
    /// The run begins up to this much after its due time, so that many feeds do not begin in one second.
    pub jitter: Duration,
}

/// What became of a due time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ran {
    /// The job ran and did what it should.
    Done(String),
    /// The job ran and failed.
    Failed(String),
    /// The same job is still running.
    Overlapped,
    /// A run for this due time has already succeeded.
    AlreadyDone,
    /// The process ends, or no time was due yet.
    NotBegun,
}

impl Runner {
    /// Runs a job for its newest due time, unless that was done.
    pub async fn run_due(&self, entry: &Entry) -> Result<Ran, StoreError> {
        let Some(due) = entry.cron.last_due(self.clock.now()) else { return Ok(Ran::NotBegun) };
        if !self.wait(entry.jitter).await {
            return Ok(Ran::NotBegun);
        }
        self.run_for(entry, due).await
    }

    /// A random part of the jitter; `false` when the process ends meanwhile.
    async fn wait(&self, jitter: Duration) -> bool {
        let number = self.runs.fetch_add(1, Ordering::Relaxed);
        let share = ChaCha8Rng::seed_from_u64(self.seed.wrapping_add(number)).next_u32() as f64 / u32::MAX as f64;
        tokio::select! {
            () = tokio::time::sleep(jitter.mul_f64(share)) => !self.stop.is_cancelled(),
            () = self.stop.cancelled() => false,
        }
    }

    async fn run_for(&self, entry: &Entry, due: DateTime<Utc>) -> Result<Ran, StoreError> {
        let name = entry.job.name();
        let Some(lease) = self.acquire(name).await? else {
            return Ok(Ran::Overlapped);
        };
        // Asked under the lease, so that of two who want the same due time one sees that the other has done it.
        let last_ok = self.state.job(name).await?.and_then(|job| job.last_ok);
        if last_ok.is_some_and(|done| done >= due) {
            self.state.release_lease(&lease).await?;
            return Ok(Ran::AlreadyDone);
        }
        let run = NewJobRun { job: name.to_owned(), due, started_at: self.clock.now() };
        let id = self.state.begin_run(&run).await?;
        let result = self.run_leased(entry, due, &lease).await;
        let (ok, message) = match &result {
            Ok(words) => (true, words.clone()),
            Err(failed) => (false, failed.words.clone()),
        };
        let end = RunEnd { finished_at: self.clock.now(), ok, message: message.clone() };
        self.state.end_run(id, &end).await?;
        self.state.release_lease(&lease).await?;
        Ok(if ok { Ran::Done(message) } else { Ran::Failed(message) })
    }

    async fn acquire(&self, name: &str) -> Result<Option<Lease>, StoreError> {
        let now = self.clock.now();
        self.state.acquire_lease(name, &self.owner, now, now + self.lease).await
    }

    /// Runs the job in a task of its own, so that a panic ends the run and not the schedule, and renews the lease
    /// meanwhile. A lease that somebody else has taken stops the job.
    async fn run_leased(&self, entry: &Entry, due: DateTime<Utc>, lease: &Lease) -> Result<String, JobFailed> {
        let stop = self.stop.child_token();
        let (job, occasion) = (entry.job.clone(), Occasion { due, stop: stop.clone() });
        let mut running = tokio::spawn(async move { job.run(occasion).await });
        let _abandoned = AbortOnDrop(running.abort_handle());
        loop {
            tokio::select! {
                ended = &mut running => {
                    return ended.unwrap_or_else(|e| Err(JobFailed { words: format!("the job broke off: {e}") }));
                }
                () = tokio::time::sleep(self.lease / 3) => {
                    let until = self.clock.now() + self.lease;
                    if matches!(self.state.renew_lease(lease, until).await, Ok(None)) {
                        stop.cancel();
                    }
                }
            }
        }
    }
}

/// Ends the job's task when its run is given up, so that it does not go on unseen without a lease.
struct AbortOnDrop(tokio::task::AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
