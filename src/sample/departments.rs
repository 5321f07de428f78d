//! The departments' drop folders: one file a department and year, rows by unit and period, a column for every figure.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::cell::{Cell, day};
use super::gaps::{CORRECTIONS, correction};
use super::geography::{CITY, DISTRICTS};
use super::model::Model;
use super::plan::{Plan, Reach, plan_of};
use super::press::Press;
use super::split::{decimal_text, from_ticks};
use super::statement::{self, member_label};
use super::table_writer::{Encoding, Field, Sheet, csv, xlsx};
use super::{NOTE, SampleError, SampleOptions};
use crate::domain::{Freq, Period};

/// What a file looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// CSV with decimal commas.
    Csv(Encoding),
    /// CSV that also groups thousands with dots.
    GroupedCsv,
    /// Workbook with title, unit line, header and footnotes.
    Xlsx,
}

/// A department's report.
#[derive(Debug)]
pub(super) struct Report {
    /// Feed, and code of the authority.
    pub feed: &'static str,
    /// Name of the report.
    pub title: &'static str,
    /// Measures, one column each.
    pub measures: &'static [&'static str],
    /// What its files look like.
    pub form: Form,
    /// Day of the month on which the month is reported.
    pub report_day: u32,
    /// Measures of which only members are reported, because another feed has the totals.
    pub members_only: &'static [&'static str],
}

impl Report {
    /// Whether units stand by code: reports that go down to wards, whose names repeat in every district.
    fn by_code(&self) -> bool {
        self.measures.iter().filter_map(|m| plan_of(m)).any(|p| matches!(p.reach, Reach::Ward(_)))
    }
}

const fn report(
    feed: &'static str,
    title: &'static str,
    form: Form,
    report_day: u32,
    measures: &'static [&'static str],
) -> Report {
    Report { feed, title, measures, form, report_day, members_only: &[] }
}

const UTF8: Form = Form::Csv(Encoding::Utf8Bom);

/// The reports of the departments.
pub(super) static REPORTS: [Report; 19] = [
    report(
        "so_khdt",
        "Đăng ký doanh nghiệp và đầu tư",
        UTF8,
        25,
        &[
            "enterprises_new",
            "enterprises_new_capital",
            "enterprises_exited",
            "public_capital_plan",
            "public_capital_disbursed",
            "fdi_registered",
        ],
    ),
    report("so_tc", "Thu, chi ngân sách", Form::Xlsx, 28, &["budget_revenue", "local_budget_exp_net"]),
    report("cuc_thue", "Thu nội địa", Form::GroupedCsv, 26, &["domestic_revenue"]),
    report(
        "so_ldtbxh",
        "Lao động và hộ nghèo",
        Form::Csv(Encoding::Windows1258),
        22,
        &["job_placements", "ui_claims_filed", "households", "poor_households"],
    ),
    report(
        "so_nv",
        "Tổ chức bộ máy và SIPAS",
        Form::Xlsx,
        20,
        &["agencies_total", "agencies_female_key_leader", "sipas_score"],
    ),
    report(
        "so_tnmt",
        "Đất đai và môi trường",
        UTF8,
        24,
        &["land_area_eligible", "land_area_certified", "solid_waste_tonnes", "pm25_mean", "pm25_valid_hours"],
    ),
    report(
        "so_xd",
        "Xây dựng, nhà ở và thoát nước",
        UTF8,
        23,
        &[
            "construction_violations",
            "construction_price_index",
            "housing_floor_area_m2",
            "wastewater_generated_m3",
            "wastewater_treated_m3",
        ],
    ),
    report("so_nnptnt", "Nông thôn mới", UTF8, 20, &["communes_nrd_total", "communes_nrd_advanced"]),
    report("so_ct", "Điện thương phẩm", Form::Csv(Encoding::Utf16), 25, &["electricity_sold"]),
    report(
        "so_gtvt",
        "Cảng biển và vận tải công cộng",
        Form::Xlsx,
        27,
        &["port_cargo_tonnes", "public_transport_trips"],
    ),
    report(
        "so_tttt",
        "Bưu chính, viễn thông và hồ sơ trực tuyến",
        UTF8,
        24,
        &["ict_revenue", "fixed_broadband_subs", "dossiers_received", "dossiers_online"],
    ),
    report("so_khcn", "Chi cho khoa học và công nghệ", UTF8, 20, &["st_expenditure"]),
    report("vp_ubnd", "Giải quyết thủ tục hành chính", UTF8, 25, &["dossiers_resolved", "dossiers_on_time"]),
    report(
        "so_gddt",
        "Trường, lớp, học sinh",
        Form::Xlsx,
        20,
        &["pupils", "classrooms", "population_3_18", "schools_total", "schools_national_standard"],
    ),
    report(
        "so_yt",
        "Cơ sở y tế, dịch bệnh, tiêm chủng",
        UTF8,
        26,
        &[
            "hospital_beds",
            "physicians",
            "dengue_cases",
            "children_under1_year_target",
            "children_fully_vaccinated",
            "inpatient_days",
            "bed_days_available",
        ],
    ),
    report("so_dl", "Du lịch", Form::Xlsx, 28, &["visitors_international", "visitors_domestic", "tourism_receipts"]),
    report("so_vhtt", "Thể dục, thể thao", UTF8, 20, &["people_exercising"]),
    report("ban_atgt", "Tai nạn giao thông", UTF8, 21, &["traffic_accidents", "traffic_deaths"]),
    report("cong_an", "Trật tự, an toàn xã hội", Form::Xlsx, 22, &["crimes_recorded", "crimes_solved"]),
];

