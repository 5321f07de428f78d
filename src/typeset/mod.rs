//! Documents in type, in-process: a [`Sheet`] (template, numbers already worded, drawings) becomes PDF, PNG or SVG by
//! Typst, with our typeface only, without packages, files, network or clock.
//!
//! ```text
//! Sheet --World--> Document (pages; every letter checked) --encode--> tagged PDF/UA-1 | PNG | SVG
//! ```
//!
//! - The same sheet gives the same bytes: the date of the document is the sheet's, the identity of the PDF its `ident`.
//! - A template reads its numbers with `json("/data.json")`, its drawings with `image("/charts/name.svg")`, shared
//!   modules with `#import "/house.typ"`. Language, typeface and title are set before it starts.
//! - Whatever Typst only warns of (an unknown typeface, a layout that does not settle) is an error here, and so is a
//!   letter that the typeface lacks, also inside a drawing: a box in a report is a wrong report.
//! - Typesetting takes processor time and cannot be stopped: call it in `spawn_blocking`, under a limit of time.
//!
//! Several encodings of one sheet share their layout when made from one [`Document`].

mod document;
mod error;
mod letters;
#[cfg(test)]
mod tests;
mod world;

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset};

use crate::chart::spec::Language;

pub use document::{Document, PAGES_AT_MOST};
pub use error::{Problem, TypesetError};

/// What a document is made of.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// File name of the template, for errors (`thang.typ`).
    pub name: String,
    /// Typst source.
    pub template: String,
    /// What the template reads as `/data.json`: words, never numbers that it would have to format.
    pub data: serde_json::Value,
    /// Drawings and shared modules by path (`charts/heatmap.svg`, `house.typ`). Paths are kept for the life of the
    /// process, so they name the place in the document and not its content.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Title in the document's properties.
    pub title: String,
    /// Language of the document, for screen readers and hyphenation.
    pub language: Language,
    /// Date of the document: the as-of instant, never now.
    pub issued: DateTime<FixedOffset>,
    /// Data version and document id: what makes two prints the same document.
    pub ident: String,
}

/// The sheet as tagged PDF that conforms to PDF/UA-1: templates give every drawing an `alt` and start with a heading.
pub fn pdf(sheet: &Sheet) -> Result<Vec<u8>, TypesetError> {
    Document::of(sheet)?.pdf()
}

/// One page (from 0) as PNG, so many pixels wide.
pub fn png(sheet: &Sheet, page: usize, pixels_wide: u32) -> Result<Vec<u8>, TypesetError> {
    Document::of(sheet)?.png(page, pixels_wide)
}

/// One page (from 0) as SVG; letters are outlines, so it looks the same everywhere.
pub fn svg(sheet: &Sheet, page: usize) -> Result<String, TypesetError> {
    Document::of(sheet)?.svg(page)
}

/// How many pages the sheet fills.
pub fn page_count(sheet: &Sheet) -> Result<usize, TypesetError> {
    Ok(Document::of(sheet)?.page_count())
}
