//! How old, and how long overdue: bands of days.

use chrono::Days;

use crate::cases::{Second, moment, second};
use crate::domain::Moment;
use crate::domain::WorkCalendar;
use crate::domain::work_calendar::WorkCalendarError;

/// Codes of the bands of age in whole days: up to 4, 5 to 15, 16 to 30, more.
pub const AGE_BANDS: [&str; 4] = ["under_5d", "5_15d", "16_30d", "over_30d"];

/// Codes of the bands of working days past the deadline: up to 5, 6 to 10, 11 to 30, more.
pub const OVERDUE_BANDS: [&str; 4] = ["1_5d", "6_10d", "11_30d", "over_30d"];

const DAY: Second = 86_400;
/// The most working days of each band but the last.
const MOST_OVERDUE: [u32; 3] = [5, 10, 30];

/// Position in [`AGE_BANDS`] of what began at `start`, at a later second.
#[inline]
pub fn age_band(start: Second, at: Second) -> usize {
    match at.saturating_sub(start) / DAY {
        0..=4 => 0,
        5..=15 => 1,
        16..=30 => 2,
        _ => 3,
    }
}

/// The bands of working days past a deadline, as they lie before one second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OverdueBands {
    /// The first second of the first day on which a deadline still falls into the band.
    since: [Second; 3],
}

impl OverdueBands {
    /// The bands right before `at`. A deadline before the calendar begins falls into the last band.
    ///
    /// # Errors
    /// If the calendar does not cover the day before `at`.
    pub fn new(calendar: &WorkCalendar, at: Second) -> Result<Self, WorkCalendarError> {
        let today = moment(at.saturating_sub(1)).date();
        calendar.is_working_day(today)?;
        let since = MOST_OVERDUE.map(|most| {
            let mut day = today;
            while let Some(before) = day.checked_sub_days(Days::new(1)) {
                match calendar.working_days_between(before, today) {
                    Ok(passed) if passed <= most => day = before,
                    _ => break,
                }
            }
            second(Moment::midnight(day))
        });
        Ok(Self { since })
    }

    /// Position in [`OVERDUE_BANDS`] of a deadline that has passed.
    #[inline]
    pub fn band(&self, due: Second) -> usize {
        self.since.iter().position(|since| due >= *since).unwrap_or(MOST_OVERDUE.len())
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{calendar, sec};
    use super::*;

    #[test]
    fn age_counts_whole_days() {
        let start = sec("2022-05-01T08:00:00");
        let at = |days: u32, seconds: i64| age_band(start, (i64::from(start + days * DAY) + seconds) as Second);
        assert_eq!([at(5, -1), at(5, 0), at(16, -1), at(16, 0), at(31, -1), at(31, 0)], [0, 1, 1, 2, 2, 3]);
    }

    #[test]
    fn overdue_counts_working_days_after_the_due_day() {
        // Wednesday 25 May 2022. Working days back: 24, 23, 20, 19, 18 May are five days; a deadline on Wednesday 18 May is
        // five working days past (19, 20, 23, 24, 25), one on Tuesday 17 May is six.
        let bands = OverdueBands::new(calendar(), sec("2022-05-25T12:00:00")).unwrap();
        assert_eq!(bands.band(sec("2022-05-25T08:00:00")), 0, "the same day counts as the first band");
        assert_eq!([bands.band(sec("2022-05-18T00:00:00")), bands.band(sec("2022-05-17T23:59:59"))], [0, 1]);
        // Ten: 11 May. Thirty: the second and third of May were days off, 11 April too; 12 to 25 May is ten working
        // days (12 13 16 17 18 19 20 23 24 25), 4 to 11 May six, 12 to 29 April fourteen (12 13 14 15, 18-22, 25-29):
        // a deadline on 11 April or later (9, 10, 11 April being off, on 8 April or later) is at most thirty.
        assert_eq!([bands.band(sec("2022-05-11T00:00:00")), bands.band(sec("2022-05-10T23:00:00"))], [1, 2]);
        assert_eq!([bands.band(sec("2022-04-08T00:00:00")), bands.band(sec("2022-04-07T23:59:59"))], [2, 3]);
        assert!(OverdueBands::new(calendar(), sec("2050-01-01T00:00:00")).is_err());
    }
}
