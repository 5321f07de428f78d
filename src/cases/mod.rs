//! Citizens' reports as columns: who had how many, what is late and why, as of any instant. No I/O, no Arrow, no clock.
//!
//! ```text
//! CaseRecord + CaseHistory -> CaseBatch (columns) -> CaseBook (immutable snapshot, replaced case by case)
//!                                                 -> counts by month -> cube        (indicators 1401-1414)
//!                                                 -> views: heatmap, ranking, backlog, survival, lists
//! ```
//!
//! A *span* is a handling round, or the stint of one authority in it; both have a start, an end, a deadline and the same
//! counts. Areas, categories and channels count rounds; authorities count their own stints, so that each is charged for
//! its own time only. [`counting`] is the one place that says what counts.

mod batch;
mod book;
mod codes;
pub mod counting;
mod districts;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod histories;
mod late_rows;
pub mod monthly;
pub mod quantiles;
mod second;
mod spans;
mod threads;
pub mod views;

pub use batch::{CaseBatch, CaseBatchBuilder};
pub use book::{Applied, BookWriter, CaseAt, CaseBook, LiveBatch, NewCase};
pub use codes::{Codes, Dictionary, Place, PlaceIx, Places};
pub use late_rows::{LateRow, Reaching};
pub use monthly::{Monthly, Scan, WorkingDays};
pub use quantiles::HandlingTimes;
pub use second::{Cut, NEVER, Second, moment, month_start, second, second_or_never};
pub use spans::{Origin, PlainColumns, SpanEnding, Spans};
