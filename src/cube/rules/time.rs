//! Aggregation over time: windows, carried values, ratios, chains, year to date, comparisons.

use crate::catalog::Catalog;
use crate::catalog::formula::TimeAggregate;
use crate::cube::fixture::*;
use crate::cube::inputs::{Fact, Inputs};
use crate::cube::{CubeData, compute};
use crate::domain::{AreaKind, Freq, Indicator, Measure, MeasureKind, ObsStatus, Target, Vintage};

fn city_indicator(code: &str, freq: Freq) -> Indicator {
    Indicator { freq, level: AreaKind::City, ..indicator(code) }
}

fn city_cube(
    measures: Vec<Measure>,
    indicators: Vec<(Indicator, crate::catalog::formula::Expr)>,
    facts: Vec<Fact>,
) -> (Catalog, CubeData) {
    let catalog = catalog(measures, indicators);
    let cube = cube(&catalog, facts);
    (catalog, cube)
}

#[test]
fn a_partial_quarter_is_partial_and_compares_with_the_same_months() {
    let mut facts = months("x", "79", "2021-04", &[100.0, 110.0, 120.0]);
    facts.extend(months("x", "79", "2022-04", &[130.0, 140.0]));
    let (_, cube) =
        city_cube(vec![city_measure("x", Freq::M)], vec![(city_indicator("0101", Freq::M), sum("x"))], facts);
    let quarter = total(&cube, "0101", "79", "2022-Q2");
    assert_eq!((quarter.value, quarter.complete), (270.0, false));
    assert_eq!((quarter.periods_present, quarter.periods_due), (2, 3));
    assert_eq!(quarter.yoy_value, Some(210.0));
    assert_eq!(total(&cube, "0101", "79", "2021-Q2").value, 330.0);
    let year = total(&cube, "0101", "79", "2022");
    assert_eq!((year.value, year.periods_present, year.yoy_value), (270.0, 2, Some(210.0)));
}

/// Population 2021 = 9000 (2022 not yet known), cases 90 and 180: the rate uses the carried population and says so.
#[test]
fn a_yearly_denominator_is_carried_forward_with_its_age() {
    let population = Measure { carry_forward: 2, kind: MeasureKind::Stock, ..city_measure("pop", Freq::A) };
    let mut facts = months("cases", "79", "2022-01", &[90.0, 180.0]);
    facts.extend(months("cases", "79", "2024-12", &[9.0]));
    facts.push(fact("pop", "79", "_T", "2021", 9000.0));
    let rate = ratio(10_000.0, sum("cases"), avg("pop"));
    let (_, cube) = city_cube(
        vec![city_measure("cases", Freq::M), population],
        vec![(city_indicator("1413", Freq::M), rate)],
        facts,
    );
    let january = total(&cube, "1413", "79", "2022-01");
    assert_eq!((january.value, january.carried), (100.0, 1));
    assert_eq!((january.numerator, january.denominator), (Some(90.0), Some(9000.0)));
    let quarter = total(&cube, "1413", "79", "2022-Q1");
    assert_eq!((quarter.value, quarter.numerator), (300.0, Some(270.0)));
    assert!(cell(&cube, "1413", "79", "_T", "2024-12").is_none(), "three years old is too old");
}

/// 0403: disbursed since January over the plan of the year, which is not carried into another year.
#[test]
fn a_year_to_date_rate_runs_since_january() {
    let plan = Measure { kind: MeasureKind::Stock, ..city_measure("plan", Freq::A) };
    let mut facts = months("paid", "79", "2022-01", &[5.0, 10.0, 15.0]);
    facts.extend(months("paid", "79", "2021-01", &[4.0, 4.0, 4.0]));
    facts.extend(months("paid", "79", "2023-01", &[1.0]));
    facts.push(fact("plan", "79", "_T", "2022", 200.0));
    facts.push(fact("plan", "79", "_T", "2021", 100.0));
    let (_, cube) = city_cube(
        vec![city_measure("paid", Freq::M), plan],
        vec![(city_indicator("0403", Freq::M), ratio(100.0, ytd("paid"), last("plan")))],
        facts,
    );
    let march = total(&cube, "0403", "79", "2022-03");
    assert_eq!((march.value, march.yoy_value, march.prev_value), (15.0, Some(12.0), Some(7.5)));
    assert_eq!((march.numerator, march.denominator), (Some(30.0), Some(200.0)));
    assert_eq!((march.periods_present, march.periods_due), (3, 3));
    let quarter = total(&cube, "0403", "79", "2022-Q1");
    assert_eq!((quarter.value, quarter.complete), (15.0, true));
    let year = total(&cube, "0403", "79", "2022");
    assert_eq!((year.value, year.periods_present, year.periods_due), (15.0, 3, 12));
    assert!(cell(&cube, "0403", "79", "_T", "2022-04").is_none(), "nothing was reported in April");
    assert!(cell(&cube, "0403", "79", "_T", "2023-01").is_none(), "no plan for 2023");
}

