//! Where cases happen: the wards of the day by the people of their district, and the committees there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{Days, NaiveDate};

use super::chance::Chance;
use crate::domain::{AreaKind, AreaTree};
use crate::sample::geography::DISTRICTS;

/// A district as the cases see it.
#[derive(Debug)]
pub(super) struct CivicDistrict {
    /// Statistical code.
    pub code: &'static str,
    /// Code of its people's committee.
    pub committee: &'static str,
    /// Reports per inhabitant against the city's.
    appetite: f64,
    /// Share of its cases that are answered late.
    pub late: f64,
    /// Longitude and latitude of its middle, roughly.
    pub middle: (f64, f64),
}

/// One row of [`CIVIC_DISTRICTS`].
const fn civic(
    code: &'static str,
    committee: &'static str,
    appetite: f64,
    late: f64,
    middle: (f64, f64),
) -> CivicDistrict {
    CivicDistrict { code, committee, appetite, late, middle }
}

/// The districts from 2021 to June 2025. How late each is is made up; see [`super::anchors`] for what was published.
pub(super) static CIVIC_DISTRICTS: [CivicDistrict; 22] = [
    civic("760", "ubnd_quan_1", 2.0, 0.08, (106.7004, 10.7757)),
    civic("761", "ubnd_quan_12", 0.9, 0.14, (106.6413, 10.8672)),
    civic("764", "ubnd_quan_go_vap", 1.0, 0.09, (106.6653, 10.8387)),
    civic("765", "ubnd_quan_binh_thanh", 1.2, 0.07, (106.7091, 10.8106)),
    civic("766", "ubnd_quan_tan_binh", 1.2, 0.08, (106.6526, 10.8015)),
    civic("767", "ubnd_quan_tan_phu", 1.0, 0.06, (106.6282, 10.7901)),
    civic("768", "ubnd_quan_phu_nhuan", 1.3, 0.05, (106.6803, 10.7992)),
    civic("769", "ubnd_thanh_pho_thu_duc", 1.1, 0.16, (106.7537, 10.8494)),
    civic("770", "ubnd_quan_3", 1.6, 0.015, (106.6844, 10.7844)),
    civic("771", "ubnd_quan_10", 1.3, 0.02, (106.6679, 10.7746)),
    civic("772", "ubnd_quan_11", 1.0, 0.06, (106.6501, 10.7630)),
    civic("773", "ubnd_quan_4", 1.1, 0.47, (106.7013, 10.7578)),
    civic("774", "ubnd_quan_5", 1.4, 0.015, (106.6634, 10.7541)),
    civic("775", "ubnd_quan_6", 1.0, 0.07, (106.6352, 10.7481)),
    civic("776", "ubnd_quan_8", 0.9, 0.11, (106.6286, 10.7241)),
    civic("777", "ubnd_quan_binh_tan", 0.8, 0.13, (106.6039, 10.7652)),
    civic("778", "ubnd_quan_7", 1.2, 0.06, (106.7216, 10.7340)),
    civic("783", "ubnd_huyen_cu_chi", 0.6, 0.12, (106.5137, 11.0067)),
    civic("784", "ubnd_huyen_hoc_mon", 0.8, 0.15, (106.5868, 10.8836)),
    civic("785", "ubnd_huyen_binh_chanh", 0.9, 0.02, (106.5939, 10.6874)),
    civic("786", "ubnd_huyen_nha_be", 0.9, 0.12, (106.7049, 10.6953)),
    civic("787", "ubnd_huyen_can_gio", 1.0, 0.70, (106.8635, 10.5083)),
];

/// The district of a code.
pub(super) fn civic_district(code: &str) -> Option<&'static CivicDistrict> {
    CIVIC_DISTRICTS.iter().find(|d| d.code == code)
}

/// A ward of some time.
#[derive(Debug)]
pub(super) struct Place {
    /// Code of the ward.
    pub ward: Arc<str>,
    /// Code of its committee: `ubnd_` and the code of the ward.
    pub ward_committee: Arc<str>,
    /// The district above, none from July 2025.
    pub district: Option<&'static CivicDistrict>,
    /// Code of the district, shared.
    pub district_code: Option<Arc<str>>,
    /// Code of the district's committee, shared.
    pub district_committee: Option<Arc<str>>,
}

/// The wards from one change to the next.
#[derive(Debug)]
struct Epoch {
    first_day: NaiveDate,
    places: Vec<Place>,
    /// Weight up to and with each place.
    reach: Vec<f64>,
}

/// All wards by time.
#[derive(Debug)]
pub(super) struct Places {
    epochs: Vec<Epoch>,
}

