//! SDMX-JSON data messages 1.0 (`dataSets`, `structure`) and 2.0 (`data.dataSets`, `data.structures`): keys such as
//! `"0:3:1"` point into the lists of values of the dimensions.

use serde_json::{Map, Value};

use super::super::json_text::{self, Json};
use super::super::{FormatError, Tidy};
use super::records::{OBS_STATUS, Observation, Pairs, Records, TIME_PERIOD, read_value};

type Object = Map<String, Value>;

/// Reads an SDMX-JSON text.
///
/// # Errors
/// Not JSON, no data message, or keys that point nowhere.
pub fn read_sdmx_json(bytes: &[u8]) -> Result<Tidy, FormatError> {
    from_json(json_text::parse(bytes)?)
}

/// Whether a JSON text is an SDMX data message.
pub(in super::super) fn is_sdmx_json(value: &Value) -> bool {
    data_sets(value).is_some()
}

/// Data sets of version 2 stand under `data`, of version 1 at the top.
fn data_sets(value: &Value) -> Option<&Vec<Value>> {
    value.get("data").and_then(|d| d.get("dataSets")).or_else(|| value.get("dataSets"))?.as_array()
}

/// Reads a parsed text.
///
/// # Errors
/// As [`read_sdmx_json`].
pub(in super::super) fn from_json(json: Json) -> Result<Tidy, FormatError> {
    let root = &json.value;
    let Some(data_sets) = data_sets(root) else {
        return Err(error("dataSets", "not there".to_owned(), "Give an SDMX-JSON data message."));
    };
    let mut tidy = Tidy { notes: json.notes.clone(), ..Tidy::default() };
    let prepared = ["meta", "header"].iter().find_map(|k| root.get(k)?.get("prepared")?.as_str());
    tidy.updated = prepared.map(str::to_owned);
    let mut records = Records::default();
    for (number, data_set) in data_sets.iter().enumerate() {
        let at = format!("dataSets[{number}]");
        let structure = structure_of(root, data_set).ok_or_else(|| {
            error(&at, "its structure is not in the message".to_owned(), "Ask the service for data with structure.")
        })?;
        if tidy.title.is_none() {
            tidy.title = name_of(structure);
        }
        let action = data_set.get("action").and_then(Value::as_str).unwrap_or_default();
        if action.eq_ignore_ascii_case("delete") {
            tidy.notes.push(format!("{at} withdraws figures (action Delete) and is left out"));
            continue;
        }
        Layout::new(structure, &at)?.read(data_set, &at, &mut records)?;
    }
    records.finish("SDMX-JSON", tidy)
}

fn error(at: &str, message: String, hint: &str) -> FormatError {
    FormatError { format: "SDMX-JSON", at: at.to_owned(), message, hint: hint.to_owned() }
}

fn structure_of<'a>(root: &'a Value, data_set: &Value) -> Option<&'a Value> {
    let data = root.get("data").unwrap_or(root);
    let number = data_set.get("structure").and_then(Value::as_u64).unwrap_or(0);
    let listed = || data.get("structures").or_else(|| root.get("structures"))?.get(usize::try_from(number).ok()?);
    listed().or_else(|| data.get("structure")).or_else(|| root.get("structure"))
}

/// A name is a text, or in version 1 also a text per language.
fn name_of(value: &Value) -> Option<String> {
    let name = value.get("name")?;
    let text = name.as_str().or_else(|| name.as_object()?.values().find_map(Value::as_str))?;
    (!text.trim().is_empty()).then(|| text.trim().to_owned())
}

/// One dimension or attribute: its concept and what its positions stand for.
struct Component {
    concept: String,
    label: Option<String>,
    values: Vec<(String, Option<String>)>,
}

impl Component {
    fn list(parent: Option<&Value>, level: &str, at: &str) -> Result<Vec<Component>, FormatError> {
        let list = parent.and_then(|p| p.get(level)).and_then(Value::as_array);
        list.into_iter().flatten().map(|value| Component::read(value, level, at)).collect()
    }

    fn read(value: &Value, level: &str, at: &str) -> Result<Self, FormatError> {
        let concept = value.get("id").and_then(Value::as_str).ok_or_else(|| {
            error(at, format!("a component of {level} has no id"), "Each dimension and attribute needs its id.")
        })?;
        let values = value.get("values").and_then(Value::as_array);
        let code = |v: &Value| {
            let id = ["id", "value", "name"].iter().find_map(|key| match v.get(key) {
                Some(Value::String(text)) => Some(text.clone()),
                Some(Value::Number(number)) => Some(number.to_string()),
                _ => None,
            });
            (id.unwrap_or_default(), name_of(v))
        };
        let values = values.into_iter().flatten().map(code).collect();
        Ok(Self { concept: concept.to_owned(), label: name_of(value), values })
    }

    fn introduce(&self, records: &mut Records) {
        if let Some(label) = &self.label {
            records.name_dimension(&self.concept, label);
        }
        for (code, label) in &self.values {
            records.name_member(&self.concept, code, label.as_deref().unwrap_or(code));
        }
    }
}

