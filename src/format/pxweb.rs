//! What PxWeb servers say about a table and how they are asked for figures, versions 1 and 2 of the API. Pure: the
//! connector sends what is built here and reads the answers with [`super::read_jsonstat`].
//!
//! ```
//! use toancanh::format::pxweb::{Selection, TableMetadata};
//! let answer = r#"{"title": "T", "variables": [{"code": "Y", "text": "year", "values": ["2021", "2022"], "time": true}]}"#;
//! let table = TableMetadata::parse_v1(answer.as_bytes()).unwrap();
//! let query = Selection::all(&table);
//! assert_eq!(query.cells(), 2);
//! assert_eq!(query.split(1).len(), 2);
//! ```

use serde_json::{Value, json};

use super::axes::{Axis, Member};
use super::json_text::{self, Json};
use super::jsonstat;
use super::structure::structure_rows;
use super::{FormatError, Tidy};

/// A variable of a table with all values that can be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Code ("Region"), as queries use it.
    pub code: String,
    /// Name for readers.
    pub label: String,
    /// Value codes with their labels, in the server's order.
    pub values: Vec<(String, String)>,
    /// Whether a query may leave it out.
    pub can_be_left_out: bool,
    /// Whether the server says that it is time.
    pub is_time: bool,
}

/// What a server says about one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableMetadata {
    /// Title of the table.
    pub title: String,
    /// The variables in the server's order.
    pub variables: Vec<Variable>,
    /// When the table was last changed, as written; only version 2 says it.
    pub updated: Option<String>,
}

fn error(at: &str, message: impl Into<String>, hint: &str) -> FormatError {
    FormatError { format: "PxWeb metadata", at: at.to_owned(), message: message.into(), hint: hint.to_owned() }
}

/// Whether a JSON text is the metadata of PxWebApi 1.
pub(super) fn is_metadata_v1(value: &Value) -> bool {
    let variables = value.get("variables").and_then(Value::as_array);
    variables.is_some_and(|list| list.iter().all(|v| v.get("code").is_some() && v.get("values").is_some()))
}

impl TableMetadata {
    /// Reads the answer to `GET …/table` of PxWebApi 1.
    ///
    /// # Errors
    /// Not JSON, no variables, or a variable whose texts do not fit its values.
    pub fn parse_v1(bytes: &[u8]) -> Result<Self, FormatError> {
        Self::from_v1(&json_text::parse(bytes)?.value)
    }

    fn from_v1(root: &Value) -> Result<Self, FormatError> {
        let list = root.get("variables").and_then(Value::as_array).filter(|v| !v.is_empty());
        let list = list.ok_or_else(|| {
            error("variables", "not there", "PxWebApi 1 answers GET on a table with its title and variables.")
        })?;
        let mut variables = Vec::new();
        for (number, variable) in list.iter().enumerate() {
            variables.push(read_v1_variable(variable, &format!("variables[{number}]"))?);
        }
        let title = root.get("title").and_then(Value::as_str).unwrap_or_default().to_owned();
        Ok(Self { title, variables, updated: None })
    }

    /// Reads the answer to `GET …/tables/{id}/metadata` of PxWebApi 2 (JSON-stat without values).
    ///
    /// # Errors
    /// Not JSON-stat, or dimensions that contradict their sizes.
    pub fn parse_v2(bytes: &[u8]) -> Result<Self, FormatError> {
        let Json { mut value, .. } = json_text::parse(bytes)?;
        let elimination: Vec<(String, bool)> = value
            .get("dimension")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(code, d)| {
                let may = d.get("extension").and_then(|e| e.get("elimination")).and_then(Value::as_bool);
                (code.clone(), may.unwrap_or(false))
            })
            .collect();
        let root = value
            .as_object_mut()
            .ok_or_else(|| error("the text", "not an object", "PxWebApi 2 answers metadata as a JSON-stat object."))?;
        root.shift_remove("value");
        let (tidy, axes) = jsonstat::structure(root)?;
        let may = |code: &str| elimination.iter().any(|(c, may)| c == code && *may);
        let variables = axes.into_iter().map(|axis| Variable {
            can_be_left_out: may(&axis.code),
            is_time: axis.time.is_some(),
            values: axis.members.into_iter().map(|m| (m.code, m.label)).collect(),
            label: axis.label,
            code: axis.code,
        });
        Ok(Self { variables: variables.collect(), title: tidy.title.unwrap_or_default(), updated: tidy.updated })
    }

    /// The variable with this code.
    pub fn variable(&self, code: &str) -> Option<&Variable> {
        self.variables.iter().find(|v| v.code == code)
    }

    /// The structure as rows, for an analyst who looks into such an answer.
    pub(super) fn to_tidy(&self) -> Tidy {
        let axis = |v: &Variable| {
            let members = v.values.iter().map(|(code, label)| Member { code: code.clone(), label: label.clone() });
            let mut axis =
                Axis { code: v.code.clone(), label: v.label.clone(), members: members.collect(), time: None };
            if v.is_time {
                axis.set_time();
            }
            axis
        };
        let axes: Vec<Axis> = self.variables.iter().map(axis).collect();
        let mut tidy = Tidy { title: Some(self.title.clone()), updated: self.updated.clone(), ..Tidy::default() };
        structure_rows(&mut tidy, &axes);
        tidy
    }
}

