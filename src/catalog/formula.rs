//! The formula language of indicators: aggregates of measures, arithmetic, nothing else.
//!
//! `sum(x)` `last(x)` `avg(x)` `ytd(x)` `wmean(x, w)` `chain(x)` `median(x)` `p90(x)`; `x@y-1` same period last year;
//! `x|d` the displayed member of dimension d; `+ - * / ^`, numbers, parentheses. `avg` and `last` may hold `wmean` or
//! `chain`, which are then evaluated per base month.

use std::fmt;

/// Binary operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`; a zero denominator gives no value.
    Div,
    /// `^`
    Pow,
}

/// How base periods of a measure become one value of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimeAggregate {
    /// Flow over the period.
    Sum,
    /// Stock at its end.
    Last,
    /// Mean level over its base periods.
    Avg,
    /// Sum since 1 January.
    Ytd,
    /// Median over records.
    Median,
    /// 90th percentile over records.
    P90,
}

impl TimeAggregate {
    /// All of them.
    pub const ALL: [TimeAggregate; 6] = [
        TimeAggregate::Sum,
        TimeAggregate::Last,
        TimeAggregate::Avg,
        TimeAggregate::Ytd,
        TimeAggregate::Median,
        TimeAggregate::P90,
    ];

    /// Its name in a formula.
    pub fn as_str(self) -> &'static str {
        match self {
            TimeAggregate::Sum => "sum",
            TimeAggregate::Last => "last",
            TimeAggregate::Avg => "avg",
            TimeAggregate::Ytd => "ytd",
            TimeAggregate::Median => "median",
            TimeAggregate::P90 => "p90",
        }
    }
}

/// A measure as a formula names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MeasureRef {
    /// Measure code.
    pub measure: String,
    /// `@y-1`: how many years back (0 or 1).
    pub years_back: u8,
    /// `|dimension`: takes the displayed member of this dimension; unmarked measures of the formula then take the total.
    /// Written before `@y-1`.
    pub displayed: Option<String>,
}

/// What stands inside an aggregate.
#[derive(Debug, Clone, PartialEq)]
pub enum Term {
    /// A measure.
    Measure(MeasureRef),
    /// `wmean(x, w)`: mean of x weighted by w over members and areas, per base period or over the whole period.
    Wmean(MeasureRef, MeasureRef),
    /// `chain(x)`: level from previous-month links, last December of the period's year = 100.
    Chain(MeasureRef),
}

/// The abstract syntax tree.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A constant.
    Number(f64),
    /// An aggregate over time; `Term::Wmean` without an outer aggregate is `Aggregate(None, ..)`: weighted over the
    /// base periods too.
    Aggregate(Option<TimeAggregate>, Term),
    /// Two operands.
    Binary(Op, Box<Expr>, Box<Expr>),
    /// Negation.
    Negate(Box<Expr>),
}

/// A parsed formula.
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    /// The tree.
    pub expr: Expr,
}

impl Formula {
    /// Every measure reference, left to right.
    pub fn references(&self) -> Vec<&MeasureRef> {
        fn walk<'a>(expr: &'a Expr, out: &mut Vec<&'a MeasureRef>) {
            match expr {
                Expr::Number(_) => {}
                Expr::Aggregate(_, Term::Measure(x) | Term::Chain(x)) => out.push(x),
                Expr::Aggregate(_, Term::Wmean(x, w)) => out.extend([x, w]),
                Expr::Binary(_, a, b) => {
                    walk(a, out);
                    walk(b, out);
                }
                Expr::Negate(a) => walk(a, out),
            }
        }
        let mut out = Vec::new();
        walk(&self.expr, &mut out);
        out
    }

    /// The measures it uses, without repetition.
    pub fn measures(&self) -> impl Iterator<Item = &str> {
        let mut codes: Vec<&str> = self.references().into_iter().map(|r| r.measure.as_str()).collect();
        codes.sort_unstable();
        codes.dedup();
        codes.into_iter()
    }
}

impl Expr {
    /// Whether a measure occurs in it.
    pub fn has_measure(&self) -> bool {
        match self {
            Expr::Number(_) => false,
            Expr::Aggregate(..) => true,
            Expr::Binary(_, a, b) => a.has_measure() || b.has_measure(),
            Expr::Negate(a) => a.has_measure(),
        }
    }

    /// The strength with which it binds, for printing.
    fn binding(&self) -> u8 {
        match self {
            Expr::Binary(op, ..) => op.binding(),
            Expr::Negate(_) => 0,
            Expr::Number(_) | Expr::Aggregate(..) => u8::MAX,
        }
    }
}

impl Op {
    fn binding(self) -> u8 {
        match self {
            Op::Add | Op::Sub => 1,
            Op::Mul | Op::Div => 2,
            Op::Pow => 3,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Op::Add => "+",
            Op::Sub => "-",
            Op::Mul => "*",
            Op::Div => "/",
            Op::Pow => "^",
        }
    }
}

impl fmt::Display for MeasureRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.measure)?;
        if let Some(dimension) = &self.displayed {
            write!(f, "|{dimension}")?;
        }
        if self.years_back > 0 {
            write!(f, "@y-{}", self.years_back)?;
        }
        Ok(())
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Term::Measure(x) => write!(f, "{x}"),
            Term::Wmean(x, w) => write!(f, "wmean({x}, {w})"),
            Term::Chain(x) => write!(f, "chain({x})"),
        }
    }
}

impl fmt::Display for Expr {
    /// Prints with the fewest parentheses that read back as the same tree; a negated operand always has them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operand = |f: &mut fmt::Formatter<'_>, expr: &Expr, bare: bool| {
            if bare { write!(f, "{expr}") } else { write!(f, "({expr})") }
        };
        match self {
            Expr::Number(n) => write!(f, "{n}"),
            Expr::Aggregate(None, term) => write!(f, "{term}"),
            Expr::Aggregate(Some(aggregate), term) => write!(f, "{}({term})", aggregate.as_str()),
            Expr::Negate(a) => {
                f.write_str("-")?;
                operand(f, a, a.binding() == u8::MAX)
            }
            Expr::Binary(op, a, b) => {
                let (left, right) = match op {
                    Op::Pow => (a.binding() > op.binding(), b.binding() >= op.binding()),
                    _ => (a.binding() >= op.binding(), b.binding() > op.binding()),
                };
                operand(f, a, left)?;
                write!(f, " {} ", op.as_str())?;
                operand(f, b, right)
            }
        }
    }
}

impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.expr)
    }
}
