//! Median and 90th percentile of handling hours: exact, of every month, quarter, year and year to date, of the city,
//! districts, places, authorities, and of channels and categories of the city and its districts.
//!
//! A quantile of a year is no mean of quantiles of months, so each window is looked at anew; but all windows of all
//! groups fall out of one walk over the answers in ascending order. Years are independent of each other: a change
//! recomputes the years that it reaches.

mod closing;
#[cfg(test)]
mod tests;
mod walk;

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::book::{Applied, CaseAt, CaseBook, LiveBatch};
use super::codes::Codes;
use super::districts::Districts;
use super::monthly::{By, Months, Scope};
use super::second::Cut;
use super::threads::map;
use closing::{Closing, YearNo, closing_of};
use walk::{MONTHS, Part, QUARTERS, Table, position, walk};

pub use closing::Closings;
pub use walk::YearTimes;

/// Seconds of an hour.
const HOUR: f64 = 3600.0;
/// First year, of which `Period::index` counts from year 0.
const FIRST_YEAR: i32 = 1970;

/// Below this many cases a median or a rate says nothing about a group and is not shown in rankings.
pub const FEWEST_FOR_MEDIAN: u32 = 10;
/// Below this many cases a 90th percentile is not shown in rankings.
pub const FEWEST_FOR_P90: u32 = 20;

/// Which quantile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Quantile {
    /// The 50th percentile.
    Median,
    /// The 90th percentile.
    P90,
}

impl Quantile {
    /// As a part of 1.
    pub fn q(self) -> f64 {
        match self {
            Quantile::Median => 0.5,
            Quantile::P90 => 0.9,
        }
    }

    /// The number of cases below which it is suppressed.
    pub fn fewest(self) -> u32 {
        match self {
            Quantile::Median => FEWEST_FOR_MEDIAN,
            Quantile::P90 => FEWEST_FOR_P90,
        }
    }
}

/// A stretch of time by `Period::index` of its frequency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Window {
    /// A month.
    Month(i32),
    /// A quarter.
    Quarter(i32),
    /// A year.
    Year(i32),
    /// From January up to and including a month.
    YearToDate(i32),
}

impl Window {
    /// The year and the position in it.
    fn place(self) -> (i32, usize) {
        let split = |index: i32, per_year: i32| (index.div_euclid(per_year), index.rem_euclid(per_year) as usize);
        match self {
            Window::Month(index) => (split(index, 12).0, MONTHS + split(index, 12).1),
            Window::Quarter(index) => (split(index, 4).0, QUARTERS + split(index, 4).1),
            Window::Year(year) => (year, 11),
            Window::YearToDate(index) => split(index, 12),
        }
    }
}

/// Groups with their times.
type Groups = BTreeMap<(Scope, By), YearTimes>;

/// Handling times of all groups as of a cut. Cheap to copy: years are shared.
#[derive(Debug, Clone, PartialEq)]
pub struct HandlingTimes {
    cut: Cut,
    years: BTreeMap<YearNo, Arc<Groups>>,
}

impl HandlingTimes {
    /// The times of all cases in batches, on as many threads.
    pub fn of<B, I>(batches: I, codes: &Codes, (cut, threads): (Cut, usize)) -> Self
    where
        B: Borrow<LiveBatch>,
        I: IntoIterator<Item = B, IntoIter: Send>,
    {
        Self::from_closings(&Closings::of(batches, |batch| batch, (cut, threads)), codes, threads)
    }

    /// The times of answers gathered before. Places that the codes do not know lie in no district.
    pub fn from_closings(closings: &Closings, codes: &Codes, threads: usize) -> Self {
        Self { cut: closings.cut, years: years_of(closings, &Districts::of(&codes.places), threads) }
    }

    /// Where time is cut off.
    pub fn cut(&self) -> Cut {
        self.cut
    }

    /// Brings the times up to date after a change that made `book`, and to another cut. Equals looking at the whole book
    /// again, but costs only the years in which answers came, went or changed.
    pub fn refresh(&mut self, book: &CaseBook, applied: &Applied, (cut, threads): (Cut, usize)) {
        let years = self.reached_years(book, applied, cut);
        if !years.is_empty() {
            let wanted = |year| years.contains(&year);
            let closings = Closings::of_years(book.batches(), |batch| batch, (cut, threads), wanted);
            self.years.retain(|year, _| !years.contains(year));
            self.years.extend(years_of(&closings, &Districts::of(&book.codes.places), threads));
        }
        self.cut = cut;
    }

