//! The log of runs and of rejected rows, newest first.

use datafusion::logical_expr::{Expr, col, lit};

use super::{ComputeError, Engine};
use crate::store::rows::{RejectedRow, RunRow, read_rejected_rows, read_runs};
use crate::store::{StoreError, Table, TableSnapshot};

/// What to read.
#[derive(Debug, Clone, Default)]
pub struct LogQuery {
    /// Only this feed.
    pub feed: Option<String>,
    /// Only this run.
    pub run_id: Option<String>,
    /// So many of the newest rows are left out.
    pub skip: usize,
    /// At most this many rows.
    pub limit: usize,
}

/// Runs, newest first.
#[derive(Debug, Default)]
pub struct RunLog {
    /// The runs.
    pub rows: Vec<RunRow>,
    /// Version of the table.
    pub version: u64,
}

/// Rejected rows, newest first.
#[derive(Debug, Default)]
pub struct RejectedLog {
    /// The rows.
    pub rows: Vec<RejectedRow>,
    /// How many there are in all.
    pub total: usize,
    /// Version of the table.
    pub version: u64,
}

impl Engine {
    /// What the feeds did.
    pub async fn runs(&self, query: &LogQuery) -> Result<RunLog, ComputeError> {
        let Some(snapshot) = self.table(Table::Runs).await? else { return Ok(RunLog::default()) };
        let mut rows = Vec::new();
        for batch in snapshot.read(filter(query)).await? {
            rows.extend(read_runs(&batch)?);
        }
        rows.sort_by(|a, b| (b.finished_at, &b.feed, b.seq).cmp(&(a.finished_at, &a.feed, a.seq)));
        rows.drain(..query.skip.min(rows.len()));
        rows.truncate(query.limit);
        Ok(RunLog { rows, version: snapshot.version() })
    }

    /// What was not taken, and why.
    pub async fn rejected(&self, query: &LogQuery) -> Result<RejectedLog, ComputeError> {
        let Some(snapshot) = self.table(Table::RejectedRows).await? else { return Ok(RejectedLog::default()) };
        let mut rows = Vec::new();
        for batch in snapshot.read(filter(query)).await? {
            rows.extend(read_rejected_rows(&batch)?);
        }
        let order = |a: &RejectedRow, b: &RejectedRow| {
            let place = |row: &RejectedRow| (row.feed.clone(), row.source_ref.clone(), row.row, row.column.clone());
            b.recorded_at.cmp(&a.recorded_at).then_with(|| place(a).cmp(&place(b)))
        };
        rows.sort_by(order);
        let total = rows.len();
        rows.drain(..query.skip.min(total));
        rows.truncate(query.limit);
        Ok(RejectedLog { rows, total, version: snapshot.version() })
    }

    async fn table(&self, table: Table) -> Result<Option<TableSnapshot>, ComputeError> {
        match self.lake().snapshot(table).await {
            Ok(snapshot) => Ok(Some(snapshot)),
            Err(StoreError::NoTable { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

fn filter(query: &LogQuery) -> Option<Expr> {
    let feed = query.feed.as_deref().map(|f| col("feed").eq(lit(f)));
    let run = query.run_id.as_deref().map(|r| col("run_id").eq(lit(r)));
    match (feed, run) {
        (Some(a), Some(b)) => Some(a.and(b)),
        (one, other) => one.or(other),
    }
}
