//! One write to one table: at most once per transaction, however it is interrupted.
//!
//! Delta reports some failures after the commit is already durable, and lets two writes with the same transaction id
//! both succeed if they do not overlap. So a write first looks whether its transaction is already in the table, carries
//! a mark of its own, and after a failure looks for that mark before it tries again.

use std::sync::atomic::{AtomicU64, Ordering};

use arrow::array::RecordBatch;
use arrow::compute::cast;
use datafusion::prelude::Expr;
use deltalake::kernel::Transaction;
use deltalake::kernel::transaction::{CommitBuilder, CommitProperties, TransactionError};
use deltalake::parquet::basic::{Compression, ZstdLevel};
use deltalake::parquet::file::properties::WriterProperties;
use deltalake::protocol::{DeltaOperation, SaveMode};
use deltalake::{DeltaResult, DeltaTable, DeltaTableError};
use serde_json::Value;

use super::{StoreError, Table};

/// Commits between two checkpoints of the log.
pub(super) const CHECKPOINT_INTERVAL: u64 = 20;

/// How often a write is tried when another writer got in between.
const ATTEMPTS: u32 = 4;

/// Numbers the writes of this process.
static WRITES: AtomicU64 = AtomicU64::new(1);

/// The place of a write in a sequence of its application, for writing at most once: a write whose version is not above
/// the one in the table is already done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Txn {
    /// Application, such as `feed/gso`.
    pub app: String,
    /// Position in the application's sequence, such as the number of the last snapshot taken.
    pub version: i64,
}

impl Txn {
    /// A place in the sequence of an application.
    pub fn new(app: impl Into<String>, version: i64) -> Self {
        Self { app: app.into(), version }
    }
}

/// What a write came to. Either way its rows are in the table, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteOutcome {
    /// The rows became visible with this version of the table.
    Committed(u64),
    /// An earlier write of the same transaction had already put them there; nothing was changed.
    AlreadyDone,
}

/// What a write does to the rows that are there.
#[derive(Debug, Clone)]
pub(super) enum Change {
    /// Leaves them.
    Append,
    /// Takes out those that the predicate holds for.
    Replace(Expr),
}

/// Rows on their way into a table.
pub(super) struct Write<'a> {
    pub(super) table: Table,
    pub(super) change: Change,
    pub(super) batches: Vec<RecordBatch>,
    pub(super) txn: Option<&'a Txn>,
}

impl Write<'_> {
    /// Writes to the newest version of `delta`; on success `delta` is the version written.
    pub(super) async fn run(self, delta: &mut DeltaTable) -> Result<WriteOutcome, StoreError> {
        let failed = |action| StoreError::delta(self.table, action);
        let batches = self.stored_batches()?;
        let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
        let mark = format!("{}.{}", std::process::id(), WRITES.fetch_add(1, Ordering::Relaxed));
        let mut attempt = 1;
        loop {
            delta.update_state().await.map_err(failed("load"))?;
            if is_done(delta, self.txn).await.map_err(failed("load"))? {
                return Ok(WriteOutcome::AlreadyDone);
            }
            let base = version(delta).map_err(failed("load"))?;
            if rows == 0 && self.txn.is_none() && matches!(self.change, Change::Append) {
                return Ok(WriteOutcome::Committed(base));
            }
            let source = match self.attempt(delta, &batches, &mark).await {
                Ok(written) => {
                    *delta = written;
                    break;
                }
                Err(error) => error,
            };
            delta.update_state().await.map_err(failed("load"))?;
            if let Some(version) = find_mark(delta, base, &mark).await.map_err(failed("load"))? {
                tracing::warn!(
                    table = self.table.name(),
                    version,
                    error = %source,
                    "version {version} of table \"{}\" was written although storage reported a failure",
                    self.table
                );
                return Ok(WriteOutcome::Committed(version));
            }
            if !is_race(&source) {
                return Err(failed("write")(source));
            }
            if attempt == ATTEMPTS {
                return Err(StoreError::Raced { table: self.table, version: base + 1, source: Box::new(source) });
            }
            attempt += 1;
        }
        let written = version(delta).map_err(failed("load"))?;
        if (written + 1).is_multiple_of(CHECKPOINT_INTERVAL) {
            checkpoint(self.table, delta).await;
        }
        Ok(WriteOutcome::Committed(written))
    }

    /// The batches with the columns and types that Delta stores.
    fn stored_batches(&self) -> Result<Vec<RecordBatch>, StoreError> {
        let schema = self.table.stored_schema();
        let mut stored = Vec::with_capacity(self.batches.len().max(1));
        for batch in &self.batches {
            let mut columns = Vec::with_capacity(schema.fields().len());
            for field in schema.fields() {
                let column = batch.column_by_name(field.name()).ok_or_else(|| StoreError::Column {
                    table: self.table,
                    column: field.name().clone(),
                    problem: "is missing".to_owned(),
                })?;
                columns.push(cast(column, field.data_type()).map_err(self.arrow())?);
            }
            stored.push(RecordBatch::try_new(schema.clone(), columns).map_err(self.arrow())?);
        }
        if stored.is_empty() {
            stored.push(RecordBatch::new_empty(schema));
        }
        Ok(stored)
    }

    fn arrow(&self) -> impl FnOnce(arrow::error::ArrowError) -> StoreError {
        let table = self.table;
        move |source| StoreError::Arrow { table, source }
    }

    async fn attempt(&self, delta: &DeltaTable, batches: &[RecordBatch], mark: &str) -> DeltaResult<DeltaTable> {
        let mut properties = commit_properties().with_metadata([(MARK.to_owned(), Value::from(mark))]);
        if let Some(txn) = self.txn {
            properties = properties.with_application_transaction(Transaction::new(&txn.app, txn.version));
        }
        let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
        if rows == 0 && matches!(self.change, Change::Append) {
            return commit_marker(delta, properties).await;
        }
        let write = delta
            .clone()
            .write(batches.iter().cloned())
            .with_writer_properties(writer_properties())
            .with_commit_properties(properties);
        match &self.change {
            Change::Append => write.with_save_mode(SaveMode::Append).await,
            Change::Replace(predicate) => {
                write.with_save_mode(SaveMode::Overwrite).with_replace_where(predicate.clone()).await
            }
        }
    }
}

