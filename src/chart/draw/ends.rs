//! Names at the ends of lines instead of a legend.

use super::super::scale::Colour;
use super::super::scene::{Pen, Scene};
use super::super::text::lines;
use super::super::theme::{self, Type};

/// What stands at one line's end.
#[derive(Debug, Clone)]
pub(super) struct End {
    /// Where the line ends.
    pub y: f64,
    /// Bold, first; may be empty.
    pub value: String,
    /// Below the value, in at most two lines.
    pub name: String,
    pub colour: Colour,
}

/// Widest that the ends may be, as a share of the chart.
const WIDEST: f64 = 0.3;

/// Width to keep free right of the plot.
pub(super) fn gutter<'a>(texts: impl Iterator<Item = (&'a str, &'a str)>, width: f64, letters: &Type) -> f64 {
    let bold = Pen::new(letters.label, theme::INK).bold();
    let plain = Pen::new(letters.label, theme::INK);
    let most = (width * WIDEST).min(15.0 * letters.label);
    let mut widest: f64 = 0.0;
    for (value, name) in texts {
        widest = widest.max(bold.width(value));
        for line in lines(name, plain.size, plain.weight, most, 2) {
            widest = widest.max(plain.width(&line));
        }
    }
    if widest > 0.0 { widest.min(most.max(0.0)) + letters.label * 0.9 } else { 0.0 }
}

/// Writes the ends right of `x`, moved apart where they would overlap; `room` is the width kept free, `(top, bottom)`
/// what they may cover.
pub(super) fn write(
    scene: &mut Scene,
    mut ends: Vec<End>,
    x: f64,
    room: f64,
    (top, bottom): (f64, f64),
    letters: &Type,
) {
    let bold = Pen::new(letters.label, theme::INK).bold();
    let plain = Pen::new(letters.label, theme::INK);
    let step = letters.label * 1.22;
    let x = x + letters.label * 0.7;
    let room = room - letters.label * 0.7;
    ends.sort_by(|a, b| a.y.total_cmp(&b.y));
    let broken: Vec<Vec<String>> = ends.iter().map(|end| lines(&end.name, plain.size, plain.weight, room, 2)).collect();
    let high = |i: usize| step * (broken[i].len() + usize::from(!ends[i].value.is_empty())) as f64;
    let heights: Vec<f64> = (0..ends.len()).map(|i| high(i) + letters.label * 0.35).collect();
    let wanted: Vec<f64> = ends.iter().map(|end| end.y - step / 2.0).collect();
    let places = apart(&wanted, &heights, (top, bottom));
    for ((end, names), y) in ends.iter().zip(broken).zip(places) {
        let mut y = y + step * 0.5;
        if !end.value.is_empty() {
            scene.label((x, y + bold.drop()), &end.value, bold.coloured(end.colour));
            y += step;
        }
        for name in names {
            scene.label((x, y + plain.drop()), &name, plain.coloured(end.colour));
            y += step;
        }
    }
}

/// Tops of blocks of these heights, in order, as near as may be to those wanted, none over another.
fn apart(wanted: &[f64], heights: &[f64], (top, bottom): (f64, f64)) -> Vec<f64> {
    let mut places = wanted.to_vec();
    let mut least = top;
    for (place, high) in places.iter_mut().zip(heights) {
        *place = place.max(least);
        least = *place + high;
    }
    let mut most = bottom;
    for (place, high) in places.iter_mut().zip(heights).rev() {
        *place = place.min(most - high);
        most = *place;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn labels_that_have_room_stay_where_they_are() {
        assert_eq!(apart(&[10.0, 50.0], &[15.0, 15.0], (0.0, 100.0)), [10.0, 50.0]);
        assert_eq!(apart(&[90.0, 95.0], &[15.0, 15.0], (0.0, 100.0)), [70.0, 85.0]);
    }

    proptest! {
        #[test]
        fn no_label_lies_over_another(mut wanted in proptest::collection::vec(-20.0..220.0f64, 1..8), high in 5.0..25.0f64) {
            wanted.sort_by(f64::total_cmp);
            let heights = vec![high; wanted.len()];
            let places = apart(&wanted, &heights, (0.0, 200.0));
            for pair in places.windows(2) {
                prop_assert!(pair[1] - pair[0] >= high - 1e-9);
            }
            prop_assert!(places[0] >= -1e-9 && places[places.len() - 1] + high <= 200.0 + 1e-9);
        }
    }
}
