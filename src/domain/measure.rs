//! Measures: base series with declared additivity over time and area.

use serde::Deserialize;

use super::{AreaKind, Freq, PeriodCalendar};

/// What a measure's values are, and so how they may be aggregated over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeasureKind {
    /// Accumulates over a period: `sum`, `ytd`.
    Flow,
    /// Stands at an instant: `last`, `avg`.
    Stock,
    /// A published rate or mean: never summed or averaged plainly; `last`, or `wmean` with its weight.
    Rate,
    /// The level of an index on a fixed base: `avg`, `last`, `wmean`.
    Index,
    /// The link of an index to the previous month = 100: only `chain`.
    Link,
    /// Values of single records: `median`, `p90`.
    Record,
}

/// How a measure is brought from lower areas to higher ones.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AreaRule {
    /// Add the areas below; a figure published for the higher area wins and leaves an explicit residual.
    Sum,
    /// Mean weighted by another measure.
    WeightedMean,
    /// Only the city has a value.
    CityOnly,
    /// Recomputed from records (cases); partials add up, medians do not.
    Records,
}

/// A base series as declared in `indicators/`.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// Code, such as `retail_total`.
    pub code: String,
    /// Vietnamese name.
    pub name_vi: String,
    /// English name.
    pub name_en: String,
    /// Unit code.
    pub unit: String,
    /// Kind.
    pub kind: MeasureKind,
    /// Area rule.
    pub area_rule: AreaRule,
    /// Base frequency: the finest at which it is reported.
    pub freq: Freq,
    /// The lowest level at which it is reported.
    pub level: AreaKind,
    /// Dimensions it is broken down by, one at a time.
    pub dimensions: Vec<String>,
    /// The weight of a weighted mean (area rule or index components).
    pub weight: Option<String>,
    /// The dimension whose members are its components (IIP by industry, PM2.5 by station); it then has no reported
    /// total, and `wmean` runs over the members.
    pub components: Option<String>,
    /// How many of its own periods an older value may stand in for a missing newer one, when a finer indicator needs
    /// it (population under a monthly rate: 2). 0 means the value of its own period only (a year's plan).
    pub carry_forward: u8,
    /// Calendar of its periods.
    pub calendar: PeriodCalendar,
    /// Whether it is a figure that the office publishes beside a computed one (IIP relative to last year), not an
    /// input of an indicator.
    pub published_for: Option<String>,
}
