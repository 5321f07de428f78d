//! From the written form to a checked mapping of cases: all problems are collected.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveTime;
use chrono_tz::Tz;
use toml::Spanned;

use super::areas::{AreaRule, AreaTexts};
use super::cell::Columns;
use super::codes::{CodeList, CodeRule, UNKNOWN};
use super::declaration::{
    AreaToml, CaseFormatToml, CaseToml, CasesToml, CodeFromToml, CodeToml, EventKindToml, EventsToml, SatisfactionToml,
    StatusToml, TimeToml,
};
use super::model::{
    CaseDeclaration, CaseFields, CaseFormat, CaseMapping, EventMapping, Rating, Shape, State, StatusRule,
};
use super::time::{TimeFormat, TimeReader};
use crate::catalog::Catalog;
use crate::domain::case::{DuePolicy, EventKind};
use crate::domain::text::clean;
use crate::domain::vintage::CITY_TZ;
use crate::feed::connector::ConnectorConfig;
use crate::feed::mapping::check::pick::did_you_mean;
use crate::feed::mapping::check::{HeadParts, check_head, contract};
use crate::feed::mapping::declaration::{CodesToml, OneOrMany};
use crate::feed::mapping::load::Problems;
use crate::format::RecordShape;

/// Which list a code belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Channel,
    Category,
    Priority,
    Org,
}

/// Checks a file; `None` when a part could not be made at all (a problem says why).
pub(super) fn feed(
    mut toml: CasesToml,
    connector: ConnectorConfig,
    path: &Path,
    catalog: &Catalog,
    problems: &mut Problems<'_>,
) -> Option<CaseDeclaration> {
    let head = HeadParts {
        version: &toml.version,
        code: &toml.code,
        owner: &toml.owner,
        schedule: toml.schedule.as_ref(),
        contract: &toml.contract,
    };
    check_head(&head, catalog, problems);
    let defaults = TimeDefaults {
        zone: zone(toml.zone.as_ref(), problems).unwrap_or(CITY_TZ),
        formats: formats(toml.time_format.as_ref(), problems).unwrap_or_else(|| vec![TimeFormat::Iso]),
    };
    let is_open311 = toml.format == CaseFormatToml::Open311;
    let shape = shape(&toml, problems);
    let span = toml.case.span();
    let mut case = std::mem::take(toml.case.get_mut());
    if is_open311 {
        case.fill_from_open311();
    }
    let mut check = Check { catalog, codes: &toml.codes, defaults, problems, columns: Columns::default() };
    let fields = check.case(&case, span);
    let columns = std::mem::take(&mut check.columns);
    let events = toml.events.as_ref().map(|events| check.events(events.get_ref()));
    let events = match events {
        Some(events) => Some(events?),
        None => None,
    };
    let mapping = CaseMapping {
        code: toml.code.get_ref().clone(),
        name_vi: toml.name_vi,
        name_en: toml.name_en,
        source: toml.source,
        owner: toml.owner.into_inner(),
        shape,
        columns,
        fields: fields?,
        events,
        required: toml.contract.required.clone(),
    };
    let (contract, schedule) = (contract(toml.contract), toml.schedule.map(Spanned::into_inner));
    Some(CaseDeclaration { mapping, connector, contract, schedule, file: path.to_owned() })
}

fn shape(toml: &CasesToml, problems: &mut Problems<'_>) -> Shape {
    let table = &toml.table;
    let delimiter = table.delimiter.as_ref().and_then(|written| match written.get_ref().as_bytes() {
        [one] => Some(*one),
        _ => {
            let message = format!("\"{}\" is not one plain character", written.get_ref());
            problems.at(written.span(), message, "Write delimiter = \";\" or \"\\t\".");
            None
        }
    });
    Shape {
        format: match toml.format {
            CaseFormatToml::Auto | CaseFormatToml::Open311 => CaseFormat::Auto,
            CaseFormatToml::Csv => CaseFormat::Delimited,
            CaseFormatToml::Parquet => CaseFormat::Parquet,
            CaseFormatToml::Workbook => CaseFormat::Workbook,
            CaseFormatToml::Json => CaseFormat::Json,
            CaseFormatToml::Xml => CaseFormat::Xml,
        },
        records: RecordShape { delimiter, encoding: table.encoding.clone() },
        sheet: table.sheet.clone(),
        path: table.records.as_deref().map(|p| p.split('.').map(str::to_owned).collect()).unwrap_or_default(),
    }
}

