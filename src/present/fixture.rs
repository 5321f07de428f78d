//! Test helpers: a declared indicator of the shipped catalogue (a percentage), to be bent as a test needs.

use std::path::Path;
use std::sync::Arc;

use crate::catalog;
use crate::cube::Cell;
use crate::domain::{Breakdown, Indicator, ObsStatus, Period, Unit, Vintage};

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
    let period: Period = period.parse().unwrap();
    Cell {
        area: Arc::from("79"),
        org: Arc::from("_T"),
        breakdown: Breakdown::TOTAL,
        period,
        value,
        numerator: None,
        denominator: None,
        status: ObsStatus::A,
        complete: true,
        periods_present: 1,
        periods_due: 1,
        areas_present: 1,
        areas_due: 1,
        in_days: false,
        carried: 0,
        apportioned: false,
        prev_value: None,
        yoy_value: None,
        ytd_value: None,
        ytd_complete: true,
        ytd_yoy_value: None,
        dec_value: None,
        target_value: None,
        vintage: Vintage::EARLIEST,
    }
}
