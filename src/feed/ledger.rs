//! Decides, one attempt after the other, what each means for the tables: which rows it adds and how its run ended.
//!
//! A decision follows from the raw snapshots and the decisions before it, never from the time of day or from how the
//! work was cut into commits; so a crash in between, or a replay years later, decides the same.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::RecordBatch;

use super::FeedError;
use super::cases::known::KnownCases;
use super::connector::FILE_COMPANION;
use super::contract::{Baseline, Outline, counted, objections, series_of, stale_words};
use super::figures::{
    FigureReader, Figures, ObservationKey, Rejected, SourcePart, TargetKey, observation_key, target_key,
};
use super::mapping::Contract;
use super::raw::{Brought, RawEntry, RawStore};
use super::vintages::Vintages;
use crate::domain::{Freq, ObsStatus, Period, Vintage};
use crate::store::rows::{ObservationRow, RejectedRow, RunOutcome, RunRow, TargetRow};

/// How many files of a series are looked at for one that had figures of a frequency: a yearly figure stands in one of
/// twelve months, and some months are sent twice.
const SERIES_SEARCHED_MAX: usize = 24;

/// What processing needs to know of a feed.
#[derive(Clone)]
pub struct FeedReading {
    /// Feed code.
    pub code: Arc<str>,
    /// What a pull must look like.
    pub contract: Contract,
    /// What its bytes mean.
    pub reader: Arc<dyn FigureReader>,
    /// Whether a snapshot is a page of changes and not all there is: its size says nothing.
    pub is_incremental: bool,
    /// What is known of its cases, kept between two pulls; see [`CaseMemory`].
    pub memory: CaseMemory,
}

impl FeedReading {
    /// A feed whose snapshots each hold all there is.
    pub fn new(code: &str, contract: Contract, reader: Arc<dyn FigureReader>) -> Self {
        Self { code: code.into(), contract, reader, is_incremental: false, memory: CaseMemory::default() }
    }
}

/// The cases that the tables have after a snapshot, so that a page of a few changed cases need not be compared with
/// tables read anew. It is only ever a copy of what is in the tables, and thrown away when in doubt.
#[derive(Debug, Clone, Default)]
pub struct CaseMemory(Arc<Mutex<Option<(i64, KnownCases)>>>);

impl CaseMemory {
    /// The cases after snapshot `done`, if that is what is remembered. They are handed out: whoever takes them and
    /// fails leaves nothing that could be wrong.
    pub fn take(&self, done: i64) -> Option<KnownCases> {
        let remembered = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        remembered.filter(|(seq, _)| *seq == done).map(|(_, known)| known)
    }

    /// Remembers the cases after snapshot `done`, which the tables now have.
    pub fn put(&self, done: i64, known: KnownCases) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((done, known));
    }
}

/// What makes two vintages of an observation the same figure.
pub type ObservedContent = (Option<u64>, ObsStatus);

/// What was decided for an attempt before.
#[derive(Debug, Clone, Copy)]
pub struct Past {
    /// How its run ended.
    pub outcome: RunOutcome,
    /// Whether it brought anything new.
    pub brought_news: bool,
}

/// The state of a feed before the next decision.
pub struct Ledger<'a> {
    /// The feed.
    pub feed: &'a FeedReading,
    /// Its raw snapshots.
    pub raw: &'a RawStore,
    /// All its attempts, by number.
    pub entries: &'a [RawEntry],
    /// Decisions so far, by number.
    pub past: BTreeMap<u64, Past>,
    /// Figures so far.
    pub observations: Vintages<ObservationKey, ObservedContent>,
    /// Plan values so far.
    pub targets: Vintages<TargetKey, u64>,
    /// Cases so far.
    pub cases: KnownCases,
    /// Outlines of snapshots that were compared with, by number.
    pub outlines: BTreeMap<u64, Outline>,
}

/// What an attempt adds to the tables.
#[derive(Debug, Clone)]
pub struct Decision {
    /// Its number.
    pub seq: u64,
    /// Its run.
    pub run: RunRow,
    /// New figures.
    pub observations: Vec<ObservationRow>,
    /// New plan values.
    pub targets: Vec<TargetRow>,
    /// New versions of cases: rows of `cases`.
    pub cases: Vec<RecordBatch>,
    /// Their events: rows of `case_events`.
    pub events: Vec<RecordBatch>,
    /// What was not taken.
    pub rejected: Vec<RejectedRow>,
}

/// Reads a snapshot into figures. `Ok(Err)` holds words about bytes that are not what they should be.
pub fn read_snapshot(
    feed: &FeedReading,
    raw: &RawStore,
    entry: &RawEntry,
) -> Result<Result<Figures, String>, FeedError> {
    let parts = raw.read(entry)?;
    if parts.iter().all(Vec::is_empty) {
        return Ok(Err("the answer is empty (0 bytes)".to_owned()));
    }
    let pulled = entry.pulled();
    // The last part of a file with a companion is the companion, which has a name of its own.
    let companion = entry.headers.get(FILE_COMPANION).map_or(entry.url.as_str(), String::as_str);
    let last = parts.len() - 1;
    let url = |k: usize| if k > 0 && k == last { companion } else { entry.url.as_str() };
    let parts: Vec<SourcePart<'_>> =
        parts.iter().enumerate().map(|(k, bytes)| SourcePart { url: url(k), bytes, pulled }).collect();
    Ok(feed.reader.read_parts(&parts, &entry.run_id()))
}

