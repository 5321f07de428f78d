//! Mappings: declared files that say what the bytes of a feed mean. Bytes and a mapping in, observations or targets and
//! rejected rows out; no I/O besides reading the declarations, no clock.
//!
//! docs/mapping.md says how a new source is mapped; `indicators/feeds/` holds the mappings.

mod amount;
mod apply;
mod assign;
mod bind;
pub(in crate::feed) mod check;
pub(in crate::feed) mod declaration;
mod json;
mod label;
pub(in crate::feed) mod load;
mod lookup;
mod mapped;
mod model;
pub mod pattern;
mod published;
mod reading;
mod settle;
mod sheet;
mod span;
mod table;
mod tidy;

#[cfg(test)]
mod tests;

pub use mapped::{Counts, Mapped, MappedTarget, MappingError, Rejected};
pub use model::{Contract, FeedDeclaration, Kind, Mapping, SourceFormat};
