//! The declared files of the house, and what is said of wrong ones.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use super::*;
use crate::catalog::{self, Catalog};

fn catalog() -> &'static Catalog {
    static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("indicators");
        catalog::load(&folder).unwrap_or_else(|problems| panic!("{problems}"))
    });
    &CATALOG
}

fn dashboards() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("dashboards")
}

/// A copy of the house's files in which `thang.toml` is changed.
fn changed(change: impl Fn(&str) -> String) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for part in ["infographics", "typst"] {
        std::fs::create_dir_all(folder.path().join(part)).unwrap();
        for entry in std::fs::read_dir(dashboards().join(part)).unwrap().flatten() {
            std::fs::copy(entry.path(), folder.path().join(part).join(entry.file_name())).unwrap();
        }
    }
    let path = folder.path().join("infographics/thang.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, change(&text)).unwrap();
    folder
}

fn problems(change: impl Fn(&str) -> String) -> String {
    Shelf::load(changed(change).path(), catalog()).unwrap_err().to_string()
}

#[test]
fn the_house_has_its_three_infographics() {
    let shelf = Shelf::load(&dashboards(), catalog()).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(shelf.infographics.keys().collect::<Vec<_>>(), ["1022", "quan", "thang"]);
    for infographic in shelf.infographics.values() {
        assert_eq!(infographic.sizes, PageSize::ALL, "{}", infographic.id);
        // What a template calls by name is declared.
        for name in infographic.template.split("data.words.").skip(1) {
            let name: String = name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            assert!(infographic.words.contains_key(&name), "{}: word \"{name}\"", infographic.id);
        }
        for id in infographic.template.split("data.charts.").skip(1) {
            let id: String = id.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            assert!(infographic.charts.iter().any(|chart| chart.id == id), "{}: chart \"{id}\"", infographic.id);
        }
    }
}

#[test]
fn a_wrong_code_is_named_with_line_and_the_nearest() {
    let all = problems(|text| text.replace("\"1001\"", "\"1011\"").replace("\"coins\"", "\"coin\""));
    let text = std::fs::read_to_string(dashboards().join("infographics/thang.toml")).unwrap();
    let line = |part: &str| text.lines().position(|l| l.contains(part)).unwrap() + 1;
    assert!(all.contains(&format!("thang.toml:{}:14: error: ", line("\"1001\""))), "{all}");
    assert!(all.contains("unknown indicator \"1011\""), "{all}");
    assert!(all.contains(&format!("thang.toml:{}:", line("\"coins\""))), "{all}");
    assert!(all.contains("hint: The nearest is \"coins\"."), "{all}");
    assert!(all.ends_with("2 errors, 0 warnings"), "{all}");
}

#[test]
fn unknown_keys_sizes_and_charts_are_refused() {
    let all = problems(|text| {
        text.replace("window = \"period\"", "windw = \"period\"").replace("\"a3\", \"phone\"", "\"a5\"")
    });
    assert!(all.contains("windw") && all.contains("has no window") && all.contains("a5"), "{all}");
    let all = problems(|text| text.replace("\"overdue-map\"", "\"overdue-mop\""));
    assert!(all.contains("overdue-map"), "{all}");
}

#[test]
fn a_change_is_taken_in_and_a_wrong_one_leaves_the_last_good_shelf() {
    let folder = changed(str::to_owned);
    let shelves = Shelves::open(folder.path(), catalog());
    let (first, none) = shelves.current(catalog());
    assert!(none.is_none());
    let path = folder.path().join("infographics/thang.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("Con số chính", "Tám con số chính")).unwrap();
    let (second, _) = shelves.current(catalog());
    assert_eq!(second.infographics["thang"].words["numbers"].vi, "Tám con số chính");
    assert_ne!(first.version, second.version);
    std::fs::write(&path, text.replace("\"1001\"", "\"9999\"")).unwrap();
    let (third, problems) = shelves.current(catalog());
    assert_eq!(third.version, second.version);
    assert!(problems.unwrap().to_string().contains("9999"));
}

#[test]
fn sizes_have_names() {
    assert_eq!("A4".parse(), Ok(PageSize::A4));
    assert_eq!("a5".parse::<PageSize>(), Err(()));
    assert!(PageSize::ALL.iter().all(|size| size.as_str().parse() == Ok(*size)));
}
