//! The charts of the explorer: one for each unit of measure, on the page and as images.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use super::choice::{Chosen, Line, Selection, names};
use crate::chart::spec::{Frame, Lines, Point, Role, Series};
use crate::chart::{Chart, Size};
use crate::cube::Cell;
use crate::domain::Unit;
use crate::present::{
    Language, exact, headline, label_of, number_format, pick, short_label, spoken, too_few, unit_label,
};
use crate::web::api::query::is_fresh;
use crate::web::pages::problem::PageProblem;
use crate::web::pages::reading::Reading;
use crate::web::pages::view::{Asked, View};
use crate::web::state::ApiState;

/// Lines a chart can tell apart.
pub const LINES_MAX: usize = 6;

/// A chart and the lines of its table, of which it draws the first six.
pub struct Drawing {
    /// The chart.
    pub chart: Chart,
    /// Places of the lines in the selection.
    pub lines: Vec<usize>,
}

/// The charts of a selection, one per unit of measure.
pub fn drawings(reading: &Reading<'_>, view: &View, selection: &Selection<'_>) -> Vec<Drawing> {
    let mut units: Vec<&str> = selection.lines.iter().map(|l| l.indicator.unit.as_str()).collect();
    units.sort_unstable();
    units.dedup();
    let of_unit = |unit: &str| {
        let of_unit = |k: &usize| selection.lines[*k].indicator.unit == unit;
        let lines: Vec<usize> = (0..selection.lines.len()).filter(of_unit).collect();
        let chart = chart(reading, view, selection, &lines);
        Drawing { chart, lines }
    };
    units.into_iter().map(of_unit).collect()
}

fn chart(reading: &Reading<'_>, view: &View, selection: &Selection<'_>, own: &[usize]) -> Chart {
    let language = view.language;
    let lines: Vec<&Line<'_>> = own.iter().map(|k| &selection.lines[*k]).collect();
    let unit = reading.catalog.unit_of(lines[0].indicator);
    let span = format!(
        "{} – {}",
        label_of(selection.periods[0], language),
        label_of(selection.periods[selection.periods.len() - 1], language)
    );
    let role = if lines.len() == 1 { Role::Actual } else { Role::Peer };
    let names = names(&lines);
    let series = lines.iter().zip(&names).take(LINES_MAX).map(|(line, name)| {
        let points = selection.periods.iter().map(|period| match line.at(*period) {
            Some(cell) if too_few(line.indicator, cell, language).is_some() => Point::missing(),
            Some(cell) => Point::with(cell.value, cell.status),
            None => Point::absent(),
        });
        Series { name: name.clone(), role, points: points.collect() }
    });
    let frame = Frame::new(message(reading, selection, &lines, unit), language)
        .subtitle(format!("{}, {span}", unit_label(unit, language)))
        .foot(format!("{} {}", pick(language, "Phiên bản dữ liệu", "Data version"), view.served.version));
    Chart::Lines(Lines {
        frame,
        periods: selection.periods.iter().map(|p| short_label(*p, language)).collect(),
        series: series.collect(),
        target: None,
        format: number_format(lines[0].indicator, unit, language),
        from_zero: false,
    })
}

/// What the chart says: the newest figure of one line; of several the highest and the lowest of the newest period.
fn message(reading: &Reading<'_>, selection: &Selection<'_>, lines: &[&Line<'_>], unit: &Unit) -> String {
    let language = reading.language;
    let name = match lines.iter().all(|l| l.indicator.code == lines[0].indicator.code) {
        true => reading.name(lines[0].indicator),
        false => pick(language, "So sánh các chỉ tiêu", "Indicators compared"),
    };
    let newest = lines.iter().filter_map(|line| selection.figures(line).last().map(|c| c.period)).max();
    let Some(newest) = newest else {
        let none = pick(language, "chưa có số liệu trong khoảng đã chọn", "no figures in this span");
        return format!("{name}: {none}");
    };
    let names = names(lines);
    let named = lines.iter().zip(&names);
    let mut found: Vec<(&Line<'_>, &String, &Cell)> =
        named.filter_map(|(line, name)| Some((*line, name, line.at(newest)?))).collect();
    if let [(line, _, cell)] = found.as_slice() {
        let place = if line.area == reading.catalog.city { "" } else { line.area_name };
        return headline(line.indicator, unit, cell, place, language);
    }
    found.retain(|(line, _, cell)| too_few(line.indicator, cell, language).is_none());
    if found.is_empty() {
        let few = pick(language, "quá ít hồ sơ để tính", "too few cases to tell");
        return format!("{name}, {}: {few}", spoken(newest, language));
    }
    found.sort_by(|a, b| b.2.value.total_cmp(&a.2.value));
    let said = |(line, name, cell): &(&Line<'_>, &String, &Cell)| {
        format!("{name} {}", exact(cell.value, line.indicator, unit, language))
    };
    let (most, least) = (said(&found[0]), said(&found[found.len() - 1]));
    let period = spoken(newest, language);
    match language {
        Language::Vi => format!("{name}, {period}: cao nhất {most}, thấp nhất {least}"),
        Language::En => format!("{name}, {period}: highest {most}, lowest {least}"),
    }
}

/// A chart of the selection as an image, `chart=2` the second; pixels are twice as fine as the screen.
pub async fn image(
    state: &ApiState,
    asked: &Asked,
    uri: &Uri,
    headers: &HeaderMap,
    media_type: &'static str,
) -> Result<Response, PageProblem> {
    let view = View::read(asked, state).await?;
    let etag = format!("\"{}\"", view.served.version);
    if is_fresh(headers, &etag) {
        return Ok(cached(StatusCode::NOT_MODIFIED.into_response(), &etag));
    }
    let chart = asked_chart(state, &view, uri)?;
    let draw = move || match media_type {
        "image/png" => chart.png(Size::PAGE, 2),
        _ => chart.svg(Size::PAGE).map(String::into_bytes),
    };
    // Pixels take tens of milliseconds: not on the threads that answer.
    let bytes = tokio::task::spawn_blocking(draw).await.unwrap_or_else(|e| std::panic::resume_unwind(e.into_panic()));
    let bytes = bytes.map_err(|e| {
        tracing::warn!("chart could not be drawn: {e}");
        PageProblem::unreadable(asked.language(), "i", uri.query().unwrap_or_default(), "i=1001")
    })?;
    let mut response = Response::new(Body::from(bytes));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    Ok(cached(response, &etag))
}

fn cached(mut response: Response, etag: &str) -> Response {
    let held = response.headers_mut();
    held.insert(header::ETAG, HeaderValue::from_str(etag).expect("versions are ASCII"));
    held.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    held.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    response
}

fn asked_chart(state: &ApiState, view: &View, uri: &Uri) -> Result<Chart, PageProblem> {
    let chosen = Chosen::read(uri, view.language)?;
    let reading = Reading { catalog: &state.catalog, cube: &view.served.cube, language: view.language };
    let selection = Selection::find(&reading, view, &chosen, &state.scope)?;
    let mut all = drawings(&reading, view, &selection);
    let count = all.len();
    if !(1..=count).contains(&chosen.chart) {
        let expected = format!("1 … {count}");
        return Err(PageProblem::unreadable(view.language, "chart", &chosen.chart.to_string(), &expected));
    }
    Ok(all.swap_remove(chosen.chart - 1).chart)
}
