//! The declared mapping of a feed as a [`FigureReader`].

use std::sync::Arc;

use super::cases::{CaseMapping, CasesRead};
use super::figures::{FigureReader, Figures, PlannedFigure, Rejected, SourcePart};
use super::mapping;
use crate::catalog::Catalog;
use crate::domain::MeasureKind;

/// A mapping with the catalogue that its codes belong to.
pub(super) struct DeclaredReader {
    mapping: mapping::Mapping,
    catalog: Arc<Catalog>,
}

impl DeclaredReader {
    pub(super) fn new(mapping: mapping::Mapping, catalog: Arc<Catalog>) -> Self {
        Self { mapping, catalog }
    }
}

impl FigureReader for DeclaredReader {
    fn read(&self, part: &SourcePart<'_>) -> Result<Figures, String> {
        let mapped = self.mapping.apply(part.bytes, part.url, part.pulled, &self.catalog);
        let mapped = mapped.map_err(|e| super::error::in_words(&e))?;
        let targets = mapped
            .targets
            .into_iter()
            .map(|planned| PlannedFigure { target: planned.target, source_ref: planned.source_ref });
        Ok(Figures {
            observations: mapped.observations,
            targets: targets.collect(),
            rejected: mapped.rejected.into_iter().map(rejected).collect(),
            notes: mapped.notes,
            ..Figures::default()
        })
    }

    fn is_flow(&self, measure: &str) -> bool {
        self.catalog.measures.get(measure).is_some_and(|measure| measure.kind == MeasureKind::Flow)
    }
}

/// A mapping of cases with the catalogue that its codes belong to.
pub(super) struct DeclaredCases {
    mapping: CaseMapping,
    catalog: Arc<Catalog>,
}

impl DeclaredCases {
    pub(super) fn new(mapping: CaseMapping, catalog: Arc<Catalog>) -> Self {
        Self { mapping, catalog }
    }
}

impl FigureReader for DeclaredCases {
    fn read(&self, part: &SourcePart<'_>) -> Result<Figures, String> {
        self.read_parts(std::slice::from_ref(part), "")
    }

    fn read_parts(&self, parts: &[SourcePart<'_>], run_id: &str) -> Result<Figures, String> {
        let read = self.mapping.read(parts, run_id, &self.catalog)?;
        let CasesRead { batches: cases, own_updates, rejected, notes } = read;
        Ok(Figures { cases, own_updates, rejected, notes, ..Figures::default() })
    }

    fn is_flow(&self, _measure: &str) -> bool {
        false
    }
}

/// Rows are numbers in the table; a place that is none stands in `source_ref`.
fn rejected(row: mapping::Rejected) -> Rejected {
    let text = |text: String| (!text.is_empty()).then_some(text);
    Rejected {
        source_ref: row.source_ref,
        row: (row.row > 0).then_some(row.row as i64),
        column: text(row.column),
        value: text(row.value),
        reason: row.reason,
    }
}
