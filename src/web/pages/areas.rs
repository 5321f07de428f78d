//! Areas of one level compared: ranking, map and small multiples of one indicator.

use std::collections::BTreeMap;

use super::indicator_charts::source_foot;
use super::reading::{Found, Reading, drawn};
use super::view::View;
use crate::chart::spec::{
    Bar, Bars, Cell as ChartCell, Change as BarChange, Direction as Way, Frame, Multiples, Panel, TileMap, TileValue,
};
use crate::chart::{Chart, Ramp, Size, TileLayout};
use crate::cube::Cell;
use crate::domain::area::Area;
use crate::domain::{AreaKind, Direction, Freq, Period};
use crate::present::standing::{ranked, way};
use crate::present::{
    Change, Language, State, Verdict, exact, is_soft, label_of, number_format, pick, short_label, spoken, unit_label,
};

/// Small multiples take so many areas at most: all districts, not all wards.
const PANELS_MAX: usize = 24;

/// All districts (or wards) with their figures, in the order that matters.
pub struct Areas {
    /// The message.
    pub sentence: String,
    /// Ranking for desktops.
    pub broad: String,
    /// Ranking for phones.
    pub narrow: String,
    /// Schematic map; empty where there is no layout for the areas of the day.
    pub map: String,
    /// Little lines on one scale; empty where there are too many areas.
    pub multiples: String,
    /// The same as a table.
    pub rows: Vec<AreaRow>,
}

/// One area of the table.
pub struct AreaRow {
    /// Rank, from 1.
    pub rank: usize,
    /// Name.
    pub name: String,
    /// Its scorecard.
    pub url: String,
    /// This page for that area.
    pub here_url: String,
    /// Whether it is the area of the page.
    pub here: bool,
    /// Figure.
    pub shown: String,
    /// Not final.
    pub soft: Option<String>,
    /// Change on last year.
    pub change: Option<(&'static str, &'static str, String)>,
}

/// Compares the districts at the figure's period; `None` where the indicator has no figures for them.
pub fn areas(reading: &Reading<'_>, found: &Found<'_>, view: &View) -> Option<Areas> {
    if found.indicator.level < AreaKind::District {
        return None;
    }
    let period = found.cell.period;
    let list = ranked(reading, found, AreaKind::District, period);
    if list.len() < 2 {
        return None;
    }
    let sentence = sentence(reading, found, &list);
    let language = view.language;
    let subtitle = format!(
        "{} ({}), {}",
        reading.name(found.indicator),
        unit_label(found.unit, language),
        spoken(period, language)
    );
    let frame = Frame::new(&sentence, language).subtitle(subtitle).foot(source_foot(reading, found, view));
    let bars = Chart::Bars(bars(reading, found, view, &list, frame.clone()));
    Some(Areas {
        broad: drawn(&bars, bars.fitting(840)),
        narrow: drawn(&bars, bars.fitting(360)),
        map: map(reading, found, &list, frame.clone(), period),
        multiples: multiples(reading, found, &list, frame),
        rows: rows(reading, found, view, &list),
        sentence,
    })
}

fn sentence(reading: &Reading<'_>, found: &Found<'_>, list: &[(&Area, &Cell)]) -> String {
    let language = reading.language;
    let said = |value: f64| exact(value, found.indicator, found.unit, language).to_string();
    let ((first, most), (last, least)) = (list[0], list[list.len() - 1]);
    let (first, last) = (&first.name, &last.name);
    match (way(found.indicator), language) {
        (Direction::Neutral, Language::Vi) => {
            format!("{first} cao nhất với {}, {last} thấp nhất với {}", said(most.value), said(least.value))
        }
        (Direction::Neutral, Language::En) => {
            format!("{first} is highest at {}, {last} lowest at {}", said(most.value), said(least.value))
        }
        (_, Language::Vi) => {
            format!("Yếu nhất là {first} ({}), tốt nhất là {last} ({})", said(most.value), said(least.value))
        }
        (_, Language::En) => {
            format!("{first} does worst ({}), {last} best ({})", said(most.value), said(least.value))
        }
    }
}

/// The message of the map: how far apart the areas are.
fn spread(reading: &Reading<'_>, found: &Found<'_>, list: &[(&Area, &Cell)]) -> String {
    let language = reading.language;
    let whole = reading.cell(found.indicator, &reading.catalog.city, found.cell.period).filter(|_| found.unit.rate);
    let said = |value: f64| exact(value, found.indicator, found.unit, language).to_string();
    let n = list.len();
    if let Some(whole) = whole {
        let below = list.iter().filter(|(_, c)| c.value < whole.value).count();
        let whole = said(whole.value);
        return match language {
            Language::Vi => format!("{below} trong {n} địa bàn thấp hơn mức chung {whole}"),
            Language::En => format!("{below} of {n} areas are below the city's {whole}"),
        };
    }
    let low = list.iter().map(|(_, c)| c.value).fold(f64::INFINITY, f64::min);
    let high = list.iter().map(|(_, c)| c.value).fold(f64::NEG_INFINITY, f64::max);
    match language {
        Language::Vi => format!("{n} địa bàn từ {} đến {}", said(low), said(high)),
        Language::En => format!("{n} areas from {} to {}", said(low), said(high)),
    }
}

fn change_of(reading: &Reading<'_>, found: &Found<'_>, cell: &Cell) -> Option<Change> {
    let base = cell.yoy_value?;
    Change::of(cell.value, base, found.indicator, found.unit, reading.language)
}

