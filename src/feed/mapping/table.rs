//! Tables of one header row (CSV, a sheet, JSON records) as readings. Blanks of merged labels are filled down and columns
//! are turned into rows by Polars, over row numbers and texts only: a value stays in its cell, so that neither its
//! precision nor its place is lost on the way.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use polars::prelude::{
    Column, DataFrame, FillNullStrategy, NamedFrom, PlSmallStr, PolarsError, Series, SortMultipleOptions,
    StringChunked, UInt32Chunked, UnpivotArgsIR, UnpivotDF,
};

use super::label;
use super::model::{TableShape, Unpivot};
use super::reading::{Cell, OwnTime, Place, Readings};
use crate::domain::ObsStatus;
use crate::domain::text::clean;
use crate::format::grid::{CellValue, Grid};

/// Names of the columns of row and column numbers; no header is one, since headers do not begin with a space.
const ROW: &str = " row";
const COLUMN: &str = " column";

/// A table, reshaped as declared.
pub(super) struct TableReadings<'a> {
    grid: &'a Grid,
    title: String,
    /// Fields of the reshaped table, and the column of the sheet where a field is one.
    fields: Vec<(String, Option<u32>)>,
    texts: Vec<StringChunked>,
    rows: UInt32Chunked,
    /// The field that holds the value of columns turned into rows, and the column of the sheet in each row.
    unpivoted: Option<(usize, UInt32Chunked)>,
    /// Header -> column of the sheet.
    columns: Vec<(Arc<str>, u32)>,
    /// Rows of the sheet with a cell right of the last header.
    overlong: BTreeSet<u32>,
}

/// Why a grid has no table of the declared shape.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum ShapeProblem {
    #[error("no row holds {0}")]
    NoHeader(String),
    #[error("two columns are named \"{0}\"")]
    SameName(String),
    #[error("no column is named \"{0}\"")]
    NoColumn(String),
    #[error("no column is like {0}")]
    NoneToUnpivot(String),
    #[error("the table cannot be reshaped: {0}")]
    Polars(String),
}

impl From<PolarsError> for ShapeProblem {
    fn from(e: PolarsError) -> Self {
        ShapeProblem::Polars(e.to_string())
    }
}

impl<'a> TableReadings<'a> {
    /// Finds the header row of a grid and reshapes what is below it. Only in a sheet of a workbook may something stand
    /// right of the last header (a remark); in delimited text it means that the row is shifted.
    pub fn new(grid: &'a Grid, shape: &TableShape) -> Result<Self, ShapeProblem> {
        let header = header_row(grid, &shape.header)?;
        let columns = header_names(grid, header)?;
        let mut frame = frame_of(grid, header, &columns)?;
        for name in &shape.fill_down {
            if !columns.iter().any(|(c, _)| c == name) {
                return Err(ShapeProblem::NoColumn(name.clone()));
            }
            let filled = frame.column(name)?.fill_null(FillNullStrategy::Forward(None))?;
            frame.with_column(filled)?;
        }
        let mut fields: Vec<(String, Option<u32>)> = columns.iter().map(|(n, c)| (n.clone(), Some(*c))).collect();
        let mut unpivoted = None;
        if let Some(unpivot) = &shape.unpivot {
            frame = turned(frame, unpivot, &columns)?;
            fields.retain(|(name, _)| !unpivot.claims(name));
            fields.extend([(unpivot.name.clone(), None), (unpivot.value.clone(), None)]);
            unpivoted = Some((fields.len() - 1, frame.column(COLUMN)?.u32()?.clone()));
        }
        let text = |name: &str| -> Result<StringChunked, PolarsError> { Ok(frame.column(name)?.str()?.clone()) };
        let texts = fields.iter().map(|(name, _)| text(name)).collect::<Result<Vec<_>, _>>()?;
        let rows = frame.column(ROW)?.u32()?.clone();
        let overlong = if grid.sheet().is_empty() { overlong(grid, header, &columns) } else { BTreeSet::new() };
        let columns = columns.into_iter().map(|(name, column)| (name.into(), column)).collect();
        Ok(Self { grid, title: title_above(grid, header), fields, texts, rows, unpivoted, columns, overlong })
    }

