//! From the events of a case to its rounds and holdings.
//!
//! Events are taken in order of time; at one moment in the order in which a case passes through them, then as the source
//! numbers them. Each is used or set aside with a reason: an event that contradicts what came before never undoes it.
//! So the fold of what had happened by an instant is the fold of everything as it stood at that instant.
//!
//! - **Records without events** have one round from receipt to `resolved_at`, held by the record's authority.
//!   `resolved_at` counts as an answer, and `org` as the holder from receipt on, for records whose events say nothing of
//!   an end or of a dispatch.
//! - **Deadline of a round**: what the source gives; else the table's rule of the day on which the round began. A holding
//!   has the same allowance, begun when the authority got the case: the same rule (its own, if the table has one for it),
//!   or as much time of the clock as the source gave for the round.
//! - **A pause** moves the deadline by its working time where the rule is in working time, else by the time of the clock.
//!   A round or stint that ends in a pause has the deadline it would have had if the clock ran again at that moment.
//! - **An extension** counts only if granted before the deadline as it stands, and only if it is later. The authority
//!   that holds the case gets it too, unless its own deadline is later still or has passed.
//! - **Closed** is the confirmation of an answer; without one in the round, it is the answer.
//! - **Reopened** begins a round; the authority that answered gets the case again, unless another gets it at once.
//! - **Rejected and merged** are for good: nothing after them counts.
//! - **The first rating** of a round counts.

use std::sync::Arc;

use super::span::{Allowance, Span};
use super::{
    CaseEvent, CaseHistory, CaseRecord, DeadlineTable, DuePolicy, DueTimeline, Ending, EventKind, Holding,
    IgnoredEvent, Moment, Pause, Release, Round,
};
use crate::domain::WorkCalendar;
use crate::domain::work_calendar::WorkClock;

/// Why an event does not count.
type Reason = &'static str;

const ENDED: Reason = "the round has ended";
const NO_HOLDER: Reason = "no authority holds the case";

/// Everything that follows from a case's events. Never fails: see the module for what is set aside.
pub fn fold(record: &CaseRecord, deadlines: &DeadlineTable, calendar: &WorkCalendar) -> CaseHistory {
    let names = |kinds: &[EventKind]| record.events.iter().any(|e| kinds.contains(&e.kind));
    let ends = names(&[EventKind::Answered, EventKind::Closed, EventKind::Rejected, EventKind::Merged]);
    let holder = if names(&[EventKind::Dispatched]) { None } else { record.org.as_ref() };
    let mut case = Fold::start(record, deadlines, calendar.clock(), holder);
    // The answer of a record without one among its events comes in its place in time.
    let answer = CaseEvent {
        seq: 0,
        at: record.resolved_at.unwrap_or(record.received_at),
        kind: EventKind::Answered,
        org: None,
        due: None,
        satisfied: None,
    };
    let mut answer = record.resolved_at.filter(|_| !ends).map(|_| &answer);
    let mut take = |event: &CaseEvent| {
        if let Some(answer) = answer.take_if(|answer| order(answer) < order(event)) {
            case.take(answer);
        }
        case.take(event);
    };
    if record.events.is_sorted_by_key(order) {
        record.events.iter().for_each(&mut take);
    } else {
        let mut events: Vec<&CaseEvent> = record.events.iter().collect();
        events.sort_unstable_by_key(|&e| order(e));
        events.into_iter().for_each(&mut take);
    }
    if let Some(answer) = answer {
        case.take(answer);
    }
    case.finish()
}

