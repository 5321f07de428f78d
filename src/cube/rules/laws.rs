//! Laws over random data. Values are small whole numbers where sums are compared, so that equality is exact.

use proptest::prelude::*;

use crate::catalog::Catalog;
use crate::catalog::formula::TimeAggregate;
use crate::cube::fixture::*;
use crate::cube::inputs::{Fact, FactChange, Inputs, TargetChange};
use crate::cube::{Cell, CubeData, compute, evaluate_one, refresh};
use crate::domain::{
    AreaKind, AreaRule, Freq, GeoRollup, Indicator, Measure, MeasureKind, ObsStatus, Period, Target, Vintage,
};

/// A catalogue with every kind of formula in it.
fn everything() -> Catalog {
    let with = |dimension: &str, m: Measure| Measure { dimensions: vec![dimension.to_owned()], ..m };
    let shown = |code: &str, dimension: &str| Indicator { dimensions: vec![dimension.to_owned()], ..indicator(code) };
    let at_city = |i: Indicator| Indicator { level: AreaKind::City, geo_rollup: GeoRollup::CityOnly, ..i };
    let component = |m: Measure| Measure { components: Some("industry2".to_owned()), ..m };
    let station = |m: Measure| Measure { area_rule: AreaRule::WeightedMean, kind: MeasureKind::Rate, ..component(m) };
    let ward = Measure { level: AreaKind::Ward, ..measure("ward") };
    let by_ward = Indicator { level: AreaKind::Ward, ..indicator("0103") };
    let pop = Measure { freq: Freq::A, carry_forward: 1, kind: MeasureKind::Stock, ..measure("pop") };
    let quarterly = Indicator { freq: Freq::Q, ..indicator("0106") };
    catalog(
        vec![
            with("channel", measure("x")),
            with("channel", measure("y")),
            ward,
            pop,
            city_measure("link", Freq::M),
            component(city_measure("iip", Freq::M)),
            component(Measure { carry_forward: 2, ..city_measure("w", Freq::A) }),
            station(measure("pm")),
            station(measure("hours")),
            Measure { level: AreaKind::City, area_rule: AreaRule::CityOnly, freq: Freq::Q, ..measure("grdp") },
        ],
        vec![
            (shown("0101", "channel"), sum("x")),
            (shown("0102", "channel"), ratio(100.0, sum("x|channel"), sum("y"))),
            (by_ward, ratio(10_000.0, sum("ward"), avg("pop"))),
            (indicator("0104"), ratio(100.0, ytd("x"), last("pop"))),
            (at_city(indicator("0105")), chain(TimeAggregate::Avg, "link")),
            (quarterly, ratio(1.0, sum("grdp"), sum("grdp@y-1"))),
            (at_city(shown("0107", "industry1")), wmean(Some(TimeAggregate::Avg), "iip", "w")),
            (shown("0108", "industry2"), wmean(None, "pm", "hours")),
            (at_city(Indicator { freq: Freq::A, ..indicator("0109") }), ratio(1.0, sum("grdp"), avg("pop"))),
            (Indicator { level: AreaKind::Ward, ..indicator("0110") }, sum("ward")),
        ],
    )
}

/// A fact that fits the catalogue: measure, area, slice and period are drawn together.
fn any_fact() -> impl Strategy<Value = Fact> {
    let districts = ["760", "778", "762", "763", "769", "79", "79-U", "VN"];
    let wards = ["26734", "26737", "26791", "26794", "27475", "760", "769", "79", "79-U"];
    let place = prop_oneof![
        (0usize..8, prop_oneof![Just("x"), Just("y")], prop_oneof![Just("_T"), Just("channel=app"), Just("so@_T")])
            .prop_map(move |(a, m, s)| (m, districts[a], s, Freq::M)),
        (0usize..9).prop_map(move |a| ("ward", wards[a], "_T", Freq::M)),
        (0usize..8).prop_map(move |a| ("pop", districts[a], "_T", Freq::A)),
        Just(("link", "79", "_T", Freq::M)),
        Just(("grdp", "79", "_T", Freq::Q)),
        prop_oneof![Just("industry2=a1"), Just("industry2=a2"), Just("industry2=b1")]
            .prop_flat_map(|s| { prop_oneof![Just(("iip", "79", s, Freq::M)), Just(("w", "79", s, Freq::A))] }),
        (prop_oneof![Just("760"), Just("778"), Just("769")], prop_oneof![Just("industry2=a1"), Just("industry2=b1")])
            .prop_flat_map(|(a, s)| prop_oneof![Just(("pm", a, s, Freq::M)), Just(("hours", a, s, Freq::M))]),
    ];
    let months = Period::month(2020, 7).unwrap().index()..Period::month(2022, 7).unwrap().index();
    (place, months, 1i32..1000, 0usize..5, 1i64..50).prop_map(|((m, area, slice, freq), month, value, status, at)| {
        let period = Period::from_index(Freq::M, month).to_freq(freq).unwrap();
        Fact {
            status: ObsStatus::ALL[status],
            vintage: Vintage::from_micros(at),
            ..fact(m, area, slice, &period.to_string(), f64::from(value) / 7.0)
        }
    })
}

