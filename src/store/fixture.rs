//! Rows and lakes for the tests of this module.

use std::path::Path;
use std::sync::Arc;

use arrow::array::RecordBatch;
use datafusion::prelude::Expr;
use object_store::ObjectStore;
use url::Url;

use super::backend::{Backend, LakeConfig};
use super::lock::WriterLock;
use super::rows::{ObservationRow, indicator_values_batch, observations_batch, read_observations};
use super::{Lake, Table, TableSnapshot};
use crate::cube::cell::Cell;
use crate::cube::sample_cell;
use crate::domain::{Breakdown, ObsStatus, Observation, Vintage};

pub(super) async fn open(folder: &Path) -> Lake {
    Lake::open(&LakeConfig::disk(folder)).await.unwrap()
}

/// A lake on a given store behind the address of a bucket, on the code path of S3.
pub(super) async fn open_bucket(lock_folder: &Path, store: Arc<dyn ObjectStore>) -> Lake {
    let url = Url::parse("s3://figures/lake").unwrap();
    let lock = WriterLock::acquire(&lock_folder.join("writer.lock")).unwrap();
    Lake::open_on(Backend::on(store, url), Some(lock)).await.unwrap()
}

/// One observation of `measure` per value, each in an area of its own.
pub(super) fn observed(measure: &str, period: &str, values: &[f64]) -> RecordBatch {
    let row = |(index, value): (usize, &f64)| ObservationRow {
        observation: Observation {
            measure: measure.into(),
            area: (760 + index).to_string().into(),
            org: "_T".into(),
            breakdown: Breakdown::TOTAL,
            period: period.parse().unwrap(),
            value: Some(*value),
            status: ObsStatus::A,
            vintage: Vintage::from_micros(1_653_800_000_000_000),
            source_ref: format!("file.csv:{index}"),
            note: None,
        },
        feed: "gso".into(),
        run_id: "r1".into(),
        recorded_at: Vintage::from_micros(1_653_800_000_000_000),
    };
    observations_batch(&values.iter().enumerate().map(row).collect::<Vec<_>>()).unwrap()
}

/// The observations of a snapshot as sorted words: `births 760 2022-05 1.5`.
pub(super) async fn words(snapshot: &TableSnapshot, filter: Option<Expr>) -> Vec<String> {
    let mut words = Vec::new();
    for batch in snapshot.read(filter).await.unwrap() {
        for row in read_observations(&batch).unwrap() {
            let o = row.observation;
            words.push(format!("{} {} {} {}", o.measure, o.area, o.period, o.value.unwrap()));
        }
    }
    words.sort();
    words
}

pub(super) async fn all_words(lake: &Lake) -> Vec<String> {
    words(&lake.snapshot(Table::Observations).await.unwrap(), None).await
}

/// One figure of an indicator for the city.
pub(super) fn figure(indicator: &str, period: &str, value: f64) -> RecordBatch {
    let cell = Cell { vintage: Vintage::from_micros(0), ..sample_cell::whole("79", period, value) };
    indicator_values_batch("v1", &[(indicator, &indicator[..2], &cell)]).unwrap()
}