    /// The cell of the sheet that holds a value.
    fn source(&self, row: usize, field: Option<usize>) -> (u32, Option<u32>) {
        let sheet_row = self.rows.get(row).unwrap_or_default();
        let column = field.and_then(|field| match &self.unpivoted {
            Some((value, columns)) if field == *value => columns.get(row),
            _ => self.fields[field].1,
        });
        (sheet_row, column)
    }

    fn value(&self, row: usize, field: Option<usize>) -> &CellValue {
        let (row, column) = self.source(row, field);
        match column {
            // Not `filled`: a number merged over three rows is one figure, not three.
            Some(column) => self.grid.value(row, column),
            None => &CellValue::Blank,
        }
    }
}

impl Readings for TableReadings<'_> {
    fn len(&self) -> usize {
        self.rows.len()
    }

    fn fields(&self) -> Vec<String> {
        self.fields.iter().map(|(name, _)| name.clone()).collect()
    }

    fn text(&self, row: usize, field: usize) -> &str {
        self.texts[field].get(row).unwrap_or_default()
    }

    fn label(&self, _: usize, _: &str) -> Option<&str> {
        None
    }

    fn cell(&self, row: usize, field: Option<usize>) -> Cell<'_> {
        cell_of(self.value(row, field))
    }

    fn written(&self, row: usize, field: Option<usize>) -> String {
        self.value(row, field).to_string()
    }

    fn at(&self, row: usize, field: Option<usize>) -> String {
        let (row, column) = self.source(row, field);
        self.grid.place(row, column.unwrap_or_default())
    }

    fn own_time(&self, _: usize) -> OwnTime<'_> {
        OwnTime::None
    }

    fn place(&self, row: usize, field: Option<usize>) -> Place {
        let (row, column) = self.source(row, field);
        let header = self.columns.iter().find(|(_, c)| Some(*c) == column);
        Place { row: row as usize + 1, column: header.map_or_else(|| "".into(), |(name, _)| name.clone()) }
    }

    fn row_fault(&self, row: usize) -> Option<&'static str> {
        let row = self.rows.get(row)?;
        self.overlong.contains(&row).then_some(
            "the row has more cells than the header, so its values may stand in the wrong columns; put text that holds \
             the separator in quotes",
        )
    }

    fn surroundings(&self) -> (&str, &str) {
        (self.grid.sheet(), &self.title)
    }
}

/// A cell of a sheet as a value to be read.
pub(super) fn cell_of(value: &CellValue) -> Cell<'_> {
    match value {
        CellValue::Blank => Cell::Blank,
        CellValue::Text(text) if text.trim().is_empty() => Cell::Blank,
        CellValue::Text(text) => Cell::Text(text),
        CellValue::Number(number) => Cell::Number(*number, ObsStatus::A),
        CellValue::Date(_) => Cell::Other("a date"),
        CellValue::Bool(_) => Cell::Other("a truth value"),
        CellValue::Error(_) => Cell::Other("a failed formula"),
    }
}

/// The text above a row, cell by cell.
pub(super) fn title_above(grid: &Grid, row: u32) -> String {
    let above = grid.cells().iter().take_while(|(name, _)| name.row < row);
    let texts: Vec<&str> = above.filter_map(|(_, value)| value.as_text()).map(str::trim).collect();
    texts.join(" ")
}

/// Rows with a cell right of the last header.
fn overlong(grid: &Grid, header: u32, columns: &[(String, u32)]) -> BTreeSet<u32> {
    let last = columns.last().map_or(0, |(_, column)| *column);
    let beyond = grid.cells().iter().filter(|(n, v)| n.row > header && n.column > last && !v.is_blank());
    beyond.map(|(name, _)| name.row).collect()
}

