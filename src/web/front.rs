//! The door: a page that is kept for the state of the data served now is answered by its address alone, before routes
//! and layers. Most readers look at what another one has just looked at, and most screens ask whether anything is new.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use axum::Router;
use axum::extract::Request;
use axum::http::Method;
use axum::response::Response;
use axum::routing::future::RouteFuture;
use futures::future::Either;
use tower::Service;

use super::pages;
use super::state::ApiState;
use crate::telemetry::RouteLabels;

/// Everything the server answers, behind the door.
#[derive(Clone)]
pub struct Door {
    state: Arc<ApiState>,
    inner: Router,
}

impl Door {
    /// A door before these routes.
    pub fn before(inner: Router, state: ApiState) -> Router {
        Router::new().fallback_service(Self { state: Arc::new(state), inner })
    }

    fn kept(&self, request: &Request) -> Option<Response> {
        if request.method() != Method::GET {
            return None;
        }
        let began = Instant::now();
        let response = pages::kept(&self.state, request.uri(), request.headers())?;
        let metrics = &self.state.metrics;
        metrics.request_seconds.observe(began.elapsed().as_secs_f64());
        let labels = RouteLabels { route: "kept page".to_owned(), status: response.status().as_u16() };
        metrics.requests.get_or_create(&labels).inc();
        Some(response)
    }
}

impl Service<Request> for Door {
    type Response = Response;
    type Error = Infallible;
    type Future = Either<Ready<Result<Response, Infallible>>, RouteFuture<Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        // Routes are always ready: they are copied for every request.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        match self.kept(&request) {
            Some(response) => Either::Left(ready(Ok(response))),
            None => Either::Right(self.inner.clone().call(request)),
        }
    }
}