/// Name of the mark in the commit.
const MARK: &str = "toancanh.write";

/// Commits without the hooks after it: a failing checkpoint must not look like a failing write.
pub(super) fn commit_properties() -> CommitProperties {
    CommitProperties::default().with_create_checkpoint(false).with_cleanup_expired_logs(Some(false))
}

/// How data files are written. No sorting columns: planners would take the rows for ordered.
pub(super) fn writer_properties() -> WriterProperties {
    let level = ZstdLevel::try_new(3).expect("3 is a level of zstd");
    WriterProperties::builder().set_compression(Compression::ZSTD(level)).build()
}

/// Writes a checkpoint of the log. A failure is reported and costs nothing but a slower start.
async fn checkpoint(table: Table, delta: &DeltaTable) {
    if let Err(error) = deltalake::checkpoints::create_checkpoint(delta, None).await {
        tracing::warn!(table = table.name(), error = %error, "checkpoint of table \"{table}\" could not be written");
    }
}

/// The loaded version.
pub(super) fn version(delta: &DeltaTable) -> DeltaResult<u64> {
    Ok(delta.snapshot()?.version())
}

/// The position of an application in the loaded version.
pub(super) async fn transaction_version(delta: &DeltaTable, app: &str) -> DeltaResult<Option<i64>> {
    delta.snapshot()?.transaction_version(delta.log_store().as_ref(), app).await
}

async fn is_done(delta: &DeltaTable, txn: Option<&Txn>) -> DeltaResult<bool> {
    let Some(txn) = txn else { return Ok(false) };
    let reached = transaction_version(delta, &txn.app).await?;
    Ok(reached.is_some_and(|reached| reached >= txn.version))
}

/// A commit that says only that a transaction is done: a pull that brought nothing new.
async fn commit_marker(delta: &DeltaTable, properties: CommitProperties) -> DeltaResult<DeltaTable> {
    let snapshot = delta.snapshot()?;
    let operation = DeltaOperation::Write { mode: SaveMode::Append, partition_by: None, predicate: None };
    let commit = CommitBuilder::from(properties).build(Some(snapshot), delta.log_store(), operation).await?;
    let mut written = DeltaTable::new(delta.log_store());
    written.state = Some(commit.snapshot());
    Ok(written)
}

/// The version after `base` that carries the mark.
async fn find_mark(delta: &DeltaTable, base: u64, mark: &str) -> DeltaResult<Option<u64>> {
    let needle = format!("\"{MARK}\":\"{mark}\"");
    for version in base + 1..=version(delta)? {
        let commit = delta.log_store().read_commit_entry(version).await?;
        let text = commit.as_deref().map(String::from_utf8_lossy).unwrap_or_default();
        if text.contains(&needle) {
            return Ok(Some(version));
        }
    }
    Ok(None)
}

