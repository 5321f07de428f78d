//! Plan values; they have vintages like observations.

use super::{Period, Vintage};

/// The plan value of an indicator for an area, authority and period.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Indicator code.
    pub indicator: String,
    /// Area code.
    pub area: String,
    /// Authority code, `_T` for all.
    pub org: String,
    /// Period the plan is for.
    pub period: Period,
    /// Plan value in the indicator's unit.
    pub value: f64,
    /// When the plan became known.
    pub vintage: Vintage,
}