/// A CSV file has no place for a note but an empty last column.
pub(super) const CSV_NOTE: &str = "Nguồn: số liệu mẫu, mô phỏng";

/// Figures of a year that are known when it begins.
const PLANS_OF_THE_YEAR: [&str; 2] = ["public_capital_plan", "children_under1_year_target"];

/// The file with rows that are wrong on purpose.
const BAD_FILE: (&str, i32) = ("so_tnmt", 2022);

/// Writes every report of every year, and the corrections.
pub(super) fn write(model: &Model<'_>, options: &SampleOptions, press: &mut Press<'_>) -> Result<(), SampleError> {
    for report in &REPORTS {
        for year in options.years() {
            write_year(model, options, press, report, year)?;
        }
    }
    write_corrections(model, options, press)
}

/// One file: every base period of the year that the sample holds.
pub(super) fn write_year(
    model: &Model<'_>,
    options: &SampleOptions,
    press: &mut Press<'_>,
    report: &Report,
    year: Period,
) -> Result<(), SampleError> {
    let mut cells = Vec::new();
    for plan in report.measures.iter().filter_map(|m| plan_of(m)) {
        for period in year.children(plan.freq) {
            let published = published_on(report, plan, period);
            if period.first_month() < options.from.index() || published > options.to.last_day() {
                continue;
            }
            let stated = statement::official(model, plan, period, published);
            let members_only = report.members_only.contains(&plan.measure);
            cells.extend(stated.into_iter().filter(|c| !members_only || c.member.is_some()).map(as_first_reported));
        }
    }
    if cells.is_empty() {
        return Ok(());
    }
    let bad = (report.feed, year.year()) == BAD_FILE;
    let name = format!("{year}.{}", if report.form == Form::Xlsx { "xlsx" } else { "csv" });
    let bytes = file(report, year, &cells, if bad { bad_rows(report) } else { Vec::new() })
        .map_err(|source| SampleError::Workbook { path: format!("{}/{name}", report.feed), source })?;
    if bad {
        press.bad_rows(&format!("{}/{name}", report.feed), bad_rows(report).len());
    }
    press.publish(report.feed, &name, bytes, &cells)
}

/// When a period is reported: in its last month, yearly figures in December, plans in January.
fn published_on(report: &Report, plan: &Plan, period: Period) -> NaiveDate {
    if PLANS_OF_THE_YEAR.contains(&plan.measure) {
        return day(period.first_day(), 20);
    }
    day(period.last_day(), report.report_day)
}

/// The figure as it was first reported, where a correction followed.
fn as_first_reported(cell: Cell) -> Cell {
    let found = cell.member.is_none().then(|| correction(cell.measure, &cell.area, cell.period)).flatten();
    match found {
        Some(c) => Cell { ticks: cell.ticks.map(|t| (t as f64 * c.first).round() as i64), ..cell },
        None => cell,
    }
}

/// The right figures, published on the day of the correction.
fn write_corrections(model: &Model<'_>, options: &SampleOptions, press: &mut Press<'_>) -> Result<(), SampleError> {
    let mut by_day: BTreeMap<NaiveDate, Vec<Cell>> = BTreeMap::new();
    for c in CORRECTIONS {
        let (y, m, d) = c.corrected;
        let corrected = NaiveDate::from_ymd_opt(y, m, d).expect("the table holds real days");
        let period: Period = c.period.parse().expect("the table holds real months");
        if corrected > options.to.last_day() || period < options.from {
            continue;
        }
        let plan = plan_of(c.measure).expect("planned");
        let right = statement::official(model, plan, period, corrected);
        by_day
            .entry(corrected)
            .or_default()
            .extend(right.into_iter().filter(|x| &*x.area == c.area && x.member.is_none()));
    }
    for (corrected, cells) in by_day {
        let report = &REPORTS[0];
        let year = cells[0].period.to_freq(Freq::A).expect("a month lies in a year");
        let name = format!("{year}-dinh-chinh-{}.csv", corrected.format("%Y%m%d"));
        let bytes = file(report, year, &cells, Vec::new())
            .map_err(|source| SampleError::Workbook { path: format!("{}/{name}", report.feed), source })?;
        press.publish(report.feed, &name, bytes, &cells)?;
    }
    Ok(())
}

