//! All figures as they were known on an earlier day, kept for as long as somebody is likely to look at them again.

use std::sync::{Arc, PoisonError};

use tokio::sync::{Mutex, OnceCell};

use super::engine::run_blocking;
use super::resolve::Selection;
use super::{ComputeError, Engine, Served};
use crate::cube::{self, Inputs};
use crate::domain::Vintage;

/// How many past days are kept: a meeting compares a few.
const KEPT_MAX: usize = 4;

/// A state that is there, or being computed.
type State = Arc<OnceCell<Arc<Served>>>;

/// Past states under the versions they have; one that is being computed is there already, without its figures.
#[derive(Debug, Default)]
pub(super) struct Kept {
    states: std::sync::Mutex<Vec<(String, State)>>,
    /// One past state is computed at a time: each takes the memory of all figures.
    computing: Mutex<()>,
}

impl Kept {
    fn state(&self, version: &str) -> State {
        let mut states = self.states.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, state)) = states.iter().find(|(known, _)| known == version) {
            return Arc::clone(state);
        }
        if states.len() >= KEPT_MAX {
            states.remove(0);
        }
        let state = Arc::new(OnceCell::new());
        states.push((version.to_owned(), Arc::clone(&state)));
        state
    }
}

impl Engine {
    /// The figures as known at an instant, or as they are served now. Computing a past state takes as long as computing
    /// everything once; two who ask for the same wait for one computation, who asks for a kept one does not wait.
    pub async fn served_as_of(&self, as_of: Option<Vintage>) -> Result<Arc<Served>, ComputeError> {
        let now = self.served();
        let Some(at) = as_of else { return Ok(now) };
        let version = format!("{}-{}", now.version, at.micros());
        let state = self.past().state(&version);
        let now = &now;
        let compute = || async move {
            let _alone = self.past().computing.lock().await;
            self.compute_as_of(at, now, version).await
        };
        state.get_or_try_init(compute).await.map(Arc::clone)
    }

    async fn compute_as_of(&self, at: Vintage, now: &Served, version: String) -> Result<Arc<Served>, ComputeError> {
        let facts = self.facts(&Selection { as_of: at, measures: None, years: None }).await?;
        let plans = self.targets_as_of(at).await?;
        let (catalog, cases, read) = (self.shared_catalog(), self.cases().await?, now.read);
        let served = run_blocking(move || {
            let mut inputs = Inputs::build(&catalog, facts, plans);
            inputs.set_records(&cases.records(&catalog, Some(at)));
            let figures = cube::compute(&catalog, &inputs);
            let mut served = Served::new(&catalog, figures, inputs, cases, read);
            served.version = version;
            Arc::new(served)
        });
        Ok(served.await)
    }
}
