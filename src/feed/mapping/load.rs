//! Reads the mapping files of a folder. Every problem of every file is found before any is reported.

use std::ops::Range;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::check;
use super::declaration::{HeadToml, RuleToml, SheetToml, SkipToml};
use super::model::{FeedDeclaration, Mapping};
use crate::catalog::{Catalog, Diagnostic, Diagnostics, Severity};
use crate::feed::connector::config::ConnectorConfig;

impl Mapping {
    /// Loads every `*.toml` of a folder that is about figures, by file name. A folder that does not exist holds no
    /// feeds.
    ///
    /// # Errors
    /// All problems of all files: shape, unknown codes, incomplete rules, two files with one feed code.
    pub fn load_dir(dir: &Path, catalog: &Catalog) -> Result<Vec<FeedDeclaration>, Diagnostics> {
        let mut feeds: Vec<FeedDeclaration> = Vec::new();
        let mut found = Vec::new();
        for path in files_of(dir, &mut found) {
            let text = match std::fs::read_to_string(&path) {
                Ok(text) => text,
                Err(e) => {
                    found.push(unreadable(&path, &e));
                    continue;
                }
            };
            if is_of_cases(&text) {
                continue;
            }
            match Self::load(&path, &text, catalog) {
                Ok(feed) => feeds.push(feed),
                Err(problems) => found.extend(problems.0),
            }
        }
        for (i, feed) in feeds.iter().enumerate() {
            if let Some(first) = feeds[..i].iter().find(|f| f.mapping.code == feed.mapping.code) {
                let problem = format!("the feed \"{}\" is declared in {} too", feed.mapping.code, first.file.display());
                found.push(Diagnostic { file: feed.file.display().to_string(), ..whole_file(problem) });
            }
        }
        if found.is_empty() { Ok(feeds) } else { Err(Diagnostics(found)) }
    }

    /// Loads one mapping file from its text; `path` is only named in problems.
    ///
    /// # Errors
    /// All problems of the file.
    pub fn load(path: &Path, text: &str, catalog: &Catalog) -> Result<FeedDeclaration, Diagnostics> {
        let mut problems = Problems::new(path, text);
        let feed = read(text, &mut problems).and_then(|toml| check::feed(toml, path, catalog, &mut problems));
        match feed {
            Some(feed) if problems.found.is_empty() => Ok(feed),
            _ => Err(problems.into_diagnostics()),
        }
    }
}

/// A mapping file in its written form.
pub(super) struct FileToml {
    pub head: HeadToml,
    pub connector: ConnectorConfig,
    pub maps: Vec<Spanned<RuleToml>>,
    pub sheets: Vec<Spanned<SheetToml>>,
    pub skips: Vec<Spanned<SkipToml>>,
}

/// Where the problems of one file go, with lines counted from byte places.
pub(in crate::feed) struct Problems<'a> {
    file: String,
    text: &'a str,
    found: Vec<Diagnostic>,
}

impl<'a> Problems<'a> {
    pub fn new(path: &Path, text: &'a str) -> Self {
        Self { file: path.display().to_string(), text, found: Vec::new() }
    }

    /// Adds a problem at a place; an empty hint is none.
    pub fn at(&mut self, span: Range<usize>, message: impl Into<String>, hint: impl Into<String>) {
        let before = &self.text[..span.start.min(self.text.len())];
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        let hint = hint.into();
        self.found.push(Diagnostic {
            severity: Severity::Error,
            file: self.file.clone(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            message: message.into(),
            hint: (!hint.is_empty()).then_some(hint),
        });
    }

    /// Line of a byte place, from 1.
    pub fn line_of(&self, span: &Range<usize>) -> usize {
        self.text[..span.start.min(self.text.len())].matches('\n').count() + 1
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The problems by place.
    pub fn into_diagnostics(mut self) -> Diagnostics {
        self.found.sort_by_key(|d| (d.line, d.column));
        Diagnostics(self.found)
    }
}

pub(in crate::feed) fn files_of(dir: &Path, found: &mut Vec<Diagnostic>) -> Vec<std::path::PathBuf> {
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Vec::new(),
        Err(e) => {
            found.push(unreadable(dir, &e));
            return Vec::new();
        }
    };
    let mut files: Vec<_> = entries
        .filter_map(|entry| match entry {
            Ok(entry) => Some(entry.path()),
            Err(e) => {
                found.push(unreadable(dir, &e));
                None
            }
        })
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .collect();
    files.sort();
    files
}

pub(in crate::feed) fn unreadable(path: &Path, e: &std::io::Error) -> Diagnostic {
    Diagnostic { file: path.display().to_string(), ..whole_file(format!("cannot be read: {e}")) }
}

pub(in crate::feed) fn whole_file(message: String) -> Diagnostic {
    let file = String::new();
    Diagnostic { severity: Severity::Error, file, line: 0, column: 0, message, hint: None }
}

/// Whether a mapping file is about cases (`kind = "cases"`), which [`crate::feed::cases`] reads.
pub(in crate::feed) fn is_of_cases(text: &str) -> bool {
    let (root, _) = DeTable::parse_recoverable(text);
    root.get_ref().get("kind").and_then(|kind| kind.get_ref().as_str()) == Some("cases")
}

/// Text to the written form, table by table; `None` when a part is missing or has the wrong shape.
fn read(text: &str, problems: &mut Problems<'_>) -> Option<FileToml> {
    let (root, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        for e in errors {
            problems.at(e.span().unwrap_or(0..0), e.message().to_owned(), "");
        }
        return None;
    }
    let span = root.span();
    let mut root = root.into_inner();
    let maps = tables(&mut root, "map", problems);
    let sheets = tables(&mut root, "sheet", problems);
    let skips = tables(&mut root, "skip", problems);
    let connector = match root.remove("connector") {
        Some(value) => one(value, problems),
        None => {
            problems.at(0..0, "there is no [connector]", "Say where the bytes come from, such as kind = \"files\".");
            None
        }
    };
    let head = one(Spanned::new(span, DeValue::Table(root)), problems);
    Some(FileToml { head: head?, connector: connector?, maps: maps?, sheets: sheets?, skips: skips? })
}

/// The tables of `[[key]]`, each read on its own; `None` if one has the wrong shape.
fn tables<T: for<'de> Deserialize<'de>>(
    root: &mut DeTable<'_>,
    key: &str,
    problems: &mut Problems<'_>,
) -> Option<Vec<Spanned<T>>> {
    let Some(value) = root.remove(key) else { return Some(Vec::new()) };
    let span = value.span();
    let DeValue::Array(items) = value.into_inner() else {
        problems.at(span, format!("\"{key}\" is not a list of tables"), format!("Write [[{key}]]."));
        return None;
    };
    let read: Vec<_> = items
        .into_iter()
        .map(|item| {
            let span = item.span();
            one(item, problems).map(|table| Spanned::new(span, table))
        })
        .collect();
    read.into_iter().collect()
}

/// One value of a file in its written form.
pub(in crate::feed) fn one<T: for<'de> Deserialize<'de>>(
    value: Spanned<DeValue<'_>>,
    problems: &mut Problems<'_>,
) -> Option<T> {
    let whole = value.span();
    match T::deserialize(ValueDeserializer::from(value)) {
        Ok(read) => Some(read),
        Err(e) => {
            problems.at(e.span().unwrap_or(whole), e.message().to_owned(), "");
            None
        }
    }
}
