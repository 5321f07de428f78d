//! `toancanh upkeep`.

use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::{Failure, output};
use crate::app::App;
use crate::config::Config;
use crate::store::Upkeep;

/// Merge small files, write checkpoints, remove what is no longer needed.
#[derive(Debug, Args)]
pub struct UpkeepCommand {
    /// Which kind; default all but the full listing.
    #[arg(value_enum)]
    kind: Option<Kind>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    Compact,
    Checkpoint,
    Vacuum,
    VacuumFull,
}

impl UpkeepCommand {
    /// Does the upkeep and says what it did.
    pub async fn run(self, config: Config) -> Result<ExitCode, Failure> {
        let app = App::open_writer(config).await?;
        let kinds = match self.kind {
            Some(Kind::Compact) => vec![Upkeep::Compact],
            Some(Kind::Checkpoint) => vec![Upkeep::Checkpoint],
            Some(Kind::Vacuum) => vec![Upkeep::VacuumLite],
            Some(Kind::VacuumFull) => vec![Upkeep::VacuumFull],
            None => vec![Upkeep::Compact, Upkeep::Checkpoint, Upkeep::VacuumLite],
        };
        for kind in kinds {
            for report in app.upkeep(kind).await? {
                output::print_line(&format!(
                    "{kind:?} {}: {} files removed, {} written",
                    report.table, report.files_removed, report.files_added
                ))?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
