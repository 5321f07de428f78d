//! The served figures: opened from the lake, refreshed by what changed, swapped atomically.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use chrono::NaiveDate;
use datafusion::catalog::TableProvider;
use tokio::sync::{Mutex, watch};

use super::case_tables::case_tables;
use super::cases::{CaseKeeper, ServedCases};
use super::catalog_tables::catalog_tables;
use super::past::Kept;
use super::publish::{Published, Publisher};
use super::resolve::{Selection, resolve_facts, resolve_targets};
use super::{ComputeError, Sessions};
use crate::catalog::Catalog;
use crate::cube::{self, Block, CubeData, Fact, FactChange, Inputs, evaluate_one};
use crate::domain::{AreaRule, Clock, Scope, Target, Vintage};
use crate::store::{Lake, StoreError, Table};

/// How often, and for how long each time, a state that is no longer served waits for its last reader: at most a minute.
const RETIRED_WAITS: usize = 1200;
const RETIRED_WAIT: Duration = Duration::from_millis(50);

/// One immutable state of all figures.
#[derive(Debug)]
pub struct Served {
    /// The figures.
    pub cube: CubeData,
    /// What they are made of.
    pub inputs: Inputs,
    /// The cases that some of them count.
    pub cases: Arc<ServedCases>,
    /// Version of data and catalogue together: the ETag.
    pub version: String,
    /// Versions of the tables that were read.
    pub(super) read: Versions,
}

/// Versions of the tables that figures follow from, `None` before there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Versions {
    /// Of `observations`.
    pub observations: Option<u64>,
    /// Of `targets`.
    pub targets: Option<u64>,
    /// Of `cases`.
    pub cases: Option<u64>,
}

impl Served {
    pub(super) fn new(
        catalog: &Catalog,
        cube: CubeData,
        inputs: Inputs,
        cases: Arc<ServedCases>,
        read: Versions,
    ) -> Self {
        let part = |v: Option<u64>| v.map_or_else(|| "0".to_owned(), |v| (v + 1).to_string());
        let mut version = format!("{}-{}-{}", &catalog.version[..8], part(read.observations), part(read.targets));
        if !cases.book.is_empty() {
            // Cases grow old although nothing comes in: what is overdue depends on the hour too.
            version.push_str(&format!("-{}-{}", part(read.cases), cases.cut.second()));
        }
        Self { cube, inputs, cases, version, read }
    }
}

/// What a refresh did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Refreshed {
    /// Facts that changed.
    pub facts: usize,
    /// Plan values that changed.
    pub targets: usize,
    /// Cases that are new or changed.
    pub cases: usize,
    /// Indicators whose figures were computed again.
    pub indicators: usize,
    /// Whether everything was computed again.
    pub full: bool,
}

/// The engine: catalogue, lake and the served snapshot.
#[derive(Debug)]
pub struct Engine {
    parts: Parts,
    served: ArcSwap<Served>,
    /// Tells those who wait that another state is served.
    swaps: watch::Sender<()>,
    /// Held while the served snapshot is being replaced.
    keeper: Mutex<CaseKeeper>,
    publisher: Publisher,
    /// Earlier states that were asked for.
    past: Kept,
    /// Whether figures are computed when asked for, one indicator at a time, instead of all at the start.
    on_demand: bool,
}

/// What an engine works on.
#[derive(Debug, Clone)]
pub struct Parts {
    /// The catalogue.
    pub catalog: Arc<Catalog>,
    /// The tables.
    pub lake: Arc<Lake>,
    /// How they are queried.
    pub sessions: Sessions,
    /// Up to when cases are counted.
    pub clock: Arc<dyn Clock>,
}

impl Parts {
    fn now(&self) -> Vintage {
        Vintage::from_instant(self.clock.now())
    }
}

impl Engine {
    /// Reads the lake and computes everything.
    pub async fn open(parts: Parts) -> Result<Self, ComputeError> {
        let mut keeper = CaseKeeper::new(Arc::clone(&parts.catalog));
        let served = load(&parts, &mut keeper).await?;
        Ok(Self::over(parts, served, keeper, false))
    }

    /// For a process that asks one thing and ends: nothing is computed before it is asked for.
    pub async fn on_demand(parts: Parts) -> Result<Self, ComputeError> {
        let version = Versions {
            observations: version_in(&parts.lake, Table::Observations).await?,
            targets: version_in(&parts.lake, Table::Targets).await?,
            cases: version_in(&parts.lake, Table::Cases).await?,
        };
        let (cube, inputs) = (CubeData::default(), Inputs::build(&parts.catalog, [], []));
        let cases = Arc::new(ServedCases::none(&parts.catalog));
        let served = Served::new(&parts.catalog, cube, inputs, cases, version);
        let keeper = CaseKeeper::new(Arc::clone(&parts.catalog));
        Ok(Self::over(parts, served, keeper, true))
    }

