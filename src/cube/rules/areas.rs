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
