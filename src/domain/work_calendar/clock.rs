//! Working time as a number: how much has passed since the first declared day, looked up by day.
//!
//! The calendar's own functions search its days; millions of cases ask several times each, so this table answers a
//! question about a [`Moment`] in constant time and without building dates.

use std::ops::RangeInclusive;

use chrono::{NaiveDate, NaiveTime, Timelike};

use super::WorkCalendarError;
use crate::domain::Moment;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// Working time by day of one calendar. All amounts are seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkClock {
    years: RangeInclusive<i32>,
    /// The first declared day, in days since 1970-01-01.
    first: i64,
    /// Working days before each declared day, and before the day after the last.
    passed: Vec<u32>,
    /// Every working day, in days since 1970-01-01, ascending.
    days: Vec<i64>,
    /// Spans of a working day, in seconds after midnight, ascending.
    spans: Vec<(i64, i64)>,
    /// Working time of one day.
    day_length: i64,
}

impl WorkClock {
    /// Lays out the declared years; `days` are the working days among them, ascending.
    pub(super) fn new(
        years: RangeInclusive<i32>,
        days: &[NaiveDate],
        hours: impl Iterator<Item = (NaiveTime, NaiveTime)>,
    ) -> Self {
        let number = |day: NaiveDate| Moment::midnight(day).0.div_euclid(DAY);
        let new_year = |year: i32| NaiveDate::from_ymd_opt(year, 1, 1).map(number).unwrap_or_default();
        let (first, end) = (new_year(*years.start()), new_year(years.end() + 1));
        let days: Vec<i64> = days.iter().map(|d| number(*d)).collect();
        let mut passed = Vec::with_capacity((end - first + 1) as usize);
        let mut count = 0;
        for day in first..=end {
            passed.push(count as u32);
            count += usize::from(days.get(count) == Some(&day));
        }
        let seconds = |time: NaiveTime| i64::from(time.num_seconds_from_midnight());
        let spans: Vec<(i64, i64)> = hours.map(|(from, to)| (seconds(from), seconds(to))).collect();
        let day_length = spans.iter().map(|(from, to)| to - from).sum();
        Self { years, first, passed, days, spans, day_length }
    }

    /// Working seconds from `from` to `to`; zero if `to` is not later.
    pub fn between(&self, from: Moment, to: Moment) -> Result<i64, WorkCalendarError> {
        let (before, after) = (self.until(from)?, self.until(to)?);
        Ok((after - before).max(0))
    }

    /// The earliest moment at which `seconds` of working time have passed since `at`; none is `at` itself.
    pub fn add(&self, at: Moment, seconds: i64) -> Result<Moment, WorkCalendarError> {
        let before = self.until(at)?;
        match seconds {
            i64::MIN..0 => return Err(WorkCalendarError::Negative),
            0 => return Ok(at),
            _ => {}
        }
        // The second that completes the amount, so that a whole day ends at its close and not the next morning.
        let last = before.saturating_add(seconds) - 1;
        let day = usize::try_from(last / self.day_length).ok().and_then(|k| self.days.get(k));
        let day = *day.ok_or_else(|| self.out_of_range(at))?;
        let mut left = last % self.day_length + 1;
        for (from, to) in &self.spans {
            if left <= to - from {
                return Ok(Moment(day * DAY + from + left));
            }
            left -= to - from;
        }
        Ok(Moment(day * DAY + self.close()))
    }

    /// The close of the `count`-th working day after the day of `at`, which itself does not count; with 0, the close of
    /// the first working day on or after it.
    pub fn close_after(&self, at: Moment, count: u32) -> Result<Moment, WorkCalendarError> {
        let index = self.index(at)?;
        let at_day = match count {
            0 => self.passed[index] as usize,
            n => self.passed[index + 1] as usize + n as usize - 1,
        };
        let day = self.days.get(at_day).ok_or_else(|| self.out_of_range(at))?;
        Ok(Moment(day * DAY + self.close()))
    }

    /// Working seconds from the first declared day to a moment.
    fn until(&self, at: Moment) -> Result<i64, WorkCalendarError> {
        let index = self.index(at)?;
        let whole = i64::from(self.passed[index]) * self.day_length;
        if self.passed[index] == self.passed[index + 1] {
            return Ok(whole);
        }
        let time = at.0.rem_euclid(DAY);
        Ok(whole + self.spans.iter().map(|(from, to)| time.clamp(*from, *to) - from).sum::<i64>())
    }

