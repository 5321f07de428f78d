//! Citizens' reports: a case as its source holds it, and what follows from its events.
//!
//! A [`CaseRecord`] is folded into handling [`Round`]s (the first one and one after every reopening, each with its own
//! deadline) and [`Holding`]s (the stint of one authority, charged for its own time only). Nothing here holds the text
//! of a case or says who sent it.

pub mod deadline;
#[cfg(test)]
pub(crate) mod fixture;
pub mod fold;
mod history;
pub mod moment;
pub mod record;
pub mod round;
mod span;

pub use deadline::{DeadlineConflict, DeadlineRule, DeadlineTable, DeadlineUnit};
pub use fold::fold;
pub use history::CaseState;
pub use moment::Moment;
pub use record::{CaseEvent, CaseRecord, DuePolicy, EventKind};
pub use round::{CalendarGap, CaseHistory, DueStep, DueTimeline, Ending, Holding, IgnoredEvent, Pause, Release, Round};

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
