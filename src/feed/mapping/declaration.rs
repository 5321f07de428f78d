//! The mapping file as it is written: TOML to plain structs, every name with its place in the file.
//!
//! Only shape is decided here (unknown keys fail); whether a code exists and a rule makes sense is decided in
//! [`super::check`]. What each key means to the person who writes it stands in docs/mapping.md.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::pattern::Pattern;
use crate::domain::text::NumberStyle;
use crate::domain::{PeriodCalendar, Source};

/// The keys at the top of a mapping file; the arrays `map`, `sheet` and `skip` are read apart, table by table, so that
/// one bad table does not hide the problems of the next.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HeadToml {
    pub version: Spanned<u32>,
    pub code: Spanned<String>,
    pub name_vi: String,
    pub name_en: String,
    pub source: Source,
    pub owner: Spanned<String>,
    pub format: FormatToml,
    #[serde(default)]
    pub kind: KindToml,
    #[serde(default)]
    pub calendar: PeriodCalendar,
    pub schedule: Option<Spanned<String>>,
    #[serde(default)]
    pub published: PublishedToml,
    #[serde(default)]
    pub numbers: NumberStyle,
    #[serde(default)]
    pub unmatched: UnmatchedToml,
    #[serde(default)]
    pub contract: ContractToml,
    #[serde(default)]
    pub codes: BTreeMap<String, BTreeMap<String, Spanned<String>>>,
    pub table: Option<TableToml>,
    #[serde(default)]
    pub all: RuleToml,
}

/// What the bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FormatToml {
    Auto,
    Px,
    JsonStat,
    SdmxMl,
    SdmxCsv,
    SdmxJson,
    Csv,
    Json,
    Workbook,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum KindToml {
    #[default]
    Observations,
    Targets,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum UnmatchedToml {
    #[default]
    Reject,
    Skip,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum PublishedToml {
    /// When it was pulled.
    #[default]
    Pulled,
    /// The source's own "updated" or "prepared".
    Updated { time: Option<String> },
    /// A date in the file's name.
    FileName { pattern: Pattern, time: Option<String> },
    /// A date in a cell.
    Cell { sheet: Pattern, cell: String, pattern: Option<Pattern>, time: Option<String> },
    /// A date in a column of each row.
    Column { column: String, time: Option<String> },
}

#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::feed) struct ContractToml {
    pub freshness_days: Option<u32>,
    pub min_share_of_last: f64,
    pub required: Vec<String>,
    pub allow_empty: bool,
}

impl Default for ContractToml {
    fn default() -> Self {
        Self { freshness_days: None, min_share_of_last: 0.5, required: Vec::new(), allow_empty: false }
    }
}

/// How a CSV file, a sheet with one header row or a JSON answer becomes rows with named columns.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct TableToml {
    /// Workbooks: the sheet; default every sheet that has the header.
    pub sheet: Option<Pattern>,
    /// Texts that the header row holds; default the first row that is not blank.
    pub header: Vec<String>,
    /// JSON: keys down to the array of rows.
    pub rows: Option<String>,
    /// Columns whose blanks repeat the value above.
    pub fill_down: Vec<String>,
    /// Columns to turn into rows.
    pub unpivot: Option<UnpivotToml>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UnpivotToml {
    pub columns: OneOrMany<Pattern>,
    pub name: String,
    pub value: String,
}

/// One rule: where it holds, and what a value there means. `[all]` and `[sheet.all]` give defaults.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RuleToml {
    #[serde(rename = "where")]
    pub conditions: BTreeMap<String, OneOrMany<String>>,
    /// Sheets: the column's header, read downwards.
    pub header: Option<OneOrMany<Pattern>>,
    /// Sheets: which month the header compares with.
    pub base: Option<BaseToml>,
    /// Sheets: the column may be absent.
    pub optional: bool,
    /// Tables: the column that holds the value.
    pub value: Option<String>,
    pub measure: Option<Spanned<PickToml>>,
    pub indicator: Option<Spanned<PickToml>>,
    pub area: Option<Spanned<PickToml>>,
    pub org: Option<Spanned<PickToml>>,
    pub breakdown: Option<Spanned<OneOrMany<BreakdownToml>>>,
    pub period: Option<Spanned<PeriodToml>>,
    pub unit: Option<Spanned<PickToml>>,
    pub scale: Option<Spanned<f64>>,
    pub offset: Option<f64>,
    pub status: Option<Spanned<StatusToml>>,
    pub ytd: Option<YtdToml>,
    pub note: Option<String>,
}

impl RuleToml {
    /// This rule, with what it leaves open taken from `defaults`. `where` conditions add up.
    pub fn or(mut self, defaults: &RuleToml) -> Self {
        for (field, members) in &defaults.conditions {
            self.conditions.entry(field.clone()).or_insert_with(|| members.clone());
        }
        let d = defaults.clone();
        Self {
            conditions: self.conditions,
            header: self.header.or(d.header),
            base: self.base.or(d.base),
            optional: self.optional || d.optional,
            value: self.value.or(d.value),
            measure: self.measure.or(d.measure),
            indicator: self.indicator.or(d.indicator),
            area: self.area.or(d.area),
            org: self.org.or(d.org),
            breakdown: self.breakdown.or(d.breakdown),
            period: self.period.or(d.period),
            unit: self.unit.or(d.unit),
            scale: self.scale.or(d.scale),
            offset: self.offset.or(d.offset),
            status: self.status.or(d.status),
            ytd: self.ytd.or(d.ytd),
            note: self.note.or(d.note),
        }
    }
}

/// Which month a column's header compares with: `{base_month}` and `{base_year}` of the header must be that month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BaseToml {
    /// The month before.
    Previous,
    /// The same month one year earlier.
    YearAgo,
    /// December of the year before.
    December,
}

