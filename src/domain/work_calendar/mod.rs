//! Working days and hours of the city's offices: what deadlines run on.
//!
//! All times are the city's local time. The calendar covers the declared years only; a question outside them is an
//! error, since a holiday nobody declared would silently move a deadline.
//!
//! ```
//! use toancanh::domain::WorkCalendar;
//! let calendar = WorkCalendar::from_toml(
//!     r#"
//!     version = 1
//!     weekend = ["sat", "sun"]
//!     hours = [["07:30", "11:30"], ["13:00", "17:00"]]
//!     [[year]]
//!     year = 2022
//!     off = ["2022-05-02", "2022-05-03"]
//!     "#,
//! )
//! .unwrap();
//! let friday = "2022-04-29".parse().unwrap();
//! assert_eq!(calendar.add_working_days(friday, 1).unwrap().to_string(), "2022-05-04");
//! ```

mod clock;
mod declared;

use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

use crate::error::{Coded, ErrorCode};

pub use clock::WorkClock;
pub use declared::{CalendarProblem, CalendarProblems};

/// The working days of some years and the hours of each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkCalendar {
    years: RangeInclusive<i32>,
    /// Every working day, ascending.
    days: Vec<NaiveDate>,
    /// Spans of a working day, `[from, to)`, ascending.
    hours: Vec<(NaiveTime, NaiveTime)>,
    /// Years whose exchanged days are proposed, not announced.
    proposed: Vec<i32>,
    /// The same as a table by day.
    clock: WorkClock,
}

/// A question that the calendar cannot answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorkCalendarError {
    /// The day, or the day an addition leads to, is outside the declared years.
    #[error("{day} is outside the work calendar, which covers {first} to {last}")]
    OutOfRange {
        /// The day asked for, or for an addition the day it started from.
        day: NaiveDate,
        /// First declared year.
        first: i32,
        /// Last declared year.
        last: i32,
    },
    /// Deadlines run forwards only.
    #[error("a negative amount of working time")]
    Negative,
}

impl Coded for WorkCalendarError {
    fn code(&self) -> ErrorCode {
        match self {
            WorkCalendarError::OutOfRange { .. } => ErrorCode::BadDeclaration,
            WorkCalendarError::Negative => ErrorCode::Internal,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            WorkCalendarError::OutOfRange { .. } => {
                Some("Declare the year's days off in indicators/work_calendar.toml.".to_owned())
            }
            WorkCalendarError::Negative => None,
        }
    }
}

impl WorkCalendar {
    /// The declared years.
    pub fn years(&self) -> RangeInclusive<i32> {
        self.years.clone()
    }

    /// Whether a declared year's exchanged days are only proposed.
    pub fn is_proposed(&self, year: i32) -> bool {
        self.proposed.contains(&year)
    }

    /// The same calendar as a table by day, for questions about many moments.
    pub fn clock(&self) -> &WorkClock {
        &self.clock
    }

    /// Working time of one day.
    pub fn day_length(&self) -> TimeDelta {
        self.hours.iter().map(|(from, to)| *to - *from).sum()
    }

    /// Whether the offices work on a day.
    pub fn is_working_day(&self, day: NaiveDate) -> Result<bool, WorkCalendarError> {
        self.covered(day)?;
        Ok(self.days.binary_search(&day).is_ok())
    }

    /// The working day `count` working days after `day`, which itself does not count; with 0, the first working day on
    /// or after `day`.
    pub fn add_working_days(&self, day: NaiveDate, count: u32) -> Result<NaiveDate, WorkCalendarError> {
        self.covered(day)?;
        let at = match count {
            0 => self.days_before(day),
            n => self.days_until(day) + n as usize - 1,
        };
        self.days.get(at).copied().ok_or_else(|| self.out_of_range(day))
    }

    /// Working days after `from` up to and including `to`; 0 if `to` is not later.
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> Result<u32, WorkCalendarError> {
        self.covered(from)?;
        self.covered(to)?;
        Ok(self.days_until(to).saturating_sub(self.days_until(from)) as u32)
    }

    /// `at` itself if the offices are at work then, else the next instant at which they are.
    pub fn next_working_instant(&self, at: NaiveDateTime) -> Result<NaiveDateTime, WorkCalendarError> {
        if self.is_working_day(at.date())? {
            for (from, to) in &self.hours {
                if at.time() < *to {
                    return Ok(at.date().and_time(at.time().max(*from)));
                }
            }
        }
        let next = self.days.get(self.days_until(at.date())).ok_or_else(|| self.out_of_range(at.date()))?;
        Ok(next.and_time(self.hours[0].0))
    }

    /// The instant at which `amount` of working time has passed since `at`: the earliest one, so eight hours from a
    /// morning's start end at that evening's close. A zero amount is `at` itself.
    pub fn add_working_hours(&self, at: NaiveDateTime, amount: TimeDelta) -> Result<NaiveDateTime, WorkCalendarError> {
        self.covered(at.date())?;
        if amount < TimeDelta::zero() {
            return Err(WorkCalendarError::Negative);
        }
        if amount == TimeDelta::zero() {
            return Ok(at);
        }
        let mut left = amount.checked_add(&self.worked_on(at)).ok_or_else(|| self.out_of_range(at.date()))?;
        let day_length = self.day_length();
        for day in &self.days[self.days_before(at.date())..] {
            if left <= day_length {
                return Ok(self.instant_of(*day, left));
            }
            left -= day_length;
        }
        Err(self.out_of_range(at.date()))
    }

    /// The instant of a working day at which `worked` (at most its length) has passed.
    fn instant_of(&self, day: NaiveDate, mut worked: TimeDelta) -> NaiveDateTime {
        for (from, to) in &self.hours {
            let span = *to - *from;
            if worked <= span {
                return day.and_time(*from) + worked;
            }
            worked -= span;
        }
        day.and_time(self.hours[self.hours.len() - 1].1)
    }

    /// Working time from `from` to `to`; zero if `to` is not later.
    pub fn working_hours_between(
        &self,
        from: NaiveDateTime,
        to: NaiveDateTime,
    ) -> Result<TimeDelta, WorkCalendarError> {
        self.covered(from.date())?;
        self.covered(to.date())?;
        if to <= from {
            return Ok(TimeDelta::zero());
        }
        let days = self.days_before(to.date()) - self.days_before(from.date());
        Ok(self.day_length() * days as i32 + self.worked_on(to) - self.worked_on(from))
    }

    /// Working time passed on the day of `at` by then; zero on a day off.
    fn worked_on(&self, at: NaiveDateTime) -> TimeDelta {
        if self.days.binary_search(&at.date()).is_err() {
            return TimeDelta::zero();
        }
        self.hours.iter().map(|(from, to)| at.time().clamp(*from, *to) - *from).sum()
    }

    /// Working days before a day.
    fn days_before(&self, day: NaiveDate) -> usize {
        self.days.partition_point(|d| *d < day)
    }

    /// Working days up to and including a day.
    fn days_until(&self, day: NaiveDate) -> usize {
        self.days.partition_point(|d| *d <= day)
    }

    fn covered(&self, day: NaiveDate) -> Result<(), WorkCalendarError> {
        if self.years.contains(&day.year()) { Ok(()) } else { Err(self.out_of_range(day)) }
    }

    fn out_of_range(&self, day: NaiveDate) -> WorkCalendarError {
        WorkCalendarError::OutOfRange { day, first: *self.years.start(), last: *self.years.end() }
    }
}

#[cfg(test)]
mod tests;
