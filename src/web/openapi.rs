//! The OpenAPI 3.1 document, generated from the handlers, and the router they make.

use axum::Router;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::state::ApiState;
use super::{api, charts};

/// Where the API lives.
pub const BASE: &str = "/api/v1";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Toàn Cảnh",
        description = "Indicators of a city by month, quarter and year, every figure with period, unit, status, coverage \
                       and vintage. Errors are problem+json (RFC 9457). `ETag` is the version of data and catalogue.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    tags(
        (name = "catalogue", description = "What there is to ask for"),
        (name = "figures", description = "Values, snapshots, explanations"),
        (name = "cases", description = "Citizens' reports: what is late, where and why"),
        (name = "charts", description = "The same figures as pictures, SVG and PNG"),
        (name = "feeds", description = "What came in and what was refused"),
        (name = "sql", description = "Read-only SQL")
    )
)]
struct Document;

/// The router of the API, to be nested under [`BASE`], and its document with full paths.
pub fn api() -> (Router<ApiState>, utoipa::openapi::OpenApi) {
    let routes = OpenApiRouter::new()
        .routes(routes!(api::catalog::groups))
        .routes(routes!(api::catalog::indicators))
        .routes(routes!(api::catalog::indicator))
        .routes(routes!(api::catalog::areas))
        .routes(routes!(api::catalog::org_units))
        .routes(routes!(api::series::series))
        .routes(routes!(api::snapshot::snapshot))
        .routes(routes!(api::figures::figure))
        .routes(routes!(api::cases::tables::summary))
        .routes(routes!(api::cases::tables::cross))
        .routes(routes!(api::cases::tables::rank))
        .routes(routes!(api::cases::tables::below))
        .routes(routes!(api::cases::trends::pile))
        .routes(routes!(api::cases::trends::flows))
        .routes(routes!(api::cases::trends::waiting))
        .routes(routes!(api::cases::trends::came_back))
        .routes(routes!(api::cases::lists::listed))
        .routes(routes!(api::cases::lists::soon_due))
        .routes(routes!(api::cases::lists::flags))
        .routes(routes!(charts::list))
        .routes(routes!(api::runs::runs))
        .routes(routes!(api::runs::rejected))
        .routes(routes!(api::sql::sql));
    let (router, paths) = routes.split_for_parts();
    let mut document = Document::openapi().nest(BASE, paths);
    document.merge(pictures().1);
    (router, document)
}

/// The router of the charts, outside of [`BASE`], and its document.
pub fn pictures() -> (Router<ApiState>, utoipa::openapi::OpenApi) {
    OpenApiRouter::new().routes(routes!(charts::picture)).split_for_parts()
}

/// The document alone.
pub fn document() -> utoipa::openapi::OpenApi {
    api().1
}
