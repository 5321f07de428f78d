//! A sheet laid out, and its encodings.

use chrono::{DateTime, FixedOffset};
use typst::diag::SourceDiagnostic;
use typst::foundations::Smart;
use typst::text::Locale;
use typst_layout::{Page, PagedDocument};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};
use typst_render::RenderOptions;
use typst_svg::SvgOptions;

use super::world::{self, SheetWorld};
use super::{Sheet, TypesetError, letters};

/// More pages than this are a loop in a template, not a document.
pub const PAGES_AT_MOST: usize = 60;

/// Pixels of a picture: an A3 page at 300 dots per inch is 17 million.
const PIXELS_AT_MOST: u64 = 20_000_000;

/// Typesetting remembers parts of earlier documents, which makes the next one of the same kind fast; what was not used
/// in so many jobs is forgotten: a page with its drawings is some 25 MB.
const JOBS_REMEMBERED: usize = 4;

/// Pages, ready to be written in any form.
pub struct Document {
    world: SheetWorld,
    pages: PagedDocument,
    name: String,
    ident: String,
    issued: DateTime<FixedOffset>,
}

impl Document {
    /// Lays the sheet out and checks every letter.
    pub fn of(sheet: &Sheet) -> Result<Document, TypesetError> {
        letters::check_drawings(sheet)?;
        let world = SheetWorld::of(sheet)?;
        let result = typst::compile::<PagedDocument>(&world);
        let wrong = |found: &[SourceDiagnostic]| TypesetError::Template {
            name: sheet.name.clone(),
            problems: found.iter().map(|one| world.problem(one)).collect(),
        };
        let mut pages = result.output.map_err(|found| wrong(&found))?;
        if !result.warnings.is_empty() {
            return Err(wrong(&result.warnings));
        }
        if pages.pages().len() > PAGES_AT_MOST {
            let (name, pages) = (sheet.name.clone(), pages.pages().len());
            return Err(TypesetError::TooLong { name, pages, most: PAGES_AT_MOST });
        }
        if let Some((letters, text)) = pages.pages().iter().find_map(|page| letters::unwritten(&page.frame)) {
            return Err(TypesetError::Letters { name: sheet.name.clone(), letters, text });
        }
        let info = pages.info_mut();
        info.title = Some(sheet.title.as_str().into());
        info.locale = Smart::Custom(Locale::new(world::lang(sheet.language), None));
        Ok(Document { world, pages, name: sheet.name.clone(), ident: sheet.ident.clone(), issued: sheet.issued })
    }

    /// How many pages there are.
    pub fn page_count(&self) -> usize {
        self.pages.pages().len()
    }

    /// What stands on a page (from 0): its runs of text and the words behind its drawings.
    pub fn texts(&self, page: usize) -> Result<Vec<String>, TypesetError> {
        let mut out = Vec::new();
        letters::texts(&self.page(page)?.frame, &mut out);
        Ok(out)
    }

    /// Tagged PDF, PDF/UA-1.
    pub fn pdf(&self) -> Result<Vec<u8>, TypesetError> {
        let standards = PdfStandards::new(&[PdfStandard::Ua_1]).map_err(|error| self.not_encoded(error.message()))?;
        let minutes = self.issued.offset().local_minus_utc() / 60;
        let options = PdfOptions {
            ident: Smart::Custom(self.ident.clone()),
            creator: Smart::Custom(Some("Toàn Cảnh".to_owned())),
            timestamp: world::datetime(self.issued).and_then(|at| Timestamp::new_local(at, minutes)),
            standards,
            ..PdfOptions::default()
        };
        typst_pdf::pdf(&self.pages, &options).map_err(|found| TypesetError::Template {
            name: self.name.clone(),
            problems: found.iter().map(|one| self.world.problem(one)).collect(),
        })
    }

    /// One page (from 0) as SVG with outlines for letters.
    pub fn svg(&self, page: usize) -> Result<String, TypesetError> {
        Ok(typst_svg::svg(self.page(page)?, &SvgOptions::default()))
    }

    /// One page (from 0) as PNG, so many pixels wide.
    pub fn png(&self, page: usize, pixels_wide: u32) -> Result<Vec<u8>, TypesetError> {
        let page = self.page(page)?;
        let (wide, high) = (page.frame.width().to_pt(), page.frame.height().to_pt());
        let scale = f64::from(pixels_wide) / wide;
        let height = (high * scale).ceil();
        if pixels_wide == 0 || f64::from(pixels_wide) * height > PIXELS_AT_MOST as f64 {
            return Err(TypesetError::TooLarge { name: self.name.clone(), width: pixels_wide, height: height as u32 });
        }
        let options = RenderOptions { pixel_per_pt: scale.into(), render_bleed: false };
        let picture = typst_render::render(page, &options);
        // Pages are white paper, so nothing shows through and the fourth channel says nothing.
        let opaque: Vec<u8> = picture.data().chunks_exact(4).flat_map(|pixel| &pixel[..3]).copied().collect();
        self.compressed(&opaque, picture.width(), picture.height())
    }

    fn compressed(&self, image: &[u8], width: u32, height: u32) -> Result<Vec<u8>, TypesetError> {
        let mut out = Vec::new();
        let mut encoder = png::Encoder::new(&mut out, width, height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        // Flat colours repeat along and across: without a filter they compress best, and most of the gain comes early.
        encoder.set_deflate_compression(png::DeflateCompression::Level(1));
        encoder.set_filter(png::Filter::NoFilter);
        let mut writer = encoder.write_header().map_err(|error| self.not_encoded(error))?;
        writer.write_image_data(image).map_err(|error| self.not_encoded(error))?;
        writer.finish().map_err(|error| self.not_encoded(error))?;
        Ok(out)
    }

    fn page(&self, page: usize) -> Result<&Page, TypesetError> {
        let pages = self.page_count();
        self.pages.pages().get(page).ok_or_else(|| TypesetError::NoPage { name: self.name.clone(), page, pages })
    }

    fn not_encoded(&self, reason: impl std::fmt::Display) -> TypesetError {
        TypesetError::Encode { name: self.name.clone(), reason: reason.to_string() }
    }
}

impl Drop for Document {
    fn drop(&mut self) {
        comemo::evict(JOBS_REMEMBERED);
    }
}
