//! From plans to figures: official values by city, lowest area and member, all in whole ticks.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::anchors;
use super::geography::{CITY, Geography};
use super::noise::Noise;
use super::plan::{Course, Part, Plan, Reach, Tie, plan_of, plans};
use super::rake::rake;
use super::shape;
use super::split::{from_ticks, split, to_ticks};
use crate::domain::{AreaTree, Freq, Period};

/// First year of every series.
pub const FIRST_YEAR: i32 = 2019;

/// One period of a series.
#[derive(Debug, Clone, Default)]
pub struct Figure {
    /// The city.
    pub city: i64,
    /// The lowest areas; without what stays unallocated.
    pub leaves: Vec<(Arc<str>, i64)>,
}

/// All series that follow a plan.
#[derive(Debug)]
pub struct Model<'a> {
    /// Districts and wards.
    pub geography: Geography<'a>,
    seed: u64,
    last_year: i32,
    figures: BTreeMap<&'static str, BTreeMap<Period, Figure>>,
}

impl<'a> Model<'a> {
    /// Computes every planned series from [`FIRST_YEAR`] to the end of `last_year`. A period's figures do not depend on
    /// where the sample ends.
    pub fn new(areas: &'a AreaTree, seed: u64, last_year: i32) -> Self {
        let mut model = Self { geography: Geography::new(areas, seed), seed, last_year, figures: BTreeMap::new() };
        for plan in plans() {
            let figures = match plan.course {
                Course::ShareOf(whole, shares) => model.share_of(plan, whole, shares),
                Course::SpentOf(whole, shares) => model.spent_of(plan, whole, shares),
                Course::Flow(_) | Course::Stock(_) | Course::Level(_) | Course::Rate(_) => model.of_city(plan),
            };
            model.figures.insert(plan.measure, figures);
        }
        model
    }

    /// A period of a series.
    pub fn figure(&self, measure: &str, period: Period) -> Option<&Figure> {
        self.figures.get(measure)?.get(&period)
    }

    /// The city's ticks; 0 where the series has no such period.
    pub fn city(&self, measure: &str, period: Period) -> i64 {
        self.figure(measure, period).map_or(0, |f| f.city)
    }

    /// A stream of chance of this sample.
    pub fn noise(&self, name: &str) -> Noise {
        Noise::new(self.seed, name)
    }

    fn periods(&self, freq: Freq) -> impl Iterator<Item = Vec<Period>> + use<> {
        (FIRST_YEAR..=self.last_year)
            .map(move |year| Period::year_of(year).expect("the sample's years are ordinary").children(freq).collect())
    }

    /// City first, then areas.
    fn of_city(&self, plan: &'static Plan) -> BTreeMap<Period, Figure> {
        let mut figures = BTreeMap::new();
        for periods in self.periods(plan.freq) {
            for (period, city) in periods.iter().zip(self.city_year(plan, &periods)) {
                let leaves = self.spread(plan, *period, city);
                figures.insert(*period, Figure { city, leaves });
            }
        }
        figures
    }

    fn city_year(&self, plan: &Plan, periods: &[Period]) -> Vec<i64> {
        let year = periods[0].year();
        let shaped = |p: &Period| shape_of(plan, *p) * self.noise(&format!("{}/{p}", plan.measure)).factor(plan.noise);
        match plan.course {
            Course::Flow(_) => {
                let weights: Vec<f64> = periods.iter().map(shaped).collect();
                let total = to_ticks(level(plan, year), plan.decimals);
                let sums: Vec<_> = anchors::sums_of(plan.measure, year)
                    .into_iter()
                    .map(|(span, value)| (span, to_ticks(value, plan.decimals)))
                    .collect();
                rake(periods, &weights, total, &sums)
            }
            Course::Stock(_) => periods.iter().map(|p| to_ticks(stock(plan, *p) * shaped(p), plan.decimals)).collect(),
            Course::Level(_) | Course::Rate(_) if plan.freq == Freq::A => {
                vec![to_ticks(level(plan, year), plan.decimals)]
            }
            _ => periods.iter().map(|p| to_ticks(mean(plan, *p) * shaped(p), plan.decimals)).collect(),
        }
    }

