//! All infographics of a folder, with the modules their templates share, and the folder read again when it changes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use sha2::{Digest, Sha256};

use super::declared::{Infographic, Known};
use crate::catalog::diagnostic::{Problems, nearest};
use crate::catalog::{Catalog, Diagnostic, Diagnostics, Severity, Sources};

/// What is on the shelf.
#[derive(Debug, Clone, Default)]
pub struct Shelf {
    /// By id.
    pub infographics: BTreeMap<String, Infographic>,
    /// Shared Typst modules by file name.
    pub modules: BTreeMap<String, String>,
    /// Digest of all files: a changed template is another page of the same figures.
    pub version: String,
}

impl Shelf {
    /// Reads `infographics/` and `typst/` of a folder. A folder that is not there holds nothing.
    ///
    /// # Errors
    /// All problems of all files.
    pub fn load(folder: &Path, catalog: &Catalog) -> Result<Shelf, Diagnostics> {
        let declared = folder.join("infographics");
        if !declared.is_dir() {
            return Ok(Shelf::default());
        }
        let sources = Sources::read(&declared).map_err(|problem| Diagnostics(vec![problem]))?;
        let templates = texts(&declared).map_err(|problem| Diagnostics(vec![problem]))?;
        let modules = texts(&folder.join("typst")).map_err(|problem| Diagnostics(vec![problem]))?;
        let pictograms = modules.get("pictograms.typ").map(|text| names_of(text)).unwrap_or_default();
        let known = Known { catalog, pictograms: &pictograms };
        let problems = Problems::default();
        let mut infographics = BTreeMap::new();
        for name in sources.texts.keys() {
            let Some(id) = name.strip_suffix(".toml") else { continue };
            let Some(file) = sources.file(name) else { continue };
            let template = templates.get(&format!("{id}.typ")).map(String::as_str);
            if let Some(read) = Infographic::read(&file, id, template, &known, &problems) {
                infographics.insert(id.to_owned(), read);
            }
        }
        let found = problems.into_sorted();
        if !found.is_empty() {
            return Err(Diagnostics(found));
        }
        let version = version_of(&[&sources.texts, &templates, &modules]);
        Ok(Shelf { infographics, modules, version })
    }

    /// The id most like one that is not there.
    pub fn nearest(&self, id: &str) -> Option<&str> {
        let known = || self.infographics.keys().map(String::as_str);
        nearest(id, known()).or_else(|| known().next())
    }
}

/// The `.typ` files of a folder by name; none if there is no folder.
fn texts(folder: &Path) -> Result<BTreeMap<String, String>, Diagnostic> {
    let mut texts = BTreeMap::new();
    for path in typst_files(folder) {
        let text = std::fs::read_to_string(&path).map_err(|error| Diagnostic {
            severity: Severity::Error,
            file: path.display().to_string(),
            line: 0,
            column: 0,
            message: format!("cannot be read: {error}"),
            hint: None,
        })?;
        if let Some(name) = path.file_name().and_then(|name| name.to_str()) {
            texts.insert(name.to_owned(), text);
        }
    }
    Ok(texts)
}

fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let ours = |path: &PathBuf| path.extension().and_then(|e| e.to_str()).is_some_and(|e| endings.contains(&e));
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(ours).collect();
    paths.sort();
    paths
}

fn typst_files(folder: &Path) -> Vec<PathBuf> {
    files(folder, &["typ"])
}

/// The names in `#let shapes = (name: "..", ..)` of the module of pictograms.
fn names_of(module: &str) -> BTreeSet<String> {
    let entries = module.lines().filter_map(|line| line.strip_prefix("  ")?.split_once(": \"<"));
    entries.map(|(name, _)| name.to_owned()).collect()
}

fn version_of(sets: &[&BTreeMap<String, String>]) -> String {
    let mut hash = Sha256::new();
    for (name, text) in sets.iter().flat_map(|set| set.iter()) {
        hash.update((name.len() as u64).to_le_bytes());
        hash.update(name);
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    }
    hash.finalize().iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

/// When which file was last written: what tells that the folder must be read again.
type Written = Vec<(PathBuf, Option<SystemTime>, u64)>;

#[derive(Debug)]
struct Held {
    written: Written,
    shelf: Arc<Shelf>,
    problems: Option<Diagnostics>,
}

/// The shelf of a folder as it is now. A change that has problems leaves the last good shelf in place.
#[derive(Debug)]
pub struct Shelves {
    folder: PathBuf,
    held: Mutex<Held>,
}

impl Shelves {
    /// Reads the folder for the first time. Problems are kept beside an empty shelf: a server goes on without its
    /// infographics and says why.
    pub fn open(folder: &Path, catalog: &Catalog) -> Shelves {
        let written = written(folder);
        let (shelf, problems) = match Shelf::load(folder, catalog) {
            Ok(shelf) => (shelf, None),
            Err(problems) => {
                tracing::warn!("there are no infographics: {problems}");
                (Shelf::default(), Some(problems))
            }
        };
        Shelves { folder: folder.to_owned(), held: Mutex::new(Held { written, shelf: Arc::new(shelf), problems }) }
    }

    /// The shelf, read again if a file changed, and what was wrong with the last change.
    pub fn current(&self, catalog: &Catalog) -> (Arc<Shelf>, Option<Diagnostics>) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let now = written(&self.folder);
        if now != held.written {
            held.written = now;
            match Shelf::load(&self.folder, catalog) {
                Ok(shelf) => (held.shelf, held.problems) = (Arc::new(shelf), None),
                Err(problems) => {
                    tracing::warn!("the infographics stay as they were: {problems}");
                    held.problems = Some(problems);
                }
            }
        }
        (Arc::clone(&held.shelf), held.problems.clone())
    }
}

fn written(folder: &Path) -> Written {
    let mut paths = files(&folder.join("infographics"), &["toml", "typ"]);
    paths.extend(typst_files(&folder.join("typst")));
    let stamp = |path: PathBuf| {
        let about = std::fs::metadata(&path).ok();
        let length = about.as_ref().map_or(0, std::fs::Metadata::len);
        (path, about.and_then(|a| a.modified().ok()), length)
    };
    paths.into_iter().map(stamp).collect()
}
