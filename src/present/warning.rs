//! The declared warnings that can be read off a figure itself: "yoy -5%", "yoy +0.5 pp", "yoy ±10%".
//!
//! Other clauses (revisions, control sums, anomalies) need more than one figure and are judged elsewhere; here they are
//! passed over.

use crate::analytics::growth::{Growth, growth};

/// A declared bound of the change on the same period of last year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WarnRule {
    /// A fall of this much or more warns; `None` if falls do not.
    fall: Option<f64>,
    /// A rise of this much or more warns.
    rise: Option<f64>,
    /// Whether the bound is in points.
    points: bool,
}

impl WarnRule {
    /// Reads one clause; `None` for one that speaks of something else.
    pub fn read(clause: &str) -> Option<WarnRule> {
        let rest = clause.strip_prefix("warn: yoy ")?;
        let sign = rest.chars().next()?;
        let rest = &rest[sign.len_utf8()..];
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let bound: f64 = rest[..digits].parse().ok()?;
        let tail = rest[digits..].trim();
        // A condition behind the bound ("outside Tết", "in a district") is more than this figure can answer.
        let points = match tail {
            "%" => false,
            "pp" => true,
            _ => return None,
        };
        let (fall, rise) = match sign {
            '-' => (Some(-bound), None),
            '+' => (None, Some(bound)),
            '±' => (Some(-bound), Some(bound)),
            _ => return None,
        };
        Some(WarnRule { fall, rise, points })
    }

    /// Whether a change from `base` to `value` is beyond the bound.
    pub fn fires(&self, value: f64, base: f64, rate: bool) -> bool {
        let amount = match growth(value, base, rate) {
            Some(Growth::Percent(p)) if !self.points => p,
            Some(Growth::Points(p)) if self.points => p,
            Some(Growth::Percent(_) | Growth::Points(_)) | None => return false,
        };
        self.fall.is_some_and(|bound| amount <= bound) || self.rise.is_some_and(|bound| amount >= bound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_of_a_change_are_read_and_conditions_are_not_guessed() {
        let fires = |clause: &str, value: f64, rate| WarnRule::read(clause).map(|r| r.fires(value, 100.0, rate));
        assert_eq!(fires("warn: yoy -5%", 95.0, false), Some(true));
        assert_eq!(fires("warn: yoy -5%", 95.1, false), Some(false));
        assert_eq!(fires("warn: yoy -5%", 120.0, false), Some(false));
        assert_eq!(fires("warn: yoy ±10%", 111.0, false), Some(true));
        assert_eq!(fires("warn: yoy +0.5 pp", 100.6, true), Some(true));
        assert_eq!(fires("warn: yoy +0.5 pp", 100.6, false), Some(false), "a bound in points is for rates");
        for clause in ["warn: yoy -8% outside Tết", "warn: below plan", "error: x", "warn: yoy ±8% in a district"] {
            assert_eq!(WarnRule::read(clause), None, "{clause}");
        }
    }
}
