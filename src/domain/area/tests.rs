//! The declared areas of the city against the counts and events that are known of them.

use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[derive(Deserialize)]
struct AreaRow {
    code: String,
    name: String,
    kind: AreaKind,
    parent_code: Option<String>,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
}

#[derive(Deserialize)]
struct ChangeRow {
    date: NaiveDate,
    from_code: String,
    to_code: String,
    kind: ChangeKind,
    weight: f64,
    weight_assumed: bool,
}

fn rows<T: serde::de::DeserializeOwned>(csv: &str) -> Vec<T> {
    csv::Reader::from_reader(csv.as_bytes()).deserialize().map(|r| r.unwrap()).collect()
}

/// The tree of the shipped declaration.
fn declared() -> &'static AreaTree {
    static TREE: std::sync::LazyLock<AreaTree> = std::sync::LazyLock::new(load);
    &TREE
}

fn load() -> AreaTree {
    let areas = rows::<AreaRow>(include_str!("../../../indicators/areas.csv")).into_iter().map(|r| Area {
        code: r.code,
        name: r.name,
        kind: r.kind,
        parent: r.parent_code,
        valid_from: r.valid_from,
        valid_to: r.valid_to,
    });
    let tree = AreaTree::new(areas.collect()).unwrap();
    let changes = rows::<ChangeRow>(include_str!("../../../indicators/area_changes.csv"))
        .into_iter()
        .map(|r| tree.change(r.date, (&r.from_code, &r.to_code), r.kind, (r.weight, r.weight_assumed)).unwrap())
        .collect();
    tree.with_changes(changes)
}

fn area(code: &str, kind: AreaKind, parent: Option<&str>, from: &str, to: Option<&str>) -> Area {
    Area {
        code: code.into(),
        name: code.into(),
        kind,
        parent: parent.map(Into::into),
        valid_from: day(from),
        valid_to: to.map(day),
    }
}

#[test]
fn counts_are_those_of_the_acts() {
    let tree = declared();
    assert_eq!(tree.problems(), []);
    for (on, districts, wards) in [
        ("2019-01-31", 24, 0),
        ("2020-12-31", 24, 0),
        ("2021-01-01", 22, 312),
        ("2024-12-31", 22, 312),
        ("2025-01-01", 22, 273),
        ("2025-06-30", 22, 273),
        ("2025-07-01", 0, 168),
    ] {
        let count = |kind| tree.of_kind_on(kind, day(on)).count();
        assert_eq!((count(AreaKind::District), count(AreaKind::Ward)), (districts, wards), "{on}");
        assert_eq!((count(AreaKind::City), count(AreaKind::Residual), count(AreaKind::Reference)), (1, 1, 1), "{on}");
        let city = tree.on("79", day(on)).unwrap();
        assert_eq!(tree.below_on(city, AreaKind::Ward, day(on)).len(), wards, "every ward lies in the city on {on}");
        assert_eq!(tree.below_on(city, AreaKind::District, day(on)).len(), districts);
    }
}

#[test]
fn a_code_means_what_it_meant_on_the_day() {
    let tree = declared();
    let name = |code: &str, on: &str| tree.on(code, day(on)).map(|ix| tree.area(ix).name.as_str());
    assert_eq!(name("769", "2020-12-31"), Some("Quận 2"));
    assert_eq!(name("769", "2021-01-01"), Some("Thành phố Thủ Đức"));
    assert_eq!(name("762", "2021-01-01"), None);
    assert_eq!(name("26740", "2025-06-30"), Some("Phường Bến Nghé"));
    assert_eq!(name("26740", "2025-07-01"), Some("Phường Sài Gòn"));
    assert_ne!(tree.on("79", day("2025-06-30")), tree.on("79", day("2025-07-01")));
}

#[test]
fn wards_of_the_districts_are_as_counted() {
    // Wards 2021-24 and 2025H1 per district, from the statistics office's list.
    let tree = declared();
    for (code, before, after) in [("760", 10, 10), ("764", 16, 12), ("765", 20, 15), ("769", 34, 34), ("776", 16, 10)] {
        let count = |on: &str| tree.below_on(tree.on(code, day(on)).unwrap(), AreaKind::Ward, day(on)).len();
        assert_eq!((count("2024-06-30"), count("2025-03-31")), (before, after), "{code}");
    }
}

