//! Test helpers: a declared indicator of the shipped catalogue (a percentage), to be bent as a test needs.

use std::path::Path;

use crate::catalog;
use crate::cube::{Cell, sample_cell};
use crate::domain::{Indicator, Unit};

/// The unemployment rate and its unit.
pub(super) fn indicator() -> (Indicator, Unit) {
    indicator_of("0202")
}

/// An indicator and its unit.
pub(super) fn indicator_of(code: &str) -> (Indicator, Unit) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("indicators");
    let catalog = catalog::load(&folder).unwrap();
    let indicator = catalog.indicators[code].clone();
    let unit = catalog.unit_of(&indicator).clone();
    (indicator, unit)
}

/// A whole, official figure of the city and nothing else.
pub(super) fn cell(period: &str, value: f64) -> Cell {
    sample_cell::whole("79", period, value)
}
