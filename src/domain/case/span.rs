//! The running clock of a round or of an authority's stint: its deadline over time and the working time it took.

use super::{CalendarGap, DeadlineRule, DueStep, DueTimeline, Moment};
use crate::domain::work_calendar::{WorkCalendarError, WorkClock};

/// How much time there is, and how a pause moves the deadline.
#[derive(Debug, Clone, Copy)]
pub(super) enum Allowance<'a> {
    /// No deadline is declared or given.
    Unlimited,
    /// By the table. Rules in working time are moved by the working time of a pause.
    Rule(&'a DeadlineRule),
    /// As much time of the clock as the source gave, in seconds.
    Given(i64),
}

impl Allowance<'_> {
    /// The deadline of a clock that begins at `start`.
    fn due(&self, start: Moment, clock: &WorkClock) -> Result<Option<Moment>, WorkCalendarError> {
        match self {
            Allowance::Unlimited => Ok(None),
            Allowance::Rule(rule) => rule.due_by(start, clock).map(Some),
            Allowance::Given(seconds) => Ok(Some(Moment(start.0.saturating_add(*seconds)))),
        }
    }

    fn is_working(&self) -> bool {
        matches!(self, Allowance::Rule(rule) if rule.unit.is_working())
    }
}

/// A clock that runs or stands still. Its deadline is moved when it runs again, so the time it stands costs nothing.
#[derive(Debug)]
pub(super) struct Span<'a> {
    clock: &'a WorkClock,
    start: Moment,
    is_working: bool,
    steps: Vec<DueStep>,
    /// The deadline; while the clock stands, not yet moved for the time since `moved_until`.
    due: Option<Moment>,
    /// Since when the clock stands.
    stopped_at: Option<Moment>,
    /// Up to when the deadline has been moved for the present stop.
    moved_until: Moment,
    /// Working seconds of pauses; `None` where the calendar has a gap.
    idle: Option<i64>,
    gaps: Vec<CalendarGap>,
}

impl<'a> Span<'a> {
    /// A clock that begins to run.
    pub(super) fn start(start: Moment, allowance: Allowance<'_>, clock: &'a WorkClock) -> Self {
        let (steps, gaps, is_working) = (Vec::new(), Vec::new(), allowance.is_working());
        let idle = Some(0);
        let mut span =
            Self { clock, start, is_working, steps, due: None, stopped_at: None, moved_until: start, idle, gaps };
        match allowance.due(start, clock) {
            Ok(due) => span.due = due,
            Err(error) => span.gaps.push(CalendarGap { at: start, error }),
        }
        if span.due.is_some() {
            span.steps.push(DueStep { from: start, due: span.due });
        }
        span
    }

    /// The clock stops.
    pub(super) fn stop(&mut self, at: Moment) {
        (self.stopped_at, self.moved_until) = (Some(at), at);
        if self.due.is_some() {
            self.steps.push(DueStep { from: at, due: None });
        }
    }

    /// The clock runs again.
    pub(super) fn resume(&mut self, at: Moment) {
        let Some(since) = self.stopped_at.take() else { return };
        match (self.idle, self.clock.between(since, at)) {
            (Some(idle), Ok(more)) => self.idle = Some(idle + more),
            (_, Err(error)) => {
                self.idle = None;
                self.gaps.push(CalendarGap { at, error });
            }
            (None, Ok(_)) => {}
        }
        if self.due.is_none() {
            return;
        }
        match self.moved(at) {
            Ok(due) => self.due = due,
            Err(error) => {
                self.due = None;
                self.gaps.push(CalendarGap { at, error });
            }
        }
        if self.due.is_some() {
            self.steps.push(DueStep { from: at, due: self.due });
        }
    }

    /// The deadline as it stands, or for a stopped clock as it would stand if it ran again now.
    pub(super) fn standing(&self, at: Moment) -> Option<Moment> {
        if self.stopped_at.is_some() { self.moved(at).ok().flatten() } else { self.due }
    }

    fn moved(&self, at: Moment) -> Result<Option<Moment>, WorkCalendarError> {
        let Some(due) = self.due else { return Ok(None) };
        if self.is_working {
            let paused = self.clock.between(self.moved_until, at)?;
            self.clock.add(due, paused).map(Some)
        } else {
            Ok(Some(Moment(due.0.saturating_add(at.0 - self.moved_until.0))))
        }
    }

    /// A new deadline is granted. A stopped clock goes on standing; what it stood before the grant is covered by it.
    pub(super) fn extend(&mut self, at: Moment, to: Moment) {
        self.due = Some(to);
        match self.stopped_at {
            Some(_) => self.moved_until = at,
            None => self.steps.push(DueStep { from: at, due: self.due }),
        }
    }

    /// The clock ends: its deadlines, and its working seconds without pauses. Gaps go to `gaps`.
    pub(super) fn end(mut self, at: Moment, gaps: &mut Vec<CalendarGap>) -> (DueTimeline, Option<u32>) {
        self.resume(at);
        let worked = match self.clock.between(self.start, at) {
            Ok(seconds) => self.idle.map(|idle| u32::try_from(seconds - idle).unwrap_or(u32::MAX)),
            Err(error) => {
                self.gaps.push(CalendarGap { at, error });
                None
            }
        };
        (self.leave(gaps), worked)
    }

    /// The clock is left as it is: its deadlines so far.
    pub(super) fn leave(mut self, gaps: &mut Vec<CalendarGap>) -> DueTimeline {
        gaps.append(&mut self.gaps);
        DueTimeline::new(self.steps)
    }
}
