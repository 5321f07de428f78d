//! Tables of cases: one total, any two axes, units ranked, one level down.

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::tally::{ShareItem, TallyItem};
use super::{Asked, CaseAnswer, CaseParams, axis, label};
use crate::cases::views::{Axis, Ranked, children, crosstab, ranking};
use crate::web::problem::Problem;
use crate::web::state::ApiState;

/// Received, handled, late and open over the window.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Summary {
    /// Cases received in the window that are no longer open: answered, rejected or merged.
    pub handled: u32,
    /// Cases received in the window that still are.
    pub not_handled: u32,
    #[serde(flatten)]
    tally: TallyItem,
}

/// What came in, what was done, what is late: one line.
///
/// `handled` and `not_handled` follow the cases received in the window; all other counts are of what happened in it.
#[utoipa::path(get, path = "/cases/summary", tag = "cases", params(CaseParams),
    responses((status = 200, body = CaseAnswer<Summary>), (status = 304), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub async fn summary(
    State(state): State<ApiState>,
    Query(params): Query<CaseParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asked = Asked::new(&state.engine, &params).await?;
    let lens = asked.lens(&state.catalog)?;
    let all = crate::cases::views::summary(&lens)?;
    let tally = TallyItem::of(&all.tally, lens.basis);
    let body = Summary { handled: all.handled, not_handled: all.not_handled, tally };
    asked.respond((&params, &headers, "cases"), asked.head(&lens), body, |body| vec![body.clone()])
}

/// Which two axes.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
pub struct AxesParams {
    /// total, district, ward, org, category, channel, day, week, month or age_band; default district.
    pub rows: Option<String>,
    /// The same; default category.
    pub columns: Option<String>,
}

/// A code with what it is called.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Labelled {
    code: String,
    label: String,
}

/// One cell.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CellItem {
    row: String,
    row_label: String,
    column: String,
    column_label: String,
    #[serde(flatten)]
    tally: TallyItem,
}

/// A table of two axes. Totals are counted, not added up.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CrossTabBody {
    row_axis: &'static str,
    column_axis: &'static str,
    rows: Vec<Labelled>,
    columns: Vec<Labelled>,
    /// Row by row; cells in which nothing happened are there too.
    cells: Vec<CellItem>,
    row_totals: Vec<TallyItem>,
    column_totals: Vec<TallyItem>,
    total: TallyItem,
}

/// The table of two axes for the wire.
pub fn crosstab_body(state: &ApiState, asked: &Asked, axes: &AxesParams) -> Result<CrossTabBody, Problem> {
    let lens = asked.lens(&state.catalog)?;
    let rows = axis("rows", axes.rows.as_deref(), Axis::District)?;
    let columns = axis("columns", axes.columns.as_deref(), Axis::Category)?;
    let table = crosstab(&lens, rows, columns)?;
    let at = lens.to.saturating_sub(1);
    let labels = |axis: Axis, codes: &[std::sync::Arc<str>]| -> Vec<Labelled> {
        codes.iter().map(|c| Labelled { code: c.to_string(), label: label(&state.catalog, axis, c, at) }).collect()
    };
    let (row_labels, column_labels) = (labels(rows, &table.rows), labels(columns, &table.columns));
    let tally = |tally| TallyItem::of(tally, lens.basis);
    let mut cells = Vec::with_capacity(table.cells.len());
    for (r, row) in row_labels.iter().enumerate() {
        for (c, column) in column_labels.iter().enumerate() {
            cells.push(CellItem {
                row: row.code.clone(),
                row_label: row.label.clone(),
                column: column.code.clone(),
                column_label: column.label.clone(),
                tally: tally(table.cell(r, c)),
            });
        }
    }
    Ok(CrossTabBody {
        row_axis: rows.as_str(),
        column_axis: columns.as_str(),
        rows: row_labels,
        columns: column_labels,
        cells,
        row_totals: table.row_totals.iter().map(tally).collect(),
        column_totals: table.column_totals.iter().map(tally).collect(),
        total: tally(&table.total),
    })
}

