//! Order, codes, shares and habits.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Timelike};

use super::*;
use crate::domain::case::EventKind;

/// Share of cases for which something is true, in percent.
fn percent(cases: &[SampleCase], is_so: impl Fn(&CaseRecord) -> bool) -> f64 {
    100.0 * cases.iter().filter(|c| is_so(&c.record)).count() as f64 / cases.len() as f64
}

fn has(kind: EventKind) -> impl Fn(&CaseRecord) -> bool {
    move |record| record.events.iter().any(|e| e.kind == kind)
}

#[test]
fn a_seed_makes_the_same_cases_and_parts_make_the_whole() {
    let options = CaseOptions { bad_share: 0.05, ..CaseOptions::new(9, day("2022-01-01"), day("2022-03-01"), 2_000) };
    let (one, again) = (generator(&options), generator(&options));
    let whole: Vec<SampleCase> = one.iter().collect();
    assert!(whole == again.iter().collect::<Vec<_>>());
    let parts: Vec<SampleCase> = [0..700, 700..701, 701..5_000].into_iter().flat_map(|n| again.numbers(n)).collect();
    assert!(whole == parts);
    let months: Vec<SampleCase> = one.months().into_iter().flat_map(|m| one.numbers(one.received_in(m))).collect();
    assert!(whole == months);
    let other = generator(&CaseOptions { seed: 10, ..options });
    assert!(whole != other.iter().collect::<Vec<_>>());
}

#[test]
fn a_hundred_million_cases_are_within_reach() {
    let options = CaseOptions::new(1, day("2021-01-01"), day("2026-10-01"), 100_000_000);
    let made = generator(&options);
    assert_eq!(made.len(), 100_000_000);
    let tail: Vec<SampleCase> = made.numbers(99_999_000..100_000_000).collect();
    assert_eq!(tail.len(), 1_000);
    assert!(tail.iter().all(|c| c.record.received_at.date() == day("2026-09-30")));
    assert_eq!(&*tail[999].record.id, "1022-2026-100000000");
}

#[test]
fn receipts_ascend_and_events_are_ordered_and_agree_with_the_record() {
    for cases in [committed(), plain()] {
        assert!(cases.is_sorted_by_key(|c| c.record.received_at));
        for record in cases.iter().map(|c| &c.record).filter(|r| !r.events.is_empty()) {
            let (id, events) = (&record.id, &record.events);
            assert_eq!((events[0].kind, events[0].at), (EventKind::Received, record.received_at), "{id}");
            assert!(events.windows(2).all(|w| w[0].at < w[1].at && w[0].seq + 1 == w[1].seq), "{id}");
            let dispatched = events.iter().rfind(|e| e.kind == EventKind::Dispatched);
            assert_eq!(dispatched.and_then(|e| e.org.clone()), record.org, "{id}");
            let says_due = |e: &crate::domain::case::CaseEvent| e.kind != EventKind::Extended || e.due.is_some();
            assert!(events.iter().all(says_due), "{id}");
            let mut open = true;
            for event in events {
                match event.kind {
                    EventKind::Answered | EventKind::Rejected | EventKind::Merged => {
                        assert!(std::mem::replace(&mut open, false), "{id}: ended twice");
                    }
                    EventKind::Reopened => assert!(!std::mem::replace(&mut open, true), "{id}: reopened while open"),
                    EventKind::Closed | EventKind::Rated => assert!(!open, "{id}: rated while open"),
                    _ => assert!(open, "{id}: {} after the end", event.kind),
                }
            }
            assert_eq!(record.updated_at, events[events.len() - 1].at.vintage(), "{id}");
            assert_eq!(record.parent.is_some(), has(EventKind::Merged)(record), "{id}");
        }
    }
}

#[test]
fn ids_are_unique_and_parents_are_older_cases() {
    for cases in [committed(), plain()] {
        let mut seen = BTreeSet::new();
        for case in cases {
            let fresh = seen.insert(case.record.id.clone());
            assert_eq!(fresh, case.fault != Some(Fault::DuplicateId), "{}", case.record.id);
            if let Some(parent) = &case.record.parent {
                assert!(seen.contains(parent) && *parent != case.record.id, "{}", case.record.id);
            }
        }
    }
}

