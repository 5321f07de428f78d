//! How a feed declares where its bytes come from: the `[connector]` table of a feed's mapping file.
//!
//! Only shapes and defaults; nothing is opened here. A secret is never written in a declaration: the declaration
//! names the environment variable that holds it.

use std::collections::BTreeMap;

use serde::Deserialize;

pub use super::case_config::{Open311Config, PostgresConfig};

/// The `[connector]` table; `kind` chooses the variant.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ConnectorConfig {
    /// Files laid into the drop folder.
    Files(FilesConfig),
    /// One address, any format.
    Http(HttpConfig),
    /// A table of a PX-Web server.
    Pxweb(PxWebConfig),
    /// A dataflow of an SDMX REST service.
    Sdmx(SdmxConfig),
    /// Records behind a JSON service with pages and a key or token.
    Rest(RestConfig),
    /// Requests of an Open311 server, page by page.
    Open311(Open311Config),
    /// The tables of a case store in PostgreSQL.
    Postgres(PostgresConfig),
}

impl ConnectorConfig {
    /// What is asked, for a pull that brings nothing more precise: the declared address or pattern.
    pub fn locator(&self) -> &str {
        match self {
            ConnectorConfig::Files(files) => &files.glob,
            ConnectorConfig::Http(http) => &http.url,
            ConnectorConfig::Pxweb(pxweb) => &pxweb.url,
            ConnectorConfig::Sdmx(sdmx) => &sdmx.url,
            ConnectorConfig::Rest(rest) => &rest.url,
            ConnectorConfig::Open311(open311) => &open311.url,
            ConnectorConfig::Postgres(postgres) => &postgres.cases,
        }
    }
}

/// `kind = "files"`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilesConfig {
    /// Pattern relative to the drop folder: `*` and `?` within one name, `**` over any number of folders.
    pub glob: String,
    /// A file younger than this is looked at twice, this far apart, and taken only if it stood still. Milliseconds.
    #[serde(default = "default_settle_ms")]
    pub settle_ms: u64,
    /// Largest file taken. Bytes.
    #[serde(default = "default_max_bytes")]
    pub max_bytes: u64,
    /// A second file that belongs to each: cases and their events.
    pub companion: Option<CompanionConfig>,
}

/// `{ replace = "cases", by = "events" }`: `2022-05-cases.csv` is taken together with `2022-05-events.csv`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompanionConfig {
    /// What stands in the path of the first file.
    pub replace: String,
    /// What stands in its place in the path of the second.
    pub by: String,
}

/// `kind = "http"`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpConfig {
    /// Address; `{today}`, `{from}`, `{to}` are filled in (`{to:%Y%m%d}` with a format), see [`Self::window_months`].
    pub url: String,
    /// Extra request headers that are no secrets.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// `{from}` is the first day of the month this many months before the present one.
    #[serde(default)]
    pub window_months: u32,
    /// Key or token.
    pub auth: Option<AuthConfig>,
    /// Time and size limits.
    #[serde(default)]
    pub limits: HttpLimits,
}

/// Version of the PX-Web interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum PxWebVersion {
    /// PxWebApi 1: `GET` gives the variables, `POST` of a JSON query gives the figures.
    #[serde(rename = "1")]
    V1,
    /// PxWebApi 2: `/tables/{id}/metadata` and `/tables/{id}/data`.
    #[serde(rename = "2")]
    V2,
}

/// `kind = "pxweb"`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PxWebConfig {
    /// Address of the table (version 1: `.../api/v1/vi/db/table.px`; version 2: `.../api/v2/tables/ID`).
    pub url: String,
    /// `"1"` or `"2"`.
    #[serde(default = "default_pxweb_version")]
    pub version: PxWebVersion,
    /// Language asked for; part of the address in version 1.
    pub lang: Option<String>,
    /// Variable code -> values wanted; a variable that is not named is taken whole.
    #[serde(default)]
    pub select: BTreeMap<String, Selection>,
    /// Cells per request; a larger table is asked for in several parts.
    #[serde(default = "default_max_cells")]
    pub max_cells: usize,
    /// Key or token.
    pub auth: Option<AuthConfig>,
    /// Time and size limits.
    #[serde(default)]
    pub limits: HttpLimits,
}

/// Values wanted of a PX-Web variable.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Selection {
    /// These codes; all of them must exist.
    Values(Vec<String>),
    /// The last `top` values in the server's order, for time.
    Top {
        /// How many.
        top: usize,
    },
}

