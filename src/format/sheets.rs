//! Workbooks as tidy rows, without a mapping: each number with the text to its left, the header texts above it and the
//! name of its sheet. A best effort for looking into a file; figures are taken from workbooks by a mapping.

use crate::domain::text::{NumberStyle, NumberText, clean, fold, read_number, read_period};
use crate::domain::{ObsStatus, Period};

use super::axes::guard_rows;
use super::grid::{CellValue, Grid, Workbook, column_name};
use super::time_label::read_label;
use super::{FormatError, Tidy, TidyDimension, TidyRow};

/// Between the lines of a header, and between the texts that label a row.
const JOINT: &str = " / ";

/// Most columns that a sheet is searched for header texts.
const MAX_WIDTH: u32 = 1_000;

/// Turns all sheets into tidy rows.
///
/// # Errors
/// No number with a label in any sheet, or more than a table may have.
pub(super) fn read_sheets(workbook: &Workbook) -> Result<Tidy, FormatError> {
    let mut tidy = Tidy { notes: workbook.notes.clone(), ..Tidy::default() };
    let dimension = |name: &str| TidyDimension { code: name.to_owned(), label: name.to_owned(), ..Default::default() };
    tidy.dimensions = ["sheet", "row", "column"].map(dimension).to_vec();
    let mut text = 0usize;
    for grid in &workbook.grids {
        let before = tidy.rows.len();
        read_sheet(grid, &mut tidy);
        for row in &tidy.rows[before..] {
            text += row.members.iter().map(|m| m.len() + 32).sum::<usize>();
            for (dimension, member) in tidy.dimensions.iter_mut().zip(&row.members) {
                if !dimension.members.contains_key(member) {
                    dimension.members.insert(member.clone(), member.clone());
                }
            }
        }
        guard_rows(workbook.format, tidy.rows.len(), text)?;
        if grid.hidden {
            tidy.notes.push(format!("sheet \"{}\" is hidden", grid.sheet()));
        }
        if !grid.hidden_rows.is_empty() {
            tidy.notes.push(format!("sheet \"{}\" hides {} rows", grid.sheet(), grid.hidden_rows.len()));
        }
    }
    if tidy.rows.is_empty() {
        return Err(FormatError {
            format: workbook.format,
            at: "the workbook".to_owned(),
            message: "no sheet has numbers beside a text".to_owned(),
            hint: "Check that the file is a table of figures and was saved with its values.".to_owned(),
        });
    }
    Ok(tidy)
}

/// A cell as a figure.
enum Figure {
    Value(f64),
    Absent,
}

/// What a cell is for this reader: a figure, or words.
fn figure(value: &CellValue) -> Option<Figure> {
    match value {
        CellValue::Number(number) => Some(Figure::Value(*number)),
        CellValue::Error(_) => Some(Figure::Absent),
        CellValue::Text(text) => match read_number(text, NumberStyle::Auto).ok()? {
            NumberText::Value(number) => Some(Figure::Value(number)),
            NumberText::Zero => Some(Figure::Value(0.0)),
            NumberText::Missing => Some(Figure::Absent),
            NumberText::NotApplicable | NumberText::Times(_) | NumberText::Blank => None,
        },
        CellValue::Blank | CellValue::Date(_) | CellValue::Bool(_) => None,
    }
}

/// What a row is for.
enum RowKind {
    /// Texts only, or years over columns.
    Words,
    /// Numbers of columns ("A", 1, 2, 3).
    Counting,
    /// Figures, with the column of the first one.
    Figures(u32),
    Nothing,
}

fn read_sheet(grid: &Grid, tidy: &mut Tidy) {
    let mut header: Vec<u32> = Vec::new();
    let mut pending: Vec<u32> = Vec::new();
    for row in 0..grid.height() {
        match row_kind(grid, row, !header.is_empty()) {
            RowKind::Nothing | RowKind::Counting => {}
            RowKind::Words => pending.push(row),
            RowKind::Figures(first) => {
                if let Some(from) = pending.iter().position(|r| distinct_texts(grid, *r) > 1) {
                    let spans = |r: &&u32| grid.merged().iter().any(|m| m.first.row == **r && spans_columns(m));
                    header = pending[..from].iter().filter(spans).copied().collect();
                    header.extend(&pending[from..]);
                }
                pending.clear();
                read_row(grid, row, first, &header, tidy);
            }
        }
    }
}

/// A range over several columns that does not begin at the left edge, where titles stand.
fn spans_columns(merged: &super::grid::Merged) -> bool {
    merged.first.column > 0 && merged.last.column > merged.first.column
}