#[test]
fn every_code_is_declared_and_valid_on_the_day() {
    let catalog = catalog();
    let far = CaseOptions::new(3, day("2024-11-01"), day("2025-09-01"), 5_000);
    let far: Vec<SampleCase> = generator(&far).iter().collect();
    for case in committed().iter().chain(plain()).chain(&far) {
        let record = &case.record;
        let received = record.received_at.date();
        let area_on = |code: &str, day| catalog.areas.areas().iter().any(|a| a.code == code && a.is_valid_on(day));
        assert!(catalog.dimensions["channel"].members.contains_key(&*record.channel));
        assert!(catalog.dimensions["field"].members.contains_key(&*record.category));
        assert!(matches!(&*record.priority, "normal" | "urgent"));
        let area = record.area.as_deref();
        let is_planted = case.fault == Some(Fault::UnknownWard);
        assert_eq!(area.is_some_and(|a| !area_on(a, received)), is_planted, "{}: {area:?}", record.id);
        let orgs = record.events.iter().filter_map(|e| e.org.as_deref()).chain(record.org.as_deref());
        for org in orgs {
            let declared = catalog.org_units.iter().any(|o| o.code == org && o.is_valid_on(received));
            let ward = org.strip_prefix("ubnd_").is_some_and(|code| code.len() == 5 && area_on(code, received));
            assert!(declared || ward, "{}: {org}", record.id);
        }
    }
}

#[test]
fn shares_are_those_of_a_city() {
    let cases = plain();
    let near = |name: &str, share: f64, low: f64, high: f64| assert!((low..=high).contains(&share), "{name}: {share}");
    near("hotline", percent(cases, |r| &*r.channel == "hotline"), 55.0, 61.0);
    near("returned", percent(cases, has(EventKind::Returned)), 3.0, 5.0);
    near("paused", percent(cases, has(EventKind::Paused)), 3.5, 6.0);
    near("extended", percent(cases, has(EventKind::Extended)), 2.0, 3.5);
    near("reopened", percent(cases, has(EventKind::Reopened)), 2.5, 4.5);
    near("rejected", percent(cases, has(EventKind::Rejected)), 1.5, 2.5);
    near("merged", percent(cases, has(EventKind::Merged)), 1.5, 2.5);
    near("rated", percent(cases, has(EventKind::Rated)), 17.0, 23.0);
    near("urgent", percent(cases, |r| &*r.priority == "urgent"), 3.0, 7.0);
    near("no due time", percent(cases, |r| r.due_at.is_none()), 3.0, 5.0);
    near("unplaced", percent(cases, |r| r.area.is_none()), 0.8, 1.8);
    near("positions", percent(cases, |r| r.latitude.is_some()), 15.0, 25.0);
    let in_five_minutes =
        |r: &CaseRecord| r.events.iter().any(|e| e.kind == EventKind::Dispatched && e.at.0 - r.received_at.0 <= 300);
    near("dispatched in five minutes", percent(cases, in_five_minutes), 92.0, 96.0);
    let committee = |r: &CaseRecord| {
        let first = r.events.iter().find_map(|e| e.org.as_deref()).unwrap_or_default();
        catalog().org_units.iter().any(|o| o.code == first && o.kind == "district_committee")
    };
    near("to the district", percent(cases, committee), 40.0, 60.0);
    let reopenings = |r: &CaseRecord| r.events.iter().filter(|e| e.kind == EventKind::Reopened).count();
    assert!(cases.iter().filter(|c| reopenings(&c.record) > 1).count() > 50, "some come back several times");
    let fields: BTreeSet<&str> = cases.iter().map(|c| &*c.record.category).collect();
    assert_eq!(fields.len(), 13);
}

#[test]
fn some_extensions_are_asked_too_late() {
    let mut asked = [0, 0];
    for record in plain().iter().map(|c| &c.record) {
        let Some(due) = record.due_at else { continue };
        for event in record.events.iter().filter(|e| e.kind == EventKind::Extended) {
            asked[usize::from(event.at > due)] += 1;
        }
    }
    assert!(asked[0] > 300 && asked[1] > 30, "{asked:?}");
}

