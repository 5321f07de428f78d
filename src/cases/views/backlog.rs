//! What is open at the end of the window: how old, and how long overdue.

use std::sync::Arc;

use super::axis::{Axis, Keys};
use super::bands::{OverdueBands, age_band};
use super::lens::Lens;
use super::scan::{At, scan};
use crate::cases::{CaseAt, Second};
use crate::domain::WorkCalendar;
use crate::domain::work_calendar::WorkCalendarError;

/// The open case that began first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OldestOpen {
    /// The source's identifier.
    pub id: String,
    /// The feed that brought it.
    pub feed: Arc<str>,
    /// When it began.
    pub start: Second,
    /// Seconds of the wall clock from its begin to the end of the window.
    pub age_seconds: Second,
}

/// What is open right before the end of the window.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Backlog {
    /// Code of the unit; [`TOTAL`](crate::domain::TOTAL) for all together.
    pub code: Arc<str>,
    /// Open.
    pub open: u32,
    /// Past the deadline.
    pub open_overdue: u32,
    /// Open by age, see [`AGE_BANDS`](super::AGE_BANDS).
    pub by_age: [u32; 4],
    /// Past the deadline by age.
    pub overdue_by_age: [u32; 4],
    /// Past the deadline by working days past it, see [`OVERDUE_BANDS`](super::OVERDUE_BANDS).
    pub by_overdue_days: [u32; 4],
    /// The oldest.
    pub oldest: Option<OldestOpen>,
}

/// Counts of one unit while they are gathered.
#[derive(Debug, Clone, Copy, Default)]
struct Pile {
    by_age: [u32; 4],
    overdue_by_age: [u32; 4],
    by_overdue_days: [u32; 4],
    oldest: Option<(Second, CaseAt)>,
}

/// What is open, all together.
///
/// # Errors
/// If the work calendar does not cover the end of the window.
pub fn backlog(lens: &Lens<'_>, calendar: &WorkCalendar) -> Result<Backlog, WorkCalendarError> {
    let all = backlog_by(lens, calendar, Axis::Total)?;
    Ok(all.into_iter().next().unwrap_or_default())
}

/// What is open by the codes of an axis, those with nothing open left out; axes of time and age count as the total.
/// With the axis of authorities, stints are counted.
///
/// # Errors
/// If the work calendar does not cover the end of the window.
pub fn backlog_by(lens: &Lens<'_>, calendar: &WorkCalendar, units: Axis) -> Result<Vec<Backlog>, WorkCalendarError> {
    let units = if units.is_time() || units == Axis::AgeBand { Axis::Total } else { units };
    let lens = &if units == Axis::Org { lens.of_stints() } else { lens.clone() };
    let (keys, bands, end) = (Keys::new(units, &lens.book().codes), OverdueBands::new(calendar, lens.to)?, lens.to);
    let each = |piles: &mut Vec<Pile>, at: At<'_>| {
        let Some(overdue) = lens.open_before(at.spans, at.row, end) else { return };
        let pile = &mut piles[keys.position(at.spans, at.row)];
        let start = at.spans.start[at.row];
        let age = age_band(start, end);
        pile.by_age[age] += 1;
        if let Some(due) = overdue {
            pile.overdue_by_age[age] += 1;
            pile.by_overdue_days[bands.band(due)] += 1;
        }
        pile.oldest = older(lens, pile.oldest, Some((start, at.case())));
    };
    let merge = |all: &mut Vec<Pile>, part: Vec<Pile>| {
        for (pile, other) in all.iter_mut().zip(&part) {
            let add = |own: &mut [u32; 4], others: &[u32; 4]| own.iter_mut().zip(others).for_each(|(a, b)| *a += b);
            add(&mut pile.by_age, &other.by_age);
            add(&mut pile.overdue_by_age, &other.overdue_by_age);
            add(&mut pile.by_overdue_days, &other.by_overdue_days);
            pile.oldest = older(lens, pile.oldest, other.oldest);
        }
    };
    let piles = scan(lens, (end, end), || vec![Pile::default(); keys.codes.len()], each, merge);
    let kept = keys.codes.iter().zip(piles).filter(|(_, pile)| pile.oldest.is_some() || units == Axis::Total);
    Ok(kept.map(|(code, pile)| of_pile(lens, code, &pile)).collect())
}

