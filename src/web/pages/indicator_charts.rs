//! The course of an indicator: a line over five years with its plan, and the same figures as a table.

use super::reading::{Found, Reading, drawn};
use super::view::View;
use crate::chart::{Chart, Size};
use crate::cube::Cell;
use crate::domain::{Freq, Period, TimeRollup};
use crate::gallery::{self, FigureSheet};
use crate::present::{Change, Language, exact, instant, label_of, short, source_word, spoken, too_few};

/// A chart with everything around it: two drawings for two widths, the sentence, the table.
pub struct Course {
    /// For desktops and paper.
    pub broad: String,
    /// For phones.
    pub narrow: String,
    /// The message in words.
    pub sentence: String,
    /// Newest first.
    pub rows: Vec<CourseRow>,
    /// Whether a plan is drawn, so that the table has a column for it.
    pub has_plan: bool,
}

/// One period of the table.
pub struct CourseRow {
    /// Period in words.
    pub period: String,
    /// Whether it is the period of the page.
    pub here: bool,
    /// Exact figure, for scripts.
    pub value: String,
    /// Figure in words.
    pub shown: String,
    /// Not final.
    pub soft: Option<String>,
    /// Change on last year: class, arrow, text.
    pub change: Option<(&'static str, &'static str, String)>,
    /// Figure of last year, exact and in words.
    pub year_ago: Option<(String, String)>,
    /// Year to date in words.
    pub so_far: String,
    /// Plan in words.
    pub plan: String,
}

/// Beside other things on a desktop, and on paper.
const BROAD: Size = Size::new(840, 400);
/// On a phone.
const NARROW: Size = Size::new(360, 340);

/// Five years of months, of quarters, ten of years.
fn periods(last: Period) -> Vec<Period> {
    let count = match last.freq() {
        Freq::M => 60,
        Freq::Q => 20,
        Freq::A => 10,
    };
    (0..count).rev().map(|back| last.offset(-back)).collect()
}

/// Where the figures come from and how old they are: the foot of every chart of an indicator.
pub fn source_foot(reading: &Reading<'_>, found: &Found<'_>, view: &View) -> String {
    let owner = reading.catalog.owner_of(found.indicator).map(|o| match view.language {
        Language::Vi => o.name_vi.clone(),
        Language::En => o.name_en.clone(),
    });
    let owner = owner.unwrap_or_else(|| source_word(found.indicator.source, view.language).to_owned());
    let at = instant(found.cell.vintage, view.language);
    match view.language {
        Language::Vi => format!("Nguồn: {owner} · công bố {at} · phiên bản dữ liệu {}", view.served.version),
        Language::En => format!("Source: {owner} · published {at} · data version {}", view.served.version),
    }
}

/// All figures of the indicator for the area, as the gallery draws them.
pub fn sheet<'a>(reading: &Reading<'a>, found: &Found<'a>, view: &'a View) -> FigureSheet<'a> {
    let Found { indicator, cell, .. } = *found;
    let years = reading.part(indicator, (&cell.area, &cell.breakdown), Freq::A);
    FigureSheet {
        catalog: reading.catalog,
        indicator,
        area: &cell.area,
        freq: cell.period.freq(),
        cells: reading.beside(found),
        period: Some(cell.period),
        plans: years.iter().filter_map(|c| Some((c.period, c.target_value?))).collect(),
        as_of: None,
        version: &view.served.version,
        language: view.language,
    }
}

/// Draws the course up to the figure's period.
pub fn course(reading: &Reading<'_>, found: &Found<'_>, view: &View) -> Course {
    let shown = begun(reading, found, &periods(found.cell.period));
    let plans: Vec<Option<f64>> = shown.iter().map(|(period, _)| plan_at(reading, found, *period)).collect();
    let all = shown.iter().zip(&plans).rev();
    let rows = all.filter_map(|((_, cell), plan)| cell.map(|c| row(reading, found, c, *plan))).collect();
    let chart = course_chart(reading, found, view, None);
    Course {
        broad: drawn(&chart, BROAD),
        narrow: drawn(&chart, NARROW),
        sentence: course_sentence(reading, found, &periods(found.cell.period)),
        rows,
        has_plan: plans.iter().any(Option::is_some),
    }
}

/// Periods with their figures, from the first one that has a figure.
fn begun<'a>(reading: &Reading<'a>, found: &Found<'a>, all: &[Period]) -> Vec<(Period, Option<&'a Cell>)> {
    let cells = reading.beside(found);
    let at = |period: &Period| cells.binary_search_by(|c| c.period.cmp(period)).ok().map(|k| &cells[k]);
    let began = all.iter().position(|p| at(p).is_some()).unwrap_or(all.len().saturating_sub(1));
    all[began..].iter().map(|period| (*period, at(period))).collect()
}

/// Whether the figure is the year so far, which falls back to nothing every January.
fn is_saw(found: &Found<'_>) -> bool {
    found.indicator.formula_text.contains("ytd(") && found.cell.period.freq() != Freq::A
}

