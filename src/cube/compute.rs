//! From inputs to figures: everything, one indicator, or what a change reaches.
//!
//! Indicators are independent of each other, so they are computed side by side; the result does not depend on how many
//! threads there are. A refresh recomputes the figures of the periods that a change reaches and shares the others, so it
//! gives the same bits as computing everything.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::block::{Block, CubeData, Series};
use super::cell::Cell;
use super::changed::{Changed, Reach};
use super::evaluate::{Evaluator, pair_series};
use super::figure::{Scratch, SeriesKey};
use super::geography::Geography;
use super::inputs::{Inputs, Slice};
use super::pairs::PairSeries;
use super::plan::Plan;
use super::quantiles;
use super::shown::{Shown, shown_slices};
use crate::catalog::Catalog;
use crate::domain::area::AreaIx;
use crate::domain::{AreaKind, GeoRollup, Indicator};

/// Computes every indicator.
pub fn compute(catalog: &Catalog, inputs: &Inputs) -> CubeData {
    let indicators: Vec<&Indicator> = catalog.indicators.values().collect();
    let blocks = side_by_side(&indicators, |indicator| Arc::new(block_of(catalog, inputs, indicator)));
    CubeData { blocks: indicators.iter().map(|i| i.code.clone()).zip(blocks).collect() }
}

/// Computes one indicator; `None` if the catalogue has no such code.
pub fn evaluate_one(catalog: &Catalog, inputs: &Inputs, indicator: &str) -> Option<Block> {
    catalog.indicators.get(indicator).map(|i| block_of(catalog, inputs, i))
}

/// The figures after a change: `inputs` already holds it, `before` does not. Untouched series are shared with `before`.
pub fn refresh(catalog: &Catalog, before: &CubeData, inputs: &Inputs, changed: &Changed) -> CubeData {
    let indicators: Vec<&Indicator> = catalog.indicators.values().collect();
    let blocks = side_by_side(&indicators, |indicator| match before.block(&indicator.code) {
        Some(block) => refresh_block(catalog, inputs, changed, (indicator, block)),
        None => Arc::new(block_of(catalog, inputs, indicator)),
    });
    CubeData { blocks: indicators.iter().map(|i| i.code.clone()).zip(blocks).collect() }
}

/// Applies `work` to all items on all cores; results in order of the items.
fn side_by_side<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(items.len());
    let next = AtomicUsize::new(0);
    let results: Mutex<BTreeMap<usize, R>> = Mutex::new(BTreeMap::new());
    let run = || {
        loop {
            let k = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(k) else { break };
            let result = work(item);
            results.lock().unwrap_or_else(PoisonError::into_inner).insert(k, result);
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(run);
        }
        run();
    });
    results.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect()
}

fn block_of(catalog: &Catalog, inputs: &Inputs, indicator: &Indicator) -> Block {
    if let Some(plan) = quantiles::quantile_of(catalog, inputs, indicator) {
        return quantiles::block_of(catalog, inputs, indicator, plan);
    }
    let Some(plan) = Plan::new(catalog, inputs, indicator) else { return Block::default() };
    let slices = shown_slices(catalog, inputs, &plan);
    if slices.is_empty() {
        return Block::default();
    }
    let areas = areas_by_code(catalog, inputs, indicator);
    let mut scratch = Scratch::new(&plan.groups);
    let mut series = Vec::new();
    for shown in slices {
        let job = SliceJob { catalog, inputs, plan: &plan, shown: &shown };
        let pairs = job.pairs();
        let all = areas
            .iter()
            .filter_map(|(code, spans)| Series::new(job.cells(&pairs, (code, spans), Reach::ALL, &mut scratch)));
        series.extend(all.map(Arc::new));
    }
    Block::new(series)
}

