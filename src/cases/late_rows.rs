//! Which rows of a batch reach far into the time after it, so that a question about later times reads only those.
//!
//! Most spans of a batch come to their end within weeks; a few stay open for years. Without this, those few would make
//! every question read every batch.

use super::second::{NEVER, Second, second};
use super::spans::Spans;

/// One row in so many is listed apart.
const LISTED: usize = 8;

/// The rows that reach furthest, with the last second at which anything happens to them.
#[derive(Debug, Clone)]
pub(super) struct LateRows {
    /// Rows that are not listed have nothing after this second.
    rest_until: Second,
    /// Furthest first; [`NEVER`] for a span that is open.
    rows: Vec<(Second, u32)>,
}

/// Rows that may be open, or to which something may happen, at or after some second.
#[derive(Debug, Clone, Copy)]
pub enum Reaching<'a> {
    /// All rows.
    All,
    /// These, with the last second at which anything happens to them.
    Rows(&'a [(Second, u32)]),
}

impl LateRows {
    /// Looks through all rows.
    pub(super) fn of(spans: &Spans) -> Self {
        let mut rows: Vec<(Second, u32)> = (0..spans.len()).map(|row| (last_second(spans, row), row as u32)).collect();
        let listed = rows.len() / LISTED;
        let mut rest_until = 0;
        if listed < rows.len() {
            rest_until = rows.select_nth_unstable_by(listed, |a, b| b.cmp(a)).1.0;
        }
        rows.truncate(listed);
        rows.sort_unstable_by(|a, b| b.cmp(a));
        rows.shrink_to_fit();
        Self { rest_until, rows }
    }

    /// The rows that reach a second.
    pub(super) fn reaching(&self, from: Second) -> Reaching<'_> {
        if self.rest_until >= from {
            return Reaching::All;
        }
        Reaching::Rows(&self.rows[..self.rows.partition_point(|(last, _)| *last >= from)])
    }
}

/// The last second at which anything happens to a span, as far as is known; every step of its deadline counts.
fn last_second(spans: &Spans, row: usize) -> Second {
    if spans.end[row] == NEVER {
        return NEVER;
    }
    let steps = spans.timeline(row).map_or(&[][..], |timeline| timeline.steps());
    let steps = steps.iter().filter_map(|step| step.due).map(second);
    let columns = [
        spans.end[row],
        spans.due[row],
        spans.due_original[row],
        spans.dispatched[row],
        spans.returned[row],
        spans.reopened[row],
        spans.rated[row],
    ];
    columns.into_iter().filter(|at| *at != NEVER).chain(steps).max().unwrap_or(NEVER)
}

#[cfg(test)]
mod tests {
    use super::super::batch::CaseBatchBuilder;
    use super::super::codes::Codes;
    use super::super::fixture::{at, case, tree};
    use super::*;

    #[test]
    fn rows_that_are_passed_over_are_at_rest() {
        let (mut builder, mut codes) = (CaseBatchBuilder::default(), Codes::default());
        // Sixteen cases answered on the days after 1 May, the seventh and the last never.
        for k in 1..=16 {
            let answered = format!("2022-05-{:02}T08:00:00", k + 1);
            let answered = (k != 7 && k != 16).then_some(answered.as_str());
            let (record, history) = case(&format!("c{k}"), "26734", "2022-05-01T08:00:00", answered);
            builder.push(&mut codes, &tree(), "f", (&record, &history));
        }
        let batch = builder.finish();
        let reaching = |text: &str| match batch.rounds.reaching(second(at(text))) {
            Reaching::All => None,
            Reaching::Rows(rows) => Some(rows.iter().map(|(_, row)| *row).collect::<Vec<_>>()),
        };
        // Two rows in sixteen are listed: the open ones. The next that reaches far was answered on 16 May (row 14).
        assert_eq!(reaching("2022-05-16T08:00:00"), None);
        assert_eq!(reaching("2022-05-16T08:00:01"), Some(vec![15, 6]));
        assert_eq!(reaching("2030-01-01T00:00:00"), Some(vec![15, 6]));
    }
}
