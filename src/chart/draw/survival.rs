//! Survival: the share of cases still open after so many days, and how many are observed.

use super::super::scale::{Colour, Linear};
use super::super::scene::{Area, Pen, Point, Scene};
use super::super::spec::{Curve, NumberFormat, Survival, count};
use super::super::text::shortened;
use super::super::theme::{self, Type};
use super::super::words::{Word, word};
use super::axis::ValueAxis;
use super::ends::{self, End};
use super::frame::framed;
use super::shapes::dashed;

/// What the parts share.
struct Sheet<'a> {
    spec: &'a Survival,
    letters: Type,
    plot: Area,
    days: Linear,
    share: Linear,
    /// Lines per row of the table below, and the room that its first number takes left of the axis.
    per_row: f64,
    half: f64,
}

pub(super) fn draw(spec: &Survival, scene: &mut Scene) {
    let (letters, area) = framed(scene, &spec.frame);
    let language = spec.frame.language;
    let percent = NumberFormat::new(0, "%");
    let observed = spec.curves.iter().any(|c| !c.at_risk.is_empty());
    let line = letters.small * 1.5;
    // On a narrow chart a row's name has a line of its own above its numbers.
    let narrow = Type::narrow(scene.size);
    let per_row = if narrow { 2.0 } else { 1.0 };
    let table = if observed { line * (per_row * spec.curves.len() as f64 + 1.3) } else { 0.0 };
    let below = letters.small * 3.4;
    let (top, bottom) = (area.y + letters.small * 1.6, area.bottom() - table - below);
    let share = Linear::holding([0.0, 100.0], true, 5).between(bottom, top);
    let axis = ValueAxis { scale: &share.clone(), format: &percent, language, letters: &letters };
    let names = Pen::new(letters.small, theme::INK);
    // The rows below the chart have their names where the axis has its values.
    let first = spec.curves.iter().filter_map(|c| c.at_risk.first()).map(|(_, n)| names.width(&count(*n, language)));
    let half = first.fold(0.0, f64::max) / 2.0 + letters.small;
    let longest = spec.curves.iter().map(|c| names.width(&c.name)).fold(0.0, f64::max) + half;
    let left = if observed && !narrow { axis.gutter().max(longest.min(area.width * 0.26)) } else { axis.gutter() };
    let texts: Vec<(String, String)> = spec.curves.iter().map(|c| end_words(spec, c)).collect();
    let right = ends::gutter(texts.iter().map(|(v, n)| (v.as_str(), n.as_str())), area.width, &letters);
    let plot = Area { x: area.x + left, y: top, width: area.width - left - right, height: bottom - top };
    let days = Linear::exact(0.0, spec.days, 6).between(plot.x, plot.right());
    let sheet = Sheet { spec, letters, plot, days, share, per_row, half };
    axis_of_days(scene, &sheet);
    axis.draw(scene, plot);
    deadline(scene, &sheet);
    let mut written = Vec::new();
    for (i, curve) in spec.curves.iter().enumerate() {
        let colour = theme::SERIES[i % theme::SERIES.len()];
        let y = one(scene, &sheet, curve, colour);
        let (value, name) = end_words(spec, curve);
        written.push(End { y, value, name, colour });
    }
    ends::write(scene, written, plot.right(), right, (area.y, bottom + letters.label), &letters);
    medians(scene, &sheet);
    if observed {
        at_risk(scene, &sheet, area, bottom + below);
    }
}

/// Share still open on the last day, and the group's name.
fn end_words(spec: &Survival, curve: &Curve) -> (String, String) {
    let share = share_at(curve, spec.days);
    (NumberFormat::new(0, "%").print(share * 100.0, spec.frame.language), curve.name.clone())
}

fn share_at(curve: &Curve, day: f64) -> f64 {
    curve.steps.iter().take_while(|(from, _)| *from <= day).last().map_or(1.0, |(_, share)| *share)
}

fn axis_of_days(scene: &mut Scene, sheet: &Sheet) {
    let Sheet { spec, letters, plot, days, .. } = sheet;
    let pen = Pen::new(letters.small, theme::MUTED).middle();
    let format = NumberFormat::new(0, "");
    for day in days.ticks().into_iter().filter(|d| *d <= spec.days + 1e-9) {
        let x = days.at(day);
        scene.upright(
            x,
            plot.bottom(),
            plot.bottom() + 4.0 * letters.unit,
            theme::MUTED,
            letters.unit.round().max(1.0),
        );
        let text = format.with_decimals(day, days.decimals(), spec.frame.language);
        scene.label((x, plot.bottom() + 4.0 * letters.unit + pen.size * 1.05), &text, pen);
    }
    let y = plot.bottom() + 4.0 * letters.unit + pen.size * 2.4;
    let name = if spec.axis.is_empty() { word(spec.frame.language, Word::Days) } else { &spec.axis };
    scene.label((plot.x + plot.width / 2.0, y), name, pen);
}

