//! The resolved facts that figures are made of, as dense series, with their roll-ups over areas kept beside them.
//!
//! A snapshot of inputs is cheap to clone and never changes under a reader: [`Inputs::apply`] copies only the slices it
//! touches. Which of several vintages counts is decided before (see [`super::resolution`]); formulas come after.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::changed::{Changed, codes_reached};
use super::geography::Geography;
use super::grid::{Grid, Point, Row};
use super::records::{Counted, QuantileTable};
use super::rollup::Rollup;
use crate::catalog::Catalog;
use crate::domain::area::AreaIx;
use crate::domain::{AreaKind, AreaRule, Breakdown, Freq, ObsStatus, Period, Target, Vintage};

/// One resolved value: at most one per key (measure, area, org, breakdown, period).
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// Measure code.
    pub measure: Arc<str>,
    /// Area code, meaning the area at the end of the period.
    pub area: Arc<str>,
    /// Authority code, `_T` for all.
    pub org: Arc<str>,
    /// Breakdown.
    pub breakdown: Breakdown,
    /// Period at the measure's base frequency.
    pub period: Period,
    /// Value in the measure's unit.
    pub value: f64,
    /// Status.
    pub status: ObsStatus,
    /// When it became known.
    pub vintage: Vintage,
}

/// A change of the resolved facts.
#[derive(Debug, Clone, PartialEq)]
pub enum FactChange {
    /// A new or corrected value.
    Upsert(Fact),
    /// The key has no value any more; value, status and vintage are not looked at.
    Remove(Fact),
}

/// A change of the resolved targets.
#[derive(Debug, Clone, PartialEq)]
pub enum TargetChange {
    /// A new or corrected plan.
    Upsert(Target),
    /// The key has no plan any more; value and vintage are not looked at.
    Remove(Target),
}

/// Authority and breakdown: which part of a measure a series holds.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slice {
    /// Authority code, `_T` for all.
    pub org: Arc<str>,
    /// Breakdown.
    pub breakdown: Breakdown,
}

/// What roll-ups need to know of a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeasureShape {
    /// Base frequency.
    pub freq: Freq,
    /// The level of its leaves.
    pub level: AreaKind,
    /// Whether higher areas are sums of their leaves.
    pub additive: bool,
    /// Whether its values are counted over records.
    pub of_records: bool,
}

/// One slice of a measure: what was reported, and what follows for higher areas.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SliceSeries {
    /// Reported values of any area.
    pub direct: Grid,
    /// Values of the areas above the leaf level; empty unless the measure is additive.
    pub rolled: Grid,
}

impl SliceSeries {
    /// The values of an area: V(m, a, slice, ·).
    pub fn row(&self, area: AreaIx) -> Row<'_> {
        if self.rolled.has_row(area) { self.rolled.row(area) } else { self.direct.row(area) }
    }
}

/// All slices of a measure.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasureSeries {
    /// Shape.
    pub shape: MeasureShape,
    /// Slices in order of authority and breakdown.
    pub slices: BTreeMap<Slice, Arc<SliceSeries>>,
}

/// Plans of one area and authority by period.
pub type Plans = BTreeMap<Period, f64>;

/// Plans by area and authority.
type PlansByPlace = BTreeMap<(String, String), Plans>;

/// Everything that figures are computed from, as known at one instant.
#[derive(Debug, Clone)]
pub struct Inputs {
    pub(super) geography: Arc<Geography>,
    measure_ix: Arc<HashMap<String, usize>>,
    pub(super) measures: Vec<Arc<MeasureSeries>>,
    /// Quantiles over records, by measure and slice.
    pub(super) quantiles: Arc<QuantileTable>,
    /// Which months of records were counted.
    pub(super) counted: Counted,
    /// When they were counted.
    pub(super) counted_at: Vintage,
    /// By indicator.
    targets: Arc<BTreeMap<String, PlansByPlace>>,
    unplaced: Arc<Vec<Fact>>,
}

