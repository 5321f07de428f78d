//! Social Insurance as the answers of a REST gateway: pages of rows by district and month, published on the 28th.

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value, json};

use super::cell::{Cell, day};
use super::geography::{CITY, DISTRICTS};
use super::model::Model;
use super::plan::{Plan, plan_of};
use super::press::Press;
use super::split::from_ticks;
use super::statement::{self, member_label};
use super::{NOTE, SampleError, SampleOptions};
use crate::domain::{AreaTree, Freq, Period};

const FEED: &str = "bhxh";

/// Rows on a page.
const PAGE_SIZE: usize = 20;

/// Measures and their fields; the last one is yearly and comes with January.
const FIELDS: [(&str, &str); 9] = [
    ("si_compulsory_participants", "bhxhBatBuoc"),
    ("si_voluntary_participants", "bhxhTuNguyen"),
    ("ui_participants", "bhtn"),
    ("hi_participants", "bhyt"),
    ("si_contributions", "soThu"),
    ("si_arrears", "chamDong"),
    ("si_benefits_paid", "chiCheDo"),
    ("hi_medical_expenditure", "chiKcb"),
    ("si_receivable_year", "phaiThuNam"),
];

/// One answer of the gateway.
#[derive(Debug, Clone, PartialEq)]
pub struct GatewayPage {
    /// Month asked for, `yyyyMM`.
    pub month: String,
    /// Page, from 1.
    pub page: usize,
    /// The body.
    pub body: Value,
}

/// Writes the captured answers of every month.
pub(super) fn write(model: &Model<'_>, options: &SampleOptions, press: &mut Press<'_>) -> Result<(), SampleError> {
    for month in options.months() {
        for (page, cells) in pages(model, month, PAGE_SIZE) {
            let mut bytes = serde_json::to_vec(&page.body).expect("a JSON value can always be written");
            bytes.push(b'\n');
            press.publish(FEED, &format!("{month}-p{}.json", page.page), bytes, &cells)?;
        }
    }
    Ok(())
}

/// The gateway's answers for a month with `size` rows a page: what an in-process gateway serves.
pub fn gateway_pages(areas: &AreaTree, options: &SampleOptions, month: Period, size: usize) -> Vec<GatewayPage> {
    let model = Model::new(areas, options.seed, month.year().max(options.to.year()));
    pages(&model, month, size).into_iter().map(|(page, _)| page).collect()
}

fn pages(model: &Model<'_>, month: Period, size: usize) -> Vec<(GatewayPage, Vec<Cell>)> {
    let rows = rows(model, month);
    let total = rows.len();
    let asked = month.to_string().replace('-', "");
    let chunks = rows.chunks(size.max(1)).enumerate();
    chunks
        .map(|(i, rows)| {
            let body = json!({
                "code": "200",
                "message": format!("Thành công. {NOTE}"),
                "data": rows.iter().map(|(row, _)| row).collect::<Vec<_>>(),
                "total": total,
                "page": i + 1,
                "size": size,
            });
            let cells = rows.iter().flat_map(|(_, cells)| cells.iter().cloned()).collect();
            (GatewayPage { month: asked.clone(), page: i + 1, body }, cells)
        })
        .collect()
}

/// Rows of a month: districts, then the city by member.
fn rows(model: &Model<'_>, month: Period) -> Vec<(Value, Vec<Cell>)> {
    let published = day(month.last_day(), 28);
    let year = month.to_freq(Freq::A).expect("a month lies in a year");
    let mut by_row: BTreeMap<RowKey, Vec<(&'static str, Cell)>> = BTreeMap::new();
    for (measure, field) in FIELDS {
        let plan = plan_of(measure).expect("planned");
        let period = match plan.freq {
            Freq::A if month.position() == 1 => year,
            Freq::A => continue,
            _ => month,
        };
        for cell in statement::official(model, plan, period, published) {
            let yearly = plan.freq == Freq::A;
            let key =
                RowKey { yearly, part: cell.member.is_some(), of: label(plan, &cell), area: cell.area.to_string() };
            by_row.entry(key).or_default().push((field, cell));
        }
    }
    by_row
        .into_iter()
        .map(|(key, fields)| {
            let row = row(&key, &fields, published.format("%Y%m%d").to_string());
            (row, fields.into_iter().map(|(_, cell)| cell).collect())
        })
        .collect()
}

/// What one row is about, in the order of rows: totals of districts before members of the city, the month before the
/// year.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct RowKey {
    yearly: bool,
    part: bool,
    of: String,
    area: String,
}

fn row(key: &RowKey, fields: &[(&'static str, Cell)], updated: String) -> Value {
    let mut row = Map::new();
    let name = match key.area.as_str() {
        CITY => "Toàn Thành phố",
        code => {
            let year = fields[0].1.period.year();
            DISTRICTS.iter().find(|d| d.code == code && d.exists_in(year)).map_or("", |d| d.name)
        }
    };
    row.insert("maDonVi".to_owned(), json!(key.area));
    row.insert("tenDonVi".to_owned(), json!(name));
    row.insert("thang".to_owned(), json!(fields[0].1.period.to_string().replace('-', "")));
    row.insert("phanTo".to_owned(), json!(key.of));
    for (_, field) in FIELDS {
        let cell = fields.iter().find(|(f, _)| *f == field).map(|(_, cell)| cell);
        let value = cell.and_then(|c| Some(number(c.ticks?, c.decimals))).unwrap_or(Value::Null);
        row.insert(field.to_owned(), value);
    }
    row.insert("ngayCapNhat".to_owned(), json!(updated));
    Value::Object(row)
}

fn number(ticks: i64, decimals: u8) -> Value {
    if decimals == 0 {
        return Value::from(ticks);
    }
    Number::from_f64(from_ticks(ticks, decimals)).map_or(Value::Null, Value::Number)
}

/// `Tổng số`, or dimension and member as the gateway names them.
fn label(plan: &Plan, cell: &Cell) -> String {
    let Some((dimension, member)) = cell.member else { return "Tổng số".to_owned() };
    let dimension_label = match dimension {
        "employer_type" => "Loại hình",
        "sex" => "Giới tính",
        "participant_group" => "Nhóm tham gia",
        "fund" => "Quỹ",
        "benefit_type" => "Chế độ",
        _ => "Hình thức điều trị",
    };
    format!("{dimension_label}: {}", member_label(plan, dimension, member))
}
