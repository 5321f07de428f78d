//! A percentage has a denominator and a hundred in front.

use super::{Subject, divides_by_measure};
use crate::catalog::formula::{Expr, Op, Term, TimeAggregate};
use crate::domain::MeasureKind;

/// The family of units that are shares of a whole.
const SHARE_FAMILY: &str = "share";

/// Checks indicators in percent or per mille: a ratio times the hundred (thousand), or a published rate as it stands.
pub(super) fn check(subject: &Subject<'_, '_>) {
    let Some(unit) = subject.declared.units.get(&subject.indicator.unit) else { return };
    let expr = &subject.parsed.formula.expr;
    if unit.family != SHARE_FAMILY || is_published(subject, expr) {
        return;
    }
    // The factor of a share is what one unit of it is worth: 0.01 for percent.
    let wanted = (1.0 / unit.factor).round();
    if !divides_by_measure(expr) {
        let message = format!("a figure in {} without a denominator", unit.label_en);
        let hint = format!("Divide by the whole: {wanted} * sum(part) / sum(whole).");
        subject.formula_error(0, message, hint);
    } else if constant_factor(expr) != wanted {
        let message = format!("a figure in {} that is not multiplied by {wanted}", unit.label_en);
        subject.formula_error(0, message, format!("Write {wanted} * in front of the ratio."));
    }
}

/// A single published rate or index, taken as it is.
fn is_published(subject: &Subject<'_, '_>, expr: &Expr) -> bool {
    let Expr::Aggregate(aggregate, term) = expr else { return false };
    let kind = match term {
        Term::Measure(x) | Term::Wmean(x, _) | Term::Chain(x) => subject.measure(x).map(|m| m.kind),
    };
    let published = matches!(kind, Some(MeasureKind::Rate | MeasureKind::Index | MeasureKind::Link));
    // Where the measure is unknown, or the kind check has spoken already, a second finding would only confuse.
    published || kind.is_none() || *aggregate == Some(TimeAggregate::Median)
}

/// The constant that the whole expression is multiplied by.
fn constant_factor(expr: &Expr) -> f64 {
    match expr {
        Expr::Number(n) => *n,
        Expr::Binary(Op::Mul, a, b) => constant_factor(a) * constant_factor(b),
        Expr::Binary(Op::Div, a, b) => constant_factor(a) / constant_factor(b),
        Expr::Binary(..) | Expr::Aggregate(..) | Expr::Negate(_) => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use crate::catalog::fixture::{broken, broken_formula};

    #[test]
    fn a_percentage_has_a_denominator_and_a_hundred() {
        let ratio = "100 * sum(births) / avg(population)";
        let seen = broken_formula(ratio, "sum(births) / avg(population)");
        assert_eq!(seen.message, "a figure in percent that is not multiplied by 100");
        assert_eq!(seen.hint, "Write 100 * in front of the ratio.");
        let seen = broken_formula(ratio, "1000 * sum(births) / avg(population)");
        assert_eq!(seen.message, "a figure in percent that is not multiplied by 100");
        let seen = broken("group_01.toml", &format!("formula = \"{ratio}\""), "formula = \"100 * sum(births) / 12\"");
        let message = "a figure in percent without a denominator";
        let found = seen.iter().find(|s| s.message == message).unwrap();
        assert_eq!(
            (found.at.as_str(), found.hint.as_str()),
            ("100 * sum(births) / 12\"", "Divide by the whole: 100 * sum(part) / sum(whole).")
        );
    }

    #[test]
    fn growth_is_a_percentage_too() {
        let growth = "100 * (sum(births) / sum(births@y-1) - 1)";
        let seen = broken(
            "group_01.toml",
            "formula = \"100 * sum(births) / avg(population)\"",
            &format!("formula = \"{growth}\""),
        );
        assert!(seen.iter().all(|s| !s.message.contains("a figure in")), "{seen:?}");
    }
}
