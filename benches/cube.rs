//! Figures: inputs laid out, everything computed, one change taken in, one series read.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;

use criterion::Criterion;
use toancanh::catalog::{self, Catalog};
use toancanh::cube::{CubeData, Fact, FactChange, Inputs, compute, refresh};
use toancanh::domain::{Breakdown, Freq, Period, Vintage};
use toancanh::sample::{MemorySink, SampleOptions, generate};

/// The sample's facts as known at its end.
fn facts(catalog: &Catalog) -> Vec<Fact> {
    let options = SampleOptions { cases: 0, ..SampleOptions::committed() };
    let sample = generate(&catalog.areas, &catalog.calendar, &options, &mut MemorySink::default()).unwrap();
    let mut newest = BTreeMap::new();
    for truth in sample.truth {
        let Some(value) = truth.value else { continue };
        let vintage = Vintage::start_of_day(truth.published);
        let key = (truth.measure, truth.area.clone(), truth.breakdown.clone(), truth.period);
        let fact = Fact {
            measure: truth.measure.into(),
            area: truth.area,
            org: "_T".into(),
            breakdown: truth.breakdown,
            period: truth.period,
            value,
            status: truth.status,
            vintage,
        };
        let strength = |f: &Fact| (f.status.rank(), f.vintage);
        if newest.get(&key).is_none_or(|held| strength(held) <= strength(&fact)) {
            newest.insert(key, fact);
        }
    }
    newest.into_values().collect()
}

/// From facts to figures.
pub fn figures(criterion: &mut Criterion) {
    let catalog = catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("indicators")).unwrap();
    let facts = facts(&catalog);
    let inputs = Inputs::build(&catalog, facts.iter().cloned(), []);
    assert!(inputs.unplaced().is_empty());
    let cube = compute(&catalog, &inputs);
    assert!(cube.cell_count() > 100_000);
    let mut group = criterion.benchmark_group("cube");
    group.sample_size(20);
    group.bench_function("inputs/sample", |b| {
        b.iter(|| assert!(Inputs::build(&catalog, facts.iter().cloned(), []).unplaced().is_empty()));
    });
    group.bench_function("compute/sample", |b| {
        b.iter(|| assert_eq!(compute(&catalog, &inputs).cell_count(), cube.cell_count()));
    });
    let june = Period::month(2022, 6).unwrap();
    let raised = |f: &Fact| FactChange::Upsert(Fact { value: f.value * 1.01, ..f.clone() });
    let retail: Vec<FactChange> =
        facts.iter().filter(|f| f.period == june && &*f.measure == "retail_total").map(raised).collect();
    let month: Vec<FactChange> = facts.iter().filter(|f| f.period == june).map(raised).collect();
    let retail_in_june = |cube: &CubeData| {
        let block = cube.block("1001").unwrap();
        block.cell("79", "_T", &Breakdown::TOTAL, june).unwrap().value
    };
    let before = retail_in_june(&cube);
    for (name, changes) in [("one-measure-one-month", retail), ("every-measure-one-month", month)] {
        group.bench_function(format!("refresh/{name}"), |b| {
            b.iter(|| {
                let mut inputs = inputs.clone();
                let changed = inputs.apply(black_box(&changes));
                assert!(retail_in_june(&refresh(&catalog, &cube, &inputs, &changed)) > before);
            });
        });
    }
    group.bench_function("series/retail-by-month", |b| {
        b.iter(|| {
            let series = cube.block("1001").unwrap().series(black_box("79"), "_T", &Breakdown::TOTAL, Freq::M);
            assert_eq!(series.len(), 42);
        });
    });
    group.finish();
}
