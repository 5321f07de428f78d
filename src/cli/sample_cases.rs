//! Sample cases as Parquet: the columns of the tables `cases` and `case_events`, about a million cases a file.
//!
//! Every part is made from its numbers alone, so that the parts are written at the same time on all processors.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow::array::{
    ArrayRef, BooleanBuilder, Float64Builder, Int32Builder, RecordBatch, StringBuilder, StringDictionaryBuilder,
    TimestampMicrosecondBuilder,
};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit, UInt16Type};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use crate::domain::case::{CaseEvent, Moment};
use crate::sample::cases::{CaseGenerator, CaseSummary, CaseTruth, SampleCase};
use crate::store::CITY_TIME;

/// Cases of one file.
const PART: u64 = 1_000_000;

/// Cases of one batch.
const BATCH: usize = 65_536;

/// Writes `cases/part-00000.parquet` and on, and `case_events/..` beside them if asked for.
pub(super) fn write(cases: &CaseGenerator<'_>, dir: &Path, with_events: bool) -> Result<CaseTruth, ParquetError> {
    let parts = cases.len().div_ceil(PART);
    std::fs::create_dir_all(dir.join("cases"))?;
    if with_events {
        std::fs::create_dir_all(dir.join("case_events"))?;
    }
    let next = AtomicU64::new(0);
    let work = || -> Result<CaseTruth, ParquetError> {
        let mut truth = CaseTruth::default();
        loop {
            let part = next.fetch_add(1, Ordering::Relaxed);
            if part >= parts {
                return Ok(truth);
            }
            truth.add(&write_part(cases, dir, part, with_events)?);
        }
    };
    let processors = std::thread::available_parallelism().map_or(1, usize::from).min(parts as usize);
    let mut truth = CaseTruth::default();
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..processors).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            truth.add(&worker.join().expect("a writer does not panic")?);
        }
        Ok(truth)
    })
}

fn write_part(cases: &CaseGenerator<'_>, dir: &Path, part: u64, with_events: bool) -> Result<CaseTruth, ParquetError> {
    let name = |table: &str| dir.join(table).join(format!("part-{part:05}.parquet"));
    let mut of_cases = writer(&name("cases"), case_schema())?;
    let mut of_events = if with_events { Some(writer(&name("case_events"), event_schema())?) } else { None };
    let (mut rows, mut events) = (CaseRows::default(), EventRows::default());
    let mut truth = CaseTruth::default();
    for case in cases.numbers(part * PART..(part + 1) * PART) {
        truth.note(&case);
        rows.take(&case)?;
        if of_events.is_some() {
            case.record.events.iter().try_for_each(|event| events.take(&case.record.id, event))?;
        }
        if rows.len >= BATCH {
            of_cases.write(&rows.batch()?)?;
            if let Some(of_events) = &mut of_events {
                of_events.write(&events.batch()?)?;
            }
        }
    }
    of_cases.write(&rows.batch()?)?;
    of_cases.close()?;
    if let Some(mut of_events) = of_events {
        of_events.write(&events.batch()?)?;
        of_events.close()?;
    }
    Ok(truth)
}

fn writer(path: &Path, schema: SchemaRef) -> Result<ArrowWriter<File>, ParquetError> {
    let zstd = Compression::ZSTD(ZstdLevel::try_new(1)?);
    let properties = WriterProperties::builder().set_compression(zstd).build();
    ArrowWriter::try_new(File::create(path)?, schema, Some(properties))
}

fn code(name: &str, nullable: bool) -> Field {
    let of = DataType::Dictionary(Box::new(DataType::UInt16), Box::new(DataType::Utf8));
    Field::new(name, of, nullable)
}

fn instant(name: &str, nullable: bool) -> Field {
    Field::new(name, DataType::Timestamp(TimeUnit::Microsecond, Some(CITY_TIME.into())), nullable)
}

fn case_schema() -> SchemaRef {
    let fields = vec![
        Field::new("case_id", DataType::Utf8, false),
        code("channel", false),
        code("category_code", false),
        code("priority", false),
        code("area_code", true),
        code("org_code", true),
        instant("received_at", false),
        instant("due_at", true),
        instant("first_response_at", true),
        instant("resolved_at", true),
        instant("closed_at", true),
        Field::new("reopened_count", DataType::Int32, false),
        Field::new("satisfaction", DataType::Boolean, true),
        code("status", false),
        Field::new("parent_case_id", DataType::Utf8, true),
        Field::new("longitude", DataType::Float64, true),
        Field::new("latitude", DataType::Float64, true),
        instant("source_updated_at", false),
    ];
    Arc::new(Schema::new(fields))
}

fn event_schema() -> SchemaRef {
    let fields = vec![
        Field::new("case_id", DataType::Utf8, false),
        Field::new("seq", DataType::Int32, false),
        instant("at", false),
        code("kind", false),
        code("org_code", true),
        instant("due_at", true),
        Field::new("satisfied", DataType::Boolean, true),
    ];
    Arc::new(Schema::new(fields))
}

