//! The life of a case, event by event: sent out, given back, stopped, extended, answered, reopened.

use std::sync::Arc;

use chrono::{Days, NaiveDate, TimeDelta};

use super::chance::Chance;
use super::conduct::{self, Pattern};
use super::traits::{Codes, Traits, central_for};
use crate::domain::WorkCalendar;
use crate::domain::case::{CaseEvent, EventKind, Moment};

const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

/// What must become of a case, where a published figure asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Answered by its due time.
    OnTime,
    /// Answered after it.
    Late,
    /// Not yet answered at a moment; on time or late as it is.
    OpenAt(Moment),
    /// Answered by a moment; on time or late as it is.
    DoneBy(Moment),
}

/// What all lives share.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stage<'g> {
    pub calendar: &'g WorkCalendar,
    pub codes: &'g Codes,
    /// Whether the case keeps events; without them it is answered and no more.
    pub with_events: bool,
    /// Whether citizens may reopen it.
    pub may_reopen: bool,
}

/// A finished life.
#[derive(Debug)]
pub(super) struct Life {
    pub events: Vec<CaseEvent>,
    /// The due time of the first round, whether the source says it or not.
    pub due: Moment,
    pub pattern: Option<Pattern>,
    /// When the first answer could have come at the earliest.
    pub ready: Moment,
    /// Received, sent out, answered, no more: its fate can be changed without side effects.
    pub is_plain: bool,
}

/// A life being lived.
struct Course<'g, 'c> {
    stage: Stage<'g>,
    traits: &'c Traits<'g>,
    chance: &'c mut Chance,
    events: Vec<CaseEvent>,
    /// The last thing that happened.
    now: Moment,
    due: Moment,
    holder: Arc<str>,
    pattern: Option<Pattern>,
    fate: Option<Fate>,
    ready: Option<Moment>,
    is_plain: bool,
}

/// Lives a case.
pub(super) fn live<'g>(stage: Stage<'g>, traits: &Traits<'g>, fate: Option<Fate>, chance: &mut Chance) -> Life {
    let pattern = conduct::pattern(traits, chance).filter(|_| stage.with_events);
    let due = if traits.is_urgent {
        Moment(traits.received.0 + DAY)
    } else {
        evening_after(stage.calendar, traits.day(), traits.days)
    };
    let mut course = Course {
        stage,
        traits,
        chance,
        events: Vec::with_capacity(8),
        now: traits.received,
        due,
        holder: traits.org.clone(),
        pattern,
        fate,
        ready: None,
        is_plain: pattern.is_none(),
    };
    course.run();
    let ready = course.ready.unwrap_or(course.now);
    Life { events: course.events, due, pattern: course.pattern, ready, is_plain: course.is_plain }
}

/// 17:00 of the working day so many working days later; five days of seven where the calendar ends.
fn evening_after(calendar: &WorkCalendar, day: NaiveDate, days: u32) -> Moment {
    let counted = day + Days::new(u64::from(days + days / 5 * 2));
    let day = calendar.add_working_days(day, days).unwrap_or(counted);
    Moment(Moment::midnight(day).0 + 17 * HOUR)
}

impl Course<'_, '_> {
    fn run(&mut self) {
        self.event(EventKind::Received, self.now);
        self.send_out();
        if self.pattern == Some(Pattern::Bouncing) {
            for _ in 0..self.chance.between(3, 6) {
                self.give_back();
            }
        } else if self.chance.happens(0.034) {
            self.is_plain = false;
            self.give_back();
        }
        if self.chance.happens(0.008) {
            self.is_plain = false;
            self.pass_on();
        }
        let leaves = self.chance.happens(0.02);
        if self.stage.with_events && (leaves || self.traits.is_repeat) {
            self.is_plain = false;
            let kind = if self.traits.is_repeat { EventKind::Merged } else { EventKind::Rejected };
            let after = if leaves { 2 * DAY } else { DAY };
            let at = Moment(self.now.0 + self.chance.between(HOUR / 2, after));
            let at = self.office(at, self.now, Moment(i64::MAX));
            return self.event(kind, at);
        }
        let late = self.chance.happens(conduct::lateness(self.traits));
        let late = match self.fate {
            Some(Fate::OnTime) => false,
            Some(Fate::Late) => true,
            Some(Fate::DoneBy(at)) => late && self.due < at,
            _ => late,
        };
        self.detours(late);
        self.answer(late);
        self.aftermath(late);
    }

    fn event(&mut self, kind: EventKind, at: Moment) {
        self.push(CaseEvent { seq: 0, at, kind, org: None, due: None, satisfied: None });
    }

    /// Appends an event, at least one second after the last one.
    fn push(&mut self, event: CaseEvent) {
        let seq = self.events.len() as u32 + 1;
        let earliest = if seq == 1 { event.at } else { Moment(self.now.0 + 1) };
        self.now = event.at.max(earliest);
        self.events.push(CaseEvent { seq, at: self.now, ..event });
    }

