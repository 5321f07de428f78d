//! Reads a formula text into its tree. What the measures are is not known here; see [`super::check`].

use std::sync::LazyLock;

use pest::Parser;
use pest::iterators::{Pair, Pairs};
use pest::pratt_parser::{Assoc, Op as Infix, PrattParser};

use super::formula::{Expr, Formula, MeasureRef, Op, Term, TimeAggregate};

// Generated code carries no docs.
#[allow(missing_docs)]
mod grammar {
    #[derive(pest_derive::Parser)]
    #[grammar = "catalog/formula.pest"]
    pub struct FormulaGrammar;
}
use grammar::{FormulaGrammar, Rule};

/// Longest formula text in bytes: parentheses are read by recursion, and the stack has an end.
const TEXT_BYTES_MAX: usize = 2_000;

/// What a formula text can be wrong about.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FormulaError {
    /// Byte offset in the formula text.
    pub offset: usize,
    /// What is wrong.
    pub message: String,
    /// What to do, as a sentence.
    pub hint: Option<String>,
}

/// A formula with the places of its parts, for diagnostics.
#[derive(Debug, Clone, PartialEq)]
pub struct ParsedFormula {
    /// The tree.
    pub formula: Formula,
    /// Byte offset of every aggregate, in the order of the tree, left to right.
    pub aggregates: Vec<usize>,
    /// Byte offset of every measure, in the order of [`Formula::references`].
    pub references: Vec<usize>,
}

static OPERATORS: LazyLock<PrattParser<Rule>> = LazyLock::new(|| {
    PrattParser::new()
        .op(Infix::infix(Rule::add, Assoc::Left) | Infix::infix(Rule::subtract, Assoc::Left))
        .op(Infix::infix(Rule::multiply, Assoc::Left) | Infix::infix(Rule::divide, Assoc::Left))
        .op(Infix::prefix(Rule::negate))
        .op(Infix::infix(Rule::power, Assoc::Right))
});

/// Parses a formula; all wrong names and calls are listed at once, a syntax error ends the reading.
pub fn parse_formula(text: &str) -> Result<ParsedFormula, Vec<FormulaError>> {
    if text.len() > TEXT_BYTES_MAX {
        let message = format!("the formula is longer than {TEXT_BYTES_MAX} bytes");
        return Err(vec![FormulaError { offset: 0, message, hint: None }]);
    }
    let pairs = FormulaGrammar::parse(Rule::formula, text).map_err(|error| vec![syntax_error(text, &error)])?;
    let mut builder = Builder::default();
    let expression = pairs.into_iter().next().expect("a formula holds an expression");
    let expr = builder.expression(expression.into_inner());
    if !builder.errors.is_empty() {
        return Err(builder.errors);
    }
    Ok(ParsedFormula { formula: Formula { expr }, aggregates: builder.aggregates, references: builder.references })
}

fn syntax_error(text: &str, error: &pest::error::Error<Rule>) -> FormulaError {
    let offset = match error.location {
        pest::error::InputLocation::Pos(at) => at,
        pest::error::InputLocation::Span((from, _)) => from,
    };
    let found = match text[offset..].chars().next() {
        Some(c) => format!("\"{c}\" cannot stand here"),
        None => "the formula ends too early".to_owned(),
    };
    let hint = "Write aggregates of measures such as 100 * sum(part) / sum(whole), with + - * / ^ and parentheses.";
    FormulaError { offset, message: found, hint: Some(hint.to_owned()) }
}

/// Collects the places and errors while the tree is built.
#[derive(Default)]
struct Builder {
    aggregates: Vec<usize>,
    references: Vec<usize>,
    errors: Vec<FormulaError>,
}

impl Builder {
    fn expression(&mut self, pairs: Pairs<'_, Rule>) -> Expr {
        OPERATORS
            .map_primary(|pair| self.primary(pair))
            .map_prefix(|_, operand| Expr::Negate(Box::new(operand)))
            .map_infix(|a, op, b| {
                let op = match op.as_rule() {
                    Rule::add => Op::Add,
                    Rule::subtract => Op::Sub,
                    Rule::multiply => Op::Mul,
                    Rule::divide => Op::Div,
                    _ => Op::Pow,
                };
                Expr::Binary(op, Box::new(a), Box::new(b))
            })
            .parse(pairs)
    }

