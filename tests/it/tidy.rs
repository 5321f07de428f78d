//! The house rules that a reader would otherwise check by hand: layers, file heads, sizes, forbidden words.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Which layers each layer may import, besides itself. Anything else fails.
const ALLOWED: &[(&str, &[&str])] = &[
    ("error", &[]),
    ("domain", &["error"]),
    ("analytics", &["domain", "error"]),
    ("cases", &["analytics", "domain", "error"]),
    ("chart", &["domain", "analytics", "error"]),
    ("format", &["domain", "error"]),
    ("catalog", &["domain", "error"]),
    ("cube", &["analytics", "catalog", "domain", "error"]),
    ("present", &["chart", "cube", "cases", "catalog", "analytics", "domain"]),
    ("typeset", &["chart", "domain", "error"]),
    ("sample", &["catalog", "domain", "error", "format"]),
    ("store", &["catalog", "cube", "domain", "error"]),
    ("job", &["store", "domain", "error"]),
    ("feed", &["job", "store", "catalog", "format", "domain", "error"]),
    ("compute", &["job", "store", "catalog", "cases", "cube", "analytics", "domain", "error"]),
    ("sql", &["compute", "store", "catalog", "cube", "domain", "error"]),
    ("gallery", &["present", "compute", "cube", "cases", "chart", "catalog", "analytics", "domain", "error"]),
    (
        "report",
        &[
            "typeset",
            "gallery",
            "present",
            "chart",
            "feed",
            "compute",
            "store",
            "cases",
            "cube",
            "catalog",
            "analytics",
            "domain",
            "error",
        ],
    ),
    ("dashboard", &["gallery", "present", "cases", "catalog", "domain", "error"]),
    (
        "web",
        &[
            "telemetry",
            "dashboard",
            "report",
            "typeset",
            "gallery",
            "sql",
            "feed",
            "compute",
            "job",
            "store",
            "catalog",
            "cases",
            "cube",
            "chart",
            "present",
            "analytics",
            "format",
            "domain",
            "error",
        ],
    ),
    ("telemetry", &["config"]),
    ("config", &["error"]),
    (
        "app",
        &[
            "config",
            "telemetry",
            "web",
            "dashboard",
            "report",
            "typeset",
            "gallery",
            "sql",
            "feed",
            "compute",
            "job",
            "store",
            "catalog",
            "cube",
            "chart",
            "present",
            "sample",
            "format",
            "domain",
            "error",
        ],
    ),
    (
        "cli",
        &[
            "app",
            "config",
            "telemetry",
            "web",
            "dashboard",
            "report",
            "typeset",
            "gallery",
            "sql",
            "feed",
            "compute",
            "job",
            "store",
            "cases",
            "catalog",
            "cube",
            "chart",
            "present",
            "sample",
            "format",
            "analytics",
            "domain",
            "error",
        ],
    ),
    ("main", &["cli", "app", "config", "telemetry", "error"]),
    ("lib", &[]),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files_below(folder: &Path, endings: &[&str], out: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() {
            if !["node_modules", "dist", "__pycache__"].contains(&name.as_str()) && !name.starts_with('.') {
                files_below(&path, endings, out);
            }
        } else if endings.iter().any(|e| name.ends_with(e)) {
            out.push(path);
        }
    }
    out.sort();
}

fn rust_files(folder: &str) -> Vec<(String, String)> {
    let mut paths = Vec::new();
    files_below(&root().join(folder), &[".rs"], &mut paths);
    let name = |p: &Path| p.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
    paths.iter().map(|p| (name(p), std::fs::read_to_string(p).unwrap())).collect()
}

/// `src/feed/raw.rs` -> `feed`, `src/error.rs` -> `error`.
fn layer_of(file: &str) -> &str {
    let rest = file.strip_prefix("src/").unwrap();
    rest.split(['/', '.']).next().unwrap()
}

