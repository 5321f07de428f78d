//! Answers as bytes: one table of rows in, any of the formats out. Knows nothing of routes or queries.

mod board;
mod columnar;
mod csv;
mod json_stat;
mod sdmx_csv;
mod xlsx;

use std::str::FromStr;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::error::ArrowError;

use crate::error::{Coded, ErrorCode};

pub use board::{Board, BoardCell, BoardColumn, board};
pub use json_stat::json_stat;
pub use sdmx_csv::{Labelled, sdmx_csv};

/// Formats of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JSON, each route's own shape.
    Json,
    /// CSV, UTF-8 with BOM-less header, formula-safe.
    Csv,
    /// Excel workbook.
    Xlsx,
    /// JSON-stat 2 (series and snapshots).
    JsonStat,
    /// SDMX-CSV 2 (series and snapshots).
    SdmxCsv,
    /// Arrow IPC stream.
    Arrow,
    /// Parquet.
    Parquet,
}

impl Format {
    /// All formats, the default first.
    pub const ALL: [Format; 7] =
        [Format::Json, Format::Csv, Format::Xlsx, Format::JsonStat, Format::SdmxCsv, Format::Arrow, Format::Parquet];

    /// The name in `format=`.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Json => "json",
            Format::Csv => "csv",
            Format::Xlsx => "xlsx",
            Format::JsonStat => "json-stat",
            Format::SdmxCsv => "sdmx-csv",
            Format::Arrow => "arrow",
            Format::Parquet => "parquet",
        }
    }

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Format::Json => "application/json",
            Format::Csv => "text/csv; charset=utf-8",
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Format::JsonStat => "application/vnd.json-stat+json; version=2.0",
            Format::SdmxCsv => "application/vnd.sdmx.data+csv; version=2.0.0",
            Format::Arrow => "application/vnd.apache.arrow.stream",
            Format::Parquet => "application/vnd.apache.parquet",
        }
    }

    /// The file ending of a download.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Json | Format::JsonStat => "json",
            Format::Csv | Format::SdmxCsv => "csv",
            Format::Xlsx => "xlsx",
            Format::Arrow => "arrow",
            Format::Parquet => "parquet",
        }
    }

    /// The first format that an `Accept` header names, by the order in the header; `None` for `*/*` and pages.
    pub fn from_accept(accept: &str) -> Option<Self> {
        accept.split(',').find_map(|part| {
            let part = part.trim();
            let bare = part.split(';').next().unwrap_or_default().trim();
            Format::ALL.into_iter().find(|f| f.media_type().split(';').next() == Some(bare))
        })
    }
}

/// A format that is not offered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown format \"{0}\"")]
pub struct UnknownFormat(pub String);

impl Coded for UnknownFormat {
    fn code(&self) -> ErrorCode {
        ErrorCode::BadRequest
    }
    fn hint(&self) -> Option<String> {
        let names: Vec<_> = Format::ALL.iter().map(|f| f.as_str()).collect();
        Some(format!("Use one of {}.", names.join(", ")))
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;
    fn from_str(s: &str) -> Result<Self, UnknownFormat> {
        let wanted = s.to_ascii_lowercase().replace('_', "-");
        let wanted = if wanted == "jsonstat" { "json-stat" } else { wanted.as_str() };
        Format::ALL.into_iter().find(|f| f.as_str() == wanted).ok_or_else(|| UnknownFormat(s.to_owned()))
    }
}

/// An answer that could not be written.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    /// Arrow could not convert or write a column.
    #[error("encoding failed")]
    Arrow(#[from] ArrowError),
    /// Parquet could not be written.
    #[error("encoding Parquet failed")]
    Parquet(#[from] parquet::errors::ParquetError),
    /// The workbook could not be written.
    #[error("encoding the workbook failed")]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
    /// CSV could not be written.
    #[error("encoding CSV failed")]
    Csv(#[from] ::csv::Error),
    /// A sheet holds fewer rows than the answer has.
    #[error("{0} rows do not fit on a sheet")]
    TooManyRows(usize),
    /// The format only makes sense for series.
    #[error("\"{0}\" is a format of series and snapshots, not of this table")]
    NotASeries(&'static str),
}

impl Coded for EncodeError {
    fn code(&self) -> ErrorCode {
        match self {
            EncodeError::TooManyRows(_) => ErrorCode::LimitExceeded,
            EncodeError::NotASeries(_) => ErrorCode::BadRequest,
            EncodeError::Arrow(_) | EncodeError::Parquet(_) | EncodeError::Xlsx(_) | EncodeError::Csv(_) => {
                ErrorCode::Internal
            }
        }
    }
    fn hint(&self) -> Option<String> {
        match self {
            EncodeError::TooManyRows(_) => Some("Ask for csv or parquet, or filter.".to_owned()),
            EncodeError::NotASeries(_) => Some("Ask for json, csv, xlsx, arrow or parquet.".to_owned()),
            EncodeError::Arrow(_) | EncodeError::Parquet(_) | EncodeError::Xlsx(_) | EncodeError::Csv(_) => None,
        }
    }
}

/// A table of rows as bytes. [`Format::JsonStat`] and [`Format::SdmxCsv`] need dimensions: see [`json_stat()`] and
/// [`sdmx_csv()`].
pub fn encode_table(
    schema: &SchemaRef,
    batches: &[RecordBatch],
    format: Format,
    sheet: &str,
) -> Result<Vec<u8>, EncodeError> {
    let batches = batches.iter().map(plain).collect::<Result<Vec<_>, _>>()?;
    let schema = batches.first().map_or_else(|| plain_schema(schema), RecordBatch::schema);
    match format {
        Format::Json => columnar::json_rows(&batches),
        Format::Csv => csv::write(&schema, &batches),
        Format::Xlsx => xlsx::write(&schema, &batches, sheet),
        Format::Arrow => columnar::arrow_stream(&schema, &batches),
        Format::Parquet => columnar::parquet(&schema, &batches),
        Format::JsonStat | Format::SdmxCsv => Err(EncodeError::NotASeries(format.as_str())),
    }
}

fn plain_type(data_type: &DataType) -> DataType {
    match data_type {
        DataType::Dictionary(_, value) => plain_type(value),
        DataType::Utf8View | DataType::LargeUtf8 => DataType::Utf8,
        other => other.clone(),
    }
}

fn plain_schema(schema: &SchemaRef) -> SchemaRef {
    let fields: Vec<Field> =
        schema.fields().iter().map(|f| Field::new(f.name(), plain_type(f.data_type()), f.is_nullable())).collect();
    Arc::new(Schema::new(fields))
}

/// Dictionaries and string views as plain strings: not every client reads the others.
pub fn plain(batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let schema = plain_schema(&batch.schema());
    let columns = batch
        .columns()
        .iter()
        .zip(schema.fields())
        .map(|(column, field)| {
            if column.data_type() == field.data_type() {
                Ok(Arc::clone(column))
            } else {
                cast(column, field.data_type())
            }
        })
        .collect::<Result<Vec<ArrayRef>, _>>()?;
    RecordBatch::try_new(schema, columns)
}
