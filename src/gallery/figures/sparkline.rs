//! `sparkline-CODE`: the last two years of an indicator as a line without axes.

use super::sheet::{FigureSheet, is_provisional, periods_between};
use crate::chart::Chart;
use crate::chart::spec::{NumberFormat, Sparkline};
use crate::domain::Freq;
use crate::present::Thresholds;

/// A small line up to the last period: 24 months, 12 quarters or 10 years.
pub fn sparkline(sheet: &FigureSheet<'_>) -> Chart {
    let kept = sheet.told(sheet.shown());
    let cells = sheet.comparable(&kept);
    let (Some(first), Some(last)) = (cells.first(), cells.last()) else { return sheet.only_words() };
    let count = match sheet.freq {
        Freq::M => 24,
        Freq::Q => 12,
        Freq::A => 10,
    };
    let from = last.period.offset(1 - count);
    let periods = periods_between(if first.period > from { first.period } else { from }, last.period);
    let reading = sheet.reading(&cells[cells.len().saturating_sub(periods.len())..]);
    let at = |period| cells.binary_search_by(|cell| cell.period.cmp(period)).ok().map(|k| &cells[k]);
    let words = sheet.words();
    let title =
        format!("{}: {}, {}", sheet.name(), words.period(last.period), reading.told(last.value, sheet.language));
    let subtitle = format!("{} – {}", words.period(periods[0]), words.period(last.period));
    let provisional = cells.iter().rev().take(periods.len()).take_while(|cell| is_provisional(cell)).count();
    Chart::Sparkline(Sparkline {
        frame: sheet.frame(title, subtitle, cells),
        values: periods.iter().map(|period| at(period).map(|cell| cell.value / reading.factor)).collect(),
        target: last.target_value.map(|plan| plan / reading.factor),
        state: Thresholds::of(sheet.indicator).state(last.value),
        format: Some(NumberFormat::new(reading.format.decimals, "")),
        provisional,
    })
}
