//! `POST /sql`: read-only SQL over the tables.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::query;
use crate::error::ErrorCode;
use crate::sql::SqlAnswer;
use crate::web::encode::{EncodeError, Format, encode_table};
use crate::web::problem::Problem;
use crate::web::state::ApiState;

/// A query.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SqlRequest {
    /// One read-only statement.
    sql: String,
}

/// How to answer.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct SqlParams {
    /// json, csv, xlsx, arrow or parquet.
    format: Option<String>,
}

/// The JSON answer, as documented; it is written around the rows that Arrow encodes.
#[derive(Debug, Serialize, ToSchema)]
pub struct SqlBody {
    /// Column names in order.
    columns: Vec<String>,
    /// One object per row.
    #[schema(value_type = Vec<Object>)]
    rows: Vec<serde_json::Value>,
    /// Whether rows were cut at the limit.
    truncated: bool,
}

/// The JSON answer of a query ([`SqlBody`]); rows go through as Arrow writes them, without a second copy as values.
pub fn json_body(answer: &SqlAnswer) -> Result<Vec<u8>, EncodeError> {
    let columns: Vec<&String> = answer.schema.fields().iter().map(|f| f.name()).collect();
    let mut body = b"{\"columns\":".to_vec();
    body.extend(query::to_json(&columns));
    body.extend(b",\"rows\":");
    body.extend(encode_table(&answer.schema, &answer.batches, Format::Json, "sql")?);
    body.extend(format!(",\"truncated\":{}}}", answer.truncated).as_bytes());
    Ok(body)
}

/// Runs one read-only statement within limits of time, memory and rows.
#[utoipa::path(post, path = "/sql", tag = "sql", request_body = SqlRequest, params(SqlParams),
    responses((status = 200, body = SqlBody), (status = 400, body = Problem), (status = 422, body = Problem)))]
pub async fn sql(
    State(state): State<ApiState>,
    Query(params): Query<SqlParams>,
    headers: HeaderMap,
    request: Result<Json<SqlRequest>, JsonRejection>,
) -> Result<Response, Problem> {
    let Json(request) = request.map_err(|e| {
        Problem::new(ErrorCode::BadRequest, e.body_text(), Some("Send {\"sql\": \"SELECT ...\"}.".to_owned()))
    })?;
    let format = query::format(params.format.as_deref(), &headers)?;
    let tables = state.engine.tables(&state.scope).await?;
    let answer = state.sql.query(&request.sql, tables).await?;
    let bytes = match format {
        Format::Json => json_body(&answer)?,
        other => encode_table(&answer.schema, &answer.batches, other, "sql")?,
    };
    let mut response = bytes.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if answer.truncated {
        response.headers_mut().insert("x-toancanh-truncated", HeaderValue::from_static("true"));
    }
    Ok(response)
}
