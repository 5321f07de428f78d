//! Sheets with several header rows: finds a declared table by its texts and reads each column's header downwards.

use std::sync::Arc;

use super::declaration::BaseToml;
use super::label;
use super::model::{PeriodPick, Rule, SheetColumn, SheetLayout};
use super::pattern::{Captures, first_match};
use super::reading::{Cell, OwnTime, Place, Readings};
use super::span::{Around, Span, read_sources, span_of};
use super::table::{cell_of, title_above};
use crate::domain::{Freq, Period};
use crate::format::grid::{CellValue, Grid, column_name};

/// A declared table found in a sheet.
#[derive(Debug)]
pub(super) struct FoundTable<'a> {
    pub grid: &'a Grid,
    layout: &'a SheetLayout,
    title: String,
    /// Rows of figures with their labels.
    rows: Vec<(u32, String)>,
    columns: Vec<FoundColumn>,
    /// Units written above the figures.
    pub units: Vec<String>,
    /// The newest month of the table, if its headers or title name one.
    pub current: Option<Period>,
}

#[derive(Debug)]
struct FoundColumn {
    column: u32,
    header: String,
}

/// Values of one column under one rule.
pub(super) struct SheetReadings<'a> {
    table: &'a FoundTable<'a>,
    column: &'a FoundColumn,
    parts: Captures,
    rows: Vec<usize>,
}

/// Values of a column that no rule claims, or rows left out on purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unclaimed {
    pub row: usize,
    pub column: Arc<str>,
    pub value: String,
    pub at: String,
    /// Whether the mapping leaves it out; otherwise why it is not understood.
    pub skipped: bool,
    pub reason: String,
}

/// The table of a layout in a sheet, or why it is not there.
pub(super) fn find<'a>(grid: &'a Grid, layout: &'a SheetLayout, file_name: &str) -> Result<FoundTable<'a>, String> {
    let label_of = |row: u32| {
        let texts = layout.labels.iter().rev().map(|c| grid.value(row, *c).to_string());
        texts.map(|t| t.trim().to_owned()).find(|t| !t.is_empty()).unwrap_or_default()
    };
    let row_like =
        |keys: &[String], from: u32| (from..grid.height()).find(|row| keys.contains(&label::key(&label_of(*row))));
    let first = figures_row(grid, layout, label_of)
        .ok_or_else(|| format!("no row of figures is labelled \"{}\"", layout.first.join("\" or \"")))?;
    let last = match layout.last.is_empty() {
        true => grid.height() - 1,
        false => row_like(&layout.last, first)
            .ok_or_else(|| format!("no row below is labelled \"{}\"", layout.last.join("\" or \"")))?,
    };
    let title = title_above(grid, first);
    if let Some(pattern) = layout.title.as_ref().filter(|p| !p.matches(&title)) {
        return Err(format!("the text above the figures is not like \"{}\"", pattern.as_str()));
    }
    let rows: Vec<(u32, String)> = (first..=last).map(|row| (row, label_of(row))).collect();
    let columns = data_columns(grid, layout, &rows).into_iter().map(|c| header_of(grid, layout, first, c)).collect();
    let above = grid.cells().iter().take_while(|(name, _)| name.row < first);
    let units = above.filter_map(|(_, value)| unit_in(value.as_text()?)).collect();
    let mut table = FoundTable { grid, layout, title, rows, columns, units, current: None };
    table.current = table.newest(file_name)?;
    let missing = layout.columns.iter().filter(|c| !c.optional && table.columns_of(c).next().is_none());
    let missing: Vec<String> = missing.map(|c| format!("\"{}\"", c.headers[0].as_str())).collect();
    if !missing.is_empty() {
        let found: Vec<String> = table.columns.iter().map(|c| format!("\"{}\"", c.header)).collect();
        return Err(format!("no column is headed {} (headers: {})", missing.join(", "), found.join(", ")));
    }
    Ok(table)
}

/// The first row of figures: a title may read like its label, but has nothing beside it.
fn figures_row(grid: &Grid, layout: &SheetLayout, label_of: impl Fn(u32) -> String) -> Option<u32> {
    let beside = |row: u32| grid.row(row).iter().any(|(n, v)| !v.is_blank() && !layout.labels.contains(&n.column));
    (0..grid.height()).find(|row| layout.first.contains(&label::key(&label_of(*row))) && beside(*row))
}

