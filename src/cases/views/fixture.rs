//! Small books, written case by case, and random ones.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::{Basis, Filter, Lens, Question};
use crate::cases::fixture::{at, case};
use crate::cases::{BookWriter, CaseBook, Cut, NewCase, Second, second};
use crate::domain::area::{Area, AreaKind};
use crate::domain::case::{CaseHistory, CaseRecord, DueStep, DueTimeline, Ending, Holding, Moment, Release, Round};
use crate::domain::{AreaTree, WorkCalendar};

/// A second from its wall clock text.
pub fn sec(text: &str) -> Second {
    second(at(text))
}

/// The shipped work calendar.
pub fn calendar() -> &'static WorkCalendar {
    const DECLARED: &str = include_str!("../../../indicators/work_calendar.toml");
    static CALENDAR: LazyLock<WorkCalendar> = LazyLock::new(|| WorkCalendar::from_toml(DECLARED).unwrap());
    &CALENDAR
}

/// The city, Quận 1 (760) with two wards, Quận 12 (761) with one, and Quận 3 (770) with one that has no cases.
pub fn tree() -> &'static AreaTree {
    static TREE: LazyLock<AreaTree> = LazyLock::new(|| {
        let area = |code: &str, kind, parent: Option<&str>| Area {
            code: code.into(),
            name: code.into(),
            kind,
            parent: parent.map(Into::into),
            valid_from: "2015-01-01".parse().unwrap(),
            valid_to: None,
        };
        AreaTree::new(vec![
            area("79", AreaKind::City, None),
            area("79-U", AreaKind::Residual, Some("79")),
            area("760", AreaKind::District, Some("79")),
            area("26734", AreaKind::Ward, Some("760")),
            area("26737", AreaKind::Ward, Some("760")),
            area("761", AreaKind::District, Some("79")),
            area("26764", AreaKind::Ward, Some("761")),
            area("770", AreaKind::District, Some("79")),
            area("27127", AreaKind::Ward, Some("770")),
        ])
        .unwrap()
    });
    &TREE
}

/// A case written step by step. It begins with `q1`, category `traffic`, channel `hotline`, without deadline.
#[derive(Debug, Clone)]
pub struct Sketch {
    pub record: CaseRecord,
    pub history: CaseHistory,
}

impl Sketch {
    pub fn new(id: &str, area: &str, received: &str) -> Self {
        let (mut record, history) = case(id, area, received, None);
        record.area = Some(area.into()).filter(|_| !area.is_empty());
        Self { record, history }
    }

    pub fn category(mut self, code: &str) -> Self {
        self.record.category = code.into();
        self
    }

    pub fn channel(mut self, code: &str) -> Self {
        self.record.channel = code.into();
        self
    }

    /// Who has it from the beginning.
    pub fn org(mut self, code: &str) -> Self {
        self.round().org = Some(code.into());
        self.holding().org = code.into();
        self
    }

    fn round(&mut self) -> &mut Round {
        self.history.rounds.last_mut().unwrap()
    }

    fn holding(&mut self) -> &mut Holding {
        self.history.holdings.last_mut().unwrap()
    }

    /// The deadline of the current round and stint, from its begin.
    pub fn due(mut self, due: &str) -> Self {
        let due = Some(at(due));
        let round = self.round();
        round.due = DueTimeline::new(vec![DueStep { from: round.started_at, due }]);
        let holding = self.holding();
        holding.due = DueTimeline::new(vec![DueStep { from: holding.from, due }]);
        self
    }

    /// From a moment on, another deadline; `None` for a stopped clock.
    pub fn due_from(mut self, from: &str, due: Option<&str>) -> Self {
        let step = DueStep { from: at(from), due: due.map(at) };
        let longer = |line: &DueTimeline| DueTimeline::new([line.steps(), &[step]].concat());
        let round = self.round();
        round.due = longer(&round.due);
        let holding = self.holding();
        holding.due = longer(&holding.due);
        self
    }

    fn ended(mut self, text: &str, ending: Ending, release: Release) -> Self {
        let end = at(text);
        let round = self.round();
        (round.ended_at, round.ending, round.worked_seconds) = (Some(end), ending, Some(0));
        let holding = self.holding();
        (holding.to, holding.release, holding.worked_seconds) = (Some(end), release, Some(0));
        self
    }

