//! The declared form of a work calendar (`indicators/work_calendar.toml`) and the checks on it.

use std::collections::BTreeSet;
use std::ops::Range;

use chrono::{Datelike, NaiveDate, NaiveTime, TimeDelta, Weekday};
use serde::Deserialize;
use toml::Spanned;

use super::{WorkCalendar, WorkClock};
use crate::error::{Coded, ErrorCode};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: Spanned<u32>,
    weekend: Vec<Weekday>,
    hours: Spanned<Vec<(ClockTime, ClockTime)>>,
    year: Vec<Year>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Year {
    year: Spanned<i32>,
    #[serde(default = "confirmed")]
    confirmed: bool,
    off: Vec<Spanned<NaiveDate>>,
    #[serde(default)]
    extra: Vec<Spanned<NaiveDate>>,
}

/// A year is final unless it says otherwise.
fn confirmed() -> bool {
    true
}

/// `07:30`.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
struct ClockTime(NaiveTime);

impl TryFrom<String> for ClockTime {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let time = NaiveTime::parse_from_str(&text, "%H:%M");
        time.map(ClockTime).map_err(|_| format!("\"{text}\" is not a time of day (07:30)"))
    }
}

/// One problem of a declared calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarProblem {
    /// Where in the text, in bytes.
    pub span: Option<Range<usize>>,
    /// What is wrong: lower case, no full stop.
    pub message: String,
}

/// A calendar that cannot be used; every problem is listed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("work calendar: {}", problems.iter().map(|p| p.message.as_str()).collect::<Vec<_>>().join("; "))]
pub struct CalendarProblems {
    /// In the order of the file.
    pub problems: Vec<CalendarProblem>,
}

impl Coded for CalendarProblems {
    fn code(&self) -> ErrorCode {
        ErrorCode::BadDeclaration
    }
}

impl WorkCalendar {
    /// Reads a declared calendar; lists everything that is wrong with it.
    pub fn from_toml(text: &str) -> Result<Self, CalendarProblems> {
        let file: File = toml::from_str(text).map_err(|e| CalendarProblems {
            problems: vec![CalendarProblem { span: e.span(), message: e.message().to_owned() }],
        })?;
        let problems = Check::run(&file);
        if !problems.is_empty() {
            return Err(CalendarProblems { problems });
        }
        let dates = |days: &[Spanned<NaiveDate>]| days.iter().map(|d| *d.as_ref()).collect::<BTreeSet<_>>();
        let off: BTreeSet<NaiveDate> = file.year.iter().flat_map(|y| dates(&y.off)).collect();
        let extra: BTreeSet<NaiveDate> = file.year.iter().flat_map(|y| dates(&y.extra)).collect();
        let years: Vec<i32> = file.year.iter().map(|y| *y.year.as_ref()).collect();
        let works =
            |day: &NaiveDate| extra.contains(day) || !(file.weekend.contains(&day.weekday()) || off.contains(day));
        let days = |year: &i32| {
            let first = NaiveDate::from_ymd_opt(*year, 1, 1).expect("checked to be a year");
            first.iter_days().take_while(move |d| d.year() == first.year())
        };
        let span = years[0]..=years[years.len() - 1];
        let hours: Vec<_> = file.hours.as_ref().iter().map(|(from, to)| (from.0, to.0)).collect();
        let days: Vec<NaiveDate> = years.iter().flat_map(days).filter(works).collect();
        Ok(WorkCalendar {
            clock: WorkClock::new(span.clone(), &days, hours.iter().copied()),
            years: span,
            days,
            hours,
            proposed: file.year.iter().filter(|y| !y.confirmed).map(|y| *y.year.as_ref()).collect(),
        })
    }
}

/// Collects problems.
struct Check<'a> {
    file: &'a File,
    problems: Vec<CalendarProblem>,
}

impl<'a> Check<'a> {
    fn run(file: &'a File) -> Vec<CalendarProblem> {
        let mut check = Self { file, problems: Vec::new() };
        check.head();
        check.years();
        for year in &file.year {
            check.days(year);
        }
        check.problems
    }

    fn report(&mut self, span: Range<usize>, message: String) {
        self.problems.push(CalendarProblem { span: Some(span), message });
    }

    fn head(&mut self) {
        let File { version, hours, .. } = self.file;
        if *version.as_ref() != 1 {
            self.report(version.span(), format!("version {} is not known (1)", version.as_ref()));
        }
        let spans: Vec<(NaiveTime, NaiveTime)> = hours.as_ref().iter().map(|(a, b)| (a.0, b.0)).collect();
        let ordered = spans.iter().all(|(from, to)| from < to) && spans.windows(2).all(|w| w[0].1 <= w[1].0);
        let total: TimeDelta = spans.iter().map(|(from, to)| *to - *from).sum();
        if !ordered || total <= TimeDelta::zero() {
            self.report(hours.span(), "working hours are empty, overlap or run backwards".to_owned());
        }
    }

    fn years(&mut self) {
        if self.file.year.is_empty() {
            self.report(self.file.version.span(), "no year is declared".to_owned());
        }
        for year in self.file.year.iter().map(|y| &y.year) {
            if !(1900..=2999).contains(year.as_ref()) {
                self.report(year.span(), format!("{} is not a year of this calendar", year.as_ref()));
            }
        }
        for pair in self.file.year.windows(2) {
            let (before, year) = (*pair[0].year.as_ref(), &pair[1].year);
            if before.checked_add(1) != Some(*year.as_ref()) {
                self.report(year.span(), format!("year {} does not follow {before}", year.as_ref()));
            }
        }
    }

    fn days(&mut self, declared: &Year) {
        let year = *declared.year.as_ref();
        let mut seen = BTreeSet::new();
        let off = declared.off.iter().map(|d| (d, true));
        for (day, is_off) in off.chain(declared.extra.iter().map(|d| (d, false))) {
            let on_weekend = self.file.weekend.contains(&day.as_ref().weekday());
            let date = day.as_ref();
            if date.year() != year {
                self.report(day.span(), format!("{date} does not lie in {year}"));
            } else if !seen.insert(*date) {
                self.report(day.span(), format!("{date} is listed twice"));
            } else if is_off && on_weekend {
                self.report(day.span(), format!("{date} is off anyway, being on the weekend"));
            } else if !is_off && !on_weekend {
                self.report(day.span(), format!("{date} is no extra working day, not being on the weekend"));
            }
        }
    }
}
