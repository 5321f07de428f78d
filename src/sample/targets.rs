//! Plan values, one file a year, with one plan that changed in the middle of a year.

use std::sync::Arc;

use chrono::NaiveDate;

use super::departments::CSV_NOTE;
use super::geography::{CITY, DISTRICTS};
use super::model::FIRST_YEAR;
use super::press::Press;
use super::split::{decimal_text, to_ticks};
use super::table_writer::{Encoding, Field, csv};
use super::{SampleError, SampleOptions};
use crate::domain::Period;

const FEED: &str = "targets";

/// One plan value as the file states it.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetTruth {
    /// File, relative to the sample's folder.
    pub file: Arc<str>,
    /// Indicator code.
    pub indicator: &'static str,
    /// Area code.
    pub area: &'static str,
    /// Period.
    pub period: Period,
    /// Plan value in the indicator's unit.
    pub value: f64,
    /// Day of the decision.
    pub decided: NaiveDate,
}

/// Yearly plans of the city: indicator and values of 2019 to 2022. Published: 0205 of 2022 (300,000 placements) and
/// 0601 of 2022 (386,568); the rest is made up.
const PLANS: [(&str, [f64; 4]); 62] = [
    ("0104", [96.0, 96.5, 97.0, 97.5]),
    ("0202", [4.0, 4.0, 4.0, 4.0]),
    ("0203", [36.0, 37.0, 38.0, 39.0]),
    ("0204", [290.0, 305.0, 310.0, 318.0]),
    ("0205", [300_000.0, 300_000.0, 300_000.0, 300_000.0]),
    ("0207", [30.0, 32.0, 35.0, 37.0]),
    ("0301", [44_000.0, 45_000.0, 42_000.0, 44_000.0]),
    ("0304", [255_000.0, 268_000.0, 275_000.0, 280_000.0]),
    ("0401", [450_000.0, 480_000.0, 460_000.0, 420_000.0]),
    ("0402", [38_000.0, 45_000.0, 36_000.0, 31_500.0]),
    ("0403", [95.0, 95.0, 95.0, 95.0]),
    ("0404", [7_000.0, 5_500.0, 4_500.0, 4_500.0]),
    ("0501", [1_270_000.0, 1_390_000.0, 1_410_000.0, 1_420_000.0]),
    ("0502", [975_000.0, 1_030_000.0, 1_040_000.0, 995_000.0]),
    ("0503", [8.3, 8.3, 6.0, 6.0]),
    ("0505", [140.0, 150.0, 152.0, 155.0]),
    ("0601", [399_125.0, 405_828.0, 364_893.0, 386_568.0]),
    ("0602", [272_300.0, 278_500.0, 247_000.0, 259_800.0]),
    ("0603", [81_500.0, 93_700.0, 96_300.0, 99_700.0]),
    ("0702", [2_280_000.0, 2_540_000.0, 2_800_000.0, 3_190_000.0]),
    ("0703", [2_400_000.0, 2_520_000.0, 2_500_000.0, 2_490_000.0]),
    ("0704", [15_000.0, 30_000.0, 45_000.0, 55_000.0]),
    ("0705", [54.0, 55.0, 55.0, 56.0]),
    ("0706", [2_320_000.0, 2_420_000.0, 2_400_000.0, 2_400_000.0]),
    ("0707", [7_700_000.0, 8_000_000.0, 8_200_000.0, 8_500_000.0]),
    ("0708", [87.0, 89.0, 91.0, 92.0]),
    ("0709", [61_000.0, 66_500.0, 68_500.0, 75_800.0]),
    ("0711", [2.8, 2.7, 3.0, 3.5]),
    ("0713", [20_200.0, 21_000.0, 21_300.0, 20_500.0]),
    ("0801", [21_600.0, 22_300.0, 22_600.0, 20_000.0]),
    ("0804", [20.0, 35.0, 60.0, 85.0]),
    ("0901", [122.0, 130.0, 138.0, 130.0]),
    ("0902", [123.0, 131.0, 139.0, 131.0]),
    ("1001", [880_000.0, 980_000.0, 1_000_000.0, 1_050_000.0]),
    ("1004", [43_000.0, 46_500.0, 47_000.0, 49_000.0]),
    ("1101", [102.0, 104.0, 108.0, 110.0]),
    ("1204", [168_000.0, 175_000.0, 178_000.0, 170_000.0]),
    ("1205", [220_000.0, 230_000.0, 180_000.0, 125_000.0]),
    ("1301", [97_000.0, 106_000.0, 112_000.0, 118_000.0]),
    ("1302", [22.5, 24.0, 26.0, 28.0]),
    ("1303", [12.0, 13.5, 15.0, 18.0]),
    ("1304", [2.0, 2.0, 2.0, 2.0]),
    ("1415", [98.0, 98.0, 99.0, 99.0]),
    ("1416", [15.0, 25.0, 40.0, 50.0]),
    ("1417", [83.0, 85.0, 86.0, 87.0]),
    ("1502", [290.0, 293.0, 296.0, 300.0]),
    ("1503", [12.5, 13.5, 15.0, 16.0]),
    ("1601", [42.0, 42.0, 42.0, 42.0]),
    ("1602", [19.5, 20.0, 20.0, 20.5]),
    ("1604", [95.0, 95.0, 95.0, 95.0]),
    ("1701", [8_500_000.0, 9_000_000.0, 400_000.0, 2_500_000.0]),
    ("1702", [32_000_000.0, 35_000_000.0, 20_000_000.0, 20_000_000.0]),
    ("1703", [150_000.0, 165_000.0, 90_000.0, 97_000.0]),
    ("1704", [33.0, 33.5, 34.0, 34.5]),
    ("1801", [6_900.0, 7_200.0, 6_900.0, 6_500.0]),
    ("1803", [1.0, 0.5, 2.5, 1.5]),
    ("1804", [20.0, 20.3, 20.6, 21.0]),
    ("1901", [3_300.0, 3_080.0, 2_810.0, 1_800.0]),
    ("1902", [650.0, 600.0, 540.0, 450.0]),
    ("1903", [4_900.0, 4_700.0, 4_100.0, 3_900.0]),
    ("1904", [70.0, 71.0, 72.0, 73.0]),
    ("2003", [15.0, 20.0, 21.0, 25.0]),
];

