//! The mappings under `indicators/feeds/` take out of the sample exactly what its generator says is in it: every figure
//! with area, breakdown, period, status and day of publication; nothing else but the rows that are wrong on purpose.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use toancanh::catalog::{self, Catalog};
use toancanh::domain::{Observation, Vintage};
use toancanh::feed::mapping::{Mapped, Mapping};
use toancanh::sample::{MemorySink, Sample, SampleOptions, Truth, generate};

/// File, measure, area, breakdown, period, day of publication.
type Key = (String, String, String, String, String, Option<NaiveDate>);
/// Value and status.
type Said = (Option<f64>, String);

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn of_truth(t: &Truth) -> (Key, Said) {
    let key = (
        t.file.to_string(),
        t.measure.to_owned(),
        t.area.to_string(),
        t.breakdown.to_string(),
        t.period.to_string(),
        Some(t.published),
    );
    (key, (t.value, t.status.to_string()))
}

fn of_observation(file: &str, o: &Observation) -> (Key, Said) {
    let key = (
        file.to_owned(),
        o.measure.to_string(),
        o.area.to_string(),
        o.breakdown.to_string(),
        o.period.to_string(),
        o.vintage.local_date(),
    );
    (key, (o.value, o.status.to_string()))
}

/// Every file of the sample through the mapping of its folder.
fn mapped(catalog: &Catalog, files: &BTreeMap<String, Vec<u8>>) -> Vec<(String, Mapped)> {
    let feeds = Mapping::load_dir(&root().join("indicators/feeds"), catalog).unwrap_or_else(|e| panic!("{e}"));
    let pulled: Vintage = "2022-07-01T08:00:00".parse().expect("an instant");
    let mut out = Vec::new();
    for (name, bytes) in files.iter().filter(|(name, _)| name.contains('/')) {
        let folder = name.split('/').next().unwrap_or_default();
        let feed = feeds.iter().find(|f| f.mapping.code == folder);
        let feed = feed.unwrap_or_else(|| panic!("indicators/feeds/{folder}.toml is missing"));
        let mapped = feed.mapping.apply(bytes, name, pulled, catalog).unwrap_or_else(|e| panic!("{name}: {e}"));
        out.push((name.clone(), mapped));
    }
    out
}

fn sample(catalog: &Catalog) -> (Sample, BTreeMap<String, Vec<u8>>) {
    let mut sink = MemorySink::default();
    // Figures only: cases are no figures.
    let options = SampleOptions { cases: 0, ..SampleOptions::committed() };
    let sample = generate(&catalog.areas, &catalog.calendar, &options, &mut sink).expect("the sample can be made");
    (sample, sink.files)
}

#[test]
fn the_mappings_read_the_sample_as_it_was_meant() {
    let catalog = catalog::load(&root().join("indicators")).unwrap_or_else(|e| panic!("{e}"));
    let (sample, files) = sample(&catalog);
    let mapped = mapped(&catalog, &files);

    let mut meant: BTreeMap<Key, Said> = sample.truth.iter().map(of_truth).collect();
    assert_eq!(meant.len(), sample.truth.len(), "a file says every figure once");
    let mut wrong = Vec::new();
    for (file, mapped) in &mapped {
        for (key, said) in mapped.observations.iter().map(|o| of_observation(file, o)) {
            match meant.remove(&key) {
                Some(expected) if expected == said => {}
                other => wrong.push(format!("{key:?}: read {said:?}, meant {other:?}")),
            }
        }
    }
    assert!(wrong.is_empty(), "{} figures differ: {:#?}", wrong.len(), &wrong[..wrong.len().min(10)]);
    assert!(meant.is_empty(), "{} figures were not read, first {:?}", meant.len(), meant.first_key_value());

    let rejected = mapped.iter().filter(|(_, m)| !m.rejected.is_empty());
    let rejected: Vec<(String, usize)> = rejected.map(|(file, m)| (file.clone(), m.rejected.len())).collect();
    assert_eq!(rejected, sample.bad_rows, "nothing but the bad rows is rejected");
}

#[test]
fn the_plans_of_the_sample_are_read() {
    let catalog = catalog::load(&root().join("indicators")).unwrap_or_else(|e| panic!("{e}"));
    let (sample, files) = sample(&catalog);
    let files = files.into_iter().filter(|(name, _)| name.starts_with("targets/")).collect();
    let read: Vec<(String, String, String, f64, Option<NaiveDate>)> = mapped(&catalog, &files)
        .iter()
        .flat_map(|(_, m)| m.targets.iter().map(|t| &t.target))
        .map(|t| (t.indicator.clone(), t.area.clone(), t.period.to_string(), t.value, t.vintage.local_date()))
        .collect();
    let meant: Vec<(String, String, String, f64, Option<NaiveDate>)> = sample
        .targets
        .iter()
        .map(|t| (t.indicator.to_owned(), t.area.to_owned(), t.period.to_string(), t.value, Some(t.decided)))
        .collect();
    let sorted = |mut rows: Vec<(String, String, String, f64, Option<NaiveDate>)>| {
        rows.sort_by(|a, b| (&a.0, &a.1, &a.2, a.4).cmp(&(&b.0, &b.1, &b.2, b.4)));
        rows
    };
    assert_eq!(sorted(read), sorted(meant));
}
