//! Industrial production by industry, the four key industries, and the links of sales, stocks and labour use.
//!
//! The published rates of 2021 and 2022 (see [`super::anchors`]) hold in the weighted mean; single industries, weights
//! and links are synthetic.

use chrono::NaiveDate;

use super::cell::Cell;
use super::model::FIRST_YEAR;
use super::noise::Noise;
use super::prices::settle;
use super::shape;
use super::split::to_ticks;
use crate::domain::Period;

/// Mean of all industries, 2015 = 100, by month of 2019 to 2022.
const LEVELS: [[f64; 12]; 4] = [
    [129.28, 94.72, 124.16, 120.32, 124.16, 125.44, 126.72, 126.72, 125.44, 129.28, 130.56, 134.40],
    [119.04, 115.20, 122.88, 102.40, 117.76, 134.40, 135.68, 136.96, 136.96, 140.80, 142.08, 145.28],
    [136.07, 103.67, 134.77, 129.59, 126.72, 125.34, 86.97, 71.62, 74.18, 95.93, 115.11, 127.90],
    [132.02, 112.79, 134.58, 129.69, 138.12, 127.82, 124.13, 120.44, 119.21, 121.67, 124.13, 127.82],
];

/// An industry.
pub struct Industry {
    /// Code of the division, or of the key industry.
    pub code: &'static str,
    /// Label of the source.
    pub label: &'static str,
    /// Weight in tenths of a percent.
    pub weight: i64,
}

const fn industry(code: &'static str, label: &'static str, weight: i64) -> Industry {
    Industry { code, label, weight }
}

/// Divisions of VSIC; weights add up to 1,000.
pub static DIVISIONS: [Industry; 25] = [
    industry("10", "Sản xuất, chế biến thực phẩm", 142),
    industry("11", "Sản xuất đồ uống", 56),
    industry("12", "Sản xuất sản phẩm thuốc lá", 14),
    industry("13", "Dệt", 31),
    industry("14", "Sản xuất trang phục", 83),
    industry("15", "Sản xuất da và các sản phẩm có liên quan", 69),
    industry("16", "Chế biến gỗ và sản xuất sản phẩm từ gỗ, tre, nứa", 6),
    industry("17", "Sản xuất giấy và sản phẩm từ giấy", 29),
    industry("18", "In, sao chép bản ghi các loại", 13),
    industry("20", "Sản xuất hóa chất và sản phẩm hóa chất", 78),
    industry("21", "Sản xuất thuốc, hóa dược và dược liệu", 32),
    industry("22", "Sản xuất sản phẩm từ cao su và plastic", 74),
    industry("23", "Sản xuất sản phẩm từ khoáng phi kim loại khác", 23),
    industry("24", "Sản xuất kim loại", 19),
    industry("25", "Sản xuất sản phẩm từ kim loại đúc sẵn", 48),
    industry("26", "Sản xuất sản phẩm điện tử, máy vi tính và sản phẩm quang học", 94),
    industry("27", "Sản xuất thiết bị điện", 41),
    industry("28", "Sản xuất máy móc, thiết bị chưa được phân vào đâu", 16),
    industry("29", "Sản xuất xe có động cơ", 22),
    industry("30", "Sản xuất phương tiện vận tải khác", 9),
    industry("31", "Sản xuất giường, tủ, bàn, ghế", 19),
    industry("32", "Công nghiệp chế biến, chế tạo khác", 8),
    industry("35", "Sản xuất và phân phối điện, khí đốt, nước nóng", 51),
    industry("36", "Khai thác, xử lý và cung cấp nước", 14),
    industry("38", "Hoạt động thu gom, xử lý và tiêu hủy rác thải", 9),
];

/// The four key industries; weights add up to 1,000.
pub static KEY_INDUSTRIES: [Industry; 4] = [
    industry("mechanical", "Cơ khí", 288),
    industry("electronics", "Điện tử - công nghệ thông tin", 196),
    industry("chemical_rubber", "Hóa dược - cao su - nhựa", 241),
    industry("food", "Chế biến lương thực, thực phẩm", 275),
];

/// Sections, for the labour-use index.
pub static SECTIONS: [Industry; 3] = [
    industry("C", "Công nghiệp chế biến, chế tạo", 926),
    industry("D", "Sản xuất và phân phối điện, khí đốt", 51),
    industry("E", "Cung cấp nước, xử lý rác thải, nước thải", 23),
];

/// Decimals of index values.
pub const VALUE_DECIMALS: u8 = 2;
/// Decimals of links and weights.
pub const LINK_DECIMALS: u8 = 1;

/// The mean level of a month; from 2023 six percent above the month a year before.
fn mean_level(month: Period) -> f64 {
    let year = month.year().min(2022);
    let known = LEVELS[(year - FIRST_YEAR).max(0) as usize][(month.position() - 1) as usize];
    (year..month.year()).fold(known, |level, _| level * 1.06)
}

