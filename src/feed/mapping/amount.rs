//! Cells to numbers, and numbers to the unit of their measure.

use super::lookup::{Fault, Stop};
use super::reading::Cell;
use crate::domain::ObsStatus;
use crate::domain::text::{NumberStyle, NumberText, read_number};

/// A number or the mark of a missing one, with the status that the source gives it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Amount {
    pub value: Option<f64>,
    pub status: ObsStatus,
}

/// What a cell says; `None` when nothing is written.
pub(super) fn read_amount(cell: Cell<'_>, style: NumberStyle) -> Result<Option<Amount>, Stop> {
    let missing = Ok(Some(Amount { value: None, status: ObsStatus::M }));
    let number = |value: f64| Ok(Some(Amount { value: Some(value), status: ObsStatus::A }));
    let fault = |why: &str| Err(Fault::of_value(why));
    match cell {
        Cell::Blank => Ok(None),
        Cell::Missing => missing,
        Cell::Other(what) => {
            Err(Fault::of_value(format!("the cell holds {what}, not a number; correct it at the source")))
        }
        Cell::Number(value, _) if !value.is_finite() => fault("the number is not finite; correct it at the source"),
        Cell::Number(value, status) => Ok(Some(Amount { value: Some(value), status })),
        Cell::Text(text) => match read_number(text, style) {
            Ok(NumberText::Value(value)) => number(value),
            Ok(NumberText::Zero) => number(0.0),
            Ok(NumberText::Missing) => missing,
            Ok(NumberText::Blank) => Ok(None),
            Ok(NumberText::Times(_)) => fault("a multiple (\"gấp .. lần\") is not a figure; write the figure itself"),
            Ok(NumberText::NotApplicable) => {
                fault("\"x\" says not applicable or confidential; leave the cell blank or skip the row")
            }
            Err(e) => Err(Fault::of_value(format!("{e}; correct it at the source, or declare numbers = \"..\""))),
        },
    }
}

/// `number * from / to`, with one rounding where the units differ by a whole factor.
pub(super) fn rescale(number: f64, from: f64, to: f64) -> f64 {
    if from >= to { number * (from / to) } else { number / (to / from) }
}

/// `number * scale`; a scale that is one over a whole number divides, which rounds once.
pub(super) fn scaled(number: f64, scale: f64) -> f64 {
    let inverse = (1.0 / scale).round();
    if scale < 1.0 && inverse * scale == 1.0 { number / inverse } else { number * scale }
}

/// Adds the offset; the sum keeps the decimals that the number was written with (107.39 - 100 is 7.39).
pub(super) fn shift(scaled: f64, written: f64, offset: f64) -> f64 {
    if offset == 0.0 {
        return scaled;
    }
    let sum = scaled + offset;
    let decimals = written.to_string().split_once('.').map_or(0, |(_, fraction)| fraction.len());
    if scaled == written { format!("{sum:.decimals$}").parse().unwrap_or(sum) } else { sum }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conversion_rounds_once() {
        assert_eq!(rescale(57_757.3, 1e6, 1e9), 57.7573);
        assert_eq!(rescale(0.07, 1e9, 1e6), 70.0);
        assert_eq!(rescale(3.0, 1.0, 1.0), 3.0);
        assert_eq!(scaled(57_757.3, 0.001), 57.7573);
        assert_eq!(scaled(2.5, -3.0), -7.5);
    }

    #[test]
    fn an_offset_keeps_the_decimals() {
        assert_eq!(shift(107.39, 107.39, -100.0), 7.39);
        assert_eq!(shift(98.0, 98.0, -100.0), -2.0);
        assert_eq!(shift(105.72475699564434, 105.72475699564434, -100.0), 5.72475699564434);
    }
}
