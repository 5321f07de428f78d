//! Sparkline: the shape of the last months, the last point marked.

use super::super::scene::{Pen, Point, Scene};
use super::super::spec::Sparkline;
use super::super::theme;
use super::line_parts::{Ribbon, Stroke, line};
use super::shapes::{gap_mark, state_colour, state_shape};

pub(super) fn draw(spec: &Sparkline, scene: &mut Scene) {
    let (width, height) = (f64::from(scene.size.width), f64::from(scene.size.height));
    let unit = (height / 28.0).clamp(0.75, 4.0);
    let known: Vec<f64> = spec.values.iter().flatten().copied().collect();
    let last = spec.values.iter().flatten().last().copied();
    let pen = Pen::new((height * 0.46).min(40.0), theme::INK).bold();
    let text = spec.format.as_ref().zip(last).map(|(f, v)| f.print(v, spec.frame.language)).unwrap_or_default();
    // The number stands beside the line only if the line keeps three times its height.
    let number = pen.width(&text) + 4.0 * unit;
    let beside = !text.is_empty() && width - number > 3.0 * height && height >= 18.0;
    let right = width - 4.0 * unit - if beside { number } else { 0.0 };
    let (left, top, bottom) = (2.0 * unit, 4.0 * unit, height - 4.0 * unit);
    let low = known.iter().copied().chain(spec.target).fold(f64::INFINITY, f64::min);
    let high = known.iter().copied().chain(spec.target).fold(f64::NEG_INFINITY, f64::max);
    let y = |value: f64| {
        if high > low { bottom - (value - low) / (high - low) * (bottom - top) } else { (top + bottom) / 2.0 }
    };
    let steps = (spec.values.len() - 1).max(1) as f64;
    let x = |i: usize| left + (right - left) * i as f64 / steps;
    if let Some(target) = spec.target {
        scene.level(left, right, y(target), theme::LAST_YEAR, unit.round().max(1.0));
    }
    let firm = spec.values.len() - spec.provisional.min(spec.values.len());
    let strokes: Vec<Option<(Point, Stroke)>> = spec
        .values
        .iter()
        .enumerate()
        .map(|(i, v)| v.map(|v| ((x(i), y(v)), if i >= firm { Stroke::Dashed } else { Stroke::Solid })))
        .collect();
    line(scene, &strokes, &Ribbon { colour: theme::INK, width: 1.4 * unit, unit: 0.6 * unit });
    // Before the first figure nothing was due yet.
    let first = spec.values.iter().position(Option::is_some).unwrap_or(spec.values.len());
    for (i, _) in spec.values.iter().enumerate().skip(first).filter(|(_, v)| v.is_none()) {
        gap_mark(scene, (x(i), bottom), 1.8 * unit, theme::MUTED, 0.9 * unit);
    }
    let Some((i, value)) = spec.values.iter().enumerate().rev().find_map(|(i, v)| v.map(|v| (i, v))) else { return };
    let at = (x(i), y(value));
    match spec.state {
        Some(state) => state_shape(scene, state, at, 3.6 * unit, state_colour(state)),
        None => scene.disc(at, 2.4 * unit, theme::INK),
    }
    if beside {
        scene.label((width - unit, height / 2.0 + pen.drop()), &text, pen.end());
    }
}
