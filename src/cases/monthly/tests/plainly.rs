//! The counts once more, case by case and month by month, as the definitions read: no columns, no tables, no sharing of
//! code with what is tested.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use crate::domain::WorkCalendar;
use crate::domain::case::{CaseHistory, CaseRecord, DueTimeline, Ending, Holding, Moment, Release, Round};

/// How much of what: (group, month as "2022-05", count).
pub type Counts = BTreeMap<(String, String, &'static str), u32>;

/// A handling round or a stint.
struct Span<'a> {
    groups: Vec<String>,
    begun: &'static str,
    start: i64,
    end: Option<i64>,
    /// What it counts as when it ends.
    ended: &'static str,
    due: &'a DueTimeline,
    dispatched: Option<i64>,
    returned: Option<i64>,
    reopened: Option<i64>,
    rated: Option<i64>,
    satisfied: bool,
}

/// As of an instant, in a month.
struct Look<'a> {
    as_of: i64,
    month: String,
    from: i64,
    to: i64,
    calendar: &'a WorkCalendar,
}

/// Every count of every group and month, as of an instant; zeros left out.
pub fn counts(cases: &[(CaseRecord, CaseHistory)], as_of: Moment, calendar: &WorkCalendar) -> Counts {
    let spans: Vec<Span<'_>> = cases.iter().flat_map(|(record, history)| spans(record, history)).collect();
    let seen = spans.iter().map(|span| span.start).filter(|start| *start <= as_of.0);
    let mut counts = Counts::new();
    let Some(mut first) = seen.min().map(|start| Moment(start).date().with_day(1).unwrap()) else { return counts };
    while first <= as_of.date() {
        let next = first + chrono::Months::new(1);
        let midnight = |day: NaiveDate| Moment::midnight(day).0;
        let month = first.format("%Y-%m").to_string();
        let look = Look { as_of: as_of.0, month, from: midnight(first), to: midnight(next), calendar };
        for span in spans.iter().filter(|span| span.start <= as_of.0) {
            look.count(span, &mut |what| {
                for group in &span.groups {
                    *counts.entry((group.clone(), look.month.clone(), what)).or_default() += 1;
                }
            });
        }
        first = next;
    }
    counts
}

fn spans<'a>(record: &'a CaseRecord, history: &'a CaseHistory) -> Vec<Span<'a>> {
    let area = record.area.as_deref().unwrap_or_default();
    let scopes: &[&str] = match area {
        "" => &["city", "unplaced"],
        "760" => &["city", "district 760", "place 760"],
        "26734" => &["city", "district 760", "place 26734"],
        "26737" => &["city", "district 760", "place 26737"],
        _ => &["city", "place Hollins Market"],
    };
    let slices = ["".to_owned(), format!(" channel {}", record.channel), format!(" field {}", record.category)];
    let groups: Vec<String> =
        scopes.iter().flat_map(|scope| slices.iter().map(move |slice| format!("{scope}{slice}"))).collect();
    let rounds = history.rounds.iter().map(|round| of_round(round, groups.clone()));
    let stints = history.holdings.iter().map(|held| {
        let round = history.rounds.iter().find(|round| round.number == held.round).unwrap();
        let groups = vec![format!("org {}", held.org), format!("org {} field {}", held.org, record.category)];
        of_stint(held, round, groups)
    });
    rounds.chain(stints).collect()
}

fn of_round(round: &Round, groups: Vec<String>) -> Span<'_> {
    Span {
        groups,
        begun: if round.number == 1 { "received" } else { "reopened" },
        start: round.started_at.0,
        end: round.ended_at.map(|at| at.0),
        ended: match round.ending {
            Ending::Open => "",
            Ending::Answered => "closed",
            Ending::Rejected => "rejected",
            Ending::Merged => "merged",
        },
        due: &round.due,
        dispatched: round.dispatched_at.map(|at| at.0),
        returned: round.returned_at.map(|at| at.0),
        reopened: round.reopened_at.map(|at| at.0),
        rated: round.rated_at.map(|at| at.0),
        satisfied: round.satisfied == Some(true),
    }
}

