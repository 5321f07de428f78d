//! `toancanh sample DIR`: synthetic feeds of any size, in the feeds' own formats.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::{Failure, output};
use crate::app::AppError;
use crate::catalog;
use crate::config::Config;
use crate::domain::Period;
use crate::error::ErrorCode;
use crate::sample::{FolderSink, SampleOptions, generate};

/// Write sample feeds of any size, the same bytes for the same seed.
#[derive(Debug, Args)]
pub struct Sample {
    /// Folder to write to.
    dir: PathBuf,
    /// Months from January 2019; default to June 2022.
    #[arg(long, default_value_t = 42)]
    months: u16,
    /// Citizen cases (there is no case feed yet).
    #[arg(long, default_value_t = 0)]
    cases: u64,
    /// Seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Sample {
    /// Writes the feeds.
    pub fn run(self, config: &Config) -> Result<ExitCode, Failure> {
        let from = Period::month(2019, 1).expect("January is a month");
        if self.months == 0 {
            return Err(Failure::new(ErrorCode::BadRequest, "--months 0 is no sample", None));
        }
        let options =
            SampleOptions { seed: self.seed, from, to: from.offset(i32::from(self.months) - 1), cases: self.cases };
        let catalog = catalog::load(&config.catalog.dir).map_err(AppError::from)?;
        let mut sink = FolderSink::new(&self.dir);
        let sample = generate(&catalog.areas, &options, &mut sink)?;
        output::print_line(&format!(
            "{} observations and {} plan values from {} to {} in \"{}\"",
            sample.truth.len(),
            sample.targets.len(),
            options.from,
            options.to,
            self.dir.display()
        ))?;
        Ok(ExitCode::SUCCESS)
    }
}
