//! As-of resolution: of all vintages of a key, the one that counts at an instant. This is the first stage of every
//! computation and the only one that reads the whole of `observations`, so DataFusion does it: file pruning, vintages up
//! to the instant, the firmest and newest vintage per key, all partitions in parallel.
//!
//! The rule (see ARCHITECTURE, "How a figure is made"): the highest (rank of status, vintage), ties by feed code and then
//! source reference. It is deterministic, so two plans of any shape give the same facts.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{AsArray, RecordBatch};
use arrow::compute::cast as cast_array;
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use datafusion::catalog::TableProvider;
use datafusion::functions_window::expr_fn::row_number;
use datafusion::logical_expr::{Expr, ExprFunctionExt, cast, col, in_list, lit, when};
use datafusion::prelude::SessionContext;

use super::ComputeError;
use crate::cube::Fact;
use crate::domain::{Breakdown, ObsStatus, Period, Target, Vintage};
use crate::store::TableSnapshot;
use crate::store::rows::{TargetRow, read_targets};

const KEY: [&str; 5] = ["measure_code", "area_code", "org_code", "breakdown", "period"];

/// Which keys to resolve, and as of when.
#[derive(Debug, Clone)]
pub struct Selection {
    /// Vintages up to this instant count.
    pub as_of: Vintage,
    /// Only these measures, `None` for all.
    pub measures: Option<Vec<String>>,
    /// Only these years of the period, `None` for all.
    pub years: Option<Vec<i32>>,
}

impl Selection {
    /// Everything, as known now.
    pub fn latest() -> Self {
        Self { as_of: Vintage::LATEST, measures: None, years: None }
    }
}

/// The facts that count. Keys whose counting vintage is a mark of "missing" have none.
pub async fn resolve_facts(
    context: &SessionContext,
    observations: Arc<dyn TableProvider>,
    selection: &Selection,
) -> Result<Vec<Fact>, ComputeError> {
    let mut frame = context.read_table(observations)?;
    if let Some(years) = &selection.years {
        frame = frame.filter(in_list(col("period_year"), years.iter().map(|y| lit(*y)).collect(), false))?;
    }
    if let Some(measures) = &selection.measures {
        frame = frame.filter(in_list(col("measure_code"), measures.iter().map(lit).collect(), false))?;
    }
    let micros = cast(col("vintage"), DataType::Int64).alias("vintage_micros");
    let mut columns: Vec<Expr> =
        KEY.iter().chain(&["value", "obs_status", "feed", "source_ref"]).map(|c| col(*c)).collect();
    columns.push(micros);
    frame = frame.select(columns)?;
    if selection.as_of != Vintage::LATEST {
        frame = frame.filter(col("vintage_micros").lt_eq(lit(selection.as_of.micros())))?;
    }
    let newest_first = |name: &str| col(name).sort(false, false);
    let place = row_number()
        .partition_by(KEY.iter().map(|c| col(*c)).collect())
        .order_by(vec![
            status_rank()?.sort(false, false),
            newest_first("vintage_micros"),
            newest_first("feed"),
            newest_first("source_ref"),
        ])
        .build()?
        .alias("place");
    let mut wanted: Vec<Expr> = KEY.iter().chain(&["value", "obs_status", "vintage_micros"]).map(|c| col(*c)).collect();
    wanted.push(place);
    let counting = frame.select(wanted)?.filter(col("place").eq(lit(1_u64)).and(col("value").is_not_null()))?;
    let batches = counting.collect().await?;
    let mut facts = Vec::with_capacity(batches.iter().map(RecordBatch::num_rows).sum());
    for batch in &batches {
        read_facts(batch, &mut facts)?;
    }
    Ok(facts)
}

/// [`ObsStatus::rank`] as an expression.
fn status_rank() -> Result<Expr, ComputeError> {
    let [first, rest @ ..] = ObsStatus::ALL;
    let is = |s: ObsStatus| col("obs_status").eq(lit(s.as_str()));
    let rank = |s: ObsStatus| lit(i32::from(s.rank()));
    let mut case = when(is(first), rank(first));
    for status in rest {
        case = case.when(is(status), rank(status));
    }
    Ok(case.otherwise(lit(0))?)
}

