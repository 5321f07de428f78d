//! The heatmap of overdue shares as a table: every cell is a door one level down.

use chrono::{NaiveDate, Weekday};

use super::question::CaseView;
use crate::cases::moment;
use crate::cases::views::{Axis, Share};
use crate::domain::{AreaKind, Period};
use crate::gallery::{GridKey, OverdueGrid, Words};

/// Weeks that fit beside each other with their numbers.
pub const WEEKS: usize = 13;

/// One cell.
pub struct HeatCell {
    /// Class of the ramp, of too few cases, or of none.
    pub class: &'static str,
    /// The share; empty with too few cases.
    pub share: String,
    /// Cases behind it; empty without any.
    pub n: String,
    /// The same as a sentence.
    pub words: String,
    /// One level down.
    pub url: Option<String>,
}

/// One row.
pub struct HeatRow {
    /// Its name.
    pub name: String,
    /// One level down.
    pub url: Option<String>,
    /// All columns together.
    pub total: HeatCell,
    /// Share in percent for the bar of the list on a phone, 0 with too few cases.
    pub bar: u32,
    /// Column by column.
    pub cells: Vec<HeatCell>,
}

/// The whole table.
pub struct HeatTable {
    /// What rows are.
    pub heading: String,
    /// Names of the columns, and whether one is not over.
    pub columns: Vec<(String, bool)>,
    /// The highest share first.
    pub rows: Vec<HeatRow>,
}

/// The class of a share on the ramp of overdue shares; the style sheet has the colours.
pub fn ramp_class(share: Share) -> &'static str {
    match share.shown().map(|value| value * 100.0) {
        None if share.cases == 0 => "none",
        None => "few",
        Some(v) if v <= 0.0 => "h0",
        Some(v) if v < 10.0 => "h1",
        Some(v) if v < 20.0 => "h2",
        Some(v) if v < 30.0 => "h3",
        Some(v) if v < 50.0 => "h4",
        Some(v) if v < 70.0 => "h5",
        Some(_) => "h6",
    }
}

/// A share for a narrow cell: whole percent, and neither "0" nor "100" unless it is.
pub fn brief(words: Words, share: f64) -> String {
    let percent = share * 100.0;
    match percent {
        p if p > 0.0 && p < 0.5 => "<1\u{a0}%".to_owned(),
        p if (99.5..100.0).contains(&p) => ">99\u{a0}%".to_owned(),
        p => format!("{}\u{a0}%", words.number(p, 0)),
    }
}

/// A cell without a door.
pub fn cell(view: &CaseView, share: Share, of: &str) -> HeatCell {
    let words = view.words();
    let n = words.count(share.cases);
    let said = match (share.shown(), share.cases) {
        (Some(value), _) => {
            let (part, percent) = (words.count(share.part), words.percent(value));
            match view.language {
                crate::present::Language::Vi => format!("{of}: {percent} trễ hạn, {part} trong {n} phản ánh đến hạn"),
                crate::present::Language::En => format!("{of}: {percent} overdue, {part} of {n} reports due"),
            }
        }
        (None, 0) => format!("{of}: {}", view.t("không có phản ánh đến hạn", "no report due")),
        (None, _) => format!(
            "{of}: {n} {}",
            view.t("phản ánh đến hạn, quá ít để tính tỷ lệ", "reports due, too few for a share")
        ),
    };
    HeatCell {
        class: ramp_class(share),
        share: share.shown().map_or_else(String::new, |value| brief(words, value)),
        n: if share.cases == 0 { String::new() } else { n },
        words: said,
        url: None,
    }
}

/// The table of a grid with its doors; of weeks, the last that fit.
pub fn table(view: &CaseView, grid: &OverdueGrid, (rows, columns): (Axis, Axis)) -> HeatTable {
    let first = if columns == Axis::Week { grid.columns.len().saturating_sub(WEEKS) } else { 0 };
    let shown = &grid.columns[first..];
    let row = |(key, shares): (&GridKey, &Vec<Share>)| {
        let of_cell = |(column, share): (&GridKey, &Share)| HeatCell {
            url: (share.cases > 0).then(|| door(view, (rows, &key.code), Some((columns, &column.code)))).flatten(),
            ..cell(view, *share, &format!("{}, {}", key.name, column.name))
        };
        let url = door(view, (rows, &key.code), None);
        HeatRow {
            name: key.name.clone(),
            total: HeatCell { url: url.clone(), ..cell(view, key.total, &key.name) },
            url,
            bar: key.total.shown().map_or(0, |share| (share * 100.0).round() as u32),
            cells: shown.iter().zip(&shares[first..]).map(of_cell).collect(),
        }
    };
    HeatTable {
        heading: grid.row_heading.clone(),
        columns: shown.iter().map(|column| (column.name.clone(), column.is_running)).collect(),
        rows: grid.rows.iter().zip(&grid.cells).map(row).collect(),
    }
}

