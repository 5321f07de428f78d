//! The case store in a real PostgreSQL: four writers, a server that is killed, and every case exactly once.
//! tests/case_store/run.sh starts the server; without it these journeys say that they are skipped.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, Row};
use toancanh::catalog;
use toancanh::domain::clock::FixedClock;
use toancanh::feed::cases::CaseMapping;
use toancanh::feed::connector::{ConnectorContext, Secrets};
use toancanh::feed::raw::RawStore;
use toancanh::feed::{Declarations, Feeds, Followed, IngestReport};
use toancanh::store::rows::{read_case_rows, read_cases};
use toancanh::store::{Lake, LakeConfig, Table};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::harness::root;

/// Cases in all, and who writes them.
const CASES: usize = 100_000;
const WRITERS: usize = 4;

/// The address of the test server, and the program that kills and restarts it.
fn server() -> Option<(String, String)> {
    let found = std::env::var("TOANCANH_TEST_POSTGRES").ok().zip(std::env::var("TOANCANH_TEST_POSTGRES_RESTART").ok());
    if found.is_none() {
        println!("skipped: TOANCANH_TEST_POSTGRES is not set (tests/case_store/run.sh sets it)");
    }
    found
}

/// A database of its own with the reference schema, on the test server.
async fn database(url: &str, name: &str) -> (PgPool, String) {
    let admin = PgPool::connect(url).await.unwrap();
    sqlx::query(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name}"))).execute(&admin).await.unwrap();
    sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&admin).await.unwrap();
    admin.close().await;
    let url = url.rsplit_once('/').map(|(server, _)| format!("{server}/{name}")).unwrap();
    let options = PgPoolOptions::new().max_connections(12).acquire_timeout(Duration::from_secs(20));
    let pool = options.connect(&url).await.unwrap();
    let schema = std::fs::read_to_string(root().join("data-samples/case_store/schema.sql")).unwrap();
    sqlx::raw_sql(AssertSqlSafe(schema)).execute(&pool).await.unwrap();
    (pool, url)
}

/// The address as a reader that sees neither other users' transactions nor more than the two tables.
async fn as_reader(pool: &PgPool, url: &str) -> String {
    let made = sqlx::query("CREATE ROLE case_reader LOGIN").execute(pool).await;
    println!("reader made: {}", made.is_ok());
    sqlx::query("GRANT SELECT ON cases, case_events TO case_reader").execute(pool).await.unwrap();
    url.replace("postgres@", "case_reader@")
}

/// The shipped feed over the database, with tables in `folder`.
async fn feeds(folder: &Path, url: &str, change: impl Fn(String) -> String) -> Arc<Feeds> {
    let catalog = Arc::new(catalog::load(&root().join("indicators")).unwrap());
    let path = root().join("indicators/feeds/case_store.toml");
    let text = change(std::fs::read_to_string(&path).unwrap());
    let cases = vec![CaseMapping::load(&path, &text, &catalog).unwrap_or_else(|e| panic!("{e}"))];
    let url = url.to_owned();
    let context = ConnectorContext {
        clock: Arc::new(FixedClock("2022-06-30T01:00:00Z".parse().unwrap())),
        secrets: Secrets::from_lookup(move |name| (name == "TOANCANH_CASE_STORE__URL").then(|| url.clone())),
        drop_folder: folder.to_owned(),
        seed: 7,
    };
    std::fs::create_dir_all(folder.join("lake")).unwrap();
    let lake = Arc::new(Lake::open(&LakeConfig::disk(&folder.join("lake"))).await.unwrap());
    let declared = Declarations { figures: Vec::new(), cases };
    Arc::new(Feeds::new(&declared, &catalog, RawStore::new(folder.join("raw")), lake, &context).unwrap())
}

/// Counts what comes in.
#[derive(Default)]
struct Count {
    rows: AtomicUsize,
    heard: Notify,
}

#[async_trait]
impl Followed for Count {
    async fn pulled(&self, report: &IngestReport) {
        let new: i64 = report.runs.iter().map(|run| run.rows_new).sum();
        self.rows.fetch_add(new as usize, Ordering::SeqCst);
        self.heard.notify_one();
    }
}

