//! What became of areas, and what they were made of.
//!
//! Forwards, an old area goes to new ones by declared shares. Backwards, a new area can be read from old ones the same
//! way; a merger cannot be undone, since no shares were declared for that direction.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::{AreaChange, AreaIx, AreaTree, ChangeKind};

/// What one area gives to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contribution {
    /// The giving area.
    pub area: AreaIx,
    /// Share of its additive figures, 0 < weight <= 1.
    pub weight: f64,
    /// Whether any share on the way was assumed: figures read through it are apportioned, and are to be marked so.
    pub assumed: bool,
}

/// A declared change that names areas wrongly.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ChangeError {
    /// No area of this code ends the day before the change.
    #[error("no area \"{code}\" ends the day before {date}")]
    From {
        /// Code of the old area.
        code: String,
        /// Day of the change.
        date: NaiveDate,
    },
    /// No area of this code exists on the day of the change.
    #[error("no area \"{code}\" exists on {date}")]
    To {
        /// Code of the new area.
        code: String,
        /// Day of the change.
        date: NaiveDate,
    },
    /// Not a share, or less than the whole for a rename or merger.
    #[error("weight {weight} is not a share of a {kind:?}")]
    Weight {
        /// As declared.
        weight: f64,
        /// Kind of the change.
        kind: ChangeKind,
    },
}

impl AreaTree {
    /// A change between the areas that two codes mean on the two sides of a day.
    pub fn change(
        &self,
        date: NaiveDate,
        (from, to): (&str, &str),
        kind: ChangeKind,
        (weight, weight_assumed): (f64, bool),
    ) -> Result<AreaChange, ChangeError> {
        let eve = date.checked_sub_days(Days::new(1)).unwrap_or(date);
        let old = self
            .on(from, eve)
            .filter(|ix| self.area(*ix).valid_to == Some(eve))
            .ok_or_else(|| ChangeError::From { code: from.to_owned(), date })?;
        let new = self.on(to, date).ok_or_else(|| ChangeError::To { code: to.to_owned(), date })?;
        let whole = weight == 1.0 && !weight_assumed;
        let share = weight > 0.0 && weight < 1.0;
        if (kind == ChangeKind::Part && !share) || (kind != ChangeKind::Part && !whole) {
            return Err(ChangeError::Weight { weight, kind });
        }
        Ok(AreaChange { date, from: old, to: new, kind, weight, weight_assumed })
    }

    /// The areas existing on `target_day` that the territory of `from` lies in, in index order, with its weights (which
    /// add to 1 where the lineage is whole) and whether any weight on the way was assumed.
    ///
    /// Forwards in time this follows the declared changes. Backwards it answers only for an area that is the whole of
    /// one older area under another name. Empty where nothing is declared.
    pub fn lineage_to(&self, from: AreaIx, target_day: NaiveDate) -> Vec<(AreaIx, f64, bool)> {
        if self.area(from).valid_from > target_day {
            return self.renamed_from(from, target_day).map(|ix| (ix, 1.0, false)).into_iter().collect();
        }
        let mut open = vec![(from, 1.0, false)];
        let mut settled: BTreeMap<AreaIx, (f64, bool)> = BTreeMap::new();
        while let Some((ix, weight, assumed)) = open.pop() {
            if self.area(ix).is_valid_on(target_day) {
                let entry = settled.entry(ix).or_insert((0.0, false));
                *entry = (entry.0 + weight, entry.1 || assumed);
                continue;
            }
            for change in self.changes_of(ix).filter(|c| c.date <= target_day) {
                open.push((change.to, weight * change.weight, assumed || change.weight_assumed));
            }
        }
        settled.into_iter().map(|(ix, (weight, assumed))| (ix, weight, assumed)).collect()
    }

    /// What the areas of `source_day` give to `target` as it is on `target_day`, in index order: read a series on the
    /// areas of `target_day` by summing these. Empty where nothing is declared, as for an area whose territory lay
    /// outside the city.
    pub fn members_of(&self, target: AreaIx, target_day: NaiveDate, source_day: NaiveDate) -> Vec<Contribution> {
        if !self.area(target).is_valid_on(target_day) {
            return Vec::new();
        }
        let kind = self.area(target).kind;
        let give = |area: AreaIx| {
            self.lineage_to(area, target_day)
                .into_iter()
                .filter(|(to, _, _)| *to == target)
                .map(move |(_, weight, assumed)| Contribution { area, weight, assumed })
        };
        self.of_kind_on(kind, source_day)
            .filter(|area| self.reads_as(*area, source_day, target_day))
            .flat_map(give)
            .collect()
    }

    /// Whether figures of an area as it was on `source_day` can be read on the areas of `target_day`: forwards always;
    /// backwards not if it took in another area in between, whose part cannot be told from its own.
    fn reads_as(&self, area: AreaIx, source_day: NaiveDate, target_day: NaiveDate) -> bool {
        source_day <= target_day
            || !self
                .changes
                .iter()
                .any(|c| c.to == area && c.kind != ChangeKind::Rename && target_day < c.date && c.date <= source_day)
    }

    fn changes_of(&self, from: AreaIx) -> impl Iterator<Item = &AreaChange> + '_ {
        self.changes_from.get(&from).into_iter().flatten().map(|i| &self.changes[*i])
    }

    /// Goes back along renames only.
    fn renamed_from(&self, mut ix: AreaIx, target_day: NaiveDate) -> Option<AreaIx> {
        while self.area(ix).valid_from > target_day {
            ix = self.changes.iter().find(|c| c.to == ix && c.kind == ChangeKind::Rename)?.from;
        }
        self.area(ix).is_valid_on(target_day).then_some(ix)
    }
}
