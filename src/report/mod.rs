//! Documents made from the served figures: infographics, reports.
//!
//! ```text
//! declared file + template --declared--> what is on the page --content--> words and numbers already written --typeset--> file
//! ```
//!
//! Content comes before layout: everything that a template prints was worded here, from figures found in the cube and
//! cases counted by their views, so that a PDF, a page and a workbook cannot disagree. A document carries its
//! [`stamp::Stamp`] and nothing of the hour it was printed in: the same version prints the same bytes.

#[cfg(feature = "engine")]
pub mod archive;
#[cfg(feature = "engine")]
pub mod brief;
#[cfg(feature = "engine")]
pub mod declared;
#[cfg(feature = "engine")]
mod desk;
#[cfg(feature = "engine")]
mod error;
#[cfg(feature = "engine")]
pub mod gate;
pub mod infographic;
pub mod stamp;
#[cfg(feature = "engine")]
pub mod table;
#[cfg(feature = "engine")]
mod workbook;

#[cfg(feature = "engine")]
pub use desk::{Desk, Form, Order, Ready};
#[cfg(feature = "engine")]
pub use error::ReportError;
