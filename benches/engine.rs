//! Through the lake: feeds taken in, everything computed, one changed month taken in, one series by HTTP.
//!
//! `BENCH_DATA` names a data folder to work on, as `toancanh demo --no-serve` leaves it; the refresh benches
//! add vintages to it. Without it the sample is ingested into a temporary folder first.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput};
use futures::StreamExt;
use toancanh::app::App;
use toancanh::compute::resolve::Selection;
use toancanh::config::Config;
use toancanh::cube::Fact;
use toancanh::domain::{Breakdown, ObsStatus, Observation, Period, Vintage};
use toancanh::store::Table;
use toancanh::store::rows::{ObservationRow, observations_batch};
use toancanh::web;
use tokio::runtime::Runtime;

/// Feeds whose files any engine can read: delimited text in UTF-8 with codes, and JSON. The peers read the same.
const PLAIN_FEEDS: [&str; 5] = ["bhxh", "so_tttt", "so_xd", "so_yt", "vp_ubnd"];

fn config(data: PathBuf) -> Config {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut config = Config::default();
    config.data.dir = data;
    config.catalog.dir = root.join("indicators");
    config.feeds.drop_dir = root.join("data-samples");
    config.feeds.scheduled = false;
    config.clock.fixed = "2022-06-30T08:00:00+07:00".parse().ok();
    config
}

/// Pulls all enabled feeds into an empty folder: new rows, and the time from the first pull to the last commit.
async fn ingest(data: &Path, feeds: &[&str]) -> (i64, Duration) {
    let mut config = config(data.to_owned());
    config.feeds.enabled = feeds.iter().map(|f| (*f).to_owned()).collect();
    let app = App::open_writer(config).await.unwrap();
    let feeds = app.feeds().unwrap();
    let began = Instant::now();
    let mut rows = 0;
    let mut pulls = std::pin::pin!(feeds.pull_all(&[]));
    while let Some(report) = pulls.next().await {
        rows += report.unwrap().runs.iter().map(|run| run.rows_new).sum::<i64>();
    }
    (rows, began.elapsed())
}

/// From files to the tables, each time into an empty lake.
pub fn feeds(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let pull = |feeds: &[&str]| {
        let folder = tempfile::tempdir().unwrap();
        runtime.block_on(ingest(folder.path(), feeds))
    };
    let mut group = criterion.benchmark_group("ingest");
    group.sample_size(10);
    for (name, feeds) in [("plain-feeds", &PLAIN_FEEDS[..]), ("all-feeds", &[])] {
        let (rows, _) = pull(feeds);
        assert!(rows > 10_000);
        group.throughput(Throughput::Elements(rows as u64));
        group.bench_function(name, |b| {
            b.iter_custom(|n| {
                let timed = |_| {
                    let (again, took) = pull(feeds);
                    assert_eq!(again, rows);
                    took
                };
                (0..n).map(timed).sum()
            });
        });
    }
    group.finish();
}

/// An ingested city.
pub struct City {
    /// The process.
    pub app: App,
    /// What it works on.
    pub runtime: Runtime,
    /// Holds the data as long as the benches run.
    _folder: tempfile::TempDir,
}

impl City {
    /// The city of `BENCH_DATA`, or the sample.
    pub fn open() -> Self {
        Self::open_on(Runtime::new().unwrap())
    }

    /// The same, on this runtime.
    pub fn open_on(runtime: Runtime) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = std::env::var_os("BENCH_DATA").map(PathBuf::from);
        let app = runtime.block_on(async {
            if data.is_none() {
                ingest(folder.path(), &[]).await;
            }
            App::open_writer(config(data.unwrap_or_else(|| folder.path().to_owned()))).await.unwrap()
        });
        Self { app, runtime, _folder: folder }
    }

    fn retail_in(&self, period: Period) -> f64 {
        let served = self.app.engine().served();
        served.cube.block("1001").unwrap().cell("79", "_T", &Breakdown::TOTAL, period).unwrap().value
    }

    /// Adds one more vintage of some facts to the lake, then times the refresh alone.
    fn refresh(&self, facts: &[Fact], vintage: i64) -> Duration {
        let engine = self.app.engine();
        let row = |f: &Fact| ObservationRow {
            observation: Observation {
                measure: f.measure.clone(),
                area: f.area.clone(),
                org: f.org.clone(),
                breakdown: f.breakdown.clone(),
                period: f.period,
                value: Some(f.value + vintage as f64),
                status: ObsStatus::A,
                vintage: Vintage::from_micros(f.vintage.micros() + vintage),
                source_ref: "corrected".to_owned(),
                note: None,
            },
            feed: "bench".into(),
            run_id: "bench".into(),
            recorded_at: f.vintage,
        };
        let batch = observations_batch(&facts.iter().map(row).collect::<Vec<_>>()).unwrap();
        self.runtime.block_on(async {
            engine.lake().append(Table::Observations, vec![batch], None).await.unwrap();
            let began = Instant::now();
            let refreshed = engine.refresh().await.unwrap();
            let took = began.elapsed();
            assert_eq!((refreshed.facts, refreshed.full), (facts.len(), false));
            took
        })
    }
}

/// Everything from the lake; one changed month; one series.
pub fn figures(criterion: &mut Criterion) {
    let city = City::open();
    let engine = city.app.engine();
    let mut group = criterion.benchmark_group("engine");
    group.sample_size(10);
    group.bench_function("full-compute", |b| {
        b.iter(|| assert!(city.runtime.block_on(engine.recompute()).unwrap().full));
    });
    assert!(engine.served().cube.cell_count() > 100_000);
    let facts = city.runtime.block_on(engine.facts(&Selection::latest())).unwrap();
    let may = Period::month(2022, 5).unwrap();
    let every: Vec<Fact> = facts.into_iter().filter(|f| f.period == may).collect();
    let retail: Vec<Fact> = every.iter().filter(|f| &*f.measure == "retail_total").cloned().collect();
    assert!(retail.len() > 1 && every.len() > 1000);
    let mut vintage = 0;
    for (name, facts) in [("one-measure-one-month", retail), ("every-measure-one-month", every)] {
        group.bench_function(format!("refresh/{name}"), |b| {
            b.iter_custom(|n| {
                let before = city.retail_in(may);
                let mut took = Duration::ZERO;
                for _ in 0..n {
                    vintage += 1;
                    took += city.refresh(&facts, vintage);
                }
                assert!(city.retail_in(may) > before);
                took
            });
        });
    }
    group.sample_size(50);
    let address = serve(&city);
    let client = reqwest::Client::new();
    let url = format!("http://{address}/api/v1/indicators/1001/series?freq=M");
    group.bench_function("series-by-http", |b| {
        b.to_async(&city.runtime).iter(|| async {
            let body = client.get(&url).send().await.unwrap().error_for_status().unwrap().bytes().await.unwrap();
            assert!(body.len() > 1000);
        });
    });
    group.finish();
}

/// The real router on loopback.
fn serve(city: &City) -> std::net::SocketAddr {
    let router = web::router(city.app.api_state(), Duration::from_secs(10));
    city.runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        address
    })
}
