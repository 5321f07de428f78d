//! `areas-CODE`: an indicator by district in one period, as bars (what needs attention first) or on the tile map.

use std::collections::BTreeMap;

use super::reading::Reading;
use super::sheet::{FigureSheet, is_provisional};
use crate::chart::spec::{
    Bar, Bars, Cell as Tile, Change as BarChange, Direction as Way, Language, NumberFormat, State, TileMap, TileValue,
};
use crate::chart::{Chart, Ramp, TileLayout};
use crate::cube::Cell;
use crate::domain::{Direction, Period};
use crate::present::standing::way;
use crate::present::{Change, Thresholds, Verdict};

/// The districts of the last period in which any has a figure (or of the one asked for); `city` is the figure of the
/// whole, drawn beside the bars where an area can be compared with it. The area of the sheet stands out, of the whole
/// city's the first.
pub fn areas(sheet: &FigureSheet<'_>, as_map: bool, city: &[Cell]) -> Chart {
    compared(sheet, as_map, city, true)
}

/// The same of those areas only that are in the sheet, of whatever kind.
pub fn some_areas(sheet: &FigureSheet<'_>, as_map: bool, city: &[Cell]) -> Chart {
    compared(sheet, as_map, city, false)
}

fn compared(sheet: &FigureSheet<'_>, as_map: bool, city: &[Cell], with_missing: bool) -> Chart {
    let Some(period) = sheet.period.or_else(|| sheet.cells.iter().map(|cell| cell.period).max()) else {
        return sheet.only_words();
    };
    let thresholds = Thresholds::of(sheet.indicator);
    let of_period = sheet.cells.iter().filter(|cell| cell.period == period);
    let (small, mut cells): (Vec<&Cell>, Vec<&Cell>) =
        of_period.partition(|cell| thresholds.is_too_few(cell.denominator));
    if cells.is_empty() {
        return sheet.only_words();
    }
    cells.sort_by(|a, b| {
        let order = match way(sheet.indicator) {
            Direction::HigherBetter => a.value.total_cmp(&b.value),
            Direction::LowerBetter | Direction::Neutral => b.value.total_cmp(&a.value),
        };
        order.then_with(|| a.area.cmp(&b.area))
    });
    let all: Vec<Cell> = cells.iter().map(|cell| (*cell).clone()).collect();
    let reading = sheet.reading(&all);
    let words = sheet.words();
    let by = words.pick("theo quận, huyện", "by district");
    let part = cells.iter().find_map(|cell| sheet.coverage(cell)).map_or(String::new(), |part| format!(" ({part})"));
    let subtitle = format!("{}, {}, {by}, {}{part}", sheet.name(), reading.unit, words.period(period));
    let message = if as_map { spread(sheet, &cells, city, &reading) } else { title(sheet, &cells, &reading) };
    let frame = sheet.frame(message, subtitle, &all);
    if as_map {
        let values = cells.iter().map(|cell| {
            let value = cell.value / reading.factor;
            let tile = Tile::Value { value, n: None, provisional: is_provisional(cell) };
            (cell.area.to_string(), TileValue { cell: tile, state: thresholds.state(cell.value) })
        });
        let few = |cell: &&Cell| {
            let n = cell.denominator.map(|cases| cases as u64);
            (cell.area.to_string(), TileValue { cell: Tile::TooFew { n }, state: None })
        };
        let layout = TileLayout::districts_2021();
        let values = values.chain(small.iter().map(few));
        let values: BTreeMap<String, TileValue> =
            values.filter(|(code, _)| layout.tiles().iter().any(|tile| tile.code == *code)).collect();
        let ramp = ramp(&cells, &reading);
        // The key has no room for words; the unit stands in the subtitle.
        let unit = if reading.format.unit.chars().count() <= 2 { reading.format.unit.as_str() } else { "" };
        let format = NumberFormat::new(reading.format.decimals, unit);
        return Chart::TileMap(TileMap { frame, layout, values, ramp, format });
    }
    let bars = cells.iter().enumerate().map(|(place, cell)| Bar {
        state: thresholds.state(cell.value),
        provisional: is_provisional(cell),
        target: cell.target_value.map(|plan| plan / reading.factor),
        highlighted: if sheet.area == sheet.catalog.city { place == 0 } else { *cell.area == *sheet.area },
        change: change(sheet, cell),
        ..Bar::new(sheet.area_name(&cell.area, Some(period)), cell.value / reading.factor)
    });
    let few = small
        .iter()
        .map(|cell| Bar { state: Some(State::TooFew), ..Bar::missing(sheet.area_name(&cell.area, Some(period))) });
    let missing = if with_missing { without(sheet, period) } else { Vec::new() };
    Chart::Bars(Bars {
        frame,
        direction: Way::Lying,
        bars: bars.chain(few).chain(missing).collect(),
        reference: reference(sheet, city, period, &reading),
        format: reading.format,
        n_heading: String::new(),
        change_heading: change_heading(sheet, &cells),
    })
}

/// What the column of changes is called; empty where there is none.
fn change_heading(sheet: &FigureSheet<'_>, cells: &[&Cell]) -> String {
    match cells.iter().any(|cell| change(sheet, cell).is_some()) {
        true => sheet.words().pick("so cùng kỳ", "on last year").to_owned(),
        false => String::new(),
    }
}

