//! The cells of one series: the figure of every period, and what it is compared with.
//!
//! A comparison is over the same base periods and, where areas are missing, over the same leaves.

use std::sync::Arc;

use super::cell::Cell;
use super::changed::Reach;
use super::evaluate::Evaluator;
use super::inputs::{Plans, Slice};
use super::window::Window;
use crate::domain::{AreaKind, Comparison, Freq, Period};

/// Room for the windows of one figure, reused from cell to cell.
#[derive(Debug)]
pub(super) struct Scratch {
    due: Window,
    present: Window,
    other: Window,
    ytd_due: Window,
    ytd: Window,
    last: Window,
}

impl Scratch {
    /// Room for formulas with these base frequencies.
    pub fn new(groups: &[Freq]) -> Self {
        let window = || Window::new(groups);
        Self { due: window(), present: window(), other: window(), ytd_due: window(), ytd: window(), last: window() }
    }
}

/// What all cells of a series share.
#[derive(Debug, Clone, Copy)]
pub(super) struct SeriesKey<'a> {
    /// Area code.
    pub area: &'a Arc<str>,
    /// Authority and breakdown.
    pub slice: &'a Slice,
    /// Plans by period.
    pub plans: Option<&'a Plans>,
}

#[derive(Debug)]
struct Bases {
    previous: Option<f64>,
    year_ago: Option<f64>,
    december: Option<f64>,
}

#[derive(Debug, Default)]
struct YearToDate {
    value: Option<f64>,
    complete: bool,
    year_ago: Option<f64>,
}

