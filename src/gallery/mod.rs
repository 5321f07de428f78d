//! Which charts there are: from served figures to chart specs, with the words that say what they show.
//!
//! ```text
//! id + parameters --read--> ChartRequest --ask--> cases or cells --overdue, handling, figures--> Chart (a spec)
//! ```
//!
//! A title is the message of the chart in one sentence, made from the same numbers the chart shows; where there is
//! nothing to compare it says that instead. Ids and parameters are part of the public contract.

#[cfg(feature = "engine")]
pub mod ask;
mod asked;
mod error;
mod figures;
mod handling;
mod id;
mod names;
mod overdue;
#[cfg(feature = "engine")]
pub mod request;
#[cfg(test)]
mod tests;
mod words;

#[cfg(feature = "engine")]
pub use ask::{ChartAskError, Drawn, draw};
pub use asked::Asked;
pub use error::GalleryError;
pub use figures::{FigureSheet, areas, indicator, some_areas, sparkline};
pub use handling::{backlog, flow, survival};
pub use id::ChartId;
pub use names::Names;
pub use overdue::{GridKey, OverdueGrid, grid, heatmap, map, multiples, ranking, trend, usual_units};
#[cfg(feature = "engine")]
pub use request::{ChartRequest, ChartText};
pub use words::Words;