/// Form in which an SDMX service answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SdmxForm {
    /// SDMX-ML 2.1, generic data.
    Generic,
    /// SDMX-ML 2.1, structure-specific data.
    Structure,
    /// SDMX-CSV 1.0.
    Csv,
    /// SDMX-JSON 1.0.
    Json,
}

/// `kind = "sdmx"`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SdmxConfig {
    /// Root of the service, before `/data`.
    pub url: String,
    /// Dataflow: `ID`, `AGENCY,ID` or `AGENCY,ID,VERSION`.
    pub flow: String,
    /// Series key, `M.VN..`; `all` by default.
    #[serde(default = "default_sdmx_key")]
    pub key: String,
    /// First period asked for; `{from}` and `{today}` are filled in.
    pub start_period: Option<String>,
    /// Last period asked for.
    pub end_period: Option<String>,
    /// `{from}` is the first day of the month this many months before the present one.
    #[serde(default)]
    pub window_months: u32,
    /// Form asked for in the `Accept` header.
    pub form: SdmxForm,
    /// Key or token.
    pub auth: Option<AuthConfig>,
    /// Time and size limits.
    #[serde(default)]
    pub limits: HttpLimits,
}

/// How the request of a JSON service is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum RestMethod {
    /// Parameters in the address.
    #[default]
    Get,
    /// Parameters as a JSON body.
    Post,
}

/// `kind = "rest"`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RestConfig {
    /// Address.
    pub url: String,
    /// `GET` (default) or `POST`.
    #[serde(default)]
    pub method: RestMethod,
    /// Parameters, in the address (`GET`) or the JSON body (`POST`); `{from}`, `{to}`, `{today}` are filled in.
    #[serde(default)]
    pub params: BTreeMap<String, String>,
    /// Extra request headers that are no secrets.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// `{from}` is the first day of the month this many months before the present one.
    #[serde(default)]
    pub window_months: u32,
    /// Where the records stand in an answer: `data`, `result.items`; empty when the answer is the list itself.
    #[serde(default)]
    pub records: String,
    /// A field that says the call succeeded, for services that answer 200 to everything.
    pub success: Option<SuccessField>,
    /// Where the answer says how many records there are in all; fewer received means a truncated answer.
    pub total: Option<String>,
    /// Pages.
    pub paging: Option<PagingConfig>,
    /// Key or token.
    pub auth: Option<AuthConfig>,
    /// Time and size limits.
    #[serde(default)]
    pub limits: HttpLimits,
}

/// `{ path = "code", equals = "0", message = "message" }`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuccessField {
    /// Path of the field.
    pub path: String,
    /// Its value when the call succeeded, as text (`0` and `"0"` are the same).
    pub equals: String,
    /// Path of the service's own words when it did not.
    pub message: Option<String>,
}

/// How further pages are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum PagingConfig {
    /// Page number and page size; the last page is a short or empty one, or the one that reaches the total.
    Page {
        /// Parameter of the page number.
        page_param: String,
        /// Parameter of the page size.
        size_param: String,
        /// Records per page.
        size: usize,
        /// Number of the first page.
        #[serde(default = "default_first_page")]
        first: usize,
    },
    /// The answer holds the address of the next page, relative or absolute (same host only).
    NextLink {
        /// Path of the field; missing, null or empty on the last page.
        path: String,
    },
    /// The answer holds a cursor that goes into the next request.
    Cursor {
        /// Parameter of the cursor.
        param: String,
        /// Path of the field; missing, null or empty on the last page.
        path: String,
    },
}

/// Key or token. Every secret is the name of an environment variable.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum AuthConfig {
    /// `Authorization: Bearer ..` with a token that does not change.
    Bearer {
        /// Environment variable of the token.
        token_env: String,
    },
    /// A header with a key.
    ApiKey {
        /// Header name.
        header: String,
        /// Environment variable of the key.
        value_env: String,
    },
    /// A token that is fetched, used until the service answers 401, and fetched again.
    Token(TokenConfig),
}

/// How the fields of a token request travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenForm {
    /// `POST` of a JSON object.
    #[default]
    Json,
    /// `POST` of a form.
    Form,
    /// `POST` with the fields as headers.
    Headers,
}

/// A token endpoint (the province's integration platform: AppName, AccessKey, SecretKey, PartnerCode).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenConfig {
    /// Address of the token endpoint.
    pub url: String,
    /// How the fields travel.
    #[serde(default)]
    pub form: TokenForm,
    /// Field -> plain value.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// Field -> environment variable of its value.
    #[serde(default)]
    pub secrets: BTreeMap<String, String>,
    /// Where the token stands in the answer: `access_token`, `data.token`.
    pub token_path: String,
}

