//! What a series of the sample looks like: its level by year, its course within the year, where it lives, its parts.

use super::geography::Spread;
use super::shape::Season;
use crate::domain::Freq;

/// The level of a series by year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Course {
    /// Sums of 2019 to 2022.
    Flow([f64; 4]),
    /// Stocks at the ends of 2018 to 2022.
    Stock([f64; 5]),
    /// Means of 2019 to 2022 that add up over areas.
    Level([f64; 4]),
    /// Means of 2019 to 2022 that do not add up: scores, prices, concentrations.
    Rate([f64; 4]),
    /// A share of another measure at every lowest area, by year.
    ShareOf(&'static str, [f64; 4]),
    /// The monthly course of a share of a yearly measure at every lowest area: disbursed of the plan.
    SpentOf(&'static str, [f64; 4]),
}

/// The lowest areas of a series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reach {
    /// The city only.
    City,
    /// Districts; the number is the share that is allocated to districts at all, the rest stays with the city.
    District(Spread, f64),
    /// Wards (districts and the city before wards are known).
    Ward(Spread),
}

/// A member of a breakdown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Member {
    /// Code in the catalogue.
    pub code: &'static str,
    /// What the source writes.
    pub label: &'static str,
    /// Relative weight, or the factor to the total where the series is a rate.
    pub share: f64,
    /// Where the member's figure comes from.
    pub tie: Tie,
}

/// How a member depends on other series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Tie {
    /// It does not.
    Free,
    /// It is exactly the city's figure of another measure.
    Equals(&'static str),
    /// Its weight is multiplied by the city's figure of another measure.
    Weighs(&'static str),
}

/// A breakdown of a series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// Dimension code.
    pub dimension: &'static str,
    /// Members, complete.
    pub members: &'static [Member],
    /// Whether districts are broken down too.
    pub by_district: bool,
}

/// A series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// Measure code.
    pub measure: &'static str,
    /// Name in the source.
    pub label: &'static str,
    /// Unit in the source.
    pub unit: &'static str,
    /// Base frequency.
    pub freq: Freq,
    /// Level by year.
    pub course: Course,
    /// Lowest areas.
    pub reach: Reach,
    /// Course of the year.
    pub season: Season,
    /// Effect of Tết, see [`super::shape::tet`].
    pub tet: f64,
    /// Share lost at the pandemic's deepest point; below 0 it grows.
    pub pandemic: f64,
    /// Relative chance of a month.
    pub noise: f64,
    /// Decimals written.
    pub decimals: u8,
    /// What one unit of the source is in the measure's unit.
    pub scale: f64,
    /// Yearly growth after 2022.
    pub growth: f64,
    /// Dimension of the stations that give the figures, one in every district; there is no total then.
    pub stations: Option<&'static str>,
    /// Breakdowns.
    pub parts: &'static [Part],
}

impl Plan {
    /// A series of the city with no season, no decimals and no parts; the methods below add what it has.
    pub const fn new(
        measure: &'static str,
        label: &'static str,
        unit: &'static str,
        freq: Freq,
        course: Course,
    ) -> Self {
        Self {
            measure,
            label,
            unit,
            freq,
            course,
            reach: Reach::City,
            season: Season::Flat,
            tet: 0.0,
            pandemic: 0.0,
            noise: 0.01,
            decimals: 0,
            scale: 1.0,
            growth: 1.04,
            stations: None,
            parts: &[],
        }
    }

    /// Lives in districts and adds up to the city.
    pub const fn districts(mut self, spread: Spread) -> Self {
        self.reach = Reach::District(spread, 1.0);
        self
    }

    /// Lives in districts; only `share` of the city is allocated to them.
    pub const fn allocated(mut self, spread: Spread, share: f64) -> Self {
        self.reach = Reach::District(spread, share);
        self
    }

    /// Lives in wards.
    pub const fn wards(mut self, spread: Spread) -> Self {
        self.reach = Reach::Ward(spread);
        self
    }

    /// Season, Tết, pandemic, chance.
    pub const fn shaped(mut self, season: Season, tet: f64, pandemic: f64, noise: f64) -> Self {
        self.season = season;
        self.tet = tet;
        self.pandemic = pandemic;
        self.noise = noise;
        self
    }

    /// Decimals written.
    pub const fn decimals(mut self, decimals: u8) -> Self {
        self.decimals = decimals;
        self
    }

    /// Measured by stations.
    pub const fn measured_at(mut self, dimension: &'static str) -> Self {
        self.stations = Some(dimension);
        self
    }

    /// Published in thousands of the measure's unit.
    pub const fn in_thousands(mut self) -> Self {
        self.scale = 1000.0;
        self
    }

    /// Breakdowns.
    pub const fn parts(mut self, parts: &'static [Part]) -> Self {
        self.parts = parts;
        self
    }

    /// Whether the city's figure is the sum of its lowest areas and so need not be published.
    pub fn adds_up(&self) -> bool {
        matches!(self.reach, Reach::District(_, share) if share == 1.0) || matches!(self.reach, Reach::Ward(_))
    }

    /// Whether it does not add up over areas and members.
    pub fn is_rate(&self) -> bool {
        matches!(self.course, Course::Rate(_))
    }
}

/// A breakdown of the city's figure.
pub const fn part(dimension: &'static str, members: &'static [Member]) -> Part {
    Part { dimension, members, by_district: false }
}

/// A breakdown of the city's and the districts' figures.
pub const fn part_by_district(dimension: &'static str, members: &'static [Member]) -> Part {
    Part { dimension, members, by_district: true }
}

/// A member with its weight.
pub const fn member(code: &'static str, label: &'static str, share: f64) -> Member {
    Member { code, label, share, tie: Tie::Free }
}

/// A member whose figure is the city's figure of another measure.
pub const fn equals(code: &'static str, label: &'static str, measure: &'static str) -> Member {
    Member { code, label, share: 0.0, tie: Tie::Equals(measure) }
}

/// A member whose weight follows another measure.
pub const fn weighs(code: &'static str, label: &'static str, share: f64, measure: &'static str) -> Member {
    Member { code, label, share, tie: Tie::Weighs(measure) }
}

/// Every series that is generated from a plan, in the order of their computation: wholes before shares.
pub fn plans() -> impl Iterator<Item = &'static Plan> {
    let tables: [&'static [Plan]; 5] = [
        super::plan_office::PLANS,
        super::plan_insurance::PLANS,
        super::plan_economy::PLANS,
        super::plan_city_services::PLANS,
        super::plan_society::PLANS,
    ];
    tables.into_iter().flatten()
}

/// The plan of a measure.
pub fn plan_of(measure: &str) -> Option<&'static Plan> {
    plans().find(|p| p.measure == measure)
}
