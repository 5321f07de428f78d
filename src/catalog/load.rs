//! From declared files to a checked [`Catalog`], or to the list of everything that is wrong.

use std::path::Path;

use super::check;
use super::diagnostic::{Diagnostic, Diagnostics, Problems, Severity};
use super::model::{Catalog, WorkedExample};
use super::read::{self, Declared};
use super::source::Sources;
use crate::domain::AreaKind;
use crate::domain::case::DeadlineTable;

/// Loads the catalogue of a folder.
///
/// # Errors
/// Every problem found, when at least one of them is an error. Warnings alone do not stop a load; [`check_dir`] lists
/// them.
pub fn load(dir: &Path) -> Result<Catalog, Diagnostics> {
    let sources = Sources::read(dir).map_err(|problem| Diagnostics(vec![problem]))?;
    load_sources(&sources)
}

/// Loads a catalogue from texts in memory.
///
/// # Errors
/// As [`load`].
pub fn load_sources(sources: &Sources) -> Result<Catalog, Diagnostics> {
    let (catalog, problems) = examine(sources);
    catalog.ok_or(Diagnostics(problems))
}

/// Every problem of a folder, warnings included; empty when all is well.
pub fn check_dir(dir: &Path) -> Vec<Diagnostic> {
    match Sources::read(dir) {
        Ok(sources) => examine(&sources).1,
        Err(problem) => vec![problem],
    }
}

/// Reads and checks; the catalogue is there when no problem is an error.
fn examine(sources: &Sources) -> (Option<Catalog>, Vec<Diagnostic>) {
    let problems = Problems::default();
    let named = read::check_names(sources, &problems);
    let files = read::files(sources);
    let declared = read::read_all(&files, &problems);
    // What a missing or unreadable file declares is not unknown; those names are checked when it can be read.
    let whole = named && !declared.partial;
    let examples = if whole { check::check(&declared, &problems) } else { Vec::new() };
    let cities: Vec<&str> = city_codes(&declared);
    if whole && cities.len() != 1 {
        let message = format!("{} areas of kind city, not one", cities.len());
        let file = Path::new(&sources.folder).join("areas.csv").display().to_string();
        let hint = Some("Declare one city, with as many spans as it has had territories.".to_owned());
        problems.push(Diagnostic { severity: Severity::Error, file, line: 0, column: 0, message, hint });
    }
    let city = cities.first().copied().unwrap_or_default().to_owned();
    let problems = problems.into_sorted();
    let failed = problems.iter().any(|p| p.severity == Severity::Error);
    let catalog = if failed { None } else { assemble(declared, examples, city, sources.version()) };
    (catalog, problems)
}

fn city_codes<'d>(declared: &'d Declared<'_>) -> Vec<&'d str> {
    let cities = declared.areas.areas().iter().filter(|a| a.kind == AreaKind::City);
    let mut codes: Vec<&str> = cities.map(|a| a.code.as_str()).collect();
    codes.dedup();
    codes
}