/// Reads PxWebApi 1 metadata as rows of structure.
pub(super) fn read_metadata_v1(json: Json) -> Result<Tidy, FormatError> {
    let mut tidy = TableMetadata::from_v1(&json.value)?.to_tidy();
    tidy.notes.splice(0..0, json.notes);
    Ok(tidy)
}

fn read_v1_variable(variable: &Value, at: &str) -> Result<Variable, FormatError> {
    let hint = "Each variable has code, text, values and valueTexts of the same length.";
    let text = |key: &str| variable.get(key).and_then(Value::as_str);
    let list = |key: &str| -> Option<Vec<String>> {
        variable.get(key)?.as_array()?.iter().map(|v| v.as_str().map(str::to_owned)).collect()
    };
    let code = text("code").ok_or_else(|| error(at, "no code", hint))?;
    let values = list("values").ok_or_else(|| error(at, "values are not a list of texts", hint))?;
    let labels = list("valueTexts").unwrap_or_else(|| values.clone());
    if labels.len() != values.len() {
        let message = format!("{} valueTexts for {} values", labels.len(), values.len());
        return Err(error(at, message, hint));
    }
    let flag = |key: &str| variable.get(key).and_then(Value::as_bool).unwrap_or(false);
    Ok(Variable {
        code: code.to_owned(),
        label: text("text").unwrap_or(code).to_owned(),
        values: values.into_iter().zip(labels).collect(),
        can_be_left_out: flag("elimination"),
        is_time: flag("time"),
    })
}

/// Which values of a variable are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// All.
    All,
    /// These codes.
    Values(Vec<String>),
    /// The last ones in the server's order (the latest, for time).
    Last(usize),
}

/// A query: for each variable the codes asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    variables: Vec<(String, Vec<String>)>,
}

impl Selection {
    /// Everything a table has.
    pub fn all(table: &TableMetadata) -> Self {
        let codes = |v: &Variable| v.values.iter().map(|(code, _)| code.clone()).collect();
        Self { variables: table.variables.iter().map(|v| (v.code.clone(), codes(v))).collect() }
    }

    /// The wanted values of the named variables, everything of the others.
    ///
    /// # Errors
    /// A variable or value that the table does not have.
    pub fn of(table: &TableMetadata, wanted: &[(String, Wanted)]) -> Result<Self, FormatError> {
        let mut selection = Self::all(table);
        for (code, wish) in wanted {
            let known: Vec<&str> = table.variables.iter().map(|v| v.code.as_str()).collect();
            let Some((_, codes)) = selection.variables.iter_mut().find(|(c, _)| c == code) else {
                let hint = format!("The table has {}.", known.join(", "));
                return Err(error("the query", format!("the table has no variable \"{code}\""), &hint));
            };
            match wish {
                Wanted::All => {}
                Wanted::Last(count) => {
                    codes.drain(..codes.len().saturating_sub(*count));
                }
                Wanted::Values(values) => {
                    if let Some(unknown) = values.iter().find(|v| !codes.contains(v)) {
                        let message = format!("\"{code}\" has no value \"{unknown}\"");
                        let hint = "Look into the table's metadata for the codes it has now.";
                        return Err(error("the query", message, hint));
                    }
                    codes.clone_from(values);
                }
            }
        }
        Ok(selection)
    }

    /// Codes asked for, by variable.
    pub fn variables(&self) -> &[(String, Vec<String>)] {
        &self.variables
    }

    /// Number of cells of the answer; stops counting at the largest number there is.
    pub fn cells(&self) -> usize {
        self.variables.iter().fold(1, |product, (_, codes)| product.saturating_mul(codes.len()))
    }

    /// Cuts the query into queries of at most `limit` cells (at least one), which together ask for the same.
    pub fn split(&self, limit: usize) -> Vec<Selection> {
        let limit = limit.max(1);
        let cells = self.cells();
        if cells <= limit {
            return vec![self.clone()];
        }
        // Cutting the longest variable leaves the fewest queries; of equally long ones the first.
        let mut longest = 0;
        for (at, (_, codes)) in self.variables.iter().enumerate() {
            if codes.len() > self.variables[longest].1.len() {
                longest = at;
            }
        }
        let codes = &self.variables[longest].1;
        let parts = cells.div_ceil(limit).min(codes.len());
        let mut queries = Vec::new();
        for chunk in codes.chunks(codes.len().div_ceil(parts)) {
            let mut part = self.clone();
            part.variables[longest].1 = chunk.to_vec();
            queries.extend(part.split(limit));
        }
        queries
    }

    /// The body of `POST …/table` of PxWebApi 1, asking for a format such as `json-stat2` or `px`.
    pub fn v1_body(&self, format: &str) -> Value {
        let query: Vec<Value> = self
            .variables
            .iter()
            .map(|(code, values)| json!({"code": code, "selection": {"filter": "item", "values": values}}))
            .collect();
        json!({"query": query, "response": {"format": format}})
    }

