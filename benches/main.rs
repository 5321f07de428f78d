//! The one bench binary: what the engine does all day, on the committed sample. Every case asserts its result.
//!
//! `make bench` runs all; `cargo bench --no-default-features -- cube/refresh` one subject.

mod chart;
mod cube;
mod text;

use criterion::{Criterion, criterion_group, criterion_main};

// No plots: they would be drawn with fonts of the system, and `plotters` is built here without any.
criterion_group! {
    name = benches;
    config = Criterion::default().without_plots();
    targets = text::period, text::catalog, text::formats, cube::figures, chart::heatmap
}
criterion_main!(benches);
