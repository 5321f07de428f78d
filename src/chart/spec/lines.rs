//! Values over time.

use super::{Frame, NumberFormat};
use crate::domain::ObsStatus;

/// A line chart: one line or a few, with target, last year, forecast.
#[derive(Debug, Clone, PartialEq)]
pub struct Lines {
    /// Words around it.
    pub frame: Frame,
    /// One short label per period ("T5/22"); those that do not fit are left out evenly.
    pub periods: Vec<String>,
    /// The lines, the most important first. At most six are told apart.
    pub series: Vec<Series>,
    /// A target, which may differ by period.
    pub target: Option<TargetLine>,
    /// How numbers are printed.
    pub format: NumberFormat,
    /// Whether the axis must start at zero. If not, and it does not, the chart says so.
    pub from_zero: bool,
}

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Stands at the line's end.
    pub name: String,
    /// How the line is drawn.
    pub role: Role,
    /// One per period.
    pub points: Vec<Point>,
}

/// What a line stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The subject: solid and dark.
    Actual,
    /// The same periods of last year: light grey.
    SamePeriod,
    /// One of several equals, in a colour of its own.
    Peer,
}

/// One value of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Nothing where no figure is.
    pub value: Option<f64>,
    /// Provisional and estimated parts are dashed, forecasts dotted; `B` marks a break in the line.
    pub status: ObsStatus,
    /// Lower and upper end of the uncertainty, for forecasts.
    pub band: Option<(f64, f64)>,
}

impl Point {
    /// A final figure.
    pub fn of(value: f64) -> Point {
        Point { value: Some(value), status: ObsStatus::A, band: None }
    }

    /// A figure of another status.
    pub fn with(value: f64, status: ObsStatus) -> Point {
        Point { value: Some(value), status, band: None }
    }

    /// A forecast between `low` and `high`.
    pub fn forecast(value: f64, low: f64, high: f64) -> Point {
        Point { value: Some(value), status: ObsStatus::F, band: Some((low, high)) }
    }

    /// A figure that is due and not there: a gap with a mark.
    pub fn missing() -> Point {
        Point { value: None, status: ObsStatus::M, band: None }
    }

    /// No figure is due: the line has not begun, or has ended.
    pub fn absent() -> Point {
        Point { value: None, status: ObsStatus::A, band: None }
    }
}

/// A target per period: a thin line, or a band where it has two ends.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetLine {
    /// Stands at its end ("Kế hoạch").
    pub name: String,
    /// Lower and upper end per period; equal for a line; nothing where no target is set.
    pub bounds: Vec<Option<(f64, f64)>>,
}

impl TargetLine {
    /// The same target in every period.
    pub fn constant(name: impl Into<String>, value: f64, periods: usize) -> TargetLine {
        TargetLine { name: name.into(), bounds: vec![Some((value, value)); periods] }
    }
}
