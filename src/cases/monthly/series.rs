//! Series by month out of the counts: rolled up over areas, stocks carried from month to month.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;

use chrono::Datelike;

use super::Monthly;
use super::cell::Cell;
use super::grid::Grid;
use super::measure::{By, CaseMeasure, Member, Scope};
use super::months::{MonthNo, Months, index};
use crate::cases::codes::{Codes, PlaceIx};
use crate::cases::districts::Districts;
use crate::cases::second::moment;
use crate::domain::{Freq, Period};

/// No line (yet).
const NONE: u32 = u32::MAX;

/// Counts of the city, its districts, places and authorities as series. Made once per [`Monthly`]; then every series is
/// an index away. Only groups that have cases take room.
#[derive(Debug)]
pub struct MonthlySeries<'a> {
    monthly: &'a Monthly,
    months: Range<MonthNo>,
    districts: Districts,
    channels: usize,
    fields: usize,
    areas: Lines,
    places: Lines,
    orgs: Lines,
}

/// Positions of the areas that are broken down; districts follow, by their slots.
const CITY: usize = 0;
const UNPLACED: usize = 1;
const DISTRICTS: usize = 2;

/// Series of cells, in rows and columns that are found without searching.
#[derive(Debug)]
struct Lines {
    columns: usize,
    months: usize,
    numbers: Vec<u32>,
    cells: Vec<Cell>,
}

impl Lines {
    fn new(rows: usize, columns: usize, months: usize) -> Self {
        Self { columns, months, numbers: vec![NONE; rows * columns], cells: Vec::new() }
    }

    fn add(&mut self, row: usize, column: usize, month: usize, cell: &Cell) {
        let number = &mut self.numbers[row * self.columns + column];
        if *number == NONE {
            *number = (self.cells.len() / self.months) as u32;
            self.cells.resize(self.cells.len() + self.months, Cell::ZERO);
        }
        self.cells[*number as usize * self.months + month].add(cell);
    }

    fn get(&self, row: usize, column: usize) -> Option<&[Cell]> {
        let number = *self.numbers.get(row * self.columns + column)?;
        let from = (number != NONE && column < self.columns).then_some(number as usize * self.months)?;
        Some(&self.cells[from..from + self.months])
    }

    fn carry(&mut self) {
        if self.months > 0 {
            self.cells.chunks_exact_mut(self.months).for_each(carry);
        }
    }
}

/// Turns the changes of stocks into stocks.
fn carry(series: &mut [Cell]) {
    for month in 1..series.len() {
        let before = series[month - 1];
        series[month].carry(&before);
    }
}

/// A group whose stock at a month's end is not what its flows say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Break {
    /// Whose cases.
    pub scope: Scope,
    /// Which of them.
    pub by: By,
    /// Month, by `Period::index`.
    pub month: i32,
    /// Open at its end by open at its start, begun and ended.
    pub expected: i64,
    /// Open at its end as counted.
    pub open: i64,
}

impl Monthly {
    /// Months from the first in which a case began to that of the cut, by `Period::index`; empty without cases.
    pub fn months(&self) -> Range<i32> {
        let months = self.month_numbers();
        index(months.start)..index(months.end)
    }

    fn month_numbers(&self) -> Range<MonthNo> {
        let last = Months::table().last(self.cut);
        let begins = |grid: &Grid| {
            let mut pages = grid.pages().iter();
            pages.find(|(_, page)| page.iter().any(|(.., cell)| cell.begun() > 0)).map(|(month, _)| *month)
        };
        let first = [&self.places_by_channel, &self.orgs_by_category].into_iter().filter_map(begins).min();
        first.map_or(last..last, |first| first..last + 1)
    }

    /// Whether a month (by `Period::index`) was over at the cut.
    pub fn is_whole(&self, month: i32) -> bool {
        let next = u16::try_from(month + 1 - index(0)).ok();
        next.is_some_and(|next| Months::table().of(self.cut.second()) >= next)
    }

    /// Days of a month that had begun before the cut: 25 as of any instant of the 25th.
    pub fn days_elapsed(&self, month: i32) -> u32 {
        let last = moment(self.cut.last()).date();
        let running = Period::of_date(Freq::M, last).index();
        match month.cmp(&running) {
            Ordering::Less => days_in(month),
            Ordering::Equal => last.day(),
            Ordering::Greater => 0,
        }
    }

    /// All series, rolled up over the areas of the codes that the counts were made with. A place that the codes do not
    /// know lies in no district.
    pub fn series(&self, codes: &Codes) -> MonthlySeries<'_> {
        let months = self.month_numbers();
        let (by_channel, by_field, orgs) =
            (self.places_by_channel.room(), self.places_by_category.room(), self.orgs_by_category.room());
        let (channels, fields, places) = (by_channel.1, by_field.1, by_channel.0.max(by_field.0));
        let count = months.len();
        let districts = Districts::of(&codes.places);
        let mut series = MonthlySeries {
            monthly: self,
            months,
            channels,
            fields,
            areas: Lines::new(DISTRICTS + districts.len(), 1 + channels + fields, count),
            districts,
            places: Lines::new(places, 1, count),
            orgs: Lines::new(orgs.0, 1, count),
        };
        series.fill();
        series
    }
}

/// Days of a month by its `Period::index`.
fn days_in(month: i32) -> u32 {
    Period::from_index(Freq::M, month).last_day().day()
}

