//! Scorecards: a district or ward with its rank among peers in every indicator, a department with all that it answers
//! for.

use askama::Template;
use axum::extract::{OriginalUri, Path, Query, State as Held};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};

use super::cases::glance::{UnitCases, of_unit};
use super::group::{Row, rows, subtitle};
use super::problem::PageProblem;
use super::reading::{Found, Glance, Reading, score_words};
use super::reply::Reply;
use super::shell::Shell;
use super::view::{Asked, Pickers, View};
use super::{address, foot};
use crate::catalog::Catalog;
use crate::chart::Size;
use crate::domain::text::{fold, sort_key};
use crate::domain::{AreaKind, Direction, Freq, Indicator, OrgUnit};
use crate::present::standing::{Rank, rank};
use crate::present::{Language, State, pick, state_rank};
use crate::web::state::ApiState;

/// A unit, and where its page is.
pub(super) struct Entry {
    pub name: String,
    pub url: String,
}

pub(super) fn org_name(unit: &OrgUnit, language: Language) -> &str {
    match language {
        Language::Vi => &unit.name_vi,
        Language::En => &unit.name_en,
    }
}

/// The indicators that an authority answers for.
pub(super) fn owned<'c>(catalog: &'c Catalog, unit: &OrgUnit) -> Vec<&'c Indicator> {
    catalog.indicators.values().filter(|i| i.owner == unit.code).collect()
}

/// An indicator of an area.
struct ScoreRow {
    code: String,
    name: String,
    url: String,
    figure: Glance,
    rank: Option<Rank>,
}

