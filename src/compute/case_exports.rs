//! Counting exports of cases in Parquet without taking them in: one scan, nothing kept but the counts.
//!
//! For a first look at a case store, and for ones that are too large to hold: a hundred million cases need no more memory
//! than ten million. An export has no events, so every case is one handling round of its last authority, from its receipt
//! to its last answer; pauses and transfers are in the tables of the lake only.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::{Array, ArrayRef, AsArray, DictionaryArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int32Type, TimeUnit, TimestampMicrosecondType};
use arrow::error::ArrowError;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::errors::ParquetError;

use crate::cases::{Codes, Cut, Monthly, NEVER, PlainColumns, Scan, Second, SpanEnding, Spans, WorkingDays, second};
use crate::catalog::Catalog;
use crate::domain::Vintage;
use crate::domain::case::{DeadlineTable, Moment};
use crate::error::{Coded, ErrorCode};

/// An export that cannot be counted.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// No file, or no Parquet.
    #[error("cannot read \"{path}\"")]
    File {
        /// Path.
        path: String,
        /// Why.
        #[source]
        source: ParquetError,
    },
    /// A column is not there.
    #[error("\"{path}\" has no column \"{column}\"")]
    NoColumn {
        /// Path.
        path: String,
        /// Column of the table `cases`.
        column: &'static str,
    },
    /// A column holds something else.
    #[error("\"{path}\": column \"{column}\" cannot be read")]
    Column {
        /// Path.
        path: String,
        /// Column.
        column: &'static str,
        /// Why.
        #[source]
        source: ArrowError,
    },
}

impl Coded for ExportError {
    fn code(&self) -> ErrorCode {
        ErrorCode::BadSource
    }

    fn hint(&self) -> Option<String> {
        Some("Give Parquet files with the columns of table `cases`, as `toancanh sample --case-format parquet` writes them.".to_owned())
    }
}

/// The columns that are read. Those that are not there count as empty, but for the first.
const COLUMNS: [&str; 10] = [
    "received_at",
    "resolved_at",
    "closed_at",
    "source_updated_at",
    "due_at",
    "area_code",
    "org_code",
    "category_code",
    "channel",
    "status",
];

/// What was counted.
#[derive(Debug)]
pub struct ExportCounts {
    /// What the numbers mean.
    pub codes: Codes,
    /// Counts by month.
    pub monthly: Monthly,
}

/// Counts all cases of some Parquet files by month, place, authority, category and channel, as of a cut. Cases without a due
/// time get that of `deadlines`, or none.
pub fn count_exports(
    catalog: &Catalog,
    files: &[PathBuf],
    cut: Cut,
    deadlines: Option<&DeadlineTable>,
) -> Result<ExportCounts, ExportError> {
    let mut pieces = Vec::new();
    for path in files {
        let export = Arc::new(Export::open(path)?);
        let groups = export.metadata.metadata().num_row_groups();
        pieces.extend((0..groups).map(|group| (Arc::clone(&export), group)));
    }
    let working_days = WorkingDays::of(&catalog.calendar);
    let reading = Reading { catalog, deadlines, codes: Mutex::default(), failed: Mutex::default() };
    let decode = |(export, group): (Arc<Export>, usize)| match reading.spans(&export, group) {
        Ok(spans) => spans,
        Err(error) => {
            reading.failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
            Spans::default()
        }
    };
    let monthly = Monthly::count_plain(pieces, decode, Scan::new(cut, &working_days));
    match reading.failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(error) => Err(error),
        None => Ok(ExportCounts { codes: reading.codes.into_inner().unwrap_or_else(PoisonError::into_inner), monthly }),
    }
}

/// One file with its footer read.
struct Export {
    path: PathBuf,
    metadata: ArrowReaderMetadata,
}

impl Export {
    fn open(path: &Path) -> Result<Self, ExportError> {
        let failed = |source| ExportError::File { path: path.display().to_string(), source };
        let file = File::open(path).map_err(|e| failed(e.into()))?;
        let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).map_err(failed)?;
        if metadata.schema().column_with_name("received_at").is_none() {
            return Err(ExportError::NoColumn { path: path.display().to_string(), column: "received_at" });
        }
        Ok(Self { path: path.to_owned(), metadata })
    }
}

struct Reading<'a> {
    catalog: &'a Catalog,
    deadlines: Option<&'a DeadlineTable>,
    codes: Mutex<Codes>,
    failed: Mutex<Option<ExportError>>,
}

