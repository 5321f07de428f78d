//! What a chart shows: numbers already computed, words already written.
//!
//! Every chart has its message as title, what it shows (with unit and period) as subtitle, and source, vintage and data
//! version as foot. Words come in the language of the frame; numbers are printed by [`NumberFormat`].

mod bars;
mod check;
mod flow;
mod frame;
mod heatmap;
mod lines;
mod multiples;
mod number;
mod sparkline;
mod survival;
mod tile_map;

pub use bars::{Bar, Bars, Change, Direction};
pub(super) use check::check;
pub use flow::{Flow, FlowPart};
pub use frame::{Frame, Language, State};
pub use heatmap::{Cell, Heatmap, Totals};
pub use lines::{Lines, Point, Role, Series, TargetLine};
pub use multiples::{Multiples, Panel};
pub use number::NumberFormat;
pub(super) use number::count;
pub use sparkline::Sparkline;
pub use survival::{Curve, Survival};
pub use tile_map::{TileMap, TileValue};
