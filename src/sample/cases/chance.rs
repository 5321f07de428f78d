//! Reproducible chance of cases: one stream per case, reachable without the cases before it.

use rand::rand_core::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A stream of random numbers; as in `sample::noise`, only additions and multiplications of uniform numbers are used.
#[derive(Debug, Clone)]
pub(super) struct Chance {
    rng: ChaCha8Rng,
}

impl Chance {
    /// The source of all streams under a seed.
    pub fn new(seed: u64) -> Self {
        Self { rng: ChaCha8Rng::seed_from_u64(seed ^ 0x1022) }
    }

    /// The stream of one case (or of whatever else has that number).
    pub fn stream(&self, number: u64) -> Self {
        let mut rng = self.rng.clone();
        rng.set_stream(number.wrapping_add(1));
        rng.set_word_pos(0);
        Self { rng }
    }

    /// Uniform in `[0, 1)`.
    pub fn uniform(&mut self) -> f64 {
        const SCALE: f64 = 1.0 / (1u64 << 32) as f64;
        f64::from(self.rng.next_u32()) * SCALE
    }

    /// Whether something of this probability happens.
    pub fn happens(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }

    /// A whole number in `[from, to)`; `from` where that is empty.
    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        from + (self.uniform() * (to - from).max(0) as f64) as i64
    }

    /// Roughly normal with mean 0 and standard deviation 1, never beyond ±3 (a sum of three uniforms).
    pub fn normal(&mut self) -> f64 {
        2.0 * (self.uniform() + self.uniform() + self.uniform() - 1.5)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_does_not_depend_on_what_was_drawn_before() {
        let source = Chance::new(7);
        let mut used = source.clone();
        used.uniform();
        let first = |source: &Chance, n| source.stream(n).uniform();
        assert_eq!(first(&source, 3), first(&used, 3));
        assert_ne!(first(&source, 3), first(&source, 4));
        assert_ne!(first(&source, 3), first(&Chance::new(8), 3));
    }

    #[test]
    fn whole_numbers_stay_in_their_span() {
        let mut chance = Chance::new(1).stream(0);
        let drawn: Vec<i64> = (0..2_000).map(|_| chance.between(-2, 3)).collect();
        assert_eq!((drawn.iter().min(), drawn.iter().max()), (Some(&-2), Some(&2)));
        assert_eq!(chance.between(5, 5), 5);
    }
}
