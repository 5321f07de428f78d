//! Every measure outside the case store has its figures, but for the declared gaps; parts add up to their totals.

use super::super::gaps::absence;
use super::super::plan::{plan_of, plans};
use super::*;
use crate::domain::{AreaKind, AreaRule, Measure, MeasureKind};

/// Measures that other feeds bring: cases, and what the national office publishes beside computed figures.
fn expected() -> impl Iterator<Item = &'static Measure> {
    let measures = catalog().measures.values();
    measures.filter(|m| m.area_rule != AreaRule::Records && m.published_for.is_none() && m.kind != MeasureKind::Record)
}

/// The last period that is due at the end of the sample: yearly plans are known in January, other years in December.
fn due(measure: &Measure, options: &SampleOptions) -> Vec<Period> {
    let known_early = ["public_capital_plan", "children_under1_year_target", "si_receivable_year"];
    let weights = measure.code.ends_with("_weight");
    if known_early.contains(&measure.code.as_str()) || weights {
        options.years()
    } else {
        options.periods(measure.freq)
    }
}

/// The areas whose figures are due in a period.
fn due_areas(measure: &Measure, period: Period) -> Vec<String> {
    let areas = &catalog().areas;
    let kind = match measure.area_rule {
        AreaRule::CityOnly => AreaKind::City,
        _ => measure.level,
    };
    let of_kind = |kind| -> Vec<String> {
        areas.of_kind_on(kind, period.last_day()).map(|ix| areas.area(ix).code.clone()).collect()
    };
    let lowest = of_kind(kind);
    if lowest.is_empty() { of_kind(AreaKind::District) } else { lowest }
}

#[test]
fn every_measure_has_every_due_figure_but_the_declared_gaps() {
    let options = SampleOptions::committed();
    let known = Known::of(&committed().sample);
    let said: std::collections::BTreeSet<(&str, &str, Period)> =
        known.rows.keys().map(|(m, a, _, p)| (*m, a.as_str(), *p)).collect();
    let mut missing = Vec::new();
    let mut measures = 0;
    for measure in expected() {
        measures += 1;
        for period in due(measure, &options) {
            for area in due_areas(measure, period) {
                let there = said.contains(&(measure.code.as_str(), area.as_str(), period));
                let late = absence(&measure.code, &area, period) == Some(gaps::Absence::Late);
                if there == late {
                    missing.push(format!("{} {area} {period}: late {late}", measure.code));
                }
            }
        }
    }
    assert_eq!(measures, 111, "measures outside the case store");
    assert!(missing.is_empty(), "{} missing, {:#?}", missing.len(), &missing[..missing.len().min(20)]);
}

#[test]
fn no_figure_is_said_that_the_catalogue_cannot_take() {
    let mut wrong = Vec::new();
    for truth in &whole_2022().sample.truth {
        let measure = &catalog().measures[truth.measure];
        let at = format!("{} {} {} {}", truth.measure, truth.area, truth.breakdown, truth.period);
        if truth.period.freq() != measure.freq || catalog().areas.at(&truth.area, truth.period).is_none() {
            wrong.push(at.clone());
        }
        let Some((dimension, member)) = truth.breakdown.dimension().zip(truth.breakdown.member_code()) else {
            continue;
        };
        let declared = &catalog().dimensions[dimension];
        let known = declared.open || declared.members.contains_key(member);
        if !known || !measure.dimensions.iter().any(|d| d == dimension) {
            wrong.push(at);
        }
    }
    wrong.dedup();
    assert!(wrong.is_empty(), "{} wrong, {:#?}", wrong.len(), &wrong[..wrong.len().min(20)]);
}

#[test]
fn members_add_up_to_their_total() {
    let made = committed();
    // File, measure, area, period, status: one statement of a source.
    type Statement<'a> = (&'a str, &'a str, &'a str, Period, ObsStatus);
    let mut totals: BTreeMap<Statement<'_>, f64> = BTreeMap::new();
    let mut members: BTreeMap<(Statement<'_>, &str), f64> = BTreeMap::new();
    for t in made.sample.truth.iter().filter(|t| plan_of(t.measure).is_some_and(|p| !p.is_rate())) {
        let key: Statement<'_> = (&t.file, t.measure, &t.area, t.period, t.status);
        let Some(value) = t.value else { continue };
        match t.breakdown.dimension() {
            None => *totals.entry(key).or_default() += value,
            Some(dimension) => *members.entry((key, dimension)).or_default() += value,
        }
    }
    let mut checked = 0;
    for ((key, dimension), sum) in members {
        if let Some(total) = totals.get(&key) {
            assert!((sum - total).abs() <= 1e-6 * total.abs().max(1.0), "{key:?} {dimension}: {sum} of {total}");
            checked += 1;
        }
    }
    assert!(checked > 2_000, "{checked}");
}

#[test]
fn shares_stay_below_their_whole() {
    use super::super::plan::Course;
    let known = Known::of(&committed().sample);
    for plan in plans() {
        let Course::ShareOf(whole, _) = plan.course else { continue };
        for ((_, area, breakdown, period), truth) in known.rows.iter().filter(|((m, ..), _)| *m == plan.measure) {
            let Some(of) = known.truth(whole, area, breakdown, *period).and_then(|t| t.value) else { continue };
            assert!(truth.value.unwrap_or(0.0) <= of, "{} {area} {breakdown} {period}", plan.measure);
        }
    }
}

#[test]
fn plans_name_indicators_that_are_planned() {
    use crate::domain::Comparison;
    let planned: Vec<&str> = catalog()
        .indicators
        .values()
        .filter(|i| i.compares(Comparison::VsPlan) && i.source != crate::domain::Source::CaseStore)
        .map(|i| i.code.as_str())
        .collect();
    let of_year = |year: &str| -> Vec<&str> {
        let year: Period = year.parse().unwrap();
        let city = committed().sample.targets.iter().filter(|t| t.period == year && t.area == "79");
        let mut codes: Vec<&str> = city.map(|t| t.indicator).collect();
        codes.dedup();
        codes
    };
    let mut missing: Vec<&&str> = planned.iter().filter(|c| !of_year("2022").contains(c)).collect();
    // Its plan is a share of every sector, not one value.
    missing.retain(|c| **c != "0504");
    assert!(missing.is_empty(), "{missing:?}");
    assert!(of_year("2022").iter().all(|c| planned.contains(c)));
    let changed = committed().sample.targets.iter().filter(|t| t.indicator == "0402" && t.period.year() == 2022);
    assert_eq!(changed.map(|t| t.value).collect::<Vec<_>>(), [31_500.0, 34_200.0]);
}
