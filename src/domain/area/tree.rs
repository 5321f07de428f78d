//! The dated areas as a tree, with the hierarchy of every day worked out once.

use std::collections::{BTreeMap, HashMap};

use chrono::{Days, NaiveDate};

use super::{Area, AreaChange, AreaIx, AreaKind};
use crate::domain::Period;

/// All dated areas and their lineage.
#[derive(Debug, Clone, Default)]
pub struct AreaTree {
    areas: Vec<Area>,
    by_code: HashMap<String, Vec<AreaIx>>,
    pub(super) changes: Vec<AreaChange>,
    /// Positions in `changes` by the old area.
    pub(super) changes_from: BTreeMap<AreaIx, Vec<usize>>,
    /// Areas by the name part of their key.
    pub(super) by_name: BTreeMap<String, Vec<AreaIx>>,
    /// Areas by the name part of their key, without diacritics.
    pub(super) by_folded_name: BTreeMap<String, Vec<AreaIx>>,
    /// The hierarchy from each day on which anything begins or ends, until the next such day.
    hierarchies: BTreeMap<NaiveDate, Hierarchy>,
}

/// Who exists between two days, and below whom.
#[derive(Debug, Clone, Default)]
struct Hierarchy {
    /// Existing areas by kind, in index order.
    of_kind: BTreeMap<AreaKind, Vec<AreaIx>>,
    /// The existing area above each existing area.
    parent: BTreeMap<AreaIx, AreaIx>,
    /// Existing areas of a kind at or below an area, in index order.
    below: BTreeMap<(AreaIx, AreaKind), Vec<AreaIx>>,
}

/// Two spans of one code overlap, or a span ends before it begins.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("area {code}: the span from {valid_from} overlaps another or ends before it begins")]
pub struct AreaOverlap {
    /// Code.
    pub code: String,
    /// Start of the offending span.
    pub valid_from: NaiveDate,
}

/// A declaration that does not hang together; the tree works, but not as its author meant.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum AreaProblem {
    /// The area above does not exist during the whole span.
    #[error("area {code} from {valid_from}: its parent {parent} does not exist during its whole span")]
    ParentGone {
        /// Code.
        code: String,
        /// Start of the span.
        valid_from: NaiveDate,
        /// Code of the area above.
        parent: String,
    },
    /// The area above is of the same level or lower.
    #[error("area {code} from {valid_from}: its parent {parent} is not of a higher level")]
    ParentLevel {
        /// Code.
        code: String,
        /// Start of the span.
        valid_from: NaiveDate,
        /// Code of the area above.
        parent: String,
    },
    /// The shares of one old area do not add to 1.
    #[error("the changes of area {code} on {date} have weights that add to {sum}, not 1")]
    Shares {
        /// Code of the old area.
        code: String,
        /// Day of the change.
        date: NaiveDate,
        /// What they add to.
        sum: f64,
    },
}

impl AreaTree {
    /// Builds the tree; areas are sorted by (kind, code, valid_from), which fixes every summation order.
    pub fn new(mut areas: Vec<Area>) -> Result<Self, AreaOverlap> {
        areas.sort_by(|a, b| (a.kind, &a.code, a.valid_from).cmp(&(b.kind, &b.code, b.valid_from)));
        let mut tree = Self { areas, ..Self::default() };
        for (i, area) in tree.areas.iter().enumerate() {
            tree.by_code.entry(area.code.clone()).or_default().push(AreaIx(i as u32));
        }
        tree.check_spans()?;
        tree.index_names();
        tree.hierarchies = tree.turning_days().into_iter().map(|day| (day, tree.hierarchy_of(day))).collect();
        Ok(tree)
    }

    fn check_spans(&self) -> Result<(), AreaOverlap> {
        for area in &self.areas {
            let ends_early = area.valid_to.is_some_and(|to| to < area.valid_from);
            let overlaps = self.spans(&area.code).iter().map(|ix| self.area(*ix)).any(|other| {
                !std::ptr::eq(other, area)
                    && other.valid_from <= area.valid_from
                    && other.valid_to.is_none_or(|to| to >= area.valid_from)
            });
            if ends_early || overlaps {
                return Err(AreaOverlap { code: area.code.clone(), valid_from: area.valid_from });
            }
        }
        Ok(())
    }

    /// The days on which an area begins, or is gone for the first time.
    fn turning_days(&self) -> Vec<NaiveDate> {
        let mut days: Vec<NaiveDate> = self
            .areas
            .iter()
            .flat_map(|a| [Some(a.valid_from), a.valid_to.and_then(|to| to.checked_add_days(Days::new(1)))])
            .flatten()
            .collect();
        days.sort_unstable();
        days.dedup();
        days
    }

    fn hierarchy_of(&self, day: NaiveDate) -> Hierarchy {
        let mut hierarchy = Hierarchy::default();
        for (ix, area) in self.indexed().filter(|(_, a)| a.is_valid_on(day)) {
            hierarchy.of_kind.entry(area.kind).or_default().push(ix);
            let parent = area.parent.as_deref().and_then(|code| self.on(code, day));
            // A parent of a lower level would be a circle; `problems` reports it.
            if let Some(parent) = parent.filter(|p| self.area(*p).kind < area.kind) {
                hierarchy.parent.insert(ix, parent);
            }
        }
        for (ix, area) in self.indexed().filter(|(_, a)| a.is_valid_on(day)) {
            let mut above = Some(ix);
            while let Some(current) = above {
                hierarchy.below.entry((current, area.kind)).or_default().push(ix);
                above = hierarchy.parent.get(&current).copied();
            }
        }
        hierarchy
    }

