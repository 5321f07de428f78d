//! Heatmap: rows by columns, a number in every cell.

use super::super::scale::Colour;
use super::super::scene::{Area, Pen, Scene};
use super::super::spec::{Cell, Heatmap, Language, count};
use super::super::text::shortened;
use super::super::theme::{self, Type};
use super::super::words::Word;
use super::frame::framed;
use super::heatmap_layout::Layout;
use super::notes::{Notes, Sample};
use super::shapes::{corner, gap_mark, hatch};

pub(super) fn draw(spec: &Heatmap, scene: &mut Scene) {
    let (letters, area) = framed(scene, &spec.frame);
    let notes = notes(spec);
    // Notation left and ramp right share a line if it is long enough.
    let beside = notes.width(&letters) + key_width(spec, &letters) < area.width;
    let below = notes.write(scene, area, &letters);
    let area = key(spec, scene, if beside { area } else { below }, &letters);
    let layout = Layout::of(spec, area, &letters);
    let whole = area;
    let area = without_hidden(spec, &layout, scene, area, &letters);
    let layout = if area == whole { layout } else { Layout::of(spec, area, &letters) };
    names(spec, &layout, scene, area, &letters);
    let pen = number_pen(spec, &layout, &letters);
    // Rows differ by a pixel once they lie on whole ones; either all have room for their counts or none.
    let counts = spec.show_n && layout.cell.1.floor() - gap_of(letters.unit) > 2.05 * pen.size;
    let style = CellStyle { spec, pen, unit: letters.unit, counts };
    for row in 0..layout.rows {
        for column in 0..layout.columns {
            let place = layout.cell_at(area, row, column);
            one(scene, &style, place, &spec.cells[row][column]);
        }
        if let Some(totals) = &spec.totals {
            let place = layout.cell_at(area, row, layout.columns);
            one(scene, &CellStyle { pen: pen.bold(), ..style }, place, &totals.cells[row]);
        }
    }
}

/// Says what occurs and is not a number.
fn notes(spec: &Heatmap) -> Notes {
    let language = spec.frame.language;
    let mut notes = Notes::default();
    let all = || spec.cells.iter().flatten().chain(spec.totals.iter().flat_map(|t| &t.cells));
    if all().any(|c| matches!(c, Cell::TooFew { .. })) {
        notes.word(Sample::Hatched(theme::UNKNOWN), Word::TooFew, language);
    }
    if all().any(|c| matches!(c, Cell::Missing)) {
        notes.word(Sample::Cross, Word::NoFigure, language);
    }
    if all().any(|c| matches!(c, Cell::Value { provisional: true, .. })) {
        notes.word(Sample::Corner, Word::Provisional, language);
    }
    notes
}

/// Width of one step of the key.
fn key_step(letters: &Type) -> f64 {
    (letters.small * 3.0).round()
}

fn key_width(spec: &Heatmap, letters: &Type) -> f64 {
    key_step(letters) * (spec.ramp.stops().len() as f64 + 0.5)
}

/// The ramp with its stops, right-aligned in a line of its own below the cells.
fn key(spec: &Heatmap, scene: &mut Scene, area: Area, letters: &Type) -> Area {
    let pen = Pen::new(letters.small, theme::MUTED).middle();
    let stops = spec.ramp.stops();
    let (wide, high) = (key_step(letters), (letters.small * 0.75).round());
    let last = stops.len() - 1;
    let text = |i: usize| {
        let number = spec.format.with_decimals(stops[i].0, 0, spec.frame.language);
        if i == last && !spec.format.unit.is_empty() { format!("{number}\u{a0}{}", spec.format.unit) } else { number }
    };
    let overhang = pen.width(&text(last)) / 2.0;
    let y = area.bottom() - letters.small * 1.9;
    let start = area.right() - overhang - wide * last as f64;
    if start < area.x {
        return area;
    }
    let steps = 6;
    for (i, pair) in stops.windows(2).enumerate() {
        let part = wide / f64::from(steps);
        for step in 0..steps {
            let share = (f64::from(step) + 0.5) / f64::from(steps);
            let fill = spec.ramp.colour(pair[0].0 + (pair[1].0 - pair[0].0) * share);
            let x = start + wide * i as f64 + part * f64::from(step);
            scene.rect(Area { x, y, width: part, height: high }, fill);
        }
    }
    scene.outline(Area { x: start, y, width: wide * last as f64, height: high }, theme::RULE, 1.0);
    for i in 0..=last {
        scene.label((start + wide * i as f64, y + high + letters.small), &text(i), pen);
    }
    Area { height: area.height - letters.small * 2.4, ..area }
}

