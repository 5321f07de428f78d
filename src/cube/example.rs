//! The worked example of an indicator, evaluated by the same code as every figure.

use std::collections::BTreeSet;

use super::compute::evaluate_one;
use super::inputs::{Fact, Inputs};
use super::plan::{Plan, TermKind, arithmetic};
use crate::analytics::quantile::quantile;
use crate::catalog::Catalog;
use crate::catalog::formula::{Formula, Term, TimeAggregate};
use crate::catalog::model::{ExampleInput, WorkedExample};
use crate::domain::{AreaKind, Indicator, ObsStatus, TOTAL, Vintage};
use crate::error::{Coded, ErrorCode};

/// A worked example that does not come out as its author worked it out.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ExampleMismatch {
    /// No such indicator.
    #[error("unknown indicator \"{indicator}\"")]
    Unknown {
        /// As asked.
        indicator: String,
    },
    /// The indicator has no example.
    #[error("indicator {indicator} has no worked example")]
    NoExample {
        /// Code.
        indicator: String,
    },
    /// An input fits no measure, area or frequency of the catalogue.
    #[error("worked example of {indicator}: input \"{measure}\" at {period} fits no area or frequency")]
    Unplaced {
        /// Code.
        indicator: String,
        /// Measure of the input.
        measure: String,
        /// Its period.
        period: String,
    },
    /// The inputs give no figure.
    #[error("worked example of {indicator}: the inputs give no figure for {area}, {breakdown}, {period}")]
    NoFigure {
        /// Code.
        indicator: String,
        /// Area.
        area: String,
        /// Breakdown.
        breakdown: String,
        /// Period.
        period: String,
    },
    /// The inputs give another figure.
    #[error("worked example of {indicator}: expected {expected}, computed {computed}")]
    Different {
        /// Code.
        indicator: String,
        /// As declared.
        expected: f64,
        /// As computed.
        computed: f64,
    },
}

impl Coded for ExampleMismatch {
    fn code(&self) -> ErrorCode {
        match self {
            ExampleMismatch::Unknown { .. } => ErrorCode::NotFound,
            ExampleMismatch::NoExample { .. }
            | ExampleMismatch::Unplaced { .. }
            | ExampleMismatch::NoFigure { .. }
            | ExampleMismatch::Different { .. } => ErrorCode::BadDeclaration,
        }
    }

    fn hint(&self) -> Option<String> {
        Some("Work the example out by hand again; if it is right, the formula or a measure is declared wrongly.".into())
    }
}

/// Evaluates the worked example of an indicator and compares it with the value its author worked out, to half a unit of
/// the last decimal given.
pub fn check_example(catalog: &Catalog, code: &str) -> Result<(), ExampleMismatch> {
    let indicator =
        catalog.indicators.get(code).ok_or_else(|| ExampleMismatch::Unknown { indicator: code.to_owned() })?;
    let example =
        catalog.examples.get(code).ok_or_else(|| ExampleMismatch::NoExample { indicator: code.to_owned() })?;
    let formula = &catalog.formulas[code];
    let computed = if is_of_records(formula) {
        of_records(catalog, indicator, example)
    } else {
        of_series(catalog, indicator, example)?
    };
    let computed = computed.ok_or_else(|| ExampleMismatch::NoFigure {
        indicator: code.to_owned(),
        area: example.area.clone(),
        breakdown: example.breakdown.to_string(),
        period: example.period.to_string(),
    })?;
    let tolerance = 0.5 * 10f64.powi(-i32::from(example.decimals)) + 1e-9;
    if (computed - example.expect).abs() <= tolerance {
        return Ok(());
    }
    Err(ExampleMismatch::Different { indicator: code.to_owned(), expected: example.expect, computed })
}

