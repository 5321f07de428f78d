//! Reproducible chance: one stream per series, so that adding a series never changes another.
//!
//! Only additions and multiplications of uniform numbers are used: `exp`, `ln` and their kin differ between platforms
//! in the last bit, and a sample must be the same bytes everywhere.

use rand::rand_core::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A stream of random numbers that belongs to one name.
#[derive(Debug)]
pub struct Noise {
    rng: ChaCha8Rng,
}

impl Noise {
    /// The stream of `name` under a seed.
    pub fn new(seed: u64, name: &str) -> Self {
        Self { rng: ChaCha8Rng::seed_from_u64(seed ^ fnv1a(name)) }
    }

    /// Uniform in `[0, 1)`.
    pub fn uniform(&mut self) -> f64 {
        const SCALE: f64 = 1.0 / (1u64 << 53) as f64;
        (self.rng.next_u64() >> 11) as f64 * SCALE
    }

    /// Roughly normal with mean 0 and standard deviation 1, never beyond ±4.3 (a sum of six uniforms).
    pub fn normal(&mut self) -> f64 {
        const SD_OF_SIX: f64 = std::f64::consts::FRAC_1_SQRT_2;
        let sum: f64 = (0..6).map(|_| self.uniform()).sum();
        (sum - 3.0) / SD_OF_SIX
    }

    /// A positive factor around 1 with relative standard deviation `spread`.
    pub fn factor(&mut self, spread: f64) -> f64 {
        (1.0 + spread * self.normal()).max(0.05)
    }
}

/// FNV-1a, so that the stream of a name never depends on the standard library's hasher.
fn fnv1a(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_stream() {
        let draw = |name: &str| Noise::new(1, name).uniform();
        assert_eq!(draw("a"), draw("a"));
        assert_ne!(draw("a"), draw("b"));
    }

    #[test]
    fn normal_has_unit_spread() {
        let mut noise = Noise::new(1, "spread");
        let drawn: Vec<f64> = (0..20_000).map(|_| noise.normal()).collect();
        let mean = drawn.iter().sum::<f64>() / drawn.len() as f64;
        let variance = drawn.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / drawn.len() as f64;
        assert!(mean.abs() < 0.03, "mean {mean}");
        assert!((variance - 1.0).abs() < 0.05, "variance {variance}");
    }
}