fn bars(reading: &Reading<'_>, found: &Found<'_>, view: &View, list: &[(&Area, &Cell)], frame: Frame) -> Bars {
    let language = view.language;
    let bar = |(area, cell): &(&Area, &Cell)| {
        let change = change_of(reading, found, cell).map(|c| {
            let state = match c.verdict {
                Verdict::Good => State::OnTarget,
                Verdict::Bad => State::Off,
                Verdict::Plain => State::Unknown,
            };
            let rises = match c.arrow() {
                "▲" => Some(true),
                "▼" => Some(false),
                _ => None,
            };
            BarChange { text: c.text(language), rises, state }
        });
        let highlighted = area.code == view.area;
        Bar { provisional: is_soft(cell), change, highlighted, ..Bar::new(&area.name, cell.value) }
    };
    // A mean of the city beside its parts makes sense for rates only; a sum would dwarf them.
    let whole = reading.cell(found.indicator, &view.city, found.cell.period).filter(|_| found.unit.rate);
    Bars {
        frame,
        direction: Way::Lying,
        bars: list.iter().map(bar).collect(),
        format: number_format(found.indicator, found.unit, language),
        n_heading: String::new(),
        change_heading: pick(language, "so cùng kỳ", "on last year").to_owned(),
        reference: whole.map(|c| (pick(language, "Toàn thành phố", "Whole city").to_owned(), c.value)),
    }
}

/// Five even steps from the smallest to the largest value.
fn stops(values: impl Iterator<Item = f64> + Clone) -> Vec<f64> {
    let low = values.clone().fold(f64::INFINITY, f64::min);
    let high = values.fold(f64::NEG_INFINITY, f64::max);
    (0..5).map(|k| low + (high - low) * f64::from(k) / 4.0).collect()
}

fn map(reading: &Reading<'_>, found: &Found<'_>, list: &[(&Area, &Cell)], frame: Frame, period: Period) -> String {
    let layout = TileLayout::districts_2021();
    let title = spread(reading, found, list);
    let frame = Frame { title, ..frame };
    let known = |code: &str| layout.tiles().iter().any(|t| t.code == code);
    if !list.iter().all(|(area, _)| known(&area.code)) || period.year() < 2021 {
        return String::new();
    }
    let value = |cell: &Cell| TileValue {
        cell: ChartCell::Value { value: cell.value, n: None, provisional: is_soft(cell) },
        state: None,
    };
    let values: BTreeMap<String, TileValue> =
        list.iter().map(|(area, cell)| (area.code.clone(), value(cell))).collect();
    let chart = Chart::TileMap(TileMap {
        frame,
        layout,
        values,
        ramp: Ramp::amount(&stops(list.iter().map(|(_, c)| c.value))),
        format: number_format(found.indicator, found.unit, reading.language),
    });
    drawn(&chart, chart.fitting(560))
}

fn multiples(reading: &Reading<'_>, found: &Found<'_>, list: &[(&Area, &Cell)], frame: Frame) -> String {
    if list.len() > PANELS_MAX {
        return String::new();
    }
    let last = found.cell.period;
    let count = match last.freq() {
        Freq::M => 24,
        Freq::Q => 12,
        Freq::A => 6,
    };
    let periods: Vec<Period> = (0..count).rev().map(|back| last.offset(-back)).collect();
    let values = |area: &str| -> Vec<Option<f64>> {
        periods.iter().map(|p| reading.cell(found.indicator, area, *p).map(|c| c.value)).collect()
    };
    let began = (0..periods.len())
        .find(|k| list.iter().any(|(area, _)| values(&area.code)[*k].is_some()))
        .unwrap_or(periods.len() - 1);
    if periods.len() - began < 3 {
        return String::new();
    }
    let panel = |(area, _): &(&Area, &Cell)| Panel {
        name: area.name.clone(),
        values: values(&area.code)[began..].to_vec(),
        state: None,
    };
    let language = reading.language;
    let city = values(&reading.catalog.city)[began..].to_vec();
    let whole = pick(language, "Toàn thành phố", "Whole city").to_owned();
    let title = match language {
        Language::Vi => format!(
            "Diễn biến từ {} đến {}, cùng một thang đo",
            spoken(periods[began], language),
            spoken(last, language)
        ),
        Language::En => {
            format!("From {} to {}, on one scale", label_of(periods[began], language), label_of(last, language))
        }
    };
    let chart = Chart::Multiples(Multiples {
        frame: Frame { title, ..frame },
        periods: (short_label(periods[began], language), short_label(last, language)),
        panels: list.iter().map(panel).collect(),
        target: None,
        reference: (found.unit.rate && city.iter().any(Option::is_some)).then_some((whole, city)),
        format: number_format(found.indicator, found.unit, language),
        from_zero: false,
    });
    drawn(&chart, chart.fitting(Size::DESKTOP.width * 5 / 8))
}

fn rows(reading: &Reading<'_>, found: &Found<'_>, view: &View, list: &[(&Area, &Cell)]) -> Vec<AreaRow> {
    let path = format!("/indicators/{}", found.indicator.code);
    let row = |(k, (area, cell)): (usize, &(&Area, &Cell))| AreaRow {
        rank: k + 1,
        name: area.name.clone(),
        url: view.url(&format!("/units/{}", area.code), &[("area", "")]),
        here_url: view.url(&path, &[("area", &area.code)]),
        here: area.code == view.area,
        shown: exact(cell.value, found.indicator, found.unit, view.language).number,
        soft: reading.soft_words(cell),
        change: change_of(reading, found, cell).map(|c| (c.verdict.class(), c.arrow(), c.text(view.language))),
    };
    list.iter().enumerate().map(row).collect()
}
