//! As-of resolution: of all vintages of a key, the one that counts at an instant. This is the first stage of every
//! computation and the only one that reads the whole of `observations`: DataFusion scans it, with file pruning and only the
//! vintages up to the instant; one pass over the rows keeps the firmest and newest vintage per key. (As a window function
//! over a hundred thousand keys of one or two rows each it took four times as long.)
//!
//! The rule (see ARCHITECTURE, "How a figure is made"): the highest (rank of status, vintage), ties by feed code and then
//! source reference. It is deterministic, so rows in any order give the same facts.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::str::FromStr;
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::cast as cast_array;
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use datafusion::catalog::TableProvider;
use datafusion::logical_expr::{Expr, cast, col, in_list, lit};
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
    let batches = frame.collect().await?;
    let mut firmest = Firmest::default();
    for batch in &batches {
        firmest.take(batch)?;
    }
    Ok(firmest.facts())
}

/// The row that counts for every key so far.
#[derive(Default)]
struct Firmest {
    keys: HashMap<[u32; 5], usize>,
    rows: Vec<Row>,
    codes: Dictionary,
    breakdowns: Parsed<Breakdown>,
    periods: Parsed<Period>,
    statuses: Parsed<ObsStatus>,
    feeds: Dictionary,
}

/// One observation; codes are numbers of the dictionaries.
struct Row {
    key: [u32; 5],
    value: Option<f64>,
    status: ObsStatus,
    vintage: Vintage,
    feed: u32,
    source: Box<str>,
}

impl Firmest {
    fn take(&mut self, batch: &RecordBatch) -> Result<(), ComputeError> {
        let text = |name: &str| -> Result<_, ComputeError> {
            let column = batch.column_by_name(name).expect("the plan selects it");
            Ok(cast_array(column, &DataType::Utf8View)?)
        };
        let [measure, area, org, breakdown, period] = KEY.map(text);
        let (measure, area, org, breakdown, period) = (measure?, area?, org?, breakdown?, period?);
        let (measure, area, org) = (measure.as_string_view(), area.as_string_view(), org.as_string_view());
        let (breakdown, period) = (breakdown.as_string_view(), period.as_string_view());
        let (status, feed, source) = (text("obs_status")?, text("feed")?, text("source_ref")?);
        let (status, feed, source) = (status.as_string_view(), feed.as_string_view(), source.as_string_view());
        let value = batch.column_by_name("value").expect("the plan selects it").as_primitive::<Float64Type>();
        let vintage = batch.column_by_name("vintage_micros").expect("the plan selects it").as_primitive::<Int64Type>();
        for row in 0..batch.num_rows() {
            let key = [
                self.codes.number(measure.value(row)),
                self.codes.number(area.value(row)),
                self.codes.number(org.value(row)),
                self.breakdowns.number("breakdown", breakdown.value(row))?,
                self.periods.number("period", period.value(row))?,
            ];
            let status = self.statuses.number("obs_status", status.value(row))?;
            let candidate = Row {
                key,
                value: value.is_valid(row).then(|| value.value(row)),
                status: self.statuses.values[status as usize],
                vintage: Vintage::from_micros(vintage.value(row)),
                feed: self.feeds.number(feed.value(row)),
                source: source.value(row).into(),
            };
            match self.keys.entry(key) {
                Entry::Vacant(place) => {
                    place.insert(self.rows.len());
                    self.rows.push(candidate);
                }
                Entry::Occupied(place) => {
                    let held = &mut self.rows[*place.get()];
                    if strength(&self.feeds, held) < strength(&self.feeds, &candidate) {
                        *held = candidate;
                    }
                }
            }
        }
        Ok(())
    }

    /// The facts, in the order in which their keys were first seen.
    fn facts(self) -> Vec<Fact> {
        let code = |number: u32| Arc::clone(&self.codes.codes[number as usize]);
        let fact = |row: &Row| {
            let [measure, area, org, breakdown, period] = row.key;
            Some(Fact {
                measure: code(measure),
                area: code(area),
                org: code(org),
                breakdown: self.breakdowns.values[breakdown as usize].clone(),
                period: self.periods.values[period as usize],
                value: row.value?,
                status: row.status,
                vintage: row.vintage,
            })
        };
        self.rows.iter().filter_map(fact).collect()
    }
}

/// What decides between the vintages of a key.
fn strength<'a>(feeds: &'a Dictionary, row: &'a Row) -> (u8, Vintage, &'a str, &'a str) {
    (row.status.rank(), row.vintage, &feeds.codes[row.feed as usize], &row.source)
}

/// Numbers for texts, so that a key is five integers and its text is kept once.
#[derive(Default)]
struct Dictionary {
    numbers: HashMap<Arc<str>, u32>,
    codes: Vec<Arc<str>>,
}

impl Dictionary {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let (code, number): (Arc<str>, u32) = (text.into(), self.codes.len() as u32);
        self.numbers.insert(Arc::clone(&code), number);
        self.codes.push(code);
        number
    }
}

/// A dictionary of texts that are read once each.
struct Parsed<T> {
    texts: Dictionary,
    values: Vec<T>,
}

impl<T> Default for Parsed<T> {
    fn default() -> Self {
        Self { texts: Dictionary::default(), values: Vec::new() }
    }
}

impl<T: FromStr> Parsed<T> {
    fn number(&mut self, column: &'static str, text: &str) -> Result<u32, ComputeError> {
        let number = self.texts.number(text);
        if number as usize == self.values.len() {
            let stored = |_| ComputeError::Stored { column, value: text.to_owned() };
            self.values.push(text.parse().map_err(stored)?);
        }
        Ok(number)
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
