//! National accounts of the Statistics Office as JSON-stat 2: one file a release, with the status of every value.

use chrono::NaiveDate;

use super::accounts::{self, SECTORS};
use super::cell::{Cell, release_day};
use super::jsonstat_writer::JsonStatTable;
use super::model::Model;
use super::plan::plan_of;
use super::press::Press;
use super::split::decimal_text;
use super::statement::{self, member_label};
use super::{NOTE, SampleError, SampleOptions};
use crate::domain::{Freq, Period};

const FEED: &str = "ctk_accounts";

/// Measures, their code and label in the source.
const MEASURES: [(&str, &str, &str); 3] = [
    ("grdp_current", "GRDP_HH", "GRDP giá hiện hành"),
    ("grdp_const2010", "GRDP_SS", "GRDP giá so sánh 2010"),
    ("social_investment", "VDT", "Vốn đầu tư thực hiện toàn xã hội"),
];

/// Writes GRDP by release and investment by quarter.
pub(super) fn write(model: &Model<'_>, options: &SampleOptions, press: &mut Press<'_>) -> Result<(), SampleError> {
    for release in accounts::releases(options.seed, options.to.last_day()) {
        let inside = |c: &Cell| c.period.first_month() >= options.from.index();
        let cells: Vec<Cell> = release.cells.into_iter().filter(inside).collect();
        if cells.is_empty() {
            continue;
        }
        let label = "Tổng sản phẩm trên địa bàn (tỷ đồng)";
        let bytes = table(label, release.published, &cells).to_bytes();
        press.publish(FEED, &format!("grdp-{}.json", release.published), bytes, &cells)?;
    }
    let plan = plan_of("social_investment").expect("planned");
    for quarter in options.periods(Freq::Q) {
        let published = release_day(quarter.children(Freq::M).last().expect("a quarter has months"));
        let cells = statement::official(model, plan, quarter, published);
        let bytes = table("Vốn đầu tư thực hiện toàn xã hội (tỷ đồng)", published, &cells).to_bytes();
        press.publish(FEED, &format!("von-dau-tu-{published}.json"), bytes, &cells)?;
    }
    Ok(())
}

/// Series down, quarters across; every series has every quarter of the release.
fn table<'a>(label: &'a str, updated: NaiveDate, cells: &[Cell]) -> JsonStatTable<'a> {
    let mut series: Vec<(String, String)> = Vec::new();
    let mut times: Vec<Period> = Vec::new();
    for cell in cells {
        let named = name(cell);
        if !series.contains(&named) {
            series.push(named);
        }
        if !times.contains(&cell.period) {
            times.push(cell.period);
        }
    }
    times.sort();
    let find = |named: &(String, String), time: &Period| {
        let cell = cells.iter().find(|c| c.period == *time && name(c) == *named).expect("a release is rectangular");
        (cell.ticks.map_or(String::new(), |t| decimal_text(t, cell.decimals, '.')), cell.status.as_str())
    };
    JsonStatTable {
        label,
        source: NOTE,
        updated,
        ids: ("CHITIEU", "KY"),
        cells: series.iter().map(|s| times.iter().map(|t| find(s, t)).collect()).collect(),
        times: times.iter().map(|t| t.to_string().replace('-', "")).collect(),
        series,
    }
}

fn name(cell: &Cell) -> (String, String) {
    let (_, code, label) = *MEASURES.iter().find(|(m, ..)| *m == cell.measure).expect("every measure has a name");
    let Some((dimension, member)) = cell.member else { return (code.to_owned(), label.to_owned()) };
    let sector = SECTORS.iter().find(|s| s.code == member).map(|s| s.label);
    let part = sector.or_else(|| plan_of(cell.measure).map(|p| member_label(p, dimension, member))).unwrap_or_default();
    (format!("{code}.{member}"), format!("{label}: {part}"))
}
