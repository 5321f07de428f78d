//! Be Vietnam Pro, bundled: the only typeface that charts are measured and drawn with.
//!
//! Origin: npm package `@expo-google-fonts/be-vietnam-pro`, SIL Open Font License 1.1 (`fonts/OFL.txt`, no reserved
//! name). Cut down to Latin, Vietnamese and punctuation, without hinting; ten tabular figures were added as feature
//! `tnum` (the same outlines, centred on the widest digit), for the tables of pages and reports.

use std::sync::OnceLock;

use ab_glyph::{Font, FontRef};

/// One bundled font file.
#[derive(Debug, Clone, Copy)]
pub struct FontFile {
    /// File name.
    pub name: &'static str,
    /// CSS weight.
    pub weight: u16,
    /// TrueType.
    pub bytes: &'static [u8],
}

/// The bundled weights, for pages and documents that want the same letters as the charts.
pub const FONTS: [FontFile; 4] = [
    FontFile {
        name: "BeVietnamPro-Regular.ttf",
        weight: 400,
        bytes: include_bytes!("../fonts/BeVietnamPro-Regular.ttf"),
    },
    FontFile {
        name: "BeVietnamPro-Medium.ttf",
        weight: 500,
        bytes: include_bytes!("../fonts/BeVietnamPro-Medium.ttf"),
    },
    FontFile {
        name: "BeVietnamPro-SemiBold.ttf",
        weight: 600,
        bytes: include_bytes!("../fonts/BeVietnamPro-SemiBold.ttf"),
    },
    FontFile { name: "BeVietnamPro-Bold.ttf", weight: 700, bytes: include_bytes!("../fonts/BeVietnamPro-Bold.ttf") },
];

/// The two weights that charts use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::chart) enum Weight {
    Regular,
    SemiBold,
}

impl Weight {
    /// The name that stands for the weight between scene and SVG, where it becomes a CSS weight.
    pub fn tag(self) -> &'static str {
        match self {
            Weight::Regular => "w400",
            Weight::SemiBold => "w600",
        }
    }
}

/// The font of a weight.
pub(in crate::chart) fn face(weight: Weight) -> &'static FontRef<'static> {
    static FACES: OnceLock<[FontRef<'static>; 2]> = OnceLock::new();
    let faces = FACES.get_or_init(|| {
        [FONTS[0], FONTS[2]].map(|file| FontRef::try_from_slice(file.bytes).expect("the bundled fonts are TrueType"))
    });
    match weight {
        Weight::Regular => &faces[0],
        Weight::SemiBold => &faces[1],
    }
}

/// Letters whose advances are kept in a table: everything up to the arrows. Layouts measure each name many times.
const TABLED: u32 = 0x2200;

/// Advances of the tabled letters, in em.
fn advances(weight: Weight) -> &'static [f64] {
    static TABLES: OnceLock<[Vec<f64>; 2]> = OnceLock::new();
    let tables = TABLES.get_or_init(|| {
        let table = |weight| (0..TABLED).map(|c| advance(char::from_u32(c).unwrap_or(' '), weight)).collect();
        [table(Weight::Regular), table(Weight::SemiBold)]
    });
    &tables[usize::from(weight == Weight::SemiBold)]
}

fn advance(letter: char, weight: Weight) -> f64 {
    let font = face(weight);
    let per_em = f64::from(font.units_per_em().unwrap_or(1000.0));
    f64::from(font.h_advance_unscaled(font.glyph_id(letter))) / per_em
}

/// Width of a text in pixels at `size` pixels per em, without kerning (a browser's kerning only narrows it).
pub(in crate::chart) fn width(text: &str, size: f64, weight: Weight) -> f64 {
    let table = advances(weight);
    let of = |c: char| table.get(c as usize).copied().unwrap_or_else(|| advance(c, weight));
    text.chars().map(of).sum::<f64>() * size
}

/// Whether the typeface has the letter.
#[cfg(test)]
pub(in crate::chart) fn has_glyph(letter: char) -> bool {
    face(Weight::Regular).glyph_id(letter).0 != 0
}

/// The scale that makes one em `pixels` high: `ab_glyph` measures by ascent plus descent.
pub(in crate::chart) fn em(font: &FontRef<'static>, pixels: f32) -> f32 {
    pixels * font.height_unscaled() / font.units_per_em().unwrap_or(1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Advance widths read from the font's `hmtx` table by fontTools: "0" 676, "1" 385, "," 303 per 1000.
    #[test]
    fn widths_are_those_of_the_font() {
        assert!((width("0", 1000.0, Weight::Regular) - 676.0).abs() < 1e-6);
        assert!((width("10,", 100.0, Weight::Regular) - 136.4).abs() < 1e-6);
        assert!(width("Trễ hạn", 12.0, Weight::SemiBold) > width("Trễ hạn", 12.0, Weight::Regular));
    }

    #[test]
    fn an_em_is_an_em() {
        use ab_glyph::ScaleFont;
        let font = face(Weight::Regular);
        let scaled = font.as_scaled(em(font, 100.0));
        assert!((scaled.h_advance(font.glyph_id('0')) - 67.6).abs() < 0.01);
    }

    #[test]
    fn every_vietnamese_letter_is_there() {
        let bases = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY";
        for base in bases.chars() {
            for tone in ["", "\u{300}", "\u{309}", "\u{303}", "\u{301}", "\u{323}"] {
                let letter: String =
                    unicode_normalization::UnicodeNormalization::nfc(&*format!("{base}{tone}")).collect();
                assert_eq!(letter.chars().count(), 1);
                assert!(letter.chars().all(has_glyph), "{letter}");
            }
        }
        assert!("đĐ₫–—…·≥≤×±−“”%‰".chars().all(has_glyph));
    }
}
