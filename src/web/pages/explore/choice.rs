//! What is chosen in the explorer, read from the address and checked: indicators, areas, frequency, span of time.

use axum::http::Uri;

use crate::cube::Cell;
use crate::domain::{Freq, Indicator, Period, Scope};
use crate::present::{Language, pick};
use crate::web::pages::problem::{PageProblem, nearest_indicators};
use crate::web::pages::reading::Reading;
use crate::web::pages::view::{View, areas_like};

/// Lines that a table and a file hold.
pub const LISTED_MAX: usize = 60;
/// What is shown when nothing is chosen.
const FIRST: &str = "1001";
/// Years shown when no span is chosen, and at most.
const YEARS_SHOWN: i32 = 5;
const YEARS_MAX: i32 = 30;

/// What is chosen: lists may come repeated (a form) or with commas (a link).
pub struct Chosen {
    /// Indicator codes.
    pub indicators: Vec<String>,
    /// Area codes.
    pub areas: Vec<String>,
    /// Frequency.
    pub freq: Option<Freq>,
    /// First period, of any frequency.
    pub from: Option<Period>,
    /// Last period, of any frequency.
    pub to: Option<Period>,
    /// Which of the charts is wanted as an image, from 1.
    pub chart: usize,
}

impl Chosen {
    /// Reads the query of an address.
    pub fn read(uri: &Uri, language: Language) -> Result<Self, PageProblem> {
        let mut chosen = Self { indicators: Vec::new(), areas: Vec::new(), freq: None, from: None, to: None, chart: 1 };
        let period = |name: &str, text: &str| {
            text.parse().map_err(|_| PageProblem::unreadable(language, name, text, "2019-01, 2019-Q1, 2019"))
        };
        for (name, value) in url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
            let value = value.trim();
            if value.is_empty() {
                continue;
            }
            let list = || value.split(',').map(|v| v.trim().to_owned()).filter(|v| !v.is_empty());
            match &*name {
                "i" => chosen.indicators.extend(list()),
                "a" => chosen.areas.extend(list()),
                "by" => {
                    let unread = |_| PageProblem::unreadable(language, "by", value, "M, Q, A");
                    chosen.freq = Some(value.parse().map_err(unread)?);
                }
                "from" => chosen.from = Some(period("from", value)?),
                "to" => chosen.to = Some(period("to", value)?),
                "chart" => {
                    let unread = |_| PageProblem::unreadable(language, "chart", value, "1, 2");
                    chosen.chart = value.parse().map_err(unread)?;
                }
                _ => {}
            }
        }
        if chosen.indicators.is_empty() {
            chosen.indicators.push(FIRST.to_owned());
        }
        Ok(chosen)
    }
}

/// One line: an indicator in an area.
pub struct Line<'a> {
    /// The indicator.
    pub indicator: &'a Indicator,
    /// Area code.
    pub area: String,
    /// Name of the area.
    pub area_name: &'a str,
    /// Name of the indicator.
    pub indicator_name: &'a str,
    /// All its figures, in order of period.
    pub cells: &'a [Cell],
}

impl<'a> Line<'a> {
    /// The figure of a period.
    pub fn at(&self, period: Period) -> Option<&'a Cell> {
        self.cells.binary_search_by(|c| c.period.cmp(&period)).ok().map(|k| &self.cells[k])
    }
}

/// What tells lines that stand together from each other: the area, the indicator, or both.
pub fn names(lines: &[&Line<'_>]) -> Vec<String> {
    let is_one_indicator = lines.iter().all(|line| line.indicator.code == lines[0].indicator.code);
    let is_one_area = lines.iter().all(|line| line.area == lines[0].area);
    let name = |line: &&Line<'_>| match (is_one_indicator, is_one_area) {
        (true, _) => line.area_name.to_owned(),
        (false, true) => line.indicator_name.to_owned(),
        (false, false) => format!("{} · {}", line.indicator.code, line.area_name),
    };
    lines.iter().map(name).collect()
}

/// What page, images and files are made of.
pub struct Selection<'a> {
    /// Frequency of all lines.
    pub freq: Freq,
    /// The span of time, in order.
    pub periods: Vec<Period>,
    /// The lines.
    pub lines: Vec<Line<'a>>,
    /// Lines that were chosen and are too many to list.
    pub left_out: usize,
}