fn of_stint<'a>(held: &'a Holding, round: &Round, groups: Vec<String>) -> Span<'a> {
    let answered = held.release == Release::Answered;
    Span {
        groups,
        begun: if held.is_first_of_org {
            "received"
        } else if round.number > 1 && held.from == round.started_at {
            "reopened"
        } else {
            "transferred in"
        },
        start: held.from.0,
        end: held.to.map(|at| at.0),
        ended: match held.release {
            Release::Held => "",
            Release::Answered => "closed",
            Release::Rejected => "rejected",
            Release::Merged => "merged",
            Release::Returned | Release::Transferred => "transferred out",
        },
        due: &held.due,
        dispatched: Some(held.from.0),
        returned: if held.release == Release::Returned { held.to.map(|at| at.0) } else { None },
        reopened: round.reopened_at.filter(|_| answered).map(|at| at.0),
        rated: round.rated_at.filter(|_| answered).map(|at| at.0),
        satisfied: answered && round.satisfied == Some(true),
    }
}

impl Look<'_> {
    /// Known as of the instant.
    fn known(&self, at: Option<i64>) -> Option<i64> {
        at.filter(|at| *at <= self.as_of)
    }

    fn in_month(&self, at: i64) -> bool {
        self.from <= at && at < self.to
    }

    fn count(&self, span: &Span<'_>, add: &mut impl FnMut(&'static str)) {
        let end = self.known(span.end);
        let effective = span.due.at(Moment(end.unwrap_or(self.as_of))).map(|due| due.0);
        let original = span.due.original().map(|due| due.0);
        if self.in_month(span.start) {
            add(span.begun);
        }
        if let Some(end) = end.filter(|end| self.in_month(*end)) {
            add(span.ended);
            if span.ended == "closed" {
                let bases = [("closed on time", effective), ("closed on time, original", original)];
                bases.into_iter().filter(|(_, due)| due.is_none_or(|due| end <= due)).for_each(|(what, _)| add(what));
                if self.known(span.reopened).is_some_and(|again| again - end <= 30 * 86_400) {
                    add("closed, reopened");
                }
            }
        }
        self.due(span, end, (effective, ["due", "overdue"]), add);
        self.due(span, end, (original, ["due, original", "overdue, original"]), add);
        if let Some(at) = self.known(span.dispatched).filter(|at| self.in_month(*at)) {
            add("dispatched");
            if at - span.start <= 300 {
                add("dispatched within 5 minutes");
            }
            if self.known(span.returned).is_some() {
                add("rerouted");
            }
        }
        if self.known(span.rated).is_some_and(|at| self.in_month(at)) {
            add("rated");
            if span.satisfied {
                add("satisfied");
            }
        }
        self.stocks(span, end, add);
    }

    fn due(
        &self,
        span: &Span<'_>,
        end: Option<i64>,
        (due, names): (Option<i64>, [&'static str; 2]),
        add: &mut impl FnMut(&'static str),
    ) {
        let Some(due) = self.known(due).filter(|due| self.in_month(*due)) else { return };
        let given_up = span.ended != "closed" && end.is_some_and(|end| end < due);
        if !given_up {
            add(names[0]);
            if end.is_none_or(|end| end > due) {
                add(names[1]);
            }
        }
    }

    fn stocks(&self, span: &Span<'_>, end: Option<i64>, add: &mut impl FnMut(&'static str)) {
        let e = self.to.min(self.as_of + 1);
        if span.start >= e || end.is_some_and(|end| end < e) {
            return;
        }
        add(match (e - span.start) / 86_400 {
            0..5 => "open under 5 days",
            5..=15 => "open 5 to 15 days",
            16..=30 => "open 16 to 30 days",
            _ => "open over 30 days",
        });
        let Some(due) = span.due.at(Moment(e - 1)).filter(|due| due.0 < e) else { return };
        add(match self.calendar.working_days_between(due.date(), Moment(e - 1).date()).unwrap() {
            0..=5 => "overdue up to 5 days",
            6..=10 => "overdue 6 to 10 days",
            11..=30 => "overdue 11 to 30 days",
            _ => "overdue over 30 days",
        });
    }
}
