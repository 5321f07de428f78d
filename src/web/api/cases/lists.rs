//! The cases behind a figure, those that fall due next, and figures worth a look. Identifiers and times only.

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::tally::ShareItem;
use super::{Asked, CaseAnswer, CaseParams, label, order, text_of, which};
use crate::cases::views::{Axis, GamingRules, ListedCase, Page, gaming, list, soon};
use crate::web::api::query;
use crate::web::problem::Problem;
use crate::web::state::ApiState;

/// Cases on a page, at most.
const PAGE_MAX: usize = 1000;

/// Which cases, in which order.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
pub struct ListParams {
    /// open, open_overdue, received, handled, not_handled (of those received), closed, due, overdue (default), rejected,
    /// merged or reopened.
    pub which: Option<String>,
    /// most_overdue (default), oldest, newest or due_first.
    pub order: Option<String>,
    /// Cases to pass over.
    pub offset: Option<String>,
    /// Cases to show (default 100, at most 1000).
    pub limit: Option<String>,
}

/// One case.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CaseItem {
    /// The source's identifier.
    case_id: String,
    feed: String,
    ward: String,
    ward_label: String,
    district: String,
    district_label: String,
    org: String,
    org_label: String,
    category: String,
    category_label: String,
    channel: String,
    /// When its round (or the stint of the authority) began.
    since: String,
    due_at: Option<String>,
    ended_at: Option<String>,
    /// open, paused, overdue, answered_on_time, answered_late, rejected, merged or passed_on.
    state: &'static str,
    /// How late, in hours of the wall clock.
    overdue_hours: f64,
}

/// Cases.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ListBody {
    which: String,
    order: &'static str,
    /// On all pages.
    total: usize,
    offset: usize,
    cases: Vec<CaseItem>,
}

fn item(state: &ApiState, case: ListedCase) -> CaseItem {
    let named = |axis: Axis, code: &str| label(&state.catalog, axis, code, case.start);
    CaseItem {
        ward_label: named(Axis::Ward, &case.ward),
        ward: case.ward.to_string(),
        district_label: named(Axis::District, &case.district),
        district: case.district.to_string(),
        org_label: named(Axis::Org, &case.org),
        org: case.org.to_string(),
        category_label: named(Axis::Category, &case.category),
        category: case.category.to_string(),
        channel: case.channel.to_string(),
        since: text_of(case.start),
        due_at: case.due.map(text_of),
        ended_at: case.end.map(text_of),
        state: case.state.as_str(),
        overdue_hours: f64::from(case.overdue_seconds) / 3600.0,
        feed: case.feed.to_string(),
        case_id: case.id,
    }
}

fn page(params: &ListParams) -> Result<Page, Problem> {
    let number = |name: &str, text: &Option<String>| query::parse::<usize>(name, text.as_deref(), "a number");
    Ok(Page {
        offset: number("offset", &params.offset)?.unwrap_or(0),
        limit: number("limit", &params.limit)?.unwrap_or(100).min(PAGE_MAX),
    })
}

/// The cases behind any figure, by identifier.
#[utoipa::path(get, path = "/cases/list", tag = "cases", params(ListParams, CaseParams),
    responses((status = 200, body = CaseAnswer<ListBody>), (status = 304), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub async fn listed(
    State(state): State<ApiState>,
    Query(asked_for): Query<ListParams>,
    Query(params): Query<CaseParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asked = Asked::new(&state.engine, &params).await?;
    let lens = asked.lens(&state.catalog)?;
    let (name, which) = which(asked_for.which.as_deref())?;
    let order = order(asked_for.order.as_deref())?;
    let page = page(&asked_for)?;
    let offset = page.offset;
    let found = list(&lens, which, order, page);
    let cases = found.cases.into_iter().map(|case| item(&state, case)).collect();
    let body = ListBody { which: name.to_owned(), order: order.as_str(), total: found.total, offset, cases };
    asked.respond((&params, &headers, "cases"), asked.head(&lens), body, |body| body.cases.clone())
}

/// How soon.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
pub struct SoonParams {
    /// Working hours until the deadline, at most (default 8).
    pub within_hours: Option<String>,
}

/// One case that falls due soon.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SoonItem {
    working_hours_left: f64,
    #[serde(flatten)]
    case: CaseItem,
}

/// Cases that fall due soon.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SoonBody {
    /// The last deadline meant.
    until: String,
    total: usize,
    cases: Vec<SoonItem>,
}

/// Open cases whose deadline comes within some working hours, the earliest first.
#[utoipa::path(get, path = "/cases/soon", tag = "cases", params(SoonParams, CaseParams),
    responses((status = 200, body = CaseAnswer<SoonBody>), (status = 304), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub async fn soon_due(
    State(state): State<ApiState>,
    Query(how_soon): Query<SoonParams>,
    Query(params): Query<CaseParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asked = Asked::new(&state.engine, &params).await?;
    let lens = asked.lens(&state.catalog)?;
    let hours: Option<u32> = query::parse("within_hours", how_soon.within_hours.as_deref(), "a number of hours")?;
    let within = TimeDelta::hours(i64::from(hours.unwrap_or(8).min(2000)));
    let found = soon(&lens, &state.catalog.calendar, within, Page { offset: 0, limit: PAGE_MAX })?;
    let cases = found.cases.into_iter().map(|due| SoonItem {
        working_hours_left: due.working_seconds_left as f64 / 3600.0,
        case: item(&state, due.case),
    });
    let body = SoonBody { until: text_of(found.until), total: found.total, cases: cases.collect() };
    asked.respond((&params, &headers, "soon"), asked.head(&lens), body, |body| body.cases.clone())
}

/// A figure of one authority that may be worth a look. No verdict.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FlagItem {
    /// just_before_limit, bulk_closing, bouncing or reopened_after_on_time.
    kind: &'static str,
    org: String,
    org_label: String,
    /// Whether the rules say that it is worth a look.
    worth_a_look: bool,
    #[serde(flatten)]
    share: ShareItem,
    /// The same share of all other authorities together, in percent.
    others_percent: Option<f64>,
    /// Answers in the largest bulk.
    largest_bulk: usize,
    /// Identifiers of some of the cases.
    examples: Vec<String>,
}

/// Figures to look at.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FlagsBody {
    flags: Vec<FlagItem>,
}

/// Figures of authorities that may be worth a look: answers just before the limit, bulk closing, cases handed around,
/// reopened after an on-time answer. They are no verdict.
#[utoipa::path(get, path = "/cases/flags", tag = "cases", params(CaseParams),
    responses((status = 200, body = CaseAnswer<FlagsBody>), (status = 304), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub async fn flags(
    State(state): State<ApiState>,
    Query(params): Query<CaseParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asked = Asked::new(&state.engine, &params).await?;
    let lens = asked.lens(&state.catalog)?;
    let at = lens.to.saturating_sub(1);
    let found = gaming(&lens, &GamingRules::default());
    let flags = found.flags.into_iter().map(|flag| FlagItem {
        kind: flag.kind.as_str(),
        org_label: label(&state.catalog, Axis::Org, &flag.org, at),
        org: flag.org.to_string(),
        worth_a_look: flag.is_raised,
        share: ShareItem::of(flag.share),
        others_percent: super::tally::percent(flag.others),
        largest_bulk: flag.largest_bulk,
        examples: flag.examples,
    });
    let body = FlagsBody { flags: flags.collect() };
    asked.respond((&params, &headers, "flags"), asked.head(&lens), body, |body| body.flags.clone())
}