type Codes = StringDictionaryBuilder<UInt16Type>;

fn append(codes: &mut Codes, code: Option<&str>) -> Result<(), ParquetError> {
    match code {
        Some(code) => codes.append(code).map(|_| ()).map_err(ParquetError::from),
        None => {
            codes.append_null();
            Ok(())
        }
    }
}

fn micros(at: Option<Moment>) -> Option<i64> {
    at.map(|at| at.vintage().micros())
}

fn finished(instants: &mut TimestampMicrosecondBuilder) -> ArrayRef {
    Arc::new(instants.finish().with_timezone(CITY_TIME))
}

/// Cases column by column.
#[derive(Default)]
struct CaseRows {
    len: usize,
    ids: StringBuilder,
    /// Channel, category, priority, area, authority, status.
    codes: [Codes; 6],
    /// Received, due, first response, resolved, closed, changed.
    instants: [TimestampMicrosecondBuilder; 6],
    reopened: Int32Builder,
    satisfaction: BooleanBuilder,
    parents: StringBuilder,
    places: [Float64Builder; 2],
}

impl CaseRows {
    fn take(&mut self, case: &SampleCase) -> Result<(), ParquetError> {
        let record = &case.record;
        let summary = CaseSummary::of(record);
        self.len += 1;
        self.ids.append_value(&*record.id);
        let codes = [
            Some(&*record.channel),
            Some(&*record.category),
            Some(&*record.priority),
            record.area.as_deref(),
            record.org.as_deref(),
            Some(summary.status),
        ];
        for (column, code) in self.codes.iter_mut().zip(codes) {
            append(column, code)?;
        }
        let instants = [
            micros(Some(record.received_at)),
            micros(record.due_at),
            micros(summary.first_response_at),
            micros(summary.resolved_at),
            micros(summary.closed_at),
            Some(record.updated_at.micros()),
        ];
        for (column, at) in self.instants.iter_mut().zip(instants) {
            column.append_option(at);
        }
        self.reopened.append_value(i32::from(summary.reopened_count));
        self.satisfaction.append_option(summary.satisfied);
        self.parents.append_option(record.parent.as_deref());
        for (column, degrees) in self.places.iter_mut().zip([record.longitude, record.latitude]) {
            column.append_option(degrees);
        }
        Ok(())
    }

    fn batch(&mut self) -> Result<RecordBatch, ParquetError> {
        self.len = 0;
        let [channel, category, priority, area, org, status] = &mut self.codes;
        let codes = [channel, category, priority, area, org].map(|codes| Arc::new(codes.finish()) as ArrayRef);
        let [received, due, response, resolved, closed, updated] = &mut self.instants;
        let instants = [received, due, response, resolved, closed].map(finished);
        let [east, north] = &mut self.places;
        let mut columns: Vec<ArrayRef> = vec![Arc::new(self.ids.finish())];
        columns.extend(codes);
        columns.extend(instants);
        columns.push(Arc::new(self.reopened.finish()));
        columns.push(Arc::new(self.satisfaction.finish()));
        columns.push(Arc::new(status.finish()));
        columns.push(Arc::new(self.parents.finish()));
        columns.push(Arc::new(east.finish()));
        columns.push(Arc::new(north.finish()));
        columns.push(finished(updated));
        Ok(RecordBatch::try_new(case_schema(), columns)?)
    }
}

/// Events column by column.
#[derive(Default)]
struct EventRows {
    ids: StringBuilder,
    seq: Int32Builder,
    /// When, and the new due time.
    instants: [TimestampMicrosecondBuilder; 2],
    /// Kind, authority.
    codes: [Codes; 2],
    satisfied: BooleanBuilder,
}

impl EventRows {
    fn take(&mut self, id: &str, event: &CaseEvent) -> Result<(), ParquetError> {
        self.ids.append_value(id);
        self.seq.append_value(event.seq as i32);
        self.instants[0].append_option(micros(Some(event.at)));
        self.instants[1].append_option(micros(event.due));
        append(&mut self.codes[0], Some(event.kind.as_str()))?;
        append(&mut self.codes[1], event.org.as_deref())?;
        self.satisfied.append_option(event.satisfied);
        Ok(())
    }

    fn batch(&mut self) -> Result<RecordBatch, ParquetError> {
        let [at, due] = &mut self.instants;
        let [kind, org] = &mut self.codes;
        let columns: Vec<ArrayRef> = vec![
            Arc::new(self.ids.finish()),
            Arc::new(self.seq.finish()),
            finished(at),
            Arc::new(kind.finish()),
            Arc::new(org.finish()),
            finished(due),
            Arc::new(self.satisfied.finish()),
        ];
        Ok(RecordBatch::try_new(event_schema(), columns)?)
    }
}
