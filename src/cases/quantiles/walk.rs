//! One walk over the answers of a year in ascending order: every group counts, for each of its windows, how many it has
//! seen, and takes down the value when the count reaches a rank that a quantile needs.

use std::collections::BTreeMap;

use super::closing::Closing;
use crate::cases::districts::Districts;
use crate::cases::monthly::{By, Scope};

/// Windows of a year that one answer moves together: year to date of each month, then quarters.
const LANES: usize = 16;
/// First quarter among the windows.
pub(super) const QUARTERS: usize = 12;
/// First month among the windows.
pub(super) const MONTHS: usize = LANES;
/// Windows of a year: 12 years to date, 4 quarters, 12 months.
pub(super) const WINDOWS: usize = LANES + 12;
/// Ranks of a window: the two around the median, the two around the 90th percentile.
const RANKS: usize = 4;
/// No group; no rank left.
const NONE: u32 = u32::MAX;

/// Which lanes an answer of each month moves.
const MOVES: [[u32; LANES]; 12] = moves();

const fn moves() -> [[u32; LANES]; 12] {
    let mut moves = [[0; LANES]; 12];
    let mut month = 0;
    while month < 12 {
        let mut to = month;
        while to < 12 {
            moves[month][to] = 1;
            to += 1;
        }
        moves[month][QUARTERS + month / 3] = 1;
        month += 1;
    }
    moves
}

/// The handling times of one group in one year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearTimes {
    /// Answers by window.
    pub(super) counts: [u32; WINDOWS],
    /// Working seconds at the ranks.
    pub(super) at_ranks: [[u32; RANKS]; WINDOWS],
}

/// Where the `q`-quantile of `count` values lies: the positions below and above, and how far between.
pub(super) fn position(count: u32, q: f64) -> (u32, u32, f64) {
    let position = f64::from(count - 1) * q;
    let below = position.floor();
    (below as u32, (below as u32 + 1).min(count - 1), position - below)
}

/// Ranks, from 1, that the quantiles of `count` values need.
fn ranks(count: u32) -> [u32; RANKS] {
    let ((a, b, _), (c, d, _)) = (position(count, 0.5), position(count, 0.9));
    [a + 1, b + 1, c + 1, d + 1]
}

/// The first rank after a count.
fn next_rank(ranks: [u32; RANKS], count: u32) -> u32 {
    ranks.into_iter().filter(|rank| *rank > count).min().unwrap_or(NONE)
}

/// Which groups an answer belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// City, districts and places.
    Areas,
    /// Channels and categories of the city and of districts.
    Slices,
    /// Authorities.
    Orgs,
}

/// Groups of a part as positions in a table.
#[derive(Debug)]
pub(super) struct Table<'a> {
    part: Part,
    districts: &'a Districts,
    groups: usize,
    channels: usize,
    fields: usize,
}

/// Positions of the areas; districts follow.
const CITY: usize = 0;
const UNPLACED: usize = 1;
const DISTRICTS: usize = 2;

impl<'a> Table<'a> {
    /// Room for the numbers that occur.
    pub fn new(part: Part, districts: &'a Districts, closings: &[Closing]) -> Self {
        let room = |number: fn(&Closing) -> u16| closings.iter().map(number).max().map_or(0, |n| usize::from(n) + 1);
        Self { part, districts, groups: room(|c| c.group), channels: room(|c| c.channel), fields: room(|c| c.category) }
    }

    fn len(&self) -> usize {
        match self.part {
            Part::Areas => DISTRICTS + self.districts.len() + self.groups,
            Part::Slices => (DISTRICTS + self.districts.len()) * (self.channels + self.fields),
            Part::Orgs => self.groups,
        }
    }

    /// Calls `each` with the position of every group of an answer.
    #[inline]
    fn positions(&self, closing: &Closing, mut each: impl FnMut(usize)) {
        let (group, columns) = (usize::from(closing.group), self.channels + self.fields);
        let (channel, field) = (usize::from(closing.channel), self.channels + usize::from(closing.category));
        let district = || self.districts.slot(closing.group).map(|slot| DISTRICTS + slot);
        let unplaced = (group == 0).then_some(UNPLACED);
        match self.part {
            Part::Orgs => each(group),
            Part::Areas => {
                each(CITY);
                unplaced.into_iter().chain(district()).for_each(&mut each);
                if group != 0 {
                    each(DISTRICTS + self.districts.len() + group);
                }
            }
            Part::Slices => {
                for area in [Some(CITY), unplaced.or_else(district)].into_iter().flatten() {
                    each(area * columns + channel);
                    each(area * columns + field);
                }
            }
        }
    }

