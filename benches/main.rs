//! The one bench binary: what the engine does all day, on the committed sample. Every case asserts its result.
//!
//! `cargo bench -- cube/refresh` runs one subject. Ratios against DuckDB and Polars are in `peers/`.

mod cube;
mod text;

use criterion::{criterion_group, criterion_main};

criterion_group!(benches, text::period, text::catalog, text::formats, cube::figures);
criterion_main!(benches);
