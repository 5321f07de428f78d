//! The served figures: opened from the lake, refreshed by what changed, swapped atomically.

use std::collections::BTreeSet;
use std::sync::Arc;

use arc_swap::ArcSwap;
use chrono::NaiveDate;
use datafusion::catalog::TableProvider;
use tokio::sync::Mutex;

use super::catalog_tables::catalog_tables;
use super::past::Kept;
use super::publish::{Published, Publisher};
use super::resolve::{Selection, TargetKey, resolve_facts, resolve_targets};
use super::{ComputeError, Sessions};
use crate::catalog::Catalog;
use crate::cube::{self, Block, CubeData, Fact, FactChange, Inputs, TargetChange, evaluate_one};
use crate::domain::{Breakdown, ObsStatus, Period, Scope, Target, Vintage};
use crate::store::rows::{read_observations, read_targets};
use crate::store::{Changes, Lake, StoreError, Table};

/// One immutable state of all figures.
#[derive(Debug)]
pub struct Served {
    /// The figures.
    pub cube: CubeData,
    /// What they are made of.
    pub inputs: Inputs,
    /// Version of data and catalogue together: the ETag.
    pub version: String,
    /// Version of `observations` that was read, `None` before there is one.
    pub(super) observations: Option<u64>,
    /// Version of `targets` that was read.
    pub(super) targets: Option<u64>,
}

/// What a refresh did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Refreshed {
    /// Facts that changed.
    pub facts: usize,
    /// Plan values that changed.
    pub targets: usize,
    /// Indicators whose figures were computed again.
    pub indicators: usize,
    /// Whether everything was computed again.
    pub full: bool,
}

/// The engine: catalogue, lake and the served snapshot.
#[derive(Debug)]
pub struct Engine {
    catalog: Arc<Catalog>,
    lake: Arc<Lake>,
    sessions: Sessions,
    served: ArcSwap<Served>,
    /// Held while the served snapshot is being replaced.
    refreshing: Mutex<()>,
    publisher: Publisher,
    /// Earlier states that were asked for.
    past: Mutex<Kept>,
    /// Whether figures are computed when asked for, one indicator at a time, instead of all at the start.
    on_demand: bool,
}

impl Engine {
    /// Reads the lake and computes everything.
    pub async fn open(catalog: Arc<Catalog>, lake: Arc<Lake>, sessions: Sessions) -> Result<Self, ComputeError> {
        let served = load(&catalog, &lake, &sessions).await?;
        Ok(Self::over(catalog, lake, sessions, served, false))
    }

    /// For a process that asks one thing and ends: nothing is computed before it is asked for.
    pub async fn on_demand(catalog: Arc<Catalog>, lake: Arc<Lake>, sessions: Sessions) -> Result<Self, ComputeError> {
        let (observations, targets) =
            (version_in(&lake, Table::Observations).await?, version_in(&lake, Table::Targets).await?);
        let version = version_of(&catalog, observations, targets);
        let (cube, inputs) = (CubeData::default(), Inputs::build(&catalog, [], []));
        let served = Served { cube, inputs, version, observations, targets };
        Ok(Self::over(catalog, lake, sessions, served, true))
    }

    fn over(catalog: Arc<Catalog>, lake: Arc<Lake>, sessions: Sessions, served: Served, on_demand: bool) -> Self {
        let served = ArcSwap::from_pointee(served);
        let (refreshing, publisher, past) = (Mutex::new(()), Publisher::default(), Mutex::default());
        Self { catalog, lake, sessions, served, refreshing, publisher, past, on_demand }
    }

