//! Tests over whole runs of cases: published figures, shares, codes, order, wrong rows, files.

mod account;
mod files;
mod published;
mod shares;

use std::path::Path;
use std::sync::OnceLock;

use super::*;
use crate::catalog::{self, Catalog};

/// The declared catalogue.
fn catalog() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| catalog::load(Path::new("indicators")).expect("the catalogue loads"))
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn generator(options: &CaseOptions) -> CaseGenerator<'static> {
    CaseGenerator::new(options, &catalog().areas, &catalog().calendar)
}

/// What `data-samples/` holds.
fn committed_options() -> CaseOptions {
    CaseOptions::of_sample(&SampleOptions::committed(), &catalog().areas, &catalog().calendar).unwrap()
}

fn committed() -> &'static [SampleCase] {
    static MADE: OnceLock<Vec<SampleCase>> = OnceLock::new();
    MADE.get_or_init(|| generator(&committed_options()).iter().collect())
}

/// A year and a half with events throughout, without anchors.
fn plain() -> &'static [SampleCase] {
    static MADE: OnceLock<Vec<SampleCase>> = OnceLock::new();
    let options = CaseOptions::new(5, day("2021-10-01"), day("2023-04-01"), 30_000);
    MADE.get_or_init(|| generator(&options).iter().collect())
}