fn of_series(
    catalog: &Catalog,
    indicator: &Indicator,
    example: &WorkedExample,
) -> Result<Option<f64>, ExampleMismatch> {
    let means = measures_of_means(catalog, indicator, example);
    let facts = example.inputs.iter().map(|input| Fact {
        measure: input.measure.as_str().into(),
        area: if means.contains(&input.measure) { leaf_for(catalog, example, input) } else { example.area.clone() }
            .into(),
        org: TOTAL.into(),
        breakdown: input.breakdown.clone(),
        period: input.period,
        value: input.value,
        status: ObsStatus::A,
        vintage: Vintage::EARLIEST,
    });
    let inputs = Inputs::build(catalog, facts, []);
    if let Some(fact) = inputs.unplaced().first() {
        return Err(ExampleMismatch::Unplaced {
            indicator: indicator.code.clone(),
            measure: fact.measure.to_string(),
            period: fact.period.to_string(),
        });
    }
    let block = evaluate_one(catalog, &inputs, &indicator.code);
    let cell = block.as_ref().and_then(|b| b.cell(&example.area, TOTAL, &example.breakdown, example.period));
    Ok(cell.map(|c| c.value))
}

/// Measures that enter a higher area only through the pairs of its leaves: an example for the city states them once, and
/// they are put on the first leaf.
fn measures_of_means(catalog: &Catalog, indicator: &Indicator, example: &WorkedExample) -> BTreeSet<String> {
    let inputs = Inputs::build(catalog, [], []);
    let Some(plan) = Plan::new(catalog, &inputs, indicator) else { return BTreeSet::new() };
    let is_city = example.area == catalog.city;
    let code = |ix: usize| catalog.measures[ix].code.clone();
    let mut means = BTreeSet::new();
    for term in &plan.terms {
        let level = inputs.measure(term.measure).shape.level;
        if let TermKind::Wmean { weight, .. } = term.kind
            && is_city
            && level != AreaKind::City
        {
            means.extend([code(term.measure), code(weight)]);
        }
    }
    means
}

fn leaf_for(catalog: &Catalog, example: &WorkedExample, input: &ExampleInput) -> String {
    let level = catalog.measures.get(&input.measure).map(|m| m.level);
    let leaf = level.and_then(|level| catalog.areas.of_kind_on(level, input.period.last_day()).next());
    leaf.map_or_else(|| example.area.clone(), |ix| catalog.areas.area(ix).code.clone())
}

fn is_of_records(formula: &Formula) -> bool {
    use crate::catalog::formula::Expr;
    fn has_quantile(expr: &Expr) -> bool {
        match expr {
            Expr::Number(_) => false,
            Expr::Aggregate(aggregate, term) => {
                matches!(aggregate, Some(TimeAggregate::Median | TimeAggregate::P90))
                    && matches!(term, Term::Measure(_))
            }
            Expr::Binary(_, a, b) => has_quantile(a) || has_quantile(b),
            Expr::Negate(a) => has_quantile(a),
        }
    }
    has_quantile(&formula.expr)
}