/// Columns right of or between the labels that hold anything beside the figures' rows.
fn data_columns(grid: &Grid, layout: &SheetLayout, rows: &[(u32, String)]) -> Vec<u32> {
    let mut columns: Vec<u32> = Vec::new();
    for (row, _) in rows {
        for (name, value) in grid.row(*row) {
            if !value.is_blank() && !layout.labels.contains(&name.column) {
                columns.push(name.column);
            }
        }
    }
    columns.sort_unstable();
    columns.dedup();
    columns
}

/// The header rows of a column read downwards. A merged cell that starts over the labels is a title, and a text such as
/// "Đơn vị tính: %" is a unit: neither is part of the header.
fn header_of(grid: &Grid, layout: &SheetLayout, first: u32, column: u32) -> FoundColumn {
    let mut texts: Vec<String> = Vec::new();
    for row in 0..first {
        let merged = grid
            .merged()
            .iter()
            .find(|m| (m.first.row..=m.last.row).contains(&row) && (m.first.column..=m.last.column).contains(&column));
        let from = merged.map_or((row, column), |m| (m.first.row, m.first.column));
        if from.0 != row || layout.labels.contains(&from.1) {
            continue;
        }
        let text = grid.value(from.0, from.1).to_string();
        if unit_in(&text).is_none() && !text.trim().is_empty() {
            texts.push(text.trim().to_owned());
        }
    }
    FoundColumn { column, header: label::spaced(&texts.join(" ")) }
}

/// The unit that a text says and nothing else: "ĐVT: Tỷ đồng", "Đơn vị tính: %", "%".
fn unit_in(text: &str) -> Option<String> {
    let key = label::spaced(text);
    if key == "%" {
        return Some(key);
    }
    let after = ["đơn vị tính", "đvt", "đơn vị"].iter().find_map(|word| key.strip_prefix(word))?;
    Some(after.trim_start_matches([':', ' ']).to_owned())
}

impl<'a> FoundTable<'a> {
    /// The newest month: where the mapping says it stands, else the newest that a header names.
    fn newest(&self, file_name: &str) -> Result<Option<Period>, String> {
        match &self.layout.current {
            Some(PeriodPick::Constant(period)) => Ok(Some(*period)),
            Some(PeriodPick::From(sources)) => {
                let around = Around { file_name, sheet_name: self.grid.sheet(), title: &self.title };
                Ok(Some(end_month(read_sources(sources, around, |_| "")?)))
            }
            Some(PeriodPick::Own) | None => {
                let named = self
                    .layout
                    .columns
                    .iter()
                    .flat_map(|c| self.columns.iter().filter_map(|found| first_match(&c.headers, &found.header)));
                Ok(named.filter_map(|parts| span_of(parts).ok()).map(end_month).max())
            }
        }
    }

    /// The parts of a column's period: what its header names, completed by the table's newest month.
    fn parts(&self, parts: Captures) -> Captures {
        let Some(current) = self.current else { return parts };
        let named = parts.month.or(parts.ytd).or(parts.quarter);
        let year = match (parts.year, parts.month.or(parts.ytd)) {
            (Some(year), _) => year,
            (None, Some(month)) if month > current.position() => current.year() - 1,
            (None, _) => current.year(),
        };
        let month = if named.is_none() && parts.year.is_none() { Some(current.position()) } else { parts.month };
        Captures { year: Some(year), month, ..parts }
    }

    /// The columns that a rule claims, with the parts that their headers name.
    fn columns_of(&self, rule: &'a SheetColumn) -> impl Iterator<Item = (&FoundColumn, Captures)> {
        self.columns.iter().filter_map(move |found| {
            let parts = self.parts(first_match(&rule.headers, &found.header)?);
            let fits = rule.base.is_none_or(|base| compares_with(parts, base));
            fits.then_some((found, parts))
        })
    }

