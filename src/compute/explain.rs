//! "Explain this number": the inputs of one figure down to file and row, and every value it ever had.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use datafusion::logical_expr::{col, in_list, lit};

use super::{AskError, ComputeError, Engine};
use crate::cube::resolution::{Candidate, resolve};
use crate::cube::{Cell, Fact, Inputs, evaluate_one};
use crate::cube::{Question, UsedInput, inputs_of};
use crate::domain::{Breakdown, Period, Scope, Vintage};
use crate::store::rows::{ObservationRow, RunRow, read_observations, read_runs};
use crate::store::{StoreError, Table};

/// Which figure.
#[derive(Debug, Clone)]
pub struct FigureKey {
    /// Indicator code.
    pub indicator: String,
    /// Area code.
    pub area: String,
    /// Authority code.
    pub org: String,
    /// Breakdown.
    pub breakdown: Breakdown,
    /// Period.
    pub period: Period,
    /// As known at this instant, default now.
    pub as_of: Option<Vintage>,
}

/// One input with where it stands and what it was before.
#[derive(Debug, Clone)]
pub struct ExplainedInput {
    /// What the figure used.
    pub used: UsedInput,
    /// The row that counts, and the older and weaker ones of the same key, newest first.
    pub vintages: Vec<ObservationRow>,
    /// The pull that brought the counting row.
    pub run: Option<RunRow>,
}

/// A value the figure had, and from when.
#[derive(Debug, Clone, PartialEq)]
pub struct PastValue {
    /// From when this was the figure.
    pub since: Vintage,
    /// The figure then; `None` when it could not be computed any more.
    pub cell: Option<Cell>,
}

/// A figure explained.
#[derive(Debug, Clone)]
pub struct Explanation {
    /// The figure.
    pub cell: Cell,
    /// What it is made of.
    pub inputs: Vec<ExplainedInput>,
    /// Every value it had, oldest first; the last is the present one.
    pub history: Vec<PastValue>,
    /// Version of the data.
    pub version: String,
}

type Key = (Arc<str>, Arc<str>, Arc<str>, Breakdown, Period);

fn key_of(row: &ObservationRow) -> Key {
    let o = &row.observation;
    (Arc::clone(&o.measure), Arc::clone(&o.area), Arc::clone(&o.org), o.breakdown.clone(), o.period)
}

impl Engine {
    /// Explains one figure; `None` if there is no such figure.
    pub async fn explain(&self, key: &FigureKey, scope: &Scope) -> Result<Option<Explanation>, AskError> {
        super::ask::find_indicator(self.catalog(), &key.indicator)?;
        if !scope.allows_area(&key.area) {
            return Err(AskError::Forbidden(key.area.clone()));
        }
        let (block, version) = self.block(&key.indicator, key.as_of, None).await?;
        let Some(cell) = block.cell(&key.area, &key.org, &key.breakdown, key.period).cloned() else { return Ok(None) };
        let inputs = match key.as_of {
            None => self.served().inputs.clone(),
            Some(at) => self.inputs_as_of(&key.indicator, at).await?,
        };
        let question = Question {
            indicator: &key.indicator,
            area: &key.area,
            org: &key.org,
            breakdown: &key.breakdown,
            period: key.period,
        };
        let used = inputs_of(self.catalog(), &inputs, question);
        let rows = self.rows_behind(&used).await?;
        let history = self.history(key, &rows);
        let runs = self.runs_of(&rows).await?;
        let as_of = key.as_of.unwrap_or(Vintage::LATEST);
        let explained = used.into_iter().map(|used| explain_input(used, &rows, &runs, as_of)).collect();
        Ok(Some(Explanation { cell, inputs: explained, history, version }))
    }

    /// All vintages of the measures in the years a figure reaches.
    async fn rows_behind(&self, used: &[UsedInput]) -> Result<BTreeMap<Key, Vec<ObservationRow>>, ComputeError> {
        let measures: BTreeSet<&str> = used.iter().map(|u| u.measure.as_str()).collect();
        let years: BTreeSet<i32> = used.iter().map(|u| u.period.year()).collect();
        let filter = in_list(col("measure_code"), measures.iter().map(|m| lit(*m)).collect(), false).and(in_list(
            col("period_year"),
            years.iter().map(|y| lit(*y)).collect(),
            false,
        ));
        let mut rows: BTreeMap<Key, Vec<ObservationRow>> = BTreeMap::new();
        for batch in self.lake().snapshot(Table::Observations).await?.read(Some(filter)).await? {
            for row in read_observations(&batch)? {
                rows.entry(key_of(&row)).or_default().push(row);
            }
        }
        Ok(rows)
    }

