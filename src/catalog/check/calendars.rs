//! Base frequencies, levels and calendars of the measures against those of the indicator.

use super::Subject;
use crate::domain::AreaRule;

/// Checks that the measures of a formula can be brought to the indicator's areas and to one calendar.
pub(super) fn check(subject: &Subject<'_, '_>) {
    let indicator = subject.indicator;
    let mut first_calendar = None;
    for (_, measure, offset) in subject.measures() {
        let code = &measure.code;
        if indicator.level > measure.level {
            let (wanted, has) = (indicator.level.as_str(), measure.level.as_str());
            let message = format!("\"{code}\" is reported by {has}, the indicator is published by {wanted}");
            let hint = match measure.area_rule {
                AreaRule::CityOnly => format!("\"{code}\" has a value for the city only: publish at level city."),
                _ => format!("Publish the indicator at level {has}, or report the measure by {wanted}."),
            };
            subject.formula_error(offset, message, hint);
        }
        match first_calendar {
            None => first_calendar = Some((measure.calendar, code)),
            Some((calendar, first)) if calendar != measure.calendar => {
                let message = format!("\"{code}\" and \"{first}\" are on different period calendars");
                let hint = "A month of one is not a month of the other: bring both onto one calendar in their feeds.";
                subject.formula_error(offset, message, hint);
            }
            Some(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::catalog::fixture::broken;

    #[test]
    fn a_measure_reaches_down_to_the_level_of_the_indicator() {
        let seen = broken(
            "group_01.toml",
            "level = \"district\"\ndimensions = [\"sex\"]\nkind = \"count\"",
            "level = \"ward\"\ndimensions = [\"sex\"]\nkind = \"count\"",
        );
        assert_eq!(seen[0].message, "\"births\" is reported by district, the indicator is published by ward");
        assert_eq!(seen[0].at, "births)\"");
    }

    #[test]
    fn calendars_are_not_mixed_silently() {
        let seen = broken("group_01.toml", "carry_forward = 2", "carry_forward = 2\ncalendar = \"mid_month\"");
        assert_eq!(seen[0].message, "\"population\" and \"births\" are on different period calendars");
        assert_eq!((seen.len(), seen[0].at.as_str()), (1, "population)\""));
    }
}