/// Values of a list of industries whose weighted mean is the mean level moved by `lead` percent.
fn values(seed: u64, name: &str, industries: &[Industry], month: Period, lead: f64) -> Vec<i64> {
    let target = mean_level(month) * (1.0 + lead / 100.0);
    let free: Vec<f64> = industries
        .iter()
        .map(|i| {
            let drift = 2.0 * Noise::new(seed, &format!("{name}/{}", i.code)).normal();
            let years = f64::from(month.index() - FIRST_YEAR * 12) / 12.0;
            let chance = Noise::new(seed, &format!("{name}/{}/{month}", i.code)).normal();
            target * (1.0 + (drift * years + 1.5 * chance) / 100.0)
        })
        .collect();
    let weights: Vec<f64> = industries.iter().map(|i| i.weight as f64).collect();
    settle(&free, &weights, target, VALUE_DECIMALS)
}

/// How a series answers to production: the share of its change it follows, its own chance, and the band it stays in.
struct Response {
    share: f64,
    chance: f64,
    band: (f64, f64),
}

const SALES: Response = Response { share: 0.85, chance: 0.012, band: (45.0, 240.0) };
const LABOUR: Response = Response { share: 0.14, chance: 0.003, band: (75.0, 125.0) };

/// A link to the month before of a series that answers to production.
fn link(seed: u64, name: &str, month: Period, response: &Response) -> i64 {
    let before = month.offset(-1);
    let last = if before.year() < FIRST_YEAR { LEVELS[0][11] * 0.97 } else { mean_level(before) };
    let moved = (mean_level(month) / last - 1.0) * response.share;
    let noise = Noise::new(seed, &format!("{name}/{month}")).normal() * response.chance;
    to_ticks((100.0 * (1.0 + moved + noise)).clamp(response.band.0, response.band.1), LINK_DECIMALS)
}

/// Stocks pile up while the city is closed and run down after.
fn inventory_link(seed: u64, name: &str, month: Period) -> i64 {
    let pressed = |m: Period| shape::pandemic(m.year(), m.position() as u32);
    let change = pressed(month) - pressed(month.offset(-1));
    let noise = Noise::new(seed, &format!("{name}/{month}")).normal();
    to_ticks(100.4 + 9.0 * change + 1.3 * noise, LINK_DECIMALS)
}

/// Everything published about industry for a month.
pub fn cells(seed: u64, month: Period, published: NaiveDate) -> Vec<Cell> {
    let mut cells = Vec::new();
    let value = |measure, ticks| Cell::of_city(measure, month, ticks, VALUE_DECIMALS, published);
    let tenth = |measure, ticks| Cell::of_city(measure, month, ticks, LINK_DECIMALS, published);
    for (i, ticks) in DIVISIONS.iter().zip(values(seed, "iip", &DIVISIONS, month, 0.0)) {
        cells.push(value("iip_value", ticks).member("industry_vsic2", i.code));
    }
    for (i, ticks) in KEY_INDUSTRIES.iter().zip(values(seed, "key4", &KEY_INDUSTRIES, month, 0.8)) {
        cells.push(value("iip_key4_value", ticks).member("key_industry", i.code));
    }
    let sales = |name: &str| link(seed, &format!("consumption_link/{name}"), month, &SALES);
    cells.push(tenth("consumption_link", sales("_T")));
    cells.push(tenth("inventory_link", inventory_link(seed, "inventory_link/_T", month)));
    for i in DIVISIONS.iter().filter(|i| i.code < "35") {
        cells.push(tenth("consumption_link", sales(i.code)).member("industry_vsic2", i.code));
        let stocks = inventory_link(seed, &format!("inventory_link/{}", i.code), month);
        cells.push(tenth("inventory_link", stocks).member("industry_vsic2", i.code));
    }
    let labour = |name: &str| link(seed, &format!("labour_use_link/{name}"), month, &LABOUR);
    cells.push(tenth("labour_use_link", labour("_T")));
    for i in &SECTIONS {
        cells.push(tenth("labour_use_link", labour(i.code)).member("industry_vsic1", i.code));
    }
    cells
}

/// The weights of a year, published with its first month.
pub fn weights(year: Period, published: NaiveDate) -> Vec<Cell> {
    let tenth = |measure, ticks| Cell::of_city(measure, year, ticks, LINK_DECIMALS, published);
    let divisions = DIVISIONS.iter().map(|i| tenth("iip_weight", i.weight).member("industry_vsic2", i.code));
    let key = KEY_INDUSTRIES.iter().map(|i| tenth("iip_key4_weight", i.weight).member("key_industry", i.code));
    divisions.chain(key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_a_whole() {
        assert_eq!(DIVISIONS.iter().map(|i| i.weight).sum::<i64>(), 1_000);
        assert_eq!(KEY_INDUSTRIES.iter().map(|i| i.weight).sum::<i64>(), 1_000);
    }

    #[test]
    fn links_stay_in_the_bands_of_the_catalogue() {
        for index in 2019 * 12..2024 * 12 {
            let month = Period::from_index(crate::domain::Freq::M, index);
            for cell in cells(1, month, month.last_day()) {
                let value = cell.value().unwrap();
                let band = match cell.measure {
                    "consumption_link" | "inventory_link" => 40.0..250.0,
                    "labour_use_link" => 70.0..130.0,
                    _ => continue,
                };
                assert!(band.contains(&value), "{} {month} {value}", cell.measure);
            }
        }
    }
}
