//! The monthly workbook of the Statistics Office: last month's official figure beside this month's estimate, under
//! headers of two rows with merged cells. Published on the 29th of the month it reports.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

use super::cell::{Cell, release_day};
use super::model::{FIRST_YEAR, Model};
use super::plan::{Course, Plan, plan_of};
use super::press::Press;
use super::split::from_ticks;
use super::statement::{self, first_estimate, member_label};
use super::table_writer::new_workbook;
use super::{NOTE, SampleError, SampleOptions};
use crate::domain::Period;

const FEED: &str = "ctk_monthly";

/// Sheets: name, title, unit above the table, measures.
const SHEETS: [(&str, &str, &str, &[&str]); 7] = [
    ("1. Đầu tư", "VỐN ĐẦU TƯ THỰC HIỆN TỪ NGUỒN NGÂN SÁCH NHÀ NƯỚC", BILLION, &["state_budget_investment"]),
    ("2. Ngân hàng", "VỐN HUY ĐỘNG VÀ DƯ NỢ TÍN DỤNG", BILLION, &["bank_deposits", "bank_credit"]),
    (
        "3. Thương mại",
        "TỔNG MỨC BÁN LẺ HÀNG HÓA VÀ DOANH THU DỊCH VỤ TIÊU DÙNG",
        BILLION,
        &["retail_total", "retail_goods", "accommodation_food_revenue"],
    ),
    (
        "4. Xuất nhập khẩu",
        "KIM NGẠCH XUẤT KHẨU, NHẬP KHẨU HÀNG HÓA",
        "ĐVT: Triệu USD",
        &["exports_value", "imports_value"],
    ),
    ("5. Vận tải", "DOANH THU VẬN TẢI, KHO BÃI", BILLION, &["transport_revenue"]),
    ("6. Hành khách", "KHỐI LƯỢNG HÀNH KHÁCH VẬN CHUYỂN", "ĐVT: Nghìn lượt người", &["passengers_carried"]),
    ("7. Hàng hóa", "KHỐI LƯỢNG HÀNG HÓA VẬN CHUYỂN", "ĐVT: Nghìn tấn", &["freight_tonnes"]),
];

const BILLION: &str = "ĐVT: Tỷ đồng";

/// Writes one workbook a month.
pub(super) fn write(model: &Model<'_>, options: &SampleOptions, press: &mut Press<'_>) -> Result<(), SampleError> {
    for month in options.months() {
        let before = Some(month.offset(-1)).filter(|m| *m >= options.from);
        let issue = Issue { model, month, before };
        let name = format!("{month}.xlsx");
        let (bytes, cells) =
            issue.workbook().map_err(|source| SampleError::Workbook { path: format!("{FEED}/{name}"), source })?;
        press.publish(FEED, &name, bytes, &cells)?;
    }
    Ok(())
}

/// One month's workbook.
struct Issue<'m, 'a> {
    model: &'m Model<'a>,
    month: Period,
    /// The month before, if the sample holds it.
    before: Option<Period>,
}

/// A series with its members, as estimated and as last month's official figures.
struct Block {
    number: usize,
    plan: &'static Plan,
    estimates: Vec<Cell>,
    officials: Vec<Cell>,
}

/// What a row shows, in numbers of the source.
#[derive(Default)]
struct Row {
    number: String,
    label: &'static str,
    official: Option<f64>,
    estimate: Option<f64>,
    ytd: Option<f64>,
    on_year: Option<f64>,
    ytd_on_year: Option<f64>,
    on_december: Option<f64>,
}

impl Issue<'_, '_> {
    fn workbook(&self) -> Result<(Vec<u8>, Vec<Cell>), XlsxError> {
        let published = release_day(self.month);
        let mut workbook = new_workbook(published)?;
        let mut cells = Vec::new();
        for (name, title, unit, measures) in SHEETS {
            let ws = workbook.add_worksheet();
            ws.set_name(name)?;
            let plans: Vec<&'static Plan> = measures.iter().filter_map(|m| plan_of(m)).collect();
            let stock = matches!(plans[0].course, Course::Stock(_));
            self.head(ws, title, unit, stock)?;
            let mut line = 5;
            for (number, plan) in plans.into_iter().enumerate() {
                let officials = self.before.map(|m| statement::official(self.model, plan, m, published));
                let block = Block {
                    number: number + 1,
                    plan,
                    estimates: statement::estimate(self.model, plan, self.month, published),
                    officials: officials.unwrap_or_default(),
                };
                line = self.series(ws, line, &block)?;
                cells.extend(block.officials);
                cells.extend(block.estimates);
            }
            ws.write_string(line + 1, 0, "(*) Số liệu tháng báo cáo là ước tính, tháng trước là thực hiện.")?;
            ws.write_string(line + 2, 0, format!("Nguồn: {NOTE}"))?;
        }
        Ok((workbook.save_to_buffer()?, cells))
    }

