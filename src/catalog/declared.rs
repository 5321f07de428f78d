//! Typed reading of declared TOML tables: every value with its place, every problem reported, unknown keys refused.
//!
//! A reader asks for its keys; what is missing or of the wrong type is reported where it stands and the reader goes on,
//! so that one pass lists everything. `toml`'s serde route would stop at the first problem of a file.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::de::IntoDeserializer;
use serde::de::value::{Error as WordError, StrDeserializer};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostic::{Problems, Severity, nearest};
use super::source::{At, SourceFile};

/// The version of the file format that this reader knows.
const FORMAT_VERSION: i64 = 1;

/// A text with its place. The place is that of the first character, inside the quotes.
#[derive(Debug, Clone)]
pub(crate) struct Text<'s> {
    pub(crate) value: String,
    pub(crate) at: At<'s>,
}

/// A number with its place and how many decimals it was written with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Number {
    pub(crate) value: f64,
    pub(crate) decimals: u8,
}

/// Where the keys of a table stand, kept for checks that come after reading.
#[derive(Debug, Clone)]
pub(crate) struct Places<'s> {
    table: At<'s>,
    keys: BTreeMap<String, At<'s>>,
}

impl<'s> Places<'s> {
    /// The place of the value of a key, or of the table where the key is absent.
    pub(crate) fn of(&self, key: &str) -> At<'s> {
        self.keys.get(key).copied().unwrap_or(self.table)
    }
}

/// A table being read.
pub(crate) struct Table<'s, 't> {
    file: &'s SourceFile<'s>,
    problems: &'t Problems,
    table: &'t DeTable<'s>,
    /// What the table is, for messages: `indicator "0202"`.
    what: RefCell<String>,
    at: At<'s>,
    known: RefCell<Vec<&'static str>>,
}

/// Parses a file and gives its top table to `read`; syntax errors and the `version` key are dealt with here.
///
/// `false` when nothing of the file could be read.
pub(crate) fn read_file<'s>(file: &'s SourceFile<'s>, problems: &Problems, read: impl FnOnce(&Table<'s, '_>)) -> bool {
    let (root, errors) = DeTable::parse_recoverable(file.text);
    for error in &errors {
        let at = At { file, offset: error.span().map_or(0, |s| s.start) };
        at.report(problems, Severity::Error, error.message().replace('\n', ", "), None);
    }
    if !errors.is_empty() {
        return false;
    }
    let table = Table::new(file, problems, root.get_ref(), At { file, offset: 0 }, "the file");
    if let Some(version) = table.integer("version", 0..=i64::MAX)
        && version != FORMAT_VERSION
    {
        let message = format!("version {version} of the file format is not known");
        table.place_of("version").error(problems, message, format!("Write version = {FORMAT_VERSION}."));
        return false;
    }
    read(&table);
    table.finish();
    true
}

impl<'s, 't> Table<'s, 't> {
    fn new(file: &'s SourceFile<'s>, problems: &'t Problems, table: &'t DeTable<'s>, at: At<'s>, what: &str) -> Self {
        let (what, known) = (RefCell::new(what.to_owned()), RefCell::default());
        Self { file, problems, table, what, at, known }
    }

    /// Whether the key is there, of whatever type.
    pub(crate) fn holds(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Takes keys as known without reading them, where a first problem makes the others moot.
    pub(crate) fn know(&self, keys: impl IntoIterator<Item = &'static str>) {
        self.known.borrow_mut().extend(keys);
    }

    /// Names the table in later messages.
    pub(crate) fn name(&self, kind: &str, code: &str) {
        *self.what.borrow_mut() = format!("{kind} \"{code}\"");
    }

    /// Reports a problem of the value of a key (or of the table, where the key is missing).
    pub(crate) fn error(&self, key: &str, message: impl Into<String>, hint: impl Into<String>) {
        let message = format!("{}: {}", self.what.borrow(), message.into());
        self.place_of(key).error(self.problems, message, hint);
    }

    /// The places of all its keys.
    pub(crate) fn places(&self) -> Places<'s> {
        let keys = self.table.iter().map(|(key, value)| (key.get_ref().to_string(), self.at_value(value))).collect();
        Places { table: self.at, keys }
    }

