//! What counts, and when: the one place that gives spans their meaning.
//!
//! Everything is as of a [`Cut`]: what happens after it does not exist. Flows happen at a second; stocks are looked at
//! right before one. "Overdue" is that a deadline passed before the span ended, or before the cut if it is still open:
//! open cases count.

use super::second::{Cut, NEVER, Second};
use super::spans::{Origin, SpanEnding, Spans};

/// Something that happens to a span at a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Flow {
    /// The case came in; for an authority, it came to it for the first time.
    Received,
    /// The citizen reopened it.
    Reopened,
    /// An authority got it (back) from another.
    TransferredIn,
    /// The final answer was sent.
    Closed,
    /// It was sent before or on the deadline, or there was none.
    ClosedOnTime,
    /// The same by the first deadline, before any extension or pause.
    ClosedOnTimeOriginal,
    /// Not taken up.
    Rejected,
    /// Joined to another case.
    Merged,
    /// Passed on or given back.
    TransferredOut,
    /// The deadline came, and the span had not ended otherwise than by an answer.
    Due,
    /// Of these: not answered by then.
    Overdue,
    /// The first deadline came.
    DueOriginal,
    /// Of these: not answered by then.
    OverdueOriginal,
    /// It went to an authority for the first time.
    Dispatched,
    /// Within five minutes of its beginning.
    DispatchedIn5Min,
    /// Of the dispatched, counted at the dispatch: given back for wrong competence later.
    Rerouted,
    /// Of the closed, counted at the answer: reopened within 30 days.
    ClosedReopened30d,
    /// The citizen rated the result.
    Rated,
    /// And was content.
    RatedSatisfied,
}

impl Flow {
    /// How many kinds there are.
    pub const COUNT: usize = 19;

    /// All kinds, in the order of their numbers.
    pub const ALL: [Flow; Flow::COUNT] = [
        Flow::Received,
        Flow::Reopened,
        Flow::TransferredIn,
        Flow::Closed,
        Flow::ClosedOnTime,
        Flow::ClosedOnTimeOriginal,
        Flow::Rejected,
        Flow::Merged,
        Flow::TransferredOut,
        Flow::Due,
        Flow::Overdue,
        Flow::DueOriginal,
        Flow::OverdueOriginal,
        Flow::Dispatched,
        Flow::DispatchedIn5Min,
        Flow::Rerouted,
        Flow::ClosedReopened30d,
        Flow::Rated,
        Flow::RatedSatisfied,
    ];
}

/// How soon a case must go to an authority, in seconds of the wall clock.
const DISPATCH_WITHIN: Second = 300;
/// How long a reopening counts against the answer before it.
const REOPENED_WITHIN: Second = 30 * 86_400;

/// Calls `each` with every flow of a span and its second, as of a cut.
#[inline]
pub fn flows_of(spans: &Spans, row: usize, cut: Cut, each: impl FnMut(Flow, Second)) {
    flows_with_due(spans, row, (cut, spans.due_as_of(row, cut)), each);
}

/// The same for a caller that knows the deadline as of the cut ([`Spans::due_as_of`]) without looking it up.
#[inline]
pub fn flows_with_due(spans: &Spans, row: usize, (cut, due): (Cut, Second), mut each: impl FnMut(Flow, Second)) {
    let start = spans.start[row];
    if !cut.sees(start) {
        return;
    }
    each(
        match spans.origin[row] {
            Origin::Received => Flow::Received,
            Origin::Reopened => Flow::Reopened,
            Origin::TransferredIn => Flow::TransferredIn,
        },
        start,
    );
    let end = cut.seen(spans.end[row]);
    let ending = if end == NEVER { SpanEnding::Open } else { spans.ending[row] };
    let original = spans.due_original[row];
    match ending {
        SpanEnding::Open => {}
        SpanEnding::Answered => closed(spans, row, (cut, end, due), &mut each),
        SpanEnding::Rejected => each(Flow::Rejected, end),
        SpanEnding::Merged => each(Flow::Merged, end),
        SpanEnding::TransferredOut => each(Flow::TransferredOut, end),
    }
    let was_given_up = |due: Second| ending > SpanEnding::Answered && end < due;
    if cut.sees(due) && !was_given_up(due) {
        each(Flow::Due, due);
        if end > due {
            each(Flow::Overdue, due);
        }
    }
    if cut.sees(original) && !was_given_up(original) {
        each(Flow::DueOriginal, original);
        if end > original {
            each(Flow::OverdueOriginal, original);
        }
    }
    let dispatched = spans.dispatched[row];
    if cut.sees(dispatched) {
        each(Flow::Dispatched, dispatched);
        if dispatched.saturating_sub(start) <= DISPATCH_WITHIN {
            each(Flow::DispatchedIn5Min, dispatched);
        }
        if cut.sees(spans.returned[row]) {
            each(Flow::Rerouted, dispatched);
        }
    }
    let rated = spans.rated[row];
    if cut.sees(rated) {
        each(Flow::Rated, rated);
        if spans.satisfied[row] {
            each(Flow::RatedSatisfied, rated);
        }
    }
}