fn deadline(scene: &mut Scene, sheet: &Sheet) {
    let Sheet { spec, letters, plot, days, .. } = sheet;
    let Some(deadline) = spec.deadline.filter(|d| (0.0..=spec.days).contains(d)) else { return };
    let language = spec.frame.language;
    let x = days.at(deadline);
    scene.upright(x, plot.y, plot.bottom(), theme::ACCENT, (1.5 * letters.unit).round());
    let number = NumberFormat::default().bare(deadline, language);
    let text = format!("{} {number}\u{a0}{}", word(language, Word::Deadline), word(language, Word::Days));
    let pen = Pen::new(letters.small, theme::ACCENT).bold().middle();
    let half = pen.width(&text) / 2.0;
    scene.label((x.max(plot.x + half), plot.y - letters.small * 0.5), &text, pen);
}

/// The curve with its censored cases; gives the height of its end.
fn one(scene: &mut Scene, sheet: &Sheet, curve: &Curve, colour: Colour) -> f64 {
    let Sheet { spec, letters, days, share, .. } = sheet;
    let y = |s: f64| share.at(s.clamp(0.0, 1.0) * 100.0);
    let mut points: Vec<Point> = vec![(days.at(0.0), y(1.0))];
    let mut level = y(1.0);
    for (day, left) in curve.steps.iter().filter(|(day, _)| *day <= spec.days) {
        points.push((days.at(*day), level));
        level = y(*left);
        points.push((days.at(*day), level));
    }
    points.push((days.at(spec.days), level));
    points.dedup();
    scene.path(points, colour, 2.2 * letters.unit);
    for day in curve.censored.iter().filter(|day| **day <= spec.days) {
        let at = y(share_at(curve, *day));
        scene.upright(
            days.at(*day),
            at - 4.0 * letters.unit,
            at + 4.0 * letters.unit,
            colour,
            letters.unit.round().max(1.0),
        );
    }
    level
}

/// Where half are resolved: a dashed line down to the day, which is printed.
fn medians(scene: &mut Scene, sheet: &Sheet) {
    let Sheet { spec, letters, plot, days, share, .. } = sheet;
    let half = share.at(50.0);
    let language = spec.frame.language;
    let known =
        || spec.curves.iter().enumerate().filter_map(|(i, c)| c.median.filter(|m| *m <= spec.days).map(|m| (i, m)));
    let Some(furthest) = known().map(|(_, m)| m).max_by(f64::total_cmp) else { return };
    let dash = (3.0 * letters.unit, 3.0 * letters.unit);
    dashed(scene, &[(plot.x, half), (days.at(furthest), half)], dash, theme::MUTED, letters.unit);
    let mut taken = plot.x;
    let mut marked: Vec<(usize, f64)> = known().collect();
    marked.sort_by(|a, b| a.1.total_cmp(&b.1));
    for (i, median) in marked {
        let colour = theme::SERIES[i % theme::SERIES.len()];
        let x = days.at(median);
        dashed(scene, &[(x, half), (x, plot.bottom())], dash, colour, letters.unit);
        scene.disc((x, half), 3.0 * letters.unit, colour);
        let number = NumberFormat::new(if median.fract() == 0.0 { 0 } else { 1 }, "").bare(median, language);
        let text = format!("{} {number}", word(language, Word::Median));
        let pen = Pen::new(letters.small, colour).bold().end();
        // Under a falling curve, left of where it passes a half, is the one place that it leaves free.
        let fits = |text: &str| x - 6.0 * letters.unit - pen.width(text) > taken;
        let y = half + letters.small * 1.3;
        if let Some(text) = [text.as_str(), number.as_str()].into_iter().find(|text| fits(text)) {
            let wide = pen.width(text);
            let left = x - 5.0 * letters.unit - wide;
            let plate = Area { x: left - 2.0, y: y - letters.small, width: wide + 2.0, height: letters.small * 1.3 };
            scene.rect(plate, theme::PAPER);
            scene.label((x - 5.0 * letters.unit, y), text, pen);
        }
        taken = x;
    }
}

/// How many cases each point of a curve rests on.
fn at_risk(scene: &mut Scene, sheet: &Sheet, area: Area, top: f64) {
    let Sheet { spec, letters, plot, days, .. } = sheet;
    let language = spec.frame.language;
    let line = letters.small * 1.5;
    let head = Pen::new(letters.small, theme::MUTED);
    scene.level(area.x, plot.right(), top, theme::RULE, letters.unit.round().max(1.0));
    scene.label((area.x, top + line * 0.9), word(language, Word::AtRisk), head);
    for (i, curve) in spec.curves.iter().enumerate() {
        let y = top + line * (sheet.per_row * i as f64 + 1.9);
        let pen = Pen::new(letters.small, theme::SERIES[i % theme::SERIES.len()]);
        let beside = plot.x - area.x - sheet.half;
        let room = if sheet.per_row > 1.0 { area.width } else { beside };
        scene.label((area.x, y), &shortened(&curve.name, pen.size, pen.weight, room), pen);
        let y = y + line * (sheet.per_row - 1.0);
        let mut taken = f64::NEG_INFINITY;
        for (day, n) in curve.at_risk.iter().filter(|(day, _)| (0.0..=spec.days).contains(day)) {
            let text = count(*n, language);
            let x = days.at(*day);
            let half = pen.width(&text) / 2.0;
            if x - half > taken {
                scene.label((x, y), &text, pen.middle());
                taken = x + half + letters.small * 0.4;
            }
        }
    }
}
