//! Follows case stores: what changes there is in the served figures seconds later.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{App, jobs};
use crate::compute::Engine;
use crate::feed::cases::CaseDeclaration;
use crate::feed::connector::{ConnectorConfig, Secrets};
use crate::feed::{Feeds, Followed, IngestReport};
use crate::telemetry::Metrics;

/// Case stores that are being followed.
#[derive(Debug, Default)]
pub struct Following {
    tasks: JoinSet<()>,
    stop: CancellationToken,
}

impl Following {
    /// Ends it; what a pull has kept and not brought in comes in at the next start.
    pub async fn stop(mut self) {
        self.stop.cancel();
        while self.tasks.join_next().await.is_some() {}
    }
}

/// Whether the database of a feed is known; feeds of other kinds need none. One that is not is left out, so that the
/// shipped declaration of a case store does not trouble a city that has none.
pub(super) fn is_configured(feed: &CaseDeclaration, secrets: &Secrets) -> bool {
    let ConnectorConfig::Postgres(config) = &feed.connector else { return true };
    let is_known = secrets.get(&config.url_env).is_ok();
    if !is_known {
        tracing::info!(
            feed = feed.mapping.code,
            "feed {} is left out: {} is not set",
            feed.mapping.code,
            config.url_env
        );
    }
    is_known
}

/// Starts following every feed that can be followed.
pub(super) fn start(app: &App, feeds: &Arc<Feeds>) -> Following {
    let mut following = Following::default();
    if !app.config.case_store.follow {
        return following;
    }
    for code in feeds.codes().map(str::to_owned).collect::<Vec<_>>() {
        let (feeds, stop) = (Arc::clone(feeds), following.stop.clone());
        let refresh = Refresh { engine: Arc::clone(&app.engine), metrics: Arc::clone(&app.metrics) };
        following.tasks.spawn(async move {
            if let Err(error) = feeds.follow(&code, &refresh, &stop).await {
                tracing::error!(feed = code, error = %error, "feed {code} is no longer followed");
            }
        });
    }
    following
}

/// The figures that follow from what came in.
struct Refresh {
    engine: Arc<Engine>,
    metrics: Arc<Metrics>,
}

#[async_trait]
impl Followed for Refresh {
    async fn pulled(&self, report: &IngestReport) {
        jobs::count(&self.metrics, report);
        if report.brought_news()
            && let Err(failed) = jobs::refresh(&self.engine, &self.metrics).await
        {
            tracing::error!(feed = report.feed, "feed {}: {}", report.feed, failed.words);
        }
    }
}
