//! Many little lines on one scale.

use super::{Frame, NumberFormat, State};

/// Small multiples: one panel per area or indicator, one scale for all.
#[derive(Debug, Clone, PartialEq)]
pub struct Multiples {
    /// Words around them.
    pub frame: Frame,
    /// First and last period, written once below the first column.
    pub periods: (String, String),
    /// In the order shown.
    pub panels: Vec<Panel>,
    /// A target that all share.
    pub target: Option<f64>,
    /// A line in every panel to compare with, such as the city: name and values.
    pub reference: Option<(String, Vec<Option<f64>>)>,
    /// How values are printed.
    pub format: NumberFormat,
    /// Whether the scale must start at zero.
    pub from_zero: bool,
}

/// One panel.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// Its name.
    pub name: String,
    /// One per period; nothing where no figure is.
    pub values: Vec<Option<f64>>,
    /// State of the last value.
    pub state: Option<State>,
}
