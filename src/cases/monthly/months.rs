//! Months and working days as tables by day, so that the inner loop divides once and looks up twice.

use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate, Weekday};

use crate::cases::second::{Cut, NEVER, Second, moment, month_start};
use crate::domain::{Freq, Period, WorkCalendar};

/// Seconds of a day.
const DAY: Second = 86_400;
/// Days that a [`Second`] reaches over.
const DAYS: usize = (NEVER / DAY) as usize + 1;
/// `Period::index` of January 1970, the first month that a [`Second`] can lie in.
const FIRST_MONTH: i32 = 1970 * 12;

/// A month by its number since January 1970.
pub(in crate::cases) type MonthNo = u16;

static TABLE: LazyLock<Months> = LazyLock::new(Months::build);

/// The months of the wall clock.
#[derive(Debug)]
pub(in crate::cases) struct Months {
    of_day: Vec<MonthNo>,
    /// First second of every month, one more than there are months.
    starts: Vec<Second>,
}

impl Months {
    /// The table, built once.
    pub fn table() -> &'static Months {
        &TABLE
    }

    fn build() -> Self {
        let of_day: Vec<MonthNo> = (0..DAYS).map(|day| month_no(date_of_day(day))).collect();
        let last = of_day[DAYS - 1];
        let starts = (0..=last + 1).map(|month| month_start(index(month))).collect();
        Self { of_day, starts }
    }

    /// The month of a second.
    #[inline]
    pub fn of(&self, at: Second) -> MonthNo {
        self.of_day[(at / DAY) as usize]
    }

    /// The first second of the month after, or the cut if that is earlier: where a month is looked back on.
    #[inline]
    pub fn end(&self, month: MonthNo, cut: Cut) -> Second {
        self.starts[usize::from(month) + 1].min(cut.second())
    }

    /// The month of the last second that exists.
    pub fn last(&self, cut: Cut) -> MonthNo {
        self.of(cut.last())
    }
}

fn date_of_day(day: usize) -> NaiveDate {
    moment(day as Second * DAY).date()
}

fn month_no(day: NaiveDate) -> MonthNo {
    (Period::of_date(Freq::M, day).index() - FIRST_MONTH) as MonthNo
}

/// `Period::index` of a month.
pub(super) fn index(month: MonthNo) -> i32 {
    FIRST_MONTH + i32::from(month)
}

/// Working days from 1970 on, counted up day by day.
///
/// Outside the declared years of the calendar, Monday to Friday are worked: only the bands of days overdue are made of
/// this, and for a deadline ten years back or one next year no holiday moves a case from one band to another by much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkingDays {
    /// Working days up to and including each day.
    until: Vec<u32>,
}

impl WorkingDays {
    /// Counts the working days of a calendar.
    pub fn of(calendar: &WorkCalendar) -> Self {
        let weekday = |day: NaiveDate| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        let works = |day: NaiveDate| calendar.is_working_day(day).unwrap_or_else(|_| weekday(day));
        let mut count = 0;
        let until = (0..DAYS).map(|day| {
            count += u32::from(works(date_of_day(day)));
            count
        });
        Self { until: until.collect() }
    }

    /// Working days after the day of `from` up to and including the day of `to`; 0 if that is not later.
    #[inline]
    pub fn between(&self, from: Second, to: Second) -> u32 {
        self.until[(to / DAY) as usize].saturating_sub(self.until[(from / DAY) as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::fixture::at;
    use crate::cases::second::second;

    #[test]
    fn a_second_lies_in_its_month() {
        let months = Months::table();
        let of = |text: &str| index(months.of(second(at(text))));
        assert_eq!(of("2022-05-31T23:59:59"), 2022 * 12 + 4);
        assert_eq!(of("2022-06-01T00:00:00"), 2022 * 12 + 5);
        assert_eq!(index(months.of(0)), 1970 * 12);
        assert_eq!(index(months.of(NEVER - 1)), 2106 * 12 + 1);
        let may = months.of(second(at("2022-05-25T12:00:00")));
        let cut = Cut::as_of(at("2022-05-25T12:00:00"));
        assert_eq!((months.end(may, cut), months.end(may - 1, cut)), (cut.second(), second(at("2022-05-01T00:00:00"))));
    }

    #[test]
    fn working_days_are_those_of_the_calendar() {
        let calendar = WorkCalendar::from_toml(include_str!("../../../indicators/work_calendar.toml")).unwrap();
        let days = WorkingDays::of(&calendar);
        for (from, to) in [("2022-04-29", "2022-05-04"), ("2022-01-28", "2022-02-07"), ("2022-03-05", "2022-03-05")] {
            let count = calendar.working_days_between(from.parse().unwrap(), to.parse().unwrap()).unwrap();
            let at = |day: &str| second(at(&format!("{day}T23:00:00")));
            assert_eq!(days.between(at(from), at(to)), count, "{from} {to}");
        }
        let at = |text: &str| second(at(text));
        assert_eq!(
            days.between(at("1999-01-01T00:00:00"), at("1999-01-08T00:00:00")),
            5,
            "not declared: Monday to Friday"
        );
    }
}