pub(super) fn key(f: &Fact) -> (String, String, String, String, Period) {
    (f.measure.to_string(), f.area.to_string(), f.org.to_string(), f.breakdown.to_string(), f.period)
}

/// At most one fact per key, the last given.
pub(super) fn resolved(facts: impl IntoIterator<Item = Fact>) -> Vec<Fact> {
    let by_key: std::collections::BTreeMap<_, _> = facts.into_iter().map(|f| (key(&f), f)).collect();
    by_key.into_values().collect()
}

/// Every field, floats by their bits.
fn bits(cell: &Cell) -> String {
    let float = |v: f64| format!("{:016x}", v.to_bits());
    let optional = |v: Option<f64>| v.map_or("-".to_owned(), float);
    let variants = [
        cell.numerator,
        cell.denominator,
        cell.prev_value,
        cell.yoy_value,
        cell.ytd_value,
        cell.ytd_yoy_value,
        cell.dec_value,
        cell.target_value,
    ];
    let counts = (cell.periods_present, cell.periods_due, cell.areas_present, cell.areas_due, cell.carried);
    let flags = (cell.complete, cell.ytd_complete, cell.apportioned);
    let key = format!("{} {} {} {}", cell.area, cell.org, cell.breakdown, cell.period);
    let sure = (cell.status, cell.vintage);
    format!("{key} {} {:?} {counts:?} {flags:?} {sure:?}", float(cell.value), variants.map(optional))
}

pub(super) fn all_bits(cube: &CubeData) -> Vec<String> {
    cube.blocks.iter().flat_map(|(code, block)| block.cells().map(move |c| format!("{code} {}", bits(c)))).collect()
}

