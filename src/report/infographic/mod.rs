//! Infographics: one page that says how things stand, declared in a file, laid out by a template, to be forwarded.
//!
//! `dashboards/infographics/{id}.toml` says which figures, charts and words are on the page and in which sizes it comes;
//! `{id}.typ` lays them out with the parts of `dashboards/typst/house.typ`. A city adds its own without touching Rust.
//!
//! - [`declared`]: the file as it is read and checked, every problem with its line.
//! - [`shelf`]: all infographics of a folder with the modules they share.
//! - [`content`]: what is on the page, worded.
//! - `make` (with the engine): from a question to a page.

mod cases;
pub mod content;
pub mod declared;
mod figures;
#[cfg(feature = "engine")]
pub mod make;
pub mod shelf;
pub mod size;
#[cfg(test)]
mod tests;

pub use declared::Infographic;
#[cfg(feature = "engine")]
pub use make::{Draft, InfographicError, Picture, Wanted};
pub use shelf::{Shelf, Shelves};
pub use size::PageSize;
