//! Instants of cases: seconds on the city's wall clock.

use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta};

use crate::domain::Vintage;

/// The city's offset since 13 June 1975, in seconds, and the first second from which it is taken without looking it up.
/// Tables of cases hold tens of millions of moments.
const OFFSET: i64 = 7 * 3600;
const OFFSET_SINCE: i64 = 189_302_400; // 1976-01-01T00:00:00 UTC
/// Far enough for every due date, near enough that microseconds do not overflow: the year 9999.
const OFFSET_UNTIL: i64 = 253_402_300_799;

/// Whole seconds since 1970-01-01T00:00:00 of the city's wall clock.
///
/// Deadlines and months run on the wall clock, so the zone is settled once, when a case comes in. The city's clock never
/// goes back, so a moment and an instant determine each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Moment(pub i64);

impl Moment {
    /// From a wall clock time; fractions of a second are dropped.
    pub fn from_local(at: NaiveDateTime) -> Self {
        Self(at.and_utc().timestamp())
    }

    /// From an instant, shown on the city's wall clock.
    pub fn from_vintage(at: Vintage) -> Option<Self> {
        let seconds = at.micros().div_euclid(1_000_000);
        if (OFFSET_SINCE..OFFSET_UNTIL).contains(&seconds) {
            return Some(Self(seconds + OFFSET));
        }
        at.instant().map(|at| Self::from_local(at.with_timezone(&crate::domain::vintage::CITY_TZ).naive_local()))
    }

    /// The instant.
    pub fn vintage(self) -> Vintage {
        let seconds = self.0 - OFFSET;
        if (OFFSET_SINCE..OFFSET_UNTIL).contains(&seconds) {
            return Vintage::from_micros(seconds * 1_000_000);
        }
        Vintage::from_local(self.local())
    }

    /// The wall clock time; the ends of the calendar for moments outside chrono's range.
    pub fn local(self) -> NaiveDateTime {
        let end = if self.0 < 0 { NaiveDateTime::MIN } else { NaiveDateTime::MAX };
        DateTime::from_timestamp(self.0, 0).map_or(end, |at| at.naive_utc())
    }

    /// The day on the wall clock.
    pub fn date(self) -> NaiveDate {
        self.local().date()
    }

    /// 00:00:00 of a day; 24:00 of the day before.
    pub fn midnight(day: NaiveDate) -> Self {
        Self::from_local(day.and_time(chrono::NaiveTime::MIN))
    }

    /// Later by an amount of time.
    pub fn plus(self, amount: TimeDelta) -> Self {
        Self(self.0 + amount.num_seconds())
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.local().format("%Y-%m-%dT%H:%M:%S"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_way_through_the_offset_is_the_calendars() {
        for day in (0..20_000).step_by(7).map(|n| n * 86_400 + 12_345) {
            let at = Moment(day);
            assert_eq!(at.vintage(), Vintage::from_local(at.local()), "{at}");
            assert_eq!(Moment::from_vintage(at.vintage()), Some(at));
        }
        assert_eq!(Moment::from_vintage(Vintage::LATEST), None);
    }

    #[test]
    fn a_moment_is_the_wall_clock() {
        let noon = Moment::from_local("2022-05-25T12:00:00".parse().unwrap());
        assert_eq!(noon.vintage().to_string(), "2022-05-25T12:00:00+07:00");
        assert_eq!(Moment::from_vintage(noon.vintage()), Some(noon));
        assert_eq!(noon.to_string(), "2022-05-25T12:00:00");
        assert_eq!(Moment::midnight(noon.date()).plus(TimeDelta::hours(12)), noon);
    }
}
