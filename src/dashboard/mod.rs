//! Dashboards as a city declares them: `dashboards/*.toml`, read and checked against the catalogue, without a line of
//! Rust.
//!
//! ```text
//! texts --read--> Dashboard { sections { tiles } } --check--> DashboardSet, with the problems of what could not be read
//! ```
//!
//! A set is immutable. When a file changes the next set is made beside it; of a file with errors it keeps what was read
//! before, so that a slip on the eve of a meeting leaves the page standing. What a tile looks like is not known here.

mod check;
mod kind;
mod model;
mod placeholder;
mod read;
mod set;
#[cfg(test)]
mod tests;
mod tile;

pub use kind::Kind;
pub use model::{Against, By, CaseChart, Dashboard, Section, Tile, Wall, When, Words};
pub use placeholder::{Aspect, Part, parts};
pub use set::DashboardSet;
