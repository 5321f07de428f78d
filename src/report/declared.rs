//! Reports as they are declared: `dashboards/reports/{id}.toml` with its template beside it. Checked whenever one is
//! made, so a changed file counts at once; a wrong code is named with file and line.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use sha2::{Digest, Sha256};
use toml::Spanned;

use super::gate::Gate;
use crate::catalog::{Catalog, Diagnostic, Diagnostics, Severity};
use crate::domain::Freq;
use crate::present::Language;

/// The version of the file format that this reader knows.
const FORMAT_VERSION: i64 = 1;

/// The file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: Spanned<i64>,
    title_vi: String,
    title_en: String,
    description_vi: String,
    description_en: String,
    template: Spanned<String>,
    freqs: Spanned<Vec<Spanned<String>>>,
    #[serde(default)]
    headlines: Vec<Spanned<String>>,
    #[serde(default)]
    gate: Gate,
}

/// A declared report.
#[derive(Debug, Clone, PartialEq)]
pub struct Declared {
    /// Id: the file's name without its ending.
    pub id: String,
    /// Title in both languages.
    pub titles: (String, String),
    /// What it is, in both languages.
    pub descriptions: (String, String),
    /// Frequencies of the periods it is made for.
    pub freqs: Vec<Freq>,
    /// Codes of the indicators said in sentences on page one.
    pub headlines: Vec<String>,
    /// What is done about what lacks.
    pub gate: Gate,
    /// File name of the template, and its text.
    pub template: (String, String),
    /// Shared modules by the path a template imports them by.
    pub modules: BTreeMap<String, Vec<u8>>,
    /// First hex digits of a SHA-256 over all of these files: another layout is another print.
    pub digest: String,
}

impl Declared {
    /// The title in a language.
    pub fn title(&self, language: Language) -> &str {
        match language {
            Language::Vi => &self.titles.0,
            Language::En => &self.titles.1,
        }
    }

    /// What it is, in a language.
    pub fn description(&self, language: Language) -> &str {
        match language {
            Language::Vi => &self.descriptions.0,
            Language::En => &self.descriptions.1,
        }
    }
}

/// All reports of a folder of dashboards, by id. A folder without reports has none.
///
/// # Errors
/// All problems of all files.
pub fn load(dashboards: &Path, catalog: &Catalog) -> Result<BTreeMap<String, Declared>, Diagnostics> {
    let folder = dashboards.join("reports");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .map(|entries| entries.flatten().map(|e| e.file_name().to_string_lossy().into_owned()).collect())
        .unwrap_or_default();
    names.retain(|name| name.ends_with(".toml") && !name.starts_with('.'));
    names.sort();
    let modules = modules_of(&dashboards.join("typst"));
    let (mut reports, mut problems) = (BTreeMap::new(), Vec::new());
    for name in names {
        let path = folder.join(&name);
        let file = path.display().to_string();
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) => {
                problems.push(problem(&file, (0, 0), format!("cannot be read: {error}"), None));
                continue;
            }
        };
        match read(&File { file: &file, text: &text, folder: &folder, modules: &modules }, catalog) {
            Ok(report) => {
                reports.insert(report.id.clone(), report);
            }
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(reports) } else { Err(Diagnostics(problems)) }
}

/// Typst modules by the path a template imports them by.
fn modules_of(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let module = |entry: std::fs::DirEntry| {
        let name = entry.file_name().to_str()?.to_owned();
        name.ends_with(".typ").then(|| std::fs::read(entry.path()).ok().map(|bytes| (name, bytes)))?
    };
    entries.filter_map(module).collect()
}

fn problem(file: &str, (line, column): (usize, usize), message: String, hint: Option<String>) -> Diagnostic {
    Diagnostic { severity: Severity::Error, file: file.to_owned(), line, column, message, hint }
}

/// A file being read.
struct File<'a> {
    file: &'a str,
    text: &'a str,
    folder: &'a Path,
    modules: &'a BTreeMap<String, Vec<u8>>,
}

impl File<'_> {
    /// Line and column of a byte.
    fn place(&self, at: usize) -> (usize, usize) {
        let before = &self.text[..at.min(self.text.len())];
        let line = before.matches('\n').count() + 1;
        (line, before.rsplit('\n').next().map_or(0, |rest| rest.chars().count()) + 1)
    }

    fn problem(&self, at: usize, message: String, hint: Option<String>) -> Diagnostic {
        problem(self.file, self.place(at), message, hint)
    }
}

