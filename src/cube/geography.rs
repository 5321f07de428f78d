//! The hierarchy of every period, as dense arrays.
//!
//! The tree of dated areas changes on a few days only. Between two such days it is one [`Epoch`]; a period belongs to
//! the epoch that holds on its last day. Frozen on a day ("on the areas of 2025-07-01"), there is a single epoch.
//! This module does not know measures or values.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use chrono::{Datelike, Days, NaiveDate};

use crate::domain::area::AreaIx;
use crate::domain::{AreaKind, AreaTree, Freq, Period};

/// The hierarchy between two changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Epoch {
    valid: Vec<bool>,
    parent: Vec<Option<AreaIx>>,
    residual: Option<AreaIx>,
    /// Districts below each area, ascending.
    districts: Vec<Vec<AreaIx>>,
    /// Wards below each area, ascending.
    wards: Vec<Vec<AreaIx>>,
}

impl Epoch {
    /// Whether the area exists.
    pub fn exists(&self, area: AreaIx) -> bool {
        self.valid[area.0 as usize]
    }

    /// The area directly above.
    pub fn parent(&self, area: AreaIx) -> Option<AreaIx> {
        self.parent[area.0 as usize]
    }

    /// The residual area, "not allocated".
    pub fn residual(&self) -> Option<AreaIx> {
        self.residual
    }

    /// The districts below an area, ascending; empty for a district or ward.
    pub fn districts(&self, area: AreaIx) -> &[AreaIx] {
        &self.districts[area.0 as usize]
    }

    /// The wards below an area, ascending; empty for a ward.
    pub fn wards(&self, area: AreaIx) -> &[AreaIx] {
        &self.wards[area.0 as usize]
    }

    /// The areas of a level below an area, ascending; none for the levels that nothing is summed from.
    pub fn below(&self, area: AreaIx, level: AreaKind) -> &[AreaIx] {
        match level {
            AreaKind::District => self.districts(area),
            AreaKind::Ward => self.wards(area),
            AreaKind::Reference | AreaKind::City | AreaKind::Residual => &[],
        }
    }

    /// Whether `area` is `above` or lies below it.
    pub fn is_within(&self, area: AreaIx, above: AreaIx) -> bool {
        area == above || self.ancestors(area).any(|a| a == above)
    }

    /// The areas above, nearest first.
    pub fn ancestors(&self, area: AreaIx) -> impl Iterator<Item = AreaIx> + '_ {
        std::iter::successors(self.parent(area), |a| self.parent(*a))
    }
}

/// All epochs, the codes of the areas, and what a code means in a period.
#[derive(Debug, Clone)]
pub struct Geography {
    codes: Vec<Arc<str>>,
    kinds: Vec<AreaKind>,
    by_code: HashMap<Arc<str>, Vec<AreaIx>>,
    /// First month index of each epoch, ascending; the first epoch also holds before it.
    starts: Vec<i32>,
    epochs: Vec<Epoch>,
}

impl Geography {
    /// The hierarchy as it was at the end of every period.
    pub fn dated(tree: &AreaTree) -> Self {
        let mut starts: Vec<i32> = tree
            .areas()
            .iter()
            .flat_map(|a| [Some(a.valid_from), a.valid_to.map(|to| to + Days::new(1))])
            .flatten()
            .map(month_index)
            .collect();
        starts.sort_unstable();
        starts.dedup();
        if starts.is_empty() {
            starts.push(0);
        }
        let epochs = starts.iter().map(|m| epoch_on(tree, Period::from_index(Freq::M, *m).last_day())).collect();
        Self::with_epochs(tree, starts, epochs)
    }

    /// The hierarchy of one day for every period.
    pub fn frozen(tree: &AreaTree, day: NaiveDate) -> Self {
        Self::with_epochs(tree, vec![i32::MIN], vec![epoch_on(tree, day)])
    }

    fn with_epochs(tree: &AreaTree, starts: Vec<i32>, epochs: Vec<Epoch>) -> Self {
        let codes: Vec<Arc<str>> = tree.areas().iter().map(|a| Arc::from(a.code.as_str())).collect();
        let mut by_code: HashMap<Arc<str>, Vec<AreaIx>> = HashMap::new();
        for (i, code) in codes.iter().enumerate() {
            by_code.entry(code.clone()).or_default().push(AreaIx(i as u32));
        }
        let kinds = tree.areas().iter().map(|a| a.kind).collect();
        Self { codes, kinds, by_code, starts, epochs }
    }

    /// Number of dated areas.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether there are no areas.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// The code of a dated area.
    pub fn code(&self, area: AreaIx) -> &Arc<str> {
        &self.codes[area.0 as usize]
    }

    /// The level of a dated area.
    pub fn kind(&self, area: AreaIx) -> AreaKind {
        self.kinds[area.0 as usize]
    }

    /// All dated areas in index order.
    pub fn areas(&self) -> impl Iterator<Item = AreaIx> {
        (0..self.codes.len() as u32).map(AreaIx)
    }