/// Columns to rows: header in one column, value in another, in the order of the sheet.
fn turned(frame: DataFrame, unpivot: &Unpivot, columns: &[(String, u32)]) -> Result<DataFrame, ShapeProblem> {
    let (on, kept): (Vec<&str>, Vec<&str>) = columns.iter().map(|(n, _)| n.as_str()).partition(|n| unpivot.claims(n));
    if on.is_empty() {
        let forms: Vec<_> = unpivot.columns.iter().map(|p| format!("\"{}\"", p.as_str())).collect();
        return Err(ShapeProblem::NoneToUnpivot(forms.join(" or ")));
    }
    for name in [&unpivot.name, &unpivot.value] {
        if kept.contains(&name.as_str()) {
            return Err(ShapeProblem::SameName(name.clone()));
        }
    }
    let names = |names: Vec<&str>| names.into_iter().map(PlSmallStr::from).collect::<Vec<_>>();
    let mut long = frame.unpivot2(UnpivotArgsIR::new(
        frame.get_column_names_owned(),
        Some(names(on)),
        names([kept.as_slice(), &[ROW]].concat()),
        Some(unpivot.value.as_str().into()),
        Some(unpivot.name.as_str().into()),
    ))?;
    let column_of = |header: Option<&str>| columns.iter().find(|(n, _)| Some(n.as_str()) == header).map(|(_, c)| *c);
    let numbers: Vec<Option<u32>> = long.column(&unpivot.name)?.str()?.iter().map(column_of).collect();
    long.with_column(Column::new(COLUMN.into(), numbers))?;
    Ok(long.sort([ROW, COLUMN], SortMultipleOptions::default())?)
}

/// The row that holds all the declared texts; without any, the first row that is not blank.
fn header_row(grid: &Grid, declared: &[String]) -> Result<u32, ShapeProblem> {
    let mut row = None;
    for (name, _) in grid.cells() {
        if row == Some(name.row) {
            continue;
        }
        row = Some(name.row);
        let keys: Vec<String> = grid.row(name.row).iter().map(|(_, v)| label::key(&v.to_string())).collect();
        let blank = keys.iter().all(String::is_empty);
        if !blank && declared.iter().all(|d| keys.contains(d)) {
            return Ok(name.row);
        }
    }
    let texts: Vec<String> = declared.iter().map(|d| format!("\"{d}\"")).collect();
    Err(ShapeProblem::NoHeader(if texts.is_empty() { "anything".to_owned() } else { texts.join(" and ") }))
}

fn header_names(grid: &Grid, header: u32) -> Result<Vec<(String, u32)>, ShapeProblem> {
    let mut columns: Vec<(String, u32)> = Vec::new();
    for (name, value) in grid.row(header) {
        let text = clean(&value.to_string());
        if text.is_empty() {
            continue;
        }
        if columns.iter().any(|(n, _)| *n == text) {
            return Err(ShapeProblem::SameName(text));
        }
        columns.push((text, name.column));
    }
    Ok(columns)
}

/// Row numbers and cleaned texts of what stands below the header; a blank is null. One pass over the cells, since files
/// have many.
fn frame_of(grid: &Grid, header: u32, columns: &[(String, u32)]) -> Result<DataFrame, ShapeProblem> {
    let fields: HashMap<u32, usize> = columns.iter().enumerate().map(|(i, (_, column))| (*column, i)).collect();
    let mut rows: Vec<u32> = Vec::new();
    let mut texts: Vec<Vec<Option<String>>> = vec![Vec::new(); columns.len()];
    for (name, value) in grid.cells().iter().filter(|(name, _)| name.row > header) {
        let Some(field) = fields.get(&name.column).filter(|_| !value.is_blank()) else { continue };
        if rows.last() != Some(&name.row) {
            rows.push(name.row);
            texts.iter_mut().for_each(|column| column.push(None));
        }
        if let Some(last) = texts[*field].last_mut() {
            *last = Some(cleaned(value));
        }
    }
    for range in grid.merged() {
        let below =
            rows.partition_point(|row| *row < range.first.row)..rows.partition_point(|row| *row <= range.last.row);
        for column in (range.first.column..=range.last.column).filter_map(|column| fields.get(&column)) {
            let text = cleaned(grid.value(range.first.row, range.first.column));
            texts[*column][below.clone()].fill(Some(text).filter(|text| !text.is_empty()));
        }
    }
    let mut frame: Vec<Column> = Vec::with_capacity(columns.len() + 1);
    for ((name, _), texts) in columns.iter().zip(texts) {
        frame.push(Series::new(name.as_str().into(), texts).into());
    }
    frame.push(Series::new(ROW.into(), rows).into());
    Ok(DataFrame::new_infer_height(frame)?)
}