/// A formula of quantiles over the records that the example lists.
fn of_records(catalog: &Catalog, indicator: &Indicator, example: &WorkedExample) -> Option<f64> {
    let inputs = Inputs::build(catalog, [], []);
    let (root, terms) = arithmetic(catalog, &inputs, indicator)?;
    let mut values = Vec::new();
    for term in &terms {
        let measure = &catalog.measures[term.measure].code;
        let of_term = example.inputs.iter().filter(|i| i.measure == *measure && i.breakdown == example.breakdown);
        let records: Vec<f64> = of_term.map(|i| i.value).collect();
        values.push(match term.aggregate? {
            TimeAggregate::Median => quantile(&records, 0.5)?,
            TimeAggregate::P90 => quantile(&records, 0.9)?,
            TimeAggregate::Sum | TimeAggregate::Last | TimeAggregate::Avg | TimeAggregate::Ytd => return None,
        });
    }
    Some(root.value(&values)).filter(|v| v.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::formula::{Expr, MeasureRef};
    use crate::cube::fixture::*;
    use crate::domain::{AreaRule, Breakdown, Measure, MeasureKind};

    fn input(measure: &str, breakdown: &str, period: &str, value: f64) -> ExampleInput {
        ExampleInput {
            measure: measure.to_owned(),
            breakdown: breakdown.parse().unwrap(),
            period: period.parse().unwrap(),
            record: None,
            value,
        }
    }

    fn example(period: &str, inputs: Vec<ExampleInput>, expect: f64) -> WorkedExample {
        WorkedExample {
            period: period.parse().unwrap(),
            area: "79".to_owned(),
            breakdown: Breakdown::TOTAL,
            inputs,
            expect,
            decimals: 1,
        }
    }

    fn catalog_of_all() -> Catalog {
        let hours = Measure { kind: MeasureKind::Record, area_rule: AreaRule::Records, ..measure("hours") };
        let station = |code: &str| Measure {
            components: Some("channel".to_owned()),
            area_rule: AreaRule::WeightedMean,
            ..measure(code)
        };
        let p90 = |m: &str| {
            let x = MeasureRef { measure: m.to_owned(), years_back: 0, displayed: None };
            Expr::Aggregate(Some(TimeAggregate::P90), Term::Measure(x))
        };
        catalog(
            vec![measure("a"), measure("b"), hours, station("pm"), station("valid")],
            vec![
                (indicator("1404"), ratio(100.0, sum("a"), sum("b"))),
                (indicator("1408"), p90("hours")),
                (indicator("2002"), wmean(None, "pm", "valid")),
            ],
        )
    }

    #[test]
    fn an_example_is_held_to_half_a_unit_of_its_last_decimal() {
        let mut catalog = catalog_of_all();
        let inputs = vec![input("a", "_T", "2022-05", 1.0), input("b", "_T", "2022-05", 3.0)];
        catalog.examples.insert("1404".to_owned(), example("2022-05", inputs.clone(), 33.3));
        assert_eq!(check_example(&catalog, "1404"), Ok(()));
        catalog.examples.insert("1404".to_owned(), example("2022-05", inputs, 33.4));
        let wrong = check_example(&catalog, "1404").unwrap_err();
        assert!(wrong.to_string().starts_with("worked example of 1404: expected 33.4, computed 33.333"), "{wrong}");
    }

    /// 90th percentile of 1..=6: 5.5. Mean of 40 over 1 hour and 10 over 2 hours: 20.
    #[test]
    fn records_and_weighted_means_are_worked_out_too() {
        let mut catalog = catalog_of_all();
        let records = (1..=6).map(|n| input("hours", "_T", "2022-05", f64::from(n))).collect();
        catalog.examples.insert("1408".to_owned(), example("2022-05", records, 5.5));
        assert_eq!(check_example(&catalog, "1408"), Ok(()));
        let mut stations = Vec::new();
        for (station, value, hours) in [("channel=s1", 40.0, 1.0), ("channel=s2", 10.0, 2.0)] {
            stations.push(input("pm", station, "2022-05", value));
            stations.push(input("valid", station, "2022-05", hours));
        }
        catalog.examples.insert("2002".to_owned(), example("2022-05", stations, 20.0));
        assert_eq!(check_example(&catalog, "2002"), Ok(()));
    }

    #[test]
    fn what_cannot_be_evaluated_says_why() {
        let mut catalog = catalog_of_all();
        assert!(matches!(check_example(&catalog, "9999"), Err(ExampleMismatch::Unknown { .. })));
        assert!(matches!(check_example(&catalog, "1404"), Err(ExampleMismatch::NoExample { .. })));
        let one = vec![input("a", "_T", "2022-05", 1.0)];
        catalog.examples.insert("1404".to_owned(), example("2022-05", one, 1.0));
        assert!(matches!(check_example(&catalog, "1404"), Err(ExampleMismatch::NoFigure { .. })));
        let wrong_freq = vec![input("a", "_T", "2022", 1.0)];
        catalog.examples.insert("1404".to_owned(), example("2022-05", wrong_freq, 1.0));
        assert!(matches!(check_example(&catalog, "1404"), Err(ExampleMismatch::Unplaced { .. })));
    }
}
