//! The table of deadlines: which rule was in force when a case came in, and when it falls due by that rule.
//!
//! Of the rules in force that fit a case the most specific counts: one for an authority before one for a category
//! (the field of the report), one for a category before one for a priority, any of them before the general one. A rule
//! that names several of them counts before one that names fewer with the same first of these. Two rules that name the
//! same things may not be in force on the same day.

use std::cmp::Reverse;
use std::fmt;

use chrono::{Days, NaiveDate};
use serde::Deserialize;

use super::Moment;
use crate::domain::WorkCalendar;
use crate::domain::work_calendar::{WorkCalendarError, WorkClock};
use crate::error::{Coded, ErrorCode};

/// Seconds of a calendar day.
const DAY: i64 = 86_400;

/// What an amount of time is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeadlineUnit {
    /// Minutes of the clock, day and night.
    Minute,
    /// Hours of the clock, day and night.
    Hour,
    /// Hours in which the offices work.
    WorkingHour,
    /// Days on which the offices work; the day of receipt does not count.
    WorkingDay,
    /// Days; the day of receipt does not count.
    CalendarDay,
}

impl DeadlineUnit {
    /// The code in declared files.
    pub fn as_str(self) -> &'static str {
        match self {
            DeadlineUnit::Minute => "minute",
            DeadlineUnit::Hour => "hour",
            DeadlineUnit::WorkingHour => "working_hour",
            DeadlineUnit::WorkingDay => "working_day",
            DeadlineUnit::CalendarDay => "calendar_day",
        }
    }

    /// Whether it runs on the working calendar, and so a pause moves the deadline by working time.
    pub fn is_working(self) -> bool {
        matches!(self, DeadlineUnit::WorkingHour | DeadlineUnit::WorkingDay)
    }
}

