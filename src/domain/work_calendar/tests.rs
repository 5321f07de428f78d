//! Working days and hours, by hand and as laws.

use chrono::Weekday;
use proptest::prelude::*;

use super::*;

const DECLARED: &str = include_str!("../../../indicators/work_calendar.toml");

fn calendar() -> &'static WorkCalendar {
    static CALENDAR: std::sync::LazyLock<WorkCalendar> =
        std::sync::LazyLock::new(|| WorkCalendar::from_toml(DECLARED).unwrap());
    &CALENDAR
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
}

#[test]
fn every_year_has_the_holidays_of_the_labour_code() {
    // Eleven days off on weekdays each year, since a holiday on a weekend has its day off after it. Exchanged days come on
    // top, each worked on a weekend.
    for (year, exchanged) in [(2021, 0), (2022, 0), (2023, 0), (2024, 1), (2025, 1), (2026, 2)] {
        let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
        let year_days = || first.iter_days().take_while(|d| d.year() == year);
        let is_weekend = |d: &NaiveDate| matches!(d.weekday(), Weekday::Sat | Weekday::Sun);
        let works = |d: &NaiveDate| calendar().is_working_day(*d).unwrap();
        let off = year_days().filter(|d| !is_weekend(d) && !works(d)).count();
        let extra = year_days().filter(|d| is_weekend(d) && works(d)).count();
        assert_eq!((off, extra), (11 + exchanged, exchanged), "{year}");
    }
    assert!(calendar().is_proposed(2026) && !calendar().is_proposed(2025));
}

#[test]
fn tet_is_off_and_make_up_days_are_worked() {
    for (date, works) in [
        ("2022-02-01", false),
        ("2022-02-07", true),
        ("2024-05-04", true),
        ("2024-05-11", false),
        ("2025-04-26", true),
        ("2025-05-02", false),
    ] {
        assert_eq!(calendar().is_working_day(day(date)), Ok(works), "{date}");
    }
}

#[test]
fn deadlines_skip_weekends_and_holidays() {
    let add = |from: &str, n| calendar().add_working_days(day(from), n).unwrap().to_string();
    assert_eq!(add("2022-04-29", 1), "2022-05-04", "Friday, over 30/4 and 1/5");
    assert_eq!(add("2022-01-28", 5), "2022-02-11", "over Tết");
    assert_eq!(add("2024-04-26", 1), "2024-05-02");
    assert_eq!(add("2024-05-03", 1), "2024-05-04", "the Saturday worked for 29/4");
    assert_eq!(add("2022-05-07", 0), "2022-05-09", "a Saturday moves to Monday");
    assert_eq!(add("2022-05-09", 0), "2022-05-09");
}

#[test]
fn hours_run_only_while_offices_work() {
    let add = |from: &str, hours| calendar().add_working_hours(at(from), TimeDelta::hours(hours)).unwrap();
    assert_eq!(add("2022-05-10 10:30", 2), at("2022-05-10 14:00"), "over the lunch break");
    assert_eq!(add("2022-05-10 07:30", 8), at("2022-05-10 17:00"), "a whole day ends that day");
    assert_eq!(add("2022-05-13 16:00", 2), at("2022-05-16 08:30"), "Friday to Monday");
    assert_eq!(add("2022-05-14 09:00", 1), at("2022-05-16 08:30"), "received on Saturday");
    assert_eq!(add("2022-05-10 12:00", 0), at("2022-05-10 12:00"));
    let a_moment_more = TimeDelta::hours(8) + TimeDelta::microseconds(1);
    let next_morning = at("2022-05-11 07:30") + TimeDelta::microseconds(1);
    assert_eq!(calendar().add_working_hours(at("2022-05-10 07:30"), a_moment_more), Ok(next_morning));
    let between = |a: &str, b: &str| calendar().working_hours_between(at(a), at(b)).unwrap().num_minutes();
    assert_eq!(between("2022-05-13 16:00", "2022-05-16 08:30"), 120);
    assert_eq!(between("2022-04-29 17:00", "2022-05-04 07:30"), 0);
    assert_eq!(between("2022-05-16 08:30", "2022-05-13 16:00"), 0);
    let next = |t: &str| calendar().next_working_instant(at(t)).unwrap();
    assert_eq!(next("2022-05-10 05:00"), at("2022-05-10 07:30"));
    assert_eq!(next("2022-05-10 09:00"), at("2022-05-10 09:00"));
    assert_eq!(next("2022-05-10 11:30"), at("2022-05-10 13:00"));
    assert_eq!(next("2022-05-13 17:00"), at("2022-05-16 07:30"));
}