/// A plan that was changed within its year: indicator, year, value, day.
type Change = (&'static str, i32, f64, (i32, u32, u32));

/// The plans that were changed within their year.
const CHANGES: [Change; 1] = [("0402", 2022, 34_200.0, (2022, 4, 15))];

/// Indicator whose plan every district has too.
const BY_DISTRICT: &str = "0403";

/// Writes one file a year and one for every change.
pub(super) fn write(options: &SampleOptions, press: &mut Press<'_>) -> Result<(), SampleError> {
    for year in options.years() {
        let decided = day_of((year.year() - 1, 12, 25));
        write_file(press, &format!("{year}.csv"), of_year(year, decided))?;
    }
    for (indicator, year, value, changed) in CHANGES {
        let decided = day_of(changed);
        if decided <= options.to.last_day() && year >= options.from.year() {
            let period = Period::year_of(year).expect("ordinary year");
            let name = format!("{year}-dieu-chinh-{}.csv", decided.format("%Y%m%d"));
            write_file(press, &name, vec![(indicator, CITY, period, value, decided)])?;
        }
    }
    Ok(())
}

/// Indicator, area, period, value, day of the decision.
type Row = (&'static str, &'static str, Period, f64, NaiveDate);

fn of_year(year: Period, decided: NaiveDate) -> Vec<Row> {
    let slot = (year.year() - FIRST_YEAR).clamp(0, 3) as usize;
    let mut rows: Vec<Row> = PLANS.iter().map(|(code, values)| (*code, CITY, year, values[slot], decided)).collect();
    let districts = DISTRICTS.iter().filter(|d| d.exists_in(year.year()) && year.year() < 2025);
    rows.extend(districts.map(|d| (BY_DISTRICT, d.code, year, 95.0, decided)));
    rows
}

fn write_file(press: &mut Press<'_>, name: &str, rows: Vec<Row>) -> Result<(), SampleError> {
    let header = ["Mã chỉ tiêu", "Đơn vị", "Kỳ", "Kế hoạch", "Ngày quyết định", CSV_NOTE].map(str::to_owned);
    let fields: Vec<Vec<Field>> = rows
        .iter()
        .map(|(indicator, area, period, value, decided)| {
            let district = DISTRICTS.iter().find(|d| d.code == *area && d.exists_in(period.year()));
            vec![
                Field::Text((*indicator).to_owned()),
                Field::Text(district.map_or("Toàn Thành phố", |d| d.name).to_owned()),
                Field::Text(format!("Năm {period}")),
                Field::Number(decimal_text(to_ticks(*value, 1), 1, ','), *value),
                Field::Text(decided.format("%d/%m/%Y").to_string()),
            ]
        })
        .collect();
    let path = format!("{FEED}/{name}");
    press.plain(&path, csv(&header, &fields, Encoding::Utf8Bom))?;
    let file: Arc<str> = path.into();
    press.targets(rows.into_iter().map(|(indicator, area, period, value, decided)| TargetTruth {
        file: file.clone(),
        indicator,
        area,
        period,
        value,
        decided,
    }));
    Ok(())
}

fn day_of((y, m, d): (i32, u32, u32)) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).expect("the tables hold real days")
}
