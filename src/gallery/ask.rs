//! From the served figures to a chart.

use std::collections::BTreeMap;

use super::asked::{Asked, OVERDUE_RATE};
use super::error::GalleryError;
use super::figures::{self, FigureSheet};
use super::id::ChartId;
use super::request::ChartRequest;
use super::{handling, overdue};
use crate::cases::views::Axis;
use crate::chart::Chart;
use crate::compute::{AskError, ComputeError, Engine, Series, SeriesQuery};
use crate::domain::{AreaKind, Freq, Period, Scope};
use crate::error::{Coded, ErrorCode};

/// A chart, and the version of the data it was made from.
#[derive(Debug, Clone)]
pub struct Drawn {
    /// Ready to be drawn at any size.
    pub chart: Chart,
    /// Version of the data.
    pub version: String,
}

/// A chart that was not made.
#[derive(Debug, thiserror::Error)]
pub enum ChartAskError {
    /// No such chart, a wrong parameter, nothing that fits.
    #[error(transparent)]
    Gallery(#[from] GalleryError),
    /// The figures could not be had.
    #[error(transparent)]
    Ask(#[from] AskError),
}

impl From<ComputeError> for ChartAskError {
    fn from(error: ComputeError) -> Self {
        ChartAskError::Ask(AskError::from(error))
    }
}

impl Coded for ChartAskError {
    fn code(&self) -> ErrorCode {
        match self {
            ChartAskError::Gallery(e) => e.code(),
            ChartAskError::Ask(e) => e.code(),
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            ChartAskError::Gallery(e) => e.hint(),
            ChartAskError::Ask(e) => e.hint(),
        }
    }
}

/// Makes the chart of a request within a reader's scope.
pub async fn draw(engine: &Engine, scope: &Scope, request: &ChartRequest) -> Result<Drawn, ChartAskError> {
    match &request.id {
        ChartId::Indicator(code) | ChartId::Sparkline(code) => of_indicator(engine, scope, request, code).await,
        ChartId::Areas(code) => of_areas(engine, scope, request, code).await,
        _ => of_cases(engine, scope, request).await,
    }
}

async fn of_cases(engine: &Engine, scope: &Scope, request: &ChartRequest) -> Result<Drawn, ChartAskError> {
    let version = engine.served().version.clone();
    let plans =
        if request.id == ChartId::OverdueTrend { plans(engine, scope, request).await? } else { BTreeMap::new() };
    let cases = engine.cases().await?;
    let asked = Asked {
        catalog: engine.catalog(),
        book: &cases.book,
        question: cases.question(&request.cases),
        is_begun: request.cases.from.is_some(),
        version: &version,
        language: request.language,
    };
    let usual = || asked.lens().map(|lens| overdue::usual_units(&lens));
    let by = request.rows;
    let chart = match &request.id {
        ChartId::OverdueHeatmap => {
            let rows = by.map_or_else(usual, Ok)?;
            overdue::heatmap(&asked, rows, request.columns.unwrap_or(Axis::Category))?
        }
        ChartId::OverdueRanking => overdue::ranking(&asked, by.map_or_else(usual, Ok)?)?,
        ChartId::OverdueMap => overdue::map(&asked)?,
        ChartId::OverdueTrend => overdue::trend(&asked, &plans)?,
        ChartId::OverdueMultiples => overdue::multiples(&asked)?,
        ChartId::CaseBacklog => handling::backlog(&asked, by.unwrap_or(Axis::Total))?,
        ChartId::CaseFlow => handling::flow(&asked, by.unwrap_or(Axis::Month))?,
        ChartId::CaseSurvival | ChartId::Indicator(_) | ChartId::Sparkline(_) | ChartId::Areas(_) => {
            handling::survival(&asked, by.unwrap_or(Axis::Total))?
        }
    };
    Ok(Drawn { chart, version })
}

/// Plans of the share overdue, in percent by month, where one whole area is asked for.
async fn plans(engine: &Engine, scope: &Scope, request: &ChartRequest) -> Result<BTreeMap<Period, f64>, ChartAskError> {
    let filter = &request.cases.filter;
    let lists = [&filter.orgs, &filter.categories, &filter.channels, &filter.feeds];
    let is_whole = filter.areas.len() <= 1 && lists.iter().all(|list| list.is_empty());
    if !is_whole || !engine.catalog().indicators.contains_key(OVERDUE_RATE) {
        return Ok(BTreeMap::new());
    }
    let query = SeriesQuery {
        indicator: OVERDUE_RATE.to_owned(),
        areas: filter.areas.clone(),
        freq: Some(Freq::M),
        as_of: request.cases.as_of,
        ..SeriesQuery::default()
    };
    let series = engine.series(&query, scope).await?;
    Ok(series.cells.iter().filter_map(|cell| Some((cell.period, cell.target_value?))).collect())
}

async fn of_indicator(
    engine: &Engine,
    scope: &Scope,
    request: &ChartRequest,
    code: &str,
) -> Result<Drawn, ChartAskError> {
    let catalog = engine.catalog();
    let area = match request.cases.filter.areas.as_slice() {
        [] => catalog.city.clone(),
        [one] => one.clone(),
        several => {
            let expected = "one area: a line is of one".to_owned();
            let (text, nearest) = (several.join(","), several.first().cloned());
            return Err(GalleryError::Parameter { name: "area", text, expected, nearest }.into());
        }
    };
    let query = SeriesQuery { areas: vec![area.clone()], ..query_of(request, code) };
    let series = engine.series(&query, scope).await?;
    let served = engine.served();
    let has_years = catalog.indicators[&series.indicator].freqs().any(|freq| freq == Freq::A);
    let yearly = SeriesQuery { freq: Some(Freq::A), ..query };
    let yearly = if has_years { engine.series(&yearly, scope).await?.cells } else { Vec::new() };
    let plans = yearly.iter().filter_map(|cell| Some((cell.period, cell.target_value?))).collect();
    let sheet = FigureSheet { area: &area, plans, ..sheet_of(engine, request, (&series, &served.version)) };
    let chart = match request.id {
        ChartId::Sparkline(_) => figures::sparkline(&sheet),
        _ => figures::indicator(&sheet),
    };
    Ok(Drawn { chart, version: series.version.clone() })
}

async fn of_areas(engine: &Engine, scope: &Scope, request: &ChartRequest, code: &str) -> Result<Drawn, ChartAskError> {
    let catalog = engine.catalog();
    if catalog.indicators.get(code).is_some_and(|indicator| indicator.level == AreaKind::City) {
        return Err(GalleryError::CityOnly { indicator: code.to_owned() }.into());
    }
    let query = SeriesQuery { level: Some(AreaKind::District), ..query_of(request, code) };
    let series = engine.series(&query, scope).await?;
    let city = engine.series(&query_of(request, code), scope).await?;
    let served = engine.served();
    let sheet = sheet_of(engine, request, (&series, &served.version));
    let chart = figures::areas(&sheet, request.as_map, &city.cells);
    Ok(Drawn { chart, version: series.version.clone() })
}

fn query_of(request: &ChartRequest, code: &str) -> SeriesQuery {
    SeriesQuery {
        indicator: code.to_owned(),
        // A period names its frequency.
        freq: request.freq.or(request.period.map(Period::freq)),
        as_of: request.cases.as_of,
        ..SeriesQuery::default()
    }
}

/// What is drawn, with the version that readers know; the one of a series also says as of when.
fn sheet_of<'a>(
    engine: &'a Engine,
    request: &ChartRequest,
    (series, version): (&'a Series, &'a str),
) -> FigureSheet<'a> {
    let catalog = engine.catalog();
    FigureSheet {
        catalog,
        indicator: &catalog.indicators[&series.indicator],
        area: &catalog.city,
        freq: series.freq,
        cells: &series.cells,
        period: request.period.filter(|period| period.freq() == series.freq),
        count: None,
        plans: BTreeMap::new(),
        as_of: request.cases.as_of,
        version,
        language: request.language,
    }
}