    /// Years in which the change or the other cut makes a difference.
    fn reached_years(&self, book: &CaseBook, applied: &Applied, cut: Cut) -> BTreeSet<YearNo> {
        let answers = |cases: &[CaseAt], cut: Cut| {
            let mut answers: Vec<_> = cases.iter().flat_map(|at| answers_of(book, *at, cut)).collect();
            answers.sort_unstable();
            answers
        };
        let (removed, added) = (answers(&applied.removed, self.cut), answers(&applied.added, cut));
        let mut years = BTreeSet::new();
        let (mut gone, mut new) = (removed.iter().peekable(), added.iter().peekable());
        // What was taken out and came in alike makes no difference; both are sorted.
        loop {
            match (gone.peek(), new.peek()) {
                (Some(a), Some(b)) if a == b => {
                    gone.next();
                    new.next();
                }
                (Some(a), b) if b.is_none_or(|b| a < b) => years.extend(gone.next().map(|answer| answer.0)),
                (_, Some(_)) => years.extend(new.next().map(|answer| answer.0)),
                _ => break,
            }
        }
        if self.cut != cut {
            let (first, last) = (self.cut.min(cut), self.cut.max(cut));
            let months = Months::table();
            years.extend(months.of(first.second()) / 12..=months.of(last.last()) / 12);
        }
        years
    }

    /// A quantile of a group in hours, with the number of cases it is of; `None` without any.
    pub fn get(&self, (scope, by): (Scope, By), window: Window, quantile: Quantile) -> Option<(f64, u32)> {
        let (year, place) = window.place();
        let year = YearNo::try_from(year - FIRST_YEAR).ok()?;
        let times = self.years.get(&year)?.get(&(scope, by))?;
        let count = times.counts[place];
        (count > 0).then(|| (times.hours(place, quantile), count))
    }

    /// The groups that have answers in a year (by `Period::index`), in order.
    pub fn groups(&self, year: i32) -> impl Iterator<Item = (Scope, By)> + '_ {
        let year = YearNo::try_from(year - FIRST_YEAR).ok();
        year.and_then(|year| self.years.get(&year)).into_iter().flat_map(|groups| groups.keys().copied())
    }

    /// Years with answers, by `Period::index`, ascending.
    pub fn years(&self) -> impl Iterator<Item = i32> + '_ {
        self.years.keys().map(|year| FIRST_YEAR + i32::from(*year))
    }
}

impl YearTimes {
    /// By linear interpolation between order statistics, as `analytics::quantile`.
    fn hours(&self, place: usize, quantile: Quantile) -> f64 {
        let ranks = self.at_ranks[place].map(|seconds| f64::from(seconds) / HOUR);
        let (below, above) = match quantile {
            Quantile::Median => (ranks[0], ranks[1]),
            Quantile::P90 => (ranks[2], ranks[3]),
        };
        let (.., between) = position(self.counts[place], quantile.q());
        below + between * (above - below)
    }
}

/// The answers of one case: year, whether of a round, and the rest.
fn answers_of(book: &CaseBook, at: CaseAt, cut: Cut) -> impl Iterator<Item = (YearNo, bool, Closing)> + '_ {
    let batch = &book.batches()[at.batch as usize];
    let rounds = batch.rounds_of(at.case).map(move |row| (closing_of(&batch.rounds, row, true, cut), true));
    let stints = batch.holdings_of(at.case).map(move |row| (closing_of(&batch.holdings, row, false, cut), false));
    rounds.chain(stints).filter_map(|(closing, is_round)| closing.map(|(year, closing)| (year, is_round, closing)))
}

fn years_of(closings: &Closings, districts: &Districts, threads: usize) -> BTreeMap<YearNo, Arc<Groups>> {
    let parts = closings.years.iter().flat_map(|(year, closings)| {
        let rounds = [Part::Areas, Part::Slices].map(|part| (*year, part, closings.rounds.as_slice()));
        rounds.into_iter().chain([(*year, Part::Orgs, closings.stints.as_slice())])
    });
    let walked = map(parts.collect(), threads, |(year, part, closings): (YearNo, Part, &[Closing])| {
        (year, walk(&Table::new(part, districts, closings), closings))
    });
    let mut years: BTreeMap<YearNo, Groups> = BTreeMap::new();
    for (year, groups) in walked.into_iter().filter(|(_, groups)| !groups.is_empty()) {
        years.entry(year).or_default().extend(groups);
    }
    years.into_iter().map(|(year, groups)| (year, Arc::new(groups))).collect()
}