    /// Title, date, unit and the two header rows.
    fn head(&self, ws: &mut Worksheet, title: &str, unit: &str, stock: bool) -> Result<(), XlsxError> {
        let (year, month) = (self.month.year(), self.month.position());
        let bold = Format::new().set_bold();
        let head =
            Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Center).set_border(FormatBorder::Thin);
        ws.write_string_with_format(0, 0, title, &bold)?;
        ws.write_string(1, 0, format!("Tháng {month} năm {year}"))?;
        ws.write_string(2, 0, format!("Ngày công bố: {}", release_day(self.month).format("%d/%m/%Y")))?;
        ws.write_string(2, 6, unit)?;
        let before = self.month.offset(-1);
        let mut columns = vec![
            "STT".to_owned(),
            "Chỉ tiêu".to_owned(),
            "Tính bằng".to_owned(),
            format!("Thực hiện\ntháng {} năm {}", before.position(), before.year()),
            format!("Ước\ntháng {month} năm {year} (*)"),
        ];
        if stock {
            columns.push("So với tháng 12\nnăm trước (%)".to_owned());
            columns.push("So với cùng kỳ\nnăm trước (%)".to_owned());
        } else {
            columns.push(format!("Cộng dồn\n{month} tháng năm {year}"));
        }
        for (column, text) in columns.iter().enumerate() {
            ws.merge_range(3, column as u16, 4, column as u16, text, &head)?;
        }
        if !stock {
            ws.merge_range(3, 6, 3, 7, "So với cùng kỳ năm trước (%)", &head)?;
            ws.write_string_with_format(4, 6, format!("Tháng {month}"), &head)?;
            ws.write_string_with_format(4, 7, format!("{month} tháng"), &head)?;
        }
        ws.set_column_width(1, 46)?;
        Ok(())
    }

    /// A series with its members from `line` on; gives the next free line.
    fn series(&self, ws: &mut Worksheet, mut line: u32, block: &Block) -> Result<u32, XlsxError> {
        let Block { number, plan, estimates, officials } = block;
        let official: BTreeMap<_, f64> = officials.iter().filter_map(|c| Some((c.member, shown(c)?))).collect();
        let mut dimension = None;
        let mut below = 0;
        for cell in estimates {
            let figures =
                Row { official: official.get(&cell.member).copied(), estimate: shown(cell), ..Row::default() };
            let row = match cell.member {
                None => Row { number: number.to_string(), label: plan.label, ..self.compared(plan, figures) },
                Some((of, member)) => {
                    if dimension != Some(of) {
                        ws.write_string(line, 1, "Chia ra:")?;
                        line += 1;
                        dimension = Some(of);
                    }
                    below += 1;
                    Row { number: format!("{number}.{below}"), label: member_label(plan, of, member), ..figures }
                }
            };
            put(ws, line, plan, &row)?;
            line += 1;
        }
        Ok(line)
    }

    /// Adds what the total of a series is compared with.
    fn compared(&self, plan: &Plan, row: Row) -> Row {
        let year = self.month.year();
        let city = |m: Period| from_ticks(self.model.city(plan.measure, m), plan.decimals);
        let now = from_ticks(first_estimate(self.model, plan.measure, self.month), plan.decimals);
        let percent = |now: f64, then: f64| (then > 0.0).then(|| (now / then * 10_000.0).round() / 100.0);
        let january = Period::month(year, 1).expect("January exists");
        let sum = |to: Period, years_back: i32| -> f64 {
            (january.index()..=to.index()).map(|i| city(Period::from_index(to.freq(), i - 12 * years_back))).sum()
        };
        let ytd = now + if self.month == january { 0.0 } else { sum(self.month.offset(-1), 0) };
        let has_last_year = year > FIRST_YEAR;
        Row {
            ytd: Some((ytd * 10.0).round() / 10.0),
            on_year: has_last_year.then(|| percent(now, city(self.month.year_ago()))).flatten(),
            ytd_on_year: has_last_year.then(|| percent(ytd, sum(self.month, 1))).flatten(),
            on_december: has_last_year.then(|| percent(now, city(january.offset(-1)))).flatten(),
            ..row
        }
    }
}

/// Writes a row.
fn put(ws: &mut Worksheet, line: u32, plan: &Plan, row: &Row) -> Result<(), XlsxError> {
    ws.write_string(line, 0, &row.number)?;
    ws.write_string(line, 1, row.label)?;
    ws.write_string(line, 2, plan.unit)?;
    let columns = match plan.course {
        Course::Stock(_) => [row.official, row.estimate, row.on_december, row.on_year, None],
        _ => [row.official, row.estimate, row.ytd, row.on_year, row.ytd_on_year],
    };
    for (column, value) in (3..).zip(columns) {
        if let Some(value) = value {
            ws.write_number(line, column, value)?;
        }
    }
    Ok(())
}

/// The number in the source's unit.
fn shown(cell: &Cell) -> Option<f64> {
    cell.ticks.map(|t| from_ticks(t, cell.decimals))
}
