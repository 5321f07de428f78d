//! One pull over HTTP: requests with limits, retries and a deadline over all of them.
//!
//! Tried again: no connection, a connection that breaks, 408, 429, 500, 502, 503 and 504. Everything else is final.
//! An answer is complete or it is an error; a body shorter than its `Content-Length` never comes out of here.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use reqwest::header::HeaderValue;
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, Response};
use secrecy::ExposeSecret;
use tokio::time::Instant;

use super::auth::Auth;
use super::backoff::{Backoff, retry_after};
use super::config::HttpLimits;
use super::message::{Answer, Request, kept_headers};
use super::{ConnectorContext, PullError};
use crate::domain::Clock;
use crate::feed::error::in_words;

const REDIRECTS_MAX: usize = 5;
const QUOTED_CHARS_MAX: usize = 200;

/// A client with the limits of one feed.
#[derive(Debug)]
pub struct Http {
    client: Client,
    limits: HttpLimits,
    clock: Arc<dyn Clock>,
    seed: u64,
    pulls: AtomicU64,
}

/// What one attempt came to.
enum Tried {
    Answer(Answer),
    /// Worth trying again, after as long as the source asked for.
    Again(Box<dyn Fn(u32) -> PullError + Send>, Option<Duration>),
    Final(PullError),
}

impl Http {
    /// A client; proxies and root certificates are those of the system.
    pub fn new(limits: &HttpLimits, context: &ConnectorContext) -> Result<Self, PullError> {
        let client = Client::builder()
            .user_agent(concat!("toancanh/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::custom(follow))
            .timeout(Duration::from_millis(limits.timeout_ms))
            .build()
            .map_err(|e| PullError::Declared { words: in_words(&e) })?;
        let (clock, seed) = (context.clock.clone(), context.seed);
        Ok(Self { client, limits: limits.clone(), clock, seed, pulls: AtomicU64::new(0) })
    }

    /// Begins a pull: the deadline runs from here.
    pub fn begin(&self) -> Exchange<'_> {
        let pull = self.pulls.fetch_add(1, Ordering::Relaxed);
        let first = Duration::from_millis(self.limits.backoff_ms);
        let longest = Duration::from_millis(self.limits.backoff_max_ms);
        Exchange {
            http: self,
            deadline: Instant::now() + Duration::from_millis(self.limits.deadline_ms),
            backoff: Backoff::new(first, longest, self.seed.wrapping_add(pull)),
        }
    }

    /// The limits.
    pub fn limits(&self) -> &HttpLimits {
        &self.limits
    }
}

/// All requests of one pull.
#[derive(Debug)]
pub struct Exchange<'a> {
    http: &'a Http,
    deadline: Instant,
    backoff: Backoff,
}

impl Exchange<'_> {
    /// Sends with key or token; a token that is no longer accepted is fetched anew once.
    pub async fn send(&mut self, request: &Request, auth: &Auth) -> Result<Answer, PullError> {
        for fresh in [false, true] {
            let mut signed = request.clone();
            signed.secret_headers.extend(auth.header(self, fresh).await?);
            let answer = self.send_as_is(&signed).await?;
            if answer.status != 401 {
                return Ok(answer);
            }
            if !auth.is_renewable() {
                break;
            }
        }
        Err(PullError::Denied { url: request.url.to_string(), status: 401 })
    }

    /// Sends without key or token, trying again where that may help.
    pub(super) async fn send_as_is(&mut self, request: &Request) -> Result<Answer, PullError> {
        let deadline = self.deadline;
        match tokio::time::timeout_at(deadline, self.attempts(request)).await {
            Ok(result) => result,
            Err(_) => Err(PullError::Deadline {
                url: request.url.to_string(),
                limit: Duration::from_millis(self.http.limits.deadline_ms),
            }),
        }
    }

    async fn attempts(&mut self, request: &Request) -> Result<Answer, PullError> {
        let mut attempt = 1;
        loop {
            let (error, asked) = match self.http.once(request).await {
                Tried::Answer(answer) => return Ok(answer),
                Tried::Final(error) => return Err(error),
                Tried::Again(error, asked) => (error, asked),
            };
            if attempt >= self.http.limits.attempts {
                return Err(error(attempt));
            }
            let Some(wait) = self.backoff.wait(attempt, asked) else {
                return Err(PullError::Throttled { url: request.url.to_string(), wait: asked.unwrap_or_default() });
            };
            tracing::debug!(url = %request.url, attempt, wait_ms = wait.as_millis() as u64, "request is tried again");
            tokio::time::sleep(wait).await;
            attempt += 1;
        }
    }
}

