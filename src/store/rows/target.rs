//! Rows of `targets`.

use std::sync::Arc;

use arrow::array::RecordBatch;

use crate::domain::{Target, Vintage};
use crate::store::columns::{self, Codes, Columns};
use crate::store::{StoreError, Table};

/// A plan value with the pull that brought it.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetRow {
    /// The plan value.
    pub target: Target,
    /// Feed code.
    pub feed: Arc<str>,
    /// Run that brought it.
    pub run_id: Arc<str>,
    /// File, sheet and cell, or URL and position.
    pub source_ref: String,
    /// When it was pulled.
    pub recorded_at: Vintage,
}

/// Rows to a batch of `targets`.
pub fn targets_batch(rows: &[TargetRow]) -> Result<RecordBatch, StoreError> {
    let plans = || rows.iter().map(|row| &row.target);
    columns::batch(
        Table::Targets,
        vec![
            columns::text(plans().map(|t| &t.indicator)),
            columns::text(plans().map(|t| &t.area)),
            columns::text(plans().map(|t| &t.org)),
            columns::text(plans().map(|t| t.period.freq().as_str())),
            columns::text(plans().map(|t| t.period.to_string())),
            columns::first_day(plans().map(|t| t.period)),
            columns::number(plans().map(|t| t.value)),
            columns::instant(plans().map(|t| t.vintage)),
            columns::text(rows.iter().map(|row| &row.feed)),
            columns::text(rows.iter().map(|row| &row.run_id)),
            columns::text(rows.iter().map(|row| &row.source_ref)),
            columns::instant(rows.iter().map(|row| row.recorded_at)),
        ],
    )
}

/// A batch of `targets` to rows.
pub fn read_targets(batch: &RecordBatch) -> Result<Vec<TargetRow>, StoreError> {
    let columns = Columns::of(Table::Targets, batch)?;
    let [indicator, area, org, feed, run, source] =
        ["indicator_code", "area_code", "org_code", "feed", "run_id", "source_ref"].map(|n| columns.text(n));
    let value = columns.number("value");
    let [vintage, recorded_at] = ["vintage", "recorded_at"].map(|n| columns.instant(n));
    let mut codes = Codes::default();
    let mut period = columns.words("period");
    let mut rows = Vec::with_capacity(columns.rows());
    for row in 0..columns.rows() {
        rows.push(TargetRow {
            target: Target {
                indicator: indicator.value(row).to_owned(),
                area: area.value(row).to_owned(),
                org: org.value(row).to_owned(),
                period: period.read(row)?,
                value: value.value(row),
                vintage: Vintage::from_micros(vintage.value(row)),
            },
            feed: codes.share(feed.value(row)),
            run_id: codes.share(run.value(row)),
            source_ref: source.value(row).to_owned(),
            recorded_at: Vintage::from_micros(recorded_at.value(row)),
        });
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_survive_the_way_to_a_batch_and_back() {
        let rows = vec![TargetRow {
            target: Target {
                indicator: "1001".to_owned(),
                area: "79".to_owned(),
                org: "_T".to_owned(),
                period: "2022".parse().unwrap(),
                value: 386_568.0,
                vintage: Vintage::from_micros(-1),
            },
            feed: "plan".into(),
            run_id: "ab".into(),
            source_ref: "plan.csv:2".to_owned(),
            recorded_at: Vintage::from_micros(7),
        }];
        assert_eq!(read_targets(&targets_batch(&rows).unwrap()).unwrap(), rows);
    }
}
