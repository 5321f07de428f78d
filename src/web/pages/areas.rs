//! Areas of one level compared: ranking, map and small multiples of one indicator.

use super::indicator_charts::source_foot;
use super::reading::{Found, Reading, drawn};
use super::view::View;
use crate::chart::spec::{Frame, Multiples, Panel};
use crate::chart::{Chart, Size, TileLayout};
use crate::cube::Cell;
use crate::domain::area::Area;
use crate::domain::{AreaKind, Direction, Freq, Period};
use crate::gallery::{self, FigureSheet};
use crate::present::standing::{ranked, way};
use crate::present::{Change, Language, exact, label_of, number_format, pick, short_label, spoken, unit_label};

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
    let frame = frame(reading, found, view, &list);
    let bars = bars(reading, found, view, &list, frame.clone());
    let drawing = |chart: Option<Chart>, width: u32| chart.map_or_else(String::new, |c| drawn(&c, c.fitting(width)));
    Some(Areas {
        broad: drawn(&bars, bars.fitting(840)),
        narrow: drawn(&bars, bars.fitting(360)),
        map: drawing(map(reading, found, view, &list), 560),
        sentence: frame.title.clone(),
        multiples: drawing(multiples(reading, found, &list, (frame, None)), Size::DESKTOP.width * 5 / 8),
        rows: rows(reading, found, view, &list),
    })
}

/// The message of areas in their order, what is shown, and where it comes from.
pub fn frame(reading: &Reading<'_>, found: &Found<'_>, view: &View, list: &[(&Area, &Cell)]) -> Frame {
    let language = view.language;
    let subtitle = format!(
        "{} ({}), {}",
        reading.name(found.indicator),
        unit_label(found.unit, language),
        spoken(found.cell.period, language)
    );
    Frame::new(sentence(reading, found, list), language).subtitle(subtitle).foot(source_foot(reading, found, view))
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

fn change_of(reading: &Reading<'_>, found: &Found<'_>, cell: &Cell) -> Option<Change> {
    let base = cell.yoy_value?;
    Change::of(cell.value, base, found.indicator, found.unit, reading.language)
}

/// Areas as bars, in the order given.
pub fn bars(reading: &Reading<'_>, found: &Found<'_>, view: &View, list: &[(&Area, &Cell)], frame: Frame) -> Chart {
    let mut chart = compared(reading, found, view, (list, false));
    // The page says which indicator it is.
    if let Chart::Bars(bars) = &mut chart {
        // The subtitle says the unit that the gallery reads the figures in.
        bars.frame = Frame { subtitle: bars.frame.subtitle.clone(), ..frame };
    }
    chart
}

/// Areas near their true places; `None` where there is no layout for the areas of the day.
pub fn map(reading: &Reading<'_>, found: &Found<'_>, view: &View, list: &[(&Area, &Cell)]) -> Option<Chart> {
    let layout = TileLayout::districts_2021();
    let known = |code: &str| layout.tiles().iter().any(|t| t.code == code);
    let has_layout = found.cell.period.year() >= 2021 && list.iter().all(|(area, _)| known(&area.code));
    has_layout.then(|| compared(reading, found, view, (list, true)))
}

fn compared(reading: &Reading<'_>, found: &Found<'_>, view: &View, (list, as_map): (&[(&Area, &Cell)], bool)) -> Chart {
    let cells: Vec<Cell> = list.iter().map(|(_, cell)| (*cell).clone()).collect();
    let city = reading.cell(found.indicator, &view.city, found.cell.period).cloned();
    let beside = FigureSheet::beside(reading, found, &view.served.version);
    let sheet = FigureSheet { area: &view.area, cells: &cells, ..beside };
    gallery::some_areas(&sheet, as_map, city.as_slice())
}

/// Areas as little lines on one scale, over so many periods or the usual ones; `None` where there are too many areas or
/// too few periods.
pub fn multiples(
    reading: &Reading<'_>,
    found: &Found<'_>,
    list: &[(&Area, &Cell)],
    (frame, count): (Frame, Option<i32>),
) -> Option<Chart> {
    if list.len() > PANELS_MAX {
        return None;
    }
    let last = found.cell.period;
    let count = count.unwrap_or(match last.freq() {
        Freq::M => 24,
        Freq::Q => 12,
        Freq::A => 6,
    });
    let periods: Vec<Period> = (0..count).rev().map(|back| last.offset(-back)).collect();
    let values = |area: &str| -> Vec<Option<f64>> {
        periods.iter().map(|p| reading.cell(found.indicator, area, *p).map(|c| c.value)).collect()
    };
    let began = (0..periods.len())
        .find(|k| list.iter().any(|(area, _)| values(&area.code)[*k].is_some()))
        .unwrap_or(periods.len() - 1);
    if periods.len() - began < 3 {
        return None;
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
    Some(Chart::Multiples(Multiples {
        frame: Frame { title, ..frame },
        periods: (short_label(periods[began], language), short_label(last, language)),
        panels: list.iter().map(panel).collect(),
        target: None,
        reference: (found.unit.rate && city.iter().any(Option::is_some)).then_some((whole, city)),
        format: number_format(found.indicator, found.unit, language),
        from_zero: false,
    }))
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