/// What times have that say nothing of their own.
#[derive(Debug, Clone)]
struct TimeDefaults {
    zone: Tz,
    formats: Vec<TimeFormat>,
}

fn zone(written: Option<&Spanned<String>>, problems: &mut Problems<'_>) -> Option<Tz> {
    let written = written?;
    match written.get_ref().parse::<Tz>() {
        Ok(zone) => Some(zone),
        Err(_) => {
            let known = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
            let near = did_you_mean(written.get_ref(), known);
            let hint = if near.is_empty() { "Write a name such as \"Asia/Ho_Chi_Minh\".".to_owned() } else { near };
            problems.at(written.span(), format!("\"{}\" is not a time zone", written.get_ref()), hint);
            None
        }
    }
}

fn formats(written: Option<&Spanned<OneOrMany<String>>>, problems: &mut Problems<'_>) -> Option<Vec<TimeFormat>> {
    let written = written?;
    let mut formats = Vec::new();
    for text in &written.get_ref().0 {
        match text.parse::<TimeFormat>() {
            Ok(format) => formats.push(format),
            Err(e) => {
                let hint = "Write iso, unix, unix_ms or a format such as \"%d/%m/%Y %H:%M\".";
                problems.at(written.span(), e.to_string(), hint);
            }
        }
    }
    Some(formats)
}

struct Check<'a, 'p> {
    catalog: &'a Catalog,
    codes: &'a BTreeMap<String, BTreeMap<String, Spanned<String>>>,
    defaults: TimeDefaults,
    problems: &'a mut Problems<'p>,
    columns: Columns,
}

impl Check<'_, '_> {
    fn case(&mut self, toml: &CaseToml, span: std::ops::Range<usize>) -> Option<CaseFields> {
        for (missing, key) in [(toml.id.is_none(), "id"), (toml.received.is_none(), "received")] {
            if missing {
                let message = format!("[case] has no {key}");
                self.problems.at(span.clone(), message, format!("Write {key} = \"..\", the name of the column."));
            }
        }
        let id = self.columns.place(toml.id.as_deref().unwrap_or_default());
        let received = toml.received.as_ref().map(|time| self.time(time));
        let due_policy = match &toml.deadline {
            None => DuePolicy::Table,
            Some(written) => {
                written.get_ref().parse().unwrap_or_else(|e: crate::domain::case::record::UnknownDuePolicy| {
                    self.problems.at(written.span(), e.to_string(), "source: only the source's due times count.");
                    DuePolicy::Table
                })
            }
        };
        let mut times = Vec::new();
        for (kind, time) in &toml.times {
            match kind.parse::<EventKind>() {
                Ok(kind) => times.push((kind, self.time(time.get_ref()))),
                Err(e) => self.problems.at(time.span(), e.to_string(), kinds_hint(kind)),
            }
        }
        let fields = CaseFields {
            id,
            received: received?,
            due: toml.due.as_ref().map(|time| self.time(time)),
            resolved: toml.resolved.as_ref().map(|time| self.time(time)),
            first_response: toml.first_response.as_ref().map(|time| self.time(time)),
            closed: toml.closed.as_ref().map(|time| self.time(time)),
            updated: toml.updated.as_ref().map(|time| self.time(time)),
            times,
            channel: self.code_or(toml.channel.as_ref(), Word::Channel, UNKNOWN),
            category: self.code_or(toml.category.as_ref(), Word::Category, UNKNOWN),
            priority: self.code_or(toml.priority.as_ref(), Word::Priority, "normal"),
            org: toml.org.as_ref().map(|org| self.code(org, Word::Org)),
            area: toml.area.as_ref().map(|area| self.area(area)),
            status: toml.status.as_ref().map(|status| self.status(status)),
            satisfaction: toml.satisfaction.as_ref().map(|rating| self.satisfaction(rating)),
            parent: toml.parent.as_deref().map(|name| self.columns.place(name)),
            longitude: toml.longitude.as_deref().map(|name| self.columns.place(name)),
            latitude: toml.latitude.as_deref().map(|name| self.columns.place(name)),
            due_policy,
        };
        toml.id.is_some().then_some(fields)
    }

