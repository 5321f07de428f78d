//! SDMX data messages: SDMX-ML 2.1 (and the compact and generic data of 2.0), SDMX-CSV 1.0 and 2.0, SDMX-JSON 1.0 and
//! 2.0. No structure message is needed: what a message says about its series becomes a dimension.

mod csv;
mod json;
mod ml;
mod records;

pub(super) use csv::is_sdmx_csv;
pub use csv::read_sdmx_csv;
pub use json::read_sdmx_json;
pub(super) use json::{from_json, is_sdmx_json};
pub use ml::read_sdmx_ml;
