//! Records behind a JSON service: pages, a success field, a total, a key or token.
//!
//! The pages are kept as they came, one part each. A service that gives fewer records than it says it has, the same
//! cursor twice, or an error inside a 200 has not answered.

use std::collections::BTreeSet;

use async_trait::async_trait;
use reqwest::Url;
use reqwest::header::HeaderMap;
use serde_json::{Map, Value};

use super::auth::Auth;
use super::config::{PagingConfig, RestConfig, RestMethod};
use super::dates::Dates;
use super::http::Http;
use super::json_path::{at, text_at};
use super::message::{Answer, Request, address, declared_headers};
use super::{Connector, ConnectorContext, Content, PullError, PullState, Pulled};

/// Records behind a JSON service.
#[derive(Debug)]
pub struct Rest {
    http: Http,
    auth: Auth,
    context: ConnectorContext,
    config: RestConfig,
    headers: HeaderMap,
}

/// What one page says.
struct Page {
    records: usize,
    total: Option<usize>,
    document: Value,
}

/// What the next request asks for.
enum Next {
    /// These parameters besides the declared ones.
    Params(Vec<(String, String)>),
    /// This address as it is.
    Link(Url),
}

impl Rest {
    /// `kind = "rest"`.
    pub fn new(config: &RestConfig, context: &ConnectorContext) -> Result<Self, PullError> {
        let rest = Self {
            http: Http::new(&config.limits, context)?,
            auth: Auth::new(config.auth.as_ref(), &context.secrets)?,
            context: context.clone(),
            headers: declared_headers(&config.headers)?,
            config: config.clone(),
        };
        rest.request(&rest.first())?;
        Ok(rest)
    }

    async fn fetch(&self) -> Result<Pulled, PullError> {
        let mut exchange = self.http.begin();
        let mut parts: Vec<Vec<u8>> = Vec::new();
        let mut received = 0;
        let mut bytes = 0;
        let mut seen = BTreeSet::new();
        let mut next = Some(self.first());
        let mut last: Option<(Answer, Option<usize>)> = None;
        while let Some(asked) = next {
            if parts.len() == self.config.limits.max_pages {
                return Err(self.shape(format!("more than {} pages", parts.len())));
            }
            let mut answer = exchange.send(&self.request(&asked)?, &self.auth).await?;
            let page = self.read(&answer)?;
            received += page.records;
            bytes += answer.body.len() as u64;
            if bytes > self.http.limits().max_bytes {
                return Err(PullError::TooLarge { url: answer.url, limit: self.http.limits().max_bytes });
            }
            next = self.after(&page, parts.len(), received, &mut seen)?;
            // A page after the last holds nothing; only an answer that is empty as a whole is kept as such.
            if page.records > 0 || parts.is_empty() {
                parts.push(std::mem::take(&mut answer.body));
            }
            last = Some((answer, page.total));
        }
        let (answer, total) = last.expect("the first page is always asked for");
        if let Some(total) = total.filter(|total| *total != received) {
            return Err(self.shape(format!("it has {total} records and gave {received}")));
        }
        Ok(Pulled {
            locator: self.config.url.clone(),
            url: self.request(&self.first())?.url.to_string(),
            content_type: answer.content_type,
            headers: answer.headers,
            content: Content::Bytes(parts),
        })
    }

    fn first(&self) -> Next {
        match &self.config.paging {
            Some(PagingConfig::Page { page_param, size_param, size, first }) => {
                Next::Params(vec![(page_param.clone(), first.to_string()), (size_param.clone(), size.to_string())])
            }
            Some(PagingConfig::NextLink { .. } | PagingConfig::Cursor { .. }) | None => Next::Params(Vec::new()),
        }
    }

