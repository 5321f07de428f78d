//! A sheet of a workbook with one header row.

use super::missing;
use crate::feed::cases::cell::{Cell, Columns, EachRow};
use crate::feed::cases::model::Shape;
use crate::format::grid::{CellValue, Grid};
use crate::format::read_workbook;

/// Rows in which the header is looked for.
const HEADER_ROWS: u32 = 20;

pub(super) fn read(
    bytes: &[u8],
    shape: &Shape,
    columns: &Columns,
    required: &[String],
    each: &mut EachRow<'_>,
) -> Result<Vec<String>, String> {
    let workbook = read_workbook(bytes).map_err(|e| e.to_string())?;
    let wanted = |grid: &&Grid| shape.sheet.as_ref().is_none_or(|sheet| sheet.matches(grid.sheet()));
    let mut why = "there is no sheet of that name".to_owned();
    for grid in workbook.grids.iter().filter(wanted) {
        match header_of(grid, columns, required) {
            Ok((row, places)) => {
                rows(grid, row, &places, each);
                return Ok(workbook.notes);
            }
            Err(words) => why = words,
        }
    }
    Err(why)
}

/// The first row that has all the columns.
fn header_of(grid: &Grid, columns: &Columns, required: &[String]) -> Result<(u32, Vec<usize>), String> {
    let mut why = None;
    for row in 0..grid.height().min(HEADER_ROWS) {
        let header: Vec<String> = (0..grid.width()).map(|column| grid.value(row, column).to_string()).collect();
        if header.iter().all(|text| text.trim().is_empty()) {
            continue;
        }
        match missing(required, &header).and_then(|()| columns.find_in(&header)) {
            Ok(places) => return Ok((row, places)),
            // A title above the header lacks everything; the first row with several texts is most likely the header.
            Err(words) if why.is_none() && header.iter().filter(|text| !text.is_empty()).count() > 1 => {
                why = Some(words)
            }
            Err(_) => {}
        }
    }
    Err(format!("sheet \"{}\": {}", grid.sheet(), why.unwrap_or_else(|| "there is no header".to_owned())))
}

fn rows(grid: &Grid, header: u32, places: &[usize], each: &mut EachRow<'_>) {
    for row in header + 1..grid.height() {
        if grid.row(row).iter().all(|(_, value)| value.is_blank()) {
            continue;
        }
        let cells: Vec<Cell<'_>> = places.iter().map(|place| cell(grid.value(row, *place as u32))).collect();
        each(u64::from(row) + 1, Ok(&cells));
    }
}

fn cell(value: &CellValue) -> Cell<'_> {
    match value {
        CellValue::Blank => Cell::Blank,
        CellValue::Text(text) | CellValue::Error(text) => Cell::Text(text),
        CellValue::Number(number) => Cell::Number(*number),
        // A sheet does not tell a day from its midnight.
        CellValue::Date(at) if at.time() == chrono::NaiveTime::MIN => Cell::Day(at.date().to_epoch_days()),
        CellValue::Date(at) => Cell::Local(at.and_utc().timestamp_micros()),
        CellValue::Bool(true) => Cell::Text("TRUE"),
        CellValue::Bool(false) => Cell::Text("FALSE"),
    }
}