/// Whether a write failed only because another one got in between.
fn is_race(error: &DeltaTableError) -> bool {
    match error {
        DeltaTableError::VersionAlreadyExists(_) => true,
        DeltaTableError::Transaction { source } => matches!(
            source,
            TransactionError::CommitConflict(_)
                | TransactionError::VersionAlreadyExists(_)
                | TransactionError::MaxCommitAttempts(_)
        ),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::fmt;
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    use async_trait::async_trait;
    use futures::stream::BoxStream;
    use object_store::memory::InMemory;
    use object_store::path::Path;
    use object_store::{
        CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
        PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
    };

    use super::super::fixture::{all_words, observed, open_bucket};
    use super::*;
    use crate::error::{Coded, ErrorCode};

    /// A store that loses the answer to one commit: before it is kept, or after.
    #[derive(Debug, Default)]
    struct Flaky {
        store: InMemory,
        fail_before: AtomicBool,
        fail_after: AtomicBool,
    }

    impl fmt::Display for Flaky {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("Flaky")
        }
    }

    fn lost() -> Error {
        Error::Generic { store: "Flaky", source: "the connection was lost".into() }
    }

    #[async_trait]
    impl ObjectStore for Flaky {
        async fn put_opts(&self, at: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
            let commit = at.as_ref().ends_with(".json");
            if commit && self.fail_before.swap(false, Ordering::Relaxed) {
                return Err(lost());
            }
            let kept = self.store.put_opts(at, payload, options).await?;
            if commit && self.fail_after.swap(false, Ordering::Relaxed) { Err(lost()) } else { Ok(kept) }
        }

        async fn put_multipart_opts(&self, at: &Path, o: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
            self.store.put_multipart_opts(at, o).await
        }

        async fn get_opts(&self, at: &Path, options: GetOptions) -> Result<GetResult> {
            self.store.get_opts(at, options).await
        }

        fn delete_stream(&self, at: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
            self.store.delete_stream(at)
        }

        fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
            self.store.list(prefix)
        }

        async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
            self.store.list_with_delimiter(prefix).await
        }

        async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
            self.store.copy_opts(from, to, options).await
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_commit_whose_answer_was_lost_is_not_written_again() {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(Flaky::default());
        let lake = open_bucket(folder.path(), store.clone()).await;
        let rows = || vec![observed("births", "2022-05", &[1.0])];
        let txn = Txn::new("feed/gso", 1);
        for txn in [Some(&txn), None] {
            store.fail_after.store(true, Ordering::Relaxed);
            let outcome = lake.append(Table::Observations, rows(), txn).await.unwrap();
            assert!(matches!(outcome, WriteOutcome::Committed(_)));
        }
        assert_eq!(all_words(&lake).await.len(), 2);
        assert_eq!(lake.snapshot(Table::Observations).await.unwrap().version(), 2);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_commit_that_was_not_kept_is_an_error_and_can_be_tried_again() {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(Flaky::default());
        let lake = open_bucket(folder.path(), store.clone()).await;
        let txn = Txn::new("feed/gso", 1);
        let append = async || {
            let rows = vec![observed("births", "2022-05", &[1.0])];
            lake.append(Table::Observations, rows, Some(&txn)).await
        };
        store.fail_before.store(true, Ordering::Relaxed);
        assert_eq!(append().await.unwrap_err().code(), ErrorCode::Storage);
        assert_eq!(all_words(&lake).await, Vec::<String>::new());
        assert_eq!(append().await.unwrap(), WriteOutcome::Committed(1));
        assert_eq!(all_words(&lake).await.len(), 1);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn two_machines_on_one_bucket_lose_nothing() {
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let store: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
        let first = open_bucket(folders[0].path(), store.clone()).await;
        let second = open_bucket(folders[1].path(), store).await;
        let fill = async |lake: &super::super::Lake, name: &str| {
            for number in 0..6 {
                let rows = vec![observed(name, "2022-05", &[number.into()])];
                let txn = Txn::new(format!("feed/{name}"), number.into());
                lake.append(Table::Observations, rows, Some(&txn)).await.unwrap();
            }
        };
        tokio::join!(fill(&first, "a"), fill(&second, "b"));
        let done = second.append(Table::Observations, vec![], Some(&Txn::new("feed/a", 5))).await.unwrap();
        assert_eq!(done, WriteOutcome::AlreadyDone, "it has seen what the other wrote");
        assert_eq!(all_words(&second).await.len(), 12);
    }
}
