//! Explorer: a few indicators in a few areas over a span of time, as chart, table and files. Every state is an address.
//!
//! Indicators of different units get a chart each: one axis never carries two units.

mod choice;
mod drawing;
mod files;

use askama::Template;
use axum::extract::{OriginalUri, Query, State as Held};
use axum::http::HeaderMap;
use axum::response::Response;

use super::problem::PageProblem;
use super::reading::{Reading, drawn};
use super::reply::Reply;
use super::shell::Shell;
use super::view::{Asked, View};
use super::{address, foot};
use crate::chart::Size;
use crate::domain::text::sort_key;
use crate::domain::{AreaKind, Freq, Period};
use crate::present::{Language, exact, is_soft, label_of, pick, too_few, unit_label};
use crate::web::state::ApiState;
use choice::{Chosen, LISTED_MAX, Line, Selection, names};
use drawing::{Drawing, LINES_MAX, drawings};
pub use files::file;

/// A chart of the lines that share a unit.
struct Panel {
    broad: String,
    narrow: String,
    sentence: String,
    heads: Vec<Head>,
    rows: Vec<(String, Vec<Shown>)>,
    images: Vec<(&'static str, String)>,
}

/// A column of its table; the first six are drawn.
struct Head {
    name: String,
    unit: String,
    is_drawn: bool,
}

/// A figure of its table.
#[derive(Default)]
struct Shown {
    exact: String,
    words: String,
    is_soft: bool,
    is_drawn: bool,
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
    notices: Vec<String>,
    panels: Vec<Panel>,
    files: Vec<(&'static str, String)>,
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
    let selection = Selection::find(&reading, &view, &chosen, &state.scope)?;
    let query = uri.query().unwrap_or_default();
    let all = drawings(&reading, &view, &selection);
    let panel = |(k, drawing): (usize, &Drawing)| panel(&reading, &selection, drawing, &with_chart(query, k + 1));
    let panels: Vec<Panel> = all.iter().enumerate().map(panel).collect();
    let mut s = Shell::new(view.language, pick(view.language, "Khám phá", "Explore"), "/explore");
    s.rest = query.split('&').filter(|p| !p.starts_with("lang=")).collect::<Vec<_>>().join("&");
    s.foot = foot(&view);
    reply.write(&ExplorePage {
        message: panels.first().map(|p| p.sentence.clone()).unwrap_or_default(),
        indicators: indicator_picks(&reading, &selection),
        areas: area_picks(&reading, &view, &selection),
        freqs: freq_picks(&view, selection.freq),
        from: chosen.from.map(|p| p.to_string()).unwrap_or_default(),
        to: chosen.to.map(|p| p.to_string()).unwrap_or_default(),
        as_of: view.as_of.clone().unwrap_or_default(),
        lang: if view.language == Language::En { "en" } else { "" },
        notices: notices(&selection, &all, view.language),
        files: files::links(query),
        panels,
        s,
    })
}

/// The query with the place of a chart in it; the first needs none.
fn with_chart(query: &str, chart: usize) -> String {
    let kept = query.split('&').filter(|part| !part.is_empty() && !part.starts_with("chart="));
    let mut parts: Vec<String> = kept.map(str::to_owned).collect();
    if chart > 1 {
        parts.push(format!("chart={chart}"));
    }
    parts.join("&")
}

/// What of the choice is not drawn or not listed.
fn notices(selection: &Selection<'_>, all: &[Drawing], language: Language) -> Vec<String> {
    let mut notices = Vec::new();
    if all.iter().any(|drawing| drawing.lines.len() > LINES_MAX) {
        let words = pick(
            language,
            "Một hình chỉ phân biệt được sáu đường: hình vẽ sáu đường đầu, bảng và tệp tải về có đủ.",
            "A chart can tell six lines apart: it draws the first six, table and files hold all.",
        );
        notices.push(words.to_owned());
    }
    if selection.left_out > 0 {
        let left_out = selection.left_out;
        notices.push(match language {
            Language::Vi => {
                format!("Bảng và tệp chỉ có {LISTED_MAX} đường đầu, còn {left_out} đường không có: hãy chọn ít hơn.")
            }
            Language::En => {
                format!("Table and files hold the first {LISTED_MAX} lines, {left_out} are left out: choose fewer.")
            }
        });
    }
    notices
}

fn panel(reading: &Reading<'_>, selection: &Selection<'_>, drawing: &Drawing, query: &str) -> Panel {
    let language = reading.language;
    let shown = |(place, k): (usize, &usize), period: Period| {
        let line = &selection.lines[*k];
        let unit = reading.catalog.unit_of(line.indicator);
        let is_drawn = place < LINES_MAX;
        line.at(period).map_or(Shown { is_drawn, ..Shown::default() }, |cell| {
            match too_few(line.indicator, cell, language) {
                Some(few) => Shown { words: few, is_soft: true, is_drawn, ..Shown::default() },
                None => Shown {
                    exact: cell.value.to_string(),
                    words: exact(cell.value, line.indicator, unit, language).number,
                    is_soft: is_soft(cell),
                    is_drawn,
                },
            }
        })
    };
    let row = |period: &Period| {
        let cells: Vec<Shown> = drawing.lines.iter().enumerate().map(|at| shown(at, *period)).collect();
        (label_of(*period, language), cells)
    };
    let lines: Vec<&Line<'_>> = drawing.lines.iter().map(|k| &selection.lines[*k]).collect();
    let unit = unit_label(reading.catalog.unit_of(lines[0].indicator), language);
    let head = |(place, name)| Head { name, unit: unit.to_owned(), is_drawn: place < LINES_MAX };
    let has_any = |(_, cells): &(String, Vec<Shown>)| cells.iter().any(|cell| !cell.exact.is_empty());
    Panel {
        broad: drawn(&drawing.chart, Size::new(1100, 460)),
        narrow: drawn(&drawing.chart, Size::new(360, 380)),
        sentence: drawing.chart.frame().title.clone(),
        heads: names(&lines).into_iter().enumerate().map(head).collect(),
        rows: selection.periods.iter().rev().map(row).filter(has_any).collect(),
        images: [("SVG", "svg"), ("PNG", "png")]
            .map(|(label, ending)| (label, files::address("chart", ending, query)))
            .to_vec(),
    }
}

fn indicator_picks(reading: &Reading<'_>, selection: &Selection<'_>) -> Vec<(String, Vec<Pick>)> {
    let chosen = |code: &str| selection.lines.iter().any(|l| l.indicator.code == code);
    let of = |group: &str| {
        let own = reading.catalog.indicators.values().filter(|i| i.group == group);
        own.map(|i| (i.code.clone(), format!("{} {}", i.code, reading.name(i)), chosen(&i.code))).collect()
    };
    let named = |g: &crate::catalog::Group| match reading.language {
        Language::Vi => format!("{} {}", g.code, g.name_vi),
        Language::En => format!("{} {}", g.code, g.name_en),
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
