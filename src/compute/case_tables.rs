//! Cases as analysts read them: `case_rounds` and `case_stints`, one row per handling round and per stint of an authority,
//! as of the served instant. Rows are made while they are read, so that a table of millions costs nothing until asked.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, Float64Builder, RecordBatch, StringBuilder, StringDictionaryBuilder,
    TimestampMicrosecondBuilder,
};
use arrow::datatypes::{DataType, Field, Int32Type, Schema, SchemaRef, TimeUnit};
use arrow::error::ArrowError;
use datafusion::catalog::TableProvider;
use datafusion::catalog::streaming::StreamingTable;
use datafusion::error::DataFusionError;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::PartitionStream;
use futures::stream;

use super::cases::ServedCases;
use crate::cases::{Codes, Cut, LiveBatch, NEVER, Origin, Second, SpanEnding, Spans, moment};
use crate::domain::Scope;
use crate::store::CITY_TIME;

/// Both tables by name.
pub fn case_tables(
    cases: &Arc<ServedCases>,
    scope: &Scope,
) -> Result<Vec<(String, Arc<dyn TableProvider>)>, DataFusionError> {
    let table = |of: Of| -> Result<Arc<dyn TableProvider>, DataFusionError> {
        let partition = SpanRows { schema: schema(), cases: Arc::clone(cases), scope: scope.clone(), of };
        Ok(Arc::new(StreamingTable::try_new(schema(), vec![Arc::new(partition)])?))
    };
    Ok(vec![("case_rounds".to_owned(), table(Of::Rounds)?), ("case_stints".to_owned(), table(Of::Stints)?)])
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    Rounds,
    Stints,
}

#[derive(Debug)]
struct SpanRows {
    schema: SchemaRef,
    cases: Arc<ServedCases>,
    scope: Scope,
    of: Of,
}

impl PartitionStream for SpanRows {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _context: Arc<TaskContext>) -> SendableRecordBatchStream {
        let (cases, scope, of) = (Arc::clone(&self.cases), self.scope.clone(), self.of);
        let batches = (0..cases.book.batches().len()).map(move |k| {
            let batch = &cases.book.batches()[k];
            Ok(rows_of(&cases.book.codes, batch, (cases.cut, &scope, of))?)
        });
        Box::pin(RecordBatchStreamAdapter::new(schema(), stream::iter(batches)))
    }
}

fn schema() -> SchemaRef {
    let code = |name: &str, nullable| {
        Field::new(name, DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)), nullable)
    };
    let instant = |name: &str, nullable| {
        Field::new(name, DataType::Timestamp(TimeUnit::Microsecond, Some(CITY_TIME.into())), nullable)
    };
    Arc::new(Schema::new(vec![
        Field::new("case_id", DataType::Utf8, false),
        code("feed", false),
        code("area_code", true),
        code("district_code", true),
        code("org_code", true),
        code("category_code", false),
        code("channel", false),
        code("origin", false),
        code("ending", false),
        instant("started_at", false),
        instant("ended_at", true),
        instant("due_at", true),
        instant("due_original_at", true),
        Field::new("is_open", DataType::Boolean, false),
        Field::new("is_late", DataType::Boolean, false),
        instant("dispatched_at", true),
        instant("returned_at", true),
        instant("reopened_at", true),
        instant("rated_at", true),
        Field::new("satisfied", DataType::Boolean, true),
        Field::new("worked_hours", DataType::Float64, true),
    ]))
}