impl Http {
    async fn once(&self, request: &Request) -> Tried {
        let url = request.url.to_string();
        let response = match self.builder(request) {
            Ok(builder) => builder.send().await,
            Err(error) => return Tried::Final(error),
        };
        let response = match response {
            Ok(response) => response,
            Err(e) if e.is_redirect() || e.is_builder() => {
                let words = in_words(&e.without_url());
                return Tried::Final(PullError::Shape { url, words });
            }
            Err(e) => {
                let words = in_words(&e.without_url());
                let error = move |attempts| PullError::Unreachable { url: url.clone(), attempts, words: words.clone() };
                return Tried::Again(Box::new(error), None);
            }
        };
        let status = response.status().as_u16();
        match status {
            200..=299 | 304 | 401 => self.body(url, response).await,
            403 => Tried::Final(PullError::Denied { url, status }),
            408 | 429 | 500 | 502 | 503 | 504 => {
                let asked = response.headers().get("retry-after").and_then(|v| v.to_str().ok());
                let asked = asked.and_then(|text| retry_after(text, self.clock.now()));
                let words = quoted(request, response).await;
                let error =
                    move |attempts| PullError::Status { url: url.clone(), status, attempts, words: words.clone() };
                Tried::Again(Box::new(error), asked)
            }
            _ => {
                let words = quoted(request, response).await;
                Tried::Final(PullError::Status { url, status, attempts: 1, words })
            }
        }
    }

    fn builder(&self, request: &Request) -> Result<reqwest::RequestBuilder, PullError> {
        let mut headers = request.headers.clone();
        for (name, secret) in &request.secret_headers {
            let mut value = HeaderValue::from_str(secret.expose_secret()).map_err(|_| PullError::Declared {
                words: format!("the secret for header \"{name}\" holds letters that a header cannot hold"),
            })?;
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        let builder = self.client.request(request.method.clone(), request.url.clone()).headers(headers);
        Ok(match &request.body {
            Some(body) => builder.body(body.clone()),
            None => builder,
        })
    }

    /// Reads the whole body, never more than the limit.
    async fn body(&self, url: String, mut response: Response) -> Tried {
        let limit = self.limits.max_bytes;
        let promised = response.content_length();
        let status = response.status().as_u16();
        let (content_type, headers) = kept_headers(response.headers());
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break,
                Err(_) => {
                    let received = body.len() as u64;
                    let error = move |attempts| PullError::BrokenOff { url: url.clone(), attempts, received, promised };
                    return Tried::Again(Box::new(error), None);
                }
            }
            if body.len() as u64 > limit {
                return Tried::Final(PullError::TooLarge { url, limit });
            }
        }
        Tried::Answer(Answer { url, status, content_type, headers, body })
    }
}

/// Redirects stay on the host, so that a key in a header never travels to another one.
fn follow(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    let first = &attempt.previous()[0];
    if attempt.previous().len() > REDIRECTS_MAX {
        return attempt.error("too many redirects");
    }
    let stays =
        attempt.url().host() == first.host() && attempt.url().port_or_known_default() == first.port_or_known_default();
    let same_scheme = attempt.url().scheme() == first.scheme();
    if stays && same_scheme {
        attempt.follow()
    } else {
        let words = format!("redirected to another server, {}", attempt.url());
        attempt.error(words)
    }
}