impl<'a> Selection<'a> {
    /// Finds what is chosen.
    pub fn find(reading: &Reading<'a>, view: &View, chosen: &Chosen, scope: &Scope) -> Result<Self, PageProblem> {
        let indicators = indicators(reading, view, chosen)?;
        let slowest = indicators.iter().map(|i| i.freq).max().unwrap_or(Freq::M);
        let freq = chosen.freq.unwrap_or(slowest).max(slowest);
        let areas = areas(reading, view, chosen, scope)?;
        let mut lines = Vec::new();
        for indicator in &indicators {
            for &(ref area, area_name) in &areas {
                let indicator_name = reading.name(indicator);
                let cells = reading.series(indicator, area, freq);
                lines.push(Line { indicator, area: area.clone(), area_name, indicator_name, cells });
            }
        }
        let left_out = lines.len().saturating_sub(LISTED_MAX);
        lines.truncate(LISTED_MAX);
        let newest = lines.iter().filter_map(|l| l.cells.last()).map(|c| c.period).max().unwrap_or(view.newest);
        let to = chosen.to.and_then(|p| end_of(p, freq)).unwrap_or(newest);
        let from = chosen.from.and_then(|p| start_of(p, freq));
        // Unless asked for, time before the first figure is not shown.
        let oldest = lines.iter().filter_map(|l| l.cells.first()).map(|c| c.period).min().unwrap_or(to);
        let usual = to.offset(1 - YEARS_SHOWN * freq.per_year());
        let from = from.unwrap_or(if oldest > usual { oldest } else { usual });
        let back = (to.index() - from.index()).clamp(0, YEARS_MAX * freq.per_year());
        let periods = (0..=back).rev().map(|back| to.offset(-back)).collect();
        Ok(Self { freq, periods, lines, left_out })
    }

    /// The figures of a line within the span, in order.
    pub fn figures(&self, line: &Line<'a>) -> impl Iterator<Item = &'a Cell> {
        let (first, last) = (self.periods[0], self.periods[self.periods.len() - 1]);
        line.cells.iter().filter(move |c| c.period >= first && c.period <= last)
    }
}

/// The first period of a frequency that lies in, or holds, another one.
fn start_of(period: Period, freq: Freq) -> Option<Period> {
    period.to_freq(freq).or_else(|| period.children(freq).next())
}

/// The last.
fn end_of(period: Period, freq: Freq) -> Option<Period> {
    period.to_freq(freq).or_else(|| period.children(freq).last())
}

fn indicators<'a>(reading: &Reading<'a>, view: &View, chosen: &Chosen) -> Result<Vec<&'a Indicator>, PageProblem> {
    let catalog = reading.catalog;
    let mut indicators: Vec<&Indicator> = Vec::new();
    for code in &chosen.indicators {
        let found = catalog.indicators.get(code.as_str()).ok_or_else(|| {
            let what = pick(view.language, "chỉ tiêu", "indicator");
            PageProblem::unknown(view.language, what, code, nearest_indicators(catalog, view.language, code))
        })?;
        if !indicators.iter().any(|i| i.code == found.code) {
            indicators.push(found);
        }
    }
    Ok(indicators)
}

/// Codes and names of the areas, each once.
fn areas<'a>(
    reading: &Reading<'a>,
    view: &View,
    chosen: &Chosen,
    scope: &Scope,
) -> Result<Vec<(String, &'a str)>, PageProblem> {
    let tree = &reading.catalog.areas;
    let city = [view.city.clone()];
    let codes: &[String] = if chosen.areas.is_empty() { &city } else { &chosen.areas };
    let mut areas: Vec<(String, &str)> = Vec::new();
    for code in codes {
        let Some(ix) = tree.at(code, view.period) else {
            let what = pick(view.language, "địa bàn", "area");
            let near = areas_like(reading.catalog, view.period, code);
            return Err(PageProblem::unknown(view.language, what, code, near));
        };
        if !scope.allows_area(code) {
            return Err(PageProblem::forbidden(view.language, code));
        }
        if !areas.iter().any(|(known, _)| known == code) {
            areas.push((code.clone(), tree.area(ix).name.as_str()));
        }
    }
    Ok(areas)
}
