//! `toancanh sql "SELECT .."`.

use std::process::ExitCode;

use clap::{Args, ValueEnum};

use arrow::util::display::{ArrayFormatter, FormatOptions};

use super::{Failure, output};
use crate::app::App;
use crate::config::Config;
use crate::sql::SqlAnswer;
use crate::web::api::sql::json_body;
use crate::web::encode::{EncodeError, Format, encode_table, plain};

/// One read-only statement over the tables.
#[derive(Debug, Args)]
pub struct Sql {
    /// The statement.
    sql: String,
    /// How to print.
    #[arg(long, value_enum, default_value = "table")]
    format: SqlFormat,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum SqlFormat {
    Table,
    Csv,
    Json,
    Arrow,
    Parquet,
}

impl Sql {
    /// Runs the statement and prints the answer.
    pub async fn run(self, config: Config) -> Result<ExitCode, Failure> {
        let app = App::open_reader(config).await?;
        let answer = app.sql(&self.sql).await?;
        let bytes = match self.format {
            SqlFormat::Table => rows_for_reading(&answer)?.into_bytes(),
            SqlFormat::Json => json_body(&answer)?,
            SqlFormat::Csv => encode_table(&answer.schema, &answer.batches, Format::Csv, "sql")?,
            SqlFormat::Arrow => encode_table(&answer.schema, &answer.batches, Format::Arrow, "sql")?,
            SqlFormat::Parquet => encode_table(&answer.schema, &answer.batches, Format::Parquet, "sql")?,
        };
        output::print_bytes(&bytes)?;
        if answer.truncated {
            eprintln!("warning: only the first {} rows are shown (sql.rows_max)", answer.rows());
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn rows_for_reading(answer: &SqlAnswer) -> Result<String, EncodeError> {
    let headers: Vec<&str> = answer.schema.fields().iter().map(|f| f.name().as_str()).collect();
    let numeric = answer.schema.fields().iter().enumerate().filter(|(_, f)| f.data_type().is_numeric());
    let right: Vec<usize> = numeric.map(|(i, _)| i).collect();
    let options = FormatOptions::default().with_null("");
    let mut rows = Vec::new();
    for batch in &answer.batches {
        let batch = plain(batch)?;
        let columns =
            batch.columns().iter().map(|c| ArrayFormatter::try_new(c, &options)).collect::<Result<Vec<_>, _>>()?;
        rows.extend((0..batch.num_rows()).map(|row| columns.iter().map(|c| c.value(row).to_string()).collect()));
    }
    Ok(format!("{}\n", output::table(&headers, &right, rows)))
}