/// The line of a course over so many periods, or over the usual ones.
pub fn course_chart(reading: &Reading<'_>, found: &Found<'_>, view: &View, count: Option<i32>) -> Chart {
    let last = found.cell.period;
    let mut sheet = sheet(reading, found, view);
    let all: Vec<Period> =
        count.map_or_else(|| periods(last), |n| (0..n).rev().map(|back| last.offset(-back)).collect());
    if count.is_some() && !is_saw(found) {
        let from = sheet.cells.partition_point(|cell| Some(&cell.period) < all.first());
        sheet.cells = &sheet.cells[from..];
    }
    let mut chart = gallery::indicator(&sheet);
    // The page says the figure above; the chart's own message is where it stands in its course.
    if let Chart::Lines(lines) = &mut chart {
        lines.frame.title = course_sentence(reading, found, &all);
        lines.frame.foot = source_foot(reading, found, view);
    }
    if let Some(part) = reading.part_name(&found.cell.breakdown) {
        chart.frame_mut().subtitle.insert_str(0, &format!("{part} · "));
    }
    chart
}

/// The message of these periods, the figure's own the last.
pub fn course_sentence(reading: &Reading<'_>, found: &Found<'_>, all: &[Period]) -> String {
    if is_saw(found) {
        return beside_last_year(found, reading.language);
    }
    let points: Vec<Option<&Cell>> = begun(reading, found, all).into_iter().map(|(_, cell)| cell).collect();
    sentence(found, &points, reading.language)
}

/// The message of a figure that runs through the year: this year and the last at the same time.
fn beside_last_year(found: &Found<'_>, language: Language) -> String {
    let said = |value: f64| short(value, found.indicator.decimals, found.unit, language).to_string();
    let now = label_of(found.cell.period, language);
    match (language, found.cell.yoy_value.map(said)) {
        (Language::Vi, Some(before)) => {
            format!("{now}: {}, cùng kỳ năm trước {before}", said(found.cell.value))
        }
        (Language::En, Some(before)) => format!("{now}: {}, {before} a year before", said(found.cell.value)),
        (_, None) => format!("{now}: {}", said(found.cell.value)),
    }
}

/// The plan that a value of this period can be held against: a year's plan says nothing about one month of a flow.
fn plan_at(reading: &Reading<'_>, found: &Found<'_>, period: Period) -> Option<f64> {
    let indicator = found.indicator;
    let adds_up = indicator.quarter_to_year == TimeRollup::Sum && period.freq() != Freq::A;
    let grows = indicator.formula_text.contains("ytd(") && period.position() != period.freq().per_year();
    if adds_up || grows {
        return None;
    }
    let year = period.to_freq(Freq::A)?;
    reading.cell_beside(indicator, found.cell, year)?.target_value
}

/// The message of the course: where the figure stands in it.
fn sentence(found: &Found<'_>, points: &[Option<&Cell>], language: Language) -> String {
    let value = |c: &Cell| short(c.value, found.indicator.decimals, found.unit, language).to_string();
    let cell = found.cell;
    let earlier = || points.iter().flatten().filter(|c| c.period != cell.period);
    let high = earlier().max_by(|a, b| a.value.total_cmp(&b.value));
    let low = earlier().min_by(|a, b| a.value.total_cmp(&b.value));
    let (Some(high), Some(low)) = (high, low) else {
        return format!("{}: {}", label_of(cell.period, language), value(cell));
    };
    let since = points.iter().flatten().next().map_or(cell.period, |c| c.period);
    let (now, since) = (label_of(cell.period, language), spoken(since, language));
    match language {
        Language::Vi if cell.value >= high.value => format!("{now}: {}, cao nhất kể từ {since}", value(cell)),
        Language::Vi if cell.value <= low.value => format!("{now}: {}, thấp nhất kể từ {since}", value(cell)),
        Language::Vi => format!(
            "{now}: {}; cao nhất từ {since} là {} ({}), thấp nhất {} ({})",
            value(cell),
            value(high),
            spoken(high.period, language),
            value(low),
            spoken(low.period, language)
        ),
        Language::En if cell.value >= high.value => format!("{now}: {}, the highest since {since}", value(cell)),
        Language::En if cell.value <= low.value => format!("{now}: {}, the lowest since {since}", value(cell)),
        Language::En => format!(
            "{now}: {}; since {since} at most {} ({}), at least {} ({})",
            value(cell),
            value(high),
            spoken(high.period, language),
            value(low),
            spoken(low.period, language)
        ),
    }
}

fn row(reading: &Reading<'_>, found: &Found<'_>, cell: &Cell, plan: Option<f64>) -> CourseRow {
    let language = reading.language;
    let (indicator, unit) = (found.indicator, found.unit);
    let said = |value: f64| exact(value, indicator, unit, language).number;
    let few = too_few(indicator, cell, language);
    let change = cell.yoy_value.and_then(|base| Change::of(cell.value, base, indicator, unit, language));
    CourseRow {
        period: label_of(cell.period, language),
        here: cell.period == found.cell.period,
        value: if few.is_some() { String::new() } else { cell.value.to_string() },
        shown: if few.is_some() { "…".to_owned() } else { said(cell.value) },
        change: change.filter(|_| few.is_none()).map(|c| (c.verdict.class(), c.arrow(), c.text(language))),
        year_ago: cell.yoy_value.map(|v| (v.to_string(), said(v))),
        so_far: cell.ytd_value.map(said).unwrap_or_default(),
        plan: plan.map(said).unwrap_or_default(),
        soft: few.or_else(|| reading.soft_words(cell)),
    }
}
