//! An account of cases that knows nothing of the generator: rounds from events up to a moment, as the measures say.

use chrono::TimeDelta;

use super::*;
use crate::domain::case::EventKind;

/// A handling round as of a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Account {
    /// When it ended, and whether by an answer.
    pub end: Option<(Moment, bool)>,
    /// The due time as it stands; none while the clock is stopped, or where the source gives none.
    pub due: Option<Moment>,
}

impl Account {
    /// Whether it falls due in `[from, to]`.
    pub fn falls_due(&self, from: Moment, to: Moment) -> bool {
        let Some(due) = self.due.filter(|due| from <= *due && *due <= to) else { return false };
        !matches!(self.end, Some((end, false)) if end < due)
    }

    /// Whether it missed its due time.
    pub fn is_late(&self) -> bool {
        self.due.is_some_and(|due| self.end.is_none_or(|(end, _)| end > due))
    }
}

/// The rounds of a case from what happened up to `as_of`; none if it had not come in.
pub(super) fn rounds(record: &CaseRecord, as_of: Moment) -> Vec<Account> {
    if record.received_at > as_of {
        return Vec::new();
    }
    let mut round = Account { end: None, due: record.due_at };
    if record.events.is_empty() {
        round.end = record.resolved_at.filter(|at| *at <= as_of).map(|at| (at, true));
        return vec![round];
    }
    let calendar = &catalog().calendar;
    let (mut rounds, mut stopped) = (Vec::new(), None);
    // The due time that counts once the clock runs again.
    let mut due = record.due_at;
    for event in record.events.iter().filter(|e| e.at <= as_of) {
        match event.kind {
            EventKind::Paused => (stopped, round.due) = (Some(event.at), None),
            EventKind::Extended if due.is_none_or(|due| event.at <= due) => {
                (due, round.due) = (event.due, event.due);
            }
            EventKind::Resumed | EventKind::Answered | EventKind::Rejected | EventKind::Merged => {
                if let Some(from) = stopped.take() {
                    let lost = calendar.working_hours_between(from.local(), event.at.local()).unwrap();
                    assert!(lost >= TimeDelta::zero());
                    let later = |due: Moment| calendar.add_working_hours(due.local(), lost).map(Moment::from_local);
                    due = due.map(|due| later(due).unwrap());
                }
                round.due = due;
                if event.kind != EventKind::Resumed {
                    round.end = Some((event.at, event.kind == EventKind::Answered));
                }
            }
            EventKind::Reopened => {
                rounds.push(round);
                due = event.due;
                round = Account { end: None, due };
            }
            _ => {}
        }
    }
    rounds.push(round);
    rounds
}
