//! Counts by month of places, authorities, categories and channels: made in one pass, kept up to date by what changed.
//!
//! Counts are sums over cases, so they are the same whoever adds them up in whatever order, and a case can be taken out
//! again: a refresh equals counting everything, bit for bit.

mod cell;
mod events;
mod grid;
mod measure;
mod months;
mod series;
mod tally;
#[cfg(test)]
mod tests;

use std::borrow::Borrow;

use super::book::{Applied, CaseBook, LiveBatch};
use super::second::Cut;
use super::spans::Spans;
use super::threads::{share_ends, share_out};
use events::Clock;
use grid::Grid;
use tally::{Sign, Tally};

pub use cell::{BANDS, Cell, age_band, overdue_band};
pub use measure::{Basis, By, CaseMeasure, Member, Scope};
pub(super) use months::Months;
pub use months::WorkingDays;
pub use series::{Break, MonthlySeries};

/// Counts by month as of a cut. Cheap to copy: months are shared until written to.
#[derive(Debug, Clone, PartialEq)]
pub struct Monthly {
    cut: Cut,
    /// Handling rounds; channels and categories add up to the same.
    places_by_category: Grid,
    places_by_channel: Grid,
    /// Stints of authorities.
    orgs_by_category: Grid,
}

impl Monthly {
    /// Nothing counted.
    pub fn empty(cut: Cut) -> Self {
        Self {
            cut,
            places_by_category: Grid::default(),
            places_by_channel: Grid::default(),
            orgs_by_category: Grid::default(),
        }
    }

    /// Where time is cut off.
    pub fn cut(&self) -> Cut {
        self.cut
    }

    /// Counts batches. The result does not depend on the number of threads.
    pub fn count<'b, I>(batches: I, scan: Scan<'_>) -> Self
    where
        I: IntoIterator<Item = &'b LiveBatch, IntoIter: DoubleEndedIterator + Send>,
    {
        let (start, add) = (|| scan.tally(), |tally: &mut Tally<'_>, batch: &LiveBatch| tally.add(batch));
        scan.sum(share_ends(batches.into_iter(), scan.threads, start, add))
    }

    /// Counts batches that are made on the way, each on the thread that counts it and dropped after, so that they need
    /// not fit into memory together. The iterator itself runs on one thread at a time.
    pub fn count_decoded<T, B, I>(items: I, decode: impl Fn(T) -> B + Sync, scan: Scan<'_>) -> Self
    where
        B: Borrow<LiveBatch>,
        I: IntoIterator<Item = T, IntoIter: Send>,
    {
        let (start, add) = (|| scan.tally(), |tally: &mut Tally<'_>, item| tally.add(decode(item).borrow()));
        scan.sum(share_out(items.into_iter(), scan.threads, start, add))
    }

    /// The same for spans made of plain columns ([`Spans::plain`]), from pieces of a file for example.
    pub fn count_plain<T, B, I>(items: I, decode: impl Fn(T) -> B + Sync, scan: Scan<'_>) -> Self
    where
        B: Borrow<Spans>,
        I: IntoIterator<Item = T, IntoIter: DoubleEndedIterator + Send>,
    {
        let (start, add) = (|| scan.tally(), |tally: &mut Tally<'_>, item| tally.add_plain(decode(item).borrow()));
        scan.sum(share_ends(items.into_iter(), scan.threads, start, add))
    }

    /// Adds the counts of other cases.
    ///
    /// # Panics
    /// If they are as of another cut.
    pub fn merge(&mut self, other: Monthly, working_days: &WorkingDays) {
        assert_eq!(self.cut, other.cut, "counts as of different instants do not add up");
        self.write(working_days, |tally| tally.merge(other));
    }

    /// Brings the counts up to date after a change that made `book`, and to the cut of `scan`. Equals counting the book.
    pub fn refresh(&mut self, book: &CaseBook, applied: &Applied, scan: Scan<'_>) {
        self.apply(book, applied, scan.working_days);
        self.move_cut(book, scan);
    }

    /// Takes out replaced cases and counts new ones, as of the cut there is.
    pub fn apply(&mut self, book: &CaseBook, applied: &Applied, working_days: &WorkingDays) {
        self.write(working_days, |tally| {
            let changed = [(&applied.removed, Sign::Minus), (&applied.added, Sign::Plus)];
            for (at, sign) in changed.into_iter().flat_map(|(cases, sign)| cases.iter().map(move |at| (at, sign))) {
                tally.add_case(&book.batches()[at.batch as usize], at.case, sign);
            }
        });
    }

    /// Looks at the same cases as of another cut. Costs a look at every span that may have been open or have had an
    /// event between both.
    pub fn move_cut(&mut self, book: &CaseBook, scan: Scan<'_>) {
        if scan.cut == self.cut {
            return;
        }
        let before = Clock::new(scan.working_days, self.cut);
        let add = |tally: &mut Tally<'_>, batch: &LiveBatch| tally.add_shift(batch, &before);
        let shift = scan.sum(share_ends(book.batches().iter(), scan.threads, || scan.tally(), add));
        self.cut = scan.cut;
        self.write(scan.working_days, |tally| tally.merge(shift));
    }

    fn write(&mut self, working_days: &WorkingDays, change: impl FnOnce(&mut Tally<'_>)) {
        let mut tally = Tally::on(std::mem::replace(self, Self::empty(self.cut)), working_days);
        change(&mut tally);
        *self = tally.finish();
    }
}

/// How cases are counted.
#[derive(Debug, Clone, Copy)]
pub struct Scan<'a> {
    /// Where time is cut off.
    pub cut: Cut,
    /// What days overdue are counted in.
    pub working_days: &'a WorkingDays,
    /// On how many threads, at least one.
    pub threads: usize,
}

impl<'a> Scan<'a> {
    /// On as many threads as the machine runs at once.
    pub fn new(cut: Cut, working_days: &'a WorkingDays) -> Self {
        Self { cut, working_days, threads: std::thread::available_parallelism().map_or(1, usize::from) }
    }

    fn tally(self) -> Tally<'a> {
        Tally::on(Monthly::empty(self.cut), self.working_days)
    }

    /// What all threads counted.
    fn sum(self, tallies: Vec<Tally<'_>>) -> Monthly {
        let mut tallies = tallies.into_iter();
        let Some(mut first) = tallies.next() else { return Monthly::empty(self.cut) };
        tallies.for_each(|other| first.merge(other.finish()));
        first.finish()
    }
}
