//! Measures over records (citizens' cases): counted elsewhere, laid out here beside the reported measures.
//!
//! Records are complete by themselves: what nobody reported is a zero, not a gap. The month in which the counting stopped
//! is not over yet, though: its figures are shown as partial ("12/30" days), and nothing is compared with them.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use super::changed::Changed;
use super::grid::{Grid, Point};
use super::inputs::{Fact, Inputs, Slice, SliceSeries};
use crate::catalog::Catalog;
use crate::domain::area::AreaIx;
use crate::domain::{Freq, ObsStatus, Period, Vintage};

/// The month in which the counting stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Running {
    /// Index of the month.
    pub month: i32,
    /// Days of it that were over.
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
        let recut = self.recut_months(records);
        let geography = Arc::clone(&self.geography);
        for (measure, slices) in fresh {
            let before = &self.measure(measure).slices;
            let gone = before.iter().filter(|(slice, _)| !slices.contains_key(slice));
            let pairs = slices.iter().map(|(slice, series)| (slice, before.get(slice), Some(series)));
            for (slice, old, new) in pairs.chain(gone.map(|(slice, old)| (slice, Some(old), None))) {
                let (old, new) = (old.map(|s| &s.direct), new.map(|s| &s.direct));
                let mut areas: Vec<AreaIx> =
                    [old, new].into_iter().flatten().flat_map(|g| g.areas()).copied().collect();
                areas.sort_unstable();
                areas.dedup();
                for area in areas {
                    let differing = differing_months((old, new), area).into_iter();
                    for months in differing.chain(recut.clone().filter(|_| new.is_some())) {
                        changed.reach(measure, slice, &[geography.code(area).clone()], &months);
                    }
                }
            }
            Arc::make_mut(&mut self.measures[measure]).slices = slices;
        }
        self.replace_quantiles(records, recut.is_some(), &mut changed);
        self.counted = Counted { first: records.first, months: records.months as i32, running: records.running };
        self.counted_at = records.vintage;
        changed
    }

    /// The months whose figures are shown otherwise because the counting stopped elsewhere, or began elsewhere.
    fn recut_months(&self, records: &Records) -> Option<RangeInclusive<i32>> {
        let (old, new) = (self.counted.running, records.running);
        if old == new {
            return None;
        }
        let first = [old, new].into_iter().flatten().map(|running| running.month).min()?;
        Some(first..=(records.first + records.months as i32 - 1).max(first))
    }

    fn replace_quantiles(&mut self, records: &Records, is_recut: bool, changed: &mut Changed) {
        let every_month = i32::MIN / 4..=i32::MAX / 4;
        let mut fresh = QuantileTable::new();
        let geography = Arc::clone(&self.geography);
        let mut reach = |measure: usize, slice: &Slice, row: &QuantileRow| {
            let codes: Vec<Arc<str>> = row.areas.iter().map(|area| geography.code(*area).clone()).collect();
            changed.reach(measure, slice, &codes, &every_month);
        };
        for of_slice in &records.quantiles {
            let Some(measure) = self.measure_ix(&of_slice.measure) else { continue };
            let key = (measure, of_slice.slice.clone());
            let before = self.quantiles.get(&key);
            for (k, row) in of_slice.rows.iter().enumerate() {
                if is_recut || before.and_then(|rows| rows.get(k)) != Some(row) {
                    reach(measure, &of_slice.slice, row);
                }
            }
            fresh.insert(key, Arc::new(of_slice.rows.clone()));
        }
        for ((measure, slice), rows) in self.quantiles.iter().filter(|(key, _)| !fresh.contains_key(*key)) {
            rows.iter().for_each(|row| reach(*measure, slice, row));
        }
        self.quantiles = Arc::new(fresh);
    }

    /// What was counted over records, as facts by base period.
    pub fn record_facts<'a>(&'a self, catalog: &'a Catalog) -> impl Iterator<Item = Fact> + 'a {
        let measures = catalog.measures.keys().zip(&self.measures);
        measures.filter(|(_, series)| series.shape.of_records).flat_map(move |(code, series)| {
            let measure: Arc<str> = code.as_str().into();
            series.slices.iter().flat_map(move |(slice, values)| {
                let measure = Arc::clone(&measure);
                let points = values.direct.areas().iter().flat_map(move |area| {
                    values.direct.range().filter_map(move |t| Some((*area, t, values.direct.at(*area, t)?)))
                });
                points.map(move |(area, t, point)| Fact {
                    measure: Arc::clone(&measure),
                    area: Arc::clone(self.geography.code(area)),
                    org: Arc::clone(&slice.org),
                    breakdown: slice.breakdown.clone(),
                    period: Period::from_index(series.shape.freq, t),
                    value: point.value,
                    status: point.status,
                    vintage: point.vintage,
                })
            })
        })
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

/// From the first to the last month in which a row differs.
fn differing_months((old, new): (Option<&Grid>, Option<&Grid>), area: AreaIx) -> Option<RangeInclusive<i32>> {
    let at = |grid: Option<&Grid>, t: i32| grid.and_then(|g| g.at(area, t).copied());
    let range = |grid: Option<&Grid>| grid.map(|g| g.range()).filter(|r| !r.is_empty());
    let spans = [range(old), range(new)];
    let from = spans.iter().flatten().map(|r| r.start).min()?;
    let to = spans.iter().flatten().map(|r| r.end).max()?;
    let mut months = (from..to).filter(|t| at(old, *t) != at(new, *t));
    let first = months.next()?;
    Some(first..=months.next_back().unwrap_or(first))
}
