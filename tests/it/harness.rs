//! One city for all journeys: the committed sample, ingested once into a temporary folder, behind the real router.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use serde_json::Value;
use toancanh::app::App;
use toancanh::config::Config;
use toancanh::web;
use tokio::runtime::Runtime;
use tower::ServiceExt;

/// The runtime that the shared city lives on; every test enters it.
pub static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// The root of the project.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The configuration of a test: everything in `folder`, the clock at the end of the sample.
pub fn config(folder: &Path) -> Config {
    let mut config = Config::default();
    config.data.dir = folder.join("data");
    config.catalog.dir = root().join("indicators");
    config.dashboards.dir = root().join("dashboards");
    config.feeds.drop_dir = root().join("data-samples");
    config.feeds.scheduled = false;
    config.sql.rows_max = 10_000_000;
    config.clock.fixed = "2022-06-30T08:00:00+07:00".parse().ok();
    config
}

/// An ingested city.
pub struct City {
    /// The process.
    pub app: App,
    router: Router,
    /// Holds the data as long as the tests run.
    folder: tempfile::TempDir,
}

static CITY: LazyLock<City> = LazyLock::new(|| {
    RUNTIME.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open_writer(config(folder.path())).await.unwrap();
        let feeds = app.feeds().unwrap();
        app.ingest(&feeds, &[], |_| {}).await.unwrap();
        let router = web::router(app.api_state(), Duration::from_secs(60));
        City { app, router, folder }
    })
});

/// The shared city, for reading only.
pub fn city() -> &'static City {
    &CITY
}

/// An answer of the API.
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|e| panic!("{} is not JSON: {e}", String::from_utf8_lossy(&self.body)))
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }
}

impl City {
    /// The folder it lives in.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// One request.
    pub fn request(&self, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        RUNTIME.block_on(async {
            let response = self.router.clone().oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let body = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
            Answer { status: parts.status, headers: parts.headers, body }
        })
    }

    /// GET under `/api/v1`.
    pub fn get(&self, path: &str) -> Answer {
        self.request(Method::GET, &format!("/api/v1{path}"), &[], "")
    }

    /// GET that must answer 200 with JSON.
    pub fn json(&self, path: &str) -> Value {
        let answer = self.get(path);
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", String::from_utf8_lossy(&answer.body));
        answer.json()
    }

    /// Rows of a query.
    pub fn sql(&self, sql: &str) -> Vec<Value> {
        let body = serde_json::json!({ "sql": sql }).to_string();
        let answer = self.request(Method::POST, "/api/v1/sql", &[("content-type", "application/json")], &body);
        assert_eq!(answer.status, StatusCode::OK, "{sql}: {}", String::from_utf8_lossy(&answer.body));
        answer.json()["rows"].as_array().unwrap().clone()
    }
}

/// All rows of the tables that a rebuild must give again, as sorted text.
pub fn table_rows(app: &App, tables: &[&str]) -> BTreeMap<String, Vec<String>> {
    RUNTIME.block_on(async {
        let mut all = BTreeMap::new();
        for table in tables {
            let answer = app.sql(&format!("SELECT * FROM {table}")).await.unwrap();
            assert!(!answer.truncated, "{table} has more rows than the limit");
            let bytes =
                web::encode::encode_table(&answer.schema, &answer.batches, web::encode::Format::Csv, "rows").unwrap();
            let mut rows: Vec<String> = String::from_utf8(bytes).unwrap().lines().map(str::to_owned).collect();
            rows.sort_unstable();
            all.insert((*table).to_owned(), rows);
        }
        all
    })
}
