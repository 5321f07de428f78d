//! `/cases/list`: the reports behind any number, by identifier, with deadline, state and days late.

use askama::Template;
use axum::extract::{OriginalUri, Query, State as Held};
use axum::http::HeaderMap;
use axum::response::Response;
use chrono::TimeDelta;

use super::filters::{CaseFrame, Way};
use super::question::{CaseView, Look, given, unreadable};
use crate::cases::moment;
use crate::cases::views::{Axis, ListedCase, Order, Page, list, soon};
use crate::present::{
    Language, case_state, case_state_word, count, duration_words, instant, list_word, state_class, state_mark,
};
use crate::web::api::cases::{CaseParams, WrongParameter, order, which};
use crate::web::pages::address;
use crate::web::pages::problem::PageProblem;
use crate::web::pages::shell::Shell;
use crate::web::state::ApiState;

/// Reports on a page.
const ON_PAGE: usize = 50;
/// Kinds that can be chosen, besides what falls due soon.
const KINDS: [&str; 9] =
    ["overdue", "open", "open_overdue", "received", "handled", "not_handled", "closed", "reopened", "rejected"];
/// Orders that can be chosen: code, Vietnamese, English.
const ORDERS: [(Order, &str, &str); 4] = [
    (Order::MostOverdue, "trễ nhiều nhất trước", "most overdue first"),
    (Order::Oldest, "cũ nhất trước", "oldest first"),
    (Order::Newest, "mới nhất trước", "newest first"),
    (Order::DueFirst, "đến hạn sớm nhất trước", "due first"),
];
/// Working hours to the deadline of what is due soon, at most.
const SOON_MAX: u32 = 400;

/// One report.
pub struct CaseLine {
    /// The source's identifier.
    pub id: String,
    /// Its page.
    pub url: String,
    /// Ward and district.
    pub place: String,
    /// The authority that has it.
    pub org: String,
    /// Its category.
    pub category: String,
    /// When it came in, or to the authority.
    pub since: String,
    /// Its deadline.
    pub due: String,
    /// When it was answered.
    pub end: String,
    /// Class of its state.
    pub class: &'static str,
    /// Shape of its state.
    pub mark: &'static str,
    /// Its state.
    pub state: &'static str,
    /// How late; empty if it is not.
    pub late: String,
}

/// A listed case in words.
pub fn line(view: &CaseView, case: &ListedCase) -> CaseLine {
    let (names, language) = (view.names(), view.language);
    let place = if case.ward.is_empty() {
        names.of(Axis::District, &case.district)
    } else {
        let (ward, district) = (names.of(Axis::Ward, &case.ward), names.of(Axis::District, &case.district));
        // A numbered ward carries its district already.
        if ward.contains(&district) || case.district.is_empty() { ward } else { format!("{ward}, {district}") }
    };
    let at = |second| instant(moment(second).vintage(), language);
    let state = case_state(case.state);
    CaseLine {
        url: view.case_url(&case.id, &case.feed),
        id: case.id.clone(),
        place,
        org: names.of(Axis::Org, &case.org),
        category: names.of(Axis::Category, &case.category),
        since: at(case.start),
        due: case.due.map(at).unwrap_or_default(),
        end: case.end.map(at).unwrap_or_default(),
        class: state_class(state),
        mark: state_mark(state),
        state: case_state_word(case.state, language),
        late: if case.overdue_seconds == 0 { String::new() } else { duration_words(case.overdue_seconds, language) },
    }
}

