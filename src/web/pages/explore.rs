//! Explorer: a few indicators in a few areas over a span of time, as chart, table and files. Every state is an address.
//!
//! Indicators of different units get a chart each: one axis never carries two units.

use askama::Template;
use axum::extract::{OriginalUri, Query, State as Held};
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};

use super::problem::{PageProblem, nearest_indicators};
use super::reading::{Reading, drawn};
use super::reply::Reply;
use super::shell::Shell;
use super::view::{Asked, View};
use super::{address, foot};
use crate::chart::spec::{Frame, Lines, Point, Role, Series};
use crate::chart::{Chart, Size};
use crate::cube::Cell;
use crate::domain::text::sort_key;
use crate::domain::{AreaKind, Freq, Indicator, Period};
use crate::present::{exact, label_of, number_format, pick, short_label, unit_label};
use crate::web::state::ApiState;

/// Lines a chart can tell apart.
const LINES_MAX: usize = 6;
/// What is shown when nothing is chosen.
const FIRST: &str = "1001";

/// What is chosen, read from the query: lists may come repeated (a form) or with commas (a link).
struct Chosen {
    indicators: Vec<String>,
    areas: Vec<String>,
    freq: Option<Freq>,
    from: Option<Period>,
    to: Option<Period>,
}

impl Chosen {
    fn read(uri: &Uri, language: crate::present::Language) -> Result<Self, PageProblem> {
        let mut chosen = Self { indicators: Vec::new(), areas: Vec::new(), freq: None, from: None, to: None };
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
struct Line<'a> {
    indicator: &'a Indicator,
    area: String,
    name: String,
    cells: Vec<&'a Cell>,
}

/// A chart of the lines that share a unit.
struct Panel {
    broad: String,
    narrow: String,
    sentence: String,
    heads: Vec<String>,
    rows: Vec<(String, Vec<(String, String)>)>,
}

/// A choice in a list: value, words, whether chosen.
type Pick = (String, String, bool);

#[derive(Template)]
#[template(path = "explore.html")]
struct ExplorePage {
    s: Shell,
    message: String,
    indicators: Vec<(String, Vec<Pick>)>,
    areas: Vec<Pick>,
    freqs: Vec<Pick>,
    from: String,
    to: String,
    as_of: String,
    lang: &'static str,
    cut: bool,
    panels: Vec<Panel>,
    images: Vec<(&'static str, String)>,
    downloads: Vec<(String, Vec<(&'static str, String)>)>,
}

/// What the page and its images are made of.
struct Selection<'a> {
    freq: Freq,
    periods: Vec<Period>,
    lines: Vec<Line<'a>>,
    cut: bool,
}

fn select<'a>(reading: &Reading<'a>, view: &View, chosen: &Chosen) -> Result<Selection<'a>, PageProblem> {
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
    let slowest = indicators.iter().map(|i| i.freq).max().unwrap_or(Freq::M);
    let freq = chosen.freq.unwrap_or(slowest).max(slowest);
    let mut areas = chosen.areas.clone();
    if areas.is_empty() {
        areas.push(view.city.clone());
    }
    areas.dedup();
    let mut lines = Vec::new();
    for indicator in &indicators {
        for area in &areas {
            let Some(ix) = catalog.areas.at(area, view.period) else {
                let what = pick(view.language, "địa bàn", "area");
                return Err(PageProblem::unknown(view.language, what, area, Vec::new()));
            };
            let area_name = &catalog.areas.area(ix).name;
            let name = match (indicators.len(), areas.len()) {
                (1, _) => area_name.clone(),
                (_, 1) => reading.name(indicator).to_owned(),
                _ => format!("{} · {area_name}", indicator.code),
            };
            let cells = reading.series(indicator, area, freq).iter().collect();
            lines.push(Line { indicator, area: area.clone(), name, cells });
        }
    }
    let cut = lines.len() > LINES_MAX;
    lines.truncate(LINES_MAX);
    let newest = lines.iter().filter_map(|l| l.cells.last()).map(|c| c.period).max().unwrap_or(view.newest);
    let to = chosen.to.and_then(|p| p.to_freq(freq)).unwrap_or(newest);
    let from = chosen.from.and_then(|p| p.to_freq(freq)).unwrap_or(to.offset(1 - 5 * freq.per_year()));
    let count = (to.index() - from.index()).clamp(1, 30 * freq.per_year());
    let periods = (0..=count).rev().map(|back| to.offset(-back)).collect();
    Ok(Selection { freq, periods, lines, cut })
}

/// The charts of a selection, one per unit of measure.
fn charts(reading: &Reading<'_>, view: &View, selection: &Selection<'_>) -> Vec<(Chart, Vec<usize>)> {
    let language = view.language;
    let mut units: Vec<&str> = selection.lines.iter().map(|l| l.indicator.unit.as_str()).collect();
    units.dedup();
    units.sort_unstable();
    units.dedup();
    let mut charts = Vec::new();
    for unit in units {
        let own: Vec<usize> =
            (0..selection.lines.len()).filter(|k| selection.lines[*k].indicator.unit == unit).collect();
        let first = &selection.lines[own[0]];
        let series = own.iter().map(|k| {
            let line = &selection.lines[*k];
            let points = selection.periods.iter().map(|period| match find(&line.cells, *period) {
                Some(cell) => Point::with(cell.value, cell.status),
                None => Point::absent(),
            });
            let role = if own.len() == 1 { Role::Actual } else { Role::Peer };
            Series { name: line.name.clone(), role, points: points.collect() }
        });
        let declared = reading.catalog.unit_of(first.indicator);
        let names: Vec<&str> = own.iter().map(|k| reading.name(selection.lines[*k].indicator)).collect();
        let one = names.iter().all(|n| *n == names[0]);
        let what = if one {
            names[0].to_owned()
        } else {
            pick(language, "So sánh các chỉ tiêu", "Indicators compared").to_owned()
        };
        let span = format!(
            "{} – {}",
            label_of(selection.periods[0], language),
            label_of(selection.periods[selection.periods.len() - 1], language)
        );
        let frame = Frame::new(format!("{what}, {span}"), language)
            .subtitle(unit_label(declared, language))
            .foot(format!("{} {}", pick(language, "Phiên bản dữ liệu", "Data version"), view.served.version));
        charts.push((
            Chart::Lines(Lines {
                frame,
                periods: selection.periods.iter().map(|p| short_label(*p, language)).collect(),
                series: series.collect(),
                target: None,
                format: number_format(first.indicator, declared, language),
                from_zero: false,
            }),
            own,
        ));
    }
    charts
}

fn find<'a>(cells: &[&'a Cell], period: Period) -> Option<&'a Cell> {
    cells.binary_search_by(|c| c.period.cmp(&period)).ok().map(|k| cells[k])
}