    fn hierarchy_on(&self, day: NaiveDate) -> Option<&Hierarchy> {
        self.hierarchies.range(..=day).next_back().map(|(_, h)| h)
    }

    /// Adds the lineage.
    pub fn with_changes(mut self, mut changes: Vec<AreaChange>) -> Self {
        changes.sort_by_key(|c| (c.date, c.from, c.to));
        self.changes_from = BTreeMap::new();
        for (i, change) in changes.iter().enumerate() {
            self.changes_from.entry(change.from).or_default().push(i);
        }
        self.changes = changes;
        self
    }

    /// What does not hang together: parents and shares. Empty for a sound declaration.
    pub fn problems(&self) -> Vec<AreaProblem> {
        let mut problems = Vec::new();
        for area in &self.areas {
            let Some(parent) = &area.parent else { continue };
            let (code, valid_from) = (area.code.clone(), area.valid_from);
            if !self.covers(parent, area) {
                problems.push(AreaProblem::ParentGone { code, valid_from, parent: parent.clone() });
            } else if self.spans(parent).iter().any(|p| self.area(*p).kind >= area.kind) {
                problems.push(AreaProblem::ParentLevel { code, valid_from, parent: parent.clone() });
            }
        }
        for (from, changes) in &self.changes_from {
            let mut shares: BTreeMap<NaiveDate, f64> = BTreeMap::new();
            for change in changes.iter().map(|i| &self.changes[*i]) {
                *shares.entry(change.date).or_default() += change.weight;
            }
            for (date, sum) in shares.into_iter().filter(|(_, sum)| (sum - 1.0).abs() > 1e-9) {
                problems.push(AreaProblem::Shares { code: self.area(*from).code.clone(), date, sum });
            }
        }
        problems
    }

    /// Whether spans of `code` exist on every day of `area`'s span.
    fn covers(&self, code: &str, area: &Area) -> bool {
        let mut day = area.valid_from;
        while let Some(ix) = self.on(code, day) {
            match (self.area(ix).valid_to, area.valid_to) {
                (None, _) => return true,
                (Some(parent_to), Some(to)) if parent_to >= to => return true,
                (Some(parent_to), _) => day = parent_to + Days::new(1),
            }
        }
        false
    }

    /// All areas, in index order.
    pub fn areas(&self) -> &[Area] {
        &self.areas
    }

    /// All lineage edges, by date.
    pub fn changes(&self) -> &[AreaChange] {
        &self.changes
    }

    /// The area of an index.
    pub fn area(&self, ix: AreaIx) -> &Area {
        &self.areas[ix.0 as usize]
    }

    /// The area that a code means on a day.
    pub fn on(&self, code: &str, day: NaiveDate) -> Option<AreaIx> {
        self.spans(code).iter().copied().find(|ix| self.area(*ix).is_valid_on(day))
    }

    /// The area that a code means at the end of a period.
    pub fn at(&self, code: &str, period: Period) -> Option<AreaIx> {
        self.on(code, period.last_day())
    }

    /// Every span of a code.
    pub fn spans(&self, code: &str) -> &[AreaIx] {
        self.by_code.get(code).map_or(&[], Vec::as_slice)
    }

    /// The area above, on a day; `None` for the top and for an area that does not exist on the day.
    pub fn parent_on(&self, ix: AreaIx, day: NaiveDate) -> Option<AreaIx> {
        self.hierarchy_on(day)?.parent.get(&ix).copied()
    }

    /// All areas of a kind that exist on a day, in index order.
    pub fn of_kind_on(&self, kind: AreaKind, day: NaiveDate) -> impl Iterator<Item = AreaIx> + '_ {
        self.hierarchy_on(day).and_then(|h| h.of_kind.get(&kind)).map_or(&[][..], Vec::as_slice).iter().copied()
    }

    /// The areas of a kind below `above` (or `above` itself) on a day, in index order.
    pub fn below_on(&self, above: AreaIx, kind: AreaKind, day: NaiveDate) -> &[AreaIx] {
        self.hierarchy_on(day).and_then(|h| h.below.get(&(above, kind))).map_or(&[], Vec::as_slice)
    }

    /// Whether `ix` is `above` or lies below it on a day.
    pub fn is_below_on(&self, ix: AreaIx, above: AreaIx, day: NaiveDate) -> bool {
        let mut at = Some(ix);
        while let Some(current) = at {
            if current == above {
                return true;
            }
            at = self.parent_on(current, day);
        }
        false
    }

    /// Areas with their indices.
    pub fn indexed(&self) -> impl Iterator<Item = (AreaIx, &Area)> + '_ {
        self.areas.iter().enumerate().map(|(i, a)| (AreaIx(i as u32), a))
    }
}
