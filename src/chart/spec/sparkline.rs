//! A line without axes, for a row of a table or a tile.

use super::{Frame, NumberFormat, State};

/// The last value is marked; the rest is shape only.
#[derive(Debug, Clone, PartialEq)]
pub struct Sparkline {
    /// Only title and description are used, and only for screen readers.
    pub frame: Frame,
    /// Oldest first; nothing where no figure is.
    pub values: Vec<Option<f64>>,
    /// A thin line.
    pub target: Option<f64>,
    /// Colour and shape of the last point.
    pub state: Option<State>,
    /// How the last value is printed beside the line, where there is room; `None` where it stands elsewhere already.
    pub format: Option<NumberFormat>,
    /// How many of the last values are not final: dashed.
    pub provisional: usize,
}
