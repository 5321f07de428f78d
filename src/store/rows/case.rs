//! Rows of `cases`, and cases put together from `cases` and `case_events`.

use std::sync::Arc;

use arrow::array::RecordBatch;
use datafusion::common::HashMap;

use super::case_event::EventColumns;
use crate::domain::Vintage;
use crate::domain::case::{CaseEvent, CaseRecord, DuePolicy, EventKind, Moment};
use crate::store::columns::{self, Codes, Columns, cell};
use crate::store::{StoreError, Table};

/// A version of a case with the pull that brought it.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseRow {
    /// The case with its events.
    pub record: CaseRecord,
    /// Feed code.
    pub feed: Arc<str>,
    /// Run that brought it.
    pub run_id: Arc<str>,
    /// When it was pulled.
    pub recorded_at: Vintage,
}

/// What names a version of a case, and its content in short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseVersion<'a> {
    /// The source's identifier.
    pub id: &'a str,
    /// When the source changed it, microseconds since 1970 UTC.
    pub updated: i64,
    /// When it was pulled, likewise.
    pub recorded: i64,
    /// See [`content_hash`].
    pub content: i64,
    /// Run that brought it.
    pub run_id: &'a str,
}

/// Columns that [`for_each_case_version`] needs.
pub const VERSION_COLUMNS: [&str; 5] = ["case_id", "source_updated_at", "recorded_at", "content_hash", "run_id"];

/// Gives the versions in a batch that has at least the [`VERSION_COLUMNS`].
///
/// # Errors
/// [`StoreError::Column`] for a column that is missing or holds nulls.
pub fn for_each_case_version(batch: &RecordBatch, mut each: impl FnMut(&CaseVersion<'_>)) -> Result<(), StoreError> {
    let columns = Columns::some_of(Table::Cases, batch, &VERSION_COLUMNS)?;
    let [id, run_id] = ["case_id", "run_id"].map(|name| columns.text(name));
    let [updated, recorded] = ["source_updated_at", "recorded_at"].map(|name| columns.instant(name));
    let content = columns.long("content_hash");
    for row in 0..columns.rows() {
        each(&CaseVersion {
            id: id.value(row),
            updated: updated.value(row),
            recorded: recorded.value(row),
            content: content.value(row),
            run_id: run_id.value(row),
        });
    }
    Ok(())
}

/// Where a case stands after its newest events, for those who read the table; figures fold the events themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Standing {
    first_response_at: Option<Moment>,
    resolved_at: Option<Moment>,
    closed_at: Option<Moment>,
    reopened: i32,
    satisfied: Option<bool>,
    status: &'static str,
}

/// Rows to a batch of `cases`.
pub fn cases_batch(rows: &[CaseRow]) -> Result<RecordBatch, StoreError> {
    let records = || rows.iter().map(|row| &row.record);
    let standings: Vec<Standing> = records().map(standing).collect();
    let moment = |at: Option<Moment>| at.map(Moment::vintage);
    columns::batch(
        Table::Cases,
        vec![
            columns::text(records().map(|r| &r.id)),
            columns::text(records().map(|r| &r.channel)),
            columns::text(records().map(|r| &r.category)),
            columns::text(records().map(|r| &r.priority)),
            columns::text_or_null(records().map(|r| r.area.as_ref())),
            columns::text_or_null(records().map(|r| r.org.as_ref())),
            columns::instant(records().map(|r| r.received_at.vintage())),
            columns::instant_or_null(records().map(|r| moment(r.due_at))),
            columns::text(records().map(|r| r.due_policy.as_str())),
            columns::instant_or_null(standings.iter().map(|s| moment(s.first_response_at))),
            columns::instant_or_null(standings.iter().map(|s| moment(s.resolved_at))),
            columns::instant_or_null(standings.iter().map(|s| moment(s.closed_at))),
            columns::int(standings.iter().map(|s| s.reopened)),
            columns::flag_or_null(standings.iter().map(|s| s.satisfied)),
            columns::text(standings.iter().map(|s| s.status)),
            columns::text_or_null(records().map(|r| r.parent.as_ref())),
            columns::number_or_null(records().map(|r| r.longitude)),
            columns::number_or_null(records().map(|r| r.latitude)),
            columns::instant(records().map(|r| r.updated_at)),
            columns::long(records().map(content_hash)),
            columns::text(rows.iter().map(|row| &row.feed)),
            columns::text(rows.iter().map(|row| &row.run_id)),
            columns::instant(rows.iter().map(|row| row.recorded_at)),
            columns::int(records().map(received_year)),
        ],
    )
}

/// The partition of a case and its events.
pub(super) fn received_year(record: &CaseRecord) -> i32 {
    use chrono::Datelike;
    record.received_at.date().year()
}

