//! PX-Web: ask for the table's variables, then for its figures as JSON-stat 2, in as many parts as the limit needs.
//!
//! Interface 1 describes variables in a document of its own, interface 2 in JSON-stat; both are asked with explicit
//! codes, so that a part that comes back with fewer cells than asked for is noticed.

use async_trait::async_trait;
use reqwest::Url;
use serde_json::Value;

use super::auth::Auth;
use super::config::{PxWebConfig, PxWebVersion, Selection as Declared};
use super::http::{Exchange, Http};
use super::message::{Answer, Request, address};
use super::{Connector, ConnectorContext, Content, PullError, PullState, Pulled};
use crate::format::FormatError;
use crate::format::pxweb::{Selection, TableMetadata, Wanted};

/// The form asked for.
const FORM: &str = "json-stat2";

/// A table of a PX-Web server.
#[derive(Debug)]
pub struct PxWeb {
    http: Http,
    auth: Auth,
    config: PxWebConfig,
    wanted: Vec<(String, Wanted)>,
    url: Url,
}

impl PxWeb {
    /// `kind = "pxweb"`.
    pub fn new(config: &PxWebConfig, context: &ConnectorContext) -> Result<Self, PullError> {
        if config.max_cells == 0 {
            return Err(PullError::Declared { words: "max_cells is 0, so no part could hold a cell".to_owned() });
        }
        let wanted = config.select.iter().map(|(variable, declared)| {
            let wanted = match declared {
                Declared::Values(codes) => Wanted::Values(codes.clone()),
                Declared::Top { top } => Wanted::Last(*top),
            };
            (variable.clone(), wanted)
        });
        Ok(Self {
            http: Http::new(&config.limits, context)?,
            auth: Auth::new(config.auth.as_ref(), &context.secrets)?,
            url: address(config.url.trim_end_matches('/'))?,
            wanted: wanted.collect(),
            config: config.clone(),
        })
    }

    async fn fetch(&self) -> Result<Pulled, PullError> {
        let mut exchange = self.http.begin();
        let described = exchange.send(&Request::get(self.describing()), &self.auth).await?;
        let table = match self.config.version {
            PxWebVersion::V1 => TableMetadata::parse_v1(&described.body),
            PxWebVersion::V2 => TableMetadata::parse_v2(&described.body),
        };
        let table = table.map_err(|e| self.unfit(&e))?;
        let query = Selection::of(&table, &self.wanted).map_err(|e| self.unfit(&e))?;
        let mut parts = Vec::new();
        let mut bytes = 0;
        let mut last: Option<Answer> = None;
        for part in query.split(self.config.max_cells) {
            let mut answer = self.part(&mut exchange, &part).await?;
            bytes += answer.body.len() as u64;
            if bytes > self.http.limits().max_bytes {
                return Err(PullError::TooLarge { url: answer.url, limit: self.http.limits().max_bytes });
            }
            parts.push(std::mem::take(&mut answer.body));
            last = Some(answer);
        }
        let last = last.expect("a query has at least one part");
        Ok(Pulled {
            locator: self.config.url.clone(),
            url: self.url.to_string(),
            content_type: last.content_type,
            headers: last.headers,
            content: Content::Bytes(parts),
        })
    }

    /// Address of the description of the variables.
    fn describing(&self) -> Url {
        match self.config.version {
            PxWebVersion::V1 => self.url.clone(),
            PxWebVersion::V2 => self.below("metadata"),
        }
    }

    fn below(&self, name: &str) -> Url {
        let mut url = self.url.clone();
        url.set_path(&format!("{}/{name}", self.url.path()));
        if let Some(lang) = &self.config.lang {
            url.query_pairs_mut().append_pair("lang", lang);
        }
        url.query_pairs_mut().append_pair("outputFormat", FORM);
        url
    }

    async fn part(&self, exchange: &mut Exchange<'_>, part: &Selection) -> Result<Answer, PullError> {
        let request = match self.config.version {
            PxWebVersion::V1 => Request::post_json(self.url.clone(), &part.v1_body(FORM)),
            PxWebVersion::V2 => Request::post_json(self.below("data"), &part.v2_body()),
        };
        let answer = exchange.send(&request, &self.auth).await?;
        let asked = part.cells();
        let document = answer.json()?;
        let sizes = document.get("size").and_then(Value::as_array);
        let got = sizes.map(|sizes| sizes.iter().map(|size| size.as_u64().unwrap_or(0) as usize).product::<usize>());
        match got {
            Some(got) if got == asked => Ok(answer),
            Some(got) => Err(self.shape(format!("asked for {asked} cells and was given {got}"))),
            None => Err(self.shape("the answer is not a JSON-stat 2 dataset: it has no \"size\"".to_owned())),
        }
    }

    fn unfit(&self, error: &FormatError) -> PullError {
        self.shape(error.to_string())
    }

