//! Wall mode: the city at six metres, page after page, with the clock of the data. It turns without script.

use askama::Template;
use axum::extract::{OriginalUri, Query, State as Held};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use super::address;
use super::overview::{Attention, Tile, gaps, read, tiles};
use super::problem::PageProblem;
use super::reading::Reading;
use super::reply::Reply;
use super::shell::Shell;
use super::view::{Asked, View};
use crate::present::{Language, Tally, label_of, pick, spoken};
use crate::web::state::ApiState;

/// Tiles on one page of the wall.
const TILES: usize = 10;
/// Seconds until a page turns.
const SECONDS: u32 = 20;

/// Which page of the wall.
#[derive(Debug, Deserialize)]
pub struct WallPageAsked {
    page: Option<usize>,
}

#[derive(Template)]
#[template(path = "wall.html")]
struct WallPage {
    s: Shell,
    title: &'static str,
    clock: String,
    tally: Tally,
    tiles: Vec<Tile>,
    gaps: Vec<Attention>,
    seconds: u32,
    next: String,
    place: String,
}

/// `/wall`.
pub async fn wall(
    Held(state): Held<ApiState>,
    Query(asked): Query<Asked>,
    Query(turn): Query<WallPageAsked>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, PageProblem> {
    let view = View::read(&asked, &state).await?;
    let at = address(&uri);
    let reply = Reply { kept: &state.kept, headers: &headers, address: &at, version: view.served.version.clone() };
    if let Some(ready) = reply.ready() {
        return Ok(ready);
    }
    let language = view.language;
    let reading = Reading { catalog: &state.catalog, cube: &view.served.cube, language };
    let found = read(&reading, &view);
    let all = tiles(&reading, &view, &found);
    let pages = all.len().div_ceil(TILES) + 1;
    let page = turn.page.unwrap_or(0) % pages;
    let last = page + 1 == pages;
    let shown: Vec<Tile> = if last { Vec::new() } else { all.into_iter().skip(page * TILES).take(TILES).collect() };
    let mut s = Shell::new(language, pick(language, "Màn hình lớn", "Wall"), "/wall");
    s.class = "wall";
    reply.write(&WallPage {
        title: if last {
            pick(language, "Cần chú ý", "Needs attention")
        } else {
            pick(language, "Các nhóm chỉ tiêu", "Groups")
        },
        clock: match language {
            Language::Vi => format!("Số liệu {}", spoken(view.period, language)),
            Language::En => format!("Figures of {}", label_of(view.period, language)),
        },
        tally: Tally::of(found.iter().map(|f| f.judgement.state)),
        tiles: shown,
        gaps: if last { gaps(&reading, &view, &found) } else { Vec::new() },
        seconds: SECONDS,
        next: view.url("/wall", &[("page", &((page + 1) % pages).to_string())]),
        place: if view.is_city() { "TP. Hồ Chí Minh".to_owned() } else { view.area_name.clone() },
        s,
    })
}