    /// The place of the value of a key, or of the table.
    pub(crate) fn place_of(&self, key: &str) -> At<'s> {
        self.table.get(key).map_or(self.at, |v| self.at_value(v))
    }

    fn at_value(&self, value: &Spanned<DeValue<'s>>) -> At<'s> {
        let quoted = usize::from(value.get_ref().is_str());
        At { file: self.file, offset: value.span().start + quoted }
    }

    fn look(&self, key: &'static str) -> Option<&'t Spanned<DeValue<'s>>> {
        self.known.borrow_mut().push(key);
        self.table.get(key)
    }

    fn wrong_type(&self, value: &Spanned<DeValue<'s>>, key: &str, wanted: &str) {
        let message = format!("{}: {key} is not {wanted}", self.what.borrow());
        self.at_value(value).error(self.problems, message, format!("Write {key} as {wanted}."));
    }

    /// Reports that a key is missing. Nothing is assumed for it.
    fn missing(&self, key: &str) {
        let hint = match key {
            "kind" => "Say what the values are, and so how they may be aggregated over time.".to_owned(),
            "area_rule" => {
                "Say how areas combine: sum, weighted_mean, city_only or records. No rule is assumed.".to_owned()
            }
            _ => format!("Add {key}."),
        };
        self.at.error(self.problems, format!("{} has no {key}", self.what.borrow()), hint);
    }

    /// A text that may be absent.
    pub(crate) fn text_if(&self, key: &'static str) -> Option<Text<'s>> {
        let value = self.look(key)?;
        match value.get_ref().as_str() {
            Some(text) if !text.trim().is_empty() => Some(Text { value: text.to_owned(), at: self.at_value(value) }),
            Some(_) => {
                self.error(key, format!("{key} is empty"), format!("Write the {key}, or leave the key out."));
                None
            }
            None => {
                self.wrong_type(value, key, "a text");
                None
            }
        }
    }

    /// A required text.
    pub(crate) fn text(&self, key: &'static str) -> Option<Text<'s>> {
        if !self.table.contains_key(key) {
            self.known.borrow_mut().push(key);
            self.missing(key);
            return None;
        }
        self.text_if(key)
    }

    /// A required word of a fixed list: any type that serde reads from a string.
    pub(crate) fn word<T: DeserializeOwned>(&self, key: &'static str) -> Option<T> {
        let text = self.text(key)?;
        self.parse_word(key, &text)
    }

    /// A word that may be absent.
    pub(crate) fn word_if<T: DeserializeOwned>(&self, key: &'static str) -> Option<T> {
        let text = self.text_if(key)?;
        self.parse_word(key, &text)
    }

    /// A list of words; absent is empty.
    pub(crate) fn words<T: DeserializeOwned>(&self, key: &'static str) -> Vec<T> {
        self.texts(key).iter().filter_map(|text| self.parse_word(key, text)).collect()
    }

    fn parse_word<T: DeserializeOwned>(&self, key: &str, text: &Text<'s>) -> Option<T> {
        let deserializer: StrDeserializer<'_, WordError> = text.value.as_str().into_deserializer();
        T::deserialize(deserializer)
            .inspect_err(|error| {
                let message = format!("{}: unknown {key} \"{}\"", self.what.borrow(), text.value);
                let listed = error.to_string();
                let hint = match listed.split_once("expected ") {
                    Some((_, list)) => format!("Use {}.", list.replace('`', "")),
                    None => format!("{listed}."),
                };
                text.at.error(self.problems, message, hint);
            })
            .ok()
    }

    /// A list of texts; absent is empty.
    pub(crate) fn texts(&self, key: &'static str) -> Vec<Text<'s>> {
        let Some(value) = self.look(key) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(value, key, "a list of texts");
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in array.iter() {
            match item.get_ref().as_str() {
                Some(text) => texts.push(Text { value: text.to_owned(), at: self.at_value(item) }),
                None => self.wrong_type(item, key, "a list of texts"),
            }
        }
        texts
    }

    /// A required whole number within bounds.
    pub(crate) fn integer(&self, key: &'static str, bounds: std::ops::RangeInclusive<i64>) -> Option<i64> {
        if !self.table.contains_key(key) {
            self.missing(key);
        }
        self.integer_if(key, bounds)
    }

    /// A whole number within bounds that may be absent.
    pub(crate) fn integer_if(&self, key: &'static str, bounds: std::ops::RangeInclusive<i64>) -> Option<i64> {
        let value = self.look(key)?;
        let number = value.get_ref().as_integer().and_then(|i| i64::from_str_radix(i.as_str(), i.radix()).ok());
        match number {
            Some(number) if bounds.contains(&number) => Some(number),
            _ => {
                self.wrong_type(value, key, &format!("a whole number from {} to {}", bounds.start(), bounds.end()));
                None
            }
        }
    }

    /// A required number, whole or not.
    pub(crate) fn number(&self, key: &'static str) -> Option<Number> {
        let Some(value) = self.look(key) else {
            self.missing(key);
            return None;
        };
        let number = parse_number(value.get_ref());
        if number.is_none() {
            self.wrong_type(value, key, "a number");
        }
        number
    }

    /// A switch; absent is off.
    pub(crate) fn switch(&self, key: &'static str) -> bool {
        let Some(value) = self.look(key) else { return false };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.wrong_type(value, key, "true or false");
            false
        })
    }

    /// Numbers by name (`[indicator.example.inputs]`), in the order written, each with the place of its name.
    pub(crate) fn numbers(&self, key: &'static str) -> Vec<(Text<'s>, f64)> {
        let Some(value) = self.look(key) else {
            self.missing(key);
            return Vec::new();
        };
        let Some(table) = value.get_ref().as_table() else {
            self.wrong_type(value, key, "a table of numbers");
            return Vec::new();
        };
        let mut numbers = Vec::new();
        for (name, value) in table.iter() {
            let at = At { file: self.file, offset: name.span().start };
            match parse_number(value.get_ref()) {
                Some(number) => numbers.push((Text { value: name.get_ref().to_string(), at }, number.value)),
                None => self.wrong_type(value, name.get_ref(), "a number"),
            }
        }
        numbers.sort_by_key(|(name, _)| name.at.offset);
        numbers
    }

    /// The tables of an array (`[[indicator]]`), each given to `read`; absent is none.
    pub(crate) fn tables(&self, key: &'static str, kind: &str, mut read: impl FnMut(&Table<'s, 't>)) {
        let Some(value) = self.look(key) else { return };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(value, key, "a list of tables");
            return;
        };
        for item in array.iter() {
            match item.get_ref().as_table() {
                Some(table) => {
                    let at = At { file: self.file, offset: item.span().start };
                    let table = Table::new(self.file, self.problems, table, at, kind);
                    read(&table);
                    table.finish();
                }
                None => self.wrong_type(item, key, "a list of tables"),
            }
        }
    }

    /// A required sub-table, given to `read`.
    pub(crate) fn table<R>(&self, key: &'static str, read: impl FnOnce(&Table<'s, 't>) -> Option<R>) -> Option<R> {
        let Some(value) = self.look(key) else {
            self.missing(key);
            return None;
        };
        let Some(table) = value.get_ref().as_table() else {
            self.wrong_type(value, key, "a table");
            return None;
        };
        let what = format!("{} {key}", self.what.borrow());
        let table = Table::new(self.file, self.problems, table, self.at_value(value), &what);
        let found = read(&table);
        table.finish();
        found
    }

    /// Refuses the keys that nobody asked for.
    fn finish(&self) {
        let known = self.known.borrow();
        for (key, _) in self.table.iter().filter(|(key, _)| !known.contains(&&**key.get_ref())) {
            let hint = match nearest(key.get_ref(), known.iter().copied()) {
                Some(near) => format!("Did you mean {near}?"),
                None => format!("The keys are {}.", known.join(", ")),
            };
            let at = At { file: self.file, offset: key.span().start };
            at.error(self.problems, format!("{}: unknown key \"{}\"", self.what.borrow(), key.get_ref()), hint);
        }
    }
}

