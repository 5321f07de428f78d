//! Charts of official figures: one indicator over time, small, or by district.

mod areas;
mod indicator;
mod reading;
mod sheet;
mod sparkline;

pub use areas::areas;
pub use indicator::indicator;
pub use sheet::FigureSheet;
pub use sparkline::sparkline;
