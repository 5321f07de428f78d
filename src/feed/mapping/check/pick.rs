//! Constants, code lists, periods and statuses of a rule, each checked against the catalogue.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;

use super::super::declaration::{
    BreakdownToml, CodesToml, OneOrMany, PeriodToml, PickColumnToml, PickToml, StatusToml,
};
use super::super::load::Problems;
use super::super::model::{
    BreakdownPick, Codes, Kind, PeriodPick, PeriodSources, Pick, PickColumn, SourceFormat, StatusPick,
};
use crate::catalog::Catalog;
use crate::domain::{Breakdown, ObsStatus, PeriodCalendar, TOTAL};

/// What the checks of one file look things up in.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub catalog: &'a Catalog,
    pub kind: Kind,
    pub calendar: PeriodCalendar,
    pub format: SourceFormat,
    pub codes: &'a BTreeMap<String, BTreeMap<String, Spanned<String>>>,
    pub in_sheet: bool,
}

/// What a code stands for, and so where it must exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Measure,
    Indicator,
    Area,
    Authority,
    Unit,
}

impl Word {
    fn name(self) -> &'static str {
        match self {
            Word::Measure => "measure",
            Word::Indicator => "indicator",
            Word::Area => "area",
            Word::Authority => "authority",
            Word::Unit => "unit",
        }
    }

    /// Every code there is.
    fn codes(self, catalog: &Catalog) -> Vec<&str> {
        match self {
            Word::Measure => catalog.measures.keys().map(String::as_str).collect(),
            Word::Indicator => catalog.indicators.keys().map(String::as_str).collect(),
            Word::Area => catalog.areas.areas().iter().map(|a| a.code.as_str()).collect(),
            Word::Authority => catalog.org_units.iter().map(|o| o.code.as_str()).chain([TOTAL]).collect(),
            Word::Unit => catalog.units.keys().map(String::as_str).collect(),
        }
    }
}

/// "Did you mean ..?" for the nearest known code, empty when none is near.
/// A hint with the nearest known name, empty where none is near.
pub(in crate::feed) fn did_you_mean<'k>(wrong: &str, known: impl Iterator<Item = &'k str>) -> String {
    let near = known.map(|k| (strsim::damerau_levenshtein(wrong, k), k)).min();
    match near {
        Some((distance, k)) if distance <= (wrong.chars().count() / 3).max(1) => format!("Did you mean \"{k}\"?"),
        _ => String::new(),
    }
}

fn check_code(word: Word, code: &str, span: Range<usize>, context: &Context<'_>, problems: &mut Problems<'_>) {
    let known = word.codes(context.catalog);
    if !known.contains(&code) {
        let message = format!("unknown {} \"{code}\"", word.name());
        problems.at(span, message, did_you_mean(code, known.into_iter()));
    }
}

/// A constant or a column with codes.
pub(super) fn pick(
    word: Word,
    toml: &Spanned<PickToml>,
    context: &Context<'_>,
    problems: &mut Problems<'_>,
) -> Option<Pick> {
    match toml.get_ref() {
        PickToml::Constant(code) => {
            check_code(word, code, toml.span(), context, problems);
            Some(Pick::Constant(code.as_str().into()))
        }
        PickToml::Column(column) => pick_column(word, column, toml.span(), context, problems).map(Pick::Column),
    }
}

fn pick_column(
    word: Word,
    toml: &PickColumnToml,
    span: Range<usize>,
    context: &Context<'_>,
    problems: &mut Problems<'_>,
) -> Option<PickColumn> {
    let Some(column) = toml.column.clone() else {
        problems.at(span, "the table names no column", "Write { column = \"..\" } or { dimension = \"..\" }.");
        return None;
    };
    if toml.names && word != Word::Area {
        problems.at(span.clone(), "only areas can be given by name", "Write codes = { \"name\" = \"code\" }.");
    }
    let entries = match &toml.codes {
        Some(codes) => Some(entries(codes, span.clone(), context, problems)?),
        None => None,
    };
    for (_, code) in entries.iter().flat_map(|e| e.iter()) {
        check_code(word, code.get_ref(), code.span(), context, problems);
    }
    let codes = match entries {
        Some(entries) => Some(codes(entries, span, problems)?),
        None => None,
    };
    Some(PickColumn { column, codes, names: toml.names, skip: toml.skip.clone() })
}

