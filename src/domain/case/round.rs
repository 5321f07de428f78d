//! What follows from the events of a case: handling rounds, stints of authorities, and their deadlines over time.

use std::sync::Arc;

use super::{EventKind, Moment};
use crate::domain::work_calendar::WorkCalendarError;

/// From a moment on, this is the deadline; `None` while the clock is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueStep {
    /// Since when.
    pub from: Moment,
    /// The due time that counts since.
    pub due: Option<Moment>,
}

/// The deadline over time: extensions and pauses move it. Without steps there is no deadline at all.
///
/// An authority that gets a case while its clock is stopped has two steps of that moment: the deadline it would have had,
/// then none. So the first step is always the original deadline.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DueTimeline {
    steps: Vec<DueStep>,
}

impl DueTimeline {
    /// A timeline whose steps ascend in time.
    pub fn new(steps: Vec<DueStep>) -> Self {
        debug_assert!(steps.is_sorted_by_key(|s| s.from));
        Self { steps }
    }

    /// The steps.
    pub fn steps(&self) -> &[DueStep] {
        &self.steps
    }

    /// The deadline as it stood at a moment.
    pub fn at(&self, at: Moment) -> Option<Moment> {
        self.steps.iter().rev().find(|s| s.from <= at).and_then(|s| s.due)
    }

    /// The deadline as it stands after everything that happened.
    pub fn last(&self) -> Option<Moment> {
        self.steps.last().and_then(|s| s.due)
    }

    /// The first deadline, before any extension or pause.
    pub fn original(&self) -> Option<Moment> {
        self.steps.first().and_then(|s| s.due)
    }
}

/// How a handling round ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ending {
    /// It has not.
    Open,
    /// By a final answer.
    Answered,
    /// It was not taken up.
    Rejected,
    /// It was joined to another case.
    Merged,
}

impl Ending {
    /// The code in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Ending::Open => "open",
            Ending::Answered => "answered",
            Ending::Rejected => "rejected",
            Ending::Merged => "merged",
        }
    }
}

/// How an authority's stint ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Release {
    /// It has not.
    Held,
    /// The authority answered.
    Answered,
    /// The round was not taken up.
    Rejected,
    /// The round was joined to another case.
    Merged,
    /// Given back as not its competence.
    Returned,
    /// Sent on to another authority.
    Transferred,
}

impl Release {
    /// The code in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Release::Held => "held",
            Release::Answered => "answered",
            Release::Rejected => "rejected",
            Release::Merged => "merged",
            Release::Returned => "returned",
            Release::Transferred => "transferred",
        }
    }
}

/// A time in which the clock stood still: the citizen was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    /// Since when.
    pub from: Moment,
    /// Until when: the clock ran again, or the round ended; `None` while it stands still.
    pub to: Option<Moment>,
}

/// One handling round of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// 1 for the first.
    pub number: u16,
    /// When its clock began: receipt or reopening.
    pub started_at: Moment,
    /// When it ended.
    pub ended_at: Option<Moment>,
    /// How it ended.
    pub ending: Ending,
    /// Its deadline.
    pub due: DueTimeline,
    /// When it first went to an authority.
    pub dispatched_at: Option<Moment>,
    /// When an authority first gave it back as not its competence.
    pub returned_at: Option<Moment>,
    /// When the citizen reopened it, which began the next round.
    pub reopened_at: Option<Moment>,
    /// When the result was first rated; the first rating counts, so that no later one takes it out of its month.
    pub rated_at: Option<Moment>,
    /// Whether that rating was content.
    pub satisfied: Option<bool>,
    /// Times in which the clock stood still, in order.
    pub pauses: Vec<Pause>,
    /// Working time from start to end without pauses, in seconds; `None` while open, or where the calendar has a gap.
    pub worked_seconds: Option<u32>,
    /// The authority that holds it now or held it last.
    pub org: Option<Arc<str>>,
}

/// The stint of one authority in a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// Number of the round.
    pub round: u16,
    /// 1 for the first of the case.
    pub number: u16,
    /// The authority.
    pub org: Arc<str>,
    /// Since when.
    pub from: Moment,
    /// When it first took the case on.
    pub accepted_at: Option<Moment>,
    /// Until when.
    pub to: Option<Moment>,
    /// How it ended.
    pub release: Release,
    /// Its own deadline: the same amount of time, begun when the authority got the case.
    pub due: DueTimeline,
    /// Working time held without pauses, in seconds; `None` while held, or where the calendar has a gap.
    pub worked_seconds: Option<u32>,
    /// Whether it is the authority's first stint in this case.
    pub is_first_of_org: bool,
}

/// An event that the fold passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IgnoredEvent {
    /// Position in the source's order.
    pub seq: u32,
    /// When it says so.
    pub at: Moment,
    /// What it says happened.
    pub kind: EventKind,
    /// Why it does not count.
    pub reason: &'static str,
}

/// A question of the case that the work calendar does not answer: what depends on it is missing, not guessed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarGap {
    /// When it came up: the start, a resumption or the end of a round or stint.
    pub at: Moment,
    /// Which day is not covered.
    pub error: WorkCalendarError,
}

/// Everything that follows from the events of a case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CaseHistory {
    /// Rounds in order; at least one.
    pub rounds: Vec<Round>,
    /// Stints in order.
    pub holdings: Vec<Holding>,
    /// Events that do not count, in order of time.
    pub ignored: Vec<IgnoredEvent>,
    /// Where the work calendar ends, so that a deadline or a handling time is missing.
    pub gaps: Vec<CalendarGap>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_what_stood_at_the_time() {
        let step = |from, due: Option<i64>| DueStep { from: Moment(from), due: due.map(Moment) };
        let due = DueTimeline::new(vec![step(0, Some(100)), step(50, None), step(70, Some(120))]);
        assert_eq!(
            [-1, 0, 49, 50, 70].map(|t| due.at(Moment(t)).map(|m| m.0)),
            [None, Some(100), Some(100), None, Some(120)]
        );
        assert_eq!((due.original(), due.last()), (Some(Moment(100)), Some(Moment(120))));
    }
}
