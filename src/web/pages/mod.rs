//! The pages: written on the server, whole without script, every state an address.
//!
//! A page asks the served cube, words what it finds with [`crate::present`], draws with [`crate::chart`] and decides
//! nothing.

mod areas;
mod cases;
mod catalog;
mod dashboards;
mod explain;
mod explore;
mod extent;
mod group;
mod indicator;
mod indicator_charts;
mod infographics;
mod kept;
mod overview;
mod problem;
mod reply;
mod reports;
mod search;
mod shell;
mod sources;
mod units;
mod units_list;
mod view;
mod wall;

use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use axum::{Router, routing};

pub use kept::KeptPages;
pub use problem::PageProblem;
use reply::Reply;
pub use shell::name_city;
use view::View;

use super::state::ApiState;
use crate::present::{Language, instant, label_of, pick, reading};

/// The routes of all pages.
pub fn routes() -> Router<ApiState> {
    Router::new()
        .route("/", routing::get(overview::overview))
        .merge(cases::routes())
        .route("/groups/{code}", routing::get(group::group))
        .route("/indicators/{code}", routing::get(indicator::indicator))
        .route("/indicators/{code}/explain", routing::get(explain::explain))
        .route("/units", routing::get(units_list::list))
        .route("/units/{code}", routing::get(units::unit))
        .route("/catalog", routing::get(catalog::catalog))
        .route("/methods", routing::get(catalog::methods))
        .route("/sources", routing::get(sources::sources))
        .route("/explore", routing::get(explore::explore))
        .route("/explore/{file}", routing::get(explore::file))
        .route("/reports", routing::get(reports::list))
        .route("/reports/{file}", routing::get(reports::file))
        .route("/search", routing::get(search::search))
        .route("/dashboards", routing::get(dashboards::list))
        .route("/dashboards/{id}", routing::get(dashboards::dashboard))
        .route("/wall", routing::get(wall::wall))
        .route("/infographics", routing::get(infographics::gallery))
        .route("/infographics/{file}", routing::get(infographics::picture))
        .route("/assets/{name}", routing::get(super::assets::asset))
}

/// The answer to an address whose page is kept for the state of the data that is served now: 304 where the reader has
/// it, else the page; `None` where it has to be asked for. What a page depends on besides its address is in its version,
/// so one that is kept under the version of the data depends on nothing else.
pub fn kept(state: &ApiState, uri: &Uri, headers: &HeaderMap) -> Option<Response> {
    let address = uri.path_and_query()?.as_str();
    let version = state.engine.served().version.clone();
    let reply = Reply { kept: &state.kept, headers, address, version };
    reply.known().then(|| reply.ready()).flatten()
}

/// The page for an address that leads nowhere.
pub fn nowhere(uri: &Uri) -> Response {
    let english = uri.query().is_some_and(|q| q.split('&').any(|p| p == "lang=en"));
    let language = if english { Language::En } else { Language::Vi };
    let href = |path: &str| if english { format!("{path}?lang=en") } else { path.to_owned() };
    let ways = vec![
        (pick(language, "Toàn cảnh", "Overview").to_owned(), href("/")),
        (pick(language, "Danh mục chỉ tiêu", "Catalogue").to_owned(), href("/catalog")),
        (pick(language, "Đơn vị và địa bàn", "Units and areas").to_owned(), href("/units")),
    ];
    PageProblem::unknown(language, pick(language, "trang", "page"), uri.path(), ways).into_response()
}

/// Path and query of a request: the address under which its page is kept.
fn address(uri: &Uri) -> String {
    uri.path_and_query().map_or_else(String::new, |p| p.as_str().to_owned())
}

/// What stands at the foot of a page of figures.
fn foot(view: &View) -> Vec<String> {
    let newest = view.extent.published;
    let mut parts = Vec::new();
    let period = label_of(view.period, view.language);
    match view.language {
        Language::Vi => {
            parts.push(format!("Kỳ: {period}"));
            parts.extend(newest.map(|at| format!("Số liệu mới nhất công bố lúc {}", instant(at, view.language))));
            parts.extend(view.as_of.as_ref().map(|day| format!("Theo số liệu biết đến ngày {day}")));
            parts.push(format!("Phiên bản dữ liệu {}", view.served.version));
        }
        Language::En => {
            parts.push(format!("Period: {period}"));
            parts.extend(newest.map(|at| format!("Newest figures published {}", instant(at, view.language))));
            parts.extend(view.as_of.as_ref().map(|day| format!("As known on {day}")));
            parts.push(format!("Data version {}", view.served.version));
        }
    }
    parts
}
