//! The checked mapping of cases.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::areas::AreaRule;
use super::cell::Columns;
use super::codes::{CodeList, CodeRule};
use super::time::TimeReader;
use crate::domain::Source;
use crate::domain::case::{DuePolicy, EventKind};
use crate::feed::connector::ConnectorConfig;
use crate::feed::mapping::Contract;
use crate::feed::mapping::pattern::Pattern;
use crate::format::RecordShape;

/// A feed of cases as its file declares it.
#[derive(Debug, Clone)]
pub struct CaseDeclaration {
    /// What the bytes mean.
    pub mapping: CaseMapping,
    /// Where the bytes come from.
    pub connector: ConnectorConfig,
    /// What a pull must look like.
    pub contract: Contract,
    /// When it is pulled, six cron fields.
    pub schedule: Option<String>,
    /// The file.
    pub file: PathBuf,
}

/// What the rows of a source of cases mean.
#[derive(Debug, Clone)]
pub struct CaseMapping {
    /// Feed code.
    pub code: String,
    /// Vietnamese name.
    pub name_vi: String,
    /// English name.
    pub name_en: String,
    /// Kind of source.
    pub source: Source,
    /// Code of the authority that answers for it.
    pub owner: String,
    pub(super) shape: Shape,
    /// Columns of the cases.
    pub(super) columns: Columns,
    pub(super) fields: CaseFields,
    pub(super) events: Option<EventMapping>,
    /// Columns that must be there although nothing is read from them.
    pub(super) required: Vec<String>,
}

/// How the bytes are cut into rows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shape {
    pub format: CaseFormat,
    pub records: RecordShape,
    pub sheet: Option<Pattern>,
    /// JSON: keys down to the list.
    pub path: Vec<String>,
}

/// What the bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CaseFormat {
    Auto,
    Delimited,
    Parquet,
    Workbook,
    Json,
    Xml,
}

/// Where the parts of a case stand.
#[derive(Debug, Clone)]
pub(super) struct CaseFields {
    pub id: usize,
    pub received: TimeReader,
    pub due: Option<TimeReader>,
    pub resolved: Option<TimeReader>,
    pub first_response: Option<TimeReader>,
    pub closed: Option<TimeReader>,
    pub updated: Option<TimeReader>,
    /// Further things that happened, each with the column of its time.
    pub times: Vec<(EventKind, TimeReader)>,
    pub channel: CodeRule,
    pub category: CodeRule,
    pub priority: CodeRule,
    pub org: Option<CodeRule>,
    pub area: Option<AreaRule>,
    pub status: Option<StatusRule>,
    pub satisfaction: Option<Rating>,
    pub parent: Option<usize>,
    pub longitude: Option<usize>,
    pub latitude: Option<usize>,
    pub due_policy: DuePolicy,
}

/// What the source's states mean.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct StatusRule {
    pub column: usize,
    /// Cleaned text in lower case -> state.
    pub states: BTreeMap<String, State>,
}

/// What a state means for the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Open,
    Answered,
    Rejected,
    Merged,
}

/// Whether the citizen was content.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rating {
    pub column: usize,
    /// Cleaned text in lower case -> content or not.
    pub words: BTreeMap<String, bool>,
    pub at: Option<TimeReader>,
}

/// Where the parts of an event stand, in a table of its own.
#[derive(Debug, Clone)]
pub(super) struct EventMapping {
    pub columns: Columns,
    pub case: usize,
    pub seq: Option<usize>,
    pub at: TimeReader,
    pub kind: usize,
    /// Source text -> kind's code; empty: the texts are the codes.
    pub kinds: CodeList,
    pub skip: Vec<String>,
    pub org: Option<CodeRule>,
    pub due: Option<TimeReader>,
    pub satisfied: Option<Rating>,
}

impl CaseMapping {
    /// Columns that are read of the cases, each once.
    pub fn case_columns(&self) -> &[String] {
        self.columns.names()
    }

    /// Columns that are read of the events, each once; none if there is no table of events.
    pub fn event_columns(&self) -> Option<&[String]> {
        self.events.as_ref().map(|events| events.columns.names())
    }

    /// Name of the column of the identifier.
    pub fn id_column(&self) -> &str {
        &self.columns.names()[self.fields.id]
    }

    /// Name of the column of the last change.
    pub fn updated_column(&self) -> Option<&str> {
        self.fields.updated.as_ref().map(|time| self.columns.names()[time.column].as_str())
    }

    /// Name of the events' column of the case's identifier, and of the one that orders them.
    pub fn event_keys(&self) -> Option<(&str, Option<&str>)> {
        let events = self.events.as_ref()?;
        let name = |at: usize| events.columns.names()[at].as_str();
        Some((name(events.case), events.seq.map(name)))
    }

    /// IANA name of the zone of times without an offset.
    pub fn zone(&self) -> &'static str {
        self.fields.received.zone.name()
    }
}
