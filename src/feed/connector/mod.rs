//! Where a feed's bytes come from.

pub mod config;

pub use config::ConnectorConfig;
