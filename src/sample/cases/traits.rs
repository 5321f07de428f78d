//! What a case is about: channel, field, priority, place, and who handles it first.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate};

use super::chance::Chance;
use super::places::{CivicDistrict, Place, Places};
use super::volume::Slot;
use crate::domain::case::Moment;

/// Channels with their weights; the hotline is the biggest by far.
const CHANNELS: [(&str, f64); 5] =
    [("hotline", 0.58), ("portal", 0.14), ("mobile_app", 0.13), ("zalo", 0.11), ("email", 0.04)];

/// A field of reports.
struct FieldShape {
    code: &'static str,
    weight: f64,
    /// Factor in the rainy months, May to November.
    rain: f64,
    /// Factor on a storm's day.
    storm: f64,
    /// Factor in the lockdown of July to September 2021.
    lockdown: f64,
    /// Working days until the answer is due.
    days: u32,
    /// Share of urgent cases.
    urgent: f64,
    /// Share that goes to a utility or department, and to the ward; the district's committee has the rest.
    central: f64,
    ward: f64,
}

/// One row of [`FIELDS`]: code, weight, (rain, storm, lockdown), (days, urgent), (central, ward).
const fn field(
    code: &'static str,
    weight: f64,
    factors: (f64, f64, f64),
    (days, urgent): (u32, f64),
    (central, ward): (f64, f64),
) -> FieldShape {
    FieldShape { code, weight, rain: factors.0, storm: factors.1, lockdown: factors.2, days, urgent, central, ward }
}

const FIELDS: [FieldShape; 13] = [
    field("traffic", 15.0, (1.05, 1.2, 0.35), (5, 0.05), (0.48, 0.02)),
    field("electricity", 9.0, (1.0, 2.2, 0.9), (3, 0.14), (0.97, 0.0)),
    field("water", 7.0, (0.85, 1.0, 0.9), (3, 0.10), (0.97, 0.0)),
    field("drainage", 8.0, (1.8, 4.0, 0.8), (5, 0.08), (0.45, 0.05)),
    field("environment", 14.0, (1.0, 1.2, 1.1), (5, 0.01), (0.05, 0.25)),
    field("construction", 9.0, (0.95, 0.8, 0.3), (7, 0.01), (0.12, 0.10)),
    field("urban_order", 12.0, (0.9, 0.6, 0.3), (5, 0.0), (0.03, 0.30)),
    field("noise", 7.0, (0.9, 0.6, 0.7), (5, 0.0), (0.08, 0.35)),
    field("telecom", 3.0, (1.0, 1.5, 1.2), (5, 0.03), (0.90, 0.0)),
    field("trees", 4.0, (1.4, 5.0, 0.6), (5, 0.15), (0.55, 0.05)),
    field("lighting", 5.0, (1.1, 1.3, 0.6), (5, 0.03), (0.60, 0.02)),
    field("administrative", 4.0, (1.0, 1.0, 2.5), (10, 0.0), (0.30, 0.10)),
    field("other", 3.0, (1.0, 1.0, 9.0), (5, 0.02), (0.35, 0.15)),
];

/// Codes shared by all cases.
#[derive(Debug)]
pub(super) struct Codes {
    channels: Vec<Arc<str>>,
    fields: Vec<Arc<str>>,
    normal: Arc<str>,
    urgent: Arc<str>,
    central: Vec<Arc<str>>,
}

/// Departments and utilities of the sample.
const CENTRAL: [&str; 15] = [
    "so_gtvt",
    "so_gtcc",
    "so_xd",
    "so_tnmt",
    "so_nnmt",
    "so_tttt",
    "so_khcn",
    "so_nv",
    "so_yt",
    "cong_an",
    "ct_dien_luc",
    "ct_cap_nuoc",
    "ct_thoat_nuoc",
    "ct_cay_xanh",
    "ct_chieu_sang",
];

impl Codes {
    /// All of them.
    pub fn new() -> Self {
        Self {
            channels: CHANNELS.iter().map(|(code, _)| (*code).into()).collect(),
            fields: FIELDS.iter().map(|f| f.code.into()).collect(),
            normal: "normal".into(),
            urgent: "urgent".into(),
            central: CENTRAL.iter().map(|code| (*code).into()).collect(),
        }
    }

    /// A department or utility.
    pub fn central(&self, code: &str) -> Arc<str> {
        let at = CENTRAL.iter().position(|c| *c == code).expect("the table of authorities holds it");
        self.central[at].clone()
    }
}

/// Which kind of authority handles a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Desk {
    /// The committee of the district.
    District,
    /// The committee of the ward.
    Ward,
    /// A department or the police.
    Department,
    /// A utility.
    Utility,
}

/// What a case is before anything happens to it.
#[derive(Debug, Clone)]
pub(super) struct Traits<'g> {
    pub number: u64,
    pub received: Moment,
    pub channel: Arc<str>,
    pub field: Arc<str>,
    pub priority: Arc<str>,
    /// Where it happened, even where the source does not say.
    pub place: &'g Place,
    /// The area that the source gives.
    pub area: Option<Arc<str>>,
    pub position: Option<(f64, f64)>,
    pub desk: Desk,
    pub org: Arc<str>,
    /// Working days until due.
    pub days: u32,
    pub is_urgent: bool,
    /// Whether it repeats another case.
    pub is_repeat: bool,
}

impl Traits<'_> {
    /// The district of the area that the source gives.
    pub fn district(&self) -> Option<&'static CivicDistrict> {
        self.area.as_ref().and(self.place.district)
    }

    /// The day of receipt.
    pub fn day(&self) -> NaiveDate {
        self.received.date()
    }
}

