//! Share still open after so many days.

use super::Frame;

/// Survival curves, already estimated (Kaplan and Meier) by the caller.
#[derive(Debug, Clone, PartialEq)]
pub struct Survival {
    /// Words around them.
    pub frame: Frame,
    /// Name of the axis ("Ngày kể từ khi tiếp nhận").
    pub axis: String,
    /// The last day shown.
    pub days: f64,
    /// One curve per group, at most six.
    pub curves: Vec<Curve>,
    /// The deadline in days, as an upright line.
    pub deadline: Option<f64>,
}

/// One step curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Stands at its end.
    pub name: String,
    /// (day, share still open from that day on, 0 to 1), days rising; before the first the share is 1.
    pub steps: Vec<(f64, f64)>,
    /// Days at which cases left unresolved (censored), marked with ticks.
    pub censored: Vec<f64>,
    /// Day at which half are resolved.
    pub median: Option<f64>,
    /// (day, cases still open and observed), for the row below the chart.
    pub at_risk: Vec<(f64, u64)>,
}
