//! How many cases come in when: growth over the years, season, weekdays, Tết, the lockdown, and the hours of a day.
//!
//! Receipts are laid out in [`Slot`]s (a day, or the part of one before or after a cut), each with the numbers of its
//! cases, so that the time of any case follows from its number alone.

use std::ops::Range;

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::chance::Chance;
use crate::domain::WorkCalendar;
use crate::domain::case::Moment;
use crate::sample::shape;

/// Reports of an ordinary month in the middle of a year, 2021 to 2026. About 3,100 a month came in early in 2022
/// (15,117 by 25 May); the growth around that is made up.
const MONTHLY: [(i32, f64); 6] =
    [(2021, 2_000.0), (2022, 3_500.0), (2023, 3_800.0), (2024, 4_200.0), (2025, 5_200.0), (2026, 5_600.0)];

/// Weight of every hour on a working day and on a day off.
const HOURS: [[f64; 24]; 2] = [
    [
        0.6, 0.4, 0.3, 0.3, 0.4, 0.9, 2.2, 5.0, 8.6, 9.2, 8.4, 5.6, 4.4, 6.6, 8.0, 8.0, 7.0, 5.4, 4.4, 4.2, 3.8, 3.0,
        1.9, 1.1,
    ],
    [
        0.8, 0.5, 0.4, 0.3, 0.4, 0.8, 1.8, 3.6, 5.6, 6.6, 6.6, 5.2, 4.2, 4.8, 5.4, 5.6, 5.8, 5.8, 5.6, 5.6, 5.2, 4.2,
        2.8, 1.6,
    ],
];

const DAY: i64 = 86_400;

/// A day, or a part of one, and the cases received in it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Slot {
    /// First second.
    pub from: Moment,
    /// The second after the last.
    pub until: Moment,
    /// Numbers of its cases.
    pub cases: Range<u64>,
    /// Whether it is a storm's day, when drains and trees fail.
    pub storm: bool,
    is_off: bool,
    weight: f64,
}

impl Slot {
    /// When case `number` of this slot comes in, given a uniform number: the order of numbers is the order of time.
    pub fn moment(&self, number: u64, jitter: f64) -> Moment {
        let count = (self.cases.end - self.cases.start) as f64;
        let share = ((number - self.cases.start) as f64 + jitter) / count;
        let midnight = Moment::midnight(self.from.date());
        let (low, high) = (self.share_at(self.from.0 - midnight.0), self.share_at(self.until.0 - midnight.0));
        let at = Moment(midnight.0 + self.second_at(low + (high - low) * share));
        at.clamp(self.from, Moment(self.until.0 - 1))
    }

    fn hours(&self) -> &'static [f64; 24] {
        &HOURS[usize::from(self.is_off)]
    }

    /// Weight of the day up to a second of it.
    fn share_at(&self, second: i64) -> f64 {
        let whole = (second / 3_600).min(24) as usize;
        let rest = (second % 3_600) as f64 / 3_600.0;
        let part = self.hours().get(whole).map_or(0.0, |weight| weight * rest);
        self.hours()[..whole].iter().sum::<f64>() + part
    }

    /// The second at which the day has a weight behind it.
    fn second_at(&self, mut weight: f64) -> i64 {
        for (hour, of_hour) in self.hours().iter().enumerate() {
            if weight < *of_hour {
                return hour as i64 * 3_600 + (weight / of_hour * 3_600.0) as i64;
            }
            weight -= of_hour;
        }
        DAY - 1
    }
}

/// All slots of a sample.
#[derive(Debug)]
pub(super) struct Volume {
    slots: Vec<Slot>,
}

impl Volume {
    /// Empty slots from a moment to another; `cuts` divide the day they fall on.
    pub fn new(span: Range<Moment>, cuts: &[Moment], calendar: &WorkCalendar, chance: &Chance) -> Self {
        let mut slots = Vec::new();
        let mut day = span.start.date();
        while Moment::midnight(day) < span.end {
            let next = day + Days::new(1);
            let (from, until) = (Moment::midnight(day).max(span.start), Moment::midnight(next).min(span.end));
            let mut edges = vec![from, until];
            edges.extend(cuts.iter().filter(|cut| from < **cut && **cut < until));
            edges.sort();
            let works = calendar.is_working_day(day).unwrap_or(!is_weekend(day));
            let mut luck = chance.stream(u64::MAX / 2 + u64::from(day.num_days_from_ce().unsigned_abs()));
            let storm = (5..=11).contains(&day.month()) && luck.happens(0.07);
            let level = level(day, works) * (1.0 + 0.07 * luck.normal()) * if storm { 1.35 } else { 1.0 };
            for edge in edges.windows(2) {
                let mut slot = Slot { from: edge[0], until: edge[1], cases: 0..0, storm, is_off: !works, weight: 0.0 };
                let midnight = Moment::midnight(day).0;
                let share = slot.share_at(edge[1].0 - midnight) - slot.share_at(edge[0].0 - midnight);
                slot.weight = level * share / slot.share_at(DAY);
                slots.push(slot);
            }
            day = next;
        }
        Self { slots }
    }