/// A follower of the shipped feed that runs until it is stopped.
struct Follower {
    count: Arc<Count>,
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

impl Follower {
    fn start(feeds: &Arc<Feeds>) -> Self {
        let (count, stop) = (Arc::new(Count::default()), CancellationToken::new());
        let (feeds, followed, until) = (feeds.clone(), count.clone(), stop.clone());
        let task = tokio::spawn(async move {
            assert!(feeds.follow("case_store", &*followed, &until).await.unwrap());
        });
        Self { count, stop, task }
    }

    async fn stop(self) {
        self.stop.cancel();
        self.task.await.unwrap();
    }
}

/// What the database holds: identifier -> everything that is mapped of the case and its events, in words.
async fn in_database(pool: &PgPool) -> BTreeMap<String, String> {
    let sql = "SELECT c.case_id, (extract(epoch FROM c.updated_at) * 1000000)::bigint AS updated, \
               concat_ws('|', c.channel, c.category_code, c.priority, coalesce(c.org_code, ''), \
               extract(epoch FROM date_trunc('second', c.received_at))::bigint, \
               coalesce(extract(epoch FROM date_trunc('second', c.due_at))::bigint::text, '')) AS fields, \
               coalesce((SELECT string_agg(concat_ws(' ', e.seq, extract(epoch FROM date_trunc('second', e.at))::bigint, \
               e.kind, coalesce(e.org_code, '-'), coalesce(e.satisfied::text, '-')), ';' ORDER BY e.seq) \
               FROM case_events e WHERE e.case_id = c.case_id), '') AS events FROM cases c";
    let rows = sqlx::query(sql).fetch_all(pool).await.unwrap();
    let words = |row: &sqlx::postgres::PgRow| {
        format!(
            "{}|{}|{}",
            row.get::<i64, _>("updated"),
            row.get::<String, _>("fields"),
            row.get::<String, _>("events")
        )
    };
    rows.iter().map(|row| (row.get("case_id"), words(row))).collect()
}

/// What the tables hold, in the same words; and whether no version stands there twice.
async fn in_tables(lake: &Lake) -> BTreeMap<String, String> {
    let cases = lake.snapshot(Table::Cases).await.unwrap().read(None).await.unwrap();
    let events = lake.snapshot(Table::CaseEvents).await.unwrap().read(None).await.unwrap();
    let mut versions = BTreeSet::new();
    let mut event_rows = 0;
    for row in read_case_rows(&cases, &events).unwrap() {
        event_rows += row.record.events.len();
        assert!(versions.insert((row.record.id.clone(), row.record.updated_at)), "{} came twice", row.record.id);
    }
    assert_eq!(event_rows, events.iter().map(|batch| batch.num_rows()).sum::<usize>(), "events without their case");
    let seconds = |at: toancanh::domain::case::Moment| at.vintage().micros() / 1_000_000;
    let words = |case: &toancanh::domain::case::CaseRecord| {
        let due = case.due_at.map(|at| seconds(at).to_string()).unwrap_or_default();
        let org = case.org.as_deref().unwrap_or_default();
        let mut events = case.events.clone();
        events.sort_by_key(|event| event.seq);
        let events: Vec<String> = events
            .iter()
            .map(|e| {
                let satisfied = e.satisfied.map_or("-".to_owned(), |content| content.to_string());
                format!("{} {} {} {} {satisfied}", e.seq, seconds(e.at), e.kind, e.org.as_deref().unwrap_or("-"))
            })
            .collect();
        let (updated, received) = (case.updated_at.micros(), seconds(case.received_at));
        let fields = format!("{}|{}|{}|{org}|{received}|{due}", case.channel, case.category, case.priority);
        format!("{updated}|{fields}|{}", events.join(";"))
    };
    read_cases(&cases, &events).unwrap().iter().map(|case| (case.id.to_string(), words(case))).collect()
}

/// One transaction of a writer: `size` new cases from number `first` on, each received and dispatched, and some older
/// ones answered or moved. Written so that doing it again after a broken connection changes nothing that was done.
async fn write(pool: &PgPool, writer: usize, first: usize, size: usize, hold: Duration) -> Result<(), sqlx::Error> {
    let mut transaction = pool.begin().await?;
    let (from, to, who) = (first as i64, (first + size) as i64, writer as i64);
    sqlx::query(
        "INSERT INTO cases (case_id, channel, category_code, org_code, received_at, due_at) \
         SELECT $1::bigint || '-' || n, (ARRAY['hotline', 'portal', 'zalo'])[(1 + n % 3)::int], 'trees', 'so_xd', \
         timestamptz '2022-01-01 08:00+07' + n * interval '1 minute', \
         CASE WHEN n % 5 = 0 THEN timestamptz '2022-01-06 08:00+07' + n * interval '1 minute' END \
         FROM generate_series($2::bigint, $3::bigint - 1) AS n ON CONFLICT DO NOTHING",
    )
    .bind(who)
    .bind(from)
    .bind(to)
    .execute(&mut *transaction)
    .await?;
    sqlx::query(
        "INSERT INTO case_events (case_id, seq, at, kind, org_code) \
         SELECT $1::bigint || '-' || n, e, timestamptz '2022-01-01 08:00+07' + n * interval '1 minute' + e * interval '1 second', \
         (ARRAY['received', 'dispatched'])[e], CASE e WHEN 2 THEN 'so_xd' END \
         FROM generate_series($2::bigint, $3::bigint - 1) AS n, generate_series(1, 2) AS e ON CONFLICT DO NOTHING",
    )
    .bind(who)
    .bind(from)
    .bind(to)
    .execute(&mut *transaction)
    .await?;
    sqlx::query(
        "INSERT INTO case_events (case_id, seq, at, kind, satisfied) \
         SELECT case_id, 3, received_at + interval '3 days', 'answered', NULL FROM cases \
         WHERE case_id = ANY(SELECT $1::bigint || '-' || n FROM generate_series($2::bigint - 60, $2::bigint - 1, 2) AS n) ON CONFLICT DO NOTHING",
    )
    .bind(who)
    .bind(from)
    .execute(&mut *transaction)
    .await?;
    sqlx::query("UPDATE cases SET category_code = 'lighting' WHERE case_id = $1::bigint || '-' || ($2::bigint - 7)")
        .bind(who)
        .bind(from)
        .execute(&mut *transaction)
        .await?;
    tokio::time::sleep(hold).await;
    transaction.commit().await
}

/// A writer: transactions of 1 to 1,500 cases; one of them is held open for seconds after it has written.
async fn writer(pool: PgPool, number: usize, written: Arc<AtomicUsize>) {
    let share = CASES / WRITERS;
    let sizes = [1, 40, 900, 7, 1_500, 300];
    let (mut first, mut turn) = (0, number);
    while first < share {
        let size = sizes[turn % sizes.len()].min(share - first);
        let is_long = number == 1 && turn % 12 == 5;
        let hold = if is_long { Duration::from_secs(4) } else { Duration::ZERO };
        // The server may be killed at any point, also after a commit and before it is known.
        while write(&pool, number, first, size, hold).await.is_err() {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        first += size;
        turn += 1;
        written.fetch_add(size, Ordering::SeqCst);
    }
}

#[test]
fn case_store_arrives_exactly_once_through_a_killed_server() {
    let Some((url, restart)) = server() else { return };
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let began = Instant::now();
        let (pool, url) = database(&url, "journey_once").await;
        let url = as_reader(&pool, &url).await;
        let folder = tempfile::tempdir().unwrap();
        let feeds = feeds(folder.path(), &url, |text| {
            text.replace("kind = \"postgres\"", "kind = \"postgres\"\npoll_s = 3\noverlap_s = 1")
        })
        .await;
        let follower = Follower::start(&feeds);
        let written = Arc::new(AtomicUsize::new(0));
        let writers: Vec<_> =
            (0..WRITERS).map(|number| tokio::spawn(writer(pool.clone(), number, written.clone()))).collect();
        while written.load(Ordering::SeqCst) < CASES * 2 / 5 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let status = tokio::task::spawn_blocking(move || Command::new(restart).status().unwrap()).await.unwrap();
        assert!(status.success(), "the server did not come back");
        for writer in writers {
            writer.await.unwrap();
        }
        println!("{CASES} cases written after {:.1} s", began.elapsed().as_secs_f64());
        let expected = in_database(&pool).await;
        assert_eq!(expected.len(), CASES);
        let deadline = Instant::now() + Duration::from_secs(45);
        let mut found = in_tables(feeds.lake()).await;
        while found != expected && Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(500)).await;
            found = in_tables(feeds.lake()).await;
        }
        let versions = follower.count.rows.load(Ordering::SeqCst);
        println!("all of them in the tables after {:.1} s, in {versions} versions", began.elapsed().as_secs_f64());
        let differ = expected.iter().filter(|(id, words)| found.get(*id) != Some(words)).take(5).collect::<Vec<_>>();
        assert!(differ.is_empty() && found.len() == CASES, "{} of {CASES}, such as {differ:?}", found.len());
        follower.stop().await;
        // Another process that knows nothing but what was kept finds nothing new.
        drop(feeds);
        let feeds = self::feeds(folder.path(), &url, |text| text).await;
        let report = feeds.pull("case_store").await.unwrap();
        assert_eq!(report.runs.iter().map(|run| run.rows_new).sum::<i64>(), 0, "{}", report.words());
        assert_eq!(in_tables(feeds.lake()).await, expected);
    });
}

