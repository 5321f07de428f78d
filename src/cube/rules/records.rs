//! Measures over records: zeros are values, a month that is not over is partial and compared with nothing, a quantile
//! comes from the records of every window.

use std::collections::BTreeMap;
use std::path::Path;

use crate::catalog::{self, Catalog};
use crate::cube::{
    CubeData, Inputs, QuantileRow, QuantileSlice, Quantiles, RecordSlice, Records, Running, Slice, compute, refresh,
};
use crate::domain::{Breakdown, Freq, ObsStatus, Period, TOTAL, Vintage};

fn shipped() -> Catalog {
    catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("indicators")).unwrap()
}

fn month(text: &str) -> i32 {
    text.parse::<Period>().unwrap().index()
}

fn total() -> Slice {
    Slice { org: TOTAL.into(), breakdown: Breakdown::TOTAL }
}

/// January 2021 to June 2022, the last month counted up to its 12th day: ten cases due every month, of which as many
/// were overdue as the month's number; Quận 1 had none.
fn records(catalog: &Catalog) -> Records {
    let (first, months) = (month("2021-01"), 18);
    let city = catalog.areas.spans("79").to_vec();
    let district = vec![catalog.areas.at("760", "2022-05".parse().unwrap()).unwrap()];
    let slice = |measure: &str, of: &dyn Fn(usize) -> f64| RecordSlice {
        measure: measure.into(),
        slice: total(),
        rows: vec![(city.clone(), (0..months).map(of).collect()), (district.clone(), vec![0.0; months])],
        provisional_from: i32::MAX,
    };
    let counts = vec![
        slice("cases_due", &|_| 10.0),
        slice("cases_overdue", &|k| (k % 12 + 1) as f64),
        slice("cases_received", &|_| 7.0),
    ];
    let quantiles = |median: f64| Quantiles { median, p90: 3.0 * median, count: 5 };
    let periods: BTreeMap<Period, Quantiles> =
        [("2021-05", 4.0), ("2022-05", 5.0), ("2022-04", 6.0), ("2022-Q2", 9.0), ("2022-06", 2.0)]
            .map(|(p, v)| (p.parse().unwrap(), quantiles(v)))
            .into();
    let to_date = [(month("2022-05"), quantiles(8.0)), (month("2021-05"), quantiles(7.0))].into();
    let rows = vec![QuantileRow { areas: city, periods, to_date }];
    Records {
        first,
        months,
        running: Some(Running { month: month("2022-06"), days: 12, days_due: 30 }),
        vintage: Vintage::start_of_day("2022-06-12".parse().unwrap()),
        counts,
        quantiles: vec![QuantileSlice { measure: "case_handling_hours".into(), slice: total(), rows }],
    }
}

fn figures() -> (Catalog, CubeData) {
    let catalog = shipped();
    let mut inputs = Inputs::build(&catalog, [], []);
    inputs.set_records(&records(&catalog));
    let cube = compute(&catalog, &inputs);
    (catalog, cube)
}

#[test]
fn a_share_of_records_is_a_ratio_of_sums_and_its_base_is_the_same_months() {
    let (_, cube) = figures();
    let overdue = cube.block("1405").unwrap();
    let may = overdue.cell("79", TOTAL, &Breakdown::TOTAL, "2022-05".parse().unwrap()).unwrap();
    assert_eq!((may.value, may.numerator, may.denominator), (50.0, Some(5.0), Some(10.0)));
    assert_eq!((may.complete, may.status, may.prev_value, may.yoy_value), (true, ObsStatus::A, Some(40.0), Some(50.0)));
    // (1 + 2 + 3) of 30.
    let first = overdue.cell("79", TOTAL, &Breakdown::TOTAL, "2022-Q1".parse().unwrap()).unwrap();
    assert_eq!((first.value, first.complete), (20.0, true));
    assert!(overdue.of_area("760").is_empty(), "a share of nothing is no figure");
}

#[test]
fn no_records_are_a_zero() {
    let (_, cube) = figures();
    let none = cube.block("1401").unwrap().cell("760", TOTAL, &Breakdown::TOTAL, "2022-05".parse().unwrap()).unwrap();
    assert_eq!((none.value, none.complete), (0.0, true));
}

#[test]
fn a_month_that_is_not_over_is_partial_and_compared_with_nothing() {
    let (_, cube) = figures();
    for (period, value) in [("2022-06", 60.0), ("2022-Q2", 50.0), ("2022", 35.0)] {
        let cell = cube.block("1405").unwrap().cell("79", TOTAL, &Breakdown::TOTAL, period.parse().unwrap()).unwrap();
        assert_eq!((cell.value, cell.complete), (value, false), "{period}");
        assert_eq!((cell.areas_present, cell.areas_due), (12, 30), "{period}");
        assert_eq!((cell.yoy_value, cell.prev_value, cell.ytd_yoy_value), (None, None, None), "{period}");
    }
    let june = cube.block("1405").unwrap().cell("79", TOTAL, &Breakdown::TOTAL, "2022-06".parse().unwrap()).unwrap();
    assert_eq!(june.status, ObsStatus::P);
}

#[test]
fn a_median_is_taken_as_it_was_counted() {
    let (_, cube) = figures();
    let median = cube.block("1407").unwrap();
    let may = median.cell("79", TOTAL, &Breakdown::TOTAL, "2022-05".parse().unwrap()).unwrap();
    assert_eq!((may.value, may.denominator, may.prev_value, may.yoy_value), (5.0, Some(5.0), Some(6.0), Some(4.0)));
    assert_eq!((may.ytd_value, may.ytd_yoy_value, may.ytd_complete), (Some(8.0), Some(7.0), true));
    let quarter = median.cell("79", TOTAL, &Breakdown::TOTAL, "2022-Q2".parse().unwrap()).unwrap();
    assert_eq!((quarter.value, quarter.complete, quarter.areas_present), (9.0, false, 12));
    let p90 = cube.block("1408").unwrap().series("79", TOTAL, &Breakdown::TOTAL, Freq::M);
    assert_eq!(p90.iter().map(|c| c.value).collect::<Vec<_>>(), [12.0, 18.0, 15.0, 6.0]);
}

#[test]
fn a_refresh_after_other_counts_gives_the_same_as_computing_everything() {
    let (catalog, before) = figures();
    let mut inputs = Inputs::build(&catalog, [], []);
    inputs.set_records(&records(&catalog));
    assert!(inputs.clone().set_records(&records(&catalog)).is_empty(), "the same counts change nothing");
    let mut other = records(&catalog);
    other.counts[1].rows[0].1[16] = 1.0;
    other.quantiles[0].rows[0].periods.remove(&"2022-04".parse().unwrap());
    let changed = inputs.set_records(&other);
    let refreshed = refresh(&catalog, &before, &inputs, &changed);
    assert_eq!(refreshed, compute(&catalog, &inputs));
    assert_ne!(refreshed, before);
    other.running = None;
    let changed = inputs.set_records(&other);
    assert_eq!(refresh(&catalog, &refreshed, &inputs, &changed), compute(&catalog, &inputs));
}