impl Inputs {
    /// Builds all series. Facts that name no declared measure, no area of their period, another frequency than the
    /// measure's, or a value that is not finite are kept apart ([`Inputs::unplaced`]).
    pub fn build<F, T>(catalog: &Catalog, facts: F, targets: T) -> Self
    where
        F: IntoIterator<Item = Fact>,
        T: IntoIterator<Item = Target>,
    {
        let mut inputs = Self::empty(catalog, Arc::new(Geography::dated(&catalog.areas)));
        let mut placed = Vec::new();
        let mut unplaced = Vec::new();
        let mut slices = SliceTable::default();
        for fact in facts {
            match inputs.place(&fact).filter(|_| fact.value.is_finite()) {
                Some((measure, area)) => {
                    let slice = slices.intern(measure, &fact.org, &fact.breakdown);
                    let point = Point::observed(fact.value, fact.status, fact.vintage);
                    placed.push(Placed { slice, area, t: fact.period.index(), point });
                }
                None => unplaced.push(fact),
            }
        }
        inputs.unplaced = Arc::new(unplaced);
        inputs.fill(slices, placed);
        inputs.apply_targets(&targets.into_iter().map(TargetChange::Upsert).collect::<Vec<_>>());
        inputs
    }

    /// Inputs without any fact on a given hierarchy.
    pub(super) fn empty(catalog: &Catalog, geography: Arc<Geography>) -> Self {
        let measures = catalog.measures.values().map(|m| {
            let (level, additive) = match m.area_rule {
                AreaRule::Sum => (m.level, true),
                AreaRule::WeightedMean | AreaRule::Records => (m.level, false),
                AreaRule::CityOnly => (AreaKind::City, false),
            };
            let of_records = m.area_rule == AreaRule::Records;
            let shape = MeasureShape { freq: m.freq, level, additive, of_records };
            Arc::new(MeasureSeries { shape, slices: BTreeMap::new() })
        });
        Self {
            geography,
            measure_ix: Arc::new(catalog.measures.keys().enumerate().map(|(i, code)| (code.clone(), i)).collect()),
            measures: measures.collect(),
            quantiles: Arc::default(),
            counted: Counted::default(),
            counted_at: Vintage::EARLIEST,
            targets: Arc::default(),
            unplaced: Arc::default(),
        }
    }

    /// Lays placed points out in grids and rolls every slice up.
    pub(super) fn fill(&mut self, slices: SliceTable, mut placed: Vec<Placed>) {
        placed.sort_by_key(|p| (p.slice, p.area, p.t));
        for run in placed.chunk_by(|a, b| a.slice == b.slice) {
            let (measure, slice) = &slices.keys[run[0].slice as usize];
            let shape = self.measures[*measure].shape;
            let mut areas: Vec<AreaIx> = run.iter().map(|p| p.area).collect();
            areas.dedup();
            let first = run.iter().map(|p| p.t).min().unwrap_or(0);
            let last = run.iter().map(|p| p.t).max().unwrap_or(-1);
            let mut direct = Grid::new(areas, first, (last - first + 1) as usize);
            for p in run {
                direct.set(p.area, p.t, p.point);
            }
            let rolled = Rollup { geography: &self.geography, shape }.roll_all(&direct);
            let series = Arc::new(SliceSeries { direct, rolled });
            Arc::make_mut(&mut self.measures[*measure]).slices.insert(slice.clone(), series);
        }
    }

    /// Applies changes of facts and says what they reach. Only touched slices are copied, only touched base periods are
    /// rolled up again.
    pub fn apply(&mut self, changes: &[FactChange]) -> Changed {
        let mut changed = Changed::default();
        let mut touched: BTreeMap<(usize, Slice), Vec<i32>> = BTreeMap::new();
        let mut reached: BTreeMap<AreaIx, Vec<Arc<str>>> = BTreeMap::new();
        for change in changes {
            let (fact, point) = match change {
                FactChange::Upsert(f) => (f, Point::observed(f.value, f.status, f.vintage)),
                FactChange::Remove(f) => (f, Point::ABSENT),
            };
            let Some((measure, area)) = self.place(fact).filter(|_| !point.is_present() || fact.value.is_finite())
            else {
                if point.is_present() {
                    Arc::make_mut(&mut self.unplaced).push(fact.clone());
                }
                continue;
            };
            let slice = Slice { org: fact.org.clone(), breakdown: fact.breakdown.clone() };
            let series = Arc::make_mut(&mut self.measures[measure]).slices.entry(slice.clone()).or_default();
            let series = Arc::make_mut(series);
            let t = fact.period.index();
            if !series.direct.set(area, t, point) && point.is_present() {
                series.direct = series.direct.extended(area, t);
                series.direct.set(area, t, point);
            }
            let codes = reached.entry(area).or_insert_with(|| codes_reached(&self.geography, area));
            changed.reach(measure, &slice, codes, &(fact.period.first_month()..=fact.period.last_month()));
            touched.entry((measure, slice)).or_default().push(t);
        }
        for ((measure, slice), mut periods) in touched {
            periods.sort_unstable();
            periods.dedup();
            let shape = self.measures[measure].shape;
            if let Some(series) = Arc::make_mut(&mut self.measures[measure]).slices.get_mut(&slice) {
                let series = Arc::make_mut(series);
                Rollup { geography: &self.geography, shape }.roll_again(&series.direct, &mut series.rolled, &periods);
            }
        }
        changed
    }

