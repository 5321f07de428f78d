//! From a source to the tables: pull, keep the raw bytes, read, judge, add what is new.
//!
//! The order of writes is what a crash cannot break. Bytes are durable before anything reads them. The tables are
//! written with a transaction each (`feed/<code>`, the number of the last snapshot), `runs` last; so the position of
//! `runs` is that of the slowest table, work starts again from there, and the tables that were ahead skip what they
//! have. Nothing is decided from rows that a half-finished commit left behind.

use std::collections::{BTreeMap, BTreeSet};

use datafusion::prelude::{Expr, col, lit};

use super::FeedError;
use super::cases::known::KnownCases;
use super::figures::{Figures, observation_key, target_key};
use super::ledger::{Decision, FeedReading, Ledger, Past, read_snapshot};
use super::raw::{RawEntry, RawStore};
use super::vintages::Vintages;
use crate::store::rows::{
    RunOutcome, RunRow, VERSION_COLUMNS, for_each_case_version, observations_batch, read_observations, read_runs,
    read_targets, rejected_rows_batch, runs_batch, targets_batch,
};
use crate::store::{Lake, Table, Txn};

/// Snapshots that share one commit per table, at most.
const CHUNK_ENTRIES_MAX: usize = 64;
/// Bytes of snapshots that share one commit, unless a single one has more.
const CHUNK_BYTES_MAX: usize = 64 << 20;

/// What was read of one attempt.
type Read = Result<Figures, String>;

/// Brings everything that is kept but not yet in the tables into them; gives the runs it added, in order.
pub async fn process_pending(raw: &RawStore, lake: &Lake, feed: &FeedReading) -> Result<Vec<RunRow>, FeedError> {
    let app = format!("feed/{}", feed.code);
    let entries = list(raw, &feed.code).await?;
    let mut runs = Vec::new();
    loop {
        let done = lake.transaction_version(Table::Runs, &app).await?.unwrap_or(0);
        let pending: Vec<RawEntry> = entries.iter().filter(|entry| entry.seq as i64 > done).cloned().collect();
        let chunk = chunk(&pending);
        if chunk.is_empty() {
            return Ok(runs);
        }
        let last = chunk.last().map_or(0, |entry| entry.seq as i64);
        let (decisions, cases) = decide(raw, lake, feed, &entries, chunk).await?;
        for run in commit(lake, &app, decisions).await? {
            log(&run);
            runs.push(run);
        }
        if let Some(cases) = cases {
            feed.memory.put(last, cases);
        }
    }
}

/// The attempts of a feed by number.
pub(super) async fn list(raw: &RawStore, feed: &str) -> Result<Vec<RawEntry>, FeedError> {
    let (raw, feed) = (raw.clone(), feed.to_owned());
    let listed = tokio::task::spawn_blocking(move || raw.list(&feed)).await;
    Ok(listed.expect("listing does not panic")?)
}

/// The first of the pending attempts that may share a commit.
fn chunk(pending: &[RawEntry]) -> &[RawEntry] {
    let mut bytes = 0;
    let mut taken = 0;
    for entry in pending.iter().take(CHUNK_ENTRIES_MAX) {
        bytes += entry.size();
        if taken > 0 && bytes > CHUNK_BYTES_MAX {
            break;
        }
        taken += 1;
    }
    &pending[..taken]
}

