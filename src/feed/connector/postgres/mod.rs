//! A case store in PostgreSQL: what changed since the last reading, page by page, cases with their events as of one
//! snapshot of the database; and a notice when something changes.

mod changes;
mod page;
mod position;

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex as StdMutex;
use std::time::Duration;

use async_trait::async_trait;
use secrecy::ExposeSecret;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{PgConnection, Row};
use tokio::sync::Mutex;

pub use changes::{Changes, Heard};
pub use page::{CaseTables, EventTable};
use page::{Changed, Statements, types};
use position::{Moments, Position};

use super::backoff::Backoff;
use super::config::PostgresConfig;
use super::{Connector, ConnectorContext, Content, PullError, PullState, Pulled, Secrets};
use crate::feed::error::in_words;
use crate::feed::raw::sha256_of;

/// The header under which a page says from where reading goes on after it; microseconds since 1970 UTC.
const POSITION: &str = "case-store-position";

/// Keys read at a time: an index alone answers.
const KEYS_AT_ONCE: i64 = 20_000;

/// Attempts of one pull while the database cannot be reached.
const ATTEMPTS: u32 = 3;

/// Before any time of change.
const BEGINNING: i64 = -62_135_596_800_000_000;

/// A case store in PostgreSQL.
pub struct Postgres {
    config: PostgresConfig,
    tables: CaseTables,
    secrets: Secrets,
    seed: u64,
    locator: String,
    pool: Mutex<Option<PgPool>>,
    state: Mutex<State>,
    has_more: StdMutex<bool>,
}

/// What is remembered between two pulls of one process.
#[derive(Default)]
struct State {
    position: Option<Position>,
    /// Changes at or after the position that were handed out.
    seen: HashMap<String, i64>,
    /// Hash of the last page handed out: if the newest kept snapshot is not that, it was not kept.
    handed_out: Option<String>,
}

/// What one reading brought.
struct ReadChanges {
    pages: Vec<Page>,
    position: Position,
    seen: HashMap<String, i64>,
    has_more: bool,
}

struct Page {
    parts: Vec<Vec<u8>>,
    position: i64,
}

impl Postgres {
    /// `kind = "postgres"` over the tables that a mapping reads.
    pub fn new(config: &PostgresConfig, tables: CaseTables, context: &ConnectorContext) -> Self {
        Self {
            config: config.clone(),
            locator: format!("postgres:{}", tables.cases),
            tables,
            secrets: context.secrets.clone(),
            seed: context.seed,
            pool: Mutex::new(None),
            state: Mutex::new(State::default()),
            has_more: StdMutex::new(false),
        }
    }

    /// The connections; made when first needed, so that a database that is down does not keep a server from starting.
    async fn pool(&self) -> Result<PgPool, PullError> {
        let mut pool = self.pool.lock().await;
        if let Some(pool) = &*pool {
            return Ok(pool.clone());
        }
        let url = self.secrets.get(&self.config.url_env)?;
        // The parser's own message would quote the address, and the address holds a password.
        let options: PgConnectOptions = url.expose_secret().parse().map_err(|_| PullError::Declared {
            words: format!("the address in {} is not one of PostgreSQL (postgres://..)", self.config.url_env),
        })?;
        let made = PgPoolOptions::new()
            .max_connections(2)
            .acquire_timeout(Duration::from_secs(10))
            .connect_lazy_with(options.application_name("toancanh"));
        *pool = Some(made.clone());
        Ok(made)
    }

