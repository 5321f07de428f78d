//! `areas.csv` and `area_changes.csv`: dated areas and their lineage.

use chrono::NaiveDate;
use csv::{ReaderBuilder, StringRecord};
use serde::de::value::{Error as WordError, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};

use crate::catalog::diagnostic::Problems;
use crate::catalog::source::{At, SourceFile};
use crate::domain::area::{AreaChange, AreaProblem};
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
    let spans = rows(file, &AREA_COLUMNS, problems);
    let declared: Vec<Area> = spans.iter().filter_map(area).collect();
    let whole = declared.len() == spans.len();
    let tree = match AreaTree::new(declared) {
        Ok(tree) => tree,
        Err(overlap) => {
            let at = row_of(&spans, &overlap.code, overlap.valid_from).unwrap_or(At { file, offset: 0 });
            at.error(problems, overlap.to_string(), "Two spans of one code may not share a day.");
            return AreaTree::default();
        }
    };
    let changes = changes.map_or_else(Vec::new, |file| rows(file, &CHANGE_COLUMNS, problems));
    let edges = changes.iter().filter_map(|row| change(row, &tree)).collect();
    let tree = tree.with_changes(edges);
    if !whole {
        return tree; // What lies in an area that could not be read has no problem of its own.
    }
    for problem in tree.problems() {
        let (at, hint) = match &problem {
            AreaProblem::ParentGone { code, valid_from, .. } | AreaProblem::ParentLevel { code, valid_from, .. } => {
                (row_of(&spans, code, *valid_from), "Name the area that it lies in on all its days.")
            }
            AreaProblem::Shares { code, date, .. } => {
                let row = changes.iter().find(|r| r.cell(0) == date.to_string() && r.cell(1) == code.as_str());
                (row.map(|r| r.at), "Declare a change for every part of the old area.")
            }
        };
        at.unwrap_or(At { file, offset: 0 }).error(problems, problem.to_string(), hint);
    }
    tree
}

/// Where a span is declared.
fn row_of<'s>(rows: &[Row<'s, '_>], code: &str, valid_from: NaiveDate) -> Option<At<'s>> {
    rows.iter().find(|r| r.cell(0) == code && r.cell(4) == valid_from.to_string()).map(|r| r.at)
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
    let weight = row.cell(4).parse::<f64>().ok();
    if weight.is_none() {
        row.wrong(4, "a share above 0 and up to 1");
    }
    let weight_assumed = row.cell(5).parse::<bool>().ok();
    if weight_assumed.is_none() {
        row.wrong(5, "true or false");
    }
    let change = tree.change(date?, (row.cell(1), row.cell(2)), kind?, (weight?, weight_assumed?));
    change
        .inspect_err(|e| row.at.error(row.problems, e.to_string(), "Correct the row, or the spans in areas.csv."))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(areas: &str, changes: &str) -> Vec<String> {
        let file = |name: &str, text| SourceFile { name: name.to_owned(), text };
        let areas = format!("code,name,kind,parent_code,valid_from,valid_to\n{areas}");
        let changes = format!("date,from_code,to_code,kind,weight,weight_assumed\n{changes}");
        let problems = Problems::default();
        read(Some(&file("areas.csv", &areas)), Some(&file("area_changes.csv", &changes)), &problems);
        problems.into_sorted().iter().map(|p| p.to_string().split("\n").next().unwrap_or_default().to_owned()).collect()
    }

    const SOUND: &str = "c,City,city,,2000-01-01,\nd,D,district,c,2000-01-01,2020-12-31\ne,E,district,c,2021-01-01,\n";

    #[test]
    fn sound_areas_have_no_problems() {
        assert_eq!(found(SOUND, "2021-01-01,d,e,merge,1,false\n"), [""; 0]);
    }

    #[test]
    fn every_problem_stands_at_its_row() {
        let lost = format!("{SOUND}f,F,ward,d,2020-01-01,\n");
        assert_eq!(
            found(&lost, "2021-01-01,d,e,part,0.5,true\n2021-01-01,d,x,merge,1,false\n2021-01-01,d,e,half,1,no\n"),
            [
                "area_changes.csv:2:1: error: the changes of area d on 2021-01-01 have weights that add to 0.5, not 1",
                "area_changes.csv:3:1: error: no area \"x\" exists on 2021-01-01",
                "area_changes.csv:4:1: error: kind \"half\" is not known",
                "area_changes.csv:4:1: error: weight_assumed \"no\" is not true or false",
                "areas.csv:5:1: error: area f from 2020-01-01: its parent d does not exist during its whole span",
            ]
        );
        assert_eq!(
            found(&format!("{SOUND}e,E,district,c,2022-01-01,\n"), ""),
            ["areas.csv:5:1: error: area e: the span from 2022-01-01 overlaps another or ends before it begins"]
        );
    }
}
