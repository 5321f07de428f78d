//! `overdue-multiples`: the share overdue month by month, one panel per district, one scale for all.

use super::super::asked::Asked;
use super::super::error::GalleryError;
use super::super::names::month_of;
use super::super::words::Words;
use super::usual_units;
use crate::cases::views::{Axis, Lens, Share, crosstab};
use crate::chart::Chart;
use crate::chart::spec::{Language, Multiples, NumberFormat, Panel};

/// Months shown unless asked otherwise.
const MONTHS: i32 = 24;
/// More panels are no comparison any more.
const MOST_PANELS: usize = 40;

struct Unit {
    name: String,
    whole: Share,
    months: Vec<Share>,
}

/// Panels of districts (wards once there are none), the highest share over the window first.
pub fn multiples(asked: &Asked<'_>) -> Result<Chart, GalleryError> {
    let asked = asked.over_months(MONTHS);
    let lens = asked.lens()?;
    let (names, words) = (asked.names(&lens), asked.words());
    let axis = usual_units(&lens);
    let table = crosstab(&lens, axis, Axis::Month)?;
    let city: Vec<Share> = table.column_totals.iter().map(|tally| tally.overdue(lens.basis)).collect();
    // Months before the first case fell due are not gaps.
    let first = city.iter().position(|share| share.cases > 0).unwrap_or(city.len());
    let unit = |row: usize| Unit {
        name: names.of(axis, &table.rows[row]),
        whole: table.row_totals[row].overdue(lens.basis),
        months: (first..city.len()).map(|column| table.cell(row, column).overdue(lens.basis)).collect(),
    };
    let rows = (0..table.rows.len()).filter(|row| !table.rows[*row].is_empty());
    let mut units: Vec<Unit> = rows.map(unit).filter(|unit| unit.months.iter().any(|s| !s.is_small())).collect();
    units.sort_by(|a, b| b.whole.cmp_share(a.whole).then_with(|| a.name.cmp(&b.name)));
    units.truncate(MOST_PANELS);
    let what = match words.0 {
        Language::Vi => {
            format!(
                "Tỷ lệ trễ hạn, % số phản ánh đến hạn, theo tháng và {} (để trống tháng dưới 10 phản ánh)",
                words.unit(axis)
            )
        }
        Language::En => {
            format!(
                "Share overdue, % of cases due, by month and {} (months of fewer than 10 left empty)",
                words.unit(axis)
            )
        }
    };
    let title = title(&asked, &lens, axis, &units);
    let key = |column: usize| table.columns.get(column).and_then(|key| month_of(key));
    let (Some(from), Some(to), false) = (key(first), key(city.len().saturating_sub(1)), units.is_empty()) else {
        return Ok(asked.only_words(asked.frame(&lens, title, &what)));
    };
    let frame = asked.frame(&asked.since(from).lens()?, title, &what);
    let thresholds = asked.thresholds();
    let percent = |share: &Share| share.shown().map(|share| share * 100.0);
    let panels = units.iter().map(|unit| {
        let values: Vec<Option<f64>> = unit.months.iter().map(percent).collect();
        let last = values.iter().rev().flatten().next().copied();
        Panel { name: short(&unit.name).to_owned(), state: last.and_then(|value| thresholds.state(value)), values }
    });
    let reference = city[first..].iter().map(percent).collect();
    Ok(Chart::Multiples(Multiples {
        frame,
        periods: (words.short_period(from), words.short_period(to)),
        panels: panels.collect(),
        target: None,
        reference: Some((words.pick("Toàn thành phố", "The whole city").to_owned(), reference)),
        format: NumberFormat::new(0, "%"),
        from_zero: true,
    }))
}

/// "Huyện Cần Giờ" -> "Cần Giờ"; "Quận 1" stays.
fn short(name: &str) -> &str {
    let rests = ["Quận ", "Huyện ", "Thành phố "].into_iter().filter_map(|kind| name.strip_prefix(kind));
    let mut named = rests.filter(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()));
    named.next().unwrap_or(name)
}

/// How many were off in the last month with a figure for them.
fn title(asked: &Asked<'_>, lens: &Lens<'_>, axis: Axis, units: &[Unit]) -> String {
    let words = asked.words();
    let window = words.window(lens.from, lens.to);
    if units.is_empty() {
        return nothing(words, axis, &window);
    }
    let last = |unit: &Unit| unit.months.iter().rev().find_map(|share| share.shown());
    let limit = asked.thresholds().off_above().unwrap_or(30.0);
    let off = units.iter().filter(|unit| last(unit).is_some_and(|share| share * 100.0 > limit)).count();
    let (all, off_text) = (words.count(units.len() as u64), words.count(off as u64));
    let (unit, limit) = (words.unit(axis), words.percent(limit / 100.0));
    let worst = units.first().map_or("", |unit| unit.name.as_str());
    let share = units.first().and_then(|unit| unit.whole.value()).map(|share| words.percent(share)).unwrap_or_default();
    match (words.0, off) {
        (Language::Vi, 0) => {
            format!("Tháng gần nhất không {unit} nào trễ hạn trên {limit}; cả giai đoạn cao nhất là {worst}, {share}")
        }
        (Language::Vi, _) => {
            format!(
                "Tháng gần nhất {off_text} trong {all} {unit} trễ hạn trên {limit}; cả giai đoạn cao nhất là {worst}, {share}"
            )
        }
        (Language::En, 0) => {
            format!("No {unit} above {limit} overdue in the last month; highest overall: {worst}, {share}")
        }
        (Language::En, _) => format!(
            "{off_text} of {all} {} above {limit} overdue in the last month; highest overall: {worst}, {share}",
            words.units(axis)
        ),
    }
}

fn nothing(words: Words, axis: Axis, window: &str) -> String {
    match words.0 {
        Language::Vi => {
            format!("Không {} nào có tháng đủ 10 phản ánh đến hạn trong thời gian {window}", words.unit(axis))
        }
        Language::En => format!("No {} has a month with 10 cases due in {window}", words.unit(axis)),
    }
}
