//! Lying bars: a ranking with value, n and change in columns of their own.

use super::super::scale::Colour;
use super::super::scene::{Anchor, Area, Pen, Scene};
use super::super::spec::{Bar, Bars, Direction, Language, State, count};
use super::super::text::shortened;
use super::super::theme::{self, Type};
use super::super::words::{Word, word};
use super::columns;
use super::frame::framed;
use super::notes::{Notes, Sample};
use super::shapes::{arrow, gap_mark, hatch, state_colour, state_shape};

pub(super) fn draw(spec: &Bars, scene: &mut Scene) {
    let (letters, area) = framed(scene, &spec.frame);
    let area = notes(spec).write(scene, area, &letters);
    match spec.direction {
        Direction::Lying => lying(spec, scene, area, &letters),
        Direction::Standing => columns::draw(spec, scene, area, &letters),
    }
}

fn notes(spec: &Bars) -> Notes {
    let language = spec.frame.language;
    let mut notes = Notes::default();
    notes.states(spec.bars.iter().filter_map(|bar| bar.state), language);
    if spec.bars.iter().any(|bar| bar.provisional) {
        notes.word(Sample::Hatched(theme::BAR), Word::Provisional, language);
    }
    if spec.bars.iter().any(|bar| bar.target.is_some()) {
        let sample = if spec.direction == Direction::Lying { Sample::Tick } else { Sample::LevelTick };
        notes.word(sample, Word::Target, language);
    }
    if spec.bars.iter().any(|bar| bar.value.is_none() && bar.state != Some(State::TooFew)) {
        notes.word(Sample::Cross, Word::NoFigure, language);
    }
    notes
}

/// The colour of a bar: its state's, and otherwise dark if singled out.
pub(super) fn fill_of(bar: &Bar) -> Colour {
    match bar.state {
        Some(state @ (State::Off | State::Watch | State::OnTarget)) => state_colour(state),
        Some(State::Unknown | State::TooFew) => theme::UNKNOWN,
        None if bar.highlighted => theme::ACCENT,
        None => theme::BAR,
    }
}

/// A bar; hatched with an outline if it is not final or rests on too few cases.
pub(super) fn body(scene: &mut Scene, area: Area, bar: &Bar, unit: f64) {
    let area = area.snapped();
    let fill = fill_of(bar);
    if bar.provisional || bar.state == Some(State::TooFew) {
        hatch(scene, area, fill, 4.5 * unit, 1.2 * unit);
        scene.outline(area, fill, unit.round().max(1.0));
    } else {
        scene.rect(area, fill);
    }
}

/// Widths of the columns, from left to right.
struct Grid {
    state: f64,
    name: f64,
    plot: Area,
    value: f64,
    n: f64,
    change: f64,
    row: f64,
}

