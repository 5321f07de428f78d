//! Deadlines: categories and authorities exist, and for every case on every day one rule is the most specific.

use crate::catalog::diagnostic::{Problems, nearest};
use crate::catalog::read::Declared;

/// The dimension whose members are the categories of cases.
const CATEGORIES: &str = "field";

/// Checks the names of rules and that no two of them compete.
pub(super) fn check(declared: &Declared<'_>, problems: &Problems) {
    for (i, entry) in declared.deadlines.iter().enumerate() {
        let (rule, places) = (&entry.value, &entry.places);
        if let Some(category) = &rule.category {
            check_category(declared, category, |message, hint| places.of("category").error(problems, message, hint));
        }
        super::references::check_org_unit(declared, problems, rule.org.as_deref(), places.of("org"));
        let earlier = declared.deadlines[..i].iter().map(|e| &e.value);
        for other in earlier.filter(|other| rule.conflicts_with(other)) {
            let day = rule.valid_from.max(other.valid_from);
            let message = format!("another deadline for the same cases, from {}, holds on {day} too", other.valid_from);
            places.of("valid_from").error(problems, message, "End the older one the day before the newer one begins.");
        }
    }
}

/// The dimension is open to what the data bring; a rule for a category that nobody declared is still probably a slip.
fn check_category(declared: &Declared<'_>, category: &str, error: impl Fn(String, String)) {
    let Some(dimension) = declared.dimensions.get(CATEGORIES) else {
        // One that could not be read is reported where it stands.
        if !declared.declares("dimension", CATEGORIES) {
            let hint = format!("Declare the categories of cases as dimension \"{CATEGORIES}\".");
            error(format!("there is no dimension \"{CATEGORIES}\" with a category \"{category}\""), hint);
        }
        return;
    };
    let members = &dimension.value.members;
    if !members.contains_key(category) {
        let hint = match nearest(category, members.keys().map(String::as_str)) {
            Some(near) => format!("Did you mean \"{near}\"?"),
            None => format!("Declare it as a member of the dimension \"{CATEGORIES}\", or correct the name."),
        };
        error(format!("unknown category \"{category}\""), hint);
    }
}

#[cfg(test)]
mod tests {
    use crate::catalog::fixture::{broken, catalog, sources};
    use crate::catalog::load_sources;
    use crate::domain::Moment;
    use crate::domain::case::DeadlineUnit;

    /// The one problem after a change: the text at its place, the message, the hint.
    fn said(from: &str, to: &str) -> (String, String, String) {
        let mut seen = broken("deadlines.toml", from, to);
        assert_eq!(seen.len(), 1, "{from} -> {to}: {seen:?}");
        let seen = seen.remove(0);
        (seen.at, seen.message, seen.hint)
    }

    #[test]
    fn rules_are_loaded_and_are_part_of_the_version() {
        let loaded = catalog();
        let rules: Vec<_> = loaded.deadlines.rules().map(|r| (r.amount, r.unit, r.proposed)).collect();
        assert_eq!(rules, [(4, DeadlineUnit::WorkingHour, true), (5, DeadlineUnit::WorkingDay, false)]);
        let mut without = sources();
        without.texts.remove("deadlines.toml");
        let without = load_sources(&without).unwrap();
        assert!(without.deadlines.is_empty());
        assert_ne!(without.version, loaded.version);
    }

