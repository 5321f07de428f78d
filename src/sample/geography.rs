//! The districts and wards of the sample, and how figures spread over them.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::noise::Noise;
use crate::domain::{AreaKind, AreaTree, Period};

/// Code of the city.
pub const CITY: &str = "79";

/// How a figure spreads over districts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spread {
    /// By the census, without chance.
    Census,
    /// Like the inhabitants.
    People,
    /// Offices and shops: the centre carries far more than its inhabitants.
    Centre,
    /// Jobs: offices and factories together.
    Jobs,
    /// Only where there are fields and ponds.
    Rural,
    /// Building goes on at the edge.
    Edge,
    /// By area, without chance.
    Land,
    /// By the number of rural communes, without chance.
    Communes,
    /// Alike everywhere.
    Even,
}

/// A district with what the weights need.
#[derive(Debug)]
pub struct District {
    /// Statistical code.
    pub code: &'static str,
    /// The name as departments write it.
    pub name: &'static str,
    /// Last year it exists as such, `i32::MAX` where it outlives the sample's dated areas.
    until: i32,
    /// First year.
    since: i32,
    /// Census of 1 April 2019.
    pub census: i64,
    /// Hectares.
    pub hectares: i64,
    /// 0..10: offices, factories, building at the edge.
    pull: (u8, u8, u8),
    /// Rural communes (of the new-countryside programme), 0 in the urban districts.
    pub communes: i64,
}

/// One row of [`DISTRICTS`]: code, name, (since, until), census, hectares, pull, communes.
const fn district(
    code: &'static str,
    name: &'static str,
    years: (i32, i32),
    size: (i64, i64),
    pull: (u8, u8, u8),
    communes: i64,
) -> District {
    District { code, name, since: years.0, until: years.1, census: size.0, hectares: size.1, pull, communes }
}

const ALWAYS: (i32, i32) = (1976, 9999);
const BEFORE: (i32, i32) = (1976, 2020);
const MERGED: (i32, i32) = (2021, 9999);

/// All districts of 2019 to 2025; 762, 763 and the old 769 became Thủ Đức in 2021.
pub static DISTRICTS: [District; 25] = [
    district("760", "Q.1", ALWAYS, (142_625, 773), (10, 1, 2), 0),
    district("761", "Quận 12", ALWAYS, (620_146, 5_278), (2, 6, 7), 0),
    district("762", "Q.Thủ Đức", BEFORE, (592_686, 4_776), (3, 8, 6), 0),
    district("763", "Quận 9", BEFORE, (397_006, 11_401), (2, 8, 9), 0),
    district("764", "Quận Gò Vấp", ALWAYS, (676_899, 1_974), (4, 3, 4), 0),
    district("765", "Q.Bình Thạnh", ALWAYS, (499_164, 2_076), (6, 1, 4), 0),
    district("766", "Quận Tân Bình", ALWAYS, (474_792, 2_238), (7, 3, 3), 0),
    district("767", "Quận Tân Phú", ALWAYS, (485_348, 1_606), (5, 6, 3), 0),
    district("768", "Q.Phú Nhuận", ALWAYS, (163_961, 488), (8, 1, 2), 0),
    district("769", "Quận 2", BEFORE, (180_275, 4_974), (5, 2, 10), 0),
    district("769", "TP Thủ Đức", MERGED, (1_169_967, 21_151), (3, 7, 8), 0),
    district("770", "Quận 3", ALWAYS, (190_375, 492), (10, 1, 2), 0),
    district("771", "Q.10", ALWAYS, (234_819, 572), (7, 1, 2), 0),
    district("772", "Quận 11", ALWAYS, (209_867, 514), (5, 2, 2), 0),
    district("773", "Q.4", ALWAYS, (175_329, 418), (5, 1, 2), 0),
    district("774", "Quận 5", ALWAYS, (159_073, 427), (8, 1, 2), 0),
    district("775", "Quận 06", ALWAYS, (233_561, 719), (4, 3, 2), 0),
    district("776", "Q.8", ALWAYS, (424_667, 1_918), (2, 3, 4), 0),
    district("777", "Quận Bình Tân", ALWAYS, (784_173, 5_189), (2, 9, 6), 0),
    district("778", "Quận 7", ALWAYS, (360_155, 3_569), (7, 6, 6), 0),
    district("783", "H.Củ Chi", ALWAYS, (462_047, 43_477), (1, 7, 7), 20),
    district("784", "Huyện Hóc Môn", ALWAYS, (542_243, 10_918), (1, 5, 8), 10),
    district("785", "Huyện Bình Chánh", ALWAYS, (705_508, 25_269), (1, 7, 9), 14),
    district("786", "Huyện Nhà Bè", ALWAYS, (206_837, 10_041), (2, 5, 8), 6),
    district("787", "H. Cần Giờ", ALWAYS, (71_526, 70_422), (1, 1, 3), 6),
];

