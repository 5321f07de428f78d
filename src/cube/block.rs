//! The computed figures: one block per indicator, immutable and shared.

use std::sync::Arc;

use indexmap::IndexMap;

use super::cell::Cell;
use crate::domain::{Breakdown, Freq, Period};

/// The figures of one area, authority and breakdown, by frequency and period.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Area code.
    pub area: Arc<str>,
    /// Authority code, `_T` for all.
    pub org: Arc<str>,
    /// Breakdown.
    pub breakdown: Breakdown,
    cells: Vec<Cell>,
}

impl Series {
    /// From cells in order of frequency and period; `None` if there are none.
    pub(super) fn new(cells: Vec<Cell>) -> Option<Self> {
        let first = cells.first()?;
        let (area, org, breakdown) = (first.area.clone(), first.org.clone(), first.breakdown.clone());
        Some(Self { area, org, breakdown, cells })
    }

    /// All cells, by frequency and period.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// The cells of one frequency, by period.
    pub fn of(&self, freq: Freq) -> &[Cell] {
        let from = self.cells.partition_point(|c| c.period.freq() < freq);
        let to = self.cells.partition_point(|c| c.period.freq() <= freq);
        &self.cells[from..to]
    }

    pub(super) fn key(&self) -> (&str, &str, &Breakdown) {
        (&self.area, &self.org, &self.breakdown)
    }
}

/// All figures of an indicator: series in order of area code, authority and breakdown.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Block {
    series: Vec<Arc<Series>>,
}

impl Block {
    /// Puts series into their order.
    pub(super) fn new(mut series: Vec<Arc<Series>>) -> Self {
        series.sort_by(|a, b| a.key().cmp(&b.key()));
        Self { series }
    }

    /// All series, in order.
    pub fn all_series(&self) -> &[Arc<Series>] {
        &self.series
    }

    /// All cells, in order of area code, authority, breakdown, frequency and period.
    pub fn cells(&self) -> impl Iterator<Item = &Cell> {
        self.series.iter().flat_map(|s| s.cells())
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.series.iter().map(|s| s.cells.len()).sum()
    }

    /// Whether there are no cells.
    pub fn is_empty(&self) -> bool {
        self.series.is_empty()
    }

    /// The cells of one series at one frequency, by period; empty if there are none.
    pub fn series(&self, area: &str, org: &str, breakdown: &Breakdown, freq: Freq) -> &[Cell] {
        let at = self.series.binary_search_by(|s| s.key().cmp(&(area, org, breakdown)));
        at.map_or(&[], |k| self.series[k].of(freq))
    }

    /// One cell.
    pub fn cell(&self, area: &str, org: &str, breakdown: &Breakdown, period: Period) -> Option<&Cell> {
        let cells = self.series(area, org, breakdown, period.freq());
        cells.binary_search_by(|c| c.period.cmp(&period)).ok().map(|k| &cells[k])
    }

    /// All series of an area, in order of authority and breakdown.
    pub fn of_area(&self, area: &str) -> &[Arc<Series>] {
        let from = self.series.partition_point(|s| &*s.area < area);
        let to = self.series.partition_point(|s| &*s.area <= area);
        &self.series[from..to]
    }
}

/// The figures of every indicator of a catalogue, from one snapshot of inputs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CubeData {
    /// Blocks by indicator code, in catalogue order; an indicator without figures has an empty block.
    pub blocks: IndexMap<String, Arc<Block>>,
}

impl CubeData {
    /// The block of an indicator.
    pub fn block(&self, indicator: &str) -> Option<&Arc<Block>> {
        self.blocks.get(indicator)
    }

    /// Number of cells of all indicators.
    pub fn cell_count(&self) -> usize {
        self.blocks.values().map(|b| b.len()).sum()
    }
}
