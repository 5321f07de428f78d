//! `/snapshot`: every indicator of an area at one period.

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::query::{self, Versioned, to_json};
use super::series::{ObservationItem, labelled, observation};
use crate::domain::{Breakdown, Period, TOTAL};
use crate::error::ErrorCode;
use crate::web::encode::{Format, Labelled, encode_table, json_stat, sdmx_csv};
use crate::web::problem::Problem;
use crate::web::rows::cells_batch;
use crate::web::state::ApiState;

/// What to read.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct SnapshotParams {
    /// The period: 2022-05, 2022-Q2 or 2022.
    period: String,
    /// Area code; default the whole city.
    area: Option<String>,
    /// Authority; default `_T`.
    org: Option<String>,
    /// Group code; default all.
    group: Option<String>,
    /// As known on this day or at this instant; default now.
    as_of: Option<String>,
    /// json, csv, xlsx, json-stat, sdmx-csv, arrow or parquet.
    format: Option<String>,
}

/// One indicator at the period.
#[derive(Debug, Serialize, ToSchema)]
pub struct SnapshotItem {
    code: String,
    group_code: String,
    name_vi: String,
    name_en: String,
    unit_vi: String,
    decimals: u8,
    direction: &'static str,
    /// Null where the indicator has no figure for this area and period.
    observation: Option<ObservationItem>,
}

/// All indicators of an area at a period.
#[derive(Debug, Serialize, ToSchema)]
pub struct SnapshotBody {
    area_code: String,
    area_name: String,
    period: String,
    data_version: String,
    catalog_version: String,
    /// How many indicators have a figure, of how many that are published at this frequency and level.
    present: usize,
    /// Published at this frequency.
    due: usize,
    indicators: Vec<SnapshotItem>,
}

/// All indicators of an area at a period; those without a figure are listed without one.
#[utoipa::path(get, path = "/snapshot", tag = "figures", params(SnapshotParams),
    responses((status = 200, body = SnapshotBody), (status = 304), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub async fn snapshot(
    State(state): State<ApiState>,
    Query(asked): Query<SnapshotParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let format = query::format(asked.format.as_deref(), &headers)?;
    let missing = || Problem::new(ErrorCode::BadRequest, "parameter \"period\" is empty", None);
    let period = query::period("period", Some(&asked.period))?.ok_or_else(missing)?;
    let catalog = &state.catalog;
    let area_code = asked.area.as_deref().filter(|a| !a.is_empty()).unwrap_or(&catalog.city).to_owned();
    let Some(area) = catalog.areas.at(&area_code, period).filter(|_| state.scope.allows_area(&area_code)) else {
        let detail = format!("area \"{area_code}\" does not exist at the end of {period}");
        let hint = "GET /api/v1/areas lists areas with their dates.".to_owned();
        return Err(Problem::new(ErrorCode::NotFound, detail, Some(hint)));
    };
    let served = state.engine.served_as_of(query::as_of(asked.as_of.as_deref())?).await?;
    let org = asked.org.as_deref().unwrap_or(TOTAL);
    let shown: Vec<_> = catalog
        .indicators
        .values()
        .filter(|i| asked.group.as_deref().is_none_or(|g| i.group == g))
        .filter(|i| i.freqs().any(|f| f == period.freq()))
        .filter(|i| i.level >= catalog.areas.area(area).kind)
        .collect();
    let cell = |code: &str| served.cube.block(code).and_then(|b| b.cell(&area_code, org, &Breakdown::TOTAL, period));
    let dressed =
        Versioned { etag: Versioned::etag(&served.version, format), format, name: &snapshot_name(&area_code, period) };
    dressed.respond(&headers, || {
        if format == Format::Json {
            let item = |i: &&crate::domain::Indicator| SnapshotItem {
                code: i.code.clone(),
                group_code: i.group.clone(),
                name_vi: i.name_vi.clone(),
                name_en: i.name_en.clone(),
                unit_vi: catalog.unit_of(i).label_vi.clone(),
                decimals: i.decimals,
                direction: i.direction.as_str(),
                observation: cell(&i.code).map(|c| observation(c, catalog.unit_of(i).rate)),
            };
            let indicators: Vec<SnapshotItem> = shown.iter().map(item).collect();
            return Ok(to_json(&SnapshotBody {
                area_code: area_code.clone(),
                area_name: catalog.areas.area(area).name.clone(),
                period: period.to_string(),
                data_version: served.version.clone(),
                catalog_version: catalog.version.clone(),
                present: indicators.iter().filter(|i| i.observation.is_some()).count(),
                due: indicators.len(),
                indicators,
            }));
        }
        let rows: Vec<Labelled> = shown.iter().filter_map(|i| cell(&i.code).map(|c| labelled(catalog, i, c))).collect();
        match format {
            Format::JsonStat => {
                let updated = rows.iter().map(|r| r.cell.vintage).max().map(|v| v.to_string()).unwrap_or_default();
                Ok(to_json(&json_stat(&format!("{period}"), "Toàn Cảnh", &updated, &rows)))
            }
            Format::SdmxCsv => Ok(sdmx_csv(&rows)?),
            Format::Json | Format::Csv | Format::Xlsx | Format::Arrow | Format::Parquet => {
                let batch = cells_batch(&rows);
                Ok(encode_table(&batch.schema(), &[batch], format, "snapshot")?)
            }
        }
    })
}

fn snapshot_name(area: &str, period: Period) -> String {
    format!("snapshot-{area}-{period}")
}
