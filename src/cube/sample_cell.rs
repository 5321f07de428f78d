//! A figure for the tests of every layer, to be bent as a test needs.

use super::Cell;
use crate::domain::{Breakdown, ObsStatus, TOTAL, Vintage};

/// A whole, official figure and nothing else.
pub(crate) fn whole(area: &str, period: &str, value: f64) -> Cell {
    Cell {
        area: area.into(),
        org: TOTAL.into(),
        breakdown: Breakdown::TOTAL,
        period: period.parse().unwrap(),
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
