//! A formula made ready to evaluate: its aggregated terms as a list, its arithmetic as a tree over their values.
//!
//! The plan knows measures and frequencies, but no values, areas or slices.

use std::ops::RangeInclusive;

use super::inputs::Inputs;
use crate::catalog::Catalog;
use crate::catalog::formula::{Expr, MeasureRef, Op, Term, TimeAggregate};
use crate::domain::{Freq, Indicator, Measure};

/// Arithmetic over the values of terms.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    /// A constant.
    Number(f64),
    /// The value of the term with this position.
    Term(usize),
    /// Two operands.
    Binary(Op, Box<Node>, Box<Node>),
    /// Negation.
    Negate(Box<Node>),
}

impl Node {
    /// The value, given the values of the terms.
    pub fn value(&self, terms: &[f64]) -> f64 {
        match self {
            Node::Number(n) => *n,
            Node::Term(k) => terms[*k],
            Node::Negate(a) => -a.value(terms),
            Node::Binary(op, a, b) => {
                let (a, b) = (a.value(terms), b.value(terms));
                match op {
                    Op::Add => a + b,
                    Op::Sub => a - b,
                    Op::Mul => a * b,
                    Op::Div => a / b,
                    Op::Pow => a.powf(b),
                }
            }
        }
    }

    /// Whether a term occurs in it.
    pub fn has_term(&self) -> bool {
        match self {
            Node::Number(_) => false,
            Node::Term(_) => true,
            Node::Binary(_, a, b) => a.has_term() || b.has_term(),
            Node::Negate(a) => a.has_term(),
        }
    }

    /// Whether it divides by something with a term in it, at any depth.
    fn divides_by_term(&self) -> bool {
        match self {
            Node::Number(_) | Node::Term(_) => false,
            Node::Binary(op, a, b) => (*op == Op::Div && b.has_term()) || a.divides_by_term() || b.divides_by_term(),
            Node::Negate(a) => a.divides_by_term(),
        }
    }

    /// Whether the term with this position occurs in it.
    pub fn mentions(&self, term: usize) -> bool {
        match self {
            Node::Number(_) => false,
            Node::Term(k) => *k == term,
            Node::Binary(_, a, b) => a.mentions(term) || b.mentions(term),
            Node::Negate(a) => a.mentions(term),
        }
    }

    /// Without the constant factor of the whole: `100 * (a / b)` is `a / b`.
    fn without_factor(&self) -> &Node {
        match self {
            Node::Binary(Op::Mul, a, b) if matches!(**a, Node::Number(_)) => b,
            other => other,
        }
    }
}

/// What a term takes from its measure.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum TermKind {
    /// The values themselves.
    Plain,
    /// Weighted by the measure with this index; how many years back the weight is taken, and the displayed dimension.
    Wmean {
        /// Measure index of the weight.
        weight: usize,
        /// Years back of the weight.
        weight_years_back: i32,
        /// Displayed dimension of the weight.
        weight_displayed: Option<String>,
    },
    /// A level from links.
    Chain,
}

/// One aggregated term.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TermPlan {
    /// Over time; `None` for a bare weighted mean.
    pub aggregate: Option<TimeAggregate>,
    /// What of the measure.
    pub kind: TermKind,
    /// Measure index.
    pub measure: usize,
    /// Base frequency of the measure.
    pub freq: Freq,
    /// Years back.
    pub years_back: i32,
    /// Displayed dimension, where marked.
    pub displayed: Option<String>,
    /// For a carried term, how many of its own periods old its value may be.
    pub carried: Option<i32>,
}

/// A formula ready to evaluate.
#[derive(Debug, Clone)]
pub(super) struct Plan<'a> {
    /// The indicator.
    pub indicator: &'a Indicator,
    /// Terms from left to right.
    pub terms: Vec<TermPlan>,
    /// The whole formula.
    pub root: Node,
    /// Numerator and denominator, where the formula is a ratio.
    pub ratio: Option<(Node, Node)>,
    /// Base frequencies of the terms that are not carried, fine to coarse.
    pub groups: Vec<Freq>,
    /// Whether it accumulates since January.
    pub has_ytd: bool,
    /// Whether it sets terms against each other by division: they must then cover the same areas.
    pub needs_like_areas: bool,
}

impl<'a> Plan<'a> {
    /// Compiles the formula of an indicator; `None` where it cannot be evaluated from base series: medians over records,
    /// a carried chain, or nothing but carried terms.
    pub fn new(catalog: &Catalog, inputs: &Inputs, indicator: &'a Indicator) -> Option<Self> {
        let (root, terms) = arithmetic(catalog, inputs, indicator)?;
        let unsupported = |t: &TermPlan| match t.aggregate {
            Some(TimeAggregate::Median | TimeAggregate::P90) => true,
            None => t.carried.is_some() || !matches!(t.kind, TermKind::Wmean { .. }),
            Some(TimeAggregate::Sum | TimeAggregate::Ytd) => t.carried.is_some(),
            Some(TimeAggregate::Last | TimeAggregate::Avg) => t.carried.is_some() && t.kind == TermKind::Chain,
        };
        let mut groups: Vec<Freq> = terms.iter().filter(|t| t.carried.is_none()).map(|t| t.freq).collect();
        groups.sort_unstable();
        groups.dedup();
        if groups.is_empty() || terms.iter().any(unsupported) {
            return None;
        }
        let has_ytd = terms.iter().any(|t| t.aggregate == Some(TimeAggregate::Ytd));
        let ratio = ratio_of(&root);
        let needs_like_areas = terms.len() > 1 && root.divides_by_term();
        Some(Self { indicator, terms, root, ratio, groups, has_ytd, needs_like_areas })
    }

