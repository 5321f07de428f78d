//! Keeping the tables fast and small: merging small files, checkpoints, removing what nobody can read any more.
//!
//! All of it is safe while others read: files leave the disk only a week after they left the table. Run compaction
//! every night, the light vacuum every week and the full one every month; a schedule is the caller's.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use deltalake::checkpoints::{cleanup_expired_logs_for, create_checkpoint};
use deltalake::operations::vacuum::{Clock, VacuumMode};
use deltalake::{DeltaResult, DeltaTable};

use super::commit::{commit_properties, version, writer_properties};
use super::{Lake, StoreError, Table};

/// How long the log of a table is kept.
const LOG_RETENTION: TimeDelta = TimeDelta::days(30);

/// A kind of upkeep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upkeep {
    /// Merges small data files of a partition into larger ones.
    Compact,
    /// Writes a checkpoint of the log and removes log files older than 30 days that it makes superfluous.
    Checkpoint,
    /// Removes data files that left the table more than 7 days ago.
    VacuumLite,
    /// The same, and data files older than 7 days of writes that never were committed. Lists the whole table.
    VacuumFull,
}

/// What upkeep did to one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpkeepReport {
    /// The table.
    pub table: Table,
    /// Data files merged away, or files removed from storage.
    pub files_removed: u64,
    /// Data files written.
    pub files_added: u64,
}

impl Lake {
    /// Does one kind of upkeep on every table, one after the other. `now` decides what is old.
    pub async fn upkeep(&self, kind: Upkeep, now: DateTime<Utc>) -> Result<Vec<UpkeepReport>, StoreError> {
        let mut reports = Vec::new();
        for table in Table::ALL {
            let (_writer, delta) = self.begin(table).await?;
            let (delta, report) = match kind {
                Upkeep::Compact => compact(table, delta).await.map_err(StoreError::delta(table, "compact"))?,
                Upkeep::Checkpoint => {
                    let report = shorten_log(table, &delta, now).await;
                    (delta, report.map_err(StoreError::delta(table, "checkpoint"))?)
                }
                Upkeep::VacuumLite => vacuum(table, delta, VacuumMode::Lite, now).await?,
                Upkeep::VacuumFull => vacuum(table, delta, VacuumMode::Full, now).await?,
            };
            self.publish(table, delta);
            reports.push(report);
        }
        Ok(reports)
    }
}

async fn compact(table: Table, delta: DeltaTable) -> DeltaResult<(DeltaTable, UpkeepReport)> {
    let optimize =
        delta.optimize().with_writer_properties(writer_properties()).with_commit_properties(commit_properties());
    let (delta, metrics) = optimize.await?;
    let report = UpkeepReport { table, files_removed: metrics.num_files_removed, files_added: metrics.num_files_added };
    Ok((delta, report))
}

async fn shorten_log(table: Table, delta: &DeltaTable, now: DateTime<Utc>) -> DeltaResult<UpkeepReport> {
    create_checkpoint(delta, None).await?;
    let cutoff = (now - LOG_RETENTION).timestamp_millis();
    let removed = cleanup_expired_logs_for(version(delta)?, delta.log_store().as_ref(), cutoff, None).await?;
    Ok(UpkeepReport { table, files_removed: removed as u64, files_added: 0 })
}

async fn vacuum(
    table: Table,
    delta: DeltaTable,
    mode: VacuumMode,
    now: DateTime<Utc>,
) -> Result<(DeltaTable, UpkeepReport), StoreError> {
    let vacuum =
        delta.vacuum().with_mode(mode).with_clock(Arc::new(Instant(now))).with_commit_properties(commit_properties());
    let (delta, metrics) = vacuum.await.map_err(StoreError::delta(table, "vacuum"))?;
    let report = UpkeepReport { table, files_removed: metrics.files_deleted.len() as u64, files_added: 0 };
    Ok((delta, report))
}

/// Delta's clock, standing at the caller's instant.
#[derive(Debug)]
struct Instant(DateTime<Utc>);

impl Clock for Instant {
    fn current_timestamp_millis(&self) -> i64 {
        self.0.timestamp_millis()
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{all_words, observed, open};
    use super::*;

    async fn fill(lake: &Lake, times: u32) {
        for time in 0..times {
            let rows = vec![observed("births", "2022-05", &[time.into()])];
            lake.append(Table::Observations, rows, None).await.unwrap();
        }
    }

    fn of(reports: &[UpkeepReport], table: Table) -> &UpkeepReport {
        reports.iter().find(|r| r.table == table).unwrap()
    }

    fn data_files(folder: &std::path::Path) -> usize {
        std::fs::read_dir(folder.join("observations/period_year=2022")).unwrap().count()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn compaction_keeps_rows_and_the_snapshots_of_readers() {
        let folder = tempfile::tempdir().unwrap();
        let lake = open(folder.path()).await;
        fill(&lake, 5).await;
        let before = lake.snapshot(Table::Observations).await.unwrap();
        let rows = all_words(&lake).await;
        let reports = lake.upkeep(Upkeep::Compact, Utc::now()).await.unwrap();
        let report = of(&reports, Table::Observations);
        assert_eq!((report.files_removed, report.files_added), (5, 1));
        let after = lake.snapshot(Table::Observations).await.unwrap();
        assert_eq!((before.file_count(), after.file_count()), (5, 1));
        assert_eq!(all_words(&lake).await, rows);
        let old = super::super::fixture::words(&before, None).await;
        assert_eq!(old, rows, "files of an older snapshot are still there");
        drop(lake);
        assert_eq!(all_words(&open(folder.path()).await).await, rows);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn vacuum_waits_a_week_and_only_the_full_one_finds_orphans() {
        let folder = tempfile::tempdir().unwrap();
        let lake = open(folder.path()).await;
        fill(&lake, 3).await;
        let rows = all_words(&lake).await;
        std::fs::write(folder.path().join("observations/period_year=2022/part-orphan.parquet"), b"PAR1").unwrap();
        lake.upkeep(Upkeep::Compact, Utc::now()).await.unwrap();
        assert_eq!(data_files(folder.path()), 5);
        lake.upkeep(Upkeep::VacuumFull, Utc::now()).await.unwrap();
        assert_eq!(data_files(folder.path()), 5);
        let later = Utc::now() + TimeDelta::days(8);
        let reports = lake.upkeep(Upkeep::VacuumLite, later).await.unwrap();
        assert_eq!(of(&reports, Table::Observations).files_removed, 3);
        lake.upkeep(Upkeep::VacuumFull, later).await.unwrap();
        assert_eq!(data_files(folder.path()), 1);
        assert_eq!(all_words(&lake).await, rows);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn old_log_files_go_once_a_checkpoint_covers_them() {
        let folder = tempfile::tempdir().unwrap();
        let lake = open(folder.path()).await;
        fill(&lake, 4).await;
        let rows = all_words(&lake).await;
        let first = folder.path().join("observations/_delta_log/00000000000000000000.json");
        lake.upkeep(Upkeep::Checkpoint, Utc::now()).await.unwrap();
        assert!(first.exists());
        lake.upkeep(Upkeep::Checkpoint, Utc::now() + TimeDelta::days(31)).await.unwrap();
        assert!(!first.exists());
        assert_eq!(all_words(&lake).await, rows);
        drop(lake);
        let lake = open(folder.path()).await;
        assert_eq!(all_words(&lake).await, rows);
        fill(&lake, 1).await;
        assert_eq!(all_words(&lake).await.len(), 5);
    }
}