/// The order in which events are taken; the last parts only make it total.
fn order(event: &CaseEvent) -> (Moment, u8, u32, EventKind, Option<&str>, Option<Moment>, Option<bool>) {
    let rank = match event.kind {
        EventKind::Received => 0,
        EventKind::Reopened => 1,
        EventKind::Returned => 2,
        EventKind::Dispatched => 3,
        EventKind::Accepted => 4,
        // Which of these comes first is the source's to say.
        EventKind::Paused | EventKind::Resumed | EventKind::Extended => 5,
        EventKind::Answered => 6,
        EventKind::Rejected => 7,
        EventKind::Merged => 8,
        EventKind::Closed => 9,
        EventKind::Rated => 10,
    };
    (event.at, rank, event.seq, event.kind, event.org.as_deref(), event.due, event.satisfied)
}

/// The open round.
struct OpenRound<'a> {
    round: Round,
    allowance: Allowance<'a>,
    span: Span<'a>,
}

impl OpenRound<'_> {
    fn is_paused(&self) -> bool {
        self.round.pauses.last().is_some_and(|p| p.to.is_none())
    }
}

/// The authority that holds the case.
struct OpenHolding<'a> {
    holding: Holding,
    span: Span<'a>,
    /// Got it by a reopening, not by a dispatch.
    is_again: bool,
}

/// A case on its way through its events.
struct Fold<'a> {
    record: &'a CaseRecord,
    deadlines: &'a DeadlineTable,
    clock: &'a WorkClock,
    history: CaseHistory,
    /// The holder of records that know of no dispatch.
    holder: Option<&'a Arc<str>>,
    round: Option<OpenRound<'a>>,
    holding: Option<OpenHolding<'a>>,
    is_received: bool,
    /// Rejected or merged.
    is_gone: bool,
}

impl<'a> Fold<'a> {
    fn start(
        record: &'a CaseRecord,
        deadlines: &'a DeadlineTable,
        clock: &'a WorkClock,
        holder: Option<&'a Arc<str>>,
    ) -> Self {
        let (history, round, holding) = (CaseHistory::default(), None, None);
        let mut case =
            Self { record, deadlines, clock, history, holder, round, holding, is_received: false, is_gone: false };
        case.open_round(record.received_at, record.due_at);
        if let Some(org) = holder {
            case.hold(org.clone(), record.received_at, false);
        }
        case
    }

    fn take(&mut self, event: &CaseEvent) {
        if let Err(reason) = self.apply(event) {
            let CaseEvent { seq, at, kind, .. } = *event;
            self.history.ignored.push(IgnoredEvent { seq, at, kind, reason });
        }
    }

    fn apply(&mut self, event: &CaseEvent) -> Result<(), Reason> {
        let at = event.at;
        if event.kind == EventKind::Received {
            return self.receive(at);
        }
        if at < self.record.received_at {
            return Err("it lies before the receipt");
        }
        if self.is_gone {
            return Err("the case was rejected or merged before");
        }
        match event.kind {
            EventKind::Received => Ok(()),
            EventKind::Dispatched => self.dispatch(event),
            EventKind::Accepted => self.accept(at),
            EventKind::Returned => self.give_back(at),
            EventKind::Paused => self.pause(at),
            EventKind::Resumed => self.resume(at),
            EventKind::Extended => self.extend(event),
            EventKind::Answered => self.end_round(at, Ending::Answered),
            EventKind::Closed if self.round.is_none() => Ok(()),
            EventKind::Closed => self.end_round(at, Ending::Answered),
            EventKind::Rejected => self.end_round(at, Ending::Rejected),
            EventKind::Merged => self.end_round(at, Ending::Merged),
            EventKind::Reopened => self.reopen(event),
            EventKind::Rated => self.rate(event),
        }
    }

    /// The clock began with the record; the event only confirms it.
    fn receive(&mut self, at: Moment) -> Result<(), Reason> {
        if at != self.record.received_at {
            return Err("the case says that it came in at another time");
        }
        if std::mem::replace(&mut self.is_received, true) {
            return Err("the receipt is known already");
        }
        Ok(())
    }