    fn primary(&mut self, pair: Pair<'_, Rule>) -> Expr {
        match pair.as_rule() {
            Rule::number => Expr::Number(pair.as_str().parse().expect("the grammar lets only numbers through")),
            Rule::expression => self.expression(pair.into_inner()),
            Rule::call => self.aggregate(pair),
            _ => {
                let name = pair.as_str();
                let hint =
                    format!("Say how its base periods become one value: sum({name}), last({name}), avg({name}).");
                self.error(pair.as_span().start(), format!("\"{name}\" stands without an aggregate"), hint);
                Expr::Number(0.0)
            }
        }
    }

    fn error(&mut self, offset: usize, message: String, hint: impl Into<String>) {
        self.errors.push(FormulaError { offset, message, hint: Some(hint.into()) });
    }

    /// A call outside every other call: a time aggregate, or a bare `wmean` or `chain`.
    fn aggregate(&mut self, pair: Pair<'_, Rule>) -> Expr {
        let offset = pair.as_span().start();
        self.aggregates.push(offset);
        let (name, arguments) = call_parts(pair.clone());
        if let "wmean" | "chain" = name {
            return Expr::Aggregate(None, self.term(pair));
        }
        let Some(aggregate) = TimeAggregate::ALL.into_iter().find(|a| a.as_str() == name) else {
            let known = TimeAggregate::ALL.iter().map(|a| a.as_str()).chain(["wmean", "chain"]);
            let hint = match super::diagnostic::nearest(name, known) {
                Some(near) => format!("Did you mean \"{near}\"?"),
                None => "The functions are sum, last, avg, ytd, median, p90, wmean and chain.".to_owned(),
            };
            self.error(offset, format!("unknown function \"{name}\""), hint);
            return Expr::Number(0.0);
        };
        let [argument] = &arguments[..] else {
            let message = format!("{name} takes 1 argument, {} given", arguments.len());
            self.error(offset, message, format!("Write {name}(measure)."));
            return Expr::Number(0.0);
        };
        Expr::Aggregate(Some(aggregate), self.term(argument.clone()))
    }

    /// What stands inside an aggregate: a measure, `wmean(x, w)` or `chain(x)`.
    fn term(&mut self, pair: Pair<'_, Rule>) -> Term {
        if pair.as_rule() == Rule::measure {
            return Term::Measure(self.measure(pair));
        }
        let offset = pair.as_span().start();
        let (name, arguments) = call_parts(pair);
        let all_measures = arguments.iter().all(|a| a.as_rule() == Rule::measure);
        let mut measures: Vec<MeasureRef> = Vec::new();
        if all_measures {
            measures.extend(arguments.into_iter().map(|a| self.measure(a)));
        }
        let term = match (name, &measures[..]) {
            ("wmean", [x, w]) => Some(Term::Wmean(x.clone(), w.clone())),
            ("chain", [x]) => Some(Term::Chain(x.clone())),
            _ => None,
        };
        term.unwrap_or_else(|| {
            let (message, hint) = match name {
                "wmean" => ("wmean takes a measure and its weight", "Write wmean(measure, weight)."),
                "chain" => ("chain takes one measure", "Write avg(chain(link)) or last(chain(link))."),
                _ => ("only wmean and chain may stand inside an aggregate", "Aggregate the measure itself."),
            };
            self.error(offset, message.to_owned(), hint);
            Term::Chain(MeasureRef { measure: String::new(), years_back: 0, displayed: None })
        })
    }

    fn measure(&mut self, pair: Pair<'_, Rule>) -> MeasureRef {
        self.references.push(pair.as_span().start());
        let mut reference = MeasureRef { measure: String::new(), years_back: 0, displayed: None };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::displayed => reference.displayed = part.into_inner().next().map(|n| n.as_str().to_owned()),
                Rule::years_back if part.as_str() == "@y-1" => reference.years_back = 1,
                Rule::years_back => {
                    let message = format!("\"{}\" is not supported", part.as_str());
                    self.error(part.as_span().start(), message, "Only the same period last year, @y-1, can be named.");
                }
                _ => reference.measure = part.as_str().to_owned(),
            }
        }
        reference
    }
}

