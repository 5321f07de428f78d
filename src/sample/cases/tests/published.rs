//! The sample carries the published figures, counted from its records by an account of its own.

use std::collections::BTreeMap;

use super::account::rounds;
use super::*;
use crate::domain::case::{Ending, EventKind, fold};

/// Received, no longer open, open, and older ones open, as of noon on 25 May 2022.
fn totals(cases: &[SampleCase]) -> [usize; 4] {
    let (start, now) =
        (Moment::midnight(day("2022-01-01")), Moment::from_local("2022-05-25T12:00:00".parse().unwrap()));
    let mut totals = [0; 4];
    for case in cases.iter().filter(|c| c.fault.is_none_or(|f| !f.is_extra_row())) {
        let rounds = rounds(&case.record, now);
        let Some(last) = rounds.last() else { continue };
        let open = last.end.is_none();
        if case.record.received_at >= start {
            totals[0] += 1;
            totals[1 + usize::from(open)] += 1;
        } else {
            totals[3] += usize::from(open);
        }
    }
    totals
}

/// Cases falling due from 1 January to noon of 25 May 2022 and those of them that are late, by district; "" for the city.
fn overdue(cases: &[SampleCase]) -> BTreeMap<String, (u32, u32)> {
    let areas = &catalog().areas;
    let (start, now) =
        (Moment::midnight(day("2022-01-01")), Moment::from_local("2022-05-25T12:00:00".parse().unwrap()));
    let mut found: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    for case in cases.iter().filter(|c| c.fault.is_none_or(|f| !f.is_extra_row())) {
        let received = case.record.received_at.date();
        let valid = |code: &str| areas.areas().iter().find(|a| a.code == code && a.is_valid_on(received));
        let area = case.record.area.as_deref().and_then(valid);
        let district = area.map(|a| if a.code.len() == 3 { a.code.clone() } else { a.parent.clone().unwrap() });
        for round in rounds(&case.record, now).iter().filter(|r| r.falls_due(start, now)) {
            for key in [Some(String::new()), district.clone()].into_iter().flatten() {
                let (due, late) = found.entry(key).or_default();
                *due += 1;
                *late += u32::from(round.is_late());
            }
        }
    }
    found
}

fn check(cases: &[SampleCase]) {
    assert_eq!(totals(cases), [15_117, 14_660, 457, 0]);
    let overdue = overdue(cases);
    let percent = |(due, late): (u32, u32)| 100.0 * f64::from(late) / f64::from(due);
    let mut bad = BTreeMap::new();
    for (district, counts) in overdue.iter().filter(|(district, _)| !district.is_empty()) {
        assert!(counts.0 >= 60, "{district}: {counts:?}");
        let share = percent(*counts);
        match &**district {
            "773" | "787" => {
                bad.insert(district.as_str(), share.round() as u32);
            }
            "770" | "771" | "774" | "785" => assert!(share < 5.0, "{district}: {share}"),
            _ => assert!(share < 30.0, "{district}: {share}"),
        }
    }
    assert_eq!(bad, BTreeMap::from([("773", 47), ("787", 70)]));
    let city = percent(overdue[""]);
    assert!((9.5..=12.5).contains(&city), "{city}");
}

#[test]
fn the_committed_cases_carry_the_published_figures() {
    check(committed());
}

#[test]
fn any_seed_carries_them() {
    for seed in 2..5 {
        let cases: Vec<SampleCase> = generator(&CaseOptions { seed, ..committed_options() }).iter().collect();
        check(&cases);
    }
}

#[test]
fn history_with_events_carries_them_too() {
    let options =
        CaseOptions { events_from: Moment::midnight(day("2021-01-01")), bad_share: 0.02, ..committed_options() };
    check(&generator(&options).iter().collect::<Vec<_>>());
}

#[test]
fn a_sample_of_another_size_is_not_anchored() {
    let of = |cases| {
        let options = SampleOptions { cases, ..SampleOptions::committed() };
        CaseOptions::of_sample(&options, &catalog().areas, &catalog().calendar)
    };
    assert!(of(SampleOptions::committed().cases).unwrap().anchored);
    assert!(!of(1_000).unwrap().anchored && !of(1_000_000).unwrap().anchored);
    assert_eq!(of(0), None);
}

#[test]
fn the_fold_of_the_domain_comes_to_the_same_figures() {
    let catalog = catalog();
    let (start, now) =
        (Moment::midnight(day("2022-01-01")), Moment::from_local("2022-05-25T12:00:00".parse().unwrap()));
    let (mut open, mut city, mut watched) = (0, (0, 0), BTreeMap::new());
    for case in committed().iter().filter(|c| c.fault.is_none_or(|f| !f.is_extra_row())) {
        let mut record = case.record.clone();
        if record.received_at > now {
            continue;
        }
        record.events.retain(|e| e.at <= now);
        record.resolved_at = record.resolved_at.filter(|at| *at <= now);
        let history = fold(&record, &catalog.deadlines, &catalog.calendar);
        open += usize::from(history.rounds.last().is_some_and(|r| r.ended_at.is_none()));
        for round in &history.rounds {
            let due = round.due.at(round.ended_at.unwrap_or(now).min(now));
            let left = |due| round.ending != Ending::Answered && round.ended_at.is_some_and(|end| end < due);
            let Some(due) = due.filter(|due| start <= *due && *due <= now && !left(*due)) else { continue };
            let late = u32::from(round.ended_at.is_none_or(|end| end > due));
            let ward = record.area.as_deref().and_then(|code| {
                let areas = catalog.areas.areas().iter();
                areas.filter(|a| a.code == code).find(|a| a.is_valid_on(record.received_at.date()))
            });
            city = (city.0 + 1, city.1 + late);
            let district = ward.map(|a| if a.code.len() == 3 { &*a.code } else { a.parent.as_deref().unwrap_or("") });
            if let Some(district) = district.filter(|d| ["773", "787"].contains(d)) {
                let counts: &mut (u32, u32) = watched.entry(district.to_owned()).or_default();
                *counts = (counts.0 + 1, counts.1 + late);
            }
        }
        // What the sample plants to be set aside, and nothing else: extensions asked for too late.
        let odd = history.ignored.iter().find(|e| e.kind != EventKind::Extended);
        assert_eq!(odd, None, "{}", record.id);
    }
    let percent = |(due, late): (u32, u32)| 100.0 * f64::from(late) / f64::from(due);
    assert_eq!(open, 457);
    assert_eq!((percent(watched["773"]).round(), percent(watched["787"]).round()), (47.0, 70.0), "{watched:?}");
    assert!((9.5..=12.5).contains(&percent(city)), "{city:?}");
}
