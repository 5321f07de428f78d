//! Checks across declared files: what each entry refers to exists, formulas fit the kinds of their measures, roll-ups
//! say what the formula does, worked examples name inputs the formula uses.

mod calendars;
mod deadlines;
mod example;
mod kinds;
mod measures;
mod percent;
mod references;
mod rollups;

use super::diagnostic::{Problems, Severity};
use super::formula::{Expr, MeasureRef, Op, Term, TimeAggregate};
use super::model::WorkedExample;
use super::parse::ParsedFormula;
use super::read::{Declared, IndicatorEntry};
use crate::domain::{Indicator, Measure};

/// One indicator under check, with what its formula refers to.
pub(super) struct Subject<'d, 's> {
    pub(super) declared: &'d Declared<'s>,
    pub(super) entry: &'d IndicatorEntry<'s>,
    pub(super) indicator: &'d Indicator,
    pub(super) parsed: &'d ParsedFormula,
    pub(super) problems: &'d Problems,
}

impl<'d> Subject<'d, '_> {
    /// Reports a problem of the formula at a byte offset in its text.
    fn formula_error(&self, offset: usize, message: impl Into<String>, hint: impl Into<String>) {
        self.entry.formula_at.plus(offset).error(self.problems, message, hint);
    }

    /// Reports a problem of one of the indicator's keys.
    fn key_error(&self, key: &str, message: &str, hint: impl Into<String>) {
        let message = format!("indicator \"{}\": {message}", self.indicator.code);
        self.entry.entry.places.of(key).error(self.problems, message, hint);
    }

    /// The measure of a reference, if it is known.
    fn measure(&self, reference: &MeasureRef) -> Option<&'d Measure> {
        self.declared.measures.get(&reference.measure).map(|entry| &entry.value)
    }

    /// The known measures of the formula with the offset of each reference.
    fn measures(&self) -> Vec<(&'d MeasureRef, &'d Measure, usize)> {
        let references = self.parsed.formula.references().into_iter().zip(&self.parsed.references);
        references.filter_map(|(r, offset)| Some((r, self.measure(r)?, *offset))).collect()
    }

    /// Every aggregate with its offset, left to right.
    fn aggregates(&self) -> Vec<(Option<TimeAggregate>, &'d Term, usize)> {
        let mut found = Vec::new();
        collect_aggregates(&self.parsed.formula.expr, &mut found);
        found.into_iter().zip(&self.parsed.aggregates).map(|((a, t), offset)| (a, t, *offset)).collect()
    }
}

fn collect_aggregates<'e>(expr: &'e Expr, found: &mut Vec<(Option<TimeAggregate>, &'e Term)>) {
    match expr {
        Expr::Number(_) => {}
        Expr::Aggregate(aggregate, term) => found.push((*aggregate, term)),
        Expr::Binary(_, a, b) => {
            collect_aggregates(a, found);
            collect_aggregates(b, found);
        }
        Expr::Negate(a) => collect_aggregates(a, found),
    }
}

/// Whether something is divided by a measure.
fn divides_by_measure(expr: &Expr) -> bool {
    match expr {
        Expr::Number(_) | Expr::Aggregate(..) => false,
        Expr::Binary(op, a, b) => (*op == Op::Div && b.has_measure()) || divides_by_measure(a) || divides_by_measure(b),
        Expr::Negate(a) => divides_by_measure(a),
    }
}

/// Checks everything that was read and gives the worked examples, by indicator code.
pub(super) fn check(declared: &Declared<'_>, problems: &Problems) -> Vec<(String, WorkedExample)> {
    references::check(declared, problems);
    measures::check(declared, problems);
    deadlines::check(declared, problems);
    let mut examples = Vec::new();
    for (code, entry) in &declared.indicators {
        let Some(parsed) = &entry.formula else { continue };
        let subject = Subject { declared, entry, indicator: &entry.entry.value, parsed, problems };
        kinds::check(&subject);
        references::check_formula(&subject);
        calendars::check(&subject);
        percent::check(&subject);
        rollups::check(&subject);
        examples.extend(example::check(&subject).map(|example| (code.clone(), example)));
    }
    check_unused(declared, problems);
    examples
}

/// A measure that no indicator uses and that stands beside none is probably a slip.
fn check_unused(declared: &Declared<'_>, problems: &Problems) {
    if declared.indicators.values().any(|i| i.formula.is_none()) {
        return;
    }
    let formulas = declared.indicators.values().filter_map(|i| i.formula.as_ref());
    let used: std::collections::BTreeSet<&str> = formulas.flat_map(|f| f.formula.measures()).collect();
    for (code, entry) in &declared.measures {
        if entry.value.published_for.is_none() && !used.contains(code.as_str()) {
            let message = format!("measure \"{code}\" is used by no indicator");
            let hint = "Remove it, or say published_for = \"CODE\" where it stands beside a computed figure.";
            entry.places.of("code").report(problems, Severity::Warning, message, Some(hint.to_owned()));
        }
    }
}
