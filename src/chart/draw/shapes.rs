//! Shapes that mean something: states, hatching, dashes, the mark of a gap.

use super::super::scale::Colour;
use super::super::scene::{Area, Point, Scene};
use super::super::spec::State;
use super::super::theme;

/// The colour of a state.
pub(super) fn state_colour(state: State) -> Colour {
    match state {
        State::Off => theme::BAD,
        State::Watch => theme::WATCH,
        State::OnTarget => theme::GOOD,
        State::Unknown | State::TooFew => theme::UNKNOWN,
    }
}

/// The shape of a state within a circle of this radius: ▼ ◆ ● ○ or a hatched square.
pub(super) fn state_shape(scene: &mut Scene, state: State, (x, y): Point, radius: f64, fill: Colour) {
    let r = radius;
    match state {
        State::Off => scene.polygon(vec![(x - r, y - 0.75 * r), (x + r, y - 0.75 * r), (x, y + r)], fill),
        State::Watch => scene.polygon(vec![(x, y - r), (x + r, y), (x, y + r), (x - r, y)], fill),
        State::OnTarget => scene.disc((x, y), 0.85 * r, fill),
        State::Unknown => {
            let ring: Vec<Point> = (0..=24)
                .map(|i| f64::from(i) / 24.0 * std::f64::consts::TAU)
                .map(|turn| (x + 0.72 * r * turn.cos(), y + 0.72 * r * turn.sin()))
                .collect();
            scene.path(ring, fill, (0.3 * r).max(1.0));
        }
        State::TooFew => {
            let square = Area { x: x - 0.85 * r, y: y - 0.85 * r, width: 1.7 * r, height: 1.7 * r };
            hatch(scene, square, fill, (0.6 * r).max(2.5), (0.2 * r).max(0.8));
            scene.outline(square, fill, (0.2 * r).max(0.8));
        }
    }
}

/// An arrow of a change: a small triangle with a stem, so that it is not taken for the mark of a state.
pub(super) fn arrow(scene: &mut Scene, (x, y): Point, radius: f64, rises: bool, fill: Colour) {
    let up = if rises { -1.0 } else { 1.0 };
    let (r, tip) = (radius, y + up * 1.2 * radius);
    scene.polygon(vec![(x - r, y + up * 0.1 * r), (x + r, y + up * 0.1 * r), (x, tip)], fill);
    let stem = 0.6 * r;
    let (from, to) = (y + up * 0.2 * r, y - up * 1.2 * r);
    scene.rect(Area { x: x - stem / 2.0, y: from.min(to), width: stem, height: (to - from).abs() }, fill);
}

/// Rising lines across a rectangle.
pub(super) fn hatch(scene: &mut Scene, area: Area, stroke: Colour, gap: f64, width: f64) {
    let (w, h) = (area.width, area.height);
    if w <= 0.0 || h <= 0.0 || gap <= 0.0 {
        return;
    }
    // Each line starts at the lower edge, `start` to the right of the left corner, and rises at 45 degrees.
    let mut start = -h + gap / 2.0;
    while start < w {
        let (from, to) = ((-start).max(0.0), h.min(w - start));
        if to - from > 0.5 {
            let at = |along: f64| (area.x + start + along, area.bottom() - along);
            scene.path(vec![at(from), at(to)], stroke, width);
        }
        start += gap;
    }
}

/// The mark of a figure that is due and not there: a small cross.
pub(super) fn gap_mark(scene: &mut Scene, (x, y): Point, radius: f64, stroke: Colour, width: f64) {
    let r = radius;
    scene.path(vec![(x - r, y - r), (x + r, y + r)], stroke, width);
    scene.path(vec![(x - r, y + r), (x + r, y - r)], stroke, width);
}

/// A line in dashes of `on` pixels with `off` between, carried round the corners.
pub(super) fn dashed(scene: &mut Scene, points: &[Point], (on, off): (f64, f64), stroke: Colour, width: f64) {
    let mut drawn = vec![];
    let mut left = on;
    let mut visible = true;
    for pair in points.windows(2) {
        let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
        let length = (x1 - x0).hypot(y1 - y0);
        let at = |along: f64| (x0 + (x1 - x0) * along / length, y0 + (y1 - y0) * along / length);
        if visible && drawn.is_empty() {
            drawn.push((x0, y0));
        }
        let mut along = 0.0;
        while length > 0.0 && along + left <= length {
            along += left;
            if visible {
                drawn.push(at(along));
                scene.path(std::mem::take(&mut drawn), stroke, width);
            } else {
                drawn = vec![at(along)];
            }
            visible = !visible;
            left = if visible { on } else { off };
        }
        left -= length - along;
        if visible {
            drawn.push((x1, y1));
        }
    }
    scene.path(drawn, stroke, width);
}

/// A line in dots.
pub(super) fn dotted(scene: &mut Scene, points: &[Point], gap: f64, fill: Colour, radius: f64) {
    let mut until = 0.0;
    for pair in points.windows(2) {
        let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
        let length = (x1 - x0).hypot(y1 - y0);
        let mut along = until;
        while along <= length && length > 0.0 {
            scene.disc((x0 + (x1 - x0) * along / length, y0 + (y1 - y0) * along / length), radius, fill);
            along += gap;
        }
        until = along - length;
    }
}

/// A filled corner at the upper right: the value is not final.
pub(super) fn corner(scene: &mut Scene, area: Area, size: f64, fill: Colour) {
    let (x, y) = (area.right(), area.y);
    scene.polygon(vec![(x - size, y), (x, y), (x, y + size)], fill);
}
