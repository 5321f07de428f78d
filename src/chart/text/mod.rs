//! Letters: the bundled typeface, how wide a text is, how it breaks into lines.

mod face;
mod fit;

#[cfg(test)]
pub(super) use face::has_glyph;
pub use face::{FONTS, FontFile};
pub(super) use face::{Weight, em, face, width};
pub(super) use fit::{balanced, lines, shortened};
