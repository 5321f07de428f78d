//! Tests over whole samples: published figures, coverage, parts, files.

mod coverage;
mod figures;
mod files;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use super::*;
use crate::catalog::{self, Catalog};
use crate::domain::ObsStatus;

/// The declared catalogue.
fn catalog() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| catalog::load(Path::new("indicators")).expect("the catalogue loads"))
}

/// A sample and its files.
struct Made {
    sample: Sample,
    files: BTreeMap<String, Vec<u8>>,
}

fn make(options: &SampleOptions) -> Made {
    let mut sink = MemorySink::default();
    let sample = generate(&catalog().areas, &catalog().calendar, options, &mut sink).expect("the sample can be made");
    Made { sample, files: sink.files }
}

/// What `data-samples/` holds.
fn committed() -> &'static Made {
    static MADE: OnceLock<Made> = OnceLock::new();
    MADE.get_or_init(|| make(&SampleOptions::committed()))
}

/// The same to the end of 2022, where all published figures lie.
fn whole_2022() -> &'static Made {
    static MADE: OnceLock<Made> = OnceLock::new();
    MADE.get_or_init(|| make(&SampleOptions { to: Period::month(2022, 12).unwrap(), ..SampleOptions::committed() }))
}

/// Figures as known at the end of a sample: firmest status, then newest.
struct Known<'a> {
    rows: BTreeMap<(&'a str, String, String, Period), &'a Truth>,
}

impl<'a> Known<'a> {
    fn of(sample: &'a Sample) -> Self {
        let mut rows: BTreeMap<(&str, String, String, Period), &Truth> = BTreeMap::new();
        for truth in &sample.truth {
            let key = (truth.measure, truth.area.to_string(), truth.breakdown.to_string(), truth.period);
            let better = |old: &&Truth| (truth.status.rank(), truth.published) > (old.status.rank(), old.published);
            if rows.get(&key).is_none_or(better) {
                rows.insert(key, truth);
            }
        }
        Self { rows }
    }

    fn truth(&self, measure: &'a str, area: &str, breakdown: &str, period: Period) -> Option<&'a Truth> {
        self.rows.get(&(measure, area.to_owned(), breakdown.to_owned(), period)).copied()
    }

    /// The city's value: as published, else the sum of what the lowest areas report.
    fn city(&self, measure: &'a str, period: Period) -> f64 {
        if let Some(truth) = self.truth(measure, "79", "_T", period) {
            return truth.value.expect("the city's figure is there");
        }
        let leaves = self.rows.iter().filter(|((m, _, b, p), _)| *m == measure && b == "_T" && *p == period);
        leaves.filter_map(|(_, t)| t.value).sum()
    }

    /// Mean of a measure's members weighted by another measure of the same year.
    fn weighted(&self, measure: &'a str, weight: &'a str, period: Period) -> f64 {
        let year = period.to_freq(Freq::A).unwrap();
        let (mut sum, mut weights) = (0.0, 0.0);
        for ((_, _, breakdown, _), truth) in self.rows.iter().filter(|((m, _, _, p), _)| *m == measure && *p == period)
        {
            let w = self.truth(weight, "79", breakdown, year).and_then(|t| t.value).expect("a member has a weight");
            sum += truth.value.expect("a member has a value") * w;
            weights += w;
        }
        sum / weights
    }
}
