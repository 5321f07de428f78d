//! The lake: the tables of one city, opened once per process.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use arrow::array::RecordBatch;
use datafusion::prelude::Expr;
use deltalake::kernel::StructType;
use deltalake::kernel::engine::arrow_conversion::TryIntoKernel;
use deltalake::protocol::SaveMode;
use deltalake::{DeltaTable, TableProperty};
use tokio::sync::{Mutex, MutexGuard};

use super::backend::{Backend, LakeConfig};
use super::changes::{self, Changes};
use super::commit::{self, CHECKPOINT_INTERVAL, Change, Txn, Write, WriteOutcome};
use super::lock::WriterLock;
use super::snapshot::TableSnapshot;
use super::{StoreError, Table, repair};

/// The tables, one writer each.
///
/// Share it by `Arc`. Writes to one table wait for each other; writes to different tables and all reads do not. When a
/// write returns, its rows are on disk and visible to every snapshot taken after.
#[derive(Debug)]
pub struct Lake {
    backend: Backend,
    slots: BTreeMap<Table, Slot>,
    /// Held by a writer, `None` for a reader.
    lock: Option<WriterLock>,
}

/// One table.
#[derive(Debug)]
struct Slot {
    /// Held by the one writer; holds the newest loaded version. `None`: nobody has created the table yet.
    writer: Mutex<()>,
    current: RwLock<Option<DeltaTable>>,
}

impl Lake {
    /// Opens the lake. A writer takes the lock, puts leftovers right and creates missing tables.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when another process writes to it.
    pub async fn open(config: &LakeConfig) -> Result<Self, StoreError> {
        let lock = config.lock_file().map(WriterLock::acquire).transpose()?;
        Self::open_on(Backend::connect(config)?, lock).await
    }

    pub(super) async fn open_on(backend: Backend, lock: Option<WriterLock>) -> Result<Self, StoreError> {
        let mut slots = BTreeMap::new();
        for table in Table::ALL {
            let delta = if lock.is_some() {
                Some(open_for_writing(&backend, table).await?)
            } else {
                open_for_reading(&backend, table).await?
            };
            slots.insert(table, Slot { writer: Mutex::new(()), current: RwLock::new(delta) });
        }
        Ok(Self { backend, slots, lock })
    }

    /// Adds rows; visible all at once. With a transaction, rows that are already there are not added again. Batches
    /// without rows still record the transaction.
    pub async fn append(
        &self,
        table: Table,
        batches: Vec<RecordBatch>,
        txn: Option<&Txn>,
    ) -> Result<WriteOutcome, StoreError> {
        self.write(Write { table, change: Change::Append, batches, txn }).await
    }

    /// Puts rows in place of those that `predicate` holds for; visible all at once. The predicate must hold for every
    /// new row, and should be about partition columns only: then no other row is rewritten.
    pub async fn replace_where(
        &self,
        table: Table,
        predicate: Expr,
        batches: Vec<RecordBatch>,
        txn: Option<&Txn>,
    ) -> Result<WriteOutcome, StoreError> {
        self.write(Write { table, change: Change::Replace(predicate), batches, txn }).await
    }

    /// How far an application got in a table: the version of its last transaction.
    pub async fn transaction_version(&self, table: Table, app: &str) -> Result<Option<i64>, StoreError> {
        let delta = self.newest(table).await?;
        commit::transaction_version(&delta, app).await.map_err(StoreError::delta(table, "load"))
    }

    /// The table as it is now.
    pub async fn snapshot(&self, table: Table) -> Result<TableSnapshot, StoreError> {
        TableSnapshot::of(table, &self.newest(table).await?, |_| true)
    }

    /// The table as it was at a version, as long as neither its log (30 days) nor its files (7 days after they were
    /// replaced) have been cleaned up.
    pub async fn snapshot_at(&self, table: Table, version: u64) -> Result<TableSnapshot, StoreError> {
        let mut delta = self.newest(table).await?;
        delta.load_version(version).await.map_err(StoreError::delta(table, "load an earlier version"))?;
        TableSnapshot::of(table, &delta, |_| true)
    }

    /// What came into the table after `version`.
    pub async fn added_since(&self, table: Table, version: u64) -> Result<Changes, StoreError> {
        changes::added_since(table, &self.newest(table).await?, version).await
    }

    async fn write(&self, write: Write<'_>) -> Result<WriteOutcome, StoreError> {
        let table = write.table;
        let (_writer, mut delta) = self.begin(table).await?;
        let outcome = write.run(&mut delta).await?;
        self.slot(table).publish(delta);
        Ok(outcome)
    }

