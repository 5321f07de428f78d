//! JSON records as a grid: one column per key, a key of an object inside as `outer.inner`. The first row holds the keys.

use indexmap::IndexMap;
use serde_json::Value;

use crate::format::FormatError;
use crate::format::grid::{CellValue, Grid};

/// Reads an array of objects, found below `path`.
///
/// # Errors
/// Text that is not JSON, a path that leads nowhere, records that are not objects.
pub(super) fn read_records(bytes: &[u8], path: &[String]) -> Result<Grid, FormatError> {
    let root: Value = serde_json::from_slice(bytes).map_err(|e| FormatError {
        format: "JSON",
        at: format!("line {} column {}", e.line(), e.column()),
        message: e.to_string(),
        hint: "The answer is damaged or cut off; ask for it again.".to_owned(),
    })?;
    let mut found = &root;
    for key in path {
        found = found.get(key).ok_or_else(|| shape(&path.join("."), format!("there is no key \"{key}\"")))?;
    }
    let Value::Array(records) = found else {
        return Err(shape(&path.join("."), "there is no array of records".to_owned()));
    };
    let mut columns: IndexMap<String, u32> = IndexMap::new();
    let mut cells = Vec::new();
    for (i, record) in records.iter().enumerate() {
        let Value::Object(_) = record else {
            return Err(shape(&format!("record {}", i + 1), format!("{record} is not an object")));
        };
        let mut flat = Vec::new();
        flatten("", record, &mut flat);
        for (key, value) in flat {
            let next = columns.len() as u32;
            let column = *columns.entry(key).or_insert(next);
            cells.push((i as u32 + 1, column, value));
        }
    }
    cells.extend(columns.into_iter().map(|(key, column)| (0, column, CellValue::Text(key))));
    Grid::from_cells("", cells)
}

fn shape(at: &str, message: String) -> FormatError {
    let hint = "Say where the records stand by rows = \"..\" in [table].".to_owned();
    FormatError { format: "JSON", at: if at.is_empty() { "the top".to_owned() } else { at.to_owned() }, message, hint }
}

fn flatten(prefix: &str, value: &Value, out: &mut Vec<(String, CellValue)>) {
    let cell = match value {
        Value::Object(fields) => {
            for (key, inner) in fields {
                let name = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
                flatten(&name, inner, out);
            }
            return;
        }
        Value::Null => CellValue::Blank,
        Value::Bool(b) => CellValue::Bool(*b),
        Value::Number(n) => n.as_f64().map_or_else(|| CellValue::Text(n.to_string()), CellValue::Number),
        Value::String(s) => CellValue::Text(s.clone()),
        Value::Array(_) => CellValue::Text(value.to_string()),
    };
    out.push((prefix.to_owned(), cell));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_become_rows() {
        let text = r#"{"data": {"items": [
            {"ky": "2022-05", "so": {"nguoi": 5.5}}, {"ky": "2022-06", "so": {"nguoi": null}, "tt": "P"}
        ]}}"#;
        let path = ["data".to_owned(), "items".to_owned()];
        let grid = read_records(text.as_bytes(), &path).unwrap();
        let row = |r| (0..3).map(|c| grid.value(r, c).to_string()).collect::<Vec<_>>().join("|");
        assert_eq!([row(0), row(1), row(2)], ["ky|so.nguoi|tt", "2022-05|5.5|", "2022-06||P"]);
    }

    #[test]
    fn what_is_not_records_is_refused() {
        let problem = |text: &str, path: &[&str]| {
            let path: Vec<String> = path.iter().map(|p| (*p).to_owned()).collect();
            read_records(text.as_bytes(), &path).unwrap_err().to_string()
        };
        assert!(problem("[{\"a\": 1}", &[]).starts_with("JSON: line 1 column 9: "));
        assert_eq!(problem("{\"a\": 1}", &["b"]), "JSON: b: there is no key \"b\"");
        assert_eq!(problem("{\"a\": 1}", &[]), "JSON: the top: there is no array of records");
        assert_eq!(problem("[1]", &[]), "JSON: record 1: 1 is not an object");
    }
}