/// `/explore`.
pub async fn explore(
    Held(state): Held<ApiState>,
    Query(asked): Query<Asked>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, PageProblem> {
    let view = View::read(&asked, &state).await?;
    let at = address(&uri);
    let reply = Reply { kept: &state.kept, headers: &headers, address: &at, version: view.served.version.clone() };
    if let Some(ready) = reply.ready() {
        return Ok(ready);
    }
    let chosen = Chosen::read(&uri, view.language)?;
    let reading = Reading { catalog: &state.catalog, cube: &view.served.cube, language: view.language };
    let selection = select(&reading, &view, &chosen)?;
    let panels: Vec<Panel> = charts(&reading, &view, &selection)
        .iter()
        .map(|(chart, own)| panel(&reading, chart, own, &selection))
        .collect();
    let query = uri.query().unwrap_or_default();
    let mut s = Shell::new(view.language, pick(view.language, "Khám phá", "Explore"), "/explore");
    s.rest = query.split('&').filter(|p| !p.starts_with("lang=")).collect::<Vec<_>>().join("&");
    s.foot = foot(&state, &view);
    let image = |ending: &str| format!("/explore/chart.{ending}?{query}");
    reply.write(&ExplorePage {
        message: panels.first().map(|p| p.sentence.clone()).unwrap_or_default(),
        indicators: indicator_picks(&reading, &selection),
        areas: area_picks(&reading, &view, &selection),
        freqs: freq_picks(&view, selection.freq),
        from: chosen.from.map(|p| p.to_string()).unwrap_or_default(),
        to: chosen.to.map(|p| p.to_string()).unwrap_or_default(),
        as_of: view.as_of.clone().unwrap_or_default(),
        lang: if view.language == crate::present::Language::En { "en" } else { "" },
        cut: selection.cut,
        images: vec![("SVG", image("svg")), ("PNG", image("png"))],
        downloads: downloads(&reading, &view, &selection),
        panels,
        s,
    })
}

fn panel(reading: &Reading<'_>, chart: &Chart, own: &[usize], selection: &Selection<'_>) -> Panel {
    let language = reading.language;
    let cell = |k: &usize, period: Period| {
        let line = &selection.lines[*k];
        let unit = reading.catalog.unit_of(line.indicator);
        find(&line.cells, period).map_or((String::new(), String::new()), |c| {
            (c.value.to_string(), exact(c.value, line.indicator, unit, language).number)
        })
    };
    let row = |period: &Period| (label_of(*period, language), own.iter().map(|k| cell(k, *period)).collect::<Vec<_>>());
    let filled = |(_, cells): &(String, Vec<(String, String)>)| cells.iter().any(|(exact, _)| !exact.is_empty());
    Panel {
        broad: drawn(chart, Size::new(1100, 460)),
        narrow: drawn(chart, Size::new(360, 380)),
        sentence: chart.frame().title.clone(),
        heads: own.iter().map(|k| selection.lines[*k].name.clone()).collect(),
        rows: selection.periods.iter().rev().map(row).filter(filled).collect(),
    }
}

fn indicator_picks(reading: &Reading<'_>, selection: &Selection<'_>) -> Vec<(String, Vec<Pick>)> {
    let chosen = |code: &str| selection.lines.iter().any(|l| l.indicator.code == code);
    let of = |group: &str| {
        let own = reading.catalog.indicators.values().filter(|i| i.group == group);
        own.map(|i| (i.code.clone(), format!("{} {}", i.code, reading.name(i)), chosen(&i.code))).collect()
    };
    let named = |g: &crate::catalog::Group| match reading.language {
        crate::present::Language::Vi => format!("{} {}", g.code, g.name_vi),
        crate::present::Language::En => format!("{} {}", g.code, g.name_en),
    };
    reading.catalog.groups.values().map(|g| (named(g), of(&g.code))).collect()
}

fn area_picks(reading: &Reading<'_>, view: &View, selection: &Selection<'_>) -> Vec<Pick> {
    let tree = &reading.catalog.areas;
    let day = view.period.last_day();
    let chosen = |code: &str| selection.lines.iter().any(|l| l.area == code);
    let whole = pick(view.language, "Toàn thành phố", "Whole city").to_owned();
    let mut picks = vec![(view.city.clone(), whole, chosen(&view.city))];
    let mut below: Vec<_> = tree.of_kind_on(AreaKind::District, day).map(|ix| tree.area(ix)).collect();
    below.sort_by_key(|a| sort_key(&a.name));
    picks.extend(below.iter().map(|a| (a.code.clone(), a.name.clone(), chosen(&a.code))));
    picks
}

fn freq_picks(view: &View, freq: Freq) -> Vec<Pick> {
    let words = |f: Freq| match f {
        Freq::M => pick(view.language, "Tháng", "Month"),
        Freq::Q => pick(view.language, "Quý", "Quarter"),
        Freq::A => pick(view.language, "Năm", "Year"),
    };
    Freq::ALL.into_iter().map(|f| (f.as_str().to_owned(), words(f).to_owned(), f == freq)).collect()
}

fn downloads(
    reading: &Reading<'_>,
    view: &View,
    selection: &Selection<'_>,
) -> Vec<(String, Vec<(&'static str, String)>)> {
    let mut codes: Vec<&Indicator> = selection.lines.iter().map(|l| l.indicator).collect();
    codes.dedup_by(|a, b| a.code == b.code);
    let (from, to) = (selection.periods[0], selection.periods[selection.periods.len() - 1]);
    let as_of = view.as_of.as_ref().map(|day| format!("&as_of={day}")).unwrap_or_default();
    let formats = [
        ("XLSX", "xlsx"),
        ("CSV", "csv"),
        ("JSON-stat", "json-stat"),
        ("SDMX-CSV", "sdmx-csv"),
        ("Parquet", "parquet"),
    ];
    let of = |indicator: &&Indicator| {
        let own = selection.lines.iter().filter(|l| l.indicator.code == indicator.code);
        let areas = own.map(|l| l.area.as_str()).collect::<Vec<_>>().join(",");
        let freq = selection.freq;
        let base =
            format!("/api/v1/indicators/{}/series?freq={freq}&area={areas}&from={from}&to={to}{as_of}", indicator.code);
        let links = formats.iter().map(|(label, format)| (*label, format!("{base}&format={format}"))).collect();
        (reading.name(indicator).to_owned(), links)
    };
    codes.iter().map(of).collect()
}

/// `/explore/chart.svg`: the first chart of the selection, to be put into documents.
pub async fn svg(
    Held(state): Held<ApiState>,
    Query(asked): Query<Asked>,
    OriginalUri(uri): OriginalUri,
) -> Result<Response, PageProblem> {
    let chart = first_chart(&state, &asked, &uri).await?;
    Ok(image(drawn(&chart, Size::PAGE).into_bytes(), "image/svg+xml"))
}

/// `/explore/chart.png`: the same as pixels, twice as fine as the screen.
pub async fn png(
    Held(state): Held<ApiState>,
    Query(asked): Query<Asked>,
    OriginalUri(uri): OriginalUri,
) -> Result<Response, PageProblem> {
    let chart = first_chart(&state, &asked, &uri).await?;
    let bytes = chart.png(Size::PAGE, 2).map_err(|e| {
        tracing::warn!("chart could not be drawn: {e}");
        PageProblem::unreadable(asked.language(), "i", uri.query().unwrap_or_default(), "i=1001")
    })?;
    Ok(image(bytes, "image/png"))
}

async fn first_chart(state: &ApiState, asked: &Asked, uri: &Uri) -> Result<Chart, PageProblem> {
    let view = View::read(asked, state).await?;
    let chosen = Chosen::read(uri, view.language)?;
    let reading = Reading { catalog: &state.catalog, cube: &view.served.cube, language: view.language };
    let selection = select(&reading, &view, &chosen)?;
    let mut all = charts(&reading, &view, &selection);
    Ok(all.swap_remove(0).0)
}

fn image(bytes: Vec<u8>, media_type: &'static str) -> Response {
    let mut response = bytes.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}
