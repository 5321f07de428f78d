//! One module per kind of chart: spec and size in, scene out.

mod axis;
mod bars;
mod columns;
mod ends;
mod flow;
mod frame;
mod heatmap;
mod heatmap_layout;
mod line_parts;
mod lines;
mod multiples;
mod notes;
mod shapes;
mod sparkline;
mod survival;
mod tile_map;

use super::scene::Scene;
use super::theme::Type;
use super::{Chart, ChartError, Size};

/// Pixels that one side may have.
const LONGEST_SIDE: u32 = 8000;

/// Draws a checked spec.
pub(super) fn draw(chart: &Chart, size: Size) -> Result<Scene, ChartError> {
    let (kind, least_width, least_height) = least(chart);
    let Size { width, height } = size;
    if width < least_width || height < least_height {
        return Err(ChartError::TooSmall { kind, width, height, least_width, least_height });
    }
    if width.max(height) > LONGEST_SIDE {
        return Err(ChartError::TooLarge { width, height });
    }
    let mut scene = Scene::new(size);
    match chart {
        Chart::Heatmap(spec) => heatmap::draw(spec, &mut scene),
        Chart::Lines(spec) => lines::draw(spec, &mut scene),
        Chart::Bars(spec) => bars::draw(spec, &mut scene),
        Chart::Sparkline(spec) => sparkline::draw(spec, &mut scene),
        Chart::TileMap(spec) => tile_map::draw(spec, &mut scene),
        Chart::Multiples(spec) => multiples::draw(spec, &mut scene),
        Chart::Survival(spec) => survival::draw(spec, &mut scene),
        Chart::Flow(spec) => flow::draw(spec, &mut scene),
    }
    Ok(scene)
}

/// Name of the kind and the least width and height that it can be read at.
fn least(chart: &Chart) -> (&'static str, u32, u32) {
    match chart {
        Chart::Heatmap(_) => ("heatmap", 280, 220),
        Chart::Lines(_) => ("line", 240, 180),
        Chart::Bars(_) => ("bar", 240, 160),
        Chart::Sparkline(_) => ("sparkline", 24, 12),
        Chart::TileMap(_) => ("tile map", 280, 260),
        Chart::Multiples(_) => ("small multiples", 240, 200),
        Chart::Survival(_) => ("survival", 280, 240),
        Chart::Flow(_) => ("flow", 280, 240),
    }
}

/// A height at which the content is neither cramped nor lost.
pub(super) fn fitting_height(chart: &Chart, width: u32) -> u32 {
    let letters = Type::of(Size::new(width, 0));
    let words = letters.title * 2.4 + letters.subtitle * 2.4 + letters.small * 4.5 + 2.0 * letters.margin;
    let around = if chart.frame().bare { letters.label } else { words };
    let line = letters.label * 1.75;
    let wide = f64::from(width);
    let content = match chart {
        Chart::Heatmap(spec) => heatmap_layout::fitting(spec, wide, &letters),
        Chart::Bars(spec) => match spec.direction {
            super::spec::Direction::Lying => spec.bars.len() as f64 * line + line,
            super::spec::Direction::Standing => (wide * 0.42).max(19.0 * letters.label),
        },
        Chart::Sparkline(_) => return (wide * 0.24).round().max(12.0) as u32,
        Chart::TileMap(spec) => {
            let (columns, rows) = spec.layout.extent();
            let tile = (wide - 2.0 * letters.margin) / f64::from(columns.max(1));
            let high = if tile > 4.0 * letters.label { tile * 0.72 } else { (letters.label * 1.7).max(tile * 0.6) };
            f64::from(rows) * high + line
        }
        Chart::Multiples(spec) => {
            let columns = multiples::columns(spec.panels.len(), wide, &letters);
            spec.panels.len().div_ceil(columns) as f64 * letters.label * 7.5
        }
        Chart::Survival(spec) => (wide * 0.42).max(22.0 * letters.label) + spec.curves.len() as f64 * 1.5 * line,
        Chart::Lines(_) => (wide * 0.42).max(22.0 * letters.label),
        Chart::Flow(_) => (wide * 0.45).max(24.0 * letters.label),
    };
    ((around + content).ceil() as u32).min(LONGEST_SIDE)
}
