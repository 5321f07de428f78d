//! Weighted means: kept as pairs (sum of x·w, sum of w) over leaves and members until the very end.
//!
//! Only pairs with both a value and a weight count. A weight that is reported less often is carried forward. Pairs are
//! added leaf by leaf in index order, within a leaf by member code.

use super::geography::Geography;
use super::grid::{Point, Row};
use super::inputs::{MeasureShape, Slice};
use super::rollup::AreaSet;
use super::shown::Members;
use crate::domain::area::AreaIx;
use crate::domain::{AreaKind, ObsStatus, Vintage};

/// How the weight belongs to the value.
#[derive(Debug, Clone, Copy)]
pub(super) struct WeightRule {
    /// Shape of the weight's measure.
    pub shape: MeasureShape,
    /// How many of its own periods old a weight may be, where it is reported less often than the value.
    pub carry_forward: i32,
    /// Years between the value and its weight.
    pub years_back: i32,
}

/// One member in one leaf.
#[derive(Debug, Clone)]
pub(super) struct Entry<'a> {
    /// Leaf.
    pub leaf: AreaIx,
    /// Slice of the values.
    pub x_slice: Slice,
    /// Slice of the weights.
    pub w_slice: Slice,
    x: Row<'a>,
    w: Row<'a>,
}

/// The sums of one area in one base period; `meta.value` is the mean, `meta.present` counts leaves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct PairPoint {
    /// Sum of x·w.
    pub num: f64,
    /// Sum of w.
    pub den: f64,
    /// The mean with status, vintage and coverage.
    pub meta: Point,
}

/// All members and leaves of one weighted mean.
#[derive(Debug, Clone)]
pub(super) struct PairSeries<'a> {
    geography: &'a Geography,
    shape: MeasureShape,
    rule: WeightRule,
    /// Ascending by leaf, then member.
    entries: Vec<Entry<'a>>,
}

impl<'a> PairSeries<'a> {
    /// Lays out the members of a weighted mean.
    pub fn new(geography: &'a Geography, shape: MeasureShape, rule: WeightRule, members: &Members<'a>) -> Self {
        let mut entries = Vec::new();
        for (x_slice, x, w_slice, w) in members {
            let Some(w) = w else { continue };
            for leaf in x.direct.areas() {
                let kind = geography.kind(*leaf);
                if kind == shape.level || kind == AreaKind::Reference {
                    let (x_slice, w_slice) = (x_slice.clone(), w_slice.clone());
                    entries.push(Entry { leaf: *leaf, x_slice, w_slice, x: x.direct.row(*leaf), w: w.row(*leaf) });
                }
            }
        }
        // Members come in order of code and the sort is stable, so within a leaf they stay so.
        entries.sort_by_key(|e| e.leaf);
        Self { geography, shape, rule, entries }
    }

    /// First and last base period in which anything was observed below an area.
    pub fn span(&self, area: AreaIx) -> Option<(i32, i32)> {
        let below = |leaf: AreaIx| {
            leaf == area || self.geography.epochs().iter().any(|e| e.exists(leaf) && e.is_within(leaf, area))
        };
        let spans = self.entries.iter().filter(|e| below(e.leaf)).filter_map(|e| e.x.span());
        spans.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }

    /// The pairs of an area in a base period: entry, value, weight, and the weight's period.
    pub fn pairs(&self, area: AreaIx, t: i32) -> impl Iterator<Item = (&Entry<'a>, &'a Point, &'a Point, i32)> {
        let months = self.shape.freq.months();
        let epoch = self.geography.epoch(t * months + months - 1);
        self.entries.iter().filter(move |e| e.leaf == area || epoch.is_within(e.leaf, area)).filter_map(move |e| {
            let x = e.x.at(t)?;
            let (w, q) = self.weight(e, t)?;
            Some((e, x, w, q))
        })
    }

    /// The sums of an area in a base period.
    pub fn at(&self, area: AreaIx, t: i32) -> Option<PairPoint> {
        let mut sums = Sums::default();
        for (entry, x, w, _) in self.pairs(area, t) {
            sums.add(entry.leaf, x, w);
        }
        sums.finish(self.due(area, t))
    }

    /// The sums at `t` over exactly the pairs that are there at `shown`; `None` if one of them is missing.
    pub fn over_same_pairs(&self, area: AreaIx, shown: i32, t: i32) -> Option<PairPoint> {
        let key = |e: &Entry<'a>| (e.leaf, e.x_slice.clone());
        let wanted: Vec<_> = self.pairs(area, shown).map(|(e, ..)| key(e)).collect();
        let mut sums = Sums::default();
        let mut found = 0;
        for (entry, x, w, _) in self.pairs(area, t) {
            if wanted.contains(&key(entry)) {
                sums.add(entry.leaf, x, w);
                found += 1;
            }
        }
        if found == wanted.len() { sums.finish(sums.leaves) } else { None }
    }

    /// The leaves that the sums of an area are over; `None` where the area is the leaf itself.
    pub fn leaves_summed(&self, area: AreaIx, t: i32) -> Option<AreaSet> {
        let mut leaves = AreaSet::new(self.geography.len());
        self.pairs(area, t).for_each(|(entry, ..)| leaves.insert(entry.leaf));
        (!leaves.contains(area)).then_some(leaves)
    }

    fn due(&self, area: AreaIx, t: i32) -> u16 {
        let months = self.shape.freq.months();
        let below = self.geography.epoch(t * months + months - 1).below(area, self.shape.level).len();
        below.max(1) as u16
    }

    fn weight(&self, entry: &Entry<'a>, t: i32) -> Option<(&'a Point, i32)> {
        let (x_months, w_months) = (self.shape.freq.months(), self.rule.shape.freq.months());
        let last_month = t * x_months + x_months - 1 - 12 * self.rule.years_back;
        let newest = last_month.div_euclid(w_months);
        let oldest = match self.rule.shape.freq.cmp(&self.shape.freq) {
            std::cmp::Ordering::Less => return None,
            std::cmp::Ordering::Equal => newest,
            std::cmp::Ordering::Greater => newest - self.rule.carry_forward,
        };
        (oldest..=newest).rev().find_map(|q| entry.w.at(q).map(|w| (w, q)))
    }
}

#[derive(Debug)]
struct Sums {
    num: f64,
    den: f64,
    leaves: u16,
    last_leaf: Option<AreaIx>,
    status: ObsStatus,
    vintage: Vintage,
    apportioned: bool,
}

impl Default for Sums {
    fn default() -> Self {
        Self {
            num: 0.0,
            den: 0.0,
            leaves: 0,
            last_leaf: None,
            status: ObsStatus::A,
            vintage: Vintage::EARLIEST,
            apportioned: false,
        }
    }
}

impl Sums {
    fn add(&mut self, leaf: AreaIx, x: &Point, w: &Point) {
        self.num += x.value * w.value;
        self.den += w.value;
        self.leaves += u16::from(self.last_leaf != Some(leaf));
        self.last_leaf = Some(leaf);
        self.status = self.status.max(x.status).max(w.status);
        self.vintage = self.vintage.max(x.vintage).max(w.vintage);
        self.apportioned |= x.apportioned || w.apportioned;
    }

    fn finish(&self, due: u16) -> Option<PairPoint> {
        (self.leaves > 0).then(|| PairPoint {
            num: self.num,
            den: self.den,
            meta: Point {
                value: self.num / self.den,
                vintage: self.vintage,
                present: self.leaves,
                due,
                status: self.status,
                apportioned: self.apportioned,
            },
        })
    }
}
