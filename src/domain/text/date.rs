//! Dates as Vietnamese documents write them: the day comes first, always. `mm/dd` is never read.

use chrono::{Days, NaiveDate};

use super::fold::fold;

/// A text or serial that is not a date.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DateError {
    /// None of the accepted forms.
    #[error("\"{0}\" is not a date (25/5/2022, 25-5-2022, 2022-05-25, ngày 25 tháng 5 năm 2022)")]
    Unreadable(String),
    /// The right form with a day or month that does not exist, such as `5/25/2022`.
    #[error("\"{0}\" names a day that does not exist (day first, then month)")]
    NoSuchDay(String),
    /// A spreadsheet serial outside 1900..=9999, or the 29/2/1900 that spreadsheets invented.
    #[error("{0} is not the serial number of a date")]
    Serial(f64),
}

/// Reads a date. Five digits alone are a spreadsheet serial (`44706`), eight are `yyyymmdd`.
pub fn read_date(text: &str) -> Result<NaiveDate, DateError> {
    let trimmed = text.trim();
    let unreadable = || DateError::Unreadable(trimmed.to_owned());
    if trimmed.bytes().all(|b| b.is_ascii_digit()) {
        return match trimmed.len() {
            5 => date_from_excel(trimmed.parse().map_err(|_| unreadable())?),
            8 => day_of(&trimmed[..4], &trimmed[4..6], &trimmed[6..], trimmed),
            _ => Err(unreadable()),
        };
    }
    let folded = fold(trimmed);
    let separator = |c: char| matches!(c, '/' | '-' | '.');
    let words: String = folded
        .split_whitespace()
        .filter(|w| !matches!(*w, "ngay" | "thang" | "nam"))
        .collect::<Vec<_>>()
        .join("/")
        .replace("//", "/");
    let parts: Vec<&str> = words.split(separator).collect();
    let [first, second, third] = parts.as_slice() else { return Err(unreadable()) };
    let digits =
        |t: &str, len: std::ops::RangeInclusive<usize>| len.contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit());
    if digits(first, 1..=2) && digits(second, 1..=2) && digits(third, 4..=4) {
        return day_of(third, second, first, trimmed);
    }
    if digits(first, 4..=4) && digits(second, 1..=2) && digits(third, 1..=2) {
        return day_of(first, second, third, trimmed);
    }
    Err(unreadable())
}

fn day_of(year: &str, month: &str, day: &str, whole: &str) -> Result<NaiveDate, DateError> {
    let number = |t: &str| t.parse::<u32>().map_err(|_| DateError::Unreadable(whole.to_owned()));
    let year = i32::try_from(number(year)?).map_err(|_| DateError::Unreadable(whole.to_owned()))?;
    NaiveDate::from_ymd_opt(year, number(month)?, number(day)?)
        .filter(|_| year > 0)
        .ok_or_else(|| DateError::NoSuchDay(whole.to_owned()))
}

/// The day of a spreadsheet serial in the 1900 system; the time of day (the fraction) is dropped.
///
/// Spreadsheets count 29/2/1900 (serial 60), which never was: serials below it are one day further on than the rest.
pub fn date_from_excel(serial: f64) -> Result<NaiveDate, DateError> {
    let day = serial.floor();
    if !(1.0..2_958_466.0).contains(&day) || day == 60.0 {
        return Err(DateError::Serial(serial));
    }
    let day = day as u64;
    let epoch = NaiveDate::from_ymd_opt(1899, 12, if day < 60 { 31 } else { 30 }).expect("a valid date");
    epoch.checked_add_days(Days::new(day)).ok_or(DateError::Serial(serial))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_day_first() {
        for text in [
            "25/5/2022",
            "25-5-2022",
            "25.05.2022",
            "2022-05-25",
            "2022/5/25",
            "20220525",
            "ngày 25 tháng 5 năm 2022",
            "Ngày 25/5/2022",
            " 25/05/2022 ",
            "44706",
        ] {
            assert_eq!(read_date(text).unwrap_or_else(|e| panic!("{e}")).to_string(), "2022-05-25", "{text}");
        }
        assert_eq!(read_date("4/5/2022").unwrap().to_string(), "2022-05-04");
    }

    #[test]
    fn never_turns_month_and_day_around() {
        assert_eq!(read_date("5/25/2022"), Err(DateError::NoSuchDay("5/25/2022".into())));
        assert_eq!(read_date("29/2/2022"), Err(DateError::NoSuchDay("29/2/2022".into())));
        for bad in ["25/5/22", "5/2022", "2022", "hôm nay", "", "1/2/3/2022", "25/5/2022 x"] {
            assert!(matches!(read_date(bad), Err(DateError::Unreadable(_))), "{bad}");
        }
    }

    #[test]
    fn serials_are_those_of_spreadsheets() {
        // Values shown by spreadsheets for these serials.
        for (serial, day) in [(1.0, "1900-01-01"), (59.0, "1900-02-28"), (61.0, "1900-03-01"), (44706.75, "2022-05-25")]
        {
            assert_eq!(date_from_excel(serial).unwrap().to_string(), day);
        }
        for bad in [0.0, -3.0, 60.0, 3_000_000.0, f64::NAN] {
            assert!(date_from_excel(bad).is_err(), "{bad}");
        }
    }
}
