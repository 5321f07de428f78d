//! The catalogue as tables for analysts: `indicators`, `indicator_groups`, `areas`, `org_units`, `units`, `calendar`.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Date32Array, Float64Array, Int32Array, RecordBatch, StringArray};
use arrow::error::ArrowError;
use chrono::NaiveDate;
use datafusion::catalog::TableProvider;
use datafusion::datasource::MemTable;
use datafusion::error::DataFusionError;

use crate::catalog::Catalog;
use crate::domain::{Freq, Period, Scope};

type Columns = Vec<(&'static str, ArrayRef)>;

/// The catalogue's tables by name, areas cut to the reader's scope. `years` bounds the `calendar` table.
pub fn catalog_tables(
    catalog: &Catalog,
    scope: &Scope,
    years: std::ops::RangeInclusive<i32>,
) -> Result<Vec<(String, Arc<dyn TableProvider>)>, DataFusionError> {
    let tables = [
        ("indicators", indicators(catalog)),
        ("indicator_groups", groups(catalog)),
        ("measures", measures(catalog)),
        ("areas", areas(catalog, scope)),
        ("org_units", org_units(catalog)),
        ("units", units(catalog)),
        ("calendar", calendar(years)),
    ];
    tables.into_iter().map(|(name, columns)| Ok((name.to_owned(), provider(columns)?))).collect()
}

fn provider(columns: Columns) -> Result<Arc<dyn TableProvider>, DataFusionError> {
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, c)| (name, c, true)))
        .map_err(|e: ArrowError| DataFusionError::ArrowError(Box::new(e), None))?;
    Ok(Arc::new(MemTable::try_new(batch.schema(), vec![vec![batch]])?))
}

fn text<'a, I: IntoIterator<Item = &'a str>>(values: I) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

fn optional_text<'a, I: IntoIterator<Item = Option<&'a str>>>(values: I) -> ArrayRef {
    Arc::new(values.into_iter().collect::<StringArray>())
}

fn days<I: IntoIterator<Item = Option<NaiveDate>>>(values: I) -> ArrayRef {
    let since_1970 = |day: NaiveDate| (day - NaiveDate::default()).num_days() as i32;
    Arc::new(values.into_iter().map(|d| d.map(since_1970)).collect::<Date32Array>())
}

fn indicators(catalog: &Catalog) -> Columns {
    let rows: Vec<_> = catalog.indicators.values().collect();
    let comparisons: Vec<String> =
        rows.iter().map(|i| i.comparisons.iter().map(|c| c.as_str()).collect::<Vec<_>>().join(";")).collect();
    let dimensions: Vec<String> = rows.iter().map(|i| i.dimensions.join(";")).collect();
    vec![
        ("code", text(rows.iter().map(|i| i.code.as_str()))),
        ("group_code", text(rows.iter().map(|i| i.group.as_str()))),
        ("name_vi", text(rows.iter().map(|i| i.name_vi.as_str()))),
        ("name_en", text(rows.iter().map(|i| i.name_en.as_str()))),
        ("unit", text(rows.iter().map(|i| i.unit.as_str()))),
        ("source", text(rows.iter().map(|i| i.source.as_str()))),
        ("owner", text(rows.iter().map(|i| i.owner.as_str()))),
        ("freq", text(rows.iter().map(|i| i.freq.as_str()))),
        ("level", text(rows.iter().map(|i| i.level.as_str()))),
        ("dimensions", text(dimensions.iter().map(String::as_str))),
        ("kind", text(rows.iter().map(|i| i.kind.as_str()))),
        ("formula", text(rows.iter().map(|i| i.formula_text.as_str()))),
        ("geo_rollup", text(rows.iter().map(|i| i.geo_rollup.as_str()))),
        ("comparisons", text(comparisons.iter().map(String::as_str))),
        ("direction", text(rows.iter().map(|i| i.direction.as_str()))),
        ("decimals", Arc::new(Int32Array::from_iter_values(rows.iter().map(|i| i32::from(i.decimals))))),
        ("definition_vi", text(rows.iter().map(|i| i.definition_vi.as_str()))),
        ("definition_en", text(rows.iter().map(|i| i.definition_en.as_str()))),
        ("legal_basis", text(rows.iter().map(|i| i.legal_basis.as_str()))),
    ]
}

fn groups(catalog: &Catalog) -> Columns {
    vec![
        ("code", text(catalog.groups.values().map(|g| g.code.as_str()))),
        ("name_vi", text(catalog.groups.values().map(|g| g.name_vi.as_str()))),
        ("name_en", text(catalog.groups.values().map(|g| g.name_en.as_str()))),
    ]
}

