//! The tables: names, columns and their order. They are a public contract for analysts.
//!
//! Text columns hold codes or words, never display names. Instants are microseconds; Delta stores them as UTC and every
//! read shows them in the city's time ([`CITY_TIME`]). Partition columns come last and hold ASCII codes or integers.

use std::fmt;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef, TimeUnit};

/// Name of the time zone that instants are shown in.
pub const CITY_TIME: &str = "Asia/Ho_Chi_Minh";

/// A Delta table of the lake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Table {
    /// Every reported value of every measure with all its vintages; rows are only ever added.
    Observations,
    /// Plan values of indicators with all their vintages; rows are only ever added.
    Targets,
    /// Every version of every case; rows are only ever added.
    Cases,
    /// What happened to a case, whole with each of its versions; rows are only ever added.
    CaseEvents,
    /// The figures of measures by lowest area that roll-ups start from.
    MeasureValues,
    /// The computed indicators.
    IndicatorValues,
    /// One row per pull of a feed or upload.
    Runs,
    /// Rows of sources that were not taken, with the reason.
    RejectedRows,
}

impl Table {
    /// All tables.
    pub const ALL: [Table; 8] = [
        Table::Observations,
        Table::Targets,
        Table::Cases,
        Table::CaseEvents,
        Table::MeasureValues,
        Table::IndicatorValues,
        Table::Runs,
        Table::RejectedRows,
    ];