/// A hash of everything the source says about a case except when it changed: equal hashes are the same content. FNV-1a
/// of 64 bits, because it is kept in the table and must never change.
pub fn content_hash(record: &CaseRecord) -> i64 {
    let mut hash = Fnv(0xcbf2_9ce4_8422_2325);
    for text in [&record.channel, &record.category, &record.priority] {
        hash.text(Some(text));
    }
    for text in [&record.area, &record.org, &record.parent] {
        hash.text(text.as_deref());
    }
    hash.number(Some(record.received_at.0));
    hash.number(record.due_at.map(|at| at.0));
    hash.number(record.resolved_at.map(|at| at.0));
    hash.text(Some(record.due_policy.as_str()));
    hash.number(record.longitude.map(|degrees| degrees.to_bits() as i64));
    hash.number(record.latitude.map(|degrees| degrees.to_bits() as i64));
    for event in &record.events {
        hash.number(Some(i64::from(event.seq)));
        hash.number(Some(event.at.0));
        hash.text(Some(event.kind.as_str()));
        hash.text(event.org.as_deref());
        hash.number(event.due.map(|at| at.0));
        hash.number(event.satisfied.map(i64::from));
    }
    hash.0 as i64
}

struct Fnv(u64);

impl Fnv {
    fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    fn text(&mut self, text: Option<&str>) {
        match text {
            Some(text) => {
                self.bytes(text.as_bytes());
                self.bytes(&[0xFF]);
            }
            None => self.bytes(&[0xFE]),
        }
    }

    fn number(&mut self, number: Option<i64>) {
        match number {
            Some(number) => self.bytes(&number.to_le_bytes()),
            None => self.bytes(&[0xFE]),
        }
    }
}

fn has_answer(record: &CaseRecord) -> bool {
    record.events.iter().any(|event| event.kind == EventKind::Answered)
}

fn standing(record: &CaseRecord) -> Standing {
    let mut standing = Standing {
        first_response_at: None,
        resolved_at: record.resolved_at,
        closed_at: None,
        reopened: 0,
        satisfied: None,
        status: if record.resolved_at.is_some() { "answered" } else { "received" },
    };
    if record.events.is_empty() {
        return standing;
    }
    let mut events: Vec<&CaseEvent> = record.events.iter().collect();
    events.sort_by_key(|event| (event.at, event.seq));
    for event in events {
        match event.kind {
            EventKind::Accepted | EventKind::Extended | EventKind::Rejected => {
                standing.first_response_at.get_or_insert(event.at);
            }
            EventKind::Answered => {
                standing.first_response_at.get_or_insert(event.at);
                standing.resolved_at = Some(event.at);
            }
            EventKind::Closed => standing.closed_at = Some(event.at),
            EventKind::Reopened => {
                standing.reopened += 1;
                standing.closed_at = None;
                // An answer that only the case itself has, and no event, has no place among the events.
                standing.resolved_at = standing.resolved_at.filter(|_| !has_answer(record));
            }
            EventKind::Rated => standing.satisfied = event.satisfied,
            _ => {}
        }
        match event.kind {
            EventKind::Extended | EventKind::Rated => {}
            EventKind::Resumed => standing.status = EventKind::Accepted.as_str(),
            kind => standing.status = kind.as_str(),
        }
    }
    standing
}

/// The newest version of every case in batches of `cases` with its events from batches of `case_events`, in the order
/// in which the cases first stand there.
///
/// # Errors
/// [`StoreError::Column`] and [`StoreError::Value`] for batches that the engine did not write.
pub fn read_cases(cases: &[RecordBatch], events: &[RecordBatch]) -> Result<Vec<CaseRecord>, StoreError> {
    let rows = read_case_rows(cases, events)?;
    let keep = newest_of(&rows);
    Ok(rows.into_iter().zip(keep).filter(|(_, keep)| *keep).map(|(row, _)| row.record).collect())
}

/// Whether each version is the newest of its case.
fn newest_of(rows: &[CaseRow]) -> Vec<bool> {
    let version = |row: &CaseRow| (row.record.updated_at, row.recorded_at);
    let mut newest: HashMap<(&str, &str), usize> = HashMap::with_capacity(rows.len());
    let mut keep = vec![true; rows.len()];
    for (i, row) in rows.iter().enumerate() {
        let best = newest.entry((&row.feed, &row.record.id)).or_insert(i);
        if version(row) > version(&rows[*best]) {
            keep[*best] = false;
            *best = i;
        } else if *best != i {
            keep[i] = false;
        }
    }
    keep
}