    /// The lowest areas of a city figure.
    fn spread(&self, plan: &Plan, period: Period, city: i64) -> Vec<(Arc<str>, i64)> {
        let (spread, share) = match plan.reach {
            Reach::City => return Vec::new(),
            Reach::District(spread, share) => (spread, share),
            Reach::Ward(spread) => (spread, 1.0),
        };
        let flow = matches!(plan.course, Course::Flow(_));
        let (district_chance, ward_chance) = if flow { (0.04, 0.18) } else { (0.001, 0.001) };
        let districts = self.geography.districts(period);
        let weights = self.geography.district_weights(plan.measure, spread, period, district_chance);
        if plan.is_rate() {
            let mean = weights.iter().sum::<f64>() / weights.len().max(1) as f64;
            let of = |w: f64| (city as f64 * w / mean).round() as i64;
            return districts.iter().zip(&weights).map(|(d, w)| (Arc::from(d.code), of(*w))).collect();
        }
        let allocated = if share == 1.0 { city } else { (city as f64 * share).round() as i64 };
        let ticks = split(allocated, &weights);
        let by_district = districts.iter().zip(ticks).map(|(d, t)| (Arc::<str>::from(d.code), t));
        let mut wards = match plan.reach {
            Reach::Ward(_) => self.geography.wards(period),
            Reach::City | Reach::District(..) => BTreeMap::new(),
        };
        if wards.is_empty() {
            return by_district.collect();
        }
        // Without districts the wards stand right below the city.
        let above: Vec<(Arc<str>, i64)> =
            if districts.is_empty() { vec![(CITY.into(), allocated)] } else { by_district.collect() };
        let mut leaves = Vec::new();
        for (district, ticks) in above {
            let wards = wards.remove(&*district).unwrap_or_default();
            let weights = self.geography.ward_weights(plan.measure, &wards, period, ward_chance);
            leaves.extend(wards.iter().zip(split(ticks, &weights)).map(|(w, t)| (Arc::from(w.code.as_str()), t)));
        }
        leaves
    }

    fn share_of(&self, plan: &Plan, whole: &str, shares: [f64; 4]) -> BTreeMap<Period, Figure> {
        let whole_decimals = plan_of(whole).expect("a share names a planned whole").decimals;
        let mut figures = BTreeMap::new();
        for (period, whole) in &self.figures[whole] {
            let share = shares[year_slot(period.year())] * shape_of(plan, *period);
            let mut noise = self.noise(&format!("{}/{period}", plan.measure));
            let mut of = |whole: i64| {
                let part = from_ticks(whole, whole_decimals) * share * noise.factor(plan.noise);
                to_ticks(part, plan.decimals).min(to_ticks(from_ticks(whole, whole_decimals), plan.decimals))
            };
            let leaves: Vec<_> = whole.leaves.iter().map(|(area, t)| (area.clone(), of(*t))).collect();
            let city = if leaves.is_empty() { of(whole.city) } else { leaves.iter().map(|(_, t)| t).sum() };
            figures.insert(*period, Figure { city, leaves });
        }
        figures
    }

    /// Spreads a share of a yearly whole over the months, area by area; what is unallocated counts as an area.
    fn spent_of(&self, plan: &Plan, whole: &str, shares: [f64; 4]) -> BTreeMap<Period, Figure> {
        let whole_decimals = plan_of(whole).expect("a share names a planned whole").decimals;
        let mut figures: BTreeMap<Period, Figure> = BTreeMap::new();
        for months in self.periods(plan.freq) {
            let year = Period::year_of(months[0].year()).expect("the sample's years are ordinary");
            let Some(figure) = self.figure(whole, year) else { continue };
            let unallocated = figure.city - figure.leaves.iter().map(|(_, t)| t).sum::<i64>();
            let rest = (Arc::<str>::from(CITY), unallocated);
            for (area, whole) in figure.leaves.iter().chain([&rest]) {
                let mut noise = self.noise(&format!("{}/{area}/{year}", plan.measure));
                let share = shares[year_slot(year.year())] * noise.factor(plan.noise);
                let total = to_ticks(from_ticks(*whole, whole_decimals) * share, plan.decimals);
                let weights: Vec<f64> = months.iter().map(|m| shape_of(plan, *m) * noise.factor(plan.noise)).collect();
                for (month, ticks) in months.iter().zip(split(total, &weights)) {
                    let into = figures.entry(*month).or_default();
                    into.city += ticks;
                    if &**area != CITY {
                        into.leaves.push((area.clone(), ticks));
                    }
                }
            }
        }
        figures
    }

    /// Splits a figure over the members of a breakdown. `of_city` gives the city's ticks of another measure in the same
    /// vintage (members that equal or follow another series).
    pub fn parts(&self, cut: &Cut<'_>, of_city: &dyn Fn(&str) -> i64) -> Vec<i64> {
        let Cut { plan, part, area, period, ticks } = *cut;
        let mut noise = self.noise(&format!("{}/{}/{area}/{period}", plan.measure, part.dimension));
        if plan.is_rate() {
            let mut of = |share: f64| (ticks as f64 * share * noise.factor(0.002)).round() as i64;
            return part.members.iter().map(|m| of(m.share)).collect();
        }
        if let Some(weights) = self.weights_of_whole(cut, of_city) {
            return split(ticks, &weights);
        }
        let tied: Vec<Option<i64>> = part
            .members
            .iter()
            .map(|m| match m.tie {
                Tie::Equals(measure) => Some(of_city(measure)),
                Tie::Free | Tie::Weighs(_) => None,
            })
            .collect();
        let weight = |m: &super::plan::Member, noise: &mut Noise| match m.tie {
            Tie::Equals(_) => 0.0,
            Tie::Free => m.share * noise.factor(0.025),
            Tie::Weighs(measure) => m.share * of_city(measure) as f64 * noise.factor(0.025),
        };
        let weights: Vec<f64> = part.members.iter().map(|m| weight(m, &mut noise)).collect();
        let rest = split(ticks - tied.iter().flatten().sum::<i64>(), &weights);
        tied.into_iter().zip(rest).map(|(tied, rest)| tied.unwrap_or(rest)).collect()
    }