    /// One source of readings per claimed column and rule.
    pub fn readings(&'a self) -> Vec<(&'a Rule, SheetReadings<'a>)> {
        let rows: Vec<usize> = (0..self.rows.len()).filter(|i| !self.is_skipped_row(*i)).collect();
        let mut all = Vec::new();
        for rule in &self.layout.columns {
            for (column, parts) in self.columns_of(rule) {
                let header = &column.header;
                if !self.layout.skip_columns.iter().any(|p| p.matches(header)) {
                    all.push((&rule.rule, SheetReadings { table: self, column, parts, rows: rows.clone() }));
                }
            }
        }
        all
    }

    /// The values that no reading covers: rows and columns left out, and columns that no rule claims.
    pub fn unclaimed(&self) -> Vec<Unclaimed> {
        let mut all = Vec::new();
        for column in &self.columns {
            let skipped_column = self.layout.skip_columns.iter().any(|p| p.matches(&column.header));
            let rules =
                self.layout.columns.iter().filter(|r| self.columns_of(r).any(|(c, _)| c.column == column.column));
            let claimed = rules.count();
            for (i, (row, _)) in self.rows.iter().enumerate() {
                let value = self.grid.value(*row, column.column);
                let skipped = skipped_column || self.is_skipped_row(i);
                if value.is_blank() || (claimed > 0 && !skipped) {
                    continue;
                }
                let reason = format!(
                    "no rule claims the column headed \"{}\"; add a [[sheet.column]] or skip_columns",
                    column.header
                );
                all.push(Unclaimed {
                    row: *row as usize + 1,
                    column: column_name(column.column).into(),
                    value: value.to_string(),
                    at: self.grid.place(*row, column.column),
                    skipped,
                    reason,
                });
            }
        }
        all
    }

    fn is_skipped_row(&self, row: usize) -> bool {
        self.layout.skip_rows.iter().any(|p| p.matches(&self.rows[row].1))
    }

    /// The line of the layout in the mapping file, for notes.
    pub fn layout_line(&self) -> usize {
        self.layout.line
    }
}

fn end_month(span: Span) -> Period {
    Period::from_index(Freq::M, span.period.last_month())
}

/// Whether the month that a header compares with is the declared one. A year that the header does not name agrees.
fn compares_with(parts: Captures, base: BaseToml) -> bool {
    let (Ok(span), Some(month)) = (span_of(parts), parts.base_month) else { return false };
    let own = end_month(span);
    let expected = match base {
        BaseToml::Previous => own.offset(-1),
        BaseToml::YearAgo => own.year_ago(),
        BaseToml::December => Period::from_index(Freq::M, own.year() * 12 - 1),
    };
    expected.position() == month && parts.base_year.is_none_or(|year| year == expected.year())
}

impl SheetReadings<'_> {
    fn value(&self, row: usize) -> &CellValue {
        self.table.grid.value(self.table.rows[self.rows[row]].0, self.column.column)
    }
}

impl Readings for SheetReadings<'_> {
    fn len(&self) -> usize {
        self.rows.len()
    }

    fn fields(&self) -> Vec<String> {
        vec!["label".to_owned(), "header".to_owned()]
    }

    fn text(&self, row: usize, field: usize) -> &str {
        if field == 0 { &self.table.rows[self.rows[row]].1 } else { &self.column.header }
    }

    fn label(&self, _: usize, _: &str) -> Option<&str> {
        None
    }

    fn cell(&self, row: usize, _: Option<usize>) -> Cell<'_> {
        cell_of(self.value(row))
    }

    fn written(&self, row: usize, _: Option<usize>) -> String {
        self.value(row).to_string()
    }

    fn at(&self, row: usize, _: Option<usize>) -> String {
        self.table.grid.place(self.table.rows[self.rows[row]].0, self.column.column)
    }

    fn own_time(&self, _: usize) -> OwnTime<'_> {
        OwnTime::Header(self.parts)
    }

    fn place(&self, row: usize, _: Option<usize>) -> Place {
        let (row, _) = self.table.rows[self.rows[row]];
        Place { row: row as usize + 1, column: column_name(self.column.column).into() }
    }

    fn surroundings(&self) -> (&str, &str) {
        (self.table.grid.sheet(), &self.table.title)
    }
}
