//! The cells of one series: the figure of every period, and what it is compared with.
//!
//! A comparison is over the same base periods and, where areas are missing, over the same leaves.

use std::sync::Arc;

use super::cell::Cell;
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

impl Evaluator<'_> {
    /// All cells of the area, by frequency and period.
    pub fn cells(&self, key: SeriesKey<'_>, scratch: &mut Scratch) -> Vec<Cell> {
        let Some((from, to)) = self.month_span() else { return Vec::new() };
        let count = |f: Freq| (to.div_euclid(f.months()) - from.div_euclid(f.months()) + 1) as usize;
        let mut cells = Vec::with_capacity(self.plan.indicator.freqs().map(count).sum());
        for freq in self.plan.indicator.freqs() {
            let months = freq.months();
            for index in from.div_euclid(months)..=to.div_euclid(months) {
                let period = Period::from_index(freq, index);
                if self.has_figures_in(period) {
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
        let Scratch { due, present, other, ytd_due, ytd, last } = scratch;
        if !self.window_of(period, due, present) {
            return None;
        }
        let year = period.year();
        let figure = self.figure(present, year, None)?;
        let (areas_present, areas_due) = self.coverage(present, year);
        let time_complete = due == present;
        let compares = |c: Comparison| self.plan.indicator.compares(c);

        other.year_before(present);
        let yoy_value = self.value(other, year, Some(present));
        let prev_value = if time_complete && compares(Comparison::PrevPeriod) {
            self.fill_due(period.offset(-1), other);
            self.value(other, year, Some(present))
        } else {
            None
        };
        let dec_value = if compares(Comparison::VsDecLastYear) {
            let base = self.plan.indicator.freq;
            self.fill_due(Period::from_index(base, year * base.per_year() - 1), other);
            last.lasts_of(present);
            self.value(other, year, Some(last))
        } else {
            None
        };
        let (mut ytd_value, mut ytd_complete, mut ytd_yoy_value) = (None, false, None);
        if compares(Comparison::Ytd) || compares(Comparison::YtdVsLastYear) {
            let end = present.last_month()?;
            ytd_due.fill(year * 12, end, |freq, t| self.exists_at(freq, t));
            if self.fill_present(ytd_due, ytd, year) {
                ytd_value = self.value(ytd, year, None);
                let (leaves, all) = self.coverage(ytd, year);
                ytd_complete = ytd_value.is_some() && ytd == ytd_due && leaves == all;
                if compares(Comparison::YtdVsLastYear) {
                    other.year_before(ytd);
                    ytd_yoy_value = self.value(other, year, Some(ytd));
                }
            }
        }
        let (_, finest_due) = due.finest();
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
            periods_present: present.finest().1.len() as u16,
            periods_due: finest_due.len() as u16,
            areas_present,
            areas_due,
            carried: figure.tally.carried.clamp(0, i32::from(u8::MAX)) as u8,
            apportioned: figure.tally.apportioned,
            prev_value,
            yoy_value,
            ytd_value,
            ytd_complete,
            ytd_yoy_value,
            dec_value,
            target_value: key.plans.and_then(|plans| plans.get(&period).copied()),
            vintage: figure.tally.vintage,
        })
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