    fn over(parts: Parts, served: Served, keeper: CaseKeeper, on_demand: bool) -> Self {
        let served = ArcSwap::from_pointee(served);
        let (keeper, publisher) = (Mutex::new(keeper), Publisher::default());
        let swaps = watch::Sender::new(());
        Self { parts, served, swaps, keeper, publisher, past: Kept::default(), on_demand }
    }

    /// The catalogue.
    pub fn catalog(&self) -> &Catalog {
        &self.parts.catalog
    }

    /// The same, to be kept beyond the engine's own life.
    pub fn shared_catalog(&self) -> Arc<Catalog> {
        Arc::clone(&self.parts.catalog)
    }

    pub(super) fn past(&self) -> &Kept {
        &self.past
    }

    /// The lake.
    pub fn lake(&self) -> &Lake {
        &self.parts.lake
    }

    /// Sessions for other readers of the lake.
    pub fn sessions(&self) -> &Sessions {
        &self.parts.sessions
    }

    /// The figures as they are served now.
    pub fn served(&self) -> Arc<Served> {
        self.served.load_full()
    }

    /// Wakes whenever another state is served; what changed is seen by comparing [`Engine::served`] before and after.
    pub fn swaps(&self) -> watch::Receiver<()> {
        self.swaps.subscribe()
    }

    fn swap(&self, served: Served) {
        self.served.store(Arc::new(served));
        self.swaps.send_replace(());
    }

    /// Takes in what came into the lake since the last refresh, touching only what it reaches; computes everything
    /// again where the lake was rewritten.
    pub async fn refresh(&self) -> Result<Refreshed, ComputeError> {
        let mut keeper = self.keeper.lock().await;
        let before = self.served();
        let Some(news) = self.news(&before).await? else {
            return self.swap_full(&mut keeper).await;
        };
        let new_cases = keeper.refresh(&self.parts.lake, self.parts.now()).await?;
        let cases = Arc::new(keeper.served());
        let are_cases_same = cases.version == before.cases.version && cases.cut == before.cases.cut;
        if news.is_none_for(&before) && are_cases_same {
            return Ok(Refreshed::default());
        }
        let catalog = Arc::clone(&self.parts.catalog);
        let old = Arc::clone(&before);
        let read = Versions { observations: news.observations, targets: news.target_version, cases: cases.version };
        let (facts, plans) = (news.facts.len(), news.targets.len());
        let years: BTreeSet<i32> = news.facts.iter().map(year_of).collect();
        let served = run_blocking(move || {
            let mut inputs = old.inputs.clone();
            let mut changed = inputs.apply(&news.facts);
            changed.merge(inputs.apply_targets(&news.targets));
            if !are_cases_same {
                changed.merge(inputs.set_records(&cases.records(&catalog, None)));
            }
            let figures = cube::refresh(&catalog, &old.cube, &inputs, &changed);
            Served::new(&catalog, figures, inputs, cases, read)
        })
        .await;
        let indicators = changed_blocks(&before.cube, &served.cube).count();
        self.publisher.note_years(years);
        self.swap(served);
        retire(before);
        Ok(Refreshed { facts, targets: plans, cases: new_cases, indicators, full: false })
    }

    /// Computes everything again from the lake.
    pub async fn recompute(&self) -> Result<Refreshed, ComputeError> {
        let mut keeper = self.keeper.lock().await;
        self.swap_full(&mut keeper).await
    }

