//! A drawing as a table: the same figures, for who cannot see it and for who wants the number.

use super::doors::{Door, Doors};
use crate::chart::Chart;
use crate::chart::spec::{Bars, Cell, Flow, Heatmap, Language, Lines, Multiples, NumberFormat, Survival, TileMap};
use crate::present::pick;

/// A table.
#[derive(Debug, Default)]
pub struct Sheet {
    /// The message.
    pub caption: String,
    /// What is shown: unit and period.
    pub what: String,
    /// Heads of the columns, that of the names first.
    pub heads: Vec<String>,
    /// Rows.
    pub rows: Vec<SheetRow>,
}

/// A row.
#[derive(Debug, Default)]
pub struct SheetRow {
    /// Name.
    pub name: String,
    /// Where the name leads; may be empty.
    pub url: String,
    /// Figures.
    pub cells: Vec<SheetCell>,
}

/// A figure of a row.
#[derive(Debug, Default)]
pub struct SheetCell {
    /// In words.
    pub text: String,
    /// Where it leads; may be empty.
    pub url: String,
}

/// A row with its doors: the figure that a row is about stands in its last column.
fn row((name, texts): (String, Vec<String>), doors: &Doors) -> SheetRow {
    let Door { name: url, figure } = doors.get(&name).cloned().unwrap_or_default();
    let mut cells: Vec<SheetCell> = texts.into_iter().map(|text| SheetCell { text, url: String::new() }).collect();
    if let Some(last) = cells.last_mut() {
        last.url = figure;
    }
    SheetRow { name, url, cells }
}

impl Sheet {
    /// The table of a drawing.
    pub fn of(chart: &Chart, doors: &Doors) -> Sheet {
        let language = chart.frame().language;
        let (heads, rows) = match chart {
            Chart::Bars(spec) => bars(spec, language),
            Chart::Lines(spec) => lines(spec, language),
            Chart::Heatmap(spec) => heatmap(spec, language),
            Chart::TileMap(spec) => tile_map(spec, language),
            Chart::Multiples(spec) => multiples(spec, language),
            Chart::Survival(spec) => survival(spec, language),
            Chart::Flow(spec) => flow(spec, language),
            Chart::Sparkline(_) => (Vec::new(), Vec::new()),
        };
        let (caption, what) = (chart.frame().title.clone(), chart.frame().subtitle.clone());
        Sheet { caption, what, heads, rows: rows.into_iter().map(|r| row(r, doors)).collect() }
    }
}

type Rows = (Vec<String>, Vec<(String, Vec<String>)>);

fn value_head(language: Language) -> String {
    pick(language, "Giá trị", "Value").to_owned()
}

fn name_head(language: Language) -> String {
    pick(language, "Tên", "Name").to_owned()
}

fn told(value: Option<f64>, format: &NumberFormat, language: Language) -> String {
    value.map_or_else(|| "…".to_owned(), |v| format.print(v, language))
}

fn cell(cell: &Cell, format: &NumberFormat, language: Language) -> String {
    match cell {
        Cell::Value { value, n: Some(n), .. } => {
            format!("{} ({})", format.print(*value, language), NumberFormat::default().bare(*n as f64, language))
        }
        Cell::Value { value, n: None, .. } => format.print(*value, language),
        Cell::TooFew { .. } => pick(language, "quá ít", "too few").to_owned(),
        Cell::Missing => "…".to_owned(),
        Cell::NotApplicable => "–".to_owned(),
    }
}

fn bars(spec: &Bars, language: Language) -> Rows {
    let (with_n, with_change) = (spec.bars.iter().any(|b| b.n.is_some()), spec.bars.iter().any(|b| b.change.is_some()));
    let mut heads = vec![name_head(language)];
    if with_n {
        heads.push(spec.n_heading.clone());
    }
    if with_change {
        heads.push(spec.change_heading.clone());
    }
    heads.push(value_head(language));
    let row = |bar: &crate::chart::spec::Bar| {
        let mut cells = Vec::new();
        if with_n {
            cells.push(bar.n.map_or_else(String::new, |n| NumberFormat::default().bare(n as f64, language)));
        }
        if with_change {
            cells.push(bar.change.as_ref().map_or_else(String::new, |change| change.text.clone()));
        }
        cells.push(told(bar.value, &spec.format, language));
        (bar.name.clone(), cells)
    };
    (heads, spec.bars.iter().map(row).collect())
}

