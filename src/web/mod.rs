//! HTTP: router, errors, OpenAPI, formats. Handlers parse, call and encode; they decide nothing.

pub mod api;
pub mod assets;
pub mod charts;
pub mod encode;
mod front;
pub mod health;
pub mod openapi;
pub mod packed;
pub mod pages;
pub mod problem;
pub mod rows;
pub mod state;

use std::any::Any;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::{Router, routing};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;
use utoipa_swagger_ui::SwaggerUi;

use crate::error::ErrorCode;
use crate::telemetry::RouteLabels;
use problem::Problem;
pub use state::ApiState;

/// Largest request body: SQL text, nothing else so far.
const BODY_BYTES_MAX: usize = 1 << 20;

/// Everything the server answers.
pub fn router(state: ApiState, request_timeout: Duration) -> Router {
    pages::name_city(&state.catalog);
    let (api, document) = openapi::api();
    // One layer of layers: each that is added alone is boxed, and copied with all those within it for every request.
    let around = ServiceBuilder::new()
        .layer(CatchPanicLayer::custom(panicked))
        .layer(SetResponseHeaderLayer::if_not_present(
            HeaderName::from_static("referrer-policy"),
            HeaderValue::from_static("same-origin"),
        ))
        .layer(SetResponseHeaderLayer::if_not_present(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ))
        .layer(CompressionLayer::new())
        .layer(RequestBodyLimitLayer::new(BODY_BYTES_MAX))
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, request_timeout));
    let routes = Router::new()
        .nest(openapi::BASE, api.fallback(unknown_route))
        .merge(openapi::pictures().0)
        .merge(SwaggerUi::new("/api/docs").url("/api/v1/openapi.json", document))
        .merge(pages::routes())
        .route("/healthz", routing::get(health::healthz))
        .route("/readyz", routing::get(health::readyz))
        .route("/metrics", routing::get(health::metrics))
        .fallback(nowhere)
        .layer(middleware::from_fn_with_state(state.clone(), measure))
        .layer(around)
        .with_state(state.clone());
    // Every answer has an id, those at the door too.
    let named = ServiceBuilder::new()
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        .layer(PropagateRequestIdLayer::x_request_id());
    front::Door::before(routes, state).layer(named)
}

/// What a reader is told whose answer failed in a way that nobody foresaw.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    Problem::new(ErrorCode::Internal, "the engine could not answer; the cause is in its log", None).into_response()
}

/// Whoever asks for a page is answered with one.
async fn nowhere(request: Request) -> Response {
    let accept = request.headers().get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if accept.contains("text/html") {
        pages::nowhere(request.uri())
    } else {
        unknown_route(request).await.into_response()
    }
}

async fn unknown_route(request: Request) -> Problem {
    let hint = "GET /api/v1/openapi.json lists the routes, /api/docs shows them.".to_owned();
    Problem::new(ErrorCode::NotFound, format!("there is nothing at \"{}\"", request.uri().path()), Some(hint))
}

/// Counts and times every request under its declared route.
async fn measure(State(state): State<ApiState>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("unknown", |p| p.as_str()).to_owned();
    let began = Instant::now();
    let response = next.run(request).await;
    state.metrics.request_seconds.observe(began.elapsed().as_secs_f64());
    let labels = RouteLabels { route, status: response.status().as_u16() };
    state.metrics.requests.get_or_create(&labels).inc();
    response
}
