//! Readers against the running server, beside a bare axum handler that returns the same bytes, in one run:
//! `make bench-load`.
//!
//! The server is the product's own ([`App::serve`]) over the sample on a loopback port; both servers and the generator
//! share the processor. Rates are the medians of rounds in which the two take turns. `BENCH_DATA` names a data folder
//! to work on (cases are added to it); without it the sample is ingested first.

mod generator;
mod refresh;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode};
use axum::routing::get;
use axum::serve::ListenerExt;
use toancanh::app::App;
use toancanh::domain::AreaKind;
use tokio::runtime::Runtime;

use self::generator::{Answer, Outcome, Script, ask, busy, paced};
use self::refresh::Work;
use crate::engine::City;

/// Connections of the rates.
const CONNECTIONS: usize = 32;
/// Readers of a city.
const READERS: usize = 200;
/// How often the two servers take turns.
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_millis(1500);
const WATCHED: Duration = Duration::from_secs(10);
const SETTLED: Duration = Duration::from_secs(4);

/// Headers that a server sets itself.
const OWN_HEADERS: [&str; 5] = ["date", "content-length", "transfer-encoding", "connection", "x-request-id"];

/// Everything that is measured, printed line by line.
pub fn run() {
    println!("load: {READERS} readers, machine before: {}", machine());
    let city = City::open_on(toancanh::app::worker_runtime().unwrap());
    let app = Arc::new(city.app);
    let ours = serve(&app, city.runtime.handle());
    // What a server does once when it starts is over by then.
    std::thread::sleep(SETTLED);
    let load = Load { generator: thread(), ours };
    load.rates();
    load.uncached();
    load.while_refreshing(&app, &city.runtime);
    println!("load: machine after: {}", machine());
}

/// Load averages: what else was going on.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    format!("{cores} cores, load {}", load.split(' ').take(3).collect::<Vec<_>>().join(" "))
}

fn thread() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// The product's server, as `toancanh serve` runs it.
fn serve(app: &Arc<App>, runtime: &tokio::runtime::Handle) -> SocketAddr {
    let (app, runtime) = (Arc::clone(app), runtime.clone());
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let feeds = app.feeds().unwrap();
        runtime.block_on(app.serve(listener, &feeds, std::future::pending())).unwrap();
    });
    address
}

/// A handler that does nothing but answer what our server answered.
fn bare(answer: &Answer) -> (SocketAddr, Runtime) {
    let status = StatusCode::from_u16(answer.status()).unwrap();
    let line = |line: &str| line.split_once(": ").map(|(n, v)| (n.to_lowercase(), v.to_owned()));
    let headers: Vec<(HeaderName, HeaderValue)> = answer
        .head
        .lines()
        .filter_map(line)
        .filter(|(name, _)| !OWN_HEADERS.contains(&name.as_str()))
        .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
        .collect();
    let (headers, body) = (Arc::new(headers), Bytes::from(answer.body.clone()));
    let handler = move || {
        let mut response = Response::new(Body::from(body.clone()));
        *response.status_mut() = status;
        response.headers_mut().extend(headers.iter().cloned());
        std::future::ready(response)
    };
    let runtime = Runtime::new().unwrap();
    let address = runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router: Router = Router::new().route("/", get(handler));
        let listener = listener.tap_io(|stream| stream.set_nodelay(true).unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        address
    });
    (address, runtime)
}

fn script(requests: Vec<Vec<u8>>) -> &'static Script {
    Box::leak(Box::new(Script::new(requests)))
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

struct Load {
    generator: Runtime,
    ours: SocketAddr,
}

impl Load {
    /// What does not have to be written again: as fast as a bare handler with the same bytes, or how much slower.
    fn rates(&self) {
        let first = self.generator.block_on(ask(self.ours, &generator::get("/", &[])));
        assert_eq!(first.status(), 200);
        let etag = first.header("etag").to_owned();
        let brotli = ("accept-encoding", "gzip, br");
        for (name, headers) in [
            ("unchanged (304)", vec![brotli, ("if-none-match", etag.as_str())]),
            ("kept (200, identity)", vec![]),
            ("kept (200, brotli)", vec![brotli]),
        ] {
            let request = generator::get("/", &headers);
            let answer = self.generator.block_on(ask(self.ours, &request));
            let (bare, _runtime) = bare(&answer);
            let script = script(vec![request]);
            let (mut of_ours, mut of_bare) = (Vec::new(), Vec::new());
            for _ in 0..ROUNDS {
                let rate = |address| self.generator.block_on(busy(address, script, CONNECTIONS, ROUND)).per_second;
                of_ours.push(rate(self.ours));
                of_bare.push(rate(bare));
            }
            let (ours, bare) = (median(of_ours), median(of_bare));
            println!(
                "overview, {name}, {} bytes: ours {ours:.0} req/s, bare axum {bare:.0}, ratio {:.2}",
                answer.body.len(),
                ours / bare
            );
        }
    }

