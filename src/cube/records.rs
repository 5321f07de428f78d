//! Measures over records (citizens' cases): counted elsewhere, laid out here beside the reported measures.
//!
//! Records are complete by themselves: what nobody reported is a zero, not a gap. The month in which the counting stopped
//! is not over yet, though: its figures are shown as partial ("12/30" days), and nothing is compared with them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::changed::Changed;
use super::grid::{Grid, Point};
use super::inputs::{Inputs, Slice, SliceSeries};
use crate::domain::area::AreaIx;
use crate::domain::{Freq, ObsStatus, Period, Vintage};

/// The month in which the counting stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Running {
    /// Index of the month.
    pub month: i32,
    /// Days of it that are counted, the last one begun.
    pub days: u16,
    /// Days it has.
    pub days_due: u16,
}

/// Counts of one slice of a measure, by month from [`Records::first`] on.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordSlice {
    /// Measure code.
    pub measure: Arc<str>,
    /// Authority and breakdown.
    pub slice: Slice,
    /// Rows: the dated areas that the counts of a row belong to, each in its time (the city has one from July 2025 on
    /// and one before), and the counts.
    pub rows: Vec<(Vec<AreaIx>, Vec<f64>)>,
    /// From this month on the counts may still change although the month is over.
    pub provisional_from: i32,
}

/// Quantiles of records over one window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantiles {
    /// Median.
    pub median: f64,
    /// 90th percentile.
    pub p90: f64,
    /// Records behind them.
    pub count: u32,
}

/// Quantiles of one area and slice.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct QuantileRow {
    /// The dated areas it belongs to, each in its time.
    pub areas: Vec<AreaIx>,
    /// By month, quarter and year.
    pub periods: BTreeMap<Period, Quantiles>,
    /// Since 1 January, by the index of the last month.
    pub to_date: BTreeMap<i32, Quantiles>,
}

/// Quantiles of all areas of one slice of a measure.
#[derive(Debug, Clone, PartialEq)]
pub struct QuantileSlice {
    /// Measure code.
    pub measure: Arc<str>,
    /// Authority and breakdown.
    pub slice: Slice,
    /// Rows.
    pub rows: Vec<QuantileRow>,
}

/// Everything that was counted over records, as of one instant.
#[derive(Debug, Clone, PartialEq)]
pub struct Records {
    /// Index of the first month counted.
    pub first: i32,
    /// How many months, the running one included.
    pub months: usize,
    /// The month that is not over, if the counting stopped inside one.
    pub running: Option<Running>,
    /// When they were counted.
    pub vintage: Vintage,
    /// Counts.
    pub counts: Vec<RecordSlice>,
    /// Quantiles.
    pub quantiles: Vec<QuantileSlice>,
}

/// Which months were counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Counted {
    /// Index of the first month.
    pub first: i32,
    /// How many, the running one included.
    pub months: i32,
    /// The month that is not over.
    pub running: Option<Running>,
}

/// A month is known as soon as it is over; a case of it that comes in late changes the count, not since when there is one.
pub(super) fn end_of_month(month: i32) -> Vintage {
    Vintage::start_of_day(Period::from_index(Freq::M, month + 1).first_day())
}

/// Quantiles by measure and slice.
pub(super) type QuantileTable = BTreeMap<(usize, Slice), Arc<Vec<QuantileRow>>>;

impl Inputs {
    /// Replaces everything that was counted over records and says what that reaches. Slices of measures that the
    /// catalogue does not have are left out.
    pub fn set_records(&mut self, records: &Records) -> Changed {
        let mut changed = Changed::default();
        let mut fresh: BTreeMap<usize, BTreeMap<Slice, Arc<SliceSeries>>> = BTreeMap::new();
        for counted in &records.counts {
            let Some(measure) = self.measure_ix(&counted.measure) else { continue };
            let direct = self.grid_of(records, counted);
            let series = Arc::new(SliceSeries { direct, rolled: Grid::default() });
            fresh.entry(measure).or_default().insert(counted.slice.clone(), series);
        }
        let is_cut_elsewhere = self.counted.running != records.running;
        let geography = Arc::clone(&self.geography);
        for (measure, slices) in fresh {
            let before = &self.measure(measure).slices;
            for (slice, series) in &slices {
                let old = before.get(slice).map(|old| &old.direct);
                for area in series.direct.areas() {
                    if is_cut_elsewhere || old.is_none_or(|old| old.row(*area) != series.direct.row(*area)) {
                        changed.reach(&geography, measure, slice, *area);
                    }
                }
            }
            for (slice, old) in before.iter().filter(|(slice, _)| !slices.contains_key(slice)) {
                old.direct.areas().iter().for_each(|area| changed.reach(&geography, measure, slice, *area));
            }
            Arc::make_mut(&mut self.measures[measure]).slices = slices;
        }
        self.replace_quantiles(records, is_cut_elsewhere, &mut changed);
        self.counted = Counted { first: records.first, months: records.months as i32, running: records.running };
        self.counted_at = records.vintage;
        changed
    }

    fn replace_quantiles(&mut self, records: &Records, is_cut_elsewhere: bool, changed: &mut Changed) {
        let mut fresh = QuantileTable::new();
        for of_slice in &records.quantiles {
            let Some(measure) = self.measure_ix(&of_slice.measure) else { continue };
            let key = (measure, of_slice.slice.clone());
            let before = self.quantiles.get(&key);
            for (k, row) in of_slice.rows.iter().enumerate() {
                let is_same = before.and_then(|rows| rows.get(k)).is_some_and(|old| old == row);
                if is_cut_elsewhere || !is_same {
                    row.areas.iter().for_each(|area| changed.reach(&self.geography, measure, &of_slice.slice, *area));
                }
            }
            fresh.insert(key, Arc::new(of_slice.rows.clone()));
        }
        for ((measure, slice), rows) in self.quantiles.iter().filter(|(key, _)| !fresh.contains_key(*key)) {
            let areas = rows.iter().flat_map(|row| &row.areas);
            areas.for_each(|area| changed.reach(&self.geography, *measure, slice, *area));
        }
        self.quantiles = Arc::new(fresh);
    }

    fn grid_of(&self, records: &Records, counted: &RecordSlice) -> Grid {
        let mut areas: Vec<AreaIx> = counted.rows.iter().flat_map(|(areas, _)| areas.iter().copied()).collect();
        areas.sort_unstable();
        areas.dedup();
        let mut grid = Grid::new(areas, records.first, records.months);
        for (areas, counts) in &counted.rows {
            for (k, count) in counts.iter().enumerate() {
                let month = records.first + k as i32;
                let is_over = records.running.is_none_or(|running| month < running.month);
                let status = if is_over && month < counted.provisional_from { ObsStatus::A } else { ObsStatus::P };
                let vintage = if is_over { end_of_month(month).min(records.vintage) } else { records.vintage };
                let Some(area) = areas.iter().find(|area| self.geography().lifetime(**area).contains(&month)) else {
                    continue;
                };
                grid.set(*area, month, Point::observed(*count, status, vintage));
            }
        }
        grid
    }
}