/// The text of a cell, cleaned. Codes, periods and numbers are plain ASCII as a rule and are clean already.
fn cleaned(value: &CellValue) -> String {
    let text = value.to_string();
    let spaced = text.starts_with(' ') || text.ends_with(' ') || text.contains("  ");
    if !spaced && text.bytes().all(|b| (b' '..0x7f).contains(&b)) { text } else { clean(&text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::grid::Merged;

    fn grid(rows: &[&[&str]]) -> Grid {
        let mut cells = Vec::new();
        for (r, row) in rows.iter().enumerate() {
            for (c, text) in row.iter().enumerate().filter(|(_, t)| !t.is_empty()) {
                let value = text.parse().map_or_else(|_| CellValue::Text((*text).to_owned()), CellValue::Number);
                cells.push((r as u32, c as u32, value));
            }
        }
        Grid::from_cells("Biểu 1", cells).unwrap()
    }

    fn rows_of(readings: &TableReadings<'_>) -> Vec<String> {
        let row = |r: usize| {
            let texts: Vec<&str> = (0..readings.fields.len()).map(|f| readings.text(r, f)).collect();
            format!("{} @{}", texts.join("|"), readings.at(r, readings.fields.len().checked_sub(1)))
        };
        (0..readings.len()).map(row).collect()
    }

    #[test]
    fn merged_labels_are_filled_and_months_become_rows() {
        let grid = grid(&[
            &["Báo cáo tháng"],
            &["Quận", "Chỉ tiêu", "T1", "T2"],
            &["Quận 1", "Khách", "5", "6.5"],
            &["", "Xe", "7", ""],
            &[],
            &["Quận 3", "Khách", "8", "9"],
        ]);
        let shape = TableShape {
            header: vec![label::key("Quận"), label::key("T1")],
            fill_down: vec!["Quận".to_owned()],
            unpivot: Some(Unpivot {
                columns: vec!["T{month}".parse().unwrap()],
                name: "tháng".to_owned(),
                value: "số".to_owned(),
            }),
            ..TableShape::default()
        };
        let readings = TableReadings::new(&grid, &shape).unwrap();
        assert_eq!(
            rows_of(&readings),
            [
                "Quận 1|Khách|T1|5 @Biểu 1!C3",
                "Quận 1|Khách|T2|6.5 @Biểu 1!D3",
                "Quận 1|Xe|T1|7 @Biểu 1!C4",
                "Quận 1|Xe|T2| @Biểu 1!D4",
                "Quận 3|Khách|T1|8 @Biểu 1!C6",
                "Quận 3|Khách|T2|9 @Biểu 1!D6",
            ]
        );
        assert_eq!(readings.cell(1, Some(3)), Cell::Number(6.5, ObsStatus::A));
        assert_eq!(readings.cell(3, Some(3)), Cell::Blank);
        assert_eq!(readings.surroundings(), ("Biểu 1", "Báo cáo tháng"));
    }

    #[test]
    fn a_merged_cell_is_the_text_of_all_its_rows() {
        let plain = grid(&[&["Quận", "Số"], &["Quận\u{A0} 1", "5"], &["", "6"], &["Quận 3", "7"]]);
        let merged = Merged { first: "A2".parse().unwrap(), last: "A3".parse().unwrap() };
        let grid = plain.with_merged([merged]);
        let readings = TableReadings::new(&grid, &TableShape::default()).unwrap();
        let rows = rows_of(&readings);
        assert_eq!(rows, ["Quận 1|5 @Biểu 1!B2", "Quận 1|6 @Biểu 1!B3", "Quận 3|7 @Biểu 1!B4"]);
    }

    #[test]
    fn says_how_the_shape_differs() {
        let found = grid(&[&["a", "b"], &["1", "2"]]);
        let problem = |shape: TableShape| TableReadings::new(&found, &shape).err().unwrap().to_string();
        let header = vec!["c".to_owned()];
        assert_eq!(problem(TableShape { header, ..TableShape::default() }), "no row holds \"c\"");
        let fill_down = vec!["c".to_owned()];
        assert_eq!(problem(TableShape { fill_down, ..TableShape::default() }), "no column is named \"c\"");
        let twice = grid(&[&["a", "a"], &["1", "2"]]);
        let problem = TableReadings::new(&twice, &TableShape::default()).err().unwrap();
        assert_eq!(problem, ShapeProblem::SameName("a".to_owned()));
        let only_header = grid(&[&["a", "b"]]);
        assert_eq!(TableReadings::new(&only_header, &TableShape::default()).ok().unwrap().len(), 0);
    }
}