    fn time(&mut self, toml: &TimeToml) -> TimeReader {
        let column = self.columns.place(toml.column());
        let TimeDefaults { zone: city, formats: usual } = self.defaults.clone();
        let mut reader = TimeReader { column, formats: usual, zone: city, time_of_day: NaiveTime::MIN };
        if let TimeToml::From(from) = toml {
            reader.formats = formats(from.format.as_ref(), self.problems).unwrap_or(reader.formats);
            reader.zone = zone(from.zone.as_ref(), self.problems).unwrap_or(reader.zone);
            if let Some(written) = &from.time {
                match NaiveTime::parse_from_str(written.get_ref(), "%H:%M") {
                    Ok(time) => reader.time_of_day = time,
                    Err(_) => {
                        let message = format!("\"{}\" is not a time of day", written.get_ref());
                        self.problems.at(written.span(), message, "Write hours and minutes: \"17:00\".");
                    }
                }
            }
        }
        reader
    }

    /// A code that every case has.
    fn code_or(&mut self, toml: Option<&Spanned<CodeToml>>, word: Word, blank: &str) -> CodeRule {
        let Some(toml) = toml else { return CodeRule::constant(blank) };
        let mut rule = self.code(toml, word);
        rule.blank.get_or_insert_with(|| blank.into());
        rule
    }

    fn code(&mut self, toml: &Spanned<CodeToml>, word: Word) -> CodeRule {
        let from = match toml.get_ref() {
            CodeToml::Column(column) => {
                let from_data = word == Word::Priority;
                let rule = CodeRule { from_data, ..CodeRule::of_column(self.columns.place(column)) };
                return CodeRule { declared: self.declared(word), ..rule };
            }
            CodeToml::From(from) => from,
        };
        self.check_codes(from, word, toml.span());
        let codes = self.code_list(from.codes.as_ref(), toml.span());
        let shared = |code: &Option<String>| code.as_deref().map(Arc::from);
        match (&from.column, &from.value) {
            (None, Some(value)) => CodeRule::constant(value),
            (Some(column), None) => CodeRule {
                column: Some(self.columns.place(column)),
                codes,
                from_data: from.from_data || word == Word::Priority && from.codes.is_none(),
                unknown: shared(&from.unknown),
                blank: shared(&from.blank),
                declared: self.declared(word),
            },
            _ => {
                let hint = "Write column = \"..\" or value = \"..\", not both.";
                self.problems.at(toml.span(), "a code needs one column or one value", hint);
                CodeRule::constant(UNKNOWN)
            }
        }
    }

    /// The codes that the catalogue has for a word; empty accepts any.
    fn declared(&self, word: Word) -> BTreeSet<String> {
        let members = |dimension: &str| {
            let dimension = self.catalog.dimensions.get(dimension);
            dimension.map(|d| d.members.keys().cloned().collect()).unwrap_or_default()
        };
        match word {
            Word::Channel => members("channel"),
            Word::Category => members("field"),
            Word::Priority => BTreeSet::new(),
            Word::Org => self.catalog.org_units.iter().map(|unit| unit.code.clone()).collect(),
        }
    }

    /// Authorities are all declared; channels and fields that the catalogue does not list may be new ones.
    fn check_codes(&mut self, from: &CodeFromToml, word: Word, span: std::ops::Range<usize>) {
        if word != Word::Org || from.from_data {
            return;
        }
        let known = self.declared(word);
        let list = match &from.codes {
            Some(CodesToml::Inline(list)) => Some(list),
            Some(CodesToml::Named(name)) => self.codes.get(name),
            None => None,
        };
        let listed = list.into_iter().flatten().map(|(_, code)| (code.get_ref(), code.span()));
        let single = [&from.value, &from.unknown, &from.blank].into_iter().flatten().map(|code| (code, span.clone()));
        for (code, span) in listed.chain(single).collect::<Vec<_>>() {
            if !known.contains(code.as_str()) {
                let near = did_you_mean(code, known.iter().map(String::as_str));
                self.problems.at(span, format!("unknown authority \"{code}\""), near);
            }
        }
    }

    fn code_list(&mut self, toml: Option<&CodesToml>, span: std::ops::Range<usize>) -> CodeList {
        let pairs = match toml {
            None => return CodeList::default(),
            Some(CodesToml::Inline(list)) => list,
            Some(CodesToml::Named(name)) => match self.codes.get(name) {
                Some(list) => list,
                None => {
                    let near = did_you_mean(name, self.codes.keys().map(String::as_str));
                    self.problems.at(span, format!("there is no [codes.{name}]"), near);
                    return CodeList::default();
                }
            },
        };
        CodeList::new(pairs.iter().map(|(text, code)| (text.as_str(), code.get_ref().as_str())))
    }

