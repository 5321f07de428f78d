//! Flow: what came in and went out as pairs of bars, and above them, on a scale of its own, what stays.

use super::super::scale::{Colour, Linear};
use super::super::scene::{Area, Pen, Point, Scene};
use super::super::spec::{Flow, FlowPart};
use super::super::text::shortened;
use super::super::theme::{self, Type};
use super::super::words::Word;
use super::axis::{ValueAxis, names_below};
use super::ends::{self, End};
use super::frame::framed;
use super::line_parts::{Ribbon, Stroke, line};
use super::notes::{Notes, Sample};
use super::shapes::{gap_mark, hatch};

/// Inflow, then the parts of the outflow from the foot up: apart by lightness too.
const INFLOW: Colour = theme::BAR;
const OUTFLOW: [Colour; 3] = [Colour::hex(0x9cc3e6), Colour::hex(0xc65f4d), Colour::hex(0xd5dbe1)];
/// The same parts as text.
const OUTFLOW_TEXT: [Colour; 3] = [theme::ACCENT, theme::BAD, theme::MUTED];

/// What both charts share.
struct Sheet<'a> {
    spec: &'a Flow,
    letters: Type,
    left: f64,
    right: f64,
    gutter: f64,
}

impl Sheet<'_> {
    fn step(&self) -> f64 {
        (self.right - self.left) / self.spec.periods.len() as f64
    }

    fn x(&self, i: usize) -> f64 {
        self.left + self.step() * (i as f64 + 0.5)
    }
}

pub(super) fn draw(spec: &Flow, scene: &mut Scene) {
    let (letters, area) = framed(scene, &spec.frame);
    let language = spec.frame.language;
    let area = notes(spec).write(scene, area, &letters);
    let flows = Linear::holding(bar_heights(spec), true, 4);
    let stock = spec.backlog.as_ref().map(|b| Linear::holding(b.values.iter().flatten().copied(), true, 2));
    let axis_of = |scale: &Linear| ValueAxis { scale, format: &spec.format, language, letters: &letters }.gutter();
    let left = axis_of(&flows).max(stock.as_ref().map_or(0.0, axis_of));
    let parts = [&spec.inflow].into_iter().chain(&spec.outflow).chain(&spec.backlog);
    let texts: Vec<(String, String)> = parts.map(|p| (last_value(spec, p), p.name.clone())).collect();
    let gutter = ends::gutter(texts.iter().map(|(v, n)| (v.as_str(), n.as_str())), area.width, &letters);
    let sheet = Sheet { spec, letters, left: area.x + left, right: area.right() - gutter, gutter };
    let below = letters.small * 2.0;
    let head = letters.small * 2.2;
    let upper = if stock.is_some() { (area.height - below) * 0.34 } else { 0.0 };
    if let (Some(scale), Some(backlog)) = (stock, &spec.backlog) {
        let place = Area { y: area.y + head, height: upper - head - letters.small, ..area };
        heading(scene, &sheet, area.y, &backlog.name, area);
        stocks(scene, &sheet, backlog, scale, place);
    }
    let names: Vec<&str> = [&spec.inflow].into_iter().chain(&spec.outflow).map(|p| p.name.as_str()).collect();
    let start = area.y + upper;
    heading(scene, &sheet, start, &names.join(" · "), area);
    let place = Area { y: start + head, height: area.height - upper - head - below, ..area };
    bars(scene, &sheet, flows, place);
    let places: Vec<(f64, &str)> = spec.periods.iter().enumerate().map(|(i, p)| (sheet.x(i), p.as_str())).collect();
    let pen = Pen::new(letters.small, theme::MUTED);
    names_below(scene, &places, place.bottom() + 3.0 * letters.unit, (area.x, area.right()), pen);
}

fn notes(spec: &Flow) -> Notes {
    let mut notes = Notes::default();
    if spec.provisional > 0 {
        notes.word(Sample::Hatched(INFLOW), Word::Provisional, spec.frame.language);
    }
    let rows = [&spec.inflow].into_iter().chain(&spec.outflow).chain(&spec.backlog);
    if rows.flat_map(|part| &part.values).any(Option::is_none) {
        notes.word(Sample::Cross, Word::NoFigure, spec.frame.language);
    }
    notes
}

fn bar_heights(spec: &Flow) -> Vec<f64> {
    let out = (0..spec.periods.len()).map(|i| spec.outflow.iter().filter_map(|p| p.values[i]).sum::<f64>());
    spec.inflow.values.iter().flatten().copied().chain(out).collect()
}

