//! Citizens' reports at a glance: four numbers and the worst units, for the pages about them, the overview and scorecards.

use chrono::{Months, NaiveDateTime};

use super::heat::{HeatTable, brief, table};
use super::question::CaseView;
use crate::cases::views::{Axis, Lens, Question, Ranked, Share, Summary, ranking, summary};
use crate::cases::{Cut, Second, moment, second};
use crate::compute::ask_cases::{CaseQuery, CasesAsked};
use crate::domain::AreaKind;
use crate::domain::case::Moment;
use crate::gallery;
use crate::present::{Change, Language, State, pick, state_class, state_mark, state_word};
use crate::web::api::cases::CaseParams;
use crate::web::pages::problem::PageProblem;
use crate::web::pages::view::View;
use crate::web::state::ApiState;

/// Weeks of the small heatmap.
const WEEKS: usize = 8;
/// Units that are named among what needs attention.
const WORST: usize = 3;

/// A number with its change on last year.
pub struct BigNumber {
    /// What it counts.
    pub label: &'static str,
    /// The number.
    pub value: String,
    /// Class, arrow and text of the change.
    pub change: Option<(&'static str, &'static str, String)>,
    /// What stands behind it.
    pub url: String,
}

/// Received, handled, not handled, overdue: each with the change on the same window of last year as it was known then.
pub fn numbers(view: &CaseView, lens: &Lens<'_>) -> Result<Vec<BigNumber>, PageProblem> {
    let now = summary(lens).map_err(|e| view.question_problem(&e))?;
    let before = year_before(view);
    let words = view.words();
    let changed = |code: &str, value: f64, base: Option<f64>| {
        let indicator = view.catalog.indicators.get(code)?;
        let unit = view.catalog.unit_of(indicator);
        let change = Change::of(value, base?, indicator, unit, view.language)?;
        Some((change.verdict.class(), change.arrow(), change.text(view.language)))
    };
    let count = |n: u32| f64::from(n);
    let number = |(label, which): (&'static str, &str), value: String, change| BigNumber {
        label,
        value,
        change,
        url: view.url("/cases/list", &[("which", which)]),
    };
    let share = |summary: &Summary| summary.tally.overdue(lens.basis);
    let late = share(&now).value();
    let late_before = before.as_ref().and_then(|b| share(b).shown()).map(|share| share * 100.0);
    Ok(vec![
        number(
            (view.t("tiếp nhận", "received"), "received"),
            words.count(now.received),
            changed("1401", count(now.received), before.map(|b| count(b.received))),
        ),
        number(
            (view.t("đã xử lý", "handled"), "handled"),
            words.count(now.handled),
            changed("1402", count(now.handled), before.map(|b| count(b.handled))),
        ),
        number(
            (view.t("chưa xử lý", "not handled"), "not_handled"),
            words.count(now.not_handled),
            changed("1403", count(now.not_handled), before.map(|b| count(b.not_handled))),
        ),
        number(
            (view.t("trễ hạn", "overdue"), "overdue"),
            late.map_or_else(|| "–".to_owned(), |share| words.percent(share)),
            changed("1405", late.unwrap_or_default() * 100.0, late_before.filter(|_| late.is_some())),
        ),
    ])
}

/// The same question a year earlier, as it stood then; `None` if nothing was received.
fn year_before(view: &CaseView) -> Option<Summary> {
    let question = &view.asked.question;
    let earlier = Question {
        cut: Cut::before(back(question.cut.second())),
        from: back(question.from),
        to: back(question.to),
        ..question.clone()
    };
    let lens = Lens::new(&view.asked.cases.book, &view.catalog.areas, &earlier).ok()?;
    summary(&lens).ok().filter(|summary| summary.received > 0)
}

/// The same time of the year before; of 29 February, the day before.
fn back(at: Second) -> Second {
    let local: NaiveDateTime = moment(at).local();
    local.checked_sub_months(Months::new(12)).map_or(0, |then| second(Moment::from_local(then)))
}

