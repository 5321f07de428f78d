//! Reading: periods, the catalogue, statistical files.

use std::hint::black_box;
use std::path::Path;

use criterion::Criterion;
use toancanh::catalog;
use toancanh::domain::Period;
use toancanh::domain::text::read_period;
use toancanh::format::read_any;

/// Canonical periods and Vietnamese labels.
pub fn period(criterion: &mut Criterion) {
    criterion.bench_function("period/parse/canonical", |b| {
        b.iter(|| {
            let period: Period = black_box("2022-05").parse().unwrap();
            assert_eq!(period.year(), 2022);
        });
    });
    criterion.bench_function("period/parse/vietnamese", |b| {
        b.iter(|| assert_eq!(read_period(black_box("Quý II/2022"), None).unwrap().period.position(), 2));
    });
}

/// Everything declared, read and checked.
pub fn catalog(criterion: &mut Criterion) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("indicators");
    criterion.bench_function("catalog/load/shipped", |b| {
        b.iter(|| assert_eq!(catalog::load(&folder).unwrap().indicators.len(), 110));
    });
}

/// One file of each statistical format of the sample.
pub fn formats(criterion: &mut Criterion) {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples");
    for folder in ["ctk_industry", "ctk_prices", "ctk_accounts", "ctk_monthly"] {
        let mut files: Vec<_> = std::fs::read_dir(samples.join(folder)).unwrap().flatten().map(|e| e.path()).collect();
        files.sort();
        let path = files.pop().unwrap();
        let bytes = std::fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        criterion.bench_function(&format!("format/read/{name}"), |b| {
            b.iter(|| assert!(!read_any(black_box(&bytes), &name).unwrap().rows.is_empty()));
        });
    }
}
