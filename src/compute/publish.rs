//! The computed figures as tables: `indicator_values` and `measure_values`, rewritten only where they changed.
//!
//! Serving does not depend on it (the cube is computed from `observations` at start); analysts' SQL does. A commit
//! carries the versions it was computed from as an application transaction, so that a process killed between the two
//! tables, or before either, publishes the rest when it comes back and nothing twice.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::Datelike;
use datafusion::logical_expr::{Expr, col, in_list, lit};
use tokio::sync::Mutex;

use super::engine::changed_blocks;
use super::resolve::Selection;
use super::{ComputeError, Engine, Served};
use crate::catalog::Catalog;
use crate::cube::{Block, Cell, Fact};
use crate::domain::{AreaRule, Indicator};
use crate::store::rows::{MeasureValueRow, indicator_values_batch, measure_values_batch};
use crate::store::{StoreError, Table, Txn};

/// What a publication wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Published {
    /// Rows of `indicator_values`.
    pub figures: usize,
    /// Rows of `measure_values`.
    pub partials: usize,
}

/// Remembers what it wrote last.
#[derive(Debug, Default)]
pub struct Publisher {
    last: Mutex<Option<Arc<Served>>>,
    /// Years of the facts that came in since.
    years: std::sync::Mutex<BTreeSet<i32>>,
}

impl Publisher {
    /// Notes that facts of these years changed.
    pub(super) fn note_years(&self, years: BTreeSet<i32>) {
        self.years.lock().expect("nobody panics while holding it").extend(years);
    }

    /// Notes that anything may have changed.
    pub(super) async fn forget(&self) {
        *self.last.lock().await = None;
    }

    pub(super) async fn publish(&self, engine: &Engine, served: Arc<Served>) -> Result<Published, ComputeError> {
        let mut last = self.last.lock().await;
        let published = match last.as_deref() {
            Some(before) if before.version == served.version => Published::default(),
            Some(before) => {
                let years = self.years.lock().expect("nobody panics while holding it").clone();
                publish_changes(engine, before, &served, &years).await?
            }
            None if is_published(engine, &served).await? => publish_running(engine, &served).await?,
            None => publish_all(engine, &served, Some(transaction(engine, &served))).await?,
        };
        if engine.served().version == served.version {
            self.years.lock().expect("nobody panics while holding it").clear();
        }
        *last = Some(served);
        Ok(published)
    }
}

impl Publisher {
    pub(super) async fn publish_again(&self, engine: &Engine, served: Arc<Served>) -> Result<Published, ComputeError> {
        let mut last = self.last.lock().await;
        let published = publish_all(engine, &served, None).await?;
        *last = Some(served);
        Ok(published)
    }
}

/// The transaction of a state: data versions in order of time, under the name of the catalogue's version.
fn transaction(engine: &Engine, served: &Served) -> Txn {
    // Two million commits of each table, far beyond what upkeep leaves in a log.
    let part = |v: Option<u64>| v.map_or(0, |v| v as i64 + 1) & 0x1f_ffff;
    let read = &served.read;
    let version = (part(read.observations) << 42) | (part(read.targets) << 21) | part(read.cases);
    Txn::new(format!("compute/{}", engine.catalog().version), version)
}

