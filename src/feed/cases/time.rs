//! Times as sources write them: a format, a zone, and the instant that follows.

use std::str::FromStr;

use chrono::format::{Item, Parsed, StrftimeItems};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone};
use chrono_tz::Tz;

use super::cell::Cell;
use crate::domain::Vintage;

/// How a time is written.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum TimeFormat {
    /// ISO 8601 in the forms that databases and services use, with or without offset; also a date alone.
    Iso,
    /// Seconds since 1970 UTC.
    Unix,
    /// Milliseconds since 1970 UTC.
    UnixMillis,
    /// As chrono's strftime.
    Written { items: Vec<Item<'static>>, text: String },
}

/// A format that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a format of times")]
pub(super) struct FormatInvalid(String);

impl FromStr for TimeFormat {
    type Err = FormatInvalid;

    fn from_str(text: &str) -> Result<Self, FormatInvalid> {
        match text {
            "iso" => return Ok(TimeFormat::Iso),
            "unix" => return Ok(TimeFormat::Unix),
            "unix_ms" => return Ok(TimeFormat::UnixMillis),
            _ => {}
        }
        let items: Vec<Item<'static>> = StrftimeItems::new(text).map(Item::to_owned).collect();
        let has_parts = items.iter().any(|item| matches!(item, Item::Numeric(..) | Item::Fixed(_)));
        if !has_parts || items.contains(&Item::Error) {
            return Err(FormatInvalid(text.to_owned()));
        }
        Ok(TimeFormat::Written { items, text: text.to_owned() })
    }
}

/// What a format found in a text.
enum Found {
    Instant(i64),
    Local(NaiveDateTime),
    Day(NaiveDate),
}

/// Reads the times of one column.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TimeReader {
    /// Place of the column.
    pub column: usize,
    pub formats: Vec<TimeFormat>,
    /// Zone of times without an offset.
    pub zone: Tz,
    /// Time of day of dates without one.
    pub time_of_day: NaiveTime,
}

/// A cell that holds no time of the declared formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NoTime;

