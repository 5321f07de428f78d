//! JSON-stat 1.x (`dataset`, bundles) and 2.0 (`class: dataset`), PxWebApi 2 answers among them. A collection only links
//! to tables and is refused with its links; metadata without values gives the table's structure as rows.

mod category;
mod value;

use serde_json::{Map, Value};

use super::axes::{Axis, cell_count, fill, find_time};
use super::json_text::{self, Json};
use super::structure::structure_rows;
use super::{FormatError, Tidy, TidyDimension};
use category::read_axis;
use value::read_cells;

type Object = Map<String, Value>;

/// Reads a JSON-stat text.
///
/// # Errors
/// Not JSON, not JSON-stat, or sizes, categories and values that do not fit each other.
pub fn read_jsonstat(bytes: &[u8]) -> Result<Tidy, FormatError> {
    from_json(json_text::parse(bytes)?)
}

/// Whether a JSON text is JSON-stat of some version.
pub(super) fn is_jsonstat(value: &Value) -> bool {
    let Some(object) = value.as_object() else { return false };
    let class = object.get("class").and_then(Value::as_str);
    matches!(class, Some("dataset" | "collection" | "dimension"))
        || object.contains_key("dimension")
        || (!object.is_empty() && object.values().all(|v| v.get("dimension").is_some_and(Value::is_object)))
}

/// Reads a parsed text.
///
/// # Errors
/// As [`read_jsonstat`].
pub(super) fn from_json(json: Json) -> Result<Tidy, FormatError> {
    let Value::Object(root) = &json.value else {
        return Err(error("the text", "not an object", "JSON-stat is an object with dimension and value."));
    };
    match root.get("class").and_then(Value::as_str) {
        Some("collection") => return Err(collection(root)),
        Some("dimension") => {
            let hint = "Ask for the dataset that this dimension belongs to.";
            return Err(error("class", "a single dimension, which has no values", hint));
        }
        _ => {}
    }
    let mut tidy = if root.contains_key("dimension") { read_dataset(root, "")? } else { read_bundle(root)? };
    tidy.notes.splice(0..0, json.notes);
    Ok(tidy)
}

fn error(at: &str, message: impl Into<String>, hint: &str) -> FormatError {
    FormatError { format: "JSON-stat", at: at.to_owned(), message: message.into(), hint: hint.to_owned() }
}

fn collection(root: &Object) -> FormatError {
    let items = root.get("link").and_then(|l| l.get("item")).and_then(Value::as_array);
    let links: Vec<&str> =
        items.into_iter().flatten().filter_map(|i| i.get("href").and_then(Value::as_str)).take(3).collect();
    let message = format!("a collection of {} links, which has no values", items.map_or(0, Vec::len));
    let hint = match links.as_slice() {
        [] => "Read the tables that it lists one by one.".to_owned(),
        links => format!("Read the tables that it links to, such as {}.", links.join(", ")),
    };
    error("class", message, &hint)
}

/// One dataset is read as it is; of several, each row says in a dimension "dataset" which one it is from.
fn read_bundle(root: &Object) -> Result<Tidy, FormatError> {
    let mut tables = Vec::new();
    for (name, dataset) in root {
        match dataset.as_object().filter(|d| d.contains_key("dimension")) {
            Some(dataset) => tables.push((name, read_dataset(dataset, name)?)),
            None => {
                let hint = "JSON-stat 1 is an object of datasets, each with dimension and value.";
                return Err(error(name, "not a dataset", hint));
            }
        }
    }
    match tables.len() {
        0 => Err(error("the text", "no dataset", "JSON-stat 1 is an object of datasets.")),
        1 => Ok(tables.remove(0).1),
        _ => Ok(stack(tables)),
    }
}

/// Puts tables below each other; a dimension that a table does not have is `_Z` there, SDMX's "not applicable".
fn stack(tables: Vec<(&String, Tidy)>) -> Tidy {
    let mut all = Tidy::default();
    let mut bundle = TidyDimension { code: "dataset".to_owned(), label: "dataset".to_owned(), ..Default::default() };
    for (name, table) in &tables {
        bundle.members.insert((*name).clone(), table.title.clone().unwrap_or_else(|| (*name).clone()));
    }
    all.dimensions.push(bundle);
    for dimension in tables.iter().flat_map(|(_, t)| &t.dimensions) {
        match all.dimensions.iter_mut().find(|d| d.code == dimension.code) {
            Some(known) => known.members.extend(dimension.members.clone()),
            None => all.dimensions.push(dimension.clone()),
        }
    }
    for (name, table) in tables {
        let places: Vec<Option<usize>> =
            all.dimensions[1..].iter().map(|d| table.dimensions.iter().position(|own| own.code == d.code)).collect();
        for (dimension, _) in all.dimensions[1..].iter_mut().zip(&places).filter(|(_, place)| place.is_none()) {
            dimension.members.entry("_Z".to_owned()).or_insert_with(|| "not applicable".to_owned());
        }
        for mut row in table.rows {
            let own = std::mem::take(&mut row.members);
            row.members.push(name.clone());
            row.members.extend(places.iter().map(|p| p.map_or("_Z".to_owned(), |at| own[at].clone())));
            all.rows.push(row);
        }
        all.notes.extend(table.notes.into_iter().map(|note| format!("{name}: {note}")));
    }
    all
}

