//! `overdue-ranking`: units by their share overdue, with the number behind it and what changed.

use super::super::asked::Asked;
use super::super::error::GalleryError;
use super::super::words::Words;
use super::headline::Standing;
use super::heatmap::part_of;
use super::told;
use crate::cases::views::{self, Axis, Ranked, Share};
use crate::chart::Chart;
use crate::chart::spec::{Bar, Bars, Change, Direction, Language, NumberFormat, State};

/// Wards and authorities beyond these are left out, and the chart says so.
const MOST_BARS: usize = 40;

/// Bars of the share overdue, the highest first; districts with too few cases follow without one.
pub fn ranking(asked: &Asked<'_>, by: Axis) -> Result<Chart, GalleryError> {
    let lens = asked.lens()?;
    let (names, words) = (asked.names(&lens), asked.words());
    let found = views::ranking(&lens, by)?;
    let named = |unit: &Ranked| names.of(by, &unit.code);
    let ranked: Vec<(String, Share)> = found.ranked.iter().map(|unit| (named(unit), unit.overdue)).collect();
    let window = words.window(lens.from, lens.to);
    let title = Standing { words, units: by, window: &window, ranked: &ranked, average: found.average }.headline();
    let shown = found.ranked.len().min(MOST_BARS);
    let part = if shown == ranked.len() { String::new() } else { part_of(words, (shown, ranked.len()), by) };
    let unit = words.unit(by);
    let what = match words.0 {
        Language::Vi => format!("Tỷ lệ trễ hạn, % số phản ánh đến hạn, theo {unit}{part}"),
        Language::En => format!("Share overdue, % of cases due, by {unit}{part}"),
    };
    let frame = asked.frame(&lens, title, &what);
    let description = format!("{}.{}", frame.subtitle, told(words, &ranked));
    let frame = frame.description(description);
    let thresholds = asked.thresholds();
    let small = found.small.iter().filter(|unit| by == Axis::District && unit.overdue.cases > 0);
    let bars = found.ranked[..shown].iter().enumerate().map(|(place, unit)| {
        let percent = unit.overdue.value().unwrap_or_default() * 100.0;
        Bar {
            n: Some(u64::from(unit.overdue.cases)),
            state: thresholds.state(percent),
            change: unit.change.map(|change| change_of(words, change)),
            highlighted: place == 0,
            ..Bar::new(named(unit), percent)
        }
    });
    let small = small.map(|unit| Bar {
        n: Some(u64::from(unit.overdue.cases)),
        state: Some(State::TooFew),
        ..Bar::missing(named(unit))
    });
    let bars: Vec<Bar> = bars.chain(small).collect();
    if bars.is_empty() {
        return Ok(asked.only_words(frame));
    }
    let mean = if asked.question.filter.areas.is_empty() {
        words.pick("Thành phố", "City")
    } else {
        words.pick("Trung bình", "Average")
    };
    Ok(Chart::Bars(Bars {
        frame,
        direction: Direction::Lying,
        bars,
        format: NumberFormat::new(1, "%"),
        n_heading: words.pick("Đến hạn", "Due").to_owned(),
        change_heading: words.pick("So kỳ liền trước", "On window before").to_owned(),
        reference: found.average.shown().map(|share| (mean.to_owned(), share * 100.0)),
    }))
}

/// A change of a share overdue: a rise is bad.
fn change_of(words: Words, change: f64) -> Change {
    let tenths = (change * 1000.0).round();
    let format = NumberFormat { signed: true, ..NumberFormat::new(1, words.pick("điểm", "pts")) };
    Change {
        text: format.print(tenths / 10.0, words.0),
        rises: (tenths != 0.0).then_some(tenths > 0.0),
        state: match tenths {
            t if t > 0.0 => State::Off,
            t if t < 0.0 => State::OnTarget,
            _ => State::Unknown,
        },
    }
}
