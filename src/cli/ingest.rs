//! `toancanh ingest [FEED..]`: pull now, take the figures in, say what happened.

use std::process::ExitCode;

use clap::Args;

use super::{Failure, output};
use crate::app::App;
use crate::config::Config;
use crate::feed::IngestReport;
use crate::store::rows::RunOutcome;

/// Pull feeds now.
#[derive(Debug, Args)]
pub struct Ingest {
    /// Feed codes; default all.
    feeds: Vec<String>,
    /// Rebuild the tables of an empty lake from the raw snapshots that were kept, without asking any source.
    #[arg(long, conflicts_with = "feeds")]
    replay: bool,
}

impl Ingest {
    /// Pulls, or replays, and prints one line per feed.
    pub async fn run(self, config: Config) -> Result<ExitCode, Failure> {
        let app = App::open_writer(config).await?;
        let feeds = app.feeds()?;
        let mut reports: Vec<IngestReport> = Vec::new();
        if self.replay {
            app.replay(&feeds, |report| reports.push(report.clone())).await?;
        } else {
            app.ingest(&feeds, &self.feeds, |report| {
                // Said as it happens: a slow source should not look like a hanging program.
                eprintln!("{}: {}", report.feed, report.words());
                reports.push(report.clone());
            })
            .await?;
        }
        let new: i64 = reports.iter().flat_map(|r| &r.runs).map(|run| run.rows_new).sum();
        let rejected: i64 = reports.iter().flat_map(|r| &r.runs).map(|run| run.rows_rejected).sum();
        let bad = |run: &crate::store::rows::RunRow| matches!(run.outcome, RunOutcome::Refused | RunOutcome::Failed);
        let failed = reports.iter().filter(|r| r.runs.iter().any(bad) || r.pulled.failed > 0).count();
        output::print_line(&format!(
            "{} feeds: {new} new values, {rejected} rows rejected, {failed} feeds with trouble; {} figures served",
            reports.len(),
            app.engine().served().cube.cell_count()
        ))?;
        Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
