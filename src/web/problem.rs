//! Errors as RFC 9457 problem+json. What the client reads is not what the log reads: internal causes are logged, once.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::{Coded, ErrorCode};

/// A problem, as the client reads it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// Stable identifier of the kind of problem: `urn:toancanh:problem:not_found`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The code in words.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// Our code: `not_found`.
    pub code: String,
    /// What happened, with the values concerned.
    pub detail: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Problem {
    /// A problem with these words.
    pub fn new(code: ErrorCode, detail: impl Into<String>, hint: Option<String>) -> Self {
        Self {
            kind: format!("urn:toancanh:problem:{code}"),
            title: code.as_str().replace('_', " "),
            status: code.http_status(),
            code: code.as_str().to_owned(),
            detail: detail.into(),
            hint,
        }
    }
}

impl<E: Coded> From<E> for Problem {
    fn from(error: E) -> Self {
        let code = error.code();
        let detail = match code {
            ErrorCode::Internal | ErrorCode::Storage => {
                tracing::error!(error.code = %code, error.chain = %chain(&error), "request failed: {error}");
                "the engine could not answer; the cause is in its log".to_owned()
            }
            ErrorCode::BadRequest
            | ErrorCode::NotFound
            | ErrorCode::Forbidden
            | ErrorCode::QueryRefused
            | ErrorCode::LimitExceeded
            | ErrorCode::BadDeclaration
            | ErrorCode::BadSource
            | ErrorCode::SourceUnavailable
            | ErrorCode::Conflict
            | ErrorCode::Incomplete
            | ErrorCode::NotReady => error.to_string(),
        };
        Self::new(code, detail, error.hint())
    }
}

/// The chain of causes on one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).expect("a problem has only text and numbers");
        let mut response = (status, body).into_response();
        let media_type = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, media_type);
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}
