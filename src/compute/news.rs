//! What came into the lake since the served figures were computed, as changes of facts and plans.
//!
//! Most of it is decided by what is served already: a vintage that is firmer or newer than the one that counts takes its
//! place, a weaker one does not. Only where neither can be said are the vintages of a key read again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::resolve::{Selection, TargetKey};
use super::{ComputeError, Engine, Served};
use crate::cube::{Fact, FactChange, Inputs, Slice, TargetChange};
use crate::domain::{Breakdown, ObsStatus, Period, Vintage};
use crate::store::rows::{ObservationRow, read_observations, read_targets};
use crate::store::{Changes, Table};

/// What came into the lake.
pub(super) struct News {
    /// Facts that count now.
    pub facts: Vec<FactChange>,
    /// Plans that count now.
    pub targets: Vec<TargetChange>,
    /// Version of `observations` that was read.
    pub observations: Option<u64>,
    /// Version of `targets` that was read.
    pub target_version: Option<u64>,
}

impl News {
    /// Whether there is nothing to take in, not even a version.
    pub fn is_none_for(&self, served: &Served) -> bool {
        let same_versions = self.observations == served.read.observations && self.target_version == served.read.targets;
        self.facts.is_empty() && self.targets.is_empty() && same_versions
    }
}

type FactKey = (Arc<str>, Arc<str>, Arc<str>, Breakdown, Period);

/// What a new vintage means for the value that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// It takes its place.
    Counts,
    /// It does not.
    Weaker,
    /// All vintages of the key have to be looked at.
    Unclear,
}

impl Engine {
    /// What changed since `before`; `None` if the tables were rewritten, so that everything must be read.
    pub(super) async fn news(&self, before: &Served) -> Result<Option<News>, ComputeError> {
        let (Some(observations), Some(targets)) = (before.read.observations, before.read.targets) else {
            return Ok(None);
        };
        let (seen, plans) = (
            self.lake().added_since(Table::Observations, observations).await?,
            self.lake().added_since(Table::Targets, targets).await?,
        );
        let (Changes::Added(seen), Changes::Added(plans)) = (seen, plans) else { return Ok(None) };
        let mut rows = Vec::new();
        for batch in seen.read(None).await? {
            rows.extend(read_observations(&batch)?);
        }
        let mut plan_keys: BTreeSet<TargetKey> = BTreeSet::new();
        for batch in plans.read(None).await? {
            plan_keys.extend(read_targets(&batch)?.iter().map(|row| TargetKey::of(&row.target)));
        }
        let (mut facts, unclear) = decided(&before.inputs, rows);
        if !unclear.is_empty() {
            facts.extend(self.resolve_again(unclear).await?);
        }
        let mut changed_plans = Vec::new();
        if !plan_keys.is_empty() {
            let all = self.targets_as_of(Vintage::LATEST).await?;
            let again = all.into_iter().filter(|t| plan_keys.contains(&TargetKey::of(t)));
            changed_plans = again.map(TargetChange::Upsert).collect();
        }
        let (observations, target_version) = (Some(seen.version()), Some(plans.version()));
        Ok(Some(News { facts, targets: changed_plans, observations, target_version }))
    }

