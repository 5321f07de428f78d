//! How long to wait between two attempts: doubling, capped, with jitter, and never shorter than the source asks for.

use std::time::Duration;

use chrono::{DateTime, Utc};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// The waits of one pull.
#[derive(Debug)]
pub struct Backoff {
    first: Duration,
    longest: Duration,
    random: ChaCha8Rng,
}

impl Backoff {
    /// `first` after the first failed attempt, doubled after each further one, never above `longest`.
    pub fn new(first: Duration, longest: Duration, seed: u64) -> Self {
        Self { first, longest, random: ChaCha8Rng::seed_from_u64(seed) }
    }

    /// The wait after `failed` attempts (from 1). `None` when the source asks for more than the longest wait.
    ///
    /// Half of a wait of our own choice is jitter, so that feeds of one source do not come back together; a wait that
    /// the source asked for is kept whole.
    pub fn wait(&mut self, failed: u32, asked: Option<Duration>) -> Option<Duration> {
        let doubled = self.first.saturating_mul(1u32.checked_shl(failed.saturating_sub(1)).unwrap_or(u32::MAX));
        let full = doubled.min(self.longest);
        let share = self.random.next_u32() as f64 / u32::MAX as f64;
        let own = full.mul_f64(0.5 + 0.5 * share);
        match asked {
            Some(asked) if asked > self.longest => None,
            Some(asked) => Some(asked.max(own)),
            None => Some(own),
        }
    }
}

/// `Retry-After`: seconds, or an HTTP date (RFC 9110, section 10.2.3).
pub fn retry_after(text: &str, now: DateTime<Utc>) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let at = DateTime::parse_from_rfc2822(text).ok()?.with_timezone(&Utc);
    Some((at - now).to_std().unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(duration: Option<Duration>) -> u128 {
        duration.unwrap().as_millis()
    }

    #[test]
    fn waits_double_up_to_the_cap_and_jitter_is_at_most_half() {
        let mut backoff = Backoff::new(Duration::from_millis(100), Duration::from_millis(1_000), 7);
        for (failed, full) in [(1, 100), (2, 200), (3, 400), (4, 800), (5, 1_000), (60, 1_000)] {
            let wait = ms(backoff.wait(failed, None));
            assert!((full / 2..=full).contains(&wait), "{failed}: {wait}");
        }
    }

    #[test]
    fn the_same_seed_waits_the_same() {
        let waits = |seed| {
            let mut backoff = Backoff::new(Duration::from_millis(1_000), Duration::from_secs(60), seed);
            (1..6).map(|failed| ms(backoff.wait(failed, None))).collect::<Vec<_>>()
        };
        assert_eq!(waits(1), waits(1));
        assert_ne!(waits(1), waits(2));
    }

    #[test]
    fn the_source_may_ask_for_longer_but_not_for_ever() {
        let mut backoff = Backoff::new(Duration::from_millis(10), Duration::from_secs(60), 1);
        assert_eq!(ms(backoff.wait(1, Some(Duration::from_secs(30)))), 30_000);
        assert_eq!(backoff.wait(1, Some(Duration::from_secs(61))), None);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = "2022-05-25T05:00:00Z".parse().unwrap();
        assert_eq!(retry_after(" 120 ", now), Some(Duration::from_secs(120)));
        assert_eq!(retry_after("Wed, 25 May 2022 05:01:30 GMT", now), Some(Duration::from_secs(90)));
        assert_eq!(retry_after("Wed, 25 May 2022 04:00:00 GMT", now), Some(Duration::ZERO));
        assert_eq!(retry_after("soon", now), None);
    }
}
