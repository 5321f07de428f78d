//! Roll-ups, formulas and variants on dense arrays: the indicator semantics themselves. No I/O, no Arrow, no clock.

pub mod cell;
