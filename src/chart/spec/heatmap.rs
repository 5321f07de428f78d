//! Rows by columns with a number in every cell.

use super::super::Ramp;
use super::{Frame, NumberFormat};

/// A heatmap: units by fields, or units by weeks.
#[derive(Debug, Clone, PartialEq)]
pub struct Heatmap {
    /// Words around it.
    pub frame: Frame,
    /// What the rows are ("Quận, huyện"); may be empty.
    pub row_heading: String,
    /// One name per row, in the order shown: by what matters, not by code.
    pub rows: Vec<String>,
    /// One name per column.
    pub columns: Vec<String>,
    /// `cells[row][column]`.
    pub cells: Vec<Vec<Cell>>,
    /// A column of row totals, set apart on the right.
    pub totals: Option<Totals>,
    /// Colours of the values.
    pub ramp: Ramp,
    /// How the numbers in the cells are printed; the unit appears in the key only.
    pub format: NumberFormat,
    /// Whether the number of cases stands under each value, where there is room.
    pub show_n: bool,
}

/// The column of row totals.
#[derive(Debug, Clone, PartialEq)]
pub struct Totals {
    /// Its name ("Chung").
    pub heading: String,
    /// One per row.
    pub cells: Vec<Cell>,
}

/// One place in a heatmap or on a tile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell {
    /// A figure.
    Value {
        /// In the unit of the ramp's stops.
        value: f64,
        /// Cases behind it.
        n: Option<u64>,
        /// Not final: marked with a corner.
        provisional: bool,
    },
    /// Suppressed: too few cases for a rate.
    TooFew {
        /// How few.
        n: Option<u64>,
    },
    /// A figure is due and not there.
    Missing,
    /// No figure can be: the unit has no such field.
    NotApplicable,
}

impl Cell {
    /// A final figure without a count.
    pub fn value(value: f64) -> Cell {
        Cell::Value { value, n: None, provisional: false }
    }

    /// A final figure over `n` cases.
    pub fn of(value: f64, n: u64) -> Cell {
        Cell::Value { value, n: Some(n), provisional: false }
    }
}
