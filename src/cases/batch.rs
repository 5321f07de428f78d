//! Some ten thousand whole cases as columns.

use std::sync::Arc;

use super::codes::Codes;
use super::second::{NEVER, Second, second_or_never};
use super::spans::{RowCodes, Spans};
use crate::domain::AreaTree;
use crate::domain::case::{CaseHistory, CaseRecord};

/// Cases with their rounds and stints. Immutable once built; which of its cases still count, the book says
/// ([`LiveBatch`](super::LiveBatch)).
#[derive(Debug, Clone, Default)]
pub struct CaseBatch {
    /// Identifiers, one after the other.
    id_bytes: Vec<u8>,
    /// Where each identifier ends.
    id_ends: Vec<u32>,
    /// Feed number by case.
    pub feed: Vec<u16>,
    /// Longitude, degrees east; NaN where unknown.
    pub longitude: Vec<f32>,
    /// Latitude, degrees north; NaN where unknown.
    pub latitude: Vec<f32>,
    /// Handling rounds.
    pub rounds: Spans,
    /// Stints of authorities.
    pub holdings: Spans,
    /// First row in `rounds` and `holdings` of every case, and the ends.
    first_rows: Vec<(u32, u32)>,
    reach: Reach,
}

/// The times that a batch reaches over, for passing over it unread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Reach {
    first_start: Second,
    last_start: Second,
    first_due: Second,
    last_due: Second,
    /// Last end; [`NEVER`] while any span is open.
    last_end: Second,
    /// Last dispatch, return, reopening or rating.
    last_event: Second,
}

impl Default for Reach {
    fn default() -> Self {
        Self { first_start: NEVER, last_start: 0, first_due: NEVER, last_due: 0, last_end: 0, last_event: 0 }
    }
}

impl CaseBatch {
    /// How many cases.
    pub fn len(&self) -> usize {
        self.id_ends.len()
    }

    /// Whether it has no cases.
    pub fn is_empty(&self) -> bool {
        self.id_ends.is_empty()
    }

    /// The source's identifier of a case.
    pub fn id(&self, case: u32) -> &str {
        let case = case as usize;
        let from = if case == 0 { 0 } else { self.id_ends[case - 1] as usize };
        std::str::from_utf8(&self.id_bytes[from..self.id_ends[case] as usize]).expect("identifiers are text")
    }

    /// Rows of a case in `rounds`.
    pub fn rounds_of(&self, case: u32) -> std::ops::Range<usize> {
        let next = self.first_rows.get(case as usize + 1).map_or(self.rounds.len(), |rows| rows.0 as usize);
        self.first_rows[case as usize].0 as usize..next
    }

    /// Rows of a case in `holdings`.
    pub fn holdings_of(&self, case: u32) -> std::ops::Range<usize> {
        let next = self.first_rows.get(case as usize + 1).map_or(self.holdings.len(), |rows| rows.1 as usize);
        self.first_rows[case as usize].1 as usize..next
    }

    /// Whether any first or later deadline may lie in `[from, to)`. Deadlines that moved count with every step.
    pub fn may_fall_due(&self, from: Second, to: Second) -> bool {
        self.reach.first_due < to && self.reach.last_due >= from
    }

    /// Whether any span may be open at some second of `[from, to)`.
    pub fn may_be_open(&self, from: Second, to: Second) -> bool {
        self.reach.first_start < to && self.reach.last_end >= from
    }

    /// Whether any span may count as something else as of `to` than as of `from`, which is not later.
    pub fn may_change(&self, from: Second, to: Second) -> bool {
        self.may_be_open(from, to) || self.may_fall_due(from, to) || self.reach.last_event >= from
    }

    /// Whether any span may start in `[from, to)`.
    pub fn may_start(&self, from: Second, to: Second) -> bool {
        self.reach.first_start < to && self.reach.last_start >= from
    }
}

/// Makes batches out of cases.
#[derive(Debug, Default)]
pub struct CaseBatchBuilder {
    batch: CaseBatch,
}

impl CaseBatchBuilder {
    /// Goes on where a batch ended.
    pub(super) fn after(batch: CaseBatch) -> Self {
        Self { batch }
    }

    /// Cases in a batch: few enough that looking at one costs nothing, enough that a scan runs through.
    pub const CASES: usize = 32 * 1024;

    /// Adds a case and gives its position. Codes that are new get numbers.
    pub fn push(
        &mut self,
        codes: &mut Codes,
        tree: &AreaTree,
        feed: &str,
        (record, history): (&CaseRecord, &CaseHistory),
    ) -> u32 {
        let batch = &mut self.batch;
        let case = batch.id_ends.len() as u32;
        batch.id_bytes.extend_from_slice(record.id.as_bytes());
        batch.id_ends.push(batch.id_bytes.len() as u32);
        batch.feed.push(codes.feeds.intern(feed));
        batch.longitude.push(record.longitude.map_or(f32::NAN, |x| x as f32));
        batch.latitude.push(record.latitude.map_or(f32::NAN, |x| x as f32));
        batch.first_rows.push((batch.rounds.len() as u32, batch.holdings.len() as u32));
        let area = record.area.as_deref().unwrap_or_default();
        let row = RowCodes {
            case,
            place: codes.places.intern(tree, area, record.received_at.date()),
            org: 0,
            category: codes.categories.intern(&record.category),
            channel: codes.channels.intern(&record.channel),
        };
        for round in &history.rounds {
            let org = codes.orgs.intern(round.org.as_deref().unwrap_or_default());
            batch.rounds.push_round(round, RowCodes { org, ..row });
        }
        for holding in &history.holdings {
            let org = codes.orgs.intern(&holding.org);
            if let Some(round) = history.rounds.iter().find(|round| round.number == holding.round) {
                batch.holdings.push_holding(holding, round, RowCodes { org, ..row });
            }
        }
        self.widen(history);
        case
    }

    fn widen(&mut self, history: &CaseHistory) {
        let reach = &mut self.batch.reach;
        let events = history.rounds.iter().flat_map(|r| [r.dispatched_at, r.returned_at, r.reopened_at, r.rated_at]);
        let known = events.flatten().map(super::second::second);
        reach.last_event = known.fold(reach.last_event, Second::max);
        let rounds = history.rounds.iter().map(|r| (r.started_at, r.ended_at, &r.due));
        let holdings = history.holdings.iter().map(|h| (h.from, h.to, &h.due));
        for (start, end, due) in rounds.chain(holdings) {
            let (start, end) = (super::second::second(start), second_or_never(end));
            reach.first_start = reach.first_start.min(start);
            reach.last_start = reach.last_start.max(start);
            reach.last_end = reach.last_end.max(end);
            for due in due.steps().iter().filter_map(|step| step.due) {
                let due = super::second::second(due);
                reach.first_due = reach.first_due.min(due);
                reach.last_due = reach.last_due.max(due);
            }
        }
    }

    /// Cases so far.
    pub fn len(&self) -> usize {
        self.batch.len()
    }

    /// Whether there are none yet.
    pub fn is_empty(&self) -> bool {
        self.batch.is_empty()
    }

    /// Whether it has as many cases as a batch should have.
    pub fn is_full(&self) -> bool {
        self.batch.len() >= Self::CASES
    }

    /// The batch; the builder is empty again.
    pub fn finish(&mut self) -> Arc<CaseBatch> {
        self.batch.rounds.settle();
        self.batch.holdings.settle();
        Arc::new(std::mem::take(&mut self.batch))
    }
}
