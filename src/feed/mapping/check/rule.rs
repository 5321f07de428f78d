//! One written rule to checked ones: a rule over several value columns becomes one rule per column.

use std::ops::Range;

use toml::Spanned;

use super::super::declaration::{PickColumnToml, PickToml, RuleToml, YtdToml};
use super::super::load::Problems;
use super::super::model::{Amount, Kind, PeriodPick, Pick, Rule, StatusPick};
use super::conditions;
use super::pick::{self, Context, Word};
use crate::domain::{MeasureKind, TOTAL};

/// The rules that a table of the file declares; fewer than written when a part is wrong (a problem says so).
pub(super) fn rules(
    toml: RuleToml,
    span: Range<usize>,
    context: &Context<'_>,
    problems: &mut Problems<'_>,
) -> Vec<Rule> {
    check_place(&toml, &span, context, problems);
    let subjects = subjects(&toml, &span, context, problems);
    let Some(shared) = shared(&toml, &span, context, problems) else { return Vec::new() };
    let mut rules = Vec::new();
    for (value, subject) in subjects {
        for code in codes_of(&subject) {
            check_subject(&code, &shared, &span, context, problems);
        }
        rules.push(Rule { value, subject, ..shared.clone() });
    }
    rules
}

/// Keys that have no meaning where the rule stands.
fn check_place(toml: &RuleToml, span: &Range<usize>, context: &Context<'_>, problems: &mut Problems<'_>) {
    let only_in_sheets = toml.header.is_some() || toml.base.is_some() || toml.optional;
    if only_in_sheets && !context.in_sheet {
        problems.at(span.clone(), "header, base and optional belong to [[sheet.column]]", "");
    }
    let one_value = context.in_sheet || context.format.has_dimensions();
    if toml.value.is_some() && one_value {
        problems.at(span.clone(), "the source has one value per cell, so value names nothing", "Remove value.");
    }
    if toml.scale.is_some() && toml.unit.is_some() {
        problems.at(span.clone(), "scale and unit both say how to convert", "Keep unit, which also checks the family.");
    }
    if let Some(scale) = toml.scale.as_ref().filter(|s| !s.get_ref().is_finite() || *s.get_ref() == 0.0) {
        problems.at(scale.span(), format!("scale is {}", scale.get_ref()), "Write a number other than 0.");
    }
    let (wrong, right) = match context.kind {
        Kind::Observations => (&toml.indicator, "measure"),
        Kind::Targets => (&toml.measure, "indicator"),
    };
    if let Some(wrong) = wrong {
        problems.at(wrong.span(), format!("this feed brings values of a {right}"), format!("Write {right} = .. here."));
    }
}

/// Value column and measure (indicator) of each rule that the table declares.
fn subjects(
    toml: &RuleToml,
    span: &Range<usize>,
    context: &Context<'_>,
    problems: &mut Problems<'_>,
) -> Vec<(Option<String>, Pick)> {
    let (word, key, subject) = match context.kind {
        Kind::Observations => (Word::Measure, "measure", &toml.measure),
        Kind::Targets => (Word::Indicator, "indicator", &toml.indicator),
    };
    let Some(subject) = subject else {
        problems.at(span.clone(), format!("the rule has no {key}"), format!("Write {key} = \"..\"."));
        return Vec::new();
    };
    let has_columns = !context.in_sheet && !context.format.has_dimensions();
    if let PickToml::Column(PickColumnToml { columns: Some(columns), column, .. }) = subject.get_ref() {
        if !has_columns || column.is_some() || toml.value.is_some() {
            let hint = "Use columns alone, in [[map]] of csv, json or workbook tables.";
            problems.at(subject.span(), "columns cannot stand here", hint);
            return Vec::new();
        }
        let one = |(name, code): (&String, &Spanned<String>)| {
            let constant = Spanned::new(code.span(), PickToml::Constant(code.get_ref().clone()));
            pick::pick(word, &constant, context, problems).map(|p| (Some(name.clone()), p))
        };
        return columns.iter().filter_map(one).collect();
    }
    if has_columns && toml.value.is_none() {
        problems.at(span.clone(), "the rule names no column of values", "Write value = \"..\".");
    }
    let subject = pick::pick(word, subject, context, problems);
    subject.into_iter().map(|p| (toml.value.clone(), p)).collect()
}

