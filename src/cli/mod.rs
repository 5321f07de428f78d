//! The command line: one file per command. A command parses, calls and prints.
//!
//! Exit codes: 0 ok, 1 failed, 2 usage. Errors are one sentence with its causes, then a hint where there is one.

mod catalog;
mod chart;
mod compute;
mod count;
mod demo;
mod infographic;
mod ingest;
mod output;
mod read;
mod report;
mod sample;
mod sample_cases;
mod series;
mod serve;
mod sql;
mod upkeep;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::app::AppError;
use crate::config::Config;
use crate::error::{Coded, ErrorCode};
use crate::telemetry;

/// The overall picture of a city: official figures and their every version, asked for by month, quarter and year.
#[derive(Debug, Parser)]
#[command(name = "toancanh", version, about, arg_required_else_help = true)]
struct Arguments {
    /// Configuration file (TOML); `TOANCANH_*` variables override it.
    #[arg(long, global = true, value_name = "FILE", env = "TOANCANH_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Sample feeds -> ./data -> compute -> serve on 127.0.0.1:8022.
    Demo(demo::Demo),
    /// Serve the API, pull feeds on schedule.
    Serve(serve::Serve),
    /// Pull feeds now.
    Ingest(ingest::Ingest),
    /// Compute what changed and write the tables of figures.
    Compute(compute::Compute),
    /// Check or list the catalogue.
    #[command(subcommand)]
    Catalog(catalog::Catalog),
    /// Values of one indicator.
    Series(series::Series),
    /// A chart as SVG or PNG.
    Chart(Box<chart::Chart>),
    /// An infographic as PDF, PNG or SVG.
    Infographic(infographic::InfographicCommand),
    /// A report as PDF, workbook or picture.
    Report(report::Report),
    /// One read-only SQL statement.
    Sql(sql::Sql),
    /// Exports of cases counted by month, without taking them in.
    Count(count::Count),
    /// Any statistical file as tidy rows, without a mapping.
    Read(read::Read),
    /// Write sample feeds of any size.
    Sample(sample::Sample),
    /// Merge small files, write checkpoints, remove what is no longer needed.
    Upkeep(upkeep::UpkeepCommand),
}

/// A command that failed: what happened, what to do, how to exit.
#[derive(Debug)]
pub struct Failure {
    message: String,
    hint: Option<String>,
    code: ErrorCode,
}

impl Failure {
    fn new(code: ErrorCode, message: impl Into<String>, hint: Option<String>) -> Self {
        Self { message: message.into(), hint, code }
    }
}

impl<E: Coded> From<E> for Failure {
    fn from(error: E) -> Self {
        let mut message = error.to_string();
        let mut cause = error.source();
        while let Some(next) = cause {
            let text = next.to_string();
            if !message.ends_with(&text) {
                message.push_str(": ");
                message.push_str(&text);
            }
            cause = next.source();
        }
        Self { message, hint: error.hint(), code: error.code() }
    }
}

/// Parses the command line and runs the command.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    match dispatch(arguments) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("error: {}", failure.message);
            if let Some(hint) = failure.hint {
                eprintln!("  hint: {hint}");
            }
            ExitCode::from(failure.code.exit_code())
        }
    }
}

fn dispatch(arguments: Arguments) -> Result<ExitCode, Failure> {
    let config = Config::load(arguments.config.as_deref())?;
    let default = if matches!(arguments.command, Command::Serve(_)) { "warn,toancanh=info" } else { "warn" };
    telemetry::start_logging(&config.log, default);
    let runtime = crate::app::worker_runtime().map_err(AppError::Runtime)?;
    runtime.block_on(async {
        match arguments.command {
            Command::Demo(command) => command.run(config).await,
            Command::Serve(command) => command.run(config).await,
            Command::Ingest(command) => command.run(config).await,
            Command::Compute(command) => command.run(config).await,
            Command::Catalog(command) => command.run(&config),
            Command::Series(command) => command.run(config).await,
            Command::Chart(command) => command.run(config).await,
            Command::Infographic(command) => command.run(config).await,
            Command::Report(command) => command.run(config).await,
            Command::Sql(command) => command.run(config).await,
            Command::Upkeep(command) => command.run(config).await,
            Command::Count(command) => command.run(&config),
            Command::Read(command) => command.run(),
            Command::Sample(command) => command.run(&config),
        }
    })
}
