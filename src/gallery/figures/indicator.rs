//! `indicator-CODE`: five years of an indicator, with last year, the plan, what is not final, and the gaps; of a figure
//! that runs through the year, this year beside the last.

use super::super::words::Words;
use super::reading::Reading;
use super::sheet::{FigureSheet, is_provisional, periods_between, status_of};
use crate::analytics::growth::{Growth, growth};
use crate::chart::Chart;
use crate::chart::spec::{Language, Lines, Point, Role, Series, TargetLine};
use crate::cube::Cell;
use crate::domain::{Freq, ObsStatus, Period};

/// Months, quarters or years shown: five years, of annual figures ten.
fn span(freq: Freq) -> i32 {
    match freq {
        Freq::M => 60,
        Freq::Q => 20,
        Freq::A => 10,
    }
}

/// A line of the indicator up to the last period. A rate of too few cases is a gap like one that is missing.
pub fn indicator(sheet: &FigureSheet<'_>) -> Chart {
    let kept = sheet.told(sheet.shown());
    let cells = sheet.comparable(&kept);
    let (Some(first), Some(last)) = (cells.first(), cells.last()) else { return sheet.only_words() };
    if sheet.runs_through_the_year() {
        return within_the_year(sheet, cells, last);
    }
    let count = sheet.count.and_then(|n| i32::try_from(n).ok()).unwrap_or_else(|| span(sheet.freq));
    let from = last.period.offset(1 - count.max(1));
    let first = if first.period > from { first.period } else { from };
    let periods = periods_between(first, last.period);
    let words = sheet.words();
    let reading = sheet.reading(&cells[cells.partition_point(|cell| cell.period < first)..]);
    let at = |period: Period| cells.binary_search_by(|cell| cell.period.cmp(&period)).ok().map(|k| &cells[k]);
    let scaled = |value: f64| value / reading.factor;
    let actual = |period: &Period| match at(*period) {
        Some(cell) => Point::with(scaled(cell.value), status_of(cell)),
        None => Point::missing(),
    };
    // A figure that is not whole is compared with the same part of last year.
    let before =
        |period: &Period| at(*period).and_then(|c| c.yoy_value).or_else(|| at(period.year_ago()).map(|c| c.value));
    let last_year = |period: &Period| before(period).map_or(Point::absent(), |value| Point::of(scaled(value)));
    let mut series = vec![Series {
        name: words.pick("Thực hiện", "Actual").to_owned(),
        role: Role::Actual,
        points: periods.iter().map(actual).collect(),
    }];
    // Of annual figures, last year is the point to the left. Of others it is drawn beside the last year only: further
    // back it would be the same line a second time.
    let beside = periods.len().saturating_sub(sheet.freq.per_year() as usize);
    if sheet.freq != Freq::A && periods[beside..].iter().any(|period| before(period).is_some()) {
        let name = words.pick("Cùng kỳ năm trước", "Same period last year").to_owned();
        let points = periods.iter().enumerate();
        let points = points.map(|(k, period)| if k < beside { Point::absent() } else { last_year(period) });
        series.push(Series { name, role: Role::SamePeriod, points: points.collect() });
    }
    let plan = |period: &Period| {
        let own = at(*period).and_then(|cell| cell.target_value).or_else(|| sheet.plan_at(*period));
        own.map(scaled).map(|plan| (plan, plan))
    };
    let target =
        TargetLine { name: words.pick("Kế hoạch", "Plan").to_owned(), bounds: periods.iter().map(plan).collect() };
    let left_out = kept.get(cells.len()..).and_then(|rest| rest.last());
    let left_out = left_out.and_then(|cell| Some((words.period(cell.period), sheet.coverage(cell)?)));
    let left_out = left_out.map_or(String::new(), |(period, part)| match sheet.language {
        Language::Vi => format!(" · chưa vẽ {period}: {part}"),
        Language::En => format!(" · without {period}: {part}"),
    });
    let subtitle = format!(
        "{}, {}, {} – {} · {}{left_out}",
        sheet.name(),
        reading.unit,
        words.period(first),
        words.period(last.period),
        sheet.area_name(sheet.area, Some(last.period)),
    );
    let is_flow = matches!(sheet.indicator.kind.as_str(), "flow" | "count");
    Chart::Lines(Lines {
        frame: sheet.frame(title(sheet, last, &reading), subtitle, cells),
        periods: periods.iter().map(|period| words.short_period(*period)).collect(),
        series,
        target: Some(target).filter(|target| target.bounds.iter().any(Option::is_some)),
        format: reading.format,
        from_zero: is_flow,
    })
}

