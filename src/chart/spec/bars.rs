//! Bars: a ranking, or columns.

use super::{Frame, NumberFormat, State};

/// Bars that start at zero, in the order given.
#[derive(Debug, Clone, PartialEq)]
pub struct Bars {
    /// Words around them.
    pub frame: Frame,
    /// Lying (rankings) or standing (periods).
    pub direction: Direction,
    /// In the order shown.
    pub bars: Vec<Bar>,
    /// How values are printed.
    pub format: NumberFormat,
    /// What `n` counts ("hồ sơ"); nothing hides the counts.
    pub n_heading: String,
    /// What `change` compares with ("so cùng kỳ"); shown above that column.
    pub change_heading: String,
    /// A mark for all bars, such as the mean of the city, with its name.
    pub reference: Option<(String, f64)>,
}

/// Which way bars grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To the right.
    Lying,
    /// Upwards.
    Standing,
}

/// One bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// Its name.
    pub name: String,
    /// Nothing where no figure is.
    pub value: Option<f64>,
    /// Cases behind the value.
    pub n: Option<u64>,
    /// State, shown by shape, colour and, if `TooFew`, by hatching.
    pub state: Option<State>,
    /// Not final: hatched.
    pub provisional: bool,
    /// Its own target: a thin upright mark.
    pub target: Option<f64>,
    /// Against what the heading of the column says.
    pub change: Option<Change>,
    /// Singled out.
    pub highlighted: bool,
}

/// A change beside a bar: an arrow, the change with its sign, coloured by whether it is good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// With sign and unit: "+2,1 điểm %".
    pub text: String,
    /// Up, down, or neither.
    pub rises: Option<bool>,
    /// `Off` where the change is bad, `OnTarget` where it is good, `Unknown` where neither.
    pub state: State,
}

impl Bar {
    /// A final value and nothing else.
    pub fn new(name: impl Into<String>, value: f64) -> Bar {
        Bar {
            name: name.into(),
            value: Some(value),
            n: None,
            state: None,
            provisional: false,
            target: None,
            change: None,
            highlighted: false,
        }
    }

    /// A bar without a figure.
    pub fn missing(name: impl Into<String>) -> Bar {
        Bar { value: None, ..Bar::new(name, 0.0) }
    }
}