/// Time and size limits of everything one pull asks over HTTP.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HttpLimits {
    /// Largest answer. Bytes.
    pub max_bytes: u64,
    /// One request, from connecting to the last byte. Milliseconds.
    pub timeout_ms: u64,
    /// The whole pull: all pages and all attempts. Milliseconds.
    pub deadline_ms: u64,
    /// Attempts per request, the first one included.
    pub attempts: u32,
    /// Wait after the first failed attempt, doubled after each further one. Milliseconds.
    pub backoff_ms: u64,
    /// Longest wait between two attempts; a longer `Retry-After` ends the pull. Milliseconds.
    pub backoff_max_ms: u64,
    /// Most pages of one pull.
    pub max_pages: usize,
}

impl Default for HttpLimits {
    fn default() -> Self {
        Self {
            max_bytes: default_max_bytes(),
            timeout_ms: 60_000,
            deadline_ms: 600_000,
            attempts: 5,
            backoff_ms: 500,
            backoff_max_ms: 60_000,
            max_pages: 10_000,
        }
    }
}

fn default_settle_ms() -> u64 {
    500
}

fn default_max_bytes() -> u64 {
    64 << 20
}

fn default_max_cells() -> usize {
    50_000
}

fn default_pxweb_version() -> PxWebVersion {
    PxWebVersion::V1
}

fn default_sdmx_key() -> String {
    "all".to_owned()
}

fn default_first_page() -> usize {
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<ConnectorConfig, toml::de::Error> {
        toml::from_str(text)
    }

    #[test]
    fn the_gateway_of_social_insurance_is_declared_in_a_few_lines() {
        let text = r#"
            kind = "rest"
            url = "https://lgsp.example.vn/bhxh/tonghop"
            method = "POST"
            params = { tuNgay = "{from:%Y%m%d}", denNgay = "{to:%Y%m%d}" }
            window_months = 3
            records = "data"
            total = "total"
            success = { path = "code", equals = "0", message = "message" }
            paging = { kind = "page", page_param = "page", size_param = "size", size = 500 }
            [auth]
            kind = "token"
            url = "https://lgsp.example.vn/token"
            fields = { AppName = "toancanh", PartnerCode = "79" }
            secrets = { AccessKey = "BHXH_ACCESS_KEY", SecretKey = "BHXH_SECRET_KEY" }
            token_path = "access_token"
        "#;
        let ConnectorConfig::Rest(rest) = read(text).unwrap() else { panic!("kind = rest") };
        assert_eq!(rest.method, RestMethod::Post);
        assert_eq!(rest.limits, HttpLimits::default());
        let Some(AuthConfig::Token(token)) = rest.auth else { panic!("kind = token") };
        assert_eq!(token.secrets["SecretKey"], "BHXH_SECRET_KEY");
    }

    #[test]
    fn an_unknown_key_fails_in_every_kind() {
        for text in [
            "kind = 'files'\nglob = '*.csv'\nrecursive = true",
            "kind = 'http'\nurl = 'https://a.vn'\nverb = 'GET'",
            "kind = 'pxweb'\nurl = 'https://a.vn'\ncells = 1",
            "kind = 'sdmx'\nurl = 'https://a.vn'\nflow = 'F'\nform = 'csv'\nwhen = 1",
            "kind = 'rest'\nurl = 'https://a.vn'\nverb = 'GET'",
            "kind = 'http'\nurl = 'https://a.vn'\nauth = { kind = 'bearer', token = 'abc' }",
            "kind = 'http'\nurl = 'https://a.vn'\nlimits = { retries = 3 }",
            "kind = 'ftp'\nurl = 'ftp://a.vn'",
        ] {
            assert!(read(text).is_err(), "accepted: {text}");
        }
    }

    #[test]
    fn selections_are_lists_or_the_latest() {
        let text = "kind = 'pxweb'\nurl = 'https://a.vn/t.px'\nversion = '2'\n\
                    select = { Thang = { top = 24 }, Tinh = ['79'] }";
        let ConnectorConfig::Pxweb(px) = read(text).unwrap() else { panic!("kind = pxweb") };
        assert_eq!(px.version, PxWebVersion::V2);
        assert_eq!(px.select["Thang"], Selection::Top { top: 24 });
        assert_eq!(px.select["Tinh"], Selection::Values(vec!["79".into()]));
    }
}
