//! Rows of `observations`.

use std::sync::Arc;

use arrow::array::RecordBatch;

use crate::domain::{Observation, Vintage};
use crate::store::columns::{self, Codes, Columns, cell};
use crate::store::{StoreError, Table};

/// A reported value with the pull that brought it.
#[derive(Debug, Clone, PartialEq)]
pub struct ObservationRow {
    /// The reported value.
    pub observation: Observation,
    /// Feed code.
    pub feed: Arc<str>,
    /// Run that brought it.
    pub run_id: Arc<str>,
    /// When it was pulled.
    pub recorded_at: Vintage,
}

/// Rows to a batch of `observations`.
pub fn observations_batch(rows: &[ObservationRow]) -> Result<RecordBatch, StoreError> {
    let seen = || rows.iter().map(|row| &row.observation);
    columns::batch(
        Table::Observations,
        vec![
            columns::text(seen().map(|o| &o.measure)),
            columns::text(seen().map(|o| &o.area)),
            columns::text(seen().map(|o| &o.org)),
            columns::text(seen().map(|o| o.breakdown.to_string())),
            columns::text(seen().map(|o| o.period.freq().as_str())),
            columns::text(seen().map(|o| o.period.to_string())),
            columns::first_day(seen().map(|o| o.period)),
            columns::number_or_null(seen().map(|o| o.value)),
            columns::text(seen().map(|o| o.status.as_str())),
            columns::instant(seen().map(|o| o.vintage)),
            columns::text(rows.iter().map(|row| &row.feed)),
            columns::text(rows.iter().map(|row| &row.run_id)),
            columns::text(seen().map(|o| &o.source_ref)),
            columns::text_or_null(seen().map(|o| o.note.as_ref())),
            columns::instant(rows.iter().map(|row| row.recorded_at)),
            columns::int(seen().map(|o| o.period.year())),
        ],
    )
}

/// A batch of `observations` to rows.
pub fn read_observations(batch: &RecordBatch) -> Result<Vec<ObservationRow>, StoreError> {
    let columns = Columns::of(Table::Observations, batch)?;
    let [measure, area, org, feed, run, source, note] =
        ["measure_code", "area_code", "org_code", "feed", "run_id", "source_ref", "note"].map(|n| columns.text(n));
    let value = columns.number("value");
    let [vintage, recorded_at] = ["vintage", "recorded_at"].map(|n| columns.instant(n));
    let mut codes = Codes::default();
    let mut breakdown = columns.words("breakdown");
    let mut period = columns.words("period");
    let mut status = columns.words("obs_status");
    let mut rows = Vec::with_capacity(columns.rows());
    for row in 0..columns.rows() {
        rows.push(ObservationRow {
            observation: Observation {
                measure: codes.share(measure.value(row)),
                area: codes.share(area.value(row)),
                org: codes.share(org.value(row)),
                breakdown: breakdown.read(row)?,
                period: period.read(row)?,
                value: cell(value, row),
                status: status.read(row)?,
                vintage: Vintage::from_micros(vintage.value(row)),
                source_ref: source.value(row).to_owned(),
                note: cell(note, row).map(str::to_owned),
            },
            feed: codes.share(feed.value(row)),
            run_id: codes.share(run.value(row)),
            recorded_at: Vintage::from_micros(recorded_at.value(row)),
        });
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Breakdown, ObsStatus};

    #[test]
    fn rows_survive_the_way_to_a_batch_and_back() {
        let row = |period: &str, value, status, note: Option<&str>| ObservationRow {
            observation: Observation {
                measure: "retail_total".into(),
                area: "79".into(),
                org: "_T".into(),
                breakdown: Breakdown::member("industry", "C10"),
                period: period.parse().unwrap(),
                value,
                status,
                vintage: "2022-05-29T09:30:00".parse().unwrap(),
                source_ref: "Biểu 5.xlsx!TM!C14".to_owned(),
                note: note.map(str::to_owned),
            },
            feed: "gso".into(),
            run_id: "0123456789abcdef".into(),
            recorded_at: Vintage::from_micros(1_653_800_000_000_001),
        };
        let rows = vec![
            row("2022-05", Some(0.1 + 0.2), ObsStatus::E, None),
            row("2022-Q2", None, ObsStatus::M, Some("chưa thu thập")),
            row("2022", Some(-0.0), ObsStatus::B, Some("")),
        ];
        let batch = observations_batch(&rows).unwrap();
        assert_eq!(read_observations(&batch).unwrap(), rows);
        let start = arrow::util::display::array_value_to_string(batch.column_by_name("period_start").unwrap(), 1);
        assert_eq!(start.unwrap(), "2022-04-01");
        let vintage = arrow::util::display::array_value_to_string(batch.column_by_name("vintage").unwrap(), 0);
        assert_eq!(vintage.unwrap(), "2022-05-29T09:30:00+07:00");
    }

    #[test]
    fn a_missing_column_is_named() {
        let batch = observations_batch(&[]).unwrap();
        let without = batch.project(&[0, 1, 2, 3, 4, 5, 6]).unwrap();
        let message = read_observations(&without).unwrap_err().to_string();
        assert_eq!(message, "table \"observations\": column \"value\" is missing");
    }
}