    /// Pages that nobody looked at before: every request is for another area, period or language.
    fn uncached(&self) {
        let script = script(distinct(0));
        let calm = self.generator.block_on(paced(self.ours, script, READERS, WATCHED));
        print(&format!("overview, uncached, {READERS} readers clicking once a second"), &calm);
        let full = self.generator.block_on(busy(self.ours, script, READERS, WATCHED / 2));
        print(&format!("overview, uncached, {READERS} readers who never pause"), &full);
        let page = self.generator.block_on(ask(self.ours, &generator::get("/?period=2021-07&area=778&n=x", &[])));
        let alone = self.generator.block_on(busy(self.ours, script, 1, WATCHED / 2));
        print(&format!("overview, uncached, one reader ({} bytes)", page.body.len()), &alone);
    }

    /// The same readers while figures are computed, and while cases come in.
    fn while_refreshing(&self, app: &Arc<App>, runtime: &Runtime) {
        let kept = script(vec![generator::get("/", &[("accept-encoding", "gzip, br")])]);
        let mut idle: Option<[Outcome; 3]> = None;
        for (n, work) in [None, Some(Work::Recompute), Some(Work::Cases)].into_iter().enumerate() {
            let running = work.map(|work| refresh::Running::start(work, app, runtime));
            let asked = script(distinct(n + 1));
            let all = [
                self.generator.block_on(paced(self.ours, asked, READERS, WATCHED)),
                self.generator.block_on(paced(self.ours, kept, READERS, WATCHED)),
                self.generator.block_on(busy(self.ours, kept, CONNECTIONS, WATCHED / 2)),
            ];
            let during = running.map_or_else(|| "at rest".to_owned(), refresh::Running::stop);
            println!("readers, {during}:");
            for (k, name) in ["uncached", "kept", "kept, never pausing"].into_iter().enumerate() {
                let (now, rest) = (&all[k], idle.as_ref().map_or(&all[k], |idle| &idle[k]));
                let times = |share: f64| (now.quantile(share), now.quantile(share) / rest.quantile(share));
                let ((p50, slower50), (p99, slower99)) = (times(0.5), times(0.99));
                println!(
                    "  {name}: {:.0} req/s ({:.2} of at rest), p50 {p50:.2} ms ({slower50:.2}x), p99 {p99:.2} ms ({slower99:.2}x)",
                    now.per_second,
                    now.per_second / rest.per_second
                );
            }
            idle = idle.or(Some(all));
        }
    }
}

fn print(name: &str, outcome: &Outcome) {
    let [p50, p90, p99, most] = [0.5, 0.9, 0.99, 1.0].map(|share| outcome.quantile(share));
    println!(
        "{name}: {:.0} req/s, p50 {p50:.2} ms, p90 {p90:.2} ms, p99 {p99:.2} ms, at most {most:.1} ms",
        outcome.per_second
    );
}

/// Addresses of different overviews, none of which was asked for in a `run` before: 22 districts by 53 months by two
/// languages, told apart from those of other runs by a part that pages do not read.
fn distinct(run: usize) -> Vec<Vec<u8>> {
    let catalog =
        toancanh::catalog::load(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("indicators")).unwrap();
    let day = "2022-05-31".parse().unwrap();
    let areas: Vec<&str> =
        catalog.areas.of_kind_on(AreaKind::District, day).map(|ix| catalog.areas.area(ix).code.as_str()).collect();
    let mut requests = Vec::new();
    for month in 0..53 {
        for area in &areas {
            for lang in ["vi", "en"] {
                let (year, month) = (2018 + month / 12, month % 12 + 1);
                let path = format!("/?period={year}-{month:02}&area={area}&lang={lang}&run={run}");
                requests.push(generator::get(&path, &[("accept-encoding", "gzip, br")]));
            }
        }
    }
    requests
}
