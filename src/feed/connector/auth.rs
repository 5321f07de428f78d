//! Keys and tokens of a source. A fetched token is used until the source no longer accepts it.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use tokio::sync::Mutex;
use url::form_urlencoded;

use super::config::{AuthConfig, TokenConfig, TokenForm};
use super::http::Exchange;
use super::message::{Request, address};
use super::{PullError, Secrets, json_path};

/// How requests to a source are signed.
#[derive(Debug)]
pub struct Auth {
    way: Way,
    secrets: Secrets,
    /// The token in use.
    token: Mutex<Option<SecretString>>,
}

#[derive(Debug)]
enum Way {
    Open,
    Bearer { variable: String },
    Key { header: HeaderName, variable: String },
    Token(TokenConfig),
}

impl Auth {
    /// As declared. Secrets are looked up when a request is made, so that a missing one fails that run only.
    pub fn new(config: Option<&AuthConfig>, secrets: &Secrets) -> Result<Self, PullError> {
        let way = match config {
            None => Way::Open,
            Some(AuthConfig::Bearer { token_env }) => Way::Bearer { variable: token_env.clone() },
            Some(AuthConfig::ApiKey { header, value_env }) => {
                let name = HeaderName::try_from(header.as_str())
                    .map_err(|_| PullError::Declared { words: format!("\"{header}\" is not a header name") })?;
                Way::Key { header: name, variable: value_env.clone() }
            }
            Some(AuthConfig::Token(token)) => {
                address(&token.url)?;
                Way::Token(token.clone())
            }
        };
        Ok(Self { way, secrets: secrets.clone(), token: Mutex::new(None) })
    }

    /// Whether a refused token can be replaced by a new one.
    pub fn is_renewable(&self) -> bool {
        matches!(self.way, Way::Token(_))
    }

    /// The header that signs a request; `fresh` asks for a new token.
    pub async fn header(
        &self,
        exchange: &mut Exchange<'_>,
        fresh: bool,
    ) -> Result<Option<(HeaderName, SecretString)>, PullError> {
        let bearer =
            |token: &str| (HeaderName::from_static("authorization"), SecretString::from(format!("Bearer {token}")));
        match &self.way {
            Way::Open => Ok(None),
            Way::Bearer { variable } => Ok(Some(bearer(self.secrets.get(variable)?.expose_secret()))),
            Way::Key { header, variable } => Ok(Some((header.clone(), self.secrets.get(variable)?))),
            Way::Token(config) => {
                let mut held = self.token.lock().await;
                let known = held.take().filter(|_| !fresh);
                let token = match known {
                    Some(token) => token,
                    None => self.fetch(config, exchange).await?,
                };
                let header = bearer(token.expose_secret());
                *held = Some(token);
                Ok(Some(header))
            }
        }
    }

    async fn fetch(&self, config: &TokenConfig, exchange: &mut Exchange<'_>) -> Result<SecretString, PullError> {
        let answer = exchange.send_as_is(&self.token_request(config)?).await?;
        if answer.status == 401 {
            return Err(PullError::Denied { url: config.url.clone(), status: 401 });
        }
        // The answer holds the token, so nothing of it may be quoted.
        let document: Option<Value> = serde_json::from_slice(&answer.body).ok();
        let token = document.and_then(|document| json_path::text_at(&document, &config.token_path));
        token.map(SecretString::from).ok_or_else(|| PullError::Shape {
            url: config.url.clone(),
            words: format!("the answer has no token at \"{}\"", config.token_path),
        })
    }

    fn token_request(&self, config: &TokenConfig) -> Result<Request, PullError> {
        let mut secrets = Vec::new();
        for (field, variable) in &config.secrets {
            secrets.push((field, self.secrets.get(variable)?));
        }
        let plain = config.fields.iter().map(|(field, value)| (field.as_str(), value.as_str()));
        let secret = secrets.iter().map(|(field, value)| (field.as_str(), value.expose_secret()));
        let url = address(&config.url)?;
        let mut request = match config.form {
            TokenForm::Json => {
                let fields: Map<String, Value> = plain.chain(secret).map(|(k, v)| (k.to_owned(), v.into())).collect();
                Request::post_json(url, &Value::Object(fields))
            }
            TokenForm::Form => {
                let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(plain.chain(secret)).finish();
                let mut request = Request::post_json(url, &Value::Null);
                let form = HeaderValue::from_static("application/x-www-form-urlencoded");
                request.headers = HeaderMap::from_iter([(HeaderName::from_static("content-type"), form)]);
                request.body = Some(body.into_bytes());
                request
            }
            TokenForm::Headers => {
                let mut request = Request::post_json(url, &Value::Object(Map::new()));
                for (field, value) in plain.chain(secret) {
                    let name = HeaderName::try_from(field)
                        .map_err(|_| PullError::Declared { words: format!("\"{field}\" is not a header name") })?;
                    request.secret_headers.push((name, SecretString::from(value)));
                }
                request
            }
        };
        request.confidential = true;
        Ok(request)
    }
}
