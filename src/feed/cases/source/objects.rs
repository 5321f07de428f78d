//! Records without a header: JSON objects and XML elements, whose fields may be absent one by one.

use std::collections::BTreeSet;

use crate::feed::cases::cell::Columns;

/// Which required columns no record had.
pub(super) struct Required {
    left: BTreeSet<String>,
}

impl Required {
    /// What must stand in at least one record: what the contract requires.
    pub fn new(required: &[String]) -> Self {
        Self { left: required.iter().cloned().collect() }
    }

    /// Takes note of a field that a record has.
    pub fn seen(&mut self, name: &str) {
        if !self.left.is_empty() {
            self.left.remove(name);
        }
    }

    /// Words about what no record had.
    pub fn check(self) -> Result<(), String> {
        if self.left.is_empty() {
            return Ok(());
        }
        let names: Vec<String> = self.left.iter().map(|name| format!("\"{name}\"")).collect();
        Err(format!("no record has {}", names.join(", ")))
    }

    /// Names that are still waited for and are no wanted columns.
    pub fn others(&self, columns: &Columns) -> Vec<String> {
        self.left.iter().filter(|name| !columns.names().contains(name)).cloned().collect()
    }
}
