//! Rows of `indicator_values`.

use std::sync::Arc;

use arrow::array::{Int32Array, RecordBatch};

use crate::cube::cell::Cell;
use crate::domain::Vintage;
use crate::store::columns::{self, Codes, Columns, cell};
use crate::store::{StoreError, Table};

/// A computed figure with its indicator.
#[derive(Debug, Clone, PartialEq)]
pub struct IndicatorValueRow {
    /// Indicator code.
    pub indicator: Arc<str>,
    /// Group code.
    pub group: Arc<str>,
    /// Version of the catalogue it was computed with.
    pub catalog_version: Arc<str>,
    /// The figure.
    pub cell: Cell,
}

/// Figures to a batch of `indicator_values`: (indicator code, group code, cell), all computed with one version of the
/// catalogue.
pub fn indicator_values_batch(
    catalog_version: &str,
    figures: &[(&str, &str, &Cell)],
) -> Result<RecordBatch, StoreError> {
    let cells = || figures.iter().map(|(_, _, cell)| *cell);
    columns::batch(
        Table::IndicatorValues,
        vec![
            columns::text(figures.iter().map(|(indicator, _, _)| indicator)),
            columns::text(cells().map(|c| &c.area)),
            columns::text(cells().map(|c| &c.org)),
            columns::text(cells().map(|c| c.breakdown.to_string())),
            columns::text(cells().map(|c| c.period.freq().as_str())),
            columns::text(cells().map(|c| c.period.to_string())),
            columns::first_day(cells().map(|c| c.period)),
            columns::number(cells().map(|c| c.value)),
            columns::number_or_null(cells().map(|c| c.numerator)),
            columns::number_or_null(cells().map(|c| c.denominator)),
            columns::text(cells().map(|c| c.status.as_str())),
            columns::flag(cells().map(|c| c.complete)),
            columns::int(cells().map(|c| c.periods_present.into())),
            columns::int(cells().map(|c| c.periods_due.into())),
            columns::int(cells().map(|c| c.areas_present.into())),
            columns::int(cells().map(|c| c.areas_due.into())),
            columns::int(cells().map(|c| c.carried.into())),
            columns::flag(cells().map(|c| c.apportioned)),
            columns::number_or_null(cells().map(|c| c.prev_value)),
            columns::number_or_null(cells().map(|c| c.yoy_value)),
            columns::number_or_null(cells().map(|c| c.ytd_value)),
            columns::flag(cells().map(|c| c.ytd_complete)),
            columns::number_or_null(cells().map(|c| c.ytd_yoy_value)),
            columns::number_or_null(cells().map(|c| c.dec_value)),
            columns::number_or_null(cells().map(|c| c.target_value)),
            columns::instant(cells().map(|c| c.vintage)),
            columns::text(figures.iter().map(|_| catalog_version)),
            columns::text(figures.iter().map(|(_, group, _)| group)),
            columns::int(cells().map(|c| c.period.year())),
        ],
    )
}

