//! Texts of a source to codes: through a code list, as they stand in the data, or as declared in the catalogue.

use std::collections::BTreeSet;
use std::sync::Arc;

use datafusion::common::HashMap;

use super::cell::Cell;
use crate::domain::text::clean;

/// The code of a channel, category or priority where the source says nothing.
pub(super) const UNKNOWN: &str = "_U";

/// How one column's texts become codes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CodeRule {
    /// Place of the column; `None`: every row has `blank`.
    pub column: Option<usize>,
    /// Cleaned text of the source -> code, both as written and without case.
    pub codes: CodeList,
    /// Whether a text that is not in the list is its own code.
    pub from_data: bool,
    /// What stands for texts that are not in the list.
    pub unknown: Option<Arc<str>>,
    /// What stands for blanks.
    pub blank: Option<Arc<str>>,
    /// Codes that a text may be by itself, where there is no list; empty accepts any.
    pub declared: BTreeSet<String>,
}

/// A code list.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct CodeList {
    by_text: std::collections::BTreeMap<String, Arc<str>>,
}

impl CodeList {
    /// From pairs of source text and code.
    pub fn new<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut by_text = std::collections::BTreeMap::new();
        for (text, code) in pairs {
            let code: Arc<str> = code.into();
            let text = clean(text);
            by_text.entry(text.to_lowercase()).or_insert_with(|| code.clone());
            by_text.insert(text, code);
        }
        Self { by_text }
    }

    pub fn is_empty(&self) -> bool {
        self.by_text.is_empty()
    }

    /// The code of a cleaned text.
    pub fn get(&self, text: &str) -> Option<&Arc<str>> {
        self.by_text.get(text).or_else(|| self.by_text.get(&text.to_lowercase()))
    }
}

/// A text that means no code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NoCode {
    /// Why, in words.
    pub reason: String,
}

/// The code of a text, if it has one.
type Looked = Result<Option<Arc<str>>, NoCode>;

/// Reads codes by a rule; every text is looked up once.
pub(super) struct CodeReader<'a> {
    rule: &'a CodeRule,
    known: HashMap<String, Looked>,
    last: Option<(String, Looked)>,
}

impl<'a> CodeReader<'a> {
    pub fn new(rule: &'a CodeRule) -> Self {
        Self { rule, known: HashMap::new(), last: None }
    }

    /// The column that is read, if any.
    pub fn column(&self) -> Option<usize> {
        self.rule.column
    }

    /// The code in a row; none for a blank that nothing stands for.
    pub fn read(&mut self, cells: &[Cell<'_>]) -> Looked {
        let Some(text) = self.rule.column.and_then(|column| cells[column].text()) else {
            return Ok(self.rule.blank.clone());
        };
        if let Some((last, code)) = &self.last
            && *last == text
        {
            return code.clone();
        }
        let code = match self.known.get(&*text) {
            Some(code) => code.clone(),
            None => {
                let code = self.rule.look_up(&text);
                self.known.insert(text.clone().into_owned(), code.clone());
                code
            }
        };
        self.last = Some((text.into_owned(), code.clone()));
        code
    }
}

impl CodeRule {
    /// Every row has this code.
    pub fn constant(code: &str) -> Self {
        Self { column: None, blank: Some(code.into()), ..Self::of_column(0) }
    }

    /// The texts of a column are the codes.
    pub fn of_column(column: usize) -> Self {
        Self {
            column: Some(column),
            codes: CodeList::default(),
            from_data: true,
            unknown: None,
            blank: None,
            declared: BTreeSet::new(),
        }
    }

    fn look_up(&self, text: &str) -> Looked {
        let text = clean(text);
        if let Some(code) = self.codes.get(&text) {
            return Ok(Some(code.clone()));
        }
        if self.from_data || (self.codes.is_empty() && self.declared.contains(&text)) {
            return Ok(Some(text.as_str().into()));
        }
        if self.unknown.is_some() {
            return Ok(self.unknown.clone());
        }
        let what = if self.codes.is_empty() { "a declared code" } else { "in the code list" };
        let reason =
            format!("\"{text}\" is not {what}; add it under codes, or say unknown = \"..\" or from_data = true");
        Err(NoCode { reason })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(rule: &CodeRule, text: &str) -> Result<Option<String>, String> {
        let mut reader = CodeReader::new(rule);
        let code = reader.read(&[Cell::Text(text)]);
        code.map(|code| code.map(|c| c.to_string())).map_err(|no| no.reason)
    }

    #[test]
    fn a_list_comes_before_the_text_itself() {
        let list = CodeList::new([("Điện thoại", "hotline"), ("ZALO", "zalo")].into_iter());
        let rule = CodeRule { codes: list, from_data: false, blank: Some("_U".into()), ..CodeRule::of_column(0) };
        assert_eq!(read(&rule, " điện  thoại "), Ok(Some("hotline".into())));
        assert_eq!(read(&rule, ""), Ok(Some("_U".into())));
        assert!(read(&rule, "Fax").unwrap_err().starts_with("\"Fax\" is not in the code list"));
        let lenient = CodeRule { unknown: Some("other".into()), ..rule.clone() };
        assert_eq!(read(&lenient, "Fax"), Ok(Some("other".into())));
        let from_data = CodeRule { from_data: true, ..rule };
        assert_eq!(read(&from_data, "Fax"), Ok(Some("Fax".into())));
        assert_eq!(read(&from_data, "zalo"), Ok(Some("zalo".into())));
    }

    #[test]
    fn a_declared_code_stands_for_itself_and_another_does_not() {
        let declared = ["so_yt".to_owned()].into();
        let rule = CodeRule { from_data: false, declared, ..CodeRule::of_column(0) };
        assert_eq!(read(&rule, "so_yt"), Ok(Some("so_yt".into())));
        assert!(read(&rule, "so_xx").unwrap_err().contains("is not a declared code"));
    }
}