fn read_dataset(dataset: &Object, name: &str) -> Result<Tidy, FormatError> {
    let place = |path: &str| if name.is_empty() { path.to_owned() } else { format!("{name}.{path}") };
    let (mut tidy, axes) = read_structure(dataset, &place)?;
    if is_empty_value(dataset.get("value")) && axes.iter().all(|a| !a.members.is_empty()) {
        structure_rows(&mut tidy, &axes);
        return Ok(tidy);
    }
    let count = cell_count("JSON-stat", &axes)?;
    let cells = read_cells(dataset, count, &place, &mut tidy.notes)?;
    fill(&mut tidy, &axes, cells.into_iter());
    Ok(tidy)
}

/// Everything but the values of a version 2 dataset: the table without rows, and its axes.
///
/// # Errors
/// Dimensions that are missing or contradict their sizes.
pub(super) fn structure(dataset: &Object) -> Result<(Tidy, Vec<Axis>), FormatError> {
    read_structure(dataset, &str::to_owned)
}

fn read_structure(dataset: &Object, place: &dyn Fn(&str) -> String) -> Result<(Tidy, Vec<Axis>), FormatError> {
    let dimension = dataset.get("dimension").and_then(Value::as_object);
    let dimension = dimension.ok_or_else(|| error(&place("dimension"), "not an object", "Give the dimensions."))?;
    // Version 1 keeps id, size and role inside of dimension, version 2 beside it.
    let field = |key: &str| dataset.get(key).or_else(|| dimension.get(key));
    let ids: Vec<&str> = texts(field("id")).ok_or_else(|| {
        error(&place("id"), "not a list of dimensions", "JSON-stat lists the dimensions in id, in the order of value.")
    })?;
    let sizes: Option<Vec<u64>> =
        field("size").and_then(Value::as_array).and_then(|s| s.iter().map(Value::as_u64).collect());
    let sizes = sizes.filter(|s| s.len() == ids.len()).ok_or_else(|| {
        let message = format!("not a list of {} numbers", ids.len());
        error(&place("size"), message, "size gives the number of categories of each dimension of id.")
    })?;
    let mut axes = Vec::new();
    for (id, size) in ids.iter().zip(sizes) {
        axes.push(read_axis(id, size, dimension.get(*id), place)?);
    }
    set_time(&mut axes, field("role"));
    let mut tidy = Tidy { title: text_of(dataset, "label"), ..Tidy::default() };
    read_updated(dataset, &mut tidy);
    tidy.unit = common_unit(&ids, dimension, field("role"));
    Ok((tidy, axes))
}

/// PxWebApi 2 gives metadata in this form: everything but the values.
fn is_empty_value(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::Object(sparse)) => sparse.is_empty(),
        Some(_) => false,
    }
}

fn set_time(axes: &mut [Axis], role: Option<&Value>) {
    let times = texts(role.and_then(|r| r.get("time"))).unwrap_or_default();
    let declared = axes.iter_mut().find(|a| times.contains(&a.code.as_str()));
    match declared {
        Some(axis) => axis.set_time(),
        None => find_time(axes),
    }
}

/// GSO answers `9999-12-31` for "never"; that is no time of publication.
fn read_updated(dataset: &Object, tidy: &mut Tidy) {
    match text_of(dataset, "updated") {
        Some(updated) if updated.starts_with("9999") => {
            tidy.notes.push(format!("updated is {updated}, which is no date; left out"));
        }
        updated => tidy.updated = updated,
    }
}

/// The unit that all members of the metric dimension share.
fn common_unit(ids: &[&str], dimension: &Object, role: Option<&Value>) -> Option<String> {
    let metric = texts(role?.get("metric"))?;
    let id = ids.iter().find(|id| metric.contains(id))?;
    let units = dimension.get(*id)?.get("category")?.get("unit")?.as_object()?;
    let mut names = units
        .values()
        .map(|unit| ["label", "base", "symbol", "type"].iter().find_map(|key| unit.get(*key).and_then(Value::as_str)));
    let first = names.next()??;
    names.all(|name| name == Some(first)).then(|| first.to_owned())
}

fn text_of(object: &Object, key: &str) -> Option<String> {
    object.get(key).and_then(Value::as_str).map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned)
}

/// A list of texts; `None` if it is anything else.
fn texts(value: Option<&Value>) -> Option<Vec<&str>> {
    value?.as_array()?.iter().map(Value::as_str).collect()
}

#[cfg(test)]
mod tests;