fn last_value(spec: &Flow, part: &FlowPart) -> String {
    part.values.last().copied().flatten().map(|v| spec.format.bare(v, spec.frame.language)).unwrap_or_default()
}

fn heading(scene: &mut Scene, sheet: &Sheet, y: f64, text: &str, area: Area) {
    let pen = Pen::new(sheet.letters.small, theme::INK).bold();
    scene.label((area.x, y + pen.size * 0.9), &shortened(text, pen.size, pen.weight, area.width), pen);
}

fn stocks(scene: &mut Scene, sheet: &Sheet, backlog: &FlowPart, scale: Linear, place: Area) {
    let Sheet { spec, letters, .. } = sheet;
    let unit = letters.unit;
    let plot = Area { x: sheet.left, width: sheet.right - sheet.left, ..place };
    let scale = scale.between(plot.bottom(), plot.y);
    ValueAxis { scale: &scale, format: &spec.format, language: spec.frame.language, letters }.draw(scene, plot);
    let firm = spec.periods.len() - spec.provisional.min(spec.periods.len());
    let points: Vec<Option<(Point, Stroke)>> = backlog
        .values
        .iter()
        .enumerate()
        .map(|(i, v)| v.map(|v| ((sheet.x(i), scale.at(v)), if i >= firm { Stroke::Dashed } else { Stroke::Solid })))
        .collect();
    line(scene, &points, &Ribbon { colour: theme::INK, width: 2.5 * unit, unit });
    for (i, _) in points.iter().enumerate().filter(|(_, p)| p.is_none()) {
        gap_mark(scene, (sheet.x(i), plot.bottom() - 6.0 * unit), 3.0 * unit, theme::MUTED, 1.2 * unit);
    }
    let Some((at, _)) = points.iter().rev().find_map(|p| *p) else { return };
    scene.disc(at, 3.2 * unit, theme::INK);
    let end = End { y: at.1, value: last_value(spec, backlog), name: backlog.name.clone(), colour: theme::INK };
    let bounds = (plot.y - letters.label, plot.bottom() + letters.label);
    ends::write(scene, vec![end], sheet.right, sheet.gutter, bounds, letters);
}

fn bars(scene: &mut Scene, sheet: &Sheet, scale: Linear, place: Area) {
    let Sheet { spec, letters, .. } = sheet;
    let unit = letters.unit;
    let plot = Area { x: sheet.left, width: sheet.right - sheet.left, ..place };
    let scale = scale.between(plot.bottom(), plot.y);
    ValueAxis { scale: &scale, format: &spec.format, language: spec.frame.language, letters }.draw(scene, plot);
    let thick = (sheet.step() * 0.36).min(3.0 * letters.label).max(1.0);
    let firm = spec.periods.len() - spec.provisional.min(spec.periods.len());
    let mut ends: Vec<End> = Vec::new();
    for i in 0..spec.periods.len() {
        let last = i + 1 == spec.periods.len();
        let middle = sheet.x(i);
        let mut stack =
            |scene: &mut Scene, x: f64, base: f64, part: &FlowPart, (fill, text): (Colour, Colour)| -> f64 {
                let Some(value) = part.values[i] else {
                    if base == 0.0 {
                        gap_mark(
                            scene,
                            (x + thick / 2.0, plot.bottom() - 6.0 * unit),
                            3.0 * unit,
                            theme::MUTED,
                            1.2 * unit,
                        );
                    }
                    return base;
                };
                let (low, high) = (scale.at(base), scale.at(base + value));
                column(scene, Area { x, y: high, width: thick, height: low - high }, fill, i >= firm, unit);
                if last {
                    let y = (low + high) / 2.0;
                    ends.push(End { y, value: last_value(spec, part), name: part.name.clone(), colour: text });
                }
                base + value
            };
        stack(scene, middle - thick - unit / 2.0, 0.0, &spec.inflow, (INFLOW, INFLOW));
        let mut base = 0.0;
        for (k, part) in spec.outflow.iter().enumerate() {
            let k = k.min(OUTFLOW.len() - 1);
            base = stack(scene, middle + unit / 2.0, base, part, (OUTFLOW[k], OUTFLOW_TEXT[k]));
        }
    }
    let bounds = (plot.y - letters.label, plot.bottom() + letters.label * 0.6);
    ends::write(scene, ends, sheet.right, sheet.gutter, bounds, letters);
}

fn column(scene: &mut Scene, area: Area, fill: Colour, provisional: bool, unit: f64) {
    let area = area.snapped();
    if provisional {
        hatch(scene, area, fill, 4.0 * unit, 1.4 * unit);
        scene.outline(area, fill, unit.round().max(1.0));
    } else {
        scene.rect(area, fill);
    }
}