async fn decide(
    raw: &RawStore,
    lake: &Lake,
    feed: &FeedReading,
    entries: &[RawEntry],
    chunk: &[RawEntry],
) -> Result<(Vec<Decision>, Option<KnownCases>), FeedError> {
    let reads = {
        let (raw, feed, chunk) = (raw.clone(), feed.clone(), chunk.to_vec());
        let reading = tokio::task::spawn_blocking(move || {
            chunk.iter().map(|entry| read_snapshot(&feed, &raw, entry)).collect::<Result<Vec<Read>, FeedError>>()
        });
        joined(reading.await)?
    };
    let first = chunk[0].seq;
    let undecided: BTreeSet<String> = entries.iter().filter(|entry| entry.seq >= first).map(RawEntry::run_id).collect();
    let past = past(lake, feed, first).await?;
    let observations = known_observations(lake, feed, &years(&reads), &undecided).await?;
    let targets = known_targets(lake, feed, &undecided).await?;
    let cases = known_cases(lake, feed, &reads, first, &undecided).await?;
    let (raw, feed, entries, chunk) = (raw.clone(), feed.clone(), entries.to_vec(), chunk.to_vec());
    let deciding = tokio::task::spawn_blocking(move || {
        let (feed, raw, entries) = (&feed, &raw, entries.as_slice());
        let outlines = BTreeMap::new();
        let is_whole = cases.is_some();
        let cases = cases.unwrap_or_default();
        let mut ledger = Ledger { feed, raw, entries, past, observations, targets, cases, outlines };
        let decided = chunk.iter().zip(reads).map(|(entry, read)| ledger.decide(entry, read));
        let decisions = decided.collect::<Result<Vec<_>, _>>()?;
        Ok((decisions, is_whole.then_some(ledger.cases)))
    });
    joined(deciding.await)
}

/// Mappings read what strangers wrote; one that panics is an error of that feed, not the end of the process.
fn joined<T>(result: Result<Result<T, FeedError>, tokio::task::JoinError>) -> Result<T, FeedError> {
    result.unwrap_or_else(|e| Err(FeedError::Broken { words: e.to_string() }))
}

/// Years whose figures the new ones are compared with; the year before too, because January follows December.
fn years(reads: &[Read]) -> BTreeSet<i32> {
    let read = reads.iter().filter_map(|read| read.as_ref().ok());
    read.flat_map(Figures::periods).flat_map(|period| [period.year() - 1, period.year()]).collect()
}

fn of_feed(feed: &FeedReading) -> Expr {
    col("feed").eq(lit(feed.code.to_string()))
}

async fn past(lake: &Lake, feed: &FeedReading, before: u64) -> Result<BTreeMap<u64, Past>, FeedError> {
    let filter = of_feed(feed).and(col("seq").lt(lit(before as i64)));
    let mut past = BTreeMap::new();
    for batch in lake.snapshot(Table::Runs).await?.read(Some(filter)).await? {
        for run in read_runs(&batch)? {
            if let Some(seq) = run.seq {
                past.insert(seq as u64, Past { outcome: run.outcome, brought_news: run.rows_new > 0 });
            }
        }
    }
    Ok(past)
}

async fn known_observations(
    lake: &Lake,
    feed: &FeedReading,
    years: &BTreeSet<i32>,
    undecided: &BTreeSet<String>,
) -> Result<Vintages<super::figures::ObservationKey, super::ledger::ObservedContent>, FeedError> {
    let mut known = Vintages::default();
    if years.is_empty() {
        return Ok(known);
    }
    let years: Vec<Expr> = years.iter().map(|year| lit(*year)).collect();
    let filter = of_feed(feed).and(col("period_year").in_list(years, false));
    for batch in lake.snapshot(Table::Observations).await?.read(Some(filter)).await? {
        for row in read_observations(&batch)?.into_iter().filter(|row| !undecided.contains(&*row.run_id)) {
            let o = &row.observation;
            known.insert(observation_key(o), o.vintage, (o.value.map(f64::to_bits), o.status));
        }
    }
    Ok(known)
}

async fn known_targets(
    lake: &Lake,
    feed: &FeedReading,
    undecided: &BTreeSet<String>,
) -> Result<Vintages<super::figures::TargetKey, u64>, FeedError> {
    let mut known = Vintages::default();
    for batch in lake.snapshot(Table::Targets).await?.read(Some(of_feed(feed))).await? {
        for row in read_targets(&batch)?.into_iter().filter(|row| !undecided.contains(&*row.run_id)) {
            known.insert(target_key(&row.target), row.target.vintage, row.target.value.to_bits());
        }
    }
    Ok(known)
}