fn read_facts(batch: &RecordBatch, facts: &mut Vec<Fact>) -> Result<(), ComputeError> {
    let text = |name: &str| -> Result<_, ComputeError> {
        let column = batch.column_by_name(name).expect("the plan selects it");
        Ok(cast_array(column, &DataType::Utf8)?)
    };
    let [measure, area, org, breakdown, period] = KEY.map(text);
    let (measure, area, org, breakdown, period) = (measure?, area?, org?, breakdown?, period?);
    let (measure, area, org) = (measure.as_string::<i32>(), area.as_string::<i32>(), org.as_string::<i32>());
    let (breakdown, period) = (breakdown.as_string::<i32>(), period.as_string::<i32>());
    let status = text("obs_status")?;
    let status = status.as_string::<i32>();
    let value = batch.column_by_name("value").expect("the plan selects it").as_primitive::<Float64Type>();
    let vintage = batch.column_by_name("vintage_micros").expect("the plan selects it").as_primitive::<Int64Type>();
    let mut shared = Shared::default();
    for row in 0..batch.num_rows() {
        let stored = |column: &'static str, text: &str| ComputeError::Stored { column, value: text.to_owned() };
        facts.push(Fact {
            measure: shared.code(0, measure.value(row)),
            area: shared.code(1, area.value(row)),
            org: shared.code(2, org.value(row)),
            breakdown: shared.breakdown(breakdown.value(row))?,
            period: period.value(row).parse::<Period>().map_err(|_| stored("period", period.value(row)))?,
            value: value.value(row),
            status: status.value(row).parse::<ObsStatus>().map_err(|_| stored("obs_status", status.value(row)))?,
            vintage: Vintage::from_micros(vintage.value(row)),
        });
    }
    Ok(())
}

/// The last code of each column: rows come in runs, so most need no new allocation.
#[derive(Default)]
struct Shared {
    codes: [Option<Arc<str>>; 3],
    breakdown: Option<(String, Breakdown)>,
}

impl Shared {
    fn code(&mut self, column: usize, text: &str) -> Arc<str> {
        match &self.codes[column] {
            Some(last) if **last == *text => Arc::clone(last),
            _ => Arc::clone(self.codes[column].insert(Arc::from(text))),
        }
    }

    fn breakdown(&mut self, text: &str) -> Result<Breakdown, ComputeError> {
        if let Some((last, breakdown)) = &self.breakdown
            && last == text
        {
            return Ok(breakdown.clone());
        }
        let read: Breakdown =
            text.parse().map_err(|_| ComputeError::Stored { column: "breakdown", value: text.to_owned() })?;
        self.breakdown = Some((text.to_owned(), read.clone()));
        Ok(read)
    }
}

/// Key of a plan.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TargetKey(String, String, String, Period);

impl TargetKey {
    /// The key of a target.
    pub fn of(target: &Target) -> Self {
        Self(target.indicator.clone(), target.area.clone(), target.org.clone(), target.period)
    }
}

/// The plans that count as of an instant: the newest vintage of each key. There are few, so they are read as rows.
pub async fn resolve_targets(snapshot: &TableSnapshot, as_of: Vintage) -> Result<Vec<Target>, ComputeError> {
    let mut newest: BTreeMap<TargetKey, TargetRow> = BTreeMap::new();
    for batch in snapshot.read(None).await? {
        for row in read_targets(&batch)?.into_iter().filter(|r| r.target.vintage <= as_of) {
            let strength = |r: &TargetRow| (r.target.vintage, r.feed.clone(), r.source_ref.clone());
            let key = TargetKey::of(&row.target);
            if newest.get(&key).is_none_or(|held| strength(held) < strength(&row)) {
                newest.insert(key, row);
            }
        }
    }
    Ok(newest.into_values().map(|r| r.target).collect())
}
