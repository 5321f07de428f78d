//! Plays a scene on any back end: pixels times a factor, rounded to the back end's whole units.

use plotters_backend::{BackendColor, BackendCoord, BackendStyle, DrawingBackend, DrawingErrorKind};

use super::super::scale::Colour;
use super::super::scene::{Mark, Point, Scene};

/// A colour and a stroke, as back ends want them.
struct Stroke {
    colour: BackendColor,
    width: u32,
}

impl BackendStyle for Stroke {
    fn color(&self) -> BackendColor {
        self.colour
    }

    fn stroke_width(&self) -> u32 {
        self.width
    }
}

pub(super) fn opaque(colour: Colour) -> BackendColor {
    BackendColor { alpha: 1.0, rgb: (colour.red, colour.green, colour.blue) }
}

pub(super) fn coordinate(value: f64, factor: f64) -> i32 {
    (value * factor).round() as i32
}

fn point(at: Point, factor: f64) -> BackendCoord {
    (coordinate(at.0, factor), coordinate(at.1, factor))
}

/// Everything but the texts.
pub(super) fn play<B: DrawingBackend>(
    scene: &Scene,
    back: &mut B,
    factor: f64,
) -> Result<(), DrawingErrorKind<B::ErrorType>> {
    for mark in &scene.marks {
        match mark {
            Mark::Rect { x, y, width, height, fill } => {
                let (from, to) = (point((*x, *y), factor), point((x + width, y + height), factor));
                back.draw_rect(from, to, &opaque(*fill), true)?;
            }
            Mark::Path { points, stroke, width } => {
                let style = Stroke { colour: opaque(*stroke), width: (coordinate(*width, factor)).max(1) as u32 };
                let mut places: Vec<BackendCoord> = points.iter().map(|p| point(*p, factor)).collect();
                places.dedup();
                if places.len() > 1 {
                    back.draw_path(places, &style)?;
                }
            }
            Mark::Polygon { points, fill } => {
                back.fill_polygon(points.iter().map(|p| point(*p, factor)), &opaque(*fill))?;
            }
            Mark::Disc { centre, radius, fill } => {
                let radius = coordinate(*radius, factor).max(1) as u32;
                back.draw_circle(point(*centre, factor), radius, &opaque(*fill), true)?;
            }
        }
    }
    Ok(())
}
