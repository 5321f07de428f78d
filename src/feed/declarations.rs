//! All mapping files of a city: those of figures and those of cases.

use std::path::Path;

use super::cases::{CaseDeclaration, CaseMapping};
use super::mapping::{FeedDeclaration, Mapping};
use crate::catalog::{Catalog, Diagnostic, Diagnostics, Severity};

/// The declared feeds of a folder.
#[derive(Debug, Clone, Default)]
pub struct Declarations {
    /// Feeds of figures, by file name.
    pub figures: Vec<FeedDeclaration>,
    /// Feeds of citizen cases, by file name.
    pub cases: Vec<CaseDeclaration>,
}

impl Declarations {
    /// Loads every `*.toml` of a folder. A folder that does not exist holds no feeds.
    ///
    /// # Errors
    /// All problems of all files, two files with one feed code among them.
    pub fn load_dir(dir: &Path, catalog: &Catalog) -> Result<Self, Diagnostics> {
        let (figures, cases) = (Mapping::load_dir(dir, catalog), CaseMapping::load_dir(dir, catalog));
        let (figures, cases) = match (figures, cases) {
            (Ok(figures), Ok(cases)) => (figures, cases),
            (figures, cases) => {
                let found = [figures.err(), cases.err()].into_iter().flatten().flat_map(|problems| problems.0);
                return Err(Diagnostics(found.collect()));
            }
        };
        let declared = Self { figures, cases };
        let doubled = declared.doubled();
        if doubled.is_empty() { Ok(declared) } else { Err(Diagnostics(doubled)) }
    }

    /// Keeps the feeds of these codes; all of them if none is named.
    pub fn retain(&mut self, codes: &[String]) {
        if !codes.is_empty() {
            self.figures.retain(|feed| codes.contains(&feed.mapping.code));
            self.cases.retain(|feed| codes.contains(&feed.mapping.code));
        }
    }

    fn doubled(&self) -> Vec<Diagnostic> {
        let figures = self.figures.iter().map(|feed| (&feed.mapping.code, &feed.file));
        let known: Vec<(&String, &std::path::PathBuf)> =
            figures.chain(self.cases.iter().map(|feed| (&feed.mapping.code, &feed.file))).collect();
        let mut found = Vec::new();
        for (i, (code, file)) in known.iter().enumerate() {
            if let Some((_, first)) = known[..i].iter().find(|(before, _)| before == code) {
                found.push(Diagnostic {
                    severity: Severity::Error,
                    file: file.display().to_string(),
                    line: 0,
                    column: 0,
                    message: format!("the feed \"{code}\" is declared in {} too", first.display()),
                    hint: None,
                });
            }
        }
        found
    }
}
