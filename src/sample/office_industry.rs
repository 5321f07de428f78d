//! Industry of the Statistics Office as PC-Axis, one file a month.
//!
//! Values, weights and links are one variable, because a table of measures by industries would be half empty.

use chrono::NaiveDate;

use super::cell::{Cell, release_day};
use super::industry::{self, DIVISIONS, KEY_INDUSTRIES, SECTIONS};
use super::press::Press;
use super::px_writer::{PxTable, Variable};
use super::split::decimal_text;
use super::{NOTE, SampleError, SampleOptions};
use crate::domain::Freq;

const FEED: &str = "ctk_industry";

/// Measures: code of the source, label of the source.
const MEASURES: [(&str, &str, &str); 7] = [
    ("iip_value", "IIP", "Chỉ số sản xuất công nghiệp (2015 = 100)"),
    ("iip_weight", "QS", "Quyền số chỉ số sản xuất công nghiệp"),
    ("iip_key4_value", "TY", "Chỉ số sản xuất bốn ngành trọng yếu (2015 = 100)"),
    ("iip_key4_weight", "QSTY", "Quyền số bốn ngành trọng yếu"),
    ("consumption_link", "TT", "Chỉ số tiêu thụ so với tháng trước"),
    ("inventory_link", "TK", "Chỉ số tồn kho so với tháng trước"),
    ("labour_use_link", "LD", "Chỉ số sử dụng lao động so với tháng trước"),
];

/// Writes one file a month, and the weights with every January.
pub(super) fn write(options: &SampleOptions, press: &mut Press<'_>) -> Result<(), SampleError> {
    for month in options.months() {
        let published = release_day(month);
        if month.position() == 1 {
            let year = month.to_freq(Freq::A).expect("a month lies in a year");
            let cells = industry::weights(year, published);
            let title = format!("Quyền số sản xuất công nghiệp năm {year}");
            let bytes = table(&title, ("Năm", "A1"), year.to_string(), published, &cells).to_bytes();
            press.publish(FEED, &format!("quyen-so-{year}.px"), bytes, &cells)?;
        }
        let cells = industry::cells(options.seed, month, published);
        let title = format!("Sản xuất công nghiệp tháng {} năm {}", month.position(), month.year());
        let time = format!("{}M{:02}", month.year(), month.position());
        let bytes = table(&title, ("Tháng", "M1"), time, published, &cells).to_bytes();
        press.publish(FEED, &format!("cn-{month}.px"), bytes, &cells)?;
    }
    Ok(())
}

fn table<'a>(
    title: &'a str,
    (time_name, time_scale): (&'a str, &'a str),
    time: String,
    updated: NaiveDate,
    cells: &[Cell],
) -> PxTable<'a> {
    PxTable {
        matrix: "CN01",
        title,
        contents: "Chỉ số sản xuất công nghiệp",
        units: "%",
        stub: vec![Variable { name: "Chuỗi số liệu".to_owned(), values: cells.iter().map(series).collect() }],
        time_name,
        time_scale,
        times: vec![time],
        cells: cells.iter().map(|c| vec![number(c)]).collect(),
        decimals: industry::VALUE_DECIMALS,
        updated,
        note: NOTE,
    }
}

/// Code and label of a series: measure and industry.
fn series(cell: &Cell) -> (String, String) {
    let (_, code, label) = *MEASURES.iter().find(|(m, ..)| *m == cell.measure).expect("every measure has a name");
    let industry = cell.member.map_or("TONG", |(_, member)| member);
    let all = DIVISIONS.iter().chain(&KEY_INDUSTRIES).chain(&SECTIONS);
    let name = all.into_iter().find(|i| i.code == industry).map_or("Toàn ngành", |i| i.label);
    (format!("{code}.{industry}"), format!("{label}: {name}"))
}

fn number(cell: &Cell) -> String {
    cell.ticks.map_or("..".to_owned(), |t| decimal_text(t, cell.decimals, '.'))
}
