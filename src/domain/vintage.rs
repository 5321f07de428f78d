//! When a value became known.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, TimeDelta, TimeZone, Utc};
use chrono_tz::Asia::Ho_Chi_Minh;
use chrono_tz::Tz;

/// The city's time zone. Every local date in the engine is a date here.
pub const CITY_TZ: Tz = Ho_Chi_Minh;

/// An instant in microseconds since 1970 UTC: when a value was published (or, where the source does not say, pulled).
///
/// A correction is a new vintage; nothing is overwritten. "As known on day D" means vintages up to the end of that day
/// in the city's time ([`Vintage::end_of_day`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Vintage(i64);

impl Vintage {
    /// Earlier than any vintage: where a maximum starts.
    pub const EARLIEST: Vintage = Vintage(i64::MIN);

    /// Later than any vintage: "as known now".
    pub const LATEST: Vintage = Vintage(i64::MAX);

    /// From microseconds since 1970 UTC.
    pub fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// From an instant.
    pub fn from_instant(at: DateTime<Utc>) -> Self {
        Self(at.timestamp_micros())
    }

    /// From the city's local time. A time that the clocks skipped (they last did in 1959) counts at today's offset.
    pub fn from_local(at: NaiveDateTime) -> Self {
        let instant = match CITY_TZ.from_local_datetime(&at).earliest() {
            Some(local) => local.with_timezone(&Utc),
            None => at.and_utc() - TimeDelta::hours(7),
        };
        Self::from_instant(instant)
    }

    /// The first instant of a local day.
    pub fn start_of_day(day: NaiveDate) -> Self {
        Self::from_local(day.and_time(NaiveTime::MIN))
    }

    /// The last microsecond of a local day: what "as of this date" means.
    pub fn end_of_day(day: NaiveDate) -> Self {
        Self(Self::start_of_day(day).0 + TimeDelta::days(1).num_microseconds().expect("a day fits") - 1)
    }

    /// Microseconds since 1970 UTC.
    pub fn micros(self) -> i64 {
        self.0
    }

    /// The instant, or `None` for [`Vintage::LATEST`] and anything else outside chrono's range.
    pub fn instant(self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp_micros(self.0)
    }

    /// The city's local date.
    pub fn local_date(self) -> Option<NaiveDate> {
        self.instant().map(|at| at.with_timezone(&CITY_TZ).date_naive())
    }
}

impl fmt::Display for Vintage {
    /// RFC 3339 with the city's offset.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.instant() {
            Some(at) => f.write_str(&at.with_timezone(&CITY_TZ).to_rfc3339_opts(SecondsFormat::AutoSi, true)),
            None => f.write_str("latest"),
        }
    }
}

/// A text that is neither a date nor an instant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a date (2022-05-25) or an instant (2022-05-25T12:00:00+07:00)")]
pub struct VintageError(pub String);

impl FromStr for Vintage {
    type Err = VintageError;

    /// A date means the end of that day, local time without offset is the city's, an offset is respected.
    fn from_str(s: &str) -> Result<Self, VintageError> {
        let s = s.trim();
        // Four digits of year: chrono would also read "+262142-12-31".
        if !s.as_bytes().get(..5).is_some_and(|b| b[..4].iter().all(u8::is_ascii_digit) && b[4] == b'-') {
            return Err(VintageError(s.to_owned()));
        }
        if let Ok(day) = s.parse::<NaiveDate>() {
            return Ok(Self::end_of_day(day));
        }
        if let Ok(at) = DateTime::parse_from_rfc3339(s) {
            return Ok(Self::from_instant(at.with_timezone(&Utc)));
        }
        for format in ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S%.f"] {
            if let Ok(at) = NaiveDateTime::parse_from_str(s, format) {
                return Ok(Self::from_local(at));
            }
        }
        Err(VintageError(s.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_means_its_last_instant_in_the_city() {
        let day: Vintage = "2022-05-25".parse().unwrap();
        let next: Vintage = "2022-05-26T00:00:00+07:00".parse().unwrap();
        assert_eq!(day.micros() + 1, next.micros());
        assert_eq!(day.local_date().unwrap().to_string(), "2022-05-25");
    }

    #[test]
    fn local_time_is_seven_hours_ahead() {
        let at: Vintage = "2022-05-25T12:00:00".parse().unwrap();
        assert_eq!(at.instant().unwrap().to_rfc3339(), "2022-05-25T05:00:00+00:00");
        assert_eq!(at.to_string(), "2022-05-25T12:00:00+07:00");
    }

    #[test]
    fn instants_keep_their_own_offset() {
        let zulu: Vintage = "2022-05-25T05:00:00Z".parse().unwrap();
        assert_eq!(zulu, "2022-05-25T12:00:00".parse().unwrap());
        assert_eq!(zulu, "2022-05-25 12:00:00.000".parse().unwrap());
        assert_eq!(zulu, zulu.to_string().parse().unwrap());
        assert_eq!("2022-05-25T23:30:00Z".parse::<Vintage>().unwrap().local_date().unwrap().to_string(), "2022-05-26");
    }

    #[test]
    fn latest_is_after_every_date() {
        assert!(Vintage::LATEST > "9999-12-31".parse().unwrap());
        assert_eq!((Vintage::LATEST.to_string().as_str(), Vintage::LATEST.instant()), ("latest", None));
    }

    #[test]
    fn odd_dates_are_refused_or_read_but_never_panic() {
        for bad in ["+262142-12-31", "-262143-01-01", "25/5/2022", "2022-02-30", "2022-5", "latest", "", "22-05-25"] {
            assert_eq!(bad.parse::<Vintage>(), Err(VintageError(bad.into())));
        }
        // The clocks went from 23:00 to 24:00 on the last day of 1959.
        assert!("1959-12-31T23:30:00".parse::<Vintage>().is_ok());
    }
}
