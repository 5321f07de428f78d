//! Functions on slices of numbers. No periods, no storage.

pub mod growth;
pub mod quantile;
