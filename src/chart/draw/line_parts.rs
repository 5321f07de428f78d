//! A line over points some of which are missing, provisional or forecast.

use super::super::scale::Colour;
use super::super::scene::{Point, Scene};
use super::shapes::{dashed, dotted};

/// How the way to a point is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stroke {
    Solid,
    Dashed,
    Dotted,
}

/// Colour and width of a line; `unit` scales its dashes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ribbon {
    pub colour: Colour,
    pub width: f64,
    pub unit: f64,
}

/// Draws the line; where a point is missing it is interrupted, and a point without neighbours is a dot.
pub(super) fn line(scene: &mut Scene, points: &[Option<(Point, Stroke)>], ribbon: &Ribbon) {
    let mut run: Vec<Point> = Vec::new();
    let mut stroke = Stroke::Solid;
    for (i, point) in points.iter().enumerate() {
        let Some((at, how)) = *point else {
            finish(scene, std::mem::take(&mut run), stroke, ribbon);
            continue;
        };
        if let Some(&last) = run.last() {
            if run.len() > 1 && how != stroke {
                finish(scene, std::mem::replace(&mut run, vec![last]), stroke, ribbon);
            }
            stroke = how;
        } else if points.get(i + 1).is_none_or(Option::is_none) {
            scene.disc(at, ribbon.width, ribbon.colour);
        }
        run.push(at);
    }
    finish(scene, run, stroke, ribbon);
}

fn finish(scene: &mut Scene, run: Vec<Point>, stroke: Stroke, ribbon: &Ribbon) {
    let Ribbon { colour, width, unit } = *ribbon;
    if run.len() < 2 {
        return;
    }
    match stroke {
        Stroke::Solid => scene.path(run, colour, width),
        Stroke::Dashed => dashed(scene, &run, (5.0 * unit, 3.5 * unit), colour, width),
        Stroke::Dotted => dotted(scene, &run, 4.5 * unit, colour, (width * 0.55).max(1.1 * unit)),
    }
}
