//! Citizens' reports: a case as its source holds it, and what follows from its events.
//!
//! A [`CaseRecord`] is folded into handling [`Round`]s (the first one and one after every reopening, each with its own
//! deadline) and [`Holding`]s (the stint of one authority, charged for its own time only). Nothing here holds the text
//! of a case or says who sent it.

pub mod moment;
pub mod record;
pub mod round;

pub use moment::Moment;
pub use record::{CaseEvent, CaseRecord, DuePolicy, EventKind};
pub use round::{CaseHistory, DueStep, DueTimeline, Ending, Holding, IgnoredEvent, Release, Round};