    fn open_round(&mut self, at: Moment, given: Option<Moment>) {
        let allowance = match given {
            Some(due) => Allowance::Given(due.0.saturating_sub(at.0)),
            None => self.by_table(at, self.holder.map(|org| &**org)),
        };
        let round = Round {
            number: u16::try_from(self.history.rounds.len() + 1).unwrap_or(u16::MAX),
            started_at: at,
            ended_at: None,
            ending: Ending::Open,
            due: DueTimeline::default(),
            dispatched_at: None,
            returned_at: None,
            reopened_at: None,
            rated_at: None,
            satisfied: None,
            pauses: Vec::new(),
            worked_seconds: None,
            org: None,
        };
        self.round = Some(OpenRound { round, allowance, span: Span::start(at, allowance, self.clock) });
    }

    fn by_table(&self, at: Moment, org: Option<&str>) -> Allowance<'a> {
        if self.record.due_policy == DuePolicy::Source {
            return Allowance::Unlimited;
        }
        let (category, priority) = (&self.record.category, &self.record.priority);
        self.deadlines.rule_for(at, category, priority, org).map_or(Allowance::Unlimited, Allowance::Rule)
    }

    /// Gives the case to an authority; there is an open round and no holder.
    fn hold(&mut self, org: Arc<str>, at: Moment, is_again: bool) {
        let Some(open) = &self.round else { return };
        let allowance = match open.allowance {
            Allowance::Given(seconds) => Allowance::Given(seconds.max(0)),
            _ if self.deadlines.has_rules_of_orgs() => self.by_table(open.round.started_at, Some(&org)),
            of_round => of_round,
        };
        let mut span = Span::start(at, allowance, self.clock);
        if open.is_paused() {
            span.stop(at);
        }
        let holding = Holding {
            round: open.round.number,
            number: u16::try_from(self.history.holdings.len() + 1).unwrap_or(u16::MAX),
            is_first_of_org: !self.history.holdings.iter().any(|h| h.org == org),
            org: org.clone(),
            from: at,
            accepted_at: None,
            to: None,
            release: Release::Held,
            due: DueTimeline::default(),
            worked_seconds: None,
        };
        self.holding = Some(OpenHolding { holding, span, is_again });
        if let Some(open) = &mut self.round {
            open.round.org = Some(org);
        }
    }

    fn dispatch(&mut self, event: &CaseEvent) -> Result<(), Reason> {
        let at = event.at;
        let open = self.round.as_mut().ok_or(ENDED)?;
        let org = event.org.as_ref().or(self.record.org.as_ref()).ok_or("no authority is named")?;
        let is_first = open.round.dispatched_at.is_none();
        open.round.dispatched_at.get_or_insert(at);
        match &self.holding {
            Some(held) if held.holding.org == *org => {
                // After a reopening the first dispatch only confirms who has it.
                return if is_first { Ok(()) } else { Err("the authority holds the case already") };
            }
            // Nobody had it in between.
            Some(held) if held.is_again && held.holding.from == at => self.holding = None,
            Some(_) => self.release(at, Release::Transferred),
            None => {}
        }
        self.hold(org.clone(), at, false);
        Ok(())
    }

    fn accept(&mut self, at: Moment) -> Result<(), Reason> {
        let held = self.holding.as_mut().ok_or(NO_HOLDER)?;
        if held.holding.accepted_at.is_some() {
            return Err("the authority took the case on before");
        }
        held.holding.accepted_at = Some(at);
        Ok(())
    }

    fn give_back(&mut self, at: Moment) -> Result<(), Reason> {
        if self.holding.is_none() {
            return Err(NO_HOLDER);
        }
        self.release(at, Release::Returned);
        if let Some(open) = &mut self.round {
            open.round.returned_at.get_or_insert(at);
        }
        Ok(())
    }

    fn pause(&mut self, at: Moment) -> Result<(), Reason> {
        let open = self.round.as_mut().ok_or(ENDED)?;
        if open.is_paused() {
            return Err("the clock stands still already");
        }
        open.round.pauses.push(Pause { from: at, to: None });
        open.span.stop(at);
        if let Some(held) = &mut self.holding {
            held.span.stop(at);
        }
        Ok(())
    }

    fn resume(&mut self, at: Moment) -> Result<(), Reason> {
        let open = self.round.as_mut().ok_or(ENDED)?;
        let pause = open.round.pauses.last_mut().filter(|p| p.to.is_none()).ok_or("the clock runs already")?;
        pause.to = Some(at);
        open.span.resume(at);
        if let Some(held) = &mut self.holding {
            held.span.resume(at);
        }
        Ok(())
    }

    fn extend(&mut self, event: &CaseEvent) -> Result<(), Reason> {
        let at = event.at;
        let open = self.round.as_mut().ok_or(ENDED)?;
        let to = event.due.ok_or("no new due time is given")?;
        let standing = open.span.standing(at);
        if standing.is_some_and(|due| due <= at) {
            return Err("it was granted after the deadline");
        }
        if to <= standing.unwrap_or(at) {
            return Err("the new due time is not later");
        }
        open.span.extend(at, to);
        if let Some(held) = &mut self.holding
            && held.span.standing(at).is_none_or(|due| at < due && due < to)
        {
            held.span.extend(at, to);
        }
        Ok(())
    }

    fn end_round(&mut self, at: Moment, ending: Ending) -> Result<(), Reason> {
        let OpenRound { mut round, span, .. } = self.round.take().ok_or(ENDED)?;
        self.release(
            at,
            match ending {
                Ending::Open | Ending::Answered => Release::Answered,
                Ending::Rejected => Release::Rejected,
                Ending::Merged => Release::Merged,
            },
        );
        if let Some(pause) = round.pauses.last_mut() {
            pause.to.get_or_insert(at);
        }
        (round.due, round.worked_seconds) = span.end(at, &mut self.history.gaps);
        (round.ended_at, round.ending) = (Some(at), ending);
        self.history.rounds.push(round);
        self.is_gone = ending != Ending::Answered;
        Ok(())
    }

    /// Ends the stint of the authority that holds the case, if one does.
    fn release(&mut self, at: Moment, release: Release) {
        let Some(OpenHolding { mut holding, span, .. }) = self.holding.take() else { return };
        (holding.due, holding.worked_seconds) = span.end(at, &mut self.history.gaps);
        (holding.to, holding.release) = (Some(at), release);
        self.history.holdings.push(holding);
    }

    fn reopen(&mut self, event: &CaseEvent) -> Result<(), Reason> {
        if self.round.is_some() {
            return Err("the round has not ended");
        }
        if let Some(ended) = self.history.rounds.last_mut() {
            ended.reopened_at = Some(event.at);
        }
        self.open_round(event.at, event.due);
        let last = self.history.holdings.last().filter(|h| h.release == Release::Answered);
        if let Some(org) = last.map(|h| h.org.clone()) {
            self.hold(org, event.at, true);
        }
        Ok(())
    }

    fn rate(&mut self, event: &CaseEvent) -> Result<(), Reason> {
        let round = self.history.rounds.last_mut().ok_or("no round has ended")?;
        if round.rated_at.is_some() {
            return Err("the round was rated before");
        }
        (round.rated_at, round.satisfied) = (Some(event.at), event.satisfied);
        Ok(())
    }

    /// What is open stays open.
    fn finish(mut self) -> CaseHistory {
        if let Some(OpenHolding { mut holding, span, .. }) = self.holding.take() {
            holding.due = span.leave(&mut self.history.gaps);
            self.history.holdings.push(holding);
        }
        if let Some(OpenRound { mut round, span, .. }) = self.round.take() {
            round.due = span.leave(&mut self.history.gaps);
            self.history.rounds.push(round);
        }
        // A round and its holding often meet the same gap.
        self.history.gaps.sort_by_key(|gap| gap.at);
        self.history.gaps.dedup();
        self.history
    }
}
