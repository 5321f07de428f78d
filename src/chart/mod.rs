//! Charts as the city's reports print them: spec -> scale -> draw -> encode.
//!
//! A chart is told what to show ([`spec`]: numbers already computed, words already written) and decides only how. It
//! reads no store, computes no indicator and knows no clock, so the same spec and size give the same bytes, as SVG
//! ([`Chart::svg`]) for pages and as PNG ([`Chart::png`]) for mail, slides and messages.
//!
//! - [`spec`]: what is shown.
//! - `scale`: numbers to places and colours.
//! - `draw`: one module per kind of chart; fills a scene of rectangles, lines, polygons and texts.
//! - `encode`: plays a scene on the back ends of `plotters`.
//!
//! ```
//! use toancanh::chart::spec::{Frame, Language, NumberFormat, Sparkline};
//! use toancanh::chart::{Chart, Size};
//! let spec = Sparkline {
//!     frame: Frame::new("Trễ hạn giảm còn 12 %", Language::Vi),
//!     values: vec![Some(21.0), Some(17.5), None, Some(12.0)],
//!     target: Some(10.0),
//!     state: None,
//!     format: Some(NumberFormat::new(0, "%")),
//!     provisional: 1,
//! };
//! let svg = Chart::Sparkline(spec).svg(Size::SPARKLINE).unwrap();
//! assert!(svg.contains("<title"));
//! ```

mod draw;
mod encode;
mod error;
mod layout;
mod scale;
mod scene;
pub mod spec;
mod text;
mod theme;
mod words;

pub use error::ChartError;
pub use layout::{Tile, TileBlock, TileLayout};
pub use scale::{Colour, Ramp, contrast};
pub use text::{FONTS, FontFile};

use spec::{Bars, Flow, Frame, Heatmap, Lines, Multiples, Sparkline, Survival, TileMap};

/// Width and height in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Size {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

impl Size {
    /// In a row of a table.
    pub const SPARKLINE: Size = Size::new(120, 28);
    /// A phone held upright.
    pub const PHONE: Size = Size::new(360, 480);
    /// A page or a report.
    pub const PAGE: Size = Size::new(900, 500);
    /// A whole desktop screen.
    pub const DESKTOP: Size = Size::new(1440, 810);
    /// A wall screen.
    pub const WALL: Size = Size::new(3840, 2160);

    /// Any size.
    pub const fn new(width: u32, height: u32) -> Size {
        Size { width, height }
    }
}

/// One chart of any kind, ready to be drawn at any size.
#[derive(Debug, Clone, PartialEq)]
pub enum Chart {
    /// Rows by columns, a number in every cell.
    Heatmap(Heatmap),
    /// Values over time.
    Lines(Lines),
    /// A ranking, or columns.
    Bars(Bars),
    /// A line without axes.
    Sparkline(Sparkline),
    /// One tile per area, near its true place.
    TileMap(TileMap),
    /// Many little lines on one scale.
    Multiples(Multiples),
    /// Share still open after so many days.
    Survival(Survival),
    /// What came in, what went out, what stays.
    Flow(Flow),
}

impl Chart {
    /// The words around the chart.
    pub fn frame(&self) -> &Frame {
        match self {
            Chart::Heatmap(spec) => &spec.frame,
            Chart::Lines(spec) => &spec.frame,
            Chart::Bars(spec) => &spec.frame,
            Chart::Sparkline(spec) => &spec.frame,
            Chart::TileMap(spec) => &spec.frame,
            Chart::Multiples(spec) => &spec.frame,
            Chart::Survival(spec) => &spec.frame,
            Chart::Flow(spec) => &spec.frame,
        }
    }

    /// The same, to be changed.
    pub fn frame_mut(&mut self) -> &mut Frame {
        match self {
            Chart::Heatmap(spec) => &mut spec.frame,
            Chart::Lines(spec) => &mut spec.frame,
            Chart::Bars(spec) => &mut spec.frame,
            Chart::Sparkline(spec) => &mut spec.frame,
            Chart::TileMap(spec) => &mut spec.frame,
            Chart::Multiples(spec) => &mut spec.frame,
            Chart::Survival(spec) => &mut spec.frame,
            Chart::Flow(spec) => &mut spec.frame,
        }
    }

    /// An SVG document: accessible (`role="img"`, `<title>`, `<desc>`), the same bytes for the same spec and size.
    pub fn svg(&self, size: Size) -> Result<String, ChartError> {
        let scene = self.scene(size)?;
        encode::svg(&scene, self.frame())
    }

    /// A PNG image of `scale` device pixels (1 to 4) per CSS pixel, the same bytes for the same arguments.
    pub fn png(&self, size: Size, scale: u32) -> Result<Vec<u8>, ChartError> {
        if !(1..=4).contains(&scale) {
            return Err(ChartError::Scale(scale));
        }
        let scene = self.scene(size)?;
        encode::png(&scene, scale)
    }

    /// The height at which the chart reads well at this width: a heatmap of 22 rows is taller than one of five.
    pub fn fitting_height(&self, width: u32) -> u32 {
        draw::fitting_height(self, width)
    }

    /// The size that fits the content at this width.
    pub fn fitting(&self, width: u32) -> Size {
        Size::new(width, self.fitting_height(width))
    }

    fn scene(&self, size: Size) -> Result<scene::Scene, ChartError> {
        spec::check(self)?;
        draw::draw(self, size)
    }
}

#[cfg(test)]
mod tests;
