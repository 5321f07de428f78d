//! The one bench binary: what the engine does all day, on the committed sample. Every case asserts its result.
//!
//! `make bench` runs all; `cargo bench --no-default-features -- cube/refresh` one subject.

mod case_counts;
mod cube;
mod text;

use criterion::{Criterion, criterion_group, criterion_main};

// Figures of the runs need a font that the drawing library of the engine does not bring.
criterion_group! {
    name = benches;
    config = Criterion::default().without_plots();
    targets = text::period, text::catalog, text::formats, cube::figures, case_counts::case_counts
}
criterion_main!(benches);
