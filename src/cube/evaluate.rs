//! One formula for one area and slice over given base periods.
//!
//! Measures were brought to the area before; here they are aggregated over time, then the formula is evaluated, so that
//! a ratio is always the ratio of sums. Which base periods, and what is compared with what, is decided by
//! [`super::figure`].

use std::ops::{Range, RangeInclusive};

use super::grid::{Grid, Point, Row};
use super::inputs::Inputs;
use super::pairs::{Entry, PairPoint, PairSeries, WeightRule};
use super::plan::{Plan, TermKind, TermPlan};
use super::records::Running;
use super::rollup::{AreaSet, Rollup};
use super::shown::{Shown, Source};
use super::window::Window;
use crate::catalog::Catalog;
use crate::catalog::formula::TimeAggregate;
use crate::domain::area::AreaIx;
use crate::domain::{AreaKind, Freq, ObsStatus, Vintage};

/// The value of a formula with what it is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Figure {
    /// The figure.
    pub value: f64,
    /// Numerator of a ratio.
    pub numerator: Option<f64>,
    /// Denominator of a ratio.
    pub denominator: Option<f64>,
    /// What the inputs are like.
    pub tally: Tally,
}

/// What the inputs of a figure have in common.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tally {
    /// Least firm status.
    pub status: ObsStatus,
    /// Newest vintage.
    pub vintage: Vintage,
    /// Age of the oldest carried value.
    pub carried: i32,
    /// Whether any was apportioned.
    pub apportioned: bool,
}

impl Tally {
    const START: Tally = Tally { status: ObsStatus::A, vintage: Vintage::EARLIEST, carried: 0, apportioned: false };

    fn add(&mut self, point: &Point) {
        self.status = self.status.max(point.status);
        self.vintage = self.vintage.max(point.vintage);
        self.apportioned |= point.apportioned;
    }
}

/// What a term reads for one area.
#[derive(Debug)]
enum TermRow<'a> {
    Plain { row: Row<'a>, direct: Option<&'a Grid>, rollup: Rollup<'a> },
    Chain(Row<'a>),
    Pairs { first: i32, points: Vec<Option<PairPoint>>, series: &'a PairSeries<'a> },
}

/// The weighted means of a shown slice, one per term that is one; they serve all areas.
pub(super) fn pair_series<'a>(
    catalog: &Catalog,
    inputs: &'a Inputs,
    plan: &Plan<'_>,
    shown: &Shown<'a>,
) -> Vec<Option<PairSeries<'a>>> {
    let one = |(term, source): (&TermPlan, &Source<'a>)| match (&term.kind, source) {
        (TermKind::Wmean { weight, weight_years_back, .. }, Source::Members(members)) => {
            let rule = WeightRule {
                shape: inputs.measure(*weight).shape,
                carry_forward: i32::from(catalog.measures[*weight].carry_forward),
                years_back: weight_years_back - term.years_back,
            };
            Some(PairSeries::new(inputs.geography(), inputs.measure(term.measure).shape, rule, members))
        }
        _ => None,
    };
    plan.terms.iter().zip(&shown.sources).map(one).collect()
}

/// A plan on the rows of one area.
#[derive(Debug)]
pub(super) struct Evaluator<'a> {
    /// The plan.
    pub plan: &'a Plan<'a>,
    /// The area.
    pub area: AreaIx,
    kind: AreaKind,
    /// Months at whose end the area exists.
    lifetime: Range<i32>,
    rows: Vec<TermRow<'a>>,
    /// The month in which the counting of records stopped, if a term counts records.
    running: Option<Running>,
    /// Base periods in which terms that are divided by each other cover different areas; mostly none.
    unlike: Vec<(Freq, i32)>,
}