/// Links 101 (Jan 2022), 102 (Feb 2022), 98 (Dec 2021): rebased to December 2021 = 100.
#[test]
fn a_chain_is_rebased_to_last_december() {
    let link = Measure { kind: MeasureKind::Link, ..city_measure("link", Freq::M) };
    let links = [100.0, 100.0, 100.0, 100.0, 100.0, 100.0, 100.0, 100.0, 100.0, 100.0, 110.0, 98.0, 101.0, 102.0];
    let (_, cube) = city_cube(
        vec![link],
        vec![
            (city_indicator("0903", Freq::M), chain(TimeAggregate::Avg, "link")),
            (city_indicator("0904", Freq::M), chain(TimeAggregate::Last, "link")),
        ],
        months("link", "79", "2021-01", &links),
    );
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} {b}");
    let february = total(&cube, "0903", "79", "2022-02");
    close(february.value, 101.0 * 1.02);
    close(february.prev_value.unwrap(), 101.0);
    close(february.dec_value.unwrap(), 100.0);
    // February 2021 on the base December 2021: 100 / (1.10 * 0.98).
    close(february.yoy_value.unwrap(), 100.0 / 1.078);
    close(february.ytd_value.unwrap(), (101.0 + 101.0 * 1.02) / 2.0);
    close(total(&cube, "0904", "79", "2022-Q1").value, 101.0 * 1.02);
    // December 2021 is shown on its own base, December 2020.
    close(total(&cube, "0903", "79", "2021-12").value, 107.8);
    close(total(&cube, "0903", "79", "2022-01").prev_value.unwrap(), 100.0);
}

#[test]
fn growth_at_constant_prices_needs_the_year_before() {
    let growth = {
        use crate::catalog::formula::{Expr, Op};
        let relative = Expr::Binary(Op::Div, Box::new(sum("g")), Box::new(sum("g@y-1")));
        let less_one = Expr::Binary(Op::Sub, Box::new(relative), Box::new(Expr::Number(1.0)));
        Expr::Binary(Op::Mul, Box::new(Expr::Number(100.0)), Box::new(less_one))
    };
    let facts = ["2020-Q1", "2021-Q1", "2022-Q1"]
        .into_iter()
        .zip([80.0, 100.0, 150.0])
        .map(|(period, value)| fact("g", "79", "_T", period, value))
        .collect();
    let (_, cube) = city_cube(vec![city_measure("g", Freq::Q)], vec![(city_indicator("0503", Freq::Q), growth)], facts);
    assert!(cell(&cube, "0503", "79", "_T", "2020-Q1").is_none());
    let shown = total(&cube, "0503", "79", "2022-Q1");
    assert_eq!((shown.value, shown.yoy_value, shown.denominator), (50.0, Some(25.0), None));
    assert_eq!((total(&cube, "0503", "79", "2022").periods_present, shown.periods_due), (1, 1));
}

/// Output by quarter over employment by year: a part of the quarters over the whole year would be a wrong number.
#[test]
fn two_frequencies_meet_only_when_both_are_whole() {
    let employed = Measure { kind: MeasureKind::Stock, ..city_measure("employed", Freq::A) };
    let quarters = ["2021-Q1", "2021-Q2", "2021-Q3", "2021-Q4", "2022-Q1"];
    let mut facts: Vec<Fact> = quarters.iter().map(|q| fact("grdp", "79", "_T", q, 300.0)).collect();
    facts.push(fact("employed", "79", "_T", "2021", 4.0));
    facts.push(fact("employed", "79", "_T", "2022", 4.0));
    let productivity = ratio(1.0, sum("grdp"), avg("employed"));
    let (_, cube) = city_cube(
        vec![city_measure("grdp", Freq::Q), employed],
        vec![(city_indicator("0204", Freq::A), productivity)],
        facts,
    );
    let year = total(&cube, "0204", "79", "2021");
    assert_eq!((year.value, year.periods_present, year.complete), (300.0, 4, true));
    assert!(cell(&cube, "0204", "79", "_T", "2022").is_none());
}

#[test]
fn since_january_and_against_the_same_months_of_last_year() {
    let mut facts = months("x", "79", "2021-01", &[1.0, 2.0, 3.0, 4.0]);
    facts.extend(months("x", "79", "2022-01", &[10.0]));
    facts.extend(months("x", "79", "2022-03", &[30.0]));
    let catalog = catalog(vec![city_measure("x", Freq::M)], vec![(city_indicator("0101", Freq::M), sum("x"))]);
    let plan = Target {
        indicator: "0101".to_owned(),
        area: "79".to_owned(),
        org: "_T".to_owned(),
        period: "2022".parse().unwrap(),
        value: 500.0,
        vintage: Vintage::from_micros(1),
    };
    let cube = compute(&catalog, &Inputs::build(&catalog, facts, [plan]));
    let march = total(&cube, "0101", "79", "2022-03");
    // February is missing: 10 + 30, against 1 + 3.
    assert_eq!((march.ytd_value, march.ytd_complete, march.ytd_yoy_value), (Some(40.0), false, Some(4.0)));
    assert_eq!((march.prev_value, march.target_value), (None, None));
    assert_eq!(total(&cube, "0101", "79", "2022").target_value, Some(500.0));
    let april = total(&cube, "0101", "79", "2021-04");
    assert_eq!((april.ytd_value, april.ytd_complete, april.prev_value), (Some(10.0), true, Some(3.0)));
}

