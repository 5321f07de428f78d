//! The world of a sheet: our typeface, its files, its date. Nothing else can be reached from a template.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{DateTime, Datelike, FixedOffset, Timelike};
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook, FontFamily, FontList, Lang, TextElem};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, WorldExt};

use super::error::Problem;
use super::{Sheet, TypesetError};
use crate::chart::FONTS;
use crate::chart::spec::Language;

/// Family name of the bundled typeface, as the SVG of charts names it.
const FAMILY: &str = "Be Vietnam Pro";

/// Parsed once: reading four fonts takes longer than setting a page.
struct Type {
    fonts: Vec<Font>,
    book: LazyHash<FontBook>,
}

static TYPE: LazyLock<Type> = LazyLock::new(|| {
    let fonts: Vec<Font> = FONTS.iter().filter_map(|file| Font::new(Bytes::new(file.bytes), 0)).collect();
    let book = LazyHash::new(FontBook::from_fonts(&fonts));
    Type { fonts, book }
});

/// Typst's library with the house's language and typeface as defaults.
fn library(lang: Lang) -> LazyHash<Library> {
    let mut library = <Library as LibraryExt>::default();
    library.styles.set(TextElem::lang, lang);
    library.styles.set(TextElem::font, FontList(vec![FontFamily::new(FAMILY)]));
    LazyHash::new(library)
}

static VIETNAMESE: LazyLock<LazyHash<Library>> = LazyLock::new(|| library(Lang::VIETNAMESE));
static ENGLISH: LazyLock<LazyHash<Library>> = LazyLock::new(|| library(Lang::ENGLISH));

/// The language as Typst names it.
pub(super) fn lang(language: Language) -> Lang {
    match language {
        Language::Vi => Lang::VIETNAMESE,
        Language::En => Lang::ENGLISH,
    }
}

/// The instant as Typst writes it, in its own offset.
pub(super) fn datetime(at: DateTime<FixedOffset>) -> Option<Datetime> {
    let (date, time) = (at.date_naive(), at.time());
    Datetime::from_ymd_hms(
        date.year(),
        date.month() as u8,
        date.day() as u8,
        time.hour() as u8,
        time.minute() as u8,
        time.second() as u8,
    )
}

/// The regular weight, to ask which letters there are.
pub(super) fn regular() -> &'static Font {
    &TYPE.fonts[0]
}

/// What a template can reach.
pub(super) struct SheetWorld {
    library: &'static LazyHash<Library>,
    main: FileId,
    sources: BTreeMap<u16, Source>,
    files: BTreeMap<u16, Bytes>,
    today: Option<Datetime>,
    template: String,
}

impl SheetWorld {
    pub fn of(sheet: &Sheet) -> Result<SheetWorld, TypesetError> {
        let id = |path: &str| {
            let path = VirtualPath::new(path).map_err(|error| TypesetError::Template {
                name: sheet.name.clone(),
                problems: vec![Problem {
                    file: path.to_owned(),
                    line: None,
                    message: error.to_string(),
                    called_from: None,
                    hints: Vec::new(),
                }],
            })?;
            Ok(FileId::new(RootedPath::new(VirtualRoot::Project, path)))
        };
        let main = id(&sheet.name)?;
        let mut sources = BTreeMap::from([(raw(main), Source::new(main, sheet.template.clone()))]);
        let mut files = BTreeMap::from([(raw(id("data.json")?), Bytes::from_string(sheet.data.to_string()))]);
        for (path, bytes) in &sheet.files {
            let id = id(path)?;
            match String::from_utf8(bytes.clone()) {
                Ok(text) if path.ends_with(".typ") => {
                    sources.insert(raw(id), Source::new(id, text));
                }
                _ => {
                    files.insert(raw(id), Bytes::new(bytes.clone()));
                }
            }
        }
        let library = match sheet.language {
            Language::Vi => &*VIETNAMESE,
            Language::En => &*ENGLISH,
        };
        Ok(SheetWorld { library, main, sources, files, today: datetime(sheet.issued), template: sheet.name.clone() })
    }

    /// A diagnosis in the words of the sheet: file, line and what the template did to get there.
    pub fn problem(&self, found: &SourceDiagnostic) -> Problem {
        let line = |id: FileId, range: Option<std::ops::Range<usize>>| {
            Some(self.source(id).ok()?.lines().byte_to_line(range?.start)? + 1)
        };
        let called_from = || {
            let call = found.trace.iter().rev().find(|point| point.span.id() == Some(self.main))?;
            line(self.main, self.range(call.span))
        };
        let place = found.span.id();
        Problem {
            file: match place {
                Some(id) if id != self.main => id.vpath().get_without_slash().to_owned(),
                _ => self.template.clone(),
            },
            line: place.and_then(|id| line(id, self.range(found.span))),
            message: found.message.to_string(),
            called_from: if place == Some(self.main) { None } else { called_from() },
            hints: found.hints.iter().map(|hint| hint.v.to_string()).collect(),
        }
    }
}

fn raw(id: FileId) -> u16 {
    id.into_raw().get()
}

impl World for SheetWorld {
    fn library(&self) -> &LazyHash<Library> {
        self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &TYPE.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.sources.get(&raw(id)).cloned().ok_or_else(|| missing(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let text = || self.sources.get(&raw(id)).map(|source| Bytes::from_string(source.text().to_owned()));
        self.files.get(&raw(id)).cloned().or_else(text).ok_or_else(|| missing(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        TYPE.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        self.today
    }
}

fn missing(id: FileId) -> FileError {
    FileError::NotFound(id.vpath().get_without_slash().into())
}
