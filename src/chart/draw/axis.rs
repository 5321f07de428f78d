//! Axes: level rules with their values, periods below.

use super::super::scale::Linear;
use super::super::scene::{Area, Pen, Scene};
use super::super::spec::{Language, NumberFormat};
use super::super::text::shortened;
use super::super::theme::{self, Type};

/// The values of an upright axis, written left of the plot.
pub(super) struct ValueAxis<'a> {
    pub scale: &'a Linear,
    pub format: &'a NumberFormat,
    pub language: Language,
    pub letters: &'a Type,
}

impl ValueAxis<'_> {
    fn texts(&self) -> Vec<(f64, String)> {
        let decimals = self.scale.decimals();
        let ticks = self.scale.ticks();
        let last = ticks.len().saturating_sub(1);
        let printed = |value: f64| self.format.with_decimals(value, decimals, self.language);
        // A short unit stands with the highest value; a long one is in the subtitle.
        let unit = &self.format.unit;
        let short = !unit.is_empty() && unit.chars().count() <= 3;
        let text = |i: usize, v: f64| {
            if i == last && short { format!("{}\u{a0}{unit}", printed(v)) } else { printed(v) }
        };
        ticks.iter().enumerate().map(|(i, &v)| (v, text(i, v))).collect()
    }

    /// Width that the values take, gap included.
    pub(super) fn gutter(&self) -> f64 {
        let pen = Pen::new(self.letters.small, theme::MUTED);
        let widest = self.texts().iter().map(|(_, text)| pen.width(text)).fold(0.0, f64::max);
        (widest + self.letters.small * 0.6).ceil()
    }

    /// Draws rules across the plot, the zero line darker, and the values left of it.
    pub(super) fn draw(&self, scene: &mut Scene, plot: Area) {
        let pen = Pen::new(self.letters.small, theme::MUTED).end();
        for (value, text) in self.texts() {
            let y = self.scale.at(value);
            let colour = if value == 0.0 { theme::MUTED } else { theme::RULE };
            scene.level(plot.x, plot.right(), y, colour, self.letters.unit.round().max(1.0));
            scene.label((plot.x - self.letters.small * 0.5, y + pen.drop()), &text, pen);
        }
        if !self.scale.has_zero() {
            self.broken(scene, plot);
        }
    }

    /// Two short slanted strokes across the lowest rule: the axis does not start at zero.
    fn broken(&self, scene: &mut Scene, plot: Area) {
        let unit = self.letters.unit;
        let y = plot.bottom();
        let at = plot.x + 12.0 * unit;
        scene.rect(Area { x: at, y: y - 2.0 * unit, width: 4.0 * unit, height: 4.0 * unit }, theme::PAPER);
        for x in [at, at + 4.0 * unit] {
            scene.path(
                vec![(x - 2.0 * unit, y + 4.0 * unit), (x + 2.0 * unit, y - 4.0 * unit)],
                theme::MUTED,
                1.2 * unit,
            );
        }
    }
}

/// Writes the names of `places` (x and name, left to right) below `y`, leaving out evenly those that do not fit; the
/// last is always there. Gives the indices written.
pub(super) fn names_below(
    scene: &mut Scene,
    places: &[(f64, &str)],
    y: f64,
    (left, right): (f64, f64),
    pen: Pen,
) -> Vec<usize> {
    let pen = pen.middle();
    let widest = places.iter().map(|(_, name)| pen.width(name)).fold(0.0, f64::max);
    let step = places.windows(2).map(|p| p[1].0 - p[0].0).fold(f64::INFINITY, f64::min);
    let every = if step.is_finite() { ((widest + pen.size * 0.8) / step).ceil().max(1.0) as usize } else { 1 };
    let mut written = Vec::new();
    for (i, (x, name)) in places.iter().enumerate() {
        if !(places.len() - 1 - i).is_multiple_of(every) {
            continue;
        }
        let half = pen.width(name) / 2.0;
        let x = x.min(right - half).max(left + half);
        scene.label((x, y + pen.size * 1.05), &shortened(name, pen.size, pen.weight, right - left), pen);
        written.push(i);
    }
    written
}