impl Reading<'_> {
    /// One row group as columns.
    fn spans(&self, export: &Export, group: usize) -> Result<Spans, ExportError> {
        let failed = |source| ExportError::File { path: export.path.display().to_string(), source };
        let file = File::open(&export.path).map_err(|e| failed(e.into()))?;
        let roots = COLUMNS.iter().filter_map(|name| export.metadata.schema().column_with_name(name)).map(|(at, _)| at);
        let mask = ProjectionMask::roots(export.metadata.parquet_schema(), roots);
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, export.metadata.clone())
            .with_projection(mask)
            .with_row_groups(vec![group])
            .with_batch_size(64 * 1024)
            .build()
            .map_err(failed)?;
        let mut columns = PlainColumns::default();
        for batch in reader {
            let batch = batch.map_err(|source| self.column(export, "received_at", source))?;
            self.add(export, &batch, &mut columns)?;
        }
        Ok(Spans::plain(columns))
    }

    fn column(&self, export: &Export, column: &'static str, source: ArrowError) -> ExportError {
        ExportError::Column { path: export.path.display().to_string(), column, source }
    }

    fn add(&self, export: &Export, batch: &RecordBatch, out: &mut PlainColumns) -> Result<(), ExportError> {
        let times = |name| seconds(batch, name).map_err(|e| self.column(export, name, e));
        let start = times("received_at")?;
        let mut end = times("resolved_at")?;
        let last = [times("closed_at")?, times("source_updated_at")?];
        let mut due = times("due_at")?;
        let ending = self.endings(export, batch, (&mut end, &last))?;
        out.place.extend(self.places(export, batch, &start)?);
        let category = coded(batch, "category_code").map_err(|e| self.column(export, "category_code", e))?;
        if let Some(table) = self.deadlines {
            self.fill_due(table, &category, &start, &mut due);
        }
        let numbers = |name, which: fn(&mut Codes) -> &mut crate::cases::Dictionary| {
            let column = coded(batch, name).map_err(|e| self.column(export, name, e))?;
            let mut codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
            let dictionary = which(&mut codes);
            Ok(column.numbers(|code| dictionary.intern(code)))
        };
        out.org.extend(numbers("org_code", |codes| &mut codes.orgs)?);
        out.category.extend(numbers("category_code", |codes| &mut codes.categories)?);
        out.channel.extend(numbers("channel", |codes| &mut codes.channels)?);
        out.worked.resize(out.worked.len() + start.len(), NEVER);
        out.start.extend(start);
        out.end.extend(end);
        out.ending.extend(ending);
        out.due.extend(due);
        Ok(())
    }

    /// How cases ended. One that was not taken up or joined to another ended when the source closed it, or last touched it.
    fn endings(
        &self,
        export: &Export,
        batch: &RecordBatch,
        (end, last): (&mut [Second], &[Vec<Second>; 2]),
    ) -> Result<Vec<SpanEnding>, ExportError> {
        let status = coded(batch, "status").map_err(|e| self.column(export, "status", e))?;
        let endings = status.numbers(|code| match code {
            "rejected" => 2,
            "merged" => 3,
            _ => 1,
        });
        let ending = |(row, kind): (usize, u16)| {
            let other = match kind {
                2 => SpanEnding::Rejected,
                3 => SpanEnding::Merged,
                _ => return SpanEnding::Answered,
            };
            if end[row] == NEVER {
                end[row] = last[0][row].min(last[1][row]);
            }
            other
        };
        Ok(endings.into_iter().enumerate().map(ending).collect())
    }

    fn fill_due(&self, table: &DeadlineTable, category: &Coded16, start: &[Second], due: &mut [Second]) {
        for row in 0..start.len() {
            if due[row] != NEVER {
                continue;
            }
            let received = Moment(i64::from(start[row]));
            let rule = table.rule_for(received, category.code(row), "normal", None);
            let given = rule.and_then(|rule| rule.due(received, &self.catalog.calendar).ok());
            due[row] = given.map_or(NEVER, second);
        }
    }

    /// Places mean what their codes mean on the day of receipt; most codes mean one area at all times.
    fn places(&self, export: &Export, batch: &RecordBatch, start: &[Second]) -> Result<Vec<u16>, ExportError> {
        let areas = coded(batch, "area_code").map_err(|e| self.column(export, "area_code", e))?;
        let tree = &self.catalog.areas;
        let mut codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
        let mut spans_of: Vec<Vec<(Second, u16)>> = Vec::with_capacity(areas.values.len());
        for code in &areas.values {
            let spans = tree.spans(code);
            let from = |ix| second(Moment::midnight(tree.area(ix).valid_from));
            let places = spans.iter().map(|ix| (from(*ix), codes.places.intern(tree, code, tree.area(*ix).valid_from)));
            let mut places: Vec<(Second, u16)> = places.collect();
            if places.is_empty() {
                places.push((0, codes.places.intern(tree, code, chrono::NaiveDate::default())));
            }
            places.sort_unstable();
            spans_of.push(places);
        }
        drop(codes);
        let place = |(row, key): (usize, &Option<u32>)| {
            let places = key.map(|key| &spans_of[key as usize]);
            let valid = places.and_then(|all| all.iter().rev().find(|(from, _)| *from <= start[row]).or(all.first()));
            valid.map_or(0, |(_, place)| *place)
        };
        Ok(areas.keys.iter().enumerate().map(place).collect())
    }
}

/// A column of codes: the different ones, and which one every row has.
struct Coded16 {
    values: Vec<String>,
    keys: Vec<Option<u32>>,
}

impl Coded16 {
    fn code(&self, row: usize) -> &str {
        self.keys[row].map_or("", |key| self.values[key as usize].as_str())
    }

