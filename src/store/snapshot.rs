//! A table as it was at one version, for reading.
//!
//! The list of files is fixed when the snapshot is taken; nothing written later shows. It is scanned as plain Parquet
//! files with partition values, so plans carry no Delta types: instants in city time, text as views, partition columns
//! as text and integers (not dictionaries).

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, RecordBatch};
use arrow::datatypes::{Field, FieldRef, Schema, SchemaRef};
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::pruning::PruningStatistics;
use datafusion::common::stats::Precision;
use datafusion::common::{Column, DFSchema, ScalarValue, Statistics, project_schema};
use datafusion::datasource::TableType;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::parquet::CachedParquetFileReaderFactory;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::datasource::table_schema::TableSchema;
use datafusion::error::Result;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::TableProviderFilterPushDown;
use datafusion::logical_expr::utils::conjunction;
use datafusion::physical_optimizer::pruning::PruningPredicateBuilder;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::empty::EmptyExec;
use datafusion::prelude::{Expr, SessionConfig, SessionContext};
use deltalake::DeltaTable;
use object_store::{ObjectMeta, ObjectStore};

use super::{StoreError, Table};

/// One data file.
#[derive(Debug, Clone)]
struct DataFile {
    meta: ObjectMeta,
    rows: Option<usize>,
    /// In the order of the table's partition columns.
    partition: Vec<ScalarValue>,
}

/// A table at one version.
#[derive(Debug, Clone)]
pub struct TableSnapshot {
    table: Table,
    version: u64,
    schema: SchemaRef,
    files: Arc<Vec<DataFile>>,
    /// Rooted at the table's folder.
    store: Arc<dyn ObjectStore>,
    /// The name a session knows the store by.
    store_url: ObjectStoreUrl,
}

impl TableSnapshot {
    /// The loaded version of a table, with all its files or those that `keep` takes by path.
    pub(super) fn of(
        table: Table,
        delta: &DeltaTable,
        keep: impl Fn(&str) -> bool,
    ) -> std::result::Result<Self, StoreError> {
        let state = delta.snapshot().map_err(StoreError::delta(table, "load"))?;
        let schema = table.read_schema();
        let partition_fields = partition_fields(table, &schema);
        let mut files = Vec::new();
        for view in state.log_data().iter() {
            if !keep(&view.path()) {
                continue;
            }
            let values = view.partition_values_map();
            let mut partition = Vec::new();
            for field in partition_fields {
                let text = values.get(field.name()).cloned().flatten();
                partition.push(partition_value(field, text).map_err(StoreError::read(table))?);
            }
            let last_modified = view.modification_datetime().map_err(StoreError::delta(table, "load"))?;
            files.push(DataFile {
                meta: ObjectMeta {
                    location: view.object_store_path(),
                    last_modified,
                    size: u64::try_from(view.size()).unwrap_or_default(),
                    e_tag: None,
                    version: None,
                },
                rows: view.num_records(),
                partition,
            });
        }
        files.sort_by(|a, b| a.meta.location.cmp(&b.meta.location));
        let log = delta.log_store();
        Ok(Self {
            table,
            version: state.version(),
            schema,
            files: Arc::new(files),
            store: log.object_store(None),
            store_url: log.object_store_url(),
        })
    }

    /// The table.
    pub fn table(&self) -> Table {
        self.table
    }

    /// The version of the table.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Number of data files.
    pub fn file_count(&self) -> usize {
        self.files.len()
    }

    /// Number of rows, `None` when a file does not say how many it has.
    pub fn row_count(&self) -> Option<usize> {
        self.files.iter().map(|file| file.rows).sum()
    }

    /// All rows that a filter holds for, in no particular order, outside any session of the caller's.
    pub async fn read(&self, filter: Option<Expr>) -> std::result::Result<Vec<RecordBatch>, StoreError> {
        self.read_columns(filter, &[]).await
    }

    /// As [`TableSnapshot::read`], with these columns only; all of them if none is named.
    pub async fn read_columns(
        &self,
        filter: Option<Expr>,
        columns: &[&str],
    ) -> std::result::Result<Vec<RecordBatch>, StoreError> {
        if self.files.is_empty() {
            return Ok(Vec::new());
        }
        let failed = StoreError::read(self.table);
        let context = SessionContext::new_with_config(SessionConfig::new());
        let rows = async {
            let frame = context.read_table(Arc::new(self.clone()))?;
            let frame = filter.map_or(Ok(frame.clone()), |filter| frame.filter(filter))?;
            let frame = if columns.is_empty() { frame } else { frame.select_columns(columns)? };
            frame.collect().await
        };
        rows.await.map_err(failed)
    }

