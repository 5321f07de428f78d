//! `/figures/{indicator}/{area}/{period}`: one number explained down to file and row.

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::query::{self, Versioned, to_json};
use super::series::{ObservationItem, observation};
use crate::compute::explain::{ExplainedInput, Explanation, FigureKey, PastValue};
use crate::domain::{Breakdown, TOTAL};
use crate::error::ErrorCode;
use crate::web::encode::Format;
use crate::web::problem::Problem;
use crate::web::state::ApiState;

/// Which figure.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct FigureParams {
    /// Authority; default `_T`.
    org: Option<String>,
    /// `_T` (default) or `dimension=member`.
    breakdown: Option<String>,
    /// As known on a day or at an instant.
    as_of: Option<String>,
}

/// One input of the figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct InputItem {
    measure: String,
    measure_name_vi: String,
    unit_vi: String,
    area_code: String,
    breakdown: String,
    period: String,
    value: f64,
    obs_status: &'static str,
    vintage: String,
    /// What it is in the formula: value, weight, carried, ...
    role: String,
    feed: Option<String>,
    /// File, sheet and cell, or URL and position.
    source_ref: Option<String>,
    note: Option<String>,
    run: Option<RunItem>,
    /// Other vintages of this very input, the firmest and newest first.
    other_vintages: Vec<VintageItem>,
}

/// Another vintage of an input.
#[derive(Debug, Serialize, ToSchema)]
pub struct VintageItem {
    value: Option<f64>,
    obs_status: &'static str,
    vintage: String,
    feed: String,
    source_ref: String,
}

/// The pull that brought an input.
#[derive(Debug, Serialize, ToSchema)]
pub struct RunItem {
    run_id: String,
    /// File or URL that was pulled.
    url: String,
    pulled_at: String,
    snapshot_sha256: String,
    message: String,
}

/// A value the figure had.
#[derive(Debug, Serialize, ToSchema)]
pub struct PastItem {
    /// From when.
    since: String,
    /// Null when it could not be computed.
    value: Option<f64>,
    obs_status: Option<&'static str>,
    complete: Option<bool>,
}

/// A figure explained.
#[derive(Debug, Serialize, ToSchema)]
pub struct FigureBody {
    code: String,
    name_vi: String,
    unit_vi: String,
    /// The formula the inputs enter.
    formula: String,
    figure: ObservationItem,
    inputs: Vec<InputItem>,
    /// Every value it had, oldest first; the last is the present one.
    history: Vec<PastItem>,
    data_version: String,
    catalog_version: String,
}

fn input(state: &ApiState, explained: ExplainedInput) -> InputItem {
    let measure = &state.catalog.measures[&*explained.used.measure];
    let counting = explained.vintages.first();
    let run = explained.run.as_ref().map(|run| RunItem {
        run_id: run.run_id.clone(),
        url: run.url.clone().unwrap_or_default(),
        pulled_at: run.started_at.to_string(),
        snapshot_sha256: run.snapshot_sha256.clone().unwrap_or_default(),
        message: run.message.clone(),
    });
    let others = explained.vintages.iter().skip(1).map(|row| VintageItem {
        value: row.observation.value,
        obs_status: row.observation.status.as_str(),
        vintage: row.observation.vintage.to_string(),
        feed: row.feed.to_string(),
        source_ref: row.observation.source_ref.clone(),
    });
    InputItem {
        measure: measure.code.clone(),
        measure_name_vi: measure.name_vi.clone(),
        unit_vi: state.catalog.units[&measure.unit].label_vi.clone(),
        area_code: explained.used.area.to_string(),
        breakdown: explained.used.breakdown.to_string(),
        period: explained.used.period.to_string(),
        value: explained.used.value,
        obs_status: explained.used.status.as_str(),
        vintage: explained.used.vintage.to_string(),
        role: explained.used.role.as_str().to_owned(),
        feed: counting.map(|r| r.feed.to_string()),
        source_ref: counting.map(|r| r.observation.source_ref.clone()),
        note: counting.and_then(|r| r.observation.note.clone()),
        run,
        other_vintages: others.collect(),
    }
}

fn past(value: PastValue) -> PastItem {
    PastItem {
        since: value.since.to_string(),
        value: value.cell.as_ref().map(|c| c.value),
        obs_status: value.cell.as_ref().map(|c| c.status.as_str()),
        complete: value.cell.as_ref().map(|c| c.complete),
    }
}

fn body(state: &ApiState, code: &str, explanation: Explanation) -> FigureBody {
    let indicator = &state.catalog.indicators[code];
    let unit = state.catalog.unit_of(indicator);
    FigureBody {
        code: indicator.code.clone(),
        name_vi: indicator.name_vi.clone(),
        unit_vi: unit.label_vi.clone(),
        formula: indicator.formula_text.clone(),
        figure: observation(&explanation.cell, unit.rate),
        inputs: explanation.inputs.into_iter().map(|i| input(state, i)).collect(),
        history: explanation.history.into_iter().map(past).collect(),
        data_version: explanation.version,
        catalog_version: state.catalog.version.clone(),
    }
}

/// Explains one number: formula, inputs with their vintages, file or URL with row or cell, run, and every earlier value.
#[utoipa::path(get, path = "/figures/{indicator}/{area}/{period}", tag = "figures",
    params(("indicator" = String, Path, description = "Four digits"), ("area" = String, Path, description = "Area code"),
        ("period" = String, Path, description = "2022-05, 2022-Q2 or 2022"), FigureParams),
    responses((status = 200, body = FigureBody), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub async fn figure(
    State(state): State<ApiState>,
    Path((indicator, area, period)): Path<(String, String, String)>,
    Query(asked): Query<FigureParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let wrong = || Problem::new(ErrorCode::BadRequest, "the period is empty", None);
    let breakdown: Option<Breakdown> =
        query::parse("breakdown", asked.breakdown.as_deref(), "`_T` or `dimension=member`")?;
    let key = FigureKey {
        indicator,
        area,
        org: asked.org.unwrap_or_else(|| TOTAL.to_owned()),
        breakdown: breakdown.unwrap_or(Breakdown::TOTAL),
        period: query::period("period", Some(&period))?.ok_or_else(wrong)?,
        as_of: query::as_of(asked.as_of.as_deref())?,
    };
    let Some(explanation) = state.engine.explain(&key, &state.scope).await? else {
        let detail = format!("indicator {} has no figure for area \"{}\", {}", key.indicator, key.area, key.period);
        let hint =
            format!("GET /api/v1/indicators/{}/series?area={} lists the periods there are.", key.indicator, key.area);
        return Err(Problem::new(ErrorCode::NotFound, detail, Some(hint)));
    };
    let etag = Versioned::etag(&explanation.version, Format::Json);
    let dressed = Versioned { etag, format: Format::Json, name: "figure" };
    dressed.respond(&headers, || Ok(to_json(&body(&state, &key.indicator, explanation))))
}