impl TimeReader {
    /// The instant in a row, none where the cell is blank.
    pub fn read(&self, cells: &[Cell<'_>]) -> Result<Option<Vintage>, NoTime> {
        let micros = match &cells[self.column] {
            Cell::Blank => return Ok(None),
            Cell::Instant(micros) => *micros,
            Cell::Day(days) => {
                let day = NaiveDate::from_epoch_days(*days).ok_or(NoTime)?;
                self.instant(day.and_time(self.time_of_day)).ok_or(NoTime)?
            }
            Cell::Local(micros) => {
                let local = DateTime::from_timestamp_micros(*micros).ok_or(NoTime)?.naive_utc();
                self.instant(local).ok_or(NoTime)?
            }
            Cell::Int(number) => self.number(*number as f64)?,
            Cell::Number(number) => self.number(*number)?,
            Cell::Text(text) => match text.trim() {
                "" => return Ok(None),
                text => self.text(text)?,
            },
        };
        Ok(Some(Vintage::from_micros(micros)))
    }

    fn number(&self, number: f64) -> Result<i64, NoTime> {
        let micros = self.formats.iter().find_map(|format| match format {
            TimeFormat::Unix => Some(number * 1e6),
            TimeFormat::UnixMillis => Some(number * 1e3),
            TimeFormat::Iso | TimeFormat::Written { .. } => None,
        });
        // Beyond the year 9999 a number is no time.
        micros.filter(|micros| micros.abs() < 2.5e17).map(|micros| micros.round() as i64).ok_or(NoTime)
    }

    fn text(&self, text: &str) -> Result<i64, NoTime> {
        for format in &self.formats {
            let found = match format {
                TimeFormat::Iso => iso(text),
                TimeFormat::Unix | TimeFormat::UnixMillis => match text.parse() {
                    Ok(number) => return self.number(number),
                    Err(_) => None,
                },
                TimeFormat::Written { items, .. } => written(text, items),
            };
            let local = match found {
                Some(Found::Instant(micros)) => return Ok(micros),
                Some(Found::Local(local)) => local,
                Some(Found::Day(day)) => day.and_time(self.time_of_day),
                None => continue,
            };
            return self.instant(local).ok_or(NoTime);
        }
        Err(NoTime)
    }

    /// The instant of a wall clock time of the zone: the earlier one where the clocks showed it twice; where they
    /// skipped it, what the clock showed before goes on.
    fn instant(&self, local: NaiveDateTime) -> Option<i64> {
        if let Some(at) = self.zone.from_local_datetime(&local).earliest() {
            return Some(at.timestamp_micros());
        }
        let hours = TimeDelta::hours(3);
        let before = self.zone.from_local_datetime(&local.checked_sub_signed(hours)?).earliest()?;
        Some((before + hours).timestamp_micros())
    }
}

fn written(text: &str, items: &[Item<'static>]) -> Option<Found> {
    let mut parsed = Parsed::new();
    chrono::format::parse(&mut parsed, text, items.iter()).ok()?;
    if (parsed.offset().is_some() || parsed.timestamp().is_some())
        && let Ok(at) = parsed.to_datetime()
    {
        return Some(Found::Instant(at.timestamp_micros()));
    }
    if parsed.hour_div_12().is_none() && parsed.hour_mod_12().is_none() {
        return parsed.to_naive_date().ok().map(Found::Day);
    }
    // Hours alone, without minutes, are whole hours.
    if parsed.minute().is_none() {
        parsed.set_minute(0).ok()?;
    }
    parsed.to_naive_datetime_with_offset(0).ok().map(Found::Local)
}

/// `2022-05-25`, then optionally `T` or a blank and `12:00`, `:30`, `.123456`, then `Z`, `+07`, `+07:00` or `+0700`.
fn iso(text: &str) -> Option<Found> {
    let bytes = text.as_bytes();
    let number = |from: usize, len: usize| -> Option<u32> {
        let digits = bytes.get(from..from + len)?;
        digits.iter().all(u8::is_ascii_digit).then(|| digits.iter().fold(0, |n, d| n * 10 + u32::from(d - b'0')))
    };
    let is = |at: usize, wanted: u8| bytes.get(at) == Some(&wanted);
    if !is(4, b'-') || !is(7, b'-') {
        return None;
    }
    let day = NaiveDate::from_ymd_opt(number(0, 4)? as i32, number(5, 2)?, number(8, 2)?)?;
    if bytes.len() == 10 {
        return Some(Found::Day(day));
    }
    if !(is(10, b'T') || is(10, b' ') || is(10, b't')) || !is(13, b':') {
        return None;
    }
    let (hour, minute) = (number(11, 2)?, number(14, 2)?);
    let (mut second, mut micros, mut at) = (0, 0, 16);
    if is(at, b':') {
        second = number(at + 1, 2)?;
        at += 3;
        if is(at, b'.') || is(at, b',') {
            let digits = bytes[at + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
            let kept = digits.clamp(1, 6);
            micros = number(at + 1, kept)? * 10u32.pow(6 - kept as u32);
            at += 1 + digits;
        }
    }
    let local = day.and_hms_micro_opt(hour, minute, second, micros)?;
    let rest = &bytes[at..];
    let offset = match rest {
        [] => return Some(Found::Local(local)),
        [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), ..] => {
            let minutes = match rest.len() {
                3 => number(at + 1, 2)? * 60,
                5 => number(at + 1, 2)? * 60 + number(at + 3, 2)?,
                6 if is(at + 3, b':') => number(at + 1, 2)? * 60 + number(at + 4, 2)?,
                _ => return None,
            };
            if *sign == b'-' { -i64::from(minutes) } else { i64::from(minutes) }
        }
        _ => return None,
    };
    Some(Found::Instant(local.and_utc().timestamp_micros() - offset * 60_000_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(formats: &[&str], zone: Tz) -> TimeReader {
        let formats = formats.iter().map(|f| f.parse().unwrap()).collect();
        TimeReader { column: 0, formats, zone, time_of_day: NaiveTime::from_hms_opt(17, 0, 0).unwrap() }
    }

    fn read(reader: &TimeReader, text: &str) -> Option<String> {
        let at = reader.read(&[Cell::Text(text)]).ok()??;
        Some(at.instant().unwrap().to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
    }

    #[test]
    fn a_written_time_is_an_instant_of_its_zone() {
        let american = reader(&["%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y"], chrono_tz::America::New_York);
        // In summer New York is four hours behind, in winter five.
        assert_eq!(read(&american, "07/04/2018 01:06:56 PM").unwrap(), "2018-07-04T17:06:56Z");
        assert_eq!(read(&american, "11/13/2018 01:06:56 PM").unwrap(), "2018-11-13T18:06:56Z");
        assert_eq!(read(&american, "11/13/2018").unwrap(), "2018-11-13T22:00:00Z", "a day means its declared time");
        assert_eq!(read(&american, "2018-11-13"), None);
        assert_eq!(american.read(&[Cell::Text("  ")]), Ok(None));
        // The clocks showed 01:30 twice on 4 November 2018, and never 02:30 on 11 March.
        assert_eq!(read(&american, "11/04/2018 01:30:00 AM").unwrap(), "2018-11-04T05:30:00Z");
        assert_eq!(read(&american, "03/11/2018 02:30:00 AM").unwrap(), "2018-03-11T07:30:00Z");
    }

    #[test]
    fn iso_takes_what_databases_and_services_write() {
        let city = reader(&["iso"], crate::domain::vintage::CITY_TZ);
        let noon = "2022-05-25T05:00:00Z";
        for text in [
            "2022-05-25 12:00",
            "2022-05-25T12:00:00",
            "2022-05-25 05:00:00+00",
            "2022-05-25T05:00:00Z",
            "2022-05-25T00:00:00-0500",
            "2022-05-25T12:00:00.000+07:00",
        ] {
            assert_eq!(read(&city, text).as_deref(), Some(noon), "{text}");
        }
        assert_eq!(read(&city, "2022-05-25 12:00:00.12345678").unwrap(), "2022-05-25T05:00:00.123456Z");
        assert_eq!(read(&city, "2022-05-25").unwrap(), "2022-05-25T10:00:00Z");
        for bad in
            ["2022-13-25", "2022-05-25T25:00", "2022-05-25T12:00:00+7", "25/05/2022", "2022-05-25x", "2022-05-2é"]
        {
            assert_eq!(read(&city, bad), None, "{bad}");
        }
    }

    #[test]
    fn numbers_are_times_only_where_the_format_says_so() {
        let unix = reader(&["unix"], Tz::UTC);
        assert_eq!(read(&unix, "1653454800").unwrap(), "2022-05-25T05:00:00Z");
        assert_eq!(unix.read(&[Cell::Int(1_653_454_800)]).unwrap(), Some(Vintage::from_micros(1_653_454_800_000_000)));
        assert_eq!(reader(&["iso"], Tz::UTC).read(&[Cell::Int(20_220_525)]), Err(NoTime));
        assert!("nothing".parse::<TimeFormat>().is_err());
        assert!("%Q".parse::<TimeFormat>().is_err());
    }
}