    fn partition_fields(&self) -> &[FieldRef] {
        partition_fields(self.table, &self.schema)
    }

    /// The files whose partition may hold rows that the filters hold for.
    fn relevant_files(&self, session: &dyn Session, filters: &[Expr]) -> Result<Vec<&DataFile>> {
        let is_partition = |column: &Column| self.table.partition_columns().contains(&column.name.as_str());
        let about_partitions = filters.iter().filter(|filter| filter.column_refs().into_iter().all(is_partition));
        let filter = conjunction(about_partitions.cloned()).filter(|_| !self.files.is_empty());
        let Some(filter) = filter else { return Ok(self.files.iter().collect()) };
        // A filter that cannot be evaluated before the plan runs (it holds a subquery) skips no file.
        let Ok(predicate) = session.create_physical_expr(filter, &DFSchema::try_from(self.schema.clone())?) else {
            return Ok(self.files.iter().collect());
        };
        let predicate = PruningPredicateBuilder::new().with_file_schema(self.schema.clone()).try_build(predicate)?;
        let may_hold = predicate.prune(&Partitions::of(&self.files, self.partition_fields())?)?;
        Ok(self.files.iter().zip(may_hold).filter(|(_, hold)| *hold).map(|(file, _)| file).collect())
    }

    fn scan_config(
        &self,
        session: &dyn Session,
        files: &[&DataFile],
        projection: Option<&Vec<usize>>,
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let runtime = session.runtime_env();
        runtime.register_object_store(self.store_url.as_ref(), self.store.clone());
        let partition_fields = self.partition_fields().to_vec();
        let file_fields = &self.schema.fields()[..self.schema.fields().len() - partition_fields.len()];
        let file_schema = Arc::new(Schema::new(file_fields.to_vec()));
        let footers = runtime.cache_manager.get_file_metadata_cache();
        let schema = TableSchema::builder(file_schema.clone()).with_table_partition_cols(partition_fields).build();
        let source = ParquetSource::new(schema)
            .with_table_parquet_options(session.default_table_options().parquet)
            .with_parquet_file_reader_factory(Arc::new(CachedParquetFileReaderFactory::new(
                self.store.clone(),
                footers,
            )));
        let groups = session.config().target_partitions().clamp(1, files.len());
        let per_group = files.len().div_ceil(groups);
        let groups = files
            .chunks(per_group)
            .map(|chunk| FileGroup::new(chunk.iter().map(|file| file.to_scan(&file_schema)).collect()))
            .collect();
        let mut statistics = Statistics::new_unknown(&self.schema);
        if let Some(rows) = files.iter().map(|file| file.rows).sum() {
            statistics.num_rows = Precision::Exact(rows);
        }
        let config = FileScanConfigBuilder::new(self.store_url.clone(), Arc::new(source))
            .with_file_groups(groups)
            .with_statistics(statistics)
            .with_projection_indices(projection.cloned())?
            .with_limit(limit)
            .build();
        Ok(DataSourceExec::from_data_source(config))
    }
}

impl DataFile {
    fn to_scan(&self, file_schema: &Schema) -> PartitionedFile {
        let mut file = PartitionedFile::new_from_meta(self.meta.clone()).with_partition_values(self.partition.clone());
        if let Some(rows) = self.rows {
            let mut statistics = Statistics::new_unknown(file_schema);
            statistics.num_rows = Precision::Exact(rows);
            file = file.with_statistics(Arc::new(statistics));
        }
        file
    }
}

#[async_trait]
impl TableProvider for TableSnapshot {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        // Files and row groups are skipped by statistics; single rows are left to the plan above.
        Ok(vec![TableProviderFilterPushDown::Inexact; filters.len()])
    }

    async fn scan(
        &self,
        session: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let files = self.relevant_files(session, filters)?;
        if files.is_empty() {
            return Ok(Arc::new(EmptyExec::new(project_schema(&self.schema, projection)?)));
        }
        // Without knowing how many rows pass the filters, no scan may stop early.
        let limit = if filters.is_empty() { limit } else { None };
        self.scan_config(session, &files, projection, limit)
    }
}

/// The last fields of a table's schema.
fn partition_fields(table: Table, schema: &Schema) -> &[FieldRef] {
    &schema.fields()[schema.fields().len() - table.partition_columns().len()..]
}

/// A partition value of the log as a cell.
fn partition_value(field: &Field, text: Option<String>) -> Result<ScalarValue> {
    match text {
        Some(text) => ScalarValue::try_from_string(text, field.data_type()),
        None => ScalarValue::try_new_null(field.data_type()),
    }
}

/// Partition values of many files, as bounds that are both smallest and largest value.
struct Partitions {
    columns: Vec<(String, ArrayRef)>,
    files: usize,
}