fn call_parts(pair: Pair<'_, Rule>) -> (&str, Vec<Pair<'_, Rule>>) {
    let mut inner = pair.into_inner();
    let name = inner.next().expect("a call has a name").as_str();
    (name, inner.collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn printed(text: &str) -> String {
        parse_formula(text).map(|p| p.formula.to_string()).unwrap_or_else(|e| format!("error: {}", e[0]))
    }

    #[test]
    fn precedence_and_association_are_those_of_arithmetic() {
        assert_eq!(printed("100*sum(a)/sum(b)"), "100 * sum(a) / sum(b)");
        assert_eq!(printed("1 - (2 - 3)"), "1 - (2 - 3)");
        assert_eq!(printed("(1 - 2) - 3"), "1 - 2 - 3");
        assert_eq!(printed("(last(a)*last(b))^(1/3)"), "(last(a) * last(b)) ^ (1 / 3)");
        assert_eq!(printed("-2^2"), "-(2 ^ 2)");
        assert_eq!(printed("2^3^2"), "2 ^ 3 ^ 2");
        assert_eq!(
            printed("avg( wmean(x , w) ) + last(chain(l)) * sum(x|sex@y-1)"),
            "avg(wmean(x, w)) + last(chain(l)) * sum(x|sex@y-1)"
        );
    }

    #[test]
    fn places_follow_the_order_of_the_tree() {
        let text = "100*(sum(g)/sum(g@y-1)-1)";
        let parsed = parse_formula(text).unwrap();
        assert_eq!(parsed.aggregates, [5, 12]);
        assert_eq!(parsed.references, [9, 16]);
        assert_eq!(parsed.formula.references()[1].years_back, 1);
    }

    #[test]
    fn wrong_texts_are_named_where_they_stand() {
        let cases = [
            ("100 * retail", 6, "\"retail\" stands without an aggregate"),
            ("summ(x)", 0, "unknown function \"summ\""),
            ("sum(x) +", 8, "the formula ends too early"),
            ("sum(x) % 2", 7, "\"%\" cannot stand here"),
            ("sum(x, y)", 0, "sum takes 1 argument, 2 given"),
            ("avg(wmean(x))", 4, "wmean takes a measure and its weight"),
            ("sum(x@y-2)", 5, "\"@y-2\" is not supported"),
            ("", 0, "the formula ends too early"),
            ("sum(avg(x))", 4, "only wmean and chain may stand inside an aggregate"),
        ];
        for (text, offset, message) in cases {
            let errors = parse_formula(text).expect_err(text);
            assert_eq!((errors[0].offset, errors[0].message.as_str()), (offset, message), "{text}");
        }
        let hint = parse_formula("summ(x)").unwrap_err().remove(0).hint.unwrap();
        assert_eq!(hint, "Did you mean \"sum\"?");
        assert_eq!(parse_formula("a + b").unwrap_err().len(), 2, "all wrong names are listed");
        assert!(parse_formula(&"(".repeat(5_000)).is_err());
    }

    fn measure() -> impl Strategy<Value = MeasureRef> {
        ("[a-z][a-z0-9_]{0,6}", 0u8..2, proptest::option::of("[a-z][a-z_]{0,5}"))
            .prop_map(|(measure, years_back, displayed)| MeasureRef { measure, years_back, displayed })
    }

    fn expr() -> impl Strategy<Value = Expr> {
        let term = prop_oneof![
            measure().prop_map(Term::Measure),
            (measure(), measure()).prop_map(|(x, w)| Term::Wmean(x, w)),
            measure().prop_map(Term::Chain),
        ];
        let aggregate = (0usize..7, term).prop_map(|(i, term)| match &term {
            Term::Measure(_) => Expr::Aggregate(Some(TimeAggregate::ALL[i % 6]), term),
            _ => Expr::Aggregate(TimeAggregate::ALL.get(i).copied(), term),
        });
        let number = prop_oneof![Just(100.0), 0.0..1e6f64, 0.0..1e-6f64].prop_map(Expr::Number);
        let op = prop_oneof![Just(Op::Add), Just(Op::Sub), Just(Op::Mul), Just(Op::Div), Just(Op::Pow)];
        prop_oneof![number, aggregate].prop_recursive(5, 40, 2, move |inner| {
            prop_oneof![
                inner.clone().prop_map(|e| Expr::Negate(Box::new(e))),
                (op.clone(), inner.clone(), inner).prop_map(|(op, a, b)| Expr::Binary(op, Box::new(a), Box::new(b))),
            ]
        })
    }

    proptest! {
        #[test]
        fn parse_is_the_inverse_of_print(expr in expr()) {
            let formula = Formula { expr };
            let text = formula.to_string();
            prop_assume!(text.len() <= TEXT_BYTES_MAX);
            prop_assert_eq!(parse_formula(&text).unwrap().formula, formula);
        }

        #[test]
        fn any_text_is_answered(text in "[-a-z0-9_()+*/^|@, .]{0,60}") {
            let _ = parse_formula(&text);
        }
    }
}
