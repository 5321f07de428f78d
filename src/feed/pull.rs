//! One pull of a feed: ask its source, and write down durably what came or why nothing came.

use std::collections::BTreeMap;

use super::FeedError;
use super::connector::{Connector, Content, FILE_MODIFIED, PullError, PullState, Pulled};
use super::ingest;
use super::raw::{Attempt, AttemptOutcome, Brought, RawEntry, RawStore, sha256_of};
use crate::domain::{Clock, Vintage};

/// A feed whose source can be asked.
pub struct Source {
    /// Feed code.
    pub feed: String,
    /// What is asked when nothing more precise is known: the declared address or pattern.
    pub locator: String,
    /// How it is asked.
    pub connector: Box<dyn Connector>,
}

/// What a pull came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PullCount {
    /// Locators that brought bytes not kept before.
    pub fresh: usize,
    /// Locators that brought the bytes that were already kept.
    pub unchanged: usize,
    /// Locators that brought nothing.
    pub failed: usize,
}

impl PullCount {
    /// Counts a further pull.
    pub fn add(&mut self, more: &PullCount) {
        self.fresh += more.fresh;
        self.unchanged += more.unchanged;
        self.failed += more.failed;
    }
}

/// Asks the source and records what came.
pub async fn pull(source: &Source, raw: &RawStore, clock: &dyn Clock) -> Result<PullCount, FeedError> {
    let entries = ingest::list(raw, &source.feed).await?;
    let started = Vintage::from_instant(clock.now());
    let pulled = source.connector.pull(&PullState::of(&entries)).await;
    let ended = Vintage::from_instant(clock.now());
    let pulled = pulled.unwrap_or_else(|error| vec![unreachable(source, error)]);
    let mut newest: BTreeMap<String, Newest> = BTreeMap::new();
    for entry in entries {
        newest.entry(entry.locator.clone()).or_default().take(entry);
    }
    let mut count = PullCount::default();
    let mut attempts = Vec::new();
    for one in pulled {
        let known = newest.remove(&one.locator).unwrap_or_default();
        let attempt = attempt(one, &known, started, ended);
        match &attempt.outcome {
            AttemptOutcome::Bytes(_) => count.fresh += 1,
            AttemptOutcome::Unchanged(_) => count.unchanged += 1,
            AttemptOutcome::Failed(_) => count.failed += 1,
        }
        if !known.said_today(&attempt) {
            attempts.push(attempt);
        }
    }
    record(raw, &source.feed, attempts).await?;
    Ok(count)
}

/// What is known of a locator.
#[derive(Debug, Default)]
struct Newest {
    snapshot: Option<RawEntry>,
    attempt: Option<RawEntry>,
}

impl Newest {
    fn take(&mut self, entry: RawEntry) {
        if entry.sha256().is_some() {
            self.snapshot = Some(entry.clone());
        }
        self.attempt = Some(entry);
    }

    /// Whether the same was said before and need not be again: a source that keeps failing in the same words, or does
    /// not change, is noted once a day; a file that still lies in the drop folder is not an answer at all.
    fn said_today(&self, attempt: &Attempt) -> bool {
        let Some(last) = &self.attempt else { return false };
        let file_modified = |headers: &BTreeMap<String, String>| headers.get(FILE_MODIFIED).cloned();
        let lies_there_still =
            file_modified(&last.headers).is_some_and(|at| file_modified(&attempt.headers) == Some(at));
        let is_same_day = last.pulled().local_date() == Vintage::from_micros(attempt.pulled_at).local_date();
        match (&attempt.outcome, &last.brought) {
            (AttemptOutcome::Bytes(_), _) => false,
            (AttemptOutcome::Unchanged(_), _) if lies_there_still => true,
            (AttemptOutcome::Unchanged(now), Brought::Unchanged { words }) => is_same_day && now == words,
            (AttemptOutcome::Failed(now), Brought::Failed { words }) => is_same_day && now == words,
            (AttemptOutcome::Unchanged(_) | AttemptOutcome::Failed(_), _) => false,
        }
    }
}

fn unreachable(source: &Source, error: PullError) -> Pulled {
    Pulled {
        locator: source.locator.clone(),
        url: source.locator.clone(),
        content_type: None,
        headers: BTreeMap::new(),
        content: Content::Unreadable(error),
    }
}

fn attempt(pulled: Pulled, known: &Newest, started: Vintage, ended: Vintage) -> Attempt {
    let outcome = match pulled.content {
        Content::Unreadable(error) => AttemptOutcome::Failed(error.in_words()),
        Content::NotModified => AttemptOutcome::Unchanged(unchanged_words(known)),
        Content::Bytes(parts) => {
            let kept = known.snapshot.as_ref().and_then(RawEntry::sha256);
            if kept == Some(sha256_of(&parts).as_str()) {
                AttemptOutcome::Unchanged(unchanged_words(known))
            } else {
                AttemptOutcome::Bytes(parts)
            }
        }
    };
    Attempt {
        locator: pulled.locator,
        url: pulled.url,
        started_at: started.micros(),
        pulled_at: ended.micros(),
        content_type: pulled.content_type,
        headers: pulled.headers,
        outcome,
    }
}

fn unchanged_words(known: &Newest) -> String {
    let since = known.snapshot.as_ref().and_then(|entry| entry.pulled().local_date());
    match since {
        Some(day) => format!("unchanged, the same bytes as on {day}"),
        None => "unchanged".to_owned(),
    }
}

async fn record(raw: &RawStore, feed: &str, attempts: Vec<Attempt>) -> Result<(), FeedError> {
    let (raw, feed) = (raw.clone(), feed.to_owned());
    let recording = tokio::task::spawn_blocking(move || raw.record(&feed, attempts)).await;
    recording.expect("recording does not panic")?;
    Ok(())
}
