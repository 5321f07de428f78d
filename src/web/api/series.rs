//! `/indicators/{code}/series`: the values of one indicator.

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::query::{self, Versioned, to_json};
use crate::analytics::growth::{Growth, growth};
use crate::catalog::Catalog;
use crate::compute::{Series, SeriesQuery};
use crate::cube::Cell;
use crate::domain::{AreaKind, Indicator};
use crate::error::ErrorCode;
use crate::web::encode::{Format, Labelled, encode_table, json_stat, sdmx_csv};
use crate::web::problem::Problem;
use crate::web::rows::cells_batch;
use crate::web::state::ApiState;

/// What to read.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct SeriesParams {
    /// Area codes, separated by commas; default the whole city.
    area: Option<String>,
    /// All areas of a level: district or ward.
    level: Option<String>,
    /// Authority; default `_T`.
    org: Option<String>,
    /// `_T`, `dimension=member`, or a dimension for all its members.
    breakdown: Option<String>,
    /// M, Q or A; default the indicator's base frequency.
    freq: Option<String>,
    /// First period.
    from: Option<String>,
    /// Last period.
    to: Option<String>,
    /// As known on a day or at an instant.
    as_of: Option<String>,
    /// On the areas existing on a day.
    areas_of: Option<String>,
    /// json, csv, xlsx, json-stat, sdmx-csv, arrow or parquet.
    format: Option<String>,
}

/// A change against a base, as it is published.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Change {
    /// The change.
    value: f64,
    /// `percent`, or `points` for rates.
    unit: &'static str,
}

/// One figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObservationItem {
    area_code: String,
    org_code: String,
    breakdown: String,
    freq: &'static str,
    period: String,
    value: f64,
    /// Numerator of a ratio.
    numerator: Option<f64>,
    /// Denominator of a ratio.
    denominator: Option<f64>,
    /// A official, B break, P provisional, E estimated, F forecast.
    obs_status: &'static str,
    /// Whether every due base period and area is there.
    complete: bool,
    /// Base periods present of those due: "5/12".
    periods: String,
    /// Lowest areas present of those due: "21/22".
    areas: String,
    /// Whether `areas` counts days of a month that is not over instead ("29/30"), for figures over citizens' cases.
    areas_are_days: bool,
    /// Age of the oldest carried-forward input.
    carried: u8,
    /// Whether values were apportioned to other areas by weights.
    apportioned: bool,
    /// Previous period.
    prev_value: Option<f64>,
    /// Change on the previous period; null over a base that is not positive.
    prev_change: Option<Change>,
    /// Same base periods and areas of last year.
    yoy_value: Option<f64>,
    /// Change on them.
    yoy_change: Option<Change>,
    /// Since 1 January.
    ytd_value: Option<f64>,
    /// Whether the year to date has all its base periods and areas.
    ytd_complete: bool,
    /// The same of last year.
    ytd_yoy_value: Option<f64>,
    /// Change on it.
    ytd_yoy_change: Option<Change>,
    /// December of last year.
    dec_value: Option<f64>,
    /// Plan for the period.
    target_value: Option<f64>,
    /// When the newest input became known.
    vintage: String,
}

/// A series with what it means.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeriesBody {
    code: String,
    name_vi: String,
    name_en: String,
    unit_vi: String,
    unit_en: String,
    source: &'static str,
    owner: String,
    decimals: u8,
    direction: &'static str,
    freq: &'static str,
    /// As known at this instant; null means now.
    as_of: Option<String>,
    /// Version of the data.
    data_version: String,
    /// Version of the catalogue.
    catalog_version: String,
    observations: Vec<ObservationItem>,
}

fn change(value: f64, base: Option<f64>, rate: bool) -> Option<Change> {
    growth(value, base?, rate).map(|g| match g {
        Growth::Percent(value) => Change { value, unit: "percent" },
        Growth::Points(value) => Change { value, unit: "points" },
    })
}

/// A figure for the wire.
pub fn observation(cell: &Cell, rate: bool) -> ObservationItem {
    ObservationItem {
        area_code: cell.area.to_string(),
        org_code: cell.org.to_string(),
        breakdown: cell.breakdown.to_string(),
        freq: cell.period.freq().as_str(),
        period: cell.period.to_string(),
        value: cell.value,
        numerator: cell.numerator,
        denominator: cell.denominator,
        obs_status: cell.status.as_str(),
        complete: cell.complete,
        periods: format!("{}/{}", cell.periods_present, cell.periods_due),
        areas: format!("{}/{}", cell.areas_present, cell.areas_due),
        areas_are_days: cell.in_days,
        carried: cell.carried,
        apportioned: cell.apportioned,
        prev_value: cell.prev_value,
        prev_change: change(cell.value, cell.prev_value, rate),
        yoy_value: cell.yoy_value,
        yoy_change: change(cell.value, cell.yoy_value, rate),
        ytd_value: cell.ytd_value,
        ytd_complete: cell.ytd_complete,
        ytd_yoy_value: cell.ytd_yoy_value,
        ytd_yoy_change: cell.ytd_value.and_then(|ytd| change(ytd, cell.ytd_yoy_value, rate)),
        dec_value: cell.dec_value,
        target_value: cell.target_value,
        vintage: cell.vintage.to_string(),
    }
}