#[derive(Template)]
#[template(path = "cases_list.html")]
struct ListPage {
    s: Shell,
    f: CaseFrame,
    kinds: Vec<Way>,
    orders: Vec<Way>,
    of_stints: bool,
    cases: Vec<CaseLine>,
    place: String,
    previous: Option<String>,
    next: Option<String>,
    downloads: Vec<(&'static str, String)>,
}

/// What is listed.
struct Listed {
    name: &'static str,
    total: usize,
    cases: Vec<CaseLine>,
}

/// `/cases/list`.
pub async fn listing(
    Held(state): Held<ApiState>,
    Query(params): Query<CaseParams>,
    Query(look): Query<Look>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, PageProblem> {
    let view = CaseView::read(params, &look, &state).await?;
    let at = address(&uri);
    let reply = view.reply(&state, &headers, &at);
    if let Some(ready) = reply.ready() {
        return Ok(ready);
    }
    reply.write(&page(&view, &look)?)
}

fn number<T: std::str::FromStr>(
    view: &CaseView,
    name: &'static str,
    text: &Option<String>,
    usual: T,
) -> Result<T, PageProblem> {
    let Some(text) = given(text) else { return Ok(usual) };
    text.parse().map_err(|_| PageProblem::unreadable(view.language, name, text, "8"))
}

fn page(view: &CaseView, look: &Look) -> Result<ListPage, PageProblem> {
    let wrong = |e: WrongParameter| unreadable(view.language, &e);
    let order = order(look.order.as_deref()).map_err(wrong)?;
    let turn = number(view, "page", &look.page, 1usize)?.max(1);
    let hours = number(view, "within_hours", &look.within_hours, super::front::SOON_HOURS[0])?.min(SOON_MAX);
    let on_page = Page { offset: (turn - 1).saturating_mul(ON_PAGE), limit: ON_PAGE };
    let listed = if given(&look.which) == Some("soon") {
        due_soon(view, hours, on_page)?
    } else {
        let (name, which) = which(look.which.as_deref()).map_err(wrong)?;
        let found = list(&view.lens()?, which, order, on_page);
        Listed { name, total: found.total, cases: found.cases.iter().map(|case| line(view, case)).collect() }
    };
    let text = |text: &Option<String>| given(text).unwrap_or_default().to_owned();
    let kept =
        vec![("which", text(&look.which)), ("order", text(&look.order)), ("within_hours", text(&look.within_hours))];
    let changes: Vec<(&str, &str)> = kept.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let turned = |to: usize| view.url("/cases/list", &[&changes[..], &[("page", &to.to_string())]].concat());
    let pages = listed.total.div_ceil(ON_PAGE).max(1);
    let mut f = CaseFrame::new(view, "/cases/list", kept.clone());
    f.here = if turn > 1 { turned(turn) } else { f.here };
    (f.message, f.sub) = words(view, &listed, hours)?;
    Ok(ListPage {
        kinds: kinds(view, listed.name),
        orders: if listed.name == "soon" { Vec::new() } else { orders(view, listed.name, order) },
        of_stints: !view.asked.question.filter.orgs.is_empty(),
        place: match view.language {
            Language::Vi => format!("Trang {turn}/{pages}"),
            Language::En => format!("Page {turn} of {pages}"),
        },
        previous: (turn > 1).then(|| turned(turn - 1)),
        next: (turn < pages).then(|| turned(turn + 1)),
        downloads: downloads(view, listed.name, order, hours),
        cases: listed.cases,
        s: f.shell(view),
        f,
    })
}

fn due_soon(view: &CaseView, hours: u32, on_page: Page) -> Result<Listed, PageProblem> {
    let found = soon(&view.lens()?, &view.catalog.calendar, TimeDelta::hours(hours.into()), on_page)
        .map_err(|e| PageProblem::failed(view.language, &e))?;
    Ok(Listed {
        name: "soon",
        total: found.total,
        cases: found.cases.iter().map(|due| line(view, &due.case)).collect(),
    })
}

/// "251 phản ánh trễ hạn · Quận Bình Tân", and over which window.
fn words(view: &CaseView, listed: &Listed, hours: u32) -> Result<(String, String), PageProblem> {
    let (lens, names, language) = (view.lens()?, view.names(), view.language);
    let filter = &view.asked.question.filter;
    let of = |axis: Axis, codes: &[String]| codes.iter().map(|code| names.of(axis, code)).collect::<Vec<_>>();
    let parts = [
        of(Axis::Ward, &filter.areas),
        of(Axis::Org, &filter.orgs),
        of(Axis::Category, &filter.categories),
        of(Axis::Channel, &filter.channels),
        filter.feeds.clone(),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|list| !list.is_empty()).map(|list| list.join(", ")).collect();
    let place = if parts.is_empty() { String::new() } else { format!("{}: ", parts.join(" · ")) };
    let (n, kind) = (count(listed.total, language), list_word(listed.name, language));
    let message = match language {
        Language::Vi => format!("{place}{n} phản ánh {kind}"),
        Language::En => format!("{place}{n} reports {kind}"),
    };
    let sub = match (listed.name, language) {
        ("soon", Language::Vi) => format!("Còn mở, hạn trong {hours} giờ làm việc tới"),
        ("soon", Language::En) => format!("Open, due within the next {hours} working hours"),
        _ => crate::gallery::Words::upper(&view.words().window(lens.from, lens.to)),
    };
    Ok((message, sub))
}

fn kinds(view: &CaseView, now: &str) -> Vec<Way> {
    let way = |name: &str| Way {
        label: crate::gallery::Words::upper(list_word(name, view.language)),
        url: view.url("/cases/list", &[("which", name)]),
        current: name == now,
    };
    let mut ways: Vec<Way> = KINDS.iter().map(|name| way(name)).collect();
    ways.insert(3, way("soon"));
    if !ways.iter().any(|way| way.current) {
        ways.push(way(now));
    }
    ways
}

fn orders(view: &CaseView, which: &str, now: Order) -> Vec<Way> {
    let way = |(order, vi, en): &(Order, &'static str, &'static str)| Way {
        label: view.t(vi, en).to_owned(),
        url: view.url("/cases/list", &[("which", which), ("order", order.as_str())]),
        current: *order == now,
    };
    ORDERS.iter().map(way).collect()
}

fn downloads(view: &CaseView, which: &str, order: Order, hours: u32) -> Vec<(&'static str, String)> {
    let file = |format: &str| match which {
        "soon" => view.url("/api/v1/cases/soon", &[("within_hours", &hours.to_string()), ("format", format)]),
        _ => view.url(
            "/api/v1/cases/list",
            &[("which", which), ("order", order.as_str()), ("limit", "1000"), ("format", format)],
        ),
    };
    vec![("XLSX", file("xlsx")), ("CSV", file("csv")), ("JSON", file("json"))]
}
