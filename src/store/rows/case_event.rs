//! Rows of `case_events`: every version of a case brings all its events.

use std::ops::Range;

use arrow::array::{BooleanArray, Int32Array, RecordBatch, StringArray, TimestampMicrosecondArray};

use super::case::{CaseRow, received_year};
use crate::domain::Vintage;
use crate::domain::case::{CaseEvent, EventKind, Moment};
use crate::store::columns::{self, Codes, Columns, cell};
use crate::store::{StoreError, Table};

/// The events of rows to a batch of `case_events`, in the order of the rows.
pub fn case_events_batch(rows: &[CaseRow]) -> Result<RecordBatch, StoreError> {
    // Text columns want to know how many cells come.
    let events: Vec<(&CaseRow, &CaseEvent)> =
        rows.iter().flat_map(|row| row.record.events.iter().map(move |event| (row, event))).collect();
    let events = || events.iter().copied();
    columns::batch(
        Table::CaseEvents,
        vec![
            columns::text(events().map(|(row, _)| &row.record.id)),
            columns::int(events().map(|(_, e)| i32::try_from(e.seq).unwrap_or(i32::MAX))),
            columns::instant(events().map(|(_, e)| e.at.vintage())),
            columns::text(events().map(|(_, e)| e.kind.as_str())),
            columns::text_or_null(events().map(|(_, e)| e.org.as_ref())),
            columns::instant_or_null(events().map(|(_, e)| e.due.map(Moment::vintage))),
            columns::flag_or_null(events().map(|(_, e)| e.satisfied)),
            columns::instant(events().map(|(row, _)| row.record.updated_at)),
            columns::text(events().map(|(row, _)| &row.feed)),
            columns::instant(events().map(|(row, _)| row.recorded_at)),
            columns::int(events().map(|(row, _)| received_year(&row.record))),
        ],
    )
}

/// The typed columns of a batch of `case_events`.
pub(super) struct EventColumns<'a> {
    columns: &'a Columns,
    case_id: &'a StringArray,
    seq: &'a Int32Array,
    at: &'a TimestampMicrosecondArray,
    kind: &'a StringArray,
    org: &'a StringArray,
    due: &'a TimestampMicrosecondArray,
    satisfied: &'a BooleanArray,
    updated: &'a TimestampMicrosecondArray,
    feed: &'a StringArray,
    recorded: &'a TimestampMicrosecondArray,
}

impl<'a> EventColumns<'a> {
    pub(super) fn of(columns: &'a Columns) -> Self {
        Self {
            columns,
            case_id: columns.text("case_id"),
            seq: columns.int("seq"),
            at: columns.instant("at"),
            kind: columns.text("kind"),
            org: columns.text("org_code"),
            due: columns.instant("due_at"),
            satisfied: columns.flag("satisfied"),
            updated: columns.instant("source_updated_at"),
            feed: columns.text("feed"),
            recorded: columns.instant("recorded_at"),
        }
    }

    pub(super) fn rows(&self) -> usize {
        self.columns.rows()
    }

    pub(super) fn case_id(&self, row: usize) -> &str {
        self.case_id.value(row)
    }

    /// The end of the run of events that belong to one version.
    pub(super) fn end_of_version(&self, start: usize) -> usize {
        let is_same = |row: usize| {
            self.case_id.value(row) == self.case_id.value(start)
                && self.updated.value(row) == self.updated.value(start)
                && self.recorded.value(row) == self.recorded.value(start)
                && self.feed.value(row) == self.feed.value(start)
        };
        (start + 1..self.rows()).find(|row| !is_same(*row)).unwrap_or(self.rows())
    }

    /// Whether an event came with this version of a case.
    pub(super) fn belongs_to(&self, row: usize, case: &CaseRow) -> bool {
        self.updated.value(row) == case.record.updated_at.micros()
            && self.recorded.value(row) == case.recorded_at.micros()
            && self.case_id.value(row) == &*case.record.id
            && self.feed.value(row) == &*case.feed
    }

    /// The events of a run of rows.
    pub(super) fn read(&self, rows: Range<usize>, codes: &mut Codes) -> Result<Vec<CaseEvent>, StoreError> {
        let mut events = Vec::with_capacity(rows.len());
        for row in rows {
            let kind = self.kind.value(row);
            events.push(CaseEvent {
                seq: u32::try_from(self.seq.value(row)).map_err(|_| self.columns.refuse("seq", self.seq.value(row)))?,
                at: self.moment("at", self.at.value(row))?,
                kind: kind.parse::<EventKind>().map_err(|_| self.columns.refuse("kind", kind))?,
                org: cell(self.org, row).map(|code| codes.share(code)),
                due: cell(self.due, row).map(|at| self.moment("due_at", at)).transpose()?,
                satisfied: cell(self.satisfied, row),
            });
        }
        Ok(events)
    }

