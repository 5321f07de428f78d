//! Mappings of cases over real exports and small ones made here.

mod exports;
mod forms;
mod ingest;

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use super::{CaseDeclaration, CaseMapping, CasesRead};
use crate::catalog::{self, Catalog};
use crate::domain::case::CaseRecord;
use crate::feed::figures::SourcePart;
use crate::store::rows::read_cases;

/// The catalogue that ships.
static CATALOG: LazyLock<Arc<Catalog>> =
    LazyLock::new(|| Arc::new(catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("indicators")).unwrap()));

fn load(text: &str) -> Result<CaseDeclaration, Vec<String>> {
    let loaded = CaseMapping::load(Path::new("f.toml"), text, &CATALOG);
    loaded.map_err(|problems| problems.0.iter().map(ToString::to_string).collect())
}

/// A mapping with the usual head; `rest` begins with keys of the head.
fn mapping(rest: &str) -> CaseMapping {
    load(&with_head(rest)).unwrap_or_else(|problems| panic!("{problems:#?}")).mapping
}

fn with_head(rest: &str) -> String {
    let head = "version = 1\nkind = 'cases'\ncode = 'f'\nname_vi = 'f'\nname_en = 'f'\nsource = 'case_store'\nowner = 'so_tttt'";
    format!("{head}\n{rest}\n[connector]\nkind = 'files'\nglob = 'f/*'\n")
}

fn read_parts(mapping: &CaseMapping, parts: &[&[u8]]) -> Result<CasesRead, String> {
    let pulled = "2022-06-30T08:00:00".parse().unwrap();
    let parts: Vec<SourcePart<'_>> = parts.iter().map(|bytes| SourcePart { url: "f/a.csv", bytes, pulled }).collect();
    mapping.read(&parts, "r", &CATALOG)
}

fn records(read: &CasesRead) -> Vec<CaseRecord> {
    let cases: Vec<_> = read.batches.iter().map(|batch| batch.cases.clone()).collect();
    let events: Vec<_> = read.batches.iter().map(|batch| batch.events.clone()).collect();
    read_cases(&cases, &events).unwrap()
}

/// Rejected rows as `row column "value": reason`.
fn complaints(read: &CasesRead) -> Vec<String> {
    let words = read.rejected.iter().map(|r| {
        let (column, value) = (r.column.as_deref().unwrap_or("-"), r.value.as_deref().unwrap_or_default());
        format!("{} {column} \"{value}\": {}", r.row.unwrap_or_default(), r.reason)
    });
    words.collect()
}

/// A real file that nobody in this project wrote, where it is at hand.
fn real_file(name: &str) -> Option<(PathBuf, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("../shared/data/cases").join(name);
    let bytes = std::fs::read(&path).ok();
    if bytes.is_none() {
        println!("skipped: {} is not there", path.display());
    }
    Some((path, bytes?))
}
