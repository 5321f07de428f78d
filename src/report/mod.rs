//! Documents made from the served figures: infographics, reports.

pub mod archive;
pub mod brief;
pub mod declared;
mod desk;
mod error;
pub mod gate;
pub mod table;
mod workbook;

pub use desk::{Desk, Form, Order, Ready};
pub use error::ReportError;
