//! What pages load: the bundle of `web/dist`, embedded in the binary.
//!
//! Where the bundle was not built (no npm on the machine), the style sheet is served as it is written, without typeface
//! and script: every page still works and reads well.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::body::{Body, Bytes};
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::api::query::is_fresh;
use super::packed::{Encoding, Packed};
use super::problem::Problem;
use crate::error::ErrorCode;

#[derive(RustEmbed)]
#[folder = "web/dist/"]
#[allow_missing = true]
struct Bundle;

/// The style sheets as they are written, in the order of `web/src/bundle.css`.
const PLAIN_STYLE: &str = concat!(
    include_str!("../../web/src/style.css"),
    include_str!("../../web/src/boards.css"),
    include_str!("../../web/src/parts.css"),
    include_str!("../../web/src/cases.css"),
    include_str!("../../web/src/files.css"),
);

/// Addresses of what every page loads, with the version of their bytes.
#[derive(Debug)]
pub struct Assets {
    /// The style sheet.
    pub style: String,
    /// The script; `None` where the bundle was not built.
    pub script: Option<String>,
    /// Typeface files that every page needs at once.
    pub fonts: Vec<String>,
    /// Version of all of it together, for the entity tags of pages.
    pub version: String,
}

/// The assets of this binary.
pub static ASSETS: LazyLock<Assets> = LazyLock::new(|| {
    let style = bytes_of("style.css").unwrap_or_default();
    let script = bytes_of("app.js");
    let mut all = Sha256::new();
    all.update(&style);
    all.update(script.as_deref().unwrap_or_default());
    let addressed = |name: &str, bytes: &[u8]| format!("/assets/{name}?v={}", &digest(bytes)[..10]);
    let mut fonts: Vec<String> = Bundle::iter()
        .filter(|name| ["vietnamese-400", "latin-400", "latin-600"].iter().any(|part| name.contains(part)))
        .map(|name| format!("/assets/{name}"))
        .collect();
    fonts.sort();
    Assets {
        style: addressed("style.css", &style),
        script: script.map(|bytes| addressed("app.js", &bytes)),
        fonts,
        version: hex(&all.finalize())[..10].to_owned(),
    }
});

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn bytes_of(name: &str) -> Option<Vec<u8>> {
    match Bundle::get(name) {
        Some(file) => Some(file.data.into_owned()),
        None if name == "style.css" => Some(PLAIN_STYLE.as_bytes().to_vec()),
        None => None,
    }
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// The version that a page asked for.
#[derive(Debug, Deserialize)]
pub struct Versioned {
    v: Option<String>,
}

/// An asset with the version of its bytes.
struct Asset {
    etag: String,
    bytes: Packed,
}

/// All assets by name, read once.
static BY_NAME: LazyLock<BTreeMap<String, Asset>> = LazyLock::new(|| {
    let names = Bundle::iter().map(|name| name.to_string()).chain(["style.css".to_owned()]);
    let asset = |name: String| {
        let bytes = bytes_of(&name)?;
        let etag = format!("\"{}\"", &digest(&bytes)[..16]);
        Some((name, Asset { etag, bytes: Packed::new(Bytes::from(bytes)) }))
    };
    names.filter_map(asset).collect()
});

/// `/assets/{name}`: for ever where the address holds a version, else to be asked for again.
pub async fn asset(Path(name): Path<String>, Query(asked): Query<Versioned>, headers: HeaderMap) -> Response {
    let Some(asset) = BY_NAME.get(&name) else {
        return Problem::new(ErrorCode::NotFound, format!("there is no asset \"{name}\""), None).into_response();
    };
    let is_font = name.ends_with(".woff2");
    let lasting = asked.v.is_some() || is_font || name.starts_with("charts-") || name.starts_with("chunk-");
    let mut response = if is_fresh(&headers, &asset.etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else if is_font {
        // Typefaces are compressed in themselves.
        Response::new(Body::from(asset.bytes.plain().clone()))
    } else {
        let (bytes, encoding) = asset.bytes.for_reader(&headers);
        let mut response = Response::new(Body::from(bytes));
        if encoding == Encoding::Brotli {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
        }
        response
    };
    let held = response.headers_mut();
    held.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(&name)));
    // Weak: compressed or not, they are other bytes with the same meaning.
    let etag = format!("W/{}", asset.etag);
    held.insert(header::ETAG, HeaderValue::from_str(&etag).expect("hex digits"));
    held.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    let caching = if lasting { "public, max-age=31536000, immutable" } else { "no-cache" };
    held.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    response
}
