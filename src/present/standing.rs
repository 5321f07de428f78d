//! Where an area stands among its peers.

use super::reading::{Found, Reading};
use super::{Change, short, signed, too_few};
use crate::cube::Cell;
use crate::domain::area::Area;
use crate::domain::{AreaKind, Direction, GeoRollup, Indicator, Period};

/// A place among peers.
#[derive(Debug, Clone, PartialEq)]
pub struct Rank {
    /// From 1, the best.
    pub place: usize,
    /// How many peers have a figure, itself included.
    pub of: usize,
    /// Places of all peers' values on a strip of 100, and this one's.
    pub peers: Vec<f64>,
    /// Its own place on the strip.
    pub own: f64,
    /// Against the middle one, in words.
    pub middle: String,
    /// Whether it is a rank by the change on last year.
    pub by_growth: bool,
}

impl Rank {
    /// Whether it lies in the best quarter of the peers.
    pub fn is_best(&self) -> bool {
        self.place * 4 <= self.of
    }

    /// Whether it lies in the weakest quarter.
    pub fn is_weakest(&self) -> bool {
        (self.of - self.place) * 4 < self.of
    }
}

/// The figures of an indicator for all areas of a kind at a period, those that need attention first: the worst by the
/// indicator's direction, the largest where it has none. Rates over too few cases have no place.
pub fn ranked<'a>(
    reading: &Reading<'a>,
    found: &Found<'a>,
    kind: AreaKind,
    period: Period,
) -> Vec<(&'a Area, &'a Cell)> {
    let tree = &reading.catalog.areas;
    let mut list: Vec<(&Area, &Cell)> = tree
        .of_kind_on(kind, period.last_day())
        .map(|ix| tree.area(ix))
        .filter_map(|area| Some((area, reading.cell(found.indicator, &area.code, period)?)))
        .filter(|(_, cell)| too_few(found.indicator, cell, reading.language).is_none())
        .collect();
    list.sort_by(|(a, x), (b, y)| {
        let order = match way(found.indicator) {
            Direction::HigherBetter => x.value.total_cmp(&y.value),
            Direction::LowerBetter | Direction::Neutral => y.value.total_cmp(&x.value),
        };
        order.then_with(|| a.code.cmp(&b.code))
    });
    list
}

/// Which end is weak. An amount that adds up over areas is large where the area is large, which is neither good nor bad.
pub fn way(indicator: &Indicator) -> Direction {
    if indicator.geo_rollup == GeoRollup::Sum { Direction::Neutral } else { indicator.direction }
}

/// The place of a figure among the areas of the same level; `None` with fewer than three peers. Amounts that add up over
/// areas are ranked by their change on last year: a small district is not weak for being small.
pub fn rank(reading: &Reading<'_>, found: &Found<'_>, area: &str, kind: AreaKind) -> Option<Rank> {
    let by_growth = found.indicator.geo_rollup == GeoRollup::Sum;
    let language = reading.language;
    let change = |cell: &Cell| {
        Change::of(cell.value, cell.yoy_value?, found.indicator, found.unit, language).map(|c| c.amount())
    };
    let of = |cell: &Cell| if by_growth { change(cell) } else { Some(cell.value) };
    let mut list: Vec<(&str, f64)> = ranked(reading, found, kind, found.cell.period)
        .into_iter()
        .filter_map(|(peer, cell)| Some((peer.code.as_str(), of(cell)?)))
        .collect();
    if list.len() < 3 {
        return None;
    }
    list.sort_by(|(_, a), (_, b)| match found.indicator.direction {
        Direction::LowerBetter => a.total_cmp(b),
        Direction::HigherBetter | Direction::Neutral => b.total_cmp(a),
    });
    let own = list.iter().find(|(code, _)| *code == area)?.1;
    // Equal figures share the better place.
    let place = list.iter().position(|(_, value)| *value == own)? + 1;
    let ends = list.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), (_, v)| (l.min(*v), h.max(*v)));
    let across = |v: f64| if ends.1 > ends.0 { ((v - ends.0) / (ends.1 - ends.0) * 100.0).round() } else { 50.0 };
    let middle = list[list.len() / 2].1;
    Some(Rank {
        place,
        of: list.len(),
        own: across(own),
        peers: list.iter().map(|(_, v)| across(*v)).collect(),
        middle: if by_growth {
            format!("{}\u{a0}%", signed(middle, 1, language))
        } else {
            short(middle, found.indicator.decimals, found.unit, language).to_string()
        },
        by_growth,
    })
}
