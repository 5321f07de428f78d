//! Reads the mapping files of cases. Every problem of every file is found before any is reported.

use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::check;
use super::declaration::{CaseToml, CodeFromToml, CodeToml, StatusToml, TimeFromToml, TimeToml};
use super::model::{CaseDeclaration, CaseMapping};
use crate::catalog::{Catalog, Diagnostics};
use crate::feed::mapping::load::{Problems, files_of, is_of_cases, one, unreadable};

impl CaseMapping {
    /// Loads every `*.toml` of a folder with `kind = "cases"`, by file name. A folder that does not exist holds none.
    ///
    /// # Errors
    /// All problems of all files.
    pub fn load_dir(dir: &Path, catalog: &Catalog) -> Result<Vec<CaseDeclaration>, Diagnostics> {
        let mut feeds = Vec::new();
        let mut found = Vec::new();
        for path in files_of(dir, &mut found) {
            match std::fs::read_to_string(&path) {
                Ok(text) if is_of_cases(&text) => match Self::load(&path, &text, catalog) {
                    Ok(feed) => feeds.push(feed),
                    Err(problems) => found.extend(problems.0),
                },
                Ok(_) => {}
                Err(e) => found.push(unreadable(&path, &e)),
            }
        }
        if found.is_empty() { Ok(feeds) } else { Err(Diagnostics(found)) }
    }

    /// Loads one mapping file from its text; `path` is only named in problems.
    ///
    /// # Errors
    /// All problems of the file.
    pub fn load(path: &Path, text: &str, catalog: &Catalog) -> Result<CaseDeclaration, Diagnostics> {
        let mut problems = Problems::new(path, text);
        match read(path, text, catalog, &mut problems) {
            Some(feed) if problems.is_empty() => Ok(feed),
            _ => Err(problems.into_diagnostics()),
        }
    }
}

fn read(path: &Path, text: &str, catalog: &Catalog, problems: &mut Problems<'_>) -> Option<CaseDeclaration> {
    let (root, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        for e in errors {
            problems.at(e.span().unwrap_or(0..0), e.message().to_owned(), "");
        }
        return None;
    }
    let span = root.span();
    let mut root = root.into_inner();
    let connector = match root.remove("connector") {
        Some(value) => one(value, problems),
        None => {
            problems.at(0..0, "there is no [connector]", "Say where the bytes come from, such as kind = \"files\".");
            None
        }
    };
    let toml = one(Spanned::new(span, DeValue::Table(root)), problems);
    check::feed(toml?, connector?, path, catalog, problems)
}

impl CaseToml {
    /// The columns of GeoReport v2, for what the mapping does not say itself.
    ///
    /// A server has one time of last change; for closed requests it is when they were closed. Codes are the server's.
    pub(super) fn fill_from_open311(&mut self) {
        let iso = |column: &str| {
            let format = Some(Spanned::new(0..0, crate::feed::mapping::declaration::OneOrMany(vec!["iso".to_owned()])));
            TimeToml::From(Box::new(TimeFromToml { column: column.to_owned(), format, zone: None, time: None }))
        };
        let from_data = |column: &str| {
            let from = CodeFromToml {
                column: Some(column.to_owned()),
                value: None,
                codes: None,
                from_data: true,
                unknown: None,
                blank: None,
            };
            Spanned::new(0..0, CodeToml::From(Box::new(from)))
        };
        self.id.get_or_insert_with(|| "service_request_id".to_owned());
        self.received.get_or_insert_with(|| iso("requested_datetime"));
        self.due.get_or_insert_with(|| iso("expected_datetime"));
        self.updated.get_or_insert_with(|| iso("updated_datetime"));
        self.category.get_or_insert_with(|| from_data("service_code"));
        self.org.get_or_insert_with(|| from_data("agency_responsible"));
        self.longitude.get_or_insert_with(|| "long".to_owned());
        self.latitude.get_or_insert_with(|| "lat".to_owned());
        self.deadline.get_or_insert_with(|| Spanned::new(0..0, "source".to_owned()));
        self.status.get_or_insert_with(|| {
            let list = |state: &str| vec![state.to_owned()];
            let status = StatusToml {
                column: "status".to_owned(),
                open: list("open"),
                answered: list("closed"),
                rejected: Vec::new(),
                merged: Vec::new(),
            };
            Spanned::new(0..0, status)
        });
    }
}
