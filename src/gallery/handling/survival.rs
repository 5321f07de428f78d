//! `case-survival`: the share still without an answer after so many days, for the whole or up to five units.

use std::cmp::Reverse;

use super::super::asked::Asked;
use super::super::error::GalleryError;
use super::super::words::Words;
use crate::cases::counting::Flow;
use crate::cases::views::{self, Axis, Lens, Survival as Estimate, crosstab};
use crate::chart::Chart;
use crate::chart::spec::{Curve, Language, Survival};

/// Curves beyond these cannot be told apart.
const MOST_CURVES: usize = 5;
/// Ends of the axis of days; the first at which hardly anyone waits is taken.
const ENDS: [u32; 6] = [5, 10, 15, 30, 60, 90];
/// Share that still waits where the axis may end.
const HARDLY: f64 = 0.05;
/// A group is slow if half of it waits so many times as long as half of all.
const SLOW: f64 = 1.25;
/// Columns of the row of numbers below the chart.
const COLUMNS: u32 = 5;

struct Group<'a> {
    name: String,
    asked: Asked<'a>,
    estimate: Estimate,
}

/// One curve of everything asked for, or one for each of up to five units: those named, else those with most cases.
pub fn survival(asked: &Asked<'_>, by: Axis) -> Result<Chart, GalleryError> {
    let lens = asked.lens()?;
    let words = asked.words();
    let everything = views::survival(&lens, &ENDS);
    let groups = if by == Axis::Total {
        vec![Group {
            name: words.pick("Tất cả", "All").to_owned(), asked: asked.clone(), estimate: everything.clone()
        }]
    } else {
        groups(asked, &lens, by)?
    };
    let groups: Vec<Group<'_>> = groups.into_iter().filter(|group| !group.estimate.steps.is_empty()).collect();
    let title = title(words, by, &everything, &groups);
    let what = match words.0 {
        Language::Vi => "Tỷ lệ phản ánh chưa được trả lời theo số ngày từ khi tiếp nhận, %, phản ánh tiếp nhận",
        Language::En => "Share of cases not yet answered by days since they came in, %, cases received",
    };
    // "received" is followed by the window, without a comma.
    let mut frame = asked.frame(&lens, title, what);
    frame.subtitle = frame.subtitle.replacen(&format!("{what},"), what, 1);
    if groups.is_empty() {
        return Ok(asked.only_words(frame));
    }
    let end = end_of(&groups);
    let curves = groups.iter().map(|group| curve(group, end)).collect::<Result<_, GalleryError>>()?;
    Ok(Chart::Survival(Survival {
        frame,
        axis: words.pick("Ngày kể từ khi tiếp nhận", "Days since received").to_owned(),
        days: f64::from(end),
        curves,
        deadline: None,
    }))
}

/// The same question for one unit.
fn of_unit<'a>(asked: &Asked<'a>, by: Axis, code: &str) -> Asked<'a> {
    let mut part = asked.clone();
    let filter = &mut part.question.filter;
    let list = match by {
        Axis::Org => &mut filter.orgs,
        Axis::Category => &mut filter.categories,
        Axis::Channel => &mut filter.channels,
        _ => &mut filter.areas,
    };
    *list = vec![code.to_owned()];
    part
}

fn groups<'a>(asked: &Asked<'a>, lens: &Lens<'_>, by: Axis) -> Result<Vec<Group<'a>>, GalleryError> {
    let table = crosstab(lens, by, Axis::Total)?;
    let mut units: Vec<(&str, u32)> =
        table.rows.iter().zip(&table.row_totals).map(|(code, tally)| (&**code, tally.get(Flow::Received))).collect();
    units.retain(|(code, received)| !code.is_empty() && *received > 0);
    units.sort_by_key(|(code, received)| (Reverse(*received), *code));
    units.truncate(MOST_CURVES);
    let names = asked.names(lens);
    let group = |(code, _): &(&str, u32)| -> Result<Group<'a>, GalleryError> {
        let part = of_unit(asked, by, code);
        let estimate = views::survival(&part.lens()?, &ENDS);
        Ok(Group { name: names.of(by, code), asked: part, estimate })
    };
    units.iter().map(group).collect()
}

