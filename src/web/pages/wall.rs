//! Wall mode: declared pages at six metres, one after the other, with the clock of the data. They turn without script.

use std::sync::Arc;

use askama::Template;
use axum::extract::{OriginalUri, Query, State as Held};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use super::address;
use super::dashboards::{Board, Body, Screen, ShownSection, version};
use super::overview::read;
use super::problem::PageProblem;
use super::reading::Reading;
use super::reply::Reply;
use super::shell::Shell;
use super::view::{Asked, View};
use crate::dashboard::{Dashboard, DashboardSet, Section};
use crate::present::{Language, Tally, instant, label_of, pick, spoken};
use crate::web::state::ApiState;

/// Which page of the wall.
#[derive(Debug, Deserialize)]
pub struct WallPageAsked {
    page: Option<usize>,
    /// Given: the page does not turn. What moves by itself must be able to be stopped.
    still: Option<String>,
}

#[derive(Template)]
#[template(path = "wall.html")]
struct WallPage {
    s: Shell,
    title: String,
    clock: String,
    known: String,
    tally: Tally,
    section: ShownSection,
    seconds: u32,
    next: String,
    still: bool,
    /// The same page, turning if it stands still and the other way round.
    hold: String,
    place: String,
    turn: String,
}

/// `/wall`.
pub async fn wall(
    Held(state): Held<ApiState>,
    Query(asked): Query<Asked>,
    Query(turn): Query<WallPageAsked>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, PageProblem> {
    let set = state.dashboards.load_full();
    let pages = pages(&set);
    if pages.is_empty() {
        return Err(PageProblem::no_wall(asked.language()));
    }
    let page = turn.page.unwrap_or(0) % pages.len();
    let still = turn.still.is_some();
    let (dashboard, section) = pages[page];
    let view = View::read(&asked, &state).await?;
    let at = address(&uri);
    let version = version(&state, &view, &set, &[dashboard]);
    let reply = Reply { kept: &state.kept, headers: &headers, address: &at, version };
    if let Some(ready) = reply.ready() {
        return Ok(ready);
    }
    let language = view.language;
    let reading = Reading { catalog: &state.catalog, cube: &view.served.cube, language };
    let found = read(&reading, &view);
    let mut s = Shell::new(language, pick(language, "Màn hình lớn", "Wall"), "/wall");
    s.class = "wall";
    let board = Board { state: &state, view: &view, screen: Screen::Wall { rows: rows(section) } };
    let section = board.section(page, section).await;
    let known = view.extent.published.map(|at| instant(at, language));
    reply.write(&WallPage {
        title: match section.title.is_empty() {
            true => dashboard.title.of(language).to_owned(),
            false => section.title.clone(),
        },
        clock: match language {
            Language::Vi => format!("Số liệu {}", spoken(view.period, language)),
            Language::En => format!("Figures of {}", label_of(view.period, language)),
        },
        known: match (language, known) {
            (Language::Vi, Some(at)) => format!("cập nhật {at}"),
            (Language::En, Some(at)) => format!("updated {at}"),
            (_, None) => String::new(),
        },
        tally: Tally::of(found.iter().map(|f| f.judgement.state)),
        seconds: dashboard.wall.map_or(20, |wall| wall.seconds),
        next: at_page(&view, (page + 1) % pages.len(), still),
        still,
        hold: at_page(&view, page, !still),
        place: if view.is_city() { s.city().to_owned() } else { view.area_name.clone() },
        turn: format!("{}/{}", page + 1, pages.len()),
        section,
        s,
    })
}

/// The address of a page of the wall.
fn at_page(view: &View, page: usize, still: bool) -> String {
    view.url("/wall", &[("page", &page.to_string()), ("still", if still { "1" } else { "" })])
}

/// The sections of all dashboards that are for the wall, in their order.
fn pages(set: &DashboardSet) -> Vec<(&Arc<Dashboard>, &Section)> {
    let of_wall = set.all().iter().filter(|dashboard| dashboard.wall.is_some());
    of_wall.flat_map(|dashboard| dashboard.sections.iter().map(move |section| (dashboard, section))).collect()
}

/// Rows of a grid of four columns that the tiles of a section fill.
fn rows(section: &Section) -> u32 {
    let (mut rows, mut used) = (1, 0);
    for tile in &section.tiles {
        if used + tile.span > 4 {
            rows += 1;
            used = 0;
        }
        used += tile.span;
    }
    rows
}
