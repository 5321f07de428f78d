//! Analysts' SQL: read-only, bounded in time, memory and rows. This is the only door for SQL written by people.

pub mod guard;

pub use guard::{SqlAnswer, SqlError, SqlLimits, SqlService, Tables};
