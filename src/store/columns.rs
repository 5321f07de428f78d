//! Between Rust values and Arrow columns, typed and checked once per batch.
//!
//! Building: one function per column type. Reading: [`Columns`] takes a batch as any reader gives it (views,
//! dictionaries, UTC or city time), converts it to the schema of its table and hands out typed cells.

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Date32Array, Float64Array, Int32Array, Int64Array, RecordBatch,
    StringArray, TimestampMicrosecondArray,
};
use arrow::datatypes::{
    Date32Type, Field, Float64Type, Int32Type, Int64Type, Schema, SchemaRef, TimestampMicrosecondType,
};
use datafusion::common::HashSet;

use super::StoreError;
use super::schema::{CITY_TIME, Table};
use crate::domain::{Period, Vintage};

/// A batch of `table` from columns in schema order.
pub(super) fn batch(table: Table, columns: Vec<ArrayRef>) -> Result<RecordBatch, StoreError> {
    RecordBatch::try_new(table.schema(), columns).map_err(|source| StoreError::Arrow { table, source })
}

pub(super) fn text<S: AsRef<str>>(cells: impl Iterator<Item = S>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(cells))
}

pub(super) fn text_or_null<S: AsRef<str>>(cells: impl Iterator<Item = Option<S>>) -> ArrayRef {
    Arc::new(cells.collect::<StringArray>())
}

pub(super) fn number(cells: impl Iterator<Item = f64>) -> ArrayRef {
    Arc::new(Float64Array::from_iter_values(cells))
}

pub(super) fn number_or_null(cells: impl Iterator<Item = Option<f64>>) -> ArrayRef {
    Arc::new(cells.collect::<Float64Array>())
}

pub(super) fn int(cells: impl Iterator<Item = i32>) -> ArrayRef {
    Arc::new(Int32Array::from_iter_values(cells))
}

pub(super) fn long(cells: impl Iterator<Item = i64>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(cells))
}

pub(super) fn long_or_null(cells: impl Iterator<Item = Option<i64>>) -> ArrayRef {
    Arc::new(cells.collect::<Int64Array>())
}

pub(super) fn flag(cells: impl Iterator<Item = bool>) -> ArrayRef {
    Arc::new(cells.map(Some).collect::<BooleanArray>())
}

pub(super) fn first_day(cells: impl Iterator<Item = Period>) -> ArrayRef {
    let days = cells.map(|period| Date32Type::from_naive_date(period.first_day()));
    Arc::new(Date32Array::from_iter_values(days))
}

pub(super) fn instant(cells: impl Iterator<Item = Vintage>) -> ArrayRef {
    let micros = cells.map(Vintage::micros);
    Arc::new(TimestampMicrosecondArray::from_iter_values(micros).with_timezone(CITY_TIME))
}

pub(super) fn instant_or_null(cells: impl Iterator<Item = Option<Vintage>>) -> ArrayRef {
    let micros = cells.map(|at| at.map(Vintage::micros));
    Arc::new(micros.collect::<TimestampMicrosecondArray>().with_timezone(CITY_TIME))
}

pub(super) fn flag_or_null(cells: impl Iterator<Item = Option<bool>>) -> ArrayRef {
    Arc::new(cells.collect::<BooleanArray>())
}

/// A batch of one table as typed columns.
pub(super) struct Columns {
    table: Table,
    schema: SchemaRef,
    arrays: Vec<ArrayRef>,
    rows: usize,
}

impl Columns {
    /// Converts every column of the table's schema; columns that the table does not have are ignored.
    pub(super) fn of(table: Table, batch: &RecordBatch) -> Result<Self, StoreError> {
        Self::with_schema(table, table.schema(), batch)
    }

    /// As [`Columns::of`], for a batch with a few columns of the table only.
    pub(super) fn some_of(table: Table, batch: &RecordBatch, names: &[&str]) -> Result<Self, StoreError> {
        let whole = table.schema();
        let fields: Vec<Field> = names.iter().filter_map(|name| whole.field_with_name(name).ok().cloned()).collect();
        Self::with_schema(table, Arc::new(Schema::new(fields)), batch)
    }