/// The beginning of an error's body in one line, unless request or answer hold secrets.
async fn quoted(request: &Request, mut response: Response) -> String {
    if request.confidential {
        return String::new();
    }
    let first = response.chunk().await.ok().flatten().unwrap_or_default();
    let text = String::from_utf8_lossy(&first);
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(QUOTED_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::super::config::HttpConfig;
    use super::super::fake::{Fake, Reply, context};
    use super::super::single::Single;
    use super::super::{Connector, Content, PullState, Pulled};
    use super::*;
    use crate::error::{Coded, ErrorCode};

    fn single(url: &str, more: &str) -> Single {
        let limits = "attempts = 3\nbackoff_ms = 5\nbackoff_max_ms = 2000\nmax_bytes = 100";
        let text = format!("url = '{url}'\n[limits]\n{limits}\n{more}");
        let config: HttpConfig = toml::from_str(&text).unwrap();
        Single::http(&config, &context()).unwrap()
    }

    async fn pull(fake: &Fake, more: &str) -> Result<Pulled, PullError> {
        let pulled = single(&format!("{}/a.px", fake.url()), more).pull(&PullState::default()).await;
        pulled.map(|mut list| list.remove(0))
    }

    fn bytes(pulled: &Pulled) -> &[u8] {
        match &pulled.content {
            Content::Bytes(parts) => &parts[0],
            Content::NotModified | Content::Unreadable(_) => panic!("no bytes: {:?}", pulled.content),
        }
    }

    #[tokio::test]
    async fn an_answer_comes_with_its_headers() {
        let fake = Fake::start(|_, _| {
            Reply::of(200, "AXIS")
                .header("Content-Type", "text/plain")
                .header("Set-Cookie", "s=1")
                .header("ETag", "\"7\"")
        })
        .await;
        let pulled = pull(&fake, "").await.unwrap();
        assert_eq!(bytes(&pulled), b"AXIS");
        assert_eq!(pulled.content_type.as_deref(), Some("text/plain"));
        assert_eq!(pulled.headers["etag"], "\"7\"");
        assert!(!pulled.headers.contains_key("set-cookie"));
    }

    #[tokio::test]
    async fn errors_of_the_server_are_tried_again() {
        let fake = Fake::start(|_, n| if n < 2 { Reply::of(500, "đang bảo trì") } else { Reply::of(200, "x") }).await;
        assert_eq!(bytes(&pull(&fake, "").await.unwrap()), b"x");
        assert_eq!(fake.asked().len(), 3);

        let fake = Fake::start(|_, _| Reply::of(503, "đang\n bảo trì")).await;
        let error = pull(&fake, "").await.unwrap_err();
        assert!(error.to_string().ends_with("/a.px answered 503 in 3 attempts: \"đang bảo trì\""), "{error}");
        assert_eq!(error.code(), ErrorCode::SourceUnavailable);
        assert_eq!(fake.asked().len(), 3);
    }

    #[tokio::test]
    async fn errors_of_ours_are_not() {
        let fake = Fake::start(|_, _| Reply::of(404, "")).await;
        let error = pull(&fake, "").await.unwrap_err();
        assert!(error.to_string().ends_with("/a.px answered 404 in 1 attempts"), "{error}");
        assert_eq!(fake.asked().len(), 1);
    }

    #[tokio::test]
    async fn half_a_body_is_no_answer() {
        let fake = Fake::start(|_, _| Reply::of(200, "0123456789").cut_after(4)).await;
        let error = pull(&fake, "").await.unwrap_err();
        let expected = "/a.px broke off after 4 bytes in each of 3 attempts, 10 were promised";
        assert!(error.to_string().ends_with(expected), "{error}");
        let fake = Fake::start(|_, n| Reply::of(200, "0123456789").cut_after(if n == 0 { 4 } else { 10 })).await;
        assert_eq!(bytes(&pull(&fake, "").await.unwrap()), b"0123456789");
    }

    #[tokio::test]
    async fn nobody_there_is_tried_again_and_said() {
        let fake = Fake::start(|_, _| Reply::of(200, "")).await;
        let url = fake.url();
        drop(fake);
        let error = single(&url, "").pull(&PullState::default()).await.unwrap_err();
        assert!(error.to_string().contains("could not be reached in 3 attempts: "), "{error}");
        assert!(error.to_string().to_lowercase().contains("refused"), "{error}");
    }

    #[tokio::test]
    async fn retry_after_is_kept_and_too_long_a_wait_ends_the_pull() {
        let busy = |_: &super::super::fake::Asked, n| match n {
            0 => Reply::of(429, "").header("Retry-After", "1"),
            _ => Reply::of(200, "x"),
        };
        let fake = Fake::start(busy).await;
        let began = Instant::now();
        assert_eq!(bytes(&pull(&fake, "").await.unwrap()), b"x");
        assert!(began.elapsed() >= Duration::from_secs(1));

        let fake = Fake::start(|_, _| Reply::of(429, "").header("Retry-After", "3600")).await;
        let error = pull(&fake, "").await.unwrap_err();
        assert!(error.to_string().ends_with("asked to wait 3600 seconds before the next request"), "{error}");
        assert_eq!(fake.asked().len(), 1);
    }

    #[tokio::test]
    async fn a_pull_has_a_size_and_a_time() {
        let fake = Fake::start(|_, _| Reply::of(200, vec![b'x'; 101])).await;
        assert!(matches!(pull(&fake, "").await, Err(PullError::TooLarge { limit: 100, .. })));
        let fake = Fake::start(|_, _| Reply::of(503, "").header("Retry-After", "1")).await;
        assert!(matches!(pull(&fake, "deadline_ms = 200").await, Err(PullError::Deadline { .. })));
    }

    #[tokio::test]
    async fn what_did_not_change_is_not_sent_again() {
        let fake = Fake::start(|asked, _| match asked.header("if-none-match") {
            Some("\"7\"") => Reply::of(304, ""),
            _ => Reply::of(200, "x").header("ETag", "\"7\""),
        })
        .await;
        let url = format!("{}/a.px", fake.url());
        let tags = [(url.clone(), (url.clone(), "\"7\"".to_owned()))].into();
        let pulled = single(&url, "").pull(&PullState { tags, ..PullState::default() }).await.unwrap();
        assert!(matches!(pulled[0].content, Content::NotModified));
    }

    #[tokio::test]
    async fn a_redirect_stays_on_the_server() {
        let fake = Fake::start(|asked, _| match asked.path.as_str() {
            "/a.px" => Reply::of(302, "").header("Location", "/b.px"),
            "/b.px" => Reply::of(200, "b"),
            _ => Reply::of(404, ""),
        })
        .await;
        assert_eq!(bytes(&pull(&fake, "").await.unwrap()), b"b");
        let fake = Fake::start(|_, _| Reply::of(302, "").header("Location", "http://other.invalid/")).await;
        let error = pull(&fake, "").await.unwrap_err();
        assert!(error.to_string().contains("redirected to another server, http://other.invalid/"), "{error}");
    }
}