/// The rows of one batch, as of the cut.
fn rows_of(codes: &Codes, batch: &LiveBatch, (cut, scope, of): (Cut, &Scope, Of)) -> Result<RecordBatch, ArrowError> {
    let spans = if of == Of::Rounds { &batch.rounds } else { &batch.holdings };
    let is_shown = |row: &usize| {
        let place = codes.places.place(spans.place[*row]);
        let may = scope.area_codes().is_none()
            || scope.allows_area(&place.code)
            || scope.allows_area(&codes.places.place(place.district).code);
        may && batch.is_live(spans.case[*row]) && cut.sees(spans.start[*row])
    };
    let rows: Vec<usize> = (0..spans.len()).filter(is_shown).collect();
    let end = |row: usize| cut.seen(spans.end[row]);
    let due = |row: usize| spans.due_as_of(row, cut);
    let is_late = |row: usize| due(row) != NEVER && end(row) > due(row) && cut.sees(due(row));
    let place = |row: usize| codes.places.place(spans.place[row]);
    let columns: Vec<ArrayRef> = vec![
        ids(batch, spans, &rows),
        dictionary(rows.iter().map(|row| codes.feeds.code(batch.feed[spans.case[*row] as usize]))),
        dictionary(rows.iter().map(|row| &place(*row).code)),
        dictionary(rows.iter().map(|row| &codes.places.place(place(*row).district).code)),
        dictionary(rows.iter().map(|row| codes.orgs.code(spans.org[*row]))),
        dictionary(rows.iter().map(|row| codes.categories.code(spans.category[*row]))),
        dictionary(rows.iter().map(|row| codes.channels.code(spans.channel[*row]))),
        dictionary(rows.iter().map(|row| origin(spans.origin[*row]))),
        dictionary(
            rows.iter().map(|row| ending(if end(*row) == NEVER { SpanEnding::Open } else { spans.ending[*row] })),
        ),
        instants(rows.iter().map(|row| spans.start[*row])),
        instants(rows.iter().map(|row| end(*row))),
        instants(rows.iter().map(|row| due(*row))),
        instants(rows.iter().map(|row| spans.due_original[*row])),
        flags(rows.iter().map(|row| Some(end(*row) == NEVER))),
        flags(rows.iter().map(|row| Some(is_late(*row)))),
        instants(rows.iter().map(|row| cut.seen(spans.dispatched[*row]))),
        instants(rows.iter().map(|row| cut.seen(spans.returned[*row]))),
        instants(rows.iter().map(|row| cut.seen(spans.reopened[*row]))),
        instants(rows.iter().map(|row| cut.seen(spans.rated[*row]))),
        flags(rows.iter().map(|row| cut.sees(spans.rated[*row]).then_some(spans.satisfied[*row]))),
        hours(rows.iter().map(|row| if end(*row) == NEVER { NEVER } else { spans.worked[*row] })),
    ];
    RecordBatch::try_new(schema(), columns)
}

fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Received => "received",
        Origin::Reopened => "reopened",
        Origin::TransferredIn => "transferred_in",
    }
}

fn ending(ending: SpanEnding) -> &'static str {
    match ending {
        SpanEnding::Open => "open",
        SpanEnding::Answered => "answered",
        SpanEnding::Rejected => "rejected",
        SpanEnding::Merged => "merged",
        SpanEnding::TransferredOut => "transferred_out",
    }
}

fn ids(batch: &LiveBatch, spans: &Spans, rows: &[usize]) -> ArrayRef {
    let mut builder = StringBuilder::with_capacity(rows.len(), rows.len() * 16);
    rows.iter().for_each(|row| builder.append_value(batch.id(spans.case[*row])));
    Arc::new(builder.finish())
}

/// Codes as a dictionary; an empty code is null.
fn dictionary<S: AsRef<str>>(codes: impl Iterator<Item = S>) -> ArrayRef {
    let mut builder = StringDictionaryBuilder::<Int32Type>::new();
    for code in codes {
        match code.as_ref() {
            "" => builder.append_null(),
            code => builder.append_value(code),
        }
    }
    Arc::new(builder.finish())
}

fn instants(seconds: impl Iterator<Item = Second>) -> ArrayRef {
    let mut builder = TimestampMicrosecondBuilder::new();
    seconds.for_each(|at| builder.append_option((at != NEVER).then(|| moment(at).vintage().micros())));
    Arc::new(builder.finish().with_timezone(CITY_TIME))
}

fn flags(values: impl Iterator<Item = Option<bool>>) -> ArrayRef {
    let mut builder = BooleanBuilder::new();
    values.for_each(|value| builder.append_option(value));
    Arc::new(builder.finish())
}

fn hours(seconds: impl Iterator<Item = Second>) -> ArrayRef {
    let mut builder = Float64Builder::new();
    seconds.for_each(|worked| builder.append_option((worked != NEVER).then(|| f64::from(worked) / 3600.0)));
    Arc::new(builder.finish())
}
