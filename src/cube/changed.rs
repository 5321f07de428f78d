//! What a change of inputs reaches: the seed of a refresh.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::sync::Arc;

use super::geography::Geography;
use super::inputs::Slice;
use crate::domain::area::AreaIx;
use crate::domain::{AreaKind, Period};

/// The periods whose figures may follow a change.
///
/// A figure reads base periods from January of the year before its own (year to date of last year, December, chains,
/// the period before) to its own end, and what is carried into them. So of a series it is the periods that end after
/// the change began, up to the end of the year after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reach {
    first_month: i32,
    last_year: i32,
}

impl Reach {
    /// Every period.
    pub const ALL: Reach = Reach { first_month: i32::MIN, last_year: i32::MAX };

    /// What changed in these months and is read with these delays (in months) reaches.
    fn of(months: &RangeInclusive<i32>, delays: &RangeInclusive<i32>) -> Self {
        let last_month = months.end() + delays.end();
        Self { first_month: months.start() + delays.start(), last_year: last_month.div_euclid(12) + 1 }
    }

    /// Whether the figure of a period may follow.
    pub fn holds(self, period: Period) -> bool {
        period.last_month() >= self.first_month && period.year() <= self.last_year
    }

    /// The months that reached figures read, apart from what is carried into them.
    pub fn months_read(self) -> RangeInclusive<i32> {
        let from = if self == Self::ALL { i32::MIN } else { (self.first_month.div_euclid(12) - 1) * 12 };
        from..=self.last_year.saturating_mul(12).saturating_add(11)
    }

    fn and(self, other: Reach) -> Self {
        Self { first_month: self.first_month.min(other.first_month), last_year: self.last_year.max(other.last_year) }
    }
}

/// The months in which a slice changed, by area code.
type MonthsByArea = BTreeMap<Arc<str>, RangeInclusive<i32>>;

/// The slices of measures that changed, each with the codes of the areas whose figures may follow and the months in which
/// it changed, and the plans.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changed {
    slices: BTreeMap<usize, BTreeMap<Slice, MonthsByArea>>,
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
                let held = self.slices.entry(measure).or_default().entry(slice).or_default();
                areas.into_iter().for_each(|(code, months)| widen(held, code, &months));
            }
        }
        self.targets.extend(other.targets);
    }

    /// Notes that a slice changed in these months of these areas.
    pub(super) fn reach(&mut self, measure: usize, slice: &Slice, areas: &[Arc<str>], months: &RangeInclusive<i32>) {
        let held = self.slices.entry(measure).or_default().entry(slice.clone()).or_default();
        areas.iter().for_each(|code| widen(held, code.clone(), months));
    }

    /// Notes that a plan changed.
    pub(super) fn reach_target(&mut self, indicator: &str, area: &str) {
        self.targets.insert((indicator.to_owned(), area.to_owned()));
    }

    /// The areas reached through any of these slices, each with the periods; `delays` says by how many months a figure
    /// may lag behind what it reads of a measure.
    pub(super) fn areas_through<'a>(
        &self,
        uses: impl IntoIterator<Item = &'a (usize, Slice)>,
        delays: impl Fn(usize) -> RangeInclusive<i32>,
    ) -> BTreeMap<Arc<str>, Reach> {
        let mut areas: BTreeMap<Arc<str>, Reach> = BTreeMap::new();
        for (measure, slice) in uses {
            let codes = self.slices.get(measure).and_then(|slices| slices.get(slice));
            for (code, months) in codes.into_iter().flatten() {
                let reach = Reach::of(months, &delays(*measure));
                areas.entry(code.clone()).and_modify(|held| *held = held.and(reach)).or_insert(reach);
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

/// The codes that a change in an area reaches: itself, the areas above it in any hierarchy that it was part of (a
/// comparison may pair leaves across a change), and the residual area.
pub(super) fn codes_reached(geography: &Geography, area: AreaIx) -> Vec<Arc<str>> {
    let mut areas = vec![area];
    for epoch in geography.epochs().iter().filter(|e| e.exists(area)) {
        areas.extend(epoch.ancestors(area));
        if geography.kind(area) != AreaKind::Reference {
            areas.extend(epoch.residual());
        }
    }
    areas.sort_unstable();
    areas.dedup();
    areas.into_iter().map(|a| geography.code(a).clone()).collect()
}

fn widen(held: &mut MonthsByArea, code: Arc<str>, months: &RangeInclusive<i32>) {
    let widened = |old: &RangeInclusive<i32>| *old.start().min(months.start())..=*old.end().max(months.end());
    held.entry(code).and_modify(|old| *old = widened(old)).or_insert_with(|| months.clone());
}
