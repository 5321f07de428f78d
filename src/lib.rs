//! Toàn Cảnh: the indicator engine of a city.
//!
//! The folder tree is the architecture (see ARCHITECTURE.md); imports point down only, and `tests/it/tidy.rs` holds
//! them to it. The feature ladder is: nothing (pure) -> `engine` -> `server`.

// -- pure: no async, no Arrow, no clock --
pub mod analytics;
pub mod cases;
pub mod catalog;
pub mod chart;
pub mod cube;
pub mod dashboard;
pub mod domain;
pub mod error;
pub mod format;
pub mod gallery;
pub mod present;
pub mod sample;

// -- documents: Typst, no engine --
#[cfg(feature = "typeset")]
pub mod report;
#[cfg(feature = "typeset")]
pub mod typeset;

// -- engine --
#[cfg(feature = "engine")]
pub mod compute;
#[cfg(feature = "engine")]
pub mod feed;
#[cfg(feature = "engine")]
pub mod job;
#[cfg(feature = "engine")]
pub mod store;

// -- surfaces --
#[cfg(feature = "server")]
pub mod app;
#[cfg(feature = "server")]
pub mod cli;
#[cfg(feature = "server")]
pub mod config;
#[cfg(feature = "server")]
pub mod sql;
#[cfg(feature = "server")]
pub mod telemetry;
#[cfg(feature = "server")]
pub mod web;
