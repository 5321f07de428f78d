//! Indicators: published definitions over measures.

use serde::Deserialize;

use super::{AreaKind, Freq};

/// Where an indicator's figures come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The city's Statistics Office.
    StatisticsOffice,
    /// Social Insurance of the city.
    SocialInsurance,
    /// A department's monthly report.
    Department,
    /// The 1022 case store.
    CaseStore,
}

impl Source {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Source::StatisticsOffice => "statistics_office",
            Source::SocialInsurance => "social_insurance",
            Source::Department => "department",
            Source::CaseStore => "case_store",
        }
    }
}

/// Which way is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More is better.
    HigherBetter,
    /// Less is better.
    LowerBetter,
    /// Neither.
    Neutral,
}

impl Direction {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Direction::HigherBetter => "higher_better",
            Direction::LowerBetter => "lower_better",
            Direction::Neutral => "neutral",
        }
    }
}

/// A comparison an indicator is published with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// Previous period.
    PrevPeriod,
    /// Same period last year.
    SamePeriodLastYear,
    /// Year to date ("luỹ kế").
    Ytd,
    /// Year to date against the same months of last year.
    YtdVsLastYear,
    /// December of last year.
    VsDecLastYear,
    /// Plan.
    VsPlan,
}

impl Comparison {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Comparison::PrevPeriod => "prev_period",
            Comparison::SamePeriodLastYear => "same_period_last_year",
            Comparison::Ytd => "ytd",
            Comparison::YtdVsLastYear => "ytd_vs_last_year",
            Comparison::VsDecLastYear => "vs_dec_last_year",
            Comparison::VsPlan => "vs_plan",
        }
    }
}

/// How the figure of a longer period follows from shorter ones. It describes what the formula does (the catalogue checks
/// that they agree); the formula is what is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeRollup {
    /// Added.
    Sum,
    /// The value at the end.
    Last,
    /// Mean of the shorter periods.
    Avg,
    /// Recomputed from the components, never a mean of ratios.
    RatioOfSums,
    /// Mean weighted by a measure.
    WeightedAvg,
    /// From one unbroken chain of links.
    ChainIndex,
    /// Not derived from shorter periods: not published shorter, or recomputed from records.
    NotAvailable,
}

impl TimeRollup {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            TimeRollup::Sum => "sum",
            TimeRollup::Last => "last",
            TimeRollup::Avg => "avg",
            TimeRollup::RatioOfSums => "ratio_of_sums",
            TimeRollup::WeightedAvg => "weighted_avg",
            TimeRollup::ChainIndex => "chain_index",
            TimeRollup::NotAvailable => "not_available",
        }
    }
}

/// How the figure of a higher area follows from lower ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GeoRollup {
    /// Additive.
    Sum,
    /// Recomputed from summed components.
    RatioOfSums,
    /// Mean weighted by a measure.
    WeightedAvg,
    /// Only the city has a value.
    CityOnly,
    /// Recomputed from case records.
    RecomputeFromRecords,
}

impl GeoRollup {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            GeoRollup::Sum => "sum",
            GeoRollup::RatioOfSums => "ratio_of_sums",
            GeoRollup::WeightedAvg => "weighted_avg",
            GeoRollup::CityOnly => "city_only",
            GeoRollup::RecomputeFromRecords => "recompute_from_records",
        }
    }
}

/// A published definition: formula over measures, with unit, direction and comparisons.
#[derive(Debug, Clone, PartialEq)]
pub struct Indicator {
    /// Four digits, group first: `1001`.
    pub code: String,
    /// Group code: `10`.
    pub group: String,
    /// Vietnamese name.
    pub name_vi: String,
    /// English name.
    pub name_en: String,
    /// Unit code.
    pub unit: String,
    /// Where its figures come from.
    pub source: Source,
    /// Code of the authority that owns it (as of 2022; successors follow from the org units).
    pub owner: String,
    /// Base frequency: the finest at which it is published.
    pub freq: Freq,
    /// Lowest level at which it is published.
    pub level: AreaKind,
    /// Dimensions it is broken down by.
    pub dimensions: Vec<String>,
    /// count, flow, stock, ratio, share, average, index: what the figure is.
    pub kind: String,
    /// The formula as written.
    pub formula_text: String,
    /// How areas combine.
    pub geo_rollup: GeoRollup,
    /// How a quarter follows from its months.
    pub month_to_quarter: TimeRollup,
    /// How a year follows from its quarters (or from what is shorter than a year).
    pub quarter_to_year: TimeRollup,
    /// Whether a value by quarter exists (for a monthly base), and by year (for any).
    pub quarter_defined: bool,
    /// Whether a value by year exists.
    pub year_defined: bool,
    /// Published comparisons.
    pub comparisons: Vec<Comparison>,
    /// Which way is good.
    pub direction: Direction,
    /// Decimals shown.
    pub decimals: u8,
    /// Warning clauses as declared.
    pub warn_rules: Vec<String>,
    /// Act or decision that defines it.
    pub legal_basis: String,
    /// One paragraph of definition, Vietnamese.
    pub definition_vi: String,
    /// One paragraph of definition, English.
    pub definition_en: String,
    /// Remarks on the method, Vietnamese, if any.
    pub method_vi: Option<String>,
    /// Remarks on the method, English, if any.
    pub method_en: Option<String>,
}

impl Indicator {
    /// The frequencies it has values at: its base, and the longer ones that can be derived.
    pub fn freqs(&self) -> impl Iterator<Item = Freq> + '_ {
        Freq::ALL.into_iter().filter(|f| {
            *f == self.freq
                || (*f == Freq::Q && self.freq < Freq::Q && self.quarter_defined)
                || (*f == Freq::A && self.freq < Freq::A && self.year_defined)
        })
    }

    /// Whether it is published with a comparison.
    pub fn compares(&self, comparison: Comparison) -> bool {
        self.comparisons.contains(&comparison)
    }
}
