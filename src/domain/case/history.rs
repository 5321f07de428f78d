//! A history as it stood at an instant.

use std::fmt;

use super::{CaseHistory, DueStep, DueTimeline, Ending, Holding, Moment, Pause, Release, Round};

/// Where a case is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CaseState {
    /// It came in and went to nobody yet.
    Received,
    /// It went to an authority that has not taken it on.
    Dispatched,
    /// The authority took it on.
    InProgress,
    /// The citizen is asked; the clock stands still.
    Paused,
    /// The last authority gave it back; it waits for another.
    Returned,
    /// The citizen reopened it, and it was not sent out or taken on since.
    Reopened,
    /// The final answer was sent.
    Answered,
    /// It is not taken up.
    Rejected,
    /// It goes on in another case.
    Merged,
}

impl CaseState {
    /// All states, in the order of a case's way.
    pub const ALL: [CaseState; 9] = [
        CaseState::Received,
        CaseState::Dispatched,
        CaseState::InProgress,
        CaseState::Paused,
        CaseState::Returned,
        CaseState::Reopened,
        CaseState::Answered,
        CaseState::Rejected,
        CaseState::Merged,
    ];

    /// The code in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            CaseState::Received => "received",
            CaseState::Dispatched => "dispatched",
            CaseState::InProgress => "in_progress",
            CaseState::Paused => "paused",
            CaseState::Returned => "returned",
            CaseState::Reopened => "reopened",
            CaseState::Answered => "answered",
            CaseState::Rejected => "rejected",
            CaseState::Merged => "merged",
        }
    }

    /// Whether the case still waits for an answer.
    pub fn is_open(self) -> bool {
        !matches!(self, CaseState::Answered | CaseState::Rejected | CaseState::Merged)
    }
}

impl fmt::Display for CaseState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl CaseHistory {
    /// The state at a moment, events of that moment included; `None` before the receipt.
    pub fn state_at(&self, at: Moment) -> Option<CaseState> {
        let round = self.rounds.iter().rev().find(|r| r.started_at <= at)?;
        let happened = |moment: Option<Moment>| moment.is_some_and(|m| m <= at);
        if happened(round.ended_at) {
            return Some(match round.ending {
                Ending::Open | Ending::Answered => CaseState::Answered,
                Ending::Rejected => CaseState::Rejected,
                Ending::Merged => CaseState::Merged,
            });
        }
        if round.pauses.iter().any(|p| p.from <= at && !happened(p.to)) {
            return Some(CaseState::Paused);
        }
        let mut stints = self.holdings.iter().rev().filter(|h| h.round == round.number && h.from <= at);
        let (stint, was_dispatched) = (stints.next(), happened(round.dispatched_at));
        Some(match stint {
            Some(stint) if happened(stint.to) => CaseState::Returned,
            Some(stint) if happened(stint.accepted_at) => CaseState::InProgress,
            Some(_) if round.number == 1 || was_dispatched => CaseState::Dispatched,
            _ if round.number > 1 => CaseState::Reopened,
            _ => CaseState::Received,
        })
    }

    /// The history as it stood at a moment: what came later is not in it. Empty before the receipt.
    pub fn as_of(&self, at: Moment) -> CaseHistory {
        let stints = self.holdings.iter().filter(|h| h.from <= at);
        let holdings: Vec<Holding> = stints.map(|h| holding_as_of(h, at)).collect();
        let rounds = self.rounds.iter().filter(|r| r.started_at <= at);
        CaseHistory {
            rounds: rounds.map(|r| round_as_of(r, &holdings, at)).collect(),
            holdings,
            ignored: self.ignored.iter().filter(|e| e.at <= at).cloned().collect(),
            gaps: self.gaps.iter().filter(|g| g.at <= at).cloned().collect(),
        }
    }
}

fn by(moment: Option<Moment>, at: Moment) -> Option<Moment> {
    moment.filter(|m| *m <= at)
}

fn due_as_of(due: &DueTimeline, at: Moment) -> DueTimeline {
    let steps: Vec<DueStep> = due.steps().iter().copied().take_while(|s| s.from <= at).collect();
    DueTimeline::new(steps)
}

fn round_as_of(round: &Round, holdings: &[Holding], at: Moment) -> Round {
    let ended_at = by(round.ended_at, at);
    let rated_at = by(round.rated_at, at);
    let pauses = round.pauses.iter().filter(|p| p.from <= at);
    let last = holdings.iter().rev().find(|h| h.round == round.number);
    Round {
        number: round.number,
        started_at: round.started_at,
        ended_at,
        ending: if ended_at.is_some() { round.ending } else { Ending::Open },
        due: due_as_of(&round.due, at),
        dispatched_at: by(round.dispatched_at, at),
        returned_at: by(round.returned_at, at),
        reopened_at: by(round.reopened_at, at),
        rated_at,
        satisfied: round.satisfied.filter(|_| rated_at.is_some()),
        pauses: pauses.map(|p| Pause { from: p.from, to: by(p.to, at) }).collect(),
        worked_seconds: round.worked_seconds.filter(|_| ended_at.is_some()),
        org: last.map(|h| h.org.clone()),
    }
}

fn holding_as_of(holding: &Holding, at: Moment) -> Holding {
    let to = by(holding.to, at);
    Holding {
        accepted_at: by(holding.accepted_at, at),
        to,
        release: if to.is_some() { holding.release } else { Release::Held },
        due: due_as_of(&holding.due, at),
        worked_seconds: holding.worked_seconds.filter(|_| to.is_some()),
        ..holding.clone()
    }
}
