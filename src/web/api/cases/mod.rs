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
use crate::cases::counting::Flow;
use crate::cases::views::{Axis, Basis, Filter, Lens, Order, Which};
use crate::cases::{Second, moment};
use crate::catalog::Catalog;
use crate::compute::Engine;
pub use crate::compute::ask_cases::label;
use crate::compute::ask_cases::{CaseQuery, CasesAsked};
use crate::error::{Coded, ErrorCode};
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
    pub fn query(&self) -> Result<CaseQuery, WrongParameter> {
        let list = |text: &Option<String>| -> Vec<String> {
            let parts = text.iter().flat_map(|text| text.split(',')).map(str::trim);
            parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
        };
        let window = "a period, a day or an instant (2022-Q2, 2022-05-25, 2022-05-25T12:00)";
        let instant = "a date (2022-05-25) or an instant (2022-05-25T12:00:00+07:00)";
        let basis = given(&self.basis).map(|text| {
            Basis::from_code(text).ok_or_else(|| WrongParameter::new("basis", text, "one of effective, original"))
        });
        Ok(CaseQuery {
            as_of: parse("as_of", &self.as_of, instant)?,
            from: parse("from", &self.from, window)?,
            to: parse("to", &self.to, window)?,
            filter: Filter {
                areas: list(&self.area),
                orgs: list(&self.org),
                categories: list(&self.category),
                channels: list(&self.channel),
                feeds: list(&self.feed),
            },
            basis: basis.transpose()?,
        })
    }
}

/// A parameter that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("parameter \"{name}\": \"{text}\" is not {expected}")]
pub struct WrongParameter {
    /// Which.
    pub name: &'static str,
    /// As written.
    pub text: String,
    /// What it could be.
    pub expected: String,
}

impl WrongParameter {
    fn new(name: &'static str, text: &str, expected: &str) -> Self {
        Self { name, text: text.to_owned(), expected: expected.to_owned() }
    }
}

impl Coded for WrongParameter {
    fn code(&self) -> ErrorCode {
        ErrorCode::BadRequest
    }

    fn hint(&self) -> Option<String> {
        None
    }
}

fn given(text: &Option<String>) -> Option<&str> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

fn parse<T: std::str::FromStr>(
    name: &'static str,
    text: &Option<String>,
    expected: &str,
) -> Result<Option<T>, WrongParameter> {
    given(text).map(|text| text.parse().map_err(|_| WrongParameter::new(name, text, expected))).transpose()
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
pub struct Asked(CasesAsked);

impl Asked {
    /// Reads the parameters and the served cases.
    pub async fn new(engine: &Engine, params: &CaseParams) -> Result<Self, Problem> {
        Ok(Self(engine.ask_cases(&params.query()?).await?))
    }

    /// The question with its codes looked up.
    pub fn lens(&self, catalog: &Catalog) -> Result<Lens<'_>, Problem> {
        Ok(self.0.lens(&catalog.areas)?)
    }

    /// What the answer says of itself.
    pub fn head(&self, lens: &Lens<'_>) -> AskedHead {
        AskedHead {
            as_of: text_of(lens.cut.last()),
            from: text_of(lens.from),
            to: text_of(lens.to),
            basis: lens.basis.as_str(),
            of_stints: lens.kind == crate::cases::views::SpanKind::Stints,
            data_version: self.0.version.clone(),
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
        let etag = Versioned::etag(&self.0.answer_version(), format);
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
pub fn axis(name: &'static str, text: Option<&str>, default: Axis) -> Result<Axis, WrongParameter> {
    match text.map(str::trim).filter(|text| !text.is_empty()) {
        None => Ok(default),
        Some(text) => Axis::from_code(text).ok_or_else(|| {
            WrongParameter::new(name, text, &format!("one of {}", Axis::ALL.map(Axis::as_str).join(", ")))
        }),
    }
}

/// The kinds of cases that can be listed.
const KINDS: [(&str, Which); 11] = [
    ("open", Which::Open),
    ("open_overdue", Which::OpenOverdue),
    ("received", Which::Flow(Flow::Received)),
    ("handled", Which::Handled),
    ("not_handled", Which::NotHandled),
    ("closed", Which::Flow(Flow::Closed)),
    ("due", Which::Flow(Flow::Due)),
    ("overdue", Which::Flow(Flow::Overdue)),
    ("rejected", Which::Flow(Flow::Rejected)),
    ("merged", Which::Flow(Flow::Merged)),
    ("reopened", Which::Flow(Flow::Reopened)),
];

/// Which cases a list is of, by name; those overdue unless it is said.
pub fn which(text: Option<&str>) -> Result<(&'static str, Which), WrongParameter> {
    let text = text.map(str::trim).filter(|text| !text.is_empty()).unwrap_or("overdue");
    let names = KINDS.map(|(name, _)| name).join(", ");
    let found = KINDS.into_iter().find(|(name, _)| *name == text);
    found.ok_or_else(|| WrongParameter::new("which", text, &format!("one of {names}")))
}

/// The order of a list, the longest overdue first unless it is said.
pub fn order(text: Option<&str>) -> Result<Order, WrongParameter> {
    let names = Order::ALL.map(Order::as_str).join(", ");
    match text.map(str::trim).filter(|text| !text.is_empty()) {
        None => Ok(Order::MostOverdue),
        Some(text) => {
            Order::from_code(text).ok_or_else(|| WrongParameter::new("order", text, &format!("one of {names}")))
        }
    }
}