    fn dispatch(&mut self, org: Arc<str>, at: Moment) {
        self.holder = org.clone();
        self.push(CaseEvent { seq: 0, at, kind: EventKind::Dispatched, org: Some(org), due: None, satisfied: None });
    }

    /// To the authority, mostly within five minutes, and taken on there.
    fn send_out(&mut self) {
        let delay = match self.chance.uniform() {
            luck if luck < 0.94 => self.chance.between(20, 296),
            luck if luck < 0.985 => self.chance.between(300, HOUR),
            _ => self.chance.between(HOUR, 20 * HOUR),
        };
        self.dispatch(self.holder.clone(), Moment(self.now.0 + delay));
        if self.chance.happens(0.6) {
            let room = (self.due.0 - self.now.0).max(HOUR) / 4;
            let raw = Moment(self.now.0 + self.chance.between(300, room));
            let at = self.office(raw, self.now, Moment(self.now.0 + room));
            self.event(EventKind::Accepted, at);
        }
    }

    /// Given back as not this authority's business and sent to another one.
    fn give_back(&mut self) {
        let at = Moment(self.now.0 + self.chance.between(HOUR, 18 * HOUR));
        let at = self.office(at, self.now, Moment(self.now.0 + DAY));
        self.event(EventKind::Returned, at);
        self.pass_on();
    }

    fn pass_on(&mut self) {
        let at = Moment(self.now.0 + self.chance.between(240, 4 * HOUR));
        self.dispatch(self.elsewhere(), at);
    }

    /// Another authority that could be meant.
    fn elsewhere(&self) -> Arc<str> {
        let place = self.traits.place;
        let committee = place.district_committee.as_ref().unwrap_or(&place.ward_committee);
        if *committee != self.holder {
            return committee.clone();
        }
        let bounces = self.pattern == Some(Pattern::Bouncing);
        let field = if bounces { "construction" } else { &self.traits.field };
        self.stage.codes.central(central_for(field, self.traits.day()))
    }

    /// The clock is stopped or the limit moved, for a few.
    fn detours(&mut self, late: bool) {
        let luck = self.chance.uniform();
        let room = self.due.0 - self.now.0;
        if !self.stage.with_events || self.fate.is_some() || room < 4 * HOUR {
            return;
        }
        if luck < 0.05 && !conduct::is_watched(self.traits) {
            self.is_plain = false;
            self.pause(room);
        } else if (0.05..0.08).contains(&luck) {
            self.is_plain = false;
            self.extend(room, late);
        }
    }

    fn pause(&mut self, room: i64) {
        let share = 0.1 + 0.5 * self.chance.uniform();
        self.event(EventKind::Paused, Moment(self.now.0 + (room as f64 * share) as i64));
        let stopped = self.now;
        if self.chance.happens(0.12) {
            return;
        }
        let raw = Moment(stopped.0 + self.chance.between(DAY, 6 * DAY));
        let at = self.office(raw, stopped, Moment(stopped.0 + 8 * DAY));
        self.event(EventKind::Resumed, at);
        let calendar = self.stage.calendar;
        let lost = calendar.working_hours_between(stopped.local(), self.now.local()).unwrap_or(TimeDelta::zero());
        let later = calendar.add_working_hours(self.due.local(), lost);
        self.due = later.map_or(self.due, Moment::from_local);
    }

    /// Asked before the limit it counts; asked after it, it does not.
    fn extend(&mut self, room: i64, late: bool) {
        let too_late = late && self.chance.happens(0.75);
        let at = if too_late {
            Moment(self.due.0 + self.chance.between(HOUR, 2 * DAY))
        } else {
            let share = 0.4 + 0.5 * self.chance.uniform();
            Moment(self.now.0 + (room as f64 * share) as i64)
        };
        let due = evening_after(self.stage.calendar, self.due.date(), 5);
        let event = CaseEvent { seq: 0, at, kind: EventKind::Extended, org: None, due: Some(due), satisfied: None };
        self.push(event);
        if !too_late {
            self.due = due;
        }
    }

    fn answer(&mut self, late: bool) {
        let from = Moment(self.now.0 + 120);
        self.ready.get_or_insert(from);
        let late = late || self.due <= from;
        let natural = if late { self.late_answer(from) } else { self.timely_answer(from) };
        let at = match self.fate {
            Some(Fate::OpenAt(at)) if late => Moment(at.0.max(self.due.0) + 1 + self.chance.between(HOUR, 9 * DAY)),
            Some(Fate::OpenAt(at)) => Moment(self.chance.between(at.0 + 1, self.due.0)),
            Some(Fate::DoneBy(at)) if late => Moment(self.chance.between(self.due.0.max(from.0) + 1, at.0)),
            Some(Fate::DoneBy(at)) => Moment(self.chance.between(from.0, at.0.min(self.due.0))),
            _ => natural,
        };
        self.event(EventKind::Answered, at);
    }