    fn request(&self, next: &Next) -> Result<Request, PullError> {
        let dates = Dates::new(self.context.clock.today(), self.config.window_months);
        let mut params: Vec<(String, String)> = Vec::new();
        for (name, value) in &self.config.params {
            params.push((name.clone(), dates.fill(value)?));
        }
        let url = match next {
            Next::Params(more) => {
                params.extend(more.iter().cloned());
                address(&dates.fill(&self.config.url)?)?
            }
            Next::Link(url) => url.clone(),
        };
        let mut request = match (self.config.method, next) {
            (RestMethod::Get, Next::Link(_)) => Request::get(url),
            (RestMethod::Get, Next::Params(_)) => {
                let mut url = url;
                if !params.is_empty() {
                    url.query_pairs_mut().extend_pairs(&params);
                }
                Request::get(url)
            }
            (RestMethod::Post, _) => {
                let body: Map<String, Value> = params.into_iter().map(|(name, value)| (name, value.into())).collect();
                Request::post_json(url, &Value::Object(body))
            }
        };
        request.headers.extend(self.headers.clone());
        Ok(request)
    }

    /// Checks that a page is what the service is declared to give.
    fn read(&self, answer: &Answer) -> Result<Page, PullError> {
        let document = answer.json()?;
        if let Some(success) = &self.config.success {
            let code = text_at(&document, &success.path)
                .ok_or_else(|| self.shape(format!("the answer has no \"{}\"", success.path)))?;
            if code != success.equals {
                let words = success.message.as_ref().and_then(|path| text_at(&document, path)).unwrap_or_default();
                return Err(PullError::Service { url: self.config.url.clone(), code, words });
            }
        }
        let records = at(&document, &self.config.records).and_then(Value::as_array).map(Vec::len);
        let records = records.ok_or_else(|| match self.config.records.as_str() {
            "" => self.shape("the answer is not a list of records".to_owned()),
            path => self.shape(format!("the answer has no list of records at \"{path}\"")),
        })?;
        let total = match &self.config.total {
            None => None,
            Some(path) => {
                let said = text_at(&document, path).and_then(|text| text.parse().ok());
                Some(said.ok_or_else(|| self.shape(format!("the answer has no number at \"{path}\"")))?)
            }
        };
        Ok(Page { records, total, document })
    }

    /// What to ask for after a page; `None` after the last. `pages` were read before this one.
    fn after(
        &self,
        page: &Page,
        pages: usize,
        received: usize,
        seen: &mut BTreeSet<String>,
    ) -> Result<Option<Next>, PullError> {
        match &self.config.paging {
            None => Ok(None),
            Some(PagingConfig::Page { page_param, size_param, size, first }) => {
                let whole = page.total.is_some_and(|total| received >= total);
                if whole || page.records < *size {
                    return Ok(None);
                }
                let number = first + pages + 1;
                let params = vec![(page_param.clone(), number.to_string()), (size_param.clone(), size.to_string())];
                Ok(Some(Next::Params(params)))
            }
            Some(PagingConfig::NextLink { path }) => {
                let Some(link) = self.pointer(page, path, seen)? else { return Ok(None) };
                let base = self.request(&self.first())?.url;
                let url = base.join(&link).map_err(|e| self.shape(format!("next page \"{link}\": {e}")))?;
                // The key or token goes along, so it must not be led elsewhere.
                if url.origin() != base.origin() {
                    return Err(self.shape(format!("next page \"{link}\" is on another server")));
                }
                Ok(Some(Next::Link(url)))
            }
            Some(PagingConfig::Cursor { param, path }) => {
                let cursor = self.pointer(page, path, seen)?;
                Ok(cursor.map(|cursor| Next::Params(vec![(param.clone(), cursor)])))
            }
        }
    }

    /// The link or cursor to the next page; one that was followed before would lead in a circle.
    fn pointer(&self, page: &Page, path: &str, seen: &mut BTreeSet<String>) -> Result<Option<String>, PullError> {
        let Some(pointer) = text_at(&page.document, path).filter(|text| !text.is_empty()) else { return Ok(None) };
        if !seen.insert(pointer.clone()) {
            return Err(self.shape(format!("page \"{pointer}\" comes twice")));
        }
        Ok(Some(pointer))
    }

    fn shape(&self, words: String) -> PullError {
        PullError::Shape { url: self.config.url.clone(), words }
    }
}

