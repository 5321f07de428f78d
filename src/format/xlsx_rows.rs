//! Which rows an XLSX workbook hides, read from the sheets' XML beside the parser, which does not say it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

/// Hidden rows (from 0) by sheet name; empty where the parts are not where Excel puts them. The archive has been
/// measured before, so that its parts may be inflated whole.
pub(super) fn hidden_rows(bytes: &[u8]) -> BTreeMap<String, BTreeSet<u32>> {
    let parts = (part(bytes, "xl/workbook.xml"), part(bytes, "xl/_rels/workbook.xml.rels"));
    let (Some(workbook), Some(relations)) = parts else { return BTreeMap::new() };
    let mut targets = BTreeMap::new();
    each_element(&relations, |element| {
        if let (Some(id), Some(target)) = (attribute(element, "Id"), attribute(element, "Target")) {
            targets.insert(id, target);
        }
    });
    let mut hidden = BTreeMap::new();
    each_element(&workbook, |element| {
        let id = attribute(element, "r:id").and_then(|id| targets.get(&id));
        if let ("sheet", Some(name), Some(target)) = (element.local_name().as_ref(), attribute(element, "name"), id) {
            let path = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
            let rows = part(bytes, &path).map(|sheet| rows_of(&sheet)).unwrap_or_default();
            if !rows.is_empty() {
                hidden.insert(name, rows);
            }
        }
    });
    hidden
}

fn rows_of(sheet: &str) -> BTreeSet<u32> {
    let mut rows = BTreeSet::new();
    each_element(sheet, |element| {
        if element.local_name().as_ref() == "row"
            && attribute(element, "hidden").is_some_and(|v| v == "1" || v == "true")
            && let Some(row) = attribute(element, "r").and_then(|r| r.parse::<u32>().ok()).filter(|r| *r > 0)
        {
            rows.insert(row - 1);
        }
    });
    rows
}

fn part(bytes: &[u8], path: &str) -> Option<String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut text = String::new();
    archive.by_name(path).ok()?.read_to_string(&mut text).ok()?;
    Some(text)
}

/// Calls for every start tag, up to the end or the first damage.
fn each_element(text: &str, mut call: impl FnMut(&BytesStart<'_>)) {
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event() {
            Ok(Event::Start(element) | Event::Empty(element)) => call(&element),
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = element.try_get_attribute(name).ok()??;
    attribute.normalized_value(XmlVersion::Implicit1_0).ok().map(|v| v.into_owned())
}
