//! `case-backlog`: what is open, by age or by unit, and how much of it is overdue.

use super::super::asked::Asked;
use super::super::error::GalleryError;
use super::super::words::Words;
use crate::cases::views::{self, AGE_BANDS, Axis, Backlog, Lens, Share};
use crate::chart::Chart;
use crate::chart::spec::{Bar, Bars, Change, Direction, Frame, Language, NumberFormat, State};

/// Units beyond these are left out, and the chart says so.
const MOST_BARS: usize = 30;

/// Bars of what is open: by age for the total, else by unit, the most overdue first.
pub fn backlog(asked: &Asked<'_>, by: Axis) -> Result<Chart, GalleryError> {
    let lens = asked.lens()?;
    let calendar = &asked.catalog.calendar;
    let all = views::backlog(&lens, calendar)?;
    let words = asked.words();
    let at = words.instant(lens.to.saturating_sub(1));
    let title = title(words, &all, &at);
    let (bars, part) = if by == Axis::Total {
        (by_age(asked, &lens, &all), String::new())
    } else {
        let mut units = views::backlog_by(&lens, calendar, by)?;
        units.sort_by(|a, b| (b.open_overdue, b.open, &a.code).cmp(&(a.open_overdue, a.open, &b.code)));
        let shown = units.len().min(MOST_BARS);
        let part = if shown < units.len() { hidden(words, (shown, units.len()), by) } else { String::new() };
        let names = asked.names(&lens);
        let bars = units[..shown].iter().map(|unit| bar(words, names.of(by, &unit.code), unit.open, unit.open_overdue));
        (bars.collect(), part)
    };
    let what = match (words.0, by) {
        (Language::Vi, Axis::Total) => "Số phản ánh chưa giải quyết theo thời gian chờ từ khi tiếp nhận".to_owned(),
        (Language::En, Axis::Total) => "Open cases by time since they came in".to_owned(),
        (Language::Vi, _) => format!("Số phản ánh chưa giải quyết theo {}{part}", words.unit(by)),
        (Language::En, _) => format!("Open cases by {}{part}", words.unit(by)),
    };
    let frame = frame(asked, &lens, title, &what, &at);
    if all.open == 0 || bars.is_empty() {
        return Ok(asked.only_words(frame));
    }
    Ok(Chart::Bars(Bars {
        frame,
        direction: Direction::Lying,
        bars,
        format: NumberFormat::new(0, ""),
        n_heading: String::new(),
        change_heading: words.pick("Trong đó quá hạn", "Of these overdue").to_owned(),
        reference: None,
    }))
}

/// A stock is of an instant, not of a window.
fn frame(asked: &Asked<'_>, lens: &Lens<'_>, title: String, what: &str, at: &str) -> Frame {
    let words = asked.words();
    let frame = asked.frame(lens, title, what);
    let window = words.window(lens.from, lens.to);
    let subtitle = frame.subtitle.replacen(&format!(", {window}"), &format!(", {} {at}", words.pick("lúc", "at")), 1);
    frame.subtitle(subtitle)
}

fn by_age(asked: &Asked<'_>, lens: &Lens<'_>, all: &Backlog) -> Vec<Bar> {
    let names = asked.names(lens);
    let counts = all.by_age.iter().zip(&all.overdue_by_age);
    let bars = AGE_BANDS.iter().zip(counts);
    bars.map(|(band, (open, late))| bar(asked.words(), names.of(Axis::AgeBand, band), *open, *late)).collect()
}

fn bar(words: Words, name: String, open: u32, late: u32) -> Bar {
    let text = match Share::of(late, open).shown() {
        Some(share) if late > 0 => format!("{} ({})", words.count(late), words.percent(share)),
        _ => words.count(late),
    };
    let state = if late == 0 { State::Unknown } else { State::Off };
    Bar { change: Some(Change { text, rises: None, state }), ..Bar::new(name, f64::from(open)) }
}

fn title(words: Words, all: &Backlog, at: &str) -> String {
    let (open, late) = (words.count(all.open), words.count(all.open_overdue));
    if all.open == 0 {
        return match words.0 {
            Language::Vi => format!("Không còn phản ánh nào chưa giải quyết lúc {at}"),
            Language::En => format!("No case is open at {at}"),
        };
    }
    let old = all.by_age.last().copied().unwrap_or_default();
    let share = Share::of(all.open_overdue, all.open).shown();
    let share = share.map_or(String::new(), |share| format!(" ({})", words.percent(share)));
    let old = match (old, words.0) {
        (0, _) => String::new(),
        (old, Language::Vi) => format!("; {} đã chờ trên 30 ngày", words.count(old)),
        (old, Language::En) => format!("; {} waiting for over 30 days", words.count(old)),
    };
    match (all.open_overdue, words.0) {
        (0, Language::Vi) => format!("Còn {open} phản ánh chưa giải quyết, chưa phản ánh nào quá hạn{old}"),
        (0, Language::En) => format!("{open} cases are open, none of them overdue{old}"),
        (_, Language::Vi) => format!("Còn {open} phản ánh chưa giải quyết, {late}{share} đã quá hạn{old}"),
        (_, Language::En) => format!("{open} cases are open, {late} of them{share} overdue{old}"),
    }
}

fn hidden(words: Words, (shown, all): (usize, usize), by: Axis) -> String {
    let (shown, all) = (words.count(shown as u64), words.count(all as u64));
    match words.0 {
        Language::Vi => format!(" ({shown} nhiều quá hạn nhất trong {all} {})", words.unit(by)),
        Language::En => format!(" (the {shown} with most overdue of {all} {})", words.units(by)),
    }
}
