//! `toancanh sample DIR`: synthetic feeds of any size, in the feeds' own formats.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::{Failure, output, sample_cases};
use crate::app::AppError;
use crate::catalog;
use crate::config::Config;
use crate::domain::Period;
use crate::error::ErrorCode;
use crate::sample::cases::{CaseGenerator, CaseOptions};
use crate::sample::{FolderSink, SampleOptions, generate};

/// Write sample feeds of any size, the same bytes for the same seed.
#[derive(Debug, Args)]
pub struct Sample {
    /// Folder to write to.
    dir: PathBuf,
    /// Months from January 2019; default to June 2022.
    #[arg(long, default_value_t = 42)]
    months: u16,
    /// Citizens' reports, from 2021 on.
    #[arg(long, default_value_t = SampleOptions::committed().cases)]
    cases: u64,
    /// Seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How the reports are written: as the case system exports them, or as the columns of the table `cases`.
    #[arg(long, value_enum, default_value_t = CaseFormat::Csv)]
    case_format: CaseFormat,
    /// With `--case-format parquet`: also what happened to the reports (CSV always has it).
    #[arg(long)]
    events: bool,
    /// With `--case-format parquet`: share of reports that are wrong on purpose, 0 to 1.
    #[arg(long, default_value_t = 0.0)]
    bad_share: f64,
}

/// How cases are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CaseFormat {
    /// Zipped CSV, two files a month.
    Csv,
    /// Parquet, about a million rows a file.
    Parquet,
}

impl Sample {
    /// Writes the feeds.
    pub fn run(self, config: &Config) -> Result<ExitCode, Failure> {
        let from = Period::month(2019, 1).expect("January is a month");
        if self.months == 0 {
            return Err(Failure::new(ErrorCode::BadRequest, "--months 0 is no sample", None));
        }
        if !(0.0..=1.0).contains(&self.bad_share) {
            let hint = Some("Write a share such as 0.01.".to_owned());
            return Err(Failure::new(ErrorCode::BadRequest, "--bad-share is not between 0 and 1", hint));
        }
        let to = from.offset(i32::from(self.months) - 1);
        let mut options = SampleOptions { seed: self.seed, from, to, cases: self.cases };
        let catalog = catalog::load(&config.catalog.dir).map_err(AppError::from)?;
        let columns = self.case_format == CaseFormat::Parquet;
        let of_cases = CaseOptions::of_sample(&options, &catalog.areas, &catalog.calendar).filter(|_| columns);
        if columns {
            options.cases = 0;
        }
        let mut sink = FolderSink::new(&self.dir);
        let mut sample = generate(&catalog.areas, &catalog.calendar, &options, &mut sink)?;
        if let Some(of_cases) = of_cases {
            let bad_share = self.bad_share.max(of_cases.bad_share);
            let cases = CaseGenerator::new(&CaseOptions { bad_share, ..of_cases }, &catalog.areas, &catalog.calendar);
            let truth = sample_cases::write(&cases, &self.dir, self.events);
            sample.cases =
                truth.map_err(|e| Failure::new(ErrorCode::Storage, format!("cannot write the cases: {e}"), None))?;
        }
        output::print_line(&format!(
            "{} observations, {} plan values and {} cases with {} events from {} to {} in \"{}\"",
            sample.truth.len(),
            sample.targets.len(),
            sample.cases.cases,
            sample.cases.events,
            options.from,
            options.to,
            self.dir.display()
        ))?;
        Ok(ExitCode::SUCCESS)
    }
}
