//! Line chart: actual, last year, target, forecast, gaps.

use super::super::scale::{Colour, Linear};
use super::super::scene::{Area, Pen, Point as Place, Scene};
use super::super::spec::{Language, Lines, Role, Series};
use super::super::theme::{self, Type};
use super::super::words::{Word, word};
use super::axis::{ValueAxis, names_below};
use super::ends::{self, End};
use super::frame::framed;
use super::line_parts::{Ribbon, Stroke, line};
use super::notes::{Notes, Sample};
use super::shapes::gap_mark;
use crate::domain::ObsStatus;

/// What the parts of the chart share.
struct Sheet<'a> {
    spec: &'a Lines,
    scale: Linear,
    plot: Area,
    letters: Type,
}

impl Sheet<'_> {
    fn x(&self, i: usize) -> f64 {
        let steps = (self.spec.periods.len() - 1).max(1) as f64;
        let pad = if self.spec.periods.len() == 1 { self.plot.width / 2.0 } else { 0.0 };
        self.plot.x + pad + self.plot.width * i as f64 / steps
    }

    fn half_step(&self) -> f64 {
        self.plot.width / (self.spec.periods.len() - 1).max(1) as f64 / 2.0
    }

    fn language(&self) -> Language {
        self.spec.frame.language
    }
}

pub(super) fn draw(spec: &Lines, scene: &mut Scene) {
    let (letters, area) = framed(scene, &spec.frame);
    let scale = Linear::holding(values(spec), spec.from_zero, if area.height < 180.0 * letters.unit { 3 } else { 5 });
    let area = notes(spec, &scale).write(scene, area, &letters);
    let axis_height = letters.small * 1.9;
    let top = area.y + letters.small * 0.8;
    let bottom = area.bottom() - axis_height;
    let scale = scale.between(bottom, top);
    let axis = ValueAxis { scale: &scale, format: &spec.format, language: spec.frame.language, letters: &letters };
    let left = axis.gutter();
    let texts: Vec<(String, String)> =
        spec.series.iter().map(|s| end_words(spec, s)).chain(target_words(spec)).collect();
    let right = ends::gutter(texts.iter().map(|(v, n)| (v.as_str(), n.as_str())), area.width, &letters);
    let plot = Area { x: area.x + left, y: top, width: area.width - left - right, height: bottom - top };
    let sheet = Sheet { spec, scale: scale.clone(), plot, letters };
    uncertainty(scene, &sheet);
    target_band(scene, &sheet);
    axis.draw(scene, plot);
    target_line(scene, &sheet);
    let mut ends = Vec::new();
    for (i, series) in spec.series.iter().enumerate().rev() {
        ends.extend(one(scene, &sheet, series, colour(spec, i)));
    }
    if let (Some((value, name)), Some(y)) = (target_words(spec), target_end(&sheet)) {
        ends.push(End { y, value, name, colour: theme::ACCENT });
    }
    let bounds = (area.y, area.bottom() - axis_height * 0.3);
    ends::write(scene, ends, plot.right(), right, bounds, &letters);
    let places: Vec<(f64, &str)> = spec.periods.iter().enumerate().map(|(i, p)| (sheet.x(i), p.as_str())).collect();
    let pen = Pen::new(letters.small, theme::MUTED);
    let edge = (area.x, plot.right() + right.max(letters.small * 2.0).min(letters.small * 3.0));
    for i in names_below(scene, &places, bottom + 4.0 * letters.unit, edge, pen) {
        scene.upright(sheet.x(i), bottom, bottom + 4.0 * letters.unit, theme::MUTED, letters.unit.round().max(1.0));
    }
}

fn values(spec: &Lines) -> Vec<f64> {
    let points = spec.series.iter().flat_map(|s| &s.points);
    let mut all: Vec<f64> = points.clone().filter_map(|p| p.value).collect();
    all.extend(points.filter_map(|p| p.band).flat_map(|(low, high)| [low, high]));
    all.extend(spec.target.iter().flat_map(|t| &t.bounds).flatten().flat_map(|(low, high)| [*low, *high]));
    all
}

