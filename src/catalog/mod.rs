//! The catalogue: declared files under `indicators/`, checked as a whole, immutable once loaded.

pub mod formula;
pub mod model;

pub use model::{Catalog, Dimension, ExampleInput, Group, Member, WorkedExample};
