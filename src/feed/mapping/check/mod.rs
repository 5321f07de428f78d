//! From the written form to a checked mapping: every code exists, every rule is complete. All problems are collected.

pub(in crate::feed) mod pick;
mod rule;

use std::path::Path;

use chrono::NaiveTime;
use toml::Spanned;

use super::declaration::{
    ContractToml, FormatToml, HeadToml, KindToml, OneOrMany, PublishedToml, SheetToml, TableToml, UnmatchedToml,
};
use super::label;
use super::load::{FileToml, Problems};
use super::model::{
    Conditions, Contract, FeedDeclaration, Kind, Mapping, Published, SheetColumn, SheetLayout, SourceFormat,
    TableShape, Unpivot,
};
use crate::catalog::Catalog;
use crate::format::grid::column_number;
use pick::Context;

/// Checks a file; `None` when a part could not be made at all (a problem says why).
pub(super) fn feed(
    file: FileToml,
    path: &Path,
    catalog: &Catalog,
    problems: &mut Problems<'_>,
) -> Option<FeedDeclaration> {
    let format = source_format(file.head.format);
    let head = &file.head;
    let parts = HeadParts {
        version: &head.version,
        code: &head.code,
        owner: &head.owner,
        schedule: head.schedule.as_ref(),
        contract: &head.contract,
    };
    check_head(&parts, catalog, problems);
    check_parts(&file, format, problems);
    let FileToml { head, connector, maps, sheets, skips } = file;
    let kind = match head.kind {
        KindToml::Observations => Kind::Observations,
        KindToml::Targets => Kind::Targets,
    };
    let context = Context { catalog, kind, calendar: head.calendar, format, codes: &head.codes, in_sheet: false };
    let mut rules = Vec::new();
    for map in &maps {
        let span = map.span();
        rules.extend(rule::rules(map.get_ref().clone().or(&head.all), span, &context, problems));
    }
    let layouts: Vec<Option<SheetLayout>> = sheets.iter().map(|s| layout(s, &head, &context, problems)).collect();
    let published = published(&head.published, problems);
    let mapping = Mapping {
        code: head.code.get_ref().clone(),
        name_vi: head.name_vi,
        name_en: head.name_en,
        source: head.source,
        owner: head.owner.into_inner(),
        format,
        kind,
        calendar: head.calendar,
        required: head.contract.required.clone(),
        published: published?,
        numbers: head.numbers,
        skip_unmatched: head.unmatched == UnmatchedToml::Skip,
        table: table_shape(head.table),
        rules,
        skips: skips.into_iter().map(|s| conditions(s.into_inner().conditions)).collect(),
        sheets: layouts.into_iter().collect::<Option<Vec<_>>>()?,
    };
    let contract = contract(head.contract);
    let schedule = head.schedule.map(Spanned::into_inner);
    Some(FeedDeclaration { mapping, connector, contract, schedule, file: path.to_owned() })
}

/// What the heads of all mapping files share.
pub(in crate::feed) struct HeadParts<'a> {
    pub version: &'a Spanned<u32>,
    pub code: &'a Spanned<String>,
    pub owner: &'a Spanned<String>,
    pub schedule: Option<&'a Spanned<String>>,
    pub contract: &'a ContractToml,
}

/// Checks what the heads of all mapping files share.
pub(in crate::feed) fn check_head(head: &HeadParts<'_>, catalog: &Catalog, problems: &mut Problems<'_>) {
    if *head.version.get_ref() != 1 {
        let message = format!("version {} of mapping files is not known", head.version.get_ref());
        problems.at(head.version.span(), message, "Write version = 1.");
    }
    let code = head.code.get_ref();
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    if code.is_empty() || !code.bytes().all(plain) {
        let hint = "Use lower-case letters, digits and _ only; the code names folders and rows.";
        problems.at(head.code.span(), format!("\"{code}\" is not a feed code"), hint);
    }
    if !catalog.org_units.iter().any(|o| o.code == *head.owner.get_ref()) {
        let known = catalog.org_units.iter().map(|o| o.code.as_str());
        let message = format!("unknown authority \"{}\"", head.owner.get_ref());
        problems.at(head.owner.span(), message, pick::did_you_mean(head.owner.get_ref(), known));
    }
    if let Some(schedule) = head.schedule {
        let parser = croner::parser::CronParser::builder().seconds(croner::parser::Seconds::Required).build();
        if let Err(e) = parser.parse(schedule.get_ref()) {
            let message = format!("\"{}\" is not a schedule: {e}", schedule.get_ref());
            problems.at(
                schedule.span(),
                message,
                "Write six fields, seconds first: \"0 30 6 * * *\" is 06:30 every day.",
            );
        }
    }
    if !(0.0..=1.0).contains(&head.contract.min_share_of_last) {
        let message = format!("min_share_of_last is {}", head.contract.min_share_of_last);
        problems.at(0..0, message, "It is a share of the last good pull's rows, from 0 to 1.");
    }
}

/// The contract as it is written, which is as it is meant.
pub(in crate::feed) fn contract(toml: ContractToml) -> Contract {
    Contract {
        freshness_days: toml.freshness_days,
        min_share_of_last: toml.min_share_of_last,
        required: toml.required,
        allow_empty: toml.allow_empty,
    }
}

