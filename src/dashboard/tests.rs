//! A small dashboard, what the check says when one of its lines is changed, and what a set keeps.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use super::{By, DashboardSet, Kind, When};
use crate::catalog::{Catalog, Diagnostic, Sources, load};
use crate::domain::{AreaKind, Freq};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

static CATALOG: LazyLock<Catalog> =
    LazyLock::new(|| load(&Path::new(ROOT).join("indicators")).unwrap_or_else(|problems| panic!("{problems}")));

const FILE: &str = r#"version = 1
title_vi = "Thử"
title_en = "Trial"

[[section]]
title_vi = "Phần"
title_en = "Part"

[[section.tile]]
kind = "number"
id = "retail"
indicator = "1001"
area = "79"
breakdown = "activity=goods"
freq = "Q"
period = "-4"

[[section.tile]]
kind = "ranking"
indicator = "0403"
by = "district"
top = 10

[[section.tile]]
kind = "line"
indicators = ["0701", "0702"]
periods = 36
period = "2022-05"

[[section.tile]]
kind = "chart"
chart = "overdue-heatmap"
rows = "district"
columns = "week"
org = "so_yt"
months = 2

[[section.tile]]
kind = "text"
text_vi = "Thu {0601}, {0601.change}."
text_en = "Revenue {0601}, {0601.change}."
"#;

fn sources(files: &[(&str, &str)]) -> Sources {
    let texts: BTreeMap<String, String> = files.iter().map(|(n, t)| ((*n).to_owned(), (*t).to_owned())).collect();
    Sources { folder: "dashboards".to_owned(), texts }
}

fn set(files: &[(&str, &str)]) -> DashboardSet {
    DashboardSet::default().replaced(&sources(files), &CATALOG)
}

/// What is said when a part of the file is something else: the text of the line from the place on, message, hint.
fn broken(from: &str, to: &str) -> Vec<(String, String, String)> {
    assert!(FILE.contains(from), "the file has no {from:?}");
    let text = FILE.replacen(from, to, 1);
    let set = set(&[("thu.toml", &text)]);
    let place = |problem: &Diagnostic| {
        assert_eq!(problem.file, "dashboards/thu.toml");
        let line = text.lines().nth(problem.line - 1).unwrap_or_default();
        line.chars().skip(problem.column - 1).collect::<String>()
    };
    let said = |p: &Diagnostic| (place(p), p.message.clone(), p.hint.clone().unwrap_or_default());
    set.problems().iter().map(said).collect()
}

#[test]
fn a_file_is_read_as_it_is_written() {
    let set = set(&[("thu.toml", FILE)]);
    assert_eq!(set.problems(), []);
    let dashboard = set.get("thu").unwrap();
    assert_eq!((dashboard.title.vi.as_str(), dashboard.sections.len()), ("Thử", 1));
    let tiles: Vec<_> = dashboard.tiles().collect();
    let kinds: Vec<Kind> = tiles.iter().map(|t| t.kind).collect();
    assert_eq!(kinds, [Kind::Number, Kind::Ranking, Kind::Line, Kind::Chart, Kind::Text]);
    assert_eq!((tiles[0].freq, tiles[0].when, tiles[0].span), (Some(Freq::Q), When::Back(4), 1));
    assert_eq!(tiles[0].breakdown.to_string(), "activity=goods");
    assert_eq!((tiles[1].by.clone(), tiles[1].top), (Some(By::Area(AreaKind::District)), Some(10)));
    assert_eq!((tiles[2].when, tiles[2].periods), (When::Fixed("2022-05".parse().unwrap()), Some(36)));
    assert_eq!(tiles[3].chart.as_ref().unwrap().months, Some(2));
    assert!(dashboard.shows_cases());
}

#[test]
fn every_wrong_name_is_placed_and_answered_with_the_nearest() {
    for (from, to, at, message, hint) in [
        ("\"0403\"", "\"0604\"", "0604\"", "unknown indicator \"0604\"", "Did you mean \"0601\"?"),
        ("\"1001\"", "\"1010\"", "1010\"", "unknown indicator \"1010\"", "Did you mean \"1001\"?"),
        (
            "area = \"79\"",
            "area = \"79x\"",
            "79x\"",
            "unknown area \"79x\"",
            "Did you mean \"79\" (Thành phố Hồ Chí Minh)?",
        ),
        ("area = \"79\"", "area = \"quan 1\"", "quan 1\"", "unknown area \"quan 1\"", "Did you mean \"760\" (Quận 1)?"),
        (
            "activity=goods",
            "activty=goods",
            "activty=goods\"",
            "unknown dimension \"activty\"",
            "Did you mean \"activity\"?",
        ),
        ("=goods", "=good", "good\"", "unknown member of \"activity\": \"good\"", "Did you mean \"goods\"?"),
        (
            "kind = \"ranking\"",
            "kind = \"rankin\"",
            "rankin\"",
            "unknown kind of tile \"rankin\"",
            "Did you mean \"ranking\"?",
        ),
        ("top = 10", "topp = 10", "topp = 10", "tile \"ranking\": unknown key \"topp\"", "Did you mean top?"),
        (
            "\"overdue-heatmap\"",
            "\"overdue-heatmaps\"",
            "overdue-heatmaps\"",
            "unknown chart \"overdue-heatmaps\"",
            "Did you mean \"overdue-heatmap\"?",
        ),
        ("\"so_yt\"", "\"so_ytt\"", "so_ytt\"", "unknown org unit \"so_ytt\"", "Did you mean \"so_yt\"?"),
        (
            "columns = \"week\"",
            "columns = \"weeks\"",
            "weeks\"",
            "unknown columns \"weeks\"",
            "Use category, channel, week, month.",
        ),
        (
            "{0601.change}.\"\ntext_en",
            "{0601.chnge}.\"\ntext_en",
            "{0601.chnge}.\"",
            "\"{0601.chnge}\" is not a placeholder",
            "Write {CODE}, {CODE.change}, {CODE.period} or {CODE.plan}.",
        ),
        (
            "Revenue {0601}",
            "Revenue {0611}",
            "0611}, {0601.change}.\"",
            "unknown indicator \"0611\"",
            "Did you mean \"0601\"?",
        ),
    ] {
        let seen = broken(from, to);
        assert_eq!(seen.len(), 1, "{to}: {seen:?}");
        assert_eq!(seen[0], (at.to_owned(), message.to_owned(), hint.to_owned()), "{to}");
    }
}