    /// Applies changes of targets and says what they reach.
    pub fn apply_targets(&mut self, changes: &[TargetChange]) -> Changed {
        let mut changed = Changed::default();
        let targets = Arc::make_mut(&mut self.targets);
        for change in changes {
            let (TargetChange::Upsert(target) | TargetChange::Remove(target)) = change;
            let key = (target.area.clone(), target.org.clone());
            let plans = targets.entry(target.indicator.clone()).or_default().entry(key).or_default();
            match change {
                TargetChange::Upsert(_) => plans.insert(target.period, target.value),
                TargetChange::Remove(_) => plans.remove(&target.period),
            };
            changed.reach_target(&target.indicator, &target.area);
        }
        changed
    }

    /// Status and vintage of the value that counts for a key; `None` if there is none.
    pub fn counting(&self, measure: &str, area: &str, slice: &Slice, period: Period) -> Option<(ObsStatus, Vintage)> {
        let series = &self.measures[self.measure_ix(measure)?];
        let area = self.geography.at(area, period)?;
        let point =
            series.slices.get(slice).filter(|_| series.shape.freq == period.freq())?.direct.at(area, period.index())?;
        Some((point.status, point.vintage))
    }

    /// Facts that could not be placed: their measure, area, frequency or value does not fit the catalogue.
    pub fn unplaced(&self) -> &[Fact] {
        &self.unplaced
    }

    /// The hierarchy the inputs are on.
    pub fn geography(&self) -> &Geography {
        &self.geography
    }

    /// The dense index of a measure.
    pub(super) fn measure_ix(&self, code: &str) -> Option<usize> {
        self.measure_ix.get(code).copied()
    }

    /// The series of a measure.
    pub(super) fn measure(&self, ix: usize) -> &MeasureSeries {
        &self.measures[ix]
    }

    /// Plans of an indicator for an area and authority.
    pub(super) fn plans(&self, indicator: &str, area: &str, org: &str) -> Option<&Plans> {
        self.targets.get(indicator)?.get(&(area.to_owned(), org.to_owned()))
    }

    /// Where a fact belongs, if it fits the catalogue.
    fn place(&self, fact: &Fact) -> Option<(usize, AreaIx)> {
        let measure = self.measure_ix(&fact.measure)?;
        let fits = self.measures[measure].shape.freq == fact.period.freq();
        let area = self.geography.at(&fact.area, fact.period)?;
        fits.then_some((measure, area))
    }
}

/// A point on its way into a grid.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed {
    /// Index in the [`SliceTable`].
    pub slice: u32,
    /// Dated area.
    pub area: AreaIx,
    /// Base period.
    pub t: i32,
    /// The point.
    pub point: Point,
}

/// Numbers for (measure, slice), so that laying out many facts compares integers.
#[derive(Debug, Default)]
pub(super) struct SliceTable {
    keys: Vec<(usize, Slice)>,
    numbers: HashMap<(usize, Slice), u32>,
    last: u32,
}

impl SliceTable {
    /// The number of a slice, new or known. Facts come mostly in runs of one slice, so the last one is tried first.
    pub fn intern(&mut self, measure: usize, org: &Arc<str>, breakdown: &Breakdown) -> u32 {
        if let Some((m, s)) = self.keys.get(self.last as usize)
            && *m == measure
            && s.org == *org
            && s.breakdown == *breakdown
        {
            return self.last;
        }
        let key = (measure, Slice { org: org.clone(), breakdown: breakdown.clone() });
        let next = self.keys.len() as u32;
        self.last = *self.numbers.entry(key.clone()).or_insert(next);
        if self.last == next {
            self.keys.push(key);
        }
        self.last
    }
}
