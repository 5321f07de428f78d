//! A workbook to be read: a titled table of periods by lines with units, number formats and marks of what is not final,
//! footnotes below, and every figure with all that is known of it on a second sheet.

use arrow::array::RecordBatch;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet};

use super::{EncodeError, plain, xlsx};

/// A column of a board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardColumn {
    /// What it is of.
    pub name: String,
    /// Unit of its figures.
    pub unit: String,
    /// Decimals shown.
    pub decimals: u8,
}

/// A figure on a board; the mark (`e`, `p*`) stands behind it, the cell stays a number.
#[derive(Debug, Clone, PartialEq)]
pub struct BoardCell {
    /// The figure.
    pub value: f64,
    /// Marks, explained in the notes; empty for a final and whole figure.
    pub mark: String,
}

/// A table to be read.
#[derive(Debug, Clone, Default)]
pub struct Board {
    /// Name of the sheet.
    pub sheet: String,
    /// Name of the sheet with the details.
    pub detail_sheet: String,
    /// What it says.
    pub title: String,
    /// As of when, which version, from where; under the title.
    pub about: Vec<String>,
    /// Heading of the first column.
    pub heading: String,
    /// Heading of the line of units.
    pub unit_heading: String,
    /// The columns.
    pub columns: Vec<BoardColumn>,
    /// The rows: label and one figure per column.
    pub rows: Vec<(String, Vec<Option<BoardCell>>)>,
    /// Footnotes.
    pub notes: Vec<String>,
    /// Day of the newest figure, `2022-06-29`: the workbook is dated by its content, not by when it was written.
    pub day: Option<String>,
}

/// Writes a board and, on a second sheet, the rows it was made of.
pub fn board(board: &Board, details: &RecordBatch) -> Result<Vec<u8>, EncodeError> {
    let mut workbook = Workbook::new();
    let mut properties = DocProperties::new().set_title(&board.title);
    let day = board.day.as_deref().unwrap_or("2000-01-01");
    properties = properties.set_creation_datetime(&ExcelDateTime::parse_from_str(day)?);
    workbook.set_properties(&properties);
    write_board(workbook.add_worksheet(), board)?;
    let page = workbook.add_worksheet();
    page.set_name(xlsx::sheet_name(&board.detail_sheet))?;
    let details = plain(details)?;
    xlsx::write_table(page, &details.schema(), &[details])?;
    Ok(workbook.save_to_buffer()?)
}

fn write_board(page: &mut Worksheet, board: &Board) -> Result<(), EncodeError> {
    page.set_name(xlsx::sheet_name(&board.sheet))?;
    page.write_string_with_format(0, 0, &board.title, &Format::new().set_bold().set_font_size(14))?;
    let muted = Format::new().set_font_color(0x0056_6573);
    let mut row = 1;
    for line in &board.about {
        page.write_string_with_format(row, 0, line, &muted)?;
        row += 1;
    }
    row += 1;
    row = write_head(page, board, row)?;
    page.set_freeze_panes(row, 1)?;
    page.set_repeat_rows(row - 2, row - 1)?;
    for (label, cells) in &board.rows {
        page.write_string(row, 0, label)?;
        for (column, cell) in (1u16..).zip(cells) {
            let Some(cell) = cell else { continue };
            let decimals = board.columns[usize::from(column) - 1].decimals;
            page.write_number_with_format(row, column, cell.value, &number(decimals, &cell.mark))?;
        }
        row += 1;
    }
    row += 1;
    for note in &board.notes {
        page.write_string_with_format(row, 0, note, &muted)?;
        row += 1;
    }
    page.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    Ok(())
}

/// Two lines, names and units; gives the row after them.
fn write_head(page: &mut Worksheet, board: &Board, row: u32) -> Result<u32, EncodeError> {
    let name = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Right).set_align(FormatAlign::Bottom);
    let unit = Format::new().set_font_color(0x0056_6573).set_align(FormatAlign::Right);
    let unit = unit.set_border_bottom(FormatBorder::Thin);
    let (first, below) = (name.clone().set_align(FormatAlign::Left), unit.clone().set_align(FormatAlign::Left));
    page.write_string_with_format(row, 0, &board.heading, &first)?;
    page.write_string_with_format(row + 1, 0, &board.unit_heading, &below)?;
    page.set_column_width(0, 18)?;
    for (column, head) in (1u16..).zip(&board.columns) {
        page.write_string_with_format(row, column, &head.name, &name)?;
        page.write_string_with_format(row + 1, column, &head.unit, &unit)?;
        page.set_column_width(column, 20)?;
    }
    Ok(row + 2)
}

/// Grouped thousands, fixed decimals, and the mark behind the number; without one as much room, so that digits line up.
fn number(decimals: u8, mark: &str) -> Format {
    let digits = if decimals == 0 { "#,##0".to_owned() } else { format!("#,##0.{}", "0".repeat(decimals.into())) };
    let behind = if mark.is_empty() { "_ _e".to_owned() } else { format!("\" {mark}\"") };
    Format::new().set_num_format(format!("{digits}{behind}"))
}