/// `None` without a calendar or with deadlines that compete, which are errors already reported.
fn assemble(
    declared: Declared<'_>,
    examples: Vec<(String, WorkedExample)>,
    city: String,
    version: String,
) -> Option<Catalog> {
    let mut indicators = declared.indicators;
    indicators.sort_unstable_keys();
    let formulas = indicators.iter().filter_map(|(code, i)| Some((code.clone(), i.formula.clone()?.formula))).collect();
    Some(Catalog {
        groups: declared.groups,
        units: declared.units,
        dimensions: declared.dimensions.into_iter().map(|(code, entry)| (code, entry.value)).collect(),
        measures: declared.measures.into_iter().map(|(code, entry)| (code, entry.value)).collect(),
        indicators: indicators.into_iter().map(|(code, i)| (code, i.entry.value)).collect(),
        formulas,
        areas: declared.areas,
        calendar: declared.calendar?,
        deadlines: DeadlineTable::new(declared.deadlines.into_iter().map(|entry| entry.value).collect()).ok()?,
        org_units: declared.org_units.into_iter().map(|entry| entry.value).collect(),
        examples: examples.into_iter().collect(),
        city,
        version,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::{AreaRule, Freq, MeasureKind, Source};

    /// The catalogue that ships, beside `Cargo.toml`.
    fn folder() -> &'static Path {
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/indicators"))
    }

    fn shipped() -> Catalog {
        load(folder()).unwrap_or_else(|problems| panic!("{problems}"))
    }

    #[test]
    fn the_shipped_catalogue_is_whole() {
        let catalog = shipped();
        assert_eq!(check_dir(folder()), [], "no warnings either");
        assert_eq!((catalog.groups.len(), catalog.indicators.len()), (20, 110));
        let of = |source| catalog.indicators.values().filter(|i| i.source == source).count();
        assert_eq!((of(Source::StatisticsOffice), of(Source::SocialInsurance)), (40, 11));
        assert_eq!((of(Source::Department), of(Source::CaseStore)), (45, 14));
        let inputs = catalog.measures.values().filter(|m| m.published_for.is_none());
        assert_eq!(inputs.count(), 125);
        assert_eq!((catalog.formulas.len(), catalog.examples.len(), catalog.dimensions.len()), (110, 110, 80));
        assert_eq!((catalog.city.as_str(), catalog.version.len()), ("79", 16));
    }

    #[test]
    fn measures_are_declared_at_the_finest_use() {
        let catalog = shipped();
        let of = |code: &str| &catalog.measures[code];
        assert_eq!((of("population").freq, of("population").carry_forward), (Freq::A, 2));
        assert_eq!((of("labour_force_wa").freq, of("labour_force_wa").carry_forward), (Freq::Q, 2));
        assert_eq!((of("local_budget_exp_net").freq, of("public_capital_plan").carry_forward), (Freq::M, 0));
        assert_eq!((of("births").level, of("births").area_rule.clone()), (AreaKind::City, AreaRule::CityOnly));
        assert_eq!((of("cases_received").level, of("case_handling_hours").kind), (AreaKind::Ward, MeasureKind::Record));
        assert_eq!(of("pm25_mean").components.as_deref(), Some("station"));
        assert_eq!(catalog.dimensions["industry_vsic2"].members["26"].parent.as_deref(), Some("C"));
        let using: Vec<&str> = catalog.dependents_of("grdp_current").map(|i| i.code.as_str()).collect();
        assert_eq!(using, ["0204", "0501", "0504", "0505", "1303"]);
    }

    /// Every column of the design's list against what is declared; runs where that list is at hand.
    #[test]
    fn the_shipped_catalogue_says_what_the_design_lists() {
        let list = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/design/indicators.csv"));
        let Ok(text) = std::fs::read_to_string(list) else { return };
        let catalog = shipped();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let rows: Vec<BTreeMap<String, String>> = reader.deserialize().map(|row| row.unwrap()).collect();
        assert_eq!(rows.len(), catalog.indicators.len());
        for row in rows {
            let indicator = &catalog.indicators[&row["code"]];
            let (unit, group) = (catalog.unit_of(indicator), &catalog.groups[&indicator.group]);
            let mut listed: Vec<&str> = row["measures"].split(';').collect();
            listed.sort_unstable();
            let used: Vec<&str> = catalog.formulas[&row["code"]].measures().collect();
            assert_eq!(used, listed, "measures of {}", row["code"]);
            let comparisons: Vec<&str> = indicator.comparisons.iter().map(|c| c.as_str()).collect();
            let freq = match indicator.freq {
                Freq::M => "month",
                Freq::Q => "quarter",
                Freq::A => "year",
            };
            for (column, declared) in [
                ("group_code", indicator.group.as_str()),
                ("group_vi", &group.name_vi),
                ("group_en", &group.name_en),
                ("name_vi", &indicator.name_vi),
                ("name_en", &indicator.name_en),
                ("unit_vi", &unit.label_vi),
                ("unit_en", &unit.label_en),
                ("source", indicator.source.as_str()),
                ("owner_department", &catalog.owner_of(indicator).unwrap().name_vi),
                ("base_frequency", freq),
                ("level", indicator.level.as_str()),
                ("dimensions", &indicator.dimensions.join(";")),
                ("kind", &indicator.kind),
                ("formula", &indicator.formula_text),
                ("month_to_quarter", indicator.month_to_quarter.as_str()),
                ("quarter_to_year", indicator.quarter_to_year.as_str()),
                ("geo_rollup", indicator.geo_rollup.as_str()),
                ("comparisons", &comparisons.join(";")),
                ("direction", indicator.direction.as_str()),
                ("warn_rule", &indicator.warn_rules.join("; ")),
                ("decimals", &indicator.decimals.to_string()),
            ] {
                assert_eq!(declared, row[column], "{column} of {}", row["code"]);
            }
        }
    }

    /// What a person reads is Vietnamese to the last diacritic, composed, and differs from the English.
    #[test]
    fn labels_are_composed_and_definitions_are_written_out() {
        use unicode_normalization::is_nfc;
        for text in Sources::read(folder()).unwrap().texts.values() {
            assert!(is_nfc(text));
        }
        let catalog = shipped();
        let mut definitions = std::collections::BTreeSet::new();
        for i in catalog.indicators.values() {
            assert!(i.definition_vi.len() > 40 && i.definition_vi.ends_with('.'), "{}", i.code);
            assert!(i.definition_en.len() > 40 && i.definition_en.ends_with('.'), "{}", i.code);
            assert_eq!(i.method_vi.is_some(), i.method_en.is_some(), "{}", i.code);
            assert!(definitions.insert(&i.definition_vi), "{} has the definition of another", i.code);
        }
    }
}