    async fn swap_full(&self, keeper: &mut CaseKeeper) -> Result<Refreshed, ComputeError> {
        *keeper = CaseKeeper::new(Arc::clone(&self.parts.catalog));
        let served = load(&self.parts, keeper).await?;
        self.publisher.forget().await;
        let before = self.served.load_full();
        self.swap(served);
        retire(before);
        let indicators = self.parts.catalog.indicators.len();
        Ok(Refreshed { indicators, full: true, ..Refreshed::default() })
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

    /// The counting facts of a selection.
    pub async fn facts(&self, selection: &Selection) -> Result<Vec<Fact>, ComputeError> {
        facts_of(&self.parts.lake, &self.parts.sessions, selection).await.map(|(facts, _)| facts)
    }

    /// The plans known at an instant.
    pub async fn targets_as_of(&self, as_of: Vintage) -> Result<Vec<Target>, ComputeError> {
        targets_of(&self.parts.lake, as_of).await.map(|(targets, _)| targets)
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
        let mut inputs = match areas_of {
            None => Inputs::build(&self.parts.catalog, facts, targets),
            Some(day) => Inputs::on_areas_of(&self.parts.catalog, day, facts, targets),
        };
        self.add_records(indicator, as_of, &mut inputs).await?;
        let block =
            evaluate_one(&self.parts.catalog, &inputs, indicator).expect("every declared indicator can be evaluated");
        // What was known at an instant never changes, but the catalogue and late arrivals with an old vintage may.
        let known = as_of.map(|at| format!("-{}", at.micros())).unwrap_or_default();
        let areas = areas_of.map(|day| format!("-{day}")).unwrap_or_default();
        Ok((Arc::new(block), format!("{}{known}{areas}", served.version)))
    }

    /// The inputs of one indicator as known at an instant.
    pub async fn inputs_as_of(&self, indicator: &str, as_of: Vintage) -> Result<Inputs, ComputeError> {
        let (facts, targets) = self.sources_of(indicator, as_of).await?;
        let mut inputs = Inputs::build(&self.parts.catalog, facts, targets);
        self.add_records(indicator, Some(as_of), &mut inputs).await?;
        Ok(inputs)
    }

    /// Adds what an indicator counts over cases, as known at an instant.
    async fn add_records(
        &self,
        indicator: &str,
        as_of: Option<Vintage>,
        inputs: &mut Inputs,
    ) -> Result<(), ComputeError> {
        let catalog = Arc::clone(&self.parts.catalog);
        let of_records = |code: &str| catalog.measures.get(code).is_some_and(|m| m.area_rule == AreaRule::Records);
        if !catalog.formulas[indicator].measures().any(of_records) {
            return Ok(());
        }
        let cases = self.cases().await?;
        let records = run_blocking(move || cases.records(&catalog, as_of)).await;
        inputs.set_records(&records);
        Ok(())
    }

    /// The cases as they are served now.
    pub async fn cases(&self) -> Result<Arc<ServedCases>, ComputeError> {
        let served = self.served();
        if !self.on_demand {
            return Ok(Arc::clone(&served.cases));
        }
        let mut keeper = self.keeper.lock().await;
        keeper.refresh(&self.parts.lake, self.parts.now()).await?;
        Ok(Arc::new(keeper.served()))
    }

    /// What an indicator is made of, as known at an instant.
    async fn sources_of(&self, indicator: &str, as_of: Vintage) -> Result<(Vec<Fact>, Vec<Target>), ComputeError> {
        let measures = self.parts.catalog.formulas[indicator].measures().map(str::to_owned).collect();
        let facts = self.facts(&Selection { as_of, measures: Some(measures), years: None }).await?;
        let mut targets = self.targets_as_of(as_of).await?;
        targets.retain(|t| t.indicator == indicator);
        Ok((facts, targets))
    }

    /// The tables a reader may name in SQL.
    pub async fn tables(&self, scope: &Scope) -> Result<Vec<(String, Arc<dyn TableProvider>)>, ComputeError> {
        let mut tables = catalog_tables(&self.parts.catalog, scope, 2004..=2035)?;
        for table in Table::ALL {
            match self.parts.lake.snapshot(table).await {
                Ok(snapshot) => tables.push((table.name().to_owned(), Arc::new(snapshot))),
                Err(StoreError::NoTable { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        tables.extend(case_tables(&self.cases().await?, scope)?);
        Ok(tables)
    }
}

async fn load(parts: &Parts, keeper: &mut CaseKeeper) -> Result<Served, ComputeError> {
    let (facts, observations) = facts_of(&parts.lake, &parts.sessions, &Selection::latest()).await?;
    let (plans, targets) = targets_of(&parts.lake, Vintage::LATEST).await?;
    keeper.refresh(&parts.lake, parts.now()).await?;
    let (catalog, cases) = (Arc::clone(&parts.catalog), Arc::new(keeper.served()));
    let read = Versions { observations, targets, cases: cases.version };
    let served = run_blocking(move || {
        let mut inputs = Inputs::build(&catalog, facts, plans);
        inputs.set_records(&cases.records(&catalog, None));
        let figures = cube::compute(&catalog, &inputs);
        Served::new(&catalog, figures, inputs, cases, read)
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

/// Runs pure computation off the async threads; a panic there is a panic here.
pub(super) async fn run_blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(value) => value,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// Takes apart a state that is no longer served. That takes longer than many a refresh, and longer than a reader who
/// happens to be the last to let go of it may wait.
fn retire(before: Arc<Served>) {
    tokio::spawn(async move {
        for _ in 0..RETIRED_WAITS {
            if Arc::strong_count(&before) == 1 {
                break;
            }
            tokio::time::sleep(RETIRED_WAIT).await;
        }
        tokio::task::spawn_blocking(move || drop(before));
    });
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
