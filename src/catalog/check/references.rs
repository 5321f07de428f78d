//! What an entry names exists: units, groups, owners, dimensions, weights, successors, measures of formulas.

use super::Subject;
use crate::catalog::declared::{Places, Text};
use crate::catalog::diagnostic::{Problems, nearest};
use crate::catalog::read::Declared;
use crate::catalog::source::At;

/// Checks the names in everything but formulas.
pub(super) fn check(declared: &Declared<'_>, problems: &Problems) {
    let lookup = Lookup { declared, problems };
    for dimension in declared.dimensions.values() {
        lookup.all("dimension", &dimension.dimensions);
        check_members(&lookup, &dimension.value, &dimension.places);
    }
    for entry in declared.measures.values() {
        let (measure, places) = (&entry.value, &entry.places);
        lookup.all("dimension", &entry.dimensions);
        lookup.one("unit", &measure.unit, places.of("unit"));
        lookup.maybe("measure", measure.weight.as_deref(), places.of("weight"));
        lookup.maybe("dimension", measure.components.as_deref(), places.of("components"));
        lookup.maybe("indicator", measure.published_for.as_deref(), places.of("published_for"));
    }
    for indicator in declared.indicators.values() {
        let (value, places) = (&indicator.entry.value, &indicator.entry.places);
        lookup.all("dimension", &indicator.entry.dimensions);
        lookup.one("unit", &value.unit, places.of("unit"));
        lookup.one("group", &value.group, places.of("code"));
        lookup.one("org unit", &value.owner, places.of("owner"));
    }
    for (group, headline) in &declared.headlines {
        if lookup.one("indicator", &headline.value, headline.at) {
            check_headline(&lookup, group, headline);
        }
    }
    for entry in &declared.org_units {
        let (unit, places) = (&entry.value, &entry.places);
        lookup.maybe("org unit", unit.successor.as_deref(), places.of("successor"));
        if let Some(area) = unit.area.as_deref().filter(|a| declared.areas.on(a, unit.valid_from).is_none()) {
            let message = format!("org unit \"{}\": there is no area \"{area}\" on its first day", unit.code);
            places.of("area").error(problems, message, "Name an area of areas.csv that exists on that day.");
        }
    }
}

/// What stands for a group is one of its own.
fn check_headline(lookup: &Lookup<'_, '_>, group: &str, headline: &Text<'_>) {
    let indicator = lookup.declared.indicators.get(&headline.value).map(|i| &i.entry.value);
    let Some(indicator) = indicator.filter(|i| i.group != group) else { return };
    let message = format!("group \"{group}\": \"{}\" belongs to group \"{}\"", indicator.code, indicator.group);
    headline.at.error(lookup.problems, message, "Name an indicator of the group itself.");
}

fn check_members(lookup: &Lookup<'_, '_>, dimension: &crate::catalog::Dimension, places: &Places<'_>) {
    let above = dimension.parent_dimension.as_ref().and_then(|d| lookup.declared.dimensions.get(d));
    for member in dimension.members.values() {
        let known = match (&member.parent, above) {
            (Some(parent), Some(above)) => above.value.members.contains_key(parent),
            (Some(_), None) => false,
            (None, _) => true,
        };
        if !known {
            let parent = member.parent.as_deref().unwrap_or_default();
            let message =
                format!("dimension \"{}\": \"{}\" has an unknown parent \"{parent}\"", dimension.code, member.code);
            let hint = "A parent is a member of the dimension named by parent_dimension.";
            places.of("members").error(lookup.problems, message, hint);
        }
    }
}

/// Checks the name of an authority, where there is one.
pub(super) fn check_org_unit(declared: &Declared<'_>, problems: &Problems, code: Option<&str>, at: At<'_>) {
    Lookup { declared, problems }.maybe("org unit", code, at);
}

/// Checks the measures and dimensions that a formula names.
pub(super) fn check_formula(subject: &Subject<'_, '_>) {
    let lookup = Lookup { declared: subject.declared, problems: subject.problems };
    let references = subject.parsed.formula.references();
    for (reference, offset) in references.iter().zip(&subject.parsed.references) {
        lookup.one("measure", &reference.measure, subject.entry.formula_at.plus(*offset));
        let Some(displayed) = &reference.displayed else { continue };
        let at = subject.entry.formula_at.plus(offset + reference.measure.len() + 1);
        if !lookup.one("dimension", displayed, at) {
            continue;
        }
        if subject.measure(reference).is_some_and(|m| !m.dimensions.contains(displayed)) {
            let message = format!("\"{}\" is not broken down by \"{displayed}\"", reference.measure);
            at.error(subject.problems, message, "Name a dimension of the measure.");
        } else if !subject.indicator.dimensions.contains(displayed) {
            let message = format!("the indicator is not broken down by \"{displayed}\"");
            at.error(subject.problems, message, "Add it to the dimensions of the indicator.");
        }
    }
    check_dimensions(subject);
}

