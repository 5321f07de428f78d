//! `overdue-map`: every district or ward near its true place.

use std::collections::BTreeMap;

use super::super::asked::Asked;
use super::super::error::GalleryError;
use super::headline::Standing;
use super::{cell, told, usual_units};
use crate::cases::views::{Axis, Share, ranking};
use crate::chart::spec::{Cell, Language, NumberFormat, TileMap, TileValue};
use crate::chart::{Chart, Ramp, TileLayout};

/// The 22 districts, or the 168 wards once there are no districts.
pub fn map(asked: &Asked<'_>) -> Result<Chart, GalleryError> {
    let lens = asked.lens()?;
    let (names, words) = (asked.names(&lens), asked.words());
    let units = usual_units(&lens);
    let layout = if units == Axis::District { TileLayout::districts_2021() } else { TileLayout::wards_2025() };
    let found = ranking(&lens, units)?;
    let ranked: Vec<(String, Share)> =
        found.ranked.iter().map(|unit| (names.of(units, &unit.code), unit.overdue)).collect();
    let window = words.window(lens.from, lens.to);
    let title = Standing { words, units, window: &window, ranked: &ranked, average: found.average }.headline();
    let unit = words.unit(units);
    let what = match words.0 {
        Language::Vi => format!("Tỷ lệ trễ hạn, % số phản ánh đến hạn, theo {unit}; ô xếp gần đúng vị trí thật"),
        Language::En => format!("Share overdue, % of cases due, by {unit}; tiles lie near the true places"),
    };
    let frame = asked.frame(&lens, title, &what);
    let description = format!("{}.{}", frame.subtitle, told(words, &ranked));
    let thresholds = asked.thresholds();
    // An area where nothing fell due has no share, and no figure is missing either.
    let mut values: BTreeMap<String, TileValue> = BTreeMap::new();
    for tile in layout.tiles() {
        values.insert(tile.code.clone(), TileValue { cell: Cell::TooFew { n: Some(0) }, state: None });
    }
    for unit in found.ranked.iter().chain(&found.small).filter(|unit| unit.overdue.cases > 0) {
        let state = unit.overdue.shown().and_then(|share| thresholds.state(share * 100.0));
        values.insert(unit.code.to_string(), TileValue { cell: cell(unit.overdue, false), state });
    }
    values.retain(|code, _| layout.tiles().iter().any(|tile| tile.code == *code));
    let format = NumberFormat::new(0, "%");
    let frame = frame.description(description);
    Ok(Chart::TileMap(TileMap { frame, layout, values, ramp: Ramp::overdue(), format }))
}