/// A row: when it was reported, period, area, breakdown.
type RowKey = (NaiveDate, Period, Arc<str>, String);

fn file(
    report: &Report,
    year: Period,
    cells: &[Cell],
    bad: Vec<Vec<Field>>,
) -> Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
    let plans: Vec<&'static Plan> = report.measures.iter().filter_map(|m| plan_of(m)).collect();
    let unit = if report.by_code() { "Mã đơn vị" } else { "Đơn vị" };
    let mut header = vec![unit.to_owned(), "Kỳ".to_owned(), "Phân tổ".to_owned()];
    header.extend(plans.iter().map(|p| column(p)));
    header.push("Ngày báo cáo".to_owned());
    if report.form != Form::Xlsx {
        header.push(CSV_NOTE.to_owned());
    }
    let mut order: BTreeMap<RowKey, Vec<Option<&Cell>>> = BTreeMap::new();
    for cell in cells {
        let plan = plans.iter().position(|p| p.measure == cell.measure).expect("a report holds its measures");
        let of = label(plans[plan], cell);
        let key = (cell.published, cell.period, cell.area.clone(), of);
        order.entry(key).or_insert_with(|| vec![None; plans.len()])[plan] = Some(cell);
    }
    let mut rows: Vec<Vec<Field>> = order.iter().map(|(key, figures)| row(report, key, figures)).collect();
    rows.extend(bad);
    Ok(match report.form {
        Form::Csv(encoding) => csv(&header, &rows, encoding),
        Form::GroupedCsv => csv(&header, &rows, Encoding::Utf8Bom),
        Form::Xlsx => {
            let sheet = Sheet {
                name: "Báo cáo",
                title: &format!("{} năm {year}", report.title).to_uppercase(),
                unit: "ĐVT: ghi ở đầu cột",
                header: &header,
                rows: &rows,
                footnotes: &["Ghi chú: \"...\" là chưa thu thập được, \"-\" là không phát sinh.", NOTE],
            };
            xlsx(&sheet, cells.iter().map(|c| c.published).max().unwrap_or(year.last_day()))?
        }
    })
}

/// Header of a figure's column.
pub(super) fn column(plan: &Plan) -> String {
    format!("{} ({})", plan.label, plan.unit)
}

/// `Tổng số`, or dimension and member.
fn label(plan: &Plan, cell: &Cell) -> String {
    match cell.member {
        None => "Tổng số".to_owned(),
        Some((dimension, _)) if plan.stations == Some(dimension) => {
            format!("{}: {}", dimension_label(dimension), area_text(&cell.area, cell.period))
        }
        Some((dimension, member)) => {
            format!("{}: {}", dimension_label(dimension), member_label(plan, dimension, member))
        }
    }
}

fn row(report: &Report, (published, period, area, of): &RowKey, figures: &[Option<&Cell>]) -> Vec<Field> {
    let unit = if report.by_code() { area.to_string() } else { area_text(area, *period) };
    let mut row = vec![Field::Text(unit), Field::Text(period_text(*period)), Field::Text(of.clone())];
    row.extend(figures.iter().map(|cell| match cell {
        None => Field::Blank,
        Some(cell) => figure(report, cell),
    }));
    row.push(Field::Text(published.format("%d/%m/%Y").to_string()));
    row
}

fn figure(report: &Report, cell: &Cell) -> Field {
    match cell.ticks {
        None => Field::Text("...".to_owned()),
        Some(0) => Field::Text("-".to_owned()),
        Some(ticks) => {
            let text = decimal_text(ticks, cell.decimals, ',');
            let text = if report.form == Form::GroupedCsv { grouped(&text) } else { text };
            Field::Number(text, from_ticks(ticks, cell.decimals))
        }
    }
}

/// `1234567,5` as `1.234.567,5`.
fn grouped(text: &str) -> String {
    let (whole, part) = text.split_once(',').map_or((text, None), |(w, p)| (w, Some(p)));
    let mut out = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            out.push('.');
        }
        out.push(digit);
    }
    if let Some(part) = part {
        out.push(',');
        out.push_str(part);
    }
    out
}