    /// By how many months, at least and at most, a figure lags behind what it reads of a measure: years back, and as long
    /// as a value is carried.
    pub fn delays_of(&self, catalog: &Catalog, measure: usize) -> RangeInclusive<i32> {
        let (mut least, mut most) = (i32::MAX, 0);
        let mut read = |years_back: i32, carried_months: i32| {
            least = least.min(12 * years_back);
            most = most.max(12 * years_back + carried_months);
        };
        for term in &self.terms {
            let carried = term.carried.unwrap_or(0) * term.freq.months();
            if term.measure == measure {
                read(term.years_back, carried);
            }
            match term.kind {
                TermKind::Wmean { weight, weight_years_back, .. } if weight == measure => {
                    let weight = &catalog.measures[weight];
                    read(weight_years_back, carried + i32::from(weight.carry_forward) * weight.freq.months());
                }
                TermKind::Wmean { .. } | TermKind::Plain | TermKind::Chain => {}
            }
        }
        least.min(most)..=most
    }

    /// The single bare weighted mean that the whole formula is, if it is one.
    pub fn is_bare_wmean(&self) -> bool {
        self.root == Node::Term(0) && self.terms[0].aggregate.is_none()
    }
}

/// The formula of an indicator as arithmetic over its terms, whether or not it can be evaluated from base series.
pub(super) fn arithmetic(catalog: &Catalog, inputs: &Inputs, indicator: &Indicator) -> Option<(Node, Vec<TermPlan>)> {
    let formula = catalog.formulas.get(&indicator.code)?;
    let mut terms = Vec::new();
    let root = compile(catalog, inputs, indicator, &formula.expr, &mut terms)?;
    Some((root, terms))
}

/// Numerator and denominator of `A / B` with a measure in B; constant factors in front are dropped.
fn ratio_of(root: &Node) -> Option<(Node, Node)> {
    match root.without_factor() {
        Node::Binary(Op::Div, a, b) if b.has_term() => Some((strip(a), (**b).clone())),
        _ => None,
    }
}

/// Drops the constant that a product begins with, however deep the product nests to the left.
fn strip(node: &Node) -> Node {
    match node {
        Node::Binary(Op::Mul, a, b) if matches!(**a, Node::Number(_)) => (**b).clone(),
        Node::Binary(Op::Mul, a, b) => Node::Binary(Op::Mul, Box::new(strip(a)), b.clone()),
        other => other.clone(),
    }
}

fn compile(
    catalog: &Catalog,
    inputs: &Inputs,
    indicator: &Indicator,
    expr: &Expr,
    terms: &mut Vec<TermPlan>,
) -> Option<Node> {
    Some(match expr {
        Expr::Number(n) => Node::Number(*n),
        Expr::Negate(a) => Node::Negate(Box::new(compile(catalog, inputs, indicator, a, terms)?)),
        Expr::Binary(op, a, b) => {
            let a = compile(catalog, inputs, indicator, a, terms)?;
            let b = compile(catalog, inputs, indicator, b, terms)?;
            Node::Binary(*op, Box::new(a), Box::new(b))
        }
        Expr::Aggregate(aggregate, term) => {
            let (x, kind) = match term {
                Term::Measure(x) => (x, TermKind::Plain),
                Term::Chain(x) => (x, TermKind::Chain),
                Term::Wmean(x, w) => (x, weight_kind(inputs, w)?),
            };
            let measure = catalog.measures.get(&x.measure)?;
            terms.push(TermPlan {
                aggregate: *aggregate,
                kind,
                measure: inputs.measure_ix(&x.measure)?,
                freq: measure.freq,
                years_back: i32::from(x.years_back),
                displayed: x.displayed.clone(),
                carried: carry_limit(measure, indicator.freq),
            });
            Node::Term(terms.len() - 1)
        }
    })
}

fn weight_kind(inputs: &Inputs, w: &MeasureRef) -> Option<TermKind> {
    Some(TermKind::Wmean {
        weight: inputs.measure_ix(&w.measure)?,
        weight_years_back: i32::from(w.years_back),
        weight_displayed: w.displayed.clone(),
    })
}

/// A measure that is coarser than what it is used for is carried forward.
fn carry_limit(measure: &Measure, freq: Freq) -> Option<i32> {
    (measure.freq > freq).then_some(i32::from(measure.carry_forward))
}