#[test]
fn lineage_follows_the_acts() {
    let tree = declared();
    let to = |code: &str, on: &str, target: &str| -> Vec<(String, f64, bool)> {
        tree.lineage_to(tree.on(code, day(on)).unwrap(), day(target))
            .into_iter()
            .map(|(ix, w, assumed)| (tree.area(ix).name.clone(), w, assumed))
            .collect()
    };
    assert_eq!(to("769", "2020-06-30", "2022-01-01"), [("Thành phố Thủ Đức".into(), 1.0, false)]);
    assert_eq!(to("762", "2020-06-30", "2022-01-01"), [("Thành phố Thủ Đức".into(), 1.0, false)]);
    assert_eq!(to("26740", "2025-01-31", "2025-12-31"), [("Phường Sài Gòn".into(), 1.0, false)]);
    // Đa Kao is divided between Sài Gòn and Tân Định.
    assert_eq!(
        to("26737", "2022-01-01", "2025-12-31"),
        [("Phường Tân Định".into(), 0.5, true), ("Phường Sài Gòn".into(), 0.5, true)]
    );
    // Phường 10 of Quận 3 went into Phường 9, which went into Nhiêu Lộc.
    assert_eq!(to("27145", "2022-01-01", "2025-01-31"), [("Phường 9".into(), 1.0, false)]);
    assert_eq!(to("27145", "2022-01-01", "2025-12-31"), [("Phường Nhiêu Lộc".into(), 1.0, false)]);
    // Districts end without a successor.
    assert_eq!(to("760", "2025-01-31", "2025-12-31"), []);
}

#[test]
fn every_ward_of_the_old_city_goes_somewhere_whole() {
    let tree = declared();
    for (source, target) in [("2024-12-31", "2025-01-01"), ("2025-06-30", "2025-07-01"), ("2021-01-01", "2025-12-31")] {
        let mut reached = std::collections::BTreeSet::new();
        for ward in tree.of_kind_on(AreaKind::Ward, day(source)) {
            let edges = tree.lineage_to(ward, day(target));
            let sum: f64 = edges.iter().map(|(_, w, _)| w).sum();
            assert!((sum - 1.0).abs() < 1e-12, "{} {source} {sum}", tree.area(ward).code);
            reached.extend(edges.into_iter().map(|(ix, _, _)| ix));
        }
        let expected = if target < "2025-07-01" { 273 } else { 102 };
        assert_eq!(reached.len(), expected, "{target}");
    }
}

#[test]
fn what_an_area_is_made_of_is_the_lineage_turned_around() {
    let tree = declared();
    let (old, new) = (day("2024-06-30"), day("2025-09-30"));
    let mut given: std::collections::BTreeMap<AreaIx, f64> = Default::default();
    for target in tree.of_kind_on(AreaKind::Ward, new) {
        for member in tree.members_of(target, new, old) {
            assert!(tree.lineage_to(member.area, new).contains(&(target, member.weight, member.assumed)));
            *given.entry(member.area).or_default() += member.weight;
        }
    }
    assert_eq!(given.len(), 312);
    assert!(given.values().all(|sum| (sum - 1.0).abs() < 1e-12));
    // Phường 12 of Quận 3 lived on and took in Phường 13 on 1/1/2025.
    let ward_12 = tree.on("27130", old).unwrap();
    let codes = |target_day: &str| -> Vec<&str> {
        tree.members_of(ward_12, day(target_day), old).iter().map(|m| tree.area(m.area).code.as_str()).collect()
    };
    assert_eq!(codes("2024-12-31"), ["27130"]);
    assert_eq!(codes("2025-01-01"), ["27130", "27136"]);
}

#[test]
fn a_merger_is_not_undone_but_a_rename_is() {
    let tree = declared();
    let (old, new) = (day("2024-06-30"), day("2025-03-31"));
    assert!(tree.members_of(tree.on("27130", old).unwrap(), old, new).is_empty(), "it holds Phường 13 now");
    assert!(tree.members_of(tree.on("27145", old).unwrap(), old, new).is_empty());
    // Phường 02 of Tân Bình only lost its zero.
    let renamed = tree.members_of(tree.on("26965", old).unwrap(), old, new);
    assert_eq!(renamed, [Contribution { area: tree.on("26965", new).unwrap(), weight: 1.0, assumed: false }]);
    assert!(tree.members_of(tree.on("79", new).unwrap(), new, day("2025-12-31")).is_empty(), "the new city is larger");
}