/// The city and districts by name.
fn area_text(area: &str, period: Period) -> String {
    if area == CITY {
        return "Toàn Thành phố".to_owned();
    }
    let district = DISTRICTS.iter().find(|d| d.code == area && d.exists_in(period.year()));
    district.map_or(area, |d| d.name).to_owned()
}

/// `T5/2022`, `Quý II/2022`, `Năm 2022`.
fn period_text(period: Period) -> String {
    match period.freq() {
        Freq::M => format!("T{}/{}", period.position(), period.year()),
        Freq::Q => format!("Quý {}/{}", ["I", "II", "III", "IV"][(period.position() - 1) as usize], period.year()),
        Freq::A => format!("Năm {}", period.year()),
    }
}

/// Rows as they come in when nobody looks: a remark for a number, units that are gone or never were, a figure that
/// counts from January, a month that does not exist.
fn bad_rows(report: &Report) -> Vec<Vec<Field>> {
    let figure = report.measures.iter().position(|m| *m == "solid_waste_tonnes").expect("the bad file has this column");
    let text = |t: &str| Field::Text(t.to_owned());
    let bad = |unit: &str, period: &str, value: &str| {
        let mut row = vec![text(unit), text(period), text("Tổng số")];
        row.extend((0..report.measures.len()).map(|i| if i == figure { text(value) } else { Field::Blank }));
        row.push(text("24/06/2022"));
        row
    };
    vec![
        bad("Quận 5", "T6/2022", "chờ số liệu"),
        bad("Quận 2", "T6/2022", "3512"),
        bad("Quận 13", "T6/2022", "2044"),
        bad("Quận 5", "6T/2022", "38770"),
        bad("Quận 5", "T13/2022", "6120"),
    ]
}

/// Name of a dimension in the departments' reports.
pub(super) fn dimension_label(dimension: &str) -> &'static str {
    match dimension {
        "age_group" => "Nhóm tuổi",
        "agency_type" => "Loại cơ quan",
        "capital_source" => "Nguồn vốn",
        "component" => "Thành phần",
        "customer_group" => "Khách hàng",
        "digital_component" => "Thành phần kinh tế số",
        "direction_of_trade" => "Chiều hàng hóa",
        "economic_sector" => "Khu vực kinh tế",
        "education_level" => "Cấp học",
        "exit_type" => "Hình thức rút lui",
        "expenditure_item" => "Khoản chi",
        "facility_tier" => "Tuyến",
        "fdi_form" => "Hình thức đầu tư",
        "housing_type" => "Loại nhà",
        "industry" => "Ngành",
        "land_type" => "Loại đất",
        "legal_form" => "Loại hình",
        "mode" => "Phương thức",
        "new_job" => "Việc làm",
        "offence_type" => "Loại tội phạm",
        "overnight" => "Nghỉ đêm",
        "ownership" => "Sở hữu",
        "plant" => "Nhà máy",
        "procedure_field" => "Lĩnh vực",
        "revenue_item" => "Khoản thu",
        "service_level" => "Mức độ",
        "service_type" => "Dịch vụ",
        "severity" => "Mức độ",
        "sex" => "Giới tính",
        "station" => "Trạm",
        "technology" => "Công nghệ",
        "transport_mode" => "Loại đường",
        "treatment_method" => "Phương pháp",
        "urban_rural" => "Khu vực",
        "violation_type" => "Loại vi phạm",
        "visitor_type" => "Loại khách",
        "work_type" => "Loại công trình",
        _ => "Phân tổ",
    }
}

#[cfg(test)]
mod tests {
    use chrono::Datelike;

    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!(grouped("1234567,5"), "1.234.567,5");
        assert_eq!(grouped("999"), "999");
        assert_eq!(grouped("1000"), "1.000");
    }

    #[test]
    fn units_and_periods_are_written_as_people_do() {
        let period: Period = "2022-05".parse().unwrap();
        assert_eq!(area_text("760", period), "Q.1");
        assert_eq!(area_text("769", "2020-12".parse().unwrap()), "Quận 2");
        assert_eq!(area_text("769", period), "TP Thủ Đức");
        assert_eq!(period_text(period), "T5/2022");
        assert_eq!(period_text("2022-Q2".parse().unwrap()), "Quý II/2022");
        assert_eq!(
            published_on(&REPORTS[0], plan_of("public_capital_plan").unwrap(), "2022".parse().unwrap()).day(),
            20
        );
    }
}
