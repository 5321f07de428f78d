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
        return Some((format!("{name} of {}: \"{code}\"", described(measure.kind)), advice(measure)));
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
        MeasureKind::Flow => "a flow",
        MeasureKind::Stock => "a stock",
        MeasureKind::Rate => "a published rate",
        MeasureKind::Index => "an index",
        MeasureKind::Link => "a link of an index",
        MeasureKind::Record => "a record",
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
        return Some((format!("wmean of {}: \"{code}\"", described(measure.kind)), advice(measure)));
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
        return Some((format!("chain of {}: \"{code}\"", described(measure.kind)), advice(measure)));
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

#[cfg(test)]
mod tests {
    use crate::catalog::fixture::{broken, broken_formula};

    /// The one problem inside the formula; example and roll-ups complain elsewhere.
    fn said(from: &str, to: &str) -> (String, String, String) {
        let mut seen = broken("group_01.toml", &format!("formula = \"{from}\""), &format!("formula = \"{to}\""));
        seen.retain(|s| !s.at.is_empty() && format!("{to}\"").ends_with(&s.at));
        assert_eq!(seen.len(), 1, "{from} -> {to}: {seen:?}");
        let seen = seen.remove(0);
        (seen.at, seen.message, seen.hint)
    }

    #[test]
    fn each_kind_takes_its_own_aggregates() {
        let cases = [
            ("sum(births)", "avg(births)", "avg of a flow: \"births\"", "sum(births)"),
            ("sum(births)", "last(births)", "last of a flow: \"births\"", "ytd(births)"),
            ("last(score)", "avg(score)", "avg of a published rate: \"score\"", "last(score)"),
            ("last(score)", "sum(score)", "sum of a published rate: \"score\"", "last(score)"),
            ("avg(chain(link))", "avg(link)", "avg of a link of an index: \"link\"", "avg(chain(link))"),
            ("avg(chain(link))", "sum(chain(link))", "sum of a chained index: \"link\"", "avg(chain(link))"),
            ("avg(chain(link))", "chain(link)", "a chained index has a level per base period: \"link\"", "last(chain"),
            ("avg(wmean(price, share))", "sum(price)", "sum of an index: \"price\"", "wmean(price, share)"),
            ("avg(wmean(price, share))", "ytd(wmean(price, share))", "ytd of a weighted mean: \"price\"", "avg(wmean"),
            ("avg(wmean(price, share))", "avg(chain(price))", "chain of an index: \"price\"", "wmean(price, share)"),
            ("median(hours)", "last(hours)", "last of a record: \"hours\"", "median(hours) or p90(hours)"),
        ];
        for (from, to, message, hint) in cases {
            let (at, said_message, said_hint) = said(from, to);
            assert_eq!(said_message, message);
            assert!(said_hint.contains(hint), "{to}: {said_hint}");
            assert!(at.starts_with(to), "{to}: reported at {at:?}");
        }
    }

    #[test]
    fn sum_of_a_stock_is_shown_where_it_stands() {
        let seen = broken_formula("100 * sum(births) / avg(population)", "100 * sum(births) / sum(population)");
        assert_eq!(seen.at, "sum(population)\"");
        assert_eq!(seen.message, "sum of a stock: \"population\"");
    }

    #[test]
    fn the_weight_is_the_declared_one() {
        let (_, message, hint) = said("avg(wmean(price, share))", "avg(wmean(price, link))");
        assert_eq!(message, "\"link\" is not the weight of \"price\", which declares share");
        assert!(hint.contains("weight = \"link\""));
        let (_, message, _) = said("avg(wmean(price, share))", "avg(wmean(score, share))");
        assert_eq!(message, "\"share\" is not the weight of \"score\", which declares none");
    }

    #[test]
    fn a_coarser_flow_cannot_be_summed_under_a_finer_indicator() {
        let (at, message, hint) = said("avg(chain(link))", "ytd(yearly)");
        assert_eq!(message, "ytd of \"yearly\", which is reported by A under an indicator by M");
        assert!(at.starts_with("ytd(yearly)") && hint.contains("publish the indicator by A"), "{hint}");
    }
}