/// Every version in batches of `cases`, each with its events from batches of `case_events`, in the order of `cases`.
/// Events of versions that are not there are left out.
///
/// # Errors
/// As [`read_cases`].
pub fn read_case_rows(cases: &[RecordBatch], events: &[RecordBatch]) -> Result<Vec<CaseRow>, StoreError> {
    let mut codes = Codes::default();
    let mut rows = Vec::with_capacity(cases.iter().map(RecordBatch::num_rows).sum());
    for batch in cases {
        read_batch(batch, &mut codes, &mut rows)?;
    }
    let mut versions = Versions::of(&rows);
    let mut found: Vec<(usize, Vec<CaseEvent>)> = Vec::new();
    for batch in events {
        let columns = Columns::of(Table::CaseEvents, batch)?;
        let columns = EventColumns::of(&columns);
        let mut row = 0;
        while row < columns.rows() {
            let end = columns.end_of_version(row);
            if let Some(case) = versions.find(&rows, &columns, row) {
                found.push((case, columns.read(row..end, &mut codes)?));
            }
            row = end;
        }
    }
    for (case, mut events) in found {
        let into = &mut rows[case].record.events;
        if into.is_empty() { *into = events } else { into.append(&mut events) }
    }
    for row in &mut rows {
        row.record.events.sort_by_key(|event| (event.at, event.seq));
        if has_answer(&row.record) {
            // The table has the time of the last answer, which the events say themselves.
            row.record.resolved_at = None;
        }
    }
    Ok(rows)
}

/// Finds the version that an event belongs to.
struct Versions {
    /// Hash of the identifier -> the last version with it, `previous` leads to the others.
    by_id: HashMap<Arc<str>, u32>,
    previous: Vec<u32>,
    last: Option<usize>,
}

const NONE: u32 = u32::MAX;

impl Versions {
    fn of(rows: &[CaseRow]) -> Self {
        let mut by_id = HashMap::with_capacity(rows.len());
        let mut previous = vec![NONE; rows.len()];
        for (i, row) in rows.iter().enumerate() {
            if let Some(before) = by_id.insert(row.record.id.clone(), i as u32) {
                previous[i] = before;
            }
        }
        Self { by_id, previous, last: None }
    }

    fn find(&mut self, rows: &[CaseRow], events: &EventColumns<'_>, event: usize) -> Option<usize> {
        // Cases and events are mostly written, and so read, in one order.
        if let Some(next) = self.last.map(|last| last + 1).filter(|next| *next < rows.len())
            && events.belongs_to(event, &rows[next])
        {
            self.last = Some(next);
            return Some(next);
        }
        let mut at = self.by_id.get(events.case_id(event)).copied().unwrap_or(NONE);
        while at != NONE {
            if events.belongs_to(event, &rows[at as usize]) {
                self.last = Some(at as usize);
                return Some(at as usize);
            }
            at = self.previous[at as usize];
        }
        None
    }
}

fn read_batch(batch: &RecordBatch, codes: &mut Codes, rows: &mut Vec<CaseRow>) -> Result<(), StoreError> {
    let columns = Columns::of(Table::Cases, batch)?;
    let id = columns.text("case_id");
    let [channel, category, priority, area, org, parent, feed, run] =
        ["channel", "category_code", "priority", "area_code", "org_code", "parent_case_id", "feed", "run_id"]
            .map(|name| columns.text(name));
    let [received, due, resolved, updated, recorded] =
        ["received_at", "due_at", "resolved_at", "source_updated_at", "recorded_at"].map(|n| columns.instant(n));
    let [longitude, latitude] = ["longitude", "latitude"].map(|n| columns.number(n));
    let mut policy = columns.words::<DuePolicy>("deadline");
    let moment = |column: &'static str, micros: i64| {
        Moment::from_vintage(Vintage::from_micros(micros)).ok_or_else(|| columns.refuse(column, micros))
    };
    let or_null = |column: &'static str, micros: Option<i64>| micros.map(|at| moment(column, at)).transpose();
    for row in 0..columns.rows() {
        let record = CaseRecord {
            id: id.value(row).into(),
            channel: codes.share(channel.value(row)),
            category: codes.share(category.value(row)),
            priority: codes.share(priority.value(row)),
            area: cell(area, row).map(|code| codes.share(code)),
            org: cell(org, row).map(|code| codes.share(code)),
            received_at: moment("received_at", received.value(row))?,
            due_at: or_null("due_at", cell(due, row))?,
            due_policy: policy.read(row)?,
            resolved_at: or_null("resolved_at", cell(resolved, row))?,
            parent: cell(parent, row).map(Arc::from),
            longitude: cell(longitude, row),
            latitude: cell(latitude, row),
            updated_at: Vintage::from_micros(updated.value(row)),
            events: Vec::new(),
        };
        rows.push(CaseRow {
            record,
            feed: codes.share(feed.value(row)),
            run_id: codes.share(run.value(row)),
            recorded_at: Vintage::from_micros(recorded.value(row)),
        });
    }
    Ok(())
}
