//! Random cases for tests: every way in which one can begin, wait, move on and end, often at the very second where the
//! counting changes.

use super::fixture::{at, case};
use crate::domain::case::{CaseHistory, CaseRecord, DueStep, DueTimeline, Ending, Holding, Moment, Release, Round};

/// Numbers that look random and follow from a seed.
#[derive(Debug)]
pub struct Dice(pub u64);

const HOUR: i64 = 3600;
const DAY: i64 = 86_400;

impl Dice {
    /// A number below a bound.
    pub fn below(&mut self, bound: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((u128::from(self.0 >> 16) * bound as u128) >> 48) as i64
    }

    /// One time in so many.
    pub fn once_in(&mut self, count: i64) -> bool {
        self.below(count) == 0
    }

    fn pick<'a>(&mut self, codes: &[&'a str]) -> &'a str {
        codes[self.below(codes.len() as i64) as usize]
    }

    /// A time, or sometimes the nearest beginning of a month or the second before it.
    fn snapped(&mut self, moment: i64) -> i64 {
        let boundaries = ["2022-01-01", "2022-02-01", "2022-03-01", "2022-04-01", "2022-05-01"];
        match self.below(10) {
            0 => {
                let boundary = at(&format!("{}T00:00:00", self.pick(&boundaries))).0 - self.below(2);
                if boundary >= moment { boundary } else { moment }
            }
            _ => moment,
        }
    }

    /// A length of time: minutes, days, or months.
    fn length(&mut self) -> i64 {
        match self.below(4) {
            0 => self.below(2 * HOUR),
            1 | 2 => self.below(8 * DAY),
            _ => self.below(110 * DAY),
        }
    }
}

/// Areas of the fixture's tree, its district, nowhere, and a name that the tree does not know.
const AREAS: [&str; 5] = ["26734", "26737", "760", "", "Hollins Market"];
/// Authorities.
pub const ORGS: [&str; 3] = ["q1", "q3", "sxd"];
const CATEGORIES: [&str; 3] = ["traffic", "noise", "waste"];
const CHANNELS: [&str; 3] = ["hotline", "zalo", "app"];

/// A case received between December 2021 and April 2022.
pub fn history(id: &str, dice: &mut Dice) -> (CaseRecord, CaseHistory) {
    let begin = at("2021-12-01T00:00:00").0;
    let received = begin + dice.below(150 * DAY);
    let received = dice.snapped(received);
    let (mut record, _) = case(id, "", "2022-01-01T00:00:00", None);
    record.area = Some(dice.pick(&AREAS)).filter(|area| !area.is_empty()).map(Into::into);
    record.category = dice.pick(&CATEGORIES).into();
    record.channel = dice.pick(&CHANNELS).into();
    record.received_at = Moment(received);
    let mut history = CaseHistory::default();
    let mut start = received;
    for number in 1..=3 {
        let mut round = round(number, start, dice);
        let earlier = history.holdings.len();
        holdings(&round, &mut history, dice);
        let stints = &history.holdings[earlier..];
        round.returned_at = stints.iter().find(|held| held.release == Release::Returned).and_then(|held| held.to);
        round.org = stints.last().map(|held| held.org.clone());
        let again = round.reopened_at;
        history.rounds.push(round);
        match again {
            Some(at) => start = at.0,
            None => break,
        }
    }
    (record, history)
}

