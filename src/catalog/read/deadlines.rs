//! `[[deadline]]`: how long authorities have, by the day on which a case came in.

use super::{Declared, Entry, date};
use crate::catalog::declared::Table;
use crate::domain::case::DeadlineRule;

/// Reads the rules; whether they go together is checked later.
pub(super) fn read<'s>(table: &Table<'s, '_>, declared: &mut Declared<'s>) {
    table.tables("deadline", "deadline", |table| {
        let (valid_from, valid_to) = (table.text("valid_from"), table.text_if("valid_to"));
        if let Some(from) = &valid_from {
            table.name("deadline from", &from.value);
        }
        let (valid_from, valid_to) = (date(table, "valid_from", valid_from), date(table, "valid_to", valid_to));
        let name = |key| table.text_if(key).map(|t| t.value);
        let (category, priority, org) = (name("category"), name("priority"), name("org"));
        let amount = table.integer("amount", 1..=10_000).and_then(|n| u32::try_from(n).ok());
        let (unit, basis, proposed) = (table.word("unit"), table.text("basis"), table.switch("proposed"));
        if let (Some(from), Some(to)) = (valid_from, valid_to)
            && to < from
        {
            table.error("valid_to", "it ends before it begins", "Check both days.");
        }
        if let (Some(valid_from), Some(amount), Some(unit), Some(basis)) = (valid_from, amount, unit, basis) {
            let basis = basis.value;
            let value = DeadlineRule { valid_from, valid_to, category, priority, org, amount, unit, basis, proposed };
            declared.deadlines.push(Entry { value, places: table.places(), dimensions: Vec::new() });
        }
    });
}
