//! Limits that are declared for a figure itself ("warn: above 10.0", "suppress: fewer than 10 due cases").

use crate::chart::spec::State;
use crate::domain::{Direction, Indicator};

/// Where a figure itself is worth a look, where it is off, and over how few cases it says nothing; clauses about changes
/// and plans are not read here.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Thresholds {
    watch: Vec<Limit>,
    off: Vec<Limit>,
    fewest: Option<f64>,
    neutral: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Limit {
    Above(f64),
    Below(f64),
}

impl Limit {
    /// `above 30.0`, `below 80.0`. Words behind the number are a condition ("in a district") that the figure alone
    /// cannot answer: then it is no limit.
    fn read(part: &str) -> Option<Limit> {
        let (kind, value) = part.trim().split_once(' ')?;
        let value = value.trim().parse().ok()?;
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

    fn bound(self) -> f64 {
        match self {
            Limit::Above(limit) | Limit::Below(limit) => limit,
        }
    }
}

impl Thresholds {
    /// Reads `warn: above 95 or below 50` and `alert: above 30.0 or ..`.
    pub fn of(indicator: &Indicator) -> Thresholds {
        let limits = |kind: &str| {
            let clauses = indicator.warn_rules.iter().filter_map(|rule| rule.split_once(':'));
            let clauses = clauses.filter(|(k, _)| k.trim() == kind);
            clauses.flat_map(|(_, clause)| clause.split(" or ")).filter_map(Limit::read).collect()
        };
        let suppress = indicator.warn_rules.iter().filter_map(|rule| rule.strip_prefix("suppress: fewer than "));
        let fewest = suppress.filter_map(|rest| rest.split_whitespace().next()?.parse().ok()).next();
        let neutral = indicator.direction == Direction::Neutral;
        Thresholds { watch: limits("warn"), off: limits("alert"), fewest, neutral }
    }

    /// Whether a figure over so many cases is not shown (`suppress: fewer than 10 ..`).
    pub fn is_too_few(&self, cases: Option<f64>) -> bool {
        self.fewest.zip(cases).is_some_and(|(fewest, cases)| cases < fewest)
    }

    /// The state of a value; `None` where no clause is about values, or where keeping within them is no merit.
    pub fn state(&self, value: f64) -> Option<State> {
        let is_passed = |limits: &[Limit]| limits.iter().any(|limit| limit.is_passed(value));
        match self {
            Thresholds { watch, off, .. } if watch.is_empty() && off.is_empty() => None,
            _ if is_passed(&self.off) => Some(State::Off),
            _ if is_passed(&self.watch) => Some(State::Watch),
            _ => (!self.neutral).then_some(State::OnTarget),
        }
    }

    /// The limit that a value has passed, the further one first; else the nearest that it keeps.
    pub fn limit(&self, value: f64) -> Option<f64> {
        let all = || self.off.iter().chain(&self.watch);
        let passed = all().find(|limit| limit.is_passed(value));
        passed.or(self.watch.first()).or(self.off.first()).map(|limit| limit.bound())
    }

    /// The value above which a figure is off, if that is how it is declared.
    pub fn off_above(&self) -> Option<f64> {
        self.off.iter().find_map(|limit| match limit {
            Limit::Above(limit) => Some(*limit),
            Limit::Below(_) => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::fixture::indicator_of;

    #[test]
    fn the_overdue_rate_is_watched_above_10_and_off_above_30() {
        let limits = Thresholds::of(&indicator_of("1405").0);
        let states = [10.0, 10.1, 30.0, 30.1].map(|value| limits.state(value));
        assert_eq!(states, [State::OnTarget, State::Watch, State::Watch, State::Off].map(Some));
        assert_eq!([9.0, 12.0, 40.0].map(|value| limits.limit(value)), [10.0, 10.0, 30.0].map(Some));
        assert_eq!(limits.off_above(), Some(30.0));
        assert_eq!([Some(9.0), Some(10.0), None].map(|cases| limits.is_too_few(cases)), [true, false, false]);
    }

    #[test]
    fn a_clause_with_a_condition_or_about_changes_is_no_limit_of_the_value() {
        let mut indicator = indicator_of("1405").0;
        for clause in ["warn: yoy below -5", "warn: above 98 in a district (cards)", "warn: below plan"] {
            indicator.warn_rules = vec![clause.to_owned(), "suppress: fewer than 10 due cases".to_owned()];
            assert_eq!(Thresholds::of(&indicator).state(99.0), None, "{clause}");
        }
        indicator.warn_rules = vec!["warn: above 95 or below 50".to_owned()];
        let limits = Thresholds::of(&indicator);
        let states = [40.0, 60.0, 99.0].map(|value| limits.state(value));
        assert_eq!(states, [State::Watch, State::OnTarget, State::Watch].map(Some));
        indicator.direction = Direction::Neutral;
        assert_eq!(Thresholds::of(&indicator).state(60.0), None);
    }
}