    /// Weight of what lies in a span: about the number of reports the city would have had.
    pub fn weight(&self, span: &Range<Moment>) -> f64 {
        self.slots.iter().filter(|s| span.start <= s.from && s.until <= span.end).map(|s| s.weight).sum()
    }

    /// Hands out case numbers: in each span so many cases, by weight. The spans cover the slots in order.
    pub fn allot(&mut self, spans: &[(Range<Moment>, u64)]) {
        let mut first = 0;
        for (span, count) in spans {
            let total = self.weight(span);
            let (mut before, mut weight) = (0, 0.0);
            let inside = |s: &&mut Slot| span.start <= s.from && s.until <= span.end;
            for slot in self.slots.iter_mut().filter(inside) {
                weight += slot.weight;
                let upto = (*count as f64 * (weight / total)).round() as u64;
                slot.cases = first + before..first + upto;
                before = upto;
            }
            first += before;
        }
    }

    /// Cases in all slots.
    pub fn cases(&self) -> u64 {
        self.slots.last().map_or(0, |s| s.cases.end)
    }

    /// The slot that holds a case, if there are so many.
    pub fn slot_of(&self, number: u64) -> Option<&Slot> {
        self.slots.get(self.slots.partition_point(|s| s.cases.end <= number))
    }

    /// Numbers of the cases received from the first moment and before the second, where slots begin there.
    pub fn numbers(&self, span: Range<Moment>) -> Range<u64> {
        let first = |at: Moment| self.slots.get(self.slots.partition_point(|s| s.from < at)).map(|s| s.cases.start);
        let end = self.cases();
        first(span.start).unwrap_or(end)..first(span.end).unwrap_or(end)
    }
}

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// Reports of an ordinary day.
fn level(day: NaiveDate, works: bool) -> f64 {
    let at = f64::from(day.year()) + (f64::from(day.ordinal()) - 182.0) / 365.0;
    let first = MONTHLY[0].1;
    let pair = MONTHLY.windows(2).find(|pair| at < f64::from(pair[1].0));
    let monthly = match pair {
        Some(pair) if at >= f64::from(pair[0].0) => pair[0].1 + (pair[1].1 - pair[0].1) * (at - f64::from(pair[0].0)),
        Some(_) => first,
        None => MONTHLY[MONTHLY.len() - 1].1,
    };
    let of_week = match day.weekday() {
        Weekday::Mon => 1.12,
        Weekday::Sat => 0.76,
        Weekday::Sun => 0.62,
        _ => 1.0,
    };
    let holiday = if works || is_weekend(day) { 1.0 } else { 0.5 };
    let tet = shape::tet_day(day.year()).map_or(1.0, |tet| match (day - tet).num_days() {
        -3..=5 => 0.55,
        -14..=-4 => 1.08,
        _ => 1.0,
    });
    let season = [0.98, 0.92, 0.96, 0.98, 1.06, 1.08, 1.04, 1.03, 1.06, 1.05, 0.98, 0.94][day.month0() as usize];
    let lockdown = match (day.year(), day.month()) {
        (2021, 6) => 1.10,
        (2021, 7) => 1.45,
        (2021, 8) => 1.65,
        (2021, 9) => 1.40,
        (2021, 10) => 1.10,
        _ => 1.0,
    };
    monthly / 28.0 * of_week * holiday * tet * season * lockdown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Moment {
        Moment::from_local(text.parse().unwrap())
    }

    fn volume(cuts: &[Moment]) -> Volume {
        let calendar = WorkCalendar::from_toml(include_str!("../../../indicators/work_calendar.toml")).unwrap();
        Volume::new(at("2022-01-01T00:00:00")..at("2022-07-01T00:00:00"), cuts, &calendar, &Chance::new(1))
    }

    #[test]
    fn numbers_run_through_time_and_counts_are_exact() {
        let (noon, end) = (at("2022-05-25T12:00:01"), at("2022-07-01T00:00:00"));
        let mut volume = volume(&[noon]);
        volume.allot(&[(at("2022-01-01T00:00:00")..noon, 15_117), (noon..end, 4_000)]);
        assert_eq!(volume.cases(), 19_117);
        assert_eq!(volume.numbers(at("2022-01-01T00:00:00")..noon), 0..15_117);
        let mut before = Moment(0);
        for number in 0..19_117 {
            let slot = volume.slot_of(number).unwrap();
            let at = slot.moment(number, 0.5);
            assert!(before <= at && slot.from <= at && at < slot.until, "{number}");
            assert_eq!(at < noon, number < 15_117);
            before = at;
        }
        assert_eq!(volume.slot_of(19_117), None);
    }

    #[test]
    fn the_city_reports_less_on_sundays_and_at_night_and_at_tet() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert!(level(day("2022-05-22"), false) < 0.7 * level(day("2022-05-24"), true));
        assert!(level(day("2022-02-02"), false) < 0.4 * level(day("2022-01-12"), true));
        assert!(level(day("2021-08-11"), true) > 1.4 * level(day("2021-05-12"), true));
        let working = &HOURS[0];
        assert!(working[2] < 0.1 * working[9]);
    }
}
