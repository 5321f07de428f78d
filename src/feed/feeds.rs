//! All feeds of a city: pulled one by one or on schedule, replayed together.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::{Stream, StreamExt};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use super::cases::CaseDeclaration;
use super::connector::backoff::Backoff;
use super::connector::postgres::{CaseTables, EventTable, Postgres};
use super::connector::{Connector, ConnectorConfig, ConnectorContext, PullError, build};
use super::contract::counted;
use super::declarations::Declarations;
use super::declared::{DeclaredCases, DeclaredReader};
use super::ledger::FeedReading;
use super::pull::{PullCount, Source, pull};
use super::raw::RawStore;
use super::{FeedError, ingest};
use crate::catalog::Catalog;
use crate::domain::Clock;
use crate::job::{Job, JobFailed, Occasion};
use crate::store::rows::{RunOutcome, RunRow};
use crate::store::{Lake, Table};

/// How many feeds are pulled at the same time: they mostly wait, for servers and for the disk.
const PULLS_AT_ONCE: usize = 8;

/// All feeds of a city.
pub struct Feeds {
    raw: RawStore,
    lake: Arc<Lake>,
    clock: Arc<dyn Clock>,
    /// Of the jitter between attempts.
    seed: u64,
    feeds: BTreeMap<String, Feed>,
}

/// Pauses of a followed source that cannot be reached: the first one, and the longest.
const FOLLOW_PAUSE: Duration = Duration::from_millis(500);
const FOLLOW_PAUSE_MAX: Duration = Duration::from_secs(30);

/// Hears of what a followed feed brings.
#[async_trait]
pub trait Followed: Send + Sync {
    /// A pull added runs to the tables.
    async fn pulled(&self, report: &IngestReport);
}

struct Feed {
    reading: FeedReading,
    source: Source,
    schedule: Option<String>,
    /// One pull at a time, whoever asks for it.
    turn: Mutex<()>,
}

/// What an ingest of one feed came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IngestReport {
    /// Feed code.
    pub feed: String,
    /// Runs added to the tables, in order; none when the source brought nothing that was not already said.
    pub runs: Vec<RunRow>,
    /// What the pull brought.
    pub pulled: PullCount,
}

impl Feeds {
    /// The declared feeds over a raw store and a lake opened for writing.
    ///
    /// # Errors
    /// [`FeedError::Connector`] for the first connector that cannot be used.
    pub fn new(
        declarations: &Declarations,
        catalog: &Arc<Catalog>,
        raw: RawStore,
        lake: Arc<Lake>,
        context: &ConnectorContext,
    ) -> Result<Self, FeedError> {
        let mut feeds = Self { raw, lake, clock: context.clock.clone(), seed: context.seed, feeds: BTreeMap::new() };
        for declared in &declarations.figures {
            let code = declared.mapping.code.clone();
            let connector = build(&declared.connector, context)
                .map_err(|source| FeedError::Connector { feed: code.clone(), source })?;
            let reader = Arc::new(DeclaredReader::new(declared.mapping.clone(), catalog.clone()));
            let reading = FeedReading::new(&code, declared.contract.clone(), reader);
            let locator = declared.connector.locator().to_owned();
            feeds.add(reading, Source { feed: code, locator, connector }, declared.schedule.clone());
        }
        for declared in &declarations.cases {
            let code = declared.mapping.code.clone();
            let connector = case_connector(declared, context)
                .map_err(|source| FeedError::Connector { feed: code.clone(), source })?;
            let reader = Arc::new(DeclaredCases::new(declared.mapping.clone(), catalog.clone()));
            let mut reading = FeedReading::new(&code, declared.contract.clone(), reader);
            reading.is_incremental = matches!(declared.connector, ConnectorConfig::Postgres(_));
            let locator = declared.connector.locator().to_owned();
            feeds.add(reading, Source { feed: code, locator, connector }, declared.schedule.clone());
        }
        Ok(feeds)
    }

    fn add(&mut self, reading: FeedReading, source: Source, schedule: Option<String>) {
        let feed = Feed { reading, source, schedule, turn: Mutex::new(()) };
        self.feeds.insert(feed.source.feed.clone(), feed);
    }

    /// One feed that is put together by hand.
    #[cfg(test)]
    pub(super) fn of_one(
        raw: RawStore,
        lake: Arc<Lake>,
        clock: Arc<dyn Clock>,
        reading: FeedReading,
        source: Source,
    ) -> Self {
        let mut feeds = Self { raw, lake, clock, seed: 1, feeds: BTreeMap::new() };
        feeds.add(reading, source, None);
        feeds
    }

    /// The tables.
    pub fn lake(&self) -> &Lake {
        &self.lake
    }

