//! Breakdowns, authorities, weighted means and what a figure is made of.

use crate::catalog::Catalog;
use crate::catalog::formula::TimeAggregate;
use crate::cube::fixture::*;
use crate::cube::inputs::{Fact, Inputs};
use crate::cube::{CubeData, Question, Role, inputs_of};
use crate::domain::{AreaKind, AreaRule, Breakdown, Freq, Indicator, Measure, MeasureKind};

fn shown_by(code: &str, dimensions: &[&str]) -> Indicator {
    Indicator { dimensions: dimensions.iter().map(|d| d.to_string()).collect(), ..indicator(code) }
}

fn by_channel(code: &str) -> Measure {
    Measure { dimensions: vec!["channel".to_owned()], ..measure(code) }
}

/// 30 of 100 cases came by the app: the share divides by all, the plain ratio by the app's own.
#[test]
fn a_marked_reference_takes_the_member_and_the_others_the_total() {
    let catalog = catalog(
        vec![by_channel("received"), by_channel("closed")],
        vec![
            (shown_by("1412", &["channel"]), ratio(100.0, sum("received|channel"), sum("received"))),
            (shown_by("1404", &["channel"]), ratio(100.0, sum("closed"), sum("received"))),
        ],
    );
    let facts = vec![
        fact("received", "760", "_T", "2022-01", 100.0),
        fact("received", "760", "channel=app", "2022-01", 30.0),
        fact("closed", "760", "_T", "2022-01", 80.0),
        fact("closed", "760", "channel=app", "2022-01", 15.0),
    ];
    let cube = cube(&catalog, facts);
    assert_eq!(cell(&cube, "1412", "760", "channel=app", "2022-01").unwrap().value, 30.0);
    assert_eq!(total(&cube, "1412", "760", "2022-01").value, 100.0);
    assert_eq!(cell(&cube, "1404", "760", "channel=app", "2022-01").unwrap().value, 50.0);
    assert_eq!(total(&cube, "1404", "760", "2022-01").value, 80.0);
}

#[test]
fn a_total_is_reported_never_added_up_from_members() {
    let catalog = catalog(vec![by_channel("x")], vec![(shown_by("0101", &["channel"]), sum("x"))]);
    let facts =
        vec![fact("x", "760", "channel=app", "2022-01", 30.0), fact("x", "760", "channel=call", "2022-01", 70.0)];
    let cube = cube(&catalog, facts);
    assert_eq!(cell(&cube, "0101", "760", "channel=app", "2022-01").unwrap().value, 30.0);
    assert!(cell(&cube, "0101", "760", "_T", "2022-01").is_none());
}

/// A measure without the dimension enters with its total: cases by channel over all inhabitants.
#[test]
fn a_measure_without_the_dimension_enters_with_its_total() {
    let catalog = catalog(
        vec![by_channel("cases"), measure("pop")],
        vec![(shown_by("1413", &["channel"]), ratio(1.0, sum("cases"), avg("pop")))],
    );
    let facts = vec![
        fact("cases", "760", "channel=app", "2022-01", 30.0),
        fact("pop", "760", "_T", "2022-01", 10.0),
        fact("pop", "760", "channel=app", "2022-01", 1.0),
    ];
    assert_eq!(cell(&cube(&catalog, facts), "1413", "760", "channel=app", "2022-01").unwrap().value, 3.0);
}

#[test]
fn an_authority_has_its_own_figures_and_no_share_of_others() {
    let catalog = catalog(
        vec![measure("on_time"), measure("all")],
        vec![(indicator("1415"), ratio(100.0, sum("on_time"), sum("all")))],
    );
    let facts = vec![
        fact("on_time", "79", "so_yt@_T", "2022-01", 9.0),
        fact("all", "79", "so_yt@_T", "2022-01", 10.0),
        fact("on_time", "79", "so_xd@_T", "2022-01", 9.0),
        fact("all", "79", "_T", "2022-01", 100.0),
    ];
    let cube = cube(&catalog, facts);
    assert_eq!(cell(&cube, "1415", "79", "so_yt@_T", "2022-01").unwrap().value, 90.0);
    assert!(cell(&cube, "1415", "79", "so_xd@_T", "2022-01").is_none());
    assert_eq!(cube.block("1415").unwrap().all_series().len(), 1);
}

