//! The course of an indicator: a line over five years with its plan, and the same figures as a table.

use super::reading::{Found, Reading, drawn, is_comparable};
use super::view::View;
use crate::chart::spec::{Frame, Lines, Point, Role, Series, TargetLine};
use crate::chart::{Chart, Size};
use crate::cube::Cell;
use crate::domain::{Freq, ObsStatus, Period, TimeRollup};
use crate::present::{
    Change, Language, exact, instant, is_soft, label_of, number_format, pick, short, short_label, source_word, spoken,
    unit_label,
};

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

fn line(reading: &Reading<'_>, found: &Found<'_>, view: &View, span: &Span<'_>) -> (Chart, String) {
    let (cell, language) = (found.cell, view.language);
    if runs_through_the_year(found, cell.period) {
        return within_the_year(reading, found, view);
    }
    let sentence = sentence(found, &span.points, language);
    let subtitle = format!(
        "{} ({}), {}",
        reading.name_of(found),
        unit_label(found.unit, language),
        match cell.period.freq() {
            Freq::M => pick(language, "theo tháng", "by month"),
            Freq::Q => pick(language, "theo quý", "by quarter"),
            Freq::A => pick(language, "theo năm", "by year"),
        }
    );
    let frame = Frame::new(&sentence, language).subtitle(subtitle).foot(source_foot(reading, found, view));
    let name =
        if view.is_city() { pick(language, "Thực hiện", "Actual").to_owned() } else { view.area_name.clone() };
    let point = |cell: &Option<&Cell>| match cell.filter(|c| is_comparable(found.indicator, c)) {
        Some(c) => Point::with(c.value, if c.complete { c.status } else { soft_status(c.status) }),
        None => Point::missing(),
    };
    let lines = Lines {
        frame,
        periods: span.periods.iter().map(|p| short_label(*p, language)).collect(),
        series: vec![Series { name, role: Role::Actual, points: span.points.iter().map(point).collect() }],
        target: span.has_plan().then(|| TargetLine {
            name: pick(language, "Kế hoạch", "Plan").to_owned(),
            bounds: span.plans.iter().map(|p| p.map(|v| (v, v))).collect(),
        }),
        format: number_format(found.indicator, found.unit, language),
        from_zero: false,
    };
    (Chart::Lines(lines), sentence)
}

/// Whether the figure is the year so far, which falls back to nothing every January.
fn runs_through_the_year(found: &Found<'_>, period: Period) -> bool {
    found.indicator.formula_text.contains("ytd(") && period.freq() != Freq::A
}

/// This year beside last year on one axis of months, with the year's plan.
fn within_the_year(reading: &Reading<'_>, found: &Found<'_>, view: &View) -> (Chart, String) {
    let cells = reading.beside(found);
    let (language, cell) = (view.language, found.cell);
    let freq = cell.period.freq();
    let year = cell.period.to_freq(Freq::A).expect("every period lies in a year");
    let line = |year: Period, role: Role| {
        let points = year.children(freq).map(|p| match cells.binary_search_by(|c| c.period.cmp(&p)) {
            Ok(k) => Point::with(cells[k].value, cells[k].status),
            Err(_) if p < cell.period => Point::missing(),
            Err(_) => Point::absent(),
        });
        Series { name: year.to_string(), role, points: points.collect() }
    };
    let said = |value: f64| short(value, found.indicator.decimals, found.unit, language).to_string();
    let now = label_of(cell.period, language);
    let before = cell.yoy_value.map(said);
    let sentence = match (language, before) {
        (Language::Vi, Some(before)) => format!("{now}: {}, cùng kỳ năm trước {before}", said(cell.value)),
        (Language::En, Some(before)) => format!("{now}: {}, {before} a year before", said(cell.value)),
        (_, None) => format!("{now}: {}", said(cell.value)),
    };
    let subtitle = format!(
        "{} ({}), {}",
        reading.name_of(found),
        unit_label(found.unit, language),
        pick(language, "luỹ kế từ đầu năm", "since January")
    );
    let count = freq.per_year() as usize;
    let chart = Chart::Lines(Lines {
        frame: Frame::new(&sentence, language).subtitle(subtitle).foot(source_foot(reading, found, view)),
        periods: year.children(freq).map(|p| month_label(p, language)).collect(),
        series: vec![line(year, Role::Actual), line(year.offset(-1), Role::SamePeriod)],
        target: found
            .judgement
            .plan
            .map(|plan| TargetLine::constant(pick(language, "Kế hoạch năm", "Plan"), plan, count)),
        format: number_format(found.indicator, found.unit, language),
        from_zero: true,
    });
    (chart, sentence)
}

/// "T5", "Q2": a place in any year.
fn month_label(period: Period, language: Language) -> String {
    let label = short_label(period, language);
    label.split('/').next().unwrap_or_default().to_owned()
}

/// An incomplete official figure is drawn as not final.
fn soft_status(status: ObsStatus) -> ObsStatus {
    match status {
        ObsStatus::A | ObsStatus::B => ObsStatus::P,
        ObsStatus::P | ObsStatus::E | ObsStatus::F | ObsStatus::M => status,
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
    let change = cell.yoy_value.and_then(|base| Change::of(cell.value, base, indicator, unit, language));
    CourseRow {
        period: label_of(cell.period, language),
        here: cell.period == found.cell.period,
        value: cell.value.to_string(),
        shown: said(cell.value),
        soft: is_soft(cell).then(|| reading.soft_words(cell)).flatten(),
        change: change.map(|c| (c.verdict.class(), c.arrow(), c.text(language))),
        year_ago: cell.yoy_value.map(|v| (v.to_string(), said(v))),
        so_far: cell.ytd_value.map(said).unwrap_or_default(),
        plan: plan.map(said).unwrap_or_default(),
    }
}
