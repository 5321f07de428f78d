//! `/cases/stream`: says when cases came in, as server-sent events, so that an open page fetches itself anew.
//!
//! An event says what changed in words; what the page shows then comes from the page's own address. The stream ends when
//! the server is stopped, so that it can be stopped.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Query, State as Held};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream::{self, Stream};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::compute::{Engine, Served};
use crate::present::{Language, news_words};
use crate::web::state::ApiState;

/// Bytes often enough that nothing between takes the connection for dead.
const ALIVE: Duration = Duration::from_secs(15);

/// Who listens.
#[derive(Debug, Clone, Deserialize, Default)]
pub struct Listener {
    /// `vi` or `en`.
    lang: Option<String>,
    /// Version that the page shows.
    since: Option<String>,
}

/// What an event says.
#[derive(Debug, Serialize)]
struct News {
    /// Version of the data now.
    version: String,
    /// Cases that came in.
    new: usize,
    /// "3 phản ánh mới lúc 08:05".
    words: String,
    /// Whether it is worth saying aloud: time that passes is not.
    aloud: bool,
}

/// A listener between two events.
struct Waiting {
    engine: Arc<Engine>,
    swaps: watch::Receiver<()>,
    closing: tokio_util::sync::CancellationToken,
    language: Language,
    /// What the listener knows of; nothing if it showed another version than is served.
    told: Option<Arc<Served>>,
}

/// `/cases/stream`.
pub async fn stream(Held(state): Held<ApiState>, Query(listener): Query<Listener>, headers: HeaderMap) -> Response {
    let swaps = state.engine.swaps();
    let served = state.engine.served();
    // A browser that lost the connection says what it heard last.
    let heard = headers.get("last-event-id").and_then(|id| id.to_str().ok()).map(str::to_owned).or(listener.since);
    let is_current = heard.is_none_or(|version| version == served.version);
    let waiting = Waiting {
        engine: Arc::clone(&state.engine),
        swaps,
        closing: state.closing.clone(),
        language: if listener.lang.as_deref() == Some("en") { Language::En } else { Language::Vi },
        told: is_current.then_some(served),
    };
    let mut response = Sse::new(events(waiting)).keep_alive(KeepAlive::new().interval(ALIVE)).into_response();
    let held = response.headers_mut();
    held.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Proxies that gather answers before they pass them on would keep the news to themselves.
    held.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

fn events(waiting: Waiting) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(waiting, |mut waiting| async move {
        let news = waiting.next().await?;
        let event = Event::default().event("cases").id(&news.version);
        let event = event.json_data(&news).unwrap_or_default();
        Some((Ok(event), waiting))
    })
}

impl Waiting {
    /// The next news; `None` when the server is being stopped.
    async fn next(&mut self) -> Option<News> {
        loop {
            if let Some(news) = self.news() {
                return Some(news);
            }
            tokio::select! {
                changed = self.swaps.changed() => changed.ok()?,
                () = self.closing.cancelled() => return None,
            }
        }
    }

    /// What is served now and was not told.
    fn news(&mut self) -> Option<News> {
        let now = self.engine.served();
        let before = self.told.replace(Arc::clone(&now));
        if before.as_ref().is_some_and(|before| before.version == now.version) {
            return None;
        }
        let changed = before.as_ref().is_none_or(|before| before.cases.version != now.cases.version);
        let new = before.map_or(0, |before| now.cases.book.len().saturating_sub(before.cases.book.len()));
        let time = now.cases.as_of().local().format("%H:%M").to_string();
        let words = news_words(new, changed, &time, self.language);
        Some(News { version: now.version.clone(), new, words, aloud: changed })
    }
}
