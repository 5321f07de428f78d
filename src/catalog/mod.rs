//! The catalogue: declared files under `indicators/`, checked as a whole, immutable once loaded.
//!
//! Reading goes in three steps: files with places ([`source`], `declared`), readers per kind of file (`read`), checks
//! across files (`check`). Feed mappings under `indicators/feeds/` belong to the feeds and are not read here.

pub mod diagnostic;
pub mod formula;
pub mod model;
pub mod parse;

pub use diagnostic::{Diagnostic, Diagnostics, Severity};
pub use model::{Catalog, Dimension, ExampleInput, Group, Member, WorkedExample};
