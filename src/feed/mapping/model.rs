//! A checked mapping: every code in it exists in the catalogue, every rule is complete.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveTime;

use super::declaration::{BaseToml, YtdToml};
use super::label;
use super::pattern::Pattern;
use crate::domain::text::NumberStyle;
use crate::domain::{ObsStatus, Period, PeriodCalendar, Source};
use crate::feed::connector::config::ConnectorConfig;
use crate::format::grid::CellName;

/// One feed as declared: where its bytes come from, what they must look like, what they mean.
#[derive(Debug, Clone)]
pub struct FeedDeclaration {
    /// What the bytes mean.
    pub mapping: Mapping,
    /// Where the bytes come from.
    pub connector: ConnectorConfig,
    /// What a pull must look like.
    pub contract: Contract,
    /// Cron expression of six fields (seconds first) in the city's time; `None`: only when asked for.
    pub schedule: Option<String>,
    /// The declaring file.
    pub file: PathBuf,
}

/// What a pull must look like to replace what is there.
#[derive(Debug, Clone, PartialEq)]
pub struct Contract {
    /// Days after which figures without news are stale, if the source promises any.
    pub freshness_days: Option<u32>,
    /// Rows of a pull, as a share of the last good pull's, below which it is refused; 0 accepts any.
    pub min_share_of_last: f64,
    /// Columns or dimensions that must be there.
    pub required: Vec<String>,
    /// Whether a pull without rows is an answer.
    pub allow_empty: bool,
}

/// What the bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceFormat {
    /// Whatever the bytes look like, among the statistical formats.
    Auto,
    /// PC-Axis.
    Px,
    /// JSON-stat 1 or 2.
    JsonStat,
    /// SDMX-ML 2.1.
    SdmxMl,
    /// SDMX-CSV.
    SdmxCsv,
    /// SDMX-JSON.
    SdmxJson,
    /// Any delimited text.
    Csv,
    /// An array of objects.
    Json,
    /// XLS or XLSX.
    Workbook,
}

impl SourceFormat {
    /// Whether rows come with dimensions (a statistical table) rather than columns.
    pub fn has_dimensions(self) -> bool {
        !matches!(self, SourceFormat::Csv | SourceFormat::Json | SourceFormat::Workbook)
    }
}

/// What a feed brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Values of measures.
    Observations,
    /// Plan values of indicators.
    Targets,
}

/// Where the time of publication is found.
#[derive(Debug, Clone, PartialEq)]
pub enum Published {
    /// When it was pulled.
    Pulled,
    /// The source's own "updated".
    Updated(NaiveTime),
    /// A date in the file's name.
    FileName(Pattern, NaiveTime),
    /// A date in a cell.
    Cell {
        /// Sheet.
        sheet: Pattern,
        /// Cell.
        cell: CellName,
        /// Form of the text around the date.
        pattern: Option<Pattern>,
        /// Time of day.
        time: NaiveTime,
    },
    /// A date in a column of each row.
    Column(String, NaiveTime),
}

/// What the bytes of a feed mean.
#[derive(Debug, Clone)]
pub struct Mapping {
    /// Feed code.
    pub code: String,
    /// Vietnamese name.
    pub name_vi: String,
    /// English name.
    pub name_en: String,
    /// Who publishes.
    pub source: Source,
    /// Authority that answers for it.
    pub owner: String,
    /// What the bytes are.
    pub format: SourceFormat,
    /// What the feed brings.
    pub kind: Kind,
    /// Calendar of its periods.
    pub calendar: PeriodCalendar,
    pub(super) required: Vec<String>,
    pub(super) published: Published,
    pub(super) numbers: NumberStyle,
    pub(super) skip_unmatched: bool,
    pub(super) table: TableShape,
    pub(super) rules: Vec<Rule>,
    pub(super) skips: Vec<Conditions>,
    pub(super) sheets: Vec<SheetLayout>,
}

/// How rows and columns become a table with one header row.
#[derive(Debug, Clone, Default)]
pub(super) struct TableShape {
    pub sheet: Option<Pattern>,
    /// Keys ([`label::key`]) that the header row holds.
    pub header: Vec<String>,
    /// JSON: keys down to the array.
    pub rows: Vec<String>,
    pub fill_down: Vec<String>,
    pub unpivot: Option<Unpivot>,
}

#[derive(Debug, Clone)]
pub(super) struct Unpivot {
    pub columns: Vec<Pattern>,
    pub name: String,
    pub value: String,
}

impl Unpivot {
    /// Whether a column is to be turned into rows.
    pub fn claims(&self, column: &str) -> bool {
        self.columns.iter().any(|p| p.matches(column))
    }
}

/// Field and accepted members; all must hold.
pub(super) type Conditions = Vec<(String, Vec<String>)>;

/// What a value means where the conditions hold.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub conditions: Conditions,
    /// Column of the value; `None` for statistical tables and sheets, which have one.
    pub value: Option<String>,
    /// Measure or indicator.
    pub subject: Pick,
    pub area: Pick,
    pub org: Pick,
    pub breakdown: Vec<BreakdownPick>,
    pub period: PeriodPick,
    pub amount: Amount,
    pub status: StatusPick,
    pub ytd: YtdToml,
    pub note: Option<String>,
}

