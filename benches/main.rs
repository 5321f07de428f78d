//! The one bench binary: what the engine does all day, on the committed sample. Every case asserts its result.
//!
//! `make bench` runs all; `cargo bench --no-default-features -- cube/refresh` one subject.

mod chart;
mod cube;
mod text;

use criterion::{criterion_group, criterion_main};

criterion_group!(benches, text::period, text::catalog, text::formats, cube::figures, chart::heatmap);
criterion_main!(benches);
