//! Small multiples: many little lines on one scale.

use super::super::scale::{Colour, Linear};
use super::super::scene::{Area, Pen, Point, Scene};
use super::super::spec::{Multiples, Panel};
use super::super::text::shortened;
use super::super::theme::{self, Type};
use super::super::words::{Word, word};
use super::frame::framed;
use super::line_parts::{Ribbon, Stroke, line};
use super::notes::{Notes, Sample};
use super::shapes::{gap_mark, state_colour, state_shape};

/// How many panels stand side by side.
pub(super) fn columns(panels: usize, width: f64, letters: &Type) -> usize {
    let fitting = ((width - 2.0 * letters.margin) / (11.5 * letters.label)).floor().max(1.0) as usize;
    let fitting = fitting.min(panels).min(8);
    // The same number of rows, with fewer holes in the last.
    panels.div_ceil(panels.div_ceil(fitting))
}

/// What the panels share.
struct Sheet<'a> {
    spec: &'a Multiples,
    letters: Type,
    scale: Linear,
}

pub(super) fn draw(spec: &Multiples, scene: &mut Scene) {
    let (letters, area) = framed(scene, &spec.frame);
    let values = spec.panels.iter().flat_map(|p| &p.values).chain(spec.reference.iter().flat_map(|(_, v)| v));
    let scale = Linear::holding(values.flatten().copied().chain(spec.target), spec.from_zero, 3);
    let area = notes(spec, &scale).write(scene, area, &letters);
    let columns = columns(spec.panels.len(), f64::from(scene.size.width), &letters);
    let rows = spec.panels.len().div_ceil(columns);
    let gap = (letters.label * 1.2).round();
    let below = letters.small * 1.5;
    let wide = (area.width - gap * (columns as f64 - 1.0)) / columns as f64;
    let high = (area.height - below) / rows as f64;
    let sheet = Sheet { spec, letters, scale };
    for (i, panel) in spec.panels.iter().enumerate() {
        let x = area.x + (wide + gap) * (i % columns) as f64;
        let y = area.y + high * (i / columns) as f64;
        one(scene, &sheet, panel, Area { x, y, width: wide, height: high - letters.label * 0.7 });
    }
    let pen = Pen::new(letters.small, theme::MUTED);
    let y = area.y + high * rows as f64 + pen.size * 0.6;
    scene.label((area.x, y), &spec.periods.0, pen);
    if pen.width(&spec.periods.0) + pen.width(&spec.periods.1) + pen.size < wide {
        scene.label((area.x + wide, y), &spec.periods.1, pen.end());
    }
}

fn notes(spec: &Multiples, scale: &Linear) -> Notes {
    let language = spec.frame.language;
    let mut notes = Notes::default();
    notes.states(spec.panels.iter().filter_map(|p| p.state), language);
    if let Some(target) = spec.target {
        let text = format!("{} {}", word(language, Word::Target), spec.format.print(target, language));
        notes.text(Sample::Line(theme::ACCENT), &text);
    }
    if let Some((name, _)) = &spec.reference {
        notes.text(Sample::Line(theme::LAST_YEAR), name);
    }
    if spec.panels.iter().any(|p| missing(p).next().is_some()) {
        notes.word(Sample::Cross, Word::NoFigure, language);
    }
    let (low, high) = (spec.format.bare(scale.low(), language), spec.format.print(scale.high(), language));
    notes.text(Sample::None, &format!("{} {low}–{high}", word(language, Word::CommonScale)));
    if !scale.has_zero() {
        notes.word(Sample::None, Word::NotFromZero, language);
    }
    notes
}

/// Places without a figure after the first figure.
fn missing(panel: &Panel) -> impl Iterator<Item = usize> + '_ {
    let first = panel.values.iter().position(Option::is_some).unwrap_or(panel.values.len());
    panel.values.iter().enumerate().skip(first).filter(|(_, v)| v.is_none()).map(|(i, _)| i)
}

fn one(scene: &mut Scene, sheet: &Sheet, panel: &Panel, area: Area) {
    let Sheet { spec, letters, .. } = sheet;
    let unit = letters.unit;
    let language = spec.frame.language;
    let bold = Pen::new(letters.label, theme::INK).bold();
    let head = area.y + letters.label * 0.65;
    let last = panel.values.iter().flatten().last();
    let value = last.map(|v| spec.format.print(*v, language)).unwrap_or_default();
    let mark = if panel.state.is_some() { letters.label * 1.2 } else { 0.0 };
    if let Some(state) = panel.state {
        let at = (area.x + letters.label * 0.45, head);
        state_shape(scene, state, at, letters.label * 0.38, state_colour(state));
    }
    let name = Pen::new(letters.label, theme::INK);
    let room = area.width - mark - bold.width(&value) - letters.label * 0.5;
    scene.label((area.x + mark, head + name.drop()), &shortened(&panel.name, name.size, name.weight, room), name);
    let colour = panel.state.map_or(theme::INK, state_colour);
    scene.label((area.right(), head + bold.drop()), &value, bold.coloured(colour).end());
    let top = area.y + letters.label * 1.6;
    let scale = sheet.scale.clone().between(area.bottom() - 2.0 * unit, top);
    let steps = (panel.values.len() - 1).max(1) as f64;
    let x = |i: usize| area.x + 3.0 * unit + (area.width - 6.0 * unit) * i as f64 / steps;
    let floor = if scale.has_zero() { scale.at(0.0) } else { area.bottom() };
    let rule = unit.round().max(1.0);
    scene.level(area.x, area.right(), top, theme::CANVAS, rule);
    scene.level(area.x, area.right(), floor, theme::RULE, rule);
    if let Some(target) = spec.target {
        scene.level(area.x, area.right(), scale.at(target), theme::ACCENT, rule);
    }
    let places = |values: &[Option<f64>]| -> Vec<Option<(Point, Stroke)>> {
        values.iter().enumerate().map(|(i, v)| v.map(|v| ((x(i), scale.at(v)), Stroke::Solid))).collect()
    };
    let ribbon = |colour: Colour, width: f64| Ribbon { colour, width: width * unit, unit };
    if let Some((_, values)) = &spec.reference {
        line(scene, &places(values), &ribbon(theme::LAST_YEAR, 1.5));
    }
    let points = places(&panel.values);
    line(scene, &points, &ribbon(theme::INK, 1.8));
    for i in missing(panel) {
        gap_mark(scene, (x(i), area.bottom() - 5.0 * unit), 2.4 * unit, theme::MUTED, unit);
    }
    if let Some((at, _)) = points.iter().rev().find_map(|p| *p) {
        scene.disc(at, 2.8 * unit, colour);
    }
}
