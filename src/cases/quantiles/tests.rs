//! Quantiles against the definition (`analytics::quantile`), over hours gathered case by case.

use std::collections::BTreeMap;

use chrono::Datelike;
use proptest::prelude::*;

use super::*;
use crate::analytics::quantile::quantile;
use crate::cases::batch::CaseBatchBuilder;
use crate::cases::book::{BookWriter, NewCase};
use crate::cases::fixture::{at, tree};
use crate::cases::histories::{Dice, ORGS, history};
use crate::domain::case::{CaseHistory, CaseRecord, Ending, Moment, Release};

type Case = (CaseRecord, CaseHistory);

/// Hours by group and window, as the definitions read.
type Hours = BTreeMap<(String, Window), Vec<f64>>;

fn cases(seed: u64, count: usize) -> Vec<Case> {
    let mut dice = Dice(seed);
    (0..count).map(|number| history(&format!("c{number}"), &mut dice)).collect()
}

fn hours(cases: &[Case], as_of: Moment) -> Hours {
    let mut hours = Hours::new();
    let mut add = |groups: Vec<String>, end: Option<Moment>, worked: Option<u32>| {
        let Some(end) = end.filter(|end| *end <= as_of) else { return };
        let (year, month) = (end.date().year(), end.date().month0() as i32);
        let index = year * 12 + month;
        let mut windows = vec![Window::Month(index), Window::Quarter(year * 4 + month / 3), Window::Year(year)];
        windows.extend((index..year * 12 + 12).map(Window::YearToDate));
        for group in groups {
            for window in &windows {
                hours.entry((group.clone(), *window)).or_default().push(f64::from(worked.unwrap()) / 3600.0);
            }
        }
    };
    for (record, history) in cases {
        let slices = [String::new(), format!(" {}", record.channel), format!(" {}", record.category)];
        let area = record.area.as_deref().unwrap_or_default();
        let areas = match area {
            "" => vec!["city", "unplaced"],
            "Hollins Market" => vec!["city"],
            _ => vec!["city", "district"],
        };
        for round in history.rounds.iter().filter(|round| round.ending == Ending::Answered) {
            let sliced = areas.iter().flat_map(|area| slices.iter().map(move |slice| format!("{area}{slice}")));
            let own = Some(format!("place {area}")).filter(|_| !area.is_empty());
            add(sliced.chain(own).collect(), round.ended_at, round.worked_seconds);
        }
        for held in history.holdings.iter().filter(|held| held.release == Release::Answered) {
            add(vec![format!("org {}", held.org)], held.to, held.worked_seconds);
        }
    }
    hours
}

/// The name of a group in the plain hours.
fn name((scope, by): (Scope, By), codes: &Codes) -> String {
    let slice = match by {
        By::Total => String::new(),
        By::Channel(channel) => format!(" {}", codes.channels.code(channel)),
        By::Field(field) => format!(" {}", codes.categories.code(field)),
    };
    match scope {
        Scope::City => format!("city{slice}"),
        Scope::Unplaced => format!("unplaced{slice}"),
        Scope::District(_) => format!("district{slice}"),
        Scope::Place(place) => format!("place {}", codes.places.place(place).code),
        Scope::Org(org) => format!("org {}", codes.orgs.code(org)),
    }
}

fn instants() -> impl Strategy<Value = Moment> {
    let begin = at("2021-12-20T00:00:00").0;
    (0..250 * 86_400i64).prop_map(move |later| Moment(begin + later))
}

fn new(cases: &[Case]) -> impl Iterator<Item = NewCase<'_>> {
    cases.iter().map(|(record, history)| NewCase { feed: "f", record, history })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn quantiles_are_those_of_the_definition(seed: u64, count in 1usize..150, as_of in instants()) {
        let cases = cases(seed, count);
        let (tree, mut codes, mut builder) = (tree(), Codes::default(), CaseBatchBuilder::default());
        for (record, history) in &cases {
            builder.push(&mut codes, &tree, "f", (record, history));
        }
        let batch = LiveBatch::all_live(builder.finish());
        let times = HandlingTimes::of([&batch], &codes, (Cut::as_of(as_of), 2));
        let mut found = 0;
        let expected = hours(&cases, as_of);
        let groups: BTreeSet<_> = times.years().flat_map(|year| times.groups(year)).collect();
        for group in groups {
            for ((_, window), hours) in expected.iter().filter(|((of, _), _)| *of == name(group, &codes)) {
                for q in [Quantile::Median, Quantile::P90] {
                    let count = hours.len() as u32;
                    let of = quantile(hours, q.q()).map(|hours| (hours, count));
                    prop_assert_eq!(times.get(group, *window, q), of, "{:?} {:?}", group, window);
                }
                found += 1;
            }
        }
        prop_assert_eq!(found, expected.len());
    }

    #[test]
    fn a_refresh_equals_looking_at_everything(
        seed: u64, count in 1usize..60, changed in 0usize..20, from in instants(), to in instants(),
    ) {
        let (tree, mut writer) = (tree(), BookWriter::default());
        writer.apply(&tree, new(&cases(seed, count)));
        let (from, to) = (Cut::as_of(from), Cut::as_of(to));
        let mut times = HandlingTimes::of(writer.book().batches(), &writer.book().codes, (from, 1));
        let mut later = cases(!seed, changed);
        later.extend(cases(seed ^ 1, count + changed / 2).split_off(count));
        let applied = writer.apply(&tree, new(&later));
        for (applied, cut) in [(applied, to), (Applied::default(), from)] {
            times.refresh(writer.book(), &applied, (cut, 2));
            let all = HandlingTimes::of(writer.book().batches(), &writer.book().codes, (cut, 1));
            prop_assert_eq!(&times, &all);
        }
    }
}

#[test]
fn a_case_that_comes_again_as_it_was_reaches_no_year() {
    let (tree, mut writer) = (tree(), BookWriter::default());
    let cases = cases(5, 50);
    writer.apply(&tree, new(&cases));
    let cut = Cut::as_of(at("2022-06-30T00:00:00"));
    let times = HandlingTimes::of(writer.book().batches(), &writer.book().codes, (cut, 1));
    let applied = writer.apply(&tree, new(&cases));
    assert_eq!(applied.removed.len(), 50);
    assert_eq!(times.reached_years(writer.book(), &applied, cut), BTreeSet::new());
    assert!(ORGS.iter().all(|org| writer.book().codes.orgs.number(org).is_some()));
}
