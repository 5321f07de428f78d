//! Standing bars: columns over periods or groups, from zero.

use super::super::scale::Linear;
use super::super::scene::{Area, Pen, Scene};
use super::super::spec::Bars;
use super::super::text::lines;
use super::super::theme::{self, Type};
use super::axis::{ValueAxis, names_below};
use super::bars::{body, fill_of};
use super::shapes::{gap_mark, state_shape};

pub(super) fn draw(spec: &Bars, scene: &mut Scene, area: Area, letters: &Type) {
    let language = spec.frame.language;
    let values = spec.bars.iter().flat_map(|bar| bar.value.into_iter().chain(bar.target));
    let scale = Linear::holding(values.chain(spec.reference.iter().map(|(_, v)| *v)), true, 4);
    let name = Pen::new(letters.small, theme::MUTED);
    let rough = area.width / spec.bars.len() as f64 - letters.small * 0.5;
    // Names of groups may take two lines; names of periods that do not fit are left out evenly.
    let broken: Vec<Vec<String>> = spec.bars.iter().map(|b| lines(&b.name, name.size, name.weight, rough, 2)).collect();
    let whole = broken.iter().flatten().all(|line| !line.ends_with('…'));
    let below = letters.small * if whole && broken.iter().any(|l| l.len() > 1) { 3.3 } else { 2.0 };
    let (top, bottom) = (area.y + letters.label * 1.8, area.bottom() - below);
    let scale = scale.between(bottom, top);
    let axis = ValueAxis { scale: &scale, format: &spec.format, language, letters };
    let left = axis.gutter();
    let plot = Area { x: area.x + left, y: top, width: area.width - left, height: bottom - top };
    axis.draw(scene, plot);
    let step = plot.width / spec.bars.len() as f64;
    let thick = (step * 0.68).min(6.0 * letters.label);
    let middle = |i: usize| plot.x + step * (i as f64 + 0.5);
    let pen = Pen::new(letters.label, theme::INK).bold().middle();
    let roomy =
        spec.bars.iter().filter_map(|b| b.value).all(|v| pen.width(&spec.format.bare(v, language)) < step * 0.96);
    let unit = letters.unit;
    for (i, bar) in spec.bars.iter().enumerate() {
        let x = middle(i);
        let zero = scale.at(0.0);
        let Some(value) = bar.value else {
            gap_mark(scene, (x, zero - 7.0 * unit), 3.5 * unit, theme::MUTED, 1.4 * unit);
            continue;
        };
        let y = scale.at(value);
        let place = Area { x: x - thick / 2.0, y: y.min(zero), width: thick, height: (y - zero).abs().max(unit) };
        body(scene, place, bar, unit);
        let mut above = y.min(zero);
        if let Some(target) = bar.target {
            let y = scale.at(target);
            scene.level(x - thick * 0.62, x + thick * 0.62, y, theme::INK, (2.0 * unit).round());
            if (above - y).abs() < letters.label * 1.6 {
                above = above.min(y);
            }
        }
        let last = i + 1 == spec.bars.len();
        if roomy || bar.highlighted || last {
            let baseline = if value < 0.0 { y.max(zero) + letters.label * 1.1 } else { above - 4.0 * unit };
            scene.label((x, baseline), &spec.format.bare(value, language), pen);
            if let Some(state) = bar.state {
                state_shape(scene, state, (x, baseline - letters.label * 1.25), letters.label * 0.36, fill_of(bar));
            }
        }
    }
    names(spec, scene, &broken, whole, (plot, step), letters);
    reference(spec, scene, &scale, plot, letters);
}

fn names(
    spec: &Bars,
    scene: &mut Scene,
    broken: &[Vec<String>],
    whole: bool,
    (plot, step): (Area, f64),
    letters: &Type,
) {
    let pen = Pen::new(letters.small, theme::MUTED).middle();
    let x = |i: usize| plot.x + step * (i as f64 + 0.5);
    if !whole {
        let places: Vec<(f64, &str)> = spec.bars.iter().enumerate().map(|(i, b)| (x(i), b.name.as_str())).collect();
        names_below(scene, &places, plot.bottom() + 3.0 * letters.unit, (plot.x, plot.right()), pen);
        return;
    }
    for (i, lines) in broken.iter().enumerate() {
        let pen = if spec.bars[i].highlighted { pen.bold().coloured(theme::INK) } else { pen };
        for (k, line) in lines.iter().enumerate() {
            let y = plot.bottom() + 3.0 * letters.unit + pen.size * (1.05 + 1.25 * k as f64);
            scene.label((x(i), y), line, pen);
        }
    }
}

fn reference(spec: &Bars, scene: &mut Scene, scale: &Linear, plot: Area, letters: &Type) {
    let Some((name, value)) = &spec.reference else { return };
    let y = scale.at(*value);
    scene.level(plot.x, plot.right(), y, theme::ACCENT, (1.5 * letters.unit).round());
    let text = format!("{name} {}", spec.format.print(*value, spec.frame.language));
    let pen = Pen::new(letters.small, theme::ACCENT).bold().end();
    scene.label((plot.right(), plot.y - letters.label * 0.8), &text, pen);
}