/// Everything but the value column and the measure, which the caller sets.
fn shared(toml: &RuleToml, span: &Range<usize>, context: &Context<'_>, problems: &mut Problems<'_>) -> Option<Rule> {
    let area = match &toml.area {
        Some(area) => pick::pick(Word::Area, area, context, problems),
        None => {
            problems.at(span.clone(), "the rule has no area", "Write area = \"79\" for the whole city.");
            None
        }
    };
    let org = match &toml.org {
        Some(org) => pick::pick(Word::Authority, org, context, problems),
        None => Some(Pick::Constant(TOTAL.into())),
    };
    let own_period = context.in_sheet || context.format.has_dimensions();
    let period = match &toml.period {
        Some(period) => pick::period(period, context, problems),
        None if own_period => Some(PeriodPick::Own),
        None => {
            problems.at(span.clone(), "the rule has no period", "Write period = { column = \"..\" }.");
            None
        }
    };
    let unit = match &toml.unit {
        Some(unit) => Some(pick::pick(Word::Unit, unit, context, problems)?),
        None => None,
    };
    let status = match &toml.status {
        Some(status) => pick::status(status, context, problems),
        None => Some(StatusPick::Own),
    };
    let breakdown = toml.breakdown.as_ref().map(|b| pick::breakdown(b, context, problems)).unwrap_or_default();
    let scale = toml.scale.as_ref().map_or(1.0, |s| *s.get_ref());
    Some(Rule {
        conditions: conditions(toml.conditions.clone()),
        value: None,
        subject: Pick::Constant(TOTAL.into()),
        area: area?,
        org: org?,
        breakdown,
        period: period?,
        amount: Amount { unit, scale, offset: toml.offset.unwrap_or(0.0) },
        status: status?,
        ytd: toml.ytd.unwrap_or_default(),
        note: toml.note.clone(),
    })
}

/// Every code a pick can give, where it is declared.
fn codes_of(pick: &Pick) -> Vec<String> {
    match pick {
        Pick::Constant(code) => vec![code.to_string()],
        Pick::Column(column) => column.codes.iter().flat_map(|c| c.values()).map(|c| c.to_string()).collect(),
    }
}

/// Whether a measure or indicator fits the rest of its rule.
fn check_subject(code: &str, rule: &Rule, span: &Range<usize>, context: &Context<'_>, problems: &mut Problems<'_>) {
    let unit = match context.kind {
        Kind::Observations => {
            let Some(measure) = context.catalog.measures.get(code) else { return };
            if measure.calendar != context.calendar {
                let message = format!("measure \"{code}\" is on another period calendar than this feed");
                problems.at(
                    span.clone(),
                    message,
                    "Set calendar of the feed to the measure's, if that is what it reports.",
                );
            }
            if rule.ytd == YtdToml::Difference && measure.kind != MeasureKind::Flow {
                let message = format!("measure \"{code}\" does not accumulate, so a difference has no meaning");
                problems.at(span.clone(), message, "Only flows can be taken apart by ytd = \"difference\".");
            }
            for dimension in rule.breakdown.iter().filter_map(|b| b.dimension.as_deref()) {
                let declared = measure.dimensions.iter().chain(&measure.components).any(|d| d == dimension);
                if !declared {
                    let message = format!("measure \"{code}\" is not broken down by \"{dimension}\"");
                    problems.at(span.clone(), message, "Add the dimension to the measure, or leave the breakdown out.");
                }
            }
            &measure.unit
        }
        Kind::Targets => {
            let Some(indicator) = context.catalog.indicators.get(code) else { return };
            if !rule.breakdown.is_empty() {
                problems.at(span.clone(), "a target has no breakdown", "Remove breakdown.");
            }
            &indicator.unit
        }
    };
    let units = &context.catalog.units;
    for given in rule.amount.unit.iter().flat_map(codes_of) {
        let (Some(from), Some(to)) = (units.get(&given), units.get(unit)) else { continue };
        if from.family != to.family {
            let message = format!("unit \"{given}\" does not convert into \"{unit}\" of \"{code}\"");
            problems.at(span.clone(), message, "");
        }
    }
}
