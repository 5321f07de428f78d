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

use axum::{Router, routing};

use crate::web::state::ApiState;

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
