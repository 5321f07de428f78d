//! What every spec must hold before it is drawn: lists that match, numbers that are numbers, a message.

use super::super::{Chart, ChartError};
use super::{Bars, Cell, Flow, Heatmap, Lines, Multiples, Survival, TileMap};

/// Fails with the first thing that is wrong.
pub(in crate::chart) fn check(chart: &Chart) -> Result<(), ChartError> {
    if chart.frame().title.trim().is_empty() {
        return Err(ChartError::NoTitle);
    }
    match chart {
        Chart::Heatmap(spec) => heatmap(spec),
        Chart::Lines(spec) => lines(spec),
        Chart::Bars(spec) => bars(spec),
        Chart::Sparkline(spec) => {
            some("sparkline", spec.values.len())?;
            finite("values", spec.values.iter().flatten().copied().chain(spec.target))
        }
        Chart::TileMap(spec) => tile_map(spec),
        Chart::Multiples(spec) => multiples(spec),
        Chart::Survival(spec) => survival(spec),
        Chart::Flow(spec) => flow(spec),
    }
}

fn some(kind: &'static str, count: usize) -> Result<(), ChartError> {
    if count == 0 { Err(ChartError::Empty { kind }) } else { Ok(()) }
}

fn length(what: impl Into<String>, found: usize, expected: usize) -> Result<(), ChartError> {
    if found == expected { Ok(()) } else { Err(ChartError::Length { what: what.into(), found, expected }) }
}

fn finite(what: impl Into<String>, values: impl IntoIterator<Item = f64>) -> Result<(), ChartError> {
    match values.into_iter().find(|v| !v.is_finite()) {
        Some(value) => Err(ChartError::NotFinite { what: what.into(), value }),
        None => Ok(()),
    }
}

fn value_of(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Value { value, .. } => Some(*value),
        Cell::TooFew { .. } | Cell::Missing | Cell::NotApplicable => None,
    }
}

fn heatmap(spec: &Heatmap) -> Result<(), ChartError> {
    some("heatmap", spec.rows.len().min(spec.columns.len()))?;
    length("the heatmap's cells", spec.cells.len(), spec.rows.len())?;
    for (name, row) in spec.rows.iter().zip(&spec.cells) {
        length(format!("row \"{name}\""), row.len(), spec.columns.len())?;
        finite(format!("row \"{name}\""), row.iter().filter_map(value_of))?;
    }
    if let Some(totals) = &spec.totals {
        length("the column of totals", totals.cells.len(), spec.rows.len())?;
        finite("the column of totals", totals.cells.iter().filter_map(value_of))?;
    }
    Ok(())
}

fn lines(spec: &Lines) -> Result<(), ChartError> {
    some("line", spec.periods.len().min(spec.series.len()))?;
    for series in &spec.series {
        let what = format!("line \"{}\"", series.name);
        length(&what, series.points.len(), spec.periods.len())?;
        finite(&what, series.points.iter().filter_map(|p| p.value))?;
        finite(&what, series.points.iter().filter_map(|p| p.band).flat_map(|(low, high)| [low, high]))?;
    }
    if let Some(target) = &spec.target {
        length("the target", target.bounds.len(), spec.periods.len())?;
        finite("the target", target.bounds.iter().flatten().flat_map(|(low, high)| [*low, *high]))?;
    }
    Ok(())
}

fn bars(spec: &Bars) -> Result<(), ChartError> {
    some("bar", spec.bars.len())?;
    for bar in &spec.bars {
        finite(format!("bar \"{}\"", bar.name), bar.value.into_iter().chain(bar.target))?;
    }
    finite("the reference", spec.reference.iter().map(|(_, value)| *value))
}

fn tile_map(spec: &TileMap) -> Result<(), ChartError> {
    some("tile map", spec.layout.tiles().len())?;
    for (code, tile) in &spec.values {
        finite(format!("tile \"{code}\""), value_of(&tile.cell))?;
    }
    Ok(())
}

fn multiples(spec: &Multiples) -> Result<(), ChartError> {
    some("small multiples", spec.panels.len())?;
    let periods = spec.panels[0].values.len();
    some("small multiples", periods)?;
    for panel in &spec.panels {
        let what = format!("panel \"{}\"", panel.name);
        length(&what, panel.values.len(), periods)?;
        finite(&what, panel.values.iter().flatten().copied())?;
    }
    if let Some((_, values)) = &spec.reference {
        length("the reference line", values.len(), periods)?;
        finite("the reference line", values.iter().flatten().copied())?;
    }
    finite("the target", spec.target)
}

fn survival(spec: &Survival) -> Result<(), ChartError> {
    some("survival", spec.curves.len())?;
    finite("the axis of days", [spec.days].into_iter().chain(spec.deadline))?;
    if spec.days <= 0.0 {
        return Err(ChartError::Empty { kind: "survival" });
    }
    for curve in &spec.curves {
        let what = format!("curve \"{}\"", curve.name);
        finite(&what, curve.steps.iter().flat_map(|(day, share)| [*day, *share]))?;
        finite(&what, curve.censored.iter().copied().chain(curve.median))?;
        finite(&what, curve.at_risk.iter().map(|(day, _)| *day))?;
    }
    Ok(())
}

fn flow(spec: &Flow) -> Result<(), ChartError> {
    some("flow", spec.periods.len().min(spec.outflow.len()))?;
    for part in spec.outflow.iter().chain([&spec.inflow]).chain(&spec.backlog) {
        let what = format!("row \"{}\"", part.name);
        length(&what, part.values.len(), spec.periods.len())?;
        finite(&what, part.values.iter().flatten().copied())?;
    }
    Ok(())
}
