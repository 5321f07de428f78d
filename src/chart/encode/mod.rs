//! A scene to bytes, on the back ends of `plotters`.

mod glyphs;
mod play;
mod png;
mod svg;

pub(super) use png::png;
pub(super) use svg::svg;
