//! Areas are dated: a code means a place only together with a date.
//!
//! Every validity span of a code is an [`Area`] of its own with a dense [`AreaIx`]; `769` before 2021 is Quận 2, from
//! 2021 Thành phố Thủ Đức. The hierarchy of a period is the one valid on its last day.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use serde::Deserialize;

use super::Period;

/// Level of an area, from high to low.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AreaKind {
    /// A reference area outside the city's tree (the nation, for published comparisons).
    Reference,
    /// The whole city.
    City,
    /// What a figure of the city leaves after its districts: "không phân bổ".
    Residual,
    /// District, town, city in the city.
    District,
    /// Ward or commune.
    Ward,
}

impl AreaKind {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            AreaKind::Reference => "reference",
            AreaKind::City => "city",
            AreaKind::Residual => "residual",
            AreaKind::District => "district",
            AreaKind::Ward => "ward",
        }
    }
}

/// Dense index of a dated area in its [`AreaTree`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AreaIx(pub u32);

/// One validity span of a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// Statistical code (GSO), such as `760`.
    pub code: String,
    /// Vietnamese name.
    pub name: String,
    /// Level.
    pub kind: AreaKind,
    /// Code of the area above.
    pub parent: Option<String>,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day, `None` while it exists.
    pub valid_to: Option<NaiveDate>,
}

impl Area {
    /// Whether it exists on a day.
    pub fn is_valid_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|to| day <= to)
    }
}

/// What happened to an area on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// Same territory, new name or code.
    Rename,
    /// Wholly into another.
    Merge,
    /// Partly into another.
    Part,
}

/// One edge of the lineage: `from` (valid until the day before `date`) goes to `to` (valid from `date`).
#[derive(Debug, Clone, PartialEq)]
pub struct AreaChange {
    /// First day of the new area.
    pub date: NaiveDate,
    /// Old area.
    pub from: AreaIx,
    /// New area.
    pub to: AreaIx,
    /// Kind.
    pub kind: ChangeKind,
    /// Share of the old area's additive values that goes to the new one; the shares of one `from` add to 1.
    pub weight: f64,
    /// Whether the weight is a measured share (a merge is, being 1) or assumed equal because no share was published.
    pub weight_assumed: bool,
}

/// All dated areas and their lineage.
#[derive(Debug, Clone, Default)]
pub struct AreaTree {
    areas: Vec<Area>,
    by_code: HashMap<String, Vec<AreaIx>>,
    changes: Vec<AreaChange>,
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

impl AreaTree {
    /// Builds the tree; areas are sorted by (kind, code, valid_from), which fixes every summation order.
    pub fn new(mut areas: Vec<Area>) -> Result<Self, AreaOverlap> {
        areas.sort_by(|a, b| (a.kind, &a.code, a.valid_from).cmp(&(b.kind, &b.code, b.valid_from)));
        let mut by_code: HashMap<String, Vec<AreaIx>> = HashMap::new();
        for (i, area) in areas.iter().enumerate() {
            by_code.entry(area.code.clone()).or_default().push(AreaIx(i as u32));
        }
        let tree = Self { areas, by_code, changes: Vec::new() };
        for spans in tree.by_code.values() {
            let mut spans: Vec<&Area> = spans.iter().map(|ix| tree.area(*ix)).collect();
            spans.sort_by_key(|a| a.valid_from);
            for (i, area) in spans.iter().enumerate() {
                let ends_early = area.valid_to.is_some_and(|to| to < area.valid_from);
                let overlaps = i > 0 && spans[i - 1].valid_to.is_none_or(|to| to >= area.valid_from);
                if ends_early || overlaps {
                    return Err(AreaOverlap { code: area.code.clone(), valid_from: area.valid_from });
                }
            }
        }
        Ok(tree)
    }

    /// Adds the lineage.
    pub fn with_changes(mut self, mut changes: Vec<AreaChange>) -> Self {
        changes.sort_by_key(|c| (c.date, c.from, c.to));
        self.changes = changes;
        self
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

    /// The area above, on a day.
    pub fn parent_on(&self, ix: AreaIx, day: NaiveDate) -> Option<AreaIx> {
        self.area(ix).parent.as_deref().and_then(|code| self.on(code, day))
    }

    /// All areas of a kind that exist on a day, in index order.
    pub fn of_kind_on(&self, kind: AreaKind, day: NaiveDate) -> impl Iterator<Item = AreaIx> + '_ {
        self.indexed().filter(move |(_, a)| a.kind == kind && a.is_valid_on(day)).map(|(ix, _)| ix)
    }

    /// The areas of a kind below `above` (or `above` itself) on a day, in index order.
    pub fn below_on(&self, above: AreaIx, kind: AreaKind, day: NaiveDate) -> Vec<AreaIx> {
        self.of_kind_on(kind, day).filter(|ix| self.is_below_on(*ix, above, day)).collect()
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

    /// For an area, the areas existing on `target_day` that its territory lies in, with weights that add to 1 (at most)
    /// and whether any weight on the way was assumed. Follows the lineage forwards or backwards in time; backwards,
    /// a merge cannot be undone without shares, so the result is empty.
    pub fn lineage_to(&self, from: AreaIx, target_day: NaiveDate) -> Vec<(AreaIx, f64, bool)> {
        let mut open: BTreeMap<AreaIx, (f64, bool)> = BTreeMap::from([(from, (1.0, false))]);
        let mut settled: BTreeMap<AreaIx, (f64, bool)> = BTreeMap::new();
        while let Some((ix, (weight, assumed))) = open.pop_first() {
            if self.area(ix).is_valid_on(target_day) {
                let entry = settled.entry(ix).or_insert((0.0, false));
                *entry = (entry.0 + weight, entry.1 || assumed);
                continue;
            }
            if self.area(ix).valid_from > target_day {
                continue;
            }
            for change in self.changes.iter().filter(|c| c.from == ix && c.date <= target_day) {
                let entry = open.entry(change.to).or_insert((0.0, false));
                *entry = (entry.0 + weight * change.weight, entry.1 || assumed || change.weight_assumed);
            }
        }
        settled.into_iter().map(|(ix, (w, assumed))| (ix, w, assumed)).collect()
    }
}
