//! What became of the cases that came in: handled, or not yet.

use super::axis::Axis;
use super::crosstab::crosstab;
use super::lens::{Lens, SpanKind};
use super::question::QuestionError;
use super::scan::{At, scan};
use super::tally::Tally;
use crate::cases::counting::is_open_before;
use crate::cases::{Origin, Second};

/// The window in one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// Cases received in the window.
    pub received: u32,
    /// Of these, no longer open at the cut: answered, rejected or merged.
    pub handled: u32,
    /// Of these, still open.
    pub not_handled: u32,
    /// All counts of what happened in the window.
    pub tally: Tally,
}

/// What came in, what was done, what is late.
///
/// # Errors
/// None that a table of one cell could have.
pub fn summary(lens: &Lens<'_>) -> Result<Summary, QuestionError> {
    let tally = crosstab(lens, Axis::Total, Axis::Total)?.total;
    let (received, not_handled) = received_still_open(lens);
    Ok(Summary { received, handled: received - not_handled, not_handled, tally })
}

/// Whether a span began with the receipt of its case in the window and nothing of the case is open any more.
pub(super) fn is_handled(lens: &Lens<'_>, at: &At<'_>) -> bool {
    is_received(lens, at, at.row) && !is_held(lens, at, lens.cut.second())
}

/// Whether a span is open and its case was received in the window: the one that is still waited for.
pub(super) fn is_not_handled(lens: &Lens<'_>, at: &At<'_>) -> bool {
    let case = at.spans.case[at.row];
    let mut spans = match lens.kind {
        SpanKind::Rounds => at.batch.rounds_of(case),
        SpanKind::Stints => at.batch.holdings_of(case),
    };
    is_open_before(at.spans, at.row, lens.cut.second())
        && spans.any(|row| is_of_same(lens, at, row) && is_received(lens, at, row))
}

fn is_received(lens: &Lens<'_>, at: &At<'_>, row: usize) -> bool {
    let start = at.spans.start[row];
    at.spans.origin[row] == Origin::Received && start >= lens.from && start < lens.to
}

/// Whether a span of the case is of the same authority, where stints are counted.
fn is_of_same(lens: &Lens<'_>, at: &At<'_>, row: usize) -> bool {
    lens.kind == SpanKind::Rounds || at.spans.org[row] == at.spans.org[at.row]
}

/// Cases received in the window, and how many of them are open right before the cut. A case that was answered and reopened
/// is open. For an authority: cases that came to it for the first time in the window, and those it holds.
pub fn received_still_open(lens: &Lens<'_>) -> (u32, u32) {
    let cut = lens.cut.second();
    let each = |found: &mut (u32, u32), at: At<'_>| {
        if is_received(lens, &at, at.row) {
            found.0 += 1;
            found.1 += u32::from(is_held(lens, &at, cut));
        }
    };
    scan(
        lens,
        (lens.from, lens.to),
        || (0, 0),
        each,
        |all, part| {
            all.0 += part.0;
            all.1 += part.1;
        },
    )
}

/// Whether any round of the case (or stint of its authority) is open.
fn is_held(lens: &Lens<'_>, at: &At<'_>, cut: Second) -> bool {
    let case = at.spans.case[at.row];
    match lens.kind {
        SpanKind::Rounds => at.batch.rounds_of(case).any(|row| is_open_before(at.spans, row, cut)),
        SpanKind::Stints => at
            .batch
            .holdings_of(case)
            .any(|row| at.spans.org[row] == at.spans.org[at.row] && is_open_before(at.spans, row, cut)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Sketch, book, lens, window};
    use super::*;

    #[test]
    fn a_reopened_case_is_not_handled_and_an_older_one_is_not_counted() {
        let book = book(&[
            Sketch::new("old", "26734", "2022-04-20T08:00:00"),
            Sketch::new("done", "26734", "2022-05-02T08:00:00").answered("2022-05-04T08:00:00"),
            Sketch::new("rejected", "26734", "2022-05-02T08:00:00").rejected("2022-05-04T08:00:00"),
            Sketch::new("open", "26734", "2022-05-03T08:00:00"),
            Sketch::new("again", "26734", "2022-05-03T08:00:00")
                .answered("2022-05-04T08:00:00")
                .reopened("2022-05-05T08:00:00"),
        ]);
        let question = window("2022-05-01T00:00:00", "2022-06-01T00:00:00");
        assert_eq!(received_still_open(&lens(&book, &question)), (4, 2));
        let may_4 = window("2022-05-01T00:00:00", "2022-05-04T08:00:01");
        assert_eq!(received_still_open(&lens(&book, &may_4)).0, 4);
    }
}
