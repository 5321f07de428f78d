//! `work_calendar.toml`: the offices' working days and hours. The domain reads and checks it; this gives places.

use crate::catalog::diagnostic::Problems;
use crate::catalog::source::{At, SourceFile};
use crate::domain::WorkCalendar;

/// Reads the calendar; a missing file is reported elsewhere.
pub(super) fn read<'s>(file: Option<&'s SourceFile<'s>>, problems: &Problems) -> Option<WorkCalendar> {
    let file = file?;
    match WorkCalendar::from_toml(file.text) {
        Ok(calendar) => Some(calendar),
        Err(found) => {
            for problem in found.problems {
                let offset = problem.span.map_or(0, |span| span.start);
                let hint = "Compare with the announcement of the year's days off.";
                At { file, offset }.error(problems, problem.message, hint);
            }
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_have_their_line() {
        let text = "version = 1\nweekend = [\"sun\"]\nhours = [[\"07:30\", \"11:30\"]]\n[[year]]\nyear = 2022\noff = [\n  \"2022-05-08\",\n]\n";
        let file = SourceFile { name: "indicators/work_calendar.toml".to_owned(), text };
        let problems = Problems::default();
        assert_eq!(read(Some(&file), &problems), None);
        let found: Vec<String> = problems.into_sorted().iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            ["indicators/work_calendar.toml:7:3: error: 2022-05-08 is off anyway, being on the weekend\n  \
              hint: Compare with the announcement of the year's days off."]
        );
    }
}