    /// Codes of all feeds, in order.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.feeds.keys().map(String::as_str)
    }

    /// Pulls a feed and brings what came into the tables. What an earlier process kept and did not bring in comes
    /// first. A source that fails or is refused is a run in the report, not an error.
    pub async fn pull(&self, code: &str) -> Result<IngestReport, FeedError> {
        let feed = self.feed(code)?;
        let _turn = feed.turn.lock().await;
        let mut runs = ingest::process_pending(&self.raw, &self.lake, &feed.reading).await?;
        let mut pulled = PullCount::default();
        loop {
            let more = pull(&feed.source, &self.raw, &*self.clock).await?;
            pulled.add(&more);
            runs.extend(ingest::process_pending(&self.raw, &self.lake, &feed.reading).await?);
            // A source that fails has nothing more for now, whatever it said before.
            if more.failed > 0 || !feed.source.connector.has_more() {
                return Ok(IngestReport { feed: code.to_owned(), runs, pulled });
            }
        }
    }

    /// Pulls a feed whenever its source says that something changed, by the clock while it says nothing, and with
    /// growing pauses while it cannot be reached; until `stop`. `followed` hears of every pull that brought something.
    ///
    /// # Errors
    /// [`FeedError::Unknown`]; `Ok(false)` at once for a source that cannot be followed.
    pub async fn follow(
        &self,
        code: &str,
        followed: &dyn Followed,
        stop: &CancellationToken,
    ) -> Result<bool, FeedError> {
        let feed = self.feed(code)?;
        let Some(mut changes) = feed.source.connector.changes().await else { return Ok(false) };
        let mut backoff = Backoff::new(FOLLOW_PAUSE, FOLLOW_PAUSE_MAX, self.seed);
        let mut failed = 0;
        loop {
            // A pull may be given up at any point: what was kept is brought in by the next one.
            let report = tokio::select! {
                report = self.pull(code) => report,
                () = stop.cancelled() => return Ok(true),
            };
            failed = match &report {
                Ok(report) if report.pulled.failed == 0 => 0,
                Ok(_) => failed + 1,
                Err(error) => {
                    tracing::warn!(feed = code, "feed {code}: {}", super::error::in_words(error));
                    failed + 1
                }
            };
            if let Ok(report) = report
                && !report.runs.is_empty()
            {
                followed.pulled(&report).await;
            }
            let until_next = async {
                match backoff.wait(failed, None).filter(|_| failed > 0) {
                    Some(pause) => tokio::time::sleep(pause).await,
                    None => {
                        changes.next().await;
                    }
                }
            };
            tokio::select! {
                () = until_next => {}
                () = stop.cancelled() => return Ok(true),
            }
        }
    }

    /// Pulls feeds, several at a time, and gives their reports in the order of `codes`; all feeds if none is named. A
    /// feed that cannot be worked on does not keep the others from being pulled.
    pub fn pull_all<'a>(&'a self, codes: &'a [String]) -> impl Stream<Item = Result<IngestReport, FeedError>> + 'a {
        let all = self.codes().filter(|_| codes.is_empty());
        let named: Vec<&str> = codes.iter().map(String::as_str).chain(all).collect();
        futures::stream::iter(named).map(|code| self.pull(code)).buffered(PULLS_AT_ONCE)
    }

    /// Brings into the tables what a process that died had kept, without asking any source. Reports only feeds that
    /// had something.
    pub async fn recover(&self) -> Result<Vec<IngestReport>, FeedError> {
        let mut reports = Vec::new();
        for (code, feed) in &self.feeds {
            let _turn = feed.turn.lock().await;
            let runs = ingest::process_pending(&self.raw, &self.lake, &feed.reading).await?;
            if !runs.is_empty() {
                reports.push(IngestReport { feed: code.clone(), runs, pulled: PullCount::default() });
            }
        }
        Ok(reports)
    }

    /// Rebuilds `observations`, `targets`, `cases`, `case_events`, `rejected_rows` and `runs` from the raw snapshots alone, into tables that
    /// are empty. The rows are those that the pulls gave, as long as catalogue and mappings are the same.
    pub async fn replay(&self) -> Result<Vec<IngestReport>, FeedError> {
        let filled = [Table::Observations, Table::Targets, Table::Cases, Table::CaseEvents, Table::RejectedRows];
        for table in [Table::Runs].into_iter().chain(filled) {
            if self.lake.snapshot(table).await?.row_count() != Some(0) {
                return Err(FeedError::NotEmpty { table });
            }
        }
        self.recover().await
    }

    /// Feeds that have raw snapshots and are not declared any more; a replay leaves them out.
    pub fn undeclared(&self) -> Result<Vec<String>, FeedError> {
        let mut kept = self.raw.feeds()?;
        kept.retain(|code| !self.feeds.contains_key(code));
        Ok(kept)
    }

    /// The jobs of all feeds that have a schedule, with their cron expressions.
    pub fn jobs(self: &Arc<Self>) -> Vec<(FeedJob, String)> {
        let scheduled = self.feeds.iter().filter_map(|(code, feed)| Some((code, feed.schedule.clone()?)));
        scheduled.map(|(code, cron)| (FeedJob::new(self.clone(), code), cron)).collect()
    }

    fn feed(&self, code: &str) -> Result<&Feed, FeedError> {
        let known = || self.codes().map(str::to_owned).collect();
        self.feeds.get(code).ok_or_else(|| FeedError::Unknown { feed: code.to_owned(), known: known() })
    }
}

