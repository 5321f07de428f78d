//! Asking for a series: what may be asked, and clear words when it cannot be answered.

use std::sync::Arc;

use chrono::NaiveDate;

use super::{ComputeError, Engine};
use crate::catalog::Catalog;
use crate::cube::Cell;
use crate::domain::{AreaKind, Breakdown, Freq, Indicator, Period, Scope, TOTAL, Vintage};
use crate::error::{Coded, ErrorCode};

/// A question for the values of one indicator.
#[derive(Debug, Clone, Default)]
pub struct SeriesQuery {
    /// Indicator code.
    pub indicator: String,
    /// Area codes; empty means the whole city.
    pub areas: Vec<String>,
    /// All areas of this level as well.
    pub level: Option<AreaKind>,
    /// Authority, default all.
    pub org: Option<String>,
    /// `_T` (default), `dimension=member`, or `dimension` alone for every member.
    pub breakdown: Option<String>,
    /// Frequency, default the indicator's base.
    pub freq: Option<Freq>,
    /// First period, of any frequency.
    pub from: Option<Period>,
    /// Last period, of any frequency.
    pub to: Option<Period>,
    /// As known at this instant, default now.
    pub as_of: Option<Vintage>,
    /// On the areas existing on this day, default as published.
    pub areas_of: Option<NaiveDate>,
}

/// The answer: figures in order of area, breakdown and period.
#[derive(Debug, Clone)]
pub struct Series {
    /// Indicator code.
    pub indicator: String,
    /// Frequency.
    pub freq: Freq,
    /// The figures.
    pub cells: Vec<Cell>,
    /// Version of the data that was read.
    pub version: String,
}

/// A question that cannot be answered.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// No such indicator.
    #[error("unknown indicator \"{code}\"")]
    Indicator {
        /// As asked.
        code: String,
        /// The nearest code or name there is.
        nearest: Option<String>,
    },
    /// No such area, ever.
    #[error("unknown area \"{code}\"")]
    Area {
        /// As asked.
        code: String,
        /// The nearest.
        nearest: Option<String>,
    },
    /// The indicator has no values at this frequency.
    #[error("indicator {indicator} has no values by {freq}")]
    Freq {
        /// Indicator code.
        indicator: String,
        /// As asked.
        freq: Freq,
        /// What there is.
        offered: String,
    },
    /// The indicator is not broken down this way.
    #[error("indicator {indicator} has no breakdown \"{breakdown}\"")]
    Breakdown {
        /// Indicator code.
        indicator: String,
        /// As asked.
        breakdown: String,
        /// What there is.
        offered: String,
    },
    /// The reader may not see the area.
    #[error("area \"{0}\" is not open to this reader")]
    Forbidden(String),
    /// The figures could not be read.
    #[error(transparent)]
    Compute(#[from] ComputeError),
}

impl Coded for AskError {
    fn code(&self) -> ErrorCode {
        match self {
            AskError::Indicator { .. } | AskError::Area { .. } => ErrorCode::NotFound,
            AskError::Freq { .. } | AskError::Breakdown { .. } => ErrorCode::BadRequest,
            AskError::Forbidden(_) => ErrorCode::Forbidden,
            AskError::Compute(e) => e.code(),
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            AskError::Indicator { nearest, .. } | AskError::Area { nearest, .. } => {
                nearest.as_ref().map(|n| format!("Did you mean {n}?"))
            }
            AskError::Freq { offered, .. } => Some(format!("It is published by {offered}.")),
            AskError::Breakdown { offered, .. } if offered.is_empty() => Some("It has no breakdowns.".to_owned()),
            AskError::Breakdown { offered, .. } => Some(format!("Its dimensions are {offered}.")),
            AskError::Forbidden(_) => None,
            AskError::Compute(e) => e.hint(),
        }
    }
}

/// Which breakdowns are asked for.
enum Wanted {
    One(Breakdown),
    Dimension(String),
}

impl Engine {
    /// Answers a question within a reader's scope.
    pub async fn series(&self, query: &SeriesQuery, scope: &Scope) -> Result<Series, AskError> {
        let catalog = self.catalog();
        let indicator = find_indicator(catalog, &query.indicator)?;
        let freq = check_freq(indicator, query.freq)?;
        let wanted = check_breakdown(catalog, indicator, query.breakdown.as_deref())?;
        let areas = self.wanted_areas(query, scope)?;
        let org: Arc<str> = query.org.as_deref().unwrap_or(TOTAL).into();
        let (block, version) = self.block(&indicator.code, query.as_of, query.areas_of).await?;
        let inside = |cell: &Cell| {
            query.from.is_none_or(|from| cell.period.first_month() >= from.first_month())
                && query.to.is_none_or(|to| cell.period.last_month() <= to.last_month())
        };
        let mut cells = Vec::new();
        for area in &areas {
            match &wanted {
                Wanted::One(breakdown) => {
                    cells.extend(block.series(area, &org, breakdown, freq).iter().filter(|c| inside(c)).cloned());
                }
                Wanted::Dimension(dimension) => cells.extend(
                    block
                        .of_area(area)
                        .iter()
                        .filter(|s| s.breakdown.dimension() == Some(dimension) && s.org == org)
                        .flat_map(|s| s.of(freq))
                        .filter(|c| inside(c))
                        .cloned(),
                ),
            }
        }
        Ok(Series { indicator: indicator.code.clone(), freq, cells, version })
    }

