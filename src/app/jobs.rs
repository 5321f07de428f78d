//! What runs on schedule: feeds with the refresh that follows, upkeep of the tables, reports.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;

use super::reports::ReportJob;
use super::{App, AppError, labels};
use crate::compute::Engine;
use crate::domain::Clock;
use crate::feed::{FeedJob, Feeds, IngestReport};
use crate::job::{Cron, Job, JobFailed, JobSchedule, JobSettings, Occasion};
use crate::store::{Lake, State, Upkeep};
use crate::telemetry::Metrics;

/// When small files are merged and the logs shortened: nightly. When dropped files are removed: Sundays.
const UPKEEP: [(&str, Upkeep, &str); 4] = [
    ("upkeep/compact", Upkeep::Compact, "0 10 2 * * *"),
    ("upkeep/checkpoint", Upkeep::Checkpoint, "0 40 2 * * *"),
    ("upkeep/vacuum", Upkeep::VacuumLite, "0 10 3 * * SUN"),
    ("upkeep/vacuum-full", Upkeep::VacuumFull, "0 40 3 1 * *"),
];

/// Counts the runs of a report.
pub fn count(metrics: &Metrics, report: &IngestReport) {
    for run in &report.runs {
        metrics.runs.get_or_create(&labels(&report.feed, run.outcome.as_str())).inc();
    }
}

/// All jobs of the process.
pub fn schedule(app: &App, feeds: &Arc<Feeds>, state: State) -> Result<JobSchedule, AppError> {
    let settings = JobSettings {
        owner: format!("process {}", std::process::id()),
        lease: Duration::from_secs(60),
        jitter: Duration::from_secs(20),
        seed: u64::from(std::process::id()),
    };
    let mut schedule = JobSchedule::new(state, Arc::clone(&app.clock), settings);
    let pulls = if app.config.feeds.scheduled { feeds.jobs() } else { Vec::new() };
    for (job, cron) in pulls {
        let cron: Cron = cron.parse().map_err(AppError::Cron)?;
        let job = FeedThenRefresh { job, engine: Arc::clone(&app.engine), metrics: Arc::clone(&app.metrics) };
        schedule.add(Arc::new(job), cron);
    }
    for (name, kind, cron) in UPKEEP {
        let cron: Cron = cron.parse().map_err(AppError::Cron)?;
        let job = UpkeepJob { name, kind, lake: Arc::clone(&app.lake), clock: Arc::clone(&app.clock) };
        schedule.add(Arc::new(job), cron);
    }
    if let Some(cron) = &app.config.reports.schedule {
        let cron: Cron = cron.parse().map_err(AppError::Cron)?;
        let job = ReportJob {
            desk: Arc::clone(&app.desk),
            engine: Arc::clone(&app.engine),
            feeds: Arc::clone(&app.declared),
            clock: Arc::clone(&app.clock),
            folder: app.config.reports_dir(),
        };
        schedule.add(Arc::new(job), cron);
    }
    Ok(schedule)
}

/// A feed's pull, then the figures that follow from it.
struct FeedThenRefresh {
    job: FeedJob,
    engine: Arc<Engine>,
    metrics: Arc<Metrics>,
}

#[async_trait]
impl Job for FeedThenRefresh {
    fn name(&self) -> &str {
        self.job.name()
    }

    async fn run(&self, occasion: Occasion) -> Result<String, JobFailed> {
        let pulled = self.job.run(occasion).await;
        let words = pulled.as_ref().map_or("failed", |_| "done");
        self.metrics.runs.get_or_create(&labels(self.job.name(), words)).inc();
        // Even a failed pull may have brought in what an earlier process kept.
        refresh(&self.engine, &self.metrics).await?;
        pulled
    }
}

/// Brings the served figures up to what the tables hold.
pub async fn refresh(engine: &Engine, metrics: &Metrics) -> Result<(), JobFailed> {
    let failed = |e: crate::compute::ComputeError| JobFailed { words: format!("figures were not refreshed: {e}") };
    let began = Instant::now();
    let refreshed = engine.refresh().await.map_err(failed)?;
    metrics.refresh_seconds.set(began.elapsed().as_secs_f64());
    if refreshed.indicators > 0 {
        tracing::info!(
            facts = refreshed.facts,
            indicators = refreshed.indicators,
            duration_ms = began.elapsed().as_millis() as u64,
            "{} indicators follow from {} changed facts",
            refreshed.indicators,
            refreshed.facts
        );
    }
    engine.publish().await.map_err(failed)?;
    Ok(())
}

/// Upkeep of all tables.
struct UpkeepJob {
    name: &'static str,
    kind: Upkeep,
    lake: Arc<Lake>,
    clock: Arc<dyn Clock>,
}

#[async_trait]
impl Job for UpkeepJob {
    fn name(&self) -> &str {
        self.name
    }

    async fn run(&self, _occasion: Occasion) -> Result<String, JobFailed> {
        let reports = self.lake.upkeep(self.kind, self.clock.now()).await;
        let reports = reports.map_err(|e| JobFailed { words: e.to_string() })?;
        let (removed, added) =
            reports.iter().fold((0, 0), |(r, a), report| (r + report.files_removed, a + report.files_added));
        Ok(format!("{removed} files removed, {added} written"))
    }
}