#[test]
fn what_is_not_published_so_is_said_with_how_it_is() {
    for (from, to, at, message, hint) in [
        (
            "by = \"district\"",
            "by = \"ward\"",
            "ward\"",
            "indicator 0403 is not published by ward",
            "It is published down to the level district.",
        ),
        (
            "area = \"79\"",
            "area = \"760\"",
            "760\"",
            "indicator 1001 is not published by district",
            "It is published down to the level city.",
        ),
        (
            "indicator = \"1001\"\narea = \"79\"\nbreakdown = \"activity=goods\"\nfreq = \"Q\"",
            "indicator = \"0505\"\nfreq = \"Q\"",
            "Q\"",
            "indicator 0505 is not published at the frequency Q",
            "It is published at A.",
        ),
        (
            "period = \"-4\"",
            "period = \"2022-05\"",
            "2022-05\"",
            "\"2022-05\" is not a period of frequency Q",
            "Let freq and period agree, or leave freq out.",
        ),
        (
            "\"0701\", \"0702\"",
            "\"0701\", \"0708\"",
            "[\"0701\", \"0708\"]",
            "indicators 0701 and 0708 have different units",
            "Only figures of one unit share a scale; give them tiles of their own.",
        ),
    ] {
        let seen = broken(from, to);
        assert_eq!(seen.len(), 1, "{to}: {seen:?}");
        assert_eq!(seen[0], (at.to_owned(), message.to_owned(), hint.to_owned()), "{to}");
    }
}

#[test]
fn everything_wrong_is_listed_at_once_with_its_line() {
    let text =
        FILE.replace("\"1001\"", "\"1010\"").replace("\"0403\"", "\"0430\"").replace("title_en = \"Part\"\n", "");
    let text = text.replace("kind = \"ranking\"\n", "kind = \"ranking\"\nid = \"retail\"\n");
    let set =
        set(&[("thu.toml", &text), ("Sai Tên.toml", FILE), ("khac.toml", "version = 2\n"), ("hong.toml", "a = = 1")]);
    let said: Vec<String> = set.problems().iter().map(|p| p.to_string().lines().next().unwrap().to_owned()).collect();
    for line in [
        "dashboards/thu.toml:6:13: error: section: title_vi stands without title_en",
        "dashboards/thu.toml:11:14: error: unknown indicator \"1010\"",
        "dashboards/thu.toml:19:7: error: tile \"retail\" is declared twice",
        "dashboards/thu.toml:20:14: error: unknown indicator \"0430\"",
        "dashboards/Sai Tên.toml:1:1: error: \"Sai Tên\" cannot be the id of a dashboard",
        "dashboards/khac.toml:1:11: error: version 2 of the file format is not known",
    ] {
        assert!(said.iter().any(|s| s == line), "{line}\n-- in --\n{}", said.join("\n"));
    }
    assert!(said.iter().any(|s| s.starts_with("dashboards/hong.toml:1:")), "{said:?}");
    assert!(set.all().is_empty());
}

#[test]
fn a_file_with_errors_keeps_what_it_said_before_and_one_that_is_gone_does_not() {
    let first = set(&[("thu.toml", FILE), ("hai.toml", FILE)]);
    let wrong = FILE.replace("\"1001\"", "\"1010\"").replace("Thử", "Sai");
    let next = first.replaced(&sources(&[("thu.toml", &wrong)]), &CATALOG);
    assert_eq!(next.get("thu").unwrap().title.vi, "Thử");
    assert!(next.is_kept("thu") && next.get("hai").is_none());
    assert_ne!(next.version(), first.version());
    let mended = next.replaced(&sources(&[("thu.toml", &FILE.replace("Thử", "Đúng"))]), &CATALOG);
    assert_eq!((mended.get("thu").unwrap().title.vi.as_str(), mended.is_kept("thu")), ("Đúng", false));
}

#[test]
fn the_shipped_dashboards_and_the_example_of_the_manual_have_no_fault() {
    let shipped = DashboardSet::load(&Path::new(ROOT).join("dashboards"), &CATALOG);
    assert_eq!(shipped.problems(), []);
    assert!(shipped.all().len() >= 5 && shipped.all().iter().any(|d| d.wall.is_some()));
    let manual = std::fs::read_to_string(Path::new(ROOT).join("docs/dashboards.md")).unwrap();
    let example = manual.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let read = set(&[("example.toml", example)]);
    assert_eq!(read.problems(), []);
    let kinds: std::collections::BTreeSet<Kind> = read.get("example").unwrap().tiles().map(|t| t.kind).collect();
    assert_eq!(kinds.len(), Kind::ALL.len(), "the example shows every kind");
    for (name, _) in Kind::ALL {
        assert!(manual.contains(&format!("`{name}`")), "the manual does not explain {name}");
    }
}

#[test]
fn a_folder_that_is_not_there_holds_nothing() {
    let none = DashboardSet::load(Path::new("/nowhere/dashboards"), &CATALOG);
    assert!(none.all().is_empty() && none.problems().is_empty());
}