    fn area(&mut self, toml: &Spanned<AreaToml>) -> AreaRule {
        match toml.get_ref() {
            AreaToml::Column(column) => AreaRule {
                column: self.columns.place(column),
                within: None,
                texts: AreaTexts::Codes(CodeList::default()),
            },
            AreaToml::From(from) => {
                if [from.names, from.from_data, from.codes.is_some()].into_iter().filter(|said| *said).count() > 1 {
                    let message = "names, from_data and codes say three different things about one column";
                    self.problems.at(toml.span(), message, "Keep one of them.");
                }
                let texts = match (from.from_data, from.names) {
                    (true, _) => AreaTexts::FromData,
                    (false, true) => AreaTexts::Names,
                    (false, false) => AreaTexts::Codes(self.code_list(from.codes.as_ref(), toml.span())),
                };
                let within = from.within.as_deref().map(|name| self.columns.place(name));
                AreaRule { column: self.columns.place(&from.column), within, texts }
            }
        }
    }

    fn status(&mut self, toml: &Spanned<StatusToml>) -> StatusRule {
        let lists = toml.get_ref();
        let mut states = BTreeMap::new();
        let all = [
            (State::Open, &lists.open),
            (State::Answered, &lists.answered),
            (State::Rejected, &lists.rejected),
            (State::Merged, &lists.merged),
        ];
        for (state, texts) in all {
            for text in texts {
                if states.insert(clean(text).to_lowercase(), state).is_some_and(|before| before != state) {
                    let message = format!("the state \"{text}\" means two things");
                    self.problems.at(toml.span(), message, "Leave it in one of the lists.");
                }
            }
        }
        StatusRule { column: self.columns.place(&lists.column), states }
    }

    fn satisfaction(&mut self, toml: &Spanned<SatisfactionToml>) -> Rating {
        let written = toml.get_ref();
        let at = written.at.as_ref().map(|time| self.time(time));
        let words = self.words(&written.satisfied, &written.dissatisfied, toml.span());
        Rating { column: self.columns.place(&written.column), words, at }
    }

    fn words(&mut self, yes: &[String], no: &[String], span: std::ops::Range<usize>) -> BTreeMap<String, bool> {
        let mut words = BTreeMap::new();
        for (texts, content) in [(yes, true), (no, false)] {
            for text in texts {
                if words.insert(clean(text).to_lowercase(), content).is_some_and(|before| before != content) {
                    let message = format!("\"{text}\" means satisfied and dissatisfied");
                    self.problems.at(span.clone(), message, "Leave it in one of the lists.");
                }
            }
        }
        words
    }

    fn events(&mut self, toml: &EventsToml) -> Option<EventMapping> {
        let (kind, list, skip) = match toml.kind.get_ref() {
            EventKindToml::Column(column) => (column, None, Vec::new()),
            EventKindToml::From(from) => (&from.column, from.codes.as_ref(), from.skip.clone()),
        };
        let inline = match list {
            Some(CodesToml::Inline(list)) => Some(list),
            Some(CodesToml::Named(name)) => self.codes.get(name),
            None => None,
        };
        for code in inline.into_iter().flat_map(|list| list.values()) {
            if let Err(e) = code.get_ref().parse::<EventKind>() {
                self.problems.at(code.span(), e.to_string(), kinds_hint(code.get_ref()));
            }
        }
        let kinds = self.code_list(list, toml.kind.span());
        let satisfied = toml.satisfied.as_ref().map(|rating| {
            let written = rating.get_ref();
            let words = self.words(&written.satisfied, &written.dissatisfied, rating.span());
            Rating { column: self.columns.place(&written.column), words, at: None }
        });
        Some(EventMapping {
            case: self.columns.place(&toml.case),
            seq: toml.seq.as_deref().map(|name| self.columns.place(name)),
            at: self.time(&toml.at),
            kind: self.columns.place(kind),
            kinds,
            skip: skip.iter().map(|text| clean(text).to_lowercase()).collect(),
            org: toml.org.as_ref().map(|org| self.code(org, Word::Org)),
            due: toml.due.as_ref().map(|time| self.time(time)),
            satisfied,
            columns: std::mem::take(&mut self.columns),
        })
    }
}

fn kinds_hint(wrong: &str) -> String {
    let near = did_you_mean(wrong, EventKind::ALL.iter().map(|kind| kind.as_str()));
    let all = EventKind::ALL.map(EventKind::as_str).join(", ");
    if near.is_empty() { format!("Kinds are {all}.") } else { near }
}
