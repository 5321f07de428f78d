//! Whole pulls against a server that misbehaves, on tables in a folder of their own: the figures stay as they were and
//! the run says why. Test code only.

use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use futures::StreamExt;

use super::connector::fake::{Fake, Reply, context};
use super::connector::{ConnectorConfig, ConnectorContext, build};
use super::declarations::Declarations;
use super::feeds::Feeds;
use super::figures::{FigureReader, Figures, Rejected, SourcePart};
use super::ledger::FeedReading;
use super::mapping::Contract;
use super::pull::Source;
use super::raw::RawStore;
use crate::catalog;
use crate::domain::clock::FixedClock;
use crate::domain::{Breakdown, Clock, ObsStatus, Observation};
use crate::store::rows::{RunOutcome, read_observations, read_rejected_rows, read_runs};
use crate::store::{Lake, LakeConfig, Table, Txn};

/// A clock that the test moves by days.
#[derive(Debug)]
struct Days(AtomicI64);

impl Clock for Days {
    fn now(&self) -> DateTime<Utc> {
        let first: DateTime<Utc> = "2022-06-01T02:00:00Z".parse().unwrap();
        first + TimeDelta::days(self.0.load(Ordering::SeqCst))
    }
}

/// Reads `area,period,value` lines under exactly that header; `?` is no value anybody understands.
struct Lines;

impl FigureReader for Lines {
    fn read(&self, part: &SourcePart<'_>) -> Result<Figures, String> {
        let text = std::str::from_utf8(part.bytes).map_err(|e| e.to_string())?;
        let mut lines = text.lines();
        if lines.next() != Some("area,period,value") {
            return Err("no column \"area\"".to_owned());
        }
        let mut figures = Figures::default();
        for (i, line) in lines.enumerate() {
            let [area, period, value] = line.split(',').collect::<Vec<_>>()[..] else {
                return Err(format!("line {} has not three fields", i + 2));
            };
            let source_ref = format!("{}:{}", part.url, i + 2);
            match value.parse() {
                Ok(value) => figures.observations.push(Observation {
                    measure: "births".into(),
                    area: area.into(),
                    org: "_T".into(),
                    breakdown: Breakdown::TOTAL,
                    period: period.parse().map_err(|_| format!("period {period}"))?,
                    value: Some(value),
                    status: ObsStatus::A,
                    vintage: part.pulled,
                    source_ref,
                    note: None,
                }),
                Err(_) => figures.rejected.push(Rejected {
                    source_ref,
                    row: Some(i as i64 + 2),
                    column: Some("value".into()),
                    value: Some(value.into()),
                    reason: format!("\"{value}\" is not a number"),
                }),
            }
        }
        Ok(figures)
    }

    fn is_flow(&self, _measure: &str) -> bool {
        true
    }
}

/// A feed with a server of its own.
struct City {
    folder: tempfile::TempDir,
    answer: Arc<Mutex<Reply>>,
    fake: Fake,
    clock: Arc<Days>,
    context: ConnectorContext,
}

impl City {
    async fn new() -> Self {
        let answer = Arc::new(Mutex::new(Reply::of(200, "")));
        let given = answer.clone();
        let fake = Fake::start(move |_, _| given.lock().unwrap().clone()).await;
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(Days(AtomicI64::new(0)));
        let drop_folder = folder.path().join("drop");
        let context = ConnectorContext { clock: clock.clone(), drop_folder, ..context() };
        Self { folder, answer, fake, clock, context }
    }

    /// The feed over a lake: what a process does when it starts.
    async fn start(&self, lake: &str) -> Feeds {
        let config = format!(
            "kind = 'http'\nurl = '{}/births.csv'\nlimits = {{ attempts = 2, backoff_ms = 1 }}",
            self.fake.url()
        );
        self.start_with(lake, &config).await
    }

    async fn start_with(&self, lake: &str, connector: &str) -> Feeds {
        let folder = self.folder.path().join(lake);
        std::fs::create_dir_all(&folder).unwrap();
        let lake = Lake::open(&LakeConfig::disk(&folder)).await.unwrap();
        let config: ConnectorConfig = toml::from_str(connector).unwrap();
        let contract =
            Contract { freshness_days: Some(35), min_share_of_last: 0.5, required: vec![], allow_empty: false };
        let reading = FeedReading::new("births", contract, Arc::new(Lines));
        let source = Source {
            feed: "births".into(),
            locator: config.locator().into(),
            connector: build(&config, &self.context).unwrap(),
        };
        let raw = RawStore::new(self.folder.path().join("raw"));
        Feeds::of_one(raw, Arc::new(lake), self.clock.clone(), reading, source)
    }

    fn answers(&self, reply: Reply) {
        *self.answer.lock().unwrap() = reply;
    }

