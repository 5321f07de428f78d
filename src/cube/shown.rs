//! Which authorities and breakdowns an indicator is shown by, and which series each of its terms then takes.
//!
//! A total is reported, never a sum over members. A component measure has members only; shown by its own dimension (or
//! the coarser one above it) it is restricted to them.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::inputs::{Inputs, Slice, SliceSeries};
use super::plan::{Plan, TermKind};
use crate::catalog::Catalog;
use crate::domain::{Breakdown, Measure};

/// Members of a weighted mean: (code, values, weights), in order of code. The code is `None` without components.
pub(super) type Members<'a> = Vec<(Slice, &'a SliceSeries, Slice, Option<&'a SliceSeries>)>;

/// What one term takes.
#[derive(Debug, Clone)]
pub(super) enum Source<'a> {
    /// One slice, with its series if it was ever observed.
    Series(Slice, Option<&'a SliceSeries>),
    /// The members of a weighted mean.
    Members(Members<'a>),
}

/// One shown slice of an indicator.
#[derive(Debug, Clone)]
pub(super) struct Shown<'a> {
    /// Authority and breakdown as shown.
    pub slice: Slice,
    /// One source per term of the plan.
    pub sources: Vec<Source<'a>>,
    /// Every slice of a measure that it reads.
    pub uses: Vec<(usize, Slice)>,
}

/// How a reference follows the shown breakdown.
#[derive(Debug, Clone, PartialEq)]
enum Takes<'a> {
    /// The total: one reported slice, or all components.
    Total,
    /// The shown member.
    Member(&'a str),
    /// The components that belong to the shown member of the coarser dimension.
    ComponentsOf(&'a str),
}

/// All slices of an indicator that any input was observed for, in order of authority and breakdown.
pub(super) fn shown_slices<'a>(catalog: &Catalog, inputs: &'a Inputs, plan: &Plan<'_>) -> Vec<Shown<'a>> {
    let lookup = Lookup { catalog, inputs, plan };
    let mut orgs: BTreeSet<&Arc<str>> = BTreeSet::new();
    for term in plan.terms.iter().filter(|t| t.carried.is_none()) {
        orgs.extend(inputs.measure(term.measure).slices.keys().map(|s| &s.org));
    }
    let mut all = Vec::new();
    for org in orgs {
        all.extend(lookup.show(org, &Breakdown::TOTAL));
        let mut dimensions: Vec<&String> = plan.indicator.dimensions.iter().collect();
        dimensions.sort_unstable();
        dimensions.dedup();
        for dimension in dimensions {
            for member in lookup.members(org, dimension) {
                all.extend(lookup.show(org, &Breakdown::member(dimension, &member)));
            }
        }
    }
    all
}

/// One slice of an indicator; `None` where the formula cannot be shown by its dimension.
pub(super) fn shown_slice<'a>(
    catalog: &Catalog,
    inputs: &'a Inputs,
    plan: &Plan<'_>,
    slice: &Slice,
) -> Option<Shown<'a>> {
    let shown = slice.breakdown.dimension().is_none_or(|d| plan.indicator.dimensions.iter().any(|x| x == d));
    let lookup = Lookup { catalog, inputs, plan };
    if shown { lookup.show(&slice.org, &slice.breakdown) } else { None }
}

struct Lookup<'c, 'a, 'p> {
    catalog: &'c Catalog,
    inputs: &'a Inputs,
    plan: &'p Plan<'p>,
}

