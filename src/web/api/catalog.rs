//! `/groups`, `/indicators`, `/indicators/{code}`, `/areas`, `/org-units`: what there is to ask for.

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::query::{self, Versioned, to_json};
use crate::catalog::{Catalog, WorkedExample};
use crate::compute::ask::find_indicator;
use crate::domain::Indicator;
use crate::web::encode::Format;
use crate::web::problem::Problem;
use crate::web::state::ApiState;

/// A group of indicators.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupItem {
    /// Two digits.
    code: String,
    /// Vietnamese name.
    name_vi: String,
    /// English name.
    name_en: String,
    /// Codes of its indicators.
    indicators: Vec<String>,
}

/// An indicator in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct IndicatorItem {
    /// Four digits.
    code: String,
    /// Group.
    group_code: String,
    /// Vietnamese name.
    name_vi: String,
    /// English name.
    name_en: String,
    /// Unit in Vietnamese.
    unit_vi: String,
    /// Unit in English.
    unit_en: String,
    /// `statistics_office`, `social_insurance`, `department` or `case_store`.
    source: &'static str,
    /// Authority that owns it.
    owner: String,
    /// Base frequency.
    freq: &'static str,
    /// Frequencies it has values at.
    freqs: Vec<&'static str>,
    /// Lowest level: city, district or ward.
    level: &'static str,
    /// Dimensions it is broken down by.
    dimensions: Vec<String>,
    /// count, flow, stock, ratio, share, average or index.
    kind: String,
    /// `higher_better`, `lower_better` or `neutral`.
    direction: &'static str,
    /// Decimals shown.
    decimals: u8,
}

/// The card of an indicator: what it means and how it is made.
#[derive(Debug, Serialize, ToSchema)]
pub struct IndicatorCard {
    #[serde(flatten)]
    item: IndicatorItem,
    /// Vietnamese name of the owner.
    owner_name_vi: Option<String>,
    /// Definition, Vietnamese.
    definition_vi: String,
    /// Definition, English.
    definition_en: String,
    /// Formula over measures.
    formula: String,
    /// Measures of the formula.
    measures: Vec<MeasureItem>,
    /// How a quarter follows from months.
    month_to_quarter: &'static str,
    /// How a year follows.
    quarter_to_year: &'static str,
    /// How higher areas follow from lower ones.
    geo_rollup: &'static str,
    /// Published comparisons.
    comparisons: Vec<&'static str>,
    /// Rules that raise warnings.
    warn_rules: Vec<String>,
    /// Act or decision behind it.
    legal_basis: String,
    /// A worked example.
    example: Option<ExampleItem>,
    /// Version of the catalogue.
    catalog_version: String,
}

/// A measure on a card.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeasureItem {
    code: String,
    name_vi: String,
    name_en: String,
    unit_vi: String,
    freq: &'static str,
    level: &'static str,
}

/// A worked example on a card.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExampleItem {
    period: String,
    area: String,
    breakdown: String,
    /// Inputs, such as `population@2021` = 9166840.
    inputs: Vec<ExampleInputItem>,
    /// What a person computed.
    expect: f64,
}

/// One input of a worked example.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExampleInputItem {
    measure: String,
    breakdown: String,
    period: String,
    value: f64,
}

fn item(catalog: &Catalog, indicator: &Indicator) -> IndicatorItem {
    let unit = catalog.unit_of(indicator);
    IndicatorItem {
        code: indicator.code.clone(),
        group_code: indicator.group.clone(),
        name_vi: indicator.name_vi.clone(),
        name_en: indicator.name_en.clone(),
        unit_vi: unit.label_vi.clone(),
        unit_en: unit.label_en.clone(),
        source: indicator.source.as_str(),
        owner: indicator.owner.clone(),
        freq: indicator.freq.as_str(),
        freqs: indicator.freqs().map(|f| f.as_str()).collect(),
        level: indicator.level.as_str(),
        dimensions: indicator.dimensions.clone(),
        kind: indicator.kind.clone(),
        direction: indicator.direction.as_str(),
        decimals: indicator.decimals,
    }
}

fn example(example: &WorkedExample) -> ExampleItem {
    let input = |i: &crate::catalog::ExampleInput| ExampleInputItem {
        measure: i.measure.clone(),
        breakdown: i.breakdown.to_string(),
        period: i.period.to_string(),
        value: i.value,
    };
    ExampleItem {
        period: example.period.to_string(),
        area: example.area.clone(),
        breakdown: example.breakdown.to_string(),
        inputs: example.inputs.iter().map(input).collect(),
        expect: example.expect,
    }
}

fn card(catalog: &Catalog, indicator: &Indicator) -> IndicatorCard {
    let measures = catalog.formulas[&indicator.code].measures().map(|code| {
        let m = &catalog.measures[code];
        MeasureItem {
            code: m.code.clone(),
            name_vi: m.name_vi.clone(),
            name_en: m.name_en.clone(),
            unit_vi: catalog.units[&m.unit].label_vi.clone(),
            freq: m.freq.as_str(),
            level: m.level.as_str(),
        }
    });
    IndicatorCard {
        owner_name_vi: catalog.org_units.iter().find(|o| o.code == indicator.owner).map(|o| o.name_vi.clone()),
        definition_vi: indicator.definition_vi.clone(),
        definition_en: indicator.definition_en.clone(),
        formula: indicator.formula_text.clone(),
        measures: measures.collect(),
        month_to_quarter: indicator.month_to_quarter.as_str(),
        quarter_to_year: indicator.quarter_to_year.as_str(),
        geo_rollup: indicator.geo_rollup.as_str(),
        comparisons: indicator.comparisons.iter().map(|c| c.as_str()).collect(),
        warn_rules: indicator.warn_rules.clone(),
        legal_basis: indicator.legal_basis.clone(),
        example: catalog.examples.get(&indicator.code).map(example),
        catalog_version: catalog.version.clone(),
        item: item(catalog, indicator),
    }
}

