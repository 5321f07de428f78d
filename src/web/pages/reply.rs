//! How a page is answered: entity tag by the version of the data, 304, the written page kept for who asks next, and the
//! headers that forbid everything a page does not need.

use askama::Template;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::kept::{KeptPages, Written};
use super::problem::PageProblem;
use crate::web::api::query::is_fresh;
use crate::web::assets::ASSETS;
use crate::web::packed::Encoding;

/// Nothing from elsewhere, nothing inline; figures embedded by others must be asked for.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; \
                      frame-ancestors 'none'; form-action 'self'";

/// A page about to be answered.
pub struct Reply<'a> {
    /// Pages kept so far.
    pub kept: &'a KeptPages,
    /// Headers of the request.
    pub headers: &'a HeaderMap,
    /// Path and query of the request.
    pub address: &'a str,
    /// Everything the page depends on besides its address: version of the data, of the log, the day.
    pub version: String,
}

impl Reply<'_> {
    fn etag(&self) -> String {
        format!("\"{}-{}\"", self.version, ASSETS.version)
    }

    /// An answer that needs no writing: 304, or the page as it was written before.
    pub fn ready(&self) -> Option<Response> {
        let etag = self.etag();
        if is_fresh(self.headers, &etag) {
            return Some(dressed(StatusCode::NOT_MODIFIED.into_response(), Some(&etag)));
        }
        self.kept.get(self.address, &etag).map(|page| self.send(&page, &etag))
    }

    /// Whether the page was written for this version before.
    pub fn known(&self) -> bool {
        self.kept.get(self.address, &self.etag()).is_some()
    }

    /// Writes, keeps and answers.
    pub fn write<T: Template>(&self, page: &T) -> Result<Response, PageProblem> {
        let text = page.render().map_err(PageProblem::unwritten)?;
        let etag = self.etag();
        let page = self.kept.keep(self.address, &etag, Bytes::from(text));
        Ok(self.send(&page, &etag))
    }

    fn send(&self, written: &Written, etag: &str) -> Response {
        let (bytes, encoding) = written.page.for_reader(self.headers);
        let mut response = dressed(Response::new(Body::from(bytes)), Some(etag));
        if encoding == Encoding::Brotli {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
        }
        response
    }
}

/// The headers that every page has.
pub fn dressed(mut response: Response, etag: Option<&str>) -> Response {
    let held = response.headers_mut();
    held.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    held.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    held.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    held.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    // The layers around the routes say these two for everything else; a kept page does not come by them.
    held.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    held.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    let permissions = HeaderName::from_static("permissions-policy");
    held.insert(permissions, HeaderValue::from_static("camera=(), microphone=(), geolocation=()"));
    match etag {
        Some(etag) => {
            // Weak: the compressed and the plain page have the same meaning, not the same bytes.
            let etag = format!("W/{etag}");
            held.insert(header::ETAG, HeaderValue::from_str(&etag).expect("versions are ASCII"));
            held.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        }
        None => {
            held.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
    }
    response
}
