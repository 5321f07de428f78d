//! What became of the cases that came in: handled, or not yet.

use super::lens::{Lens, SpanKind};
use super::scan::{At, scan};
use crate::cases::counting::is_open_before;
use crate::cases::{Origin, Second};

/// Cases received in the window, and how many of them are open right before the cut. A case that was answered and reopened
/// is open. For an authority: cases that came to it for the first time in the window, and those it holds.
pub fn received_still_open(lens: &Lens<'_>) -> (u32, u32) {
    let cut = lens.cut.second();
    let each = |found: &mut (u32, u32), at: At<'_>| {
        let start = at.spans.start[at.row];
        if at.spans.origin[at.row] == Origin::Received && start >= lens.from && start < lens.to {
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
