//! Cells of an indicator that is a quantile of records: a median or 90th percentile follows from the records alone, for
//! every period and area anew, never from the quantiles of shorter periods or smaller areas.

use std::sync::Arc;

use super::block::{Block, Series};
use super::cell::Cell;
use super::compute::is_shown_for;
use super::inputs::{Inputs, Slice};
use super::records::{QuantileRow, Quantiles, end_of_month};
use crate::catalog::Catalog;
use crate::catalog::formula::{Expr, Term, TimeAggregate};
use crate::domain::{Comparison, Freq, Indicator, ObsStatus, Period};

/// Which quantile of which measure a formula is; `None` if it is anything else.
pub(super) fn quantile_of(catalog: &Catalog, inputs: &Inputs, indicator: &Indicator) -> Option<QuantilePlan> {
    let Expr::Aggregate(Some(aggregate), Term::Measure(measure)) = &catalog.formulas.get(&indicator.code)?.expr else {
        return None;
    };
    let pick: fn(&Quantiles) -> f64 = match aggregate {
        TimeAggregate::Median => |q| q.median,
        TimeAggregate::P90 => |q| q.p90,
        TimeAggregate::Sum | TimeAggregate::Last | TimeAggregate::Avg | TimeAggregate::Ytd => return None,
    };
    Some(QuantilePlan { measure: inputs.measure_ix(&measure.measure)?, pick })
}

/// A formula that is one quantile.
#[derive(Debug, Clone, Copy)]
pub(super) struct QuantilePlan {
    measure: usize,
    pick: fn(&Quantiles) -> f64,
}

/// All figures of such an indicator.
pub(super) fn block_of(catalog: &Catalog, inputs: &Inputs, indicator: &Indicator, plan: QuantilePlan) -> Block {
    let mut series = Vec::new();
    for ((_, slice), rows) in inputs.quantiles.iter().filter(|((measure, _), _)| *measure == plan.measure) {
        let is_offered = slice.breakdown.dimension().is_none_or(|d| indicator.dimensions.iter().any(|x| x == d));
        for row in rows.iter().filter(|_| is_offered) {
            if row.areas.iter().any(|area| is_shown_for(catalog, indicator, inputs.geography(), *area)) {
                let shown = RowCells { inputs, indicator, plan, slice, row };
                series.extend(Series::new(shown.cells()).map(Arc::new));
            }
        }
    }
    Block::new(series)
}

struct RowCells<'a> {
    inputs: &'a Inputs,
    indicator: &'a Indicator,
    plan: QuantilePlan,
    slice: &'a Slice,
    row: &'a QuantileRow,
}

impl RowCells<'_> {
    fn cells(&self) -> Vec<Cell> {
        let freqs: Vec<Freq> = self.indicator.freqs().collect();
        let mut cells: Vec<Cell> = Vec::new();
        for (period, quantiles) in self.row.periods.iter().filter(|(p, _)| freqs.contains(&p.freq())) {
            cells.extend(self.cell(*period, quantiles));
        }
        cells.sort_by_key(|c| (c.period.freq(), c.period));
        cells
    }

    /// Months of a period that were counted, and whether the last one is not over.
    fn months_in(&self, period: Period) -> (i32, i32, bool) {
        let counted = &self.inputs.counted;
        let first = period.first_month().max(counted.first);
        let last = period.last_month().min(counted.first + counted.months - 1);
        (first, last, counted.running.is_some_and(|running| last >= running.month))
    }

    fn cell(&self, period: Period, quantiles: &Quantiles) -> Option<Cell> {
        let geography = self.inputs.geography();
        let (first, last, is_running) = self.months_in(period);
        let area = self.row.areas.iter().find(|area| geography.lifetime(**area).contains(&last))?;
        let months = period.last_month() - period.first_month() + 1;
        let whole = last - first + 1 == months && !is_running;
        let days = self.inputs.counted.running.filter(|_| is_running);
        let plans = self.inputs.plans(&self.indicator.code, geography.code(*area), &self.slice.org);
        let of = |period: Period| self.row.periods.get(&period).map(self.plan.pick);
        let to_date = |month: i32| self.row.to_date.get(&month).map(self.plan.pick);
        let compares = |c| self.indicator.compares(c);
        let is_total = self.slice.breakdown.is_total();
        Some(Cell {
            area: Arc::clone(geography.code(*area)),
            org: Arc::clone(&self.slice.org),
            breakdown: self.slice.breakdown.clone(),
            period,
            value: (self.plan.pick)(quantiles),
            numerator: None,
            denominator: Some(f64::from(quantiles.count)),
            status: if is_running { ObsStatus::P } else { ObsStatus::A },
            complete: whole,
            periods_present: (last - first + 1) as u16,
            periods_due: months as u16,
            areas_present: days.map_or(1, |d| d.days),
            areas_due: days.map_or(1, |d| d.days_due),
            in_days: days.is_some(),
            carried: 0,
            apportioned: false,
            prev_value: of(period.offset(-1)).filter(|_| whole && compares(Comparison::PrevPeriod)),
            yoy_value: of(period.year_ago()).filter(|_| whole && self.is_whole(period.year_ago())),
            ytd_value: to_date(last).filter(|_| compares(Comparison::Ytd)),
            ytd_complete: !is_running && period.year() * 12 >= self.inputs.counted.first,
            ytd_yoy_value: to_date(last - 12).filter(|_| !is_running && compares(Comparison::YtdVsLastYear)),
            dec_value: None,
            target_value: plans.and_then(|plans| plans.get(&period).copied()).filter(|_| is_total),
            vintage: if is_running { self.inputs.counted_at } else { end_of_month(last) },
        })
    }

    fn is_whole(&self, period: Period) -> bool {
        let (first, last, is_running) = self.months_in(period);
        last - first == period.last_month() - period.first_month() && !is_running
    }
}