    /// The catalogue.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    pub(super) fn shared_catalog(&self) -> Arc<Catalog> {
        Arc::clone(&self.catalog)
    }

    pub(super) fn past(&self) -> &Mutex<Kept> {
        &self.past
    }

    /// The lake.
    pub fn lake(&self) -> &Lake {
        &self.lake
    }

    /// Sessions for other readers of the lake.
    pub fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    /// The figures as they are served now.
    pub fn served(&self) -> Arc<Served> {
        self.served.load_full()
    }

    /// Takes in what came into the lake since the last refresh, touching only what it reaches; computes everything
    /// again where the lake was rewritten.
    pub async fn refresh(&self) -> Result<Refreshed, ComputeError> {
        let _one = self.refreshing.lock().await;
        let before = self.served();
        let Some(news) = self.news(&before).await? else {
            return self.swap_full().await;
        };
        if news.facts.is_empty() && news.targets.is_empty() && news.is_at(&before) {
            return Ok(Refreshed::default());
        }
        let catalog = Arc::clone(&self.catalog);
        let old = Arc::clone(&before);
        let (observations, targets) = (news.observations, news.target_version);
        let (facts, plans) = (news.facts.len(), news.targets.len());
        let years: BTreeSet<i32> = news.facts.iter().map(year_of).collect();
        let served = run_blocking(move || {
            let mut inputs = old.inputs.clone();
            let mut changed = inputs.apply(&news.facts);
            changed.merge(inputs.apply_targets(&news.targets));
            let figures = cube::refresh(&catalog, &old.cube, &inputs, &changed);
            let version = version_of(&catalog, observations, targets);
            Served { cube: figures, inputs, version, observations, targets }
        })
        .await;
        let indicators = changed_blocks(&before.cube, &served.cube).count();
        self.publisher.note_years(years);
        self.served.store(Arc::new(served));
        Ok(Refreshed { facts, targets: plans, indicators, full: false })
    }

    /// Computes everything again from the lake.
    pub async fn recompute(&self) -> Result<Refreshed, ComputeError> {
        let _one = self.refreshing.lock().await;
        self.swap_full().await
    }

    async fn swap_full(&self) -> Result<Refreshed, ComputeError> {
        let served = load(&self.catalog, &self.lake, &self.sessions).await?;
        self.publisher.forget().await;
        self.served.store(Arc::new(served));
        Ok(Refreshed { facts: 0, targets: 0, indicators: self.catalog.indicators.len(), full: true })
    }

    /// Writes the served figures to `indicator_values` and `measure_values`, as far as they are not there yet. Readers
    /// of the served snapshot do not wait for it.
    pub async fn publish(&self) -> Result<Published, ComputeError> {
        self.publisher.publish(self, self.served()).await
    }

    /// Writes every figure again, whether or not it is there.
    pub async fn publish_again(&self) -> Result<Published, ComputeError> {
        self.publisher.publish_again(self, self.served()).await
    }

    /// What changed since `before`; `None` if the tables were rewritten, so that everything must be read.
    async fn news(&self, before: &Served) -> Result<Option<News>, ComputeError> {
        let (Some(observations), Some(targets)) = (before.observations, before.targets) else { return Ok(None) };
        let (seen, plans) = (
            self.lake.added_since(Table::Observations, observations).await?,
            self.lake.added_since(Table::Targets, targets).await?,
        );
        let (Changes::Added(seen), Changes::Added(plans)) = (seen, plans) else { return Ok(None) };
        let mut news = News {
            facts: Vec::new(),
            targets: Vec::new(),
            observations: Some(seen.version()),
            target_version: Some(plans.version()),
        };
        let mut keys: BTreeSet<FactKey> = BTreeSet::new();
        for batch in seen.read(None).await? {
            keys.extend(read_observations(&batch)?.into_iter().map(|row| {
                let o = row.observation;
                (o.measure, o.area, o.org, o.breakdown, o.period)
            }));
        }
        if !keys.is_empty() {
            news.facts = self.resolve_again(keys).await?;
        }
        let mut plan_keys: BTreeSet<TargetKey> = BTreeSet::new();
        for batch in plans.read(None).await? {
            plan_keys.extend(read_targets(&batch)?.iter().map(|row| TargetKey::of(&row.target)));
        }
        if !plan_keys.is_empty() {
            let all = self.targets_as_of(Vintage::LATEST).await?;
            let again = all.into_iter().filter(|t| plan_keys.contains(&TargetKey::of(t)));
            news.targets = again.map(TargetChange::Upsert).collect();
        }
        Ok(Some(news))
    }

    /// The counting values of some keys, with all their vintages looked at again.
    async fn resolve_again(&self, mut keys: BTreeSet<FactKey>) -> Result<Vec<FactChange>, ComputeError> {
        let distinct = |mut codes: Vec<String>| {
            codes.sort_unstable();
            codes.dedup();
            codes
        };
        let selection = Selection {
            as_of: Vintage::LATEST,
            measures: Some(distinct(keys.iter().map(|k| k.0.to_string()).collect())),
            years: Some(keys.iter().map(|k| k.4.year()).collect::<BTreeSet<_>>().into_iter().collect()),
        };
        let mut changes = Vec::with_capacity(keys.len());
        for fact in self.facts(&selection).await? {
            let key = (
                Arc::clone(&fact.measure),
                Arc::clone(&fact.area),
                Arc::clone(&fact.org),
                fact.breakdown.clone(),
                fact.period,
            );
            if keys.remove(&key) {
                changes.push(FactChange::Upsert(fact));
            }
        }
        // What is left has no counting value: a mark of "missing" where there was nothing firmer.
        changes.extend(keys.into_iter().map(|(measure, area, org, breakdown, period)| {
            let (value, status, vintage) = (0.0, ObsStatus::M, Vintage::LATEST);
            FactChange::Remove(Fact { measure, area, org, breakdown, period, value, status, vintage })
        }));
        Ok(changes)
    }

    /// The counting facts of a selection.
    pub async fn facts(&self, selection: &Selection) -> Result<Vec<Fact>, ComputeError> {
        facts_of(&self.lake, &self.sessions, selection).await.map(|(facts, _)| facts)
    }

    /// The plans known at an instant.
    pub async fn targets_as_of(&self, as_of: Vintage) -> Result<Vec<Target>, ComputeError> {
        targets_of(&self.lake, as_of).await.map(|(targets, _)| targets)
    }

    /// The figures of one indicator as known at an instant and on the areas of a day, with the version they belong to.
    pub async fn block(
        &self,
        indicator: &str,
        as_of: Option<Vintage>,
        areas_of: Option<NaiveDate>,
    ) -> Result<(Arc<Block>, String), ComputeError> {
        let served = self.served();
        if as_of.is_none() && areas_of.is_none() && !self.on_demand {
            let block = served.cube.block(indicator).expect("every declared indicator has a block");
            return Ok((Arc::clone(block), served.version.clone()));
        }
        let instant = as_of.unwrap_or(Vintage::LATEST);
        let (facts, targets) = self.sources_of(indicator, instant).await?;
        let inputs = match areas_of {
            None => Inputs::build(&self.catalog, facts, targets),
            Some(day) => Inputs::on_areas_of(&self.catalog, day, facts, targets),
        };
        let block = evaluate_one(&self.catalog, &inputs, indicator).expect("every declared indicator can be evaluated");
        // What was known at an instant never changes, but the catalogue and late arrivals with an old vintage may.
        let known = as_of.map(|at| format!("-{}", at.micros())).unwrap_or_default();
        let areas = areas_of.map(|day| format!("-{day}")).unwrap_or_default();
        Ok((Arc::new(block), format!("{}{known}{areas}", served.version)))
    }

    /// The inputs of one indicator as known at an instant.
    pub async fn inputs_as_of(&self, indicator: &str, as_of: Vintage) -> Result<Inputs, ComputeError> {
        let (facts, targets) = self.sources_of(indicator, as_of).await?;
        Ok(Inputs::build(&self.catalog, facts, targets))
    }

    /// What an indicator is made of, as known at an instant.
    async fn sources_of(&self, indicator: &str, as_of: Vintage) -> Result<(Vec<Fact>, Vec<Target>), ComputeError> {
        let measures = self.catalog.formulas[indicator].measures().map(str::to_owned).collect();
        let facts = self.facts(&Selection { as_of, measures: Some(measures), years: None }).await?;
        let mut targets = self.targets_as_of(as_of).await?;
        targets.retain(|t| t.indicator == indicator);
        Ok((facts, targets))
    }

    /// The tables a reader may name in SQL.
    pub async fn tables(&self, scope: &Scope) -> Result<Vec<(String, Arc<dyn TableProvider>)>, ComputeError> {
        let mut tables = catalog_tables(&self.catalog, scope, 2004..=2035)?;
        for table in Table::ALL {
            match self.lake.snapshot(table).await {
                Ok(snapshot) => tables.push((table.name().to_owned(), Arc::new(snapshot))),
                Err(StoreError::NoTable { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(tables)
    }
}

type FactKey = (Arc<str>, Arc<str>, Arc<str>, Breakdown, Period);

/// What came into the lake.
struct News {
    facts: Vec<FactChange>,
    targets: Vec<TargetChange>,
    observations: Option<u64>,
    target_version: Option<u64>,
}

impl News {
    fn is_at(&self, served: &Served) -> bool {
        self.observations == served.observations && self.target_version == served.targets
    }
}

async fn load(catalog: &Arc<Catalog>, lake: &Lake, sessions: &Sessions) -> Result<Served, ComputeError> {
    let (facts, observations) = facts_of(lake, sessions, &Selection::latest()).await?;
    let (plans, targets) = targets_of(lake, Vintage::LATEST).await?;
    let catalog = Arc::clone(catalog);
    let served = run_blocking(move || {
        let inputs = Inputs::build(&catalog, facts, plans);
        let figures = cube::compute(&catalog, &inputs);
        let version = version_of(&catalog, observations, targets);
        Served { cube: figures, inputs, version, observations, targets }
    })
    .await;
    if let Some(first) = served.inputs.unplaced().first() {
        let count = served.inputs.unplaced().len();
        tracing::warn!(facts.unplaced = count, measure.code = %first.measure, area.code = %first.area,
            "{count} stored facts do not fit the catalogue and are left out");
    }
    Ok(served)
}

async fn facts_of(
    lake: &Lake,
    sessions: &Sessions,
    selection: &Selection,
) -> Result<(Vec<Fact>, Option<u64>), ComputeError> {
    match lake.snapshot(Table::Observations).await {
        Ok(snapshot) => {
            let version = snapshot.version();
            Ok((resolve_facts(&sessions.engine(), Arc::new(snapshot), selection).await?, Some(version)))
        }
        Err(StoreError::NoTable { .. }) => Ok((Vec::new(), None)),
        Err(error) => Err(error.into()),
    }
}

async fn targets_of(lake: &Lake, as_of: Vintage) -> Result<(Vec<Target>, Option<u64>), ComputeError> {
    match lake.snapshot(Table::Targets).await {
        Ok(snapshot) => {
            let version = snapshot.version();
            Ok((resolve_targets(&snapshot, as_of).await?, Some(version)))
        }
        Err(StoreError::NoTable { .. }) => Ok((Vec::new(), None)),
        Err(error) => Err(error.into()),
    }
}

async fn version_in(lake: &Lake, table: Table) -> Result<Option<u64>, ComputeError> {
    match lake.snapshot(table).await {
        Ok(snapshot) => Ok(Some(snapshot.version())),
        Err(StoreError::NoTable { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn version_of(catalog: &Catalog, observations: Option<u64>, targets: Option<u64>) -> String {
    let part = |v: Option<u64>| v.map_or_else(|| "0".to_owned(), |v| (v + 1).to_string());
    format!("{}-{}-{}", &catalog.version[..8], part(observations), part(targets))
}

/// Runs pure computation off the async threads; a panic there is a panic here.
pub(super) async fn run_blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(value) => value,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

fn year_of(change: &FactChange) -> i32 {
    let (FactChange::Upsert(fact) | FactChange::Remove(fact)) = change;
    fact.period.year()
}

/// Codes of the indicators that were computed again between two states.
pub(super) fn changed_blocks<'a>(before: &'a CubeData, after: &'a CubeData) -> impl Iterator<Item = &'a str> {
    let same = |code: &str, block: &Arc<Block>| before.block(code).is_some_and(|old| Arc::ptr_eq(old, block));
    after.blocks.iter().filter(move |(code, block)| !same(code, block)).map(|(code, _)| code.as_str())
}
