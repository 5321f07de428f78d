//! Rows of the tables as Rust values, and their way to and from Arrow batches.
//!
//! Each module has the row, `batch` (rows to a batch in table order) and `read` (any batch of the table to rows, in
//! batch order). Order means nothing in the lake; whoever compares sorts.

mod case;
mod case_event;
mod indicator_value;
mod measure_value;
mod observation;
mod rejected;
mod run;
mod target;

pub use case::{
    CaseRow, CaseVersion, VERSION_COLUMNS, cases_batch, content_hash, for_each_case_version, read_case_rows, read_cases,
};
pub use case_event::case_events_batch;
pub use indicator_value::{IndicatorValueRow, indicator_values_batch, read_indicator_values};
pub use measure_value::{MeasureValueRow, measure_values_batch, read_measure_values};
pub use observation::{ObservationRow, observations_batch, read_observations};
pub use rejected::{RejectedRow, read_rejected_rows, rejected_rows_batch};
pub use run::{RunOutcome, RunRow, read_runs, runs_batch};
pub use target::{TargetRow, read_targets, targets_batch};
