//! The shapes real figures have: season, Tết that moves between January and February, the pandemic's trough.

use chrono::{Datelike, Days, NaiveDate};

/// Typical course of a year; twelve monthly factors around 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Season {
    /// No season.
    Flat,
    /// Production: weak after New Year, strong at the end.
    Production,
    /// Shops: strong before Tết and at the end of the year.
    Retail,
    /// Public spending: almost nothing in January, a quarter of the year in December.
    Spending,
    /// Tax: due dates in January, April, October.
    Revenue,
    /// Registrations and applications.
    Registration,
    /// Claims after Tết.
    Claims,
    /// Dengue follows the rain.
    Dengue,
    /// Holidays: Tết and summer.
    Travel,
    /// Dry-season dust.
    Dust,
    /// Electricity follows the heat.
    Heat,
    /// The same every day, so that long months have more.
    Days,
    /// Foreign visitors: closed borders from April 2020 to February 2022.
    Border,
}

impl Season {
    /// The factor of a month (1..=12).
    pub fn factor(self, year: i32, month: u32) -> f64 {
        let course: [f64; 12] = match self {
            Season::Flat => [1.0; 12],
            Season::Production => [0.97, 0.95, 1.01, 0.99, 1.01, 1.01, 1.01, 1.01, 1.00, 1.02, 1.02, 1.04],
            Season::Retail => [1.03, 0.98, 0.98, 0.98, 0.99, 0.99, 0.99, 0.99, 1.00, 1.01, 1.02, 1.04],
            Season::Spending => [0.45, 0.40, 0.70, 0.80, 0.85, 0.95, 0.95, 1.00, 1.05, 1.20, 1.35, 2.30],
            Season::Revenue => [1.45, 0.80, 0.95, 1.15, 0.90, 0.90, 0.95, 0.85, 0.85, 1.05, 0.95, 1.20],
            Season::Registration => [0.90, 0.70, 1.10, 1.12, 1.08, 1.06, 1.05, 0.96, 0.92, 1.03, 1.04, 1.04],
            Season::Claims => [0.70, 0.80, 1.35, 1.30, 1.15, 1.05, 1.00, 1.00, 0.95, 0.95, 0.90, 0.85],
            Season::Dengue => [0.80, 0.60, 0.50, 0.50, 0.70, 1.00, 1.30, 1.30, 1.30, 1.50, 1.40, 1.10],
            Season::Travel => [1.15, 1.15, 0.90, 1.00, 1.00, 1.12, 1.12, 1.00, 0.88, 0.88, 0.90, 0.90],
            Season::Dust => [1.30, 1.15, 1.05, 0.95, 0.85, 0.80, 0.75, 0.80, 0.85, 0.95, 1.15, 1.40],
            Season::Days => return f64::from(days_in(year, month)) / 30.4,
            Season::Border => return border(year, month),
            Season::Heat => [0.93, 0.88, 1.05, 1.07, 1.08, 1.04, 1.02, 1.01, 0.98, 0.98, 0.97, 0.99],
        };
        course[(month - 1) as usize]
    }
}

/// First day of the lunar year.
const TET: [(i32, u32, u32); 12] = [
    (2019, 2, 5),
    (2020, 1, 25),
    (2021, 2, 12),
    (2022, 2, 1),
    (2023, 1, 22),
    (2024, 2, 10),
    (2025, 1, 29),
    (2026, 2, 17),
    (2027, 2, 6),
    (2028, 1, 26),
    (2029, 2, 13),
    (2030, 2, 3),
];

/// How open the border is to visitors, 0 to about 1.
fn border(year: i32, month: u32) -> f64 {
    match (year, month) {
        (2020, 2) => 0.60,
        (2020, 3) => 0.15,
        (2020, 4..=12) | (2021, _) | (2022, 1..=2) => 0.0,
        (2022, 3) => 0.15,
        (2022, 4) => 0.45,
        (2022, _) => 0.75,
        _ => Season::Travel.factor(year, month),
    }
}

/// Days of a month.
pub fn days_in(year: i32, month: u32) -> u32 {
    let first = NaiveDate::from_ymd_opt(year, month, 1).expect("month is 1..=12");
    first.iter_days().take_while(|d| d.month() == month).count() as u32
}

/// Last year for which the sample knows Tết.
pub const LAST_YEAR: i32 = 2030;

/// The first day of the lunar year.
pub fn tet_day(year: i32) -> Option<NaiveDate> {
    TET.iter().find(|(y, ..)| *y == year).and_then(|(y, m, d)| NaiveDate::from_ymd_opt(*y, *m, *d))
}

/// Share of a month's days from `before` days before Tết to `after` days after it.
fn tet_share(year: i32, month: u32, before: u64, after: u64) -> f64 {
    let Some(tet) = tet_day(year) else { return 0.0 };
    let first = NaiveDate::from_ymd_opt(year, month, 1).expect("month is 1..=12");
    let days: Vec<NaiveDate> = first.iter_days().take_while(|d| d.month() == month).collect();
    let (from, to) = (tet - Days::new(before), tet + Days::new(after));
    days.iter().filter(|d| (from..=to).contains(d)).count() as f64 / days.len() as f64
}

/// What Tết does to a month. `strength` above 0: work stops from three days before to six days after, 1 loses those
/// days wholly. Below 0: people buy in the three weeks before, -1 doubles those days.
pub fn tet(year: i32, month: u32, strength: f64) -> f64 {
    if strength >= 0.0 {
        1.0 - strength * tet_share(year, month, 3, 6)
    } else {
        1.0 - strength * tet_share(year, month, 21, 1)
    }
}

/// How hard the pandemic pressed on the city in a month, 0 to 1: distancing in April 2020, lockdown July to September
/// 2021, reopening from October.
pub fn pandemic(year: i32, month: u32) -> f64 {
    match (year, month) {
        (2020, 2) => 0.08,
        (2020, 3) => 0.18,
        (2020, 4) => 0.45,
        (2020, 5) => 0.15,
        (2020, 6..=9) => 0.05,
        (2021, 2) => 0.06,
        (2021, 5) => 0.08,
        (2021, 6) => 0.40,
        (2021, 7) => 0.80,
        (2021, 8) => 1.00,
        (2021, 9) => 0.95,
        (2021, 10) => 0.60,
        (2021, 11) => 0.30,
        (2021, 12) => 0.18,
        (2022, 1) => 0.10,
        (2022, 2) => 0.07,
        (2022, 3) => 0.05,
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tet_moves_between_january_and_february() {
        // 2020: 25 January, so January loses; 2021: 12 February, so January is whole.
        assert!(tet(2020, 1, 1.0) < 0.75);
        assert_eq!(tet(2021, 1, 1.0), 1.0);
        assert!(tet(2021, 2, 1.0) < 0.70);
        assert!(tet(2021, 1, -0.5) > 1.0, "people buy in the weeks before");
    }

    #[test]
    fn lockdown_is_the_deepest_point() {
        let deepest = (2019..=2022)
            .flat_map(|y| (1..=12).map(move |m| (y, m)))
            .max_by(|a, b| pandemic(a.0, a.1).total_cmp(&pandemic(b.0, b.1)));
        assert_eq!(deepest, Some((2021, 8)));
    }
}