    /// The counting values of some keys, with all their vintages looked at again.
    async fn resolve_again(&self, mut keys: BTreeSet<FactKey>) -> Result<Vec<FactChange>, ComputeError> {
        let measures: BTreeSet<String> = keys.iter().map(|k| k.0.to_string()).collect();
        let years: BTreeSet<i32> = keys.iter().map(|k| k.4.year()).collect();
        let selection = Selection {
            as_of: Vintage::LATEST,
            measures: Some(measures.into_iter().collect()),
            years: Some(years.into_iter().collect()),
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
}

/// The changes that follow from new rows and what is held, and the keys for which that is not enough.
fn decided(inputs: &Inputs, rows: Vec<ObservationRow>) -> (Vec<FactChange>, BTreeSet<FactKey>) {
    let mut firmest: BTreeMap<FactKey, ObservationRow> = BTreeMap::new();
    for row in rows {
        let o = &row.observation;
        let key = (o.measure.clone(), o.area.clone(), o.org.clone(), o.breakdown.clone(), o.period);
        if firmest.get(&key).is_none_or(|held| strength(held) < strength(&row)) {
            firmest.insert(key, row);
        }
    }
    let mut changes = Vec::new();
    let mut unclear = BTreeSet::new();
    for (key, row) in firmest {
        match (verdict(inputs, &row), row.observation.value) {
            (Verdict::Weaker, _) => {}
            (Verdict::Counts, Some(value)) => {
                let (measure, area, org, breakdown, period) = key;
                let (status, vintage) = (row.observation.status, row.observation.vintage);
                changes.push(FactChange::Upsert(Fact {
                    measure,
                    area,
                    org,
                    breakdown,
                    period,
                    value,
                    status,
                    vintage,
                }));
            }
            (Verdict::Counts, None) | (Verdict::Unclear, _) => {
                unclear.insert(key);
            }
        }
    }
    (changes, unclear)
}

/// What decides between two vintages of a key: see [`crate::cube::resolution`].
fn strength(row: &ObservationRow) -> (u8, Vintage, &str, &str) {
    let o = &row.observation;
    (o.status.rank(), o.vintage, &row.feed, &o.source_ref)
}

/// Compares the firmest new vintage of a key with the value that counts.
fn verdict(inputs: &Inputs, row: &ObservationRow) -> Verdict {
    let o = &row.observation;
    // A mark of "missing" may stand where a value is not held, and values that do not fit the catalogue are not held.
    if o.status == ObsStatus::M || !inputs.unplaced().is_empty() {
        return Verdict::Unclear;
    }
    let slice = Slice { org: o.org.clone(), breakdown: o.breakdown.clone() };
    let Some((status, vintage)) = inputs.counting(&o.measure, &o.area, &slice, o.period) else {
        return Verdict::Counts;
    };
    match (o.status.rank(), o.vintage).cmp(&(status.rank(), vintage)) {
        std::cmp::Ordering::Greater => Verdict::Counts,
        std::cmp::Ordering::Less => Verdict::Weaker,
        std::cmp::Ordering::Equal => Verdict::Unclear,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;
    use crate::catalog::{self, Catalog};
    use crate::cube::{Candidate, resolve};
    use crate::domain::Observation;

    fn row(period: Period, status: ObsStatus, at: i64, value: f64, feed: &str) -> ObservationRow {
        ObservationRow {
            observation: Observation {
                measure: "retail_total".into(),
                area: "79".into(),
                org: "_T".into(),
                breakdown: Breakdown::TOTAL,
                period,
                value: (status != ObsStatus::M).then_some(value),
                status,
                vintage: Vintage::from_micros(at),
                source_ref: format!("{value}"),
                note: None,
            },
            feed: feed.into(),
            run_id: "r".into(),
            recorded_at: Vintage::from_micros(at),
        }
    }

    fn any_row() -> impl Strategy<Value = ObservationRow> {
        (1i32..4, 0usize..6, 0i64..4, 1i32..50, 0usize..2).prop_map(|(month, status, at, value, feed)| {
            let period = Period::month(2022, month).unwrap();
            row(period, ObsStatus::ALL[status], at, f64::from(value), ["a", "b"][feed])
        })
    }

    /// The counting fact of every month, by the rule itself.
    fn counting(rows: &[ObservationRow]) -> BTreeMap<Period, Fact> {
        let mut by_period: BTreeMap<Period, Vec<Candidate<'_>>> = BTreeMap::new();
        for r in rows {
            let o = &r.observation;
            let candidate = Candidate {
                value: o.value,
                status: o.status,
                vintage: o.vintage,
                feed: &r.feed,
                source_ref: &o.source_ref,
            };
            by_period.entry(o.period).or_default().push(candidate);
        }
        let fact = |period: Period, c: Candidate<'_>| Fact {
            measure: "retail_total".into(),
            area: "79".into(),
            org: "_T".into(),
            breakdown: Breakdown::TOTAL,
            period,
            value: c.value.unwrap(),
            status: c.status,
            vintage: c.vintage,
        };
        let resolved = by_period.iter().filter_map(|(p, all)| Some((*p, fact(*p, resolve(all, Vintage::LATEST)?))));
        resolved.collect()
    }

    fn shipped() -> Catalog {
        catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("indicators")).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        /// What is decided from the held values is what the rule says of all vintages together.
        #[test]
        fn news_are_decided_as_all_vintages_would_be(
            known in prop::collection::vec(any_row(), 0..12),
            new in prop::collection::vec(any_row(), 1..6),
        ) {
            let catalog = shipped();
            let before = counting(&known);
            let inputs = Inputs::build(&catalog, before.values().cloned(), []);
            let after = counting(&known.iter().chain(&new).cloned().collect::<Vec<_>>());
            let (changes, unclear) = decided(&inputs, new);
            let unclear: BTreeSet<Period> = unclear.into_iter().map(|k| k.4).collect();
            let mut now = before;
            for change in changes {
                let FactChange::Upsert(fact) = change else { panic!("nothing is taken out unread") };
                now.insert(fact.period, fact);
            }
            for month in 1..4 {
                let period = Period::month(2022, month).unwrap();
                if !unclear.contains(&period) {
                    prop_assert_eq!(now.get(&period), after.get(&period));
                }
            }
        }
    }

    #[test]
    fn a_correction_is_decided_without_reading_again() {
        let catalog = shipped();
        let may = Period::month(2022, 5).unwrap();
        let known = counting(&[row(may, ObsStatus::P, 5, 1.0, "a")]);
        let inputs = Inputs::build(&catalog, known.into_values(), []);
        let decide = |status, at| decided(&inputs, vec![row(may, status, at, 2.0, "a")]);
        let count = |(changes, unclear): (Vec<FactChange>, BTreeSet<FactKey>)| (changes.len(), unclear.len());
        assert_eq!(count(decide(ObsStatus::A, 4)), (1, 0), "official over provisional");
        assert_eq!(count(decide(ObsStatus::P, 6)), (1, 0), "newer");
        assert_eq!(count(decide(ObsStatus::E, 6)), (0, 0), "an estimate after a provisional figure");
        assert_eq!(count(decide(ObsStatus::P, 5)), (0, 1), "a tie is for the rule");
        assert_eq!(count(decide(ObsStatus::M, 6)), (0, 1), "a mark of missing");
    }
}
