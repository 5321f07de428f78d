//! What is open and how old, what came and went, how long an answer takes, what came back.

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::tables::UnitsParams;
use super::tally::ShareItem;
use super::{Asked, CaseAnswer, CaseParams, axis, label, text_of};
use crate::cases::views::{AGE_BANDS, Axis, Backlog, OVERDUE_BANDS, backlog_by, flow, rereports, survival};
use crate::web::problem::Problem;
use crate::web::state::ApiState;

/// What a unit has open.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BacklogItem {
    code: String,
    label: String,
    open: u32,
    open_overdue: u32,
    /// Open by age: under 5, 5 to 15, 16 to 30, over 30 days.
    under_5d: u32,
    from_5_to_15d: u32,
    from_16_to_30d: u32,
    over_30d: u32,
    /// Overdue by working days: up to 5, 6 to 10, 11 to 30, over 30.
    overdue_1_5d: u32,
    overdue_6_10d: u32,
    overdue_11_30d: u32,
    overdue_over_30d: u32,
    /// The oldest open case.
    oldest_case: Option<String>,
    oldest_since: Option<String>,
}

/// What is open.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BacklogBody {
    by: &'static str,
    age_bands: Vec<&'static str>,
    overdue_days_bands: Vec<&'static str>,
    units: Vec<BacklogItem>,
}

/// Open cases by age and by days overdue at the end of the window.
#[utoipa::path(get, path = "/cases/backlog", tag = "cases", params(UnitsParams, CaseParams),
    responses((status = 200, body = CaseAnswer<BacklogBody>), (status = 304), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub async fn pile(
    State(state): State<ApiState>,
    Query(units): Query<UnitsParams>,
    Query(params): Query<CaseParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asked = Asked::new(&state.engine, &params).await?;
    let lens = asked.lens(&state.catalog)?;
    let by = axis("by", units.by.as_deref(), Axis::Total)?;
    let at = lens.to.saturating_sub(1);
    let item = |pile: Backlog| BacklogItem {
        label: label(&state.catalog, by, &pile.code, at),
        code: pile.code.to_string(),
        open: pile.open,
        open_overdue: pile.open_overdue,
        under_5d: pile.by_age[0],
        from_5_to_15d: pile.by_age[1],
        from_16_to_30d: pile.by_age[2],
        over_30d: pile.by_age[3],
        overdue_1_5d: pile.by_overdue_days[0],
        overdue_6_10d: pile.by_overdue_days[1],
        overdue_11_30d: pile.by_overdue_days[2],
        overdue_over_30d: pile.by_overdue_days[3],
        oldest_since: pile.oldest.as_ref().map(|case| text_of(case.start)),
        oldest_case: pile.oldest.map(|case| case.id),
    };
    let units = backlog_by(&lens, &state.catalog.calendar, by)?;
    let body = BacklogBody {
        by: by.as_str(),
        age_bands: AGE_BANDS.to_vec(),
        overdue_days_bands: OVERDUE_BANDS.to_vec(),
        units: units.into_iter().map(item).collect(),
    };
    asked.respond((&params, &headers, "backlog"), asked.head(&lens), body, |body| body.units.clone())
}

/// One period.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FlowItem {
    period: String,
    received: u32,
    reopened: u32,
    transferred_in: u32,
    closed: u32,
    rejected: u32,
    merged: u32,
    transferred_out: u32,
    /// Open at its end: open before, and what came, less what went.
    open: u32,
    open_overdue: u32,
}

/// What came and went.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FlowBody {
    open_at_start: u32,
    periods: Vec<FlowItem>,
}

/// By what.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
pub struct FlowParams {
    /// day, week or month (default).
    pub by: Option<String>,
}