impl<'a> Evaluator<'a> {
    /// Takes the rows of an area, for figures that read base periods in these months only (and what is carried into
    /// them).
    pub fn new(
        plan: &'a Plan<'a>,
        inputs: &'a Inputs,
        (shown, pairs): (&Shown<'a>, &'a [Option<PairSeries<'a>>]),
        area: AreaIx,
        months: &RangeInclusive<i32>,
    ) -> Self {
        let geography = inputs.geography();
        let row = |k: usize| -> TermRow<'a> {
            let series = match &shown.sources[k] {
                Source::Series(_, series) => *series,
                Source::Members(_) => None,
            };
            let row = series.map_or_else(Row::default, |s| s.row(area));
            match (&pairs[k], &plan.terms[k].kind) {
                (Some(series), _) => {
                    let (first, last) = within(months, &plan.terms[k], series.span(area).unwrap_or((0, -1)));
                    let points = (first..=last).map(|t| series.at(area, t)).collect();
                    TermRow::Pairs { first, points, series }
                }
                (None, TermKind::Chain) => TermRow::Chain(row),
                (None, _) => {
                    let rollup = Rollup { geography, shape: inputs.measure(plan.terms[k].measure).shape };
                    TermRow::Plain { row, direct: series.map(|s| &s.direct), rollup }
                }
            }
        };
        let rows = (0..plan.terms.len()).map(row).collect();
        let (kind, lifetime) = (geography.kind(area), geography.lifetime(area));
        let counts_records = plan.terms.iter().any(|t| inputs.measure(t.measure).shape.of_records);
        let running = inputs.counted.running.filter(|_| counts_records);
        let mut evaluator = Self { plan, area, kind, lifetime, rows, running, unlike: Vec::new() };
        if plan.needs_like_areas {
            evaluator.unlike = evaluator.unlike_periods(months);
        }
        evaluator
    }

    /// First and last month in which a term has something, as the window counts months.
    fn months_of(&self, k: usize) -> Option<(i32, i32)> {
        let term = &self.plan.terms[k];
        let (first, last) = match &self.rows[k] {
            TermRow::Plain { row, .. } | TermRow::Chain(row) => row.span()?,
            TermRow::Pairs { first, points, .. } => {
                (!points.is_empty()).then_some((*first, first + points.len() as i32 - 1))?
            }
        };
        let (months, shift) = (term.freq.months(), 12 * term.years_back);
        Some((first * months + shift, last * months + months - 1 + shift))
    }

    /// The base periods in which the terms do not cover the same areas: neither are all of them whole, nor all summed
    /// over the same leaves. A part of the areas over all of them would be a wrong number.
    fn unlike_periods(&self, within: &RangeInclusive<i32>) -> Vec<(Freq, i32)> {
        let own = (0..self.rows.len()).filter(|k| self.plan.terms[*k].carried.is_none());
        let months = own.filter_map(|k| self.months_of(k)).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        let Some((from, to)) = months else { return Vec::new() };
        let (from, to) = (from.max(*within.start()), to.min(*within.end()));
        let mut unlike = Vec::new();
        for freq in &self.plan.groups {
            // A chain has a level one base period before its first link.
            let periods = from.div_euclid(freq.months()) - 1..=to.div_euclid(freq.months());
            unlike.extend(periods.filter(|t| !self.covers_like_areas(*freq, *t)).map(|t| (*freq, t)));
        }
        unlike
    }

    fn covers_like_areas(&self, freq: Freq, t: i32) -> bool {
        let read = |k: usize| self.period_read(k, freq, t).map(|q| (k, q));
        let is_whole = |(k, q): (usize, i32)| match &self.rows[k] {
            TermRow::Plain { row, .. } => row.at(q).is_none_or(Point::is_whole),
            TermRow::Pairs { .. } => self.pair(k, q).is_none_or(|p| p.meta.is_whole()),
            TermRow::Chain(_) => true,
        };
        let mut all = (0..self.rows.len()).filter_map(read);
        if all.all(is_whole) {
            return true;
        }
        let mut sets = (0..self.rows.len()).filter_map(read).map(|(k, q)| self.leaves_summed(k, q));
        let Some(Some(first)) = sets.next() else { return false };
        sets.all(|set| set.as_ref() == Some(&first))
    }

    /// The period of its own that a term reads in a base period of a group: a carried term where it is carried from, one
    /// of a coarser group around the finest. `None` if it reads nothing there.
    fn period_read(&self, k: usize, freq: Freq, t: i32) -> Option<i32> {
        let term = &self.plan.terms[k];
        let is_finest = self.plan.groups.first() == Some(&freq);
        if term.carried.is_some() {
            return if is_finest { self.carried_period(k, freq, t) } else { None };
        }
        (term.freq == freq || is_finest).then(|| self.newest_period(k, freq, t))
    }

    /// The leaves that a term is summed over in a period of its own; `None` where it is no sum.
    fn leaves_summed(&self, k: usize, q: i32) -> Option<AreaSet> {
        match &self.rows[k] {
            TermRow::Plain { direct, rollup, .. } => rollup.leaves_summed((*direct)?, self.area, q).map(|(set, _)| set),
            TermRow::Pairs { series, .. } => series.leaves_summed(self.area, q),
            TermRow::Chain(_) => None,
        }
    }

    fn is_unlike(&self, freq: Freq, t: i32) -> bool {
        !self.unlike.is_empty() && self.unlike.contains(&(freq, t))
    }

    /// First and last month in which every term that is not carried has something; `None` if one never has.
    pub fn month_span(&self) -> Option<(i32, i32)> {
        let mut span = (i32::MIN, i32::MAX);
        for k in (0..self.rows.len()).filter(|k| self.plan.terms[*k].carried.is_none()) {
            let (first, last) = self.months_of(k)?;
            span = (span.0.max(first), span.1.min(last));
        }
        (span.0 <= span.1).then_some(span)
    }

    /// The level of the area.
    pub fn kind(&self) -> AreaKind {
        self.kind
    }

    /// Whether the area exists at the end of a base period.
    pub fn exists_at(&self, freq: Freq, t: i32) -> bool {
        self.lifetime.contains(&((t + 1) * freq.months() - 1))
    }

    /// Whether every term of this frequency that is not carried has a value, and those divided by each other cover the
    /// same areas; chains are based on December before `year`.
    pub fn has_all(&self, freq: Freq, t: i32, year: i32) -> bool {
        let has_values = (0..self.rows.len()).all(|k| {
            let term = &self.plan.terms[k];
            term.carried.is_some() || term.freq != freq || self.has(k, t, year)
        });
        has_values && !self.is_unlike(freq, t)
    }

    /// Drops base periods without the carried values they need.
    pub fn keep_carried(&self, window: &mut Window) {
        let (freq, _) = window.finest();
        for (k, term) in self.plan.terms.iter().enumerate().filter(|(_, t)| t.carried.is_some()) {
            if term.aggregate == Some(TimeAggregate::Avg) {
                window.retain_finest(|t| self.carry(k, freq, t).is_some());
            }
        }
        for (k, term) in self.plan.terms.iter().enumerate().filter(|(_, t)| t.carried.is_some()) {
            if term.aggregate == Some(TimeAggregate::Last) {
                window.trim_finest(|t| self.carry(k, freq, t).is_some());
            }
        }
    }

    /// Evaluates the formula over a window; every base period must have what it needs. `shown` is the window of the
    /// figure that this one is compared with: incomplete areas are then paired leaf by leaf, in every base period, read
    /// or not. Chains are based on December before `year`. A result that is not finite is none.
    pub fn figure(&self, window: &Window, year: i32, shown: Option<&Window>) -> Option<Figure> {
        if self.plan.groups.iter().any(|freq| window.of(*freq).iter().any(|t| self.is_unlike(*freq, *t))) {
            return None;
        }
        if shown.is_some_and(|shown| self.running_in(shown).is_some()) {
            return None;
        }
        let mut tally = Tally::START;
        let mut values = [0.0; MAX_TERMS];
        let mut more = Vec::new();
        let values = if self.rows.len() <= MAX_TERMS {
            &mut values[..]
        } else {
            more.resize(self.rows.len(), 0.0);
            &mut more[..]
        };
        let mut sums = (0.0, 0.0);
        for (k, value) in values.iter_mut().enumerate().take(self.rows.len()) {
            (*value, sums) = self.term(k, window, year, (shown, &mut tally))?;
        }
        let value = self.plan.root.value(values);
        if !value.is_finite() {
            return None;
        }
        let (numerator, denominator) = match &self.plan.ratio {
            Some((a, b)) => (Some(a.value(values)), Some(b.value(values))),
            None if self.plan.is_bare_wmean() => (Some(sums.0), Some(sums.1)),
            None => (None, None),
        };
        Some(Figure { value, numerator, denominator, tally })
    }

    /// The month that is not over, if the window has it: a part of a month is compared with nothing.
    fn running_in(&self, window: &Window) -> Option<Running> {
        self.running.filter(|running| window.last_month().is_some_and(|last| last >= running.month))
    }

    /// Whether the coverage of a window is in days.
    pub fn counts_days(&self, window: &Window) -> bool {
        self.running_in(window).is_some()
    }

    /// Leaves present and due in the base period and reference with the smallest share of them; days of a month that is
    /// not over.
    pub fn coverage(&self, window: &Window, year: i32) -> (u16, u16) {
        if let Some(running) = self.running_in(window) {
            return (running.days, running.days_due);
        }
        let mut worst: Option<(u16, u16)> = None;
        let (finest, _) = window.finest();
        for (k, term) in self.plan.terms.iter().enumerate() {
            let at = |t: &i32| match term.carried {
                None => self.point(k, *t, None, year),
                Some(_) => self.carry(k, finest, *t).map(|(p, _)| p),
            };
            let ts = match (term.carried, term.aggregate) {
                (None, _) => window.of(term.freq),
                (Some(_), Some(TimeAggregate::Last)) => window.finest().1.last().map_or(&[][..], std::slice::from_ref),
                (Some(_), _) => window.finest().1,
            };
            for meta in ts.iter().filter_map(at) {
                let lower = worst.is_none_or(|(present, due)| {
                    u32::from(meta.present) * u32::from(due) < u32::from(present) * u32::from(meta.due)
                });
                if lower {
                    worst = Some((meta.present, meta.due));
                }
            }
        }
        worst.unwrap_or((0, 0))
    }

    /// One term over the window: its value, and the sums of a bare weighted mean.
    fn term(
        &self,
        k: usize,
        window: &Window,
        year: i32,
        (shown, tally): (Option<&Window>, &mut Tally),
    ) -> Option<(f64, (f64, f64))> {
        let term = &self.plan.terms[k];
        let (finest, finest_ts) = window.finest();
        let ts = if term.carried.is_some() { finest_ts } else { window.of(term.freq) };
        let from = if term.aggregate == Some(TimeAggregate::Last) { ts.len().checked_sub(1)? } else { 0 };
        let is_comparison = shown.is_some();
        let shown = shown.map(|w| w.of(term.freq));
        let partner = |i: usize| shown.map(|s| s.get(i).or(s.last()).copied().unwrap_or(i32::MIN));
        if term.aggregate.is_none() {
            let (mut num, mut den) = (0.0, 0.0);
            for (i, t) in ts.iter().enumerate() {
                let sums = self.pair_point(k, *t, partner(i))?;
                tally.add(&sums.meta);
                num += sums.num;
                den += sums.den;
            }
            return Some((num / den, (num, den)));
        }
        if is_comparison && term.carried.is_none() {
            // The last value alone is no comparison with a period of which the rest is missing.
            for (i, t) in ts.iter().enumerate().take(from) {
                self.point(k, *t, partner(i), year)?;
            }
        }
        let mut sum = 0.0;
        for (i, t) in ts.iter().enumerate().skip(from) {
            let point = if term.carried.is_some() {
                let (point, age) = self.carry(k, finest, *t)?;
                tally.carried = tally.carried.max(age);
                point
            } else {
                self.point(k, *t, partner(i), year)?
            };
            tally.add(&point);
            sum += point.value;
        }
        let value = match term.aggregate {
            Some(TimeAggregate::Avg) => sum / ts.len() as f64,
            Some(TimeAggregate::Sum | TimeAggregate::Ytd | TimeAggregate::Last) => sum,
            Some(TimeAggregate::Median | TimeAggregate::P90) | None => return None,
        };
        Some((value, (0.0, 0.0)))
    }

    /// Whether a term has a value in a base period of the window.
    fn has(&self, k: usize, t: i32, year: i32) -> bool {
        let term = &self.plan.terms[k];
        let t = t - term.years_back * term.freq.per_year();
        match &self.rows[k] {
            TermRow::Plain { row, .. } => row.at(t).is_some(),
            TermRow::Pairs { .. } => self.pair(k, t).is_some(),
            TermRow::Chain(row) => level(row, term.freq, t, year).is_some(),
        }
    }

    /// The value of a term in a base period of the window, paired with the base period that is shown.
    fn point(&self, k: usize, t: i32, shown: Option<i32>, year: i32) -> Option<Point> {
        let term = &self.plan.terms[k];
        let shift = term.years_back * term.freq.per_year();
        match &self.rows[k] {
            TermRow::Chain(row) => level(row, term.freq, t - shift, year),
            TermRow::Pairs { .. } => self.pair_point(k, t, shown).map(|p| p.meta),
            TermRow::Plain { row, direct, rollup } => {
                let point = row.at(t - shift)?;
                let Some(shown) = shown else { return Some(*point) };
                if row.at(shown - shift)?.is_whole() {
                    return point.is_whole().then_some(*point);
                }
                rollup.over_same_leaves((*direct)?, self.area, shown - shift, t - shift)
            }
        }
    }

    /// The sums of a weighted mean in a base period of the window, paired like [`Evaluator::point`].
    fn pair_point(&self, k: usize, t: i32, shown: Option<i32>) -> Option<PairPoint> {
        let TermRow::Pairs { series, .. } = &self.rows[k] else { return None };
        let term = &self.plan.terms[k];
        let shift = term.years_back * term.freq.per_year();
        let point = self.pair(k, t - shift)?;
        let Some(shown) = shown else { return Some(point) };
        if self.pair(k, shown - shift)?.meta.is_whole() {
            return point.meta.is_whole().then_some(point);
        }
        series.over_same_pairs(self.area, shown - shift, t - shift)
    }

    fn pair(&self, k: usize, t: i32) -> Option<PairPoint> {
        match &self.rows[k] {
            TermRow::Pairs { first, points, .. } => *points.get(usize::try_from(t - first).ok()?)?,
            TermRow::Plain { .. } | TermRow::Chain(_) => None,
        }
    }

    /// The period of its own whose value a carried term has at the end of a base period.
    pub fn carried_period(&self, k: usize, freq: Freq, t: i32) -> Option<i32> {
        self.carry(k, freq, t).map(|(_, age)| self.newest_period(k, freq, t) - age)
    }

    /// The pairs of a weighted mean in a base period of its own: entry, value, weight and the weight's period.
    pub fn pairs(&self, k: usize, t: i32) -> impl Iterator<Item = (&Entry<'a>, &'a Point, &'a Point, i32)> {
        let series = match &self.rows[k] {
            TermRow::Pairs { series, .. } => Some(*series),
            TermRow::Plain { .. } | TermRow::Chain(_) => None,
        };
        series.into_iter().flat_map(move |s| s.pairs(self.area, t))
    }

    fn newest_period(&self, k: usize, freq: Freq, t: i32) -> i32 {
        let term = &self.plan.terms[k];
        let last_month = (t + 1) * freq.months() - 1 - 12 * term.years_back;
        last_month.div_euclid(term.freq.months())
    }

    /// The newest value of a carried term at the end of a base period, and its age in its own periods.
    fn carry(&self, k: usize, freq: Freq, t: i32) -> Option<(Point, i32)> {
        let newest = self.newest_period(k, freq, t);
        (0..=self.plan.terms[k].carried?).find_map(|age| {
            let q = newest - age;
            let point = match &self.rows[k] {
                TermRow::Plain { row, .. } => row.at(q).copied(),
                TermRow::Pairs { .. } => self.pair(k, q).map(|p| p.meta),
                TermRow::Chain(_) => None,
            };
            point.map(|p| (p, age))
        })
    }
}

/// The part of a span of base periods of a term that months read, directly or carried into them.
fn within(months: &RangeInclusive<i32>, term: &TermPlan, (first, last): (i32, i32)) -> (i32, i32) {
    let (own, shift) = (term.freq.months(), 12 * term.years_back);
    let from = months.start().saturating_sub(shift).div_euclid(own).saturating_sub(term.carried.unwrap_or(0));
    (first.max(from), last.min(months.end().saturating_sub(shift).div_euclid(own)))
}

/// The level of a chain at `t`, its base being the last base period before `year`.
fn level(links: &Row<'_>, freq: Freq, t: i32, year: i32) -> Option<Point> {
    let base = year * freq.per_year() - 1;
    let mut level = Point::observed(1.0, ObsStatus::A, Vintage::EARLIEST);
    for u in base.min(t) + 1..=base.max(t) {
        let link = links.at(u)?;
        let product = level.value * (link.value / 100.0);
        level.absorb(link);
        level.value = product;
    }
    level.value = if t >= base { 100.0 * level.value } else { 100.0 / level.value };
    Some(level)
}

/// Terms whose values fit on the stack.
const MAX_TERMS: usize = 8;