/// Answers with JSON that changes only with the catalogue.
fn declared<T: Serialize>(
    state: &ApiState,
    headers: &HeaderMap,
    body: impl FnOnce(&Catalog) -> T,
) -> Result<Response, Problem> {
    let etag = Versioned::etag(&state.catalog.version, Format::Json);
    Versioned { etag, format: Format::Json, name: "catalog" }.respond(headers, || Ok(to_json(&body(&state.catalog))))
}

/// The 20 groups.
#[utoipa::path(get, path = "/groups", tag = "catalogue", responses((status = 200, body = Vec<GroupItem>)))]
pub async fn groups(State(state): State<ApiState>, headers: HeaderMap) -> Result<Response, Problem> {
    declared(&state, &headers, |catalog| {
        let item = |g: &crate::catalog::Group| GroupItem {
            code: g.code.clone(),
            name_vi: g.name_vi.clone(),
            name_en: g.name_en.clone(),
            indicators: catalog.indicators.values().filter(|i| i.group == g.code).map(|i| i.code.clone()).collect(),
        };
        catalog.groups.values().map(item).collect::<Vec<_>>()
    })
}

/// All indicators.
#[utoipa::path(get, path = "/indicators", tag = "catalogue", responses((status = 200, body = Vec<IndicatorItem>)))]
pub async fn indicators(State(state): State<ApiState>, headers: HeaderMap) -> Result<Response, Problem> {
    declared(&state, &headers, |catalog| catalog.indicators.values().map(|i| item(catalog, i)).collect::<Vec<_>>())
}

/// The card of one indicator: definition, formula, source, owner, legal basis, worked example.
#[utoipa::path(get, path = "/indicators/{code}", tag = "catalogue", params(("code" = String, Path, description = "Four digits")),
    responses((status = 200, body = IndicatorCard), (status = 404, body = Problem)))]
pub async fn indicator(
    State(state): State<ApiState>,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let catalog = std::sync::Arc::clone(&state.catalog);
    let found = find_indicator(&catalog, &code)?;
    declared(&state, &headers, |catalog| card(catalog, found))
}

/// Which areas to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct AreasQuery {
    /// Existing on this day (default: all that ever existed).
    on: Option<String>,
    /// city, district, ward, residual or reference.
    kind: Option<String>,
    /// Directly below this code.
    parent: Option<String>,
}

/// A dated area.
#[derive(Debug, Serialize, ToSchema)]
pub struct AreaItem {
    code: String,
    name: String,
    kind: &'static str,
    parent_code: Option<String>,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
}

/// Areas with their dates: a code means a place only together with a date.
#[utoipa::path(get, path = "/areas", tag = "catalogue", params(AreasQuery), responses((status = 200, body = Vec<AreaItem>)))]
pub async fn areas(
    State(state): State<ApiState>,
    Query(asked): Query<AreasQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let day: Option<NaiveDate> = query::parse("on", asked.on.as_deref(), "a date (2022-05-25)")?;
    let scope = state.scope.clone();
    declared(&state, &headers, |catalog| {
        let shown = catalog.areas.areas().iter().filter(|a| {
            day.is_none_or(|day| a.is_valid_on(day))
                && asked.kind.as_deref().is_none_or(|k| a.kind.as_str() == k)
                && asked.parent.as_deref().is_none_or(|p| a.parent.as_deref() == Some(p))
                && scope.allows_area(&a.code)
        });
        let item = |a: &crate::domain::Area| AreaItem {
            code: a.code.clone(),
            name: a.name.clone(),
            kind: a.kind.as_str(),
            parent_code: a.parent.clone(),
            valid_from: a.valid_from,
            valid_to: a.valid_to,
        };
        shown.map(item).collect::<Vec<_>>()
    })
}

/// A dated authority.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrgUnitItem {
    code: String,
    name_vi: String,
    name_en: String,
    kind: String,
    area_code: Option<String>,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
    successor: Option<String>,
}

/// Authorities with their dates and successors.
#[utoipa::path(get, path = "/org-units", tag = "catalogue", responses((status = 200, body = Vec<OrgUnitItem>)))]
pub async fn org_units(State(state): State<ApiState>, headers: HeaderMap) -> Result<Response, Problem> {
    declared(&state, &headers, |catalog| {
        let item = |o: &crate::domain::OrgUnit| OrgUnitItem {
            code: o.code.clone(),
            name_vi: o.name_vi.clone(),
            name_en: o.name_en.clone(),
            kind: o.kind.clone(),
            area_code: o.area.clone(),
            valid_from: o.valid_from,
            valid_to: o.valid_to,
            successor: o.successor.clone(),
        };
        catalog.org_units.iter().map(item).collect::<Vec<_>>()
    })
}
