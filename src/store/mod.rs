//! Where figures are kept: Delta tables for rows, SQLite for the state of jobs.
//!
//! [`Lake`] opens the tables on local disk or S3-compatible storage, appends and replaces rows idempotently (one writer
//! per table, one writing process per lake) and hands out frozen [`TableSnapshot`]s to read. [`State`] keeps leases
//! and runs of jobs. Nothing here knows what a figure means: resolution by vintage, roll-ups and
//! formulas are above; nothing here reads a clock.

mod backend;
mod changes;
mod columns;
mod commit;
mod disk;
mod error;
#[cfg(test)]
mod fixture;
mod lake;
mod lock;
mod repair;
pub mod rows;
mod schema;
mod snapshot;
mod state;
mod upkeep;

pub use backend::LakeConfig;
pub use changes::Changes;
pub use commit::{Txn, WriteOutcome};
pub use error::StoreError;
pub use lake::Lake;
pub use schema::{CITY_TIME, Table};
pub use snapshot::TableSnapshot;
pub use state::{JobRun, JobState, Lease, NewJobRun, RunEnd, State};
pub use upkeep::{Upkeep, UpkeepReport};