/// Working days for cases without a due time of their own, as the table of deadlines has it.
pub(super) const USUAL_DAYS: u32 = 5;

/// Share of cases that repeat another one.
const REPEATS: f64 = 0.02;

/// Draws the traits of case `number`.
pub(super) fn draw<'g>(number: u64, slot: &Slot, places: &'g Places, codes: &Codes, chance: &mut Chance) -> Traits<'g> {
    let received = slot.moment(number, chance.uniform());
    let day = received.date();
    let channel = weighted(&mut CHANNELS.iter().map(|(_, weight)| *weight), chance.uniform());
    let field = weighted(&mut FIELDS.iter().map(|f| f.weight_on(day, slot.storm)), chance.uniform());
    let shape = &FIELDS[field];
    let is_urgent = chance.happens(shape.urgent);
    let place = places.pick(day, chance.uniform());
    let placed = chance.uniform();
    let area = match &place.district_code {
        _ if placed < 0.012 => None,
        Some(district) if placed < 0.035 => Some(district.clone()),
        _ => Some(place.ward.clone()),
    };
    let (desk, org) = desk(shape, (place, area.as_ref()), day, codes, chance);
    let position = position(channel, area.as_deref(), place, chance);
    let is_repeat = chance.happens(REPEATS);
    Traits {
        number,
        received,
        channel: codes.channels[channel].clone(),
        field: codes.fields[field].clone(),
        priority: if is_urgent { codes.urgent.clone() } else { codes.normal.clone() },
        place,
        area,
        position,
        desk,
        org,
        days: shape.days,
        is_urgent,
        is_repeat,
    }
}

impl FieldShape {
    fn weight_on(&self, day: NaiveDate, storm: bool) -> f64 {
        let rain = if (5..=11).contains(&day.month()) { self.rain } else { 1.0 };
        let lockdown = if day.year() == 2021 && (7..=9).contains(&day.month()) { self.lockdown } else { 1.0 };
        self.weight * rain * lockdown * if storm { self.storm } else { 1.0 }
    }
}

/// Position of the weight that a uniform number falls on.
fn weighted(weights: &mut dyn Iterator<Item = f64>, uniform: f64) -> usize {
    let mut reach = [0.0; FIELDS.len()];
    let (mut total, mut count) = (0.0, 0);
    for weight in weights {
        total += weight;
        reach[count] = total;
        count += 1;
    }
    reach[..count].partition_point(|r| *r <= uniform * total).min(count - 1)
}

/// Who handles the case first.
fn desk(
    shape: &FieldShape,
    (place, area): (&Place, Option<&Arc<str>>),
    day: NaiveDate,
    codes: &Codes,
    chance: &mut Chance,
) -> (Desk, Arc<str>) {
    let central = || {
        let code = central_for(shape.code, day);
        let desk = if code.starts_with("ct_") { Desk::Utility } else { Desk::Department };
        (desk, codes.central(code))
    };
    let which = chance.uniform();
    let ward_known = area.is_some_and(|a| *a == place.ward);
    if area.is_none() || which < shape.central {
        return central();
    }
    match &place.district_committee {
        Some(_) if ward_known && which > 1.0 - shape.ward => (Desk::Ward, place.ward_committee.clone()),
        Some(committee) => (Desk::District, committee.clone()),
        None => (Desk::Ward, place.ward_committee.clone()),
    }
}

/// The department or utility of a field on a day: departments were joined in March and July 2025.
pub(super) fn central_for(field: &str, day: NaiveDate) -> &'static str {
    let (joined, gone) = ((2025, 3), (2025, 7));
    let month = (day.year(), day.month());
    match field {
        "electricity" => "ct_dien_luc",
        "water" => "ct_cap_nuoc",
        "drainage" => "ct_thoat_nuoc",
        "trees" => "ct_cay_xanh",
        "lighting" => "ct_chieu_sang",
        "traffic" if month < joined => "so_gtvt",
        "traffic" if month < gone => "so_gtcc",
        "traffic" | "construction" | "urban_order" => "so_xd",
        "environment" if month < joined => "so_tnmt",
        "environment" => "so_nnmt",
        "telecom" if month < joined => "so_tttt",
        "telecom" => "so_khcn",
        "noise" => "cong_an",
        "administrative" => "so_nv",
        _ => "so_yt",
    }
}

/// Longitude and latitude, which phones know and callers do not.
fn position(channel: usize, area: Option<&str>, place: &Place, chance: &mut Chance) -> Option<(f64, f64)> {
    let share = [0.0, 0.3, 0.85, 0.3, 0.0][channel];
    let (east, north) = (chance.normal(), chance.normal());
    let known = chance.happens(share);
    let middle = place.district.filter(|_| known && area.is_some())?.middle;
    let rounded = |degrees: f64| (degrees * 10_000.0).round() / 10_000.0;
    Some((rounded(middle.0 + 0.012 * east), rounded(middle.1 + 0.012 * north)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uniform_number_falls_on_its_weight() {
        let weights = [1.0, 2.0, 1.0];
        let at = |uniform| weighted(&mut weights.iter().copied(), uniform);
        assert_eq!([0.0, 0.24, 0.25, 0.74, 0.75, 0.999].map(at), [0, 0, 1, 1, 2, 2]);
    }

    #[test]
    fn duties_follow_the_departments() {
        let on = |field, day: &str| central_for(field, day.parse().unwrap());
        assert_eq!(on("traffic", "2022-05-25"), "so_gtvt");
        assert_eq!(on("traffic", "2025-03-01"), "so_gtcc");
        assert_eq!(on("traffic", "2025-07-01"), "so_xd");
        assert_eq!(on("telecom", "2025-06-01"), "so_khcn");
    }
}
