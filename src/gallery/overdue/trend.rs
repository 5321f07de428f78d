//! `overdue-trend`: the share overdue month by month, against the same months of last year and a plan.

use std::collections::BTreeMap;

use super::super::asked::{Asked, MonthTally};
use super::super::error::GalleryError;
use super::super::words::Words;
use crate::cases::month_start;
use crate::cases::views::{Basis, Lens};
use crate::chart::Chart;
use crate::chart::spec::{Language, Lines, NumberFormat, Point, Role, Series, TargetLine};
use crate::domain::{ObsStatus, Period};

/// Months shown unless asked otherwise.
const MONTHS: i32 = 24;

/// A line of the share overdue; `plans` are those of the same area, in percent by month.
pub fn trend(asked: &Asked<'_>, plans: &BTreeMap<Period, f64>) -> Result<Chart, GalleryError> {
    let asked = asked.over_months(MONTHS);
    let lens = asked.lens()?;
    let words = asked.words();
    let months = asked.by_month(&lens)?;
    let before = year_before(&asked, &months)?;
    let share = |month: &MonthTally| month.tally.overdue(lens.basis).shown().map(|share| share * 100.0);
    let first = months.iter().position(|month| share(month).is_some());
    let title = title(&asked, &lens, &months, &before);
    let what = match words.0 {
        Language::Vi => "Tỷ lệ trễ hạn, % số phản ánh đến hạn, theo tháng (để trống tháng dưới 10 phản ánh)",
        Language::En => "Share overdue, % of cases due, by month (months of fewer than 10 cases left empty)",
    };
    let Some(first) = first else { return Ok(asked.only_words(asked.frame(&lens, title, what))) };
    let months = &months[first..];
    // The window begins where the line does.
    let frame = asked.frame(&asked.since(months[0].month).lens()?, title, what);
    let point = |month: &MonthTally| match share(month) {
        Some(value) if month.is_running => Point::with(value, ObsStatus::P),
        Some(value) => Point::of(value),
        None => Point::absent(),
    };
    let last_year = |month: &MonthTally| before.get(&month.month).map_or(Point::absent(), |value| Point::of(*value));
    let mut series = vec![Series {
        name: words.pick("Trễ hạn", "Overdue").to_owned(),
        role: Role::Actual,
        points: months.iter().map(point).collect(),
    }];
    if months.iter().any(|month| before.contains_key(&month.month)) {
        let name = words.pick("Cùng kỳ năm trước", "Same month last year").to_owned();
        series.push(Series { name, role: Role::SamePeriod, points: months.iter().map(last_year).collect() });
    }
    let bounds: Vec<_> = months.iter().map(|m| plans.get(&m.month).map(|plan| (*plan, *plan))).collect();
    let target = TargetLine { name: words.pick("Kế hoạch", "Plan").to_owned(), bounds };
    Ok(Chart::Lines(Lines {
        frame,
        periods: months.iter().map(|month| words.short_period(month.month)).collect(),
        series,
        target: Some(target).filter(|target| target.bounds.iter().any(Option::is_some)),
        format: NumberFormat::new(1, "%"),
        from_zero: true,
    }))
}

/// The share of the same month of the year before, in percent, by the month it is compared with.
fn year_before(asked: &Asked<'_>, months: &[MonthTally]) -> Result<BTreeMap<Period, f64>, GalleryError> {
    let (Some(first), Some(last)) = (months.first(), months.last()) else { return Ok(BTreeMap::new()) };
    let mut earlier = asked.clone();
    earlier.question.from = month_start(first.month.index() - 12);
    earlier.question.to = month_start(last.month.index() - 11);
    let lens = earlier.lens()?;
    let of = |month: MonthTally| Some((month.month.offset(12), month.tally.overdue(lens.basis).shown()? * 100.0));
    Ok(earlier.by_month(&lens)?.into_iter().filter_map(of).collect())
}

fn title(asked: &Asked<'_>, lens: &Lens<'_>, months: &[MonthTally], before: &BTreeMap<Period, f64>) -> String {
    let words = asked.words();
    let shown = |month: &&MonthTally| month.tally.overdue(lens.basis).shown().is_some();
    let Some(last) = months.iter().rev().find(shown) else { return nothing(words, lens, months) };
    let share = last.tally.overdue(lens.basis).shown().unwrap_or_default();
    let (who, percent, when) = (asked.subject(lens), words.percent(share), words.period(last.month));
    let day = words.day(crate::cases::moment(lens.to.saturating_sub(1)).date());
    let so_far = match (last.is_running, words.0) {
        (false, _) => String::new(),
        (true, Language::Vi) => format!(" (đến {day})"),
        (true, Language::En) => format!(" (to {day})"),
    };
    let change = before.get(&last.month).map(|before| share - before / 100.0);
    let compared = change.map_or(String::new(), |change| match (words.0, (change * 1000.0).round()) {
        (Language::Vi, 0.0) => ", bằng cùng kỳ năm trước".to_owned(),
        (Language::En, 0.0) => ", as a year before".to_owned(),
        (Language::Vi, c) => {
            let way = if c > 0.0 { "tăng" } else { "giảm" };
            format!(", {way} {} so với cùng kỳ năm trước", words.points(change))
        }
        (Language::En, c) => {
            let way = if c > 0.0 { "up" } else { "down" };
            format!(", {way} {} on a year before", words.points(change))
        }
    });
    match words.0 {
        Language::Vi => format!("{who} trễ hạn {percent} trong {when}{so_far}{compared}"),
        Language::En => format!("{who}: {percent} overdue in {when}{so_far}{compared}"),
    }
}

fn nothing(words: Words, lens: &Lens<'_>, months: &[MonthTally]) -> String {
    let due = |month: &MonthTally| month.tally.overdue(Basis::Effective).cases;
    let window = words.window(lens.from, lens.to);
    match (months.iter().map(due).sum::<u32>(), words.0) {
        (0, Language::Vi) => format!("Không có phản ánh nào đến hạn trong thời gian {window}"),
        (0, Language::En) => format!("No case fell due in {window}"),
        (_, Language::Vi) => "Chưa tháng nào có đủ 10 phản ánh đến hạn để tính tỷ lệ trễ hạn".to_owned(),
        (_, Language::En) => "No month has the 10 cases due that a share needs".to_owned(),
    }
}
