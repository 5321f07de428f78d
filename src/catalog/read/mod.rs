//! Readers, one per kind of declared file. They fill a [`Declared`]: entries with places, not yet checked together.

mod areas;
mod calendar;
mod deadlines;
mod example;
mod indicators;
mod labels;
mod measures;
mod org_units;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use indexmap::IndexMap;

use super::declared::{Places, Table, Text, read_file};
use super::diagnostic::{Problems, Severity};
use super::model::{Dimension, Group};
use super::parse::ParsedFormula;
use super::source::{At, SourceFile, Sources};
use crate::domain::case::DeadlineRule;
use crate::domain::{AreaTree, Indicator, Measure, OrgUnit, Unit, WorkCalendar};
pub(super) use example::ExampleEntry;

/// A declared entry with its places.
#[derive(Debug)]
pub(super) struct Entry<'s, T> {
    pub(super) value: T,
    pub(super) places: Places<'s>,
    /// The dimensions it names, with places.
    pub(super) dimensions: Vec<Text<'s>>,
}

/// An indicator with what hangs on it.
#[derive(Debug)]
pub(super) struct IndicatorEntry<'s> {
    pub(super) entry: Entry<'s, Indicator>,
    /// `None` when the text could not be parsed (already reported).
    pub(super) formula: Option<ParsedFormula>,
    /// Where the formula text begins.
    pub(super) formula_at: At<'s>,
    /// `None` when it could not be read (already reported).
    pub(super) example: Option<ExampleEntry<'s>>,
}

/// Everything read.
#[derive(Debug, Default)]
pub(super) struct Declared<'s> {
    pub(super) groups: IndexMap<String, Group>,
    /// Group code and the indicator that stands for it.
    pub(super) headlines: Vec<(String, Text<'s>)>,
    pub(super) units: IndexMap<String, Unit>,
    pub(super) dimensions: IndexMap<String, Entry<'s, Dimension>>,
    pub(super) measures: IndexMap<String, Entry<'s, Measure>>,
    pub(super) indicators: IndexMap<String, IndicatorEntry<'s>>,
    pub(super) org_units: Vec<Entry<'s, OrgUnit>>,
    pub(super) deadlines: Vec<Entry<'s, DeadlineRule>>,
    pub(super) areas: AreaTree,
    /// `None` when it could not be read (already reported).
    pub(super) calendar: Option<WorkCalendar>,
    /// Whether a file could not be read at all: what others name may stand there.
    pub(super) partial: bool,
    /// `kind code` of everything that was declared, also what could not be read: it gives no second error as unknown.
    seen: BTreeSet<String>,
}

impl<'s> Declared<'s> {
    /// Notes a code; `false` and a report when it is declared twice.
    fn note(&mut self, kind: &str, code: &Text<'s>, problems: &Problems) -> bool {
        let fresh = self.seen.insert(format!("{kind} {}", code.value));
        if !fresh {
            let message = format!("{kind} \"{}\" is declared twice", code.value);
            code.at.error(problems, message, "Keep one of the two.");
        }
        fresh
    }

    /// Whether a code of a kind was declared, readable or not.
    pub(super) fn declares(&self, kind: &str, code: &str) -> bool {
        self.seen.contains(&format!("{kind} {code}"))
    }

    /// The declared codes of a kind.
    pub(super) fn codes<'d>(&'d self, kind: &str) -> impl Iterator<Item = &'d str> + 'd {
        let prefix = format!("{kind} ");
        self.seen.iter().filter_map(move |seen| seen.strip_prefix(prefix.as_str()))
    }
}

/// The one TOML file that is read by the domain.
const CALENDAR: &str = "work_calendar.toml";

/// The files of a catalogue, in reading order: what others refer to comes first.
pub(super) fn files(sources: &Sources) -> Vec<(String, SourceFile<'_>)> {
    let fixed = [
        "units.toml",
        "groups.toml",
        "dimensions.toml",
        "areas.csv",
        "area_changes.csv",
        "org_units.toml",
        CALENDAR,
        "deadlines.toml",
    ];
    let groups = sources.texts.keys().filter(|n| n.starts_with("group_") && n.ends_with(".toml")).map(String::as_str);
    let names = fixed.into_iter().chain(groups).chain(["published.toml"]);
    names.filter_map(|name| sources.file(name).map(|file| (name.to_owned(), file))).collect()
}

/// Reads all files; what is wrong in one does not stop the others.
pub(super) fn read_all<'s>(files: &'s [(String, SourceFile<'s>)], problems: &Problems) -> Declared<'s> {
    let mut declared = Declared::default();
    let file = |name: &str| files.iter().find(|(n, _)| n == name).map(|(_, file)| file);
    for (name, file) in files.iter().filter(|(name, _)| name.ends_with(".toml") && name != CALENDAR) {
        let read = read_file(file, problems, |table| match name.as_str() {
            "units.toml" => labels::units(table, &mut declared, problems),
            "groups.toml" => labels::groups(table, &mut declared, problems),
            "dimensions.toml" => labels::dimensions(table, &mut declared, problems),
            "org_units.toml" => org_units::read(table, &mut declared, problems),
            "deadlines.toml" => deadlines::read(table, &mut declared),
            "published.toml" => measures::read(table, &mut declared, problems),
            _ => {
                measures::read(table, &mut declared, problems);
                indicators::read(table, &mut declared, problems);
            }
        });
        declared.partial |= !read;
    }
    declared.areas = areas::read(file("areas.csv"), file("area_changes.csv"), problems);
    declared.calendar = calendar::read(file(CALENDAR), problems);
    declared
}

/// Reports the required files that are absent, and the files nobody reads; `false` when one is absent.
pub(super) fn check_names(sources: &Sources, problems: &Problems) -> bool {
    let report = |file: &str, severity, message: &str, hint: &str| {
        let file = std::path::Path::new(&sources.folder).join(file).display().to_string();
        let (message, hint) = (message.to_owned(), Some(hint.to_owned()));
        problems.push(super::Diagnostic { severity, file, line: 0, column: 0, message, hint });
    };
    let required = ["units.toml", "groups.toml", "dimensions.toml", "areas.csv", "org_units.toml", CALENDAR];
    let missing: Vec<&str> = required.into_iter().filter(|name| !sources.texts.contains_key(*name)).collect();
    for name in &missing {
        report(name, Severity::Error, "the file is missing", "A catalogue needs it.");
    }
    let read: BTreeSet<String> = files(sources).into_iter().map(|(name, _)| name).collect();
    for name in sources.texts.keys().filter(|n| !read.contains(*n)) {
        report(name, Severity::Warning, "the file is not read", "Name it group_NN.toml, or move it to a sub-folder.");
    }
    missing.is_empty()
}

/// A day written as `2025-03-01`; anything else is reported.
fn date(table: &Table<'_, '_>, key: &str, text: Option<Text<'_>>) -> Option<NaiveDate> {
    let text = text?;
    let date = text.value.parse().ok();
    if date.is_none() {
        table.error(key, format!("\"{}\" is not a day", text.value), "Write days as \"2025-03-01\".");
    }
    date
}
