//! `/healthz` (the process lives), `/readyz` (it has figures to serve), `/metrics` (OpenMetrics).

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use serde::Serialize;

use super::problem::Problem;
use super::state::ApiState;
use crate::error::ErrorCode;

/// The process answers.
pub async fn healthz() -> &'static str {
    "ok"
}

/// What is being served.
#[derive(Debug, Serialize)]
pub struct Readiness {
    status: &'static str,
    data_version: String,
    catalog_version: String,
    figures: usize,
}

/// 200 with the versions once there are figures, 503 before.
pub async fn readyz(State(state): State<ApiState>) -> Result<Json<Readiness>, Problem> {
    let served = state.engine.served();
    let figures = served.cube.cell_count();
    if figures == 0 {
        let hint = "Run `toancanh ingest`, or wait for the first scheduled pull.".to_owned();
        return Err(Problem::new(ErrorCode::NotReady, "there are no figures yet", Some(hint)));
    }
    let (data_version, catalog_version) = (served.version.clone(), state.catalog.version.clone());
    Ok(Json(Readiness { status: "ready", data_version, catalog_version, figures }))
}

/// OpenMetrics text.
pub async fn metrics(State(state): State<ApiState>) -> impl IntoResponse {
    state.metrics.cube_cells.set(state.engine.served().cube.cell_count() as i64);
    ([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], state.metrics.encode())
}