    fn moment(&self, column: &'static str, micros: i64) -> Result<Moment, StoreError> {
        Moment::from_vintage(Vintage::from_micros(micros)).ok_or_else(|| self.columns.refuse(column, micros))
    }
}

#[cfg(test)]
mod tests {
    use super::super::case::{cases_batch, read_case_rows, read_cases};
    use super::*;
    use crate::domain::case::{CaseRecord, DuePolicy};

    fn event(seq: u32, at: i64, kind: EventKind) -> CaseEvent {
        CaseEvent { seq, at: Moment(at), kind, org: None, due: None, satisfied: None }
    }

    fn row(id: &str, updated: i64, events: Vec<CaseEvent>) -> CaseRow {
        let record = CaseRecord {
            id: id.into(),
            channel: "zalo".into(),
            category: "Cây xanh".into(),
            priority: "normal".into(),
            area: Some("26734".into()),
            org: None,
            received_at: Moment(1_640_995_200),
            due_at: Some(Moment(1_641_395_200)),
            due_policy: DuePolicy::Source,
            resolved_at: None,
            parent: None,
            longitude: Some(106.7),
            latitude: None,
            updated_at: Vintage::from_micros(updated),
            events,
        };
        CaseRow { record, feed: "f".into(), run_id: "r".into(), recorded_at: Vintage::from_micros(9) }
    }

    fn both(rows: &[CaseRow]) -> (RecordBatch, RecordBatch) {
        (cases_batch(rows).unwrap(), case_events_batch(rows).unwrap())
    }

    fn history() -> Vec<CaseEvent> {
        let mut events = vec![
            event(1, 1_640_995_200, EventKind::Received),
            event(2, 1_640_995_260, EventKind::Dispatched),
            event(3, 1_641_000_000, EventKind::Extended),
            event(4, 1_641_100_000, EventKind::Rated),
        ];
        (events[1].org, events[2].due, events[3].satisfied) =
            (Some("so_yt".into()), Some(Moment(1_642_000_000)), Some(false));
        events
    }

    #[test]
    fn versions_survive_the_way_to_both_tables_and_back() {
        let without_events = {
            let mut row = row("c", 3, vec![]);
            row.record.resolved_at = Some(Moment(1_641_000_001));
            row
        };
        let mut answer_beside_events = row("b", 2, history()[..1].to_vec());
        answer_beside_events.record.resolved_at = Some(Moment(1_641_000_002));
        let newer = row("a", 5, history()[..2].to_vec());
        let rows = vec![row("a", 1, history()), answer_beside_events, without_events, newer];
        let (cases, events) = both(&rows);
        assert_eq!(events.num_rows(), 7);
        assert_eq!(read_case_rows(std::slice::from_ref(&cases), std::slice::from_ref(&events)).unwrap(), rows);
        // In two batches, and events before their cases in order.
        let halves = [events.slice(5, 2), events.slice(0, 3), events.slice(3, 2)];
        assert_eq!(read_case_rows(&[cases.slice(0, 1), cases.slice(1, 3)], &halves).unwrap(), rows);
        let newest = read_cases(&[cases], &[events]).unwrap();
        let ids: Vec<(&str, usize)> = newest.iter().map(|r| (&*r.id, r.events.len())).collect();
        assert_eq!(ids, [("b", 1), ("c", 0), ("a", 2)], "the newer version of a counts");
    }

    #[test]
    fn one_time_of_change_with_two_contents_is_told_apart_by_the_pull() {
        let mut later = row("a", 1, history());
        later.recorded_at = Vintage::from_micros(10);
        let rows = vec![row("a", 1, history()[..1].to_vec()), later.clone()];
        let (cases, events) = both(&rows);
        assert_eq!(read_cases(&[cases], &[events]).unwrap(), vec![later.record]);
    }

    #[test]
    fn the_table_says_where_a_case_stands() {
        let mut reopened = history();
        reopened.extend([
            event(5, 1_641_200_000, EventKind::Answered),
            event(6, 1_641_200_001, EventKind::Closed),
            event(7, 1_641_300_000, EventKind::Reopened),
        ]);
        let mut answered = row("b", 1, vec![]);
        answered.record.resolved_at = Some(Moment(1_641_000_001));
        let batch = cases_batch(&[row("a", 1, reopened), answered, row("c", 1, history())]).unwrap();
        let columns = Columns::of(Table::Cases, &batch).unwrap();
        let status = columns.text("status");
        assert_eq!([0, 1, 2].map(|i| status.value(i)), ["reopened", "answered", "dispatched"]);
        assert_eq!([0, 1].map(|i| columns.int("reopened_count").value(i)), [1, 0]);
        let resolved = columns.instant("resolved_at");
        assert_eq!([0, 1, 2].map(|i| cell(resolved, i).is_some()), [false, true, false]);
        assert_eq!(cell(columns.flag("satisfaction"), 2), Some(false));
        assert_eq!(columns.int("received_year").value(0), 2022);
    }
}
