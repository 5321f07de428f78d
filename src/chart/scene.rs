//! A drawing before it is encoded: rectangles, lines, polygons, discs and texts, in pixels, back to front.
//!
//! Texts lie over everything else, so that an encoder may draw them last at full resolution. Nothing is transparent:
//! overlaps are drawn in mixed colours, which a printer and a grey screen reproduce.

use unicode_normalization::UnicodeNormalization;

use super::scale::Colour;
use super::text::{Weight, width};
use super::{Size, theme};

/// A point in pixels, y downwards.
pub(super) type Point = (f64, f64);

/// One thing drawn.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Mark {
    Rect { x: f64, y: f64, width: f64, height: f64, fill: Colour },
    Path { points: Vec<Point>, stroke: Colour, width: f64 },
    Polygon { points: Vec<Point>, fill: Colour },
    Disc { centre: Point, radius: f64, fill: Colour },
}

/// Which end of a text stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pen {
    pub size: f64,
    pub weight: Weight,
    pub colour: Colour,
    pub anchor: Anchor,
}

impl Pen {
    pub(super) fn new(size: f64, colour: Colour) -> Pen {
        Pen { size, weight: Weight::Regular, colour, anchor: Anchor::Start }
    }

    pub(super) fn bold(self) -> Pen {
        Pen { weight: Weight::SemiBold, ..self }
    }

    pub(super) fn middle(self) -> Pen {
        Pen { anchor: Anchor::Middle, ..self }
    }

    pub(super) fn end(self) -> Pen {
        Pen { anchor: Anchor::End, ..self }
    }

    pub(super) fn coloured(self, colour: Colour) -> Pen {
        Pen { colour, ..self }
    }

    /// Width of a text drawn so.
    pub(super) fn width(self, text: &str) -> f64 {
        width(text, self.size, self.weight)
    }

    /// From the middle of a line to its baseline: half the height of a capital letter (740 of 1000).
    pub(super) fn drop(self) -> f64 {
        self.size * 0.355
    }
}

/// A text on its baseline; `turned` reads upwards.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Label {
    pub at: Point,
    pub text: String,
    pub pen: Pen,
    pub turned: bool,
}

/// A rectangle by its corner and extent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Area {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Area {
    pub(super) fn right(self) -> f64 {
        self.x + self.width
    }

    pub(super) fn bottom(self) -> f64 {
        self.y + self.height
    }

    pub(super) fn middle(self) -> Point {
        (self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    /// With its edges on whole pixels, so that neighbours meet sharply.
    pub(super) fn snapped(self) -> Area {
        let (x, y) = (self.x.round(), self.y.round());
        Area { x, y, width: self.right().round() - x, height: self.bottom().round() - y }
    }
}

/// The whole drawing.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scene {
    pub size: Size,
    pub marks: Vec<Mark>,
    pub labels: Vec<Label>,
}

impl Scene {
    pub(super) fn new(size: Size) -> Scene {
        let mut scene = Scene { size, marks: Vec::new(), labels: Vec::new() };
        let whole = Area { x: 0.0, y: 0.0, width: f64::from(size.width), height: f64::from(size.height) };
        scene.rect(whole, theme::PAPER);
        scene
    }

    pub(super) fn rect(&mut self, area: Area, fill: Colour) {
        if area.width > 0.0 && area.height > 0.0 {
            let Area { x, y, width, height } = area;
            self.marks.push(Mark::Rect { x, y, width, height, fill });
        }
    }

    /// The border of a rectangle, inside it.
    pub(super) fn outline(&mut self, area: Area, stroke: Colour, width: f64) {
        let Area { x, y, width: w, height: h } = area;
        for (x, y, w, h) in
            [(x, y, w, width), (x, y + h - width, w, width), (x, y, width, h), (x + w - width, y, width, h)]
        {
            self.rect(Area { x, y, width: w, height: h }, stroke);
        }
    }

    /// A level line, sharp on its pixels.
    pub(super) fn level(&mut self, from: f64, to: f64, y: f64, stroke: Colour, width: f64) {
        let y = (y - width / 2.0).round();
        self.rect(Area { x: from.min(to), y, width: (to - from).abs(), height: width }, stroke);
    }

    /// An upright line, sharp on its pixels.
    pub(super) fn upright(&mut self, x: f64, from: f64, to: f64, stroke: Colour, width: f64) {
        let x = (x - width / 2.0).round();
        self.rect(Area { x, y: from.min(to), width, height: (to - from).abs() }, stroke);
    }

    pub(super) fn path(&mut self, points: Vec<Point>, stroke: Colour, width: f64) {
        if points.len() > 1 {
            self.marks.push(Mark::Path { points, stroke, width });
        }
    }

    pub(super) fn polygon(&mut self, points: Vec<Point>, fill: Colour) {
        if points.len() > 2 {
            self.marks.push(Mark::Polygon { points, fill });
        }
    }

    pub(super) fn disc(&mut self, centre: Point, radius: f64, fill: Colour) {
        self.marks.push(Mark::Disc { centre, radius, fill });
    }

    /// A text on its baseline, in NFC: the typeface has whole letters, not marks to be placed.
    pub(super) fn label(&mut self, at: Point, text: &str, pen: Pen) {
        self.put(at, text, pen, false);
    }

    /// A text that reads upwards along `at.0`.
    pub(super) fn turned(&mut self, at: Point, text: &str, pen: Pen) {
        self.put(at, text, pen, true);
    }

    fn put(&mut self, at: Point, text: &str, pen: Pen, turned: bool) {
        if !text.trim().is_empty() {
            let text = text.nfc().filter_map(drawable).collect();
            self.labels.push(Label { at, text, pen, turned });
        }
    }
}

/// A letter as the typeface has it: arrows become dashes, and marks that charts draw as shapes themselves go.
fn drawable(letter: char) -> Option<char> {
    match letter {
        '▲' | '▼' | '◆' | '●' | '○' | '■' | '□' => None,
        '→' | '←' | '↑' | '↓' => Some('–'),
        c if c.is_control() => Some(' '),
        c => Some(c),
    }
}