    /// The decision of 2020 and the regulation of 2025 as they are known, on the days around the change.
    #[test]
    fn the_shipped_rules_say_what_the_city_decided() {
        let folder = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/indicators"));
        let shipped = crate::catalog::load(folder).unwrap_or_else(|problems| panic!("{problems}"));
        let of = |day: &str, category, priority| {
            let received = Moment::midnight(day.parse().unwrap());
            let rule = shipped.deadlines.rule_for(received, category, priority, Some("so_xd"))?;
            Some((rule.amount, rule.unit.as_str(), rule.proposed))
        };
        assert_eq!(of("2020-05-03", "noise", "normal"), None);
        assert_eq!(of("2022-05-25", "noise", "normal"), Some((5, "working_day", false)));
        assert_eq!(of("2025-08-31", "electricity", "normal"), Some((5, "working_day", false)));
        assert_eq!(of("2025-09-01", "electricity", "normal"), Some((10, "working_day", false)));
        assert_eq!(of("2025-09-01", "noise", "multi_agency"), Some((15, "working_day", false)));
        assert_eq!(of("2022-05-25", "noise", "urgent"), Some((1, "working_day", true)));
        assert_eq!(of("2025-09-01", "electricity", "urgent"), Some((4, "hour", true)));
        let urgent = |priority: Option<&String>| priority.is_some_and(|p| p == "urgent");
        assert!(shipped.deadlines.rules().all(|r| r.proposed == urgent(r.priority.as_ref())), "only these are ours");
    }

    #[test]
    fn names_must_exist() {
        let (at, message, hint) = said("category = \"noise\"", "category = \"nois\"");
        assert_eq!((at.as_str(), message.as_str()), ("nois\"", "unknown category \"nois\""));
        assert_eq!(hint, "Did you mean \"noise\"?");
        let (at, message, hint) = said("org = \"cuc_thong_ke\"", "org = \"cuc_thong_ka\"");
        assert_eq!((at.as_str(), message.as_str()), ("cuc_thong_ka\"", "unknown org unit \"cuc_thong_ka\""));
        assert_eq!(hint, "Did you mean \"cuc_thong_ke\"?");
        let seen = broken("dimensions.toml", "code = \"field\"", "code = \"fields\"");
        assert_eq!(seen[0].message, "there is no dimension \"field\" with a category \"noise\"");
    }

    #[test]
    fn amounts_units_and_days_are_checked_where_they_stand() {
        let (at, message, _) = said("amount = 5", "amount = 0");
        assert_eq!(at, "0");
        assert_eq!(message, "deadline from \"2020-05-04\": amount is not a whole number from 1 to 10000");
        let (at, message, hint) = said("\"working_day\"", "\"workday\"");
        assert_eq!(
            (at.as_str(), message.as_str()),
            ("workday\"", "deadline from \"2020-05-04\": unknown unit \"workday\"")
        );
        assert!(hint.contains("working_day") && hint.contains("calendar_day"), "{hint}");
        let (at, message, _) = said("amount = 5", "valid_to = \"2020-05-03\"\namount = 5");
        assert_eq!(
            (at.as_str(), message.as_str()),
            ("2020-05-03\"", "deadline from \"2020-05-04\": it ends before it begins")
        );
        let (_, message, _) = said("valid_from = \"2021-01-01\"", "valid_from = \"1/1/2021\"");
        assert_eq!(message, "deadline from \"1/1/2021\": \"1/1/2021\" is not a day");
        let (_, message, _) = said("basis = \"QĐ 1478\"", "");
        assert_eq!(message, "deadline from \"2020-05-04\" has no basis");
    }

    #[test]
    fn two_rules_for_the_same_cases_may_not_hold_at_once() {
        let second = "basis = \"QĐ 1478\"\n[[deadline]]\nvalid_from = \"2025-09-01\"\namount = 10\nunit = \"hour\"\nbasis = \"x\"";
        let (at, message, hint) = said("basis = \"QĐ 1478\"", second);
        assert_eq!(at, "2025-09-01\"");
        assert_eq!(message, "another deadline for the same cases, from 2020-05-04, holds on 2025-09-01 too");
        assert_eq!(hint, "End the older one the day before the newer one begins.");
        let ended = format!("valid_to = \"2025-08-31\"\n{second}");
        assert_eq!(broken("deadlines.toml", "basis = \"QĐ 1478\"", &ended), []);
    }
}
