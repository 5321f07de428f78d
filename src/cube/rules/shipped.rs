//! The shipped catalogue: its worked examples, and refreshing under every one of its formulas.

use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::laws::{all_bits, key, resolved};
use crate::catalog::{self, Catalog};
use crate::cube::fixture::fact;
use crate::cube::inputs::{Fact, FactChange, Inputs};
use crate::cube::{check_example, compute, refresh};
use crate::domain::{AreaKind, Freq, Measure, Period};

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("indicators");
    catalog::load(&folder).unwrap_or_else(|problems| panic!("{problems}"))
});

#[test]
fn every_worked_example_comes_out_as_worked_out() {
    assert_eq!(CATALOG.indicators.len(), 110);
    let wrong: Vec<String> = CATALOG
        .indicators
        .keys()
        .filter_map(|code| check_example(&CATALOG, code).err())
        .map(|e| e.to_string())
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A fact of one of an indicator's measures, at its own level or above, whole or by a member.
fn fact_of(measure: &Measure, (place, slice, month, value): (usize, usize, i32, i32)) -> Fact {
    let areas: &[&str] = match measure.level {
        AreaKind::District => &["760", "778", "769", "79", "79-U"],
        AreaKind::Ward => &["26734", "26737", "27475", "760", "79-U"],
        AreaKind::Reference | AreaKind::City | AreaKind::Residual => &["79", "79", "79", "VN", "79"],
    };
    let member = |dimension: &String| {
        let code = CATALOG.dimensions[dimension].members.keys().nth(slice / 2 % 3).cloned();
        format!("{dimension}={}", code.unwrap_or_else(|| "x1".to_owned()))
    };
    let dimension = measure.components.as_ref().or(measure.dimensions.first().filter(|_| slice % 2 == 1));
    let slice = dimension.map_or_else(|| "_T".to_owned(), member);
    let period = Period::from_index(Freq::M, month).to_freq(measure.freq).unwrap();
    fact(&measure.code, areas[place % areas.len()], &slice, &period.to_string(), f64::from(value) / 7.0)
}

type Draw = (prop::sample::Index, (usize, usize, i32, i32));

fn draws(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Draw>> {
    let months = Period::month(2021, 1).unwrap().index()..Period::month(2022, 9).unwrap().index();
    prop::collection::vec((any::<prop::sample::Index>(), (0usize..5, 0usize..6, months, 1i32..1000)), count)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Under each formula of the catalogue, refreshing gives the bits of computing everything.
    #[test]
    fn incremental_is_full_for_every_shipped_formula(
        which in any::<prop::sample::Index>(),
        before in draws(60..240),
        after in draws(1..8),
    ) {
        let catalog = &*CATALOG;
        let code = which.get(&catalog.indicators.keys().collect::<Vec<_>>()).to_owned();
        let measures: Vec<&Measure> = catalog.formulas[code].measures().map(|m| &catalog.measures[m]).collect();
        let facts = |draws: &[Draw]| draws.iter().map(|(m, d)| fact_of(m.get::<&Measure>(&measures), *d)).collect::<Vec<_>>();
        let before = resolved(facts(&before));
        let mut inputs = Inputs::build(catalog, before.clone(), []);
        let cube = compute(catalog, &inputs);
        let removed = before[before.len() / 2].clone();
        let upserts = facts(&after);
        let mut changes = vec![FactChange::Remove(removed.clone())];
        changes.extend(upserts.iter().cloned().map(FactChange::Upsert));
        let changed = inputs.apply(&changes);
        let refreshed = refresh(catalog, &cube, &inputs, &changed);
        let kept = before.into_iter().filter(|f| key(f) != key(&removed));
        let full = compute(catalog, &Inputs::build(catalog, resolved(kept.chain(upserts)), []));
        prop_assert_eq!(all_bits(&refreshed), all_bits(&full));
    }
}

/// Every base period of six years of an indicator's measures, in two places and by two slices, without the ones at
/// `gaps`.
fn six_years(measures: &[&Measure], gaps: &[prop::sample::Index]) -> Vec<Fact> {
    let months = Period::month(2017, 1).unwrap().index()..Period::month(2023, 1).unwrap().index();
    let places = [(0, 0), (0, 1), (1, 0), (3, 0), (3, 1)];
    let mut facts: Vec<Fact> = (measures.iter())
        .flat_map(|m| places.map(|(place, slice)| (m, place, slice)))
        .flat_map(|(m, place, slice)| {
            months.clone().map(move |month| fact_of(m, (place, slice, month, 100 + month * 7 % 31 + slice as i32)))
        })
        .collect();
    for gap in gaps {
        facts.remove(gap.index(facts.len()));
    }
    resolved(facts)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(110))]

    /// A change reaches as far as what is carried, chained, summed since January or compared, and nothing beyond that
    /// would have changed.
    #[test]
    fn a_change_in_six_years_reaches_all_that_follows_from_it(
        which in any::<prop::sample::Index>(),
        gaps in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
        changed in prop::collection::vec((any::<prop::sample::Index>(), prop::option::of(1i32..1000)), 1..3),
    ) {
        let catalog = &*CATALOG;
        let code = which.get(&catalog.indicators.keys().collect::<Vec<_>>()).to_owned();
        let measures: Vec<&Measure> = catalog.formulas[code].measures().map(|m| &catalog.measures[m]).collect();
        prop_assume!(!measures.is_empty());
        let mut facts = six_years(&measures, &gaps);
        let mut inputs = Inputs::build(catalog, facts.clone(), []);
        let cube = compute(catalog, &inputs);
        let mut changes = Vec::new();
        for (at, value) in changed {
            let at = at.index(facts.len());
            match value {
                Some(value) => {
                    facts[at].value = f64::from(value);
                    changes.push(FactChange::Upsert(facts[at].clone()));
                }
                None => changes.push(FactChange::Remove(facts.remove(at))),
            }
        }
        let changed = inputs.apply(&changes);
        let full = compute(catalog, &Inputs::build(catalog, facts, []));
        prop_assert_eq!(all_bits(&refresh(catalog, &cube, &inputs, &changed)), all_bits(&full));
    }
}