/// The dimensions and attributes of one structure.
struct Layout {
    data_set: Vec<Component>,
    series: Vec<Component>,
    observation: Vec<Component>,
    series_attributes: Vec<Component>,
    observation_attributes: Vec<Component>,
}

impl Layout {
    fn new(structure: &Value, at: &str) -> Result<Self, FormatError> {
        let (dimensions, attributes) = (structure.get("dimensions"), structure.get("attributes"));
        Ok(Self {
            data_set: Component::list(dimensions, "dataSet", at)?,
            series: Component::list(dimensions, "series", at)?,
            observation: Component::list(dimensions, "observation", at)?,
            series_attributes: Component::list(attributes, "series", at)?,
            observation_attributes: Component::list(attributes, "observation", at)?,
        })
    }

    fn read(&self, data_set: &Value, at: &str, records: &mut Records) -> Result<(), FormatError> {
        let all = self.data_set.iter().chain(&self.series).chain(&self.observation);
        for component in all.filter(|c| c.concept != TIME_PERIOD) {
            component.introduce(records);
        }
        // A dimension of the data set has one value for all of it.
        let shared: Pairs = self
            .data_set
            .iter()
            .filter_map(|c| c.values.first().map(|(code, _)| (c.concept.clone(), code.clone())))
            .collect();
        if let Some(series) = data_set.get("series").and_then(Value::as_object) {
            for (key, body) in series {
                let place = format!("{at}.series[\"{key}\"]");
                let mut pairs = shared.clone();
                pairs.extend(pairs_of(key, &self.series, &place)?);
                pairs.extend(attribute_pairs(body.get("attributes"), &self.series_attributes));
                let number = records.add_series(pairs);
                if let Some(observations) = body.get("observations").and_then(Value::as_object) {
                    self.observe(observations, number, &place, records)?;
                }
            }
        }
        if let Some(observations) = data_set.get("observations").and_then(Value::as_object) {
            let number = records.add_series(shared);
            self.observe(observations, number, at, records)?;
        }
        Ok(())
    }

    fn observe(
        &self,
        observations: &Object,
        series: usize,
        at: &str,
        records: &mut Records,
    ) -> Result<(), FormatError> {
        for (key, cells) in observations {
            let place = format!("{at}.observations[\"{key}\"]");
            let mut own = pairs_of(key, &self.observation, &place)?;
            let time = own.iter().position(|(concept, _)| concept == TIME_PERIOD).map(|at| own.remove(at).1);
            let cells = cells.as_array().map(Vec::as_slice).unwrap_or_default();
            let value = match cells.first() {
                None | Some(Value::Null) => None,
                Some(Value::Number(number)) => number.as_f64().filter(|v| v.is_finite()),
                Some(Value::String(text)) => read_value(text).ok_or_else(|| no_number(&place, text))?,
                Some(other) => return Err(no_number(&place, &other.to_string())),
            };
            let flags = cells.get(1..).unwrap_or_default();
            let mut status = String::new();
            for (component, flag) in self.observation_attributes.iter().zip(flags) {
                let code = flag.as_u64().and_then(|n| component.values.get(usize::try_from(n).ok()?));
                match code {
                    Some((code, _)) if component.concept == OBS_STATUS => status.clone_from(code),
                    Some(_) => records.drop_attribute(&component.concept),
                    None => {}
                }
            }
            records.add(Observation { series, own, time, value, status, at: place });
        }
        Ok(())
    }
}

fn no_number(at: &str, text: &str) -> FormatError {
    error(at, format!("\"{text}\" is not a number"), "The first entry of an observation is its value, or null.")
}

/// The values that a key such as `"0:3"` points to.
fn pairs_of(key: &str, components: &[Component], at: &str) -> Result<Pairs, FormatError> {
    let positions: Vec<&str> = if key.is_empty() { Vec::new() } else { key.split(':').collect() };
    if positions.len() != components.len() {
        let message = format!("the key has {} parts for {} dimensions", positions.len(), components.len());
        return Err(error(at, message, "The message contradicts its structure; ask the service for it again."));
    }
    let pair = |(position, component): (&&str, &Component)| {
        let value = position.parse::<usize>().ok().and_then(|at| component.values.get(at));
        value.map(|(code, _)| (component.concept.clone(), code.clone())).ok_or_else(|| {
            let message = format!("\"{}\" has no value number {position}", component.concept);
            error(at, message, "The message contradicts its structure; ask the service for it again.")
        })
    };
    positions.iter().zip(components).map(pair).collect()
}

fn attribute_pairs(positions: Option<&Value>, components: &[Component]) -> Pairs {
    let positions = positions.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let pair = |(component, position): (&Component, &Value)| {
        let (code, _) = component.values.get(usize::try_from(position.as_u64()?).ok()?)?;
        Some((component.concept.clone(), code.clone()))
    };
    components.iter().zip(positions).filter_map(pair).collect()
}

#[cfg(test)]
#[path = "json_tests.rs"]
mod tests;