/// Says how many rows and columns this size has no room for. A reader must not take a part for the whole.
fn without_hidden(spec: &Heatmap, layout: &Layout, scene: &mut Scene, area: Area, letters: &Type) -> Area {
    let (rows, columns) = (spec.rows.len(), spec.columns.len());
    if layout.rows == rows && layout.columns == columns {
        return area;
    }
    let language = spec.frame.language;
    let part = |shown: usize, all: usize, vi: &str, en: &str| {
        let (of, what) = match language {
            Language::Vi => ("trong số", vi),
            Language::En => ("of", en),
        };
        (shown < all).then(|| format!("{shown} {of} {all} {what}"))
    };
    let texts: Vec<String> = part(layout.columns, columns, "cột", "columns")
        .into_iter()
        .chain(part(layout.rows, rows, "hàng", "rows"))
        .collect();
    let pen = Pen::new(letters.small, theme::WATCH).bold();
    scene.label((area.x, area.bottom() - letters.small * 0.5), &texts.join(" · "), pen);
    Area { height: area.height - letters.small * 1.6, ..area }
}

fn names(spec: &Heatmap, layout: &Layout, scene: &mut Scene, area: Area, letters: &Type) {
    let pen = Pen::new(letters.label.min(layout.cell.1 * 0.86), theme::INK);
    for (row, name) in spec.rows.iter().take(layout.rows).enumerate() {
        let (_, y) = layout.cell_at(area, row, 0).middle();
        let room = layout.names - letters.label * 0.6;
        scene.label((area.x, y + pen.drop()), &shortened(name, pen.size, pen.weight, room), pen);
    }
    let head = Pen::new(letters.small, theme::MUTED);
    let foot = layout.cell_at(area, 0, 0).y - letters.small * 0.45;
    let heading = shortened(&spec.row_heading, head.size, head.weight, layout.names - letters.label * 0.6);
    scene.label((area.x, foot), &heading, head);
    let head = head.coloured(theme::INK);
    let step = head.size * 1.22;
    for (column, lines) in layout.column_lines.iter().enumerate() {
        let (x, _) = layout.cell_at(area, 0, column).middle();
        let pen = if column >= layout.columns { head.bold() } else { head };
        let last = lines.len().saturating_sub(1) as f64;
        for (i, line) in lines.iter().enumerate() {
            if layout.turned {
                let x = x + (i as f64 - last / 2.0) * step + pen.drop();
                scene.turned((x, foot), line, pen);
            } else {
                scene.label((x, foot - (last - i as f64) * step), line, pen.middle());
            }
        }
    }
}

/// One size for all numbers, so that the widest fits.
fn number_pen(spec: &Heatmap, layout: &Layout, letters: &Type) -> Pen {
    let language = spec.frame.language;
    let (wide, high) = layout.cell;
    let most = if high > 2.4 * letters.label { letters.label * 1.25 } else { letters.label };
    let pen = Pen::new(most, theme::INK).middle();
    let all = spec.cells.iter().flatten().chain(spec.totals.iter().flat_map(|t| &t.cells));
    let widest = all
        .filter_map(|cell| match cell {
            Cell::Value { value, .. } => Some(pen.bold().width(&spec.format.bare(*value, language))),
            _ => None,
        })
        .fold(1.0, f64::max);
    let by_width = most * (wide - 4.0 * letters.unit) / widest;
    Pen { size: most.min(by_width).min(high * 0.86), ..pen }
}

#[derive(Clone, Copy)]
struct CellStyle<'a> {
    spec: &'a Heatmap,
    pen: Pen,
    unit: f64,
    counts: bool,
}

/// Space between cells.
fn gap_of(unit: f64) -> f64 {
    unit.round().max(1.0)
}

fn one(scene: &mut Scene, style: &CellStyle, place: Area, cell: &Cell) {
    let gap = gap_of(style.unit);
    let inner = Area { width: place.width - gap, height: place.height - gap, ..place };
    let (x, y) = inner.middle();
    let language = style.spec.frame.language;
    match cell {
        Cell::Value { value, n, provisional } => {
            let fill = style.spec.ramp.colour(*value);
            let pen = style.pen.coloured(fill.text_on(theme::INK));
            scene.rect(inner, fill);
            let n = n.filter(|_| style.counts);
            let small = Pen { size: pen.size * 0.78, ..pen };
            let text = n.map(|n| count(n, language)).filter(|text| small.width(text) < inner.width - gap);
            let y = if text.is_some() { y - pen.size * 0.45 } else { y };
            scene.label((x, y + pen.drop()), &style.spec.format.bare(*value, language), pen);
            if let Some(text) = text {
                scene.label((x, y + pen.drop() + pen.size), &text, small);
            }
            if *provisional {
                corner(scene, inner, 5.0 * style.unit, pen.colour);
            }
        }
        Cell::TooFew { .. } => {
            scene.rect(inner, theme::CANVAS);
            hatch(scene, inner, Colour::hex(0xb6c0c9), 5.0 * style.unit, style.unit);
        }
        Cell::Missing => {
            scene.rect(inner, theme::CANVAS);
            gap_mark(scene, (x, y), 3.0 * style.unit, theme::MUTED, 1.2 * style.unit);
        }
        Cell::NotApplicable => {}
    }
}