    fn key(&self, position: usize) -> (Scope, By) {
        let district = |slot: usize| self.districts.iter().nth(slot).map_or(Scope::City, Scope::District);
        let area = |area: usize| match area {
            CITY => Scope::City,
            UNPLACED => Scope::Unplaced,
            other => district(other - DISTRICTS),
        };
        match self.part {
            Part::Orgs => (Scope::Org(position as u16), By::Total),
            Part::Areas => match position.checked_sub(DISTRICTS + self.districts.len()) {
                Some(place) => (Scope::Place(place as u16), By::Total),
                None => (area(position), By::Total),
            },
            Part::Slices => {
                let columns = self.channels + self.fields;
                let by = match (position % columns).checked_sub(self.channels) {
                    Some(field) => By::Field(field as u16),
                    None => By::Channel((position % columns) as u16),
                };
                (area(position / columns), by)
            }
        }
    }
}

/// What the groups have seen so far.
#[derive(Debug, Clone)]
#[repr(align(64))]
struct Seen {
    counts: [u32; LANES],
    /// Counts at which something is to be taken down.
    targets: [u32; LANES],
    month_counts: [u32; 12],
    month_targets: [u32; 12],
}

/// The handling times of all groups of a part, from answers in ascending order.
pub(super) fn walk(table: &Table<'_>, closings: &[Closing]) -> BTreeMap<(Scope, By), YearTimes> {
    debug_assert!(closings.is_sorted_by_key(|closing| closing.worked));
    let (numbers, mut times) = number(table, closings);
    let mut seen: Vec<Seen> = times.iter().map(Seen::before).collect();
    for closing in closings {
        table.positions(closing, |position| {
            let number = numbers[position] as usize;
            seen[number].step(closing, &mut times[number]);
        });
    }
    let counted = numbers.iter().enumerate().filter(|(_, number)| **number != NONE);
    // Numbers ascend with positions.
    counted.map(|(position, _)| table.key(position)).zip(times).collect()
}

/// Numbers the groups that have answers, in order of position, and counts the answers of every window.
fn number(table: &Table<'_>, closings: &[Closing]) -> (Vec<u32>, Vec<YearTimes>) {
    let mut numbers = vec![NONE; table.len()];
    closings.iter().for_each(|closing| table.positions(closing, |position| numbers[position] = 0));
    let counted = numbers.iter_mut().filter(|number| **number != NONE);
    let groups = counted.enumerate().map(|(next, number)| *number = next as u32).count();
    let mut months = vec![[0u32; 12]; groups];
    for closing in closings {
        let month = usize::from(closing.month);
        table.positions(closing, |position| months[numbers[position] as usize][month] += 1);
    }
    let times = months.iter().map(|months| {
        let mut counts = [0; WINDOWS];
        for (month, count) in months.iter().enumerate() {
            (0..LANES).for_each(|lane| counts[lane] += MOVES[month][lane] * count);
            counts[MONTHS + month] = *count;
        }
        YearTimes { counts, at_ranks: [[0; RANKS]; WINDOWS] }
    });
    let times = times.collect();
    (numbers, times)
}

impl Seen {
    fn before(times: &YearTimes) -> Self {
        let first = |window: usize| match times.counts[window] {
            0 => NONE,
            count => next_rank(ranks(count), 0),
        };
        Self {
            counts: [0; LANES],
            targets: std::array::from_fn(first),
            month_counts: [0; 12],
            month_targets: std::array::from_fn(|month| first(MONTHS + month)),
        }
    }

    /// Takes in the next answer.
    #[inline]
    fn step(&mut self, closing: &Closing, times: &mut YearTimes) {
        let month = usize::from(closing.month);
        let moves = &MOVES[month];
        let mut reached = 0;
        for ((count, target), moved) in self.counts.iter_mut().zip(&self.targets).zip(moves) {
            *count += moved;
            reached |= u32::from(*count == *target);
        }
        self.month_counts[month] += 1;
        reached |= u32::from(self.month_counts[month] == self.month_targets[month]);
        if reached != 0 {
            self.take_down(closing, times);
        }
    }

    #[cold]
    fn take_down(&mut self, closing: &Closing, times: &mut YearTimes) {
        let lanes = self.counts.iter().zip(&mut self.targets);
        let months = self.month_counts.iter().zip(&mut self.month_targets);
        for (window, (count, target)) in lanes.chain(months).enumerate() {
            if count == target {
                let ranks = ranks(times.counts[window]);
                for (at, rank) in times.at_ranks[window].iter_mut().zip(ranks) {
                    if rank == *count {
                        *at = closing.worked;
                    }
                }
                *target = next_rank(ranks, *count);
            }
        }
    }
}
