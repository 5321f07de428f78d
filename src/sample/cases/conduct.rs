//! How authorities behave: how often they are late, and the habits planted in a few of them on purpose.

use chrono::{Datelike, NaiveDate};

use super::chance::Chance;
use super::traits::{Desk, Traits};

/// A habit that makes figures look better than the work; planted in one authority each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pattern {
    /// Answered in the last ten minutes before the limit (`ubnd_quan_binh_tan`).
    JustBeforeLimit,
    /// Many answers within one minute of a Friday evening (`ubnd_quan_12`).
    EveningBulk,
    /// Sent to and fro between two authorities (`ubnd_quan_go_vap` and `so_xd`).
    Bouncing,
    /// Answered on time, reopened by the citizen within days (`ubnd_huyen_hoc_mon`).
    ReopenedAfterOnTime,
}

impl Pattern {
    /// All habits.
    pub const ALL: [Pattern; 4] =
        [Pattern::JustBeforeLimit, Pattern::EveningBulk, Pattern::Bouncing, Pattern::ReopenedAfterOnTime];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Pattern::JustBeforeLimit => "just_before_limit",
            Pattern::EveningBulk => "evening_bulk",
            Pattern::Bouncing => "bouncing",
            Pattern::ReopenedAfterOnTime => "reopened_after_on_time",
        }
    }
}

/// The districts that always answer in time, nearly.
const PROMPT: [&str; 4] = ["770", "771", "774", "785"];

/// The habit of a case, by its first authority.
pub(super) fn pattern(traits: &Traits<'_>, chance: &mut Chance) -> Option<Pattern> {
    let luck = chance.uniform();
    let of_order = matches!(&*traits.field, "construction" | "urban_order");
    match &*traits.org {
        "ubnd_quan_binh_tan" if luck < 0.35 => Some(Pattern::JustBeforeLimit),
        "ubnd_quan_12" if luck < 0.40 => Some(Pattern::EveningBulk),
        "ubnd_quan_go_vap" if of_order && luck < 0.30 => Some(Pattern::Bouncing),
        "ubnd_huyen_hoc_mon" if luck < 0.20 => Some(Pattern::ReopenedAfterOnTime),
        _ => None,
    }
}

/// Whether a case lies in one of the two districts whose share of overdue cases was published.
pub(super) fn is_watched(traits: &Traits<'_>) -> bool {
    traits.district().is_some_and(|d| super::anchors::WATCHED.iter().any(|(code, _)| *code == d.code))
}

/// Probability that a case is answered late.
pub(super) fn lateness(traits: &Traits<'_>) -> f64 {
    let day = traits.day();
    let Some(district) = traits.district() else { return (0.09 * over_the_years(day)).min(0.8) };
    if is_watched(traits) {
        return watched_lateness(district.late, day);
    }
    let of_desk = match traits.desk {
        _ if PROMPT.contains(&district.code) => 1.0,
        Desk::District => 1.05,
        Desk::Ward => 0.85,
        Desk::Department => 1.25,
        Desk::Utility => 0.7,
    };
    (district.late * of_desk * over_the_years(day)).min(0.8)
}

/// Offices were closed in the lockdown; later years got better.
fn over_the_years(day: NaiveDate) -> f64 {
    match (day.year(), day.month()) {
        (2021, 7..=9) => 2.0,
        (2021, 6 | 10) => 1.5,
        (..=2022, _) => 1.0,
        (2023, _) => 0.85,
        (2024, _) => 0.7,
        _ => 0.6,
    }
}

/// The two districts were bad in the first half of 2022 and learned from it.
fn watched_lateness(late: f64, day: NaiveDate) -> f64 {
    let months = (day.year() - 2022) * 12 + day.month0() as i32;
    match months {
        ..=-2 => late * 0.4,
        -1..=5 => late,
        6..=17 => late - (late - 0.12) * f64::from(months - 5) / 12.0,
        _ => 0.12 * over_the_years(day),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_district_gets_better_after_the_half_year() {
        let on = |day: &str| watched_lateness(0.70, day.parse().unwrap());
        assert_eq!(on("2022-03-01"), 0.70);
        assert!(on("2021-05-01") < 0.30 && on("2022-12-01") < 0.45 && on("2024-01-01") < 0.10);
    }
}