fn row_kind(grid: &Grid, row: u32, has_header: bool) -> RowKind {
    let cells: Vec<_> = grid.row(row).iter().filter(|(_, v)| !v.is_blank()).collect();
    if cells.is_empty() {
        return RowKind::Nothing;
    }
    let Some((first, _)) = cells.iter().find(|(_, v)| figure(v).is_some()) else { return RowKind::Words };
    let labels: Vec<String> =
        cells.iter().take_while(|(n, _)| n.column < first.column).map(|(_, v)| clean(&v.to_string())).collect();
    let numbers: Vec<f64> = cells.iter().filter_map(|(_, v)| v.as_number()).collect();
    let one_letter = labels.iter().all(|l| l.chars().count() == 1 && l.chars().all(char::is_alphabetic));
    let counted = (1..).zip(&numbers).all(|(n, v)| f64::from(n) == *v);
    let only_figures = numbers.len() + labels.len() == cells.len();
    if one_letter && counted && only_figures && numbers.len() > 1 {
        return RowKind::Counting;
    }
    let years = numbers.iter().all(|v| v.fract() == 0.0 && (1900.0..=2100.0).contains(v));
    if labels.is_empty() && (years || !has_header) { RowKind::Words } else { RowKind::Figures(first.column) }
}

fn distinct_texts(grid: &Grid, row: u32) -> usize {
    let mut texts: Vec<String> = (0..grid.width().min(MAX_WIDTH))
        .map(|column| clean(&grid.filled(row, column).to_string()))
        .filter(|text| !text.is_empty())
        .collect();
    texts.sort();
    texts.dedup();
    texts.len()
}

fn read_row(grid: &Grid, row: u32, first: u32, header: &[u32], tidy: &mut Tidy) {
    let labels: Vec<String> = grid
        .row(row)
        .iter()
        .take_while(|(name, _)| name.column < first)
        .map(|(_, value)| clean(&value.to_string()))
        .filter(|text| !text.is_empty())
        .collect();
    let label = if labels.is_empty() { format!("row {}", row + 1) } else { labels.join(JOINT) };
    for (name, value) in grid.row(row).iter().filter(|(name, _)| name.column >= first) {
        let Some(figure) = figure(value) else { continue };
        let lines = header_lines(grid, header, name.column);
        let (time, period, status) = header_time(&lines);
        let column = if lines.is_empty() { column_name(name.column) } else { lines.join(JOINT) };
        let value = match figure {
            Figure::Value(number) => Some(number),
            Figure::Absent => None,
        };
        tidy.rows.push(TidyRow {
            members: vec![grid.sheet().to_owned(), label.clone(), column],
            time,
            period,
            value,
            status: if value.is_none() { ObsStatus::M } else { status.unwrap_or(ObsStatus::A) },
            at: grid.place(row, name.column),
        });
    }
}

/// The texts over a column from top to bottom; a text merged over several rows counts once.
fn header_lines(grid: &Grid, header: &[u32], column: u32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for row in header {
        let text = clean(&grid.filled(*row, column).to_string());
        if !text.is_empty() && lines.last() != Some(&text) {
            lines.push(text);
        }
    }
    lines
}

type Time = (String, Option<Period>, Option<ObsStatus>);

/// Most lines of a header that are searched for a period.
const MAX_LINES: usize = 12;

