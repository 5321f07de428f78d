//! Where a feed's bytes come from: the [`Connector`] trait and the kinds that a mapping file can declare.
//!
//! A connector fetches and checks that what came is whole (all pages, all bytes); it does not know what the bytes
//! mean. It never writes: keeping what came is the business of [`crate::feed::raw`].

mod auth;
pub(in crate::feed) mod backoff;
mod case_config;
pub mod config;
mod dates;
mod error;
#[cfg(test)]
pub(crate) mod fake;
mod files;
mod glob;
mod http;
mod json_path;
mod message;
mod open311;
pub mod postgres;
mod pxweb;
mod rest;
mod sdmx;
mod secrets;
mod single;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;

pub use config::ConnectorConfig;
pub use error::PullError;
pub use files::{FILE_COMPANION, FILE_MODIFIED};
pub use secrets::Secrets;

use super::raw::RawEntry;
use crate::domain::Clock;

/// A source of bytes.
#[async_trait]
pub trait Connector: Send + Sync {
    /// Asks the source for what it has now.
    ///
    /// An error means that nothing at all could be had; a source of several things (a folder) says per thing whether
    /// it could be read. An empty list means that there was nothing to read.
    async fn pull(&self, since: &PullState) -> Result<Vec<Pulled>, PullError>;

    /// Whether the last pull left something that the next one can have at once.
    fn has_more(&self) -> bool {
        false
    }

    /// What says when it is time to pull again, for sources that can be followed.
    async fn changes(&self) -> Option<postgres::Changes> {
        None
    }
}

/// What one locator answered.
#[derive(Debug)]
pub struct Pulled {
    /// The stable name of what was asked for; see [`RawEntry::locator`].
    pub locator: String,
    /// The address or path that was read.
    pub url: String,
    /// `Content-Type`, if the source said one.
    pub content_type: Option<String>,
    /// Other headers of the answer, names in lower case, nothing secret.
    pub headers: BTreeMap<String, String>,
    /// What came.
    pub content: Content,
}

/// What came from a locator.
#[derive(Debug)]
pub enum Content {
    /// The bytes in one or more parts (pages), each a whole document.
    Bytes(Vec<Vec<u8>>),
    /// The source says that nothing changed since the entity tag it was asked with.
    NotModified,
    /// This one could not be read, though others of the same pull could.
    Unreadable(PullError),
}

/// What is already known of a feed, so that a source can be asked for less.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PullState {
    /// Locator -> address and entity tag of the newest snapshot.
    tags: BTreeMap<String, (String, String)>,
    /// Locator -> hash and headers of the newest snapshot.
    newest: BTreeMap<String, (String, BTreeMap<String, String>)>,
}

impl PullState {
    /// From the attempts of a feed, by number.
    pub fn of(entries: &[RawEntry]) -> Self {
        let mut tags = BTreeMap::new();
        let mut newest: BTreeMap<&str, &RawEntry> = BTreeMap::new();
        for entry in entries.iter().filter(|entry| entry.sha256().is_some()) {
            newest.insert(&entry.locator, entry);
            match entry.headers.get("etag") {
                Some(tag) => tags.insert(entry.locator.clone(), (entry.url.clone(), tag.clone())),
                None => tags.remove(&entry.locator),
            };
        }
        let newest = newest.into_iter().map(|(locator, entry)| {
            (locator.to_owned(), (entry.sha256().unwrap_or_default().to_owned(), entry.headers.clone()))
        });
        Self { tags, newest: newest.collect() }
    }

    /// Hash and headers of the newest snapshot of a locator.
    pub fn newest(&self, locator: &str) -> Option<(&str, &BTreeMap<String, String>)> {
        self.newest.get(locator).map(|(sha256, headers)| (sha256.as_str(), headers))
    }

    /// The entity tag of the newest snapshot of a locator, if it was read from this very address.
    pub fn tag(&self, locator: &str, url: &str) -> Option<&str> {
        self.tags.get(locator).filter(|(known, _)| known == url).map(|(_, tag)| tag.as_str())
    }
}

/// What connectors need from outside.
#[derive(Debug, Clone)]
pub struct ConnectorContext {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Secrets by the name of their environment variable.
    pub secrets: Secrets,
    /// The drop folder.
    pub drop_folder: PathBuf,
    /// Seed of the jitter between attempts.
    pub seed: u64,
}

/// Builds what a mapping file declares.
pub fn build(config: &ConnectorConfig, context: &ConnectorContext) -> Result<Box<dyn Connector>, PullError> {
    Ok(match config {
        ConnectorConfig::Files(files) => Box::new(files::Files::new(files, context)?),
        ConnectorConfig::Http(http) => Box::new(single::Single::http(http, context)?),
        ConnectorConfig::Sdmx(sdmx) => Box::new(sdmx::single(sdmx, context)?),
        ConnectorConfig::Pxweb(pxweb) => Box::new(pxweb::PxWeb::new(pxweb, context)?),
        ConnectorConfig::Rest(rest) => Box::new(rest::Rest::new(rest, context)?),
        ConnectorConfig::Open311(open311) => Box::new(open311::Open311::new(open311, context)?),
        // Which columns are read is known to a mapping of cases only, which builds its connector itself.
        ConnectorConfig::Postgres(_) => {
            let words = "kind = \"postgres\" belongs to mappings with kind = \"cases\"".to_owned();
            return Err(PullError::Declared { words });
        }
    })
}
