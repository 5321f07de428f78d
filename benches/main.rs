//! The one bench binary: what the engine does all day, on the committed sample. Every case asserts its result.
//!
//! `make bench` runs all; `cargo bench --no-default-features --bench bench -- cube/refresh` one subject of the pure core
//! without building the engine.

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
    name = pure;
    config = without_plots();
    targets = text::period, text::catalog, text::formats, cube::figures, case_counts::case_counts, case_views::views,
        cases::folds, chart::heatmap
}

#[cfg(feature = "server")]
criterion_group! {
    name = through_the_lake;
    config = without_plots();
    targets = engine::feeds, engine::figures
}

#[cfg(feature = "server")]
criterion_main!(pure, through_the_lake);
#[cfg(not(feature = "server"))]
criterion_main!(pure);
