//! A group: all its indicators, sorted by gap, as a table and as charts.

use askama::Template;
use axum::extract::{OriginalUri, Path, Query, State as Held};
use axum::http::HeaderMap;
use axum::response::Response;

use super::problem::PageProblem;
use super::reading::{Found, Glance, Reading, drawn, score_words};
use super::reply::Reply;
use super::shell::Shell;
use super::view::{Asked, Pickers, View};
use super::{address, foot};
use crate::chart::Size;
use crate::domain::{Freq, Indicator};
use crate::gallery::{self, FigureSheet};
use crate::present::{Language, Tally, label_of, pick, state_rank};
use crate::web::state::ApiState;

/// A row: an indicator with its figure, or why there is none.
pub struct Row {
    /// Indicator code.
    pub code: String,
    /// Indicator name.
    pub name: String,
    /// Where its page is.
    pub url: String,
    /// Its figure.
    pub figure: Option<Glance>,
    /// Why there is no figure.
    pub absent: &'static str,
}

#[derive(Template)]
#[template(path = "group.html")]
struct GroupPage {
    s: Shell,
    p: Pickers,
    code: String,
    name: String,
    message: String,
    rows: Vec<Row>,
    charts: Vec<GroupChart>,
}

/// The course of one indicator beside those of its group.
struct GroupChart {
    url: String,
    name: String,
    broad: String,
    narrow: String,
}

/// Half a page wide, so that two stand side by side.
const BROAD: Size = Size::new(560, 300);
/// On a phone.
const NARROW: Size = Size::new(340, 300);

/// `/groups/{code}`.
pub async fn group(
    Held(state): Held<ApiState>,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, PageProblem> {
    let language = asked.language();
    let Some(group) = state.catalog.groups.get(&code) else {
        let named = |g: &crate::catalog::Group| match language {
            Language::Vi => (format!("{} {}", g.code, g.name_vi), format!("/groups/{}", g.code)),
            Language::En => (format!("{} {}", g.code, g.name_en), format!("/groups/{}?lang=en", g.code)),
        };
        let ways = state.catalog.groups.values().map(named).collect();
        return Err(PageProblem::unknown(language, pick(language, "nhóm chỉ tiêu", "group"), &code, ways));
    };
    let view = View::read(&asked, &state).await?;
    let at = address(&uri);
    let reply = Reply { kept: &state.kept, headers: &headers, address: &at, version: view.served.version.clone() };
    if let Some(ready) = reply.ready() {
        return Ok(ready);
    }
    let reading = Reading { catalog: &state.catalog, cube: &view.served.cube, language };
    let indicators: Vec<&Indicator> = state.catalog.indicators.values().filter(|i| i.group == code).collect();
    let (rows, tally) = rows(&reading, &view, &indicators);
    let name = match language {
        Language::Vi => group.name_vi.clone(),
        Language::En => group.name_en.clone(),
    };
    let path = format!("/groups/{code}");
    let mut s = Shell::new(language, &name, &path);
    s.rest = view.query(&[("lang", "")]);
    s.foot = foot(&view);
    let place = if view.is_city() { String::new() } else { format!(", {}", view.area_name) };
    let message =
        format!("{name}{place}, {}: {}", crate::present::spoken(view.period, language), score_words(&tally, language));
    let p = Pickers::new(&view, &state.catalog, &path, &Freq::ALL, true);
    let charts = charts(&reading, &view, &rows);
    reply.write(&GroupPage { s, p, code, name, message, rows, charts })
}

/// A chart for every row that has a figure, in the order of the rows.
fn charts(reading: &Reading<'_>, view: &View, rows: &[Row]) -> Vec<GroupChart> {
    let shown = rows.iter().filter(|row| row.figure.is_some());
    let of_row = |row: &Row| {
        let found = reading.find(&reading.catalog.indicators[&row.code], &view.area, view.period)?;
        let chart = gallery::indicator(&FigureSheet::beside(reading, &found, &view.served.version));
        Some(GroupChart {
            url: row.url.clone(),
            name: row.name.clone(),
            broad: drawn(&chart, BROAD),
            narrow: drawn(&chart, NARROW),
        })
    };
    shown.filter_map(of_row).collect()
}

/// Rows of indicators for the area and period of a view, by state and gap; those without a figure last.
pub fn rows<'a>(reading: &Reading<'a>, view: &View, indicators: &[&'a Indicator]) -> (Vec<Row>, Tally) {
    let mut found: Vec<Found<'a>> = Vec::new();
    let mut absent: Vec<&Indicator> = Vec::new();
    for indicator in indicators {
        match reading.find(indicator, &view.area, view.period) {
            Some(figure) => found.push(figure),
            None => absent.push(indicator),
        }
    }
    let tally = Tally::of(found.iter().map(|f| f.judgement.state));
    found.sort_by(|a, b| {
        let gap = |f: &Found<'_>| f.judgement.gap.unwrap_or(0.0);
        state_rank(a.judgement.state).cmp(&state_rank(b.judgement.state)).then(gap(a).total_cmp(&gap(b)))
    });
    let row = |indicator: &'a Indicator, figure: Option<Glance>, absent: &'static str| Row {
        code: indicator.code.clone(),
        name: reading.name(indicator).to_owned(),
        url: view.url(&format!("/indicators/{}", indicator.code), &[]),
        figure,
        absent,
    };
    let mut rows: Vec<Row> =
        found.iter().map(|f| row(f.indicator, Some(reading.glance(f, Size::SPARKLINE)), "")).collect();
    for indicator in absent {
        let why = if super::reading::freq_for(indicator, view.period.freq()).is_none() {
            pick(view.language, "không công bố theo kỳ này", "not published at this frequency")
        } else if indicator.level < view.area_kind {
            pick(view.language, "không công bố đến cấp này", "not published at this level")
        } else {
            pick(view.language, "chưa có số liệu", "no figure yet")
        };
        rows.push(row(indicator, None, why));
    }
    (rows, tally)
}

/// What a table of indicators is about, in words.
pub fn subtitle(view: &View) -> String {
    let place = if view.is_city() {
        pick(view.language, "Toàn thành phố", "Whole city").to_owned()
    } else {
        view.area_name.clone()
    };
    format!("{place} · {}", label_of(view.period, view.language))
}
