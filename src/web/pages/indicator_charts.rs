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

/// The periods of a course, with the figure and the plan of each.
struct Span<'a> {
    periods: Vec<Period>,
    points: Vec<Option<&'a Cell>>,
    plans: Vec<Option<f64>>,
}

impl<'a> Span<'a> {
    /// From the first of these periods that has a figure.
    fn of(reading: &Reading<'a>, found: &Found<'a>, all: &[Period]) -> Self {
        let cells = reading.beside(found);
        let at = |period: &Period| cells.binary_search_by(|c| c.period.cmp(period)).ok().map(|k| &cells[k]);
        let began = all.iter().position(|p| at(p).is_some()).unwrap_or(all.len().saturating_sub(1));
        let periods = all[began..].to_vec();
        let points = periods.iter().map(at).collect();
        let plans = periods.iter().map(|p| plan_at(reading, found, *p)).collect();
        Self { periods, points, plans }
    }

    fn has_plan(&self) -> bool {
        self.plans.iter().any(Option::is_some)
    }
}

/// Draws the course up to the figure's period.
pub fn course(reading: &Reading<'_>, found: &Found<'_>, view: &View) -> Course {
    let span = Span::of(reading, found, &periods(found.cell.period));
    let (chart, sentence) = line(reading, found, view, &span);
    let all = span.periods.iter().zip(&span.points).zip(&span.plans).rev();
    let rows = all.filter_map(|((_, cell), plan)| cell.map(|c| row(reading, found, c, *plan))).collect();
    let has_plan = span.has_plan();
    Course { broad: drawn(&chart, BROAD), narrow: drawn(&chart, NARROW), sentence, rows, has_plan }
}

/// The line of a course over so many periods, or over the usual ones.
pub fn course_chart(reading: &Reading<'_>, found: &Found<'_>, view: &View, count: Option<i32>) -> Chart {
    let last = found.cell.period;
    let all = count.map_or_else(|| periods(last), |n| (0..n).rev().map(|back| last.offset(-back)).collect());
    line(reading, found, view, &Span::of(reading, found, &all)).0
}

/// The message of so many periods up to the figure's own.
pub fn course_sentence(reading: &Reading<'_>, found: &Found<'_>, all: &[Period]) -> String {
    sentence(found, &Span::of(reading, found, all).points, reading.language)
}

/// The drawing with the message of where the figure stands in its course: the page says the figure itself.
fn line(reading: &Reading<'_>, found: &Found<'_>, view: &View, span: &Span<'_>) -> (Chart, String) {
    let language = view.language;
    let mut chart = gallery::indicator(&FigureSheet {
        count: Some(span.periods.len()),
        ..FigureSheet::beside(reading, found, &view.served.version)
    });
    let is_saw = found.indicator.formula_text.contains("ytd(") && found.cell.period.freq() != Freq::A;
    let sentence = if is_saw { beside_last_year(found, language) } else { sentence(found, &span.points, language) };
    if let Chart::Lines(lines) = &mut chart {
        lines.frame.title.clone_from(&sentence);
        lines.frame.foot = source_foot(reading, found, view);
    }
    // The subtitle says the unit that the gallery reads the figures in; it knows of no parts.
    if let Some(part) = reading.part_name(&found.cell.breakdown) {
        chart.frame_mut().subtitle.insert_str(0, &format!("{part} · "));
    }
    (chart, sentence)
}

/// The message of a figure that runs through the year: this year and the last at the same time.
fn beside_last_year(found: &Found<'_>, language: Language) -> String {
    let said = |value: f64| short(value, found.indicator.decimals, found.unit, language).to_string();
    let now = label_of(found.cell.period, language);
    match (language, found.cell.yoy_value.map(said)) {
        (Language::Vi, Some(before)) => format!("{now}: {}, cùng kỳ năm trước {before}", said(found.cell.value)),
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
