//! Counts of one cell, and the shares that follow from them.

use super::question::Basis;
use crate::cases::counting::Flow;

/// A share of fewer cases than this says nothing about a unit and may point at a person.
pub const MIN_CASES: u32 = 10;

/// What happened within a window, and what was open at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// How often each flow, by its number.
    pub flows: [u32; Flow::COUNT],
    /// Open right before the end of the window.
    pub open: u32,
    /// Of these, past their deadline, on the basis of the question.
    pub open_overdue: u32,
}

impl Tally {
    /// How often a flow.
    pub fn get(&self, flow: Flow) -> u32 {
        self.flows[flow as usize]
    }

    /// Of the cases that fell due, those that were not answered by then.
    pub fn overdue(&self, basis: Basis) -> Share {
        match basis {
            Basis::Original => Share::of(self.get(Flow::OverdueOriginal), self.get(Flow::DueOriginal)),
            Basis::Effective => Share::of(self.get(Flow::Overdue), self.get(Flow::Due)),
        }
    }

    /// Of the answers, those that were not late.
    pub fn on_time(&self, basis: Basis) -> Share {
        let on_time = match basis {
            Basis::Original => Flow::ClosedOnTimeOriginal,
            Basis::Effective => Flow::ClosedOnTime,
        };
        Share::of(self.get(on_time), self.get(Flow::Closed))
    }

    /// Of what is open, what is past its deadline.
    pub fn open_overdue_share(&self) -> Share {
        Share::of(self.open_overdue, self.open)
    }

    /// Whether nothing happened and nothing is open.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Takes in the flows of another cell, not what is open.
    pub(super) fn add_flows(&mut self, other: &Tally) {
        for (own, others) in self.flows.iter_mut().zip(&other.flows) {
            *own += others;
        }
    }

    /// Takes in what is open in another cell.
    pub(super) fn add_stocks(&mut self, other: &Tally) {
        self.open += other.open;
        self.open_overdue += other.open_overdue;
    }
}

/// A part of some cases. It keeps both numbers, so that a share never travels without the number behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Share {
    /// How many are meant.
    pub part: u32,
    /// Out of how many.
    pub cases: u32,
}

impl Share {
    /// A part out of some cases.
    pub fn of(part: u32, cases: u32) -> Self {
        Self { part, cases }
    }

    /// The share, 0 to 1; `None` out of no cases.
    pub fn value(self) -> Option<f64> {
        (self.cases > 0).then(|| f64::from(self.part) / f64::from(self.cases))
    }

    /// The share if there are enough cases to show one.
    pub fn shown(self) -> Option<f64> {
        self.value().filter(|_| !self.is_small())
    }

    /// Whether there are too few cases for a share to say anything.
    pub fn is_small(self) -> bool {
        self.cases < MIN_CASES
    }

    /// Both added up.
    pub fn plus(self, other: Share) -> Self {
        Self { part: self.part + other.part, cases: self.cases + other.cases }
    }

    /// Compared exactly, without rounding; no cases are least.
    pub fn cmp_share(self, other: Share) -> std::cmp::Ordering {
        if self.cases == 0 || other.cases == 0 {
            return (self.cases > 0).cmp(&(other.cases > 0));
        }
        let cross = |a: Share, b: Share| u64::from(a.part) * u64::from(b.cases);
        cross(self, other).cmp(&cross(other, self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_nine_cases_is_not_shown() {
        assert_eq!(Share::of(3, 9).shown(), None);
        assert_eq!(Share::of(3, 9).value(), Some(1.0 / 3.0));
        assert_eq!(Share::of(3, 10).shown(), Some(0.3));
        assert_eq!(Share::of(0, 0).value(), None);
        assert!(Share::of(1, 3).cmp_share(Share::of(2, 6)).is_eq());
        assert!(Share::of(0, 0).cmp_share(Share::of(0, 6)).is_lt());
    }
}
