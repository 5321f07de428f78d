//! Whole mappings over whole files, against values read by hand.

mod declarations;
mod gso;
mod statistical;
mod tables;
mod workbooks;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::{FeedDeclaration, Mapped, Mapping, MappingError};
use crate::catalog::{self, Catalog};
use crate::domain::{Observation, Vintage};

pub(super) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

pub(super) fn catalog() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| catalog::load(&root().join("indicators")).unwrap_or_else(|e| panic!("{e}")))
}

/// The head that tests share; a test adds format, tables and rules.
pub(super) fn declare(rest: &str) -> Mapping {
    try_declare(rest).unwrap_or_else(|problems| panic!("{problems}")).mapping
}

pub(super) fn try_declare(rest: &str) -> Result<FeedDeclaration, String> {
    let head = "version = 1\ncode = \"thu\"\nname_vi = \"Thử\"\nname_en = \"Trial\"\nsource = \"department\"\n\
                owner = \"so_gtvt\"\n[connector]\nkind = \"files\"\nglob = \"thu/*\"\n";
    let (top, tables) = rest.split_once("---\n").unwrap_or(("", rest));
    let text = head.replacen("[connector]", &format!("{top}[connector]"), 1) + tables;
    Mapping::load(Path::new("thu.toml"), &text, catalog()).map_err(|problems| problems.to_string())
}

pub(super) fn pulled_at() -> Vintage {
    "2025-01-01T08:00:00".parse().unwrap()
}

/// Applies a mapping and checks the account: every value read is mapped, rejected, skipped, blank or repeated.
pub(super) fn apply(mapping: &Mapping, bytes: &[u8], name: &str) -> Result<Mapped, MappingError> {
    let mapped = mapping.apply(bytes, name, pulled_at(), catalog())?;
    let c = mapped.counts;
    assert_eq!(c.read, c.mapped + c.rejected + c.skipped + c.blank + c.repeated, "{c:?}");
    assert_eq!(c.rejected, mapped.rejected.len());
    assert_eq!(c.mapped, mapped.observations.len() + mapped.targets.len());
    assert_eq!(mapped.rows_read(), c.read);
    Ok(mapped)
}

/// `measure area org breakdown period value status`, for comparison by eye.
pub(super) fn line(o: &Observation) -> String {
    let value = o.value.map_or("...".to_owned(), |v| v.to_string());
    format!("{} {} {} {} {} {value} {}", o.measure, o.area, o.org, o.breakdown, o.period, o.status)
}

pub(super) fn lines(mapped: &Mapped) -> Vec<String> {
    mapped.observations.iter().map(line).collect()
}

/// `row column "value": reason` of every rejected value.
pub(super) fn rejections(mapped: &Mapped) -> Vec<String> {
    mapped.rejected.iter().map(|r| format!("{} {} \"{}\": {}", r.row, r.column, r.value, r.reason)).collect()
}
