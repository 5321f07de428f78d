//! Requests and whole answers, and which addresses and headers may be used.

use std::collections::BTreeMap;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use secrecy::SecretString;

use super::PullError;

/// A request; the address is already filled in.
#[derive(Debug, Clone)]
pub struct Request {
    /// Method.
    pub method: Method,
    /// Address.
    pub url: Url,
    /// Headers that are no secrets.
    pub headers: HeaderMap,
    /// Headers that are.
    pub secret_headers: Vec<(HeaderName, SecretString)>,
    /// Body, with its type among the headers. It may hold secrets, so neither it nor the answer is ever quoted then.
    pub body: Option<Vec<u8>>,
    /// Whether request and answer hold secrets.
    pub confidential: bool,
}

impl Request {
    /// `GET` of an address.
    pub fn get(url: Url) -> Self {
        Self {
            method: Method::GET,
            url,
            headers: HeaderMap::new(),
            secret_headers: Vec::new(),
            body: None,
            confidential: false,
        }
    }

    /// `POST` of a JSON document.
    pub fn post_json(url: Url, document: &serde_json::Value) -> Self {
        let mut request = Self { method: Method::POST, ..Self::get(url) };
        request.headers.insert("content-type", HeaderValue::from_static("application/json"));
        request.body = Some(document.to_string().into_bytes());
        request
    }
}

/// A whole answer: 2xx, 304 or 401 (which the caller may cure with a new token).
#[derive(Debug)]
pub struct Answer {
    /// Address that was asked.
    pub url: String,
    /// Status.
    pub status: u16,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// Other headers, without cookies.
    pub headers: BTreeMap<String, String>,
    /// Body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Result<serde_json::Value, PullError> {
        serde_json::from_slice(&self.body).map_err(|e| PullError::Shape {
            url: self.url.clone(),
            words: format!("the answer of {} bytes is not JSON: {e}", self.body.len()),
        })
    }
}

/// An address that may be asked.
pub fn address(text: &str) -> Result<Url, PullError> {
    let refused = |words: &str| PullError::Declared { words: format!("address \"{text}\" {words}") };
    let url = Url::parse(text).map_err(|e| refused(&format!("cannot be used: {e}")))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(refused("is neither http nor https"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused("holds a user name or password, which belong into environment variables"));
    }
    Ok(url)
}

/// Declared headers, checked.
pub fn declared_headers(headers: &BTreeMap<String, String>) -> Result<HeaderMap, PullError> {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let refused = || PullError::Declared { words: format!("header \"{name}: {value}\" cannot be sent") };
        let name = HeaderName::try_from(name).map_err(|_| refused())?;
        map.insert(name, HeaderValue::from_str(value).map_err(|_| refused())?);
    }
    Ok(map)
}

/// `Content-Type` and the other headers worth keeping, names in lower case.
pub fn kept_headers(headers: &HeaderMap) -> (Option<String>, BTreeMap<String, String>) {
    let mut kept: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in headers {
        if !matches!(name.as_str(), "set-cookie" | "authorization") {
            kept.insert(name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned());
        }
    }
    let content_type = kept.remove("content-type");
    (content_type, kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_no_password_and_no_file() {
        for text in ["https://u:p@a.vn/", "https://u@a.vn/", "file:///etc/passwd", "a.vn/x", ""] {
            assert!(address(text).is_err(), "{text}");
        }
        assert!(address("https://a.vn/x?y=1").is_ok());
    }
}
