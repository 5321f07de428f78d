//! Feeds: pulled on schedule or followed, every raw byte kept, mapped into observations, targets and cases.
//!
//! A pull goes through [`connector`] (fetch), [`raw`] (keep), [`mapping`] or [`cases`] (read), [`contract`] and the
//! ledger (judge), and ends in the tables; [`Feeds::pull`] is all of it, [`Feeds::follow`] is that whenever the source
//! changes, [`Feeds::replay`] the same from the kept bytes alone. A source that answers badly changes no figure: the run
//! says why. Nothing here computes an indicator.

pub mod cases;
pub mod connector;
pub mod contract;
mod declarations;
mod declared;
mod durable;
mod error;
mod feeds;
pub mod figures;
mod health;
mod ingest;
#[cfg(test)]
mod journey;
mod ledger;
pub mod mapping;
mod pull;
pub mod raw;
mod vintages;

pub use declarations::Declarations;
pub use error::FeedError;
pub use feeds::{FeedJob, Feeds, Followed, IngestReport};
pub use health::{FeedHealth, feed_health};
pub use pull::PullCount;