    /// The areas asked for, in order, without repetition.
    fn wanted_areas(&self, query: &SeriesQuery, scope: &Scope) -> Result<Vec<String>, AskError> {
        let catalog = self.catalog();
        let mut areas: Vec<String> = Vec::new();
        for code in &query.areas {
            if catalog.areas.spans(code).is_empty() {
                return Err(AskError::Area { code: code.clone(), nearest: nearest_area(catalog, code) });
            }
            if !scope.allows_area(code) {
                return Err(AskError::Forbidden(code.clone()));
            }
            areas.push(code.clone());
        }
        if let Some(level) = query.level {
            let of_level = catalog.areas.areas().iter().filter(|a| a.kind == level && scope.allows_area(&a.code));
            areas.extend(of_level.map(|a| a.code.clone()));
        }
        if areas.is_empty() {
            if !scope.allows_area(&catalog.city) {
                return Err(AskError::Forbidden(catalog.city.clone()));
            }
            areas.push(catalog.city.clone());
        }
        let mut seen = std::collections::BTreeSet::new();
        areas.retain(|code| seen.insert(code.clone()));
        Ok(areas)
    }
}

/// The indicator of a code, or the nearest one in the error.
pub fn find_indicator<'a>(catalog: &'a Catalog, code: &str) -> Result<&'a Indicator, AskError> {
    catalog.indicators.get(code).ok_or_else(|| {
        let nearest = catalog
            .indicators
            .values()
            .map(|i| (strsim::damerau_levenshtein(&i.code, code), i))
            .min_by_key(|(distance, _)| *distance)
            .filter(|(distance, _)| *distance <= 2)
            .map(|(_, i)| format!("{} ({})", i.code, i.name_vi));
        AskError::Indicator { code: code.to_owned(), nearest }
    })
}

fn nearest_area(catalog: &Catalog, code: &str) -> Option<String> {
    let distance = |text: &str| strsim::damerau_levenshtein(&text.to_lowercase(), &code.to_lowercase());
    catalog
        .areas
        .areas()
        .iter()
        .map(|a| (distance(&a.code).min(distance(&a.name)), a))
        .min_by_key(|(d, _)| *d)
        .filter(|(d, _)| *d <= 3)
        .map(|(_, a)| format!("{} ({})", a.code, a.name))
}

fn check_freq(indicator: &Indicator, freq: Option<Freq>) -> Result<Freq, AskError> {
    let freq = freq.unwrap_or(indicator.freq);
    let offered: Vec<Freq> = indicator.freqs().collect();
    if offered.contains(&freq) {
        return Ok(freq);
    }
    let offered = offered.iter().map(|f| f.as_str()).collect::<Vec<_>>().join(", ");
    Err(AskError::Freq { indicator: indicator.code.clone(), freq, offered })
}

fn check_breakdown(catalog: &Catalog, indicator: &Indicator, text: Option<&str>) -> Result<Wanted, AskError> {
    let text = text.unwrap_or(TOTAL);
    let refuse = || AskError::Breakdown {
        indicator: indicator.code.clone(),
        breakdown: text.to_owned(),
        offered: indicator.dimensions.join(", "),
    };
    let known = |dimension: &str| indicator.dimensions.iter().any(|d| d == dimension);
    if known(text) {
        return Ok(Wanted::Dimension(text.to_owned()));
    }
    let breakdown: Breakdown = text.parse().map_err(|_| refuse())?;
    let (Some(dimension), Some(member)) = (breakdown.dimension(), breakdown.member_code()) else {
        return Ok(Wanted::One(breakdown));
    };
    let declared = catalog.dimensions.get(dimension).filter(|_| known(dimension)).ok_or_else(refuse)?;
    if declared.open || declared.members.contains_key(member) {
        return Ok(Wanted::One(breakdown));
    }
    let offered = declared.members.keys().map(|m| format!("{dimension}={m}")).collect::<Vec<_>>().join(", ");
    Err(AskError::Breakdown { indicator: indicator.code.clone(), breakdown: text.to_owned(), offered })
}
