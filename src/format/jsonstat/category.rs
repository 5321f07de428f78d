//! The categories of a JSON-stat dimension: `index` as a list or as places, `label` by code; a single category may go
//! without `index`.

use serde_json::{Map, Value};

use super::super::FormatError;
use super::super::axes::{Axis, Member};
use super::error;

/// Reads one dimension and checks it against its size.
pub(super) fn read_axis(
    id: &str,
    size: u64,
    dimension: Option<&Value>,
    place: &dyn Fn(&str) -> String,
) -> Result<Axis, FormatError> {
    let at = place(&format!("dimension[\"{id}\"]"));
    let category = dimension
        .and_then(|d| d.get("category"))
        .and_then(Value::as_object)
        .ok_or_else(|| error(&at, "no category", "Each dimension of id needs a category with index or label."))?;
    let labels = category.get("label").and_then(Value::as_object);
    let codes = codes(category, labels).ok_or_else(|| {
        let hint = "index is a list of codes, or gives each code its place from 0 without gaps.";
        error(&at, "category.index is not an order of codes", hint)
    })?;
    if codes.len() as u64 != size {
        let message = format!("lists {} categories, but size says {size}", codes.len());
        return Err(error(&at, message, "The table is cut off or badly made; ask the source for it again."));
    }
    let member = |code: String| {
        let label = labels.and_then(|l| l.get(&code)).and_then(Value::as_str).map(str::trim);
        Member { label: label.map_or_else(|| code.clone(), str::to_owned), code }
    };
    let label = dimension.and_then(|d| d.get("label")).and_then(Value::as_str);
    Ok(Axis {
        code: id.to_owned(),
        label: label.unwrap_or(id).trim().to_owned(),
        members: codes.into_iter().map(member).collect(),
        time: None,
    })
}

fn codes(category: &Map<String, Value>, labels: Option<&Map<String, Value>>) -> Option<Vec<String>> {
    match category.get("index") {
        None | Some(Value::Null) => labels.map(|l| l.keys().cloned().collect()),
        Some(Value::Array(codes)) => codes.iter().map(|c| c.as_str().map(str::to_owned)).collect(),
        Some(Value::Object(places)) => {
            let mut codes = vec![None; places.len()];
            for (code, place) in places {
                let slot = codes.get_mut(usize::try_from(place.as_u64()?).ok()?)?;
                if slot.replace(code.clone()).is_some() {
                    return None;
                }
            }
            codes.into_iter().collect()
        }
        Some(_) => None,
    }
}
