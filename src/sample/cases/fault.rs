//! Rows that are wrong on purpose, and the account of everything that was planted.

use std::collections::BTreeMap;

use super::SampleCase;
use super::conduct::Pattern;

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// An extra row that was answered before it came in: must be rejected.
    ClosedBeforeOpened,
    /// No due time, though the field has one: the table of deadlines decides.
    NoDueTime,
    /// A ward that is no area: the case counts in the city only.
    UnknownWard,
    /// An extra, older row with the id of the row before it: the newer one counts.
    DuplicateId,
    /// An extra row whose time of receipt is no time: must be rejected.
    UnreadableTime,
}

impl Fault {
    /// All of them.
    pub const ALL: [Fault; 5] =
        [Fault::ClosedBeforeOpened, Fault::NoDueTime, Fault::UnknownWard, Fault::DuplicateId, Fault::UnreadableTime];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Fault::ClosedBeforeOpened => "closed_before_opened",
            Fault::NoDueTime => "no_due_time",
            Fault::UnknownWard => "unknown_ward",
            Fault::DuplicateId => "duplicate_id",
            Fault::UnreadableTime => "unreadable_time",
        }
    }

    /// Whether it is a row besides the city's cases, which must not be counted.
    pub fn is_extra_row(self) -> bool {
        matches!(self, Fault::ClosedBeforeOpened | Fault::DuplicateId | Fault::UnreadableTime)
    }
}

/// The ward code of [`Fault::UnknownWard`], which no list of areas has.
pub const UNKNOWN_WARD: &str = "29999";

/// The time of receipt of [`Fault::UnreadableTime`].
pub const UNREADABLE_TIME: &str = "2022-02-31 25:61:00";

/// What a run of cases amounts to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseTruth {
    /// Cases of the city: every row but the extra ones.
    pub cases: u64,
    /// Rows, with the extra ones.
    pub rows: u64,
    /// Events.
    pub events: u64,
    /// Rows that are wrong on purpose.
    pub faults: BTreeMap<Fault, u64>,
    /// Cases with a planted habit.
    pub patterns: BTreeMap<Pattern, u64>,
}

impl CaseTruth {
    /// Counts a row.
    pub fn note(&mut self, case: &SampleCase) {
        self.rows += 1;
        self.events += case.record.events.len() as u64;
        if let Some(fault) = case.fault {
            *self.faults.entry(fault).or_default() += 1;
        }
        if case.fault.is_none_or(|f| !f.is_extra_row()) {
            self.cases += 1;
        }
        if let Some(pattern) = case.pattern {
            *self.patterns.entry(pattern).or_default() += 1;
        }
    }

    /// Adds the account of other rows.
    pub fn add(&mut self, other: &CaseTruth) {
        self.cases += other.cases;
        self.rows += other.rows;
        self.events += other.events;
        for (fault, count) in &other.faults {
            *self.faults.entry(*fault).or_default() += count;
        }
        for (pattern, count) in &other.patterns {
            *self.patterns.entry(*pattern).or_default() += count;
        }
    }
}
