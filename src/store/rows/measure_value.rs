//! Rows of `measure_values`.

use std::sync::Arc;

use arrow::array::RecordBatch;

use crate::domain::{Breakdown, ObsStatus, Period, Vintage};
use crate::store::columns::{self, Codes, Columns};
use crate::store::{StoreError, Table};

/// A measure at a lowest area, breakdown and base period.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasureValueRow {
    /// Measure code.
    pub measure: Arc<str>,
    /// Area code.
    pub area: Arc<str>,
    /// Authority code, `_T` for all.
    pub org: Arc<str>,
    /// Breakdown.
    pub breakdown: Breakdown,
    /// Base period.
    pub period: Period,
    /// Sum of the values in the measure's unit.
    pub sum: f64,
    /// How many values.
    pub count: i64,
    /// The least value.
    pub min: f64,
    /// The greatest value.
    pub max: f64,
    /// The value at the end of the period.
    pub last: f64,
    /// The least firm status.
    pub status: ObsStatus,
    /// The newest vintage.
    pub vintage: Vintage,
}

/// Rows to a batch of `measure_values`.
pub fn measure_values_batch(rows: &[MeasureValueRow]) -> Result<RecordBatch, StoreError> {
    columns::batch(
        Table::MeasureValues,
        vec![
            columns::text(rows.iter().map(|r| &r.measure)),
            columns::text(rows.iter().map(|r| &r.area)),
            columns::text(rows.iter().map(|r| &r.org)),
            columns::text(rows.iter().map(|r| r.breakdown.to_string())),
            columns::text(rows.iter().map(|r| r.period.freq().as_str())),
            columns::text(rows.iter().map(|r| r.period.to_string())),
            columns::first_day(rows.iter().map(|r| r.period)),
            columns::number(rows.iter().map(|r| r.sum)),
            columns::long(rows.iter().map(|r| r.count)),
            columns::number(rows.iter().map(|r| r.min)),
            columns::number(rows.iter().map(|r| r.max)),
            columns::number(rows.iter().map(|r| r.last)),
            columns::text(rows.iter().map(|r| r.status.as_str())),
            columns::instant(rows.iter().map(|r| r.vintage)),
            columns::int(rows.iter().map(|r| r.period.year())),
        ],
    )
}

/// A batch of `measure_values` to rows.
pub fn read_measure_values(batch: &RecordBatch) -> Result<Vec<MeasureValueRow>, StoreError> {
    let columns = Columns::of(Table::MeasureValues, batch)?;
    let [measure, area, org] = ["measure_code", "area_code", "org_code"].map(|n| columns.text(n));
    let [sum, min, max, last] = ["sum", "min", "max", "last"].map(|n| columns.number(n));
    let count = columns.long("count");
    let vintage = columns.instant("vintage");
    let mut codes = Codes::default();
    let mut breakdown = columns.words("breakdown");
    let mut period = columns.words("period");
    let mut status = columns.words("obs_status");
    let mut rows = Vec::with_capacity(columns.rows());
    for row in 0..columns.rows() {
        rows.push(MeasureValueRow {
            measure: codes.share(measure.value(row)),
            area: codes.share(area.value(row)),
            org: codes.share(org.value(row)),
            breakdown: breakdown.read(row)?,
            period: period.read(row)?,
            sum: sum.value(row),
            count: count.value(row),
            min: min.value(row),
            max: max.value(row),
            last: last.value(row),
            status: status.read(row)?,
            vintage: Vintage::from_micros(vintage.value(row)),
        });
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_survive_the_way_to_a_batch_and_back() {
        let rows = vec![MeasureValueRow {
            measure: "births".into(),
            area: "26734".into(),
            org: "_T".into(),
            breakdown: Breakdown::TOTAL,
            period: "2021-12".parse().unwrap(),
            sum: 12.0,
            count: 3,
            min: 1.0,
            max: 8.0,
            last: 8.0,
            status: ObsStatus::P,
            vintage: Vintage::from_micros(9),
        }];
        assert_eq!(read_measure_values(&measure_values_batch(&rows).unwrap()).unwrap(), rows);
    }
}