fn index_of_industries() -> (Catalog, CubeData, Inputs) {
    let city = |code: &str| Measure {
        components: Some("industry2".to_owned()),
        kind: MeasureKind::Index,
        ..city_measure(code, Freq::M)
    };
    let weight = Measure { freq: Freq::A, carry_forward: 5, ..city("w") };
    let shown = Indicator { level: AreaKind::City, ..shown_by("0901", &["industry1", "industry2"]) };
    let catalog = catalog(vec![city("iip"), weight], vec![(shown, wmean(Some(TimeAggregate::Avg), "iip", "w"))]);
    let mut facts: Vec<Fact> = Vec::new();
    for (member, weight, values) in
        [("a1", 2.0, [110.0, 120.0]), ("a2", 1.0, [90.0, 120.0]), ("b1", 1.0, [100.0, 140.0])]
    {
        let slice = format!("industry2={member}");
        facts.push(fact("w", "79", &slice, "2020", weight));
        facts.push(fact("iip", "79", &slice, "2022-01", values[0]));
        facts.push(fact("iip", "79", &slice, "2022-02", values[1]));
    }
    // A member without a weight does not count.
    facts.push(fact("iip", "79", "industry2=c9", "2022-01", 1.0));
    let inputs = Inputs::build(&catalog, facts.clone(), []);
    let cube = cube(&catalog, facts);
    (catalog, cube, inputs)
}

/// January (2·110 + 90 + 100) / 4 = 102.5, February (2·120 + 120 + 140) / 4 = 125; A alone 310/3 and 120.
#[test]
fn an_index_is_the_weighted_mean_of_its_components() {
    let (_, cube, _) = index_of_industries();
    assert_eq!(total(&cube, "0901", "79", "2022-01").value, 102.5);
    let quarter = total(&cube, "0901", "79", "2022-Q1");
    assert_eq!((quarter.value, quarter.periods_present, quarter.numerator), (113.75, 2, None));
    assert_eq!(cell(&cube, "0901", "79", "industry1=A", "2022-01").unwrap().value, 310.0 / 3.0);
    assert_eq!(cell(&cube, "0901", "79", "industry1=B", "2022-02").unwrap().value, 140.0);
    assert_eq!(cell(&cube, "0901", "79", "industry2=a2", "2022-01").unwrap().value, 90.0);
    assert!(cell(&cube, "0901", "79", "industry2=c9", "2022-01").is_none());
}

#[test]
fn the_components_and_their_weights_explain_an_index() {
    let (catalog, _, inputs) = index_of_industries();
    let of_a: Breakdown = "industry1=A".parse().unwrap();
    let question =
        Question { indicator: "0901", area: "79", org: "_T", breakdown: &of_a, period: "2022-01".parse().unwrap() };
    let used: Vec<_> = inputs_of(&catalog, &inputs, question)
        .into_iter()
        .map(|u| (u.measure, u.breakdown.to_string(), u.period.to_string(), u.value, u.role))
        .collect();
    let row = |m: &str, b: &str, p: &str, v, role| (m.to_owned(), format!("industry2={b}"), p.to_owned(), v, role);
    assert_eq!(
        used,
        [
            row("iip", "a1", "2022-01", 110.0, Role::Value),
            row("w", "a1", "2020", 2.0, Role::Weight),
            row("iip", "a2", "2022-01", 90.0, Role::Value),
            row("w", "a2", "2020", 1.0, Role::Weight),
        ]
    );
}