#[test]
fn imports_point_down() {
    let allowed: BTreeMap<_, _> = ALLOWED.iter().copied().collect();
    let mut wrong = Vec::new();
    for (file, text) in rust_files("src") {
        let layer = layer_of(&file);
        let edges = allowed.get(layer).unwrap_or_else(|| panic!("{file}: layer \"{layer}\" is not in the table"));
        for (number, line) in text.lines().enumerate() {
            if line.trim_start().starts_with("//") || layer == "lib" {
                continue;
            }
            for place in line.match_indices("crate::").map(|(i, m)| i + m.len()) {
                let target: String = line[place..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let known = allowed.contains_key(target.as_str());
                if known && target != layer && !edges.contains(&target.as_str()) {
                    wrong.push(format!("{file}:{}: {layer} imports {target}", number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "imports that point up or sideways:\n{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_is_for() {
    let mut wrong: Vec<String> = Vec::new();
    for folder in ["src", "tests", "benches"] {
        for (file, text) in rust_files(folder) {
            if !text.starts_with("//!") {
                wrong.push(format!("{file}: no //! head"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_and_functions_stay_small() {
    let mut wrong = Vec::new();
    for folder in ["src", "tests", "benches"] {
        for (file, text) in rust_files(folder) {
            let lines: Vec<&str> = text.lines().collect();
            if lines.len() > 500 {
                wrong.push(format!("{file}: {} lines, 500 at most", lines.len()));
            }
            let mut open: Option<(usize, usize)> = None;
            for (i, line) in lines.iter().enumerate() {
                let indent = line.len() - line.trim_start().len();
                let head = line.trim_start();
                let is_fn =
                    ["fn ", "pub fn ", "async fn ", "pub async fn ", "pub(crate) fn ", "pub(super) fn ", "const fn "]
                        .iter()
                        .any(|p| head.starts_with(p));
                if is_fn && open.is_none() && !head.ends_with(';') && !head.ends_with('}') {
                    open = Some((i, indent));
                } else if let Some((start, at)) = open
                    && *line == format!("{}}}", " ".repeat(at))
                {
                    let length = i - start + 1;
                    if length > 70 {
                        wrong.push(format!("{file}:{}: a function of {length} lines, 70 at most", start + 1));
                    }
                    open = None;
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_is_left_open() {
    // Written in two halves so that this file does not find itself.
    let words: Vec<String> =
        [("TO", "DO"), ("FIX", "ME"), ("dbg", "!("), ("to", "do!("), ("unimple", "mented!("), ("#[ig", "nore")]
            .iter()
            .map(|(a, b)| format!("{a}{b}"))
            .collect();
    let mut wrong = Vec::new();
    for folder in ["src", "tests", "benches"] {
        for (file, text) in rust_files(folder) {
            for (number, line) in text.lines().enumerate() {
                if let Some(word) = words.iter().find(|w| line.contains(w.as_str())) {
                    wrong.push(format!("{file}:{}: {word}", number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_composition_root_reads_the_clock() {
    let calls: Vec<String> = ["Utc::now", "Local::now", "SystemTime::now"].iter().map(|c| format!("{c}()")).collect();
    let mut wrong = Vec::new();
    for (file, text) in rust_files("src") {
        if ["app", "cli", "main"].contains(&layer_of(&file)) || file.contains("/tests/") {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap();
        for (number, line) in code.lines().enumerate() {
            if calls.iter().any(|c| line.contains(c.as_str())) && !line.trim_start().starts_with("//") {
                wrong.push(format!("{file}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "clock read outside app:\n{}", wrong.join("\n"));
}

#[test]
fn nothing_below_web_knows_http_servers() {
    let mut wrong = Vec::new();
    for (file, text) in rust_files("src") {
        let code = text.split("#[cfg(test)]").next().unwrap();
        if !["web", "app", "cli", "main"].contains(&layer_of(&file)) && code.contains("axum::") {
            wrong.push(file);
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}