#[test]
fn a_figure_is_as_unsure_as_its_least_sure_input() {
    let mut facts = months("x", "79", "2022-01", &[1.0, 2.0, 3.0]);
    facts[1].status = ObsStatus::E;
    facts[2].vintage = Vintage::from_micros(9);
    let (_, cube) =
        city_cube(vec![city_measure("x", Freq::M)], vec![(city_indicator("0101", Freq::M), sum("x"))], facts);
    let quarter = total(&cube, "0101", "79", "2022-Q1");
    assert_eq!((quarter.status, quarter.vintage), (ObsStatus::E, Vintage::from_micros(9)));
    assert_eq!(total(&cube, "0101", "79", "2022-01").status, ObsStatus::A);
}

/// 1 of 2 and 90 of 100: the ratio of sums is 91/102, the mean of the ratios would be 70 %.
#[test]
fn a_ratio_is_the_ratio_of_sums_not_the_mean_of_ratios() {
    let mut facts = months("on_time", "760", "2022-01", &[1.0]);
    facts.extend(months("closed", "760", "2022-01", &[2.0]));
    facts.extend(months("on_time", "769", "2022-01", &[90.0]));
    facts.extend(months("closed", "769", "2022-01", &[100.0]));
    let catalog = catalog(
        vec![measure("on_time"), measure("closed")],
        vec![(indicator("1404"), ratio(100.0, sum("on_time"), sum("closed")))],
    );
    let cube = cube(&catalog, facts);
    let city = total(&cube, "1404", "79", "2022-01").value;
    let mean = (total(&cube, "1404", "760", "2022-01").value + total(&cube, "1404", "769", "2022-01").value) / 2.0;
    assert_eq!((city, mean), (100.0 * 91.0 / 102.0, 70.0));
}

#[test]
fn nothing_over_zero_is_no_figure() {
    let mut facts = months("on_time", "79", "2022-01", &[0.0]);
    facts.extend(months("closed", "79", "2022-01", &[0.0]));
    let (_, cube) = city_cube(
        vec![city_measure("on_time", Freq::M), city_measure("closed", Freq::M)],
        vec![(city_indicator("1404", Freq::M), ratio(100.0, sum("on_time"), sum("closed")))],
        facts,
    );
    assert!(cube.block("1404").unwrap().is_empty());
}

/// February is missing: the level at the end of the first quarter is known, but the quarter is not whole.
#[test]
fn a_last_value_is_not_compared_with_a_period_with_gaps() {
    let mut facts = months("x", "79", "2022-01", &[1.0]);
    facts.extend(months("x", "79", "2022-03", &[3.0, 4.0, 5.0, 6.0]));
    facts.extend(months("x", "79", "2023-01", &[11.0, 12.0, 13.0, 14.0, 15.0, 16.0]));
    let (_, cube) =
        city_cube(vec![city_measure("x", Freq::M)], vec![(city_indicator("0701", Freq::M), last("x"))], facts);
    let second = total(&cube, "0701", "79", "2022-Q2");
    assert_eq!((second.value, second.prev_value), (6.0, None));
    let first = total(&cube, "0701", "79", "2023-Q1");
    assert_eq!((first.value, first.yoy_value), (13.0, None));
    let whole = total(&cube, "0701", "79", "2023-Q2");
    assert_eq!((whole.prev_value, whole.yoy_value), (Some(13.0), Some(6.0)));
    // From January to March against January and March; to June against all but February.
    assert_eq!((first.ytd_value, first.ytd_yoy_value, whole.ytd_yoy_value), (Some(13.0), None, None));
}

/// Links from January 2019: December 2018 is the base, but October and November 2018 have no level.
#[test]
fn a_base_month_alone_is_no_quarter_to_compare_a_chain_with() {
    let link = Measure { kind: MeasureKind::Link, ..city_measure("link", Freq::M) };
    let (_, cube) = city_cube(
        vec![link],
        vec![(city_indicator("0904", Freq::M), chain(TimeAggregate::Last, "link"))],
        months("link", "79", "2019-01", &[101.0; 6]),
    );
    assert_eq!(total(&cube, "0904", "79", "2019-01").prev_value, Some(100.0));
    assert_eq!(total(&cube, "0904", "79", "2019-Q1").prev_value, None);
    assert!(total(&cube, "0904", "79", "2019-Q2").prev_value.is_some());
}
