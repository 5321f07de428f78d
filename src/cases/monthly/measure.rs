//! Measures of the catalogue that cases are counted for, and what part of one is asked for.

use super::cell::{BANDS, Cell};
use crate::cases::codes::PlaceIx;
use crate::cases::counting::Flow;

/// Whose cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// All of the city, placed or not.
    City,
    /// Those without a place.
    Unplaced,
    /// All in a district: those of its wards and those placed at the district itself.
    District(PlaceIx),
    /// Those of one place; for the place of a district, those that are placed no further.
    Place(PlaceIx),
    /// Stints of an authority.
    Org(u16),
}

/// Which of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum By {
    /// All.
    Total,
    /// Of a channel; not known for authorities.
    Channel(u16),
    /// Of a category (dimension `field`).
    Field(u16),
}

/// Which deadline (dimension `deadline_basis`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Basis {
    /// The first one, before any extension or pause.
    Original,
    /// The one that counts.
    Effective,
}

/// Member of a breakdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Member {
    /// No breakdown.
    Total,
    /// Dimension `channel`.
    Channel(u16),
    /// Dimension `field`.
    Field(u16),
    /// Dimension `age_band`, by position of the member.
    AgeBand(usize),
    /// Dimension `overdue_days_band`, by position of the member.
    OverdueBand(usize),
    /// Dimension `deadline_basis`.
    Basis(Basis),
}

impl Member {
    /// The cases it is counted among.
    pub fn by(self) -> By {
        match self {
            Member::Channel(channel) => By::Channel(channel),
            Member::Field(category) => By::Field(category),
            _ => By::Total,
        }
    }
}

/// A measure of the catalogue (`indicators/group_14.toml`) that counts cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CaseMeasure {
    /// `cases_received`.
    Received,
    /// `cases_closed`.
    Closed,
    /// `cases_open`.
    Open,
    /// `cases_closed_on_time`.
    ClosedOnTime,
    /// `cases_overdue`.
    Overdue,
    /// `cases_due`.
    Due,
    /// `cases_open_overdue`.
    OpenOverdue,
    /// `cases_dispatched_5min`.
    DispatchedIn5Min,
    /// `cases_dispatched`.
    Dispatched,
    /// `cases_closed_reopened_30d`.
    ClosedReopened30d,
    /// `cases_rated_satisfied`.
    RatedSatisfied,
    /// `cases_rated`.
    Rated,
    /// `cases_rerouted`.
    Rerouted,
}

impl CaseMeasure {
    /// All of them.
    pub const ALL: [CaseMeasure; 13] = [
        CaseMeasure::Received,
        CaseMeasure::Closed,
        CaseMeasure::Open,
        CaseMeasure::ClosedOnTime,
        CaseMeasure::Overdue,
        CaseMeasure::Due,
        CaseMeasure::OpenOverdue,
        CaseMeasure::DispatchedIn5Min,
        CaseMeasure::Dispatched,
        CaseMeasure::ClosedReopened30d,
        CaseMeasure::RatedSatisfied,
        CaseMeasure::Rated,
        CaseMeasure::Rerouted,
    ];

    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            CaseMeasure::Received => "cases_received",
            CaseMeasure::Closed => "cases_closed",
            CaseMeasure::Open => "cases_open",
            CaseMeasure::ClosedOnTime => "cases_closed_on_time",
            CaseMeasure::Overdue => "cases_overdue",
            CaseMeasure::Due => "cases_due",
            CaseMeasure::OpenOverdue => "cases_open_overdue",
            CaseMeasure::DispatchedIn5Min => "cases_dispatched_5min",
            CaseMeasure::Dispatched => "cases_dispatched",
            CaseMeasure::ClosedReopened30d => "cases_closed_reopened_30d",
            CaseMeasure::RatedSatisfied => "cases_rated_satisfied",
            CaseMeasure::Rated => "cases_rated",
            CaseMeasure::Rerouted => "cases_rerouted",
        }
    }

    /// The measure of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|measure| measure.code() == code)
    }

    /// What a cell says of a member; `None` for a breakdown that the measure does not have.
    pub fn of(self, cell: &Cell, member: Member) -> Option<u32> {
        let flow = match (self, member) {
            (CaseMeasure::Open, Member::AgeBand(band)) if band < BANDS => return Some(cell.open_by_age()[band]),
            (CaseMeasure::OpenOverdue, Member::OverdueBand(band)) if band < BANDS => {
                return Some(cell.overdue_by_days()[band]);
            }
            (CaseMeasure::ClosedOnTime, Member::Basis(Basis::Original)) => Flow::ClosedOnTimeOriginal,
            (CaseMeasure::Due, Member::Basis(Basis::Original)) => Flow::DueOriginal,
            (CaseMeasure::Overdue, Member::Basis(Basis::Original)) => Flow::OverdueOriginal,
            (CaseMeasure::ClosedOnTime | CaseMeasure::Due | CaseMeasure::Overdue, Member::Basis(_)) => {
                return self.of(cell, Member::Total);
            }
            (_, Member::AgeBand(_) | Member::OverdueBand(_) | Member::Basis(_)) => return None,
            (CaseMeasure::Open, _) => return Some(cell.open()),
            (CaseMeasure::OpenOverdue, _) => return Some(cell.open_overdue()),
            (CaseMeasure::Received, _) => Flow::Received,
            (CaseMeasure::Closed, _) => Flow::Closed,
            (CaseMeasure::ClosedOnTime, _) => Flow::ClosedOnTime,
            (CaseMeasure::Overdue, _) => Flow::Overdue,
            (CaseMeasure::Due, _) => Flow::Due,
            (CaseMeasure::DispatchedIn5Min, _) => Flow::DispatchedIn5Min,
            (CaseMeasure::Dispatched, _) => Flow::Dispatched,
            (CaseMeasure::ClosedReopened30d, _) => Flow::ClosedReopened30d,
            (CaseMeasure::RatedSatisfied, _) => Flow::RatedSatisfied,
            (CaseMeasure::Rated, _) => Flow::Rated,
            (CaseMeasure::Rerouted, _) => Flow::Rerouted,
        };
        Some(cell.flow(flow))
    }
}
