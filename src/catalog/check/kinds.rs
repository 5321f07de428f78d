//! The types of the formula language: which aggregate may stand over which kind of measure.

use super::Subject;
use crate::catalog::formula::{MeasureRef, Term, TimeAggregate};
use crate::domain::{Measure, MeasureKind};

/// What is wrong, and what to do instead.
type Finding = (String, String);

/// Checks every aggregate of a formula.
pub(super) fn check(subject: &Subject<'_, '_>) {
    for (aggregate, term, offset) in subject.aggregates() {
        let finding = match term {
            Term::Measure(x) => subject.measure(x).and_then(|m| plain(subject, aggregate, m)),
            Term::Wmean(x, w) => weighted(subject, aggregate, x, w),
            Term::Chain(x) => subject.measure(x).and_then(|m| chained(subject, aggregate, m)),
        };
        if let Some((message, hint)) = finding {
            subject.formula_error(offset, message, hint);
        }
    }
}

/// `sum(x)`, `last(x)`, ...: the aggregate against the kind, and against a coarser base frequency.
fn plain(subject: &Subject<'_, '_>, aggregate: Option<TimeAggregate>, measure: &Measure) -> Option<Finding> {
    use TimeAggregate::{Avg, Last, Median, P90, Sum, Ytd};
    let aggregate = aggregate?;
    let (name, code) = (aggregate.as_str(), &measure.code);
    let allowed: &[TimeAggregate] = match measure.kind {
        MeasureKind::Flow => &[Sum, Ytd],
        MeasureKind::Stock | MeasureKind::Index => &[Last, Avg],
        MeasureKind::Rate => &[Last],
        MeasureKind::Link => &[],
        MeasureKind::Record => &[Median, P90],
    };
    if !allowed.contains(&aggregate) {
        return Some((format!("{name} of a {}: \"{code}\"", described(measure.kind)), advice(measure)));
    }
    let carried = measure.freq > subject.indicator.freq;
    (carried && !matches!(aggregate, Last | Avg)).then(|| {
        let freq = subject.indicator.freq;
        let message =
            format!("{name} of \"{code}\", which is reported by {} under an indicator by {freq}", measure.freq);
        (message, format!("A part of a period cannot be summed: publish the indicator by {}.", measure.freq))
    })
}

fn described(kind: MeasureKind) -> &'static str {
    match kind {
        MeasureKind::Flow => "flow",
        MeasureKind::Stock => "stock",
        MeasureKind::Rate => "published rate",
        MeasureKind::Index => "index",
        MeasureKind::Link => "link of an index",
        MeasureKind::Record => "record",
    }
}

fn advice(measure: &Measure) -> String {
    let code = &measure.code;
    match (measure.kind, &measure.weight) {
        (MeasureKind::Flow, _) => format!("A flow accumulates: sum({code}), or ytd({code}) since January."),
        (MeasureKind::Stock, _) => {
            format!("A stock does not add up over time: last({code}) at the end, or avg({code}) over the period.")
        }
        (MeasureKind::Rate | MeasureKind::Index, Some(weight)) => format!("Use wmean({code}, {weight})."),
        (MeasureKind::Rate, None) => {
            format!("A mean of rates is not a rate: last({code}), or compute it from its numerator and denominator.")
        }
        (MeasureKind::Index, None) => format!("The level of an index is averaged: avg({code}), or last({code})."),
        (MeasureKind::Link, _) => format!("Links are chained first: avg(chain({code})) or last(chain({code}))."),
        (MeasureKind::Record, _) => format!("Records are ranked: median({code}) or p90({code})."),
    }
}

/// `wmean(x, w)`, bare or under avg or last.
fn weighted(
    subject: &Subject<'_, '_>,
    aggregate: Option<TimeAggregate>,
    x: &MeasureRef,
    w: &MeasureRef,
) -> Option<Finding> {
    let (measure, weight) = (subject.measure(x)?, &w.measure);
    let code = &measure.code;
    if !matches!(measure.kind, MeasureKind::Rate | MeasureKind::Index) {
        return Some((format!("wmean of a {}: \"{code}\"", described(measure.kind)), advice(measure)));
    }
    if measure.weight.as_ref() != Some(weight) {
        let declared = measure.weight.as_deref().unwrap_or("none");
        let message = format!("\"{weight}\" is not the weight of \"{code}\", which declares {declared}");
        return Some((message, format!("Write weight = \"{weight}\" at the measure, or use its own weight here.")));
    }
    if let Some(aggregate) = aggregate.filter(|a| !matches!(a, TimeAggregate::Avg | TimeAggregate::Last)) {
        let message = format!("{} of a weighted mean: \"{code}\"", aggregate.as_str());
        return Some((message, format!("Use avg(wmean({code}, {weight})), last(..) or wmean alone.")));
    }
    if measure.freq > subject.indicator.freq {
        let message =
            format!("\"{code}\" is reported by {} under an indicator by {}", measure.freq, subject.indicator.freq);
        return Some((message, format!("Publish the indicator by {}; only the weight may be coarser.", measure.freq)));
    }
    None
}

/// `avg(chain(x))` or `last(chain(x))`.
fn chained(subject: &Subject<'_, '_>, aggregate: Option<TimeAggregate>, measure: &Measure) -> Option<Finding> {
    let code = &measure.code;
    if measure.kind != MeasureKind::Link {
        return Some((format!("chain of a {}: \"{code}\"", described(measure.kind)), advice(measure)));
    }
    if !matches!(aggregate, Some(TimeAggregate::Avg | TimeAggregate::Last)) {
        let message = match aggregate {
            Some(aggregate) => format!("{} of a chained index: \"{code}\"", aggregate.as_str()),
            None => format!("a chained index has a level per base period: \"{code}\""),
        };
        return Some((message, advice(measure)));
    }
    (measure.freq != subject.indicator.freq).then(|| {
        let message = format!("links by {} under an indicator by {}", measure.freq, subject.indicator.freq);
        (message, "Links are chained at the base frequency of the indicator.".to_owned())
    })
}
