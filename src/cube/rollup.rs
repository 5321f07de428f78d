//! From leaves to higher areas, one base period at a time.
//!
//! A figure reported for the higher area wins and is whole. Otherwise it is the sum of the leaves that are there, with
//! their count. What a city figure leaves after its districts is the residual area's. Sums run in index order, so the
//! same inputs give the same bits. Weighted means are not here (see [`super::pairs`]).

use super::geography::{Epoch, Geography};
use super::grid::{Grid, Point};
use super::inputs::MeasureShape;
use crate::domain::area::AreaIx;
use crate::domain::{AreaKind, ObsStatus, Vintage};

/// How the value of an area in a base period comes about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parts {
    /// Nothing to make it from.
    Absent,
    /// Reported for the area itself; how many leaves it stands for.
    Direct {
        /// Leaves below, at least 1.
        leaves: u16,
    },
    /// The sum of these areas, in this order: standing-in districts, leaves, the reported residual.
    Sum {
        /// The areas added.
        areas: Vec<AreaIx>,
        /// Leaves present.
        present: u16,
        /// Leaves due.
        due: u16,
    },
    /// The city's reported value less its districts'.
    Remainder {
        /// The city.
        city: AreaIx,
        /// Its districts, all reported.
        districts: Vec<AreaIx>,
    },
}

/// The rules of one measure on a hierarchy.
#[derive(Debug, Clone, Copy)]
pub struct Rollup<'a> {
    /// Hierarchy of every period.
    pub geography: &'a Geography,
    /// Frequency, leaf level, additivity.
    pub shape: MeasureShape,
}

impl Rollup<'_> {
    /// All areas above the leaves, over all base periods.
    pub fn roll_all(&self, direct: &Grid) -> Grid {
        let mut rolled = Grid::default();
        let periods: Vec<i32> = direct.range().collect();
        self.roll_again(direct, &mut rolled, &periods);
        rolled
    }

    /// The given base periods again, after `direct` changed in them.
    pub fn roll_again(&self, direct: &Grid, rolled: &mut Grid, periods: &[i32]) {
        if !self.shape.additive || !matches!(self.shape.level, AreaKind::District | AreaKind::Ward) {
            return;
        }
        let areas = self.areas_above(direct);
        if areas != rolled.areas() || direct.range() != rolled.range() {
            *rolled = rolled.relaid(areas, direct.range());
        }
        let areas = rolled.areas().to_vec();
        for t in periods {
            let epoch = self.epoch(*t);
            for area in areas.iter().filter(|a| epoch.exists(**a)) {
                let parts = self.parts(direct, *area, *t);
                rolled.set(*area, *t, point_of(direct, *area, *t, &parts));
            }
        }
    }

    /// What the value of an area is made of.
    pub fn parts(&self, direct: &Grid, area: AreaIx, t: i32) -> Parts {
        let epoch = self.epoch(t);
        let leaves = epoch.below(area, self.shape.level);
        if direct.at(area, t).is_some() {
            return Parts::Direct { leaves: leaves.len().max(1) as u16 };
        }
        if !self.shape.additive {
            return Parts::Absent;
        }
        if self.geography.kind(area) == AreaKind::Residual {
            return self.remainder(direct, area, t);
        }
        let (mut areas, stood_for) = self.stand_ins(direct, area, t);
        let own_parts = areas.len();
        areas.extend(leaves.iter().copied().filter(|leaf| direct.at(*leaf, t).is_some()));
        let present = stood_for + areas.len() - own_parts;
        if present == 0 {
            return Parts::Absent;
        }
        if let Some(residual) = self.reported_residual(direct, area, t) {
            areas.push(residual);
        }
        Parts::Sum { areas, present: present as u16, due: leaves.len() as u16 }
    }

    /// The value at `t` over exactly the leaves that are present at `shown`, for comparing an incomplete figure with
    /// like; `None` if one of them is not there at `t` as the same dated area.
    pub fn over_same_leaves(&self, direct: &Grid, area: AreaIx, shown: i32, t: i32) -> Option<Point> {
        let (wanted, with_residual) = self.leaves_summed(direct, area, shown)?;
        let mut covered = 0;
        let mut sum = start_of_sum();
        for district in self.stand_ins(direct, area, t).0 {
            let wards = self.epoch(t).wards(district);
            let inside = wards.iter().filter(|w| wanted.contains(**w)).count();
            if inside == 0 {
                continue;
            }
            if inside < wards.len() {
                return None;
            }
            covered += inside;
            sum.absorb(direct.at(district, t)?);
        }
        for leaf in self.epoch(t).below(area, self.shape.level).iter().filter(|leaf| wanted.contains(**leaf)) {
            if let Some(point) = direct.at(*leaf, t) {
                covered += 1;
                sum.absorb(point);
            }
        }
        if with_residual {
            sum.absorb(direct.at(self.reported_residual(direct, area, t)?, t)?);
        }
        (covered == wanted.len()).then_some(Point { present: covered as u16, due: covered as u16, ..sum })
    }

    /// The leaves that the value of an area is summed over (those a district stands in for too), and whether the
    /// reported residual is added; `None` where the value is no sum.
    pub fn leaves_summed(&self, direct: &Grid, area: AreaIx, t: i32) -> Option<(AreaSet, bool)> {
        let Parts::Sum { areas, .. } = self.parts(direct, area, t) else { return None };
        let mut leaves = AreaSet::new(self.geography.len());
        let mut with_residual = false;
        for part in areas {
            match self.geography.kind(part) {
                AreaKind::Residual => with_residual = true,
                kind if kind == self.shape.level => leaves.insert(part),
                _ => self.epoch(t).below(part, self.shape.level).iter().for_each(|leaf| leaves.insert(*leaf)),
            }
        }
        Some((leaves, with_residual))
    }

    fn epoch(&self, t: i32) -> &Epoch {
        let months = self.shape.freq.months();
        self.geography.epoch(t * months + months - 1)
    }

    /// Districts that are reported while none of their wards is: they stand in for their wards. With the number of
    /// wards they stand for.
    fn stand_ins(&self, direct: &Grid, area: AreaIx, t: i32) -> (Vec<AreaIx>, usize) {
        if self.shape.level != AreaKind::Ward {
            return (Vec::new(), 0);
        }
        let epoch = self.epoch(t);
        let mut stood_for = 0;
        let mut areas = Vec::new();
        for district in epoch.districts(area) {
            let wards = epoch.wards(*district);
            let reported = direct.at(*district, t).is_some();
            if reported && !wards.is_empty() && !wards.iter().any(|w| direct.at(*w, t).is_some()) {
                stood_for += wards.len();
                areas.push(*district);
            }
        }
        (areas, stood_for)
    }

    fn reported_residual(&self, direct: &Grid, area: AreaIx, t: i32) -> Option<AreaIx> {
        let residual = self.epoch(t).residual()?;
        let applies = self.epoch(t).parent(residual) == Some(area) && direct.at(residual, t).is_some();
        applies.then_some(residual)
    }

    fn remainder(&self, direct: &Grid, residual: AreaIx, t: i32) -> Parts {
        let epoch = self.epoch(t);
        let Some(city) = epoch.parent(residual) else { return Parts::Absent };
        let districts = epoch.districts(city);
        let known = self.shape.level == AreaKind::District
            && direct.at(city, t).is_some()
            && !districts.is_empty()
            && districts.iter().all(|d| direct.at(*d, t).is_some());
        if known { Parts::Remainder { city, districts: districts.to_vec() } } else { Parts::Absent }
    }

    /// The areas above the leaf level that something observed lies below (or is reported for), and the residual.
    fn areas_above(&self, direct: &Grid) -> Vec<AreaIx> {
        let is_above = |area: &AreaIx| match self.geography.kind(*area) {
            AreaKind::City | AreaKind::Residual => true,
            AreaKind::District => self.shape.level == AreaKind::Ward,
            AreaKind::Reference | AreaKind::Ward => false,
        };
        let mut areas: Vec<AreaIx> = Vec::new();
        for area in direct.areas() {
            areas.push(*area);
            for epoch in self.geography.epochs().iter().filter(|e| e.exists(*area)) {
                areas.extend(epoch.ancestors(*area));
                areas.extend(epoch.residual());
            }
        }
        areas.retain(is_above);
        areas.sort_unstable();
        areas.dedup();
        areas
    }
}