    /// The rows as numbers; `number` is asked once for every code.
    fn numbers(&self, mut number: impl FnMut(&str) -> u16) -> Vec<u16> {
        let numbers: Vec<u16> = self.values.iter().map(|code| number(code)).collect();
        let none = number("");
        self.keys.iter().map(|key| key.map_or(none, |key| numbers[key as usize])).collect()
    }
}

fn coded(batch: &RecordBatch, name: &str) -> Result<Coded16, ArrowError> {
    let Some(column) = batch.column_by_name(name) else {
        return Ok(Coded16 { values: Vec::new(), keys: vec![None; batch.num_rows()] });
    };
    let wanted = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let column: ArrayRef = if *column.data_type() == wanted { Arc::clone(column) } else { cast(column, &wanted)? };
    let column: &DictionaryArray<Int32Type> = column.as_dictionary();
    let values = column.values().as_string::<i32>();
    let values = (0..values.len()).map(|k| values.value(k).to_owned()).collect();
    let keys = column.keys().iter().map(|key| key.map(|key| key as u32)).collect();
    Ok(Coded16 { values, keys })
}

fn seconds(batch: &RecordBatch, name: &str) -> Result<Vec<Second>, ArrowError> {
    let Some(column) = batch.column_by_name(name) else { return Ok(vec![NEVER; batch.num_rows()]) };
    let is_micros = matches!(column.data_type(), DataType::Timestamp(TimeUnit::Microsecond, _));
    let micros = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    let column: ArrayRef = if is_micros { Arc::clone(column) } else { cast(column, &micros)? };
    let column = column.as_primitive::<TimestampMicrosecondType>();
    let at = |micros: i64| Moment::from_vintage(Vintage::from_micros(micros)).map_or(NEVER, second);
    if column.null_count() == 0 {
        return Ok(column.values().iter().map(|micros| at(*micros)).collect());
    }
    Ok(column.iter().map(|micros| micros.map_or(NEVER, at)).collect())
}

#[cfg(test)]
mod tests {
    use arrow::array::{StringArray, TimestampMicrosecondArray};
    use parquet::arrow::ArrowWriter;

    use super::*;
    use crate::cases::monthly::{CaseMeasure, Member, Scope};

    fn micros(text: &str) -> i64 {
        Moment::from_local(text.parse().unwrap()).vintage().micros()
    }

    /// Three cases of May 2022, due on 10 May: answered late, open, and rejected in time, which only the last change tells.
    fn export(folder: &Path) -> PathBuf {
        let times = |all: [Option<&str>; 3]| -> ArrayRef {
            let values: TimestampMicrosecondArray = all.iter().map(|at| at.map(micros)).collect();
            Arc::new(values.with_timezone("UTC"))
        };
        let codes = |all: [&str; 3]| -> ArrayRef { Arc::new(StringArray::from_iter_values(all)) };
        let batch = RecordBatch::try_from_iter([
            ("received_at", times([Some("2022-05-01T08:00:00"); 3])),
            ("due_at", times([Some("2022-05-10T17:00:00"); 3])),
            ("resolved_at", times([Some("2022-05-11T09:00:00"), None, None])),
            (
                "source_updated_at",
                times([Some("2022-05-11T09:00:00"), Some("2022-05-01T08:00:00"), Some("2022-05-03T08:00:00")]),
            ),
            ("status", codes(["answered", "accepted", "rejected"])),
            ("area_code", codes(["26734", "26734", "nowhere"])),
            ("org_code", codes(["a", "b", "b"])),
        ])
        .unwrap();
        let path = folder.join("cases.parquet");
        let mut writer = ArrowWriter::try_new(File::create(&path).unwrap(), batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        path
    }

    #[test]
    fn an_export_is_counted_as_its_cases_ended() {
        let folder = tempfile::tempdir().unwrap();
        let catalog = crate::catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("indicators")).unwrap();
        let path = export(folder.path());
        let cut = Cut::as_of(Moment::from_local("2022-05-31T23:59:59".parse().unwrap()));
        let counts = count_exports(&catalog, &[path], cut, None).unwrap();
        let series = counts.monthly.series(&counts.codes);
        let city = |measure| series.of(measure, Scope::City, Member::Total).unwrap();
        let may = [
            CaseMeasure::Received,
            CaseMeasure::Closed,
            CaseMeasure::ClosedOnTime,
            CaseMeasure::Due,
            CaseMeasure::Overdue,
            CaseMeasure::Open,
            CaseMeasure::OpenOverdue,
        ]
        .map(|measure| city(measure)[0]);
        assert_eq!(may, [3, 1, 0, 2, 2, 1, 1]);
        assert_eq!(series.districts().count(), 1, "a place that no area is lies in no district");
    }

    #[test]
    fn what_is_no_export_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.parquet");
        std::fs::write(&path, "no Parquet").unwrap();
        let catalog = crate::catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("indicators")).unwrap();
        let error = count_exports(&catalog, &[path], Cut::NONE, None).unwrap_err();
        assert!(error.to_string().contains("x.parquet"), "{error}");
    }
}
