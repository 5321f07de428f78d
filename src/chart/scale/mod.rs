//! From numbers to places and colours.

mod colour;
mod linear;
mod ramp;

pub use colour::{Colour, contrast};
pub(super) use linear::Linear;
pub use ramp::Ramp;