    /// Members of a share follow the members of its whole, so that no member exceeds it.
    fn weights_of_whole(&self, cut: &Cut<'_>, of_city: &dyn Fn(&str) -> i64) -> Option<Vec<f64>> {
        let Course::ShareOf(whole, _) = cut.plan.course else { return None };
        let whole = plan_of(whole)?;
        let part = whole.parts.iter().find(|p| p.dimension == cut.part.dimension)?;
        let ticks = self.at(whole.measure, cut.area, cut.period)?;
        let members = self.parts(&Cut { plan: whole, part, area: cut.area, period: cut.period, ticks }, of_city);
        let share = cut.ticks as f64 / (ticks as f64).max(1.0);
        let mut noise = self.noise(&format!("{}/{}/share/{}", cut.plan.measure, cut.area, cut.period));
        // Chance works on the smaller side, so that a high share stays below 1 and a low one above 0.
        let mut own_share = || match share > 0.5 {
            true => (1.0 - (1.0 - share) * noise.factor(0.15)).max(0.0),
            false => share * noise.factor(0.05),
        };
        Some(members.iter().map(|t| *t as f64 * own_share()).collect())
    }

    /// The ticks of an area: the city or one of the lowest areas.
    pub fn at(&self, measure: &str, area: &str, period: Period) -> Option<i64> {
        let figure = self.figure(measure, period)?;
        if area == CITY {
            return Some(figure.city);
        }
        figure.leaves.iter().find(|(code, _)| &**code == area).map(|(_, t)| *t)
    }
}

/// What is split over a breakdown.
#[derive(Debug, Clone, Copy)]
pub struct Cut<'a> {
    /// Series.
    pub plan: &'a Plan,
    /// Breakdown.
    pub part: &'a Part,
    /// Area.
    pub area: &'a str,
    /// Period.
    pub period: Period,
    /// The figure that is split.
    pub ticks: i64,
}

fn year_slot(year: i32) -> usize {
    (year - FIRST_YEAR).clamp(0, 3) as usize
}

fn grown(plan: &Plan, last: f64, year: i32) -> f64 {
    (2022..year).fold(last, |value, _| value * plan.growth)
}

/// Sum or mean of a year.
fn level(plan: &Plan, year: i32) -> f64 {
    match plan.course {
        Course::Flow(years) | Course::Level(years) | Course::Rate(years) => grown(plan, years[year_slot(year)], year),
        Course::Stock(ends) => grown(plan, ends[year_slot(year) + 1], year),
        Course::ShareOf(_, shares) | Course::SpentOf(_, shares) => shares[year_slot(year)],
    }
}

/// A stock at the end of a period, on the line between the ends of two years.
fn stock(plan: &Plan, period: Period) -> f64 {
    let Course::Stock(ends) = plan.course else { return 0.0 };
    let year = period.year();
    let before = if year == FIRST_YEAR { ends[0] } else { level(plan, year - 1) };
    let done = f64::from(period.last_month() - year * 12 + 1) / 12.0;
    before + (level(plan, year) - before) * done
}

/// A mean level on the line between the middles of two years.
fn mean(plan: &Plan, period: Period) -> f64 {
    let year = period.year();
    let middle = f64::from(period.first_month() + period.last_month()) / 2.0 - f64::from(year * 12) + 0.5;
    let other = if middle < 6.0 { year - 1 } else { year + 1 };
    let distance = (middle - 6.0).abs() / 12.0;
    let here = level(plan, year);
    let there = if other < FIRST_YEAR { here } else { level(plan, other) };
    here + (there - here) * distance
}

/// Season, Tết and pandemic of a period: the mean over its months.
fn shape_of(plan: &Plan, period: Period) -> f64 {
    let months: Vec<i32> = match plan.course {
        Course::Stock(_) => vec![period.last_month()],
        _ => (period.first_month()..=period.last_month()).collect(),
    };
    let of = |index: i32| {
        let (year, month) = (index.div_euclid(12), index.rem_euclid(12) as u32 + 1);
        let pressed = (1.0 - plan.pandemic * shape::pandemic(year, month)).max(0.01);
        plan.season.factor(year, month) * shape::tet(year, month, plan.tet) * pressed
    };
    months.iter().map(|m| of(*m)).sum::<f64>() / months.len() as f64
}