#[derive(Template)]
#[template(path = "unit_area.html")]
struct AreaPage {
    s: Shell,
    p: Pickers,
    name: String,
    above: Option<(String, String)>,
    message: String,
    peers_word: String,
    cases: Option<UnitCases>,
    rows: Vec<ScoreRow>,
    files: Vec<(&'static str, String)>,
    below: Vec<Entry>,
}

#[derive(Template)]
#[template(path = "unit_org.html")]
struct OrgPage {
    s: Shell,
    p: Pickers,
    name: String,
    message: String,
    sub: String,
    cases: Option<UnitCases>,
    rows: Vec<Row>,
}

/// `/units/{code}`: an area or an authority.
pub async fn unit(
    Held(state): Held<ApiState>,
    Path(code): Path<String>,
    Query(mut asked): Query<Asked>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, PageProblem> {
    let catalog = std::sync::Arc::clone(&state.catalog);
    let language = asked.language();
    let org = catalog.org_units.iter().find(|o| o.code == code);
    if let Some(area) = org.and_then(|o| o.area.as_ref()) {
        return Ok(Redirect::to(&format!("/units/{area}")).into_response());
    }
    if org.is_none() {
        if catalog.areas.spans(&code).is_empty() {
            let what = pick(language, "đơn vị hay địa bàn", "unit or area");
            return Err(PageProblem::unknown(language, what, &code, like(&catalog, language, &code)));
        }
        asked.area = Some(code.clone());
    }
    let view = View::read(&asked, &state).await?;
    let at = address(&uri);
    let reply = Reply { kept: &state.kept, headers: &headers, address: &at, version: view.served.version.clone() };
    if let Some(ready) = reply.ready() {
        return Ok(ready);
    }
    let reading = Reading { catalog: &catalog, cube: &view.served.cube, language };
    match org {
        Some(org) => reply.write(&org_page(&state, &view, &reading, org)),
        None => reply.write(&area_page(&state, &view, &reading)),
    }
}

/// Units whose name or code is like what was asked.
fn like(catalog: &Catalog, language: Language, asked: &str) -> Vec<(String, String)> {
    let folded = fold(asked).replace(['_', '-'], " ");
    let mut found: Vec<(usize, String, String)> = Vec::new();
    let mut look = |code: &str, name: &str| {
        let name_folded = fold(name);
        let far = if name_folded.contains(&folded) { 0 } else { strsim::damerau_levenshtein(code, asked) };
        if far <= 2 {
            found.push((far, name.to_owned(), code.to_owned()));
        }
    };
    for unit in catalog.org_units.iter().filter(|o| o.area.is_none()) {
        look(&unit.code, org_name(unit, language));
    }
    for area in catalog.areas.areas().iter().filter(|a| matches!(a.kind, AreaKind::District | AreaKind::Ward)) {
        look(&area.code, &area.name);
    }
    found.sort();
    found.dedup_by(|a, b| a.2 == b.2);
    found.truncate(6);
    found.into_iter().map(|(_, name, code)| (format!("{name} ({code})"), format!("/units/{code}"))).collect()
}

fn org_page(state: &ApiState, view: &View, reading: &Reading<'_>, org: &OrgUnit) -> OrgPage {
    let own = owned(reading.catalog, org);
    let (rows, tally) = rows(reading, view, &own);
    let name = org_name(org, view.language).to_owned();
    let path = format!("/units/{}", org.code);
    let mut s = Shell::new(view.language, &name, &path);
    s.rest = view.query(&[("lang", "")]);
    s.foot = foot(view);
    let message = match view.language {
        Language::Vi => format!("{name}: {}, {} không đạt", score_words(&tally, view.language), tally.off),
        Language::En => format!("{name}: {}, {} off", score_words(&tally, view.language), tally.off),
    };
    let p = Pickers::new(view, &state.catalog, &path, &Freq::ALL, false);
    let cases = of_unit(state, view, Some(&org.code));
    OrgPage { s, p, name, message, sub: subtitle(view), cases, rows }
}

fn area_page(state: &ApiState, view: &View, reading: &Reading<'_>) -> AreaPage {
    let language = view.language;
    let catalog = reading.catalog;
    let path = format!("/units/{}", view.area);
    let mut found: Vec<(Found<'_>, Option<Rank>)> = catalog
        .indicators
        .values()
        .filter(|i| i.level >= view.area_kind)
        .filter_map(|i| reading.find(i, &view.area, view.period))
        .map(|f| (f, rank(reading, &f, &view.area, view.area_kind)))
        .collect();
    // What can be judged by a plan first, then by distance from the best among peers.
    found.sort_by(|(a, x), (b, y)| {
        let place = |r: &Option<Rank>, f: &Found<'_>| match (r, f.indicator.direction) {
            (_, Direction::Neutral) | (None, _) => 2.0,
            (Some(r), _) => 1.0 - r.place as f64 / r.of as f64,
        };
        let key = |f: &Found<'_>| if f.judgement.state == State::Off { 0 } else { state_rank(State::Watch) };
        key(a).cmp(&key(b)).then(place(x, a).total_cmp(&place(y, b)))
    });
    let message = area_message(view, &found);
    let rows = found
        .into_iter()
        .map(|(f, rank)| ScoreRow {
            code: f.indicator.code.clone(),
            name: reading.name(f.indicator).to_owned(),
            url: view.url(&format!("/indicators/{}", f.indicator.code), &[("area", &view.area)]),
            figure: reading.glance(&f, Size::SPARKLINE),
            rank,
        })
        .collect();
    let (above, below) = around(view, catalog);
    let mut s = Shell::new(language, &view.area_name, &path);
    s.rest = view.query(&[("lang", ""), ("area", "")]);
    s.foot = foot(view);
    let mut p = Pickers::new(view, catalog, &path, &Freq::ALL, false);
    p.without_area();
    let (name, peers_word, cases) = (view.area_name.clone(), peers_word(view), of_unit(state, view, None));
    AreaPage { s, p, name, above, message, peers_word, cases, rows, files: files(view), below }
}

/// The area above, with its page, and the wards below.
fn around(view: &View, catalog: &Catalog) -> (Option<(String, String)>, Vec<Entry>) {
    let day = view.period.last_day();
    let tree = &catalog.areas;
    let ix = tree.on(&view.area, day);
    let above = ix.and_then(|ix| tree.parent_on(ix, day)).map(|parent| {
        let area = tree.area(parent);
        let url = if area.kind == AreaKind::City {
            view.url("/units", &[("area", "")])
        } else {
            view.url(&format!("/units/{}", area.code), &[("area", "")])
        };
        (area.name.clone(), url)
    });
    let below = ix.filter(|_| view.area_kind == AreaKind::District).map(|ix| tree.below_on(ix, AreaKind::Ward, day));
    let mut below: Vec<Entry> = below
        .unwrap_or_default()
        .iter()
        .map(|ward| {
            let area = tree.area(*ward);
            let url = view.url(&format!("/units/{}", area.code), &[("area", "")]);
            Entry { name: area.name.clone(), url }
        })
        .collect();
    below.sort_by_key(|e| sort_key(&e.name));
    (above, below)
}

/// Every indicator of the area at the period, as files.
fn files(view: &View) -> Vec<(&'static str, String)> {
    let as_of = view.as_of.as_ref().map(|day| format!("&as_of={day}")).unwrap_or_default();
    let base = format!("/api/v1/snapshot?period={}&area={}{as_of}", view.period, view.area);
    [("XLSX", "xlsx"), ("CSV", "csv"), ("JSON-stat", "json-stat"), ("Parquet", "parquet")]
        .map(|(label, format)| (label, format!("{base}&format={format}")))
        .to_vec()
}

fn peers_word(view: &View) -> String {
    match view.area_kind {
        AreaKind::Ward => pick(view.language, "phường, xã", "wards"),
        AreaKind::District | AreaKind::City | AreaKind::Residual | AreaKind::Reference => {
            pick(view.language, "quận, huyện", "districts")
        }
    }
    .to_owned()
}

fn area_message(view: &View, found: &[(Found<'_>, Option<Rank>)]) -> String {
    let ranked: Vec<&Rank> = found
        .iter()
        .filter(|(f, _)| f.indicator.direction != Direction::Neutral)
        .filter_map(|(_, r)| r.as_ref())
        .collect();
    let best = ranked.iter().filter(|r| r.is_best()).count();
    let worst = ranked.iter().filter(|r| r.is_weakest()).count();
    let (name, all, peers) = (&view.area_name, ranked.len(), peers_word(view));
    match view.language {
        Language::Vi => format!(
            "{name}: trong {all} chỉ tiêu so sánh được, {best} thuộc nhóm một phần tư tốt nhất, {worst} thuộc nhóm yếu nhất các {peers}"
        ),
        Language::En => format!(
            "{name}: of {all} comparable indicators, {best} in the best quarter and {worst} in the weakest quarter of {peers}"
        ),
    }
}