    /// Waits for the table's other writers, and gives its newest version.
    pub(super) async fn begin(&self, table: Table) -> Result<(MutexGuard<'_, ()>, DeltaTable), StoreError> {
        if self.lock.is_none() {
            return Err(StoreError::ReadOnly);
        }
        let writer = self.slot(table).writer.lock().await;
        let delta = self.slot(table).loaded().ok_or(StoreError::NoTable { table })?;
        Ok((writer, delta))
    }

    /// Makes a newer version the one that readers see.
    pub(super) fn publish(&self, table: Table, delta: DeltaTable) {
        self.slot(table).publish(delta);
    }

    /// The newest version: what this process wrote last, or what the writing process has left by now.
    async fn newest(&self, table: Table) -> Result<DeltaTable, StoreError> {
        let slot = self.slot(table);
        if self.lock.is_some() {
            return slot.loaded().ok_or(StoreError::NoTable { table });
        }
        let delta = match slot.loaded() {
            Some(mut delta) => {
                delta.update_state().await.map_err(StoreError::delta(table, "load"))?;
                Some(delta)
            }
            None => open_for_reading(&self.backend, table).await?,
        };
        let delta = delta.ok_or(StoreError::NoTable { table })?;
        slot.publish(delta.clone());
        Ok(delta)
    }

    fn slot(&self, table: Table) -> &Slot {
        &self.slots[&table]
    }
}

impl Slot {
    fn loaded(&self) -> Option<DeltaTable> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn publish(&self, delta: DeltaTable) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(delta);
    }
}

async fn open_for_reading(backend: &Backend, table: Table) -> Result<Option<DeltaTable>, StoreError> {
    let mut delta = backend.table(table)?;
    if !delta.verify_deltatable_existence().await.map_err(StoreError::delta(table, "open"))? {
        return Ok(None);
    }
    delta.load().await.map_err(StoreError::delta(table, "load"))?;
    Ok(Some(delta))
}

async fn open_for_writing(backend: &Backend, table: Table) -> Result<DeltaTable, StoreError> {
    if let Some(folder) = backend.folder(table) {
        repair::sweep_staging_files(&folder)?;
    }
    repair::set_torn_commit_aside(table, &backend.table(table)?).await?;
    match open_for_reading(backend, table).await? {
        Some(delta) => Ok(delta),
        None => create(backend, table).await,
    }
}

