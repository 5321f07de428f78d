//! The composition root: the only place that reads configuration, environment and clock, and builds things.

mod clock;
mod dashboards;
mod jobs;
mod reports;
mod threads;
mod watch;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use futures::StreamExt;
use secrecy::ExposeSecret;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::catalog::{self, Catalog};
use crate::compute::{ComputeError, Engine, Parts, Sessions};
use crate::config::Config;
use crate::dashboard::DashboardSet;
use crate::domain::{Clock, Scope};
use crate::error::{Coded, ErrorCode};
use crate::feed::connector::{ConnectorContext, Secrets};
use crate::feed::raw::RawStore;
use crate::feed::{Declarations, FeedError, Feeds, IngestReport};
use crate::job::{CronInvalid, JobScheduleError, RunningSchedule};
use crate::report::declared::Declared;
use crate::report::infographic::Shelves;
use crate::report::{Desk, Form, Order, Ready, ReportError};
use crate::sql::{SqlAnswer, SqlError, SqlLimits, SqlService};
use crate::store::{Lake, LakeConfig, State, StoreError, Upkeep, UpkeepReport};
use crate::telemetry::{FeedLabels, Metrics};
use crate::web::{self, ApiState};

pub use dashboards::{WatchedDashboards, watch as watch_dashboards};
pub use threads::worker_runtime;
pub use watch::Following;

/// Memory of the engine's own plans; analysts' queries have their own pools.
const ENGINE_MEMORY_BYTES: usize = 512 << 20;
/// How long running jobs may go on after the server was asked to stop.
const DRAIN: Duration = Duration::from_secs(30);

