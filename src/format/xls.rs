//! XLS workbooks (Excel 97-2003) as grids. The records are looked through first ([`super::biff`]), because the parser
//! allocates a full rectangle per sheet; a parser that stumbles over a damaged file gives an error, not a panic.

use std::io::Cursor;

use calamine::{Reader, SheetType, SheetVisible, Xls};

use super::FormatError;
use super::biff::{SheetExtent, extents};
use super::compound;
use super::grid::{CellValue, Grid, MAX_CELLS, Workbook};
use super::xlsx::{Budget, cell_value, merged_range};

/// Most cells of the rectangles around the cells of all sheets together.
const MAX_RECTANGLES: u64 = 2 * MAX_CELLS as u64;

/// Most characters in all cells together.
const MAX_TEXT: u64 = 256 << 20;

/// Rows and columns of a sheet of Excel 97-2003.
const MAX_ROWS: u64 = 65_536;
const MAX_COLUMNS: u64 = 256;

/// Reads every visible or hidden worksheet.
///
/// # Errors
/// Not an XLS workbook, a damaged or protected one, or one beyond the limits above.
pub(super) fn read_xls(bytes: &[u8]) -> Result<Workbook, FormatError> {
    let stream = compound::stream(bytes, &["Workbook", "Book"]).map_err(damaged)?;
    let Some(stream) = stream else { return Err(not_a_workbook(bytes)) };
    let extents = extents(&stream).ok_or_else(|| damaged("its records contradict each other"))?;
    guard(&extents)?;
    let guarded = std::panic::catch_unwind(|| read_sheets(bytes, &extents));
    guarded.unwrap_or_else(|_| Err(damaged("its structure contradicts itself")))
}

fn damaged(reason: impl std::fmt::Display) -> FormatError {
    FormatError {
        format: "XLS",
        at: "the workbook".to_owned(),
        message: format!("cannot be read ({reason})"),
        hint: "Open the file in Excel or LibreOffice and save it again as .xlsx.".to_owned(),
    }
}

fn not_a_workbook(bytes: &[u8]) -> FormatError {
    let protected = compound::stream(bytes, &["EncryptedPackage"]).is_ok_and(|s| s.is_some());
    let (message, hint) = if protected {
        ("is protected by a password", "Remove the password in Excel (File, Info, Protect Workbook) and try again.")
    } else {
        ("is a document of Office 97-2003, but not a workbook", "Give an .xls or .xlsx workbook.")
    };
    FormatError { format: "XLS", at: "the file".to_owned(), message: message.to_owned(), hint: hint.to_owned() }
}

fn guard(extents: &[SheetExtent]) -> Result<(), FormatError> {
    let mut cells = 0;
    let mut text = 0;
    for (number, extent) in (1..).zip(extents) {
        let (rows, columns) = extent.declared;
        if rows > MAX_ROWS || columns > MAX_COLUMNS {
            return Err(damaged(format!("sheet {number} declares {rows} rows and {columns} columns")));
        }
        cells += extent.rectangle();
        text += extent.text;
        if cells > MAX_RECTANGLES || text > MAX_TEXT {
            let last = extent.bounds.map_or_else(String::new, |(_, last)| format!(", whose last cell is {last}"));
            return Err(FormatError {
                format: "XLS",
                at: format!("sheet {number}{last}"),
                message: format!("the sheets span more than {MAX_RECTANGLES} cells, or too much text"),
                hint: "Delete stray cells far from the table, or save the file as .xlsx.".to_owned(),
            });
        }
    }
    Ok(())
}

fn read_sheets(bytes: &[u8], extents: &[SheetExtent]) -> Result<Workbook, FormatError> {
    let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(damaged)?;
    let sheets = book.sheets_metadata().to_vec();
    let mut budget = Budget::default();
    let mut grids = Vec::new();
    for (index, sheet) in sheets.iter().enumerate().filter(|(_, s)| s.typ == SheetType::WorkSheet) {
        let range = book.worksheet_range(&sheet.name).map_err(damaged)?;
        let (top, left) = range.start().unwrap_or_default();
        let mut cells = Vec::new();
        for (row, column, value) in range.used_cells() {
            let value = cell_value(value.clone());
            if value != CellValue::Blank {
                budget.spend(&value, &sheet.name)?;
                cells.push((top + row as u32, left + column as u32, value));
            }
        }
        let merged = book.merge_cells_by_sheet_name(&sheet.name).map_err(damaged)?;
        let mut grid = Grid::from_cells(&sheet.name, cells)?.with_merged(merged.iter().map(merged_range));
        grid.hidden = sheet.visible != SheetVisible::Visible;
        grid.hidden_rows = extents.get(index).map(|e| e.hidden_rows.clone()).unwrap_or_default();
        grids.push(grid);
    }
    Ok(Workbook { format: "XLS", grids, notes: Vec::new() })
}

#[cfg(test)]
#[path = "xls_tests.rs"]
mod tests;
