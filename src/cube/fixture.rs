//! A small catalogue for the tests of this module, built in code so that every number in a test can be checked by hand.
//!
//! Areas: the city 79 with districts 760 and 778 throughout; 769 (Quận 2), 762 and 763 until 2020 become the new 769
//! (Thành phố Thủ Đức) in 2021. Wards since 2021: two in 760, two in 769, one in 778.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::inputs::{Fact, Inputs};
use super::{Cell, CubeData, compute};
use crate::catalog::formula::{Expr, Formula, MeasureRef, Op, Term, TimeAggregate};
use crate::catalog::{Catalog, Dimension, Member};
use crate::domain::area::{AreaChange, ChangeKind};
use crate::domain::case::DeadlineTable;
use crate::domain::{
    Area, AreaKind, AreaRule, AreaTree, Breakdown, Comparison, Direction, Freq, GeoRollup, Indicator, Measure,
    MeasureKind, ObsStatus, PeriodCalendar, Source, TimeRollup, Vintage, WorkCalendar,
};

/// Every comparison there is.
pub const ALL_COMPARISONS: [Comparison; 6] = [
    Comparison::PrevPeriod,
    Comparison::SamePeriodLastYear,
    Comparison::Ytd,
    Comparison::YtdVsLastYear,
    Comparison::VsDecLastYear,
    Comparison::VsPlan,
];

/// A monthly additive flow reported by districts.
pub fn measure(code: &str) -> Measure {
    Measure {
        code: code.to_owned(),
        name_vi: code.to_owned(),
        name_en: code.to_owned(),
        unit: "persons".to_owned(),
        kind: MeasureKind::Flow,
        area_rule: AreaRule::Sum,
        freq: Freq::M,
        level: AreaKind::District,
        dimensions: Vec::new(),
        weight: None,
        components: None,
        carry_forward: 0,
        calendar: PeriodCalendar::Month,
        published_for: None,
    }
}

/// A measure of the city only, at a frequency.
pub fn city_measure(code: &str, freq: Freq) -> Measure {
    Measure { freq, level: AreaKind::City, area_rule: AreaRule::CityOnly, ..measure(code) }
}

/// A monthly indicator for districts, with every comparison and every longer period.
pub fn indicator(code: &str) -> Indicator {
    Indicator {
        code: code.to_owned(),
        group: code[..2].to_owned(),
        name_vi: code.to_owned(),
        name_en: code.to_owned(),
        unit: "persons".to_owned(),
        source: Source::Department,
        owner: "so".to_owned(),
        freq: Freq::M,
        level: AreaKind::District,
        dimensions: Vec::new(),
        kind: "flow".to_owned(),
        formula_text: String::new(),
        geo_rollup: GeoRollup::Sum,
        month_to_quarter: TimeRollup::Sum,
        quarter_to_year: TimeRollup::Sum,
        quarter_defined: true,
        year_defined: true,
        comparisons: ALL_COMPARISONS.to_vec(),
        direction: Direction::Neutral,
        decimals: 1,
        warn_rules: Vec::new(),
        legal_basis: String::new(),
        definition_vi: String::new(),
        definition_en: String::new(),
        method_vi: None,
        method_en: None,
    }
}

/// A reference: `x`, `x@y-1`, `x|dimension`.
pub fn reference(text: &str) -> MeasureRef {
    let (text, years_back) = text.strip_suffix("@y-1").map_or((text, 0), |t| (t, 1));
    let (measure, displayed) = text.split_once('|').map_or((text, None), |(m, d)| (m, Some(d.to_owned())));
    MeasureRef { measure: measure.to_owned(), years_back, displayed }
}

fn aggregate(aggregate: TimeAggregate, x: &str) -> Expr {
    Expr::Aggregate(Some(aggregate), Term::Measure(reference(x)))
}

/// `sum(x)`
pub fn sum(x: &str) -> Expr {
    aggregate(TimeAggregate::Sum, x)
}

/// `avg(x)`
pub fn avg(x: &str) -> Expr {
    aggregate(TimeAggregate::Avg, x)
}

/// `last(x)`
pub fn last(x: &str) -> Expr {
    aggregate(TimeAggregate::Last, x)
}

/// `ytd(x)`
pub fn ytd(x: &str) -> Expr {
    aggregate(TimeAggregate::Ytd, x)
}

/// `wmean(x, w)`, bare or inside an aggregate.
pub fn wmean(outer: Option<TimeAggregate>, x: &str, w: &str) -> Expr {
    Expr::Aggregate(outer, Term::Wmean(reference(x), reference(w)))
}

/// `last(chain(x))` or `avg(chain(x))`.
pub fn chain(outer: TimeAggregate, x: &str) -> Expr {
    Expr::Aggregate(Some(outer), Term::Chain(reference(x)))
}

/// `factor * a / b`, read as `(factor * a) / b`.
pub fn ratio(factor: f64, a: Expr, b: Expr) -> Expr {
    let top = Expr::Binary(Op::Mul, Box::new(Expr::Number(factor)), Box::new(a));
    Expr::Binary(Op::Div, Box::new(top), Box::new(b))
}