    async fn read(&self, state: &State, kept: Option<i64>) -> Result<ReadChanges, PullError> {
        let pool = self.pool().await?;
        let failed = |e: sqlx::Error| self.failed(&e);
        let mut connection = pool.acquire().await.map_err(failed)?;
        let now = moments(&mut connection).await.map_err(failed)?;
        drop(connection);
        let mut transaction =
            pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await.map_err(failed)?;
        let connection = &mut *transaction;
        self.prepare(connection).await.map_err(failed)?;
        let statements = self.statements(connection).await?;
        let mut position = state.position.clone().unwrap_or_else(|| Position::new(kept));
        let safe = position.safe(&now, self.config.overlap_s.saturating_mul(1_000_000) as i64);
        let (changed, last) = self.changed(connection, &statements, &position, &state.seen).await.map_err(failed)?;
        let mut pages = Vec::new();
        for chunk in changed.chunks(self.config.page_rows.max(1)) {
            let ids: Vec<String> = chunk.iter().map(|changed| changed.id.clone()).collect();
            let parts = statements.page(connection, &self.tables, &ids).await.map_err(failed)?;
            let end = chunk.last().map_or(safe, |last| last.at.min(safe));
            pages.push(Page { parts, position: position.from.map_or(end, |from| from.max(end)) });
        }
        let mut seen = state.seen.clone();
        seen.extend(changed.into_iter().map(|changed| (changed.id, changed.at)));
        position.advance(last.as_ref().map_or(safe, |last| last.at.min(safe)));
        seen.retain(|_, at| position.from.is_none_or(|from| *at >= from));
        transaction.rollback().await.map_err(failed)?;
        if !seen.is_empty() && now.at - position.from.unwrap_or(now.at) > 3_600_000_000 && last.is_none() {
            tracing::warn!(
                source = self.locator,
                "a transaction has been open for more than an hour; changes since are read again and again"
            );
        }
        Ok(ReadChanges { pages, position, seen, has_more: last.is_some() })
    }

    /// Everything that follows in this transaction: its time limit, and times as the mapping expects them.
    async fn prepare(&self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        let limit = self.config.statement_timeout_ms.to_string();
        let settings =
            [("statement_timeout", limit.as_str()), ("TimeZone", self.tables.zone), ("DateStyle", "ISO, YMD")];
        for (name, value) in settings {
            sqlx::query("SELECT set_config($1, $2, true)").bind(name).bind(value).execute(&mut *connection).await?;
        }
        Ok(())
    }

    /// The statements, once every column is known to be there.
    async fn statements(&self, connection: &mut PgConnection) -> Result<Statements, PullError> {
        let tables = &self.tables;
        let mut wanted = vec![("cases", &tables.cases, &tables.columns)];
        if let Some(events) = &tables.events {
            wanted.push(("events", &events.table, &events.columns));
        }
        let mut known = BTreeMap::new();
        let mut missing = Vec::new();
        for (what, table, columns) in wanted {
            let found = types(connection, table).await.map_err(|e| self.failed(&e))?;
            if found.is_empty() {
                missing.push(format!("there is no table \"{table}\" that this user may see"));
                continue;
            }
            let absent = columns.iter().filter(|column| !found.contains_key(*column));
            missing.extend(absent.map(|column| format!("the table \"{table}\" has no column \"{column}\"")));
            known.extend(found.into_iter().map(|(column, kind)| (format!("{what}.{column}"), kind)));
        }
        if missing.is_empty() {
            return Ok(Statements::new(tables, &known));
        }
        Err(PullError::Shape { url: self.locator.clone(), words: missing.join("; ") })
    }

    /// What changed and was not handed out yet, and the last key looked at if there may be more.
    async fn changed(
        &self,
        connection: &mut PgConnection,
        statements: &Statements,
        position: &Position,
        seen: &HashMap<String, i64>,
    ) -> Result<(Vec<Changed>, Option<Changed>), sqlx::Error> {
        let most = self.config.page_rows.max(1) * self.config.pages.max(1);
        let from = position.from.unwrap_or(BEGINNING);
        let mut fresh: Vec<Changed> = Vec::new();
        let mut last: Option<Changed> = None;
        loop {
            let keys = statements.keys(connection, from, last.as_ref(), KEYS_AT_ONCE).await?;
            let is_end = (keys.len() as i64) < KEYS_AT_ONCE;
            for key in keys {
                if fresh.len() == most {
                    return Ok((fresh, last));
                }
                last = Some(key.clone());
                if seen.get(&key.id) != Some(&key.at) {
                    fresh.push(key);
                }
            }
            if is_end {
                return Ok((fresh, None));
            }
        }
    }

