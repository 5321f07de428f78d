//! The REST API under `/api/v1`: a handler parses, calls and encodes; its wire types sit beside it.

pub mod cases;
pub mod catalog;
pub mod figures;
pub mod query;
pub mod runs;
pub mod series;
pub mod snapshot;
pub mod sql;