/// A unit that is late.
pub struct WorstUnit {
    /// Class of its state.
    pub class: &'static str,
    /// Shape of its state.
    pub mark: &'static str,
    /// The state in a word.
    pub word: &'static str,
    /// Its name.
    pub name: String,
    /// "trễ hạn 70 % (trung bình 8,6 %), 251 trong 359 phản ánh đến hạn".
    pub words: String,
    /// One level down.
    pub url: String,
    /// Its reports that are overdue.
    pub list_url: String,
}

/// What the overview says of citizens' reports.
pub struct CasesGlance {
    /// The window in words.
    pub window: String,
    /// Four numbers.
    pub numbers: Vec<BigNumber>,
    /// Units by week; `None` within a ward.
    pub heat: Option<HeatTable>,
    /// The heatmap as a sentence.
    pub message: String,
    /// The page about it.
    pub url: String,
    /// Units that are late, the worst first.
    pub worst: Vec<WorstUnit>,
}

/// What the overview's state asks of the cases: as of the same instant, in the same area, over the period if one was chosen.
fn asked_by(view: &View, state: &ApiState) -> Option<CaseView> {
    let period = view.period_given.then(|| view.period.to_string());
    let params = CaseParams {
        as_of: view.as_of.clone(),
        from: period.clone(),
        to: period,
        area: (!view.is_city()).then(|| view.area.clone()),
        ..CaseParams::default()
    };
    asked(view, state, params)
}

fn asked(view: &View, state: &ApiState, params: CaseParams) -> Option<CaseView> {
    if view.served.cases.book.is_empty() {
        return None;
    }
    let query: CaseQuery = params.query().ok()?;
    Some(CaseView {
        language: view.language,
        params,
        asked: CasesAsked::new(view.served.cases.clone(), &view.served.version, &query),
        catalog: state.catalog.clone(),
    })
}

/// Citizens' reports for the overview; `None` where there are none.
pub fn glance(state: &ApiState, view: &View) -> Option<CasesGlance> {
    let asked = asked_by(view, state)?;
    let lens = asked.lens().ok()?;
    let rows = asked.usual_rows(&lens);
    let heat = match asked.area_kind() {
        Some(AreaKind::Ward) => None,
        _ => {
            let mut grid = gallery::grid(&asked.charted(), rows, Axis::Week).ok()?;
            let first = grid.columns.len().saturating_sub(WEEKS);
            grid.columns.drain(..first);
            grid.cells.iter_mut().for_each(|row| drop(row.drain(..first)));
            let mut heat = table(&asked, &grid, (rows, Axis::Week));
            // The head of the rows says that columns are weeks; their numbers are enough.
            for (name, _) in &mut heat.columns {
                *name = name.split_once(' ').map_or_else(|| name.clone(), |(_, number)| number.to_owned());
            }
            Some((heat, grid.frame.title))
        }
    };
    let (heat, message) = heat.unzip();
    Some(CasesGlance {
        window: asked.words().window(lens.from, lens.to),
        numbers: numbers(&asked, &lens).ok()?,
        heat,
        message: message.unwrap_or_default(),
        url: asked.url("/cases", &[]),
        worst: worst(&asked, &lens, rows),
    })
}

/// Units whose share overdue is off by the declared limits, the highest first.
fn worst(view: &CaseView, lens: &Lens<'_>, units: Axis) -> Vec<WorstUnit> {
    let Ok(ranked) = ranking(lens, units) else { return Vec::new() };
    let thresholds = view.charted().thresholds();
    let (words, names) = (view.words(), view.names());
    let unit = |unit: &Ranked| {
        let share = unit.overdue.shown()?;
        let state = thresholds.state(share * 100.0).filter(|state| *state == State::Off)?;
        let mean = ranked.average.value().map_or_else(String::new, |share| words.percent(share));
        let (late, part, n) = (words.percent(share), words.count(unit.overdue.part), words.count(unit.overdue.cases));
        let said = match view.language {
            Language::Vi => format!("trễ hạn {late} (trung bình {mean}): {part}/{n} phản ánh"),
            Language::En => format!("{late} overdue (average {mean}): {part} of {n} reports"),
        };
        Some(WorstUnit {
            class: state_class(state),
            mark: state_mark(state),
            word: state_word(state, view.language),
            name: names.of(units, &unit.code),
            words: said,
            url: super::heat::door(view, (units, &unit.code), None)?,
            list_url: view.url("/cases/list", &[("area", &unit.code), ("which", "overdue")]),
        })
    };
    ranked.ranked.iter().filter_map(unit).take(WORST).collect()
}