/// The period that a header names in the longest run of its lines ("Ước tính / tháng 5 / năm 2022"). A comparison has
/// two periods and a cumulation ("5 tháng / năm 2022") is none of ours: both are left without.
fn header_time(lines: &[String]) -> Time {
    let none = (String::new(), None, None);
    let compares = |line: &String| ["so voi", "ky goc", "compared", " vs "].iter().any(|w| fold(line).contains(w));
    if lines.len() > MAX_LINES || lines.iter().any(compares) {
        return none;
    }
    for length in (1..=lines.len()).rev() {
        for run in lines.windows(length) {
            let text = run.join(" ");
            if read_period(&text, None).is_ok_and(|label| label.ytd) {
                return none;
            }
            if let Some((period, status)) = read_label(&text) {
                return (text, Some(period), status);
            }
        }
    }
    none
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::grid::Merged;

    /// A sheet as the statistics office makes them: title, unit, merged header, column numbers, sections.
    fn sample() -> Workbook {
        let text = |s: &str| CellValue::Text(s.to_owned());
        let cells = vec![
            (0, 0, text("1. Chỉ số sản xuất công nghiệp")),
            (1, 3, text("ĐVT: %")),
            (2, 1, text("Thực hiện")),
            (2, 3, text("So với cùng kỳ")),
            (3, 1, text("Tháng 4/2022")),
            (3, 2, text("Ước  tháng\n5/2022")),
            (4, 0, text("A")),
            (4, 1, CellValue::Number(1.0)),
            (4, 2, CellValue::Number(2.0)),
            (5, 0, text("Toàn ngành")),
            (5, 1, CellValue::Number(104.5)),
            (5, 2, text("105,5")),
            (5, 3, text("-")),
            (6, 0, text("Chia theo ngành")),
            (7, 0, text("Khai khoáng")),
            (7, 2, text("...")),
            (7, 3, CellValue::Error("#REF!".to_owned())),
        ];
        let name = |s: &str| s.parse().unwrap();
        let grid = Grid::from_cells("7.IIP", cells).unwrap();
        let merged = [("B3", "C3"), ("D3", "D4")].map(|(a, b)| Merged { first: name(a), last: name(b) });
        Workbook { format: "XLSX", grids: vec![grid.with_merged(merged)], notes: Vec::new() }
    }

    #[test]
    fn joins_headers_and_labels() {
        let tidy = read_sheets(&sample()).unwrap();
        let rows: Vec<_> = tidy
            .rows
            .iter()
            .map(|r| (r.members[1..].join("|"), r.period.map(|p| p.to_string()), r.value, r.status, r.at.as_str()))
            .collect();
        let may = Some("2022-05".to_owned());
        let estimate = "Thực hiện / Ước tháng 5/2022";
        assert_eq!(
            rows,
            [
                (
                    "Toàn ngành|Thực hiện / Tháng 4/2022".to_owned(),
                    Some("2022-04".to_owned()),
                    Some(104.5),
                    ObsStatus::A,
                    "7.IIP!B6"
                ),
                (format!("Toàn ngành|{estimate}"), may.clone(), Some(105.5), ObsStatus::E, "7.IIP!C6"),
                ("Toàn ngành|So với cùng kỳ".to_owned(), None, Some(0.0), ObsStatus::A, "7.IIP!D6"),
                (format!("Khai khoáng|{estimate}"), may, None, ObsStatus::M, "7.IIP!C8"),
                ("Khai khoáng|So với cùng kỳ".to_owned(), None, None, ObsStatus::M, "7.IIP!D8"),
            ]
        );
    }

    #[test]
    fn a_header_names_one_period_or_none() {
        let time = |header: &str| {
            let lines: Vec<String> = header.split(JOINT).map(str::to_owned).collect();
            let (_, period, status) = header_time(&lines);
            period.map(|p| (p.to_string(), status))
        };
        let of = |period: &str, status| Some((period.to_owned(), status));
        assert_eq!(time("Ước tính / tháng 3 / năm / 2023 / Trị giá"), of("2023-03", Some(ObsStatus::E)));
        assert_eq!(time("Quý IV / năm 2022 / Nghìn người"), of("2022-Q4", None));
        assert_eq!(time("Cộng dồn / 5 tháng / năm / 2024"), None);
        assert_eq!(time("5 tháng / năm 2024"), None);
        assert_eq!(time("Tháng 3 / năm 2023 / so với / cùng kỳ / năm trước"), None);
        assert_eq!(time("Theo giá so sánh 2010 / Tổng số / (Tỷ đồng)"), None);
    }

    #[test]
    fn years_over_columns_are_a_header() {
        let text = |s: &str| CellValue::Text(s.to_owned());
        let cells = vec![
            (0, 1, CellValue::Number(2021.0)),
            (0, 2, CellValue::Number(2022.0)),
            (1, 0, text("Dân số")),
            (1, 1, CellValue::Number(9166.84)),
            (1, 2, CellValue::Number(9390.0)),
        ];
        let grid = Grid::from_cells("s", cells).unwrap();
        let book = Workbook { format: "XLSX", grids: vec![grid], notes: Vec::new() };
        let tidy = read_sheets(&book).unwrap();
        let periods: Vec<_> = tidy.rows.iter().map(|r| r.period.unwrap().to_string()).collect();
        assert_eq!(periods, ["2021", "2022"]);
    }

    #[test]
    fn words_alone_are_refused() {
        let grid = Grid::from_cells("s", vec![(0, 0, CellValue::Text("x".to_owned()))]).unwrap();
        let error = read_sheets(&Workbook { format: "XLS", grids: vec![grid], notes: Vec::new() }).unwrap_err();
        assert_eq!(error.to_string(), "XLS: the workbook: no sheet has numbers beside a text");
    }
}