/// Reads an integer or float, with the decimals as written.
fn parse_number(value: &DeValue<'_>) -> Option<Number> {
    if let Some(integer) = value.as_integer() {
        let whole = i64::from_str_radix(integer.as_str(), integer.radix()).ok()?;
        return Some(Number { value: whole as f64, decimals: 0 });
    }
    let text = value.as_float()?.as_str();
    let decimals = text.split_once('.').map_or(0, |(_, after)| after.bytes().take_while(u8::is_ascii_digit).count());
    Some(Number { value: text.parse().ok().filter(|v: &f64| v.is_finite())?, decimals: decimals as u8 })
}

#[cfg(test)]
mod tests {
    use crate::catalog::fixture::{broken, sources};
    use crate::catalog::load_sources;

    fn said(file: &str, from: &str, to: &str) -> (String, String, String) {
        let mut seen = broken(file, from, to);
        let seen = seen.remove(0);
        (seen.at, seen.message, seen.hint)
    }

    #[test]
    fn unknown_keys_fail_with_the_nearest_name() {
        let (at, message, hint) =
            said("group_01.toml", "direction = \"neutral\"", "direction = \"neutral\"\ndirecton = 1");
        assert_eq!((at.as_str(), message.as_str()), ("directon = 1", "indicator \"0101\": unknown key \"directon\""));
        assert_eq!(hint, "Did you mean direction?");
    }