/// Where a cell leads: from a district to its wards, from a ward or an authority to the list of reports.
pub fn door(view: &CaseView, (rows, code): (Axis, &str), column: Option<(Axis, &str)>) -> Option<String> {
    let outside = outside_districts(view);
    let (path, mut changes): (&str, Vec<(&str, String)>) = match (rows, code) {
        (Axis::District, "") => ("/cases/list", vec![("area", outside?)]),
        (_, "") => return None,
        (Axis::District, code) => ("/cases", vec![("area", code.to_owned())]),
        (Axis::Org, code) => ("/cases/list", vec![("org", code.to_owned())]),
        (_, code) => ("/cases/list", vec![("area", code.to_owned())]),
    };
    match column {
        Some((_, "")) => return None,
        Some((Axis::Category, code)) => changes.push(("category", code.to_owned())),
        Some((Axis::Channel, code)) => changes.push(("channel", code.to_owned())),
        Some((axis, code)) => {
            let (from, to) = window(view, axis, code)?;
            changes.extend([("from", from), ("to", to)]);
        }
        None => {}
    }
    let changes: Vec<(&str, &str)> = changes.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Some(view.url(path, &changes))
}

/// What the districts leave has a code of its own where the catalogue gives it one.
fn outside_districts(view: &CaseView) -> Option<String> {
    let residual = view.catalog.areas.areas().iter().find(|area| area.kind == AreaKind::Residual);
    residual.map(|area| area.code.clone())
}

/// A week or month as far as it lies in the window.
fn window(view: &CaseView, axis: Axis, code: &str) -> Option<(String, String)> {
    let (first, last) = match axis {
        Axis::Month => {
            let month: Period = code.parse().ok()?;
            (month.first_day(), month.last_day())
        }
        _ => {
            let (year, week) = code.split_once("-W")?;
            let monday = NaiveDate::from_isoywd_opt(year.parse().ok()?, week.parse().ok()?, Weekday::Mon)?;
            (monday, monday + chrono::TimeDelta::days(6))
        }
    };
    let question = &view.asked.question;
    let begin = moment(question.from).date().max(first);
    let end = moment(question.to.saturating_sub(1)).date();
    // What is not over ends where the question does: at the very instant, not at the end of that day.
    let asked = || super::question::given(&view.params.to).unwrap_or_default().to_owned();
    let to = if last >= end { asked() } else { last.to_string() };
    Some((begin.to_string(), to))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::{Colour, Ramp, contrast};

    /// A share of 200 cases, and the colours that the style sheet gives its class.
    fn colours(percent: u32) -> (Colour, Colour) {
        let class = ramp_class(Share::of(percent * 2, 200));
        let style = include_str!("../../../../web/src/cases.css");
        let rule =
            style.split(&format!(".{class} {{ background: #")).nth(1).unwrap_or_else(|| panic!("no rule for {class}"));
        let background = u32::from_str_radix(&rule[..6], 16).unwrap();
        let text = rule.split("color: #").nth(1).unwrap();
        let text = u32::from_str_radix(&text[..6], 16).unwrap();
        (Colour::hex(background), Colour::hex(text))
    }

    #[test]
    fn the_classes_of_the_style_sheet_are_the_ramp_of_charts_and_can_be_read() {
        for (share, at) in [(0, 0.0), (5, 5.0), (15, 15.0), (25, 25.0), (35, 35.0), (60, 60.0), (85, 85.0)] {
            let (background, text) = colours(share);
            let ramp = Ramp::overdue().colour(at);
            let apart = |a: u8, b: u8| a.abs_diff(b) <= 2;
            assert!(
                apart(background.red, ramp.red)
                    && apart(background.green, ramp.green)
                    && apart(background.blue, ramp.blue),
                "{share} %: {background:?} is not the ramp's {ramp:?}"
            );
            assert!(contrast(background, text) >= 4.5, "{share} %: {}", contrast(background, text));
        }
    }

    #[test]
    fn few_cases_have_no_share_and_ends_of_the_ramp_are_not_rounded_to() {
        assert_eq!(ramp_class(Share::of(9, 9)), "few");
        assert_eq!(ramp_class(Share::of(0, 0)), "none");
        assert_eq!(["h1", "h6"], [Share::of(1, 1000), Share::of(70, 100)].map(ramp_class));
        let words = Words(crate::present::Language::Vi);
        assert_eq!(
            [0.0, 0.001, 0.7, 0.999, 1.0].map(|s| brief(words, s).replace('\u{a0}', " ")),
            ["0 %", "<1 %", "70 %", ">99 %", "100 %"]
        );
    }
}
