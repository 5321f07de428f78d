//! `toancanh count FILE.parquet..`: exports of cases counted without taking them in.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;
use serde::Serialize;

use super::{Failure, output};
use crate::cases::Cut;
use crate::cases::monthly::{CaseMeasure, Member, Scope};
use crate::catalog;
use crate::compute::case_exports::{ExportCounts, count_exports};
use crate::config::Config;
use crate::domain::case::Moment;
use crate::domain::{Freq, Period, Vintage};
use crate::error::ErrorCode;

/// Count exports of cases (Parquet, columns of table `cases`) by month, without taking them in.
#[derive(Debug, Args)]
pub struct Count {
    /// Parquet files, or folders of them.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// As known on a day or at an instant; default now.
    #[arg(long)]
    as_of: Option<Vintage>,
    /// Whole city, or one line per district or authority.
    #[arg(long, default_value = "city", value_parser = ["city", "district", "org"])]
    by: String,
    /// table, csv or json.
    #[arg(long, default_value = "table", value_parser = ["table", "csv", "json"])]
    format: String,
    /// Deadlines of indicators/deadlines.toml for cases without a due time.
    #[arg(long)]
    deadlines: bool,
}

/// One month of one group.
#[derive(Debug, Serialize)]
struct Line {
    unit: String,
    month: String,
    received: u32,
    closed: u32,
    closed_on_time: u32,
    due: u32,
    overdue: u32,
    open: u32,
    open_overdue: u32,
}

impl Count {
    /// Counts and prints.
    pub fn run(self, config: &Config) -> Result<ExitCode, Failure> {
        let catalog = catalog::load(&config.catalog.dir).map_err(crate::app::AppError::from)?;
        let files = files_of(&self.files)?;
        let began = Instant::now();
        let as_of = self.as_of.unwrap_or_else(|| Vintage::from_instant(chrono::Utc::now()));
        let cut = Moment::from_vintage(as_of).map_or(Cut::NONE, Cut::as_of);
        let deadlines = self.deadlines.then_some(&catalog.deadlines);
        let counts = count_exports(&catalog, &files, cut, deadlines)?;
        let lines = lines_of(&counts, &self.by);
        print(&lines, &self.format)?;
        let received: u64 = lines.iter().map(|line| u64::from(line.received)).sum();
        eprintln!("{received} cases of {} files counted in {:.2} s", files.len(), began.elapsed().as_secs_f64());
        Ok(ExitCode::SUCCESS)
    }
}

fn files_of(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let entries = std::fs::read_dir(path).map_err(|e| unreadable(path, &e))?;
            files.extend(entries.flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "parquet")));
        } else {
            files.push(path.clone());
        }
    }
    files.sort();
    match files.is_empty() {
        true => Err(Failure::new(ErrorCode::NotFound, "there are no Parquet files", None)),
        false => Ok(files),
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(ErrorCode::Storage, format!("cannot read \"{}\": {error}", path.display()), None)
}

fn lines_of(counts: &ExportCounts, by: &str) -> Vec<Line> {
    let series = counts.monthly.series(&counts.codes);
    let groups: Vec<(String, Scope)> = match by {
        "district" => {
            let name = |place: u16| counts.codes.places.place(place).code.to_string();
            series.districts().map(|place| (name(place), Scope::District(place))).collect()
        }
        "org" => series.orgs().map(|org| (counts.codes.orgs.code(org).to_string(), Scope::Org(org))).collect(),
        _ => vec![("city".to_owned(), Scope::City)],
    };
    let mut lines = Vec::new();
    for (unit, scope) in groups {
        let of = |measure| series.of(measure, scope, Member::Total).unwrap_or_default();
        let all = [
            CaseMeasure::Received,
            CaseMeasure::Closed,
            CaseMeasure::ClosedOnTime,
            CaseMeasure::Due,
            CaseMeasure::Overdue,
            CaseMeasure::Open,
            CaseMeasure::OpenOverdue,
        ]
        .map(of);
        for (k, month) in series.months().enumerate() {
            let [received, closed, closed_on_time, due, overdue, open, open_overdue] =
                [0, 1, 2, 3, 4, 5, 6].map(|m: usize| all[m].get(k).copied().unwrap_or(0));
            let month = Period::from_index(Freq::M, month).to_string();
            lines.push(Line {
                unit: unit.clone(),
                month,
                received,
                closed,
                closed_on_time,
                due,
                overdue,
                open,
                open_overdue,
            });
        }
    }
    lines
}

fn print(lines: &[Line], format: &str) -> Result<(), Failure> {
    if format == "json" {
        return output::print_line(&serde_json::to_string_pretty(lines).expect("lines are plain"));
    }
    let head = ["unit", "month", "received", "closed", "closed_on_time", "due", "overdue", "open", "open_overdue"];
    let separator = if format == "csv" { "," } else { "\t" };
    output::print_line(&head.join(separator))?;
    for l in lines {
        let numbers = [l.received, l.closed, l.closed_on_time, l.due, l.overdue, l.open, l.open_overdue];
        let numbers = numbers.map(|n| n.to_string()).join(separator);
        output::print_line(&format!("{}{separator}{}{separator}{numbers}", l.unit, l.month))?;
    }
    Ok(())
}
