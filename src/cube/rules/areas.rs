//! Roll-ups over areas: sums, published figures, residuals, stand-ins, incomplete coverage and its comparisons.

use crate::cube::fixture::*;
use crate::domain::AreaKind;

fn districts() -> crate::catalog::Catalog {
    catalog(vec![measure("x")], vec![(indicator("0101"), sum("x"))])
}

#[test]
fn a_city_without_its_own_figure_is_the_sum_of_its_districts() {
    let mut facts = months("x", "760", "2022-01", &[10.0]);
    facts.extend(months("x", "769", "2022-01", &[20.0]));
    facts.extend(months("x", "778", "2022-01", &[5.0]));
    let cube = cube(&districts(), facts);
    let city = total(&cube, "0101", "79", "2022-01");
    assert_eq!((city.value, city.complete, city.areas_present, city.areas_due), (35.0, true, 3, 3));
    assert_eq!(total(&cube, "0101", "769", "2022-01").value, 20.0);
    assert!(cell(&cube, "0101", "79-U", "_T", "2022-01").is_none());
}

#[test]
fn a_published_city_figure_wins_and_leaves_a_residual() {
    let mut facts = months("x", "760", "2022-01", &[10.0, 10.0]);
    facts.extend(months("x", "769", "2022-01", &[20.0, 20.0]));
    facts.extend(months("x", "778", "2022-01", &[5.0]));
    facts.extend(months("x", "79", "2022-01", &[40.0, 50.0]));
    let cube = cube(&districts(), facts);
    assert_eq!(total(&cube, "0101", "79", "2022-01").value, 40.0);
    assert_eq!(total(&cube, "0101", "79-U", "2022-01").value, 5.0);
    // In February a district is missing: the published figure is whole, what it leaves is unknown.
    let february = total(&cube, "0101", "79", "2022-02");
    assert_eq!((february.value, february.complete, february.areas_present, february.areas_due), (50.0, true, 3, 3));
    assert!(cell(&cube, "0101", "79-U", "_T", "2022-02").is_none());
}

#[test]
fn a_reported_residual_is_added_but_is_no_due_leaf() {
    let mut facts = months("x", "760", "2022-01", &[10.0]);
    facts.extend(months("x", "79-U", "2022-01", &[7.0, 7.0]));
    let cube = cube(&districts(), facts);
    let city = total(&cube, "0101", "79", "2022-01");
    assert_eq!((city.value, city.areas_present, city.areas_due, city.complete), (17.0, 1, 3, false));
    assert_eq!(total(&cube, "0101", "79-U", "2022-01").value, 7.0);
    assert!(cell(&cube, "0101", "79", "_T", "2022-02").is_none(), "a residual alone is no city figure");
}

/// A late district: 21 of 22, here 2 of 3. May 2022 has 760 and 769; it is compared with 760 and 769 of May 2021.
#[test]
fn an_incomplete_figure_is_compared_over_the_same_districts() {
    let mut facts = months("x", "760", "2021-04", &[9.0, 10.0]);
    facts.extend(months("x", "769", "2021-04", &[19.0, 20.0]));
    facts.extend(months("x", "778", "2021-04", &[100.0, 100.0]));
    facts.extend(months("x", "760", "2022-04", &[11.0, 12.0]));
    facts.extend(months("x", "769", "2022-04", &[21.0, 24.0]));
    facts.extend(months("x", "778", "2022-04", &[100.0]));
    let cube = cube(&districts(), facts);
    let may = total(&cube, "0101", "79", "2022-05");
    assert_eq!((may.value, may.areas_present, may.areas_due, may.complete), (36.0, 2, 3, false));
    assert_eq!(may.yoy_value, Some(30.0));
    assert_eq!(may.prev_value, Some(32.0), "April over the two districts of May");
    let april = total(&cube, "0101", "79", "2022-04");
    assert_eq!((april.value, april.yoy_value), (132.0, Some(128.0)));
    // The quarter so far: April whole, May paired.
    let quarter = total(&cube, "0101", "79", "2022-Q2");
    assert_eq!((quarter.value, quarter.periods_present, quarter.periods_due), (168.0, 2, 3));
    assert_eq!((quarter.areas_present, quarter.areas_due), (2, 3));
    assert_eq!((quarter.yoy_value, quarter.prev_value), (Some(158.0), None));
}

#[test]
fn a_whole_figure_is_not_compared_with_a_part() {
    let mut facts = months("x", "760", "2021-05", &[10.0]);
    for (area, value) in [("760", 11.0), ("769", 21.0), ("778", 5.0)] {
        facts.extend(months("x", area, "2022-05", &[value]));
    }
    let cube = cube(&districts(), facts);
    assert_eq!(total(&cube, "0101", "79", "2022-05").yoy_value, None);
    assert_eq!(total(&cube, "0101", "760", "2022-05").yoy_value, Some(10.0));
}

