//! How a feed of cases declares where its cases come from, besides files and plain addresses.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::config::{AuthConfig, HttpLimits};

/// `kind = "open311"`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Open311Config {
    /// Address of the list of requests, `.../requests.json` or `.../requests.xml`.
    pub url: String,
    /// Parameters such as `jurisdiction_id`, `start_date`, `status`; `{from}`, `{to}`, `{today}` are filled in.
    #[serde(default)]
    pub params: BTreeMap<String, String>,
    /// Extra request headers that are no secrets.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// `{from}` is the first day of the month this many months before the present one.
    #[serde(default)]
    pub window_months: u32,
    /// Requests per page; a page with fewer is the last.
    #[serde(default = "default_open311_page")]
    pub page_size: usize,
    /// Key or token.
    pub auth: Option<AuthConfig>,
    /// Time and size limits.
    #[serde(default)]
    pub limits: HttpLimits,
}

/// `kind = "postgres"`, for mappings of cases.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostgresConfig {
    /// Environment variable of the address, `postgres://user:password@host/database`.
    #[serde(default = "default_case_store_env")]
    pub url_env: String,
    /// Table or view of the cases.
    pub cases: String,
    /// Table or view of their events.
    pub events: Option<String>,
    /// Channel on which the database gives notice (`NOTIFY`); without it the tables are looked at by the clock.
    pub channel: Option<String>,
    /// How long the notices of one change may take to end before the tables are read. Milliseconds.
    #[serde(default = "default_debounce_ms")]
    pub debounce_ms: u64,
    /// How often the tables are looked at without any notice. Seconds.
    #[serde(default = "default_poll_s")]
    pub poll_s: u64,
    /// How much before the safe time is read again. Seconds.
    #[serde(default = "default_overlap_s")]
    pub overlap_s: u64,
    /// Cases of one page, which becomes one snapshot.
    #[serde(default = "default_page_rows")]
    pub page_rows: usize,
    /// Most pages of one reading.
    #[serde(default = "default_pages")]
    pub pages: usize,
    /// Longest that one statement may take. Milliseconds.
    #[serde(default = "default_statement_timeout_ms")]
    pub statement_timeout_ms: u64,
}

fn default_open311_page() -> usize {
    100
}

fn default_case_store_env() -> String {
    "TOANCANH_CASE_STORE__URL".to_owned()
}

fn default_debounce_ms() -> u64 {
    200
}

fn default_poll_s() -> u64 {
    30
}

fn default_overlap_s() -> u64 {
    10
}

fn default_page_rows() -> usize {
    5_000
}

fn default_pages() -> usize {
    10
}

fn default_statement_timeout_ms() -> u64 {
    60_000
}