fn plan(period: &str, value: f64) -> Target {
    Target {
        indicator: "0101".to_owned(),
        area: "79".to_owned(),
        org: "_T".to_owned(),
        period: period.parse().unwrap(),
        value,
        vintage: Vintage::from_micros(1),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Refreshing after changes gives the same bits as computing everything from the changed facts.
    #[test]
    fn incremental_is_full_bit_for_bit(
        before in prop::collection::vec(any_fact(), 0..160),
        upserts in prop::collection::vec(any_fact(), 1..12),
        removed in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
        target in prop::option::of(1i32..100),
    ) {
        let catalog = everything();
        let before = resolved(before);
        let mut inputs = Inputs::build(&catalog, before.clone(), [plan("2021", 5.0)]);
        let cube = compute(&catalog, &inputs);
        let untouched = inputs.clone();
        let gone: Vec<Fact> =
            if before.is_empty() { Vec::new() } else { removed.iter().map(|i| i.get(&before).clone()).collect() };
        let mut changes: Vec<FactChange> = gone.iter().cloned().map(FactChange::Remove).collect();
        changes.extend(upserts.iter().cloned().map(FactChange::Upsert));
        let mut changed = inputs.apply(&changes);
        let mut targets = vec![plan("2021", 5.0)];
        if let Some(value) = target {
            targets = vec![plan("2022-05", f64::from(value))];
            let change = [TargetChange::Remove(plan("2021", 0.0)), TargetChange::Upsert(targets[0].clone())];
            changed.merge(inputs.apply_targets(&change));
        }
        let refreshed = refresh(&catalog, &cube, &inputs, &changed);

        let gone: Vec<_> = gone.iter().map(key).collect();
        let kept = before.iter().filter(|f| !gone.contains(&key(f))).cloned();
        let after = resolved(kept.chain(upserts));
        let full = compute(&catalog, &Inputs::build(&catalog, after, targets));
        prop_assert_eq!(all_bits(&refreshed), all_bits(&full));
        // A reader of the old snapshot sees nothing of it.
        prop_assert_eq!(all_bits(&compute(&catalog, &untouched)), all_bits(&cube));
    }

    /// One indicator alone is what it is among all.
    #[test]
    fn one_indicator_is_what_it_is_among_all(facts in prop::collection::vec(any_fact(), 0..120)) {
        let catalog = everything();
        let inputs = Inputs::build(&catalog, resolved(facts), []);
        let cube = compute(&catalog, &inputs);
        for (code, block) in &cube.blocks {
            prop_assert_eq!(&evaluate_one(&catalog, &inputs, code).unwrap(), &**block);
        }
    }

    /// Months to the year is months to quarters to the year.
    #[test]
    fn months_make_the_year_as_quarters_do(values in prop::collection::vec(-1000i32..1000, 12)) {
        let catalog = catalog(vec![measure("x")], vec![(indicator("0101"), sum("x"))]);
        let values: Vec<f64> = values.into_iter().map(f64::from).collect();
        let cube = cube(&catalog, months("x", "79", "2021-01", &values));
        let of = |period: &str| total(&cube, "0101", "79", period).value;
        prop_assert_eq!(of("2021"), values.iter().sum::<f64>());
        prop_assert_eq!(of("2021"), of("2021-Q1") + of("2021-Q2") + of("2021-Q3") + of("2021-Q4"));
    }

    /// Wards to the city is wards to districts to the city, complete or not.
    #[test]
    fn wards_make_the_city_as_districts_do(values in prop::collection::vec(prop::option::of(0i32..1000), 5)) {
        let ward = Measure { level: AreaKind::Ward, ..measure("x") };
        let catalog = catalog(vec![ward], vec![(indicator("0101"), sum("x"))]);
        let facts = WARDS.iter().zip(&values).filter_map(|((ward, _), v)| {
            v.map(|v| fact("x", ward, "_T", "2021-05", f64::from(v)))
        });
        let cube = cube(&catalog, facts.collect());
        let of = |area: &str| cell(&cube, "0101", area, "_T", "2021-05").map(|c| c.value);
        let districts: Vec<f64> = ["760", "769", "778"].iter().filter_map(|d| of(d)).collect();
        prop_assert_eq!(of("79"), (!districts.is_empty()).then(|| districts.iter().sum()));
        let present = values.iter().flatten().count() as u16;
        let city = cell(&cube, "0101", "79", "_T", "2021-05");
        prop_assert_eq!(city.map(|c| (c.areas_present, c.complete)), (present > 0).then_some((present, present == 5)));
    }

    /// A partial year is compared with exactly the same months of last year.
    #[test]
    fn a_partial_year_compares_with_the_same_months(present in prop::collection::vec(any::<bool>(), 12)) {
        let catalog = catalog(vec![city_measure("x", Freq::M)], vec![(indicator("0101"), sum("x"))]);
        let mut facts = months("x", "79", "2021-01", &(0..12).map(|m| f64::from(1 << m)).collect::<Vec<_>>());
        let now = months("x", "79", "2022-01", &[1.0; 12]);
        facts.extend(now.into_iter().zip(&present).filter(|(_, p)| **p).map(|(f, _)| f));
        let cube = cube(&catalog, facts);
        // Every month of last year is a power of two: the sum names its months.
        let same: i32 = present.iter().enumerate().filter(|(_, p)| **p).map(|(m, _)| 1 << m).sum();
        let year = cell(&cube, "0101", "79", "_T", "2022");
        prop_assert_eq!(year.and_then(|c| c.yoy_value), (same > 0).then(|| f64::from(same)));
    }

    /// Nothing is shown that was not there: a figure's vintage is that of a fact, and no older snapshot is touched.
    #[test]
    fn figures_are_no_newer_than_their_facts(facts in prop::collection::vec(any_fact(), 1..80), day in 1i64..50) {
        let catalog = everything();
        let as_of = Vintage::from_micros(day);
        let known: Vec<Fact> = resolved(facts).into_iter().filter(|f| f.vintage <= as_of).collect();
        let cube = cube(&catalog, known);
        prop_assert!(cube.blocks.values().flat_map(|b| b.cells()).all(|c| c.vintage <= as_of));
    }
}
