//! All figures as they were known on an earlier day, kept for as long as somebody is likely to look at them again.

use std::sync::Arc;

use super::engine::run_blocking;
use super::resolve::Selection;
use super::{ComputeError, Engine, Served};
use crate::cube::{self, Inputs};
use crate::domain::Vintage;

/// How many past days are kept: a meeting compares a few.
const KEPT_MAX: usize = 4;

/// A past state under the version it has.
pub(super) type Kept = Vec<(String, Arc<Served>)>;

impl Engine {
    /// The figures as known at an instant, or as they are served now. Computing a past state takes as long as computing
    /// everything once; two who ask for the same wait for one computation.
    pub async fn served_as_of(&self, as_of: Option<Vintage>) -> Result<Arc<Served>, ComputeError> {
        let now = self.served();
        let Some(at) = as_of else { return Ok(now) };
        let version = format!("{}-{}", now.version, at.micros());
        let mut kept = self.past().lock().await;
        if let Some((_, served)) = kept.iter().find(|(key, _)| *key == version) {
            return Ok(Arc::clone(served));
        }
        let facts = self.facts(&Selection { as_of: at, measures: None, years: None }).await?;
        let plans = self.targets_as_of(at).await?;
        let (catalog, cases, read) = (self.shared_catalog(), self.cases().await?, now.read);
        let key = version.clone();
        let served = run_blocking(move || {
            let mut inputs = Inputs::build(&catalog, facts, plans);
            inputs.set_records(&cases.records(&catalog, Some(at)));
            let figures = cube::compute(&catalog, &inputs);
            let mut served = Served::new(&catalog, figures, inputs, cases, read);
            served.version = version;
            Arc::new(served)
        })
        .await;
        if kept.len() >= KEPT_MAX {
            kept.remove(0);
        }
        kept.push((key, Arc::clone(&served)));
        Ok(served)
    }
}
