//! Cases of tests: the shipped calendar, a table of two general rules and one for emergencies, records written as lines.

use std::sync::LazyLock;

use super::{CaseEvent, CaseRecord, DeadlineRule, DeadlineTable, DeadlineUnit, DuePolicy, Moment};
use crate::domain::{Vintage, WorkCalendar};

/// `2022-05-10T08:00:00`; the seconds may be left out.
pub fn at(text: &str) -> Moment {
    let whole = if text.len() == 16 { format!("{text}:00") } else { text.to_owned() };
    Moment::from_local(whole.parse().unwrap())
}

/// The shipped calendar: 2021 to 2026, 7:30-11:30 and 13:00-17:00.
pub fn calendar() -> &'static WorkCalendar {
    static CALENDAR: LazyLock<WorkCalendar> =
        LazyLock::new(|| WorkCalendar::from_toml(include_str!("../../../indicators/work_calendar.toml")).unwrap());
    &CALENDAR
}

/// Five working days; ten from 1/9/2025; four hours for an urgent case of electricity; two working hours for `b`'s own.
pub fn table() -> &'static DeadlineTable {
    static TABLE: LazyLock<DeadlineTable> = LazyLock::new(|| {
        let rule = |from: &str, amount, unit| DeadlineRule {
            valid_from: from.parse().unwrap(),
            valid_to: None,
            category: None,
            priority: None,
            org: None,
            amount,
            unit,
            basis: String::new(),
            proposed: false,
        };
        let named = |name: &str| Some(name.to_owned());
        DeadlineTable::new(vec![
            DeadlineRule {
                valid_to: Some("2025-08-31".parse().unwrap()),
                ..rule("2020-05-04", 5, DeadlineUnit::WorkingDay)
            },
            rule("2025-09-01", 10, DeadlineUnit::WorkingDay),
            DeadlineRule {
                category: named("electricity"),
                priority: named("urgent"),
                ..rule("2020-05-04", 4, DeadlineUnit::Hour)
            },
            DeadlineRule { org: named("hotline"), ..rule("2020-05-04", 2, DeadlineUnit::WorkingHour) },
        ])
        .unwrap()
    });
    &TABLE
}

/// A case of noise without anything known but its receipt.
pub fn record(received: &str) -> CaseRecord {
    CaseRecord {
        id: "1".into(),
        channel: "hotline".into(),
        category: "noise".into(),
        priority: "normal".into(),
        area: None,
        org: None,
        received_at: at(received),
        due_at: None,
        due_policy: DuePolicy::Table,
        resolved_at: None,
        parent: None,
        longitude: None,
        latitude: None,
        updated_at: Vintage::from_local("2026-01-01T00:00:00".parse().unwrap()),
        events: Vec::new(),
    }
}

/// A case with events, one a line: moment, kind and, where it has one, the authority, the due time or `yes`/`no`.
pub fn case(received: &str, lines: &[&str]) -> CaseRecord {
    let events = lines.iter().zip(1..).map(|(line, seq)| {
        let mut words = line.split(' ');
        let (when, kind, what) = (words.next().unwrap(), words.next().unwrap(), words.next());
        let mut event =
            CaseEvent { seq, at: at(when), kind: kind.parse().unwrap(), org: None, due: None, satisfied: None };
        match what {
            Some("yes" | "no") => event.satisfied = Some(what == Some("yes")),
            Some(due) if due.starts_with("20") => event.due = Some(at(due)),
            org => event.org = org.map(Into::into),
        }
        event
    });
    CaseRecord { events: events.collect(), ..record(received) }
}