/// Every dimension of the indicator is one of some measure, or the coarser one of its components.
fn check_dimensions(subject: &Subject<'_, '_>) {
    let measures = subject.measures();
    if measures.len() < subject.parsed.references.len() {
        return;
    }
    for dimension in &subject.entry.entry.dimensions {
        let code = &dimension.value;
        let coarser = |components: &String| {
            let declared = subject.declared.dimensions.get(components);
            declared.is_some_and(|d| d.value.parent_dimension.as_ref() == Some(code))
        };
        let known =
            measures.iter().any(|(_, m, _)| m.dimensions.contains(code) || m.components.as_ref().is_some_and(coarser));
        if !known {
            let message = format!("no measure of the formula is broken down by \"{code}\"");
            dimension.at.error(subject.problems, message, "Add it to a measure, or take it out here.");
        }
    }
}

struct Lookup<'d, 's> {
    declared: &'d Declared<'s>,
    problems: &'d Problems,
}

impl Lookup<'_, '_> {
    fn one(&self, kind: &str, code: &str, at: At<'_>) -> bool {
        let known = code.is_empty() || self.declared.declares(kind, code);
        if !known {
            let hint = match nearest(code, self.declared.codes(kind)) {
                Some(near) => format!("Did you mean \"{near}\"?"),
                None => format!("Declare the {kind}, or correct the name."),
            };
            at.error(self.problems, format!("unknown {kind} \"{code}\""), hint);
        }
        known
    }

    fn maybe(&self, kind: &str, code: Option<&str>, at: At<'_>) {
        if let Some(code) = code {
            self.one(kind, code, at);
        }
    }

    fn all(&self, kind: &str, texts: &[Text<'_>]) {
        for text in texts {
            self.one(kind, &text.value, text.at);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::catalog::fixture::{broken, broken_formula};

    #[test]
    fn unknown_names_are_answered_with_the_nearest() {
        let seen = broken("group_01.toml", "unit = \"persons\"", "unit = \"person\"");
        assert_eq!((seen[0].at.as_str(), seen[0].message.as_str()), ("person\"", "unknown unit \"person\""));
        assert_eq!(seen[0].hint, "Did you mean \"persons\"?");
        let seen = broken("group_01.toml", "owner = \"cuc_thong_ke\"", "owner = \"so_tc\"");
        assert_eq!(seen[0].message, "unknown org unit \"so_tc\"");
        let seen = broken("dimensions.toml", "parent = \"C\"", "parent = \"X\"");
        assert_eq!(seen[0].message, "dimension \"item\": \"10\" has an unknown parent \"X\"");
    }

    #[test]
    fn what_stands_for_a_group_is_an_indicator_of_it() {
        let with = |code: &str| format!("name_en = \"Population\", headline = \"{code}\"");
        let name = "name_en = \"Population\"";
        assert!(broken("groups.toml", name, &with("0101")).is_empty());
        let seen = broken("groups.toml", name, &with("0110"));
        assert_eq!(seen[0].message, "unknown indicator \"0110\"");
        let other =
            ", headline = \"0101\" }, { code = \"02\", name_vi = \"b\", name_en = \"b\", headline = \"0101\" }]";
        let seen = broken("groups.toml", " }]", other);
        let messages: Vec<&str> = seen.iter().map(|s| s.message.as_str()).collect();
        assert_eq!(messages, ["group \"02\": \"0101\" belongs to group \"01\""]);
    }

    #[test]
    fn an_unknown_measure_of_a_formula_is_shown_in_the_formula() {
        let seen = broken("group_01.toml", "formula = \"sum(births)\"", "formula = \"sum(brths)\"");
        let found = seen.iter().find(|s| s.message == "unknown measure \"brths\"").unwrap();
        assert_eq!((found.at.as_str(), found.hint.as_str()), ("brths)\"", "Did you mean \"births\"?"));
    }

    #[test]
    fn a_displayed_dimension_belongs_to_measure_and_indicator() {
        let seen = broken_formula("sum(births)", "sum(births|gender)");
        assert_eq!((seen.at.as_str(), seen.message.as_str()), ("gender)\"", "unknown dimension \"gender\""));
        let seen = broken_formula("sum(births)", "sum(births|item)");
        assert_eq!(seen.message, "\"births\" is not broken down by \"item\"");
        let seen =
            broken("group_01.toml", "dimensions = [\"section\", \"item\"]", "dimensions = [\"section\", \"sex\"]");
        assert_eq!(seen[0].message, "no measure of the formula is broken down by \"sex\"");
        assert_eq!((seen.len(), seen[0].at.as_str()), (1, "sex\"]"), "the coarser dimension of components is known");
    }
}