/// PM2.5 by station, weighted by valid hours: districts 760 (one station) and 778 (two); 769 has none.
#[test]
fn a_mean_over_stations_keeps_pairs_to_the_end() {
    let station = |code: &str| Measure {
        components: Some("channel".to_owned()),
        kind: MeasureKind::Rate,
        area_rule: AreaRule::WeightedMean,
        ..measure(code)
    };
    let shown = shown_by("2002", &["channel"]);
    let catalog = catalog(vec![station("pm"), station("hours")], vec![(shown, wmean(None, "pm", "hours"))]);
    let mut facts = Vec::new();
    for (area, member, month, value, hours) in [
        ("760", "s1", "2022-01", 40.0, 100.0),
        ("778", "s2", "2022-01", 20.0, 300.0),
        ("778", "s3", "2022-01", 30.0, 100.0),
        ("778", "s2", "2022-02", 10.0, 500.0),
        ("760", "s1", "2021-01", 50.0, 100.0),
        ("778", "s2", "2021-01", 10.0, 100.0),
    ] {
        facts.push(fact("pm", area, &format!("channel={member}"), month, value));
        facts.push(fact("hours", area, &format!("channel={member}"), month, hours));
    }
    let cube = cube(&catalog, facts);
    let city = total(&cube, "2002", "79", "2022-01");
    assert_eq!((city.value, city.numerator, city.denominator), (26.0, Some(13_000.0), Some(500.0)));
    assert_eq!((city.areas_present, city.areas_due), (2, 3));
    assert_eq!(city.yoy_value, None, "station s3 has no last year and the city is incomplete");
    assert_eq!(total(&cube, "2002", "778", "2022-01").value, 22.5);
    // Over the quarter: 13,000 + 5,000 over 500 + 500 hours, not the mean of 26 and 10.
    assert_eq!(total(&cube, "2002", "79", "2022-Q1").value, 18.0);
    // Last year's whole district against its whole self: 10 over the one station it had.
    assert_eq!(total(&cube, "2002", "778", "2022-01").yoy_value, Some(10.0));
}

/// A city made of its districts is explained by them; March, a part of them over the whole city, is not in the figure.
#[test]
fn a_ratio_is_explained_by_its_reported_parts() {
    let catalog = catalog(
        vec![measure("a"), Measure { freq: Freq::A, carry_forward: 1, ..measure("b") }],
        vec![(indicator("0708"), ratio(100.0, sum("a"), avg("b")))],
    );
    let facts = vec![
        fact("a", "760", "_T", "2022-01", 1.0),
        fact("a", "778", "_T", "2022-01", 2.0),
        fact("a", "769", "_T", "2022-01", 4.0),
        fact("a", "760", "_T", "2022-02", 5.0),
        fact("a", "778", "_T", "2022-02", 3.0),
        fact("a", "769", "_T", "2022-02", 6.0),
        fact("a", "778", "_T", "2022-03", 7.0),
        fact("b", "79", "_T", "2021", 50.0),
    ];
    let inputs = Inputs::build(&catalog, facts, []);
    let question = Question {
        indicator: "0708",
        area: "79",
        org: "_T",
        breakdown: &Breakdown::TOTAL,
        period: "2022-Q1".parse().unwrap(),
    };
    let used: Vec<_> = inputs_of(&catalog, &inputs, question)
        .into_iter()
        .map(|u| (u.measure, u.area.to_string(), u.period.to_string(), u.value, u.role))
        .collect();
    let row = |m: &str, a: &str, p: &str, v, role| (m.to_owned(), a.to_owned(), p.to_owned(), v, role);
    assert_eq!(
        used,
        [
            row("a", "760", "2022-01", 1.0, Role::Numerator),
            row("a", "769", "2022-01", 4.0, Role::Numerator),
            row("a", "778", "2022-01", 2.0, Role::Numerator),
            row("a", "760", "2022-02", 5.0, Role::Numerator),
            row("a", "769", "2022-02", 6.0, Role::Numerator),
            row("a", "778", "2022-02", 3.0, Role::Numerator),
            row("b", "79", "2021", 50.0, Role::Denominator),
        ]
    );
    let nothing = Question { period: "2023-Q1".parse().unwrap(), ..question };
    assert!(inputs_of(&catalog, &inputs, nothing).is_empty());
}
