//! `/cases/..`: what is late, where and why, as of any instant. Each view is one route; all share the question.
//!
//! The answer names as of when and over which window it is, and every share comes with the number of cases behind it; a
//! share over fewer than ten cases says so (`few_cases`).

pub mod lists;
pub mod tables;
pub mod tally;
pub mod trends;

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::json::ReaderBuilder;
use arrow::json::reader::infer_json_schema_from_iterator;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::query::{self, Versioned, to_json};
use crate::cases::views::{Axis, Basis, Filter, Lens, Question};
use crate::cases::{Second, moment};
use crate::catalog::Catalog;
use crate::compute::ask_cases::CaseQuery;
pub use crate::compute::ask_cases::label;
use crate::compute::{Engine, ServedCases};
use crate::error::ErrorCode;
use crate::web::encode::{Format, encode_table};
use crate::web::problem::Problem;

/// Which cases, over which window, as of when.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
pub struct CaseParams {
    /// As known on a day or at an instant; default now.
    pub as_of: Option<String>,
    /// First period, day or instant of the window; default 1 January.
    pub from: Option<String>,
    /// Last period, day or instant of the window; default as of when it is asked.
    pub to: Option<String>,
    /// Districts or wards, separated by commas; a district covers its wards.
    pub area: Option<String>,
    /// Handling authorities, separated by commas: their own stints are counted, not whole cases.
    pub org: Option<String>,
    /// Categories (fields), separated by commas.
    pub category: Option<String>,
    /// Channels, separated by commas.
    pub channel: Option<String>,
    /// Feeds, separated by commas.
    pub feed: Option<String>,
    /// `effective` (default) or `original`: the deadline before any extension or pause.
    pub basis: Option<String>,
    /// json, csv, xlsx, arrow or parquet.
    pub format: Option<String>,
}

impl CaseParams {
    /// The question they put.
    pub fn query(&self) -> Result<CaseQuery, Problem> {
        let list = |text: &Option<String>| -> Vec<String> {
            let parts = text.iter().flat_map(|text| text.split(',')).map(str::trim);
            parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
        };
        let window = "a period, a day or an instant (2022-Q2, 2022-05-25, 2022-05-25T12:00)";
        let basis = match self.basis.as_deref().filter(|text| !text.is_empty()) {
            None => None,
            Some(text) => Some(Basis::from_code(text).ok_or_else(|| {
                Problem::new(
                    ErrorCode::BadRequest,
                    format!("parameter \"basis\": \"{text}\" is neither effective nor original"),
                    None,
                )
            })?),
        };
        Ok(CaseQuery {
            as_of: query::as_of(self.as_of.as_deref())?,
            from: query::parse("from", self.from.as_deref(), window)?,
            to: query::parse("to", self.to.as_deref(), window)?,
            filter: Filter {
                areas: list(&self.area),
                orgs: list(&self.org),
                categories: list(&self.category),
                channels: list(&self.channel),
                feeds: list(&self.feed),
            },
            basis,
        })
    }
}

/// As of when and over which window an answer is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AskedHead {
    /// What happened later does not count.
    pub as_of: String,
    /// First second of the window.
    pub from: String,
    /// First second after the window.
    pub to: String,
    /// `effective` or `original`.
    pub basis: &'static str,
    /// Whether stints of authorities are counted, not whole cases.
    pub of_stints: bool,
    /// Version of the data.
    pub data_version: String,
}

/// An answer: its head, and rows or a body of its own.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseAnswer<T> {
    #[serde(flatten)]
    pub(super) head: AskedHead,
    #[serde(flatten)]
    pub(super) body: T,
}

/// A view's question over the served cases.
pub struct Asked {
    /// The cases.
    pub cases: Arc<ServedCases>,
    /// The question.
    pub question: Question,
    /// Version of the data.
    pub version: String,
}

impl Asked {
    /// Reads the parameters and the served cases.
    pub async fn new(engine: &Engine, params: &CaseParams) -> Result<Self, Problem> {
        let query = params.query()?;
        let version = engine.served().version.clone();
        let cases = engine.cases().await?;
        let question = cases.question(&query);
        Ok(Self { cases, question, version })
    }

    /// The question with its codes looked up.
    pub fn lens(&self, catalog: &Catalog) -> Result<Lens<'_>, Problem> {
        Ok(Lens::new(&self.cases.book, &catalog.areas, &self.question)?)
    }

    /// What the answer says of itself.
    pub fn head(&self, lens: &Lens<'_>) -> AskedHead {
        AskedHead {
            as_of: text_of(lens.cut.last()),
            from: text_of(lens.from),
            to: text_of(lens.to),
            basis: lens.basis.as_str(),
            of_stints: lens.kind == crate::cases::views::SpanKind::Stints,
            data_version: self.version.clone(),
        }
    }

    /// Answers in the format asked for: JSON with head and body, or the rows as a table.
    pub fn respond<T: Serialize, R: Serialize>(
        &self,
        (params, headers, name): (&CaseParams, &HeaderMap, &str),
        head: AskedHead,
        body: T,
        rows: impl FnOnce(&T) -> Vec<R>,
    ) -> Result<Response, Problem> {
        let format = query::format(params.format.as_deref(), headers)?;
        let etag = Versioned::etag(&format!("{}-{}", self.version, self.question.cut.second()), format);
        Versioned { etag, format, name }.respond(headers, || match format {
            Format::Json => Ok(to_json(&CaseAnswer { head, body })),
            other => encode_rows(&rows(&body), other, name),
        })
    }
}

/// An instant of the city for the wire.
pub fn text_of(at: Second) -> String {
    moment(at).vintage().to_string()
}

/// Flat rows as a table.
pub fn encode_rows<R: Serialize>(rows: &[R], format: Format, name: &str) -> Result<Vec<u8>, Problem> {
    let batch = batch_of(rows)?;
    Ok(encode_table(&batch.schema(), &[batch], format, name)?)
}

fn batch_of<R: Serialize>(rows: &[R]) -> Result<RecordBatch, Problem> {
    let failed = |e: arrow::error::ArrowError| Problem::new(ErrorCode::Internal, format!("no table: {e}"), None);
    let values: Vec<Value> = rows.iter().map(|row| serde_json::to_value(row).expect("rows are plain")).collect();
    let schema = infer_json_schema_from_iterator(values.iter().map(Ok)).map_err(failed)?;
    let schema = Arc::new(schema);
    let mut decoder = ReaderBuilder::new(Arc::clone(&schema)).build_decoder().map_err(failed)?;
    decoder.serialize(&values).map_err(failed)?;
    Ok(decoder.flush().map_err(failed)?.unwrap_or_else(|| RecordBatch::new_empty(schema)))
}

/// The axis of a parameter.
pub fn axis(name: &str, text: Option<&str>, default: Axis) -> Result<Axis, Problem> {
    match text.map(str::trim).filter(|text| !text.is_empty()) {
        None => Ok(default),
        Some(text) => Axis::from_code(text).ok_or_else(|| {
            let known = Axis::ALL.map(Axis::as_str).join(", ");
            let detail = format!("parameter \"{name}\": \"{text}\" is not one of {known}");
            Problem::new(ErrorCode::BadRequest, detail, None)
        }),
    }
}
