//! What handlers share. Everything in it is cheap to clone.

use std::sync::Arc;

use arc_swap::ArcSwap;
use axum::extract::FromRef;
use tokio_util::sync::CancellationToken;

use crate::catalog::Catalog;
use crate::compute::Engine;
use crate::dashboard::DashboardSet;
use crate::domain::{Clock, Scope};
use crate::feed::Declarations;
use crate::feed::raw::RawStore;
use crate::report::Desk;
use crate::report::infographic::Shelves;
use crate::sql::SqlService;
use crate::telemetry::Metrics;
use crate::web::pages::KeptPages;

/// The state of the HTTP surface.
#[derive(Clone)]
pub struct ApiState {
    /// The catalogue.
    pub catalog: Arc<Catalog>,
    /// The served figures.
    pub engine: Arc<Engine>,
    /// Analysts' SQL.
    pub sql: SqlService,
    /// Metrics.
    pub metrics: Arc<Metrics>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// What every reader may see; becomes the reader's own with accounts.
    pub scope: Scope,
    /// The declared feeds.
    pub feeds: Arc<Declarations>,
    /// Where reports are ordered.
    pub desk: Arc<Desk>,
    /// The declared infographics.
    pub infographics: Arc<Shelves>,

    /// The declared dashboards as they are now.
    pub dashboards: Arc<ArcSwap<DashboardSet>>,
    /// The bytes that the feeds gave, for the way from a case back to its line in a file.
    pub raw: RawStore,
    /// Says that the server is being stopped: whoever keeps an answer open ends it.
    pub closing: CancellationToken,
    /// Pages that were written for the present version of the data.
    pub kept: Arc<KeptPages>,
}

impl FromRef<ApiState> for Arc<Catalog> {
    fn from_ref(state: &ApiState) -> Self {
        Arc::clone(&state.catalog)
    }
}