    pub fn answered(self, text: &str) -> Self {
        self.ended(text, Ending::Answered, Release::Answered)
    }

    pub fn rejected(self, text: &str) -> Self {
        self.ended(text, Ending::Rejected, Release::Rejected)
    }

    pub fn merged(self, text: &str) -> Self {
        self.ended(text, Ending::Merged, Release::Merged)
    }

    pub fn rated(mut self, text: &str, satisfied: bool) -> Self {
        let round = self.round();
        (round.rated_at, round.satisfied) = (Some(at(text)), Some(satisfied));
        self
    }

    /// A new round with the same authority, without deadline.
    pub fn reopened(mut self, text: &str) -> Self {
        let reopened = at(text);
        self.round().reopened_at = Some(reopened);
        let before = self.round().clone();
        let org = before.org.clone().unwrap();
        self.history.rounds.push(Round {
            number: before.number + 1,
            started_at: reopened,
            ended_at: None,
            ending: Ending::Open,
            due: DueTimeline::default(),
            dispatched_at: Some(reopened),
            returned_at: None,
            reopened_at: None,
            rated_at: None,
            satisfied: None,
            pauses: Vec::new(),
            worked_seconds: None,
            org: before.org,
        });
        self.stint(&org, reopened);
        self
    }

    /// The authority passes it on.
    pub fn passed_to(mut self, org: &str, text: &str) -> Self {
        let holding = self.holding();
        (holding.to, holding.release, holding.worked_seconds) = (Some(at(text)), Release::Transferred, Some(0));
        self.round().org = Some(org.into());
        self.stint(org, at(text));
        self
    }

    fn stint(&mut self, org: &str, from: Moment) {
        let holdings = &mut self.history.holdings;
        holdings.push(Holding {
            round: self.history.rounds.len() as u16,
            number: holdings.len() as u16 + 1,
            org: org.into(),
            from,
            to: None,
            release: Release::Held,
            accepted_at: None,
            due: DueTimeline::default(),
            worked_seconds: None,
            is_first_of_org: holdings.iter().all(|holding| *holding.org != *org),
        });
    }

    /// The case as its source held it at an instant; `None` before its receipt.
    pub fn known_at(&self, instant: Moment) -> Option<Self> {
        let seen = |at: Option<Moment>| at.filter(|at| *at <= instant);
        let line = |due: &DueTimeline| {
            DueTimeline::new(due.steps().iter().copied().filter(|step| step.from <= instant).collect())
        };
        let mut known = self.clone();
        known.history.rounds.retain(|round| round.started_at <= instant);
        known.history.holdings.retain(|holding| holding.from <= instant);
        for round in &mut known.history.rounds {
            round.ended_at = seen(round.ended_at);
            round.due = line(&round.due);
            (round.dispatched_at, round.reopened_at) = (seen(round.dispatched_at), seen(round.reopened_at));
            (round.returned_at, round.rated_at) = (seen(round.returned_at), seen(round.rated_at));
            if round.ended_at.is_none() {
                (round.ending, round.worked_seconds) = (Ending::Open, None);
            }
        }
        for holding in &mut known.history.holdings {
            holding.to = seen(holding.to);
            holding.due = line(&holding.due);
            if holding.to.is_none() {
                (holding.release, holding.worked_seconds) = (Release::Held, None);
            }
        }
        let rounds = &mut known.history.rounds;
        for round in rounds.iter_mut() {
            let held = known.history.holdings.iter().rfind(|holding| holding.round == round.number);
            round.org = held.map(|holding| holding.org.clone());
        }
        (!rounds.is_empty()).then_some(known)
    }
}

/// A book of cases of the feed `f`.
pub fn book(cases: &[Sketch]) -> CaseBook {
    let mut writer = BookWriter::default();
    let new = |case: &Sketch| (case.record.clone(), case.history.clone());
    let cases: Vec<_> = cases.iter().map(new).collect();
    writer.apply(tree(), cases.iter().map(|(record, history)| NewCase { feed: "f", record, history }));
    writer.book().clone()
}

