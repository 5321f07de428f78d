//! The declared roll-ups over time and area against what the formula does.

use super::{Subject, divides_by_measure};
use crate::catalog::formula::{Term, TimeAggregate};
use crate::domain::{AreaKind, AreaRule, Freq, GeoRollup, Indicator, TimeRollup};

/// What the formula does to its base periods.
struct Shape {
    ratio: bool,
    weighted: bool,
    chained: bool,
    /// Aggregates that occur.
    aggregates: Vec<Option<TimeAggregate>>,
}

impl Shape {
    fn of(subject: &Subject<'_, '_>) -> Self {
        let found = subject.aggregates();
        Self {
            ratio: divides_by_measure(&subject.parsed.formula.expr),
            weighted: found.iter().any(|(_, t, _)| matches!(t, Term::Wmean(..))),
            chained: found.iter().any(|(_, t, _)| matches!(t, Term::Chain(_))),
            aggregates: found.iter().map(|(a, _, _)| *a).collect(),
        }
    }

    fn all(&self, wanted: TimeAggregate) -> bool {
        self.aggregates.iter().all(|a| *a == Some(wanted))
    }

    fn agrees(&self, rollup: TimeRollup) -> bool {
        match rollup {
            TimeRollup::Sum => self.all(TimeAggregate::Sum) && !self.ratio,
            TimeRollup::Last => self.aggregates.contains(&Some(TimeAggregate::Last)),
            TimeRollup::Avg => self.all(TimeAggregate::Avg) && !self.ratio && !self.chained,
            TimeRollup::RatioOfSums => self.ratio && !self.aggregates.contains(&Some(TimeAggregate::Last)),
            TimeRollup::WeightedAvg => self.weighted && self.aggregates.contains(&None),
            TimeRollup::ChainIndex => self.chained,
            TimeRollup::NotAvailable => true,
        }
    }
}

/// Checks an indicator's `month_to_quarter`, `quarter_to_year` and `geo_rollup`.
pub(super) fn check(subject: &Subject<'_, '_>) {
    let (indicator, shape) = (subject.indicator, Shape::of(subject));
    if subject.measures().len() < subject.parsed.references.len() {
        return; // An unknown measure has been reported; what the formula does is not known.
    }
    for (key, rollup) in
        [("month_to_quarter", indicator.month_to_quarter), ("quarter_to_year", indicator.quarter_to_year)]
    {
        if !shape.agrees(rollup) {
            let message = format!("{key} is {}, the formula does something else", rollup.as_str());
            subject.key_error(key, &message, "Correct the one that is wrong: the formula is what is computed.");
        }
    }
    if let Some((key, message)) = time_slip(indicator) {
        subject.key_error(key, message, "Write not_available: nothing shorter is published.");
    }
    if let Some((message, hint)) = area_slip(subject, &shape) {
        subject.key_error("geo_rollup", message, hint);
    }
}

/// A roll-up from periods shorter than the base.
fn time_slip(indicator: &Indicator) -> Option<(&'static str, &'static str)> {
    let none = |rollup| rollup == TimeRollup::NotAvailable;
    if indicator.freq > Freq::M && !none(indicator.month_to_quarter) {
        return Some(("month_to_quarter", "a quarter is made of months, but there are none"));
    }
    if indicator.freq == Freq::A && !none(indicator.quarter_to_year) {
        return Some(("quarter_to_year", "a year is made of shorter periods, but there are none"));
    }
    None
}

fn area_slip(subject: &Subject<'_, '_>, shape: &Shape) -> Option<(&'static str, &'static str)> {
    let (indicator, measures) = (subject.indicator, subject.measures());
    let all = |rules: &[AreaRule]| measures.iter().all(|(_, m, _)| rules.contains(&m.area_rule));
    let ranked = shape.aggregates.iter().any(|a| matches!(a, Some(TimeAggregate::Median | TimeAggregate::P90)));
    match indicator.geo_rollup {
        GeoRollup::CityOnly if indicator.level != AreaKind::City => {
            Some(("city_only, but the level is lower", "Write level = \"city\", or another roll-up."))
        }
        GeoRollup::CityOnly => None,
        _ if indicator.level == AreaKind::City => {
            Some(("the level is city, so nothing rolls up", "Write geo_rollup = \"city_only\"."))
        }
        GeoRollup::Sum if shape.ratio => {
            Some(("a ratio cannot be summed over areas", "Write geo_rollup = \"ratio_of_sums\"."))
        }
        GeoRollup::Sum | GeoRollup::RatioOfSums if !all(&[AreaRule::Sum, AreaRule::Records]) => {
            Some(("a measure of the formula does not add up over areas", "Check the area rules of its measures."))
        }
        GeoRollup::RatioOfSums if !shape.ratio => {
            Some(("the formula is not a ratio", "Write geo_rollup = \"sum\", or divide by the whole."))
        }
        GeoRollup::WeightedAvg if !shape.weighted => {
            Some(("the formula has no weighted mean", "Write wmean(measure, weight)."))
        }
        GeoRollup::RecomputeFromRecords if !ranked => {
            Some(("the formula ranks no records", "Write median(..) or p90(..), or another roll-up."))
        }
        GeoRollup::Sum | GeoRollup::RatioOfSums | GeoRollup::WeightedAvg | GeoRollup::RecomputeFromRecords => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::catalog::fixture::broken;

    fn said(from: &str, to: &str) -> (String, String) {
        let mut seen = broken("group_01.toml", from, to);
        assert_eq!(seen.len(), 1, "{to}: {seen:?}");
        let seen = seen.remove(0);
        (seen.at, seen.message)
    }

    #[test]
    fn a_declared_rollup_that_the_formula_does_not_do_is_refused() {
        let (at, message) = said("month_to_quarter = \"sum\"", "month_to_quarter = \"avg\"");
        assert_eq!(message, "indicator \"0101\": month_to_quarter is avg, the formula does something else");
        assert_eq!(at, "avg\"");
        let (_, message) = said("quarter_to_year = \"ratio_of_sums\"", "quarter_to_year = \"sum\"");
        assert_eq!(message, "indicator \"0102\": quarter_to_year is sum, the formula does something else");
    }

    #[test]
    fn areas_combine_as_the_measures_do() {
        let (_, message) = said("geo_rollup = \"ratio_of_sums\"", "geo_rollup = \"sum\"");
        assert_eq!(message, "indicator \"0102\": a ratio cannot be summed over areas");
        let (_, message) = said("geo_rollup = \"sum\"", "geo_rollup = \"city_only\"");
        assert_eq!(message, "indicator \"0101\": city_only, but the level is lower");
        let (_, message) = said("geo_rollup = \"city_only\"", "geo_rollup = \"sum\"");
        assert_eq!(message, "indicator \"0103\": the level is city, so nothing rolls up");
    }
}
