//! `[[indicator]]`: published definitions, with formula and worked example.

use super::{Declared, Entry, IndicatorEntry, example};
use crate::catalog::declared::{Table, Text};
use crate::catalog::diagnostic::Problems;
use crate::catalog::parse::{ParsedFormula, parse_formula};
use crate::domain::{Freq, GeoRollup, Indicator, TimeRollup};

/// Reads the indicators of a group file; its `group` key says which group they belong to.
pub(super) fn read<'s>(table: &Table<'s, '_>, declared: &mut Declared<'s>, problems: &Problems) {
    let group = table.text("group").map(|t| t.value).unwrap_or_default();
    table.tables("indicator", "indicator", |table| {
        let code = table.text("code");
        if let Some(code) = &code {
            table.name("indicator", &code.value);
            if !group.is_empty() && (code.value.len() != 4 || !code.value.starts_with(&group)) {
                let hint = "A code is the two digits of its group and two more.";
                table.error("code", format!("the code does not belong to group {group}"), hint);
            }
        }
        let (dimensions, formula) = (table.texts("dimensions"), table.text("formula"));
        let example = table.table("example", example::read);
        let indicator = read_indicator(table, code.as_ref(), &group, &dimensions, formula.as_ref());
        let (Some(code), Some(formula)) = (code, formula) else { return };
        let parsed = parse(&formula, problems);
        if declared.note("indicator", &code, problems)
            && let Some(value) = indicator
        {
            let entry = Entry { value, places: table.places(), dimensions };
            let entry = IndicatorEntry { entry, formula: parsed, formula_at: formula.at, example };
            declared.indicators.insert(code.value, entry);
        }
    });
}

fn parse(formula: &Text<'_>, problems: &Problems) -> Option<ParsedFormula> {
    parse_formula(&formula.value)
        .inspect_err(|errors| {
            for error in errors {
                let hint = error.hint.clone().unwrap_or_else(|| "Shorten it.".to_owned());
                formula.at.plus(error.offset).error(problems, format!("formula: {}", error.message), hint);
            }
        })
        .ok()
}

fn read_indicator(
    table: &Table<'_, '_>,
    code: Option<&Text<'_>>,
    group: &str,
    dimensions: &[Text<'_>],
    formula: Option<&Text<'_>>,
) -> Option<Indicator> {
    // Every key is asked for before the first `?`, so that all that is missing is reported.
    let (name_vi, name_en, unit) = (table.text("name_vi"), table.text("name_en"), table.text("unit"));
    let (source, owner, kind) = (table.word("source"), table.text("owner"), table.text("kind"));
    let (freq, level) = (table.word::<Freq>("freq"), table.word("level"));
    let (month_to_quarter, quarter_to_year) = (table.word("month_to_quarter"), table.word("quarter_to_year"));
    let (geo_rollup, comparisons) = (table.word("geo_rollup"), table.words("comparisons"));
    let (direction, decimals) = (table.word("direction"), table.integer("decimals", 0..=6));
    let warn_rules = table.texts("warn").into_iter().map(|t| t.value).collect();
    let (definition_vi, definition_en) = (table.text("definition_vi"), table.text("definition_en"));
    let (method_vi, method_en) = (table.text_if("method_vi"), table.text_if("method_en"));
    let legal_basis = table.text("legal_basis");
    check_kind(table, kind.as_ref());
    let (freq, month_to_quarter, quarter_to_year) = (freq?, month_to_quarter?, quarter_to_year?);
    let geo_rollup = geo_rollup?;
    // Nothing follows from shorter periods, but the records themselves say it for any.
    let from_records = geo_rollup == GeoRollup::RecomputeFromRecords;
    Some(Indicator {
        code: code?.value.clone(),
        group: group.to_owned(),
        name_vi: name_vi?.value,
        name_en: name_en?.value,
        unit: unit?.value,
        source: source?,
        owner: owner?.value,
        freq,
        level: level?,
        dimensions: dimensions.iter().map(|d| d.value.clone()).collect(),
        kind: kind?.value,
        formula_text: formula?.value.clone(),
        geo_rollup,
        month_to_quarter,
        quarter_to_year,
        quarter_defined: match freq {
            Freq::M => from_records || month_to_quarter != TimeRollup::NotAvailable,
            Freq::Q => true,
            Freq::A => false,
        },
        year_defined: freq == Freq::A || from_records || quarter_to_year != TimeRollup::NotAvailable,
        comparisons,
        direction: direction?,
        decimals: u8::try_from(decimals?).ok()?,
        warn_rules,
        legal_basis: legal_basis?.value,
        definition_vi: definition_vi?.value,
        definition_en: definition_en?.value,
        method_vi: method_vi.map(|t| t.value),
        method_en: method_en.map(|t| t.value),
    })
}

/// What a figure is; a closed list although the engine computes nothing from it.
fn check_kind(table: &Table<'_, '_>, kind: Option<&Text<'_>>) {
    const KINDS: [&str; 7] = ["count", "flow", "stock", "ratio", "share", "average", "index"];
    if let Some(kind) = kind.filter(|k| !KINDS.contains(&k.value.as_str())) {
        table.error("kind", format!("unknown kind \"{}\"", kind.value), format!("Use one of {}.", KINDS.join(", ")));
    }
}
