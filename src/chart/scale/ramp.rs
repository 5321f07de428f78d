//! Ramps: a number to a colour of one hue, light to dark in even steps.

use super::Colour;

/// A ramp: stops in the data's unit, each one even step of lightness darker than the last.
#[derive(Debug, Clone, PartialEq)]
pub struct Ramp {
    stops: Vec<(f64, Colour)>,
}

/// Lightest and darkest CIELAB lightness of a ramp.
const LIGHT: f64 = 97.0;
const DARK: f64 = 27.0;

impl Ramp {
    /// Share of cases overdue, in percent, in the red of "off target".
    pub fn overdue() -> Ramp {
        Ramp::of_hue(&[0.0, 10.0, 20.0, 30.0, 50.0, 70.0, 100.0], 35.0, 66.0)
    }

    /// Any amount without a good and a bad end, in blue. Stops that do not rise are left out.
    pub fn amount(stops: &[f64]) -> Ramp {
        Ramp::of_hue(stops, 262.0, 50.0)
    }

    fn of_hue(stops: &[f64], hue: f64, chroma: f64) -> Ramp {
        let mut rising: Vec<f64> = Vec::with_capacity(stops.len());
        for &stop in stops {
            if stop.is_finite() && rising.last().is_none_or(|&last| stop > last) {
                rising.push(stop);
            }
        }
        if rising.is_empty() {
            rising.push(0.0);
        }
        let last = (rising.len() - 1).max(1) as f64;
        let stops = rising.iter().enumerate().map(|(i, &stop)| {
            let share = i as f64 / last;
            // Light colours of full chroma do not exist; chroma grows with depth and falls off in the dark.
            let strength = (share * 1.6).min(1.0);
            (stop, Colour::from_lch(LIGHT + (DARK - LIGHT) * share, chroma * strength, hue))
        });
        Ramp { stops: stops.collect() }
    }

    /// Stops and their colours, for the key of a chart.
    pub fn stops(&self) -> &[(f64, Colour)] {
        &self.stops
    }

    /// The colour of a value; the ends hold beyond the ends.
    pub fn colour(&self, value: f64) -> Colour {
        let after = self.stops.partition_point(|(stop, _)| *stop <= value);
        let Some(&(high, dark)) = self.stops.get(after) else { return self.stops[self.stops.len() - 1].1 };
        let Some(&(low, light)) = after.checked_sub(1).and_then(|i| self.stops.get(i)) else { return dark };
        light.towards(dark, (value - low) / (high - low))
    }
}

#[cfg(test)]
mod tests {
    use super::super::contrast;
    use super::*;
    use crate::chart::theme::INK;

    fn ramps() -> [Ramp; 3] {
        [Ramp::overdue(), Ramp::amount(&[0.0, 25.0, 50.0, 100.0]), Ramp::amount(&[0.0, 100.0])]
    }

    #[test]
    fn every_cell_can_be_read() {
        for ramp in ramps() {
            for tenth in 0..=1000 {
                let fill = ramp.colour(f64::from(tenth) / 10.0);
                let ratio = contrast(fill, fill.text_on(INK));
                assert!(ratio >= 4.5, "{tenth}: {fill:?} has {ratio}");
            }
        }
    }

    /// On a grey print only lightness is left, and it must still rank the cells.
    #[test]
    fn lightness_falls_with_the_value() {
        for ramp in ramps() {
            let grey: Vec<f64> = (0..=100).map(|v| ramp.colour(f64::from(v)).lightness()).collect();
            for pair in grey.windows(2) {
                assert!(pair[1] <= pair[0] + 0.35, "{pair:?}");
            }
            assert!(grey[0] - grey[100] > 60.0);
        }
    }

    #[test]
    fn the_stops_are_even_steps() {
        let steps: Vec<f64> =
            Ramp::overdue().stops().windows(2).map(|p| p[0].1.lightness() - p[1].1.lightness()).collect();
        for step in &steps {
            assert!((step - (LIGHT - DARK) / 6.0).abs() < 1.5, "{steps:?}");
        }
    }

    #[test]
    fn stops_that_do_not_rise_are_left_out() {
        assert_eq!(Ramp::amount(&[0.0, 0.0, f64::NAN, 5.0]).stops().len(), 2);
        assert_eq!(Ramp::amount(&[]).stops().len(), 1);
        assert_eq!(Ramp::overdue().colour(-5.0), Ramp::overdue().colour(0.0));
        assert_eq!(Ramp::overdue().colour(500.0), Ramp::overdue().colour(100.0));
    }
}