    fn next_day(&self) {
        self.clock.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// `count` districts in a month with values from `first` on.
fn month(period: &str, count: usize, first: f64) -> String {
    let lines = (0..count).map(|i| format!("{},{period},{}\n", 760 + i, first + i as f64));
    format!("area,period,value\n{}", lines.collect::<String>())
}

/// Every row of every table that a feed fills, as sorted words.
async fn tables(lake: &Lake) -> Vec<String> {
    let mut words = Vec::new();
    for table in [Table::Observations, Table::Targets, Table::RejectedRows, Table::Runs] {
        for batch in lake.snapshot(table).await.unwrap().read(None).await.unwrap() {
            match table {
                Table::Observations => {
                    words.extend(read_observations(&batch).unwrap().iter().map(|r| format!("{r:?}")));
                }
                Table::RejectedRows => {
                    words.extend(read_rejected_rows(&batch).unwrap().iter().map(|r| format!("{r:?}")));
                }
                Table::Runs => words.extend(read_runs(&batch).unwrap().iter().map(|r| format!("{r:?}"))),
                _ => assert_eq!(batch.num_rows(), 0),
            }
        }
    }
    words.sort();
    words
}

async fn figures(lake: &Lake) -> Vec<String> {
    let mut rows = tables(lake).await;
    rows.retain(|row| row.starts_with("ObservationRow"));
    rows
}

/// Pulls once and gives outcome and message of the one run that comes of it.
async fn pull(feeds: &Feeds) -> (RunOutcome, String) {
    let report = feeds.pull("births").await.unwrap();
    assert_eq!(report.runs.len(), 1, "{:?}", report.runs);
    (report.runs[0].outcome, report.runs[0].message.clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_answers_badly_changes_no_figure() {
    let city = City::new().await;
    let feeds = city.start("lake").await;
    city.answers(Reply::of(200, month("2022-05", 10, 100.0)));
    assert_eq!(pull(&feeds).await, (RunOutcome::Ok, "10 figures read, 10 new".into()));
    let before = figures(feeds.lake()).await;
    assert_eq!(before.len(), 10);
    let whole = month("2022-06", 10, 200.0);
    let repeated = month("2022-06", 10, 100.0);
    let cases = [
        (Reply::of(200, month("2022-05", 10, 100.0)), RunOutcome::Unchanged, "the same bytes as on 2022-06-01"),
        (Reply::of(500, "bảo trì"), RunOutcome::Failed, "answered 500 in 2 attempts: \"bảo trì\""),
        (Reply::of(200, ""), RunOutcome::Refused, "the answer is empty (0 bytes)"),
        (Reply::of(200, &*whole).cut_after(60), RunOutcome::Failed, "broke off after 60 bytes in each of 2 attempts"),
        (Reply::of(200, &whole[..60]), RunOutcome::Refused, "has not three fields"),
        (Reply::of(200, &whole[..65]), RunOutcome::Refused, "3 figures of frequency M where the last good pull"),
        (Reply::of(200, whole.replace("area", "khu vuc")), RunOutcome::Refused, "no column \"area\""),
        (Reply::of(200, month("2022-06", 4, 200.0)), RunOutcome::Refused, "at least 50% of that is expected"),
        (Reply::of(200, month("2022-04", 10, 90.0)), RunOutcome::Refused, "its newest period is 2022-04"),
        (Reply::of(200, repeated), RunOutcome::Refused, "all 10 flows of 2022-06 repeat those of 2022-05"),
        (Reply::of(200, "area,period,value\n760,2022-06,?\n"), RunOutcome::Refused, "\"?\" is not a number"),
    ];
    for (reply, outcome, words) in cases {
        city.next_day();
        city.answers(reply);
        let (ran, message) = pull(&feeds).await;
        assert_eq!(ran, outcome, "{message}");
        assert!(message.contains(words), "{message}");
        assert_eq!(figures(feeds.lake()).await, before, "after: {message}");
    }
    city.next_day();
    let message = pull(&feeds).await.1;
    assert_eq!(message, "unchanged, the same bytes as on 2022-06-12, which were refused");
    city.next_day();
    city.answers(Reply::of(200, whole));
    assert_eq!(pull(&feeds).await, (RunOutcome::Ok, "10 figures read, 10 new".into()));
    assert_eq!(figures(feeds.lake()).await.len(), 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_is_a_new_vintage_of_what_changed() {
    let city = City::new().await;
    let feeds = city.start("lake").await;
    city.answers(Reply::of(200, "area,period,value\n760,2022-05,1\n761,2022-05,2\n762,2022-05,x\n"));
    let message = "2 figures read, 2 new, 1 row rejected (the first: \"x\" is not a number)";
    assert_eq!(pull(&feeds).await, (RunOutcome::Ok, message.into()));
    city.next_day();
    city.answers(Reply::of(200, "area,period,value\n760,2022-05,1\n761,2022-05,2.5\n"));
    assert_eq!(pull(&feeds).await, (RunOutcome::Ok, "2 figures read, 1 new".into()));
    let rows = figures(feeds.lake()).await;
    assert_eq!(rows.len(), 3);
    assert_eq!(rows.iter().filter(|row| row.contains("area: \"761\"")).count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_words_are_said_once_a_day() {
    let city = City::new().await;
    let feeds = city.start("lake").await;
    city.answers(Reply::of(404, ""));
    assert_eq!(pull(&feeds).await.0, RunOutcome::Failed);
    let again = feeds.pull("births").await.unwrap();
    assert!(again.runs.is_empty());
    assert_eq!(again.pulled.failed, 1);
    city.next_day();
    assert_eq!(pull(&feeds).await.0, RunOutcome::Failed);
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_longer_than_promised_is_said() {
    let city = City::new().await;
    let feeds = city.start("lake").await;
    city.answers(Reply::of(200, month("2022-05", 2, 1.0)));
    pull(&feeds).await;
    city.clock.0.store(36, Ordering::SeqCst);
    let message = pull(&feeds).await.1;
    assert_eq!(message, "unchanged, the same bytes as on 2022-06-01; no news for 36 days, 35 are promised");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_gives_the_same_rows() {
    let city = City::new().await;
    let feeds = city.start("lake").await;
    let answers = [
        Reply::of(200, month("2022-05", 10, 1.0)),
        Reply::of(503, "x"),
        Reply::of(200, month("2022-05", 3, 1.0)),
        Reply::of(200, month("2022-06", 9, 5.0).replace("766", "?66,2022-06,?\n766")),
        Reply::of(200, month("2022-06", 10, 5.5)),
    ];
    for answer in answers {
        city.answers(answer);
        feeds.pull("births").await.unwrap();
        city.next_day();
    }
    let rows = tables(feeds.lake()).await;
    let replayed = city.start("replayed").await;
    replayed.replay().await.unwrap();
    assert_eq!(tables(replayed.lake()).await, rows);
    let again = replayed.replay().await.unwrap_err().to_string();
    assert_eq!(again, "a replay needs empty tables, but table \"runs\" holds rows");
}

/// A process that dies between two tables, or between keeping bytes and reading them.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_crash_left_is_finished_by_the_next_start() {
    let city = City::new().await;
    let whole = city.start("whole").await;
    city.answers(Reply::of(200, month("2022-05", 10, 1.0)));
    whole.pull("births").await.unwrap();
    let first = tables(whole.lake()).await;
    city.next_day();
    city.answers(Reply::of(200, format!("{}770,2022-05,?\n", month("2022-05", 10, 1.5))));
    whole.pull("births").await.unwrap();
    let both = tables(whole.lake()).await;

    // Bytes kept, nothing read: both snapshots come in together.
    let late = city.start("late").await;
    let reports = late.recover().await.unwrap();
    assert_eq!(reports[0].runs.len(), 2);
    assert_eq!(tables(late.lake()).await, both);
    assert_eq!(late.lake().snapshot(Table::Observations).await.unwrap().version(), 1, "one commit for both");

    // The figures of the second pull were written, its run was not.
    for (ahead, expected) in [(&[Table::Observations][..], &both), (&[Table::Observations, Table::RejectedRows], &both)]
    {
        let name = format!("torn-{}", ahead.len());
        let torn = city.start(&name).await;
        copy_rows(whole.lake(), torn.lake(), Table::Observations, 1, 1).await;
        copy_rows(whole.lake(), torn.lake(), Table::Runs, 1, 1).await;
        assert_eq!(tables(torn.lake()).await, first);
        for table in ahead {
            copy_rows(whole.lake(), torn.lake(), *table, if *table == Table::Observations { 2 } else { 1 }, 2).await;
        }
        torn.recover().await.unwrap();
        assert_eq!(&tables(torn.lake()).await, expected);
    }
}

/// Writes what version `version` of a table added, with the transaction of snapshot `seq`.
async fn copy_rows(from: &Lake, to: &Lake, table: Table, version: u64, seq: i64) {
    let whole = from.snapshot_at(table, version).await.unwrap().read(None).await.unwrap();
    let before = from.snapshot_at(table, version - 1).await.unwrap().read(None).await.unwrap();
    let known: Vec<String> = before.iter().flat_map(|batch| words_of(table, batch)).collect();
    let mut added = Vec::new();
    for batch in &whole {
        for (row, words) in words_of(table, batch).into_iter().enumerate() {
            if !known.contains(&words) {
                added.push(batch.slice(row, 1));
            }
        }
    }
    to.append(table, added, Some(&Txn::new("feed/births", seq))).await.unwrap();
}

fn words_of(table: Table, batch: &arrow::array::RecordBatch) -> Vec<String> {
    match table {
        Table::Observations => read_observations(batch).unwrap().iter().map(|r| format!("{r:?}")).collect(),
        Table::RejectedRows => read_rejected_rows(batch).unwrap().iter().map(|r| format!("{r:?}")).collect(),
        Table::Runs => read_runs(batch).unwrap().iter().map(|r| format!("{r:?}")).collect(),
        _ => panic!("{table} is not copied"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_the_drop_folder_come_in_together_and_once() {
    let city = City::new().await;
    let drop = city.folder.path().join("drop/births");
    std::fs::create_dir_all(&drop).unwrap();
    let put = |name: &str, text: &str| std::fs::write(Path::new(&drop).join(name), text).unwrap();
    let feeds = city.start_with("lake", "kind = 'files'\nglob = 'births/*.csv'\nsettle_ms = 20").await;
    for (n, period) in ["2022-03", "2022-04", "2022-05"].into_iter().enumerate() {
        put(&format!("{period}.csv"), &month(period, 9, 10.0 * n as f64 + 1.0));
    }
    let report = feeds.pull("births").await.unwrap();
    assert_eq!(report.words(), "3 sources: 27 new");
    assert_eq!(feeds.lake().snapshot(Table::Observations).await.unwrap().version(), 1);

    let nothing = feeds.pull("births").await.unwrap();
    assert_eq!((nothing.runs.len(), nothing.words().as_str()), (0, "3 sources: 0 new, 3 unchanged"));

    // Last month's file under this month's name, and a corrected one.
    put("2022-06.csv", &month("2022-05", 9, 21.0));
    put("2022-03.csv", &month("2022-03", 9, 2.0));
    let report = feeds.pull("births").await.unwrap();
    let outcomes: Vec<(RunOutcome, i64)> = report.runs.iter().map(|run| (run.outcome, run.rows_new)).collect();
    assert_eq!(outcomes, [(RunOutcome::Ok, 9), (RunOutcome::Refused, 0)]);
    let words = "it holds the same bytes as \"births/2022-05.csv\", pulled on 2022-06-01";
    assert!(report.runs[1].message.contains(words), "{}", report.runs[1].message);
}

/// The feeds that ship, over the sample that ships.
#[tokio::test(flavor = "multi_thread")]
async fn the_sample_comes_in_whole_once_and_again_by_replay() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let catalog = Arc::new(catalog::load(&root.join("indicators")).unwrap());
    let mut declared = Declarations::load_dir(&root.join("indicators/feeds"), &catalog).unwrap();
    // A database that is not there; its journey is in tests/it/case_store.rs.
    declared.cases.retain(|feed| feed.mapping.code != "case_store");
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(FixedClock("2022-08-01T00:00:00Z".parse().unwrap()));
    let context = ConnectorContext { clock, drop_folder: root.join("data-samples"), ..context() };
    let start = async |lake: &str| {
        let folder = folder.path().join(lake);
        std::fs::create_dir_all(&folder).unwrap();
        let lake = Arc::new(Lake::open(&LakeConfig::disk(&folder)).await.unwrap());
        Feeds::new(&declared, &catalog, RawStore::new(folder.with_file_name("raw")), lake, &context).unwrap()
    };
    let feeds = start("lake").await;
    let (mut files, mut rejected) = (0, 0);
    for report in feeds.pull_all(&[]).collect::<Vec<_>>().await {
        let report = report.unwrap();
        files += report.pulled.fresh;
        for run in report.runs {
            assert_eq!(run.outcome, RunOutcome::Ok, "{} {:?}: {}", run.feed, run.url, run.message);
            rejected += run.rows_rejected;
        }
    }
    assert!(files > 300, "{files}");
    // The sample holds a few cells that nobody could understand, on purpose.
    assert!((1..200).contains(&rejected), "{rejected}");
    let rows = async |lake: &Lake| lake.snapshot(Table::Observations).await.unwrap().row_count().unwrap();
    let whole = rows(feeds.lake()).await;
    for report in feeds.pull_all(&[]).collect::<Vec<_>>().await {
        let report = report.unwrap();
        assert!(report.runs.is_empty(), "{} said something new about the same files", report.feed);
    }
    assert_eq!(rows(feeds.lake()).await, whole);
    let replayed = start("replayed").await;
    replayed.replay().await.unwrap();
    assert_eq!(rows(replayed.lake()).await, whole);
    assert!(whole > 30_000, "{whole}");
}
