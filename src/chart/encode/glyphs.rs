//! Texts on back ends: `plotters` asks a text style to draw itself, pixel by pixel.
//!
//! Its own style drops each letter's left bearing and rounds every advance to whole pixels, which spaces small text
//! unevenly; this one places letters to a quarter of a pixel and keeps their pictures.

use std::collections::BTreeMap;
use std::convert::Infallible;

use ab_glyph::{Font, Glyph, GlyphId, point};
use plotters_backend::text_anchor::{HPos, Pos, VPos};
use plotters_backend::{BackendColor, BackendCoord, BackendTextStyle, FontFamily, FontTransform};

use super::super::scene::{Anchor, Label};
use super::super::text::{Weight, em, face};
use super::play::opaque;

/// Coverage of the pixels of one letter.
#[derive(Debug, Default)]
struct Picture {
    left: i32,
    top: i32,
    pixels: Vec<(u16, u16, f32)>,
}

/// Which letter: weight, glyph, size in 1/64 pixel, quarter of a pixel to the right.
type Key = (Weight, u16, u32, u8);

/// Pictures of the letters that were drawn, for as long as one image is made.
#[derive(Debug, Default)]
pub(super) struct Letters(BTreeMap<Key, Picture>);

impl Letters {
    /// Makes the pictures of a label's letters at `factor` device pixels per pixel.
    pub(super) fn prepare(&mut self, label: &Label, factor: f64) {
        for (key, _) in places(label, factor) {
            self.0.entry(key).or_insert_with(|| picture(key));
        }
    }
}

fn picture((weight, glyph, size, quarter): Key) -> Picture {
    let font = face(weight);
    let scale = em(font, size as f32 / 64.0);
    let glyph = Glyph { id: GlyphId(glyph), scale: scale.into(), position: point(f32::from(quarter) / 4.0, 0.0) };
    let Some(outline) = font.outline_glyph(glyph) else { return Picture::default() };
    let bounds = outline.px_bounds();
    let mut pixels = Vec::new();
    outline.draw(|x, y, coverage| {
        if coverage > 0.003 {
            pixels.push((x as u16, y as u16, coverage.min(1.0)));
        }
    });
    Picture { left: bounds.min.x as i32, top: bounds.min.y as i32, pixels }
}

/// The letters of a label and the whole pixels they start at, counted from the label's own place.
fn places(label: &Label, factor: f64) -> Vec<(Key, i32)> {
    let font = face(label.pen.weight);
    let per_em = f64::from(font.units_per_em().unwrap_or(1000.0));
    let size = label.pen.size * factor;
    let wide = label.pen.width(&label.text) * factor;
    let along = if label.turned { 0.0 } else { (label.at.0 * factor).fract() };
    let mut x = along
        - match label.pen.anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => wide / 2.0,
            Anchor::End => wide,
        };
    let mut out = Vec::with_capacity(label.text.len());
    for letter in label.text.chars() {
        let glyph = font.glyph_id(letter);
        let quarters = (x * 4.0).round() as i32;
        let key = (label.pen.weight, glyph.0, (size * 64.0).round() as u32, quarters.rem_euclid(4) as u8);
        out.push((key, quarters.div_euclid(4)));
        x += f64::from(font.h_advance_unscaled(glyph)) * size / per_em;
    }
    out
}

/// A label as a style that a back end can draw.
pub(super) struct LabelStyle<'a> {
    pub label: &'a Label,
    pub factor: f64,
    /// Pictures for back ends that draw pixels.
    pub letters: Option<&'a Letters>,
}

impl BackendTextStyle for LabelStyle<'_> {
    type FontError = Infallible;

    fn color(&self) -> BackendColor {
        opaque(self.label.pen.colour)
    }

    /// `plotters` divides by 1.24 on its way to a CSS font size.
    fn size(&self) -> f64 {
        self.label.pen.size * self.factor * 1.24
    }

    fn transform(&self) -> FontTransform {
        if self.label.turned { FontTransform::Rotate270 } else { FontTransform::None }
    }

    fn anchor(&self) -> Pos {
        // A back end that draws pixels gets the letters already placed; one that writes text is told the anchor.
        let horizontal = match (self.letters, self.label.pen.anchor) {
            (Some(_), _) | (None, Anchor::Start) => HPos::Left,
            (None, Anchor::Middle) => HPos::Center,
            (None, Anchor::End) => HPos::Right,
        };
        Pos::new(horizontal, VPos::Top)
    }

    fn family(&self) -> FontFamily<'_> {
        FontFamily::Name(self.label.pen.weight.tag())
    }

    fn layout_box(&self, _: &str) -> Result<((i32, i32), (i32, i32)), Infallible> {
        Ok(((0, 0), (0, 0)))
    }

    fn draw<E, D: FnMut(i32, i32, BackendColor) -> Result<(), E>>(
        &self,
        _: &str,
        at: BackendCoord,
        mut draw: D,
    ) -> Result<Result<(), E>, Infallible> {
        let Some(letters) = self.letters else { return Ok(Ok(())) };
        let colour = self.color();
        for (key, start) in places(self.label, self.factor) {
            let Some(picture) = letters.0.get(&key) else { continue };
            for (x, y, coverage) in &picture.pixels {
                let x = at.0 + start + picture.left + i32::from(*x);
                let y = at.1 + picture.top + i32::from(*y);
                if let Err(error) = draw(x, y, colour.mix(f64::from(*coverage))) {
                    return Ok(Err(error));
                }
            }
        }
        Ok(Ok(()))
    }
}
