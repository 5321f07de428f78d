//! When something changes in the database: by its own notice, else by looking again after a while.

use std::time::Duration;

use sqlx::postgres::{PgListener, PgPool};

use crate::feed::connector::backoff::Backoff;
use crate::feed::connector::config::PostgresConfig;

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(5);

/// Why it is time to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// The database said that something changed.
    Notice,
    /// The line to the database is there again; what it said meanwhile is not known.
    Connected,
    /// Nothing was said for a while, or nobody is listening.
    Nothing,
}

/// Waits for changes.
#[derive(Debug)]
pub struct Changes {
    pool: PgPool,
    channel: Option<String>,
    debounce: Duration,
    poll: Duration,
    listener: Option<PgListener>,
    backoff: Backoff,
    failed: u32,
}

impl Changes {
    pub(super) fn new(pool: PgPool, config: &PostgresConfig, seed: u64) -> Self {
        let poll = Duration::from_secs(config.poll_s.max(1));
        Self {
            pool,
            channel: config.channel.clone(),
            debounce: Duration::from_millis(config.debounce_ms),
            poll,
            listener: None,
            backoff: Backoff::new(Duration::from_millis(500), poll, seed),
            failed: 0,
        }
    }

    /// Returns when it is time to read again. Dropped at any point, it loses nothing that reading would not find.
    pub async fn next(&mut self) -> Heard {
        let Some(channel) = self.channel.clone() else {
            tokio::time::sleep(self.poll).await;
            return Heard::Nothing;
        };
        let Some(listener) = &mut self.listener else { return self.connect(&channel).await };
        let said = tokio::select! {
            said = listener.try_recv() => said,
            () = tokio::time::sleep(self.poll) => return Heard::Nothing,
        };
        match said {
            Ok(Some(_)) => {
                // Many rows of one transaction, and many small transactions, become one reading.
                tokio::time::sleep(self.debounce).await;
                while listener.next_buffered().is_some() {}
                Heard::Notice
            }
            Ok(None) | Err(_) => {
                tracing::warn!(
                    channel,
                    "the line on which the case store gives notice broke; looking again by the clock"
                );
                self.listener = None;
                Heard::Nothing
            }
        }
    }

    async fn connect(&mut self, channel: &str) -> Heard {
        let connecting = async {
            let mut listener = PgListener::connect_with(&self.pool).await?;
            listener.eager_reconnect(false);
            listener.listen(channel).await?;
            Ok::<_, sqlx::Error>(listener)
        };
        match tokio::time::timeout(CONNECT, connecting).await {
            Ok(Ok(listener)) => {
                tracing::info!(channel, "listening for changes of the case store");
                self.listener = Some(listener);
                self.failed = 0;
                Heard::Connected
            }
            Ok(Err(_)) | Err(_) => {
                self.failed += 1;
                tokio::time::sleep(self.backoff.wait(self.failed, None).unwrap_or(self.poll)).await;
                Heard::Nothing
            }
        }
    }
}
