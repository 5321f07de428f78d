//! `[[org_unit]]`: dated authorities and who took over from them.

use super::{Declared, Entry, date};
use crate::catalog::declared::Table;
use crate::catalog::diagnostic::Problems;
use crate::domain::OrgUnit;

const KINDS: [&str; 6] = ["department", "office", "agency", "district_committee", "ward_committee", "utility"];

/// Reads the authorities; a code is unique over all time.
pub(super) fn read<'s>(table: &Table<'s, '_>, declared: &mut Declared<'s>, problems: &Problems) {
    table.tables("org_unit", "org unit", |table| {
        let code = table.text("code");
        if let Some(code) = &code {
            table.name("org unit", &code.value);
        }
        let (name_vi, name_en, kind) = (table.text("name_vi"), table.text("name_en"), table.text("kind"));
        let (area, successor) = (table.text_if("area"), table.text_if("successor"));
        let (valid_from, valid_to) = (table.text("valid_from"), table.text_if("valid_to"));
        let (valid_from, valid_to) = (date(table, "valid_from", valid_from), date(table, "valid_to", valid_to));
        if let Some(kind) = kind.as_ref().filter(|k| !KINDS.contains(&k.value.as_str())) {
            let hint = format!("Use one of {}.", KINDS.join(", "));
            table.error("kind", format!("unknown kind \"{}\"", kind.value), hint);
        }
        if let (Some(from), Some(to)) = (valid_from, valid_to)
            && to < from
        {
            table.error("valid_to", "it ends before it begins", "Check both days.");
        }
        let Some(code) = code else { return };
        if declared.note("org unit", &code, problems)
            && let (Some(vi), Some(en), Some(kind), Some(valid_from)) = (name_vi, name_en, kind, valid_from)
        {
            let value = OrgUnit {
                code: code.value,
                name_vi: vi.value,
                name_en: en.value,
                kind: kind.value,
                area: area.map(|t| t.value),
                valid_from,
                valid_to,
                successor: successor.map(|t| t.value),
            };
            declared.org_units.push(Entry { value, places: table.places(), dimensions: Vec::new() });
        }
    });
}
