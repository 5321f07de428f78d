//! JSON: a list of objects, at the top or below keys; fields of objects inside are named by a dotted path.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::objects::Required;
use crate::feed::cases::cell::{Cell, Columns, EachRow};
use crate::feed::cases::model::Shape;

pub(super) fn read(
    bytes: &[u8],
    shape: &Shape,
    columns: &Columns,
    required: &[String],
    each: &mut EachRow<'_>,
) -> Result<Vec<String>, String> {
    // Some services end their answer with a NUL.
    let end = bytes.iter().rposition(|byte| *byte != 0 && !byte.is_ascii_whitespace()).map_or(0, |at| at + 1);
    let bytes = bytes[..end].strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes[..end]);
    let mut required = Required::new(required);
    let others = required.others(columns);
    let mut row = 0;
    let mut take = |record: &Value| {
        row += 1;
        for name in others.iter().filter(|name| field(record, name).is_some()) {
            required.seen(name);
        }
        let fields: Vec<Option<&Value>> = columns.names().iter().map(|name| field(record, name)).collect();
        for (name, _) in columns.names().iter().zip(&fields).filter(|(_, value)| value.is_some()) {
            required.seen(name);
        }
        let cells: Vec<Cell<'_>> = fields.into_iter().map(cell).collect();
        each(row, Ok(&cells));
    };
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let below = Below { path: &shape.path, take: &mut take };
    below
        .deserialize(&mut reader)
        .and_then(|()| reader.end())
        .map_err(|e| format!("it is not the JSON expected: {e}"))?;
    required.check()?;
    Ok(Vec::new())
}

fn field<'v>(record: &'v Value, path: &str) -> Option<&'v Value> {
    let object = record.as_object()?;
    // A name that itself has a dot is a name first.
    object.get(path).or_else(|| path.split_once('.').and_then(|(first, rest)| field(object.get(first)?, rest)))
}

fn cell(value: Option<&Value>) -> Cell<'_> {
    match value {
        None | Some(Value::Null | Value::Array(_) | Value::Object(_)) => Cell::Blank,
        Some(Value::String(text)) => Cell::Text(text),
        Some(Value::Bool(true)) => Cell::Text("true"),
        Some(Value::Bool(false)) => Cell::Text("false"),
        Some(Value::Number(number)) => match number.as_i64() {
            Some(whole) => Cell::Int(whole),
            None => Cell::Number(number.as_f64().unwrap_or(f64::NAN)),
        },
    }
}

/// Goes down a path to the list and streams it, so that a large answer is never a tree in memory.
struct Below<'a, 'f> {
    path: &'a [String],
    take: &'a mut (dyn FnMut(&Value) + 'f),
}

impl<'de> DeserializeSeed<'de> for Below<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.path.is_empty() { deserializer.deserialize_seq(self) } else { deserializer.deserialize_map(self) }
    }
}

impl<'de> Visitor<'de> for Below<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.first() {
            None => f.write_str("a list of objects"),
            Some(key) => write!(f, "an object with the key \"{key}\""),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(record) = list.next_element::<Value>()? {
            (self.take)(&record);
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let [key, rest @ ..] = self.path else {
            return Err(serde::de::Error::custom("an object where a list of objects is expected"));
        };
        let mut found = false;
        while let Some(name) = map.next_key::<String>()? {
            if name == *key && !found {
                map.next_value_seed(Below { path: rest, take: &mut *self.take })?;
                found = true;
            } else {
                map.next_value::<serde::de::IgnoredAny>()?;
            }
        }
        if found { Ok(()) } else { Err(serde::de::Error::custom(format!("there is no key \"{key}\""))) }
    }
}

/// The records of an answer, counted.
pub(super) fn count(bytes: &[u8]) -> Option<usize> {
    Vec::<serde::de::IgnoredAny>::deserialize(&mut serde_json::Deserializer::from_slice(bytes))
        .ok()
        .map(|list| list.len())
}