/// The notation that occurs.
fn notes(spec: &Lines, scale: &Linear) -> Notes {
    let language = spec.frame.language;
    let mut notes = Notes::default();
    let has = |status: ObsStatus| spec.series.iter().flat_map(|s| &s.points).any(|p| p.status == status);
    if has(ObsStatus::P) {
        notes.word(Sample::Dashes, Word::Provisional, language);
    }
    if has(ObsStatus::E) {
        notes.word(Sample::Dashes, Word::Estimated, language);
    }
    if has(ObsStatus::F) {
        notes.word(Sample::Dots, Word::Forecast, language);
    }
    if has(ObsStatus::M) {
        notes.word(Sample::Cross, Word::NoFigure, language);
    }
    if has(ObsStatus::B) {
        notes.word(Sample::Tick, Word::Break, language);
    }
    if !scale.has_zero() {
        notes.word(Sample::None, Word::NotFromZero, language);
    }
    notes
}

fn colour(spec: &Lines, index: usize) -> Colour {
    match spec.series[index].role {
        Role::Actual => theme::INK,
        Role::SamePeriod => theme::LAST_YEAR,
        Role::Peer => {
            let before = spec.series[..index].iter().filter(|s| s.role != Role::SamePeriod).count();
            theme::SERIES[before % theme::SERIES.len()]
        }
    }
}

/// Value and name at a line's end; a forecast or estimate is called so.
fn end_words(spec: &Lines, series: &Series) -> (String, String) {
    let Some(point) = series.points.iter().rev().find(|p| p.value.is_some()) else {
        return (String::new(), series.name.clone());
    };
    let language = spec.frame.language;
    let value = spec.format.print(point.value.unwrap_or_default(), language);
    let status = match point.status {
        ObsStatus::P => Some(Word::Provisional),
        ObsStatus::E => Some(Word::Estimated),
        ObsStatus::F => Some(Word::Forecast),
        ObsStatus::A | ObsStatus::B | ObsStatus::M => None,
    };
    match status {
        Some(status) => (value, format!("{} ({})", series.name, word(language, status))),
        None => (value, series.name.clone()),
    }
}

fn target_words(spec: &Lines) -> Option<(String, String)> {
    let target = spec.target.as_ref()?;
    let (low, high) = *target.bounds.iter().rev().flatten().next()?;
    let language = spec.frame.language;
    let value = if low == high {
        spec.format.print(low, language)
    } else {
        format!("{}–{}", spec.format.bare(low, language), spec.format.print(high, language))
    };
    Some((value, target.name.clone()))
}

fn target_end(sheet: &Sheet) -> Option<f64> {
    let (low, high) = *sheet.spec.target.as_ref()?.bounds.iter().rev().flatten().next()?;
    Some(sheet.scale.at((low + high) / 2.0))
}

/// The band of a forecast, from the last firm value outwards.
fn uncertainty(scene: &mut Scene, sheet: &Sheet) {
    for series in &sheet.spec.series {
        let mut upper: Vec<Place> = Vec::new();
        let mut lower: Vec<Place> = Vec::new();
        for (i, point) in series.points.iter().enumerate() {
            let Some((low, high)) = point.band else { continue };
            let before = i.checked_sub(1).and_then(|b| series.points[b].value);
            if let (true, Some(value)) = (upper.is_empty(), before) {
                let start = (sheet.x(i - 1), sheet.scale.at(value));
                upper.push(start);
                lower.push(start);
            }
            upper.push((sheet.x(i), sheet.scale.at(high)));
            lower.push((sheet.x(i), sheet.scale.at(low)));
        }
        upper.extend(lower.into_iter().rev());
        scene.polygon(upper, theme::BAND);
    }
}

/// Each period's target covers its half steps to both sides.
fn target_spans(sheet: &Sheet) -> Vec<(f64, f64, f64, f64)> {
    let Some(target) = &sheet.spec.target else { return vec![] };
    let half = sheet.half_step();
    let bounds = target.bounds.iter().enumerate();
    bounds
        .filter_map(|(i, b)| b.map(|(low, high)| (i, low, high)))
        .map(|(i, low, high)| {
            let (from, to) = ((sheet.x(i) - half).max(sheet.plot.x), (sheet.x(i) + half).min(sheet.plot.right()));
            (from, to, sheet.scale.at(low), sheet.scale.at(high))
        })
        .collect()
}

fn target_band(scene: &mut Scene, sheet: &Sheet) {
    for (from, to, low, high) in target_spans(sheet) {
        if low > high {
            scene.rect(Area { x: from, y: high, width: to - from, height: low - high }, theme::BAND);
        }
    }
}

