//! States from the declared warning clauses of an indicator.

use crate::chart::spec::State;
use crate::domain::Indicator;

/// Where a figure itself is worth a look, and where it is off; clauses about changes and plans are not read here.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Thresholds {
    watch: Option<Limit>,
    off: Option<Limit>,
    fewest: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Limit {
    Above(f64),
    Below(f64),
}

impl Limit {
    /// `above 30.0 or prev +10 pp`: the limit that a clause begins with.
    fn read(clause: &str) -> Option<Limit> {
        let mut words = clause.split_whitespace();
        let (kind, value) = (words.next()?, words.next()?.parse().ok()?);
        match kind {
            "above" => Some(Limit::Above(value)),
            "below" => Some(Limit::Below(value)),
            _ => None,
        }
    }

    fn is_passed(self, value: f64) -> bool {
        match self {
            Limit::Above(limit) => value > limit,
            Limit::Below(limit) => value < limit,
        }
    }
}

impl Thresholds {
    /// Reads `warn: above 10.0` and `alert: above 30.0 ..`.
    pub fn of(indicator: &Indicator) -> Thresholds {
        let limit = |kind: &str| {
            let clauses = indicator.warn_rules.iter().filter_map(|rule| rule.split_once(':'));
            clauses.filter(|(k, _)| k.trim() == kind).find_map(|(_, clause)| Limit::read(clause))
        };
        let suppress = indicator.warn_rules.iter().filter_map(|rule| rule.strip_prefix("suppress: fewer than "));
        let fewest = suppress.filter_map(|rest| rest.split_whitespace().next()?.parse().ok()).next();
        Thresholds { watch: limit("warn"), off: limit("alert"), fewest }
    }

    /// Whether a figure over so many cases is not shown (`suppress: fewer than 10 ..`).
    pub fn is_too_few(&self, cases: Option<f64>) -> bool {
        self.fewest.zip(cases).is_some_and(|(fewest, cases)| cases < fewest)
    }

    /// The state of a value; `None` where no clause is about values.
    pub fn state(&self, value: f64) -> Option<State> {
        let is_passed = |limit: Option<Limit>| limit.is_some_and(|limit| limit.is_passed(value));
        match self {
            Thresholds { watch: None, off: None, .. } => None,
            _ if is_passed(self.off) => Some(State::Off),
            _ if is_passed(self.watch) => Some(State::Watch),
            _ => Some(State::OnTarget),
        }
    }

    /// The value above which a figure is off, if that is how it is declared.
    pub fn off_above(&self) -> Option<f64> {
        match self.off {
            Some(Limit::Above(limit)) => Some(limit),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::catalog;
    use super::*;

    #[test]
    fn the_overdue_rate_is_watched_above_10_and_off_above_30() {
        let limits = Thresholds::of(&catalog().indicators["1405"]);
        let states = [10.0, 10.1, 30.0, 30.1].map(|value| limits.state(value));
        assert_eq!(states, [State::OnTarget, State::Watch, State::Watch, State::Off].map(Some));
        assert_eq!(limits.off_above(), Some(30.0));
        assert_eq!([Some(9.0), Some(10.0), None].map(|cases| limits.is_too_few(cases)), [true, false, false]);
    }

    #[test]
    fn a_clause_about_changes_is_no_limit_of_the_value() {
        let mut indicator = catalog().indicators["1405"].clone();
        indicator.warn_rules = vec!["warn: yoy below -5".to_owned(), "suppress: fewer than 10 due cases".to_owned()];
        assert_eq!(Thresholds::of(&indicator).state(99.0), None);
    }
}
