//! Roll-ups, formulas and variants on dense arrays: the indicator semantics themselves. No I/O, no Arrow, no clock.
//!
//! ```text
//! vintages -> resolution -> facts -> inputs (grids, roll-ups) -> plan + shown slices -> figures -> blocks -> CubeData
//! ```
//!
//! [`Inputs`] holds the resolved facts of one instant with their roll-ups over areas, [`compute()`] the figures of all
//! indicators, [`refresh`] only those that a change reaches, with the same bits.

mod areas_of;
mod block;
pub mod cell;
mod changed;
mod compute;
mod evaluate;
mod example;
mod figure;
#[cfg(test)]
mod fixture;
pub mod geography;
mod grid;
mod inputs;
mod pairs;
mod plan;
mod provenance;
mod quantiles;
mod records;
pub mod resolution;
mod rollup;
#[cfg(test)]
mod rules;
#[cfg(test)]
pub(crate) mod sample_cell;
mod shown;
mod window;

pub use block::{Block, CubeData, Series};
pub use cell::Cell;
pub use changed::Changed;
pub use compute::{compute, evaluate_one, refresh};
pub use example::{ExampleMismatch, check_example};
pub use inputs::{Fact, FactChange, Inputs, Slice, TargetChange};
pub use provenance::{Question, Role, UsedInput, inputs_of};
pub use records::{QuantileRow, QuantileSlice, Quantiles, RecordSlice, Records, Running};
pub use resolution::{Candidate, resolve};
