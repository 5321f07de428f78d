//! `toancanh read FILE`: any statistical file as tidy rows, without a mapping.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::{Failure, output};
use crate::domain::text::format_vi;
use crate::error::ErrorCode;
use crate::format::{self, FormatError, Tidy};

/// Any statistical file (PC-Axis, JSON-stat, SDMX-ML, SDMX-CSV, SDMX-JSON, CSV, XLS, XLSX) as tidy rows.
#[derive(Debug, Args)]
pub struct Read {
    /// The file.
    file: PathBuf,
    /// How to print.
    #[arg(long, value_enum, default_value = "table")]
    format: ReadFormat,
    /// Rows shown as a table (csv and json give all).
    #[arg(long, default_value_t = 40)]
    rows: usize,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ReadFormat {
    Table,
    Csv,
    Json,
}

impl Read {
    /// Reads and prints.
    pub fn run(self) -> Result<ExitCode, Failure> {
        let name = self.file.to_string_lossy().into_owned();
        let bytes = std::fs::read(&self.file)
            .map_err(|e| Failure::new(ErrorCode::NotFound, format!("cannot read \"{name}\": {e}"), None))?;
        let tidy = format::read_any(&bytes, &name).map_err(|e: FormatError| {
            Failure::new(ErrorCode::BadSource, format!("\"{name}\": {e}"), Some(e.hint.clone()))
        })?;
        for note in &tidy.notes {
            eprintln!("note: {note}");
        }
        match self.format {
            ReadFormat::Table => output::print_line(&for_reading(&tidy, self.rows))?,
            ReadFormat::Csv => output::print_bytes(format::tidy_to_csv(&tidy).as_bytes())?,
            ReadFormat::Json => output::print_line(&format::tidy_to_json(&tidy).to_string())?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn for_reading(tidy: &Tidy, limit: usize) -> String {
    let mut headers: Vec<&str> = tidy.dimensions.iter().map(|d| d.code.as_str()).collect();
    headers.extend(["period", "value", "status"]);
    let value_column = headers.len() - 2;
    let rows = tidy.rows.iter().take(limit).map(|row| {
        let mut cells: Vec<String> = row.members.iter().zip(&tidy.dimensions).map(|(m, d)| label(m, d)).collect();
        cells.push(row.period.map_or_else(|| row.time.clone(), |p| p.to_string()));
        cells.push(row.value.map(plain_number).unwrap_or_default());
        cells.push(row.status.to_string());
        cells
    });
    let table = output::table(&headers, &[value_column], rows.collect());
    let title = tidy.title.as_deref().unwrap_or("(không có tên bảng)");
    let unit = tidy.unit.as_deref().map(|u| format!(" ({u})")).unwrap_or_default();
    let more = tidy.rows.len().saturating_sub(limit);
    let rest =
        if more > 0 { format!("\n… và {more} dòng nữa (--rows, hoặc --format csv)") } else { String::new() };
    format!("{title}{unit}\n{table}{rest}\n{} dòng", tidy.rows.len())
}

/// Code and label of a member where they differ.
fn label(member: &str, dimension: &format::TidyDimension) -> String {
    match dimension.members.get(member) {
        Some(label) if label != member && !label.is_empty() => format!("{member} {label}"),
        _ => member.to_owned(),
    }
}

/// A value with the decimals it has, at most six.
fn plain_number(value: f64) -> String {
    let decimals =
        (0..6).find(|d| (value - (value * 10f64.powi(*d)).round() / 10f64.powi(*d)).abs() < 1e-9).unwrap_or(6);
    format_vi(value, decimals as usize)
}
