//! Where the rows of a drawing lead: areas down, figures to their explanation.

use std::collections::BTreeMap;

use super::super::reading::Found;
use super::super::view::View;
use crate::chart::{Chart, TileLayout};
use crate::cube::Cell;
use crate::domain::area::Area;
use crate::domain::{Indicator, Period};
use crate::present::short_label;

/// Addresses of a row: of its name, and of its figure; either may be empty.
#[derive(Debug, Clone, Default)]
pub struct Door {
    /// Of the name.
    pub name: String,
    /// Of the figure.
    pub figure: String,
}

/// Doors by the names that rows have in the drawing.
pub type Doors = BTreeMap<String, Door>;

/// A drawing before it has a size.
pub struct Drawn {
    /// What is drawn.
    pub chart: Chart,
    /// What it is about.
    pub title: String,
    /// Where that leads.
    pub url: String,
    /// Where its rows lead.
    pub doors: Doors,
}

/// The page that explains a figure; a part of the whole is explained with the whole.
pub fn explained(view: &View, indicator: &Indicator, cell: &Cell) -> String {
    let area = if *cell.area == *view.city { "" } else { &cell.area };
    let period = cell.period.to_string();
    let path = match cell.breakdown.is_total() {
        true => format!("/indicators/{}/explain", indicator.code),
        false => format!("/indicators/{}", indicator.code),
    };
    view.url(&path, &[("period", &period), ("area", area)])
}

/// Areas lead to their scorecards, their figures to the explanation.
pub fn of_areas(view: &View, indicator: &Indicator, list: &[(&Area, &Cell)]) -> Doors {
    downward(list.iter().map(|(area, cell)| {
        let name = view.url(&format!("/units/{}", area.code), &[("area", "")]);
        (*area, Door { name, figure: explained(view, indicator, cell) })
    }))
}

/// Doors of areas, by their full names and by the short ones that they have on the map.
pub fn downward<'a>(areas: impl Iterator<Item = (&'a Area, Door)>) -> Doors {
    let layout = TileLayout::districts_2021();
    let mut doors = Doors::new();
    for (area, door) in areas {
        if let Some(tile) = layout.tiles().iter().find(|tile| tile.code == area.code) {
            doors.insert(tile.name.clone(), door.clone());
        }
        doors.insert(area.name.clone(), door);
    }
    doors
}

/// The figures of a course lead to their explanations.
pub fn of_periods<'c>(view: &View, found: &Found<'_>, cells: impl Iterator<Item = &'c Cell>) -> Doors {
    let door = |cell: &Cell| {
        let figure = explained(view, found.indicator, cell);
        (axis_label(cell.period, view), Door { name: String::new(), figure })
    };
    cells.map(door).collect()
}

fn axis_label(period: Period, view: &View) -> String {
    short_label(period, view.language)
}
