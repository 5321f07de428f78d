//! Excel workbooks: numbers as numbers, dates as dates, text as text.

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Float64Type, SchemaRef};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};

use super::EncodeError;

const SHEET_ROWS_MAX: usize = 1_048_576;

/// One sheet with a frozen, filtered header.
pub fn write(schema: &SchemaRef, batches: &[RecordBatch], sheet: &str) -> Result<Vec<u8>, EncodeError> {
    let mut workbook = Workbook::new();
    let page = workbook.add_worksheet();
    page.set_name(sheet_name(sheet))?;
    write_table(page, schema, batches)?;
    Ok(workbook.save_to_buffer()?)
}

/// What of a name can be the name of a sheet.
pub fn sheet_name(name: &str) -> String {
    name.chars().filter(|c| !"[]:*?/\\".contains(*c)).take(31).collect()
}

/// Fills a sheet.
pub fn write_table(page: &mut Worksheet, schema: &SchemaRef, batches: &[RecordBatch]) -> Result<(), EncodeError> {
    let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
    if rows >= SHEET_ROWS_MAX {
        return Err(EncodeError::TooManyRows(rows));
    }
    let bold = Format::new().set_bold();
    for (column, field) in schema.fields().iter().enumerate() {
        page.write_string_with_format(0, column as u16, field.name(), &bold)?;
    }
    let mut first = 1;
    for batch in batches {
        for column in 0..batch.num_columns() {
            write_column(page, first, column as u16, batch.column(column).as_ref())?;
        }
        first += batch.num_rows() as u32;
    }
    page.set_freeze_panes(1, 0)?;
    if let Some(last) = schema.fields().len().checked_sub(1) {
        page.autofilter(0, 0, rows as u32, last as u16)?;
    }
    page.autofit();
    Ok(())
}

fn write_column(page: &mut Worksheet, first: u32, column: u16, values: &dyn Array) -> Result<(), EncodeError> {
    let present = |row: usize| values.is_valid(row);
    match values.data_type() {
        t if t.is_numeric() => {
            let numbers = cast(values, &DataType::Float64)?;
            let numbers = numbers.as_primitive::<Float64Type>();
            for row in (0..values.len()).filter(|r| present(*r)) {
                page.write_number(first + row as u32, column, numbers.value(row))?;
            }
        }
        DataType::Boolean => {
            for row in (0..values.len()).filter(|r| present(*r)) {
                page.write_boolean(first + row as u32, column, values.as_boolean().value(row))?;
            }
        }
        DataType::Date32 => {
            let day = Format::new().set_num_format("yyyy-mm-dd");
            let days = values.as_primitive::<Date32Type>();
            for row in (0..values.len()).filter(|r| present(*r)) {
                if let Some(date) = days.value_as_date(row) {
                    let date = ExcelDateTime::parse_from_str(&date.to_string())?;
                    page.write_datetime_with_format(first + row as u32, column, &date, &day)?;
                }
            }
        }
        _ => {
            let options = FormatOptions::default();
            let text = ArrayFormatter::try_new(values, &options)?;
            for row in (0..values.len()).filter(|r| present(*r)) {
                page.write_string(first + row as u32, column, text.value(row).to_string())?;
            }
        }
    }
    Ok(())
}