/// The connector of a feed of cases. A case store is asked for the columns that its mapping reads, and no others.
fn case_connector(declared: &CaseDeclaration, context: &ConnectorContext) -> Result<Box<dyn Connector>, PullError> {
    let ConnectorConfig::Postgres(config) = &declared.connector else { return build(&declared.connector, context) };
    let mapping = &declared.mapping;
    let wrong = |words: &str| PullError::Declared { words: words.to_owned() };
    let updated = mapping.updated_column().ok_or_else(|| wrong("a case store needs the column \"updated\""))?;
    let events = match (&config.events, mapping.event_columns(), mapping.event_keys()) {
        (Some(table), Some(columns), Some((case, seq))) => Some(EventTable {
            table: table.clone(),
            columns: columns.to_vec(),
            case: case.to_owned(),
            seq: seq.map(str::to_owned),
        }),
        (None, None, _) => None,
        _ => return Err(wrong("events = \"..\" of [connector] and the table [events] belong together")),
    };
    let tables = CaseTables {
        cases: config.cases.clone(),
        columns: mapping.case_columns().to_vec(),
        id: mapping.id_column().to_owned(),
        updated: updated.to_owned(),
        events,
        zone: mapping.zone(),
    };
    Ok(Box::new(Postgres::new(config, tables, context)))
}

impl IngestReport {
    /// What happened, in one sentence: "12 sources: 348 new, 2 rows rejected; 1 refused: ..".
    pub fn words(&self) -> String {
        let count = |outcome| self.runs.iter().filter(|run| run.outcome == outcome).count();
        let new: i64 = self.runs.iter().map(|run| run.rows_new).sum();
        let rejected: i64 = self.runs.iter().map(|run| run.rows_rejected).sum();
        let asked = self.pulled.fresh + self.pulled.unchanged + self.pulled.failed;
        if asked == 0 && self.runs.is_empty() {
            return "nothing to read".to_owned();
        }
        let mut words = format!("{}: {new} new", counted(asked, "source"));
        if rejected > 0 {
            words.push_str(&format!(", {} rejected", counted(rejected as usize, "row")));
        }
        if self.pulled.unchanged > 0 {
            words.push_str(&format!(", {} unchanged", self.pulled.unchanged));
        }
        for outcome in [RunOutcome::Refused, RunOutcome::Failed] {
            let first = self.runs.iter().find(|run| run.outcome == outcome);
            if let Some(first) = first {
                words.push_str(&format!("; {} {outcome}: {}", count(outcome), first.message));
            }
        }
        words
    }

    /// Whether any figure is new.
    pub fn brought_news(&self) -> bool {
        self.runs.iter().any(|run| run.rows_new > 0)
    }
}

/// The scheduled pull of one feed.
pub struct FeedJob {
    feeds: Arc<Feeds>,
    code: String,
    name: String,
}

impl FeedJob {
    fn new(feeds: Arc<Feeds>, code: &str) -> Self {
        Self { feeds, code: code.to_owned(), name: format!("feed/{code}") }
    }

    async fn pull(&self, occasion: Occasion) -> Result<String, JobFailed> {
        // A pull may be given up at any point: what was kept is brought in by the next one.
        let report = tokio::select! {
            report = self.feeds.pull(&self.code) => report,
            () = occasion.stop.cancelled() => return Err(JobFailed { words: "stopped with the process".to_owned() }),
        };
        let report = report.map_err(|e| JobFailed { words: super::error::in_words(&e) })?;
        if report.pulled.failed > 0 { Err(JobFailed { words: report.words() }) } else { Ok(report.words()) }
    }
}

#[async_trait]
impl Job for FeedJob {
    fn name(&self) -> &str {
        &self.name
    }

    async fn run(&self, occasion: Occasion) -> Result<String, JobFailed> {
        self.pull(occasion).await
    }
}