/// Parts that do not belong to the format, or are missing for it.
fn check_parts(file: &FileToml, format: SourceFormat, problems: &mut Problems<'_>) {
    let FileToml { head, maps, sheets, skips, .. } = file;
    if let Some(sheet) = sheets.first().filter(|_| format != SourceFormat::Workbook) {
        problems.at(sheet.span(), "[[sheet]] belongs to format = \"workbook\"", "Use [[map]].");
    }
    let by_row = !skips.is_empty() || !head.contract.required.is_empty();
    if let Some(sheet) = sheets.first().filter(|_| by_row || matches!(head.published, PublishedToml::Column { .. })) {
        let message = "[[skip]], required and published by column name columns, which a [[sheet]] does not have";
        problems.at(
            sheet.span(),
            message,
            "Use skip_rows and skip_columns; what is missing there is refused by itself.",
        );
    }
    if maps.is_empty() && sheets.is_empty() {
        problems.at(0..0, "the mapping has no [[map]] and no [[sheet]]", "Say what at least one value means.");
    }
    if head.table.is_some() && format.has_dimensions() {
        problems.at(0..0, "[table] belongs to csv, json and workbook", "Statistical tables need no reshaping.");
    }
}

fn source_format(format: FormatToml) -> SourceFormat {
    match format {
        FormatToml::Auto => SourceFormat::Auto,
        FormatToml::Px => SourceFormat::Px,
        FormatToml::JsonStat => SourceFormat::JsonStat,
        FormatToml::SdmxMl => SourceFormat::SdmxMl,
        FormatToml::SdmxCsv => SourceFormat::SdmxCsv,
        FormatToml::SdmxJson => SourceFormat::SdmxJson,
        FormatToml::Csv => SourceFormat::Csv,
        FormatToml::Json => SourceFormat::Json,
        FormatToml::Workbook => SourceFormat::Workbook,
    }
}

fn published(toml: &PublishedToml, problems: &mut Problems<'_>) -> Option<Published> {
    let mut time_of = |text: &Option<String>| -> Option<NaiveTime> {
        let Some(text) = text else { return Some(NaiveTime::MIN) };
        let time = NaiveTime::parse_from_str(text, "%H:%M").ok();
        if time.is_none() {
            problems.at(0..0, format!("\"{text}\" is not a time of day"), "Write hours and minutes: \"09:00\".");
        }
        time
    };
    Some(match toml {
        PublishedToml::Pulled => Published::Pulled,
        PublishedToml::Updated { time } => Published::Updated(time_of(time)?),
        PublishedToml::FileName { pattern, time } => Published::FileName(pattern.clone(), time_of(time)?),
        PublishedToml::Column { column, time } => Published::Column(column.clone(), time_of(time)?),
        PublishedToml::Cell { sheet, cell, pattern, time } => {
            let time = time_of(time)?;
            let Ok(cell) = cell.parse() else {
                problems.at(
                    0..0,
                    format!("\"{cell}\" is not the name of a cell"),
                    "Write it as the sheet does: \"C14\".",
                );
                return None;
            };
            Published::Cell { sheet: sheet.clone(), cell, pattern: pattern.clone(), time }
        }
    })
}

fn table_shape(toml: Option<TableToml>) -> TableShape {
    let toml = toml.unwrap_or_default();
    TableShape {
        sheet: toml.sheet,
        header: toml.header.iter().map(|h| label::key(h)).collect(),
        rows: toml.rows.map(|r| r.split('.').map(str::to_owned).collect()).unwrap_or_default(),
        fill_down: toml.fill_down,
        unpivot: toml.unpivot.map(|u| Unpivot { columns: u.columns.0, name: u.name, value: u.value }),
    }
}

fn conditions(toml: std::collections::BTreeMap<String, OneOrMany<String>>) -> Conditions {
    toml.into_iter().map(|(field, members)| (field, members.0)).collect()
}

fn layout(
    sheet: &Spanned<SheetToml>,
    head: &HeadToml,
    context: &Context<'_>,
    problems: &mut Problems<'_>,
) -> Option<SheetLayout> {
    let toml = sheet.get_ref();
    let context = Context { in_sheet: true, ..*context };
    let mut labels = Vec::new();
    for letters in &toml.labels {
        match column_number(letters.get_ref()) {
            Some(column) => labels.push(column),
            None => {
                let message = format!("\"{}\" is not a column", letters.get_ref());
                problems.at(letters.span(), message, "Write its letters as the sheet does: \"A\".");
            }
        }
    }
    if labels.is_empty() {
        problems.at(sheet.span(), "the sheet has no label column", "Write labels = [\"A\"].");
    }
    let current = toml.current.as_ref().map(|p| pick::period(p, &context, problems));
    let mut columns = Vec::new();
    for column in &toml.column {
        let merged = column.get_ref().clone().or(&toml.all).or(&head.all);
        let (headers, base, optional) = (merged.header.clone(), merged.base, merged.optional);
        let Some(headers) = headers else {
            problems.at(column.span(), "the column has no header", "Write header = \"..\" as the sheet has it.");
            continue;
        };
        let mut rules = rule::rules(merged, column.span(), &context, problems);
        if let Some(rule) = rules.pop() {
            columns.push(SheetColumn { headers: headers.0, base, optional, rule });
        }
    }
    let keys = |texts: &OneOrMany<String>| texts.0.iter().map(|t| label::key(t)).collect();
    Some(SheetLayout {
        table: toml.table.clone(),
        names: toml.name.0.clone(),
        title: toml.title.clone(),
        labels,
        first: keys(&toml.first),
        last: toml.last.as_ref().map(keys).unwrap_or_default(),
        skip_rows: toml.skip_rows.clone(),
        skip_columns: toml.skip_columns.clone(),
        current: match current {
            Some(found) => Some(found?),
            None => None,
        },
        columns,
        line: problems.line_of(&sheet.span()),
    })
}