#[inline]
fn closed(spans: &Spans, row: usize, (cut, end, due): (Cut, Second, Second), each: &mut impl FnMut(Flow, Second)) {
    each(Flow::Closed, end);
    // No deadline is NEVER, which no answer comes after.
    if end <= due {
        each(Flow::ClosedOnTime, end);
    }
    if end <= spans.due_original[row] {
        each(Flow::ClosedOnTimeOriginal, end);
    }
    let reopened = spans.reopened[row];
    if cut.sees(reopened) && reopened.saturating_sub(end) <= REOPENED_WITHIN {
        each(Flow::ClosedReopened30d, end);
    }
}

/// Calls `each` with every kind of flow, its second, and whether it happened: [`flows_of`] without branches, which a
/// processor cannot foresee, for counting many spans. The second of what did not happen means nothing.
#[inline(always)]
pub fn every_flow(spans: &Spans, row: usize, cut: Cut, mut each: impl FnMut(Flow, Second, bool)) {
    let (start, origin) = (spans.start[row], spans.origin[row]);
    let began = cut.sees(start);
    each(Flow::Received, start, began & (origin == Origin::Received));
    each(Flow::Reopened, start, began & (origin == Origin::Reopened));
    each(Flow::TransferredIn, start, began & (origin == Origin::TransferredIn));
    let (end, ending) = (cut.seen(spans.end[row]), spans.ending[row]);
    let (due, original) = (spans.due_as_of(row, cut), spans.due_original[row]);
    let ended = began & (end != NEVER);
    let closed = ended & (ending == SpanEnding::Answered);
    let reopened = spans.reopened[row];
    each(Flow::Closed, end, closed);
    each(Flow::ClosedOnTime, end, closed & (end <= due));
    each(Flow::ClosedOnTimeOriginal, end, closed & (end <= original));
    let came_back = cut.sees(reopened) & (reopened.saturating_sub(end) <= REOPENED_WITHIN);
    each(Flow::ClosedReopened30d, end, closed & came_back);
    each(Flow::Rejected, end, ended & (ending == SpanEnding::Rejected));
    each(Flow::Merged, end, ended & (ending == SpanEnding::Merged));
    each(Flow::TransferredOut, end, ended & (ending == SpanEnding::TransferredOut));
    let given_up = ended & (ending > SpanEnding::Answered);
    let falls_due = began & cut.sees(due) & !(given_up & (end < due));
    each(Flow::Due, due, falls_due);
    each(Flow::Overdue, due, falls_due & (end > due));
    let falls_due = began & cut.sees(original) & !(given_up & (end < original));
    each(Flow::DueOriginal, original, falls_due);
    each(Flow::OverdueOriginal, original, falls_due & (end > original));
    let sent = spans.dispatched[row];
    let is_sent = began & cut.sees(sent);
    each(Flow::Dispatched, sent, is_sent);
    each(Flow::DispatchedIn5Min, sent, is_sent & (sent.saturating_sub(start) <= DISPATCH_WITHIN));
    each(Flow::Rerouted, sent, is_sent & cut.sees(spans.returned[row]));
    let rated = spans.rated[row];
    let is_rated = began & cut.sees(rated);
    each(Flow::Rated, rated, is_rated);
    each(Flow::RatedSatisfied, rated, is_rated & spans.satisfied[row]);
}