/// Waits until `count` rows came in; gives how long it took.
async fn until(count: &Count, rows: usize) -> Duration {
    let began = Instant::now();
    while count.rows.load(Ordering::SeqCst) < rows {
        let left = Duration::from_secs(30).saturating_sub(began.elapsed());
        assert!(tokio::time::timeout(left, count.heard.notified()).await.is_ok(), "{rows} rows never came");
    }
    began.elapsed()
}

#[test]
fn case_store_changes_come_within_seconds_by_notice_and_by_the_clock() {
    let Some((url, _)) = server() else { return };
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let (pool, url) = database(&url, "journey_notice").await;
        // By notice: the clock alone would take a minute.
        for (name, change) in [("notice", "poll_s = 60"), ("clock", "poll_s = 1")] {
            let folder = tempfile::tempdir().unwrap();
            let config = |text: String| {
                let text = text.replace("kind = \"postgres\"", &format!("kind = \"postgres\"\n{change}"));
                if name == "clock" { text.replace("channel = \"case_changes\"", "") } else { text }
            };
            sqlx::query("TRUNCATE cases, case_events").execute(&pool).await.unwrap();
            let feeds = feeds(folder.path(), &url, config).await;
            let follower = Follower::start(&feeds);
            tokio::time::sleep(Duration::from_secs(2)).await;
            write(&pool, 9, 1_000, 3, Duration::ZERO).await.unwrap();
            let took = until(&follower.count, 3).await;
            println!("by {name}: new cases in the tables after {:.2} s", took.as_secs_f64());
            assert!(took < Duration::from_secs(5), "by {name}: {took:?}");
            sqlx::query("UPDATE cases SET priority = 'high' WHERE case_id = '9-1001'").execute(&pool).await.unwrap();
            let took = until(&follower.count, 4).await;
            assert!(took < Duration::from_secs(5), "by {name}: {took:?}");
            assert_eq!(in_tables(feeds.lake()).await, in_database(&pool).await);
            follower.stop().await;
        }
    });
}

#[test]
fn case_store_that_is_not_as_declared_is_a_failed_run() {
    let Some((url, _)) = server() else { return };
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let (pool, url) = database(&url, "journey_shape").await;
        let folder = tempfile::tempdir().unwrap();
        write(&pool, 3, 100, 2, Duration::ZERO).await.unwrap();
        let feeds =
            feeds(folder.path(), &url, |text| text.replace("priority = \"priority\"", "priority = \"urgency\"")).await;
        let report = feeds.pull("case_store").await.unwrap();
        let words = "postgres:cases: the table \"cases\" has no column \"urgency\"";
        assert_eq!((report.runs.len(), report.runs[0].message.as_str()), (1, words));
        assert!(!format!("{report:?}").contains("postgres@"), "the address is never said");
    });
}
