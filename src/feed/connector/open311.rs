//! The requests of an Open311 server (GeoReport v2), JSON or XML, page by page.
//!
//! The standard has no total and no link to the next page: a page with fewer requests than asked for is the last. A
//! server that does not know pages gives the same one again and again; that is an answer that is not whole.

use async_trait::async_trait;
use reqwest::header::HeaderMap;

use super::auth::Auth;
use super::config::Open311Config;
use super::dates::Dates;
use super::http::Http;
use super::message::{Request, address, declared_headers};
use super::{Connector, ConnectorContext, Content, PullError, PullState, Pulled};
use crate::feed::cases::count_requests;

/// The requests of an Open311 server.
#[derive(Debug)]
pub struct Open311 {
    http: Http,
    auth: Auth,
    context: ConnectorContext,
    config: Open311Config,
    headers: HeaderMap,
}

impl Open311 {
    /// `kind = "open311"`.
    pub fn new(config: &Open311Config, context: &ConnectorContext) -> Result<Self, PullError> {
        let open311 = Self {
            http: Http::new(&config.limits, context)?,
            auth: Auth::new(config.auth.as_ref(), &context.secrets)?,
            context: context.clone(),
            headers: declared_headers(&config.headers)?,
            config: config.clone(),
        };
        open311.request(1)?;
        Ok(open311)
    }

    fn request(&self, page: usize) -> Result<Request, PullError> {
        let dates = Dates::new(self.context.clock.today(), self.config.window_months);
        let mut url = address(&dates.fill(&self.config.url)?)?;
        for (name, value) in &self.config.params {
            url.query_pairs_mut().append_pair(name, &dates.fill(value)?);
        }
        let size = self.config.page_size.max(1).to_string();
        url.query_pairs_mut().append_pair("page_size", &size).append_pair("page", &page.to_string());
        let mut request = Request::get(url);
        request.headers = self.headers.clone();
        Ok(request)
    }

    async fn fetch(&self) -> Result<Pulled, PullError> {
        let mut exchange = self.http.begin();
        let mut parts: Vec<Vec<u8>> = Vec::new();
        let mut bytes = 0;
        loop {
            let page = parts.len() + 1;
            if page > self.config.limits.max_pages {
                return Err(self.shape(format!("more than {} pages", parts.len())));
            }
            let answer = exchange.send(&self.request(page)?, &self.auth).await?;
            let Some(requests) = count_requests(&answer.body) else {
                return Err(self.shape(format!("page {page} is no list of requests")));
            };
            bytes += answer.body.len() as u64;
            if bytes > self.http.limits().max_bytes {
                return Err(PullError::TooLarge { url: answer.url, limit: self.http.limits().max_bytes });
            }
            if requests > 0 && parts.last() == Some(&answer.body) {
                return Err(self.shape(format!("page {page} is page {} once more", page - 1)));
            }
            // A page after the last holds nothing; only an answer that is empty as a whole is kept as such.
            if requests > 0 || parts.is_empty() {
                parts.push(answer.body);
            }
            if requests < self.config.page_size.max(1) {
                return Ok(Pulled {
                    locator: self.config.url.clone(),
                    url: self.request(1)?.url.to_string(),
                    content_type: answer.content_type,
                    headers: answer.headers,
                    content: Content::Bytes(parts),
                });
            }
        }
    }

    fn shape(&self, words: String) -> PullError {
        PullError::Shape { url: self.config.url.clone(), words }
    }
}

#[async_trait]
impl Connector for Open311 {
    async fn pull(&self, _since: &PullState) -> Result<Vec<Pulled>, PullError> {
        Ok(vec![self.fetch().await?])
    }
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Fake, Reply, context};
    use super::*;

    fn requests(from: usize, count: usize, is_xml: bool) -> Vec<u8> {
        let ids = from..from + count;
        if is_xml {
            let all: String =
                ids.map(|id| format!("<request><service_request_id>{id}</service_request_id></request>")).collect();
            return format!("<service_requests>{all}</service_requests>").into_bytes();
        }
        let all: Vec<String> = ids.map(|id| format!("{{\"service_request_id\": \"{id}\"}}")).collect();
        format!("[{}]", all.join(",")).into_bytes()
    }

    async fn pull(url: &str, more: &str) -> Result<Vec<Vec<u8>>, String> {
        let text = format!("url = '{url}'\npage_size = 2\nlimits = {{ attempts = 1, max_pages = 4 }}\n{more}");
        let config: Open311Config = toml::from_str(&text).unwrap();
        let pulled = Open311::new(&config, &context()).unwrap().pull(&PullState::default()).await;
        match pulled.map_err(|e| e.in_words())?.remove(0).content {
            Content::Bytes(parts) => Ok(parts),
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn pages_are_asked_for_until_one_is_not_full() {
        for is_xml in [false, true] {
            let fake = Fake::start(move |asked, _| {
                let page = asked.path.rsplit("page=").next().and_then(|n| n.parse::<usize>().ok()).unwrap();
                Reply::of(200, requests(page * 10, if page < 3 { 2 } else { 1 }, is_xml))
            })
            .await;
            let url = format!("{}/requests.json", fake.url());
            let parts = pull(&url, "params = { jurisdiction_id = 'city.gov', start_date = '{today}T00:00:00Z' }")
                .await
                .unwrap();
            assert_eq!(parts, [requests(10, 2, is_xml), requests(20, 2, is_xml), requests(30, 1, is_xml)]);
            let first = &fake.asked()[0].path;
            assert!(
                first.contains("jurisdiction_id=city.gov&start_date=") && first.ends_with("page_size=2&page=1"),
                "{first}"
            );
        }
    }

    #[tokio::test]
    async fn a_full_last_page_is_followed_by_an_empty_one() {
        let fake = Fake::start(|_, n| Reply::of(200, requests(1, if n == 0 { 2 } else { 0 }, false))).await;
        assert_eq!(pull(&fake.url(), "").await.unwrap(), [requests(1, 2, false)]);
    }

    #[tokio::test]
    async fn a_server_without_pages_and_one_that_fails_are_not_believed() {
        let fake = Fake::start(|_, _| Reply::of(200, requests(1, 2, false))).await;
        assert!(pull(&fake.url(), "").await.unwrap_err().ends_with("page 2 is page 1 once more"));
        let fake = Fake::start(|_, n| Reply::of(200, requests(n * 10, 2, true))).await;
        assert!(pull(&fake.url(), "").await.unwrap_err().ends_with("more than 4 pages"));
        let fake = Fake::start(|_, _| Reply::of(200, "[{\"code\": 404")).await;
        assert!(pull(&fake.url(), "").await.unwrap_err().ends_with("page 1 is no list of requests"));
    }
}