fn grid(spec: &Bars, area: Area, letters: &Type) -> Grid {
    let language = spec.frame.language;
    let plain = Pen::new(letters.label, theme::INK);
    let bold = plain.bold();
    let head = Pen::new(letters.small, theme::MUTED);
    let widest = |texts: &mut dyn Iterator<Item = f64>| texts.fold(0.0, f64::max);
    let space = letters.label;
    let state = if spec.bars.iter().any(|b| b.state.is_some()) { letters.label * 1.4 } else { 0.0 };
    let longest =
        widest(&mut spec.bars.iter().map(|b| if b.highlighted { bold.width(&b.name) } else { plain.width(&b.name) }));
    let name = longest.min(area.width * 0.34) + space * 0.8;
    let value =
        widest(&mut spec.bars.iter().filter_map(|b| b.value).map(|v| bold.width(&spec.format.print(v, language))))
            + space * 0.6;
    let n = widest(&mut spec.bars.iter().filter_map(|b| b.n).map(|n| plain.width(&count(n, language))));
    let n = if spec.n_heading.is_empty() || n == 0.0 { 0.0 } else { n.max(head.width(&spec.n_heading)) + space };
    let lead = 1.2 * letters.label;
    let change = widest(&mut spec.bars.iter().filter_map(|b| b.change.as_ref()).map(|c| plain.width(&c.text)));
    let change = if change == 0.0 { 0.0 } else { (change + lead).max(head.width(&spec.change_heading)) + space };
    let mut grid = Grid { state, name, plot: area, value, n, change, row: 0.0 };
    // A narrow chart gives up the change, then the counts, before the bars become stubs.
    let left = |g: &Grid| area.width - g.state - g.name - g.value - g.n - g.change;
    if left(&grid) < area.width * 0.2 {
        grid.change = 0.0;
    }
    if left(&grid) < area.width * 0.15 {
        grid.n = 0.0;
    }
    let heads = if grid.n > 0.0 || grid.change > 0.0 || spec.reference.is_some() { letters.small * 1.8 } else { 0.0 };
    grid.row = ((area.height - heads) / spec.bars.len() as f64).min(3.0 * letters.label);
    grid.plot = Area {
        x: area.x + grid.state + grid.name,
        y: area.y + heads,
        width: left(&grid),
        height: grid.row * spec.bars.len() as f64,
    };
    grid
}

fn lying(spec: &Bars, scene: &mut Scene, area: Area, letters: &Type) {
    let grid = grid(spec, area, letters);
    let (plot, unit) = (grid.plot, letters.unit);
    // Without an axis the longest bar may fill the room; only below zero is there a value to the left of bars.
    let known =
        || spec.bars.iter().flat_map(|b| b.value.into_iter().chain(b.target)).chain(spec.reference.iter().map(|r| r.1));
    let high = known().fold(0.0, f64::max);
    let low = known().fold(0.0, f64::min);
    let (from, to) = (plot.x + if low < 0.0 { grid.value } else { 0.0 }, plot.right());
    let per = if high > low { (to - from) / (high - low) } else { 0.0 };
    let at = |value: f64| from + (value - low) * per;
    heads(spec, scene, &grid, letters);
    if let Some((name, value)) = &spec.reference {
        let text = format!("{name} {}", spec.format.print(*value, spec.frame.language));
        let pen = Pen::new(letters.small, theme::ACCENT).bold();
        scene.upright(at(*value), plot.y - letters.small * 0.4, plot.bottom(), theme::ACCENT, 1.5 * unit);
        let half = pen.width(&text) / 2.0;
        let x = at(*value).min(plot.right() + grid.value - half).max(plot.x + half);
        scene.label((x, plot.y - letters.small * 0.7), &text, pen.middle());
    }
    scene.upright(at(0.0), plot.y, plot.bottom(), theme::MUTED, unit.round().max(1.0));
    for (i, bar) in spec.bars.iter().enumerate() {
        let y = plot.y + grid.row * i as f64;
        let middle = y + grid.row / 2.0;
        row_words(spec, scene, &grid, bar, middle, letters);
        let thick = (grid.row * 0.62).max(2.0);
        let pen = Pen::new(letters.label.min(grid.row * 0.9), theme::INK).bold();
        let Some(value) = bar.value else {
            missing(scene, bar, spec.frame.language, (at(0.0) + 8.0 * unit, middle), letters);
            continue;
        };
        let (x0, x1) = (at(0.0).min(at(value)), at(0.0).max(at(value)));
        body(scene, Area { x: x0, y: middle - thick / 2.0, width: (x1 - x0).max(unit), height: thick }, bar, unit);
        if let Some(target) = bar.target {
            // A light edge keeps the mark apart from a dark bar.
            scene.upright(at(target), middle - thick / 2.0, middle + thick / 2.0, theme::PAPER, 4.0 * unit);
            scene.upright(at(target), middle - thick * 0.75, middle + thick * 0.75, theme::INK, 2.0 * unit);
        }
        let text = spec.format.print(value, spec.frame.language);
        let past = bar.target.map_or(value, |t| if value < 0.0 { value } else { value.max(t) });
        let clear = if at(past) - at(value) < grid.value { at(past) } else { at(value) };
        let (x, pen) = if value < 0.0 { (x0 - 5.0 * unit, pen.end()) } else { (clear + 5.0 * unit, pen) };
        plate(scene, x, middle, &text, pen);
        scene.label((x, middle + pen.drop()), &text, pen);
    }
}

