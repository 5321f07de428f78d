//! One address, one answer: any file behind HTTP.

use async_trait::async_trait;
use reqwest::header::HeaderMap;

use super::auth::Auth;
use super::config::{AuthConfig, HttpConfig, HttpLimits};
use super::dates::Dates;
use super::http::Http;
use super::message::{Request, address, declared_headers};
use super::{Connector, ConnectorContext, Content, PullError, PullState, Pulled};

/// One address, one answer.
#[derive(Debug)]
pub struct Single {
    http: Http,
    auth: Auth,
    context: ConnectorContext,
    /// Address before its dates are filled in; also the locator.
    url: String,
    headers: HeaderMap,
    window_months: u32,
}

/// What makes a [`Single`], whatever it was declared as.
pub(super) struct SingleParts<'a> {
    pub(super) url: String,
    pub(super) headers: HeaderMap,
    pub(super) window_months: u32,
    pub(super) auth: Option<&'a AuthConfig>,
    pub(super) limits: &'a HttpLimits,
}

impl Single {
    /// `kind = "http"`.
    pub fn http(config: &HttpConfig, context: &ConnectorContext) -> Result<Self, PullError> {
        let parts = SingleParts {
            url: config.url.clone(),
            headers: declared_headers(&config.headers)?,
            window_months: config.window_months,
            auth: config.auth.as_ref(),
            limits: &config.limits,
        };
        Self::new(parts, context)
    }

    pub(super) fn new(parts: SingleParts<'_>, context: &ConnectorContext) -> Result<Self, PullError> {
        let single = Self {
            http: Http::new(parts.limits, context)?,
            auth: Auth::new(parts.auth, &context.secrets)?,
            context: context.clone(),
            url: parts.url,
            headers: parts.headers,
            window_months: parts.window_months,
        };
        single.request()?;
        Ok(single)
    }

    fn request(&self) -> Result<Request, PullError> {
        let dates = Dates::new(self.context.clock.today(), self.window_months);
        let mut request = Request::get(address(&dates.fill(&self.url)?)?);
        request.headers = self.headers.clone();
        Ok(request)
    }

    async fn fetch(&self, since: &PullState) -> Result<Vec<Pulled>, PullError> {
        let mut request = self.request()?;
        let tag = since.tag(&self.url, request.url.as_str()).and_then(|tag| tag.try_into().ok());
        if let Some(tag) = tag {
            request.headers.insert("if-none-match", tag);
        }
        let answer = self.http.begin().send(&request, &self.auth).await?;
        let content = match answer.status {
            304 => Content::NotModified,
            _ => Content::Bytes(vec![answer.body]),
        };
        Ok(vec![Pulled {
            locator: self.url.clone(),
            url: answer.url,
            content_type: answer.content_type,
            headers: answer.headers,
            content,
        }])
    }
}

#[async_trait]
impl Connector for Single {
    async fn pull(&self, since: &PullState) -> Result<Vec<Pulled>, PullError> {
        self.fetch(since).await
    }
}