/// Three districts of 2020 merged into one in 2021: the city compares, the new district has no last year.
#[test]
fn a_merged_district_has_no_year_ago_but_its_city_has() {
    let mut facts = Vec::new();
    for (area, value) in [("760", 1.0), ("778", 2.0), ("762", 3.0), ("763", 4.0), ("769", 5.0)] {
        facts.extend(months("x", area, "2020-12", &[value]));
    }
    for (area, value) in [("760", 10.0), ("778", 20.0), ("769", 30.0)] {
        facts.extend(months("x", area, "2021-12", &[value]));
    }
    let cube = cube(&districts(), facts);
    let city = total(&cube, "0101", "79", "2021-12");
    assert_eq!((city.value, city.areas_due, city.yoy_value), (60.0, 3, Some(15.0)));
    assert_eq!(total(&cube, "0101", "79", "2020-12").areas_due, 5);
    assert_eq!(total(&cube, "0101", "769", "2020-12").value, 5.0);
    let merged = total(&cube, "0101", "769", "2021-12");
    assert_eq!((merged.value, merged.yoy_value), (30.0, None));
}

#[test]
fn a_district_stands_in_for_wards_that_are_not_reported() {
    let x = crate::domain::Measure { level: AreaKind::Ward, ..measure("x") };
    let shown = crate::domain::Indicator { level: AreaKind::Ward, ..indicator("0101") };
    let catalog = catalog(vec![x], vec![(shown, sum("x"))]);
    let mut facts = months("x", "26734", "2022-01", &[1.0]);
    facts.extend(months("x", "760", "2022-01", &[100.0]));
    facts.extend(months("x", "769", "2022-01", &[10.0]));
    let cube = cube(&catalog, facts);
    // 760 is reported and so is one of its wards: the ward counts in the city, the report for 760 itself.
    assert_eq!(total(&cube, "0101", "760", "2022-01").value, 100.0);
    let city = total(&cube, "0101", "79", "2022-01");
    assert_eq!((city.value, city.areas_present, city.areas_due), (11.0, 3, 5));
    assert_eq!(total(&cube, "0101", "26734", "2022-01").value, 1.0);
}

/// The stand-in of one year and the wards of the other cover the same leaves.
#[test]
fn stand_ins_pair_with_their_wards() {
    let x = crate::domain::Measure { level: AreaKind::Ward, ..measure("x") };
    let catalog = catalog(vec![x], vec![(indicator("0101"), sum("x"))]);
    let mut facts = months("x", "769", "2022-01", &[10.0]);
    facts.extend(months("x", "26791", "2021-01", &[3.0]));
    facts.extend(months("x", "26794", "2021-01", &[4.0]));
    facts.extend(months("x", "27475", "2021-01", &[50.0]));
    let cube = cube(&catalog, facts);
    let city = total(&cube, "0101", "79", "2022-01");
    assert_eq!((city.value, city.areas_present, city.yoy_value), (10.0, 2, Some(7.0)));
}

#[test]
fn the_nation_is_shown_where_it_is_reported_and_never_summed() {
    let mut facts = months("x", "760", "2022-01", &[10.0]);
    facts.extend(months("x", "VN", "2022-01", &[1000.0]));
    let cube = cube(&districts(), facts);
    assert_eq!(total(&cube, "0101", "VN", "2022-01").value, 1000.0);
    assert_eq!(total(&cube, "0101", "79", "2022-01").value, 10.0);
}

/// Insured over inhabitants, both by district: 2 of 4, 3 of 5 and 5 of 11 make 10 of 20 in April and May. In June `late`
/// lists the measures that 778 did not hand in.
fn insured(late: &[&str]) -> crate::cube::CubeData {
    let catalog = catalog(
        vec![measure("insured"), measure("people")],
        vec![
            (indicator("0708"), ratio(100.0, last("insured"), last("people"))),
            (indicator("0709"), ratio(100.0, sum("insured"), sum("people"))),
            (indicator("0101"), sum("insured")),
        ],
    );
    let mut facts = Vec::new();
    for (area, insured, people) in [("760", 2.0, 4.0), ("769", 3.0, 5.0), ("778", 5.0, 11.0)] {
        for (code, value) in [("insured", insured), ("people", people)] {
            let is_late = area == "778" && late.contains(&code);
            facts.extend(months(code, area, "2021-04", &[value; 3]));
            facts.extend(
                months(code, area, "2022-04", if is_late { &[1.0; 2] } else { &[1.0; 3] })
                    .into_iter()
                    .map(|f| crate::cube::Fact { value, ..f }),
            );
        }
    }
    cube(&catalog, facts)
}