impl District {
    /// Whether it exists at the end of a year, as far as the table knows.
    pub fn exists_in(&self, year: i32) -> bool {
        (self.since..=self.until).contains(&year)
    }

    /// Weight of a spread, before chance.
    fn weight(&self, spread: Spread) -> f64 {
        let people = self.census as f64;
        let lift = |pull: u8| people * (0.15 + f64::from(pull) * f64::from(pull) / 25.0);
        match spread {
            Spread::Census | Spread::People => people,
            Spread::Centre => lift(self.pull.0),
            Spread::Jobs => lift(self.pull.0) + lift(self.pull.1),
            Spread::Edge => lift(self.pull.2),
            Spread::Rural => match self.communes {
                0 => 0.02 * self.hectares as f64,
                communes => self.hectares as f64 * (communes as f64).min(20.0) / 10.0,
            },
            Spread::Land => self.hectares as f64,
            Spread::Communes => self.communes as f64,
            Spread::Even => 1.0,
        }
    }
}

/// A ward with its district and share of the district's people.
#[derive(Debug, Clone)]
pub struct Ward {
    /// Statistical code.
    pub code: String,
    /// Code of the area above.
    pub district: String,
    /// Relative size.
    weight: f64,
}

/// Districts and wards by date.
#[derive(Debug)]
pub struct Geography<'a> {
    areas: &'a AreaTree,
    seed: u64,
    /// Relative size of every ward code.
    ward_sizes: BTreeMap<&'a str, f64>,
}

impl<'a> Geography<'a> {
    /// Over dated areas.
    pub fn new(areas: &'a AreaTree, seed: u64) -> Self {
        let wards = areas.areas().iter().filter(|a| a.kind == AreaKind::Ward).map(|a| a.code.as_str());
        let size = |code: &str| Noise::new(seed, &format!("ward/{code}")).factor(0.35);
        Self { areas, seed, ward_sizes: wards.map(|code| (code, size(code))).collect() }
    }

    /// The districts at the end of a period, in code order.
    pub fn districts(&self, period: Period) -> Vec<&'static District> {
        let alive = |d: &&District| d.exists_in(period.year()) && self.areas.at(d.code, period).is_some();
        DISTRICTS.iter().filter(alive).collect()
    }

    /// The wards at the end of a period, by district in code order; empty before wards are known.
    pub fn wards(&self, period: Period) -> BTreeMap<String, Vec<Ward>> {
        let day: NaiveDate = period.last_day();
        let mut by_district: BTreeMap<String, Vec<Ward>> = BTreeMap::new();
        for ix in self.areas.of_kind_on(AreaKind::Ward, day) {
            let area = self.areas.area(ix);
            let district = area.parent.clone().unwrap_or_else(|| CITY.to_owned());
            let weight = self.ward_sizes[area.code.as_str()];
            by_district.entry(district.clone()).or_default().push(Ward { code: area.code.clone(), district, weight });
        }
        by_district
    }

    /// Weights of the districts of a period for a measure: the spread, what is particular to measure and district, and
    /// a little `chance` of the month (relative).
    pub fn district_weights(&self, measure: &str, spread: Spread, period: Period, chance: f64) -> Vec<f64> {
        let districts = self.districts(period);
        if matches!(spread, Spread::Census | Spread::Land | Spread::Communes) {
            return districts.iter().map(|d| d.weight(spread)).collect();
        }
        let particular = |d: &District| Noise::new(self.seed, &format!("{measure}/{}", d.code)).factor(0.12);
        let mut noise = Noise::new(self.seed, &format!("{measure}/districts/{period}"));
        districts.iter().map(|d| d.weight(spread) * particular(d) * noise.factor(chance)).collect()
    }

    /// Weights of the wards of a district for a measure and period.
    pub fn ward_weights(&self, measure: &str, wards: &[Ward], period: Period, chance: f64) -> Vec<f64> {
        let Some(first) = wards.first() else { return Vec::new() };
        let mut noise = Noise::new(self.seed, &format!("{measure}/{}/{period}", first.district));
        wards.iter().map(|w| w.weight * noise.factor(chance)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_census_adds_up_before_and_after_thu_duc() {
        let total = |year: i32| -> i64 { DISTRICTS.iter().filter(|d| d.exists_in(year)).map(|d| d.census).sum() };
        // Census of 2019: 8,993,082; the three old districts became one.
        assert_eq!((total(2019), total(2021)), (8_993_082, 8_993_082));
        let count = |year: i32| DISTRICTS.iter().filter(|d| d.exists_in(year)).count();
        assert_eq!((count(2020), count(2021)), (24, 22));
        let communes: i64 = DISTRICTS.iter().map(|d| d.communes).sum();
        assert_eq!(communes, 56, "the programme's communes of the five rural districts");
    }
}