async fn create(backend: &Backend, table: Table) -> Result<DeltaTable, StoreError> {
    let schema: StructType =
        table.stored_schema().as_ref().try_into_kernel().map_err(|source| StoreError::Arrow { table, source })?;
    let interval = CHECKPOINT_INTERVAL.to_string();
    backend
        .table(table)?
        .create()
        .with_save_mode(SaveMode::ErrorIfExists)
        .with_table_name(table.name())
        .with_comment(table.description())
        .with_columns(schema.fields().cloned())
        .with_partition_columns(table.partition_columns().iter().copied())
        .with_configuration_property(TableProperty::CheckpointInterval, Some(interval))
        .with_configuration_property(TableProperty::DeletedFileRetentionDuration, Some("interval 7 days"))
        .with_configuration_property(TableProperty::LogRetentionDuration, Some("interval 30 days"))
        .with_configuration_property(TableProperty::DataSkippingStatsColumns, Some(table.skipping_columns().join(",")))
        .await
        .map_err(StoreError::delta(table, "create"))
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};
    use std::sync::Arc;

    use datafusion::prelude::{col, lit};
    use object_store::memory::InMemory;

    use super::super::fixture::{all_words, figure, observed, open, open_bucket, words};
    use super::super::rows::read_indicator_values;
    use super::*;
    use crate::error::{Coded, ErrorCode};

    fn log_of(folder: &Path) -> PathBuf {
        folder.join("observations/_delta_log")
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_same_transaction_twice_adds_its_rows_once() {
        let folder = tempfile::tempdir().unwrap();
        let lake = open(folder.path()).await;
        let append = async |lake: &Lake, version| {
            let rows = vec![observed("births", "2022-05", &[1.0, 2.0])];
            lake.append(Table::Observations, rows, Some(&Txn::new("feed/gso", version))).await.unwrap()
        };
        assert_eq!(append(&lake, 7).await, WriteOutcome::Committed(1));
        assert_eq!(append(&lake, 7).await, WriteOutcome::AlreadyDone);
        assert_eq!(append(&lake, 6).await, WriteOutcome::AlreadyDone);
        drop(lake);
        let lake = open(folder.path()).await;
        assert_eq!(append(&lake, 7).await, WriteOutcome::AlreadyDone);
        assert_eq!(all_words(&lake).await, ["births 760 2022-05 1", "births 761 2022-05 2"]);
        assert_eq!(lake.transaction_version(Table::Observations, "feed/gso").await.unwrap(), Some(7));
        assert_eq!(lake.transaction_version(Table::Observations, "feed/other").await.unwrap(), None);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_pull_without_rows_still_records_its_transaction() {
        let folder = tempfile::tempdir().unwrap();
        let lake = open(folder.path()).await;
        let txn = Txn::new("feed/gso", 3);
        assert_eq!(lake.append(Table::Observations, vec![], Some(&txn)).await.unwrap(), WriteOutcome::Committed(1));
        assert_eq!(lake.append(Table::Observations, vec![], Some(&txn)).await.unwrap(), WriteOutcome::AlreadyDone);
        assert_eq!(lake.append(Table::Observations, vec![], None).await.unwrap(), WriteOutcome::Committed(1));
        assert_eq!(lake.transaction_version(Table::Observations, "feed/gso").await.unwrap(), Some(3));
        assert_eq!(all_words(&lake).await, Vec::<String>::new());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn appends_at_the_same_time_all_arrive_once() {
        let folder = tempfile::tempdir().unwrap();
        let lake = Arc::new(open(folder.path()).await);
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..24u32 {
            let lake = lake.clone();
            tasks.spawn(async move {
                let rows = vec![observed(&format!("m{number:02}"), "2022-05", &[number.into()])];
                let txn = Txn::new(format!("feed/{}", number / 2), 1 + i64::from(number % 2));
                lake.append(Table::Observations, rows, Some(&txn)).await.unwrap()
            });
        }
        let done = tasks.join_all().await.into_iter().filter(|o| *o == WriteOutcome::AlreadyDone).count();
        // Of two writes of one feed, the later may overtake the earlier one, which then counts as done.
        assert_eq!(all_words(&lake).await.len(), 24 - done);
        let version = lake.snapshot(Table::Observations).await.unwrap().version();
        assert_eq!(version, 24 - done as u64);
        let checkpoint = log_of(folder.path()).join("00000000000000000019.checkpoint.parquet");
        assert_eq!(checkpoint.exists(), version >= 19);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn replacing_touches_only_what_the_predicate_names() {
        let folder = tempfile::tempdir().unwrap();
        let lake = open(folder.path()).await;
        let table = Table::IndicatorValues;
        let figures = [("1001", "2021-05", 1.0), ("1001", "2022-05", 2.0), ("0202", "2022-05", 3.0)];
        let batches = figures.iter().map(|(code, period, value)| figure(code, period, *value)).collect();
        lake.append(table, batches, None).await.unwrap();
        let of = |group: &str, year: i32| col("group_code").eq(lit(group)).and(col("period_year").eq(lit(year)));
        let both = of("10", 2022).or(of("02", 2022));
        lake.replace_where(table, both, vec![figure("1001", "2022-06", 9.0)], None).await.unwrap();
        assert_eq!(values(&lake).await, ["1001 2021-05 1", "1001 2022-06 9"]);
        // Nothing in place of something.
        lake.replace_where(table, of("10", 2021), vec![], None).await.unwrap();
        assert_eq!(values(&lake).await, ["1001 2022-06 9"]);
        // A row that the predicate does not hold for is refused, and nothing changes.
        let stray = lake.replace_where(table, of("10", 2022), vec![figure("0202", "2022-06", 1.0)], None).await;
        assert_eq!(stray.unwrap_err().code(), ErrorCode::Storage);
        assert_eq!(values(&lake).await, ["1001 2022-06 9"]);
    }

    async fn values(lake: &Lake) -> Vec<String> {
        let batches = lake.snapshot(Table::IndicatorValues).await.unwrap().read(None).await.unwrap();
        let rows = batches.iter().flat_map(|batch| read_indicator_values(batch).unwrap());
        let mut words: Vec<String> =
            rows.map(|row| format!("{} {} {}", row.indicator, row.cell.period, row.cell.value)).collect();
        words.sort();
        words
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn one_process_writes_and_others_read() {
        let folder = tempfile::tempdir().unwrap();
        let config = LakeConfig::disk(folder.path());
        let early = Lake::open(&config.clone().read_only()).await.unwrap();
        let nothing = early.snapshot(Table::Observations).await.unwrap_err();
        assert_eq!(nothing.code(), ErrorCode::NotReady);

        let writer = Lake::open(&config).await.unwrap();
        let second = Lake::open(&config).await.unwrap_err();
        assert_eq!(second.code(), ErrorCode::Conflict);
        assert!(second.hint().unwrap().contains(&std::process::id().to_string()));

        let reader = Lake::open(&config.read_only()).await.unwrap();
        let before = reader.snapshot(Table::Observations).await.unwrap();
        writer.append(Table::Observations, vec![observed("births", "2022-05", &[1.0])], None).await.unwrap();
        assert_eq!(all_words(&reader).await, ["births 760 2022-05 1"]);
        assert_eq!(all_words(&early).await, ["births 760 2022-05 1"]);
        assert_eq!((before.version(), before.row_count()), (0, Some(0)), "a snapshot does not move");
        let refused = reader.append(Table::Observations, vec![], None).await.unwrap_err();
        assert!(matches!(refused, StoreError::ReadOnly));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn leftovers_of_a_killed_write_do_not_show() {
        let folder = tempfile::tempdir().unwrap();
        let lake = open(folder.path()).await;
        let rows = vec![observed("births", "2022-05", &[1.0])];
        lake.append(Table::Observations, rows.clone(), Some(&Txn::new("feed/gso", 1))).await.unwrap();
        drop(lake);
        let year = folder.path().join("observations/period_year=2022");
        let written = std::fs::read_dir(&year).unwrap().next().unwrap().unwrap().path();
        std::fs::copy(&written, year.join("part-orphan.parquet")).unwrap();
        let staged = year.join("part-half.parquet#3");
        std::fs::write(&staged, b"PAR1").unwrap();
        std::fs::write(log_of(folder.path()).join("00000000000000000002.json#4"), b"{").unwrap();

        let lake = open(folder.path()).await;
        assert_eq!(all_words(&lake).await, ["births 760 2022-05 1"]);
        assert!(!staged.exists());
        let again = lake.append(Table::Observations, rows, Some(&Txn::new("feed/gso", 2))).await.unwrap();
        assert_eq!(again, WriteOutcome::Committed(2));
        assert_eq!(all_words(&lake).await.len(), 2);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_torn_newest_commit_is_set_aside_and_its_rows_come_again() {
        for torn in [&b""[..], b"{\"commitInfo\":{\"time"] {
            let folder = tempfile::tempdir().unwrap();
            let lake = open(folder.path()).await;
            let append = async |lake: &Lake, version| {
                let rows = vec![observed("births", "2022-05", &[1.0])];
                lake.append(Table::Observations, rows, Some(&Txn::new("feed/gso", version))).await.unwrap()
            };
            append(&lake, 1).await;
            append(&lake, 2).await;
            drop(lake);
            let newest = log_of(folder.path()).join("00000000000000000002.json");
            std::fs::write(&newest, torn).unwrap();

            let lake = open(folder.path()).await;
            assert_eq!(all_words(&lake).await.len(), 1);
            assert!(newest.with_extension("json.torn").exists());
            assert_eq!(append(&lake, 2).await, WriteOutcome::Committed(2));
            drop(lake);
            assert_eq!(all_words(&open(folder.path()).await).await.len(), 2);
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_earlier_version_can_be_read() {
        let folder = tempfile::tempdir().unwrap();
        let lake = open(folder.path()).await;
        lake.append(Table::Observations, vec![observed("births", "2022-05", &[1.0])], None).await.unwrap();
        lake.append(Table::Observations, vec![observed("births", "2022-06", &[2.0])], None).await.unwrap();
        let earlier = lake.snapshot_at(Table::Observations, 1).await.unwrap();
        assert_eq!((earlier.version(), words(&earlier, None).await), (1, vec!["births 760 2022-05 1".to_owned()]));
        assert_eq!(all_words(&lake).await.len(), 2);
        assert_eq!(lake.snapshot_at(Table::Observations, 9).await.unwrap_err().code(), ErrorCode::Storage);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_bucket_works_like_a_disk() {
        let folder = tempfile::tempdir().unwrap();
        let lake = open_bucket(folder.path(), Arc::new(InMemory::new())).await;
        let rows = vec![observed("births", "2022-05", &[1.0]), observed("births", "2021-05", &[2.0])];
        let txn = Txn::new("feed/gso", 1);
        lake.append(Table::Observations, rows.clone(), Some(&txn)).await.unwrap();
        assert_eq!(lake.append(Table::Observations, rows, Some(&txn)).await.unwrap(), WriteOutcome::AlreadyDone);
        let year = col("period_year").eq(lit(2022));
        lake.replace_where(Table::Observations, year, vec![observed("births", "2022-06", &[3.0])], None).await.unwrap();
        assert_eq!(all_words(&lake).await, ["births 760 2021-05 2", "births 760 2022-06 3"]);
    }
}