impl<'c, 'a> Lookup<'c, 'a, '_> {
    fn measure(&self, ix: usize) -> &'c Measure {
        &self.catalog.measures[ix]
    }

    fn is_marked(&self) -> bool {
        self.plan.terms.iter().any(|t| t.displayed.is_some())
    }

    /// How a reference follows a breakdown; `None` if it cannot.
    fn takes<'b>(&self, measure: &Measure, marked: Option<&str>, breakdown: &'b Breakdown) -> Option<Takes<'b>> {
        let (Some(dimension), Some(member)) = (breakdown.dimension(), breakdown.member_code()) else {
            return Some(Takes::Total);
        };
        if self.is_marked() && marked != Some(dimension) {
            return Some(Takes::Total);
        }
        match &measure.components {
            Some(components) if components == dimension => Some(Takes::Member(member)),
            Some(components) => {
                let parent = self.catalog.dimensions.get(components).and_then(|d| d.parent_dimension.as_deref());
                (parent == Some(dimension)).then_some(Takes::ComponentsOf(member))
            }
            None if measure.dimensions.iter().any(|d| d == dimension) => Some(Takes::Member(member)),
            None => Some(Takes::Total),
        }
    }

    /// The members of a dimension that were observed in a reference that would take them.
    fn members(&self, org: &Arc<str>, dimension: &str) -> BTreeSet<String> {
        let any_member = Breakdown::member(dimension, "any");
        let mut members = BTreeSet::new();
        for term in &self.plan.terms {
            let measure = self.measure(term.measure);
            match self.takes(measure, term.displayed.as_deref(), &any_member) {
                None => return BTreeSet::new(),
                Some(Takes::Total) => {}
                Some(Takes::Member(_)) => {
                    members.extend(self.observed(term.measure, org, dimension).map(|(code, _)| code.to_owned()));
                }
                Some(Takes::ComponentsOf(_)) => {
                    let components = measure.components.as_deref().unwrap_or_default();
                    let observed = self.observed(term.measure, org, components);
                    members.extend(observed.filter_map(|(code, _)| self.parent_of(components, code)));
                }
            }
        }
        members
    }

    fn show(&self, org: &Arc<str>, breakdown: &Breakdown) -> Option<Shown<'a>> {
        let mut uses = Vec::new();
        let mut sources = Vec::new();
        let mut followed = breakdown.is_total();
        for term in &self.plan.terms {
            let measure = self.measure(term.measure);
            let takes = self.takes(measure, term.displayed.as_deref(), breakdown)?;
            followed |= takes != Takes::Total;
            sources.push(match &term.kind {
                TermKind::Plain | TermKind::Chain => {
                    let of = if matches!(takes, Takes::Member(_)) { breakdown } else { &Breakdown::TOTAL };
                    let slice = Slice { org: org.clone(), breakdown: of.clone() };
                    let series = self.series(term.measure, &slice);
                    uses.push((term.measure, slice.clone()));
                    Source::Series(slice, series)
                }
                TermKind::Wmean { weight, weight_displayed, .. } => {
                    let weight_takes = self.takes(self.measure(*weight), weight_displayed.as_deref(), breakdown);
                    let own_weight = matches!(weight_takes, Some(Takes::Member(_)));
                    let members = self.wmean_members(term.measure, *weight, org, (breakdown, &takes, own_weight));
                    for (x, _, w, _) in &members {
                        uses.push((term.measure, x.clone()));
                        uses.push((*weight, w.clone()));
                    }
                    Source::Members(members)
                }
            });
        }
        let slice = Slice { org: org.clone(), breakdown: breakdown.clone() };
        followed.then_some(Shown { slice, sources, uses })
    }

    /// The members of a weighted mean with their weights. Without components there is one: the slice as shown.
    fn wmean_members(
        &self,
        x: usize,
        w: usize,
        org: &Arc<str>,
        (breakdown, takes, own_weight): (&Breakdown, &Takes<'_>, bool),
    ) -> Members<'a> {
        let slice_of = |breakdown: &Breakdown| Slice { org: org.clone(), breakdown: breakdown.clone() };
        let Some(components) = self.measure(x).components.as_deref() else {
            let of = |member: bool| slice_of(if member { breakdown } else { &Breakdown::TOTAL });
            let (x_slice, w_slice) = (of(matches!(takes, Takes::Member(_))), of(own_weight));
            let (x, w) = (self.series(x, &x_slice), self.series(w, &w_slice));
            return x.map(|x| (x_slice, x, w_slice, w)).into_iter().collect();
        };
        let weight = self.measure(w);
        let weighted_by_member =
            weight.components.as_deref() == Some(components) || weight.dimensions.iter().any(|d| d == components);
        let mut members = Vec::new();
        for (code, series) in self.observed(x, org, components) {
            let included = match takes {
                Takes::Total => true,
                Takes::Member(member) => code == *member,
                Takes::ComponentsOf(parent) => self.parent_of(components, code).as_deref() == Some(*parent),
            };
            if included {
                let member = Breakdown::member(components, code);
                let w_slice = slice_of(if weighted_by_member { &member } else { &Breakdown::TOTAL });
                let weights = self.series(w, &w_slice);
                members.push((slice_of(&member), series, w_slice, weights));
            }
        }
        members
    }

    fn series(&self, measure: usize, slice: &Slice) -> Option<&'a SliceSeries> {
        self.inputs.measure(measure).slices.get(slice).map(|s| &**s)
    }

    /// Members of a dimension observed for a measure, in order of code.
    fn observed(
        &self,
        measure: usize,
        org: &Arc<str>,
        dimension: &str,
    ) -> impl Iterator<Item = (&'a str, &'a SliceSeries)> {
        let slices = &self.inputs.measure(measure).slices;
        slices.iter().filter_map(move |(slice, series)| {
            let fits = slice.org == *org && slice.breakdown.dimension() == Some(dimension);
            fits.then(|| slice.breakdown.member_code()).flatten().map(|code| (code, &**series))
        })
    }

    fn parent_of(&self, dimension: &str, member: &str) -> Option<String> {
        self.catalog.dimensions.get(dimension)?.members.get(member)?.parent.clone()
    }
}