fn entries<'a>(
    codes: &'a CodesToml,
    span: Range<usize>,
    context: &Context<'a>,
    problems: &mut Problems<'_>,
) -> Option<&'a BTreeMap<String, Spanned<String>>> {
    match codes {
        CodesToml::Inline(entries) => Some(entries),
        CodesToml::Named(name) => {
            let found = context.codes.get(name);
            if found.is_none() {
                let hint = did_you_mean(name, context.codes.keys().map(String::as_str));
                problems.at(span, format!("there is no code list [codes.{name}]"), hint);
            }
            found
        }
    }
}

fn codes(
    entries: &BTreeMap<String, Spanned<String>>,
    span: Range<usize>,
    problems: &mut Problems<'_>,
) -> Option<Codes> {
    match Codes::new(entries.iter().map(|(k, v)| (k.as_str(), v.get_ref().as_str()))) {
        Ok(codes) => Some(codes),
        Err(written) => {
            let message = format!("\"{written}\" stands in the code list in two spellings with two meanings");
            problems.at(span, message, "Keep one of them.");
            None
        }
    }
}

/// The breakdown dimensions of a rule; every member must be declared unless the dimension is open.
pub(super) fn breakdown(
    toml: &Spanned<OneOrMany<BreakdownToml>>,
    context: &Context<'_>,
    problems: &mut Problems<'_>,
) -> Vec<BreakdownPick> {
    let mut picks = Vec::new();
    for one in &toml.get_ref().0 {
        let entries = match &one.codes {
            Some(codes) => match entries(codes, toml.span(), context, problems) {
                Some(entries) => Some(entries),
                None => continue,
            },
            None => None,
        };
        if let Some(dimension) = &one.dimension {
            check_dimension(dimension.get_ref(), dimension.span(), context, problems);
        } else if entries.is_none() {
            let hint = "Write as = \"dimension\", or codes whose values are \"dimension=member\".";
            problems.at(toml.span(), "the breakdown names no dimension", hint);
        }
        for code in entries.iter().flat_map(|e| e.values()) {
            let named = match &one.dimension {
                Some(dimension) => Ok(Breakdown::member(dimension.get_ref(), code.get_ref())),
                None => code.get_ref().parse::<Breakdown>(),
            };
            match named {
                Ok(breakdown) => check_member(&breakdown, code.span(), context, problems),
                Err(e) => problems.at(code.span(), e.to_string(), ""),
            }
        }
        let codes = match entries {
            Some(entries) => match codes(entries, toml.span(), problems) {
                Some(codes) => Some(codes),
                None => continue,
            },
            None => None,
        };
        let dimension = one.dimension.as_ref().map(|d| d.get_ref().as_str().into());
        picks.push(BreakdownPick { column: one.column.clone(), dimension, codes, skip: one.skip.clone() });
    }
    picks
}

fn check_dimension(code: &str, span: Range<usize>, context: &Context<'_>, problems: &mut Problems<'_>) {
    if !context.catalog.dimensions.contains_key(code) {
        let known = context.catalog.dimensions.keys().map(String::as_str);
        problems.at(span, format!("unknown dimension \"{code}\""), did_you_mean(code, known));
    }
}

fn check_member(breakdown: &Breakdown, span: Range<usize>, context: &Context<'_>, problems: &mut Problems<'_>) {
    let (Some(dimension), Some(member)) = (breakdown.dimension(), breakdown.member_code()) else { return };
    let Some(declared) = context.catalog.dimensions.get(dimension) else {
        check_dimension(dimension, span, context, problems);
        return;
    };
    if !declared.open && !declared.members.contains_key(member) {
        let hint = did_you_mean(member, declared.members.keys().map(String::as_str));
        problems.at(span, format!("dimension \"{dimension}\" has no member \"{member}\""), hint);
    }
}

