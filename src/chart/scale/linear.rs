//! A straight scale with round ticks.

/// Values to pixels, with ticks at 1, 2 or 5 times a power of ten.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::chart) struct Linear {
    low: f64,
    high: f64,
    /// Pixel of `low` and of `high`.
    from: f64,
    to: f64,
    step: f64,
}

impl Linear {
    /// A scale that holds `values`, about `ticks` round steps long. `from_zero` pulls zero in; without it zero comes in
    /// by itself when it is near enough not to cost the reader half the chart.
    pub fn holding(values: impl IntoIterator<Item = f64>, from_zero: bool, ticks: usize) -> Linear {
        let mut low = f64::INFINITY;
        let mut high = f64::NEG_INFINITY;
        for value in values.into_iter().filter(|v| v.is_finite()) {
            low = low.min(value);
            high = high.max(value);
        }
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        if from_zero || (low > 0.0 && low < 0.45 * high) {
            low = low.min(0.0);
        }
        if from_zero || (high < 0.0 && high > 0.45 * low) {
            high = high.max(0.0);
        }
        if low == high {
            let room = if low == 0.0 { 1.0 } else { low.abs() * 0.1 };
            (low, high) = (if from_zero && low >= 0.0 { 0.0 } else { low - room }, high + room);
        }
        let step = round_step((high - low) / ticks.max(1) as f64);
        Linear { low: (low / step).floor() * step, high: (high / step).ceil() * step, from: 0.0, to: 1.0, step }
    }

    /// A scale from `low` to `high` exactly, with round ticks as far as they go.
    pub fn exact(low: f64, high: f64, ticks: usize) -> Linear {
        let step = round_step((high - low).max(f64::MIN_POSITIVE) / ticks.max(1) as f64);
        Linear { low, high, from: 0.0, to: 1.0, step }
    }

    /// The same scale laid between two pixels; `from` may lie right of or below `to`.
    pub fn between(self, from: f64, to: f64) -> Linear {
        Linear { from, to, ..self }
    }

    /// The pixel of a value.
    pub fn at(&self, value: f64) -> f64 {
        self.from + (value - self.low) / (self.high - self.low) * (self.to - self.from)
    }

    /// The lowest value.
    pub fn low(&self) -> f64 {
        self.low
    }

    /// The highest value.
    pub fn high(&self) -> f64 {
        self.high
    }

    /// Whether bars may stand on it.
    pub fn has_zero(&self) -> bool {
        self.low <= 0.0 && self.high >= 0.0
    }

    /// Round values from low to high.
    pub fn ticks(&self) -> Vec<f64> {
        let count = ((self.high - self.low) / self.step + 1e-6).floor() as usize;
        (0..=count)
            .map(|i| self.low + self.step * i as f64)
            .map(|v| if v.abs() < self.step / 1e6 { 0.0 } else { v })
            .collect()
    }

    /// Decimals that the ticks need.
    pub fn decimals(&self) -> usize {
        let mut decimals = 0;
        let mut step = self.step;
        while decimals < 6 && (step - step.round()).abs() > 1e-9 * step.max(1.0) {
            step *= 10.0;
            decimals += 1;
        }
        decimals
    }
}

/// The least of 1, 2, 2.5 and 5 times a power of ten that is not below `wanted`.
fn round_step(wanted: f64) -> f64 {
    let power = 10f64.powf(wanted.log10().floor());
    for factor in [1.0, 2.0, 2.5, 5.0] {
        if wanted <= factor * power * (1.0 + 1e-9) {
            return factor * power;
        }
    }
    10.0 * power
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ticks_are_round() {
        let scale = Linear::holding([3.0, 97.0], true, 5);
        assert_eq!(scale.ticks(), [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        assert_eq!(scale.decimals(), 0);
        let scale = Linear::holding([97.2, 98.4], false, 4);
        assert!(!scale.has_zero());
        assert_eq!(scale.decimals(), 1);
        assert_eq!(Linear::holding([], true, 4).ticks().first(), Some(&0.0));
    }

    #[test]
    fn pixels_run_the_way_they_are_laid() {
        let scale = Linear::holding([0.0, 10.0], true, 5).between(200.0, 0.0);
        assert_eq!((scale.at(0.0), scale.at(10.0), scale.at(5.0)), (200.0, 0.0, 100.0));
    }

    proptest! {
        #[test]
        fn every_value_lies_on_the_scale(values in proptest::collection::vec(-1e9..1e9f64, 1..20), zero: bool, ticks in 2usize..9) {
            let scale = Linear::holding(values.iter().copied(), zero, ticks);
            for value in &values {
                prop_assert!(scale.low() <= *value && *value <= scale.high());
            }
            prop_assert!(!zero || scale.has_zero());
            prop_assert!(scale.ticks().len() <= ticks + 3);
        }
    }
}
