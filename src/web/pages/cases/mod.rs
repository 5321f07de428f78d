//! The pages of citizens' reports: what is late, where and why, down to one report, and what came in while one looks.
//!
//! Every page is a question as the API takes it (`area`, `org`, `category`, `channel`, `from`, `to`, `as_of`), so that a
//! number and the list behind it are the same question asked twice.

mod backlog;
mod case;
mod filters;
mod front;
pub mod glance;
mod heat;
mod listing;
mod question;
mod stream;
mod units;

use askama::Template;
use axum::extract::{OriginalUri, Query, State as Held};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::{Router, routing};

use super::address;
use super::problem::PageProblem;
use crate::web::api::cases::CaseParams;
use crate::web::state::ApiState;
use question::{CaseView, Look};

/// What a page of cases is asked with.
type Request = (Held<ApiState>, Query<CaseParams>, Query<Look>, OriginalUri, HeaderMap);

/// Reads the question, answers with what is kept, else writes the page.
async fn answer<T: Template>(
    (Held(state), Query(params), Query(look), OriginalUri(uri), headers): Request,
    page: impl FnOnce(&CaseView, &Look) -> Result<T, PageProblem>,
) -> Result<Response, PageProblem> {
    let view = CaseView::read(params, &look, &state).await?;
    let at = address(&uri);
    let reply = view.reply(&state, &headers, &at);
    if let Some(ready) = reply.ready() {
        return Ok(ready);
    }
    reply.write(&page(&view, &look)?)
}

/// The routes under `/cases`.
pub fn routes() -> Router<ApiState> {
    Router::new()
        .route("/cases", routing::get(front::front))
        .route("/cases/units", routing::get(units::units))
        .route("/cases/backlog", routing::get(backlog::backlog))
        .route("/cases/list", routing::get(listing::listing))
        .route("/cases/stream", routing::get(stream::stream))
        .route("/cases/{id}", routing::get(case::case))
}