    fn failed(&self, error: &sqlx::Error) -> PullError {
        let url = self.locator.clone();
        match error {
            sqlx::Error::Database(_) | sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => {
                PullError::Shape { url, words: in_words(error) }
            }
            _ => PullError::Unreachable { url, attempts: 1, words: in_words(error) },
        }
    }

    /// Reads, and tries again while the database cannot be reached.
    async fn read_patiently(&self, state: &State, kept: Option<i64>) -> Result<ReadChanges, PullError> {
        let mut backoff = Backoff::new(Duration::from_millis(200), Duration::from_secs(2), self.seed);
        let mut attempt = 1;
        loop {
            match self.read(state, kept).await {
                Err(PullError::Unreachable { .. }) if attempt < ATTEMPTS => {
                    tokio::time::sleep(backoff.wait(attempt, None).unwrap_or_default()).await;
                    attempt += 1;
                }
                Err(PullError::Unreachable { url, words, .. }) => {
                    return Err(PullError::Unreachable { url, attempts: attempt, words });
                }
                read => return read,
            }
        }
    }

    async fn take(&self, since: &PullState) -> Result<Vec<Pulled>, PullError> {
        let mut state = self.state.lock().await;
        let kept = since.newest(&self.locator);
        let was_kept = state.handed_out.is_none() || state.handed_out.as_deref() == kept.map(|(sha, _)| sha);
        if !was_kept {
            *state = State::default();
        }
        let position = kept.and_then(|(_, headers)| headers.get(POSITION)?.parse().ok());
        let read = self.read_patiently(&state, position).await?;
        *self.has_more.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = read.has_more;
        let last = read.pages.last().map(|page| sha256_of(&page.parts));
        let handed_out = last.or_else(|| state.handed_out.take());
        *state = State { position: Some(read.position), seen: read.seen, handed_out };
        let pulled = |page: Page| Pulled {
            locator: self.locator.clone(),
            url: self.locator.clone(),
            content_type: Some("text/csv".to_owned()),
            headers: BTreeMap::from([(POSITION.to_owned(), page.position.to_string())]),
            content: Content::Bytes(page.parts),
        };
        Ok(read.pages.into_iter().map(pulled).collect())
    }
}

#[async_trait]
impl Connector for Postgres {
    async fn pull(&self, since: &PullState) -> Result<Vec<Pulled>, PullError> {
        self.take(since).await
    }

    fn has_more(&self) -> bool {
        *self.has_more.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    async fn changes(&self) -> Option<Changes> {
        match self.pool().await {
            Ok(pool) => Some(Changes::new(pool, &self.config, self.seed)),
            Err(error) => {
                tracing::error!(source = self.locator, "the case store cannot be followed: {}", error.in_words());
                None
            }
        }
    }
}

/// The database's clock, when the oldest transaction of another session began as far as that can be seen, and which
/// transactions have a number, which they get with their first write. Asked before the snapshot that is read.
async fn moments(connection: &mut PgConnection) -> Result<Moments, sqlx::Error> {
    let row = sqlx::query(
        "SELECT (extract(epoch FROM now()) * 1000000)::bigint, \
         (SELECT (extract(epoch FROM least(now(), min(xact_start))) * 1000000)::bigint FROM pg_stat_activity \
          WHERE datname = current_database() AND pid <> pg_backend_pid() \
          AND backend_type NOT IN ('autovacuum worker', 'walsender')), \
         (SELECT coalesce(array_agg(DISTINCT transactionid::text::bigint), '{}') FROM pg_locks \
          WHERE locktype = 'transactionid' AND mode = 'ExclusiveLock' AND granted)",
    )
    .fetch_one(connection)
    .await?;
    Ok(Moments { at: row.try_get(0)?, oldest: row.try_get(1)?, open: row.try_get(2)? })
}
