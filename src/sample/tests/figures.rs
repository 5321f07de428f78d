//! The sample carries the published figures.

use super::super::anchors::{ANCHORS, Anchor, Figure};
use super::*;

/// The indicator's value over the months `first..=last`: a sum for flows, the mean level for indices, the level itself
/// for yearly stocks.
fn value(known: &Known<'_>, measure: &'static str, months: (i32, i32)) -> f64 {
    let monthly = |of: &dyn Fn(Period) -> f64| -> Vec<f64> {
        (months.0..=months.1).map(|i| of(Period::from_index(Freq::M, i))).collect()
    };
    let mean = |values: Vec<f64>| values.iter().sum::<f64>() / values.len() as f64;
    match (measure, catalog().measures[measure].freq) {
        ("iip_value", _) => mean(monthly(&|m| known.weighted("iip_value", "iip_weight", m))),
        ("cpi_value", _) => mean(monthly(&|m| known.weighted("cpi_value", "cpi_weight", m))),
        (_, Freq::M) => monthly(&|m| known.city(measure, m)).iter().sum(),
        (_, Freq::Q) => {
            (months.0 / 3..=months.1 / 3).map(|q| known.city(measure, Period::from_index(Freq::Q, q))).sum()
        }
        (_, Freq::A) => known.city(measure, Period::from_index(Freq::A, months.0 / 12)),
    }
}

/// What the anchor says, as the sample has it, and how far rounding may part them.
fn found(known: &Known<'_>, anchor: &Anchor) -> (f64, f64, f64) {
    let (first, last) = anchor.span.months();
    let now = value(known, anchor.measure, (first, last));
    let change = |first: i32, last: i32| (now / value(known, anchor.measure, (first, last)) - 1.0) * 100.0;
    // Rates are published with one decimal (industry) or two.
    let half = if anchor.measure == "iip_value" { 0.05 } else { 0.005 };
    match anchor.figure {
        Figure::Value(value) => (value, now, 1e-6),
        Figure::OnYear(rate) => (rate, change(first - 12, last - 12), half),
        Figure::OnMonth(rate) => (rate, change(first - 1, last - 1), half),
        Figure::OnDecember(rate) => {
            let december = first.div_euclid(12) * 12 - 1;
            (rate, change(december, december), half)
        }
    }
}

#[test]
fn every_published_figure_of_2019_to_2022_is_met() {
    let known = Known::of(&whole_2022().sample);
    let mut wrong = Vec::new();
    for anchor in ANCHORS {
        let (published, have, tolerance) = found(&known, anchor);
        if (published - have).abs() > tolerance {
            wrong.push(format!("{} {}: published {published}, sample {have}", anchor.indicator, anchor.span.label()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_ends_within_the_committed_sample_is_met_there_too() {
    let known = Known::of(&committed().sample);
    let end = SampleOptions::committed().to.index();
    let mut checked = 0;
    for anchor in ANCHORS.iter().filter(|a| a.span.months().1 <= end) {
        let (published, have, tolerance) = found(&known, anchor);
        assert!((published - have).abs() <= tolerance, "{} {}: {have}", anchor.indicator, anchor.span.label());
        checked += 1;
    }
    assert!(checked > 30, "{checked}");
}

#[test]
fn first_estimates_are_published_figures_where_a_figure_was_published() {
    // 57,757 is what the office said on 29 May 2022 about May.
    let may: Period = "2022-05".parse().unwrap();
    let told: Vec<(f64, ObsStatus)> = committed()
        .sample
        .truth
        .iter()
        .filter(|t| t.measure == "retail_goods" && t.period == may && t.breakdown.is_total())
        .map(|t| (t.value.unwrap(), t.status))
        .collect();
    assert_eq!(told, [(57_757.0, ObsStatus::E), (57_757.0, ObsStatus::A)]);
    let april: Period = "2022-04".parse().unwrap();
    let of_april = committed().sample.truth.iter().filter(|t| t.measure == "retail_goods" && t.period == april);
    let values: Vec<f64> = of_april.filter(|t| t.breakdown.is_total()).map(|t| t.value.unwrap()).collect();
    assert!(values.len() == 2 && values[0] != values[1], "an estimate is revised: {values:?}");
}

#[test]
fn the_lockdown_is_the_trough_and_the_rebound_follows() {
    let known = Known::of(&committed().sample);
    let of = |m: &str| known.city("retail_total", m.parse().unwrap());
    assert!(of("2021-08") < 0.6 * of("2021-04"));
    assert!(of("2022-05") > 1.8 * of("2021-08"));
    let domestic = |m: &str| known.city("visitors_domestic", m.parse().unwrap());
    assert!(domestic("2021-08") < 0.02 * domestic("2021-01"));
}