/// A process that could not be put together, or a part of it that failed.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// No async runtime.
    #[error("the async runtime could not start")]
    Runtime(#[source] std::io::Error),
    /// The catalogue or a mapping has problems.
    #[error("{0}")]
    Declared(#[from] catalog::Diagnostics),
    /// The lake or the state database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The engine.
    #[error(transparent)]
    Compute(#[from] ComputeError),
    /// A feed.
    #[error(transparent)]
    Feed(#[from] FeedError),
    /// The schedule.
    #[error(transparent)]
    Schedule(#[from] JobScheduleError),
    /// A cron expression of a mapping.
    #[error(transparent)]
    Cron(#[from] CronInvalid),
    /// The address is taken or not ours.
    #[error("cannot listen on {address}")]
    Listen {
        /// Address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A folder or file of the data folder.
    #[error("cannot use \"{path}\"")]
    Folder {
        /// Path.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

impl Coded for AppError {
    fn code(&self) -> ErrorCode {
        match self {
            AppError::Runtime(_) => ErrorCode::Internal,
            AppError::Declared(_) => ErrorCode::BadDeclaration,
            AppError::Store(e) => e.code(),
            AppError::Compute(e) => e.code(),
            AppError::Feed(e) => e.code(),
            AppError::Schedule(e) => e.code(),
            AppError::Cron(_) => ErrorCode::BadDeclaration,
            AppError::Listen { .. } => ErrorCode::Conflict,
            AppError::Folder { .. } => ErrorCode::Storage,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            AppError::Listen { .. } => {
                Some("Stop the other process, or set server.bind (TOANCANH_SERVER__BIND).".to_owned())
            }
            AppError::Store(e) => e.hint(),
            AppError::Compute(e) => e.hint(),
            AppError::Feed(e) => e.hint(),
            AppError::Runtime(_)
            | AppError::Declared(_)
            | AppError::Schedule(_)
            | AppError::Cron(_)
            | AppError::Folder { .. } => None,
        }
    }
}

/// A process with everything built.
pub struct App {
    config: Config,
    clock: Arc<dyn Clock>,
    catalog: Arc<Catalog>,
    lake: Arc<Lake>,
    engine: Arc<Engine>,
    sql: SqlService,
    metrics: Arc<Metrics>,
    /// The declared feeds that are enabled; empty for a process that only asks.
    declared: Arc<Declarations>,
    /// The declared dashboards; none for a process that only asks.
    dashboards: Arc<ArcSwap<DashboardSet>>,
    /// Ends answers that are kept open when the server is stopped.
    closing: CancellationToken,
    /// Where reports are ordered.
    desk: Arc<Desk>,
}

impl App {
    /// For asking: needs no lock, computes only what is asked for.
    pub async fn open_reader(config: Config) -> Result<Self, AppError> {
        let lake = lake_config(&config).read_only();
        Self::open(config, lake, true).await
    }

    /// For documents: needs no lock, computes all figures.
    pub async fn open_whole(config: Config) -> Result<Self, AppError> {
        let lake = lake_config(&config).read_only();
        Self::open(config, lake, false).await
    }

    /// For writing: takes the writer lock of the lake and computes all figures.
    pub async fn open_writer(config: Config) -> Result<Self, AppError> {
        let folder = |source| AppError::Folder { path: config.data.dir.display().to_string(), source };
        std::fs::create_dir_all(&config.data.dir).map_err(folder)?;
        let lake = lake_config(&config);
        Self::open(config, lake, false).await
    }

    async fn open(config: Config, lake: LakeConfig, on_demand: bool) -> Result<Self, AppError> {
        let clock = clock::from_config(&config.clock);
        let catalog = Arc::new(catalog::load(&config.catalog.dir)?);
        let lake = Arc::new(Lake::open(&lake).await?);
        let sessions = Sessions::new(ENGINE_MEMORY_BYTES).map_err(ComputeError::from)?;
        let parts = Parts {
            catalog: Arc::clone(&catalog),
            lake: Arc::clone(&lake),
            sessions: sessions.clone(),
            clock: Arc::clone(&clock),
        };
        let engine = Arc::new(if on_demand { Engine::on_demand(parts).await? } else { Engine::open(parts).await? });
        let limits = SqlLimits {
            timeout: Duration::from_millis(config.sql.timeout_ms),
            memory_bytes: config.sql.memory_mb << 20,
            rows_max: config.sql.rows_max,
            slots: config.sql.slots,
        };
        let sql = SqlService::new(sessions, limits);
        let declared = Arc::new(if on_demand { Declarations::default() } else { declared_feeds(&config, &catalog)? });
        let boards = match on_demand {
            true => DashboardSet::default(),
            false => dashboards::first(&config.dashboards.dir, &catalog),
        };
        let dashboards = Arc::new(ArcSwap::from_pointee(boards));
        let desk = Arc::new(Desk::new(&config.dashboards.dir));
        let (metrics, closing) = (Metrics::new(), CancellationToken::new());
        Ok(Self { config, clock, catalog, lake, engine, sql, metrics, declared, dashboards, closing, desk })
    }

    /// The catalogue.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// The engine.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Runs one read-only statement of an analyst.
    pub async fn sql(&self, sql: &str) -> Result<SqlAnswer, SqlError> {
        let tables = self.engine.tables(&Scope::all()).await.map_err(|e| SqlError::Failed(e.to_string()))?;
        self.sql.query(sql, tables).await
    }

    /// The declared feeds, those enabled, over this process's lake.
    pub fn feeds(&self) -> Result<Arc<Feeds>, AppError> {
        let context = ConnectorContext {
            clock: Arc::clone(&self.clock),
            secrets: secrets_of(&self.config),
            drop_folder: self.config.feeds.drop_dir.clone(),
            seed: u64::from(std::process::id()),
        };
        let raw = RawStore::new(self.config.data.dir.join("raw"));
        Ok(Arc::new(Feeds::new(&self.declared, &self.catalog, raw, Arc::clone(&self.lake), &context)?))
    }

    /// Takes changes of case stores in as they happen, unless switched off.
    pub fn start_following(&self, feeds: &Arc<Feeds>) -> Following {
        watch::start(self, feeds)
    }

    /// Pulls feeds (all of them if none is named), takes the figures in and publishes them. `each` sees every report.
    pub async fn ingest(
        &self,
        feeds: &Feeds,
        codes: &[String],
        mut each: impl FnMut(&IngestReport),
    ) -> Result<(), AppError> {
        let mut pulls = std::pin::pin!(feeds.pull_all(codes));
        while let Some(report) = pulls.next().await {
            let report = report?;
            jobs::count(&self.metrics, &report);
            each(&report);
        }
        self.engine.refresh().await?;
        self.engine.publish().await?;
        Ok(())
    }

    /// Brings in what an earlier process kept and could not finish, and publishes what it could not publish.
    pub async fn recover(&self, feeds: &Feeds) -> Result<(), AppError> {
        feeds.recover().await?;
        self.engine.refresh().await?;
        self.engine.publish().await?;
        Ok(())
    }

    /// Rebuilds the tables of an empty lake from the raw snapshots alone.
    pub async fn replay(&self, feeds: &Feeds, mut each: impl FnMut(&IngestReport)) -> Result<(), AppError> {
        for report in feeds.replay().await? {
            each(&report);
        }
        self.engine.refresh().await?;
        self.engine.publish().await?;
        Ok(())
    }

    /// One kind of upkeep of all tables.
    pub async fn upkeep(&self, kind: Upkeep) -> Result<Vec<UpkeepReport>, AppError> {
        Ok(self.lake.upkeep(kind, self.clock.now()).await?)
    }

    /// The declared reports.
    pub fn reports(&self) -> Result<BTreeMap<String, Declared>, catalog::Diagnostics> {
        self.desk.declared(&self.catalog)
    }

    /// Reads the figures for a report and asks its gate.
    pub async fn report(&self, order: &Order) -> Result<Ready, ReportError> {
        self.desk.ready(&self.engine, &self.declared, self.clock.now(), order).await
    }

    /// Prints a report that is ready.
    pub async fn print(&self, ready: Ready, form: Form) -> Result<Arc<Vec<u8>>, ReportError> {
        self.desk.print(&self.engine, ready, form).await
    }

    /// What handlers share.
    pub fn api_state(&self) -> ApiState {
        ApiState {
            catalog: Arc::clone(&self.catalog),
            engine: Arc::clone(&self.engine),
            sql: self.sql.clone(),
            metrics: Arc::clone(&self.metrics),
            clock: Arc::clone(&self.clock),
            scope: Scope::all(),
            feeds: Arc::clone(&self.declared),
            infographics: Arc::new(self.infographics()),

            dashboards: Arc::clone(&self.dashboards),
            raw: RawStore::new(self.config.data.dir.join("raw")),
            closing: self.closing.clone(),
            kept: Arc::default(),
            desk: Arc::clone(&self.desk),
        }
    }

    /// The declared infographics as they are now.
    pub fn infographics(&self) -> Shelves {
        Shelves::open(&self.config.dashboards.dir, &self.catalog)
    }

    /// Listens where the configuration says.
    pub async fn listen(&self) -> Result<TcpListener, AppError> {
        let address = self.config.server.bind;
        TcpListener::bind(address).await.map_err(|source| AppError::Listen { address, source })
    }

    /// Starts pulling and printing on schedule, unless both are switched off.
    pub async fn start_schedule(&self, feeds: &Arc<Feeds>) -> Result<Option<RunningSchedule>, AppError> {
        if !self.config.feeds.scheduled && self.config.reports.schedule.is_none() {
            return Ok(None);
        }
        let state = State::open(&self.config.data.dir.join("state.db")).await?;
        let schedule = jobs::schedule(self, feeds, state)?;
        Ok(Some(schedule.start().await?))
    }

    /// Serves until `stop`, then drains requests and jobs. Readers need not wait for what an earlier process left to be
    /// brought in and published: that, and pulling on schedule, begins beside them.
    pub async fn serve(
        &self,
        listener: TcpListener,
        feeds: &Arc<Feeds>,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), AppError> {
        let timeout = Duration::from_millis(self.config.server.request_timeout_ms);
        let router = web::router(self.api_state(), timeout);
        let folder = self.config.dashboards.dir.clone();
        let _watched =
            watch_dashboards(folder, Arc::clone(&self.catalog), Arc::clone(&self.dashboards), dashboards::EVERY);
        let closing = self.closing.clone();
        let stop = async move {
            stop.await;
            closing.cancel();
        };
        let readers = threads::Readers::start().map_err(AppError::Runtime)?;
        let serving = async { readers.serve(listener, router, stop).await.map_err(AppError::Runtime) };
        let beginning = async {
            self.recover(feeds).await?;
            let schedule = self.start_schedule(feeds).await?;
            Ok((schedule, self.start_following(feeds)))
        };
        let ((), (schedule, following)) = tokio::try_join!(serving, beginning)?;
        following.stop().await;
        if let Some(schedule) = schedule {
            let ended = schedule.shutdown(DRAIN).await;
            if ended > 0 {
                tracing::warn!(jobs.ended = ended, "{ended} jobs were still running after {} s", DRAIN.as_secs());
            }
        }
        Ok(())
    }
}

/// The declared feeds that are enabled and, for case stores, have an address.
fn declared_feeds(config: &Config, catalog: &Catalog) -> Result<Declarations, AppError> {
    let mut declared = Declarations::load_dir(&config.catalog.dir.join("feeds"), catalog)?;
    declared.retain(&config.feeds.enabled);
    let secrets = secrets_of(config);
    declared.cases.retain(|feed| watch::is_configured(feed, &secrets));
    Ok(declared)
}

/// Secrets by name: from the environment, the case store's address also from the configuration file.
fn secrets_of(config: &Config) -> Secrets {
    let case_store = config.case_store.url.clone();
    Secrets::from_lookup(move |name| match (name, &case_store) {
        ("TOANCANH_CASE_STORE__URL", Some(url)) => Some(url.expose_secret().to_owned()),
        _ => std::env::var(name).ok(),
    })
}

fn lake_config(config: &Config) -> LakeConfig {
    let location = config.lake_location();
    if location.contains("://") {
        let options: BTreeMap<String, String> =
            config.data.s3.iter().map(|(k, v)| (k.clone(), v.expose_secret().to_owned())).collect();
        LakeConfig::at(&location, options, config.data.dir.join(".lock"))
    } else {
        LakeConfig::disk(Path::new(&location))
    }
}

/// Labels of a run in the metrics.
fn labels(feed: &str, outcome: &str) -> FeedLabels {
    FeedLabels { feed: feed.to_owned(), outcome: outcome.to_owned() }
}
