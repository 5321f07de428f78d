//! What a change of inputs reaches: the seed of a refresh.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::geography::Geography;
use super::inputs::Slice;
use crate::domain::AreaKind;
use crate::domain::area::AreaIx;

/// The slices of measures that changed, each with the codes of the areas whose figures may follow, and the plans.
///
/// Periods are not kept apart: a series (one area, authority and breakdown) is recomputed as a whole, since year-to-date,
/// last year's base, carried values and chains spread a change over most of it anyway.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changed {
    slices: BTreeMap<usize, BTreeMap<Slice, BTreeSet<Arc<str>>>>,
    targets: BTreeSet<(String, String)>,
}

impl Changed {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.slices.is_empty() && self.targets.is_empty()
    }

    /// Adds what another change reaches.
    pub fn merge(&mut self, other: Changed) {
        for (measure, slices) in other.slices {
            for (slice, areas) in slices {
                self.slices.entry(measure).or_default().entry(slice).or_default().extend(areas);
            }
        }
        self.targets.extend(other.targets);
    }

    /// Notes that a value of a slice changed in an area. It reaches the areas above it in any hierarchy that it was part
    /// of (a comparison may pair leaves across a change), and the residual area.
    pub(super) fn reach(&mut self, geography: &Geography, measure: usize, slice: &Slice, area: AreaIx) {
        let slices = self.slices.entry(measure).or_default();
        let codes = slices.entry(slice.clone()).or_default();
        codes.insert(geography.code(area).clone());
        for epoch in geography.epochs().iter().filter(|e| e.exists(area)) {
            codes.extend(epoch.ancestors(area).map(|a| geography.code(a).clone()));
            if geography.kind(area) != AreaKind::Reference {
                codes.extend(epoch.residual().map(|a| geography.code(a).clone()));
            }
        }
    }

    /// Notes that a plan changed.
    pub(super) fn reach_target(&mut self, indicator: &str, area: &str) {
        self.targets.insert((indicator.to_owned(), area.to_owned()));
    }

    /// The areas reached through any of these slices.
    pub(super) fn areas_through<'a>(&self, uses: impl IntoIterator<Item = &'a (usize, Slice)>) -> BTreeSet<Arc<str>> {
        let mut areas = BTreeSet::new();
        for (measure, slice) in uses {
            if let Some(codes) = self.slices.get(measure).and_then(|slices| slices.get(slice)) {
                areas.extend(codes.iter().cloned());
            }
        }
        areas
    }

    /// Whether any slice of the measure changed.
    pub(super) fn has_measure(&self, measure: usize) -> bool {
        self.slices.contains_key(&measure)
    }

    /// The areas of an indicator whose plans changed.
    pub(super) fn target_areas(&self, indicator: &str) -> impl Iterator<Item = &str> {
        self.targets.iter().filter(move |(i, _)| i == indicator).map(|(_, area)| area.as_str())
    }
}
