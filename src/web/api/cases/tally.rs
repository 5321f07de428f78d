//! Counts of a group of cases for the wire.

use serde::Serialize;
use utoipa::ToSchema;

use crate::cases::counting::Flow;
use crate::cases::views::{Basis, Share, Tally};

/// What happened in the window, and what is open at its end.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TallyItem {
    /// Came in (for an authority: came to it for the first time).
    pub received: u32,
    /// Reopened by the citizen: a new round of an old case.
    pub reopened: u32,
    /// Given a final answer.
    pub closed: u32,
    /// Of these, before or on the deadline.
    pub closed_on_time: u32,
    /// Not taken up.
    pub rejected: u32,
    /// Joined to another case.
    pub merged: u32,
    /// Authorities only: came (back) from another one.
    pub transferred_in: u32,
    /// Authorities only: passed on or given back.
    pub transferred_out: u32,
    /// Fell due in the window.
    pub due: u32,
    /// Of these, not answered by then, whether answered since or still open.
    pub overdue: u32,
    /// Overdue in percent of due; null when nothing fell due.
    pub overdue_percent: Option<f64>,
    /// Closed on time in percent of closed; null when nothing was closed.
    pub on_time_percent: Option<f64>,
    /// Whether fewer than ten cases fell due: a share of them says little.
    pub few_cases: bool,
    /// Open at the end of the window.
    pub open: u32,
    /// Of these, past their deadline.
    pub open_overdue: u32,
    /// Sent to an authority.
    pub dispatched: u32,
    /// Of these, within five minutes.
    pub dispatched_5min: u32,
    /// Of these, given back for wrong competence.
    pub rerouted: u32,
    /// Of the closed, reopened within 30 days.
    pub closed_reopened_30d: u32,
    /// Rated by the citizen.
    pub rated: u32,
    /// Of these, content.
    pub rated_satisfied: u32,
}

impl TallyItem {
    /// The counts by one deadline.
    pub fn of(tally: &Tally, basis: Basis) -> Self {
        let get = |flow| tally.get(flow);
        let (overdue, on_time) = (tally.overdue(basis), tally.on_time(basis));
        Self {
            received: get(Flow::Received),
            reopened: get(Flow::Reopened),
            closed: get(Flow::Closed),
            closed_on_time: on_time.part,
            rejected: get(Flow::Rejected),
            merged: get(Flow::Merged),
            transferred_in: get(Flow::TransferredIn),
            transferred_out: get(Flow::TransferredOut),
            due: overdue.cases,
            overdue: overdue.part,
            overdue_percent: percent(overdue),
            on_time_percent: percent(on_time),
            few_cases: overdue.is_small(),
            open: tally.open,
            open_overdue: tally.open_overdue,
            dispatched: get(Flow::Dispatched),
            dispatched_5min: get(Flow::DispatchedIn5Min),
            rerouted: get(Flow::Rerouted),
            closed_reopened_30d: get(Flow::ClosedReopened30d),
            rated: get(Flow::Rated),
            rated_satisfied: get(Flow::RatedSatisfied),
        }
    }
}

/// A share in percent.
pub fn percent(share: Share) -> Option<f64> {
    share.value().map(|value| value * 100.0)
}

/// A share with the number behind it.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct ShareItem {
    /// Cases that are.
    pub part: u32,
    /// Cases that could be.
    pub cases: u32,
    /// In percent; null without cases.
    pub percent: Option<f64>,
    /// Whether there are fewer than ten cases.
    pub few_cases: bool,
}

impl ShareItem {
    /// From a share.
    pub fn of(share: Share) -> Self {
        Self { part: share.part, cases: share.cases, percent: percent(share), few_cases: share.is_small() }
    }
}