    /// The value of the figure after each publication that could have changed it.
    fn history(&self, key: &FigureKey, rows: &BTreeMap<Key, Vec<ObservationRow>>) -> Vec<PastValue> {
        let as_of = key.as_of.unwrap_or(Vintage::LATEST);
        let instants: BTreeSet<Vintage> =
            rows.values().flatten().map(|r| r.observation.vintage).filter(|v| *v <= as_of).collect();
        let mut history: Vec<PastValue> = Vec::new();
        for instant in instants {
            let facts = rows.iter().filter_map(|(key, rows)| fact_as_of(key, rows, instant));
            let inputs = Inputs::build(self.catalog(), facts, []);
            let block = evaluate_one(self.catalog(), &inputs, &key.indicator).unwrap_or_default();
            let cell = block.cell(&key.area, &key.org, &key.breakdown, key.period).cloned();
            let told = |c: &Cell| (c.value.to_bits(), c.status, c.complete);
            let same = match (history.last().map(|h| &h.cell), &cell) {
                (None, None) => true,
                (Some(Some(before)), Some(now)) => told(before) == told(now),
                (Some(None), None) => true,
                (None | Some(None), Some(_)) | (Some(Some(_)), None) => false,
            };
            if !same {
                history.push(PastValue { since: instant, cell });
            }
        }
        history
    }

    async fn runs_of(
        &self,
        rows: &BTreeMap<Key, Vec<ObservationRow>>,
    ) -> Result<BTreeMap<String, RunRow>, ComputeError> {
        let wanted: BTreeSet<&str> = rows.values().flatten().map(|r| &*r.run_id).collect();
        if wanted.is_empty() {
            return Ok(BTreeMap::new());
        }
        let snapshot = match self.lake().snapshot(Table::Runs).await {
            Ok(snapshot) => snapshot,
            Err(StoreError::NoTable { .. }) => return Ok(BTreeMap::new()),
            Err(error) => return Err(error.into()),
        };
        let filter = in_list(col("run_id"), wanted.iter().map(|r| lit(*r)).collect(), false);
        let mut runs = BTreeMap::new();
        for batch in snapshot.read(Some(filter)).await? {
            runs.extend(read_runs(&batch)?.into_iter().map(|run| (run.run_id.clone(), run)));
        }
        Ok(runs)
    }
}

fn candidate(row: &ObservationRow) -> Candidate<'_> {
    let o = &row.observation;
    Candidate { value: o.value, status: o.status, vintage: o.vintage, feed: &row.feed, source_ref: &o.source_ref }
}

fn fact_as_of(key: &Key, rows: &[ObservationRow], as_of: Vintage) -> Option<Fact> {
    let candidates: Vec<Candidate> = rows.iter().map(candidate).collect();
    let counting = resolve(&candidates, as_of)?;
    let (measure, area, org, breakdown, period) = key.clone();
    let (status, vintage) = (counting.status, counting.vintage);
    Some(Fact { measure, area, org, breakdown, period, value: counting.value?, status, vintage })
}

fn explain_input(
    used: UsedInput,
    rows: &BTreeMap<Key, Vec<ObservationRow>>,
    runs: &BTreeMap<String, RunRow>,
    as_of: Vintage,
) -> ExplainedInput {
    let key = (
        used.measure.as_str().into(),
        Arc::clone(&used.area),
        Arc::clone(&used.org),
        used.breakdown.clone(),
        used.period,
    );
    let mut vintages: Vec<ObservationRow> =
        rows.get(&key).into_iter().flatten().filter(|r| r.observation.vintage <= as_of).cloned().collect();
    let strength = |r: &ObservationRow| {
        let o = &r.observation;
        (o.status.rank(), o.vintage, Arc::clone(&r.feed), o.source_ref.clone())
    };
    vintages.sort_by_key(|r| std::cmp::Reverse(strength(r)));
    let run = vintages.first().and_then(|r| runs.get(&*r.run_id)).cloned();
    ExplainedInput { used, vintages, run }
}