fn read(file: &File<'_>, catalog: &Catalog) -> Result<Declared, Vec<Diagnostic>> {
    let written: Written = toml::from_str(file.text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        vec![file.problem(at, error.message().to_owned(), None)]
    })?;
    let mut problems = Vec::new();
    if *written.version.get_ref() != FORMAT_VERSION {
        let message = format!("version {} is not known", written.version.get_ref());
        let hint = Some(format!("Write version = {FORMAT_VERSION}."));
        problems.push(file.problem(written.version.span().start, message, hint));
    }
    let mut freqs = Vec::new();
    for freq in written.freqs.get_ref() {
        match freq.get_ref().parse::<Freq>() {
            Ok(known) => freqs.push(known),
            Err(_) => {
                let message = format!("\"{}\" is no frequency", freq.get_ref());
                problems.push(file.problem(
                    freq.span().start,
                    message,
                    Some("Write \"M\", \"Q\" or \"A\".".to_owned()),
                ));
            }
        }
    }
    if written.freqs.get_ref().is_empty() {
        let message = "a report is made for at least one frequency".to_owned();
        problems.push(file.problem(written.freqs.span().start, message, None));
    }
    for code in &written.headlines {
        if !catalog.indicators.contains_key(code.get_ref()) {
            let hint = nearest(code.get_ref(), catalog);
            let message = format!("unknown indicator \"{}\"", code.get_ref());
            problems.push(file.problem(code.span().start, message, hint));
        }
    }
    for code in written.gate.not_expected.iter().filter(|code| !catalog.indicators.contains_key(*code)) {
        let at = file.text.find(&format!("\"{code}\"")).unwrap_or(0);
        problems.push(file.problem(at, format!("unknown indicator \"{code}\""), nearest(code, catalog)));
    }
    let template = template_of(file, &written.template, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    let stem = Path::new(file.file).file_stem().map(|s| s.to_string_lossy().into_owned());
    let name = written.template.into_inner();
    Ok(Declared {
        id: stem.unwrap_or_default(),
        titles: (written.title_vi, written.title_en),
        descriptions: (written.description_vi, written.description_en),
        freqs,
        headlines: written.headlines.into_iter().map(Spanned::into_inner).collect(),
        gate: written.gate,
        digest: digest(file, &template),
        template: (name, template),
        modules: file.modules.clone(),
    })
}

/// The text of the template, which lies beside the declaration.
fn template_of(file: &File<'_>, name: &Spanned<String>, problems: &mut Vec<Diagnostic>) -> String {
    let at = name.span().start;
    let name = name.get_ref();
    let is_beside = !name.contains(['/', '\\']) && name.ends_with(".typ");
    let text = if is_beside { std::fs::read_to_string(file.folder.join(name)).ok() } else { None };
    if text.is_none() {
        let hint = Some("Name a .typ file of the same folder.".to_owned());
        problems.push(file.problem(at, format!("there is no template \"{name}\""), hint));
    }
    text.unwrap_or_default()
}

fn nearest(code: &str, catalog: &Catalog) -> Option<String> {
    let far = |known: &str| strsim::damerau_levenshtein(code, known);
    let near = catalog.indicators.values().min_by_key(|i| far(&i.code)).filter(|i| far(&i.code) <= 2)?;
    Some(format!("The nearest is \"{}\" ({}).", near.code, near.name_vi))
}

fn digest(file: &File<'_>, template: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(file.text);
    hash.update(template);
    for (name, bytes) in file.modules {
        hash.update(name);
        hash.update(bytes);
    }
    hash.finalize().iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "version = 1\ntitle_vi = \"Báo cáo\"\ntitle_en = \"Report\"\ndescription_vi = \"x\"\n\
        description_en = \"x\"\ntemplate = \"a.typ\"\nfreqs = [\"M\"]\nheadlines = [\"1001\"]\n";

    fn load_text(text: &str) -> Result<BTreeMap<String, Declared>, Diagnostics> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("reports")).unwrap();
        std::fs::write(folder.path().join("reports/a.typ"), "= A").unwrap();
        std::fs::write(folder.path().join("reports/a.toml"), text).unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        load(folder.path(), &crate::catalog::load(&root.join("indicators")).unwrap())
    }

    #[test]
    fn a_report_is_its_file_and_the_template_beside_it() {
        let reports = load_text(&format!("{GOOD}[gate]\nstale = \"refuse\"\n")).unwrap();
        let report = &reports["a"];
        assert_eq!((report.freqs.as_slice(), report.template.1.as_str()), ([Freq::M].as_slice(), "= A"));
        assert_eq!(report.gate.then(crate::report::gate::Lack::Stale), crate::report::gate::Then::Refuse);
        let other = load_text(&format!("{GOOD}[gate]\nstale = \"print\"\n")).unwrap();
        assert_ne!(report.digest, other["a"].digest);
    }

    #[test]
    fn every_fault_is_named_with_its_line() {
        let text =
            GOOD.replace("\"1001\"", "\"1001\", \"1099\"").replace("\"M\"", "\"W\"").replace("a.typ", "../a.typ");
        let Err(Diagnostics(found)) = load_text(&text) else { panic!("it has faults") };
        let told: Vec<(usize, &str)> = found.iter().map(|d| (d.line, d.message.as_str())).collect();
        let expected =
            [(7, "\"W\" is no frequency"), (8, "unknown indicator \"1099\""), (6, "there is no template \"../a.typ\"")];
        assert_eq!(told, expected);
        assert!(found[1].hint.as_ref().unwrap().contains("nearest"));
        let Err(Diagnostics(found)) = load_text(&format!("{GOOD}colour = 1\n")) else { panic!("unknown key") };
        assert!(found[0].line == 9 && found[0].message.contains("colour"), "{found:?}");
    }

    #[test]
    fn the_shipped_reports_are_good() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let catalog = crate::catalog::load(&root.join("indicators")).unwrap();
        assert!(load(&root.join("dashboards"), &catalog).unwrap().contains_key("monthly-brief"));
    }
}