/// A series as its JSON body.
pub fn body(catalog: &Catalog, series: &Series, as_of: Option<String>) -> SeriesBody {
    let indicator = &catalog.indicators[&series.indicator];
    let unit = catalog.unit_of(indicator);
    SeriesBody {
        code: indicator.code.clone(),
        name_vi: indicator.name_vi.clone(),
        name_en: indicator.name_en.clone(),
        unit_vi: unit.label_vi.clone(),
        unit_en: unit.label_en.clone(),
        source: indicator.source.as_str(),
        owner: indicator.owner.clone(),
        decimals: indicator.decimals,
        direction: indicator.direction.as_str(),
        freq: series.freq.as_str(),
        as_of,
        data_version: series.version.clone(),
        catalog_version: catalog.version.clone(),
        observations: series.cells.iter().map(|c| observation(c, unit.rate)).collect(),
    }
}

/// A figure with the words its codes mean.
pub fn labelled<'a>(catalog: &'a Catalog, indicator: &'a Indicator, cell: &'a Cell) -> Labelled<'a> {
    let unit = catalog.unit_of(indicator);
    let area = catalog.areas.at(&cell.area, cell.period).map_or("", |ix| catalog.areas.area(ix).name.as_str());
    Labelled {
        indicator: &indicator.code,
        indicator_label: &indicator.name_vi,
        area_label: area,
        breakdown_label: breakdown_label(catalog, cell),
        unit: &unit.code,
        unit_label: &unit.label_vi,
        decimals: indicator.decimals,
        cell,
    }
}

fn breakdown_label(catalog: &Catalog, cell: &Cell) -> String {
    let (Some(dimension), Some(member)) = (cell.breakdown.dimension(), cell.breakdown.member_code()) else {
        return "Tổng số".to_owned();
    };
    let Some(declared) = catalog.dimensions.get(dimension) else { return cell.breakdown.to_string() };
    let member = declared.members.get(member).map_or(member, |m| m.label_vi.as_str());
    format!("{}: {member}", declared.label_vi)
}

/// The level of a name in a parameter.
pub fn level(text: Option<&str>) -> Result<Option<AreaKind>, Problem> {
    let known = [AreaKind::City, AreaKind::District, AreaKind::Ward];
    match text.filter(|t| !t.is_empty()) {
        None => Ok(None),
        Some(text) => known.into_iter().find(|k| k.as_str() == text).map(Some).ok_or_else(|| {
            let detail = format!("parameter \"level\": \"{text}\" is not city, district or ward");
            Problem::new(ErrorCode::BadRequest, detail, None)
        }),
    }
}

/// A series in any format but the route's own JSON.
pub fn encode_series(catalog: &Catalog, series: &Series, format: Format) -> Result<Vec<u8>, Problem> {
    let indicator = &catalog.indicators[&series.indicator];
    let rows: Vec<Labelled> = series.cells.iter().map(|c| labelled(catalog, indicator, c)).collect();
    match format {
        Format::JsonStat => {
            let newest = series.cells.iter().map(|c| c.vintage).max();
            let updated = newest.map(|v| v.to_string()).unwrap_or_default();
            let owner = catalog.org_units.iter().find(|o| o.code == indicator.owner);
            let source = owner.map_or(indicator.owner.as_str(), |o| o.name_vi.as_str());
            Ok(to_json(&json_stat(&indicator.name_vi, source, &updated, &rows)))
        }
        Format::SdmxCsv => Ok(sdmx_csv(&rows)?),
        Format::Json => Ok(to_json(&body(catalog, series, None))),
        Format::Csv | Format::Xlsx | Format::Arrow | Format::Parquet => {
            let batch = cells_batch(&rows);
            Ok(encode_table(&batch.schema(), &[batch], format, &indicator.code)?)
        }
    }
}

/// The values of an indicator by month, quarter or year, with all variants, coverage and vintage.
#[utoipa::path(get, path = "/indicators/{code}/series", tag = "figures",
    params(("code" = String, Path, description = "Four digits"), SeriesParams),
    responses((status = 200, body = SeriesBody), (status = 304), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub async fn series(
    State(state): State<ApiState>,
    Path(code): Path<String>,
    Query(asked): Query<SeriesParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let format = query::format(asked.format.as_deref(), &headers)?;
    let as_of = query::as_of(asked.as_of.as_deref())?;
    let question = SeriesQuery {
        indicator: code,
        areas: asked.area.iter().flat_map(|a| a.split(',')).filter(|a| !a.is_empty()).map(str::to_owned).collect(),
        level: level(asked.level.as_deref())?,
        org: asked.org,
        breakdown: asked.breakdown,
        freq: query::freq(asked.freq.as_deref())?,
        from: query::period("from", asked.from.as_deref())?,
        to: query::period("to", asked.to.as_deref())?,
        as_of,
        areas_of: query::areas_of(asked.areas_of.as_deref())?,
    };
    let answer = state.engine.series(&question, &state.scope).await?;
    let name = format!("{}-{}", answer.indicator, answer.freq);
    let dressed = Versioned { etag: Versioned::etag(&answer.version, format), format, name: &name };
    dressed.respond(&headers, || match format {
        Format::Json => Ok(to_json(&body(&state.catalog, &answer, as_of.map(|v| v.to_string())))),
        other => encode_series(&state.catalog, &answer, other),
    })
}
