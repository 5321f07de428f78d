//! What falls due next: open, not yet overdue.

use chrono::{NaiveDateTime, TimeDelta};

use super::lens::Lens;
use super::list::{Found, ListedCase, Page, paged};
use super::scan::{At, scan};
use crate::cases::counting::is_open_before;
use crate::cases::{Second, moment, second};
use crate::domain::work_calendar::WorkCalendarError;
use crate::domain::{Moment, WorkCalendar};

/// A case that will be overdue soon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoonDue {
    /// The case.
    pub case: ListedCase,
    /// Seconds of working time from the cut to the deadline.
    pub working_seconds_left: i64,
}

/// Cases that will be overdue soon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoonOverdue {
    /// Up to which deadline.
    pub until: Second,
    /// How many there are, on all pages.
    pub total: usize,
    /// The earliest deadline first.
    pub cases: Vec<SoonDue>,
}

/// Cases open at the cut whose deadline comes after it, with at most so much working time in between. The window of the
/// question plays no part.
///
/// # Errors
/// If the work calendar does not cover the time from the cut to the last deadline meant.
pub fn soon(
    lens: &Lens<'_>,
    calendar: &WorkCalendar,
    within: TimeDelta,
    page: Page,
) -> Result<SoonOverdue, WorkCalendarError> {
    let now = moment(lens.cut.last()).local();
    let until = last_deadline(calendar, now, within)?;
    let cut = lens.cut.second();
    let each = |found: &mut Vec<Found>, at: At<'_>| {
        let due = lens.due(at.spans, at.row);
        if due >= cut && due <= until && is_open_before(at.spans, at.row, cut) {
            found.push(Found::new(at, i64::from(due)));
        }
    };
    let found = scan(lens, (cut, cut), Vec::new, each, |all, part| all.extend(part));
    let page = paged(lens, found, page);
    let left = |case: ListedCase| {
        let due = moment(case.due.unwrap_or(until)).local();
        let working_seconds_left = calendar.working_hours_between(now, due)?.num_seconds();
        Ok(SoonDue { case, working_seconds_left })
    };
    Ok(SoonOverdue { until, total: page.total, cases: page.cases.into_iter().map(left).collect::<Result<_, _>>()? })
}

/// The last instant with no more than so much working time before it: the begin of work after an evening's close.
fn last_deadline(calendar: &WorkCalendar, now: NaiveDateTime, within: TimeDelta) -> Result<Second, WorkCalendarError> {
    let reached = calendar.add_working_hours(now, within)?;
    let last = calendar.next_working_instant(reached).unwrap_or(reached);
    Ok(second(Moment::from_local(last)))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Sketch, book, calendar, lens, may, sec};
    use super::*;
    use crate::cases::Cut;
    use crate::cases::views::Question;

    #[test]
    fn what_falls_due_within_the_next_working_hours() {
        let begun = |id: &str, due: &str| Sketch::new(id, "26734", "2022-05-10T08:00:00").due(due);
        let book = book(&[
            // As of Thursday 19 May, 16:00, eight working hours reach to Friday 16:00 (one on Thursday, seven on Friday).
            begun("now", "2022-05-19T16:00:00"),
            begun("evening", "2022-05-19T17:00:00"),
            begun("friday", "2022-05-20T16:00:00"),
            begun("later", "2022-05-20T16:00:01"),
            begun("answered", "2022-05-20T08:00:00").answered("2022-05-19T16:00:00"),
            begun("answered later", "2022-05-20T08:00:00").answered("2022-05-19T16:00:01"),
            begun("stopped", "2022-05-20T08:00:00").due_from("2022-05-19T08:00:00", None),
            Sketch::new("without", "26734", "2022-05-10T08:00:00"),
        ]);
        let as_of = |text: &str| Question { cut: Cut::as_of(moment(sec(text))), ..may() };
        let all = Page { offset: 0, limit: 10 };
        let ids = |soon: &SoonOverdue| soon.cases.iter().map(|soon| soon.case.id.clone()).collect::<Vec<_>>();
        let question = as_of("2022-05-19T16:00:00");
        let eight = soon(&lens(&book, &question), calendar(), TimeDelta::hours(8), all).unwrap();
        assert_eq!(ids(&eight), ["evening", "answered later", "friday"]);
        let left: Vec<_> = eight.cases.iter().map(|soon| soon.working_seconds_left).collect();
        assert_eq!(left, [3600, 3600 + 1800, 8 * 3600]);
        let page = Page { offset: 1, limit: 1 };
        let second = soon(&lens(&book, &question), calendar(), TimeDelta::hours(8), page).unwrap();
        assert_eq!((ids(&second), second.total), (vec!["answered later".to_owned()], 3));
        // One hour reaches to the close, and so to whatever comes before the next morning's work.
        let one = soon(&lens(&book, &question), calendar(), TimeDelta::hours(1), all).unwrap();
        assert_eq!((ids(&one), one.until), (vec!["evening".to_owned()], sec("2022-05-20T07:30:00")));
        let beyond = as_of("2050-01-01T00:00:00");
        assert!(soon(&lens(&book, &beyond), calendar(), TimeDelta::hours(1), all).is_err());
    }
}
