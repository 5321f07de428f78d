//! What came in, what went out, what stays.

use super::{Frame, NumberFormat};

/// Inflow and outflow per period as pairs of bars, the backlog above them on its own scale.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    /// Words around it.
    pub frame: Frame,
    /// One short label per period.
    pub periods: Vec<String>,
    /// What came in ("Tiếp nhận").
    pub inflow: FlowPart,
    /// What went out, from the bar's foot upwards ("Đúng hạn", "Trễ hạn"); one to three parts.
    pub outflow: Vec<FlowPart>,
    /// What was open at each period's end ("Còn tồn"); nothing hides the upper chart.
    pub backlog: Option<FlowPart>,
    /// How many of the last periods are not final: hatched.
    pub provisional: usize,
    /// How numbers are printed.
    pub format: NumberFormat,
}

/// One named row of numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowPart {
    /// Its name.
    pub name: String,
    /// One per period; nothing where no figure is.
    pub values: Vec<Option<f64>>,
}