/// The change on last year, coloured by what is good for the indicator.
fn change(sheet: &FigureSheet<'_>, cell: &Cell) -> Option<BarChange> {
    let unit = sheet.catalog.unit_of(sheet.indicator);
    let change = Change::of(cell.value, cell.yoy_value?, sheet.indicator, unit, sheet.language)?;
    let state = match change.verdict {
        Verdict::Good => State::OnTarget,
        Verdict::Bad => State::Off,
        Verdict::Plain => State::Unknown,
    };
    let rises = match change.arrow() {
        "▲" => Some(true),
        "▼" => Some(false),
        _ => None,
    };
    Some(BarChange { text: change.text(sheet.language), rises, state })
}

/// The message of the map: how far apart the areas are.
fn spread(sheet: &FigureSheet<'_>, cells: &[&Cell], city: &[Cell], reading: &Reading) -> String {
    let told = |value: f64| reading.told(value, sheet.language);
    let (name, n) = (sheet.name(), cells.len());
    if let Some((_, whole)) = cells.first().and_then(|cell| reference(sheet, city, cell.period, reading)) {
        let below = cells.iter().filter(|cell| cell.value / reading.factor < whole).count();
        let whole = told(whole * reading.factor);
        return match sheet.language {
            Language::Vi => format!("{name}: {below} trong {n} địa bàn thấp hơn mức chung {whole}"),
            Language::En => format!("{name}: {below} of {n} areas are below the city's {whole}"),
        };
    }
    let low = cells.iter().map(|cell| cell.value).fold(f64::INFINITY, f64::min);
    let high = cells.iter().map(|cell| cell.value).fold(f64::NEG_INFINITY, f64::max);
    match sheet.language {
        Language::Vi => format!("{name}: {n} địa bàn từ {} đến {}", told(low), told(high)),
        Language::En => format!("{name}: {n} areas from {} to {}", told(low), told(high)),
    }
}

/// Districts of the period that have no figure.
fn without(sheet: &FigureSheet<'_>, period: Period) -> Vec<Bar> {
    let tree = &sheet.catalog.areas;
    let districts = tree.of_kind_on(crate::domain::AreaKind::District, period.last_day());
    let has_figure = |code: &str| sheet.cells.iter().any(|cell| cell.period == period && *cell.area == *code);
    let missing = districts.map(|ix| tree.area(ix)).filter(|area| !has_figure(&area.code));
    missing.map(|area| Bar::missing(area.name.clone())).collect()
}

/// Amounts of a district are no match for the city's; rates and means are.
fn reference(sheet: &FigureSheet<'_>, city: &[Cell], period: Period, reading: &Reading) -> Option<(String, f64)> {
    let is_comparable = !matches!(sheet.indicator.kind.as_str(), "flow" | "count" | "stock");
    let cell = city.iter().find(|cell| cell.period == period).filter(|_| is_comparable)?;
    Some((sheet.words().pick("Toàn thành phố", "The whole city").to_owned(), cell.value / reading.factor))
}

/// Even steps from zero, or from the least where that lies far from it.
fn ramp(cells: &[&Cell], reading: &Reading) -> Ramp {
    let values = || cells.iter().map(|cell| cell.value / reading.factor);
    let (least, most) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
    let from = if least >= 0.0 && least < most * 0.5 { 0.0 } else { least };
    let step = round_step((most - from).max(f64::MIN_POSITIVE) / 5.0);
    let from = (from / step).floor() * step;
    let steps = ((most - from) / step).ceil().max(1.0) as u32;
    Ramp::amount(&(0..=steps).map(|k| from + step * f64::from(k)).collect::<Vec<_>>())
}

/// The next of 1, 2, 2.5 and 5 times a power of ten.
fn round_step(rough: f64) -> f64 {
    let power = 10f64.powf(rough.log10().floor());
    [1.0, 2.0, 2.5, 5.0, 10.0]
        .map(|times| times * power)
        .into_iter()
        .find(|step| *step >= rough)
        .unwrap_or(10.0 * power)
}

fn title(sheet: &FigureSheet<'_>, cells: &[&Cell], reading: &Reading) -> String {
    let name = |cell: &Cell| sheet.area_name(&cell.area, Some(cell.period));
    let told = |cell: &Cell| reading.told(cell.value, sheet.language);
    match (cells.first(), cells.last(), sheet.language) {
        (Some(first), Some(last), language) if cells.len() > 1 && first.value != last.value => {
            let (first, last) =
                (format!("{} ({})", name(first), told(first)), format!("{} ({})", name(last), told(last)));
            let what = sheet.name();
            match (way(sheet.indicator), language) {
                (Direction::Neutral, Language::Vi) => format!("{what}: cao nhất {first}, thấp nhất {last}"),
                (Direction::Neutral, Language::En) => format!("{what}: highest in {first}, lowest in {last}"),
                (_, Language::Vi) => format!("{what}: yếu nhất là {first}, tốt nhất là {last}"),
                (_, Language::En) => format!("{what}: weakest in {first}, best in {last}"),
            }
        }
        (Some(only), _, Language::Vi) if cells.len() > 1 => {
            format!("{}: các nơi bằng nhau, {}", sheet.name(), told(only))
        }
        (Some(only), _, Language::En) if cells.len() > 1 => {
            format!("{}: the same everywhere, {}", sheet.name(), told(only))
        }
        (Some(only), _, _) => format!("{}: {} {}", sheet.name(), name(only), told(only)),
        (None, _, _) => sheet.name().to_owned(),
    }
}