    fn with_schema(table: Table, schema: SchemaRef, batch: &RecordBatch) -> Result<Self, StoreError> {
        let mut arrays = Vec::with_capacity(schema.fields().len());
        for field in schema.fields() {
            let column = batch.column_by_name(field.name()).ok_or_else(|| StoreError::Column {
                table,
                column: field.name().clone(),
                problem: "is missing".to_owned(),
            })?;
            let array = arrow::compute::cast(column, field.data_type())
                .map_err(|source| StoreError::Arrow { table, source })?;
            if !field.is_nullable() && array.null_count() > 0 {
                let problem = format!("has {} nulls", array.null_count());
                return Err(StoreError::Column { table, column: field.name().clone(), problem });
            }
            arrays.push(array);
        }
        Ok(Self { table, schema, arrays, rows: batch.num_rows() })
    }

    /// Rows in the batch.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// The column; its type was settled by [`Columns::of`] and its name is the engine's own.
    fn array(&self, name: &str) -> &ArrayRef {
        let index = self.schema.index_of(name).expect("columns are named as in the schema");
        &self.arrays[index]
    }

    pub(super) fn text(&self, name: &str) -> &StringArray {
        self.array(name).as_string::<i32>()
    }

    pub(super) fn number(&self, name: &str) -> &Float64Array {
        self.array(name).as_primitive::<Float64Type>()
    }

    pub(super) fn int(&self, name: &str) -> &Int32Array {
        self.array(name).as_primitive::<Int32Type>()
    }

    pub(super) fn long(&self, name: &str) -> &Int64Array {
        self.array(name).as_primitive::<Int64Type>()
    }

    pub(super) fn flag(&self, name: &str) -> &BooleanArray {
        self.array(name).as_boolean()
    }

    pub(super) fn instant(&self, name: &str) -> &TimestampMicrosecondArray {
        self.array(name).as_primitive::<TimestampMicrosecondType>()
    }

    /// A text column that holds words of the domain.
    pub(super) fn words<T: FromStr + Clone>(&self, name: &'static str) -> Words<'_, T> {
        Words { columns: self, name, array: self.text(name), known: HashMap::new() }
    }

    /// The error for a cell that the engine cannot have written.
    pub(super) fn refuse(&self, column: &'static str, value: impl ToString) -> StoreError {
        StoreError::Value { table: self.table, column, value: value.to_string() }
    }
}

/// A text column of words that repeat in many rows; each is read once.
pub(super) struct Words<'a, T> {
    columns: &'a Columns,
    name: &'static str,
    array: &'a StringArray,
    known: HashMap<&'a str, T>,
}

impl<T: FromStr + Clone> Words<'_, T> {
    /// The word in a row.
    pub(super) fn read(&mut self, row: usize) -> Result<T, StoreError> {
        let text = self.array.value(row);
        if let Some(known) = self.known.get(text) {
            return Ok(known.clone());
        }
        let word: T = text.parse().map_err(|_| self.columns.refuse(self.name, text))?;
        self.known.insert(text, word.clone());
        Ok(word)
    }
}

/// The value of a cell, `None` where it is null.
pub(super) fn cell<'a, A: arrow::array::ArrayAccessor + 'a>(array: A, row: usize) -> Option<A::Item> {
    array.is_valid(row).then(|| array.value(row))
}

/// Codes that repeat in many rows are kept once.
#[derive(Default)]
pub(super) struct Codes(HashSet<Arc<str>>);

impl Codes {
    /// The one copy of `code`.
    pub(super) fn share(&mut self, code: &str) -> Arc<str> {
        if let Some(known) = self.0.get(code) {
            return known.clone();
        }
        let new: Arc<str> = code.into();
        self.0.insert(new.clone());
        new
    }
}
