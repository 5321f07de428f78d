//! Charts of official figures: one indicator over time, small, or by district.

mod areas;
mod indicator;
mod reading;
mod sheet;
mod sparkline;
#[cfg(test)]
mod tests;

pub use areas::{areas, some_areas};
pub use indicator::indicator;
pub use sheet::FigureSheet;
pub use sparkline::sparkline;
