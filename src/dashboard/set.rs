//! All dashboards of a folder at one moment.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::check::Lookup;
use super::model::Dashboard;
use super::read;
use crate::catalog::diagnostic::Problems;
use crate::catalog::{Catalog, Diagnostic, Severity, Sources};

/// The dashboards of a folder, and what is wrong with its files.
#[derive(Debug, Clone, Default)]
pub struct DashboardSet {
    dashboards: Vec<Arc<Dashboard>>,
    problems: Vec<Diagnostic>,
    kept: BTreeSet<String>,
    version: String,
}

impl DashboardSet {
    /// Reads and checks the folder. One that does not exist holds no dashboards.
    pub fn load(folder: &Path, catalog: &Catalog) -> Self {
        Self::default().reloaded(folder, catalog)
    }

    /// The set after the folder changed.
    pub fn reloaded(&self, folder: &Path, catalog: &Catalog) -> Self {
        if !folder.exists() {
            return Self { version: "0".to_owned(), ..Self::default() };
        }
        match Sources::read(folder) {
            Ok(sources) => self.replaced(&sources, catalog),
            // A folder that cannot be read for a moment takes nothing away.
            Err(problem) => Self { problems: vec![problem], ..self.clone() },
        }
    }

    /// The set of these files; of those with errors what this set holds is kept.
    pub fn replaced(&self, sources: &Sources, catalog: &Catalog) -> Self {
        let mut next = Self { version: sources.version(), ..Self::default() };
        for name in sources.texts.keys().filter(|name| name.ends_with(".toml")) {
            let id = name.trim_end_matches(".toml");
            let Some(file) = sources.file(name) else { continue };
            let problems = Problems::default();
            let read = read::dashboard(id, &file, &Lookup { catalog, problems: &problems });
            let problems = problems.into_sorted();
            let failed = problems.iter().any(|p| p.severity == Severity::Error);
            next.problems.extend(problems);
            if !failed {
                next.dashboards.extend(read.map(Arc::new));
            } else if let Some(before) = self.get(id) {
                next.kept.insert(id.to_owned());
                next.dashboards.push(Arc::clone(before));
            }
        }
        next.dashboards.sort_by(|a, b| (a.order, &a.id).cmp(&(b.order, &b.id)));
        next
    }

    /// All dashboards, in the order shown.
    pub fn all(&self) -> &[Arc<Dashboard>] {
        &self.dashboards
    }

    /// A dashboard by its id.
    pub fn get(&self, id: &str) -> Option<&Arc<Dashboard>> {
        self.dashboards.iter().find(|dashboard| dashboard.id == id)
    }

    /// Whether the file of a dashboard has errors now, and what is shown is what it said before.
    pub fn is_kept(&self, id: &str) -> bool {
        self.kept.contains(id)
    }

    /// Every problem of every file, by file and place.
    pub fn problems(&self) -> &[Diagnostic] {
        &self.problems
    }

    /// Changes with every byte of every file.
    pub fn version(&self) -> &str {
        &self.version
    }
}
