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