/// Newest first; the subject stands in the last column.
fn lines(spec: &Lines, language: Language) -> Rows {
    let mut heads = vec![pick(language, "Kỳ", "Period").to_owned()];
    heads.extend(spec.target.iter().map(|target| target.name.clone()));
    heads.extend(spec.series.iter().rev().map(|series| series.name.clone()));
    let row = |k: usize| {
        let plan = |bounds: Option<(f64, f64)>| told(bounds.map(|(_, high)| high), &spec.format, language);
        let mut cells: Vec<String> = spec.target.iter().map(|target| plan(target.bounds[k])).collect();
        cells.extend(spec.series.iter().rev().map(|series| told(series.points[k].value, &spec.format, language)));
        (spec.periods[k].clone(), cells)
    };
    (heads, (0..spec.periods.len()).rev().map(row).collect())
}

fn heatmap(spec: &Heatmap, language: Language) -> Rows {
    let first = if spec.row_heading.is_empty() { name_head(language) } else { spec.row_heading.clone() };
    let mut heads = vec![first];
    heads.extend(spec.columns.iter().cloned());
    heads.extend(spec.totals.iter().map(|totals| totals.heading.clone()));
    let row = |(k, name): (usize, &String)| {
        let mut cells: Vec<String> = spec.cells[k].iter().map(|c| cell(c, &spec.format, language)).collect();
        cells.extend(spec.totals.iter().map(|totals| cell(&totals.cells[k], &spec.format, language)));
        (name.clone(), cells)
    };
    (heads, spec.rows.iter().enumerate().map(row).collect())
}

fn tile_map(spec: &TileMap, language: Language) -> Rows {
    let row = |tile: &crate::chart::Tile| {
        let value = spec.values.get(&tile.code)?;
        Some((tile.name.clone(), vec![cell(&value.cell, &spec.format, language)]))
    };
    (vec![name_head(language), value_head(language)], spec.layout.tiles().iter().filter_map(row).collect())
}

fn multiples(spec: &Multiples, language: Language) -> Rows {
    let heads = vec![name_head(language), spec.periods.0.clone(), spec.periods.1.clone()];
    let row = |panel: &crate::chart::spec::Panel| {
        let ends = [panel.values.first(), panel.values.last()];
        (panel.name.clone(), ends.map(|v| told(v.copied().flatten(), &spec.format, language)).to_vec())
    };
    (heads, spec.panels.iter().map(row).collect())
}

fn survival(spec: &Survival, language: Language) -> Rows {
    let median = pick(language, "Một nửa xong sau (ngày)", "Half done after (days)").to_owned();
    let days = NumberFormat::new(1, "");
    let row = |curve: &crate::chart::spec::Curve| (curve.name.clone(), vec![told(curve.median, &days, language)]);
    (vec![name_head(language), median], spec.curves.iter().map(row).collect())
}

fn flow(spec: &Flow, language: Language) -> Rows {
    let parts: Vec<_> = std::iter::once(&spec.inflow).chain(&spec.outflow).chain(&spec.backlog).collect();
    let mut heads = vec![pick(language, "Kỳ", "Period").to_owned()];
    heads.extend(parts.iter().map(|part| part.name.clone()));
    let row = |k: usize| {
        let cells = parts.iter().map(|part| told(part.values.get(k).copied().flatten(), &spec.format, language));
        (spec.periods[k].clone(), cells.collect())
    };
    (heads, (0..spec.periods.len()).rev().map(row).collect())
}
