//! What `catalog list` shows: one row per indicator, in code order.

use super::Catalog;
use crate::domain::{AreaKind, Freq, Source};

/// One indicator at a glance.
#[derive(Debug, Clone, PartialEq)]
pub struct OverviewRow<'c> {
    /// Indicator code.
    pub code: &'c str,
    /// Group code.
    pub group_code: &'c str,
    /// Group name, Vietnamese.
    pub group_vi: &'c str,
    /// Name, Vietnamese.
    pub name_vi: &'c str,
    /// Name, English.
    pub name_en: &'c str,
    /// Label of the unit, Vietnamese.
    pub unit_vi: &'c str,
    /// Where its figures come from.
    pub source: Source,
    /// Name of the owning authority, Vietnamese.
    pub owner_vi: &'c str,
    /// Base frequency.
    pub freq: Freq,
    /// Lowest level.
    pub level: AreaKind,
    /// Formula as written.
    pub formula: &'c str,
}

impl Catalog {
    /// One row per indicator, in code order.
    pub fn overview(&self) -> impl Iterator<Item = OverviewRow<'_>> {
        self.indicators.values().map(|indicator| OverviewRow {
            code: &indicator.code,
            group_code: &indicator.group,
            group_vi: &self.groups[&indicator.group].name_vi,
            name_vi: &indicator.name_vi,
            name_en: &indicator.name_en,
            unit_vi: &self.unit_of(indicator).label_vi,
            source: indicator.source,
            owner_vi: self.owner_of(indicator).map_or(indicator.owner.as_str(), |owner| &owner.name_vi),
            freq: indicator.freq,
            level: indicator.level,
            formula: &indicator.formula_text,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::fixture;

    #[test]
    fn a_row_has_the_labels_of_what_it_names() {
        let catalog = fixture::catalog();
        let row = catalog.overview().find(|r| r.code == "0102").unwrap();
        assert_eq!((row.group_vi, row.unit_vi, row.owner_vi), ("Dân số", "%", "Cục Thống kê"));
        assert_eq!(
            (row.freq, row.level, row.formula),
            (Freq::M, AreaKind::District, "100 * sum(births) / avg(population)")
        );
        assert_eq!(catalog.overview().count(), catalog.indicators.len());
    }
}
