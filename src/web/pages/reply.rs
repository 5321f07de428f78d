//! How a page is answered: entity tag by the version of the data, 304, the written page kept for who asks next, and the
//! headers that forbid everything a page does not need.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use askama::Template;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::problem::PageProblem;
use crate::web::api::query::is_fresh;
use crate::web::assets::ASSETS;

/// Written pages kept at most. A page is some 30 KB; a city looks at a few hundred different ones a day.
const KEPT_MAX: usize = 256;

/// Nothing from elsewhere, nothing inline; figures embedded by others must be asked for.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; \
                      frame-ancestors 'none'; form-action 'self'";

/// Pages as they were last written, by address.
#[derive(Debug, Default)]
pub struct KeptPages(Mutex<BTreeMap<String, (String, Bytes)>>);

impl KeptPages {
    fn get(&self, address: &str, etag: &str) -> Option<Bytes> {
        let pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pages.get(address).filter(|(held, _)| held == etag).map(|(_, page)| page.clone())
    }

    fn keep(&self, address: &str, etag: &str, page: Bytes) {
        let mut pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if pages.len() >= KEPT_MAX && !pages.contains_key(address) {
            // What belongs to an older version goes first; if all are current, the first by address.
            match pages.iter().find(|(_, (held, _))| held != etag).map(|(a, _)| a.clone()) {
                Some(stale) => pages.remove(&stale),
                None => pages.pop_first().map(|(_, page)| page),
            };
        }
        pages.insert(address.to_owned(), (etag.to_owned(), page));
    }
}

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
        self.kept.get(self.address, &etag).map(|page| dressed(Response::new(Body::from(page)), Some(&etag)))
    }

    /// Writes, keeps and answers.
    pub fn write<T: Template>(&self, page: &T) -> Result<Response, PageProblem> {
        let text = page.render().map_err(PageProblem::unwritten)?;
        let page = Bytes::from(text);
        let etag = self.etag();
        self.kept.keep(self.address, &etag, page.clone());
        Ok(dressed(Response::new(Body::from(page)), Some(&etag)))
    }
}

/// The headers that every page has.
pub fn dressed(mut response: Response, etag: Option<&str>) -> Response {
    let held = response.headers_mut();
    held.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    held.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    held.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    held.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_page_is_given_for_its_version_only_and_the_store_stays_small() {
        let kept = KeptPages::default();
        for n in 0..KEPT_MAX + 10 {
            kept.keep(&format!("/{n:04}"), "\"1\"", Bytes::from_static(b"page"));
        }
        assert_eq!(kept.0.lock().unwrap().len(), KEPT_MAX);
        kept.keep("/new", "\"2\"", Bytes::from_static(b"new"));
        assert_eq!(kept.get("/new", "\"2\"").unwrap(), "new");
        assert_eq!(kept.get("/new", "\"1\""), None);
    }
}
