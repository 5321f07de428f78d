//! What a figure is made of: the reported values behind it, for "explain this number".

use std::sync::Arc;

use super::changed::Reach;
use super::compute::is_shown_for;
use super::evaluate::{Evaluator, pair_series};
use super::inputs::{Inputs, Slice};
use super::plan::{Plan, TermKind};
use super::rollup::{Parts, Rollup};
use super::shown::{Shown, Source, shown_slice};
use super::window::Window;
use crate::catalog::Catalog;
use crate::catalog::formula::TimeAggregate;
use crate::domain::area::AreaIx;
use crate::domain::{Breakdown, ObsStatus, Period, Vintage};

/// What a value does in the formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Part of the figure.
    Value,
    /// Part of the numerator of a ratio.
    Numerator,
    /// Part of the denominator of a ratio.
    Denominator,
    /// Weight of a weighted mean.
    Weight,
    /// Link of a chain.
    Link,
}

impl Role {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Value => "value",
            Role::Numerator => "numerator",
            Role::Denominator => "denominator",
            Role::Weight => "weight",
            Role::Link => "link",
        }
    }
}

/// One reported value that went into a figure.
#[derive(Debug, Clone, PartialEq)]
pub struct UsedInput {
    /// Measure code.
    pub measure: String,
    /// Area code it was reported for.
    pub area: Arc<str>,
    /// Authority code, `_T` for all.
    pub org: Arc<str>,
    /// Breakdown.
    pub breakdown: Breakdown,
    /// Base period.
    pub period: Period,
    /// Value.
    pub value: f64,
    /// Status.
    pub status: ObsStatus,
    /// When it became known.
    pub vintage: Vintage,
    /// What it does in the formula.
    pub role: Role,
}

/// The figure that is asked about.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Indicator code.
    pub indicator: &'a str,
    /// Area code.
    pub area: &'a str,
    /// Authority code, `_T` for all.
    pub org: &'a str,
    /// Breakdown.
    pub breakdown: &'a Breakdown,
    /// Period.
    pub period: Period,
}

/// Exactly the reported values that a figure is made of, in order of the formula, base period and area; empty if there
/// is no such figure. A value used twice is listed for each use.
pub fn inputs_of(catalog: &Catalog, inputs: &Inputs, question: Question<'_>) -> Vec<UsedInput> {
    explain(catalog, inputs, question).unwrap_or_default()
}

fn explain(catalog: &Catalog, inputs: &Inputs, question: Question<'_>) -> Option<Vec<UsedInput>> {
    let indicator = catalog.indicators.get(question.indicator)?;
    let plan = Plan::new(catalog, inputs, indicator)?;
    let slice = Slice { org: question.org.into(), breakdown: question.breakdown.clone() };
    let shown = shown_slice(catalog, inputs, &plan, &slice)?;
    let pairs = pair_series(catalog, inputs, &plan, &shown);
    // The latest dated area of the code that has the figure, as in the cube.
    let spans = inputs.geography().spans(question.area).iter().rev();
    for area in spans.filter(|a| is_shown_for(catalog, indicator, inputs.geography(), **a)) {
        let evaluator = Evaluator::new(&plan, inputs, (&shown, &pairs), *area, &Reach::ALL.months_read());
        let (mut due, mut present) = (Window::new(&plan.groups), Window::new(&plan.groups));
        let year = question.period.year();
        if evaluator.has_figures_in(question.period)
            && evaluator.window_of(question.period, &mut due, &mut present)
            && evaluator.figure(&present, year, None).is_some()
        {
            let trace = Trace { catalog, inputs, plan: &plan, shown: &shown, evaluator: &evaluator };
            return Some(trace.all(&present, year));
        }
    }
    None
}

struct Trace<'a> {
    catalog: &'a Catalog,
    inputs: &'a Inputs,
    plan: &'a Plan<'a>,
    shown: &'a Shown<'a>,
    evaluator: &'a Evaluator<'a>,
}

