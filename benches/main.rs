//! The one bench binary: what the engine does all day, on the committed sample. Every case asserts its result.
//!
//! `make bench` runs all; `cargo bench --no-default-features -- cube/refresh` one subject.

mod case_counts;
mod case_views;
mod cases;
mod chart;
mod cube;
#[cfg(feature = "server")]
mod engine;
mod text;

use criterion::{Criterion, criterion_group, criterion_main};

/// Plots need a font of the system, which plotters has none of as it is built here.
fn without_plots() -> Criterion {
    Criterion::default().without_plots()
}

criterion_group! {
    name = benches;
    config = without_plots();
    targets = text::period, text::catalog, text::formats, cube::figures, case_counts::case_counts, case_views::views, cases::folds, chart::heatmap, engine::feeds, engine::figures
}
criterion_main!(benches);
