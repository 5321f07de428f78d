//! Tile map: one tile per area near its true place, name, value and state in the tile.

use super::super::scale::Colour;
use super::super::scene::{Area, Pen, Scene};
use super::super::spec::{Cell, State, TileMap, TileValue};
use super::super::text::{lines, shortened};
use super::super::theme::{self, Type};
use super::super::words::Word;
use super::super::{Tile, TileBlock};
use super::frame::framed;
use super::notes::{Notes, Sample};
use super::shapes::{corner, gap_mark, hatch, state_shape};

/// What the tiles share.
struct Sheet<'a> {
    spec: &'a TileMap,
    letters: Type,
    /// Upper left corner of the grid.
    start: (f64, f64),
    /// Extent of one tile.
    tile: (f64, f64),
    /// How every value is written; no size of its own, so that tiles can be compared.
    value: Pen,
    /// Radius of the state's shape, and whether names stand over values.
    mark: f64,
    named: bool,
}

impl<'a> Sheet<'a> {
    fn of(spec: &'a TileMap, area: Area, letters: Type) -> Sheet<'a> {
        let (columns, rows) = spec.layout.extent();
        let wide = (area.width / f64::from(columns)).floor();
        let high = (area.height / f64::from(rows)).floor();
        // Tiles are wider than high, so that names fit, but stay tiles.
        let tile = (wide.min(high * 2.1).max(1.0), high.min(wide * 1.4).max(1.0));
        let left = area.x + (area.width - tile.0 * f64::from(columns)) / 2.0;
        let (value, mark, named) = value_pen(spec, tile, &letters);
        Sheet { spec, letters, start: (left.round(), area.y.round()), tile, value, mark, named }
    }

    fn place(&self, column: u32, row: u32) -> Area {
        let (w, h) = self.tile;
        Area { x: self.start.0 + w * f64::from(column), y: self.start.1 + h * f64::from(row), width: w, height: h }
    }
}

pub(super) fn draw(spec: &TileMap, scene: &mut Scene) {
    let (letters, area) = framed(scene, &spec.frame);
    let area = notes(spec).write(scene, area, &letters);
    let mut sheet = Sheet::of(spec, area, letters);
    let corner = free_corner(&sheet, area);
    let below = Area { y: area.bottom() - letters.small * 2.6, height: letters.small * 2.6, ..area };
    if corner.is_none() {
        sheet = Sheet::of(spec, Area { height: area.height - below.height, ..area }, letters);
    }
    key(scene, &sheet, corner.unwrap_or(below));
    let missing = TileValue { cell: Cell::Missing, state: None };
    for tile in spec.layout.tiles() {
        one(scene, &sheet, tile, spec.values.get(&tile.code).unwrap_or(&missing));
    }
    for block in spec.layout.blocks() {
        heading(scene, &sheet, block);
    }
}

/// The largest letters in which every value fits its tile, with its state's shape if that still leaves them readable.
fn value_pen(spec: &TileMap, (wide, high): (f64, f64), letters: &Type) -> (Pen, f64, bool) {
    let named = high > 2.6 * letters.small && wide > 3.5 * letters.small;
    let most = (letters.label * 1.7).min(high * if named { 0.36 } else { 0.68 });
    let pen = Pen::new(most, theme::INK).bold().middle();
    let printed = spec.values.values().filter_map(|shown| match shown.cell {
        Cell::Value { value, .. } => Some(spec.format.bare(value, spec.frame.language)),
        Cell::TooFew { .. } | Cell::Missing | Cell::NotApplicable => None,
    });
    let widest = printed.map(|text| pen.width(&text)).fold(1.0, f64::max);
    let block = if spec.layout.blocks().is_empty() { 0.0 } else { 5.0 * letters.unit };
    let room = wide - block - 3.0 * letters.unit;
    let marked = spec.values.values().any(|shown| shown.state.is_some());
    let with_mark = most * (room / (widest + 1.0 * most)).min(1.0);
    if marked && with_mark >= letters.small * 0.85 {
        return (Pen { size: with_mark, ..pen }, with_mark * 0.36, named);
    }
    let size = most * (room / widest).min(1.0);
    // Colours alone are better than numbers that nobody can read.
    (Pen { size: if size < letters.small * 0.62 { 0.0 } else { size }, ..pen }, 0.0, named)
}

fn notes(spec: &TileMap) -> Notes {
    let language = spec.frame.language;
    let mut notes = Notes::default();
    let shown = || spec.layout.tiles().iter().map(|tile| spec.values.get(&tile.code));
    notes.states(shown().flatten().filter_map(|v| v.state), language);
    if shown().flatten().any(|v| matches!(v.cell, Cell::TooFew { .. })) {
        notes.word(Sample::Hatched(theme::UNKNOWN), Word::TooFew, language);
    }
    if shown().any(|v| v.is_none_or(|v| matches!(v.cell, Cell::Missing))) {
        notes.word(Sample::Cross, Word::NoFigure, language);
    }
    if shown().flatten().any(|v| matches!(v.cell, Cell::Value { provisional: true, .. })) {
        notes.word(Sample::Corner, Word::Provisional, language);
    }
    notes
}

/// Width of one step of the key, and of all.
fn key_width(sheet: &Sheet) -> (f64, f64) {
    let step = (sheet.letters.small * 2.6).round();
    (step, step * (sheet.spec.ramp.stops().len() - 1) as f64)
}

/// The first corner large enough for the key that no tile covers.
fn free_corner(sheet: &Sheet, area: Area) -> Option<Area> {
    let small = sheet.letters.small;
    let (width, height) = (key_width(sheet).1 + small * 5.0, small * 3.0);
    let (right, bottom) = (area.right() - width, area.bottom() - height);
    let corners = [(right, area.y), (area.x, bottom), (right, bottom), (area.x, area.y)];
    corners.into_iter().map(|(x, y)| Area { x, y, width, height }).find(|place| {
        sheet.spec.layout.tiles().iter().all(|tile| {
            let mut tile = sheet.place(tile.column, tile.row);
            if !sheet.spec.layout.blocks().is_empty() {
                // A heading may stand above.
                tile.y -= sheet.tile.1;
                tile.height += sheet.tile.1;
            }
            tile.right() <= place.x || place.right() <= tile.x || tile.bottom() <= place.y || place.bottom() <= tile.y
        })
    })
}

/// The ramp with its stops.
fn key(scene: &mut Scene, sheet: &Sheet, place: Area) {
    let letters = &sheet.letters;
    let stops = sheet.spec.ramp.stops();
    let pen = Pen::new(letters.small, theme::MUTED).middle();
    let last = stops.len() - 1;
    let (part, width) = key_width(sheet);
    let high = (letters.small * 0.8).round();
    let (x, y) = (place.x + letters.small * 1.5, place.y + letters.small * 0.4);
    for (i, pair) in stops.windows(2).enumerate() {
        for step in 0..6 {
            let value = pair[0].0 + (pair[1].0 - pair[0].0) * (f64::from(step) + 0.5) / 6.0;
            let x = x + part * (i as f64 + f64::from(step) / 6.0);
            scene.rect(Area { x, y, width: part / 6.0, height: high }, sheet.spec.ramp.colour(value));
        }
    }
    scene.outline(Area { x, y, width, height: high }, theme::RULE, 1.0);
    let format = &sheet.spec.format;
    for (i, (stop, _)) in stops.iter().enumerate() {
        let number = format.with_decimals(*stop, 0, sheet.spec.frame.language);
        let text = if i == last { format!("{number}\u{a0}{}", format.unit) } else { number };
        scene.label((x + part * i as f64, y + high + letters.small * 1.05), text.trim_end(), pen);
    }
}

fn one(scene: &mut Scene, sheet: &Sheet, tile: &Tile, shown: &TileValue) {
    let unit = sheet.letters.unit;
    let gap = unit.round().max(1.0);
    let mut area = sheet.place(tile.column, tile.row);
    area = Area { width: area.width - gap, height: area.height - gap, ..area };
    if !tile.block.is_empty() {
        area = apart(sheet, tile, area);
    }
    match shown.cell {
        Cell::Value { value, n: _, provisional } => {
            let fill = sheet.spec.ramp.colour(value);
            let text = fill.text_on(theme::INK);
            scene.rect(area, fill);
            if provisional {
                corner(scene, area, 6.0 * unit, text);
            }
            let printed = sheet.spec.format.bare(value, sheet.spec.frame.language);
            words(scene, sheet, area, &Words { name: &tile.name, value: &printed, colour: text, state: shown.state });
        }
        Cell::TooFew { .. } => {
            scene.rect(area, theme::CANVAS);
            hatch(scene, area, Colour::hex(0xc3ccd4), 6.0 * unit, unit);
            words(scene, sheet, area, &Words { name: &tile.name, value: "", colour: theme::INK, state: shown.state });
        }
        Cell::Missing | Cell::NotApplicable => {
            scene.rect(area, theme::CANVAS);
            let named = words(
                scene,
                sheet,
                area,
                &Words { name: &tile.name, value: "", colour: theme::MUTED, state: shown.state },
            );
            if shown.cell == Cell::Missing {
                let (x, y) = area.middle();
                let y = if named { y + sheet.letters.label * 1.3 } else { y };
                gap_mark(scene, (x, y), 3.0 * unit, theme::MUTED, 1.2 * unit);
            }
        }
    }
}

/// A little space towards tiles of another block.
fn apart(sheet: &Sheet, tile: &Tile, area: Area) -> Area {
    let by = 2.5 * sheet.letters.unit;
    let block = sheet.spec.layout.blocks().iter().find(|b| b.name == tile.block);
    let other = |column: Option<u32>| {
        !column.is_some_and(|column| block.is_some_and(|b| b.places.contains(&(column, tile.row))))
    };
    let mut area = area;
    if other(tile.column.checked_sub(1)) {
        area.x += by;
        area.width -= by;
    }
    if other(Some(tile.column + 1)) {
        area.width -= by;
    }
    area
}

struct Words<'a> {
    name: &'a str,
    value: &'a str,
    colour: Colour,
    state: Option<State>,
}

