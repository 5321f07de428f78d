//! Consumer prices by group, with gold and dollar links.
//!
//! The published changes of 2021 and 2022 (see [`super::anchors`]) hold in the weighted mean of the groups; the level
//! of single groups, the weights' use for a city and both links are synthetic.

use chrono::NaiveDate;

use super::cell::Cell;
use super::model::FIRST_YEAR;
use super::noise::Noise;
use super::split::{from_ticks, to_ticks};
use crate::domain::{Freq, Period};

/// Mean of the groups, 2019 = 100, by month of 2019 to 2022.
const LEVELS: [[f64; 12]; 4] = [
    [98.670, 99.460, 99.302, 99.513, 99.829, 99.829, 99.776, 99.881, 100.198, 100.566, 100.777, 102.199],
    [103.464, 103.358, 102.726, 101.567, 101.673, 102.523, 103.050, 103.261, 103.419, 103.577, 103.682, 104.020],
    [104.145, 105.202, 104.939, 104.991, 105.381, 105.624, 106.203, 106.414, 105.992, 105.676, 105.571, 105.360],
    [105.624, 106.393, 106.941, 107.568, 107.805, 108.215, 108.636, 108.952, 109.269, 109.479, 110.621, 110.544],
];

/// A group of goods: code, weight in percent, drift against the mean in percent a year, own movement in percent.
pub struct Group {
    /// Member code.
    pub code: &'static str,
    /// Weight in hundredths of a percent.
    pub weight: i64,
    drift: f64,
    swing: f64,
}

const fn group(code: &'static str, weight: i64, drift: f64, swing: f64) -> Group {
    Group { code, weight, drift, swing }
}

/// The eleven groups of COICOP as the national index weighs them; weights add up to 10,000.
pub static GROUPS: [Group; 11] = [
    group("01", 3356, 0.9, 0.5), // Hàng ăn và dịch vụ ăn uống
    group("02", 273, 0.2, 0.1),  // Đồ uống và thuốc lá
    group("03", 570, -0.6, 0.1), // May mặc, mũ nón, giày dép
    group("04", 1882, 0.1, 0.7), // Nhà ở, điện, nước, chất đốt và vật liệu xây dựng
    group("05", 674, -0.5, 0.1), // Thiết bị và đồ dùng gia đình
    group("06", 539, -0.8, 0.1), // Thuốc và dịch vụ y tế
    group("07", 967, 0.6, 3.0),  // Giao thông
    group("08", 314, -2.2, 0.1), // Bưu chính viễn thông
    group("09", 617, 0.4, 0.4),  // Giáo dục
    group("10", 455, -0.9, 0.4), // Văn hóa, giải trí và du lịch
    group("11", 353, 0.3, 0.1),  // Hàng hóa và dịch vụ khác
];

/// Decimals of index values and links.
pub const DECIMALS: u8 = 2;

/// The mean level of a month; from 2023 it rises by a quarter of a percent a month.
fn mean_level(month: Period) -> f64 {
    match LEVELS.get((month.year() - FIRST_YEAR) as usize) {
        Some(year) => year[(month.position() - 1) as usize],
        None => (0..month.index() - (2022 * 12 + 11)).fold(LEVELS[3][11], |level, _| level * 1.0025),
    }
}

/// Index values of a month in group order, in ticks; their weighted mean is the mean level.
pub fn values(seed: u64, month: Period) -> Vec<i64> {
    let target = mean_level(month);
    let mut noise = Noise::new(seed, &format!("cpi_value/{month}"));
    let years = f64::from(month.index() - FIRST_YEAR * 12) / 12.0 - 0.5;
    let own = |g: &Group, chance: f64| target * (1.0 + (g.drift * years + g.swing * 0.4 * chance) / 100.0);
    let free: Vec<f64> = GROUPS.iter().map(|g| own(g, noise.normal())).collect();
    let weights: Vec<f64> = GROUPS.iter().map(|g| g.weight as f64).collect();
    settle(&free, &weights, target, DECIMALS)
}

/// Moves all values alike until their weighted mean is `target`, then rounds so that the rounding does not move the
/// mean: what it leaves is taken by members from the heaviest to the lightest.
pub fn settle(values: &[f64], weights: &[f64], target: f64, decimals: u8) -> Vec<i64> {
    let total: f64 = weights.iter().sum();
    let mean: f64 = values.iter().zip(weights).map(|(x, w)| x * w).sum::<f64>() / total;
    let mut ticks: Vec<i64> = values.iter().map(|x| to_ticks(x + target - mean, decimals)).collect();
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| weights[*b].total_cmp(&weights[*a]).then(a.cmp(b)));
    for i in order {
        let have: f64 = ticks.iter().zip(weights).map(|(t, w)| from_ticks(*t, decimals) * w).sum();
        ticks[i] += to_ticks((target * total - have) / weights[i], decimals);
    }
    ticks
}

/// Links of a month to the month before, ticks of two decimals: gold and dollar.
pub fn links(seed: u64, month: Period) -> (i64, i64) {
    let mut noise = Noise::new(seed, &format!("links/{month}"));
    let gold_drift = match month.year() {
        2019 => 1.1,
        2020 => 2.3,
        2021 => -0.1,
        2022 => 0.3,
        _ => 0.6,
    };
    let dollar_drift = if month.year() == 2022 { 0.28 } else { -0.02 };
    let gold = 100.0 + gold_drift + 1.6 * noise.normal();
    let dollar = 100.0 + dollar_drift + 0.22 * noise.normal();
    (to_ticks(gold, DECIMALS), to_ticks(dollar, DECIMALS))
}

/// Everything published about prices for a month; official at release, never revised. January's release also states the
/// weights of the year.
pub fn cells(seed: u64, month: Period, published: NaiveDate) -> Vec<Cell> {
    let values = values(seed, month);
    let mut cells = Vec::new();
    for (group, ticks) in GROUPS.iter().zip(values) {
        let total = Cell::of_city("cpi_value", month, ticks, DECIMALS, published);
        cells.push(total.member("coicop_group", group.code));
    }
    if month.position() == 1 {
        let year = month.to_freq(Freq::A).expect("a month lies in a year");
        for group in &GROUPS {
            let total = Cell::of_city("cpi_weight", year, group.weight, DECIMALS, published);
            cells.push(total.member("coicop_group", group.code));
        }
    }
    let (gold, dollar) = links(seed, month);
    cells.push(Cell::of_city("gold_price_link", month, gold, DECIMALS, published));
    cells.push(Cell::of_city("usd_price_link", month, dollar, DECIMALS, published));
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_a_whole() {
        assert_eq!(GROUPS.iter().map(|g| g.weight).sum::<i64>(), 10_000);
    }

    #[test]
    fn rounded_values_keep_the_mean() {
        let ticks = settle(&[101.234, 99.876, 100.5], &[50.0, 30.0, 1.0], 100.123, 2);
        let mean = (ticks[0] as f64 * 50.0 + ticks[1] as f64 * 30.0 + ticks[2] as f64) / 81.0 / 100.0;
        assert!((mean - 100.123).abs() < 0.01 / 81.0, "{mean}");
    }

    #[test]
    fn after_the_published_months_prices_go_on_rising() {
        let month = |m: &str| mean_level(m.parse::<Period>().unwrap());
        assert!((month("2023-01") / month("2022-12") - 1.0025).abs() < 1e-12);
        assert_eq!(month("2022-05").to_string(), "107.805");
    }
}
