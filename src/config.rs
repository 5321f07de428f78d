//! Configuration: defaults, then one TOML file, then `TOANCANH_*` variables.
//!
//! `TOANCANH_SERVER__BIND=0.0.0.0:8022` sets `server.bind`: two underscores go one level down. Unknown keys fail, in the
//! file and in the environment alike, so that a typing error is not silently a default. Secrets print as
//! `[REDACTED]`. Only `app`, `cli` and `main` see these types; everything below takes plain values.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset};
use secrecy::SecretString;
use serde::Deserialize;

use crate::error::{Coded, ErrorCode};

/// Everything that can be configured.
#[derive(Debug, Clone, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// `[server]`.
    pub server: ServerConfig,
    /// `[data]`.
    pub data: DataConfig,
    /// `[catalog]`.
    pub catalog: CatalogConfig,
    /// `[dashboards]`.
    pub dashboards: DashboardsConfig,
    /// `[reports]`.
    pub reports: ReportsConfig,
    /// `[feeds]`.
    pub feeds: FeedsConfig,
    /// `[case_store]`.
    pub case_store: CaseStoreConfig,
    /// `[sql]`.
    pub sql: SqlConfig,
    /// `[clock]`.
    pub clock: ClockConfig,
    /// `[log]`.
    pub log: LogConfig,
}

/// Where the server listens.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServerConfig {
    /// `TOANCANH_SERVER__BIND`, default `127.0.0.1:8022`. There are no accounts yet: binding beyond loopback opens
    /// every figure to whoever reaches the port.
    pub bind: SocketAddr,
    /// `TOANCANH_SERVER__REQUEST_TIMEOUT_MS`, default 30 000.
    pub request_timeout_ms: u64,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self { bind: SocketAddr::from(([127, 0, 0, 1], 8022)), request_timeout_ms: 30_000 }
    }
}

/// Where data lives.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DataConfig {
    /// `TOANCANH_DATA__DIR`, default `./data`: raw snapshots, state database, lock, and the lake unless `lake_url` is set.
    pub dir: PathBuf,
    /// `TOANCANH_DATA__LAKE_URL`, default `<dir>/lake`: a folder, or `s3://bucket/prefix`.
    pub lake_url: Option<String>,
    /// `TOANCANH_DATA__S3__*`: options of the S3-compatible store (`endpoint`, `region`, `access_key_id`,
    /// `secret_access_key`, `allow_http`), passed on as they are.
    pub s3: BTreeMap<String, SecretString>,
}

impl Default for DataConfig {
    fn default() -> Self {
        Self { dir: PathBuf::from("data"), lake_url: None, s3: BTreeMap::new() }
    }
}

/// Where the declared files are.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CatalogConfig {
    /// `TOANCANH_CATALOG__DIR`, default `indicators`.
    pub dir: PathBuf,
}

impl Default for CatalogConfig {
    fn default() -> Self {
        Self { dir: PathBuf::from("indicators") }
    }
}

/// Where dashboards, infographics and reports are declared.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DashboardsConfig {
    /// `TOANCANH_DASHBOARDS__DIR`, default `dashboards`.
    pub dir: PathBuf,
}

impl Default for DashboardsConfig {
    fn default() -> Self {
        Self { dir: PathBuf::from("dashboards") }
    }
}

/// Where reports are laid, and when.
#[derive(Debug, Clone, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct ReportsConfig {
    /// `TOANCANH_REPORTS__DIR`, default `<data.dir>/reports`: the folder that scheduled reports are laid into. A file that
    /// is there is never overwritten.
    pub dir: Option<PathBuf>,
    /// `TOANCANH_REPORTS__SCHEDULE`, default none: when `serve` prints every declared report for the newest period that is
    /// over, as a cron expression with seconds in the city's time (`0 0 7 3 * *`: on the third of the month at seven).
    pub schedule: Option<String>,
}

/// How feeds are pulled.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FeedsConfig {
    /// `TOANCANH_FEEDS__DROP_DIR`, default `data-samples`: the root of the drop folders of file feeds.
    pub drop_dir: PathBuf,
    /// `TOANCANH_FEEDS__SCHEDULED`, default true: whether `serve` pulls on schedule.
    pub scheduled: bool,
    /// `TOANCANH_FEEDS__ENABLED`, default empty = all: only these feed codes.
    pub enabled: Vec<String>,
}

impl Default for FeedsConfig {
    fn default() -> Self {
        Self { drop_dir: PathBuf::from("data-samples"), scheduled: true, enabled: Vec::new() }
    }
}

/// The case store that is followed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CaseStoreConfig {
    /// `TOANCANH_CASE_STORE__URL`, default none: address of the PostgreSQL database that feeds with
    /// `kind = "postgres"` read, `postgres://user:password@host/database`. Without it such feeds are left out.
    pub url: Option<SecretString>,
    /// `TOANCANH_CASE_STORE__FOLLOW`, default true: whether `serve` takes changes in as they happen.
    pub follow: bool,
}