/// Whether a span is open right before a second, which is not after the cut.
#[inline]
pub fn is_open_before(spans: &Spans, row: usize, at: Second) -> bool {
    spans.start[row] < at && spans.end[row] >= at
}

/// For a span that is open right before a second: its deadline, if that has passed.
#[inline]
pub fn overdue_before(spans: &Spans, row: usize, at: Second) -> Option<Second> {
    let due = spans.due_as_of(row, Cut::before(at));
    (due < at).then_some(due)
}

#[cfg(test)]
mod tests {
    use super::super::batch::CaseBatchBuilder;
    use super::super::codes::Codes;
    use super::super::fixture::{at, case, tree};
    use super::super::second::second;
    use super::*;
    use crate::domain::case::{DueStep, DueTimeline};

    /// Received on 2 May at 08:00, due on 9 May at 17:00, answered when said.
    fn flows(answered: Option<&str>, as_of: &str) -> Vec<Flow> {
        let (record, mut history) = case("c", "26734", "2022-05-02T08:00:00", answered);
        let due =
            DueTimeline::new(vec![DueStep { from: at("2022-05-02T08:00:00"), due: Some(at("2022-05-09T17:00:00")) }]);
        history.rounds[0].due = due;
        let (mut builder, mut codes) = (CaseBatchBuilder::default(), Codes::default());
        builder.push(&mut codes, &tree(), "f", (&record, &history));
        let batch = builder.finish();
        let mut seen = Vec::new();
        flows_of(&batch.rounds, 0, Cut::as_of(at(as_of)), |flow, _| seen.push(flow));
        seen
    }

    #[test]
    fn on_the_deadline_is_on_time_and_a_second_later_is_late() {
        let on_time = flows(Some("2022-05-09T17:00:00"), "2022-06-01T00:00:00");
        assert!(on_time.contains(&Flow::ClosedOnTime) && on_time.contains(&Flow::Due));
        assert!(!on_time.contains(&Flow::Overdue));
        let late = flows(Some("2022-05-09T17:00:01"), "2022-06-01T00:00:00");
        assert!(late.contains(&Flow::Overdue) && late.contains(&Flow::Closed) && !late.contains(&Flow::ClosedOnTime));
    }

    #[test]
    fn an_open_case_is_overdue_from_its_deadline_on() {
        assert!(!flows(None, "2022-05-09T16:59:59").contains(&Flow::Due));
        assert!(flows(None, "2022-05-09T17:00:00").contains(&Flow::Overdue));
    }

    #[test]
    fn what_comes_after_the_cut_does_not_exist() {
        let as_known = flows(Some("2022-05-20T09:00:00"), "2022-05-10T00:00:00");
        assert!(as_known.contains(&Flow::Overdue) && !as_known.contains(&Flow::Closed));
        assert_eq!(flows(Some("2022-05-20T09:00:00"), "2022-05-02T07:59:59"), []);
        assert!(!flows(Some("2022-05-03T09:00:00"), "2022-05-08T00:00:00").contains(&Flow::Due));
    }

    #[test]
    fn a_stopped_clock_is_not_overdue() {
        let (record, mut history) = case("c", "26734", "2022-05-02T08:00:00", None);
        let step = |from, due: Option<&str>| DueStep { from: at(from), due: due.map(at) };
        history.rounds[0].due = DueTimeline::new(vec![
            step("2022-05-02T08:00:00", Some("2022-05-09T17:00:00")),
            step("2022-05-06T08:00:00", None),
            step("2022-05-12T08:00:00", Some("2022-05-13T17:00:00")),
        ]);
        let (mut builder, mut codes) = (CaseBatchBuilder::default(), Codes::default());
        builder.push(&mut codes, &tree(), "f", (&record, &history));
        let batch = builder.finish();
        let overdue = |t: &str| overdue_before(&batch.rounds, 0, second(at(t)) + 1).is_some();
        assert_eq!(
            ["2022-05-10T00:00:00", "2022-05-13T16:00:00", "2022-05-13T17:00:00"].map(overdue),
            [false, false, true]
        );
        assert!(is_open_before(&batch.rounds, 0, second(at("2022-05-10T00:00:00"))));
    }
}
