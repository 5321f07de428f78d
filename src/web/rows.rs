//! Figures as an Arrow table, for the columnar and sheet formats.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Float64Array, RecordBatch, StringArray, TimestampMicrosecondArray, UInt8Array, UInt16Array,
};

use super::encode::Labelled;
use crate::cube::Cell;

/// One row per figure with codes, words, the figure and its variants.
pub fn cells_batch(rows: &[Labelled<'_>]) -> RecordBatch {
    let text = |f: &dyn Fn(&Labelled<'_>) -> String| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(rows.iter().map(f)))
    };
    let number = |f: &dyn Fn(&Cell) -> Option<f64>| -> ArrayRef {
        Arc::new(rows.iter().map(|r| f(r.cell)).collect::<Float64Array>())
    };
    let count = |f: &dyn Fn(&Cell) -> u16| -> ArrayRef {
        Arc::new(UInt16Array::from_iter_values(rows.iter().map(|r| f(r.cell))))
    };
    let flag = |f: &dyn Fn(&Cell) -> bool| -> ArrayRef {
        Arc::new(rows.iter().map(|r| Some(f(r.cell))).collect::<BooleanArray>())
    };
    let vintage = TimestampMicrosecondArray::from_iter_values(rows.iter().map(|r| r.cell.vintage.micros()))
        .with_timezone("Asia/Ho_Chi_Minh");
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("indicator_code", text(&|r| r.indicator.to_owned())),
        ("indicator", text(&|r| r.indicator_label.to_owned())),
        ("unit", text(&|r| r.unit_label.to_owned())),
        ("area_code", text(&|r| r.cell.area.to_string())),
        ("area", text(&|r| r.area_label.to_owned())),
        ("org_code", text(&|r| r.cell.org.to_string())),
        ("breakdown", text(&|r| r.cell.breakdown.to_string())),
        ("freq", text(&|r| r.cell.period.freq().as_str().to_owned())),
        ("period", text(&|r| r.cell.period.to_string())),
        ("value", number(&|c| Some(c.value))),
        ("numerator", number(&|c| c.numerator)),
        ("denominator", number(&|c| c.denominator)),
        ("obs_status", text(&|r| r.cell.status.as_str().to_owned())),
        ("complete", flag(&|c| c.complete)),
        ("periods_present", count(&|c| c.periods_present)),
        ("periods_due", count(&|c| c.periods_due)),
        ("areas_present", count(&|c| c.areas_present)),
        ("areas_due", count(&|c| c.areas_due)),
        ("carried", Arc::new(UInt8Array::from_iter_values(rows.iter().map(|r| r.cell.carried)))),
        ("apportioned", flag(&|c| c.apportioned)),
        ("prev_value", number(&|c| c.prev_value)),
        ("yoy_value", number(&|c| c.yoy_value)),
        ("ytd_value", number(&|c| c.ytd_value)),
        ("ytd_complete", flag(&|c| c.ytd_complete)),
        ("ytd_yoy_value", number(&|c| c.ytd_yoy_value)),
        ("dec_value", number(&|c| c.dec_value)),
        ("target_value", number(&|c| c.target_value)),
        ("vintage", Arc::new(vintage)),
    ];
    RecordBatch::try_from_iter(columns).expect("all columns have one value per row")
}
