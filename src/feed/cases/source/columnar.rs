//! Parquet: only the wanted columns are decoded, batch by batch.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Float64Type, Int64Type, TimeUnit, TimestampMicrosecondType};
use bytes::Bytes;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::missing;
use crate::feed::cases::cell::{Cell, Columns, EachRow};

/// Rows decoded at a time.
const BATCH_ROWS: usize = 32_768;

pub(super) fn read(
    bytes: &[u8],
    columns: &Columns,
    required: &[String],
    each: &mut EachRow<'_>,
) -> Result<Vec<String>, String> {
    let damaged = |e: &dyn std::fmt::Display| format!("the Parquet file cannot be read ({e})");
    let builder = ParquetRecordBatchReaderBuilder::try_new(Bytes::copy_from_slice(bytes)).map_err(|e| damaged(&e))?;
    let header: Vec<String> = builder.schema().fields().iter().map(|field| field.name().clone()).collect();
    missing(required, &header)?;
    let places = columns.find_in(&header)?;
    let mask = ProjectionMask::roots(builder.parquet_schema(), places.iter().copied());
    let reader = builder.with_projection(mask).with_batch_size(BATCH_ROWS).build().map_err(|e| damaged(&e))?;
    let mut row = 1;
    for batch in reader {
        let batch = batch.map_err(|e| damaged(&e))?;
        let views = columns_of(&batch, &places, &header)?;
        for at in 0..batch.num_rows() {
            let cells: Vec<Cell<'_>> = views.iter().map(|view| view.cell(at)).collect();
            each(row, Ok(&cells));
            row += 1;
        }
    }
    Ok(Vec::new())
}

/// A column in one of the forms that cells have.
enum View {
    Text(StringArray),
    Int(ArrayRef),
    Number(ArrayRef),
    Instant(ArrayRef),
    Local(ArrayRef),
    Day(ArrayRef),
}

impl View {
    fn of(column: &ArrayRef) -> Result<Self, arrow::error::ArrowError> {
        let to = |data_type: DataType| cast(column, &data_type);
        Ok(match column.data_type() {
            DataType::Timestamp(_, Some(zone)) => {
                View::Instant(to(DataType::Timestamp(TimeUnit::Microsecond, Some(zone.clone())))?)
            }
            DataType::Date32 | DataType::Date64 => View::Day(to(DataType::Date32)?),
            DataType::Timestamp(_, None) => View::Local(to(DataType::Timestamp(TimeUnit::Microsecond, None))?),
            DataType::Float16 | DataType::Float32 | DataType::Float64 => View::Number(to(DataType::Float64)?),
            data_type if data_type.is_signed_integer() || data_type.is_unsigned_integer() => {
                View::Int(to(DataType::Int64)?)
            }
            _ => View::Text(to(DataType::Utf8)?.as_string::<i32>().clone()),
        })
    }

    fn cell(&self, row: usize) -> Cell<'_> {
        let array: &dyn Array = match self {
            View::Text(array) => array,
            View::Int(array) | View::Number(array) | View::Instant(array) | View::Local(array) | View::Day(array) => {
                array
            }
        };
        if array.is_null(row) {
            return Cell::Blank;
        }
        match self {
            View::Text(array) => Cell::Text(array.value(row)),
            View::Int(array) => Cell::Int(array.as_primitive::<Int64Type>().value(row)),
            View::Number(array) => Cell::Number(array.as_primitive::<Float64Type>().value(row)),
            View::Instant(array) => Cell::Instant(array.as_primitive::<TimestampMicrosecondType>().value(row)),
            View::Day(array) => Cell::Day(array.as_primitive::<Date32Type>().value(row)),
            View::Local(array) => Cell::Local(array.as_primitive::<TimestampMicrosecondType>().value(row)),
        }
    }
}

fn columns_of(batch: &RecordBatch, places: &[usize], header: &[String]) -> Result<Vec<View>, String> {
    let view = |place: &usize| {
        let name = &header[*place];
        let column: &ArrayRef = batch.column_by_name(name).ok_or_else(|| format!("the column \"{name}\" is gone"))?;
        View::of(&Arc::clone(column)).map_err(|e| format!("the column \"{name}\" cannot be read ({e})"))
    };
    places.iter().map(view).collect()
}