fn measures(catalog: &Catalog) -> Columns {
    let rows: Vec<_> = catalog.measures.values().collect();
    let dimensions: Vec<String> = rows.iter().map(|m| m.dimensions.join(";")).collect();
    vec![
        ("code", text(rows.iter().map(|m| m.code.as_str()))),
        ("name_vi", text(rows.iter().map(|m| m.name_vi.as_str()))),
        ("name_en", text(rows.iter().map(|m| m.name_en.as_str()))),
        ("unit", text(rows.iter().map(|m| m.unit.as_str()))),
        ("freq", text(rows.iter().map(|m| m.freq.as_str()))),
        ("level", text(rows.iter().map(|m| m.level.as_str()))),
        ("dimensions", text(dimensions.iter().map(String::as_str))),
        ("weight", optional_text(rows.iter().map(|m| m.weight.as_deref()))),
        ("components", optional_text(rows.iter().map(|m| m.components.as_deref()))),
        ("published_for", optional_text(rows.iter().map(|m| m.published_for.as_deref()))),
    ]
}

fn areas(catalog: &Catalog, scope: &Scope) -> Columns {
    let rows: Vec<_> = catalog.areas.areas().iter().filter(|a| scope.allows_area(&a.code)).collect();
    vec![
        ("code", text(rows.iter().map(|a| a.code.as_str()))),
        ("name", text(rows.iter().map(|a| a.name.as_str()))),
        ("kind", text(rows.iter().map(|a| a.kind.as_str()))),
        ("parent_code", optional_text(rows.iter().map(|a| a.parent.as_deref()))),
        ("valid_from", days(rows.iter().map(|a| Some(a.valid_from)))),
        ("valid_to", days(rows.iter().map(|a| a.valid_to))),
    ]
}

fn org_units(catalog: &Catalog) -> Columns {
    let rows = &catalog.org_units;
    vec![
        ("code", text(rows.iter().map(|o| o.code.as_str()))),
        ("name_vi", text(rows.iter().map(|o| o.name_vi.as_str()))),
        ("name_en", text(rows.iter().map(|o| o.name_en.as_str()))),
        ("kind", text(rows.iter().map(|o| o.kind.as_str()))),
        ("area_code", optional_text(rows.iter().map(|o| o.area.as_deref()))),
        ("valid_from", days(rows.iter().map(|o| Some(o.valid_from)))),
        ("valid_to", days(rows.iter().map(|o| o.valid_to))),
        ("successor", optional_text(rows.iter().map(|o| o.successor.as_deref()))),
    ]
}

fn units(catalog: &Catalog) -> Columns {
    let rows: Vec<_> = catalog.units.values().collect();
    vec![
        ("code", text(rows.iter().map(|u| u.code.as_str()))),
        ("label_vi", text(rows.iter().map(|u| u.label_vi.as_str()))),
        ("label_en", text(rows.iter().map(|u| u.label_en.as_str()))),
        ("factor", Arc::new(Float64Array::from_iter_values(rows.iter().map(|u| u.factor)))),
        ("family", text(rows.iter().map(|u| u.family.as_str()))),
        ("rate", Arc::new(BooleanArray::from_iter(rows.iter().map(|u| Some(u.rate))))),
    ]
}

/// One row per period: its bounds and the longer periods it belongs to.
fn calendar(years: std::ops::RangeInclusive<i32>) -> Columns {
    let years = years.filter_map(|y| Period::year_of(y).ok());
    let periods: Vec<Period> =
        years.flat_map(|y| Freq::ALL.into_iter().flat_map(move |f| y.children(f).collect::<Vec<_>>())).collect();
    let label = |p: Option<Period>| p.map(|p| p.to_string());
    let names: Vec<String> = periods.iter().map(Period::to_string).collect();
    let quarters: Vec<Option<String>> = periods.iter().map(|p| label(p.to_freq(Freq::Q))).collect();
    vec![
        ("period", text(names.iter().map(String::as_str))),
        ("freq", text(periods.iter().map(|p| p.freq().as_str()))),
        ("period_start", days(periods.iter().map(|p| Some(p.first_day())))),
        ("period_end", days(periods.iter().map(|p| Some(p.last_day())))),
        ("quarter", optional_text(quarters.iter().map(Option::as_deref))),
        ("year", Arc::new(Int32Array::from_iter_values(periods.iter().map(|p| p.year())))),
    ]
}
