//! Which rows of a batch reach far into the time after it, so that a question about later times reads only those.
//!
//! Most spans of a batch come to their end within weeks; a few stay open for years. Without this, those few would make
//! every question read every batch, and each of them a line of memory from every column.

use super::second::{NEVER, Second, second};
use super::spans::Spans;

/// One row in so many is listed apart.
const LISTED: usize = 8;

/// A span that reaches far, with all that a count of open cases asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LateRow {
    /// Nothing happens to it after this second; [`NEVER`] while it is open.
    pub last: Second,
    /// Its row.
    pub row: u32,
    /// Position of the case in its batch.
    pub case: u32,
    /// Begin.
    pub start: Second,
    /// End.
    pub end: Second,
    /// After this second nothing happens to it but its end and what comes after that; its deadline has passed or there is
    /// none, and it does not move.
    pub quiet_since: Second,
    /// Deadline since then.
    pub due: Second,
    /// First deadline.
    pub due_original: Second,
    /// Place number.
    pub place: u16,
    /// Authority number.
    pub org: u16,
    /// Category number.
    pub category: u16,
    /// Channel number.
    pub channel: u16,
}

/// The rows that reach furthest.
#[derive(Debug, Clone)]
pub(super) struct LateRows {
    /// Rows that are not listed have nothing after this second.
    rest_until: Second,
    /// Furthest first.
    rows: Vec<LateRow>,
}

/// Rows that may be open, or to which something may happen, at or after some second.
#[derive(Debug, Clone, Copy)]
pub enum Reaching<'a> {
    /// All rows.
    All,
    /// These and no others.
    Rows(&'a [LateRow]),
}

impl LateRows {
    /// Looks through all rows.
    pub(super) fn of(spans: &Spans) -> Self {
        let last = |row: usize| if spans.end[row] == NEVER { NEVER } else { last_second(spans, row) };
        let mut rows: Vec<(Second, u32)> = (0..spans.len()).map(|row| (last(row), row as u32)).collect();
        let listed = rows.len() / LISTED;
        let mut rest_until = 0;
        if listed < rows.len() {
            rest_until = rows.select_nth_unstable_by(listed, |a, b| b.cmp(a)).1.0;
        }
        if rest_until == NEVER {
            // No second is beyond the rest.
            return Self { rest_until, rows: Vec::new() };
        }
        rows.truncate(listed);
        rows.sort_unstable_by(|a, b| b.cmp(a));
        Self { rest_until, rows: rows.into_iter().map(|(last, row)| late_row(spans, row, last)).collect() }
    }

    /// The rows that reach a second.
    pub(super) fn reaching(&self, from: Second) -> Reaching<'_> {
        if self.rest_until >= from {
            return Reaching::All;
        }
        Reaching::Rows(&self.rows[..self.rows.partition_point(|row| row.last >= from)])
    }
}

fn late_row(spans: &Spans, number: u32, last: Second) -> LateRow {
    let row = number as usize;
    let rated = Some(spans.rated[row]).filter(|at| *at < spans.end[row]);
    LateRow {
        last,
        row: number,
        case: spans.case[row],
        start: spans.start[row],
        end: spans.end[row],
        quiet_since: before_end(spans, row).chain(rated).filter(|at| *at != NEVER).max().unwrap_or(0),
        due: spans.due[row],
        due_original: spans.due_original[row],
        place: spans.place[row],
        org: spans.org[row],
        category: spans.category[row],
        channel: spans.channel[row],
    }
}

/// What happens to a span without ending it, [`NEVER`] for what does not; every step of its deadline counts.
fn before_end(spans: &Spans, row: usize) -> impl Iterator<Item = Second> {
    let steps = spans.timeline(row).map_or(&[][..], |timeline| timeline.steps());
    let steps = steps.iter().flat_map(|step| [Some(step.from), step.due]).flatten().map(second);
    let columns = [spans.start[row], spans.due[row], spans.due_original[row], spans.dispatched[row]];
    columns.into_iter().chain(steps)
}

/// The last second at which anything happens to a span that ends.
fn last_second(spans: &Spans, row: usize) -> Second {
    let after = [spans.end[row], spans.returned[row], spans.reopened[row], spans.rated[row]];
    before_end(spans, row).chain(after).filter(|at| *at != NEVER).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::super::batch::CaseBatchBuilder;
    use super::super::codes::Codes;
    use super::super::fixture::{at, case, tree};
    use super::*;
    use crate::domain::case::{DueStep, DueTimeline};

    #[test]
    fn rows_that_are_passed_over_are_at_rest() {
        let (mut builder, mut codes) = (CaseBatchBuilder::default(), Codes::default());
        // Sixteen cases answered on the days after 1 May, the seventh and the last never; the seventh has a stopped clock.
        for k in 1..=16 {
            let answered = format!("2022-05-{:02}T08:00:00", k + 1);
            let answered = (k != 7 && k != 16).then_some(answered.as_str());
            let (record, mut history) = case(&format!("c{k}"), "26734", "2022-05-01T08:00:00", answered);
            if k == 7 {
                let step = |from, due: Option<&str>| DueStep { from: at(from), due: due.map(at) };
                let steps =
                    [step("2022-05-01T08:00:00", Some("2022-05-09T17:00:00")), step("2022-05-02T08:00:00", None)];
                history.rounds[0].due = DueTimeline::new(steps.to_vec());
            }
            builder.push(&mut codes, &tree(), "f", (&record, &history));
        }
        let batch = builder.finish();
        let reaching = |text: &str| match batch.rounds.reaching(second(at(text))) {
            Reaching::All => None,
            Reaching::Rows(rows) => Some(rows.iter().map(|late| late.row).collect::<Vec<_>>()),
        };
        // Two rows in sixteen are listed: the open ones. The next that reaches far was answered on 16 May.
        assert_eq!(reaching("2022-05-16T08:00:00"), None);
        assert_eq!(reaching("2022-05-16T08:00:01"), Some(vec![15, 6]));
        assert_eq!(reaching("2030-01-01T00:00:00"), Some(vec![15, 6]));
        let Reaching::Rows(rows) = batch.rounds.reaching(NEVER - 1) else { panic!("all rows") };
        let stopped = LateRow { quiet_since: second(at("2022-05-09T17:00:00")), due: NEVER, ..rows[1] };
        assert_eq!((rows[1], rows[1].due_original), (stopped, stopped.quiet_since));
        assert_eq!(rows[0].quiet_since, second(at("2022-05-01T08:00:00")), "nothing but its receipt and dispatch");
    }

    #[test]
    fn a_batch_that_is_mostly_open_is_read_whole() {
        let (mut builder, mut codes) = (CaseBatchBuilder::default(), Codes::default());
        for k in 0..16 {
            let (record, history) = case(&format!("c{k}"), "26734", "2022-05-01T08:00:00", None);
            builder.push(&mut codes, &tree(), "f", (&record, &history));
        }
        assert!(matches!(builder.finish().rounds.reaching(NEVER - 1), Reaching::All));
    }
}