impl Rule {
    /// Every field that the rule uses.
    pub fn fields(&self) -> Vec<&str> {
        let mut used: Vec<&str> = self.conditions.iter().map(|(field, _)| field.as_str()).collect();
        used.extend(self.value.as_deref());
        used.extend(self.note.as_deref());
        for pick in [&self.subject, &self.area, &self.org].into_iter().chain(&self.amount.unit) {
            if let Pick::Column(column) = pick {
                used.push(&column.column);
            }
        }
        used.extend(self.breakdown.iter().map(|b| b.column.as_str()));
        if let PeriodPick::From(sources) = &self.period {
            used.extend(sources.columns());
        }
        if let StatusPick::Column { column, .. } = &self.status {
            used.push(column);
        }
        used
    }
}

/// How the number becomes a value in the measure's unit: `number * scale + offset`.
#[derive(Debug, Clone)]
pub(super) struct Amount {
    /// Unit of the source; its factor against the measure's unit is part of the scale.
    pub unit: Option<Pick>,
    pub scale: f64,
    pub offset: f64,
}

/// A constant, or what a code list makes of a column.
#[derive(Debug, Clone)]
pub(super) enum Pick {
    Constant(Arc<str>),
    Column(PickColumn),
}

#[derive(Debug, Clone)]
pub(super) struct PickColumn {
    pub column: String,
    /// `None`: the column holds our codes.
    pub codes: Option<Codes>,
    /// The column holds names of areas.
    pub names: bool,
    /// Members that are left out on purpose.
    pub skip: Vec<String>,
}

/// Source code or label -> our code. Looked up as written first, then by [`label::key`].
#[derive(Debug, Clone, Default)]
pub(super) struct Codes {
    exact: BTreeMap<String, Arc<str>>,
    by_key: BTreeMap<String, Arc<str>>,
}

impl Codes {
    /// `Err` names two entries that only differ in spelling and mean different codes.
    pub fn new<'a>(entries: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Self, String> {
        let mut codes = Codes::default();
        for (written, code) in entries {
            let code: Arc<str> = code.into();
            codes.exact.insert(written.to_owned(), code.clone());
            if codes.by_key.insert(label::key(written), code.clone()).is_some_and(|other| other != code) {
                return Err(written.to_owned());
            }
        }
        Ok(codes)
    }

    /// Every code of the list.
    pub fn values(&self) -> impl Iterator<Item = &Arc<str>> {
        self.exact.values()
    }

    /// The code of a source code or label.
    pub fn get(&self, written: &str) -> Option<&Arc<str>> {
        self.exact.get(written).or_else(|| self.by_key.get(&label::key(written)))
    }
}

#[derive(Debug, Clone)]
pub(super) struct BreakdownPick {
    pub column: String,
    /// `None`: the codes are whole breakdowns, `dimension=member`.
    pub dimension: Option<Arc<str>>,
    pub codes: Option<Codes>,
    pub skip: Vec<String>,
}

/// Where the period comes from.
#[derive(Debug, Clone)]
pub(super) enum PeriodPick {
    /// The time dimension of a statistical table; the header of a sheet's column.
    Own,
    Constant(Period),
    From(Box<PeriodSources>),
}

/// Parts of a period, put together from several places; what an earlier place gives wins.
#[derive(Debug, Clone, Default)]
pub(super) struct PeriodSources {
    pub column: Option<String>,
    pub patterns: Vec<Pattern>,
    pub year: Option<String>,
    pub quarter: Option<String>,
    pub month: Option<String>,
    pub file_name: Vec<Pattern>,
    pub sheet_name: Vec<Pattern>,
    pub title: Vec<Pattern>,
}

impl PeriodSources {
    /// The columns among the sources, the one with the whole label first.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        [&self.column, &self.year, &self.quarter, &self.month].into_iter().filter_map(|c| c.as_deref())
    }
}

#[derive(Debug, Clone)]
pub(super) enum StatusPick {
    /// As the source says, A where it says nothing, E under a label such as "Ước tháng 5".
    Own,
    Constant(ObsStatus),
    Column {
        column: String,
        codes: Codes,
    },
    /// By whether the period is the newest of the sheet or earlier.
    ByTime {
        current: ObsStatus,
        earlier: ObsStatus,
    },
}

/// One table of a workbook with several header rows.
#[derive(Debug, Clone)]
pub(super) struct SheetLayout {
    pub table: String,
    pub names: Vec<Pattern>,
    pub title: Option<Pattern>,
    /// Label columns from 0, left to right.
    pub labels: Vec<u32>,
    /// Keys of the first row of figures.
    pub first: Vec<String>,
    /// Keys of the last row of figures; none: the end of the sheet.
    pub last: Vec<String>,
    pub skip_rows: Vec<Pattern>,
    pub skip_columns: Vec<Pattern>,
    /// The newest month of the sheet; `None`: the newest that a header names.
    pub current: Option<PeriodPick>,
    pub columns: Vec<SheetColumn>,
    pub line: usize,
}

#[derive(Debug, Clone)]
pub(super) struct SheetColumn {
    pub headers: Vec<Pattern>,
    pub base: Option<BaseToml>,
    pub optional: bool,
    pub rule: Rule,
}