#[test]
fn a_part_of_the_districts_over_all_of_them_is_no_figure() {
    let cube = insured(&["insured"]);
    for code in ["0708", "0709"] {
        assert!(cell(&cube, code, "79", "_T", "2022-06").is_none(), "5 of two districts over 20 of three");
        assert_eq!(total(&cube, code, "760", "2022-06").value, 50.0);
        assert_eq!(total(&cube, code, "769", "2022-06").value, 60.0);
        assert!(cell(&cube, code, "778", "_T", "2022-06").is_none());
        let quarter = total(&cube, code, "79", "2022-Q2");
        assert_eq!((quarter.value, quarter.periods_present, quarter.periods_due), (50.0, 2, 3));
        assert_eq!((quarter.areas_present, quarter.areas_due, quarter.complete), (3, 3, false));
        assert_eq!(quarter.yoy_value, Some(50.0));
        let may = total(&cube, code, "79", "2022-05");
        assert_eq!((may.value, may.complete, may.prev_value), (50.0, true, Some(50.0)));
    }
    // A formula that does not divide shows what is there, and says so.
    let june = total(&cube, "0101", "79", "2022-06");
    assert_eq!((june.value, june.areas_present, june.areas_due, june.prev_value), (5.0, 2, 3, Some(5.0)));
    assert_eq!(total(&cube, "0101", "79", "2022-Q2").value, 25.0);
}

/// 778 handed in neither: 5 of 9 over the two others, compared with the same two.
#[test]
fn a_ratio_over_the_same_part_of_the_districts_is_a_figure() {
    let cube = insured(&["insured", "people"]);
    let june = total(&cube, "0708", "79", "2022-06");
    assert_eq!((june.numerator, june.denominator, june.value), (Some(5.0), Some(9.0), 500.0 / 9.0));
    assert_eq!((june.areas_present, june.areas_due, june.complete), (2, 3, false));
    assert_eq!((june.yoy_value, june.prev_value), (Some(500.0 / 9.0), Some(500.0 / 9.0)));
    let quarter = total(&cube, "0709", "79", "2022-Q2");
    assert_eq!((quarter.numerator, quarter.denominator, quarter.periods_present), (Some(25.0), Some(49.0), 3));
}

/// Both are of two districts, but not of the same two.
#[test]
fn as_many_districts_are_not_the_same_districts() {
    let catalog = districts_over("people", crate::domain::Freq::M);
    let mut facts = months("insured", "760", "2022-01", &[2.0, 2.0]);
    facts.extend(months("insured", "769", "2022-01", &[3.0, 3.0]));
    facts.extend(months("people", "760", "2022-01", &[4.0, 4.0]));
    facts.extend(months("people", "778", "2022-01", &[11.0]));
    facts.extend(months("people", "769", "2022-02", &[6.0]));
    let cube = cube(&catalog, facts);
    assert!(cell(&cube, "0708", "79", "_T", "2022-01").is_none());
    assert_eq!(total(&cube, "0708", "79", "2022-02").value, 50.0);
}

/// A carried denominator is looked at in the year it is carried from; one published for the city has no leaves.
#[test]
fn a_carried_or_published_denominator_must_cover_the_same_districts() {
    let catalog = districts_over("people", crate::domain::Freq::A);
    let mut facts = months("insured", "760", "2022-01", &[2.0, 2.0]);
    facts.extend(months("insured", "769", "2022-01", &[3.0, 3.0]));
    facts.extend(months("insured", "778", "2022-02", &[5.0]));
    facts.push(fact("people", "760", "_T", "2021", 4.0));
    facts.push(fact("people", "769", "_T", "2021", 6.0));
    let part = cube(&catalog, facts.clone());
    assert_eq!(total(&part, "0708", "79", "2022-01").value, 50.0);
    assert!(cell(&part, "0708", "79", "_T", "2022-02").is_none(), "three districts over two");
    facts.push(fact("people", "79", "_T", "2021", 20.0));
    let published = cube(&catalog, facts);
    assert!(cell(&published, "0708", "79", "_T", "2022-01").is_none(), "two districts over the city");
    assert_eq!(total(&published, "0708", "79", "2022-02").value, 50.0);
}

fn districts_over(people: &str, freq: crate::domain::Freq) -> crate::catalog::Catalog {
    let people_of = crate::domain::Measure { freq, carry_forward: 1, ..measure(people) };
    catalog(vec![measure("insured"), people_of], vec![(indicator("0708"), ratio(100.0, last("insured"), last(people)))])
}

/// The last months of both quarters are whole; a district is late in the middle of the earlier one.
#[test]
fn every_month_of_a_comparison_is_paired_not_only_the_last() {
    let catalog = catalog(vec![measure("x")], vec![(indicator("0101"), last("x"))]);
    let mut facts = Vec::new();
    for area in ["760", "769", "778"] {
        facts.extend(months("x", area, "2022-01", &[1.0; 6]));
    }
    assert_eq!(total(&cube(&catalog, facts.clone()), "0101", "79", "2022-Q2").prev_value, Some(3.0));
    facts.retain(|f| !(&*f.area == "778" && f.period.to_string() == "2022-02"));
    assert_eq!(total(&cube(&catalog, facts), "0101", "79", "2022-Q2").prev_value, None);
}
