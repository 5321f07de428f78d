//! Charts of the brief: from the gallery, as files that the template places.

use std::collections::BTreeMap;

use super::{Picture, Scene};
use crate::chart::{Chart, Size};
use crate::domain::{Breakdown, Period, TOTAL};
use crate::gallery::{self, Asked, FigureSheet, GalleryError};
use crate::present::reading::{Found, Reading};

/// Width of a chart that spans the page, and of one of two beside each other, in pixels of the chart.
const WHOLE: u32 = 680;
const HALF: u32 = 420;
/// Height of a figure's chart: four of them stand below each other on a page.
const FIGURE_HEIGHT: u32 = 284;

/// A chart as a file. One that cannot be drawn is left out: its table stands beside it, and the reason is logged.
fn kept(id: &'static str, chart: &Chart, size: Size, files: &mut BTreeMap<String, Vec<u8>>) -> Option<Picture> {
    let frame = chart.frame();
    let told = if frame.description.is_empty() { &frame.subtitle } else { &frame.description };
    let alt = format!("{}. {told}", frame.title);
    match chart.svg(size) {
        Ok(svg) => {
            let file = format!("charts/{id}.svg");
            files.insert(file.clone(), svg.into_bytes());
            Some(Picture { id, file, alt })
        }
        Err(error) => {
            tracing::warn!(chart.title = frame.title, "chart {id} could not be drawn: {error}");
            None
        }
    }
}

/// A question about the cases of the period, as the gallery asks it.
fn asked<'a>(scene: &Scene<'a>, is_begun: bool) -> Asked<'a> {
    let cases = &scene.served.cases;
    Asked {
        catalog: scene.catalog,
        book: &cases.book,
        question: cases.question(&scene.case_query(scene.asked.period, scene.asked.period)),
        is_begun,
        version: &scene.served.version,
        language: scene.asked.language,
    }
}

/// A chart of the cases, across the page or half of it.
pub(super) fn of_cases(
    scene: &Scene<'_>,
    id: &'static str,
    (is_begun, is_half): (bool, bool),
    draw: impl FnOnce(&Asked<'_>) -> Result<Chart, GalleryError>,
    files: &mut BTreeMap<String, Vec<u8>>,
) -> Option<Picture> {
    match draw(&asked(scene, is_begun)) {
        Ok(chart) => kept(id, &chart, chart.fitting(if is_half { HALF } else { WHOLE }), files),
        Err(error) => {
            tracing::warn!("chart {id} could not be made: {error}");
            None
        }
    }
}

/// Five years of a figure, half a page wide.
pub(super) fn of_figure(scene: &Scene<'_>, f: &Found<'_>, files: &mut BTreeMap<String, Vec<u8>>) -> Option<Picture> {
    let reading = Reading { catalog: scene.catalog, cube: &scene.served.cube, language: scene.asked.language };
    let beside = FigureSheet::beside(&reading, f, &scene.served.version);
    let sheet = FigureSheet { as_of: scene.asked.as_of, ..beside };
    let chart = gallery::indicator(&sheet);
    let frame = chart.frame();
    let (title, file) = (frame.title.clone(), format!("charts/{}.svg", f.indicator.code));
    let alt = format!("{title}. {}", frame.subtitle);
    match chart.svg(Size::new(HALF, FIGURE_HEIGHT)) {
        Ok(svg) => {
            files.insert(file.clone(), svg.into_bytes());
            Some(Picture { id: "figure", file, alt })
        }
        Err(error) => {
            tracing::warn!(chart.title = title, "chart could not be drawn: {error}");
            None
        }
    }
}

/// Plans of the share overdue by month, in percent.
pub(super) fn overdue_plans(scene: &Scene<'_>) -> BTreeMap<Period, f64> {
    let cells = scene
        .served
        .cube
        .block("1405")
        .map(|block| block.series(&scene.catalog.city, TOTAL, &Breakdown::TOTAL, crate::domain::Freq::M));
    cells.into_iter().flatten().filter_map(|cell| Some((cell.period, cell.target_value?))).collect()
}