/// Any two of district, ward, authority, category, channel, day, week, month and age: the numbers of a heatmap.
#[utoipa::path(get, path = "/cases/crosstab", tag = "cases", params(AxesParams, CaseParams),
    responses((status = 200, body = CaseAnswer<CrossTabBody>), (status = 304), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub async fn cross(
    State(state): State<ApiState>,
    Query(axes): Query<AxesParams>,
    Query(params): Query<CaseParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asked = Asked::new(&state.engine, &params).await?;
    let body = crosstab_body(&state, &asked, &axes)?;
    let head = asked.head(&asked.lens(&state.catalog)?);
    asked.respond((&params, &headers, "cases"), head, body, |body| body.cells.clone())
}

/// Which units.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
pub struct UnitsParams {
    /// district (default), ward or org.
    pub by: Option<String>,
}

/// One unit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RankedItem {
    /// 1 is the highest share overdue; null with too few cases.
    rank: Option<u32>,
    code: String,
    label: String,
    /// Percentage points above the average of all units.
    gap_points: Option<f64>,
    /// Share overdue in the window of the same length before, in percent.
    before_percent: Option<f64>,
    /// Percentage points since.
    change_points: Option<f64>,
    #[serde(flatten)]
    tally: TallyItem,
}

/// Units by their share overdue.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RankingBody {
    by: &'static str,
    /// All units together.
    average: ShareItem,
    /// The same in the window before.
    average_before: ShareItem,
    /// The highest share first; then, without rank, units with too few cases.
    units: Vec<RankedItem>,
}

/// Districts, wards or authorities by their share of overdue cases, with the number behind it.
#[utoipa::path(get, path = "/cases/ranking", tag = "cases", params(UnitsParams, CaseParams),
    responses((status = 200, body = CaseAnswer<RankingBody>), (status = 304), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub async fn rank(
    State(state): State<ApiState>,
    Query(units): Query<UnitsParams>,
    Query(params): Query<CaseParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asked = Asked::new(&state.engine, &params).await?;
    let lens = asked.lens(&state.catalog)?;
    let by = axis("by", units.by.as_deref(), Axis::District)?;
    let ranked = ranking(&lens, by)?;
    let points = |share: Option<f64>| share.map(|share| share * 100.0);
    let item = |unit: &Ranked, rank: Option<u32>| RankedItem {
        rank,
        code: unit.code.to_string(),
        label: label(&state.catalog, by, &unit.code, lens.to.saturating_sub(1)),
        gap_points: points(unit.gap),
        before_percent: points(unit.before.value()),
        change_points: points(unit.change),
        tally: TallyItem::of(&unit.tally, lens.basis),
    };
    let mut all: Vec<RankedItem> = ranked.ranked.iter().map(|unit| item(unit, Some(unit.rank))).collect();
    all.extend(ranked.small.iter().map(|unit| item(unit, None)));
    let body = RankingBody {
        by: by.as_str(),
        average: ShareItem::of(ranked.average),
        average_before: ShareItem::of(ranked.average_before),
        units: all,
    };
    asked.respond((&params, &headers, "ranking"), asked.head(&lens), body, |body| body.units.clone())
}

/// From where.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
pub struct ChildrenParams {
    /// A district: its wards. Default: the city's districts.
    pub district: Option<String>,
}

/// One area a level down.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChildItem {
    code: String,
    label: String,
    /// district or ward.
    level: &'static str,
    #[serde(flatten)]
    tally: TallyItem,
}

/// Areas a level down.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChildrenBody {
    areas: Vec<ChildItem>,
}

/// From the city to its districts, from a district to its wards.
#[utoipa::path(get, path = "/cases/children", tag = "cases", params(ChildrenParams, CaseParams),
    responses((status = 200, body = CaseAnswer<ChildrenBody>), (status = 304), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub async fn below(
    State(state): State<ApiState>,
    Query(from): Query<ChildrenParams>,
    Query(params): Query<CaseParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asked = Asked::new(&state.engine, &params).await?;
    let lens = asked.lens(&state.catalog)?;
    let at = lens.to.saturating_sub(1);
    let found = children(&lens, from.district.as_deref().filter(|code| !code.is_empty()))?;
    let item = |child: crate::cases::views::Child| ChildItem {
        label: label(&state.catalog, child.level, &child.code, at),
        code: child.code.to_string(),
        level: child.level.as_str(),
        tally: TallyItem::of(&child.tally, lens.basis),
    };
    let body = ChildrenBody { areas: found.into_iter().map(item).collect() };
    asked.respond((&params, &headers, "areas"), asked.head(&lens), body, |body| body.areas.clone())
}
