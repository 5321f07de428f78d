//! Each measure for itself: kind against area rule, weight, components.

use crate::catalog::declared::Places;
use crate::catalog::diagnostic::Problems;
use crate::catalog::read::Declared;
use crate::domain::{AreaKind, AreaRule, Measure, MeasureKind};

/// Checks every measure.
pub(super) fn check(declared: &Declared<'_>, problems: &Problems) {
    for entry in declared.measures.values() {
        for (key, message, hint) in findings(&entry.value) {
            let message = format!("measure \"{}\": {message}", entry.value.code);
            entry.places.of(key).error(problems, message, hint);
        }
        check_weight(declared, &entry.value, &entry.places, problems);
    }
}

fn findings(measure: &Measure) -> Vec<(&'static str, &'static str, &'static str)> {
    let mut found = Vec::new();
    let additive = matches!(measure.kind, MeasureKind::Flow | MeasureKind::Stock);
    if measure.area_rule == AreaRule::Sum && !additive {
        let hint = "Rates, indices and links do not add up over areas: use weighted_mean with a weight, or city_only.";
        found.push(("area_rule", "it is summed over areas and is neither flow nor stock", hint));
    }
    if measure.kind == MeasureKind::Record && measure.area_rule != AreaRule::Records {
        let hint = "A median of areas is not a median: use area_rule = \"records\".";
        found.push(("area_rule", "records are not recomputed from records", hint));
    }
    if measure.area_rule == AreaRule::WeightedMean && measure.weight.is_none() {
        found.push(("area_rule", "a weighted mean without a weight", "Add weight = \"MEASURE\"."));
    }
    if measure.area_rule == AreaRule::CityOnly && measure.level != AreaKind::City {
        let hint = "Write level = \"city\", or a rule that brings lower areas up.";
        found.push(("level", "only the city has a value, but the level is lower", hint));
    }
    if matches!(measure.level, AreaKind::Reference | AreaKind::Residual) {
        found.push(("level", "not a level of the city", "Use city, district or ward."));
    }
    if measure.components.is_some() && !additive && measure.weight.is_none() {
        let hint = "A total of components needs weights: add weight = \"MEASURE\".";
        found.push(("components", "components without a weight", hint));
    }
    if measure.components.as_ref().is_some_and(|c| !measure.dimensions.contains(c)) {
        found.push(("components", "components that are not among its dimensions", "Add them to dimensions."));
    }
    found
}

fn check_weight(declared: &Declared<'_>, measure: &Measure, places: &Places<'_>, problems: &Problems) {
    let Some(weight) = measure.weight.as_ref().and_then(|w| declared.measures.get(w)) else { return };
    let report = |message: String, hint: &str| {
        let message = format!("measure \"{}\": {message}", measure.code);
        places.of("weight").error(problems, message, hint);
    };
    let weight = &weight.value;
    if !matches!(weight.kind, MeasureKind::Flow | MeasureKind::Stock) {
        report(format!("its weight \"{}\" is neither flow nor stock", weight.code), "Weigh by a quantity.");
    }
    if let Some(dimension) = measure.components.as_ref().filter(|c| !weight.dimensions.contains(c)) {
        report(
            format!("its weight \"{}\" is not known by {dimension}", weight.code),
            "Weights are needed by component.",
        );
    }
    if weight.freq > measure.freq && weight.carry_forward == 0 && measure.freq.per_year() > 1 {
        // A yearly weight without carrying is of its own year only, which is a decision, so it is said out loud.
        let hint = "Say how many of its own periods a weight stands in for later ones: carry_forward.";
        report(format!("its weight \"{}\" is coarser and never carried", weight.code), hint);
    }
}

#[cfg(test)]
mod tests {
    use crate::catalog::fixture::broken;

    #[test]
    fn nothing_is_assumed_about_kind_and_area_rule() {
        for key in ["kind = \"flow\"\n", "area_rule = \"sum\"\n"] {
            let seen = broken("group_01.toml", key, "");
            let name = key.split(' ').next().unwrap();
            assert_eq!(seen.len(), 1, "{seen:?}");
            assert_eq!(seen[0].message, format!("measure \"births\" has no {name}"));
            assert_eq!(seen[0].at, "[[measure]]");
        }
    }

    #[test]
    fn rates_and_indices_do_not_add_up_over_areas() {
        let score = "kind = \"rate\"\narea_rule = \"city_only\"";
        let seen = broken("group_01.toml", score, "kind = \"rate\"\narea_rule = \"sum\"");
        assert_eq!(seen[0].message, "measure \"score\": it is summed over areas and is neither flow nor stock");
        assert_eq!(seen[0].at, "sum\"");
        let seen = broken("group_01.toml", score, "kind = \"rate\"\narea_rule = \"weighted_mean\"");
        assert_eq!(seen[0].message, "measure \"score\": a weighted mean without a weight");
    }

    #[test]
    fn a_coarse_weight_says_how_long_it_stands() {
        let seen = broken("group_01.toml", "carry_forward = 10", "");
        assert_eq!(seen[0].message, "measure \"price\": its weight \"share\" is coarser and never carried");
    }
}
