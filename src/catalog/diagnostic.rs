//! Problems of declared files, each with its place and what to do. A report, not an error: all are listed at once.

use std::cell::RefCell;
use std::fmt;

use crate::error::{Coded, ErrorCode};

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The catalogue cannot be used.
    Error,
    /// It can, and somebody should look.
    Warning,
}

impl Severity {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

/// One problem. Prints as `indicators/group_02.toml:31:11: error: ...`, with the hint on a line of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad.
    pub severity: Severity,
    /// File as the reader knows it.
    pub file: String,
    /// Line from 1; 0 when the problem is the file itself (missing, unreadable).
    pub line: usize,
    /// Column in characters from 1; 0 together with line 0.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to do, as a sentence.
    pub hint: Option<String>,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        write!(f, ": {}: {}", self.severity.as_str(), self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "\n  hint: {hint}"),
            None => Ok(()),
        }
    }
}

/// Why declared files could not be loaded: every problem found, in file order.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", print_all(.0))]
pub struct Diagnostics(pub Vec<Diagnostic>);

fn print_all(diagnostics: &[Diagnostic]) -> String {
    let errors = diagnostics.iter().filter(|d| d.severity == Severity::Error).count();
    let mut text: String = diagnostics.iter().map(|d| format!("{d}\n")).collect();
    text.push_str(&format!("{errors} errors, {} warnings", diagnostics.len() - errors));
    text
}

impl Coded for Diagnostics {
    fn code(&self) -> ErrorCode {
        ErrorCode::BadDeclaration
    }
}

/// Where the readers and checks of one load put what they find.
#[derive(Debug, Default)]
pub(crate) struct Problems(RefCell<Vec<Diagnostic>>);

impl Problems {
    pub(crate) fn push(&self, diagnostic: Diagnostic) {
        self.0.borrow_mut().push(diagnostic);
    }

    /// Everything found, by file and place.
    pub(crate) fn into_sorted(self) -> Vec<Diagnostic> {
        let mut all = self.0.into_inner();
        all.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
        all.dedup();
        all
    }
}

/// The known name that a wrong one was probably meant to be: at most a third of its letters differ.
pub(crate) fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (wrong.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(wrong, name), name))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_place_message_and_hint() {
        let diagnostic = Diagnostic {
            severity: Severity::Error,
            file: "indicators/group_02.toml".to_owned(),
            line: 31,
            column: 11,
            message: "sum of a stock".to_owned(),
            hint: Some("Use last or avg.".to_owned()),
        };
        let text = diagnostic.to_string();
        assert_eq!(text, "indicators/group_02.toml:31:11: error: sum of a stock\n  hint: Use last or avg.");
        let report = Diagnostics(vec![diagnostic]).to_string();
        assert!(report.ends_with("\n1 errors, 0 warnings"), "{report}");
    }

    #[test]
    fn nearest_needs_likeness() {
        assert_eq!(nearest("retail_totl", ["retail_total", "retail_goods"]), Some("retail_total"));
        assert_eq!(nearest("xyz", ["retail_total", "births"]), None);
    }
}