impl Places {
    /// Over dated areas.
    pub fn new(areas: &AreaTree, chance: &Chance) -> Self {
        let wards = || areas.areas().iter().filter(|a| a.kind == AreaKind::Ward);
        let mut starts: BTreeSet<NaiveDate> = wards().map(|a| a.valid_from).collect();
        starts.extend(wards().filter_map(|a| a.valid_to).map(|day| day + Days::new(1)));
        let epochs = starts.into_iter().map(|day| Epoch::new(areas, day, chance));
        Self { epochs: epochs.filter(|e| !e.places.is_empty()).collect() }
    }

    /// First day on which wards are known.
    pub fn first_day(&self) -> Option<NaiveDate> {
        self.epochs.first().map(|e| e.first_day)
    }

    fn epoch_of(&self, day: NaiveDate) -> usize {
        self.epochs.partition_point(|e| e.first_day <= day).saturating_sub(1)
    }

    /// Whether the wards are the same on two days.
    pub fn are_same(&self, one: NaiveDate, other: NaiveDate) -> bool {
        self.epoch_of(one) == self.epoch_of(other)
    }

    /// The place of a uniform number on a day.
    pub fn pick(&self, day: NaiveDate, uniform: f64) -> &Place {
        let epoch = &self.epochs[self.epoch_of(day)];
        let weight = uniform * epoch.reach[epoch.reach.len() - 1];
        let at = epoch.reach.partition_point(|reach| *reach <= weight);
        &epoch.places[at.min(epoch.places.len() - 1)]
    }
}

impl Epoch {
    fn new(areas: &AreaTree, day: NaiveDate, chance: &Chance) -> Self {
        let mut shared: BTreeMap<&'static str, Arc<str>> = BTreeMap::new();
        let mut share = |text: &'static str| shared.entry(text).or_insert_with(|| text.into()).clone();
        let (mut places, mut sizes) = (Vec::new(), Vec::new());
        for ix in areas.of_kind_on(AreaKind::Ward, day) {
            let area = areas.area(ix);
            let district = area.parent.as_deref().and_then(civic_district);
            let number = area.code.parse::<u64>().unwrap_or(0);
            sizes.push(1.0 + 0.3 * chance.stream(u64::MAX / 4 + number).normal());
            places.push(Place {
                ward: area.code.as_str().into(),
                ward_committee: format!("ubnd_{}", area.code).into(),
                district,
                district_code: district.map(|d| share(d.code)),
                district_committee: district.map(|d| share(d.committee)),
            });
        }
        let code = |place: &Place| place.district.map(|d| d.code);
        let mut of_district: BTreeMap<Option<&str>, f64> = BTreeMap::new();
        for (place, size) in places.iter().zip(&sizes) {
            *of_district.entry(code(place)).or_default() += size;
        }
        let mut upto = 0.0;
        let reach = places.iter().zip(&sizes).map(|(place, size)| {
            upto += place.district.map_or(1.0, demand) * size / of_district[&code(place)];
            upto
        });
        let reach = reach.collect();
        Self { first_day: day, places, reach }
    }
}

/// Relative number of reports of a district.
fn demand(district: &CivicDistrict) -> f64 {
    // The later row of a code that was used twice: 769 is Thủ Đức.
    let of_code = DISTRICTS.iter().rfind(|d| d.code == district.code);
    of_code.map_or(0.0, |d| d.census as f64 * district.appetite)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::catalog::{self, Catalog};

    fn catalog() -> Catalog {
        catalog::load(Path::new("indicators")).expect("the catalogue loads")
    }

    #[test]
    fn districts_and_committees_are_the_declared_ones() {
        let catalog = catalog();
        let day = "2022-05-25".parse().unwrap();
        let declared: BTreeMap<&str, &str> = (catalog.org_units.iter())
            .filter(|o| o.kind == "district_committee" && o.is_valid_on(day))
            .map(|o| (o.area.as_deref().unwrap(), o.code.as_str()))
            .collect();
        let ours: BTreeMap<&str, &str> = CIVIC_DISTRICTS.iter().map(|d| (d.code, d.committee)).collect();
        assert_eq!(ours, declared);
    }

    #[test]
    fn big_districts_report_more_and_wards_are_those_of_the_day() {
        let catalog = catalog();
        let places = Places::new(&catalog.areas, &Chance::new(1));
        assert_eq!(places.first_day(), "2021-01-01".parse().ok());
        for (day, wards) in [("2022-05-25", 312), ("2025-03-01", 273), ("2025-07-01", 168)] {
            let day = day.parse().unwrap();
            let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
            let mut thu_duc = 0;
            for i in 0..20_000 {
                let place = places.pick(day, f64::from(i) / 20_000.0);
                *seen.entry(&place.ward).or_default() += 1;
                thu_duc += u32::from(place.district.is_some_and(|d| d.code == "769"));
            }
            assert_eq!(seen.len(), wards);
            let expected = if wards == 168 { 0..=0 } else { 2_300..=3_100 };
            assert!(expected.contains(&thu_duc), "{thu_duc} on {day}");
        }
    }
}
