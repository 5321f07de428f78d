//! The mapping file of cases as it is written. Only shape is decided here (unknown keys fail); docs/case-mapping.md says
//! what each key means.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::domain::Source;
use crate::feed::mapping::declaration::{CodesToml, ContractToml, OneOrMany, text_or_table};
use crate::feed::mapping::pattern::Pattern;

/// Everything but `[connector]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CasesToml {
    pub version: Spanned<u32>,
    /// `cases`.
    #[serde(rename = "kind")]
    pub _kind: String,
    pub code: Spanned<String>,
    pub name_vi: String,
    pub name_en: String,
    pub source: Source,
    pub owner: Spanned<String>,
    pub format: CaseFormatToml,
    pub schedule: Option<Spanned<String>>,
    #[serde(default)]
    pub contract: ContractToml,
    /// Zone of times without an offset.
    pub zone: Option<Spanned<String>>,
    /// Formats of times that name none of their own.
    pub time_format: Option<Spanned<OneOrMany<String>>>,
    #[serde(default)]
    pub table: CaseTableToml,
    #[serde(default)]
    pub codes: BTreeMap<String, BTreeMap<String, Spanned<String>>>,
    pub case: Spanned<CaseToml>,
    pub events: Option<Spanned<EventsToml>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum CaseFormatToml {
    /// By the first bytes.
    Auto,
    /// Any delimiter and encoding, also gzip.
    Csv,
    Parquet,
    Workbook,
    /// A list of objects.
    Json,
    /// A list of elements.
    Xml,
    /// GeoReport v2, JSON or XML, with its own columns.
    Open311,
}

/// How the bytes are cut into rows.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct CaseTableToml {
    /// Delimited text: by default what cuts the first lines best.
    pub delimiter: Option<Spanned<String>>,
    /// Delimited text that is not UTF-8.
    pub encoding: Option<String>,
    /// Workbooks: the sheet; by default the first that has the columns.
    pub sheet: Option<Pattern>,
    /// JSON: keys down to the list of objects.
    pub records: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct CaseToml {
    pub id: Option<String>,
    pub received: Option<TimeToml>,
    pub due: Option<TimeToml>,
    pub resolved: Option<TimeToml>,
    pub first_response: Option<TimeToml>,
    pub closed: Option<TimeToml>,
    pub updated: Option<TimeToml>,
    /// Kind of event -> column of its time.
    pub times: BTreeMap<String, Spanned<TimeToml>>,
    pub channel: Option<Spanned<CodeToml>>,
    pub category: Option<Spanned<CodeToml>>,
    pub priority: Option<Spanned<CodeToml>>,
    pub org: Option<Spanned<CodeToml>>,
    pub area: Option<Spanned<AreaToml>>,
    pub status: Option<Spanned<StatusToml>>,
    pub satisfaction: Option<Spanned<SatisfactionToml>>,
    pub parent: Option<String>,
    pub longitude: Option<String>,
    pub latitude: Option<String>,
    /// `source` or `table`.
    pub deadline: Option<Spanned<String>>,
}

/// A column of times.
#[derive(Debug, Clone)]
pub(super) enum TimeToml {
    Column(String),
    From(Box<TimeFromToml>),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TimeFromToml {
    pub column: String,
    pub format: Option<Spanned<OneOrMany<String>>>,
    pub zone: Option<Spanned<String>>,
    /// Time of day of dates without one.
    pub time: Option<Spanned<String>>,
}

/// A column of codes.
#[derive(Debug, Clone)]
pub(super) enum CodeToml {
    Column(String),
    From(Box<CodeFromToml>),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CodeFromToml {
    pub column: Option<String>,
    /// One code for all rows.
    pub value: Option<String>,
    pub codes: Option<CodesToml>,
    #[serde(default)]
    pub from_data: bool,
    /// What stands for texts that the code list does not have.
    pub unknown: Option<String>,
    /// What stands for blanks.
    pub blank: Option<String>,
}

/// A column of areas.
#[derive(Debug, Clone)]
pub(super) enum AreaToml {
    Column(String),
    From(Box<AreaFromToml>),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AreaFromToml {
    pub column: String,
    /// The column of the district, for names of wards and for cases whose ward is not known.
    pub within: Option<String>,
    #[serde(default)]
    pub names: bool,
    #[serde(default)]
    pub from_data: bool,
    pub codes: Option<CodesToml>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StatusToml {
    pub column: String,
    #[serde(default)]
    pub open: Vec<String>,
    #[serde(default)]
    pub answered: Vec<String>,
    #[serde(default)]
    pub rejected: Vec<String>,
    #[serde(default)]
    pub merged: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SatisfactionToml {
    pub column: String,
    pub satisfied: Vec<String>,
    pub dissatisfied: Vec<String>,
    /// Column of the time of the rating; else the case was rated when it was last changed.
    pub at: Option<TimeToml>,
}

/// The second table: what happened to the cases.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EventsToml {
    pub case: String,
    /// Order among events of one moment; else the order of the rows.
    pub seq: Option<String>,
    pub at: TimeToml,
    pub kind: Spanned<EventKindToml>,
    pub org: Option<Spanned<CodeToml>>,
    pub due: Option<TimeToml>,
    pub satisfied: Option<Spanned<SatisfiedToml>>,
}

/// The column of the kind of event.
#[derive(Debug, Clone)]
pub(super) enum EventKindToml {
    Column(String),
    From(EventKindFromToml),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EventKindFromToml {
    pub column: String,
    pub codes: Option<CodesToml>,
    /// Kinds that are left out on purpose.
    #[serde(default)]
    pub skip: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SatisfiedToml {
    pub column: String,
    pub satisfied: Vec<String>,
    pub dissatisfied: Vec<String>,
}

impl TimeToml {
    pub fn column(&self) -> &str {
        match self {
            TimeToml::Column(column) => column,
            TimeToml::From(from) => &from.column,
        }
    }
}

text_or_table!(
    TimeToml,
    Column,
    From(Box<TimeFromToml>),
    "a column, or a table such as { column = \"..\", format = \"..\" }"
);
text_or_table!(
    CodeToml,
    Column,
    From(Box<CodeFromToml>),
    "a column, or a table such as { column = \"..\", codes = {..} }"
);
text_or_table!(
    AreaToml,
    Column,
    From(Box<AreaFromToml>),
    "a column, or a table such as { column = \"..\", names = true }"
);
text_or_table!(
    EventKindToml,
    Column,
    From(EventKindFromToml),
    "a column, or a table such as { column = \"..\", codes = {..} }"
);