    /// Which declared day a moment lies in.
    fn index(&self, at: Moment) -> Result<usize, WorkCalendarError> {
        let index = at.0.div_euclid(DAY) - self.first;
        let known = usize::try_from(index).ok().filter(|i| i + 1 < self.passed.len());
        known.ok_or_else(|| self.out_of_range(at))
    }

    /// When a working day ends, in seconds after midnight.
    fn close(&self) -> i64 {
        self.spans.last().map_or(0, |(_, to)| *to)
    }

    fn out_of_range(&self, at: Moment) -> WorkCalendarError {
        WorkCalendarError::OutOfRange { day: at.date(), first: *self.years.start(), last: *self.years.end() }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;
    use crate::domain::WorkCalendar;

    fn calendar() -> &'static WorkCalendar {
        static CALENDAR: std::sync::LazyLock<WorkCalendar> = std::sync::LazyLock::new(|| {
            WorkCalendar::from_toml(include_str!("../../../indicators/work_calendar.toml")).unwrap()
        });
        &CALENDAR
    }

    fn at(text: &str) -> Moment {
        Moment::from_local(text.parse().unwrap())
    }

    #[test]
    fn a_day_closes_at_five() {
        let clock = calendar().clock();
        // Friday 29/4/2022; 30/4 and 1/5 fall on the weekend and are made up for on 2 and 3 May.
        assert_eq!(clock.close_after(at("2022-04-29T09:00:00"), 1), Ok(at("2022-05-04T17:00:00")));
        assert_eq!(clock.close_after(at("2022-04-30T09:00:00"), 0), Ok(at("2022-05-04T17:00:00")));
        assert_eq!(clock.close_after(at("2022-04-29T23:59:59"), 0), Ok(at("2022-04-29T17:00:00")));
        assert_eq!(clock.add(at("2022-04-29T09:00:00"), 0), Ok(at("2022-04-29T09:00:00")));
        assert_eq!(clock.add(at("2022-04-29T09:00:00"), -1), Err(WorkCalendarError::Negative));
    }

    #[test]
    fn outside_the_declared_years_there_is_no_answer() {
        let clock = calendar().clock();
        let outside = |at: Moment| WorkCalendarError::OutOfRange { day: at.date(), first: 2021, last: 2026 };
        for moment in [at("2020-12-31T23:59:59"), at("2027-01-01T00:00:00"), Moment(i64::MIN), Moment(i64::MAX)] {
            assert_eq!(clock.between(moment, moment), Err(outside(moment)));
            assert_eq!(clock.add(moment, 1), Err(outside(moment)));
            assert_eq!(clock.close_after(moment, 1), Err(outside(moment)));
        }
        let last = at("2026-12-31T16:59:59");
        assert_eq!(clock.add(last, 1), Ok(at("2026-12-31T17:00:00")));
        assert_eq!(clock.add(last, 2), Err(outside(last)));
        assert_eq!(clock.add(last, i64::MAX), Err(outside(last)));
        assert_eq!(clock.close_after(last, 1), Err(outside(last)));
    }

    proptest! {
        /// The calendar's own functions, written on dates and by search, say the same.
        #[test]
        fn the_table_agrees_with_the_calendar(start in 0i64..189_000_000, length in 0i64..9_000_000, days in 0u32..40) {
            let from = Moment(at("2021-01-01T00:00:00").0 + start);
            let to = Moment(from.0 + length);
            let (clock, dates) = (calendar().clock(), calendar());
            let worked = dates.working_hours_between(from.local(), to.local()).map(|w| w.num_seconds());
            prop_assert_eq!(clock.between(from, to), worked);
            let added = dates.add_working_hours(from.local(), TimeDelta::seconds(length / 4)).map(Moment::from_local);
            prop_assert_eq!(clock.add(from, length / 4), added);
            let day = dates.add_working_days(from.date(), days);
            prop_assert_eq!(clock.close_after(from, days).map(Moment::date), day);
        }
    }
}