/// A batch of `indicator_values` to rows.
pub fn read_indicator_values(batch: &RecordBatch) -> Result<Vec<IndicatorValueRow>, StoreError> {
    let columns = Columns::of(Table::IndicatorValues, batch)?;
    let [indicator, group, version, area, org] =
        ["indicator_code", "group_code", "catalog_version", "area_code", "org_code"].map(|n| columns.text(n));
    let [value, numerator, denominator] = ["value", "numerator", "denominator"].map(|n| columns.number(n));
    let [prev, yoy, ytd, ytd_yoy, dec, target] =
        ["prev_value", "yoy_value", "ytd_value", "ytd_yoy_value", "dec_value", "target_value"]
            .map(|n| columns.number(n));
    let [complete, apportioned, ytd_complete] = ["complete", "apportioned", "ytd_complete"].map(|n| columns.flag(n));
    let vintage = columns.instant("vintage");
    let counts = Counts::of(&columns);
    let mut codes = Codes::default();
    let mut breakdown = columns.words("breakdown");
    let mut period = columns.words("period");
    let mut status = columns.words("obs_status");
    let mut rows = Vec::with_capacity(columns.rows());
    for row in 0..columns.rows() {
        let figure = Cell {
            area: codes.share(area.value(row)),
            org: codes.share(org.value(row)),
            breakdown: breakdown.read(row)?,
            period: period.read(row)?,
            value: value.value(row),
            numerator: cell(numerator, row),
            denominator: cell(denominator, row),
            status: status.read(row)?,
            complete: complete.value(row),
            periods_present: counts.read("periods_present", counts.periods_present, row)?,
            periods_due: counts.read("periods_due", counts.periods_due, row)?,
            areas_present: counts.read("areas_present", counts.areas_present, row)?,
            areas_due: counts.read("areas_due", counts.areas_due, row)?,
            // Not kept: readers of the table know that records have no areas missing.
            in_days: false,
            carried: counts.read("carried", counts.carried, row)?,
            apportioned: apportioned.value(row),
            prev_value: cell(prev, row),
            yoy_value: cell(yoy, row),
            ytd_value: cell(ytd, row),
            ytd_complete: ytd_complete.value(row),
            ytd_yoy_value: cell(ytd_yoy, row),
            dec_value: cell(dec, row),
            target_value: cell(target, row),
            vintage: Vintage::from_micros(vintage.value(row)),
        };
        rows.push(IndicatorValueRow {
            indicator: codes.share(indicator.value(row)),
            group: codes.share(group.value(row)),
            catalog_version: codes.share(version.value(row)),
            cell: figure,
        });
    }
    Ok(rows)
}

/// The small counts, wider in the table (Delta has no unsigned integers) than in a [`Cell`].
struct Counts<'a> {
    columns: &'a Columns,
    periods_present: &'a Int32Array,
    periods_due: &'a Int32Array,
    areas_present: &'a Int32Array,
    areas_due: &'a Int32Array,
    carried: &'a Int32Array,
}

impl<'a> Counts<'a> {
    fn of(columns: &'a Columns) -> Self {
        Self {
            columns,
            periods_present: columns.int("periods_present"),
            periods_due: columns.int("periods_due"),
            areas_present: columns.int("areas_present"),
            areas_due: columns.int("areas_due"),
            carried: columns.int("carried"),
        }
    }

    fn read<T: TryFrom<i32>>(&self, name: &'static str, array: &Int32Array, row: usize) -> Result<T, StoreError> {
        T::try_from(array.value(row)).map_err(|_| self.columns.refuse(name, array.value(row)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Breakdown, ObsStatus};

    #[test]
    fn rows_survive_the_way_to_a_batch_and_back() {
        let figure = Cell {
            area: "760".into(),
            org: "_T".into(),
            breakdown: Breakdown::member("sex", "F"),
            period: "2022-Q1".parse().unwrap(),
            value: 2.5,
            numerator: Some(57.5),
            denominator: Some(2300.0),
            status: ObsStatus::E,
            complete: false,
            periods_present: 2,
            periods_due: 3,
            areas_present: 21,
            areas_due: 22,
            in_days: false,
            carried: 1,
            apportioned: true,
            prev_value: None,
            yoy_value: Some(2.4),
            ytd_value: None,
            ytd_complete: true,
            ytd_yoy_value: Some(f64::MIN_POSITIVE),
            dec_value: Some(1e300),
            target_value: None,
            vintage: Vintage::from_micros(1_653_800_000_000_001),
        };
        let batch = indicator_values_batch("v1", &[("0202", "02", &figure)]).unwrap();
        let rows = read_indicator_values(&batch).unwrap();
        let expected = IndicatorValueRow {
            indicator: "0202".into(),
            group: "02".into(),
            catalog_version: "v1".into(),
            cell: figure,
        };
        assert_eq!(rows, vec![expected]);
    }
}
