//! A dense area × base period array of points: one measure, one slice.
//!
//! Points of one area lie next to each other, since evaluation walks one area over time.

use crate::domain::area::AreaIx;
use crate::domain::{ObsStatus, Vintage};

/// A value of one area in one base period, with what it is made of. Absent when `due` is 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// The value.
    pub value: f64,
    /// Newest vintage of its inputs.
    pub vintage: Vintage,
    /// Leaves present.
    pub present: u16,
    /// Leaves due.
    pub due: u16,
    /// Least firm status of its inputs.
    pub status: ObsStatus,
    /// Whether a share of another area's value went into it.
    pub apportioned: bool,
}

impl Point {
    /// No value.
    pub const ABSENT: Point =
        Point { value: 0.0, vintage: Vintage::EARLIEST, present: 0, due: 0, status: ObsStatus::A, apportioned: false };

    /// An observed value: whole by itself.
    pub fn observed(value: f64, status: ObsStatus, vintage: Vintage) -> Self {
        Self { value, vintage, present: 1, due: 1, status, apportioned: false }
    }

    /// Whether there is a value.
    pub fn is_present(&self) -> bool {
        self.due > 0
    }

    /// Whether every leaf is there.
    pub fn is_whole(&self) -> bool {
        self.present == self.due
    }

    /// Adds another point's value and takes over its status, vintage and flag; the counts stay.
    pub fn absorb(&mut self, other: &Point) {
        self.value += other.value;
        self.status = self.status.max(other.status);
        self.vintage = self.vintage.max(other.vintage);
        self.apportioned |= other.apportioned;
    }
}

/// The points of one area over base periods.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Row<'a> {
    first: i32,
    points: &'a [Point],
}

impl<'a> Row<'a> {
    /// The point of a base period (index at the measure's frequency), if there is one.
    pub fn at(&self, t: i32) -> Option<&'a Point> {
        let offset = usize::try_from(t - self.first).ok()?;
        self.points.get(offset).filter(|p| p.is_present())
    }

    /// First and last base period that have a point.
    pub fn span(&self) -> Option<(i32, i32)> {
        let from = self.points.iter().position(Point::is_present)? as i32;
        let to = self.points.iter().rposition(Point::is_present)? as i32;
        Some((self.first + from, self.first + to))
    }
}

/// Rows of areas over a common range of base periods.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Grid {
    first: i32,
    len: usize,
    /// Areas with a row, ascending; row k belongs to `areas[k]`.
    areas: Vec<AreaIx>,
    /// Row of every area index, `NO_ROW` for none.
    rows: Vec<u16>,
    points: Vec<Point>,
}

const NO_ROW: u16 = u16::MAX;

impl Grid {
    /// An empty grid: `areas` ascending without repetition, base periods `first..first + len`.
    pub fn new(areas: Vec<AreaIx>, first: i32, len: usize) -> Self {
        let size = areas.last().map_or(0, |a| a.0 as usize + 1);
        let mut rows = vec![NO_ROW; size];
        for (k, area) in areas.iter().enumerate() {
            rows[area.0 as usize] = k as u16;
        }
        let points = vec![Point::ABSENT; areas.len() * len];
        Self { first, len, areas, rows, points }
    }

    /// Base periods covered.
    pub fn range(&self) -> std::ops::Range<i32> {
        self.first..self.first + self.len as i32
    }

    /// Areas with a row, ascending.
    pub fn areas(&self) -> &[AreaIx] {
        &self.areas
    }

    /// Whether an area has a row.
    pub fn has_row(&self, area: AreaIx) -> bool {
        self.rows.get(area.0 as usize).is_some_and(|k| *k != NO_ROW)
    }

    /// The row of an area; an empty one when it has none.
    pub fn row(&self, area: AreaIx) -> Row<'_> {
        match self.rows.get(area.0 as usize) {
            Some(k) if *k != NO_ROW => {
                let start = *k as usize * self.len;
                Row { first: self.first, points: &self.points[start..start + self.len] }
            }
            _ => Row::default(),
        }
    }

    /// The point of an area in a base period, if there is one.
    pub fn at(&self, area: AreaIx, t: i32) -> Option<&Point> {
        self.row(area).at(t)
    }

    /// Sets a point; the area has a row and the base period is covered, else nothing happens and `false` returns.
    pub fn set(&mut self, area: AreaIx, t: i32, point: Point) -> bool {
        let row = self.rows.get(area.0 as usize).filter(|k| **k != NO_ROW);
        let (Some(row), true) = (row, self.range().contains(&t)) else { return false };
        self.points[*row as usize * self.len + (t - self.first) as usize] = point;
        true
    }

    /// A grid that also has a row for `area` and covers `t`, with the same points.
    pub fn extended(&self, area: AreaIx, t: i32) -> Self {
        let mut areas = self.areas.clone();
        if let Err(at) = areas.binary_search(&area) {
            areas.insert(at, area);
        }
        let range = self.range();
        let range = if range.is_empty() { t..t + 1 } else { range.start.min(t)..range.end.max(t + 1) };
        self.relaid(areas, range)
    }

    /// The same points with rows for other areas (ascending) and another range of base periods; points outside go.
    pub fn relaid(&self, areas: Vec<AreaIx>, range: std::ops::Range<i32>) -> Self {
        let mut grid = Grid::new(areas, range.start, range.len());
        for area in &self.areas {
            for t in self.range() {
                if let Some(point) = self.at(*area, t) {
                    grid.set(*area, t, *point);
                }
            }
        }
        grid
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_keeps_its_points_when_it_grows() {
        let mut grid = Grid::new(vec![AreaIx(3)], 10, 2);
        assert!(grid.set(AreaIx(3), 11, Point::observed(5.0, ObsStatus::P, Vintage::from_micros(7))));
        assert!(!grid.set(AreaIx(1), 11, Point::ABSENT));
        assert!(!grid.set(AreaIx(3), 12, Point::ABSENT));
        let mut grown = grid.extended(AreaIx(1), 8);
        assert!(grown.set(AreaIx(1), 8, Point::observed(1.0, ObsStatus::A, Vintage::from_micros(1))));
        assert_eq!(grown.at(AreaIx(3), 11).unwrap().value, 5.0);
        assert_eq!(grown.at(AreaIx(3), 8), None);
        assert_eq!(grown.row(AreaIx(1)).span(), Some((8, 8)));
        assert_eq!(grown.range(), 8..12);
        assert_eq!(grown.row(AreaIx(2)).span(), None);
    }
}
