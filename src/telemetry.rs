//! Logs and metrics. A log line reads alone and has dotted fields (`feed.code`, `duration_ms`).

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};
use tracing_subscriber::EnvFilter;

use crate::config::LogConfig;

/// Starts logging to standard error with the configured filter or this default; a second call (tests) changes nothing.
pub fn start_logging(config: &LogConfig, default: &str) {
    let wanted = config.filter.as_deref().unwrap_or(default);
    let filter = EnvFilter::try_new(wanted).unwrap_or_else(|_| EnvFilter::new(default));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // An error only says that a subscriber is set already.
    let _ = if config.json { builder.json().try_init() } else { builder.with_target(false).try_init() };
}

/// Labels of one HTTP route.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RouteLabels {
    /// The route as declared, never the path asked for.
    pub route: String,
    /// Status code.
    pub status: u16,
}

/// Labels of one feed's outcome.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct FeedLabels {
    /// Feed code.
    pub feed: String,
    /// ok, unchanged, refused, failed.
    pub outcome: String,
}

/// The metrics of the process, served as OpenMetrics text.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    /// Requests by route and status.
    pub requests: Family<RouteLabels, Counter>,
    /// Seconds per request.
    pub request_seconds: Histogram,
    /// Runs by feed and outcome.
    pub runs: Family<FeedLabels, Counter>,
    /// Seconds of the last refresh of the cube.
    pub refresh_seconds: Gauge<f64, AtomicU64>,
    /// Figures in the served cube.
    pub cube_cells: Gauge,
}

impl Metrics {
    /// Registers everything.
    pub fn new() -> Arc<Self> {
        let mut registry = Registry::with_prefix("toancanh");
        let requests = Family::<RouteLabels, Counter>::default();
        registry.register("http_requests", "HTTP requests by route and status", requests.clone());
        let request_seconds = Histogram::new(exponential_buckets(0.0005, 2.0, 16));
        registry.register_with_unit("http_request", "Time to answer", Unit::Seconds, request_seconds.clone());
        let runs = Family::<FeedLabels, Counter>::default();
        registry.register("feed_runs", "Runs by feed and outcome", runs.clone());
        let refresh_seconds = Gauge::<f64, AtomicU64>::default();
        registry.register_with_unit("cube_refresh", "Last refresh of the cube", Unit::Seconds, refresh_seconds.clone());
        let cube_cells = Gauge::default();
        registry.register("cube_cells", "Figures in the served cube", cube_cells.clone());
        Arc::new(Self { registry, requests, request_seconds, runs, refresh_seconds, cube_cells })
    }

    /// The OpenMetrics text.
    pub fn encode(&self) -> String {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry).expect("writing to a string cannot fail");
        text
    }
}