    fn timely_answer(&mut self, from: Moment) -> Moment {
        let luck = self.chance.uniform();
        let raw = Moment(from.0 + ((self.due.0 - from.0) as f64 * (0.02 + 0.96 * luck * luck)) as i64);
        let at = self.office(raw, from, self.due);
        let wanted = match self.pattern {
            Some(Pattern::JustBeforeLimit) => Moment(self.due.0 - self.chance.between(40, 590)),
            Some(Pattern::EveningBulk) => self.friday_evening(from),
            _ => return at,
        };
        if from <= wanted && wanted <= self.due {
            return wanted;
        }
        self.pattern = None;
        at
    }

    /// 21:47 of the next Friday, give or take seconds.
    fn friday_evening(&mut self, from: Moment) -> Moment {
        use chrono::{Datelike, Weekday};
        let day = from.date();
        let wait = (Weekday::Fri.num_days_from_monday() + 7 - day.weekday().num_days_from_monday()) % 7;
        let evening = Moment::midnight(day + Days::new(u64::from(wait))).0 + 21 * HOUR + 47 * 60;
        Moment(evening + self.chance.between(0, 60))
    }

    fn late_answer(&mut self, from: Moment) -> Moment {
        let days = match self.chance.uniform() {
            luck if luck < 0.5 => 0.1 + 4.0 * self.chance.uniform(),
            luck if luck < 0.85 => 3.0 + 11.0 * self.chance.uniform(),
            _ => 10.0 + 40.0 * self.chance.uniform(),
        };
        if matches!(self.pattern, Some(Pattern::JustBeforeLimit | Pattern::EveningBulk)) {
            self.pattern = None;
        }
        let start = Moment(self.due.max(from).0 + 1);
        let raw = Moment(start.0 + (days * DAY as f64) as i64);
        self.office(raw, start, Moment(i64::MAX))
    }

    /// The same day or the next working day, at an hour when people work, where that lies between two moments.
    fn office(&mut self, raw: Moment, from: Moment, until: Moment) -> Moment {
        let moves = self.chance.happens(0.85);
        let hour = match self.chance.uniform() {
            luck if luck < 0.9 => 7.6 + 4.7 * (self.chance.uniform() + self.chance.uniform()),
            _ => 17.0 + 5.0 * self.chance.uniform(),
        };
        let day = raw.date();
        let day = if moves { self.stage.calendar.add_working_days(day, 0).unwrap_or(day) } else { day };
        let at = Moment(Moment::midnight(day).0 + (hour * HOUR as f64) as i64);
        if from <= at && at <= until { at } else { raw.clamp(from, until) }
    }

    /// Rating, confirmation, reopening.
    fn aftermath(&mut self, late: bool) {
        let (mut late, mut round) = (late, 1);
        loop {
            let answered = self.now;
            let reopened = self.reopening(answered, late, round);
            self.confirm(answered, late, reopened);
            let Some(at) = reopened else { return };
            self.is_plain = false;
            round += 1;
            let due = evening_after(self.stage.calendar, at.date(), 5);
            let told = conduct::is_watched(self.traits) || self.chance.happens(0.75);
            let event = CaseEvent {
                seq: 0,
                at,
                kind: EventKind::Reopened,
                org: None,
                due: told.then_some(due),
                satisfied: None,
            };
            self.push(event);
            self.due = due;
            self.send_out();
            late = self.chance.happens((conduct::lateness(self.traits) * 1.2).min(0.9));
            self.answer(late);
        }
    }

    /// When the citizen comes back, if so.
    fn reopening(&mut self, answered: Moment, late: bool, round: u32) -> Option<Moment> {
        let planted = self.pattern == Some(Pattern::ReopenedAfterOnTime) && round == 1;
        if planted && late {
            self.pattern = None;
        }
        let probability = match round {
            1 => 0.026,
            2..=4 => 0.18,
            _ => 0.0,
        };
        let (comes, luck) = (self.chance.happens(probability), self.chance.uniform());
        if !self.stage.with_events || !self.stage.may_reopen || self.fate.is_some() {
            return None;
        }
        let days = match (planted && !late, comes) {
            (true, _) => 0.4 + 3.0 * luck,
            (false, true) => 0.3 + 42.0 * luck * luck,
            (false, false) => return None,
        };
        Some(Moment(answered.0 + (days * DAY as f64) as i64))
    }

    /// Ratings and confirmations that come before the case is reopened.
    fn confirm(&mut self, answered: Moment, late: bool, reopened: Option<Moment>) {
        let mut after = Vec::with_capacity(2);
        if self.chance.happens(0.85) {
            after.push((Moment(answered.0 + self.chance.between(DAY, 5 * DAY)), EventKind::Closed, None));
        }
        if self.chance.happens(0.2) {
            let content = match (reopened.is_some(), late) {
                (true, _) => 0.1,
                (false, true) => 0.5,
                (false, false) => 0.87,
            };
            let satisfied = Some(self.chance.happens(content));
            after.push((Moment(answered.0 + self.chance.between(HOUR, 3 * DAY)), EventKind::Rated, satisfied));
        }
        after.sort_by_key(|(at, ..)| *at);
        for (at, kind, satisfied) in after {
            if reopened.is_none_or(|reopened| at < reopened) {
                self.push(CaseEvent { seq: 0, at, kind, org: None, due: None, satisfied });
            }
        }
    }
}