#[test]
fn finds_areas_as_people_write_them() {
    let tree = declared();
    let find = |name: &str, on: &str| tree.find_by_name(name, None, day(on)).map(|ix| tree.area(ix).code.as_str());
    for (name, on, code) in [
        ("Q.1", "2022-05-31", "760"),
        ("Quận 01", "2022-05-31", "760"),
        ("quan 10", "2022-05-31", "771"),
        ("Q2", "2020-05-31", "769"),
        ("TP. Thủ Đức", "2022-05-31", "769"),
        ("Thủ Ðức", "2020-05-31", "762"),
        ("H. Cần Giờ", "2022-05-31", "787"),
        ("can gio", "2022-05-31", "787"),
        ("Xã Thanh An", "2025-07-31", "25807"),
        ("Bình Thạnh", "2022-05-31", "765"),
        ("P. Bến Nghé", "2022-05-31", "26740"),
        ("P.01, Q.3", "2022-05-31", "27160"),
        ("Phường Hiệp Tân, Quận Tân Phú, TP.HCM", "2022-05-31", "27037"),
        ("Phường Bình Hưng Hòa A", "2022-05-31", "27439"),
        ("Xã Qui Đức", "2022-05-31", "27640"),
        ("TP.HCM", "2022-05-31", "79"),
        ("Toàn thành phố", "2022-05-31", "79"),
        ("Thành phố Hồ Chí Minh", "2022-05-31", "79"),
        ("Cả nước", "2022-05-31", "VN"),
        ("Phường Sài Gòn", "2025-07-31", "26740"),
    ] {
        assert_eq!(find(name, on), Ok(code), "{name}");
    }
    let message = |name: &str, on: &str| find(name, on).unwrap_err().to_string();
    assert_eq!(message("Quận 2", "2022-05-31"), "no area \"Quận 2\" exists on 2022-05-31");
    assert_eq!(message("1", "2022-05-31"), "no area \"1\" exists on 2022-05-31");
    assert!(message("Gò Vắp", "2022-05-31").ends_with("(is it \"Quận Gò Vấp\"?)"));
    assert!(message("Phường Bình An, Q.1", "2022-05-31").contains("no area \"Phường Bình An\""));
    assert!(matches!(find("Xa Thanh An", "2025-07-31"), Err(AreaNameError::Ambiguous { .. })));
    assert!(matches!(find("Phường 1", "2022-05-31"), Err(AreaNameError::Ambiguous { .. })));
    let third = tree.on("770", day("2022-05-31"));
    assert_eq!(
        tree.find_by_name("Phường 1", third, day("2022-05-31")),
        Ok(tree.on("27160", day("2022-05-31")).unwrap())
    );
}

#[test]
fn every_declared_name_finds_its_area() {
    let tree = declared();
    for on in ["2019-12-31", "2022-05-31", "2025-03-31", "2025-09-30"].map(day) {
        for (ix, area) in tree.indexed().filter(|(_, a)| a.is_valid_on(on)) {
            assert_eq!(tree.find_by_name(&area.name, tree.parent_on(ix, on), on), Ok(ix), "{} {on}", area.name);
            let typed = crate::domain::text::fold(&area.name);
            let found = tree.find_by_name(&typed, tree.parent_on(ix, on), on);
            assert!(found == Ok(ix) || matches!(found, Err(AreaNameError::Ambiguous { .. })), "{typed} {on}");
        }
    }
}

#[test]
fn unsound_declarations_are_reported() {
    let city = || area("c", AreaKind::City, None, "2000-01-01", Some("2020-12-31"));
    let overlap = AreaTree::new(vec![city(), area("c", AreaKind::City, None, "2020-06-01", None)]);
    assert_eq!(overlap.unwrap_err().valid_from, day("2020-06-01"));
    assert!(AreaTree::new(vec![area("c", AreaKind::City, None, "2020-06-01", Some("2020-01-01"))]).is_err());

    let tree = AreaTree::new(vec![
        city(),
        area("d", AreaKind::District, Some("c"), "2000-01-01", None),
        area("e", AreaKind::District, Some("d"), "2000-01-01", Some("2019-12-31")),
        area("f", AreaKind::District, Some("c"), "2020-01-01", Some("2020-12-31")),
    ])
    .unwrap();
    assert!(matches!(
        tree.problems().as_slice(),
        [AreaProblem::ParentGone { code: d, .. }, AreaProblem::ParentLevel { code: e, .. }] if d == "d" && e == "e"
    ));
    let on = day("2020-01-01");
    let part = |weight| tree.change(on, ("e", "f"), ChangeKind::Part, (weight, true));
    assert!(matches!(part(1.5), Err(ChangeError::Weight { .. })));
    assert!(matches!(tree.change(on, ("d", "f"), ChangeKind::Merge, (1.0, false)), Err(ChangeError::From { .. })));
    assert!(matches!(tree.change(on, ("e", "x"), ChangeKind::Merge, (1.0, false)), Err(ChangeError::To { .. })));
    let half = part(0.5).unwrap();
    let with_half = tree.clone().with_changes(vec![half]);
    assert!(with_half.problems().contains(&AreaProblem::Shares { code: "e".into(), date: on, sum: 0.5 }));
}

proptest! {
    #[test]
    fn a_parent_exists_on_every_day_and_is_higher(offset in 0u64..3000) {
        let tree = declared();
        let on = day("2018-01-01") + chrono::Days::new(offset);
        for (ix, area) in tree.indexed().filter(|(_, a)| a.is_valid_on(on)) {
            match tree.parent_on(ix, on) {
                Some(parent) => {
                    prop_assert!(tree.area(parent).is_valid_on(on) && tree.area(parent).kind < area.kind);
                    prop_assert!(tree.below_on(parent, area.kind, on).contains(&ix));
                }
                None => prop_assert!(area.parent.is_none()),
            }
        }
    }
}
