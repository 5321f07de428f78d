//! The state of a group: what its indicators say together.

use super::State;

/// How many indicators are in which state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Off target.
    pub off: usize,
    /// Watched.
    pub watch: usize,
    /// On target.
    pub on: usize,
    /// Not measurable.
    pub unknown: usize,
}

impl Tally {
    /// Counts states.
    pub fn of(states: impl IntoIterator<Item = State>) -> Tally {
        let mut tally = Tally::default();
        for state in states {
            match state {
                State::Off => tally.off += 1,
                State::Watch => tally.watch += 1,
                State::OnTarget => tally.on += 1,
                State::Unknown | State::TooFew => tally.unknown += 1,
            }
        }
        tally
    }

    /// Those that have a plan or a warning to be judged by.
    pub fn judged(&self) -> usize {
        self.off + self.watch + self.on
    }

    /// All.
    pub fn all(&self) -> usize {
        self.judged() + self.unknown
    }
}

/// Off when at least half of what can be judged is off; on target when all of it is; otherwise watched. One missed plan
/// among five does not make a field red, and no field is green while a plan of it is missed.
pub fn group_state(tally: Tally) -> State {
    match (tally.judged(), tally.off, tally.on) {
        (0, _, _) => State::Unknown,
        (judged, off, _) if off * 2 >= judged => State::Off,
        (judged, _, on) if on == judged => State::OnTarget,
        _ => State::Watch,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_as_good_as_most_of_it_and_green_only_as_a_whole() {
        use State::{Off, OnTarget, Unknown, Watch};
        let state = |states: &[State]| group_state(Tally::of(states.iter().copied()));
        assert_eq!(state(&[OnTarget, OnTarget, Unknown]), OnTarget);
        assert_eq!(state(&[OnTarget, OnTarget, OnTarget, Off]), Watch);
        assert_eq!(state(&[OnTarget, Off]), Off);
        assert_eq!(state(&[Watch]), Watch);
        assert_eq!(state(&[Unknown, Unknown]), Unknown);
    }
}