/// The cases that the tables have from before snapshot `first`; none where nothing of the chunk is about cases and the
/// memory of an earlier pull is not at hand either.
async fn known_cases(
    lake: &Lake,
    feed: &FeedReading,
    reads: &[Read],
    first: u64,
    undecided: &BTreeSet<String>,
) -> Result<Option<KnownCases>, FeedError> {
    // Attempts between the last decided snapshot and this one do not exist: numbers have no gaps.
    if let Some(known) = feed.memory.take(first as i64 - 1) {
        return Ok(Some(known));
    }
    if reads.iter().flatten().all(|figures| figures.cases.is_empty()) {
        return Ok(None);
    }
    let mut known = KnownCases::default();
    let snapshot = lake.snapshot(Table::Cases).await?;
    for batch in snapshot.read_columns(Some(of_feed(feed)), &VERSION_COLUMNS).await? {
        for_each_case_version(&batch, |version| {
            if !undecided.contains(version.run_id) {
                known.insert(version);
            }
        })?;
    }
    Ok(Some(known))
}

/// Writes the decisions, `runs` last, and gives the runs. A table that is ahead after a crash gets only what it lacks.
async fn commit(lake: &Lake, app: &str, mut decisions: Vec<Decision>) -> Result<Vec<RunRow>, FeedError> {
    let Some(last) = decisions.last() else { return Ok(Vec::new()) };
    let txn = Txn::new(app, last.seq as i64);
    // Without rows there is nothing that could be written twice, so such a table needs no mark of the transaction.
    let observations = lacking(lake, app, Table::Observations, &mut decisions, |d| &mut d.observations).await?;
    if !observations.is_empty() {
        lake.append(Table::Observations, vec![observations_batch(&observations)?], Some(&txn)).await?;
    }
    let targets = lacking(lake, app, Table::Targets, &mut decisions, |d| &mut d.targets).await?;
    if !targets.is_empty() {
        lake.append(Table::Targets, vec![targets_batch(&targets)?], Some(&txn)).await?;
    }
    // Events before cases: whoever sees a version of a case, and looks for its events after that, finds them all.
    let events = lacking(lake, app, Table::CaseEvents, &mut decisions, |d| &mut d.events).await?;
    if !events.is_empty() {
        lake.append(Table::CaseEvents, events, Some(&txn)).await?;
    }
    let cases = lacking(lake, app, Table::Cases, &mut decisions, |d| &mut d.cases).await?;
    if !cases.is_empty() {
        lake.append(Table::Cases, cases, Some(&txn)).await?;
    }
    let rejected = lacking(lake, app, Table::RejectedRows, &mut decisions, |d| &mut d.rejected).await?;
    if !rejected.is_empty() {
        lake.append(Table::RejectedRows, vec![rejected_rows_batch(&rejected)?], Some(&txn)).await?;
    }
    let runs: Vec<RunRow> = decisions.into_iter().map(|decision| decision.run).collect();
    lake.append(Table::Runs, vec![runs_batch(&runs)?], Some(&txn)).await?;
    Ok(runs)
}

/// The rows for a table of those decisions that it does not have yet.
async fn lacking<T>(
    lake: &Lake,
    app: &str,
    table: Table,
    decisions: &mut [Decision],
    rows: impl Fn(&mut Decision) -> &mut Vec<T>,
) -> Result<Vec<T>, FeedError> {
    let reached = lake.transaction_version(table, app).await?.unwrap_or(0);
    let lacking = decisions.iter_mut().filter(|decision| decision.seq as i64 > reached);
    Ok(lacking.flat_map(|decision| std::mem::take(rows(decision))).collect())
}

fn log(run: &RunRow) {
    let url = run.url.as_deref().unwrap_or_default();
    match run.outcome {
        RunOutcome::Ok | RunOutcome::Unchanged => tracing::info!(
            feed = run.feed,
            run = run.run_id,
            url,
            rows_new = run.rows_new,
            rows_rejected = run.rows_rejected,
            "feed {}: {}",
            run.feed,
            run.message
        ),
        RunOutcome::Refused | RunOutcome::Failed => {
            tracing::warn!(
                feed = run.feed,
                run = run.run_id,
                url,
                "feed {}: {}: {}",
                run.feed,
                run.outcome,
                run.message
            );
        }
    }
}
