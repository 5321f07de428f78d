//! What is late and why, as of any instant, for any window, under any filter: pure functions over a [`CaseBook`].
//!
//! ```text
//! CaseBook + Question -> Lens -> crosstab   any two of area, authority, category, channel, day, week, month, age
//!                             -> ranking    units by their share of overdue cases, with the number behind it
//!                             -> backlog    what is open, how old, how long overdue      -> flow   what came and went
//!                             -> survival   time to the answer, open cases counted       -> soon   what falls due next
//!                             -> rereports  what came back                               -> gaming figures to look at
//!                             -> list       the cases behind any figure                  -> children  one level down
//! ```
//!
//! A [`Lens`] is a question with its codes looked up. Views name codes, never labels, and come in a fixed order. What a
//! count means is said in [`counting`](super::counting) alone.
//!
//! [`CaseBook`]: super::CaseBook

mod axis;
mod backlog;
mod bands;
mod crosstab;
#[cfg(test)]
pub(crate) mod fixture;
mod flow;
mod gaming;
mod handled;
mod lens;
mod list;
mod question;
mod ranking;
mod rereports;
mod scan;
mod soon;
mod survival;
mod tally;

pub use axis::Axis;
pub use backlog::{Backlog, OldestOpen, backlog, backlog_by};
pub use bands::{AGE_BANDS, OVERDUE_BANDS, OverdueBands, age_band};
pub use crosstab::{CrossTab, crosstab};
pub use flow::{FlowPeriod, FlowSeries, flow};
pub use gaming::{Flag, FlagKind, Gaming, GamingRules, gaming};
pub use handled::{Summary, received_still_open, summary};
pub use lens::{Lens, SpanKind};
pub use list::{CaseList, CaseState, Child, ListedCase, Order, Page, Which, children, list};
pub use question::{Basis, Filter, FilterKind, Question, QuestionError};
pub use ranking::{Ranked, Ranking, ranking};
pub use rereports::{ReReports, rereports};
pub use soon::{SoonDue, SoonOverdue, soon};
pub use survival::{AtDay, Survival, SurvivalStep, survival};
pub use tally::{MIN_CASES, Share, Tally};
