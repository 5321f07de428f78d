//! `[[measure]]`: base series with their kind and area rule.

use super::{Declared, Entry};
use crate::catalog::declared::{Table, Text};
use crate::catalog::diagnostic::Problems;
use crate::domain::Measure;

/// Reads the measures of a group file, or of `published.toml`.
pub(super) fn read<'s>(table: &Table<'s, '_>, declared: &mut Declared<'s>, problems: &Problems) {
    table.tables("measure", "measure", |table| {
        let code = table.text("code");
        if let Some(code) = &code {
            table.name("measure", &code.value);
        }
        let dimensions = table.texts("dimensions");
        let measure = read_measure(table, code.as_ref(), &dimensions);
        let Some(code) = code else { return };
        if declared.note("measure", &code, problems)
            && let Some(value) = measure
        {
            declared.measures.insert(code.value, Entry { value, places: table.places(), dimensions });
        }
    });
}

fn read_measure(table: &Table<'_, '_>, code: Option<&Text<'_>>, dimensions: &[Text<'_>]) -> Option<Measure> {
    // Every key is asked for before the first `?`, so that all that is missing is reported.
    let (name_vi, name_en, unit) = (table.text("name_vi"), table.text("name_en"), table.text("unit"));
    let (kind, area_rule) = (table.word("kind"), table.word("area_rule"));
    let (freq, level) = (table.word("freq"), table.word("level"));
    let (weight, components) = (table.text_if("weight"), table.text_if("components"));
    let carry_forward = table.integer_if("carry_forward", 0..=100).unwrap_or(0);
    let calendar = table.word_if("calendar").unwrap_or_default();
    let published_for = table.text_if("published_for").map(|t| t.value);
    Some(Measure {
        code: code?.value.clone(),
        name_vi: name_vi?.value,
        name_en: name_en?.value,
        unit: unit?.value,
        kind: kind?,
        area_rule: area_rule?,
        freq: freq?,
        level: level?,
        dimensions: dimensions.iter().map(|d| d.value.clone()).collect(),
        weight: weight.map(|t| t.value),
        components: components.map(|t| t.value),
        carry_forward: u8::try_from(carry_forward).ok()?,
        calendar,
        published_for,
    })
}
