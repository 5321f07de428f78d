//! Charts of the work itself: what lies open, what comes and goes, how long an answer takes.

mod backlog;
mod flow;
mod survival;

pub use backlog::backlog;
pub use flow::flow;
pub use survival::survival;
