//! The sizes an infographic comes in.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

/// A sheet of paper or a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageSize {
    /// 210 × 297 mm.
    A4,
    /// 297 × 420 mm.
    A3,
    /// 1080 × 1920 pixels, held upright.
    Phone,
    /// 1200 × 630 pixels: the preview of a link, a post.
    Social,
}

impl PageSize {
    /// All sizes.
    pub const ALL: [PageSize; 4] = [PageSize::A4, PageSize::A3, PageSize::Phone, PageSize::Social];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            PageSize::A4 => "a4",
            PageSize::A3 => "a3",
            PageSize::Phone => "phone",
            PageSize::Social => "social",
        }
    }

    /// How wide a PNG is unless told otherwise: screens as they are, paper at 150 dots per inch.
    pub fn pixels_wide(self) -> u32 {
        match self {
            PageSize::A4 => 1240,
            PageSize::A3 => 1754,
            PageSize::Phone => 1080,
            PageSize::Social => 1200,
        }
    }

    /// Height per width.
    pub fn height_per_width(self) -> f64 {
        match self {
            PageSize::A4 => 297.0 / 210.0,
            PageSize::A3 => 420.0 / 297.0,
            PageSize::Phone => 1920.0 / 1080.0,
            PageSize::Social => 630.0 / 1200.0,
        }
    }
}

impl fmt::Display for PageSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for PageSize {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        PageSize::ALL.into_iter().find(|size| size.as_str() == text.to_ascii_lowercase()).ok_or(())
    }
}