fn point_of(direct: &Grid, area: AreaIx, t: i32, parts: &Parts) -> Point {
    let add = |sum: &mut Point, area: AreaIx| {
        if let Some(point) = direct.at(area, t) {
            sum.absorb(point);
        }
    };
    match parts {
        Parts::Absent => Point::ABSENT,
        Parts::Direct { leaves } => match direct.at(area, t) {
            Some(point) => Point { present: *leaves, due: *leaves, ..*point },
            None => Point::ABSENT,
        },
        Parts::Sum { areas, present, due } => {
            let mut sum = start_of_sum();
            areas.iter().for_each(|a| add(&mut sum, *a));
            Point { present: *present, due: *due, ..sum }
        }
        Parts::Remainder { city, districts } => {
            let mut whole = start_of_sum();
            add(&mut whole, *city);
            let published = whole.value;
            whole.value = 0.0;
            districts.iter().for_each(|d| add(&mut whole, *d));
            Point { value: published - whole.value, present: 1, due: 1, ..whole }
        }
    }
}

fn start_of_sum() -> Point {
    Point { value: 0.0, vintage: Vintage::EARLIEST, present: 0, due: 0, status: ObsStatus::A, apportioned: false }
}

/// A set of dated areas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreaSet {
    words: Vec<u64>,
    len: usize,
}

impl AreaSet {
    /// An empty set for areas with an index below `size`.
    pub fn new(size: usize) -> Self {
        Self { words: vec![0; size.div_ceil(64)], len: 0 }
    }

    /// Adds an area.
    pub fn insert(&mut self, area: AreaIx) {
        if !self.contains(area) {
            self.words[area.0 as usize / 64] |= 1 << (area.0 % 64);
            self.len += 1;
        }
    }

    /// Whether the area is in it.
    pub fn contains(&self, area: AreaIx) -> bool {
        self.words[area.0 as usize / 64] & (1 << (area.0 % 64)) != 0
    }

    /// How many areas are in it.
    pub fn len(&self) -> usize {
        self.len
    }
}