impl Ledger<'_> {
    /// Decides for the next attempt; `figures` is what [`read_snapshot`] gave for it.
    pub fn decide(&mut self, entry: &RawEntry, figures: Result<Figures, String>) -> Result<Decision, FeedError> {
        let mut decision = self.undecided(entry);
        match &entry.brought {
            Brought::Unchanged { words } => {
                decision.run.outcome = RunOutcome::Unchanged;
                let were_refused = if self.were_refused(entry) { ", which were refused" } else { "" };
                decision.run.message = format!("{words}{were_refused}");
            }
            Brought::Failed { words } => {
                decision.run.outcome = RunOutcome::Failed;
                decision.run.message = words.clone();
            }
            Brought::Snapshot { .. } => match figures {
                Err(words) => refuse(&mut decision, vec![words]),
                Ok(figures) => self.judge(entry, figures, &mut decision)?,
            },
        }
        self.note_staleness(entry, &mut decision);
        let brought_news = decision.run.rows_new > 0;
        self.past.insert(entry.seq, Past { outcome: decision.run.outcome, brought_news });
        Ok(decision)
    }

    fn undecided(&self, entry: &RawEntry) -> Decision {
        let run = RunRow {
            run_id: entry.run_id(),
            feed: self.feed.code.to_string(),
            seq: Some(entry.seq as i64),
            started_at: Vintage::from_micros(entry.started_at),
            finished_at: entry.pulled(),
            outcome: RunOutcome::Ok,
            message: String::new(),
            rows_read: 0,
            rows_new: 0,
            rows_rejected: 0,
            snapshot_sha256: entry.sha256().map(str::to_owned),
            url: Some(entry.url.clone()),
        };
        Decision {
            seq: entry.seq,
            run,
            observations: Vec::new(),
            targets: Vec::new(),
            cases: Vec::new(),
            events: Vec::new(),
            rejected: Vec::new(),
        }
    }

    fn judge(&mut self, entry: &RawEntry, figures: Figures, decision: &mut Decision) -> Result<(), FeedError> {
        decision.run.rows_read = (figures.count() + figures.rejected.len()) as i64;
        decision.run.rows_rejected = figures.rejected.len() as i64;
        decision.rejected = figures.rejected.iter().map(|row| self.rejected_row(entry, row)).collect();
        let baseline = self.baseline(entry, &figures)?;
        let before = |key: &ObservationKey| self.observations.newest(key).and_then(|(value, _)| *value);
        let is_flow = |measure: &str| self.feed.reader.is_flow(measure);
        let mut problems: Vec<String> = self.same_bytes(entry).into_iter().collect();
        problems.extend(objections(&self.feed.contract, &figures, &baseline, is_flow, before));
        if !problems.is_empty() {
            refuse(decision, problems);
            return Ok(());
        }
        self.outlines.insert(entry.seq, Outline::of(&entry.url, &figures));
        let (read, cases) = (figures.count(), figures.case_count());
        let notes = figures.notes.join("; ");
        self.admit(entry, figures, decision);
        let new_cases: usize = decision.cases.iter().map(RecordBatch::num_rows).sum();
        let new = decision.observations.len() + decision.targets.len() + new_cases;
        decision.run.rows_new = new as i64;
        decision.run.message = match cases {
            0 => format!("{} read, {new} new", counted(read, "figure")),
            _ => format!("{} read, {new} new or changed", counted(read, "case")),
        };
        if let Some(first) = decision.rejected.first() {
            let rows = counted(decision.rejected.len(), "row");
            decision.run.message.push_str(&format!(", {rows} rejected (the first: {})", first.reason));
        }
        if !notes.is_empty() {
            decision.run.message.push_str(&format!("; noticed: {notes}"));
        }
        Ok(())
    }

    /// The last good snapshots to compare with.
    fn baseline(&mut self, entry: &RawEntry, figures: &Figures) -> Result<Baseline, FeedError> {
        let entries = self.entries;
        let earlier = || entries.iter().rev().filter(|earlier| earlier.seq < entry.seq);
        let mut baseline = Baseline::default();
        if self.feed.is_incremental {
            return Ok(baseline);
        }
        if let Some(same) = earlier().find(|earlier| earlier.locator == entry.locator && self.is_good(earlier)) {
            baseline.same = self.outline(same)?;
            return Ok(baseline);
        }
        let series = series_of(&entry.locator);
        let mut wanted: BTreeSet<Freq> = figures.periods().map(Period::freq).collect();
        let of_series = earlier().filter(|earlier| series_of(&earlier.locator) == series);
        for earlier in of_series.take(SERIES_SEARCHED_MAX) {
            if wanted.is_empty() && (figures.cases.is_empty() || baseline.cases.is_some()) {
                break;
            }
            if !self.is_good(earlier) {
                continue;
            }
            let Some(outline) = self.outline(earlier)? else { continue };
            if outline.cases > 0 {
                baseline.cases.get_or_insert_with(|| outline.clone());
            }
            let found: Vec<Freq> = wanted.iter().copied().filter(|f| outline.figures.contains_key(f)).collect();
            for freq in found {
                wanted.remove(&freq);
                baseline.series.insert(freq, outline.clone());
            }
        }
        Ok(baseline)
    }

    /// Whether the bytes that an unchanged source gives again were refused.
    fn were_refused(&self, entry: &RawEntry) -> bool {
        let is_kept = |earlier: &&RawEntry| {
            earlier.seq < entry.seq && earlier.locator == entry.locator && earlier.sha256().is_some()
        };
        let kept = self.entries.iter().rfind(is_kept).and_then(|kept| self.past.get(&kept.seq));
        kept.is_some_and(|past| past.outcome == RunOutcome::Refused)
    }

    fn is_good(&self, entry: &RawEntry) -> bool {
        let taken = self.past.get(&entry.seq).is_some_and(|past| past.outcome == RunOutcome::Ok);
        taken && entry.sha256().is_some()
    }

    fn outline(&mut self, entry: &RawEntry) -> Result<Option<Outline>, FeedError> {
        if !self.outlines.contains_key(&entry.seq) {
            // A snapshot that was good and cannot be read any more was read by another mapping: nothing to compare.
            let Ok(figures) = read_snapshot(self.feed, self.raw, entry)? else { return Ok(None) };
            self.outlines.insert(entry.seq, Outline::of(&entry.url, &figures));
        }
        Ok(self.outlines.get(&entry.seq).cloned())
    }

    /// Another good snapshot with these very bytes: an old file under a new name.
    fn same_bytes(&self, entry: &RawEntry) -> Option<String> {
        let is_twin = |earlier: &&RawEntry| {
            earlier.seq < entry.seq
                && earlier.locator != entry.locator
                && earlier.sha256() == entry.sha256()
                && self.is_good(earlier)
        };
        let twin = self.entries.iter().find(is_twin)?;
        Some(format!("it holds the same bytes as \"{}\", pulled on {}", twin.url, day(twin.pulled())))
    }

    fn admit(&mut self, entry: &RawEntry, figures: Figures, decision: &mut Decision) {
        let (feed, pulled) = (self.feed.code.clone(), entry.pulled());
        let run_id: Arc<str> = decision.run.run_id.as_str().into();
        let mut observations = figures.observations;
        observations.sort_by_key(|o| o.vintage);
        for mut observation in observations {
            let content = (observation.value.map(f64::to_bits), observation.status);
            let key = observation_key(&observation);
            if let Some(vintage) = self.observations.admit(key, observation.vintage, content, pulled) {
                observation.vintage = vintage;
                let (feed, run_id) = (feed.clone(), run_id.clone());
                decision.observations.push(ObservationRow { observation, feed, run_id, recorded_at: pulled });
            }
        }
        for batch in &figures.cases {
            if let Some(new) = self.cases.admit(batch, figures.own_updates, pulled) {
                decision.cases.push(new.cases);
                decision.events.extend(Some(new.events).filter(|events| events.num_rows() > 0));
            }
        }
        let mut targets = figures.targets;
        targets.sort_by_key(|planned| planned.target.vintage);
        for planned in targets {
            let mut target = planned.target;
            let content = target.value.to_bits();
            if let Some(vintage) = self.targets.admit(target_key(&target), target.vintage, content, pulled) {
                target.vintage = vintage;
                decision.targets.push(TargetRow {
                    target,
                    feed: feed.clone(),
                    run_id: run_id.clone(),
                    source_ref: planned.source_ref,
                    recorded_at: pulled,
                });
            }
        }
    }

    fn rejected_row(&self, entry: &RawEntry, rejected: &Rejected) -> RejectedRow {
        RejectedRow {
            feed: self.feed.code.to_string(),
            run_id: entry.run_id(),
            source_ref: rejected.source_ref.clone(),
            row: rejected.row,
            column: rejected.column.clone(),
            value: rejected.value.clone(),
            reason: rejected.reason.clone(),
            recorded_at: entry.pulled(),
        }
    }

    /// A run that brings no news says so when the source has been silent for longer than it promised.
    fn note_staleness(&self, entry: &RawEntry, decision: &mut Decision) {
        if decision.run.rows_new > 0 {
            return;
        }
        let last_news = self.entries.iter().rfind(|earlier| {
            earlier.seq < entry.seq && self.past.get(&earlier.seq).is_some_and(|past| past.brought_news)
        });
        if let Some(words) = stale_words(&self.feed.contract, last_news.map(RawEntry::pulled), entry.pulled()) {
            decision.run.message.push_str(&format!("; {words}"));
        }
    }
}

fn refuse(decision: &mut Decision, problems: Vec<String>) {
    decision.run.outcome = RunOutcome::Refused;
    decision.run.message = format!("refused, the figures stay as they were: {}", problems.join("; "));
}

fn day(at: Vintage) -> String {
    at.local_date().map(|day| day.to_string()).unwrap_or_default()
}
