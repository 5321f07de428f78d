//! The notation that occurs in a chart, explained once in a line above the foot.

use super::super::scale::Colour;
use super::super::scene::{Area, Pen, Scene};
use super::super::spec::{Language, State};
use super::super::theme::{self, Type};
use super::super::words::{Word, word};
use super::shapes::{corner, dashed, dotted, gap_mark, hatch, state_colour, state_shape};

/// What stands before the word.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Sample {
    None,
    Dashes,
    Dots,
    Cross,
    Hatched(Colour),
    Corner,
    Tick,
    LevelTick,
    Line(Colour),
    State(State),
}

/// Notes in the order they were met, each once.
#[derive(Debug, Default)]
pub(super) struct Notes(Vec<(Sample, String)>);

impl Notes {
    /// Adds a word of the chart's own.
    pub(super) fn word(&mut self, sample: Sample, of: Word, language: Language) {
        self.text(sample, word(language, of));
    }

    /// Adds a text.
    pub(super) fn text(&mut self, sample: Sample, text: &str) {
        if !self.0.iter().any(|(_, known)| known == text) {
            self.0.push((sample, text.to_owned()));
        }
    }

    /// Adds the states that occur, worst first.
    pub(super) fn states(&mut self, found: impl IntoIterator<Item = State>, language: Language) {
        let mut found: Vec<State> = found.into_iter().collect();
        found.sort();
        found.dedup();
        for state in found {
            self.word(Sample::State(state), Word::State(state), language);
        }
    }

    /// Width of all notes in one line.
    pub(super) fn width(&self, letters: &Type) -> f64 {
        let pen = Pen::new(letters.small, theme::MUTED);
        let lead = |kind: Sample| if kind == Sample::None { 0.0 } else { letters.small * 2.2 };
        self.0.iter().map(|(kind, text)| lead(*kind) + pen.width(text) + letters.small * 1.6).sum()
    }

    /// Writes the notes at the bottom of the area, in as many lines as they need, and gives the area above them.
    pub(super) fn write(self, scene: &mut Scene, area: Area, letters: &Type) -> Area {
        if self.0.is_empty() {
            return area;
        }
        let pen = Pen::new(letters.small, theme::MUTED);
        let sample = letters.small * 1.7;
        let mut rows: Vec<Vec<(f64, Sample, String)>> = vec![vec![]];
        let mut x = 0.0;
        for (kind, text) in self.0 {
            let lead = if kind == Sample::None { 0.0 } else { sample + letters.small * 0.5 };
            let wide = lead + pen.width(&text);
            if x > 0.0 && x + wide > area.width {
                rows.push(vec![]);
                x = 0.0;
            }
            if let Some(row) = rows.last_mut() {
                row.push((x, kind, text));
            }
            x += wide + letters.small * 1.6;
        }
        let step = letters.small * 1.6;
        let top = area.bottom() - step * rows.len() as f64;
        for (i, row) in rows.into_iter().enumerate() {
            let middle = top + step * (i as f64 + 0.6);
            for (x, kind, text) in row {
                let place = Area {
                    x: area.x + x,
                    y: middle - letters.small * 0.45,
                    width: sample,
                    height: letters.small * 0.9,
                };
                draw_sample(scene, kind, place, letters);
                let lead = if kind == Sample::None { 0.0 } else { sample + letters.small * 0.5 };
                scene.label((area.x + x + lead, middle + pen.drop()), &text, pen);
            }
        }
        Area { height: area.height - (area.bottom() - top) - letters.small * 0.4, ..area }
    }
}

fn draw_sample(scene: &mut Scene, kind: Sample, area: Area, letters: &Type) {
    let (x, y) = area.middle();
    let unit = letters.unit;
    let line = [(area.x, y), (area.right(), y)];
    match kind {
        Sample::None => {}
        Sample::Dashes => dashed(scene, &line, (4.0 * unit, 3.0 * unit), theme::INK, 2.0 * unit),
        Sample::Dots => dotted(scene, &line, 4.5 * unit, theme::INK, 1.1 * unit),
        Sample::Cross => gap_mark(scene, (x, y), 3.0 * unit, theme::MUTED, 1.2 * unit),
        Sample::Hatched(colour) => {
            let area = area.snapped();
            hatch(scene, area, colour, 4.0 * unit, unit);
            scene.outline(area, colour, unit);
        }
        Sample::Corner => {
            let area = area.snapped();
            scene.outline(area, theme::RULE, unit);
            corner(scene, area, 5.0 * unit, theme::INK);
        }
        Sample::Line(colour) => scene.level(area.x, area.right(), y, colour, (1.5 * unit).round()),
        Sample::LevelTick => scene.level(area.x, area.right(), y, theme::INK, (2.0 * unit).round()),
        Sample::Tick => scene.upright(x, area.y - unit, area.bottom() + unit, theme::INK, 2.0 * unit),
        Sample::State(state) => state_shape(scene, state, (x, y), letters.small * 0.42, state_colour(state)),
    }
}