impl fmt::Display for DeadlineUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How long an authority has, for the cases received in `[valid_from, valid_to]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadlineRule {
    /// First day of receipt that it holds for.
    pub valid_from: NaiveDate,
    /// Last day of receipt that it holds for, `None` while it is in force.
    pub valid_to: Option<NaiveDate>,
    /// The one category it is for.
    pub category: Option<String>,
    /// The one priority it is for.
    pub priority: Option<String>,
    /// The one authority it is for.
    pub org: Option<String>,
    /// How many units of time.
    pub amount: u32,
    /// The unit of time.
    pub unit: DeadlineUnit,
    /// The legal act, with what is assumed beyond its text.
    pub basis: String,
    /// Whether no act says so: a proposal to be confirmed.
    pub proposed: bool,
}

impl DeadlineRule {
    /// When a case falls due by this rule whose clock began at `start`.
    ///
    /// Days end with the day: a working day at its close, a calendar day at 23:59:59. The first day counted is the one
    /// after `start`; a case that comes in on a day off has its first working day on the next one.
    ///
    /// # Errors
    /// The days in question are not declared; no deadline is guessed.
    pub fn due(&self, start: Moment, calendar: &WorkCalendar) -> Result<Moment, WorkCalendarError> {
        self.due_by(start, calendar.clock())
    }

    pub(super) fn due_by(&self, start: Moment, clock: &WorkClock) -> Result<Moment, WorkCalendarError> {
        let amount = i64::from(self.amount);
        let later = |seconds: i64| Moment(start.0.saturating_add(seconds));
        match self.unit {
            DeadlineUnit::Minute => Ok(later(amount * 60)),
            DeadlineUnit::Hour => Ok(later(amount * 3600)),
            DeadlineUnit::WorkingHour => clock.add(start, amount * 3600),
            DeadlineUnit::WorkingDay => clock.close_after(start, self.amount),
            DeadlineUnit::CalendarDay => Ok(later((amount + 1) * DAY - 1 - start.0.rem_euclid(DAY))),
        }
    }

    /// Whether another rule names the same things and is in force on a day on which this one is.
    pub fn conflicts_with(&self, other: &DeadlineRule) -> bool {
        let ends_before = |a: &DeadlineRule, b: &DeadlineRule| a.valid_to.is_some_and(|to| to < b.valid_from);
        self.names() == other.names() && !ends_before(self, other) && !ends_before(other, self)
    }

    fn names(&self) -> (Option<&str>, Option<&str>, Option<&str>) {
        (self.org.as_deref(), self.category.as_deref(), self.priority.as_deref())
    }

    /// Higher counts first.
    fn rank(&self) -> (bool, bool, bool) {
        (self.org.is_some(), self.category.is_some(), self.priority.is_some())
    }
}

/// Two rules of which neither is more specific.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("two deadlines for the same cases are in force on {day}: \"{first}\" and \"{second}\"")]
pub struct DeadlineConflict {
    /// A day on which both are.
    pub day: NaiveDate,
    /// Basis of the one.
    pub first: String,
    /// Basis of the other.
    pub second: String,
}

impl Coded for DeadlineConflict {
    fn code(&self) -> ErrorCode {
        ErrorCode::BadDeclaration
    }

    fn hint(&self) -> Option<String> {
        Some("End the older one the day before the newer one begins.".to_owned())
    }
}

/// All rules. The empty table gives no deadline.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeadlineTable {
    /// The most specific first.
    entries: Vec<Entry>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    rule: DeadlineRule,
    /// 00:00 of the first day.
    from: Moment,
    /// 24:00 of the last day.
    until: Moment,
}

impl DeadlineTable {
    /// A table of rules in any order.
    ///
    /// # Errors
    /// Two rules for the same cases are in force on the same day.
    pub fn new(rules: Vec<DeadlineRule>) -> Result<Self, DeadlineConflict> {
        for (i, rule) in rules.iter().enumerate() {
            if let Some(other) = rules[..i].iter().find(|other| rule.conflicts_with(other)) {
                let day = rule.valid_from.max(other.valid_from);
                return Err(DeadlineConflict { day, first: other.basis.clone(), second: rule.basis.clone() });
            }
        }
        let until = |to: Option<NaiveDate>| {
            let next = to.and_then(|day| day.checked_add_days(Days::new(1)));
            next.map_or(Moment(i64::MAX), Moment::midnight)
        };
        let entry =
            |rule: DeadlineRule| Entry { from: Moment::midnight(rule.valid_from), until: until(rule.valid_to), rule };
        let mut entries: Vec<Entry> = rules.into_iter().map(entry).collect();
        entries.sort_by(|a, b| {
            let key = |e: &Entry| (Reverse(e.rule.rank()), e.from);
            key(a).cmp(&key(b)).then_with(|| a.rule.names().cmp(&b.rule.names()))
        });
        Ok(Self { entries })
    }

    /// The rules, the most specific first, then by date.
    pub fn rules(&self) -> impl Iterator<Item = &DeadlineRule> {
        self.entries.iter().map(|e| &e.rule)
    }

    /// Whether there is no rule.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether some authority has a rule of its own.
    pub fn has_rules_of_orgs(&self) -> bool {
        self.entries.first().is_some_and(|e| e.rule.org.is_some())
    }

    /// The rule for a case that came in at `received`, as the module says; `None` where nothing is declared.
    pub fn rule_for(
        &self,
        received: Moment,
        category: &str,
        priority: &str,
        org: Option<&str>,
    ) -> Option<&DeadlineRule> {
        let is_or_any = |named: &Option<String>, is: Option<&str>| named.is_none() || named.as_deref() == is;
        let fits = |e: &&Entry| {
            e.from <= received
                && received < e.until
                && is_or_any(&e.rule.category, Some(category))
                && is_or_any(&e.rule.priority, Some(priority))
                && is_or_any(&e.rule.org, org)
        };
        self.entries.iter().find(fits).map(|e| &e.rule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::case::fixture::{at, calendar};

    fn rule(amount: u32, unit: DeadlineUnit, names: [&str; 3]) -> DeadlineRule {
        let [org, category, priority] = names.map(|n| Some(n.to_owned()).filter(|n| !n.is_empty()));
        let valid_from = "2020-05-04".parse().unwrap();
        let basis = format!("{amount} {unit}");
        DeadlineRule { valid_from, valid_to: None, category, priority, org, amount, unit, basis, proposed: false }
    }

    fn due(amount: u32, unit: DeadlineUnit, start: &str) -> String {
        rule(amount, unit, [""; 3]).due(at(start), calendar()).unwrap().to_string()
    }

    #[test]
    fn units_run_as_they_say() {
        use DeadlineUnit::*;
        // Friday 28/1/2022, the last working day before Tết (31/1 to 4/2 off): day 1 is Monday 7/2, day 5 Friday 11/2.
        assert_eq!(due(5, WorkingDay, "2022-01-28T09:15:00"), "2022-02-11T17:00:00");
        // Saturday 30/4/2022, 2 and 3 May off: days 4, 5, 6, 9, 10 May.
        assert_eq!(due(5, WorkingDay, "2022-04-30T20:00:00"), "2022-05-10T17:00:00");
        // Thursday 2/5/2024: day 1 is Friday 3/5, day 2 is the worked Saturday 4/5, day 3 Monday.
        assert_eq!(due(2, WorkingDay, "2024-05-02T10:00:00"), "2024-05-04T17:00:00");
        assert_eq!(due(3, WorkingDay, "2024-05-02T10:00:00"), "2024-05-06T17:00:00");
        // Friday 16:00: one hour to the close, three more on Monday from 7:30.
        assert_eq!(due(4, WorkingHour, "2022-05-13T16:00:00"), "2022-05-16T10:30:00");
        assert_eq!(due(4, Hour, "2022-05-13T22:30:00"), "2022-05-14T02:30:00");
        assert_eq!(due(5, Minute, "2022-05-13T23:58:00"), "2022-05-14T00:03:00");
        assert_eq!(due(10, CalendarDay, "2022-04-25T00:00:00"), "2022-05-05T23:59:59");
        assert_eq!(due(10, CalendarDay, "2022-04-25T23:59:59"), "2022-05-05T23:59:59");
    }

    #[test]
    fn outside_the_calendar_nothing_is_guessed() {
        let five = rule(5, DeadlineUnit::WorkingDay, [""; 3]);
        assert!(five.due(at("2020-06-01T08:00:00"), calendar()).is_err());
        assert!(five.due(at("2026-12-30T08:00:00"), calendar()).is_err());
        assert!(rule(2, DeadlineUnit::Hour, [""; 3]).due(at("2020-06-01T08:00:00"), calendar()).is_ok());
    }

    #[test]
    fn the_most_specific_rule_counts() {
        use DeadlineUnit::WorkingHour;
        let names = [
            ["", "", ""],
            ["", "", "urgent"],
            ["", "electricity", ""],
            ["", "electricity", "urgent"],
            ["so_ct", "", ""],
            ["so_ct", "", "urgent"],
        ];
        let rules = names.iter().zip(1..).map(|(names, amount)| rule(amount, WorkingHour, *names)).collect();
        let table = DeadlineTable::new(rules).unwrap();
        let of = |category, priority, org| {
            table.rule_for(at("2022-05-10T08:00:00"), category, priority, org).unwrap().amount
        };
        assert_eq!(of("noise", "normal", None), 1);
        assert_eq!(of("noise", "urgent", Some("so_xd")), 2);
        assert_eq!(of("electricity", "normal", None), 3);
        assert_eq!(of("electricity", "urgent", None), 4);
        assert_eq!(of("electricity", "normal", Some("so_ct")), 5, "an authority before a category");
        assert_eq!(of("electricity", "urgent", Some("so_ct")), 6);
        assert!(table.has_rules_of_orgs());
        assert_eq!(table.rule_for(at("2020-05-03T23:59:59"), "noise", "normal", None), None);
    }

    #[test]
    fn rules_take_turns_at_midnight() {
        let mut old = rule(5, DeadlineUnit::WorkingDay, [""; 3]);
        let mut new = rule(10, DeadlineUnit::WorkingDay, [""; 3]);
        old.valid_to = Some("2025-08-31".parse().unwrap());
        new.valid_from = "2025-09-01".parse().unwrap();
        let table = DeadlineTable::new(vec![new.clone(), old.clone()]).unwrap();
        let amount = |t: &str| table.rule_for(at(t), "noise", "normal", None).unwrap().amount;
        assert_eq!((amount("2025-08-31T23:59:59"), amount("2025-09-01T00:00:00")), (5, 10));
        old.valid_to = Some(new.valid_from);
        let conflict = DeadlineTable::new(vec![old.clone(), new.clone()]).unwrap_err();
        assert_eq!(conflict.day, new.valid_from);
        old.priority = Some("urgent".to_owned());
        assert!(DeadlineTable::new(vec![old, new]).is_ok(), "one is more specific");
    }
}
