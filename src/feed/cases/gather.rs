//! Cases on their way into the tables: brought into columns while they are read, each case once.

use std::sync::Arc;

use arrow::array::{Array, BooleanArray, RecordBatch, TimestampMicrosecondArray};
use arrow::compute::filter_record_batch;
use datafusion::common::HashMap;

use super::known::{CaseKey, key_of};
use crate::domain::Vintage;
use crate::domain::case::CaseRecord;
use crate::feed::figures::Rejected;
use crate::store::StoreError;
use crate::store::rows::{CaseRow, case_events_batch, cases_batch, content_hash};

/// Cases that become one batch.
const BATCH_CASES: usize = 32_768;

/// Cases as rows of `cases` with their rows of `case_events`.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseBatch {
    /// Rows of `cases`.
    pub cases: RecordBatch,
    /// Rows of `case_events`, in the order of the cases.
    pub events: RecordBatch,
    /// How many rows of `events` each row of `cases` has.
    events_of: Vec<u32>,
}

impl CaseBatch {
    /// From rows.
    pub fn of(rows: &[CaseRow]) -> Result<Self, StoreError> {
        Ok(Self {
            cases: cases_batch(rows)?,
            events: case_events_batch(rows)?,
            events_of: rows.iter().map(|row| row.record.events.len() as u32).collect(),
        })
    }

    /// The cases that `mask` is true for, with their events.
    pub fn keep(&self, mask: &[bool]) -> Self {
        let pairs = || mask.iter().zip(&self.events_of);
        let of_events: BooleanArray =
            pairs().flat_map(|(keep, n)| std::iter::repeat_n(Some(*keep), *n as usize)).collect();
        let filter = |batch: &RecordBatch, mask: &BooleanArray| {
            filter_record_batch(batch, mask).expect("the mask is as long as the batch")
        };
        Self {
            cases: filter(&self.cases, &mask.to_vec().into()),
            events: filter(&self.events, &of_events),
            events_of: pairs().filter(|(keep, _)| **keep).map(|(_, n)| *n).collect(),
        }
    }

    /// With other times of recording, one for each case.
    pub(super) fn recorded(&self, at: &[i64]) -> Self {
        let of_events = at.iter().zip(&self.events_of).flat_map(|(at, n)| std::iter::repeat_n(*at, *n as usize));
        let replace = |batch: &RecordBatch, at: Vec<i64>| {
            let place = batch.schema().index_of("recorded_at").expect("both tables have the column");
            let mut columns = batch.columns().to_vec();
            let zone = columns[place].data_type().clone();
            let column = TimestampMicrosecondArray::from(at).with_data_type(zone);
            columns[place] = Arc::new(column);
            RecordBatch::try_new(batch.schema(), columns).expect("only one column is replaced by one of its type")
        };
        Self {
            cases: replace(&self.cases, at.to_vec()),
            events: replace(&self.events, of_events.collect()),
            events_of: self.events_of.clone(),
        }
    }
}

/// What a snapshot says of cases.
#[derive(Debug, Clone, PartialEq)]
pub struct CasesRead {
    /// The cases, every identifier once.
    pub batches: Vec<CaseBatch>,
    /// Whether the source says when it changed a case.
    pub own_updates: bool,
    /// Rows and cells that were not taken.
    pub rejected: Vec<Rejected>,
    /// What the readers noticed, in words.
    pub notes: Vec<String>,
}

impl CasesRead {
    /// How many cases there are.
    pub fn count(&self) -> usize {
        self.batches.iter().map(|batch| batch.cases.num_rows()).sum()
    }
}

/// What every case of a snapshot shares.
#[derive(Debug, Clone)]
pub(super) struct Brought {
    pub feed: Arc<str>,
    pub run_id: Arc<str>,
    pub pulled: Vintage,
}

/// Where the version of a case that counts so far stands.
struct Place {
    updated: Vintage,
    content: i64,
    /// Batch and row in it.
    at: (usize, usize),
    row: u64,
    source_ref: Arc<str>,
}

/// Collects the cases of one snapshot.
pub(super) struct Gather {
    brought: Brought,
    pending: Vec<CaseRow>,
    batches: Vec<CaseBatch>,
    /// Rows that a newer version in the same snapshot replaced.
    replaced: Vec<(usize, usize)>,
    seen: HashMap<CaseKey, Place>,
    pub rejected: Vec<Rejected>,
}

impl Gather {
    pub fn new(brought: Brought) -> Self {
        Self {
            brought,
            pending: Vec::new(),
            batches: Vec::new(),
            replaced: Vec::new(),
            seen: HashMap::new(),
            rejected: Vec::new(),
        }
    }

    /// Takes a case; of two with one identifier the newer counts and the other is a rejected row.
    pub fn take(&mut self, record: CaseRecord, row: u64, source_ref: &Arc<str>) -> Result<(), StoreError> {
        let at = (self.batches.len(), self.pending.len());
        let (updated, content) = (record.updated_at, content_hash(&record));
        let place = Place { updated, content, at, row, source_ref: source_ref.clone() };
        match self.seen.entry(key_of(&record.id)) {
            datafusion::common::hash_map::Entry::Vacant(vacant) => {
                vacant.insert(place);
            }
            datafusion::common::hash_map::Entry::Occupied(mut occupied) => {
                let known = occupied.get_mut();
                let (loser, winner) = if known.updated < updated { (&*known, &place) } else { (&place, &*known) };
                self.rejected.push(twice(&record.id, loser, winner));
                if known.updated >= updated {
                    return Ok(());
                }
                self.replaced.push(known.at);
                *known = place;
            }
        }
        let Brought { feed, run_id, pulled } = self.brought.clone();
        self.pending.push(CaseRow { record, feed, run_id, recorded_at: pulled });
        if self.pending.len() == BATCH_CASES { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), StoreError> {
        self.batches.push(CaseBatch::of(&self.pending)?);
        self.pending.clear();
        Ok(())
    }

    /// The cases that count.
    pub fn finish(mut self) -> Result<(Vec<CaseBatch>, Vec<Rejected>), StoreError> {
        if !self.pending.is_empty() {
            self.flush()?;
        }
        self.replaced.sort_unstable();
        for group in self.replaced.chunk_by(|a, b| a.0 == b.0) {
            let batch = &mut self.batches[group[0].0];
            let mut mask = vec![true; batch.cases.num_rows()];
            group.iter().for_each(|(_, row)| mask[*row] = false);
            *batch = batch.keep(&mask);
        }
        self.batches.retain(|batch| batch.cases.num_rows() > 0);
        Ok((self.batches, self.rejected))
    }
}

fn twice(id: &str, loser: &Place, winner: &Place) -> Rejected {
    let reason = if loser.content == winner.content && loser.updated == winner.updated {
        format!("the case stands in row {} just the same", winner.row)
    } else if loser.updated < winner.updated {
        format!("row {} has a newer version of the case, which counts", winner.row)
    } else {
        format!("row {} says something else about the case under the same time of change and counts", winner.row)
    };
    Rejected {
        source_ref: loser.source_ref.to_string(),
        row: Some(loser.row as i64),
        column: None,
        value: Some(id.to_owned()),
        reason,
    }
}
