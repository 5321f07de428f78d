//! The guard in front of DataFusion.
//!
//! One statement, `SELECT`-like only: no DDL, no DML, no `COPY`, no `SET`, not even inside `EXPLAIN ANALYZE`. A query has
//! its own session, so nothing it does is seen by the next one; its tables are exactly the providers handed in (the
//! caller has applied the reader's scope), so there is no file, no URL and no table function beyond `generate_series`.
//! The deadline covers planning and every row, not only planning.

use std::sync::Arc;
use std::time::Duration;

use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};
use datafusion::catalog::TableProvider;
use datafusion::error::DataFusionError;
use datafusion::execution::context::SQLOptions;
use datafusion::prelude::SessionContext;
use futures::StreamExt;
use tokio::sync::Semaphore;

use crate::compute::session::Sessions;
use crate::error::{Coded, ErrorCode};

/// The tables a reader may name.
pub type Tables = Vec<(String, Arc<dyn TableProvider>)>;

/// Bounds of one query, and how many run at once.
#[derive(Debug, Clone, Copy)]
pub struct SqlLimits {
    /// Planning and reading together.
    pub timeout: Duration,
    /// Memory of one query, in bytes.
    pub memory_bytes: usize,
    /// Rows of an answer; the rest is cut and the answer says so.
    pub rows_max: usize,
    /// Queries at once.
    pub slots: usize,
}

/// The answer of a query.
#[derive(Debug, Clone)]
pub struct SqlAnswer {
    /// Columns.
    pub schema: SchemaRef,
    /// Rows.
    pub batches: Vec<RecordBatch>,
    /// Whether rows were cut at the limit.
    pub truncated: bool,
}

impl SqlAnswer {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }
}

/// Why a query has no answer.
#[derive(Debug, thiserror::Error)]
pub enum SqlError {
    /// Not read-only, or more than one statement.
    #[error("refused: {0}")]
    Refused(String),
    /// Does not parse or plan: unknown table, column, function.
    #[error("invalid query: {0}")]
    Invalid(String),
    /// Took too long.
    #[error("the query took longer than {0} ms")]
    TimedOut(u128),
    /// Needed too much memory.
    #[error("the query needs more than {0} MB of memory")]
    OutOfMemory(usize),
    /// Failed while running (a division by zero, a cast).
    #[error("the query failed: {0}")]
    Failed(String),
    /// The engine could not build a session.
    #[error("session")]
    Session(#[source] DataFusionError),
}

impl Coded for SqlError {
    fn code(&self) -> ErrorCode {
        match self {
            SqlError::Refused(_) => ErrorCode::QueryRefused,
            SqlError::Invalid(_) | SqlError::Failed(_) => ErrorCode::BadRequest,
            SqlError::TimedOut(_) | SqlError::OutOfMemory(_) => ErrorCode::LimitExceeded,
            SqlError::Session(_) => ErrorCode::Internal,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            SqlError::Refused(_) => Some("Send one SELECT, WITH, VALUES, SHOW TABLES, DESCRIBE or EXPLAIN.".to_owned()),
            SqlError::Invalid(_) => {
                Some("SHOW TABLES lists the tables, DESCRIBE indicator_values lists the columns of one.".to_owned())
            }
            SqlError::TimedOut(_) | SqlError::OutOfMemory(_) => {
                Some("Filter by indicator_code, area_code or period, or aggregate before joining.".to_owned())
            }
            SqlError::Failed(_) | SqlError::Session(_) => None,
        }
    }
}

/// Runs analysts' queries.
#[derive(Debug, Clone)]
pub struct SqlService {
    sessions: Sessions,
    limits: SqlLimits,
    slots: Arc<Semaphore>,
}

impl SqlService {
    /// A service over shared sessions.
    pub fn new(sessions: Sessions, limits: SqlLimits) -> Self {
        Self { sessions, limits, slots: Arc::new(Semaphore::new(limits.slots.max(1))) }
    }

    /// Runs one query over `tables`. Waiting for a slot counts towards the deadline.
    pub async fn query(&self, sql: &str, tables: Tables) -> Result<SqlAnswer, SqlError> {
        let work = async {
            let _slot = self.slots.acquire().await.expect("the semaphore is never closed");
            self.run(sql, tables).await
        };
        match tokio::time::timeout(self.limits.timeout, work).await {
            Ok(answer) => answer,
            Err(_) => Err(SqlError::TimedOut(self.limits.timeout.as_millis())),
        }
    }

    async fn run(&self, sql: &str, tables: Tables) -> Result<SqlAnswer, SqlError> {
        let context = self.sessions.analyst(self.limits.memory_bytes).map_err(SqlError::Session)?;
        for (name, provider) in tables {
            context.register_table(&name, provider).map_err(SqlError::Session)?;
        }
        let plan = plan(&context, sql).await?;
        let mut stream = plan.execute_stream().await.map_err(|e| self.running(e))?;
        let schema: SchemaRef = Arc::new(Schema::clone(stream.schema().as_ref()));
        let (mut batches, mut rows, mut truncated) = (Vec::new(), 0, false);
        while let Some(batch) = stream.next().await {
            let batch = batch.map_err(|e| self.running(e))?;
            let room = self.limits.rows_max - rows;
            if batch.num_rows() > room {
                batches.push(batch.slice(0, room));
                truncated = true;
                break;
            }
            rows += batch.num_rows();
            batches.push(batch);
        }
        Ok(SqlAnswer { schema, batches, truncated })
    }

