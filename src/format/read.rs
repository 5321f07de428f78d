//! Any statistical file: told by its content first, by its name only where the content leaves a choice.

use serde_json::Value;

use crate::domain::text::refuse_legacy;

use super::delimited::read_delimited;
use super::encoding::decode;
use super::json_text;
use super::pxweb;
use super::sdmx::{self, read_sdmx_csv, read_sdmx_ml};
use super::sheets::read_sheets;
use super::table::read_table;
use super::workbook::{is_workbook, read_workbook};
use super::{FormatError, Tidy, jsonstat, read_px};

/// Members of a dimension that are looked at for texts of before Unicode.
const LEGACY_MEMBERS: usize = 500;

/// What is told from the first bytes of files that are no statistics.
const FOREIGN: [(&[u8], &str, &str); 5] = [
    (b"%PDF", "a PDF document", "Ask the source for the tables as .xlsx, .px or CSV."),
    (b"\x1F\x8B", "a gzip archive", "Unpack the file first."),
    (b"7z\xBC\xAF", "a 7z archive", "Unpack the file first."),
    (b"Rar!", "a RAR archive", "Unpack the file first."),
    (b"PAR1", "a Parquet file", "Read it with SQL; this command reads the formats of statistical offices."),
];

/// Reads a file of any format that this module knows: PC-Axis, JSON-stat, SDMX-ML, SDMX-CSV, SDMX-JSON, PxWeb answers,
/// XLSX, XLS, delimited text.
///
/// # Errors
/// Not one of these, or damaged: with the place, the reason and what to do.
pub fn read_any(bytes: &[u8], file_name: &str) -> Result<Tidy, FormatError> {
    if bytes.iter().all(|b| b.is_ascii_whitespace() || *b == 0) {
        return Err(unknown("an empty file", "Check that the file was downloaded whole."));
    }
    if let Some((_, what, hint)) = FOREIGN.iter().find(|(magic, ..)| bytes.starts_with(magic)) {
        return Err(unknown(what, hint));
    }
    if is_workbook(bytes) {
        return read_sheets(&read_workbook(bytes)?).map(note_legacy);
    }
    let head = head(bytes);
    let extension = file_name.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase()).unwrap_or_default();
    match head.chars().next() {
        Some('{' | '[') => read_json(bytes),
        Some('<') => read_markup(bytes, &head),
        _ if extension == "px" || is_px(&head) => read_px(bytes),
        _ => read_text(bytes, &head, &extension),
    }
}

fn unknown(what: &str, hint: &str) -> FormatError {
    FormatError {
        format: "file",
        at: "the beginning".to_owned(),
        message: format!("{what}, not statistical data"),
        hint: hint.to_owned(),
    }
}

/// The beginning as text, without leading blanks.
fn head(bytes: &[u8]) -> String {
    let start = &bytes[..bytes.len().min(2048)];
    // A character cut in two at the end does not matter for looking at the beginning.
    let text = decode(start, None).map(|d| d.text).unwrap_or_else(|_| String::from_utf8_lossy(start).into_owned());
    text.trim_start_matches(|c: char| c.is_whitespace() || c == '\0').to_owned()
}

/// PC-Axis begins with a keyword, perhaps with language or keys, and an equals sign: `CHARSET="ANSI";`.
fn is_px(head: &str) -> bool {
    let end = head.find(|c: char| !c.is_ascii_uppercase() && c != '-').unwrap_or(head.len());
    let rest = head[end..].trim_start();
    let rest = rest.strip_prefix('[').and_then(|r| r.split_once(']')).map_or(rest, |(_, r)| r);
    let value = rest.trim_start().strip_prefix('=').map(str::trim_start);
    end >= 4 && value.is_some_and(|v| v.starts_with(|c: char| c == '"' || c.is_ascii_alphanumeric()))
}

fn read_json(bytes: &[u8]) -> Result<Tidy, FormatError> {
    let json = json_text::parse(bytes)?;
    if sdmx::is_sdmx_json(&json.value) {
        return sdmx::from_json(json);
    }
    if let Some(foreign) = foreign_json(&json.value) {
        return Err(foreign);
    }
    if pxweb::is_metadata_v1(&json.value) {
        return pxweb::read_metadata_v1(json);
    }
    if jsonstat::is_jsonstat(&json.value) {
        return jsonstat::from_json(json);
    }
    let what = if json.value.is_array() { "a JSON list of records" } else { "a JSON text" };
    let hint = "Known are JSON-stat, SDMX-JSON and PxWeb answers; other JSON is read by a feed's mapping.";
    Err(unknown(what, hint))
}

/// Contracts and schemas are about data, but have none.
fn foreign_json(value: &Value) -> Option<FormatError> {
    let hint = "Ask the service that it describes for data.";
    let has = |key: &str| value.get(key).is_some_and(Value::is_string);
    if has("swagger") || has("openapi") {
        Some(unknown("an OpenAPI description of a service", hint))
    } else if has("$schema") && value.get("definitions").or_else(|| value.get("properties")).is_some() {
        Some(unknown("a JSON schema", hint))
    } else {
        None
    }
}

fn read_markup(bytes: &[u8], head: &str) -> Result<Tidy, FormatError> {
    let lower = head.to_ascii_lowercase();
    if lower.starts_with("<!doctype html") || lower.starts_with("<html") {
        let hint = "Often this is a login or error page; open the address in a browser and save the data itself.";
        return Err(unknown("a web page", hint));
    }
    read_sdmx_ml(bytes)
}

fn read_text(bytes: &[u8], head: &str, extension: &str) -> Result<Tidy, FormatError> {
    let yaml =
        matches!(extension, "yml" | "yaml") || ["openapi:", "swagger:", "---"].iter().any(|k| head.starts_with(k));
    if yaml {
        let described = ["openapi:", "swagger:"].iter().any(|k| head.contains(k));
        let what = if described { "an OpenAPI description of a service" } else { "a YAML text" };
        return Err(unknown(what, "Ask the service for data in JSON-stat, PC-Axis, SDMX or CSV."));
    }
    let workbook = read_delimited(bytes)?;
    if workbook.grids.first().is_some_and(sdmx::is_sdmx_csv) {
        return read_sdmx_csv(bytes);
    }
    read_table(&workbook).map(note_legacy)
}

/// Tables that people type may hold texts for the fonts of before Unicode, which no catalogue name will ever match.
fn note_legacy(mut tidy: Tidy) -> Tidy {
    let members = tidy.dimensions.iter().flat_map(|d| d.members.keys().take(LEGACY_MEMBERS));
    if let Some(legacy) = members.filter_map(|text| refuse_legacy(text).err()).next() {
        tidy.notes.push(legacy.to_string());
    }
    tidy
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