/// Name over value where both fit, else the value alone; without a value, the name alone. Whether the name stands there.
fn words(scene: &mut Scene, sheet: &Sheet, area: Area, said: &Words) -> bool {
    let letters = &sheet.letters;
    let (x, y) = area.middle();
    let name = Pen::new((letters.label * 1.1).min(area.height * 0.24).max(letters.small), said.colour).middle();
    let value = sheet.value.coloured(said.colour);
    let room = area.width - 4.0 * letters.unit;
    let broken = if 2.3 * name.size + value.size + letters.unit <= area.height {
        lines(said.name, name.size, name.weight, room, 2)
    } else {
        vec![shortened(said.name, name.size, name.weight, room)]
    };
    let readable = broken.iter().all(|line| !line.is_empty() && (line.chars().count() > 4 || !line.ends_with('…')));
    let named = sheet.named && readable;
    let step = name.size * 1.15;
    let of_name = if named { step * broken.len() as f64 } else { 0.0 };
    let of_value = if said.value.is_empty() { 0.0 } else { value.size };
    let mut line = y - (of_name + of_value) / 2.0;
    if named {
        for text in &broken {
            scene.label((x, line + step / 2.0 + name.drop()), text, name);
            line += step;
        }
    }
    if !said.value.is_empty() && value.size > 0.0 {
        let middle = line + value.size * 0.5;
        let mark = sheet.mark;
        let lead = if said.state.is_some() { 2.6 * mark } else { 0.0 };
        scene.label((x + lead / 2.0, middle + value.drop()), said.value, value);
        if let (true, Some(state)) = (lead > 0.0, said.state) {
            let left = x + lead / 2.0 - value.width(said.value) / 2.0 - 1.6 * mark;
            // In the colour of the text: a red mark on a red tile would be lost; the shape says it.
            state_shape(scene, state, (left, middle), mark, said.colour);
        }
    }
    named
}

/// The name of a block, over its first row, as far as the next block leaves room.
fn heading(scene: &mut Scene, sheet: &Sheet, block: &TileBlock) {
    let Some(row) = block.places.iter().map(|(_, row)| *row).min() else { return };
    let Some(first) = block.places.iter().map(|(column, _)| *column).min() else { return };
    let start = sheet.place(first, row);
    let by = 2.5 * sheet.letters.unit;
    // Tiles beside the heading, or another heading there, end its room.
    let tiles = sheet.spec.layout.tiles().iter().filter(|t| t.column > first && t.block != block.name);
    let next = tiles.filter(|t| t.row + 1 == row || t.row == row).map(|t| t.column).min();
    let end = next.map_or(f64::from(sheet.spec.layout.extent().0), f64::from) * sheet.tile.0 + sheet.start.0;
    let pen = Pen::new(sheet.letters.small.min(sheet.tile.1 * 0.66), theme::INK).bold();
    let text = shortened(&block.name, pen.size, pen.weight, end - start.x - 2.0 * by);
    if text.chars().count() > 4 || !text.ends_with('…') {
        scene.label((start.x + by, start.y - pen.size * 0.35), &text, pen);
    }
}