/// A window as known at its end, without filter.
pub fn window(from: &str, to: &str) -> Question {
    let (from, to) = (sec(from), sec(to));
    Question { cut: Cut::before(to), from, to, filter: Filter::default(), basis: Basis::Effective }
}

/// All of May 2022, as known at its end.
pub fn may() -> Question {
    window("2022-05-01T00:00:00", "2022-06-01T00:00:00")
}

/// A question over a book.
pub fn lens<'b>(book: &'b CaseBook, question: &Question) -> Lens<'b> {
    Lens::new(book, tree(), question).unwrap()
}

/// A wall clock time some hours after 1 May 2022.
pub fn hours(hours: u32) -> String {
    Moment(at("2022-05-01T00:00:00").0 + i64::from(hours) * 3600).to_string()
}

/// A case with pauses, transfers, reopening and any ending, over some hundred hours.
pub fn any_sketch() -> impl Strategy<Value = Sketch> {
    let codes = (
        prop::sample::select(vec!["26734", "26737", "26764", "760", "", "Elsewhere"]),
        prop::sample::select(vec!["traffic", "waste", "noise"]),
        prop::sample::select(vec!["hotline", "zalo"]),
        prop::sample::select(vec!["q1", "q12"]),
    );
    let times = (0u32..700, prop::option::of(0u32..300), 1u32..300, 1u32..300, 0u32..300);
    let shape = (0u8..6, any::<bool>(), any::<bool>(), any::<bool>());
    (codes, times, shape).prop_map(|((area, category, channel, org), (start, due, until, on, back), shape)| {
        let (ending, is_passed, is_paused, comes_back) = shape;
        let mut case = Sketch::new("", area, &hours(start)).category(category).channel(channel).org(org);
        if let Some(due) = due {
            case = case.due(&hours(start + due));
            if is_paused {
                case = case.due_from(&hours(start + on), None);
                case = case.due_from(&hours(start + on + 20), Some(&hours(start + on + 20 + due)));
            }
        }
        if is_passed {
            case = case.passed_to("sở", &hours(start + until.min(on)));
        }
        let end = hours(start + until);
        match ending {
            0 => return case,
            1 => return case.rejected(&end),
            2 => return case.merged(&end),
            _ => case = case.answered(&end).rated(&hours(start + until + back), back % 2 == 0),
        }
        if comes_back {
            case = case.reopened(&hours(start + until + back)).due(&hours(start + until + back + on));
            if ending == 4 {
                case = case.answered(&hours(start + until + back + until));
            }
        }
        case
    })
}

/// Some cases with identifiers of their own.
pub fn any_cases(most: usize) -> impl Strategy<Value = Vec<Sketch>> {
    prop::collection::vec(any_sketch(), 0..most).prop_map(|mut cases| {
        for (number, case) in cases.iter_mut().enumerate() {
            case.record.id = format!("c{number:03}").into();
        }
        cases
    })
}

/// A case to which something happens long after all others have ended.
fn late_sketch() -> impl Strategy<Value = Sketch> {
    let moved = prop::option::of((800u32..1600, prop::option::of(1400u32..2200)));
    let (area, due, end) =
        (prop::sample::select(vec!["26734", "26764"]), 900u32..1800, prop::option::of(1200u32..2400));
    (area, 0u32..700, due, moved, end, 0u32..200).prop_map(|(area, start, due, moved, end, back)| {
        let mut case = Sketch::new("", area, &hours(start)).due(&hours(due));
        if let Some((from, due)) = moved {
            case = case.due_from(&hours(from), due.map(hours).as_deref());
        }
        match end {
            None => case,
            Some(end) => case.answered(&hours(end)).rated(&hours(end + back), true),
        }
    })
}

/// Some cases of which a few reach far: a book that tells those apart.
pub fn mostly_ended() -> impl Strategy<Value = Vec<Sketch>> {
    let ended = prop::collection::vec(any_sketch(), 60..120).prop_map(|mut cases| {
        cases.retain(|case| case.history.holdings.iter().all(|holding| holding.to.is_some()));
        cases
    });
    (ended, prop::collection::vec(late_sketch(), 1..4)).prop_map(|(mut cases, late)| {
        cases.extend(late);
        for (number, case) in cases.iter_mut().enumerate() {
            case.record.id = format!("c{number:03}").into();
        }
        cases
    })
}