/// The first end of the axis at which hardly anyone waits any more in any group; the last one followed otherwise.
fn end_of(groups: &[Group<'_>]) -> u32 {
    let followed = groups.iter().map(|group| group.estimate.followed_hours / 24.0).fold(0.0, f64::max);
    let waiting = |days: u32| {
        let at = |group: &Group<'_>| {
            let steps = &group.estimate.steps;
            let past = steps.partition_point(|step| step.hours <= f64::from(days) * 24.0);
            steps[..past].last().map_or(1.0, |step| step.waiting)
        };
        groups.iter().map(at).fold(0.0, f64::max)
    };
    let reached = |days: &&u32| waiting(**days) <= HARDLY || f64::from(**days) >= followed;
    ENDS.iter().find(reached).or(ENDS.last()).copied().unwrap_or(30)
}

fn curve(group: &Group<'_>, end: u32) -> Result<Curve, GalleryError> {
    let days: Vec<u32> = (0..=COLUMNS).map(|k| k * end / COLUMNS).collect();
    let at = views::survival(&group.asked.lens()?, &days).at_days;
    let limit = f64::from(end);
    let steps = group.estimate.steps.iter().map(|step| (step.hours / 24.0, step.waiting));
    Ok(Curve {
        name: group.name.clone(),
        steps: steps.filter(|(day, _)| *day <= limit).collect(),
        censored: Vec::new(),
        median: group.estimate.median_hours.map(|hours| hours / 24.0).filter(|day| *day <= limit),
        at_risk: at.iter().map(|at| (f64::from(at.days), u64::from(at.at_risk))).collect(),
    })
}

fn title(words: Words, by: Axis, all: &Estimate, groups: &[Group<'_>]) -> String {
    let vi = words.0 == Language::Vi;
    if groups.is_empty() {
        return match (all.cases, vi) {
            (0, true) => "Không có phản ánh nào được tiếp nhận".to_owned(),
            (0, false) => "No case was received".to_owned(),
            (_, true) => "Quá ít phản ánh (dưới 10) để ước lượng thời gian trả lời".to_owned(),
            (_, false) => "Too few cases (under 10) to estimate how long an answer takes".to_owned(),
        };
    }
    let known = groups.iter().filter_map(|group| Some((group, group.estimate.median_hours?)));
    let slowest = known.max_by(|a, b| a.1.total_cmp(&b.1)).filter(|_| by != Axis::Total && groups.len() > 1);
    let slowest = slowest.zip(all.median_hours).filter(|((_, own), whole)| *own >= SLOW * whole);
    if let Some(((group, own), whole)) = slowest {
        let (name, shown) = (&group.name, words.count(groups.len() as u64));
        let (own, whole) = (duration(words, own), duration(words, whole));
        return if vi {
            let unit = words.unit(by);
            format!("{name}: một nửa số phản ánh phải chờ trên {own}, lâu nhất trong {shown} {unit}; chung là {whole}")
        } else {
            let units = words.units(by);
            format!("{name}: half of the cases wait over {own}, longest of {shown} {units}; of all, over {whole}")
        };
    }
    let late = all.at_days.iter().rev().find_map(|at| Some((at.days, at.answered?)).filter(|(_, a)| 1.0 - a >= 0.01));
    let rest = late.map_or(String::new(), |(days, answered)| {
        let waiting = words.percent(1.0 - answered);
        if vi {
            format!("; sau {days} ngày còn {waiting} vẫn chờ")
        } else {
            format!("; after {days} days {waiting} still wait")
        }
    });
    match (all.median_hours, vi) {
        (Some(hours), true) => format!("Một nửa số phản ánh được trả lời trong {}{rest}", duration(words, hours)),
        (Some(hours), false) => format!("Half of the cases are answered within {}{rest}", duration(words, hours)),
        (None, true) => format!("Chưa đến một nửa số phản ánh được trả lời{rest}"),
        (None, false) => format!("Fewer than half of the cases are answered{rest}"),
    }
}

/// "18 giờ", "3,2 ngày".
fn duration(words: Words, hours: f64) -> String {
    if hours < 48.0 {
        format!("{} {}", words.number(hours, 0), words.pick("giờ", "hours"))
    } else {
        format!("{} {}", words.number(hours / 24.0, 1), words.pick("ngày", "days"))
    }
}