fn refresh_block(
    catalog: &Catalog,
    inputs: &Inputs,
    changed: &Changed,
    (indicator, before): (&Indicator, &Arc<Block>),
) -> Arc<Block> {
    let formula = catalog.formulas.get(&indicator.code);
    let uses_changed =
        formula.is_some_and(|f| f.measures().any(|m| inputs.measure_ix(m).is_some_and(|ix| changed.has_measure(ix))));
    let mut target_areas = changed.target_areas(&indicator.code).peekable();
    if !uses_changed && target_areas.peek().is_none() {
        return before.clone();
    }
    if let Some(plan) = quantiles::quantile_of(catalog, inputs, indicator) {
        return Arc::new(quantiles::block_of(catalog, inputs, indicator, plan));
    }
    let Some(plan) = Plan::new(catalog, inputs, indicator) else { return before.clone() };
    let planned: BTreeSet<&str> = target_areas.collect();
    let areas = areas_by_code(catalog, inputs, indicator);
    let mut old: HashMap<Slice, Vec<&Arc<Series>>> = HashMap::new();
    for series in before.all_series() {
        let slice = Slice { org: series.org.clone(), breakdown: series.breakdown.clone() };
        old.entry(slice).or_default().push(series);
    }
    let mut scratch = Scratch::new(&plan.groups);
    let mut series = Vec::new();
    for shown in shown_slices(catalog, inputs, &plan) {
        let mut reached = changed.areas_through(&shown.uses, |measure| plan.delays_of(catalog, measure));
        if shown.slice.breakdown.is_total() {
            reached.extend(planned.iter().map(|code| (Arc::from(*code), Reach::ALL)));
        }
        let mut held: BTreeMap<&str, &Arc<Series>> =
            old.get(&shown.slice).into_iter().flatten().map(|s| (&*s.area, *s)).collect();
        let job = SliceJob { catalog, inputs, plan: &plan, shown: &shown };
        let pairs = OnceCell::new();
        for (code, spans) in &areas {
            let (held, reach) = (held.remove(&**code), reached.get(code));
            series.extend(match reach {
                None => held.map(Arc::clone),
                Some(reach) => {
                    let cells = job.cells(pairs.get_or_init(|| job.pairs()), (code, spans), *reach, &mut scratch);
                    Series::new(joined(held, *reach, cells)).map(Arc::new)
                }
            });
        }
    }
    Arc::new(Block::new(series))
}

/// The cells of a series after a refresh: those that the change does not reach as they were, and the new ones.
fn joined(held: Option<&Arc<Series>>, reach: Reach, cells: Vec<Cell>) -> Vec<Cell> {
    let Some(held) = held.filter(|_| reach != Reach::ALL) else { return cells };
    let mut all = Vec::with_capacity(held.cells().len() + cells.len());
    let mut new = cells.into_iter().peekable();
    let place = |c: &Cell| (c.period.freq(), c.period);
    for cell in held.cells().iter().filter(|c| !reach.holds(c.period)) {
        while let Some(before) = new.next_if(|c| place(c) < place(cell)) {
            all.push(before);
        }
        all.push(cell.clone());
    }
    all.extend(new);
    all
}

/// The dated areas that an indicator is shown for, by code. Codes are fresh copies: threads that clone them into every
/// cell then do not share a reference count.
type AreasByCode = BTreeMap<Arc<str>, Vec<AreaIx>>;

fn areas_by_code(catalog: &Catalog, inputs: &Inputs, indicator: &Indicator) -> AreasByCode {
    let geography = inputs.geography();
    let mut areas = AreasByCode::new();
    for area in geography.areas().filter(|a| is_shown_for(catalog, indicator, geography, *a)) {
        areas.entry(Arc::from(&**geography.code(area))).or_default().push(area);
    }
    areas
}

/// Whether an indicator has figures for an area, by its level.
pub(super) fn is_shown_for(catalog: &Catalog, indicator: &Indicator, geography: &Geography, area: AreaIx) -> bool {
    match geography.kind(area) {
        AreaKind::Reference => true,
        AreaKind::City => **geography.code(area) == *catalog.city,
        AreaKind::Residual => indicator.level != AreaKind::City && indicator.geo_rollup == GeoRollup::Sum,
        AreaKind::District => matches!(indicator.level, AreaKind::District | AreaKind::Ward),
        AreaKind::Ward => indicator.level == AreaKind::Ward,
    }
}

/// One shown slice of an indicator.
struct SliceJob<'a> {
    catalog: &'a Catalog,
    inputs: &'a Inputs,
    plan: &'a Plan<'a>,
    shown: &'a Shown<'a>,
}

impl<'a> SliceJob<'a> {
    fn pairs(&self) -> Vec<Option<PairSeries<'a>>> {
        pair_series(self.catalog, self.inputs, self.plan, self.shown)
    }

    /// The cells of a code in the periods of `reach`, by frequency and period.
    fn cells(
        &self,
        pairs: &[Option<PairSeries<'a>>],
        (code, spans): (&Arc<str>, &[AreaIx]),
        reach: Reach,
        scratch: &mut Scratch,
    ) -> Vec<Cell> {
        let slice = &self.shown.slice;
        let plans = if slice.breakdown.is_total() {
            self.inputs.plans(&self.plan.indicator.code, code, &slice.org)
        } else {
            None
        };
        let key = SeriesKey { area: code, slice, plans };
        let months = reach.months_read();
        let mut cells = Vec::new();
        for area in spans {
            let evaluator = Evaluator::new(self.plan, self.inputs, (self.shown, pairs), *area, &months);
            let of_span = evaluator.cells(key, reach, scratch);
            if cells.is_empty() {
                cells = of_span;
            } else {
                cells.extend(of_span);
            }
        }
        if spans.len() > 1 {
            // Of two dated areas with figures for one period the later one stands: stable sort, last kept.
            cells.sort_by_key(|c| (c.period.freq(), c.period));
            cells.reverse();
            cells.dedup_by_key(|c| c.period);
            cells.reverse();
        }
        cells
    }
}