/// The one that began first; of two at the same second the one whose identifier comes first.
fn older(lens: &Lens<'_>, a: Option<(Second, CaseAt)>, b: Option<(Second, CaseAt)>) -> Option<(Second, CaseAt)> {
    let (Some(a), Some(b)) = (a, b) else { return a.or(b) };
    let order = a.0.cmp(&b.0).then_with(|| lens.name(a.1).cmp(&lens.name(b.1)));
    Some(if order.is_le() { a } else { b })
}

fn of_pile(lens: &Lens<'_>, code: &Arc<str>, pile: &Pile) -> Backlog {
    let oldest = pile.oldest.map(|(start, at)| {
        let (id, feed) = lens.name(at);
        OldestOpen { id: id.to_owned(), feed: Arc::clone(feed), start, age_seconds: lens.to - start }
    });
    Backlog {
        code: Arc::clone(code),
        open: pile.by_age.iter().sum(),
        open_overdue: pile.by_overdue_days.iter().sum(),
        by_age: pile.by_age,
        overdue_by_age: pile.overdue_by_age,
        by_overdue_days: pile.by_overdue_days,
        oldest,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Sketch, book, calendar, lens, window};
    use super::*;

    #[test]
    fn what_is_open_by_age_and_by_days_past_the_deadline() {
        let book = book(&[
            // At noon on Wednesday 25 May: 33 days old, no deadline.
            Sketch::new("d", "", "2022-04-22T08:00:00"),
            // 23 days old; due on 10 May, which is eleven working days past (see the bands).
            Sketch::new("b", "26734", "2022-05-02T08:00:00").due("2022-05-10T17:00:00"),
            // 15 days old; due on 18 May: five working days past.
            Sketch::new("a", "26737", "2022-05-10T08:00:00").due("2022-05-18T17:00:00"),
            // 4 days and 23 hours old; due the same morning.
            Sketch::new("c", "26764", "2022-05-20T13:00:00").due("2022-05-25T11:00:00"),
            // Answered, though late; not yet received.
            Sketch::new("e", "26764", "2022-05-02T08:00:00").due("2022-05-10T17:00:00").answered("2022-05-25T11:59:59"),
            Sketch::new("f", "26764", "2022-05-25T12:00:00"),
        ]);
        let question = window("2022-05-01T00:00:00", "2022-05-25T12:00:00");
        let all = backlog(&lens(&book, &question), calendar()).unwrap();
        assert_eq!((&*all.code, all.open, all.open_overdue), ("_T", 4, 3));
        assert_eq!((all.by_age, all.overdue_by_age), ([1, 1, 1, 1], [1, 1, 1, 0]));
        assert_eq!(all.by_overdue_days, [2, 0, 1, 0]);
        let oldest = all.oldest.unwrap();
        assert_eq!((oldest.id.as_str(), oldest.age_seconds), ("d", 33 * 86_400 + 4 * 3600));
        let units = backlog_by(&lens(&book, &question), calendar(), Axis::District).unwrap();
        let rows: Vec<_> = units.iter().map(|unit| (&*unit.code, unit.open, unit.open_overdue)).collect();
        assert_eq!(rows, [("", 1, 0), ("760", 2, 2), ("761", 1, 1)]);
        let none = backlog(&lens(&book, &window("2022-01-01T00:00:00", "2022-02-01T00:00:00")), calendar()).unwrap();
        assert_eq!((none.open, none.oldest), (0, None));
    }
}
