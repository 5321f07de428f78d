//! Cron expressions of six fields, seconds first, in the city's time: `0 30 7 * * 1-5` is 7:30 on working days.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use croner::parser::{CronParser, Seconds};

use crate::domain::vintage::CITY_TZ;
use crate::error::{Coded, ErrorCode};

/// A cron expression that can be read.
#[derive(Debug, Clone)]
pub struct Cron {
    text: String,
    parsed: croner::Cron,
}

/// A text that is no cron expression of six fields.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" is not a cron expression: {reason}")]
pub struct CronInvalid {
    /// The text.
    pub text: String,
    /// What is wrong.
    pub reason: String,
}

impl Coded for CronInvalid {
    fn code(&self) -> ErrorCode {
        ErrorCode::BadDeclaration
    }

    fn hint(&self) -> Option<String> {
        Some(
            "Write six fields: second, minute, hour, day, month, weekday; \"0 30 7 * * 1-5\" is 7:30 on working days."
                .to_owned(),
        )
    }
}

impl Cron {
    /// The expression as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The newest due time up to an instant, that instant included; `None` if there never was one.
    pub fn last_due(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let local = now.with_timezone(&CITY_TZ);
        self.parsed.find_previous_occurrence(&local, true).ok().map(|due| due.with_timezone(&Utc))
    }

    /// The next due time after an instant.
    pub fn next_due(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let local = now.with_timezone(&CITY_TZ);
        self.parsed.find_next_occurrence(&local, false).ok().map(|due| due.with_timezone(&Utc))
    }
}

impl FromStr for Cron {
    type Err = CronInvalid;

    fn from_str(text: &str) -> Result<Self, CronInvalid> {
        // The same reading as the ticking scheduler's, so that both agree on when a job is due.
        let parser = CronParser::builder().seconds(Seconds::Required).dom_and_dow(true).build();
        let invalid = |e: croner::errors::CronError| CronInvalid { text: text.to_owned(), reason: e.to_string() };
        Ok(Self { text: text.to_owned(), parsed: parser.parse(text).map_err(invalid)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(cron: &str, now: &str) -> (String, String) {
        let cron: Cron = cron.parse().unwrap();
        let now = now.parse().unwrap();
        let local = |at: Option<DateTime<Utc>>| at.unwrap().with_timezone(&CITY_TZ).format("%F %T").to_string();
        (local(cron.last_due(now)), local(cron.next_due(now)))
    }

    #[test]
    fn due_times_are_in_the_city() {
        // 00:29:59 UTC is 07:29:59 in the city; 25 May 2022 is a Wednesday.
        let at = |last: &str, next: &str| (last.to_owned(), next.to_owned());
        let working_days = "0 30 7 * * 1-5";
        assert_eq!(due(working_days, "2022-05-25T00:29:59Z"), at("2022-05-24 07:30:00", "2022-05-25 07:30:00"));
        assert_eq!(due(working_days, "2022-05-25T00:30:00Z"), at("2022-05-25 07:30:00", "2022-05-26 07:30:00"));
        assert_eq!(due(working_days, "2022-05-28T12:00:00Z"), at("2022-05-27 07:30:00", "2022-05-30 07:30:00"));
        assert_eq!(due("0 0 9 6 * *", "2022-06-05T00:00:00Z"), at("2022-05-06 09:00:00", "2022-06-06 09:00:00"));
    }

    #[test]
    fn five_fields_are_refused() {
        for text in ["30 7 * * 1-5", "0 99 7 * * *", "", "hằng ngày"] {
            assert_eq!(text.parse::<Cron>().unwrap_err().text, text);
        }
    }
}