    fn running(&self, error: DataFusionError) -> SqlError {
        match error.find_root() {
            DataFusionError::ResourcesExhausted(_) => SqlError::OutOfMemory(self.limits.memory_bytes >> 20),
            root => SqlError::Failed(root.strip_backtrace()),
        }
    }
}

/// Plans one read-only statement.
async fn plan(context: &SessionContext, sql: &str) -> Result<datafusion::dataframe::DataFrame, SqlError> {
    let invalid = |e: DataFusionError| SqlError::Invalid(e.find_root().strip_backtrace());
    let state = context.state();
    let dialect = state.config().options().sql_parser.dialect;
    let statement = state.sql_to_statement(sql, &dialect).map_err(|e| match e {
        DataFusionError::NotImplemented(_) => SqlError::Refused("only one statement at a time".to_owned()),
        other => invalid(other),
    })?;
    let plan = state.statement_to_plan(statement).await.map_err(invalid)?;
    let read_only = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
    read_only.verify_plan(&plan).map_err(|e| SqlError::Refused(e.strip_backtrace()))?;
    context.execute_logical_plan(plan).await.map_err(invalid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{Float64Array, StringArray};
    use arrow::datatypes::{DataType, Field};
    use datafusion::datasource::MemTable;

    fn service(timeout_ms: u64) -> SqlService {
        let limits =
            SqlLimits { timeout: Duration::from_millis(timeout_ms), memory_bytes: 32 << 20, rows_max: 1000, slots: 2 };
        SqlService::new(Sessions::new(64 << 20).unwrap(), limits)
    }

    fn tables() -> Tables {
        let schema = Arc::new(Schema::new(vec![
            Field::new("code", DataType::Utf8, false),
            Field::new("value", DataType::Float64, true),
        ]));
        let columns: Vec<arrow::array::ArrayRef> =
            vec![Arc::new(StringArray::from(vec!["a", "b"])), Arc::new(Float64Array::from(vec![1.0, 2.5]))];
        let batch = RecordBatch::try_new(Arc::clone(&schema), columns).unwrap();
        vec![("figures".to_owned(), Arc::new(MemTable::try_new(schema, vec![vec![batch]]).unwrap()))]
    }

    #[tokio::test]
    async fn reads() {
        let answer = service(10_000).query("SELECT sum(value) AS s FROM figures", tables()).await.unwrap();
        let sum = answer.batches[0].column(0).as_any().downcast_ref::<Float64Array>().unwrap().value(0);
        assert_eq!((sum, answer.truncated), (3.5, false));
        for sql in ["SHOW TABLES", "DESCRIBE figures", "EXPLAIN SELECT 1", "VALUES (1)"] {
            assert!(service(10_000).query(sql, tables()).await.is_ok(), "{sql}");
        }
    }

    #[tokio::test]
    async fn refuses_everything_that_writes_or_sets() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("out.csv");
        let copy = format!("COPY figures TO '{}'", target.display());
        for sql in [
            copy.as_str(),
            &format!("EXPLAIN ANALYZE {copy}"),
            "INSERT INTO figures VALUES ('c', 3)",
            "DELETE FROM figures",
            "UPDATE figures SET value = 0",
            "DROP TABLE figures",
            "CREATE TABLE t AS SELECT 1",
            "CREATE VIEW v AS SELECT 1",
            "CREATE EXTERNAL TABLE t STORED AS CSV LOCATION '/etc/passwd'",
            "SET datafusion.execution.batch_size = 17",
            "PREPARE p AS SELECT 1",
            "BEGIN",
            "SELECT 1; SELECT 2",
        ] {
            let error = service(10_000).query(sql, tables()).await.unwrap_err();
            assert!(matches!(error, SqlError::Refused(_) | SqlError::Invalid(_)), "{sql}: {error}");
        }
        assert!(!target.exists());
    }

    #[tokio::test]
    async fn reaches_no_file() {
        for sql in
            ["SELECT * FROM '/etc/passwd'", "SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM \"/etc/passwd\""]
        {
            let error = service(10_000).query(sql, tables()).await.unwrap_err();
            assert!(matches!(error, SqlError::Invalid(_)), "{sql}: {error}");
        }
    }

    #[tokio::test]
    async fn bounds_time_and_rows() {
        let endless = "SELECT count(*) FROM generate_series(1, 100000000000) a, generate_series(1, 1000) b";
        assert!(matches!(service(200).query(endless, tables()).await, Err(SqlError::TimedOut(200))));
        let many = service(10_000).query("SELECT * FROM generate_series(1, 5000)", tables()).await.unwrap();
        assert_eq!((many.rows(), many.truncated), (1000, true));
    }

    #[tokio::test]
    async fn bounds_memory() {
        let hungry = "SELECT array_agg(value) FROM generate_series(1, 50000000)";
        let error = service(60_000).query(hungry, tables()).await.unwrap_err();
        assert!(matches!(error, SqlError::OutOfMemory(32)), "{error}");
    }
}