    #[test]
    fn words_and_types_are_checked_where_they_stand() {
        let (at, message, hint) = said("group_01.toml", "kind = \"flow\"", "kind = \"flux\"");
        assert_eq!((at.as_str(), message.as_str()), ("flux\"", "measure \"births\": unknown kind \"flux\""));
        assert!(hint.contains("flow") && hint.contains("record"), "{hint}");
        let (at, message, _) = said("group_01.toml", "decimals = 1", "decimals = \"1\"");
        assert_eq!(message, "indicator \"0101\": decimals is not a whole number from 0 to 6");
        assert_eq!(at, "1\"");
        let (_, message, _) = said("units.toml", "version = 1", "version = 2");
        assert_eq!(message, "version 2 of the file format is not known");
        let (_, message, _) = said("units.toml", "version = 1\n", "");
        assert_eq!(message, "the file has no version");
    }

    #[test]
    fn all_problems_of_all_files_are_listed_at_once() {
        let mut sources = sources();
        for (file, from, to) in [
            ("groups.toml", "name_en", "nam_en"),
            ("group_01.toml", "kind = \"flow\"", "kind = \"flux\""),
            ("group_01.toml", "decimals = 1", "decimals = 9"),
            ("areas.csv", "760,Quận 1,district", "760,Quận 1,distrikt"),
            ("org_units.toml", "2015-01-01", "2015-13-01"),
        ] {
            let text = sources.texts.get_mut(file).unwrap();
            *text = text.replacen(from, to, 1);
        }
        let report = load_sources(&sources).unwrap_err().to_string();
        for line in [
            "indicators/areas.csv:4:1: error: kind \"distrikt\" is not known",
            "indicators/group_01.toml:9:9: error: measure \"births\": unknown kind \"flux\"",
            "error: indicator \"0101\": decimals is not a whole number from 0 to 6",
            "indicators/groups.toml:2:45: error: group: unknown key \"nam_en\"",
            "indicators/org_units.toml:7:15: error: org unit \"cuc_thong_ke\": \"2015-13-01\" is not a day",
        ] {
            assert!(report.contains(line), "{line}\n-- in --\n{report}");
        }
    }

    #[test]
    fn a_file_that_is_not_toml_is_placed() {
        let (_, message, _) = said("units.toml", "version = 1", "version = = 1");
        assert!(!message.is_empty());
    }
}