/// Where the period comes from; `None` when the rule says nothing usable.
pub(super) fn period(
    toml: &Spanned<PeriodToml>,
    context: &Context<'_>,
    problems: &mut Problems<'_>,
) -> Option<PeriodPick> {
    let from = match toml.get_ref() {
        PeriodToml::Constant(text) => match text.parse() {
            Ok(period) => return Some(PeriodPick::Constant(period)),
            Err(e) => {
                problems.at(
                    toml.span(),
                    e.to_string(),
                    "Write 2022-05, 2022-Q2 or 2022, or a table that says where it stands.",
                );
                return None;
            }
        },
        PeriodToml::From(from) => from.clone(),
    };
    let many = |patterns: Option<OneOrMany<_>>| patterns.map(|p| p.0).unwrap_or_default();
    let sources = PeriodSources {
        column: from.column,
        patterns: many(from.pattern),
        year: from.year,
        quarter: from.quarter,
        month: from.month,
        file_name: many(from.file_name),
        sheet_name: many(from.sheet_name),
        title: many(from.title),
    };
    let columns = [&sources.column, &sources.year, &sources.quarter, &sources.month];
    let texts = [&sources.file_name, &sources.sheet_name, &sources.title];
    if columns.iter().all(|c| c.is_none()) && texts.iter().all(|t| t.is_empty()) {
        problems.at(
            toml.span(),
            "the period comes from nowhere",
            "Write { column = \"..\" } or { file_name = \"..\" }.",
        );
        return None;
    }
    if !sources.patterns.is_empty() && sources.column.is_none() {
        problems.at(toml.span(), "a pattern without its column", "Add column = \"..\".");
    }
    let of_workbook = !sources.sheet_name.is_empty() || !sources.title.is_empty();
    if of_workbook && context.format != SourceFormat::Workbook {
        problems.at(toml.span(), "sheet_name and title belong to format = \"workbook\"", "");
    }
    Some(PeriodPick::From(Box::new(sources)))
}

/// The status of a rule's values.
pub(super) fn status(
    toml: &Spanned<StatusToml>,
    context: &Context<'_>,
    problems: &mut Problems<'_>,
) -> Option<StatusPick> {
    let mut letter = |text: &str, span: Range<usize>| -> Option<ObsStatus> {
        let read = text.parse().ok();
        if read.is_none() {
            problems.at(span, format!("unknown status \"{text}\""), "Use A, B, P, E, F or M.");
        }
        read
    };
    let from = match toml.get_ref() {
        StatusToml::Constant(text) => return letter(text, toml.span()).map(StatusPick::Constant),
        StatusToml::From(from) => from,
    };
    if let (Some(current), Some(earlier), None, true) = (&from.current, &from.earlier, &from.column, context.in_sheet) {
        let (current, earlier) = (letter(current, toml.span()), letter(earlier, toml.span()));
        return Some(StatusPick::ByTime { current: current?, earlier: earlier? });
    }
    if let (Some(column), Some(list), None, None) = (&from.column, &from.codes, &from.current, &from.earlier) {
        let entries = entries(list, toml.span(), context, problems)?;
        for code in entries.values().filter(|c| c.get_ref().parse::<ObsStatus>().is_err()) {
            problems.at(code.span(), format!("unknown status \"{}\"", code.get_ref()), "Use A, B, P, E, F or M.");
        }
        return codes(entries, toml.span(), problems).map(|codes| StatusPick::Column { column: column.clone(), codes });
    }
    let hint = "Write { column = \"..\", codes = {..} }, or in a sheet { current = \"E\", earlier = \"A\" }.";
    problems.at(toml.span(), "the status is given neither by a column nor by time", hint);
    None
}
