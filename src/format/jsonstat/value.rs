//! `value` (a list, or numbers by place) and `status` (one for all, a list, or by place) of a JSON-stat dataset.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::domain::ObsStatus;

use super::super::FormatError;
use super::super::axes::CubeCell;
use super::super::status::status_of;
use super::error;

/// Reads all cells in cube order; places without a value are missing.
pub(super) fn read_cells(
    dataset: &Map<String, Value>,
    count: usize,
    place: &dyn Fn(&str) -> String,
    notes: &mut Vec<String>,
) -> Result<Vec<CubeCell>, FormatError> {
    let value = dataset.get("value").unwrap_or(&Value::Null);
    let status = dataset.get("status").unwrap_or(&Value::Null);
    check_places("value", value, count, place)?;
    check_places("status", status, count, place)?;
    let mut unknown = BTreeSet::new();
    let mut cells = Vec::with_capacity(count);
    for at in 0..count {
        let name = place(&format!("value[{at}]"));
        let number = match item(value, at) {
            None | Some(Value::Null) => None,
            Some(Value::Number(number)) => number.as_f64().filter(|v| v.is_finite()),
            Some(Value::String(text)) => number_or_missing(text, &name)?,
            Some(other) => {
                let message = format!("{other} is not a number");
                return Err(error(&name, message, "A value is a number, or null for missing."));
            }
        };
        let flag = match item(status, at) {
            Some(Value::String(flag)) => flag.trim(),
            _ => "",
        };
        cells.push(CubeCell { value: number, status: cell_status(number, flag, &mut unknown), at: name });
    }
    if !unknown.is_empty() {
        let flags: Vec<String> = unknown.into_iter().map(|flag| format!("\"{flag}\"")).collect();
        notes.push(format!("status {} is read as normal", flags.join(", ")));
    }
    Ok(cells)
}

/// The status of a cell; notes flags that say nothing to this engine.
fn cell_status(value: Option<f64>, flag: &str, unknown: &mut BTreeSet<String>) -> ObsStatus {
    if value.is_none() {
        return ObsStatus::M;
    }
    status_of(flag).unwrap_or_else(|| {
        unknown.insert(flag.to_owned());
        ObsStatus::A
    })
}

/// Texts in the place of numbers are signs for missing, or numbers that a source has quoted.
fn number_or_missing(text: &str, name: &str) -> Result<Option<f64>, FormatError> {
    let text = text.trim();
    if text.is_empty() || text == ":" || text.bytes().all(|b| b == b'.') {
        return Ok(None);
    }
    let number = text.parse::<f64>().ok().filter(|v| v.is_finite());
    let not_a_number =
        || error(name, format!("\"{text}\" is not a number"), "A value is a number, or null for missing.");
    number.map(Some).ok_or_else(not_a_number)
}

/// What stands at a place; a single text counts for all places.
fn item(values: &Value, at: usize) -> Option<&Value> {
    match values {
        Value::Array(list) => list.get(at),
        Value::Object(sparse) => sparse.get(&at.to_string()),
        Value::String(_) => Some(values),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

fn check_places(field: &str, values: &Value, count: usize, place: &dyn Fn(&str) -> String) -> Result<(), FormatError> {
    let hint = "The table is cut off, or its sizes are wrong; ask the source for it again.";
    match values {
        // A status list that is too short leaves the rest without status; only values must be complete.
        Value::Array(list) if list.len() == count || (field == "status" && list.len() < count) => Ok(()),
        Value::Array(list) => {
            let message = format!("has {} entries, but the sizes multiply to {count}", list.len());
            Err(error(&place(field), message, hint))
        }
        Value::Object(sparse) => {
            let inside = |key: &str| key.parse::<usize>().is_ok_and(|at| at < count && at.to_string() == key);
            let outside = sparse.keys().find(|key| !inside(key));
            outside.map_or(Ok(()), |key| {
                let message = format!("the sizes multiply to {count} cells");
                Err(error(&place(&format!("{field}[\"{key}\"]")), message, hint))
            })
        }
        Value::Null => Ok(()),
        Value::String(_) if field == "status" => Ok(()),
        _ => Err(error(&place(field), "neither a list nor an object", hint)),
    }
}
