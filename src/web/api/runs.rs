//! `/runs`: what the feeds did, in words, newest first; `/rejected`: what was not taken, and why.

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::query::{self, Versioned, to_json};
use crate::compute::log::{LogQuery, RejectedLog, RunLog};
use crate::store::rows::{RejectedRow, RunRow};
use crate::web::encode::Format;
use crate::web::problem::Problem;
use crate::web::state::ApiState;

/// Which runs.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct RunsParams {
    /// Only this feed.
    feed: Option<String>,
    /// Only this run.
    run_id: Option<String>,
    /// So many of the newest are left out.
    skip: Option<String>,
    /// At most this many (default 100, at most 1000).
    limit: Option<String>,
}

/// One pull.
#[derive(Debug, Serialize, ToSchema)]
pub struct RunEntry {
    run_id: String,
    feed: String,
    /// Number of the pull within its feed.
    seq: Option<i64>,
    started_at: String,
    finished_at: String,
    /// ok, unchanged, refused or failed.
    outcome: &'static str,
    /// What happened, in a sentence.
    message: String,
    rows_read: i64,
    rows_new: i64,
    rows_rejected: i64,
    snapshot_sha256: Option<String>,
    /// File or URL.
    url: Option<String>,
}

/// One cell or row that was not taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct RejectedEntry {
    feed: String,
    run_id: String,
    source_ref: String,
    row: Option<i64>,
    column: Option<String>,
    value: Option<String>,
    reason: String,
    recorded_at: String,
}

fn run_entry(row: RunRow) -> RunEntry {
    RunEntry {
        run_id: row.run_id,
        feed: row.feed,
        seq: row.seq,
        started_at: row.started_at.to_string(),
        finished_at: row.finished_at.to_string(),
        outcome: row.outcome.as_str(),
        message: row.message,
        rows_read: row.rows_read,
        rows_new: row.rows_new,
        rows_rejected: row.rows_rejected,
        snapshot_sha256: row.snapshot_sha256,
        url: row.url,
    }
}

fn rejected_entry(row: RejectedRow) -> RejectedEntry {
    RejectedEntry {
        feed: row.feed,
        run_id: row.run_id,
        source_ref: row.source_ref,
        row: row.row,
        column: row.column,
        value: row.value,
        reason: row.reason,
        recorded_at: row.recorded_at.to_string(),
    }
}

fn log_query(asked: RunsParams) -> Result<LogQuery, Problem> {
    let limit: Option<usize> = query::parse("limit", asked.limit.as_deref(), "a number")?;
    let skip: Option<usize> = query::parse("skip", asked.skip.as_deref(), "a number")?;
    let skip = skip.unwrap_or_default();
    Ok(LogQuery { feed: asked.feed, run_id: asked.run_id, skip, limit: limit.unwrap_or(100).min(1000) })
}

/// What the feeds did, newest first.
#[utoipa::path(get, path = "/runs", tag = "feeds", params(RunsParams), responses((status = 200, body = Vec<RunEntry>)))]
pub async fn runs(
    State(state): State<ApiState>,
    Query(asked): Query<RunsParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let RunLog { rows, version } = state.engine.runs(&log_query(asked)?).await?;
    let dressed = Versioned {
        etag: Versioned::etag(&format!("runs-{version}"), Format::Json),
        format: Format::Json,
        name: "runs",
    };
    dressed.respond(&headers, || Ok(to_json(&rows.into_iter().map(run_entry).collect::<Vec<_>>())))
}

/// Cells and rows of sources that were not taken, with the reason and what to do, newest first.
#[utoipa::path(get, path = "/rejected", tag = "feeds", params(RunsParams), responses((status = 200, body = Vec<RejectedEntry>)))]
pub async fn rejected(
    State(state): State<ApiState>,
    Query(asked): Query<RunsParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let RejectedLog { rows, version, .. } = state.engine.rejected(&log_query(asked)?).await?;
    let etag = Versioned::etag(&format!("rejected-{version}"), Format::Json);
    Versioned { etag, format: Format::Json, name: "rejected" }
        .respond(&headers, || Ok(to_json(&rows.into_iter().map(rejected_entry).collect::<Vec<_>>())))
}