impl Evaluator<'_> {
    /// The cells of the area in the periods of `reach`, by frequency and period.
    pub fn cells(&self, key: SeriesKey<'_>, reach: Reach, scratch: &mut Scratch) -> Vec<Cell> {
        let Some((from, to)) = self.month_span() else { return Vec::new() };
        let count = |f: Freq| (to.div_euclid(f.months()) - from.div_euclid(f.months()) + 1) as usize;
        let mut cells = Vec::new();
        if reach == Reach::ALL {
            cells.reserve_exact(self.plan.indicator.freqs().map(count).sum());
        }
        for freq in self.plan.indicator.freqs() {
            let months = freq.months();
            for index in from.div_euclid(months)..=to.div_euclid(months) {
                let period = Period::from_index(freq, index);
                if reach.holds(period) && self.has_figures_in(period) {
                    cells.extend(self.cell(key, period, scratch));
                }
            }
        }
        cells
    }

    /// Whether the area may have a figure of the period: a district or ward that does not live to see its end has none.
    pub fn has_figures_in(&self, period: Period) -> bool {
        match self.kind() {
            AreaKind::District | AreaKind::Ward => self.exists_at(period.freq(), period.index()),
            AreaKind::Reference | AreaKind::City | AreaKind::Residual => true,
        }
    }

    /// The window of a period: what is due and what is there. `false` if there is no figure.
    pub fn window_of(&self, period: Period, due: &mut Window, present: &mut Window) -> bool {
        self.fill_due(period, due);
        if !self.fill_present(due, present, period.year()) {
            return false;
        }
        // Since January, the window ends where the figures end; that must be inside the period.
        !self.plan.has_ytd || present.last_month().is_some_and(|m| m >= period.first_month())
    }

    fn cell(&self, key: SeriesKey<'_>, period: Period, scratch: &mut Scratch) -> Option<Cell> {
        if !self.window_of(period, &mut scratch.due, &mut scratch.present) {
            return None;
        }
        let year = period.year();
        let figure = self.figure(&scratch.present, year, None)?;
        let (areas_present, areas_due) = self.coverage(&scratch.present, year);
        let time_complete = scratch.due == scratch.present;
        let base = self.bases(period, time_complete, scratch);
        let to_date = self.year_to_date(year, scratch);
        Some(Cell {
            area: key.area.clone(),
            org: key.slice.org.clone(),
            breakdown: key.slice.breakdown.clone(),
            period,
            value: figure.value,
            numerator: figure.numerator,
            denominator: figure.denominator,
            status: figure.tally.status,
            complete: time_complete && areas_present == areas_due,
            periods_present: scratch.present.finest().1.len() as u16,
            periods_due: scratch.due.finest().1.len() as u16,
            areas_present,
            areas_due,
            in_days: self.counts_days(&scratch.present),
            carried: figure.tally.carried.clamp(0, i32::from(u8::MAX)) as u8,
            apportioned: figure.tally.apportioned,
            prev_value: base.previous,
            yoy_value: base.year_ago,
            ytd_value: to_date.value,
            ytd_complete: to_date.complete,
            ytd_yoy_value: to_date.year_ago,
            dec_value: base.december,
            target_value: key.plans.and_then(|plans| plans.get(&period).copied()),
            vintage: figure.tally.vintage,
        })
    }

    /// What the figure over `scratch.present` is compared with.
    fn bases(&self, period: Period, time_complete: bool, scratch: &mut Scratch) -> Bases {
        let Scratch { present, other, last, .. } = scratch;
        let (year, indicator) = (period.year(), self.plan.indicator);
        other.year_before(present);
        let year_ago = self.value(other, year, Some(present));
        let previous = if time_complete && indicator.compares(Comparison::PrevPeriod) {
            self.fill_due(period.offset(-1), other);
            self.value(other, year, Some(present))
        } else {
            None
        };
        let december = if indicator.compares(Comparison::VsDecLastYear) {
            let freq = indicator.freq;
            self.fill_due(Period::from_index(freq, year * freq.per_year() - 1), other);
            last.lasts_of(present);
            self.value(other, year, Some(last))
        } else {
            None
        };
        Bases { previous, year_ago, december }
    }

    /// From January to where the figure over `scratch.present` ends.
    fn year_to_date(&self, year: i32, scratch: &mut Scratch) -> YearToDate {
        let Scratch { present, other, ytd_due, ytd, .. } = scratch;
        let against_last_year = self.plan.indicator.compares(Comparison::YtdVsLastYear);
        let is_wanted = against_last_year || self.plan.indicator.compares(Comparison::Ytd);
        let Some(end) = present.last_month().filter(|_| is_wanted) else { return YearToDate::default() };
        ytd_due.fill(year * 12, end, |freq, t| self.exists_at(freq, t));
        if !self.fill_present(ytd_due, ytd, year) {
            return YearToDate::default();
        }
        let value = self.value(ytd, year, None);
        let (leaves, due) = self.coverage(ytd, year);
        let complete = value.is_some() && ytd == ytd_due && leaves == due;
        let year_ago = if against_last_year {
            other.year_before(ytd);
            self.value(other, year, Some(ytd))
        } else {
            None
        };
        YearToDate { value, complete, year_ago }
    }

    fn value(&self, window: &Window, year: i32, shown: Option<&Window>) -> Option<f64> {
        if window.lacks_a_group() { None } else { self.figure(window, year, shown).map(|f| f.value) }
    }

    /// The base periods due in a period: those in whose end the area exists, since January for a formula with `ytd`.
    fn fill_due(&self, period: Period, due: &mut Window) {
        let from = if self.plan.has_ytd { period.year() * 12 } else { period.first_month() };
        due.fill(from, period.last_month(), |freq, t| self.exists_at(freq, t));
    }

    /// The base periods that have every value; `false` if that is no figure: nothing there, or a part of one frequency
    /// that would meet all of another.
    fn fill_present(&self, due: &Window, present: &mut Window, year: i32) -> bool {
        present.fill_from(due, |freq, t| self.has_all(freq, t, year));
        self.keep_carried(present);
        !present.lacks_a_group() && (present.group_count() == 1 || present == due)
    }
}
