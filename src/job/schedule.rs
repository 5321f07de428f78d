//! All jobs at their times. The ticking is tokio-cron-scheduler's; what it lacks is here: it starts a job although the
//! last run still goes on, forgets what was due while the process was down, and leaves running jobs behind.

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_cron_scheduler::{Job as TickingJob, JobScheduler, JobSchedulerError};
use tokio_util::sync::CancellationToken;

use super::runner::{Entry, Ran, Runner};
use super::{Cron, Job};
use crate::domain::Clock;
use crate::domain::vintage::CITY_TZ;
use crate::error::{Coded, ErrorCode};
use crate::store::{State, StoreError};

/// How a schedule runs its jobs.
#[derive(Debug, Clone)]
pub struct JobSettings {
    /// Who we are, in leases: host and process.
    pub owner: String,
    /// How long a lease lasts unless renewed.
    pub lease: Duration,
    /// A run begins up to this much after its due time.
    pub jitter: Duration,
    /// Seed of the jitter.
    pub seed: u64,
}

/// A schedule that could not begin.
#[derive(Debug, thiserror::Error)]
pub enum JobScheduleError {
    /// The ticking scheduler refused.
    #[error("the schedule could not begin")]
    Ticking(#[from] JobSchedulerError),
    /// The state database failed.
    #[error("the state of jobs could not be read")]
    State(#[from] StoreError),
}

impl Coded for JobScheduleError {
    fn code(&self) -> ErrorCode {
        match self {
            JobScheduleError::Ticking(_) => ErrorCode::Internal,
            JobScheduleError::State(error) => error.code(),
        }
    }
}

/// Jobs with their times, not yet running.
pub struct JobSchedule {
    runner: Runner,
    jitter: Duration,
    entries: Vec<Entry>,
}

impl JobSchedule {
    /// An empty schedule.
    pub fn new(state: State, clock: Arc<dyn Clock>, settings: JobSettings) -> Self {
        let JobSettings { owner, lease, jitter, seed } = settings;
        let (stop, runs) = (CancellationToken::new(), AtomicU64::new(0));
        Self { runner: Runner { state, clock, owner, lease, seed, stop, runs }, jitter, entries: Vec::new() }
    }

    /// Adds a job at the times of a cron expression.
    pub fn add(&mut self, job: Arc<dyn Job>, cron: Cron) {
        self.entries.push(Entry { job, cron, jitter: self.jitter });
    }

    /// Begins: jobs that missed a due time run once now, all others when they are due.
    ///
    /// Only the one writing process of a lake may begin a schedule; whoever held a lease before it is dead, so all
    /// leases are cleared.
    pub async fn start(self) -> Result<RunningSchedule, JobScheduleError> {
        self.runner.state.clear_leases().await?;
        let running = RunningSchedule {
            runner: Arc::new(self.runner),
            entries: Arc::new(self.entries),
            tasks: Arc::new(Mutex::new(JoinSet::new())),
            ticking: JobScheduler::new().await?,
        };
        for index in 0..running.entries.len() {
            let tick = running.spawner(index);
            let cron = running.entries[index].cron.as_str().to_owned();
            let job = TickingJob::new_async_tz(cron, CITY_TZ, move |_, _| {
                tick();
                Box::pin(std::future::ready(()))
            })?;
            running.ticking.add(job).await?;
        }
        running.ticking.start().await?;
        // Catch-up is the same as a tick: run for the newest due time unless that was done. However many were missed.
        for index in 0..running.entries.len() {
            running.spawner(index)();
        }
        Ok(running)
    }
}

/// A schedule at work. Dropping it ends its jobs at once; [`RunningSchedule::shutdown`] lets them finish.
pub struct RunningSchedule {
    runner: Arc<Runner>,
    entries: Arc<Vec<Entry>>,
    tasks: Arc<Mutex<JoinSet<()>>>,
    ticking: JobScheduler,
}

impl RunningSchedule {
    /// Stops the ticking, asks running jobs to stop, waits for them up to `grace`, then ends what is left. Gives the
    /// number of jobs that had to be ended.
    pub async fn shutdown(mut self, grace: Duration) -> usize {
        if let Err(error) = self.ticking.shutdown().await {
            tracing::warn!(error = %error, "the ticking of the schedule could not be stopped");
        }
        self.runner.stop.cancel();
        let mut tasks = std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        let drained = async { while tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(grace, drained).await.is_ok() {
            return 0;
        }
        let left = tasks.len();
        tracing::warn!(left, "{left} jobs did not stop within {} s and are ended", grace.as_secs_f64());
        tasks.shutdown().await;
        left
    }

    /// What begins a run of a job in the background.
    fn spawner(&self, index: usize) -> impl Fn() + Send + Sync + use<> {
        let (runner, entries, tasks) = (self.runner.clone(), self.entries.clone(), self.tasks.clone());
        move || {
            let (runner, entry) = (runner.clone(), entries[index].clone());
            let mut tasks = tasks.lock().unwrap_or_else(PoisonError::into_inner);
            // Runs that have ended are let go of, so that the set holds only what is running.
            while tasks.try_join_next().is_some() {}
            tasks.spawn(async move { log(entry.job.name(), &runner.run_due(&entry).await) });
        }
    }
}

fn log(name: &str, ran: &Result<Ran, StoreError>) {
    match ran {
        Ok(Ran::Done(words)) => tracing::info!(job = name, "job {name}: {words}"),
        Ok(Ran::Failed(words)) => tracing::warn!(job = name, "job {name} failed: {words}"),
        Ok(Ran::Overlapped) => tracing::warn!(job = name, "job {name} is still running and is not begun again"),
        Ok(Ran::AlreadyDone | Ran::NotBegun) => tracing::debug!(job = name, "job {name} has nothing to do"),
        Err(error) => tracing::error!(job = name, error = %error, "job {name} could not be run: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

    use async_trait::async_trait;
    use chrono::{DateTime, Utc};

    use super::super::{JobFailed, Occasion};
    use super::*;

    /// A clock that the test moves.
    #[derive(Debug)]
    struct Hand(AtomicI64);

    impl Hand {
        fn at(text: &str) -> Arc<Self> {
            Arc::new(Self(AtomicI64::new(text.parse::<DateTime<Utc>>().unwrap().timestamp())))
        }

        fn move_to(&self, text: &str) {
            self.0.store(text.parse::<DateTime<Utc>>().unwrap().timestamp(), Ordering::SeqCst);
        }
    }

    impl Clock for Hand {
        fn now(&self) -> DateTime<Utc> {
            DateTime::from_timestamp(self.0.load(Ordering::SeqCst), 0).unwrap()
        }
    }

    /// A job that counts itself.
    #[derive(Default)]
    struct Counting {
        runs: AtomicUsize,
        running: AtomicUsize,
        most: AtomicUsize,
        lasts: Duration,
        fails: bool,
        panics: bool,
    }

    #[async_trait]
    impl Job for Counting {
        fn name(&self) -> &str {
            "gso"
        }

        async fn run(&self, occasion: Occasion) -> Result<String, JobFailed> {
            self.runs.fetch_add(1, Ordering::SeqCst);
            let running = self.running.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(running, Ordering::SeqCst);
            assert!(!self.panics, "the job breaks");
            tokio::select! {
                () = tokio::time::sleep(self.lasts) => {}
                () = occasion.stop.cancelled() => {}
            }
            self.running.fetch_sub(1, Ordering::SeqCst);
            if self.fails {
                Err(JobFailed { words: "no answer".to_owned() })
            } else {
                Ok(format!("due {}", occasion.due))
            }
        }
    }

    const DAILY: &str = "0 30 7 * * *";

    fn settings() -> JobSettings {
        JobSettings { owner: "test".into(), lease: Duration::from_secs(60), jitter: Duration::ZERO, seed: 1 }
    }

    async fn state() -> (tempfile::TempDir, State) {
        let folder = tempfile::tempdir().unwrap();
        let state = State::open(&folder.path().join("state.db")).await.unwrap();
        (folder, state)
    }

    fn schedule(state: &State, clock: &Arc<Hand>, job: &Arc<Counting>, cron: &str) -> JobSchedule {
        let mut schedule = JobSchedule::new(state.clone(), clock.clone(), settings());
        schedule.add(job.clone(), cron.parse().unwrap());
        schedule
    }

    async fn run(state: &State, clock: &Arc<Hand>, job: &Arc<Counting>) -> Ran {
        let schedule = schedule(state, clock, job, DAILY);
        schedule.runner.run_due(&schedule.entries[0]).await.unwrap()
    }

    /// Starts the process, gives catch-up the time it needs, and ends it.
    async fn process(state: &State, clock: &Arc<Hand>, job: &Arc<Counting>) {
        let running = schedule(state, clock, job, DAILY).start().await.unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(running.shutdown(Duration::from_secs(5)).await, 0);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn after_a_downtime_a_job_is_caught_up_with_exactly_once() {
        let (_folder, state) = state().await;
        let (clock, job) = (Hand::at("2022-05-25T01:00:00Z"), Arc::new(Counting::default()));
        process(&state, &clock, &job).await;
        assert_eq!(job.runs.load(Ordering::SeqCst), 1, "never run before: due since 7:30");
        process(&state, &clock, &job).await;
        assert_eq!(job.runs.load(Ordering::SeqCst), 1, "started again on the same morning");
        clock.move_to("2022-05-29T01:00:00Z");
        process(&state, &clock, &job).await;
        process(&state, &clock, &job).await;
        assert_eq!(job.runs.load(Ordering::SeqCst), 2, "four missed mornings are one run");
        let runs = state.runs_of("gso", 9).await.unwrap();
        assert_eq!(runs[0].due.to_rfc3339(), "2022-05-29T00:30:00+00:00");
        assert_eq!(runs.len(), 2);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_failed_run_is_not_done() {
        let (_folder, state) = state().await;
        let clock = Hand::at("2022-05-25T01:00:00Z");
        let failing = Arc::new(Counting { fails: true, ..Counting::default() });
        assert_eq!(run(&state, &clock, &failing).await, Ran::Failed("no answer".into()));
        let job = Arc::new(Counting::default());
        assert!(matches!(run(&state, &clock, &job).await, Ran::Done(_)));
        assert_eq!(run(&state, &clock, &job).await, Ran::AlreadyDone);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_panic_ends_the_run_and_frees_the_lease() {
        let (_folder, state) = state().await;
        let clock = Hand::at("2022-05-25T01:00:00Z");
        let breaking = Arc::new(Counting { panics: true, ..Counting::default() });
        assert!(matches!(run(&state, &clock, &breaking).await, Ran::Failed(words) if words.contains("broke off")));
        assert!(matches!(run(&state, &clock, &Arc::new(Counting::default())).await, Ran::Done(_)));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn two_runs_of_one_job_never_overlap() {
        let (_folder, state) = state().await;
        let clock = Hand::at("2022-05-25T01:00:00Z");
        let job = Arc::new(Counting { lasts: Duration::from_millis(100), ..Counting::default() });
        let mut runs = JoinSet::new();
        for _ in 0..6 {
            let (state, clock, job) = (state.clone(), clock.clone(), job.clone());
            runs.spawn(async move { run(&state, &clock, &job).await });
        }
        let ran = runs.join_all().await;
        assert_eq!(ran.iter().filter(|ran| matches!(ran, Ran::Done(_))).count(), 1);
        assert_eq!(job.most.load(Ordering::SeqCst), 1);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn ticks_run_jobs_and_a_shutdown_lets_them_finish() {
        let (_folder, state) = state().await;
        #[derive(Debug)]
        struct Machine;
        impl Clock for Machine {
            fn now(&self) -> DateTime<Utc> {
                std::time::SystemTime::now().into()
            }
        }
        let job = Arc::new(Counting { lasts: Duration::from_secs(60), ..Counting::default() });
        let mut schedule = JobSchedule::new(state.clone(), Arc::new(Machine), settings());
        schedule.add(job.clone(), "* * * * * *".parse().unwrap());
        let running = schedule.start().await.unwrap();
        tokio::time::sleep(Duration::from_millis(2_500)).await;
        assert_eq!(job.runs.load(Ordering::SeqCst), 1, "ticks that find it running pass");
        assert_eq!(running.shutdown(Duration::from_secs(5)).await, 0);
        let runs = state.runs_of("gso", 9).await.unwrap();
        assert!(runs[0].end.as_ref().unwrap().ok, "it saw the end coming and stopped by itself");
        assert_eq!(job.running.load(Ordering::SeqCst), 0);
    }
}
