//! One tile per area, near its true place.

use std::collections::BTreeMap;

use super::super::{Ramp, TileLayout};
use super::{Cell, Frame, NumberFormat, State};

/// A schematic map: every area has the same weight for the eye, small districts are not lost.
#[derive(Debug, Clone, PartialEq)]
pub struct TileMap {
    /// Words around it.
    pub frame: Frame,
    /// Where each area lies.
    pub layout: TileLayout,
    /// By area code. Areas of the layout that are not here are shown as missing.
    pub values: BTreeMap<String, TileValue>,
    /// Colours of the values.
    pub ramp: Ramp,
    /// How values are printed.
    pub format: NumberFormat,
}

/// What one tile shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TileValue {
    /// The figure.
    pub cell: Cell,
    /// Its state, as a shape in the corner.
    pub state: Option<State>,
}
