//! Every example as it was looked at and accepted: SVG byte for byte, PNG by hash.
//!
//! `TOANCANH_BLESS=1 cargo test --lib --no-default-features chart` writes them anew; look at the charts before you
//! commit. With `TOANCANH_CHARTS=DIR` the same run leaves PNGs of several sizes there to be looked at.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::super::{Chart, Size};
use super::examples::all;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/chart")
}

fn size_of(chart: &Chart) -> Size {
    match chart {
        Chart::Sparkline(_) => Size::SPARKLINE,
        _ => Size::PAGE,
    }
}

fn blessing() -> bool {
    std::env::var_os("TOANCANH_BLESS").is_some()
}

/// Compares with the file, or writes it when blessing.
fn same_as_file(name: &str, found: &str) {
    let path = folder().join(name);
    if blessing() {
        std::fs::create_dir_all(folder()).unwrap();
        std::fs::write(&path, found).unwrap();
        return;
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    if golden != found {
        let line = golden.lines().zip(found.lines()).position(|(a, b)| a != b).unwrap_or_default();
        panic!(
            "{name} differs from line {}:\n  {}\n  {}\nLook at it, then bless it with TOANCANH_BLESS=1.",
            line + 1,
            golden.lines().nth(line).unwrap_or_default(),
            found.lines().nth(line).unwrap_or_default()
        );
    }
}

#[test]
fn svg_is_the_accepted_one() {
    for (name, chart) in all() {
        same_as_file(&format!("{name}.svg"), &chart.svg(size_of(&chart)).unwrap());
    }
}

#[test]
fn png_is_the_accepted_one() {
    let mut hashes = String::new();
    for (name, chart) in all() {
        let scales: &[u32] = if name == "lines" || name == "sparkline" { &[1, 2] } else { &[1] };
        for &scale in scales {
            let digest = Sha256::digest(chart.png(size_of(&chart), scale).unwrap());
            let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            hashes.push_str(&format!("{hex}  {name}@{scale}x.png\n"));
        }
    }
    same_as_file("png.sha256", &hashes);
    let Some(folder) = std::env::var_os("TOANCANH_CHARTS").map(PathBuf::from) else { return };
    std::fs::create_dir_all(&folder).unwrap();
    for (name, chart) in all() {
        let sizes = match chart {
            Chart::Sparkline(_) => vec![Size::SPARKLINE, Size::new(240, 48)],
            _ => vec![chart.fitting(360), Size::PAGE, Size::DESKTOP, chart.fitting(1440), Size::WALL],
        };
        for size in sizes {
            let path = folder.join(format!("{name}_{}x{}", size.width, size.height));
            std::fs::write(path.with_extension("png"), chart.png(size, 1).unwrap()).unwrap();
            std::fs::write(path.with_extension("svg"), chart.svg(size).unwrap()).unwrap();
        }
    }
}