/// How one unit answers citizens' reports.
pub struct UnitCases {
    /// The window in words.
    pub window: String,
    /// Share overdue; a dash with too few cases.
    pub share: String,
    /// Class of the state.
    pub class: &'static str,
    /// Shape of the state.
    pub mark: &'static str,
    /// "251 trong 359 phản ánh đến hạn".
    pub words: String,
    /// "hạng 22/22 quận, huyện".
    pub rank: String,
    /// Open, and overdue among them.
    pub open: String,
    /// The reports that are overdue.
    pub list_url: String,
    /// One level down, or the list of open reports.
    pub url: String,
}

/// The reports of an area (by the level of its page) or of an authority; `None` where none fell due and none is open.
pub fn of_unit(state: &ApiState, view: &View, org: Option<&str>) -> Option<UnitCases> {
    let period = view.period_given.then(|| view.period.to_string());
    let whole = CaseParams { as_of: view.as_of.clone(), from: period.clone(), to: period, ..CaseParams::default() };
    let asked = asked(view, state, whole)?;
    let lens = asked.lens().ok()?;
    let units = match (org, view.area_kind) {
        (Some(_), _) => Axis::Org,
        (None, AreaKind::Ward) => Axis::Ward,
        (None, AreaKind::District) => Axis::District,
        (None, _) => return None,
    };
    let code = org.unwrap_or(&view.area);
    let ranked = ranking(&lens, units).ok()?;
    let found = ranked.ranked.iter().chain(&ranked.small).find(|unit| *unit.code == *code)?;
    Some(unit_words(&asked, (&lens, units), found, &ranked.ranked))
}

fn unit_words(view: &CaseView, (lens, units): (&Lens<'_>, Axis), found: &Ranked, ranked: &[Ranked]) -> UnitCases {
    let (words, language) = (view.words(), view.language);
    let Share { part, cases } = found.overdue;
    let state = found.overdue.shown().and_then(|share| view.charted().thresholds().state(share * 100.0));
    let state = state.unwrap_or(if cases == 0 { State::Unknown } else { State::TooFew });
    let (late, n) = (words.count(part), words.count(cases));
    let (open, overdue) = (words.count(found.tally.open), words.count(found.tally.open_overdue));
    // Rank 1 is best on a scorecard: a ranking of lateness begins at the other end.
    let best_first = ranked.iter().filter(|other| other.overdue.cmp_share(found.overdue).is_lt()).count() + 1;
    let rank = if found.rank == 0 {
        pick(language, "quá ít để xếp hạng", "too few to rank").to_owned()
    } else {
        let all = ranked.len();
        match language {
            Language::Vi => format!("hạng {best_first}/{all} {}", words.units(units)),
            Language::En => format!("rank {best_first} of {all} {}", words.units(units)),
        }
    };
    let filter = if units == Axis::Org { "org" } else { "area" };
    let list = |which: &str| view.url("/cases/list", &[(filter, &found.code), ("which", which)]);
    UnitCases {
        window: words.window(lens.from, lens.to),
        share: found.overdue.shown().map_or_else(|| "–".to_owned(), |share| brief(words, share)),
        class: state_class(state),
        mark: state_mark(state),
        words: match language {
            Language::Vi => format!("{late} trễ hạn trong {n} phản ánh đến hạn"),
            Language::En => format!("{late} overdue of {n} reports due"),
        },
        rank,
        open: match language {
            Language::Vi => format!("{open} đang mở, {overdue} đã quá hạn"),
            Language::En => format!("{open} open, {overdue} of them overdue"),
        },
        list_url: list("overdue"),
        url: if units == Axis::Org { list("open") } else { view.url("/cases", &[("area", &found.code)]) },
    }
}
