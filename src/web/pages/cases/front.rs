//! `/cases`: four numbers, the heatmap, what falls due next, what came in last.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{OriginalUri, Query, State as Held};
use axum::http::HeaderMap;
use axum::response::Response;
use chrono::TimeDelta;

use super::answer;
use super::filters::{CaseFrame, Way};
use super::glance::{BigNumber, numbers};
use super::heat::{HeatTable, table};
use super::listing::{CaseLine, line};
use super::question::{CaseView, Look, axis, given};
use crate::cases::counting::Flow;
use crate::cases::views::{Axis, Lens, Order, Page, Which, list, soon};
use crate::domain::AreaKind;
use crate::gallery;
use crate::web::api::cases::CaseParams;
use crate::web::pages::problem::PageProblem;
use crate::web::pages::shell::Shell;
use crate::web::state::ApiState;

/// Rows that can be chosen.
pub const ROWS: [Axis; 3] = [Axis::District, Axis::Ward, Axis::Org];
/// Columns that can be chosen.
const COLUMNS: [Axis; 4] = [Axis::Category, Axis::Week, Axis::Month, Axis::Channel];
/// Newest reports shown.
const NEWEST: usize = 8;
/// Working hours of one day, and of three: how soon is soon.
pub const SOON_HOURS: [u32; 2] = [8, 24];
/// Authorities listed with what falls due soon.
const SOON_ROWS: usize = 10;

/// What falls due soon at an authority.
pub struct SoonRow {
    /// Its name.
    pub name: String,
    /// Within one working day.
    pub day: String,
    /// Within three.
    pub three: String,
    /// The cases of one day.
    pub day_url: String,
    /// The cases of three.
    pub three_url: String,
}

#[derive(Template)]
#[template(path = "cases_front.html")]
struct FrontPage {
    s: Shell,
    f: CaseFrame,
    numbers: Vec<BigNumber>,
    heat: HeatTable,
    heat_words: String,
    rows: Vec<Way>,
    columns: Vec<Way>,
    downloads: Vec<(&'static str, String)>,
    list_url: String,
    soon: Vec<SoonRow>,
    soon_total: SoonRow,
    newest: Vec<CaseLine>,
}

/// `/cases`.
pub async fn front(
    state: Held<ApiState>,
    params: Query<CaseParams>,
    look: Query<Look>,
    uri: OriginalUri,
    headers: HeaderMap,
) -> Result<Response, PageProblem> {
    answer((state, params, look, uri, headers), page).await
}

fn page(view: &CaseView, look: &Look) -> Result<FrontPage, PageProblem> {
    let lens = view.lens()?;
    let rows = axis(view.language, ("rows", &look.rows), &ROWS, view.usual_rows(&lens))?;
    let one_category = view.asked.question.filter.categories.len() == 1;
    let usual = if one_category { Axis::Week } else { Axis::Category };
    let columns = axis(view.language, ("columns", &look.columns), &COLUMNS, usual)?;
    let grid = gallery::grid(&view.charted(), rows, columns).map_err(|e| view.chart_problem(&e))?;
    let kept = vec![
        ("rows", given(&look.rows).unwrap_or_default().to_owned()),
        ("columns", given(&look.columns).unwrap_or_default().to_owned()),
    ];
    let mut f = CaseFrame::new(view, "/cases", kept);
    f.message.clone_from(&grid.frame.title);
    f.sub.clone_from(&grid.frame.subtitle);
    let (soon, soon_total) = soon_rows(view, &lens)?;
    let newest = list(&lens, Which::Flow(Flow::Received), Order::Newest, Page { offset: 0, limit: NEWEST });
    Ok(FrontPage {
        numbers: numbers(view, &lens)?,
        heat: table(view, &grid, (rows, columns)),
        heat_words: grid.frame.description.clone(),
        rows: switch(view, ("rows", &ROWS), rows, ("columns", look.columns.as_ref())),
        columns: switch(view, ("columns", &COLUMNS), columns, ("rows", look.rows.as_ref())),
        downloads: downloads(view, rows, columns),
        list_url: view.url("/cases/list", &[]),
        soon,
        soon_total,
        newest: newest.cases.iter().map(|case| line(view, case)).collect(),
        s: f.shell(view),
        f,
    })
}

/// The ways to look at the same numbers along another axis.
pub fn switch(
    view: &CaseView,
    (name, allowed): (&str, &[Axis]),
    now: Axis,
    (other, kept): (&str, Option<&String>),
) -> Vec<Way> {
    let fits = |axis: &&Axis| match (axis, view.area_kind()) {
        // Within a ward there is one row, within a district no other.
        (Axis::District, Some(AreaKind::District | AreaKind::Ward)) => **axis == now,
        _ => true,
    };
    let way = |axis: &Axis| {
        let label = crate::gallery::Words::upper(&view.words().units(*axis));
        let kept = kept.map(String::as_str).unwrap_or_default();
        Way { label, url: view.url("/cases", &[(name, axis.as_str()), (other, kept)]), current: *axis == now }
    };
    allowed.iter().filter(fits).map(way).collect()
}

fn downloads(view: &CaseView, rows: Axis, columns: Axis) -> Vec<(&'static str, String)> {
    let axes = [("rows", rows.as_str()), ("columns", columns.as_str())];
    let table = |format| view.url("/api/v1/cases/crosstab", &[&axes[..], &[("format", format)]].concat());
    vec![
        ("XLSX", table("xlsx")),
        ("CSV", table("csv")),
        ("SVG", view.url("/charts/overdue-heatmap.svg", &axes)),
        ("PNG", view.url("/charts/overdue-heatmap.png", &axes)),
    ]
}

/// What falls due within one and three working days, by the authority that has it: its own time counts.
fn soon_rows(view: &CaseView, lens: &Lens<'_>) -> Result<(Vec<SoonRow>, SoonRow), PageProblem> {
    let stints = lens.of_stints();
    let mut by_org: BTreeMap<String, [u32; 2]> = BTreeMap::new();
    let mut total = [0, 0];
    for (at, hours) in SOON_HOURS.into_iter().enumerate() {
        let every = Page { offset: 0, limit: usize::MAX };
        let within = TimeDelta::hours(hours.into());
        let found =
            soon(&stints, &view.catalog.calendar, within, every).map_err(|e| PageProblem::failed(view.language, &e))?;
        for due in &found.cases {
            by_org.entry(due.case.org.to_string()).or_default()[at] += 1;
            total[at] += 1;
        }
    }
    let (names, words) = (view.names(), view.words());
    let row = |name: String, org: &str, counts: [u32; 2]| {
        let url = |hours: u32| {
            let hours = hours.to_string();
            view.url("/cases/list", &[("which", "soon"), ("within_hours", &hours), ("org", org)])
        };
        SoonRow {
            name,
            day: words.count(counts[0]),
            three: words.count(counts[1]),
            day_url: url(SOON_HOURS[0]),
            three_url: url(SOON_HOURS[1]),
        }
    };
    let mut sorted: Vec<(String, [u32; 2])> = by_org.into_iter().filter(|(org, _)| !org.is_empty()).collect();
    sorted.sort_by(|a, b| (b.1, &a.0).cmp(&(a.1, &b.0)));
    let rows = sorted.into_iter().take(SOON_ROWS).map(|(org, counts)| row(names.of(Axis::Org, &org), &org, counts));
    let org = given(&view.params.org).unwrap_or_default();
    Ok((rows.collect(), row(view.t("Tất cả đơn vị", "All authorities").to_owned(), org, total)))
}