impl MonthlySeries<'_> {
    fn fill(&mut self) {
        let monthly = self.monthly;
        for (month, page) in monthly.places_by_channel.pages().range(self.months.clone()) {
            let month = usize::from(month - self.months.start);
            for (place, channel, cell) in page.iter().filter(|(.., cell)| **cell != Cell::ZERO) {
                self.places.add(usize::from(place), 0, month, cell);
                self.add_area(place, 0, month, cell);
                self.add_area(place, 1 + usize::from(channel), month, cell);
            }
        }
        for (month, page) in monthly.places_by_category.pages().range(self.months.clone()) {
            let month = usize::from(month - self.months.start);
            for (place, field, cell) in page.iter().filter(|(.., cell)| **cell != Cell::ZERO) {
                self.add_area(place, 1 + self.channels + usize::from(field), month, cell);
            }
        }
        for (month, page) in monthly.orgs_by_category.pages().range(self.months.clone()) {
            let month = usize::from(month - self.months.start);
            for (org, _, cell) in page.iter().filter(|(.., cell)| **cell != Cell::ZERO) {
                self.orgs.add(usize::from(org), 0, month, cell);
            }
        }
        [&mut self.areas, &mut self.places, &mut self.orgs].into_iter().for_each(Lines::carry);
    }

    fn add_area(&mut self, place: PlaceIx, column: usize, month: usize, cell: &Cell) {
        self.areas.add(CITY, column, month, cell);
        if place == 0 {
            self.areas.add(UNPLACED, column, month, cell);
        }
        if let Some(slot) = self.districts.slot(place) {
            self.areas.add(DISTRICTS + slot, column, month, cell);
        }
    }

    /// The months of the series, by `Period::index`.
    pub fn months(&self) -> Range<i32> {
        index(self.months.start)..index(self.months.end)
    }

    /// The counts of a group by month; `None` if nothing was ever counted in it.
    pub fn cells(&self, scope: Scope, by: By) -> Option<Cow<'_, [Cell]>> {
        let within = |number: u16, count: usize| Some(usize::from(number)).filter(|number| *number < count);
        let column = match by {
            By::Total => 0,
            By::Channel(channel) => 1 + within(channel, self.channels)?,
            By::Field(field) => 1 + self.channels + within(field, self.fields)?,
        };
        let line = match (scope, by) {
            (Scope::City, _) => self.areas.get(CITY, column),
            (Scope::Unplaced, _) => self.areas.get(UNPLACED, column),
            (Scope::District(district), _) => self.areas.get(DISTRICTS + self.districts.slot(district)?, column),
            (Scope::Place(place), By::Total) => self.places.get(usize::from(place), 0),
            (Scope::Org(org), By::Total) => self.orgs.get(usize::from(org), 0),
            (Scope::Place(place), By::Channel(channel)) => {
                return self.read(&self.monthly.places_by_channel, place, channel);
            }
            (Scope::Place(place), By::Field(field)) => {
                return self.read(&self.monthly.places_by_category, place, field);
            }
            (Scope::Org(org), By::Field(field)) => return self.read(&self.monthly.orgs_by_category, org, field),
            (Scope::Org(_), By::Channel(_)) => None,
        };
        line.map(Cow::Borrowed)
    }

    fn read(&self, grid: &Grid, row: u16, column: u16) -> Option<Cow<'_, [Cell]>> {
        let page = |month: MonthNo| grid.pages().get(&month).and_then(|page| page.get(row, column));
        let mut cells: Vec<Cell> =
            self.months.clone().map(|month| page(month).copied().unwrap_or(Cell::ZERO)).collect();
        cells.iter().any(|cell| *cell != Cell::ZERO).then(|| {
            carry(&mut cells);
            Cow::Owned(cells)
        })
    }

    /// A measure of a group by month, as many values as [`MonthlySeries::months`]; `None` if nothing was ever counted in
    /// the group, or the measure has no such breakdown.
    pub fn of(&self, measure: CaseMeasure, scope: Scope, member: Member) -> Option<Vec<u32>> {
        self.cells(scope, member.by())?.iter().map(|cell| measure.of(cell, member)).collect()
    }

    /// Districts that have cases, by place number.
    pub fn districts(&self) -> impl Iterator<Item = PlaceIx> + '_ {
        let slots = self.districts.iter().enumerate();
        slots.filter(|(slot, _)| self.areas.get(DISTRICTS + slot, 0).is_some()).map(|(_, district)| district)
    }

    /// Places that have cases of their own.
    pub fn places(&self) -> impl Iterator<Item = PlaceIx> + '_ {
        let places = 1..self.places.numbers.len();
        places.filter(|place| self.places.get(*place, 0).is_some()).map(|place| place as PlaceIx)
    }

    /// Authorities that have cases.
    pub fn orgs(&self) -> impl Iterator<Item = u16> + '_ {
        (1..self.orgs.numbers.len()).filter(|org| self.orgs.get(*org, 0).is_some()).map(|org| org as u16)
    }

    /// Where open at the end = open at the start + begun - ended does not hold. Stocks are counted from starts and ends
    /// of every case and flows from what happened in the month, so a span that ends before it begins, or an ending
    /// without a time, shows here.
    pub fn identity_breaks(&self) -> Vec<Break> {
        let mut breaks = Vec::new();
        let areas = [Scope::City, Scope::Unplaced].into_iter().chain(self.districts().map(Scope::District));
        let totals = areas.chain(self.places().map(Scope::Place)).chain(self.orgs().map(Scope::Org));
        for scope in totals {
            let Some(cells) = self.cells(scope, By::Total) else { continue };
            let mut before = 0;
            for (cell, month) in cells.iter().zip(self.months()) {
                let expected = before + i64::from(cell.begun()) - i64::from(cell.ended());
                let open = i64::from(cell.open());
                if expected != open {
                    breaks.push(Break { scope, by: By::Total, month, expected, open });
                }
                before = open;
            }
        }
        breaks
    }
}