/// What came in and went out by day, week or month, and what is open at the end of each.
#[utoipa::path(get, path = "/cases/flow", tag = "cases", params(FlowParams, CaseParams),
    responses((status = 200, body = CaseAnswer<FlowBody>), (status = 304), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub async fn flows(
    State(state): State<ApiState>,
    Query(by): Query<FlowParams>,
    Query(params): Query<CaseParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asked = Asked::new(&state.engine, &params).await?;
    let lens = asked.lens(&state.catalog)?;
    let series = flow(&lens, axis("by", by.by.as_deref(), Axis::Month)?)?;
    let periods = series.periods.into_iter().map(|p| FlowItem {
        period: p.key.to_string(),
        received: p.received,
        reopened: p.reopened,
        transferred_in: p.transferred_in,
        closed: p.closed,
        rejected: p.rejected,
        merged: p.merged,
        transferred_out: p.transferred_out,
        open: p.open,
        open_overdue: p.open_overdue,
    });
    let body = FlowBody { open_at_start: series.open_at_start, periods: periods.collect() };
    asked.respond((&params, &headers, "flow"), asked.head(&lens), body, |body| body.periods.clone())
}

/// Days at which the share answered is named.
const DAYS: [u32; 5] = [1, 3, 5, 10, 30];

/// One step of the curve.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StepItem {
    /// Hours since the case came in.
    hours: f64,
    /// Share of cases still waiting for an answer, in percent.
    waiting_percent: f64,
    /// Cases that were still waiting right before.
    at_risk: u32,
}

/// What was answered by a day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AtDayItem {
    days: u32,
    at_risk: u32,
    /// In percent; null where nobody was followed so long.
    answered_percent: Option<f64>,
}

/// Time to the answer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SurvivalBody {
    cases: u32,
    answered: u32,
    /// Still open: followed until now, not left out.
    open: u32,
    /// Rejected or merged: followed until then.
    ended_otherwise: u32,
    /// Half of the cases are answered within this many hours; null while fewer are.
    median_hours: Option<f64>,
    at_days: Vec<AtDayItem>,
    steps: Vec<StepItem>,
}

/// How long an answer takes, cases that are still open counted (Kaplan-Meier estimate).
#[utoipa::path(get, path = "/cases/survival", tag = "cases", params(CaseParams),
    responses((status = 200, body = CaseAnswer<SurvivalBody>), (status = 304), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub async fn waiting(
    State(state): State<ApiState>,
    Query(params): Query<CaseParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asked = Asked::new(&state.engine, &params).await?;
    let lens = asked.lens(&state.catalog)?;
    let curve = survival(&lens, &DAYS);
    let step = |s: &crate::cases::views::SurvivalStep| StepItem {
        hours: s.hours,
        waiting_percent: s.waiting * 100.0,
        at_risk: s.at_risk,
    };
    let at_day = |d: &crate::cases::views::AtDay| AtDayItem {
        days: d.days,
        at_risk: d.at_risk,
        answered_percent: d.answered.map(|share| share * 100.0),
    };
    let body = SurvivalBody {
        cases: curve.cases,
        answered: curve.answered,
        open: curve.open,
        ended_otherwise: curve.ended_otherwise,
        median_hours: curve.median_hours,
        at_days: curve.at_days.iter().map(at_day).collect(),
        steps: curve.steps.iter().map(step).collect(),
    };
    asked.respond((&params, &headers, "survival"), asked.head(&lens), body, |body| body.steps.clone())
}

/// What came back to a unit in a category.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReReportItem {
    unit: String,
    unit_label: String,
    category: String,
    category_label: String,
    #[serde(flatten)]
    share: ShareItem,
}

/// What came back.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReReportsBody {
    by: &'static str,
    total: ShareItem,
    /// Answers since then may still come back within their 30 days.
    whole_until: String,
    pairs: Vec<ReReportItem>,
}

/// Answered cases that the citizen reopened within 30 days, by unit and category.
#[utoipa::path(get, path = "/cases/rereports", tag = "cases", params(UnitsParams, CaseParams),
    responses((status = 200, body = CaseAnswer<ReReportsBody>), (status = 304), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub async fn came_back(
    State(state): State<ApiState>,
    Query(units): Query<UnitsParams>,
    Query(params): Query<CaseParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asked = Asked::new(&state.engine, &params).await?;
    let lens = asked.lens(&state.catalog)?;
    let by = axis("by", units.by.as_deref(), Axis::District)?;
    let found = rereports(&lens, by)?;
    let at = lens.to.saturating_sub(1);
    let pairs = found.pairs.iter().map(|(unit, category, share)| ReReportItem {
        unit: unit.to_string(),
        unit_label: label(&state.catalog, by, unit, at),
        category: category.to_string(),
        category_label: label(&state.catalog, Axis::Category, category, at),
        share: ShareItem::of(*share),
    });
    let body = ReReportsBody {
        by: by.as_str(),
        total: ShareItem::of(found.total),
        whole_until: text_of(found.whole_until),
        pairs: pairs.collect(),
    };
    asked.respond((&params, &headers, "rereports"), asked.head(&lens), body, |body| body.pairs.clone())
}
