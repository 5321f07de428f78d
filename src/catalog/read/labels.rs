//! Groups, units of measure and dimensions: code lists with labels in two languages.

use indexmap::IndexMap;

use super::{Declared, Entry};
use crate::catalog::declared::{Table, Text};
use crate::catalog::diagnostic::Problems;
use crate::catalog::model::{Dimension, Group, Member};
use crate::domain::Unit;

/// `[[group]]` code, name_vi, name_en, headline.
pub(super) fn groups<'s>(table: &Table<'s, '_>, declared: &mut Declared<'s>, problems: &Problems) {
    table.tables("group", "group", |table| {
        let (code, name_vi, name_en) = (table.text("code"), table.text("name_vi"), table.text("name_en"));
        let headline = table.text_if("headline");
        let Some(code) = code else { return };
        if declared.note("group", &code, problems)
            && let (Some(vi), Some(en)) = (name_vi, name_en)
        {
            let (code, name_vi, name_en) = (code.value, vi.value, en.value);
            let named = headline.as_ref().map(|h| h.value.clone());
            declared.headlines.extend(headline.map(|headline| (code.clone(), headline)));
            declared.groups.insert(code.clone(), Group { code, name_vi, name_en, headline: named });
        }
    });
}

/// `[[unit]]` code, label_vi, label_en, family, factor, rate.
pub(super) fn units<'s>(table: &Table<'s, '_>, declared: &mut Declared<'s>, problems: &Problems) {
    table.tables("unit", "unit", |table| {
        let code = table.text("code");
        if let Some(code) = &code {
            table.name("unit", &code.value);
        }
        let (label_vi, label_en) = (table.text("label_vi"), table.text("label_en"));
        let (family, factor, rate) = (table.text("family"), table.number("factor"), table.switch("rate"));
        if factor.is_some_and(|f| f.value <= 0.0) {
            table.error("factor", "the factor is not positive", "Write how many base units one unit is.");
        }
        let Some(code) = code else { return };
        if declared.note("unit", &code, problems)
            && let (Some(vi), Some(en), Some(family), Some(factor)) = (label_vi, label_en, family, factor)
        {
            let (code, label_vi, label_en) = (code.value, vi.value, en.value);
            let unit =
                Unit { code: code.clone(), label_vi, label_en, factor: factor.value, family: family.value, rate };
            declared.units.insert(code, unit);
        }
    });
}

/// `[[dimension]]` code, label_vi, label_en, open, parent_dimension and `members`.
pub(super) fn dimensions<'s>(table: &Table<'s, '_>, declared: &mut Declared<'s>, problems: &Problems) {
    table.tables("dimension", "dimension", |table| {
        let code = table.text("code");
        if let Some(code) = &code {
            table.name("dimension", &code.value);
        }
        let (label_vi, label_en) = (table.text("label_vi"), table.text("label_en"));
        let (open, parent) = (table.switch("open"), table.text_if("parent_dimension"));
        let members = members(table, problems);
        if members.is_empty() && !open {
            let hint = "List its members, or write open = true where they come from the data.";
            table.error("code", "it has no members and is not open", hint);
        }
        let Some(code) = code else { return };
        if declared.note("dimension", &code, problems)
            && let (Some(vi), Some(en)) = (label_vi, label_en)
        {
            let (code, parent_dimension) = (code.value, parent.as_ref().map(|p| p.value.clone()));
            let dimension = Dimension {
                code: code.clone(),
                label_vi: vi.value,
                label_en: en.value,
                members,
                open,
                parent_dimension,
            };
            let dimensions = parent.into_iter().collect();
            declared.dimensions.insert(code, Entry { value: dimension, places: table.places(), dimensions });
        }
    });
}

/// `members = [{ code, vi, en, parent }]`, in the order in which they are shown.
fn members(table: &Table<'_, '_>, problems: &Problems) -> IndexMap<String, Member> {
    let mut members = IndexMap::new();
    table.tables("members", "member", |table| {
        let (code, vi, en) = (table.text("code"), table.text("vi"), table.text("en"));
        let parent = table.text_if("parent").map(|p| p.value);
        let (Some(code), Some(vi), Some(en)) = (code, vi, en) else { return };
        let Text { value: code, at } = code;
        if code.contains(['=', '|', '@', ' ']) || code == crate::domain::TOTAL {
            at.error(problems, format!("\"{code}\" cannot be a member"), "Use letters, digits and underscores.");
            return;
        }
        let member = Member { code: code.clone(), label_vi: vi.value, label_en: en.value, parent };
        if members.insert(code.clone(), member).is_some() {
            at.error(problems, format!("member \"{code}\" is declared twice"), "Keep one of the two.");
        }
    });
    members
}