/// Paper behind a text that the reference line might cross.
fn plate(scene: &mut Scene, x: f64, middle: f64, text: &str, pen: Pen) {
    let width = pen.width(text);
    let left = if pen.anchor == Anchor::End { x - width } else { x };
    let high = pen.size * 1.1;
    scene.rect(Area { x: left - 2.0, y: middle - high / 2.0, width: width + 4.0, height: high }, theme::PAPER);
}

fn heads(spec: &Bars, scene: &mut Scene, grid: &Grid, letters: &Type) {
    let pen = Pen::new(letters.small, theme::MUTED).end();
    let y = grid.plot.y - letters.small * 0.7;
    let right = grid.plot.right() + grid.value;
    if grid.n > 0.0 {
        scene.label((right + grid.n, y), &spec.n_heading, pen);
    }
    if grid.change > 0.0 {
        scene.label((right + grid.n + grid.change, y), &spec.change_heading, pen);
    }
}

/// State, name, n and change of one row.
fn row_words(spec: &Bars, scene: &mut Scene, grid: &Grid, bar: &Bar, middle: f64, letters: &Type) {
    let size = letters.label.min(grid.row * 0.9);
    let plain = Pen::new(size, theme::INK);
    let name = if bar.highlighted { plain.bold() } else { plain };
    let left = grid.plot.x - grid.name - grid.state;
    if let Some(state) = bar.state {
        state_shape(scene, state, (left + size * 0.5, middle), size * 0.42, state_colour(state));
    }
    let room = grid.name - letters.label * 0.8;
    scene.label((left + grid.state, middle + name.drop()), &shortened(&bar.name, size, name.weight, room), name);
    let right = grid.plot.right() + grid.value;
    if let (true, Some(n)) = (grid.n > 0.0, bar.n) {
        let pen = plain.coloured(theme::MUTED).end();
        scene.label((right + grid.n, middle + pen.drop()), &count(n, spec.frame.language), pen);
    }
    if let (true, Some(change)) = (grid.change > 0.0, &bar.change) {
        let colour = state_colour(change.state);
        let pen = plain.coloured(colour).end();
        let right = right + grid.n + grid.change;
        scene.label((right, middle + pen.drop()), &change.text, pen);
        if let Some(rises) = change.rises {
            arrow(scene, (right - pen.width(&change.text) - size * 0.65, middle), size * 0.3, rises, colour);
        }
    }
}

fn missing(scene: &mut Scene, bar: &Bar, language: Language, (x, middle): (f64, f64), letters: &Type) {
    let pen = Pen::new(letters.small, theme::MUTED);
    let unit = letters.unit;
    if bar.state == Some(State::TooFew) {
        let area = Area { x: x - 7.0 * unit, y: middle - 5.0 * unit, width: 24.0 * unit, height: 10.0 * unit };
        hatch(scene, area, theme::UNKNOWN, 4.5 * unit, 1.2 * unit);
        let text = word(language, Word::TooFew);
        plate(scene, x + 22.0 * unit, middle, text, pen);
        scene.label((x + 22.0 * unit, middle + pen.drop()), text, pen);
    } else {
        gap_mark(scene, (x, middle), 3.5 * unit, theme::MUTED, 1.4 * unit);
        let text = word(language, Word::NoFigure);
        plate(scene, x + 8.0 * unit, middle, text, pen);
        scene.label((x + 8.0 * unit, middle + pen.drop()), text, pen);
    }
}
