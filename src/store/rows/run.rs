//! Rows of `runs`.

use std::fmt;
use std::str::FromStr;

use arrow::array::RecordBatch;

use crate::domain::Vintage;
use crate::store::columns::{self, Columns, cell};
use crate::store::{StoreError, Table};

/// How a pull ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RunOutcome {
    /// Rows were taken (possibly none of them new).
    Ok,
    /// The source gave the same bytes as last time.
    Unchanged,
    /// The source gave something its contract does not allow; nothing was taken.
    Refused,
    /// The source could not be reached or read.
    Failed,
}

impl RunOutcome {
    /// All outcomes.
    pub const ALL: [RunOutcome; 4] = [RunOutcome::Ok, RunOutcome::Unchanged, RunOutcome::Refused, RunOutcome::Failed];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            RunOutcome::Ok => "ok",
            RunOutcome::Unchanged => "unchanged",
            RunOutcome::Refused => "refused",
            RunOutcome::Failed => "failed",
        }
    }
}

impl fmt::Display for RunOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that is not an outcome.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown run outcome \"{0}\"")]
pub struct OutcomeError(pub String);

impl FromStr for RunOutcome {
    type Err = OutcomeError;
    fn from_str(s: &str) -> Result<Self, OutcomeError> {
        RunOutcome::ALL.into_iter().find(|o| o.as_str() == s).ok_or_else(|| OutcomeError(s.to_owned()))
    }
}

/// One pull of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRow {
    /// Id; the same bytes as the same snapshot of the same feed always have the same one.
    pub run_id: String,
    /// Feed code.
    pub feed: String,
    /// Number of the kept snapshot within its feed; `None` when nothing was kept.
    pub seq: Option<i64>,
    /// When the pull began.
    pub started_at: Vintage,
    /// When its rows were in the tables, or when it was given up.
    pub finished_at: Vintage,
    /// How it ended.
    pub outcome: RunOutcome,
    /// What happened, in words.
    pub message: String,
    /// Rows found in the source.
    pub rows_read: i64,
    /// Rows that were new or differed from what was known.
    pub rows_new: i64,
    /// Rows not taken.
    pub rows_rejected: i64,
    /// SHA-256 of the bytes, in hex.
    pub snapshot_sha256: Option<String>,
    /// URL or file path.
    pub url: Option<String>,
}

/// Rows to a batch of `runs`.
pub fn runs_batch(rows: &[RunRow]) -> Result<RecordBatch, StoreError> {
    columns::batch(
        Table::Runs,
        vec![
            columns::text(rows.iter().map(|r| &r.run_id)),
            columns::text(rows.iter().map(|r| &r.feed)),
            columns::long_or_null(rows.iter().map(|r| r.seq)),
            columns::instant(rows.iter().map(|r| r.started_at)),
            columns::instant(rows.iter().map(|r| r.finished_at)),
            columns::text(rows.iter().map(|r| r.outcome.as_str())),
            columns::text(rows.iter().map(|r| &r.message)),
            columns::long(rows.iter().map(|r| r.rows_read)),
            columns::long(rows.iter().map(|r| r.rows_new)),
            columns::long(rows.iter().map(|r| r.rows_rejected)),
            columns::text_or_null(rows.iter().map(|r| r.snapshot_sha256.as_ref())),
            columns::text_or_null(rows.iter().map(|r| r.url.as_ref())),
        ],
    )
}

/// A batch of `runs` to rows.
pub fn read_runs(batch: &RecordBatch) -> Result<Vec<RunRow>, StoreError> {
    let columns = Columns::of(Table::Runs, batch)?;
    let [run_id, feed, message, sha256, url] =
        ["run_id", "feed", "message", "snapshot_sha256", "url"].map(|n| columns.text(n));
    let [seq, read, new, rejected] = ["seq", "rows_read", "rows_new", "rows_rejected"].map(|n| columns.long(n));
    let [started_at, finished_at] = ["started_at", "finished_at"].map(|n| columns.instant(n));
    let mut outcome = columns.words("outcome");
    let mut rows = Vec::with_capacity(columns.rows());
    for row in 0..columns.rows() {
        rows.push(RunRow {
            run_id: run_id.value(row).to_owned(),
            feed: feed.value(row).to_owned(),
            seq: cell(seq, row),
            started_at: Vintage::from_micros(started_at.value(row)),
            finished_at: Vintage::from_micros(finished_at.value(row)),
            outcome: outcome.read(row)?,
            message: message.value(row).to_owned(),
            rows_read: read.value(row),
            rows_new: new.value(row),
            rows_rejected: rejected.value(row),
            snapshot_sha256: cell(sha256, row).map(str::to_owned),
            url: cell(url, row).map(str::to_owned),
        });
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_survive_the_way_to_a_batch_and_back() {
        let refused = RunRow {
            run_id: "r1".to_owned(),
            feed: "gso".to_owned(),
            seq: None,
            started_at: Vintage::from_micros(1),
            finished_at: Vintage::from_micros(2),
            outcome: RunOutcome::Refused,
            message: "3 rows where the last good pull had 300".to_owned(),
            rows_read: 3,
            rows_new: 0,
            rows_rejected: 0,
            snapshot_sha256: None,
            url: None,
        };
        let ok = RunRow {
            outcome: RunOutcome::Ok,
            seq: Some(12),
            snapshot_sha256: Some("00ff".to_owned()),
            url: Some("https://example.org/a.px".to_owned()),
            ..refused.clone()
        };
        let rows = vec![refused, ok];
        assert_eq!(read_runs(&runs_batch(&rows).unwrap()).unwrap(), rows);
    }
}