/// This year beside the last on one axis of months, with the plan of the year: such a figure falls back to nothing every
/// January, and five years of it in a row would be a saw.
fn within_the_year(sheet: &FigureSheet<'_>, cells: &[Cell], last: &Cell) -> Chart {
    let words = sheet.words();
    let year = last.period.to_freq(Freq::A).expect("every period lies in a year");
    let shown: Vec<Cell> = cells.iter().filter(|c| c.period.year() >= year.year() - 1).cloned().collect();
    let reading = sheet.reading(&shown);
    let line = |year: Period, role: Role| {
        let points = year.children(sheet.freq).map(|period| match shown.binary_search_by(|c| c.period.cmp(&period)) {
            Ok(k) => Point::with(shown[k].value / reading.factor, status_of(&shown[k])),
            Err(_) if period < last.period => Point::missing(),
            Err(_) => Point::absent(),
        });
        Series { name: year.to_string(), role, points: points.collect() }
    };
    let has_last_year = shown.first().is_some_and(|cell| cell.period.year() < year.year());
    let before = has_last_year.then(|| line(year.offset(-1), Role::SamePeriod));
    let plan = last.target_value.or_else(|| sheet.plans.get(&year).copied());
    let subtitle = format!(
        "{}, {}, {} · {}",
        sheet.name(),
        reading.unit,
        words.pick("luỹ kế từ đầu năm", "since January"),
        sheet.area_name(sheet.area, Some(last.period)),
    );
    let in_any_year = |period: Period| {
        let label = words.short_period(period);
        label.split(['/', ' ']).next().unwrap_or_default().to_owned()
    };
    Chart::Lines(Lines {
        frame: sheet.frame(title(sheet, last, &reading), subtitle, &shown),
        periods: year.children(sheet.freq).map(in_any_year).collect(),
        series: std::iter::once(line(year, Role::Actual)).chain(before).collect(),
        target: plan.map(|plan| {
            let name = words.pick("Kế hoạch năm", "Plan of the year");
            TargetLine::constant(name, plan / reading.factor, sheet.freq.per_year() as usize)
        }),
        format: reading.format,
        from_zero: true,
    })
}

/// "Tháng 5/2022 57.757 tỷ đồng, tăng 12,3 % so với cùng kỳ năm trước, bằng 98 % kế hoạch: Doanh thu bán lẻ".
fn title(sheet: &FigureSheet<'_>, last: &Cell, reading: &Reading) -> String {
    let words = sheet.words();
    let value = reading.told(last.value, sheet.language);
    let period = words.period(last.period);
    let part = sheet.coverage(last).map_or(String::new(), |part| format!(" ({part})"));
    let status = format!("{part}{}", status_words(words, last));
    let parts: Vec<String> = change(sheet, last)
        .into_iter()
        .chain(against_plan(sheet, last, reading))
        .map(|part| format!(", {part}"))
        .collect();
    format!("{}: {period}{status} {value}{}", sheet.name(), parts.concat())
}

fn status_words(words: Words, cell: &Cell) -> &'static str {
    if !is_provisional(cell) {
        return "";
    }
    match (status_of(cell), words.0) {
        (ObsStatus::E, Language::Vi) => " ước",
        (ObsStatus::E, Language::En) => " (estimated)",
        (ObsStatus::F, Language::Vi) => " dự báo",
        (ObsStatus::F, Language::En) => " (forecast)",
        (_, Language::Vi) => " sơ bộ",
        (_, Language::En) => " (provisional)",
    }
}

fn change(sheet: &FigureSheet<'_>, cell: &Cell) -> Option<String> {
    let words = sheet.words();
    let rate = sheet.catalog.unit_of(sheet.indicator).rate;
    let decimals = if rate { usize::from(sheet.indicator.decimals.max(1)) } else { 1 };
    let (amount, text) = match growth(cell.value, cell.yoy_value?, rate)? {
        Growth::Percent(p) => (p, format!("{}\u{a0}%", words.number(p.abs(), 1))),
        Growth::Points(p) => (p, format!("{}\u{a0}{}", words.number(p.abs(), decimals), words.pick("điểm", "points"))),
    };
    let tiny = 0.5 * 10f64.powi(-(decimals as i32));
    let (vi, en) = match amount {
        a if a.abs() < tiny => return Some(words.pick("bằng cùng kỳ năm trước", "as a year before").to_owned()),
        a if a > 0.0 => ("tăng", "up"),
        _ => ("giảm", "down"),
    };
    Some(match words.0 {
        Language::Vi => format!("{vi} {text} so với cùng kỳ năm trước"),
        Language::En => format!("{en} {text} on a year before"),
    })
}

/// Amounts as a part of the plan; rates and indices beside it.
fn against_plan(sheet: &FigureSheet<'_>, cell: &Cell, reading: &Reading) -> Option<String> {
    let words = sheet.words();
    let plan = cell.target_value?;
    let is_amount =
        matches!(sheet.indicator.kind.as_str(), "flow" | "count" | "stock") && plan > 0.0 && cell.value >= 0.0;
    Some(if is_amount {
        let part = format!("{}\u{a0}%", words.number(cell.value / plan * 100.0, 1));
        match words.0 {
            Language::Vi => format!("bằng {part} kế hoạch"),
            Language::En => format!("{part} of the plan"),
        }
    } else {
        format!("{} {}", words.pick("kế hoạch", "plan"), reading.format.print(plan / reading.factor, words.0))
    })
}
