//! `areas.csv` and `area_changes.csv`: dated areas and their lineage.

use chrono::{Days, NaiveDate};
use csv::{ReaderBuilder, StringRecord};
use serde::de::value::{Error as WordError, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};

use crate::catalog::diagnostic::Problems;
use crate::catalog::source::{At, SourceFile};
use crate::domain::area::AreaChange;
use crate::domain::{Area, AreaTree};

const AREA_COLUMNS: [&str; 6] = ["code", "name", "kind", "parent_code", "valid_from", "valid_to"];
const CHANGE_COLUMNS: [&str; 6] = ["date", "from_code", "to_code", "kind", "weight", "weight_assumed"];

/// One row: its cells, and where it begins.
struct Row<'s, 't> {
    record: StringRecord,
    columns: &'static [&'static str],
    at: At<'s>,
    problems: &'t Problems,
}

impl Row<'_, '_> {
    fn cell(&self, column: usize) -> &str {
        self.record.get(column).unwrap_or_default()
    }

    fn wrong(&self, column: usize, wanted: &str) {
        let message = format!("{} \"{}\" is not {wanted}", self.columns[column], self.cell(column));
        self.at.error(self.problems, message, "Correct the cell.");
    }

    fn day(&self, column: usize) -> Option<NaiveDate> {
        let day = self.cell(column).parse().ok();
        if day.is_none() {
            self.wrong(column, "a day such as 2021-01-01");
        }
        day
    }

    fn word<T: DeserializeOwned>(&self, column: usize) -> Option<T> {
        let deserializer: StrDeserializer<'_, WordError> = self.cell(column).into_deserializer();
        let word = T::deserialize(deserializer).ok();
        if word.is_none() {
            self.wrong(column, "known");
        }
        word
    }
}

/// Reads both files into a tree; problems leave out rows, or everything where spans overlap.
pub(super) fn read<'s>(
    areas: Option<&'s SourceFile<'s>>,
    changes: Option<&'s SourceFile<'s>>,
    problems: &Problems,
) -> AreaTree {
    let Some(file) = areas else { return AreaTree::default() };
    let spans = rows(file, &AREA_COLUMNS, problems).iter().filter_map(area).collect();
    let tree = match AreaTree::new(spans) {
        Ok(tree) => tree,
        Err(overlap) => {
            let hint = "Two spans of one code may not share a day.";
            At { file, offset: 0 }.error(problems, overlap.to_string(), hint);
            return AreaTree::default();
        }
    };
    check_parents(&tree, file, problems);
    let changes: Vec<AreaChange> = match changes {
        Some(file) => rows(file, &CHANGE_COLUMNS, problems).iter().filter_map(|row| change(row, &tree)).collect(),
        None => Vec::new(),
    };
    tree.with_changes(changes)
}

fn rows<'s, 't>(
    file: &'s SourceFile<'s>,
    columns: &'static [&'static str],
    problems: &'t Problems,
) -> Vec<Row<'s, 't>> {
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(file.text.as_bytes());
    let header: Vec<String> = reader.headers().map(|h| h.iter().map(str::to_owned).collect()).unwrap_or_default();
    if header != columns {
        let message = format!("the columns are {}", header.join(","));
        At { file, offset: 0 }.error(problems, message, format!("Write {}.", columns.join(",")));
        return Vec::new();
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        // The text is UTF-8 already, and rows of any length are let through: reading cannot fail here.
        let Ok(record) = record else { continue };
        let offset = record.position().map_or(0, |p| p.byte() as usize);
        let at = At { file, offset };
        if record.len() == columns.len() {
            rows.push(Row { record, columns, at, problems });
        } else {
            let message = format!("the row has {} cells, not {}", record.len(), columns.len());
            at.error(problems, message, format!("Write {}.", columns.join(",")));
        }
    }
    rows
}

fn area(row: &Row<'_, '_>) -> Option<Area> {
    let (kind, valid_from) = (row.word(2), row.day(4));
    let valid_to = if row.cell(5).is_empty() { None } else { Some(row.day(5)?) };
    let parent = Some(row.cell(3)).filter(|p| !p.is_empty()).map(str::to_owned);
    let (code, name) = (row.cell(0).to_owned(), row.cell(1).to_owned());
    if code.is_empty() || name.is_empty() {
        row.wrong(usize::from(!code.is_empty()), "a code or name");
        return None;
    }
    Some(Area { code, name, kind: kind?, parent, valid_from: valid_from?, valid_to })
}

fn change(row: &Row<'_, '_>, tree: &AreaTree) -> Option<AreaChange> {
    let (date, kind) = (row.day(0), row.word(3));
    let weight = row.cell(4).parse::<f64>().ok().filter(|w| *w > 0.0 && *w <= 1.0);
    if weight.is_none() {
        row.wrong(4, "a share above 0 and up to 1");
    }
    let weight_assumed = row.cell(5).parse::<bool>().ok();
    if weight_assumed.is_none() {
        row.wrong(5, "true or false");
    }
    let date = date?;
    let from = tree.on(row.cell(1), date - Days::new(1));
    let to = tree.on(row.cell(2), date);
    if from.is_none() {
        row.wrong(1, "an area on the day before");
    }
    if to.is_none() {
        row.wrong(2, "an area on that day");
    }
    Some(AreaChange { date, from: from?, to: to?, kind: kind?, weight: weight?, weight_assumed: weight_assumed? })
}

/// Every area below the city has its parent on its first day.
fn check_parents(tree: &AreaTree, file: &SourceFile<'_>, problems: &Problems) {
    for (_, area) in tree.indexed() {
        if let Some(parent) = area.parent.as_deref().filter(|p| tree.on(p, area.valid_from).is_none()) {
            let message = format!("area \"{}\" lies in \"{parent}\", which does not exist on its first day", area.code);
            At { file, offset: 0 }.error(problems, message, "Declare the area above it.");
        }
    }
}
