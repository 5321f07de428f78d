//! What is counted in a cell: the flows, and the stocks by band.

use crate::cases::counting::Flow;

/// Counters of a cell, flows first.
pub(super) const COUNTERS: usize = 32;

/// The counters of one group in one month: two cache lines, so that what a case adds to a month lies together.
///
/// Counters wrap, so that a case can be taken out again. The bands "over 30 days" hold by how much the stock changed
/// since the month before, since a case stays in them until it is closed; all others hold what they say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(align(64))]
pub struct Cell(pub(super) [u32; COUNTERS]);

/// First counter of the open cases by age.
const OPEN: usize = Flow::COUNT;
/// First counter of the open, overdue cases by working days overdue.
const OPEN_OVERDUE: usize = OPEN + BANDS;

/// Bands of age, and of days overdue.
pub const BANDS: usize = 4;
/// The counters that hold changes: open and overdue over 30 days.
const CHANGES: [usize; 2] = [OPEN + BANDS - 1, OPEN_OVERDUE + BANDS - 1];

/// The band of a case by whole days since its start: under 5, 5 to 15, 16 to 30, over 30.
#[inline]
pub fn age_band(days: u32) -> usize {
    usize::from(days >= 5) + usize::from(days > 15) + usize::from(days > 30)
}

/// The band of a case by working days overdue: up to 5, 6 to 10, 11 to 30, over 30.
#[inline]
pub fn overdue_band(days: u32) -> usize {
    usize::from(days > 5) + usize::from(days > 10) + usize::from(days > 30)
}

/// The position of a counter in a cell.
#[inline]
pub(super) fn flow(flow: Flow) -> u8 {
    flow as u8
}

/// The counter of a band of open cases.
#[inline]
pub(super) fn open(band: usize) -> u8 {
    (OPEN + band) as u8
}

/// The counter of a band of open, overdue cases.
#[inline]
pub(super) fn open_overdue(band: usize) -> u8 {
    (OPEN_OVERDUE + band) as u8
}

impl Cell {
    /// Nothing counted.
    pub const ZERO: Cell = Cell([0; COUNTERS]);

    /// Adds all counters of another cell.
    #[inline]
    pub(super) fn add(&mut self, other: &Cell) {
        for (to, from) in self.0.iter_mut().zip(&other.0) {
            *to = to.wrapping_add(*from);
        }
    }

    /// Adds what stood at the end of the month before to the counters that hold changes.
    pub(super) fn carry(&mut self, before: &Cell) {
        for counter in CHANGES {
            self.0[counter] = self.0[counter].wrapping_add(before.0[counter]);
        }
    }

    /// How often something happened in the month.
    #[inline]
    pub fn flow(&self, flow: Flow) -> u32 {
        self.0[flow as usize]
    }

    /// Cases open at the end of the month by [`age_band`].
    #[inline]
    pub fn open_by_age(&self) -> [u32; BANDS] {
        std::array::from_fn(|band| self.0[OPEN + band])
    }

    /// Cases open and overdue at the end of the month by [`overdue_band`].
    #[inline]
    pub fn overdue_by_days(&self) -> [u32; BANDS] {
        std::array::from_fn(|band| self.0[OPEN_OVERDUE + band])
    }

    /// Cases open at the end of the month.
    pub fn open(&self) -> u32 {
        self.open_by_age().iter().sum()
    }

    /// Cases open and overdue at the end of the month.
    pub fn open_overdue(&self) -> u32 {
        self.overdue_by_days().iter().sum()
    }

    /// Cases that began in the month, in any way.
    pub fn begun(&self) -> u32 {
        [Flow::Received, Flow::Reopened, Flow::TransferredIn].iter().map(|f| self.flow(*f)).sum()
    }

    /// Cases that ended in the month, in any way.
    pub fn ended(&self) -> u32 {
        [Flow::Closed, Flow::Rejected, Flow::Merged, Flow::TransferredOut].iter().map(|f| self.flow(*f)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_begin_where_their_names_say() {
        assert_eq!([0, 4, 5, 15, 16, 30, 31, 400].map(age_band), [0, 0, 1, 1, 2, 2, 3, 3]);
        assert_eq!([0, 1, 5, 6, 10, 11, 30, 31].map(overdue_band), [0, 0, 0, 1, 1, 2, 2, 3]);
    }

    #[test]
    fn every_counter_has_its_own_place() {
        let flows = Flow::ALL.map(flow);
        let bands = (0..BANDS).flat_map(|band| [open(band), open_overdue(band)]);
        let all: std::collections::BTreeSet<u8> = flows.into_iter().chain(bands).collect();
        assert_eq!(all.len(), Flow::COUNT + 2 * BANDS);
        assert!(all.iter().all(|counter| usize::from(*counter) < COUNTERS));
    }
}
