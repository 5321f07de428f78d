//! Declared dashboards: the list of them, each as a page of tiles, and what is wrong with their files.

mod board;
mod cases;
mod compare;
mod doors;
mod drawings;
mod figures;
mod sheet;

use std::sync::Arc;

use askama::Template;
use axum::extract::{OriginalUri, Path, Query, State as Held};
use axum::http::HeaderMap;
use axum::response::Response;

use super::problem::PageProblem;
use super::reply::Reply;
use super::shell::Shell;
use super::view::{Asked, Pickers, View};
use super::{address, foot};
use crate::catalog::Diagnostic;
use crate::dashboard::{Dashboard, DashboardSet};
use crate::domain::Freq;
use crate::present::{Language, pick};
use crate::web::state::ApiState;
pub use board::{Board, Body, Screen, ShownSection};

/// One dashboard of the list.
struct Entry {
    title: String,
    description: String,
    url: String,
    words: String,
    is_wall: bool,
    is_kept: bool,
}

/// A problem of a file, for a table.
pub struct Fault {
    /// `dashboards/kinh-te.toml`.
    pub file: String,
    /// From 1; empty where the file itself is the problem.
    pub line: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: String,
}

#[derive(Template)]
#[template(path = "dashboards.html")]
struct ListPage {
    s: Shell,
    message: String,
    entries: Vec<Entry>,
    faults: Vec<Fault>,
}

#[derive(Template)]
#[template(path = "dashboard.html")]
struct DashboardPage {
    s: Shell,
    p: Pickers,
    title: String,
    description: String,
    is_kept: bool,
    sections: Vec<ShownSection>,
}

/// The problems of all files.
pub fn faults(problems: &[Diagnostic]) -> Vec<Fault> {
    let fault = |problem: &Diagnostic| Fault {
        file: problem.file.clone(),
        line: if problem.line > 0 { problem.line.to_string() } else { String::new() },
        message: problem.message.clone(),
        hint: problem.hint.clone().unwrap_or_default(),
    };
    problems.iter().map(fault).collect()
}

/// What a page of a dashboard depends on besides its address. Cases fall due as time passes.
pub fn version(state: &ApiState, view: &View, set: &DashboardSet, dashboards: &[&Dashboard]) -> String {
    let moves = dashboards.iter().any(|d| d.shows_cases());
    let minute = if moves { state.clock.now().timestamp() / 60 } else { 0 };
    format!("{}-{}-{minute}", view.served.version, set.version())
}

/// `/dashboards`.
pub async fn list(
    Held(state): Held<ApiState>,
    Query(asked): Query<Asked>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, PageProblem> {
    let language = asked.language();
    let set = state.dashboards.load_full();
    let at = address(&uri);
    let version = format!("boards{}-{}", set.version(), state.catalog.version);
    let reply = Reply { kept: &state.kept, headers: &headers, address: &at, version };
    if let Some(ready) = reply.ready() {
        return Ok(ready);
    }
    let s = Shell::new(language, pick(language, "Bảng theo dõi", "Dashboards"), "/dashboards");
    let entries = set.all().iter().map(|dashboard| entry(&set, dashboard, &s)).collect();
    let faults = faults(set.problems());
    reply.write(&ListPage { message: message(set.all().len(), faults.len(), language), entries, faults, s })
}

fn entry(set: &DashboardSet, dashboard: &Arc<Dashboard>, s: &Shell) -> Entry {
    let tiles = dashboard.tiles().count();
    Entry {
        title: dashboard.title.of(s.language).to_owned(),
        description: dashboard.description.as_ref().map(|d| d.of(s.language).to_owned()).unwrap_or_default(),
        url: s.href(&format!("/dashboards/{}", dashboard.id)),
        words: match s.language {
            Language::Vi => format!("{tiles} ô"),
            Language::En => format!("{tiles} tiles"),
        },
        is_wall: dashboard.wall.is_some(),
        is_kept: set.is_kept(&dashboard.id),
    }
}

fn message(dashboards: usize, faults: usize, language: Language) -> String {
    match (language, faults) {
        (Language::Vi, 0) => format!("{dashboards} bảng theo dõi"),
        (Language::En, 0) => format!("{dashboards} dashboards"),
        (Language::Vi, n) => format!("{dashboards} bảng theo dõi, {n} lỗi khai báo cần sửa"),
        (Language::En, n) => format!("{dashboards} dashboards, {n} faults in their files"),
    }
}

/// `/dashboards/{id}`.
pub async fn dashboard(
    Held(state): Held<ApiState>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, PageProblem> {
    let language = asked.language();
    let set = state.dashboards.load_full();
    let Some(dashboard) = set.get(&id) else {
        let way = |d: &Arc<Dashboard>| (d.title.of(language).to_owned(), format!("/dashboards/{}", d.id));
        let mut ways: Vec<(String, String)> = set.all().iter().map(way).collect();
        ways.push((pick(language, "Mọi bảng theo dõi", "All dashboards").to_owned(), "/dashboards".to_owned()));
        return Err(PageProblem::unknown(language, pick(language, "bảng theo dõi", "dashboard"), &id, ways));
    };
    let view = View::read(&asked, &state).await?;
    let at = address(&uri);
    let version = version(&state, &view, &set, &[dashboard]);
    let reply = Reply { kept: &state.kept, headers: &headers, address: &at, version };
    if let Some(ready) = reply.ready() {
        return Ok(ready);
    }
    let board = Board { state: &state, view: &view, screen: Screen::Page };
    let mut sections = Vec::with_capacity(dashboard.sections.len());
    for (number, section) in dashboard.sections.iter().enumerate() {
        sections.push(board.section(number, section).await);
    }
    let path = format!("/dashboards/{id}");
    let title = dashboard.title.of(language).to_owned();
    let mut s = Shell::new(language, &title, &path);
    s.rest = view.query(&[("lang", "")]);
    s.foot = foot(&view);
    reply.write(&DashboardPage {
        p: Pickers::new(&view, &state.catalog, &path, &Freq::ALL, true),
        title: format!("{title} · {}", super::group::subtitle(&view)),
        description: dashboard.description.as_ref().map(|d| d.of(language).to_owned()).unwrap_or_default(),
        is_kept: set.is_kept(&id),
        sections,
        s,
    })
}
