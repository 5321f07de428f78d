//! XLSX workbooks as grids, guarded: the archive is measured by really inflating it before the parser sees it, cells
//! are streamed and counted. Formulas give the values that Excel stored; they are not computed.

use std::io::{Cursor, Read};

use calamine::{Data, Dimensions, Reader, SheetType, SheetVisible, Xlsx};

use super::FormatError;
use super::grid::{CellName, CellValue, Grid, MAX_CELLS, Merged, Workbook, too_many_cells};
use super::xlsx_rows::hidden_rows;

/// Most files in the archive.
const MAX_ENTRIES: usize = 2_000;

/// Most bytes of all files in the archive together, inflated.
const MAX_INFLATED: u64 = 100 << 20;

/// Most bytes of text in all cells together: one shared string may be used by every cell.
const MAX_TEXT: usize = 256 << 20;

/// Reads every visible or hidden worksheet.
///
/// # Errors
/// Not an XLSX archive, a damaged or protected one, or one beyond the limits above.
pub(super) fn read_xlsx(bytes: &[u8]) -> Result<Workbook, FormatError> {
    guard_archive(bytes)?;
    let guarded = std::panic::catch_unwind(|| read_sheets(bytes));
    guarded.unwrap_or_else(|_| Err(damaged("the workbook", "its structure contradicts itself")))
}

fn error(at: &str, message: impl Into<String>, hint: &str) -> FormatError {
    FormatError { format: "XLSX", at: at.to_owned(), message: message.into(), hint: hint.to_owned() }
}

fn damaged(at: &str, reason: impl std::fmt::Display) -> FormatError {
    error(at, format!("cannot be read ({reason})"), "Open the file in Excel or LibreOffice and save it again as .xlsx.")
}

/// Inflates everything once, counting, and checks the one declared count that the parser trusts.
fn guard_archive(bytes: &[u8]) -> Result<(), FormatError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| damaged("the archive", e))?;
    if archive.len() > MAX_ENTRIES {
        let message = format!("{} files inside, more than {MAX_ENTRIES}", archive.len());
        return Err(error("the archive", message, "Save only the sheets that are needed in a new workbook."));
    }
    let mut left = MAX_INFLATED;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|e| damaged("the archive", e))?;
        let strings = entry.name().is_ok_and(|n| n.to_ascii_lowercase().ends_with("sharedstrings.xml"));
        let mut head = Vec::new();
        let mut counted = entry.by_ref().take(left + 1);
        let wanted = if strings { 4096 } else { 0 };
        counted.by_ref().take(wanted).read_to_end(&mut head).map_err(|e| damaged("the archive", e))?;
        let rest = std::io::copy(&mut counted, &mut std::io::sink()).map_err(|e| damaged("the archive", e))?;
        let size = head.len() as u64 + rest;
        if size > left {
            let message = format!("more than {} MB when inflated", MAX_INFLATED >> 20);
            return Err(error("the archive", message, "Split the workbook, or save only the sheets that are needed."));
        }
        if strings && !plausible_string_count(&head, size) {
            return Err(damaged("the shared strings", "more strings declared than the file can hold"));
        }
        left -= size;
    }
    Ok(())
}

/// The parser reserves memory for the declared number of shared strings; each takes at least `<si/>`.
fn plausible_string_count(head: &[u8], size: u64) -> bool {
    let text = String::from_utf8_lossy(head);
    text.split("uniqueCount").skip(1).all(|after| {
        let digits: String = after
            .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '=' | '"' | '\'' | '+'))
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        digits.is_empty() || digits.parse::<u64>().is_ok_and(|n| n <= size)
    })
}

fn read_sheets(bytes: &[u8]) -> Result<Workbook, FormatError> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|e| damaged("the workbook", e))?;
    let sheets = book.sheets_metadata().to_vec();
    let mut hidden = hidden_rows(bytes);
    let mut budget = Budget::default();
    let mut grids = Vec::new();
    for sheet in sheets.iter().filter(|s| s.typ == SheetType::WorkSheet) {
        let at = format!("sheet \"{}\"", sheet.name);
        let cells = stream_cells(&mut book, &sheet.name, &mut budget)?;
        let merged = book.merge_cells_by_sheet_name(&sheet.name).map_err(|e| damaged(&at, e))?;
        let mut grid = Grid::from_cells(&sheet.name, cells)?.with_merged(merged.iter().map(merged_range));
        grid.hidden = sheet.visible != SheetVisible::Visible;
        grid.hidden_rows = hidden.remove(&sheet.name).unwrap_or_default();
        grids.push(grid);
    }
    Ok(Workbook { format: "XLSX", grids, notes: Vec::new() })
}

fn stream_cells<RS: Read + std::io::Seek>(
    book: &mut Xlsx<RS>,
    sheet: &str,
    budget: &mut Budget,
) -> Result<Vec<(u32, u32, CellValue)>, FormatError> {
    let at = format!("sheet \"{sheet}\"");
    let mut reader = book.worksheet_cells_reader(sheet).map_err(|e| damaged(&at, e))?;
    let mut cells = Vec::new();
    while let Some(cell) = reader.next_cell().map_err(|e| damaged(&at, e))? {
        let value = cell_value(Data::from(cell.get_value().clone()));
        if value != CellValue::Blank {
            budget.spend(&value, sheet)?;
            let (row, column) = cell.get_position();
            cells.push((row, column, value));
        }
    }
    Ok(cells)
}

/// What is left of the limits on cells and text of one workbook.
#[derive(Default)]
pub(super) struct Budget {
    cells: usize,
    text: usize,
}

impl Budget {
    /// Counts one cell.
    ///
    /// # Errors
    /// More cells or more text than one workbook may have.
    pub(super) fn spend(&mut self, value: &CellValue, sheet: &str) -> Result<(), FormatError> {
        self.cells += 1;
        self.text += value.as_text().map_or(0, str::len);
        if self.cells > MAX_CELLS || self.text > MAX_TEXT {
            return Err(too_many_cells(sheet));
        }
        Ok(())
    }
}

/// Both corners of a merged range.
pub(super) fn merged_range(range: &Dimensions) -> Merged {
    Merged {
        first: CellName { row: range.start.0, column: range.start.1 },
        last: CellName { row: range.end.0, column: range.end.1 },
    }
}

/// The value of a cell; a duration is its number of days.
pub(super) fn cell_value(value: Data) -> CellValue {
    match value {
        Data::Empty => CellValue::Blank,
        Data::Int(number) => CellValue::Number(number as f64),
        Data::Float(number) => CellValue::Number(number),
        Data::String(text) if text.is_empty() => CellValue::Blank,
        Data::String(text) | Data::DurationIso(text) => CellValue::Text(text),
        Data::Bool(value) => CellValue::Bool(value),
        Data::DateTime(at) if at.is_duration() => CellValue::Number(at.as_f64()),
        Data::DateTime(at) => excel_date(&at).map_or(CellValue::Number(at.as_f64()), CellValue::Date),
        Data::DateTimeIso(text) => match text.parse() {
            Ok(at) => CellValue::Date(at),
            Err(_) => text
                .parse::<chrono::NaiveDate>()
                .map_or(CellValue::Text(text), |day| CellValue::Date(day.and_time(chrono::NaiveTime::MIN))),
        },
        Data::Error(error) => CellValue::Error(error.to_string()),
    }
}

/// A serial number outside Excel's calendar stays a number.
fn excel_date(at: &calamine::ExcelDateTime) -> Option<chrono::NaiveDateTime> {
    (0.0..2_958_466.0).contains(&at.as_f64()).then(|| at.as_datetime()).flatten()
}
