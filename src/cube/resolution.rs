//! Which of several vintages of one key counts, as known at an instant.
//!
//! Official wins over provisional, provisional over estimate; within a rank the newest. A mark of "missing" has the
//! lowest rank, so that it never replaces a figure. What is published later than the instant does not exist yet.

use crate::domain::{ObsStatus, Vintage};

/// One vintage of a key (measure, area, authority, breakdown, period).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate<'a> {
    /// The value; `None` only where the source marks it as missing.
    pub value: Option<f64>,
    /// Its status.
    pub status: ObsStatus,
    /// When it became known.
    pub vintage: Vintage,
    /// The feed it came by.
    pub feed: &'a str,
    /// Where in the source it stands.
    pub source_ref: &'a str,
}

/// The candidate that counts as of an instant, or `None` if none was known or the one that counts has no value.
///
/// ```
/// use toancanh::cube::resolution::{Candidate, resolve};
/// use toancanh::domain::{ObsStatus, Vintage};
/// let at = |value, status, micros| Candidate {
///     value: Some(value), status, vintage: Vintage::from_micros(micros), feed: "gso", source_ref: "B1!C5",
/// };
/// let known = [at(100.0, ObsStatus::E, 1), at(104.0, ObsStatus::P, 2), at(99.0, ObsStatus::E, 3)];
/// assert_eq!(resolve(&known, Vintage::LATEST).unwrap().value, Some(104.0));
/// assert_eq!(resolve(&known, Vintage::from_micros(1)).unwrap().value, Some(100.0));
/// assert_eq!(resolve(&known, Vintage::from_micros(0)), None);
/// ```
pub fn resolve<'a>(candidates: &[Candidate<'a>], as_of: Vintage) -> Option<Candidate<'a>> {
    let strength = |c: &Candidate<'a>| (c.status.rank(), c.vintage, c.feed, c.source_ref);
    candidates
        .iter()
        .filter(|c| c.vintage <= as_of)
        .max_by(|a, b| strength(a).cmp(&strength(b)))
        .copied()
        .filter(|c| c.value.is_some())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn candidate(value: Option<f64>, status: ObsStatus, micros: i64) -> Candidate<'static> {
        Candidate { value, status, vintage: Vintage::from_micros(micros), feed: "a", source_ref: "1" }
    }

    #[test]
    fn a_mark_of_missing_never_replaces_a_figure() {
        let known = [candidate(Some(5.0), ObsStatus::F, 1), candidate(None, ObsStatus::M, 2)];
        assert_eq!(resolve(&known, Vintage::LATEST).unwrap().value, Some(5.0));
        assert_eq!(resolve(&known[1..], Vintage::LATEST), None);
    }

    #[test]
    fn a_break_is_as_official_as_a_normal_value_and_the_newer_wins() {
        let known = [candidate(Some(5.0), ObsStatus::A, 1), candidate(Some(6.0), ObsStatus::B, 2)];
        assert_eq!(resolve(&known, Vintage::LATEST).unwrap().value, Some(6.0));
    }

    #[test]
    fn ties_go_to_the_greatest_feed_then_source() {
        let base = candidate(Some(1.0), ObsStatus::A, 1);
        let later_feed = Candidate { value: Some(2.0), feed: "b", source_ref: "0", ..base };
        let later_ref = Candidate { value: Some(3.0), source_ref: "2", ..base };
        assert_eq!(resolve(&[later_feed, later_ref, base], Vintage::LATEST).unwrap().value, Some(2.0));
        assert_eq!(resolve(&[base, later_ref], Vintage::LATEST).unwrap().value, Some(3.0));
    }

    fn any_candidate() -> impl Strategy<Value = Candidate<'static>> {
        (prop::option::weighted(0.9, -9i32..9), 0usize..6, 0i64..20)
            .prop_map(|(value, status, at)| candidate(value.map(f64::from), ObsStatus::ALL[status], at))
    }

    proptest! {
        /// What is known on a day depends on nothing that is published later, in whatever order it is stored.
        #[test]
        fn as_of_never_sees_the_future(all in prop::collection::vec(any_candidate(), 0..12), day in 0i64..20) {
            let as_of = Vintage::from_micros(day);
            let past: Vec<_> = all.iter().copied().filter(|c| c.vintage <= as_of).collect();
            prop_assert_eq!(resolve(&all, as_of), resolve(&past, Vintage::LATEST));
            prop_assert!(resolve(&all, as_of).is_none_or(|c| c.vintage <= as_of));
        }
    }
}