impl Trace<'_> {
    fn all(&self, window: &Window, year: i32) -> Vec<UsedInput> {
        let mut used = Vec::new();
        for k in 0..self.plan.terms.len() {
            for t in self.periods_of(k, window, year) {
                match &self.shown.sources[k] {
                    Source::Series(..) => self.series_inputs(k, t, &mut used),
                    Source::Members(_) => self.pair_inputs(k, t, &mut used),
                }
            }
        }
        used
    }

    /// The periods of the term's own measure that are read.
    fn periods_of(&self, k: usize, window: &Window, year: i32) -> Vec<i32> {
        let term = &self.plan.terms[k];
        let (finest, finest_ts) = window.finest();
        let ts = if term.carried.is_some() { finest_ts } else { window.of(term.freq) };
        let ts = match term.aggregate {
            Some(TimeAggregate::Last) => ts.last().map_or(&[][..], std::slice::from_ref),
            _ => ts,
        };
        let shift = term.years_back * term.freq.per_year();
        let mut read: Vec<i32> = if term.carried.is_some() {
            ts.iter().filter_map(|t| self.evaluator.carried_period(k, finest, *t)).collect()
        } else if term.kind == TermKind::Chain {
            let base = year * term.freq.per_year() - 1;
            ts.iter().map(|t| t - shift).flat_map(|t| base.min(t) + 1..=base.max(t)).collect()
        } else {
            ts.iter().map(|t| t - shift).collect()
        };
        read.sort_unstable();
        read.dedup();
        read
    }

    fn series_inputs(&self, k: usize, t: i32, used: &mut Vec<UsedInput>) {
        let term = &self.plan.terms[k];
        let Source::Series(slice, Some(series)) = &self.shown.sources[k] else { return };
        let rollup = Rollup { geography: self.inputs.geography(), shape: self.inputs.measure(term.measure).shape };
        let area = self.evaluator.area;
        let areas = match rollup.parts(&series.direct, area, t) {
            Parts::Absent => Vec::new(),
            Parts::Direct { .. } => vec![area],
            Parts::Sum { areas, .. } => areas,
            Parts::Remainder { city, districts } => std::iter::once(city).chain(districts).collect(),
        };
        let role = if term.kind == TermKind::Chain { Role::Link } else { self.role(k) };
        for area in areas {
            if let Some(point) = series.direct.at(area, t) {
                let period = Period::from_index(term.freq, t);
                used.push(self.used(
                    (term.measure, slice, area),
                    period,
                    (point.value, point.status, point.vintage),
                    role,
                ));
            }
        }
    }

    fn pair_inputs(&self, k: usize, t: i32, used: &mut Vec<UsedInput>) {
        let term = &self.plan.terms[k];
        let TermKind::Wmean { weight, .. } = &term.kind else { return };
        let weight_freq = self.inputs.measure(*weight).shape.freq;
        for (entry, x, w, q) in self.evaluator.pairs(k, t) {
            let at = Period::from_index(term.freq, t);
            let weighed_at = Period::from_index(weight_freq, q);
            let x_key = (term.measure, &entry.x_slice, entry.leaf);
            let w_key = (*weight, &entry.w_slice, entry.leaf);
            used.push(self.used(x_key, at, (x.value, x.status, x.vintage), self.role(k)));
            used.push(self.used(w_key, weighed_at, (w.value, w.status, w.vintage), Role::Weight));
        }
    }

    fn role(&self, k: usize) -> Role {
        match &self.plan.ratio {
            Some((numerator, _)) if numerator.mentions(k) => Role::Numerator,
            Some((_, denominator)) if denominator.mentions(k) => Role::Denominator,
            Some(_) | None => Role::Value,
        }
    }

    fn used(
        &self,
        (measure, slice, area): (usize, &Slice, AreaIx),
        period: Period,
        (value, status, vintage): (f64, ObsStatus, Vintage),
        role: Role,
    ) -> UsedInput {
        UsedInput {
            measure: self.catalog.measures[measure].code.clone(),
            area: self.inputs.geography().code(area).clone(),
            org: slice.org.clone(),
            breakdown: slice.breakdown.clone(),
            period,
            value,
            status,
            vintage,
            role,
        }
    }
}