    /// The public name, also the folder.
    pub fn name(self) -> &'static str {
        match self {
            Table::Observations => "observations",
            Table::Targets => "targets",
            Table::Cases => "cases",
            Table::CaseEvents => "case_events",
            Table::MeasureValues => "measure_values",
            Table::IndicatorValues => "indicator_values",
            Table::Runs => "runs",
            Table::RejectedRows => "rejected_rows",
        }
    }

    /// What one row is, in one sentence.
    pub fn description(self) -> &'static str {
        match self {
            Table::Observations => "One reported value of a measure for an area, authority, breakdown and period.",
            Table::Targets => "One plan value of an indicator for an area, authority and period.",
            Table::Cases => "One version of one citizen case; of a case, the newest version counts.",
            Table::CaseEvents => "One thing that happened to a case, with the version of the case that it came with.",
            Table::MeasureValues => "One measure at a lowest area, breakdown and base period, as roll-ups read it.",
            Table::IndicatorValues => "One computed indicator for an area, authority, breakdown and period.",
            Table::Runs => "One pull of a feed or one upload, with its outcome in words.",
            Table::RejectedRows => "One cell or row of a source that was not taken, with the reason.",
        }
    }

    /// The columns in order; partition columns come last.
    pub fn schema(self) -> SchemaRef {
        let fields = match self {
            Table::Observations => observations(),
            Table::Targets => targets(),
            Table::Cases => cases(),
            Table::CaseEvents => case_events(),
            Table::MeasureValues => measure_values(),
            Table::IndicatorValues => indicator_values(),
            Table::Runs => runs(),
            Table::RejectedRows => rejected_rows(),
        };
        Arc::new(Schema::new(fields))
    }

    /// Names of the partition columns, the last ones of [`Table::schema`].
    pub fn partition_columns(self) -> &'static [&'static str] {
        match self {
            Table::Observations | Table::MeasureValues => &["period_year"],
            Table::IndicatorValues => &["group_code", "period_year"],
            Table::Cases | Table::CaseEvents => &["received_year"],
            Table::Targets | Table::Runs | Table::RejectedRows => &[],
        }
    }

    /// Columns whose smallest and largest value per file are kept in the log, so that readers skip files.
    pub(super) fn skipping_columns(self) -> &'static [&'static str] {
        match self {
            Table::Observations => &["measure_code", "area_code", "feed", "period_start", "vintage"],
            Table::Targets => &["indicator_code", "period_start", "vintage"],
            Table::Cases => &["feed", "received_at", "source_updated_at", "recorded_at"],
            Table::CaseEvents => &["feed", "at", "source_updated_at", "recorded_at"],
            Table::MeasureValues => &["measure_code", "area_code", "period_start"],
            Table::IndicatorValues => &["indicator_code", "area_code", "freq", "period_start"],
            Table::Runs => &["feed", "seq", "started_at"],
            Table::RejectedRows => &["feed", "run_id", "recorded_at"],
        }
    }

    /// The schema as Delta stores it: the same columns with instants in UTC.
    pub(super) fn stored_schema(self) -> SchemaRef {
        self.schema_with(|data_type| match data_type {
            DataType::Timestamp(unit, Some(_)) => DataType::Timestamp(*unit, Some("UTC".into())),
            other => other.clone(),
        })
    }

    /// The schema as readers see it: text as views, which filter and group faster.
    pub(super) fn read_schema(self) -> SchemaRef {
        let partitions = self.partition_columns();
        let fields: Vec<Field> = self
            .schema()
            .fields()
            .iter()
            .map(|field| {
                let is_text = *field.data_type() == DataType::Utf8;
                let in_file = !partitions.contains(&field.name().as_str());
                let field = field.as_ref().clone();
                if is_text && in_file { field.with_data_type(DataType::Utf8View) } else { field }
            })
            .collect();
        Arc::new(Schema::new(fields))
    }

    fn schema_with(self, change: impl Fn(&DataType) -> DataType) -> SchemaRef {
        let fields: Vec<Field> =
            self.schema().fields().iter().map(|f| f.as_ref().clone().with_data_type(change(f.data_type()))).collect();
        Arc::new(Schema::new(fields))
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

fn text(name: &str) -> Field {
    Field::new(name, DataType::Utf8, false)
}

fn number(name: &str) -> Field {
    Field::new(name, DataType::Float64, false)
}

fn int(name: &str) -> Field {
    Field::new(name, DataType::Int32, false)
}

fn long(name: &str) -> Field {
    Field::new(name, DataType::Int64, false)
}

fn flag(name: &str) -> Field {
    Field::new(name, DataType::Boolean, false)
}

fn day(name: &str) -> Field {
    Field::new(name, DataType::Date32, false)
}

fn instant(name: &str) -> Field {
    Field::new(name, DataType::Timestamp(TimeUnit::Microsecond, Some(CITY_TIME.into())), false)
}

fn or_null(field: Field) -> Field {
    field.with_nullable(true)
}

/// - `value` is null only with `obs_status` M.
/// - `vintage` is when the value became known, `recorded_at` when it was pulled.
/// - `source_ref` is file, sheet and cell, or URL and position; `note` a remark of the source.
/// - `run_id` leads to the pull in `runs`; `period_year` is the year of `period` (partition).
fn observations() -> Fields {
    vec![
        text("measure_code"),
        text("area_code"),
        text("org_code"),
        text("breakdown"),
        text("freq"),
        text("period"),
        day("period_start"),
        or_null(number("value")),
        text("obs_status"),
        instant("vintage"),
        text("feed"),
        text("run_id"),
        text("source_ref"),
        or_null(text("note")),
        instant("recorded_at"),
        int("period_year"),
    ]
    .into()
}

/// `value` is in the indicator's unit; the newest `vintage` counts.
fn targets() -> Fields {
    vec![
        text("indicator_code"),
        text("area_code"),
        text("org_code"),
        text("freq"),
        text("period"),
        day("period_start"),
        number("value"),
        instant("vintage"),
        text("feed"),
        text("run_id"),
        text("source_ref"),
        instant("recorded_at"),
    ]
    .into()
}

/// A version is named by (`feed`, `case_id`, `source_updated_at`, `recorded_at`); the greatest of a case counts.
///
/// - `channel`, `category_code`, `priority`: codes of the mapping; `_U` where the source says nothing.
/// - `area_code`: ward on the day of receipt, or district where the ward is not known; null: counted in the city only.
/// - `org_code`: the authority that the source names as responsible now.
/// - `due_at`: as the source gives it; `deadline` says where a missing one comes from: `table` (the table of deadlines)
///   or `source` (then there is none).
/// - `first_response_at`, `resolved_at`, `closed_at`, `reopened_count`, `satisfaction`, `status`: as they follow from the
///   newest events, for reading; figures are computed from the events themselves.
/// - `content_hash`: of everything the source says about the case, to tell a repeated version from a changed one.
/// - `received_year`: year of `received_at` (partition).
fn cases() -> Fields {
    vec![
        text("case_id"),
        text("channel"),
        text("category_code"),
        text("priority"),
        or_null(text("area_code")),
        or_null(text("org_code")),
        instant("received_at"),
        or_null(instant("due_at")),
        text("deadline"),
        or_null(instant("first_response_at")),
        or_null(instant("resolved_at")),
        or_null(instant("closed_at")),
        int("reopened_count"),
        or_null(flag("satisfaction")),
        text("status"),
        or_null(text("parent_case_id")),
        or_null(number("longitude")),
        or_null(number("latitude")),
        instant("source_updated_at"),
        long("content_hash"),
        text("feed"),
        text("run_id"),
        instant("recorded_at"),
        int("received_year"),
    ]
    .into()
}

/// Every version of a case brings all its events again, under its own `source_updated_at` and `recorded_at`.
///
/// - `seq`: order among events of the same instant; `kind`: see `EventKind`.
/// - `org_code`: the authority a `dispatched` case went to; `due_at`: the new due time of `extended` and `reopened`.
/// - `received_year`: of the case (partition), so that a case and its events lie together.
fn case_events() -> Fields {
    vec![
        text("case_id"),
        int("seq"),
        instant("at"),
        text("kind"),
        or_null(text("org_code")),
        or_null(instant("due_at")),
        or_null(flag("satisfied")),
        instant("source_updated_at"),
        text("feed"),
        instant("recorded_at"),
        int("received_year"),
    ]
    .into()
}

/// - `sum`, `count`, `min`, `max`, `last` are over the values that fall in the base period, in the measure's unit.
/// - `obs_status` is the least firm of them and `vintage` the newest.
fn measure_values() -> Fields {
    vec![
        text("measure_code"),
        text("area_code"),
        text("org_code"),
        text("breakdown"),
        text("freq"),
        text("period"),
        day("period_start"),
        number("sum"),
        long("count"),
        number("min"),
        number("max"),
        number("last"),
        text("obs_status"),
        instant("vintage"),
        int("period_year"),
    ]
    .into()
}

/// - `numerator`, `denominator`: where the formula is a ratio, without its constant factor.
/// - `complete`: every due base period and area is there; `periods_*` and `areas_*` say how many were.
/// - `carried`: age of the oldest carried-forward input in its own periods, 0 = of the period itself.
/// - `apportioned`: a share of another area's value went into it.
/// - `prev_value`, `yoy_value`, `ytd_value`, `ytd_yoy_value`, `dec_value`: previous period, same base periods a year
///   earlier, year to date, year to date a year earlier, December of last year; null where not comparable.
/// - `catalog_version`: hash of the catalogue the figure was computed with.
fn indicator_values() -> Fields {
    vec![
        text("indicator_code"),
        text("area_code"),
        text("org_code"),
        text("breakdown"),
        text("freq"),
        text("period"),
        day("period_start"),
        number("value"),
        or_null(number("numerator")),
        or_null(number("denominator")),
        text("obs_status"),
        flag("complete"),
        int("periods_present"),
        int("periods_due"),
        int("areas_present"),
        int("areas_due"),
        int("carried"),
        flag("apportioned"),
        or_null(number("prev_value")),
        or_null(number("yoy_value")),
        or_null(number("ytd_value")),
        flag("ytd_complete"),
        or_null(number("ytd_yoy_value")),
        or_null(number("dec_value")),
        or_null(number("target_value")),
        instant("vintage"),
        text("catalog_version"),
        text("group_code"),
        int("period_year"),
    ]
    .into()
}

/// - `seq`: number of the kept snapshot within its feed; null when nothing was kept.
/// - `outcome`: ok, unchanged, refused (the contract of the feed), failed (not reached, not readable).
/// - `message`: what happened, in words.
fn runs() -> Fields {
    vec![
        text("run_id"),
        text("feed"),
        or_null(long("seq")),
        instant("started_at"),
        instant("finished_at"),
        text("outcome"),
        text("message"),
        long("rows_read"),
        long("rows_new"),
        long("rows_rejected"),
        or_null(text("snapshot_sha256")),
        or_null(text("url")),
    ]
    .into()
}

/// - `row`: line or row number in the source, from 1; null when the whole file is meant.
/// - `column`: column letter or name; `value`: the text found there.
fn rejected_rows() -> Fields {
    vec![
        text("feed"),
        text("run_id"),
        text("source_ref"),
        or_null(long("row")),
        or_null(text("column")),
        or_null(text("value")),
        text("reason"),
        instant("recorded_at"),
    ]
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partition_columns_are_the_last_columns() {
        for table in Table::ALL {
            let schema = table.schema();
            let names: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
            assert!(names.ends_with(table.partition_columns()), "{table}");
            assert!(table.skipping_columns().iter().all(|c| names.contains(c)), "{table}");
        }
    }

    #[test]
    fn instants_are_stored_as_utc_and_shown_in_city_time() {
        let zone = |schema: SchemaRef| match schema.field_with_name("vintage").unwrap().data_type() {
            DataType::Timestamp(TimeUnit::Microsecond, Some(zone)) => zone.to_string(),
            other => panic!("{other}"),
        };
        assert_eq!(zone(Table::Observations.stored_schema()), "UTC");
        assert_eq!(zone(Table::Observations.read_schema()), "Asia/Ho_Chi_Minh");
    }
}