    /// The body of `POST …/tables/{id}/data` of PxWebApi 2.
    pub fn v2_body(&self) -> Value {
        let selection: Vec<Value> =
            self.variables.iter().map(|(code, values)| json!({"variableCode": code, "valueCodes": values})).collect();
        json!({"selection": selection})
    }

    /// The query parameters of `GET …/tables/{id}/data` of PxWebApi 2, not yet percent-encoded.
    pub fn v2_parameters(&self, format: &str) -> Vec<(String, String)> {
        let codes = self.variables.iter().map(|(code, values)| (format!("valueCodes[{code}]"), values.join(",")));
        codes.chain([("outputFormat".to_owned(), format.to_owned())]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const V1: &str = r#"{"title": "CPI", "variables": [
        {"code": "Nhóm", "text": "Nhóm hàng", "values": ["1", "2", "3"], "valueTexts": ["Chung", "Gạo", "Thịt"], "elimination": true},
        {"code": "Tid", "text": "tháng", "values": ["2022M04", "2022M05"], "valueTexts": ["4/2022", "5/2022"], "time": true}]}"#;

    const V2: &str = r#"{"version": "2.0", "class": "dataset", "label": "T", "updated": "2022-02-07T14:32:00Z",
        "id": ["Region", "Tid"], "size": [2, 1], "role": {"time": ["Tid"]}, "value": null,
        "dimension": {
          "Region": {"label": "region", "extension": {"elimination": true},
                     "category": {"index": {"00": 0, "01": 1}, "label": {"00": "Riket", "01": "Stockholm"}}},
          "Tid": {"label": "år", "category": {"index": {"2021": 0}, "label": {"2021": "2021"}}}}}"#;

    #[test]
    fn reads_both_versions() {
        let table = TableMetadata::parse_v1(V1.as_bytes()).unwrap();
        assert_eq!((table.title.as_str(), table.variables.len()), ("CPI", 2));
        let group = table.variable("Nhóm").unwrap();
        assert_eq!(group.values[1], ("2".to_owned(), "Gạo".to_owned()));
        assert!(group.can_be_left_out && !group.is_time && table.variables[1].is_time);
        let table = TableMetadata::parse_v2(V2.as_bytes()).unwrap();
        assert_eq!(table.updated.as_deref(), Some("2022-02-07T14:32:00Z"));
        assert_eq!(table.variables[0].values[1], ("01".to_owned(), "Stockholm".to_owned()));
        assert!(table.variables[0].can_be_left_out && table.variables[1].is_time);
    }

    #[test]
    fn builds_queries() {
        let table = TableMetadata::parse_v1(V1.as_bytes()).unwrap();
        let wanted = [("Nhóm".to_owned(), Wanted::Values(vec!["2".to_owned()])), ("Tid".to_owned(), Wanted::Last(1))];
        let query = Selection::of(&table, &wanted).unwrap();
        assert_eq!(
            query.v1_body("json-stat2"),
            json!({"query": [
                {"code": "Nhóm", "selection": {"filter": "item", "values": ["2"]}},
                {"code": "Tid", "selection": {"filter": "item", "values": ["2022M05"]}}
            ], "response": {"format": "json-stat2"}})
        );
        assert_eq!(
            query.v2_body(),
            json!({"selection": [
                {"variableCode": "Nhóm", "valueCodes": ["2"]}, {"variableCode": "Tid", "valueCodes": ["2022M05"]}
            ]})
        );
        let parameters = query.v2_parameters("json-stat2");
        assert_eq!(parameters[0], ("valueCodes[Nhóm]".to_owned(), "2".to_owned()));
        assert_eq!(parameters[2], ("outputFormat".to_owned(), "json-stat2".to_owned()));
        let unknown = [("Nhóm".to_owned(), Wanted::Values(vec!["9".to_owned()]))];
        let error = Selection::of(&table, &unknown).unwrap_err();
        assert_eq!(error.to_string(), "PxWeb metadata: the query: \"Nhóm\" has no value \"9\"");
    }

    proptest! {
        #[test]
        fn parts_ask_for_the_same_within_the_limit(sizes in proptest::collection::vec(1usize..9, 1..4), limit in 1usize..50) {
            let variables = sizes.iter().enumerate().map(|(v, n)| {
                (format!("v{v}"), (0..*n).map(|c| c.to_string()).collect())
            });
            let query = Selection { variables: variables.collect() };
            let cells = |q: &Selection| {
                let mut cells = vec![String::new()];
                for (_, codes) in q.variables() {
                    cells = cells.iter().flat_map(|c| codes.iter().map(move |code| format!("{c},{code}"))).collect();
                }
                cells
            };
            let parts = query.split(limit);
            prop_assert!(parts.iter().all(|p| p.cells() <= limit));
            let mut asked: Vec<String> = parts.iter().flat_map(&cells).collect();
            asked.sort();
            let mut expected = cells(&query);
            expected.sort();
            prop_assert_eq!(asked, expected);
        }
    }
}
