//! One computed figure with everything that says how sure it is.

use std::sync::Arc;

use crate::domain::{Breakdown, ObsStatus, Period, Vintage};

/// One row of `indicator_values` for an indicator.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Area code.
    pub area: Arc<str>,
    /// Authority code, `_T` for all.
    pub org: Arc<str>,
    /// Breakdown.
    pub breakdown: Breakdown,
    /// Period.
    pub period: Period,
    /// The figure.
    pub value: f64,
    /// Numerator, where the formula is a ratio (without its constant factor).
    pub numerator: Option<f64>,
    /// Denominator, where the formula is a ratio.
    pub denominator: Option<f64>,
    /// The least firm status of all inputs.
    pub status: ObsStatus,
    /// Whether every due base period and area is there.
    pub complete: bool,
    /// Base periods present and due.
    pub periods_present: u16,
    /// Base periods due.
    pub periods_due: u16,
    /// Lowest areas present, in the base period with the fewest.
    pub areas_present: u16,
    /// Lowest areas due, in that base period.
    pub areas_due: u16,
    /// Whether these two count days of a month that is not over instead of areas (measures over records).
    pub in_days: bool,
    /// Age of the oldest carried-forward input in its own periods (0 = of the period itself).
    pub carried: u8,
    /// Whether a share of another area's value went into it ("estimated by share of population").
    pub apportioned: bool,
    /// Previous period.
    pub prev_value: Option<f64>,
    /// Same base periods and areas, one year earlier.
    pub yoy_value: Option<f64>,
    /// Since 1 January, to the last base period present.
    pub ytd_value: Option<f64>,
    /// Whether the year-to-date figure has all its base periods and areas.
    pub ytd_complete: bool,
    /// Year to date over the same base periods and areas, one year earlier.
    pub ytd_yoy_value: Option<f64>,
    /// December of last year.
    pub dec_value: Option<f64>,
    /// Plan for the same period.
    pub target_value: Option<f64>,
    /// The newest vintage among the inputs of `value`.
    pub vintage: Vintage,
}
