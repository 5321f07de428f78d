//! A file as a dashboard: titles, sections, tiles, each problem reported where it stands.

use std::collections::BTreeSet;

use super::check::Lookup;
use super::model::{Dashboard, Section, Wall, Words};
use super::tile;
use crate::catalog::declared::{Table, Text, read_file};
use crate::catalog::diagnostic::Problems;
use crate::catalog::source::{At, SourceFile};

/// Seconds that a page stays on the wall: as declared within these, else the usual ones.
const SECONDS: std::ops::RangeInclusive<i64> = 5..=600;
const USUAL_SECONDS: u32 = 20;

/// Reads a file. The dashboard is of use only when no problem was reported.
pub(super) fn dashboard(id: &str, file: &SourceFile<'_>, lookup: &Lookup<'_>) -> Option<Dashboard> {
    check_id(id, At { file, offset: 0 }, lookup.problems);
    let mut found = None;
    read_file(file, lookup.problems, |table| found = read(id, table, lookup));
    found
}

/// An id is part of an address, and the same on every file system.
fn check_id(id: &str, at: At<'_>, problems: &Problems) {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if id.is_empty() || !id.chars().all(is_plain) {
        let hint = "Name the file with small letters a to z, digits and hyphens, such as kinh-te.toml.";
        at.error(problems, format!("\"{id}\" cannot be the id of a dashboard"), hint);
    }
}

fn read(id: &str, table: &Table<'_, '_>, lookup: &Lookup<'_>) -> Option<Dashboard> {
    let (title_vi, title_en) = (table.text("title_vi"), table.text("title_en"));
    let description = words(table, "description_vi", "description_en");
    let order = table.integer_if("order", 0..=9_999).unwrap_or(100);
    let is_wall = table.switch("wall");
    let seconds = table.integer_if("seconds", SECONDS);
    if seconds.is_some() && !is_wall {
        table.error("seconds", "seconds are for the wall", "Add wall = true, or leave seconds out.");
    }
    let seconds = seconds.and_then(|s| u32::try_from(s).ok()).unwrap_or(USUAL_SECONDS);
    let mut seen = BTreeSet::new();
    let mut sections = Vec::new();
    table.tables("section", "section", |table| sections.push(section(table, lookup, &mut seen)));
    if sections.is_empty() {
        table.error("section", "it has no section", "Add [[section]] and in it [[section.tile]].");
    }
    Some(Dashboard {
        id: id.to_owned(),
        title: Words { vi: title_vi?.value, en: title_en?.value },
        description,
        order,
        wall: is_wall.then_some(Wall { seconds }),
        sections,
    })
}

fn section(table: &Table<'_, '_>, lookup: &Lookup<'_>, seen: &mut BTreeSet<String>) -> Section {
    let title = words(table, "title_vi", "title_en");
    let mut tiles = Vec::new();
    let mut declared = 0;
    table.tables("tile", "tile", |table| {
        declared += 1;
        tiles.extend(tile::read(table, lookup, seen));
    });
    if declared == 0 {
        table.error("tile", "it has no tile", "Add [[section.tile]] with a kind.");
    }
    Section { title, tiles }
}

/// A text in both languages, or in none.
pub(super) fn words(table: &Table<'_, '_>, vi: &'static str, en: &'static str) -> Option<Words> {
    match (table.text_if(vi), table.text_if(en)) {
        (Some(vi), Some(en)) => Some(Words { vi: vi.value, en: en.value }),
        (None, None) => None,
        (Some(_), None) => half(table, vi, en),
        (None, Some(_)) => half(table, en, vi),
    }
}

fn half(table: &Table<'_, '_>, there: &str, absent: &str) -> Option<Words> {
    table.error(
        there,
        format!("{there} stands without {absent}"),
        format!("Add {absent}: every page is in both languages."),
    );
    None
}

/// The value of a text.
pub(super) fn value(text: Option<&Text<'_>>) -> Option<String> {
    text.map(|text| text.value.clone())
}
