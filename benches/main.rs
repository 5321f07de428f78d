//! The one bench binary: what the engine does all day, on the committed sample. Every case asserts its result.
//!
//! `make bench` runs all; `cargo bench --no-default-features -- cube/refresh` one subject; `make bench-load` readers
//! against the running server.

mod case_counts;
mod case_views;
mod cases;
mod chart;
mod cube;
#[cfg(feature = "server")]
mod engine;
#[cfg(feature = "server")]
mod load;
mod text;

use criterion::{Criterion, criterion_group};

/// Plots need a font of the system, which plotters has none of as it is built here.
fn without_plots() -> Criterion {
    Criterion::default().without_plots()
}

#[cfg(feature = "server")]
criterion_group! {
    name = benches;
    config = without_plots();
    targets = text::period, text::catalog, text::formats, cube::figures, case_counts::case_counts, case_views::views, cases::folds, chart::heatmap, engine::feeds, engine::figures
}
#[cfg(not(feature = "server"))]
criterion_group! {
    name = benches;
    config = without_plots();
    targets = text::period, text::catalog, text::formats, cube::figures, case_counts::case_counts, case_views::views, cases::folds, chart::heatmap
}

fn main() {
    #[cfg(feature = "server")]
    if std::env::args().any(|argument| argument == "load") {
        return load::run();
    }
    benches();
    Criterion::default().configure_from_args().final_summary();
}