/// A thin stepped line, and one along each edge of a band.
fn target_line(scene: &mut Scene, sheet: &Sheet) {
    let width = (1.25 * sheet.letters.unit).max(1.0);
    for edge in 0..2 {
        let mut run: Vec<Place> = Vec::new();
        for (from, to, low, high) in target_spans(sheet) {
            if edge == 1 && low == high {
                continue;
            }
            let y = if edge == 0 { low } else { high };
            if run.last().is_some_and(|last| (last.0 - from).abs() > 0.5) {
                scene.path(std::mem::take(&mut run), theme::ACCENT, width);
            }
            if run.last().is_some_and(|last| last.1 == y) {
                run.pop();
            } else {
                run.push((from, y));
            }
            run.push((to, y));
        }
        scene.path(run, theme::ACCENT, width);
    }
}

/// One series; gives what stands at its end.
fn one(scene: &mut Scene, sheet: &Sheet, series: &Series, colour: Colour) -> Option<End> {
    let unit = sheet.letters.unit;
    let points: Vec<Option<(Place, Stroke)>> = series
        .points
        .iter()
        .enumerate()
        .map(|(i, p)| p.value.map(|v| ((sheet.x(i), sheet.scale.at(v)), stroke_of(p.status))))
        .collect();
    let main = series.role == Role::Actual;
    let width = if main { 2.5 } else { 2.0 } * unit;
    line(scene, &points, &Ribbon { colour, width, unit });
    for (i, point) in series.points.iter().enumerate() {
        let x = sheet.x(i);
        if point.status == ObsStatus::M && point.value.is_none() && series.role != Role::SamePeriod {
            gap_mark(scene, (x, sheet.plot.bottom() - 7.0 * unit), 3.5 * unit, theme::MUTED, 1.4 * unit);
        }
        if let (ObsStatus::B, Some(value)) = (point.status, point.value) {
            let y = sheet.scale.at(value);
            scene.upright(x, y - 8.0 * unit, y + 8.0 * unit, theme::INK, 2.0 * unit);
        }
    }
    let (last, _) = points.iter().rev().find_map(|p| *p)?;
    if series.role != Role::SamePeriod {
        scene.disc(last, 3.2 * unit, colour);
    }
    if main {
        last_firm(scene, sheet, series);
    }
    let (value, name) = end_words(sheet.spec, series);
    let colour = if series.role == Role::SamePeriod { theme::MUTED } else { colour };
    Some(End { y: last.1, value, name, colour })
}

fn stroke_of(status: ObsStatus) -> Stroke {
    match status {
        ObsStatus::A | ObsStatus::B | ObsStatus::M => Stroke::Solid,
        ObsStatus::P | ObsStatus::E => Stroke::Dashed,
        ObsStatus::F => Stroke::Dotted,
    }
}

/// Where a forecast follows, the last figure before it is marked and printed at its place.
fn last_firm(scene: &mut Scene, sheet: &Sheet, series: &Series) {
    let Some(start) = series.points.iter().position(|p| p.status == ObsStatus::F) else { return };
    let before = series.points[..start].iter().enumerate().rev();
    let Some((i, value)) = before.filter_map(|(i, p)| p.value.map(|v| (i, v))).next() else { return };
    let at = (sheet.x(i), sheet.scale.at(value));
    let unit = sheet.letters.unit;
    scene.disc(at, 3.2 * unit, theme::INK);
    let pen = Pen::new(sheet.letters.label, theme::INK).bold().middle();
    let text = sheet.spec.format.print(value, sheet.language());
    let half = pen.width(&text) / 2.0;
    // Above everything that the text would touch.
    let near = |x: f64| (x - at.0).abs() <= half + sheet.half_step() * 2.0;
    let heights = sheet.spec.series.iter().flat_map(|s| s.points.iter().enumerate());
    let highest = heights
        .filter(|(i, _)| near(sheet.x(*i)))
        .filter_map(|(_, p)| p.value)
        .map(|v| sheet.scale.at(v))
        .fold(at.1, f64::min);
    let y = (highest - 7.0 * unit).max(sheet.plot.y + pen.size * 0.5);
    scene.label((at.0, y), &text, pen);
}