impl Default for CaseStoreConfig {
    fn default() -> Self {
        Self { url: None, follow: true }
    }
}

/// Limits of analysts' SQL.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SqlConfig {
    /// `TOANCANH_SQL__TIMEOUT_MS`, default 20 000.
    pub timeout_ms: u64,
    /// `TOANCANH_SQL__MEMORY_MB`, default 256: memory of one query.
    pub memory_mb: usize,
    /// `TOANCANH_SQL__ROWS_MAX`, default 100 000: more is cut, and said so.
    pub rows_max: usize,
    /// `TOANCANH_SQL__SLOTS`, default 4: queries at once.
    pub slots: usize,
}

impl Default for SqlConfig {
    fn default() -> Self {
        Self { timeout_ms: 20_000, memory_mb: 256, rows_max: 100_000, slots: 4 }
    }
}

/// What "now" is.
#[derive(Debug, Clone, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct ClockConfig {
    /// `TOANCANH_CLOCK__FIXED`, default the machine's clock: an instant to stand still at, for demonstrations on past
    /// data and for reprints.
    pub fixed: Option<DateTime<FixedOffset>>,
    /// `TOANCANH_CLOCK__START`, default none: an instant from which time goes on as usual.
    pub start: Option<DateTime<FixedOffset>>,
}

/// What is logged.
#[derive(Debug, Clone, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct LogConfig {
    /// `TOANCANH_LOG__FILTER`, a tracing filter; default `warn,toancanh=info` for `serve`, `warn` for commands that
    /// print what they do themselves.
    pub filter: Option<String>,
    /// `TOANCANH_LOG__JSON`, default false: one JSON object a line.
    pub json: bool,
}

/// The configuration cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file or variable has a problem; the message names it.
    #[error("configuration: {0}")]
    Invalid(#[from] config::ConfigError),
}

impl Coded for ConfigError {
    fn code(&self) -> ErrorCode {
        ErrorCode::BadDeclaration
    }
    fn hint(&self) -> Option<String> {
        Some("See the table of settings in README; names in the environment are TOANCANH_<SECTION>__<KEY>.".to_owned())
    }
}

impl Config {
    /// Reads defaults, `file` where given, and the process's `TOANCANH_*` variables.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        Self::load_from(file, None)
    }

    /// As [`Config::load`] with the environment given (tests).
    fn load_from(file: Option<&Path>, environment: Option<config::Map<String, String>>) -> Result<Self, ConfigError> {
        let mut builder = config::Config::builder();
        if let Some(path) = file {
            builder = builder.add_source(config::File::from(path).format(config::FileFormat::Toml));
        }
        let variables = config::Environment::with_prefix("TOANCANH")
            .prefix_separator("_")
            .separator("__")
            .list_separator(",")
            .with_list_parse_key("feeds.enabled")
            .try_parsing(true)
            .source(environment);
        Ok(builder.add_source(variables).build()?.try_deserialize()?)
    }

    /// Where scheduled reports are laid.
    pub fn reports_dir(&self) -> PathBuf {
        self.reports.dir.clone().unwrap_or_else(|| self.data.dir.join("reports"))
    }

    /// Where the lake is: `data.lake_url`, or the folder `lake` of the data folder.
    pub fn lake_location(&self) -> String {
        self.data.lake_url.clone().unwrap_or_else(|| self.data.dir.join("lake").to_string_lossy().into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str, environment: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let file = tempfile::Builder::new().suffix(".toml").tempfile().unwrap();
        std::fs::write(file.path(), text).unwrap();
        let map = environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Config::load_from(Some(file.path()), Some(map))
    }

    #[test]
    fn the_environment_overrides_the_file() {
        let config = load("[server]\nbind = \"127.0.0.1:1\"\n", &[("TOANCANH_SERVER__BIND", "127.0.0.1:2")]).unwrap();
        assert_eq!(config.server.bind.port(), 2);
        let config = load("", &[("TOANCANH_FEEDS__ENABLED", "a,b"), ("TOANCANH_SQL__ROWS_MAX", "7")]).unwrap();
        assert_eq!((config.feeds.enabled.len(), config.sql.rows_max), (2, 7));
    }

    #[test]
    fn unknown_keys_fail_by_name() {
        let in_file = load("[server]\nbnd = 1\n", &[]).unwrap_err().to_string();
        assert!(in_file.contains("bnd"), "{in_file}");
        let in_environment = load("", &[("TOANCANH_SERVER__BND", "1")]).unwrap_err().to_string();
        assert!(in_environment.contains("bnd"), "{in_environment}");
    }

    #[test]
    fn secrets_do_not_print() {
        let config = load("[data.s3]\nsecret_access_key = \"hunter2\"\n", &[]).unwrap();
        assert!(!format!("{config:?}").contains("hunter2"));
    }
}
