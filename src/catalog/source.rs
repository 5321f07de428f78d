//! The files of a catalogue as texts with places; reading the folder is the only I/O of this module tree.

use std::collections::BTreeMap;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::diagnostic::{Diagnostic, Problems, Severity};

/// Declared files by name inside the catalogue folder (`group_01.toml`), with their texts.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The folder as the user named it; diagnostics print it before the file name.
    pub folder: String,
    /// Texts by file name.
    pub texts: BTreeMap<String, String>,
}

impl Sources {
    /// Reads every `.toml` and `.csv` file directly in a folder. Sub-folders (`feeds/`) belong to others.
    pub fn read(folder: &Path) -> Result<Self, Diagnostic> {
        let shown = folder.display().to_string();
        let failed = |file: String, error: std::io::Error| Diagnostic {
            severity: Severity::Error,
            file,
            line: 0,
            column: 0,
            message: format!("cannot be read: {error}"),
            hint: None,
        };
        let mut texts = BTreeMap::new();
        for entry in std::fs::read_dir(folder).map_err(|e| failed(shown.clone(), e))? {
            let path = entry.map_err(|e| failed(shown.clone(), e))?.path();
            let declared = path.extension().is_some_and(|e| e == "toml" || e == "csv");
            if let (true, Some(name)) = (declared && path.is_file(), path.file_name().and_then(|n| n.to_str())) {
                let text = std::fs::read_to_string(&path).map_err(|e| failed(path.display().to_string(), e))?;
                texts.insert(name.to_owned(), text);
            }
        }
        Ok(Self { folder: shown, texts })
    }

    /// The catalogue version: the first 16 hex digits of a SHA-256 over names and bytes, in name order.
    pub fn version(&self) -> String {
        let mut hash = Sha256::new();
        for (name, text) in &self.texts {
            // Lengths keep "ab" + "c" apart from "a" + "bc".
            hash.update((name.len() as u64).to_le_bytes());
            hash.update(name);
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text);
        }
        hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    /// A file by name.
    pub(crate) fn file<'s>(&'s self, name: &str) -> Option<SourceFile<'s>> {
        self.texts.get(name).map(|text| {
            let shown = Path::new(&self.folder).join(name).display().to_string();
            SourceFile { name: shown, text }
        })
    }
}

/// One file with the name that diagnostics print.
#[derive(Debug, Clone)]
pub(crate) struct SourceFile<'s> {
    pub(crate) name: String,
    pub(crate) text: &'s str,
}

/// A byte offset in a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct At<'s> {
    pub(crate) file: &'s SourceFile<'s>,
    pub(crate) offset: usize,
}

impl<'s> At<'s> {
    /// The place `bytes` further on in the same file.
    pub(crate) fn plus(self, bytes: usize) -> Self {
        Self { file: self.file, offset: self.offset + bytes }
    }

    /// Line and column, both from 1; columns count characters.
    fn line_column(self) -> (usize, usize) {
        let before = &self.file.text[..self.file.text.floor_char_boundary(self.offset)];
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }

    /// Puts a problem at this place.
    pub(crate) fn report(self, problems: &Problems, severity: Severity, message: String, hint: Option<String>) {
        let (line, column) = self.line_column();
        problems.push(Diagnostic { severity, file: self.file.name.clone(), line, column, message, hint });
    }

    /// Puts an error with a hint at this place.
    pub(crate) fn error(self, problems: &Problems, message: impl Into<String>, hint: impl Into<String>) {
        self.report(problems, Severity::Error, message.into(), Some(hint.into()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_lines_and_characters() {
        let file = SourceFile { name: "units.toml".to_owned(), text: "a\ntỷ đồng x" };
        let offset = file.text.find('x').unwrap();
        assert_eq!(At { file: &file, offset }.line_column(), (2, 9));
        assert_eq!(At { file: &file, offset: 0 }.line_column(), (1, 1));
    }

    #[test]
    fn the_version_follows_every_name_and_byte() {
        let version = |name: &str, text: &str| {
            Sources { folder: String::new(), texts: BTreeMap::from([(name.to_owned(), text.to_owned())]) }.version()
        };
        assert_eq!(version("a", "bc").len(), 16);
        assert_ne!(version("a", "bc"), version("ab", "c"));
        assert_eq!(version("a", "bc"), version("a", "bc"));
    }
}