#[test]
fn outside_the_declared_years_is_an_error() {
    let calendar = calendar();
    for result in [
        calendar.is_working_day(day("2020-12-31")).err(),
        calendar.is_working_day(day("2027-01-01")).err(),
        calendar.add_working_days(day("2026-12-31"), 1).err(),
        calendar.add_working_days(day("2026-12-30"), u32::MAX).err(),
        calendar.add_working_hours(at("2026-12-31 16:00"), TimeDelta::hours(2)).err(),
        calendar.next_working_instant(at("2026-12-31 17:00")).err(),
        calendar.add_working_hours(at("2022-05-10 16:00"), TimeDelta::MAX).err(),
        calendar.working_days_between(day("2026-01-05"), day("2027-01-05")).err(),
    ] {
        assert!(matches!(result, Some(WorkCalendarError::OutOfRange { first: 2021, last: 2026, .. })));
    }
    let negative = calendar.add_working_hours(at("2022-05-10 09:00"), TimeDelta::hours(-1));
    assert_eq!(negative, Err(WorkCalendarError::Negative));
}

#[test]
fn every_problem_of_a_declaration_is_listed() {
    let text = r#"
version = 2
weekend = ["sat", "sun"]
hours = [["13:00", "17:00"], ["07:30", "11:30"]]
[[year]]
year = 2022
off = ["2022-05-07", "2022-05-02", "2022-05-02", "2021-05-03"]
extra = ["2022-05-10"]
[[year]]
year = 2024
off = []
"#;
    let problems = WorkCalendar::from_toml(text).unwrap_err().problems;
    let quoted: Vec<(&str, &str)> =
        problems.iter().map(|p| (&text[p.span.clone().unwrap()], p.message.as_str())).collect();
    assert_eq!(
        quoted[2..],
        [
            ("2024", "year 2024 does not follow 2022"),
            ("\"2022-05-07\"", "2022-05-07 is off anyway, being on the weekend"),
            ("\"2022-05-02\"", "2022-05-02 is listed twice"),
            ("\"2021-05-03\"", "2021-05-03 does not lie in 2022"),
            ("\"2022-05-10\"", "2022-05-10 is no extra working day, not being on the weekend"),
        ]
    );
    assert_eq!(quoted[0].1, "version 2 is not known (1)");
    assert_eq!(quoted[1].1, "working hours are empty, overlap or run backwards");
    let unknown = WorkCalendar::from_toml("version = 1\nholidays = []").unwrap_err();
    assert!(unknown.to_string().contains("holidays"));
    assert!(WorkCalendar::from_toml(&DECLARED.replace("07:30", "7h30")).unwrap_err().to_string().contains("\"7h30\""));
}

proptest! {
    #[test]
    fn days_added_are_days_between(offset in 0u64..1900, count in 1u32..150) {
        let from = day("2021-01-01") + chrono::Days::new(offset);
        let due = calendar().add_working_days(from, count).unwrap();
        prop_assert!(calendar().is_working_day(due).unwrap() && due > from);
        prop_assert_eq!(calendar().working_days_between(from, due).unwrap(), count);
    }

    #[test]
    fn hours_added_are_hours_between(start in 0i64..2_800_000, minutes in 0i64..60_000) {
        let from = at("2021-01-01 00:00") + TimeDelta::minutes(start);
        let amount = TimeDelta::minutes(minutes);
        let due = calendar().add_working_hours(from, amount).unwrap();
        prop_assert_eq!(calendar().working_hours_between(from, due).unwrap(), amount);
        if minutes > 0 {
            let before = due - TimeDelta::minutes(1);
            let passed = calendar().working_hours_between(from, before).unwrap();
            prop_assert!(passed < amount, "the earliest instant");
        }
    }

    #[test]
    fn the_next_working_instant_costs_nothing(start in 0i64..2_900_000) {
        let from = at("2021-01-01 00:00") + TimeDelta::minutes(start);
        let next = calendar().next_working_instant(from).unwrap();
        prop_assert!(next >= from);
        prop_assert_eq!(calendar().working_hours_between(from, next).unwrap(), TimeDelta::zero());
        let soon = calendar().working_hours_between(next, next + TimeDelta::minutes(1)).unwrap();
        prop_assert_eq!(soon, TimeDelta::minutes(1));
    }
}
