//! Rows of `rejected_rows`.

use arrow::array::RecordBatch;

use crate::domain::Vintage;
use crate::store::columns::{self, Columns, cell};
use crate::store::{StoreError, Table};

/// A cell or row of a source that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedRow {
    /// Feed code.
    pub feed: String,
    /// Run that met it.
    pub run_id: String,
    /// File and sheet, or URL.
    pub source_ref: String,
    /// Line or row number in the source, from 1; `None` when the whole file is meant.
    pub row: Option<i64>,
    /// Column letter or name.
    pub column: Option<String>,
    /// The text found there.
    pub value: Option<String>,
    /// Why it was not taken and what to do.
    pub reason: String,
    /// When it was pulled.
    pub recorded_at: Vintage,
}

/// Rows to a batch of `rejected_rows`.
pub fn rejected_rows_batch(rows: &[RejectedRow]) -> Result<RecordBatch, StoreError> {
    columns::batch(
        Table::RejectedRows,
        vec![
            columns::text(rows.iter().map(|r| &r.feed)),
            columns::text(rows.iter().map(|r| &r.run_id)),
            columns::text(rows.iter().map(|r| &r.source_ref)),
            columns::long_or_null(rows.iter().map(|r| r.row)),
            columns::text_or_null(rows.iter().map(|r| r.column.as_ref())),
            columns::text_or_null(rows.iter().map(|r| r.value.as_ref())),
            columns::text(rows.iter().map(|r| &r.reason)),
            columns::instant(rows.iter().map(|r| r.recorded_at)),
        ],
    )
}

/// A batch of `rejected_rows` to rows.
pub fn read_rejected_rows(batch: &RecordBatch) -> Result<Vec<RejectedRow>, StoreError> {
    let columns = Columns::of(Table::RejectedRows, batch)?;
    let [feed, run_id, source, column, value, reason] =
        ["feed", "run_id", "source_ref", "column", "value", "reason"].map(|n| columns.text(n));
    let line = columns.long("row");
    let recorded_at = columns.instant("recorded_at");
    let text = |array, row| cell(array, row).map(str::to_owned);
    let rows = (0..columns.rows()).map(|row| RejectedRow {
        feed: feed.value(row).to_owned(),
        run_id: run_id.value(row).to_owned(),
        source_ref: source.value(row).to_owned(),
        row: cell(line, row),
        column: text(column, row),
        value: text(value, row),
        reason: reason.value(row).to_owned(),
        recorded_at: Vintage::from_micros(recorded_at.value(row)),
    });
    Ok(rows.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_survive_the_way_to_a_batch_and_back() {
        let cell = RejectedRow {
            feed: "department".to_owned(),
            run_id: "r1".to_owned(),
            source_ref: "Sở Y tế.xlsx!Tháng 5".to_owned(),
            row: Some(14),
            column: Some("C".to_owned()),
            value: Some("1.23.4".to_owned()),
            reason: "\"1.23.4\" is not a number".to_owned(),
            recorded_at: Vintage::from_micros(5),
        };
        let file = RejectedRow { row: None, column: None, value: None, ..cell.clone() };
        let rows = vec![cell, file];
        assert_eq!(read_rejected_rows(&rejected_rows_batch(&rows).unwrap()).unwrap(), rows);
    }
}
