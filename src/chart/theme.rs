//! The tokens of the house style: colours of ink, paper and states, and type sizes for each width.

use super::Size;
use super::scale::Colour;

pub(super) const INK: Colour = Colour::hex(0x16222e);
pub(super) const MUTED: Colour = Colour::hex(0x566573);
pub(super) const RULE: Colour = Colour::hex(0xd9e0e6);
pub(super) const CANVAS: Colour = Colour::hex(0xf4f6f8);
pub(super) const PAPER: Colour = Colour::hex(0xffffff);
pub(super) const ACCENT: Colour = Colour::hex(0x0b5cad);
pub(super) const BAD: Colour = Colour::hex(0xb3261e);
pub(super) const WATCH: Colour = Colour::hex(0x9a5b00);
pub(super) const GOOD: Colour = Colour::hex(0x1b7340);
pub(super) const UNKNOWN: Colour = Colour::hex(0x5f6b76);
/// Last year's line: light, and still visible on a printed page (contrast 2.1 on paper; never carries text).
pub(super) const LAST_YEAR: Colour = Colour::hex(0xa9b4be);
/// A bar that is not singled out.
pub(super) const BAR: Colour = Colour::hex(0x44586b);
/// The band around a forecast and below a target.
pub(super) const BAND: Colour = Colour::hex(0xe3ebf3);

/// Six series that stay apart for colour-blind readers and, by lightness, on grey paper (after Okabe and Ito, darkened
/// so that a label in the same colour is readable on paper). None is the accent: that is the target's.
pub(super) const SERIES: [Colour; 6] = [
    Colour::hex(0x16222e),
    Colour::hex(0xb04a08),
    Colour::hex(0x00745a),
    Colour::hex(0x93396b),
    Colour::hex(0x6b6b6b),
    Colour::hex(0x7a6400),
];

/// Sizes of letters, in pixels, and the unit that strokes and gaps are multiples of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Type {
    pub title: f64,
    pub subtitle: f64,
    pub label: f64,
    pub small: f64,
    /// 1 px on a page, 3 on a wall.
    pub unit: f64,
    /// Space around the whole chart.
    pub margin: f64,
}

impl Type {
    /// Type for a chart of this size: read in the hand, at a desk, or from across a room.
    pub(super) fn of(size: Size) -> Type {
        match size.width {
            0..=599 => Type { title: 16.0, subtitle: 12.0, label: 12.0, small: 11.0, unit: 1.0, margin: 12.0 },
            600..=1199 => Type { title: 20.0, subtitle: 14.0, label: 12.0, small: 11.0, unit: 1.0, margin: 16.0 },
            1200..=2399 => Type { title: 28.0, subtitle: 16.0, label: 14.0, small: 12.0, unit: 1.25, margin: 24.0 },
            _ => Type { title: 80.0, subtitle: 44.0, label: 40.0, small: 34.0, unit: 3.5, margin: 64.0 },
        }
    }

    /// Whether there is room for main parts only.
    pub(super) fn narrow(size: Size) -> bool {
        size.width < 600
    }
}