    /// Every dated area of a code, by first day.
    pub fn spans(&self, code: &str) -> &[AreaIx] {
        self.by_code.get(code).map_or(&[], Vec::as_slice)
    }

    /// The area that a code means at the end of a period.
    pub fn at(&self, code: &str, period: Period) -> Option<AreaIx> {
        let epoch = self.epoch(period.last_month());
        self.spans(code).iter().copied().find(|ix| epoch.exists(*ix))
    }

    /// The months (since year 0) at whose end a dated area exists; empty if there are none.
    pub fn lifetime(&self, area: AreaIx) -> Range<i32> {
        let first = self.epochs.iter().position(|e| e.exists(area));
        let last = self.epochs.iter().rposition(|e| e.exists(area));
        let (Some(first), Some(last)) = (first, last) else { return 0..0 };
        let from = if first == 0 { i32::MIN } else { self.starts[first] };
        from..self.starts.get(last + 1).copied().unwrap_or(i32::MAX)
    }

    /// All epochs, in time order.
    pub fn epochs(&self) -> &[Epoch] {
        &self.epochs
    }

    /// The hierarchy on the last day of a month (months since year 0).
    pub fn epoch(&self, last_month: i32) -> &Epoch {
        let after = self.starts.partition_point(|start| *start <= last_month);
        &self.epochs[after.saturating_sub(1)]
    }
}

fn month_index(day: NaiveDate) -> i32 {
    day.year() * 12 + day.month0() as i32
}

fn epoch_on(tree: &AreaTree, day: NaiveDate) -> Epoch {
    let n = tree.areas().len();
    let mut epoch = Epoch {
        valid: tree.areas().iter().map(|a| a.is_valid_on(day)).collect(),
        parent: vec![None; n],
        residual: None,
        districts: vec![Vec::new(); n],
        wards: vec![Vec::new(); n],
    };
    for (ix, _) in tree.indexed() {
        if epoch.exists(ix) {
            epoch.parent[ix.0 as usize] = tree.parent_on(ix, day);
        }
    }
    for (ix, area) in tree.indexed().filter(|(_, a)| a.is_valid_on(day)) {
        let above: Vec<AreaIx> = epoch.ancestors(ix).collect();
        let lists = match area.kind {
            AreaKind::District => &mut epoch.districts,
            AreaKind::Ward => &mut epoch.wards,
            AreaKind::Residual => {
                epoch.residual = Some(ix);
                continue;
            }
            AreaKind::Reference | AreaKind::City => continue,
        };
        for a in above {
            lists[a.0 as usize].push(ix);
        }
    }
    epoch
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Area;

    fn area(code: &str, kind: AreaKind, parent: Option<&str>, from: &str, to: Option<&str>) -> Area {
        Area {
            code: code.to_owned(),
            name: code.to_owned(),
            kind,
            parent: parent.map(str::to_owned),
            valid_from: from.parse().unwrap(),
            valid_to: to.map(|t| t.parse().unwrap()),
        }
    }

    /// Quận 2 (769), Quận 9 (763) and Thủ Đức (762) become Thành phố Thủ Đức, which takes over the code 769.
    fn tree() -> AreaTree {
        AreaTree::new(vec![
            area("79", AreaKind::City, None, "1976-07-02", None),
            area("760", AreaKind::District, Some("79"), "1976-07-02", None),
            area("762", AreaKind::District, Some("79"), "1997-01-01", Some("2020-12-31")),
            area("763", AreaKind::District, Some("79"), "1997-01-01", Some("2020-12-31")),
            area("769", AreaKind::District, Some("79"), "1997-01-01", Some("2020-12-31")),
            area("769", AreaKind::District, Some("79"), "2021-01-01", None),
            area("27088", AreaKind::Ward, Some("769"), "1997-01-01", None),
        ])
        .unwrap()
    }

    #[test]
    fn a_code_means_another_area_after_the_merge() {
        let geography = Geography::dated(&tree());
        let old = geography.at("769", "2020-12".parse().unwrap()).unwrap();
        let new = geography.at("769", "2021-01".parse().unwrap()).unwrap();
        assert_ne!(old, new);
        assert_eq!(geography.at("769", "2020".parse().unwrap()), Some(old));
        assert_eq!(geography.at("762", "2021-01".parse().unwrap()), None);
        let city = geography.at("79", "2021-01".parse().unwrap()).unwrap();
        let count = |period: &str| {
            geography.epoch(period.parse::<Period>().unwrap().last_month()).below(city, AreaKind::District).len()
        };
        assert_eq!((count("2020-12"), count("2021-01")), (4, 2));
    }

    #[test]
    fn frozen_on_a_day_every_period_has_its_areas() {
        let tree = tree();
        let geography = Geography::frozen(&tree, "2021-01-01".parse().unwrap());
        let new = geography.at("769", "2019-05".parse().unwrap()).unwrap();
        assert_eq!(geography.at("769", "2022-05".parse().unwrap()), Some(new));
        let ward = geography.spans("27088")[0];
        assert!(geography.epoch(0).is_within(ward, new));
        assert!(geography.epoch(0).is_within(ward, geography.spans("79")[0]));
    }
}