#[async_trait]
impl Connector for Rest {
    async fn pull(&self, _since: &PullState) -> Result<Vec<Pulled>, PullError> {
        Ok(vec![self.fetch().await?])
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::fake::{Asked, Fake, Reply, context};
    use super::*;

    fn rest(fake: &Fake, more: &str) -> Rest {
        let head = "[limits]\nattempts = 2\nbackoff_ms = 1\nmax_pages = 5";
        let text = format!("url = '{url}/tong-hop'\n{}\n{head}", more.replace("{url}", &fake.url()), url = fake.url());
        Rest::new(&toml::from_str(&text).unwrap(), &context()).unwrap()
    }

    async fn parts(fake: &Fake, more: &str) -> Result<Vec<Value>, PullError> {
        let pulled = rest(fake, more).fetch().await?;
        let Content::Bytes(parts) = pulled.content else { panic!("bytes") };
        Ok(parts.iter().map(|part| serde_json::from_slice(part).unwrap()).collect())
    }

    /// The gateway's shape: five districts, two a page, only for the token of the moment.
    fn gateway(asked: &Asked, token: &str) -> Reply {
        if asked.path == "/token" {
            assert_eq!(asked.text(), r#"{"AppName":"toancanh","AccessKey":"vao-cua","SecretKey":"bi-mat"}"#);
            return Reply::json(&json!({ "code": 0, "data": { "access_token": token } }));
        }
        if asked.header("authorization") != Some(&format!("Bearer {token}")) {
            return Reply::of(401, "");
        }
        let body: Value = serde_json::from_slice(&asked.body).unwrap();
        assert_eq!((&body["tuNgay"], &body["denNgay"]), (&json!("20220201"), &json!("20220525")));
        let page: usize = body["page"].as_str().unwrap().parse().unwrap();
        let districts = ["760", "761", "764", "765", "766"];
        let data: Vec<Value> =
            districts.iter().skip((page - 1) * 2).take(2).map(|ma| json!({ "maHuyen": ma, "soNguoi": 1 })).collect();
        Reply::json(&json!({ "code": 0, "message": "", "data": data, "total": 5 }))
    }

    const GATEWAY: &str = r#"
        method = "POST"
        params = { tuNgay = "{from:%Y%m%d}", denNgay = "{to:%Y%m%d}" }
        window_months = 3
        records = "data"
        total = "total"
        success = { path = "code", equals = "0", message = "message" }
        paging = { kind = "page", page_param = "page", size_param = "size", size = 2 }
        [auth]
        kind = "token"
        url = "{url}/token"
        fields = { AppName = "toancanh" }
        secrets = { AccessKey = "ACCESS", SecretKey = "SECRET" }
        token_path = "data.access_token"
    "#;

    #[tokio::test]
    async fn the_gateway_gives_all_pages_for_one_token() {
        let fake = Fake::start(|asked, _| gateway(asked, "t1")).await;
        let pages = parts(&fake, GATEWAY).await.unwrap();
        assert_eq!(pages.len(), 3);
        assert_eq!(pages[2]["data"], json!([{ "maHuyen": "766", "soNguoi": 1 }]));
        assert_eq!(fake.asked().iter().filter(|asked| asked.path == "/token").count(), 1);
    }

    #[tokio::test]
    async fn a_token_that_lapses_between_pages_is_fetched_anew() {
        // The second page (request 3) finds the token changed.
        let fake = Fake::start(|asked, n| gateway(asked, if n < 2 { "t1" } else { "t2" })).await;
        assert_eq!(parts(&fake, GATEWAY).await.unwrap().len(), 3);
        let paths: Vec<String> = fake.asked().into_iter().map(|asked| asked.path).collect();
        assert_eq!(paths, ["/token", "/tong-hop", "/tong-hop", "/token", "/tong-hop", "/tong-hop"]);
    }

    #[tokio::test]
    async fn a_key_that_is_refused_is_said_without_the_key() {
        let fake = Fake::start(|_, _| Reply::of(401, "k-e-y is wrong")).await;
        let error = parts(&fake, "[auth]\nkind = 'api_key'\nheader = 'X-Key'\nvalue_env = 'KEY'").await.unwrap_err();
        assert!(error.to_string().ends_with("/tong-hop did not accept the key or token (401)"), "{error}");
        assert_eq!(fake.asked().len(), 1);
        assert_eq!(fake.asked()[0].header("x-key"), Some("k-e-y"));
        let refused = Fake::start(|_, _| Reply::of(401, "bi-mat is wrong")).await;
        let error = parts(&refused, GATEWAY).await.unwrap_err();
        assert!(error.to_string().ends_with("/token did not accept the key or token (401)"), "{error}");
        let missing = parts(&fake, "[auth]\nkind = 'bearer'\ntoken_env = 'NOT_SET'").await.unwrap_err();
        assert_eq!(missing.to_string(), "environment variable \"NOT_SET\" is not set or empty");
    }

    #[test]
    fn secrets_are_not_printed() {
        let config = super::super::config::AuthConfig::Bearer { token_env: "KEY".into() };
        let auth = Auth::new(Some(&config), &context().secrets).unwrap();
        let printed = format!("{auth:?} {:?} {:?}", context(), context().secrets.get("KEY").unwrap());
        assert!(!printed.contains("k-e-y"), "{printed}");
    }

    #[tokio::test]
    async fn an_error_inside_a_success_is_an_error() {
        let fake = Fake::start(|_, _| Reply::json(&json!({ "code": 17, "message": "Sai mã đơn vị" }))).await;
        let error = parts(&fake, "success = { path = 'code', equals = '0', message = 'message' }").await.unwrap_err();
        assert!(error.to_string().ends_with("answered code \"17\": \"Sai mã đơn vị\""), "{error}");
    }

    #[tokio::test]
    async fn fewer_records_than_the_service_has_are_no_answer() {
        let fake = Fake::start(|_, _| Reply::json(&json!({ "data": [1, 2], "total": 3 }))).await;
        let error = parts(&fake, "records = 'data'\ntotal = 'total'").await.unwrap_err();
        assert!(error.to_string().ends_with("it has 3 records and gave 2"), "{error}");
        let other = parts(&fake, "records = 'items'").await.unwrap_err();
        assert!(other.to_string().ends_with("the answer has no list of records at \"items\""), "{other}");
    }

    #[tokio::test]
    async fn links_and_cursors_are_followed_to_the_end() {
        let linked = Fake::start(|asked, _| match asked.path.as_str() {
            "/tong-hop" => Reply::json(&json!({ "data": [1], "next": "/tong-hop?p=2" })),
            "/tong-hop?p=2" => Reply::json(&json!({ "data": [2], "next": null })),
            _ => Reply::of(404, ""),
        })
        .await;
        let link = "records = 'data'\npaging = { kind = 'next_link', path = 'next' }";
        assert_eq!(parts(&linked, link).await.unwrap().len(), 2);

        let cursors = Fake::start(|asked, _| match asked.path.as_str() {
            "/tong-hop" => Reply::json(&json!({ "data": [1], "meta": { "next": "abc" } })),
            "/tong-hop?after=abc" => Reply::json(&json!({ "data": [2], "meta": { "next": "" } })),
            _ => Reply::of(404, ""),
        })
        .await;
        let cursor = "records = 'data'\npaging = { kind = 'cursor', param = 'after', path = 'meta.next' }";
        assert_eq!(parts(&cursors, cursor).await.unwrap().len(), 2);
    }

    #[tokio::test]
    async fn circles_and_other_servers_are_not_followed() {
        let circle = Fake::start(|_, _| Reply::json(&json!({ "data": [1], "next": "/tong-hop?p=2" }))).await;
        let link = "records = 'data'\npaging = { kind = 'next_link', path = 'next' }";
        let error = parts(&circle, link).await.unwrap_err();
        assert!(error.to_string().ends_with("page \"/tong-hop?p=2\" comes twice"), "{error}");

        let away = Fake::start(|_, _| Reply::json(&json!({ "data": [1], "next": "http://other.invalid/" }))).await;
        let error = parts(&away, link).await.unwrap_err();
        assert!(error.to_string().ends_with("next page \"http://other.invalid/\" is on another server"), "{error}");

        let endless = Fake::start(|_, _| Reply::json(&json!([1, 2]))).await;
        let pages = "paging = { kind = 'page', page_param = 'p', size_param = 's', size = 2 }";
        let error = parts(&endless, pages).await.unwrap_err();
        assert!(error.to_string().ends_with("more than 5 pages"), "{error}");
    }
}
