//! Parameters that several routes share, and how an answer is dressed: format, ETag, caching.

use std::str::FromStr;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;

use crate::domain::{Freq, Period, Vintage};
use crate::error::ErrorCode;
use crate::web::encode::Format;
use crate::web::problem::Problem;

/// Reads an optional parameter; an empty one counts as absent.
pub fn parse<T: FromStr>(name: &str, text: Option<&str>, expected: &str) -> Result<Option<T>, Problem> {
    match text.map(str::trim).filter(|t| !t.is_empty()) {
        None => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|_| {
            let detail = format!("parameter \"{name}\": \"{text}\" is not {expected}");
            Problem::new(ErrorCode::BadRequest, detail, None)
        }),
    }
}

/// `freq=`.
pub fn freq(text: Option<&str>) -> Result<Option<Freq>, Problem> {
    parse("freq", text, "one of M, Q, A")
}

/// A period parameter.
pub fn period(name: &str, text: Option<&str>) -> Result<Option<Period>, Problem> {
    parse(name, text, "a period (2022-05, 2022-Q2, 2022)")
}

/// `as_of=`.
pub fn as_of(text: Option<&str>) -> Result<Option<Vintage>, Problem> {
    parse("as_of", text, "a date (2022-05-25) or an instant (2022-05-25T12:00:00+07:00)")
}

/// `areas_of=`.
pub fn areas_of(text: Option<&str>) -> Result<Option<NaiveDate>, Problem> {
    parse("areas_of", text, "a date (2025-07-01)")
}

/// `format=` if given, else the first known type of `Accept`, else JSON.
pub fn format(text: Option<&str>, headers: &HeaderMap) -> Result<Format, Problem> {
    match text.filter(|t| !t.is_empty()) {
        Some(name) => name.parse::<Format>().map_err(Problem::from),
        None => {
            let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
            Ok(Format::from_accept(accept).unwrap_or(Format::Json))
        }
    }
}

/// Whether the client already holds this version.
pub fn is_fresh(headers: &HeaderMap, etag: &str) -> bool {
    headers
        .get(header::IF_NONE_MATCH)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|list| list.split(',').map(|t| t.trim().trim_start_matches("W/")).any(|t| t == etag || t == "*"))
}

/// An answer that belongs to one version of the data.
pub struct Versioned<'a> {
    /// The version, quoted as an entity tag.
    pub etag: String,
    /// Format of the body.
    pub format: Format,
    /// Name of a download, without ending.
    pub name: &'a str,
}

impl Versioned<'_> {
    /// The entity tag of a version in a format.
    pub fn etag(version: &str, format: Format) -> String {
        format!("\"{version}-{}\"", format.as_str())
    }

    /// 304 if the client has it, else the body that `write` makes.
    pub fn respond<F>(&self, headers: &HeaderMap, write: F) -> Result<Response, Problem>
    where
        F: FnOnce() -> Result<Vec<u8>, Problem>,
    {
        let mut response = if is_fresh(headers, &self.etag) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let mut response = Response::new(Body::from(write()?));
            let media_type = HeaderValue::from_static(self.format.media_type());
            response.headers_mut().insert(header::CONTENT_TYPE, media_type);
            if self.format != Format::Json {
                let name = format!("attachment; filename=\"{}.{}\"", self.name, self.format.extension());
                if let Ok(value) = HeaderValue::from_str(&name) {
                    response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
                }
            }
            response
        };
        let held = response.headers_mut();
        held.insert(header::ETAG, HeaderValue::from_str(&self.etag).expect("a version is ASCII"));
        held.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        held.insert(header::VARY, HeaderValue::from_static("accept, accept-encoding"));
        Ok(response)
    }
}

/// A value as JSON bytes.
pub fn to_json<T: serde::Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("wire types have only string keys")
}