impl Partitions {
    fn of(files: &[DataFile], fields: &[FieldRef]) -> Result<Self> {
        let mut columns = Vec::new();
        for (index, field) in fields.iter().enumerate() {
            let values = ScalarValue::iter_to_array(files.iter().map(|file| file.partition[index].clone()))?;
            columns.push((field.name().clone(), values));
        }
        Ok(Self { columns, files: files.len() })
    }

    fn values(&self, column: &Column) -> Option<ArrayRef> {
        self.columns.iter().find(|(name, _)| *name == column.name).map(|(_, values)| values.clone())
    }
}

impl PruningStatistics for Partitions {
    fn min_values(&self, column: &Column) -> Option<ArrayRef> {
        self.values(column)
    }

    fn max_values(&self, column: &Column) -> Option<ArrayRef> {
        self.values(column)
    }

    fn num_containers(&self) -> usize {
        self.files
    }

    fn null_counts(&self, _column: &Column) -> Option<ArrayRef> {
        None
    }

    fn row_counts(&self) -> Option<ArrayRef> {
        None
    }

    fn contained(&self, _column: &Column, _values: &std::collections::HashSet<ScalarValue>) -> Option<BooleanArray> {
        None
    }
}

#[cfg(test)]
mod tests {
    use arrow::util::display::array_value_to_string;
    use datafusion::prelude::{col, lit};

    use super::super::fixture::{observed, open, words};
    use super::*;

    async fn snapshot() -> (tempfile::TempDir, TableSnapshot) {
        let folder = tempfile::tempdir().unwrap();
        let lake = open(folder.path()).await;
        for (period, values) in [("2020-05", &[1.0][..]), ("2021-05", &[2.0, 3.0]), ("2022-05", &[4.0])] {
            lake.append(Table::Observations, vec![observed("births", period, values)], None).await.unwrap();
        }
        let snapshot = lake.snapshot(Table::Observations).await.unwrap();
        (folder, snapshot)
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn files_of_other_partitions_are_not_read() {
        let (_folder, snapshot) = snapshot().await;
        let state = SessionContext::new().state();
        let count = |filters: &[Expr]| snapshot.relevant_files(&state, filters).unwrap().len();
        assert_eq!(count(&[]), 3);
        assert_eq!(count(&[col("period_year").gt_eq(lit(2021)), col("value").gt(lit(0.0))]), 2);
        assert_eq!(count(&[col("period_year").in_list(vec![lit(2020), lit(2022)], false)]), 2);
        assert_eq!(count(&[col("period_year").eq(lit(1999))]), 0);
        assert_eq!(count(&[col("value").gt(lit(0.0))]), 3);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn filters_hold_for_every_row_read() {
        let (_folder, snapshot) = snapshot().await;
        assert_eq!(snapshot.row_count(), Some(4));
        let filter = col("period_year").eq(lit(2021)).and(col("area_code").eq(lit("761")));
        assert_eq!(words(&snapshot, Some(filter)).await, ["births 761 2021-05 3"]);
        let filter = col("period_year").eq(lit(1999));
        assert_eq!(words(&snapshot, Some(filter)).await, Vec::<String>::new());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn sql_sees_city_time_and_plain_partition_columns() {
        let (_folder, snapshot) = snapshot().await;
        let context = SessionContext::new();
        context.register_table("observations", Arc::new(snapshot)).unwrap();
        let query = "SELECT vintage, period_year, count(*) AS n FROM observations \
                     WHERE vintage >= TIMESTAMPTZ '2022-05-29T11:53:20+07:00' AND period_year > 2020 \
                     GROUP BY vintage, period_year ORDER BY period_year";
        let batches = context.sql(query).await.unwrap().collect().await.unwrap();
        let batch = arrow::compute::concat_batches(&batches[0].schema(), &batches).unwrap();
        let row = |row| (0..3).map(|c| array_value_to_string(batch.column(c), row).unwrap()).collect::<Vec<_>>();
        assert_eq!(batch.num_rows(), 2);
        assert_eq!(row(0), ["2022-05-29T11:53:20+07:00", "2021", "2"]);
        assert_eq!(row(1), ["2022-05-29T11:53:20+07:00", "2022", "1"]);
        let count = context.sql("SELECT count(*) FROM observations").await.unwrap().collect().await.unwrap();
        assert_eq!(array_value_to_string(count[0].column(0), 0).unwrap(), "4");
        let limited = context.sql("SELECT value FROM observations WHERE value > 3 LIMIT 1").await.unwrap();
        assert_eq!(array_value_to_string(limited.collect().await.unwrap()[0].column(0), 0).unwrap(), "4.0");
    }
}