    fn shape(&self, words: String) -> PullError {
        PullError::Shape { url: self.url.to_string(), words }
    }
}

#[async_trait]
impl Connector for PxWeb {
    async fn pull(&self, _since: &PullState) -> Result<Vec<Pulled>, PullError> {
        Ok(vec![self.fetch().await?])
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::config::ConnectorConfig;
    use super::super::fake::{Fake, Reply, context};
    use super::*;

    fn connector(fake: &Fake, version: &str, more: &str) -> PxWeb {
        let text = format!("kind = 'pxweb'\nurl = '{}/t.px'\nversion = '{version}'\n{more}", fake.url());
        let ConnectorConfig::Pxweb(config) = toml::from_str(&text).unwrap() else { panic!("kind = pxweb") };
        PxWeb::new(&config, &context()).unwrap()
    }

    /// A server of interface 1 or 2 with 2 areas and 5 months that answers with as many values as it is asked for.
    fn server(request: &super::super::fake::Asked) -> Reply {
        let months = ["2022M01", "2022M02", "2022M03", "2022M04", "2022M05"];
        if request.method == "GET" && request.path.starts_with("/t.px/metadata") {
            return Reply::json(&json!({
                "version": "2.0", "class": "dataset", "id": ["Tinh", "Thang"], "size": [2, 5],
                "dimension": {
                    "Tinh": { "category": { "index": ["79", "01"] } },
                    "Thang": { "category": { "index": {
                        "2022M05": 4, "2022M01": 0, "2022M02": 1, "2022M03": 2, "2022M04": 3 } } },
                },
            }));
        }
        if request.method == "GET" {
            return Reply::json(&json!({ "title": "CPI", "variables": [
                { "code": "Tinh", "text": "Tỉnh", "values": ["79", "01"], "valueTexts": ["TP. Hồ Chí Minh", "Hà Nội"] },
                { "code": "Thang", "text": "Tháng", "values": months, "time": true },
            ] }));
        }
        let query: Value = serde_json::from_slice(&request.body).unwrap();
        let sizes: Vec<usize> = match query.get("query").or(query.get("selection")).and_then(Value::as_array) {
            Some(list) => list
                .iter()
                .map(|v| v.pointer("/selection/values").or(v.get("valueCodes")).unwrap().as_array().unwrap().len())
                .collect(),
            None => panic!("no query"),
        };
        Reply::json(&json!({ "class": "dataset", "size": sizes, "value": vec![1.5; sizes.iter().product()] }))
    }

    #[tokio::test]
    async fn a_table_comes_in_parts_below_the_limit() {
        for (version, path) in [("1", "/t.px"), ("2", "/t.px/data?outputFormat=json-stat2")] {
            let fake = Fake::start(|request, _| server(request)).await;
            let px = connector(&fake, version, "max_cells = 4\nselect = { Thang = { top = 3 }, Tinh = ['79'] }");
            let pulled = px.fetch().await.unwrap();
            let Content::Bytes(parts) = &pulled.content else { panic!("bytes") };
            assert_eq!(parts.len(), 1);
            let asked = fake.asked();
            assert_eq!(asked.len(), 2);
            assert_eq!(asked[1].path, path);
            assert!(asked[1].text().contains(r#"["2022M03","2022M04","2022M05"]"#), "{}", asked[1].text());

            let whole = connector(&fake, version, "max_cells = 4").fetch().await.unwrap();
            let Content::Bytes(parts) = &whole.content else { panic!("bytes") };
            let cells = parts
                .iter()
                .map(|part| serde_json::from_slice::<Value>(part).unwrap()["value"].as_array().unwrap().len());
            let cells: Vec<usize> = cells.collect();
            assert_eq!(cells.iter().sum::<usize>(), 10);
            assert!(cells.iter().all(|cells| *cells <= 4), "{cells:?}");
        }
    }

    #[tokio::test]
    async fn what_the_table_no_longer_has_is_said() {
        let fake = Fake::start(|request, _| server(request)).await;
        for (select, lacking) in [("{ Nam = { top = 1 } }", "\"Nam\""), ("{ Tinh = ['79', '80'] }", "\"80\"")] {
            let px = connector(&fake, "1", &format!("select = {select}"));
            let message = px.fetch().await.unwrap_err().to_string();
            assert!(message.contains("/t.px: ") && message.contains(lacking), "{message}");
        }
    }

    #[tokio::test]
    async fn fewer_cells_than_asked_for_are_no_answer() {
        let fake = Fake::start(|request, _| match request.method.as_str() {
            "GET" => server(request),
            _ => Reply::json(&json!({ "class": "dataset", "size": [2, 4], "value": [1] })),
        })
        .await;
        let message = connector(&fake, "1", "").fetch().await.unwrap_err().to_string();
        assert!(message.ends_with("asked for 10 cells and was given 8"), "{message}");
    }
}
