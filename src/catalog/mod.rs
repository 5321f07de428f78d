//! The catalogue: declared files under `indicators/`, checked as a whole, immutable once loaded.
//!
//! Loading goes in three steps: files with places (`source`, `declared`), a reader per kind of file (`read`), checks
//! across files (`check`). All problems are listed at once, each with file, line and hint. Feed mappings under
//! `indicators/feeds/` belong to the feeds and are not read here. `declared` and `source` also read what other layers
//! declare, so that a wrong line is told in the same way everywhere.
//!
//! ```no_run
//! let catalog = toancanh::catalog::load(std::path::Path::new("indicators"))?;
//! println!("{} indicators, version {}", catalog.indicators.len(), catalog.version);
//! # Ok::<(), toancanh::catalog::Diagnostics>(())
//! ```

mod check;
pub(crate) mod declared;
pub(crate) mod diagnostic;
#[cfg(test)]
mod fixture;
pub mod formula;
mod load;
pub mod model;
mod overview;
pub mod parse;
mod read;
pub(crate) mod source;

pub use diagnostic::{Diagnostic, Diagnostics, Severity};
pub use load::{check_dir, load, load_sources};
pub use model::{Catalog, Dimension, ExampleInput, Group, Member, WorkedExample};
pub use overview::OverviewRow;
pub use source::Sources;
