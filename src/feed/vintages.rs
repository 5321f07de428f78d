//! What a feed has said so far, so that only what differs becomes a new vintage.

use std::collections::HashMap;
use std::hash::Hash;

use crate::domain::Vintage;

/// All vintages of all keys of one feed. `C` is what makes two vintages the same figure.
#[derive(Debug)]
pub struct Vintages<K, C> {
    /// By vintage; nearly every key has one or two.
    by_key: HashMap<K, Vec<(Vintage, C)>>,
}

impl<K, C> Default for Vintages<K, C> {
    fn default() -> Self {
        Self { by_key: HashMap::new() }
    }
}

impl<K: Eq + Hash, C: PartialEq> Vintages<K, C> {
    /// Takes a vintage that is in the table.
    pub fn insert(&mut self, key: K, vintage: Vintage, content: C) {
        let known = self.by_key.entry(key).or_default();
        known.insert(up_to(known, vintage), (vintage, content));
    }

    /// The newest content of a key.
    pub fn newest(&self, key: &K) -> Option<&C> {
        self.by_key.get(key)?.last().map(|(_, content)| content)
    }

    /// Takes a figure as published at `vintage`, if it differs from the newest vintage up to then; gives the vintage to
    /// record it with.
    ///
    /// That is `vintage`, unless the source has said something else under the very same time of publication: a file
    /// corrected in place. Then what is published at `vintage` is no longer what the time says, and the correction
    /// became known when it was `pulled`.
    pub fn admit(&mut self, key: K, vintage: Vintage, content: C, pulled: Vintage) -> Option<Vintage> {
        let known = self.by_key.entry(key).or_default();
        let mut at = vintage;
        let mut place = up_to(known, at);
        if place > 0 && known[place - 1].0 == vintage && known[place - 1].1 != content {
            at = pulled.max(next(vintage));
            place = up_to(known, at);
        }
        if place > 0 && known[place - 1].1 == content {
            return None;
        }
        while place > 0 && known[place - 1].0 == at {
            at = next(at);
            place = up_to(known, at);
        }
        known.insert(place, (at, content));
        Some(at)
    }
}

/// How many vintages are not newer than `at`.
fn up_to<C>(known: &[(Vintage, C)], at: Vintage) -> usize {
    known.partition_point(|(vintage, _)| *vintage <= at)
}

/// The next instant there is.
fn next(vintage: Vintage) -> Vintage {
    Vintage::from_micros(vintage.micros() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(micros: i64) -> Vintage {
        Vintage::from_micros(micros)
    }

    #[test]
    fn only_what_differs_from_the_vintage_before_is_new() {
        let mut known = Vintages::default();
        assert_eq!(known.admit("k", at(10), 1, at(99)), Some(at(10)));
        assert_eq!(known.admit("k", at(20), 1, at(99)), None);
        assert_eq!(known.admit("k", at(30), 2, at(99)), Some(at(30)));
        assert_eq!(known.admit("k", at(40), 1, at(99)), Some(at(40)), "back to the first value is a correction");
        assert_eq!(known.admit("other", at(40), 1, at(99)), Some(at(40)));
        assert_eq!(known.newest(&"k"), Some(&1));
    }

    #[test]
    fn an_older_publication_that_comes_late_finds_its_place() {
        let mut known = Vintages::default();
        known.insert("k", at(30), 2);
        assert_eq!(known.admit("k", at(10), 2, at(99)), Some(at(10)), "nothing was known at 10");
        assert_eq!(known.admit("k", at(20), 2, at(99)), None);
        assert_eq!(known.newest(&"k"), Some(&2));
    }

    #[test]
    fn a_correction_under_the_same_time_of_publication_counts_from_its_pull() {
        let mut known = Vintages::default();
        assert_eq!(known.admit("k", at(10), 1, at(15)), Some(at(10)));
        assert_eq!(known.admit("k", at(10), 2, at(25)), Some(at(25)));
        assert_eq!(known.admit("k", at(10), 2, at(35)), None, "the same answer once more");
        assert_eq!(known.newest(&"k"), Some(&2));
        // A clock that stands still leaves room for one more.
        assert_eq!(known.admit("k", at(25), 3, at(25)), Some(at(26)));
    }
}