fn round(number: u16, start: i64, dice: &mut Dice) -> Round {
    let due = timeline(start, dice);
    let end = match (dice.below(6), due.last()) {
        (0, _) => None,
        (1, Some(due)) if due.0 >= start => Some(due.0 + dice.below(2)),
        _ => {
            let end = start + dice.length();
            Some(dice.snapped(end))
        }
    };
    // What stood after the end never came to be.
    let due = DueTimeline::new(due.steps().iter().copied().filter(|s| end.is_none_or(|end| s.from.0 <= end)).collect());
    let ending = match (end, dice.below(8)) {
        (None, _) => Ending::Open,
        (_, 0) => Ending::Rejected,
        (_, 1) => Ending::Merged,
        _ => Ending::Answered,
    };
    let answered = end.filter(|_| ending == Ending::Answered);
    let later = |dice: &mut Dice, days: i64| answered.map(|end| Moment(end + dice.below(days * DAY)));
    let reopened_at = match dice.below(12) {
        0 => answered.map(|end| Moment(end + 30 * DAY + dice.below(2))),
        1..4 if number < 3 => later(dice, 60),
        _ => None,
    }
    .filter(|_| number < 3);
    let rated_at = if dice.once_in(2) { later(dice, 50) } else { None };
    let dispatched = start
        + match dice.below(4) {
            0 => 0,
            1 => 299 + dice.below(3),
            _ => dice.below(3 * DAY),
        };
    Round {
        number,
        started_at: Moment(start),
        ended_at: end.map(Moment),
        ending,
        due,
        dispatched_at: Some(Moment(dispatched)).filter(|at| end.is_none_or(|end| at.0 <= end)),
        returned_at: None,
        reopened_at,
        rated_at,
        satisfied: rated_at.map(|_| dice.once_in(2)),
        pauses: Vec::new(),
        worked_seconds: end.map(|end| (end - start) as u32 / (1 + dice.below(5) as u32)),
        org: None,
    }
}

/// No deadline, one, or one that stops, goes on and is extended.
fn timeline(start: i64, dice: &mut Dice) -> DueTimeline {
    if dice.once_in(8) {
        return DueTimeline::default();
    }
    let due = start + dice.below(25 * DAY);
    let mut due = dice.snapped(due);
    let mut from = start;
    let mut steps = vec![DueStep { from: Moment(from), due: Some(Moment(due)) }];
    for _ in 0..[0, 0, 0, 1, 3][dice.below(5) as usize] {
        from += dice.below(15 * DAY);
        let stopped = dice.once_in(2);
        due += dice.below(20 * DAY);
        steps.push(DueStep { from: Moment(from), due: (!stopped).then_some(Moment(due)) });
    }
    DueTimeline::new(steps)
}

/// Up to three stints from the dispatch to the end of a round.
fn holdings(round: &Round, history: &mut CaseHistory, dice: &mut Dice) {
    let Some(dispatched) = round.dispatched_at else { return };
    let mut from = dispatched.0;
    for left in (0..1 + dice.below(3)).rev() {
        let handed_on = from + dice.below(10 * DAY);
        let is_last = left == 0 || round.ended_at.is_some_and(|end| end.0 <= handed_on);
        let to = if is_last { round.ended_at.map(|end| end.0) } else { Some(handed_on) };
        let release = match (is_last, round.ending) {
            (false, _) if dice.once_in(2) => Release::Returned,
            (false, _) => Release::Transferred,
            (true, Ending::Open) => Release::Held,
            (true, Ending::Answered) => Release::Answered,
            (true, Ending::Rejected) => Release::Rejected,
            (true, Ending::Merged) => Release::Merged,
        };
        let org = dice.pick(&ORGS);
        let due = timeline(from, dice);
        history.holdings.push(Holding {
            round: round.number,
            number: history.holdings.len() as u16 + 1,
            org: org.into(),
            from: Moment(from),
            to: to.map(Moment),
            release,
            due: DueTimeline::new(due.steps().iter().copied().filter(|s| to.is_none_or(|to| s.from.0 <= to)).collect()),
            accepted_at: None,
            worked_seconds: to.map(|to| (to - from) as u32 / 3),
            is_first_of_org: !history.holdings.iter().any(|held| &*held.org == org),
        });
        if is_last {
            return;
        }
        from = handed_on + if release == Release::Returned { dice.below(2 * DAY) } else { 0 };
        if round.ended_at.is_some_and(|end| end.0 < from) {
            return;
        }
    }
}
