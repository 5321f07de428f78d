//! Statistical tables (PC-Axis, JSON-stat, SDMX) as readings: dimensions are fields, time comes by itself.

use super::reading::{Cell, OwnTime, Place, Readings};
use crate::domain::ObsStatus;
use crate::format::{Tidy, TidyRow};

/// The rows of a statistical table.
pub(super) struct TidyReadings<'a>(pub &'a Tidy);

impl TidyReadings<'_> {
    fn row(&self, row: usize) -> &TidyRow {
        &self.0.rows[row]
    }
}

impl Readings for TidyReadings<'_> {
    fn len(&self) -> usize {
        self.0.rows.len()
    }

    fn fields(&self) -> Vec<String> {
        self.0.dimensions.iter().map(|d| d.code.clone()).collect()
    }

    fn text(&self, row: usize, field: usize) -> &str {
        self.row(row).members[field].trim()
    }

    fn label(&self, field: usize, member: &str) -> Option<&str> {
        self.0.dimensions[field].members.get(member).map(String::as_str)
    }

    fn cell(&self, row: usize, _: Option<usize>) -> Cell<'_> {
        let row = self.row(row);
        match row.value {
            Some(value) => Cell::Number(value, row.status),
            None if row.status == ObsStatus::M => Cell::Missing,
            None => Cell::Blank,
        }
    }

    fn written(&self, row: usize, _: Option<usize>) -> String {
        self.row(row).value.map(|v| v.to_string()).unwrap_or_default()
    }

    fn own_time(&self, row: usize) -> OwnTime<'_> {
        let row = self.row(row);
        OwnTime::Time(&row.time, row.period)
    }

    fn at(&self, row: usize, _: Option<usize>) -> String {
        self.row(row).at.clone()
    }

    fn place(&self, row: usize, _: Option<usize>) -> Place {
        Place { row: row + 1, column: "value".into() }
    }
}
