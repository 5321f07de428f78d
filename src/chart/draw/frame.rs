//! Title, subtitle and foot; what is left is for the chart.

use super::super::scene::{Area, Pen, Scene};
use super::super::spec::Frame;
use super::super::text::{balanced, lines};
use super::super::theme::{self, Type};

/// Writes the words and gives the room between them.
pub(super) fn framed(scene: &mut Scene, frame: &Frame) -> (Type, Area) {
    let size = scene.size;
    let letters = Type::of(size);
    let narrow = Type::narrow(size);
    let (width, height) = (f64::from(size.width), f64::from(size.height));
    if frame.bare {
        // A little room, so that rims and the halves of end labels are not cut.
        let (x, y) = (2.0, 4.0);
        return (letters, Area { x, y, width: width - 2.0 * x, height: (height - 2.0 * y).max(1.0) });
    }
    let room = width - 2.0 * letters.margin;
    let mut y = letters.margin;
    let title = Pen::new(letters.title, theme::INK).bold();
    y = written(scene, &frame.title, title, (letters.margin, y, room), if narrow { 3 } else { 2 });
    if !frame.subtitle.is_empty() {
        let pen = Pen::new(letters.subtitle, theme::MUTED);
        y = written(scene, &frame.subtitle, pen, (letters.margin, y + letters.title * 0.15, room), 2);
    }
    let mut bottom = height - letters.margin * 0.75;
    if !frame.foot.is_empty() {
        let pen = Pen::new(letters.small, theme::MUTED);
        let foot = lines(&frame.foot, pen.size, pen.weight, room, 2);
        let mut at = bottom - (foot.len() as f64 - 1.0) * pen.size * 1.35 - pen.size * 0.25;
        bottom = at - pen.size * 1.6;
        for line in foot {
            scene.label((letters.margin, at), &line, pen);
            at += pen.size * 1.35;
        }
    }
    let top = y + letters.label * 0.75;
    (letters, Area { x: letters.margin, y: top, width: room, height: (bottom - top).max(1.0) })
}

/// Writes lines from `y` down and gives the place below them.
fn written(scene: &mut Scene, text: &str, pen: Pen, (x, y, room): (f64, f64, f64), most: usize) -> f64 {
    let mut y = y;
    for line in balanced(text, pen.size, pen.weight, room, most) {
        // Capitals with two marks ("Ể") rise to 1.0 em above the baseline.
        scene.label((x, y + pen.size * 0.95), &line, pen);
        y += pen.size * 1.28;
    }
    y
}