#[test]
fn the_year_has_its_seasons() {
    let mut of_month: BTreeMap<(i32, u32), u32> = BTreeMap::new();
    let (mut nights, mut sundays, mut drains) = (0, 0, [0, 0]);
    for record in committed().iter().map(|c| &c.record) {
        let at = record.received_at.local();
        *of_month.entry((at.year(), at.month())).or_default() += 1;
        nights += u32::from(at.hour() < 5);
        sundays += u32::from(at.weekday() == chrono::Weekday::Sun);
        if &*record.category == "drainage" {
            drains[usize::from((5..=11).contains(&at.month()))] += 1;
        }
    }
    let all = committed().len() as u32;
    assert!(of_month[&(2022, 2)] < of_month[&(2022, 3)] * 9 / 10, "Tết: {of_month:?}");
    assert!(of_month[&(2021, 8)] > of_month[&(2021, 5)] * 13 / 10, "lockdown: {of_month:?}");
    assert!((2_600..3_600).contains(&of_month[&(2022, 3)]), "{of_month:?}");
    assert!(nights < all / 25 && sundays < all / 8);
    assert!(drains[1] > 2 * drains[0], "rain: {drains:?}");
}

#[test]
fn habits_are_planted_where_they_are_said_to_be() {
    let mut counts: BTreeMap<Pattern, u32> = BTreeMap::new();
    let mut evenings: BTreeMap<(NaiveDate, u32), u32> = BTreeMap::new();
    for case in committed() {
        let Some(pattern) = case.pattern else { continue };
        *counts.entry(pattern).or_default() += 1;
        let (record, events) = (&case.record, &case.record.events);
        let answered = events.iter().find(|e| e.kind == EventKind::Answered).map(|e| e.at);
        match pattern {
            Pattern::EveningBulk => {
                let Some(at) = answered.map(Moment::local) else { continue };
                assert_eq!((at.weekday(), at.hour(), at.minute()), (chrono::Weekday::Fri, 21, 47), "{}", record.id);
                *evenings.entry((at.date(), at.minute())).or_default() += 1;
            }
            Pattern::Bouncing => {
                let back = events.iter().filter(|e| e.kind == EventKind::Returned).count();
                assert!((3..=6).contains(&back) || answered.is_none(), "{}: {back}", record.id);
            }
            Pattern::JustBeforeLimit | Pattern::ReopenedAfterOnTime => {
                let Some((at, due)) = answered.zip(record.due_at) else { continue };
                if !has(EventKind::Extended)(record) && !has(EventKind::Paused)(record) {
                    assert!(at <= due, "{}", record.id);
                }
            }
        }
    }
    assert!(Pattern::ALL.iter().all(|p| counts.get(p).is_some_and(|count| *count > 30)), "{counts:?}");
    assert!(evenings.values().any(|count| *count >= 8), "many within one minute: {evenings:?}");
}

#[test]
fn the_account_of_what_was_planted_is_right() {
    let options = CaseOptions { bad_share: 0.05, ..CaseOptions::new(2, day("2022-01-01"), day("2022-07-01"), 4_000) };
    let rows: Vec<SampleCase> = generator(&options).iter().collect();
    let mut truth = CaseTruth::default();
    rows.iter().for_each(|row| truth.note(row));
    assert_eq!((truth.cases, truth.rows), (4_000, rows.len() as u64));
    let count = |is_so: &dyn Fn(&CaseRecord) -> bool| rows.iter().filter(|r| is_so(&r.record)).count() as u64;
    let closed_first = |r: &CaseRecord| r.resolved_at.is_some_and(|at| at < r.received_at);
    assert_eq!(count(&closed_first), truth.faults[&Fault::ClosedBeforeOpened]);
    assert_eq!(count(&|r| r.area.as_deref() == Some(fault::UNKNOWN_WARD)), truth.faults[&Fault::UnknownWard]);
    let ids: BTreeSet<&str> = rows.iter().map(|r| &*r.record.id).collect();
    assert_eq!((rows.len() - ids.len()) as u64, truth.faults[&Fault::DuplicateId]);
    let wrong: u64 = truth.faults.values().sum();
    assert!((120..280).contains(&wrong) && truth.faults.len() == 5, "{:?}", truth.faults);
    for pair in rows.windows(2).filter(|pair| pair[1].fault == Some(Fault::DuplicateId)) {
        assert!(pair[0].record.id == pair[1].record.id && pair[0].record.updated_at > pair[1].record.updated_at);
    }
}