/// Areas as described at the head of this file.
pub fn areas() -> AreaTree {
    let area = |code: &str, kind, parent: Option<&str>, from: &str, to: Option<&str>| Area {
        code: code.to_owned(),
        name: code.to_owned(),
        kind,
        parent: parent.map(str::to_owned),
        valid_from: from.parse().unwrap(),
        valid_to: to.map(|t| t.parse().unwrap()),
    };
    let mut all = vec![
        area("VN", AreaKind::Reference, None, "1945-09-02", None),
        area("79", AreaKind::City, None, "1976-07-02", None),
        area("79-U", AreaKind::Residual, Some("79"), "1976-07-02", None),
        area("760", AreaKind::District, Some("79"), "1976-07-02", None),
        area("778", AreaKind::District, Some("79"), "1976-07-02", None),
        area("762", AreaKind::District, Some("79"), "1997-01-01", Some("2020-12-31")),
        area("763", AreaKind::District, Some("79"), "1997-01-01", Some("2020-12-31")),
        area("769", AreaKind::District, Some("79"), "1997-01-01", Some("2020-12-31")),
        area("769", AreaKind::District, Some("79"), "2021-01-01", None),
    ];
    for (code, parent) in WARDS {
        all.push(area(code, AreaKind::Ward, Some(parent), "2021-01-01", None));
    }
    let tree = AreaTree::new(all).unwrap();
    let to = tree.on("769", "2021-01-01".parse().unwrap()).unwrap();
    let merged = ["762", "763", "769"].map(|code| AreaChange {
        date: "2021-01-01".parse().unwrap(),
        from: tree.on(code, "2020-12-31".parse().unwrap()).unwrap(),
        to,
        kind: ChangeKind::Merge,
        weight: 1.0,
        weight_assumed: false,
    });
    tree.with_changes(merged.to_vec())
}

/// Wards with their districts.
pub const WARDS: [(&str, &str); 5] =
    [("26734", "760"), ("26737", "760"), ("26791", "769"), ("26794", "769"), ("27475", "778")];

/// A catalogue of these measures and indicators, with the dimension `industry2` (members a1, a2 in A, b1 in B) under
/// `industry1`, and the open dimension `channel`.
pub fn catalog(measures: Vec<Measure>, indicators: Vec<(Indicator, Expr)>) -> Catalog {
    let member = |code: &str, parent: Option<&str>| {
        let member = Member {
            code: code.to_owned(),
            label_vi: code.to_owned(),
            label_en: code.to_owned(),
            parent: parent.map(str::to_owned),
        };
        (code.to_owned(), member)
    };
    let dimension = |code: &str, members: IndexMap<String, Member>, parent: Option<&str>| {
        let dimension = Dimension {
            code: code.to_owned(),
            label_vi: code.to_owned(),
            label_en: code.to_owned(),
            open: members.is_empty(),
            members,
            parent_dimension: parent.map(str::to_owned),
        };
        (code.to_owned(), dimension)
    };
    let industries = [member("a1", Some("A")), member("a2", Some("A")), member("b1", Some("B"))];
    let sections = [member("A", None), member("B", None)];
    Catalog {
        groups: IndexMap::new(),
        units: IndexMap::new(),
        dimensions: [
            dimension("industry2", industries.into_iter().collect(), Some("industry1")),
            dimension("industry1", sections.into_iter().collect(), None),
            dimension("channel", IndexMap::new(), None),
        ]
        .into_iter()
        .collect(),
        measures: measures.into_iter().map(|m| (m.code.clone(), m)).collect(),
        formulas: indicators.iter().map(|(i, e)| (i.code.clone(), Formula { expr: e.clone() })).collect(),
        indicators: indicators.into_iter().map(|(i, _)| (i.code.clone(), i)).collect(),
        areas: areas(),
        calendar: WorkCalendar::from_toml(include_str!("../../indicators/work_calendar.toml")).unwrap(),
        deadlines: DeadlineTable::default(),
        org_units: Vec::new(),
        examples: HashMap::new(),
        city: "79".to_owned(),
        version: "test".to_owned(),
    }
}

/// An official fact, vintage 1; `slice` is a breakdown, optionally after an authority: `so@channel=app`.
pub fn fact(measure: &str, area: &str, slice: &str, period: &str, value: f64) -> Fact {
    let (org, breakdown) = slice.split_once('@').unwrap_or(("_T", slice));
    let breakdown: Breakdown = breakdown.parse().unwrap();
    Fact {
        measure: measure.into(),
        area: area.into(),
        org: org.into(),
        breakdown,
        period: period.parse().unwrap(),
        value,
        status: ObsStatus::A,
        vintage: Vintage::from_micros(1),
    }
}

/// Monthly facts of a total, from a first month on.
pub fn months(measure: &str, area: &str, first: &str, values: &[f64]) -> Vec<Fact> {
    let first: crate::domain::Period = first.parse().unwrap();
    let one = |(i, v): (usize, &f64)| fact(measure, area, "_T", &first.offset(i as i32).to_string(), *v);
    values.iter().enumerate().map(one).collect()
}

/// The cube of facts without targets.
pub fn cube(catalog: &Catalog, facts: Vec<Fact>) -> CubeData {
    compute(catalog, &Inputs::build(catalog, facts, []))
}

/// A cell of the total slice; panics if there is none.
pub fn total<'a>(cube: &'a CubeData, indicator: &str, area: &str, period: &str) -> &'a Cell {
    cell(cube, indicator, area, "_T", period).unwrap_or_else(|| panic!("no cell {indicator} {area} {period}"))
}

/// A cell of a slice (as in [`fact`]), if there is one.
pub fn cell<'a>(cube: &'a CubeData, indicator: &str, area: &str, slice: &str, period: &str) -> Option<&'a Cell> {
    let (org, breakdown) = slice.split_once('@').unwrap_or(("_T", slice));
    cube.block(indicator)?.cell(area, org, &breakdown.parse().unwrap(), period.parse().unwrap())
}