/// What to do with a figure that counts from January.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum YtdToml {
    /// Reject it.
    #[default]
    Refuse,
    /// The month is this figure minus that of the month before, which must be in the same file.
    Difference,
    /// The measure itself counts from January; the figure stands at the last month.
    AsIs,
}

/// A constant, or a column (dimension) with a code list.
#[derive(Debug, Clone)]
pub(super) enum PickToml {
    Constant(String),
    Column(PickColumnToml),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PickColumnToml {
    #[serde(alias = "dimension")]
    pub column: Option<String>,
    pub columns: Option<BTreeMap<String, Spanned<String>>>,
    pub codes: Option<CodesToml>,
    #[serde(default)]
    pub names: bool,
    #[serde(default)]
    pub skip: Vec<String>,
}

/// A code list in place, or the name of one under `[codes]`.
#[derive(Debug, Clone)]
pub(in crate::feed) enum CodesToml {
    Named(String),
    Inline(BTreeMap<String, Spanned<String>>),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BreakdownToml {
    #[serde(alias = "dimension")]
    pub column: String,
    #[serde(rename = "as")]
    pub dimension: Option<Spanned<String>>,
    pub codes: Option<CodesToml>,
    #[serde(default)]
    pub skip: Vec<String>,
}

#[derive(Debug, Clone)]
pub(super) enum PeriodToml {
    Constant(String),
    From(PeriodFromToml),
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct PeriodFromToml {
    #[serde(alias = "dimension")]
    pub column: Option<String>,
    pub pattern: Option<OneOrMany<Pattern>>,
    pub year: Option<String>,
    pub quarter: Option<String>,
    pub month: Option<String>,
    pub file_name: Option<OneOrMany<Pattern>>,
    pub sheet_name: Option<OneOrMany<Pattern>>,
    pub title: Option<OneOrMany<Pattern>>,
}

#[derive(Debug, Clone)]
pub(super) enum StatusToml {
    Constant(String),
    From(StatusFromToml),
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct StatusFromToml {
    #[serde(alias = "dimension")]
    pub column: Option<String>,
    pub codes: Option<CodesToml>,
    pub current: Option<String>,
    pub earlier: Option<String>,
}

/// Rows or cells that are left out on purpose.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SkipToml {
    #[serde(rename = "where")]
    pub conditions: BTreeMap<String, OneOrMany<String>>,
}

/// One table of a workbook whose headers take several rows.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SheetToml {
    /// What the table is; alternatives for one table share it, and one of them must fit.
    pub table: String,
    pub name: OneOrMany<Pattern>,
    pub title: Option<Pattern>,
    pub labels: Vec<Spanned<String>>,
    pub first: OneOrMany<String>,
    pub last: Option<OneOrMany<String>>,
    #[serde(default)]
    pub skip_rows: Vec<Pattern>,
    #[serde(default)]
    pub skip_columns: Vec<Pattern>,
    pub current: Option<Spanned<PeriodToml>>,
    #[serde(default)]
    pub all: RuleToml,
    pub column: Vec<Spanned<RuleToml>>,
}

/// `"x"` or `["x", "y"]`.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::feed) struct OneOrMany<T>(pub Vec<T>);

/// What may be written as a text or as a table.
pub(in crate::feed) trait TextOrTable: Sized {
    type Table: for<'de> Deserialize<'de>;
    const EXPECTED: &'static str;
    fn from_text(text: &str) -> Self;
    fn from_table(table: Self::Table) -> Self;
}

pub(in crate::feed) struct TextOrTableVisitor<T>(pub PhantomData<T>);

impl<'de, T: TextOrTable> Visitor<'de> for TextOrTableVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        Ok(T::from_text(text))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::Table::deserialize(MapAccessDeserializer::new(map)).map(T::from_table)
    }
}

/// Implements [`TextOrTable`] and `Deserialize` for an enum of a text variant and a table variant.
macro_rules! text_or_table {
    ($type:ident, $text:ident, $table:ident($inner:ty), $expected:literal) => {
        impl $crate::feed::mapping::declaration::TextOrTable for $type {
            type Table = $inner;
            const EXPECTED: &'static str = $expected;
            fn from_text(text: &str) -> Self {
                $type::$text(text.to_owned())
            }
            fn from_table(table: Self::Table) -> Self {
                $type::$table(table)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let visitor = $crate::feed::mapping::declaration::TextOrTableVisitor::<$type>(std::marker::PhantomData);
                deserializer.deserialize_any(visitor)
            }
        }
    };
}
pub(in crate::feed) use text_or_table;

text_or_table!(
    PickToml,
    Constant,
    Column(PickColumnToml),
    "a code, or a table such as { column = \"..\", codes = {..} }"
);
text_or_table!(
    CodesToml,
    Named,
    Inline(BTreeMap<String, Spanned<String>>),
    "a table of codes, or the name of one under [codes]"
);
text_or_table!(PeriodToml, Constant, From(PeriodFromToml), "a period, or a table such as { column = \"..\" }");
text_or_table!(
    StatusToml,
    Constant,
    From(StatusFromToml),
    "a status letter, or a table such as { column = \"..\" } or { current = \"E\", earlier = \"A\" }"
);

struct OneOrManyVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for OneOrManyVisitor<T> {
    type Value = OneOrMany<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one value or a list of them")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
        T::deserialize(serde::de::value::StrDeserializer::new(text)).map(|one| OneOrMany(vec![one]))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(|one| OneOrMany(vec![one]))
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut many = Vec::new();
        while let Some(one) = seq.next_element()? {
            many.push(one);
        }
        Ok(OneOrMany(many))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOrManyVisitor(PhantomData))
    }
}
