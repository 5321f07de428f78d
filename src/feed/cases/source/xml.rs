//! XML: the elements below the root are the records, the elements in them the fields; deeper ones by a dotted path.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::objects::Required;
use crate::feed::cases::cell::{Cell, Columns, EachRow};

/// Deepest nesting; a real answer has four levels.
const DEPTH_MAX: usize = 64;

pub(super) fn read(
    bytes: &[u8],
    columns: &Columns,
    required: &[String],
    each: &mut EachRow<'_>,
) -> Result<Vec<String>, String> {
    let decoded = crate::format::decode_text(bytes).map_err(|e| e.to_string())?;
    let mut required = Required::new(required);
    let mut row = 0;
    for_each_record(&decoded, |fields| {
        row += 1;
        fields.iter().for_each(|(name, _)| required.seen(name));
        let find = |name: &String| fields.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str());
        let cells: Vec<Cell<'_>> =
            columns.names().iter().map(|name| find(name).map_or(Cell::Blank, Cell::Text)).collect();
        each(row, Ok(&cells));
    })?;
    required.check()?;
    Ok(Vec::new())
}

/// Gives the fields of every record: path and text, in the order of the document.
fn for_each_record(text: &str, mut each: impl FnMut(&[(String, String)])) -> Result<(), String> {
    let mut reader = Reader::from_str(text);
    let mut names: Vec<String> = Vec::new();
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut content = String::new();
    let failed = |at: u64, e: &dyn std::fmt::Display| format!("it is not well-formed XML at byte {at}: {e}");
    loop {
        let at = reader.buffer_position();
        match reader.read_event().map_err(|e| failed(at, &e))? {
            Event::Start(start) => {
                if names.len() == DEPTH_MAX {
                    return Err(failed(at, &"it is nested too deeply"));
                }
                names.push(start.local_name().as_ref().to_owned());
                content.clear();
            }
            Event::Text(text) => content.push_str(&text.xml10_content()),
            Event::CData(text) => content.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) => match reference.resolve_char_ref() {
                Ok(Some(letter)) => content.push(letter),
                _ => match &*reference.xml10_content() {
                    "amp" => content.push('&'),
                    "lt" => content.push('<'),
                    "gt" => content.push('>'),
                    "quot" => content.push('"'),
                    "apos" => content.push('\''),
                    other => return Err(failed(at, &format!("the entity \"{other}\" is not declared"))),
                },
            },
            Event::End(_) => {
                if names.len() > 2 && !content.trim().is_empty() {
                    fields.push((names[2..].join("."), content.trim().to_owned()));
                }
                content.clear();
                if names.len() == 2 {
                    each(&fields);
                    fields.clear();
                }
                names.pop();
            }
            Event::Eof if names.is_empty() => return Ok(()),
            Event::Eof => return Err(failed(at, &"it breaks off")),
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
}

/// The records of an answer, counted.
pub(super) fn count(bytes: &[u8]) -> Option<usize> {
    let decoded = crate::format::decode_text(bytes).ok()?;
    let mut records = 0;
    for_each_record(&decoded, |_| records += 1).ok()?;
    Some(records)
}