/// Whether both tables hold this very state already.
async fn is_published(engine: &Engine, served: &Served) -> Result<bool, ComputeError> {
    let txn = transaction(engine, served);
    for table in [Table::IndicatorValues, Table::MeasureValues] {
        if engine.lake().transaction_version(table, &txn.app).await? != Some(txn.version) {
            return Ok(false);
        }
    }
    let other = col("catalog_version").not_eq(lit(engine.catalog().version.as_str()));
    match engine.lake().snapshot(Table::IndicatorValues).await {
        Ok(snapshot) => Ok(snapshot.read(Some(other)).await?.iter().all(|b| b.num_rows() == 0)),
        Err(StoreError::NoTable { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Writes the figures of the year in which the counting of cases stops again: they grow old although no table changed.
async fn publish_running(engine: &Engine, served: &Served) -> Result<Published, ComputeError> {
    if served.cases.book.is_empty() {
        return Ok(Published::default());
    }
    let year = served.cases.as_of().date().year();
    let catalog = engine.catalog();
    let groups: BTreeSet<&str> = counting_indicators(catalog).map(|i| i.group.as_str()).collect();
    let years_of_group = groups.into_iter().map(|group| (group, BTreeSet::from([year]))).collect();
    let figures = write_figures(engine, served, &years_of_group, None).await?;
    Ok(Published { figures, partials: 0 })
}

/// Indicators that count cases.
fn counting_indicators(catalog: &Catalog) -> impl Iterator<Item = &Indicator> {
    let of_records = |code: &str| catalog.measures.get(code).is_some_and(|m| m.area_rule == AreaRule::Records);
    catalog.indicators.values().filter(move |i| catalog.formulas[&i.code].measures().any(of_records))
}

/// Writes everything, a group or a year at a time so that it need not be in memory at once; the last write names the
/// transaction, and takes out what belongs to no group or year of this catalogue.
async fn publish_all(engine: &Engine, served: &Served, txn: Option<Txn>) -> Result<Published, ComputeError> {
    let catalog = engine.catalog();
    let groups: Vec<&str> = catalog.groups.keys().map(String::as_str).collect();
    let mut published = Published::default();
    for (k, group) in groups.iter().enumerate() {
        let mut figures: Vec<(&str, &str, &Cell)> = Vec::new();
        for indicator in catalog.indicators.values().filter(|i| i.group == *group) {
            let cells = served.cube.block(&indicator.code).into_iter().flat_map(|b| b.cells());
            figures.extend(cells.map(|c| (indicator.code.as_str(), *group, c)));
        }
        let is_last = k + 1 == groups.len();
        let mut predicate = col("group_code").eq(lit(*group));
        if is_last {
            predicate = predicate.or(in_list(col("group_code"), groups.iter().map(|g| lit(*g)).collect(), true));
        }
        let batch = indicator_values_batch(&catalog.version, &figures)?;
        let txn = txn.as_ref().filter(|_| is_last);
        engine.lake().replace_where(Table::IndicatorValues, predicate, vec![batch], txn).await?;
        published.figures += figures.len();
    }
    published.partials = publish_all_partials(engine, served, txn.as_ref()).await?;
    Ok(published)
}

async fn publish_all_partials(engine: &Engine, served: &Served, txn: Option<&Txn>) -> Result<usize, ComputeError> {
    let mut by_year: BTreeMap<i32, Vec<Fact>> = BTreeMap::new();
    for fact in engine.facts(&Selection::latest()).await? {
        by_year.entry(fact.period.year()).or_default().push(fact);
    }
    for fact in served.inputs.record_facts(engine.catalog()) {
        by_year.entry(fact.period.year()).or_default().push(fact);
    }
    let years: BTreeSet<i32> = by_year.keys().copied().collect();
    let Some(last) = years.last().copied() else {
        return write_partials(engine, lit(true), Vec::new(), txn).await;
    };
    let mut written = 0;
    for (year, facts) in by_year {
        let mut predicate = col("period_year").eq(lit(year));
        if year == last {
            predicate = predicate.or(in_list(col("period_year"), years.iter().map(|y| lit(*y)).collect(), true));
        }
        written += write_partials(engine, predicate, facts, txn.filter(|_| year == last)).await?;
    }
    Ok(written)
}

async fn publish_changes(
    engine: &Engine,
    before: &Served,
    served: &Served,
    years: &BTreeSet<i32>,
) -> Result<Published, ComputeError> {
    let catalog = engine.catalog();
    // Where only time passed, no table has a new version to name the write by; it replaces, so doing it twice is no harm.
    let txn = Some(transaction(engine, served)).filter(|txn| *txn != transaction(engine, before));
    let counting: BTreeSet<&str> = counting_indicators(catalog).map(|i| i.code.as_str()).collect();
    let mut years = years.clone();
    let mut years_of_group: BTreeMap<&str, BTreeSet<i32>> = BTreeMap::new();
    for code in changed_blocks(&before.cube, &served.cube) {
        let differing = differing_years(before.cube.block(code), served.cube.block(code));
        if counting.contains(code) {
            years.extend(&differing);
        }
        years_of_group.entry(catalog.indicators[code].group.as_str()).or_default().extend(differing);
    }
    years_of_group.retain(|_, years| !years.is_empty());
    let figures = write_figures(engine, served, &years_of_group, txn.as_ref()).await?;
    let selection = Selection { years: Some(years.iter().copied().collect()), ..Selection::latest() };
    let mut facts = if years.is_empty() { Vec::new() } else { engine.facts(&selection).await? };
    facts.extend(served.inputs.record_facts(catalog).filter(|fact| years.contains(&fact.period.year())));
    let predicate = if years.is_empty() { col("period_year").eq(lit(0)) } else { year_in(&years) };
    let partials = write_partials(engine, predicate, facts, txn.as_ref()).await?;
    Ok(Published { figures, partials })
}

/// Writes the figures of some years of some groups in place of those that are there.
async fn write_figures(
    engine: &Engine,
    served: &Served,
    years_of_group: &BTreeMap<&str, BTreeSet<i32>>,
    txn: Option<&Txn>,
) -> Result<usize, ComputeError> {
    let catalog = engine.catalog();
    let mut figures: Vec<(&str, &str, &Cell)> = Vec::new();
    for indicator in catalog.indicators.values() {
        let Some(years) = years_of_group.get(indicator.group.as_str()) else { continue };
        let cells = served.cube.block(&indicator.code).into_iter().flat_map(|b| b.cells());
        let of_years = cells.filter(|c| years.contains(&c.period.year()));
        figures.extend(of_years.map(|c| (indicator.code.as_str(), indicator.group.as_str(), c)));
    }
    let touched = years_of_group.iter().map(|(group, years)| col("group_code").eq(lit(*group)).and(year_in(years)));
    // A version of a case that changes no figure writes nothing but its name. "No row" must be said of a column: a plain
    // `false` fails the check that the rows written fit the predicate, although there are none.
    let predicate = touched.reduce(Expr::or).unwrap_or_else(|| col("group_code").eq(lit("")));
    let batch = indicator_values_batch(&catalog.version, &figures)?;
    engine.lake().replace_where(Table::IndicatorValues, predicate, vec![batch], txn).await?;
    Ok(figures.len())
}

fn year_in(years: &BTreeSet<i32>) -> Expr {
    in_list(col("period_year"), years.iter().map(|y| lit(*y)).collect(), false)
}

/// The partials of observed measures: one value a base period, so sum, min, max and last are that value.
async fn write_partials(
    engine: &Engine,
    predicate: Expr,
    facts: Vec<Fact>,
    txn: Option<&Txn>,
) -> Result<usize, ComputeError> {
    let rows: Vec<MeasureValueRow> = facts
        .into_iter()
        .map(|f| MeasureValueRow {
            measure: f.measure,
            area: f.area,
            org: f.org,
            breakdown: f.breakdown,
            period: f.period,
            sum: f.value,
            count: 1,
            min: f.value,
            max: f.value,
            last: f.value,
            status: f.status,
            vintage: f.vintage,
        })
        .collect();
    let batch = measure_values_batch(&rows)?;
    engine.lake().replace_where(Table::MeasureValues, predicate, vec![batch], txn).await?;
    Ok(rows.len())
}

/// The years in which two states of an indicator differ.
fn differing_years(before: Option<&Arc<Block>>, after: Option<&Arc<Block>>) -> BTreeSet<i32> {
    let by_year = |block: Option<&Arc<Block>>| {
        let mut years: BTreeMap<i32, Vec<Cell>> = BTreeMap::new();
        for cell in block.into_iter().flat_map(|b| b.cells()) {
            years.entry(cell.period.year()).or_default().push(cell.clone());
        }
        years
    };
    let (before, after) = (by_year(before), by_year(after));
    let all: BTreeSet<i32> = before.keys().chain(after.keys()).copied().collect();
    all.into_iter().filter(|y| before.get(y) != after.get(y)).collect()
}
