//! The ids of charts.

use std::fmt;

use super::error::{GalleryError, nearest};
use crate::cases::views::Axis;
use crate::catalog::Catalog;

/// Which chart. The text of each is part of the public contract.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChartId {
    /// Share overdue, units by categories, channels, weeks or months.
    OverdueHeatmap,
    /// Units by their share overdue.
    OverdueRanking,
    /// Areas by their share overdue, each near its true place.
    OverdueMap,
    /// Share overdue month by month.
    OverdueTrend,
    /// Share overdue month by month, one panel per district.
    OverdueMultiples,
    /// What is open, by age.
    CaseBacklog,
    /// What came in and went out.
    CaseFlow,
    /// How long the answer takes.
    CaseSurvival,
    /// Five years of an indicator.
    Indicator(String),
    /// The last two years of an indicator as a small line.
    Sparkline(String),
    /// An indicator by district.
    Areas(String),
}

/// A text before the code of an indicator, and the chart it makes.
type OfIndicator = (&'static str, fn(String) -> ChartId);

/// Charts of an indicator.
const OF_INDICATORS: [OfIndicator; 3] =
    [("indicator-", ChartId::Indicator), ("sparkline-", ChartId::Sparkline), ("areas-", ChartId::Areas)];

impl ChartId {
    /// The charts of cases.
    pub const OF_CASES: [(&str, ChartId); 8] = [
        ("overdue-heatmap", ChartId::OverdueHeatmap),
        ("overdue-ranking", ChartId::OverdueRanking),
        ("overdue-map", ChartId::OverdueMap),
        ("overdue-trend", ChartId::OverdueTrend),
        ("overdue-multiples", ChartId::OverdueMultiples),
        ("case-backlog", ChartId::CaseBacklog),
        ("case-flow", ChartId::CaseFlow),
        ("case-survival", ChartId::CaseSurvival),
    ];

    /// What a table of overdue cases can have as rows.
    pub const ROWS: [Axis; 3] = [Axis::District, Axis::Ward, Axis::Org];
    /// What it can have as columns.
    pub const COLUMNS: [Axis; 4] = [Axis::Category, Axis::Channel, Axis::Week, Axis::Month];

    /// The units that a chart of cases can be by; empty where there is no choice.
    pub fn units(&self) -> &'static [Axis] {
        match self {
            ChartId::OverdueRanking => &ChartId::ROWS,
            ChartId::CaseBacklog | ChartId::CaseSurvival => {
                &[Axis::Total, Axis::District, Axis::Ward, Axis::Org, Axis::Category, Axis::Channel]
            }
            ChartId::CaseFlow => &[Axis::Day, Axis::Week, Axis::Month],
            _ => &[],
        }
    }

    /// Reads an id; the code of an indicator must be in the catalogue.
    pub fn read(text: &str, catalog: &Catalog) -> Result<ChartId, GalleryError> {
        if let Some((_, id)) = ChartId::OF_CASES.iter().find(|(name, _)| *name == text) {
            return Ok(id.clone());
        }
        let codes = || catalog.indicators.keys();
        for (prefix, make) in OF_INDICATORS {
            let Some(code) = text.strip_prefix(prefix) else { continue };
            if catalog.indicators.contains_key(code) {
                return Ok(make(code.to_owned()));
            }
            let nearest = nearest(code, codes().map(String::as_str)).map(|code| format!("{prefix}{code}"));
            return Err(GalleryError::UnknownChart { id: text.to_owned(), nearest });
        }
        let of_indicators = OF_INDICATORS.iter().flat_map(|(prefix, _)| codes().map(move |c| format!("{prefix}{c}")));
        let known: Vec<String> =
            ChartId::OF_CASES.iter().map(|(name, _)| (*name).to_owned()).chain(of_indicators).collect();
        let nearest = nearest(text, known.iter().map(String::as_str));
        Err(GalleryError::UnknownChart { id: text.to_owned(), nearest })
    }
}

impl fmt::Display for ChartId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ChartId::Indicator(code) => write!(f, "indicator-{code}"),
            ChartId::Sparkline(code) => write!(f, "sparkline-{code}"),
            ChartId::Areas(code) => write!(f, "areas-{code}"),
            fixed => {
                let named = ChartId::OF_CASES.iter().find(|(_, id)| id == fixed);
                f.write_str(named.map_or("", |(name, _)| name))
            }
        }
    }
}
