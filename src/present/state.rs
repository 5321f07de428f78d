//! State against target: red ▼ off, amber ◆ watch, green ● on target, grey ○ not measurable.
//!
//! Plans are for a year, figures come by month. A flow is therefore judged by its pace: the year so far against the share
//! of its own year that earlier years had reached by this time (the middle one of three, so that one year of lockdown does
//! not set the pace), or by the calendar where no earlier year is known.
//! A stock is judged by the straight way from last year's end to the plan; a level or rate by the plan itself. A plan
//! missed by more than [`WATCH_PERCENT`] is off. Declared limits of the value ("alert: above 30.0") judge too, and the
//! worse of the two counts; without either, a declared warning about changes makes "watch". A rate over too few cases
//! is not judged at all.

use super::thresholds::Thresholds;
use super::warning::WarnRule;
use super::{Language, State, pick};
use crate::cube::Cell;
use crate::domain::{Direction, Freq, GeoRollup, Indicator, TimeRollup, Unit};

/// A plan missed by up to so many percent of itself is watched, by more it is off. The limit is this project's
/// proposal; the city's habit of "red, amber, green" names none.
pub const WATCH_PERCENT: f64 = 5.0;

/// What is judged.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'a> {
    /// The indicator.
    pub indicator: &'a Indicator,
    /// Its unit.
    pub unit: &'a Unit,
    /// The figure.
    pub cell: &'a Cell,
    /// Plan for the whole year of the figure.
    pub plan: Option<f64>,
    /// The whole figure of the year before, where it is complete.
    pub year_before: Option<f64>,
    /// Shares of their whole year that earlier years had reached by the same time ([`pace_of`]), in any order.
    pub paces: &'a [f64],
}

/// What a state rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// A whole year, or a level, against its plan.
    Plan,
    /// The year so far against the plan's pace.
    Pace,
    /// The declared limits of the value.
    Limit,
    /// A declared warning fired.
    Warning,
    /// Too few cases to say anything.
    TooFew,
    /// A sum over areas from which some are missing: neither reached nor missed.
    Incomplete,
    /// There is nothing to judge by.
    Nothing,
}

/// A state with its reasons.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judgement {
    /// The state.
    pub state: State,
    /// What it rests on.
    pub basis: Basis,
    /// Distance from what was due, in percent of it; positive is better, whatever the direction.
    pub gap: Option<f64>,
    /// Share of the year's plan reached so far, percent; for amounts that add up over the year.
    pub reached: Option<f64>,
    /// Share of the plan that was due by now, percent.
    pub due: Option<f64>,
    /// The plan of the year.
    pub plan: Option<f64>,
    /// Where a stock was due to be by now on its way from last year's end to its plan.
    pub due_value: Option<f64>,
    /// The declared limit that the value has passed, or the nearest that it keeps; where the state rests on it.
    pub limit: Option<f64>,
}

impl Judgement {
    /// What is said where there is nothing to judge by.
    const NOTHING: Judgement = Judgement {
        state: State::Unknown,
        basis: Basis::Nothing,
        gap: None,
        reached: None,
        due: None,
        plan: None,
        due_value: None,
        limit: None,
    };
}

/// How a figure grows towards its plan.
enum Course {
    /// Adds up over the year; the figure is one part of it.
    Flow,
    /// Is itself the year so far.
    YearToDate,
    /// Moves to its value at the year's end.
    Stock,
    /// Has the same meaning in every part of the year.
    Level,
}

fn course(indicator: &Indicator) -> Course {
    if indicator.formula_text.contains("ytd(") {
        return Course::YearToDate;
    }
    match indicator.quarter_to_year {
        TimeRollup::Sum => Course::Flow,
        TimeRollup::Last => Course::Stock,
        TimeRollup::Avg
        | TimeRollup::RatioOfSums
        | TimeRollup::WeightedAvg
        | TimeRollup::ChainIndex
        | TimeRollup::NotAvailable => Course::Level,
    }
}

/// The share of its whole year that an earlier year had reached: `then` is its figure at the same time, `whole` that of
/// the year. `None` where either is incomplete or the indicator does not add up over the year.
pub fn pace_of(indicator: &Indicator, then: &Cell, whole: &Cell) -> Option<f64> {
    let so_far = match course(indicator) {
        Course::Flow => then.ytd_value.filter(|_| then.ytd_complete)?,
        Course::YearToDate => Some(then.value).filter(|_| then.complete)?,
        Course::Stock | Course::Level => return None,
    };
    (whole.complete && whole.value > 0.0 && (0.0..=whole.value).contains(&so_far)).then(|| so_far / whole.value)
}

/// The middle share, or the mean of the two in the middle.
fn middle(paces: &[f64]) -> Option<f64> {
    let mut sorted = paces.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len();
    match n {
        0 => None,
        _ if n % 2 == 1 => Some(sorted[n / 2]),
        _ => Some((sorted[n / 2 - 1] + sorted[n / 2]) / 2.0),
    }
}

/// Judges a figure.
pub fn judge(judged: &Judged<'_>) -> Judgement {
    let limits = Thresholds::of(judged.indicator);
    if limits.is_too_few(judged.cell.denominator) {
        return Judgement { state: State::TooFew, basis: Basis::TooFew, ..Judgement::NOTHING };
    }
    let by_plan = against_plan(judged);
    match limits.state(judged.cell.value).filter(|_| by_plan.basis != Basis::Incomplete) {
        Some(state) if state_rank(state) < state_rank(by_plan.state) => {
            Judgement { state, basis: Basis::Limit, limit: limits.limit(judged.cell.value), ..by_plan }
        }
        _ => by_plan,
    }
}

fn against_plan(judged: &Judged<'_>) -> Judgement {
    let cell = judged.cell;
    let Some(plan) = judged.plan.filter(|p| *p != 0.0) else { return without_plan(judged) };
    if cell.areas_present < cell.areas_due && judged.indicator.geo_rollup == GeoRollup::Sum {
        return Judgement { basis: Basis::Incomplete, plan: Some(plan), ..Judgement::NOTHING };
    }
    let whole_year = cell.period.freq() == Freq::A && cell.periods_present >= cell.periods_due;
    let by_calendar = || match cell.period.freq() {
        Freq::A => f64::from(cell.periods_present) / f64::from(cell.periods_due.max(1)),
        Freq::M | Freq::Q => f64::from(cell.period.position()) / f64::from(cell.period.freq().per_year()),
    };
    let pace = || middle(judged.paces).unwrap_or_else(by_calendar);
    let (value, share) = match course(judged.indicator) {
        Course::Flow | Course::YearToDate if whole_year => (cell.value, 1.0),
        Course::Flow if cell.period.freq() == Freq::A => (cell.value, pace()),
        Course::Flow => match cell.ytd_value {
            Some(so_far) => (so_far, pace()),
            None => return without_plan(judged),
        },
        Course::YearToDate => (cell.value, pace()),
        Course::Stock | Course::Level => (cell.value, 1.0),
    };
    let adds_up = matches!(course(judged.indicator), Course::Flow | Course::YearToDate);
    let on_its_way = matches!(course(judged.indicator), Course::Stock) && !whole_year && by_calendar() < 1.0;
    let due_value = judged.year_before.filter(|_| on_its_way).map(|before| before + (plan - before) * by_calendar());
    let due = due_value.unwrap_or(plan * share);
    let better = match judged.indicator.direction {
        Direction::HigherBetter => 1.0,
        Direction::LowerBetter => -1.0,
        Direction::Neutral => 0.0,
    };
    let gap = if due == 0.0 { 0.0 } else { (value - due) / due.abs() * 100.0 * better };
    let state = match judged.indicator.direction {
        Direction::Neutral => State::Unknown,
        Direction::HigherBetter | Direction::LowerBetter if gap >= -0.05 => State::OnTarget,
        // Where it came from is not known, so neither is how far it should be.
        Direction::HigherBetter | Direction::LowerBetter
            if gap >= -WATCH_PERCENT || (on_its_way && due_value.is_none()) =>
        {
            State::Watch
        }
        Direction::HigherBetter | Direction::LowerBetter => State::Off,
    };
    Judgement {
        state,
        basis: if share < 1.0 || due_value.is_some() { Basis::Pace } else { Basis::Plan },
        gap: (judged.indicator.direction != Direction::Neutral).then_some(gap),
        reached: adds_up.then_some(value / plan * 100.0),
        due: (adds_up && share < 1.0).then_some(share * 100.0),
        plan: Some(plan),
        due_value,
        limit: None,
    }
}

fn without_plan(judged: &Judged<'_>) -> Judgement {
    let warns = judged.cell.yoy_value.is_some_and(|base| {
        let mut rules = judged.indicator.warn_rules.iter().filter_map(|clause| WarnRule::read(clause));
        rules.any(|rule| rule.fires(judged.cell.value, base, judged.unit.rate))
    });
    let (state, basis) = if warns { (State::Watch, Basis::Warning) } else { (State::Unknown, Basis::Nothing) };
    Judgement { state, basis, plan: judged.plan, ..Judgement::NOTHING }
}

/// The state in a word.
pub fn state_word(state: State, language: Language) -> &'static str {
    match state {
        State::Off => pick(language, "không đạt", "off target"),
        State::Watch => pick(language, "cần theo dõi", "watch"),
        State::OnTarget => pick(language, "đạt", "on target"),
        State::Unknown => pick(language, "chưa đánh giá", "not assessed"),
        State::TooFew => pick(language, "quá ít hồ sơ", "too few cases"),
    }
}

/// The state as a shape: ▼ ◆ ● ○ ◌.
pub fn state_mark(state: State) -> &'static str {
    match state {
        State::Off => "▼",
        State::Watch => "◆",
        State::OnTarget => "●",
        State::Unknown => "○",
        State::TooFew => "◌",
    }
}

/// The class of the style sheet.
pub fn state_class(state: State) -> &'static str {
    match state {
        State::Off => "off",
        State::Watch => "watch",
        State::OnTarget => "on",
        State::Unknown | State::TooFew => "unknown",
    }
}

/// Worst first.
pub fn state_rank(state: State) -> u8 {
    match state {
        State::Off => 0,
        State::Watch => 1,
        State::OnTarget => 2,
        State::Unknown => 3,
        State::TooFew => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::fixture::{self, cell};

    fn judged(change: impl FnOnce(&mut Indicator), cell: &Cell, plan: Option<f64>, before: Option<f64>) -> Judgement {
        paced(change, cell, plan, before, &[])
    }

    fn paced(
        change: impl FnOnce(&mut Indicator),
        cell: &Cell,
        plan: Option<f64>,
        before: Option<f64>,
        paces: &[f64],
    ) -> Judgement {
        let (mut indicator, unit) = fixture::indicator();
        indicator.formula_text = "sum(x)".to_owned();
        indicator.quarter_to_year = TimeRollup::Sum;
        indicator.direction = Direction::HigherBetter;
        indicator.warn_rules.clear();
        change(&mut indicator);
        judge(&Judged { indicator: &indicator, unit: &unit, cell, plan, year_before: before, paces })
    }

    /// Budget revenue of 5 months 2022 as published: 209,824.5 of a plan of 386,568 (54.28 %). Earlier years had reached
    /// 44, 46 and 58 % by May in this example; the middle one sets the pace, which is beaten by 18 %.
    #[test]
    fn a_flow_is_judged_by_its_pace() {
        let mut may = cell("2022-05", 37_000.0);
        may.ytd_value = Some(209_824.5);
        let said = paced(|_| {}, &may, Some(386_568.0), None, &[0.46, 0.58, 0.44]);
        assert_eq!((said.state, said.basis), (State::OnTarget, Basis::Pace));
        assert!((said.reached.unwrap() - 54.28).abs() < 0.005);
        assert!((said.gap.unwrap() - 18.0).abs() < 0.1, "{said:?}");
        // Without earlier years the calendar says 5/12 = 41.7 %.
        let said = judged(|_| {}, &may, Some(386_568.0), None);
        assert!((said.due.unwrap() - 41.67).abs() < 0.01);
        // Fewer is better for accidents: the same figures are far off then.
        let said = judged(|i| i.direction = Direction::LowerBetter, &may, Some(386_568.0), None);
        assert_eq!(said.state, State::Off);
    }

    #[test]
    fn a_sum_without_all_its_areas_is_not_judged() {
        let mut june = cell("2022-06", 76.0);
        (june.areas_present, june.areas_due, june.complete) = (21, 22, false);
        let summed = |i: &mut Indicator| {
            i.quarter_to_year = TimeRollup::Last;
            i.geo_rollup = GeoRollup::Sum;
        };
        let said = judged(summed, &june, Some(83.0), Some(82.0));
        assert_eq!((said.state, said.basis), (State::Unknown, Basis::Incomplete));
        let ratio = |i: &mut Indicator| i.quarter_to_year = TimeRollup::RatioOfSums;
        assert_eq!(
            judged(ratio, &june, Some(83.0), None).state,
            State::Off,
            "a ratio covers the same areas above and below"
        );
    }

    #[test]
    fn the_pace_of_a_year_needs_the_whole_of_it() {
        let (mut indicator, _) = fixture::indicator();
        (indicator.formula_text, indicator.quarter_to_year) = ("sum(x)".to_owned(), TimeRollup::Sum);
        let (mut then, mut whole) = (cell("2021-05", 10.0), cell("2021", 100.0));
        then.ytd_value = Some(46.0);
        assert_eq!(pace_of(&indicator, &then, &whole), Some(0.46));
        whole.complete = false;
        assert_eq!(pace_of(&indicator, &then, &whole), None);
        indicator.quarter_to_year = TimeRollup::Last;
        whole.complete = true;
        assert_eq!(pace_of(&indicator, &then, &whole), None);
    }

    #[test]
    fn a_level_is_judged_by_the_plan_itself() {
        let level = |i: &mut Indicator| i.quarter_to_year = TimeRollup::RatioOfSums;
        let state = |value, plan| judged(level, &cell("2022-05", value), Some(plan), None).state;
        assert_eq!(state(97.0, 97.0), State::OnTarget);
        assert_eq!(state(93.0, 97.0), State::Watch);
        assert_eq!(state(90.0, 97.0), State::Off);
        let stock = |i: &mut Indicator| i.quarter_to_year = TimeRollup::Last;
        assert_eq!(judged(stock, &cell("2022-05", 80.0), Some(97.0), None).state, State::Watch, "the year is not over");
        // From 85 at last year's end half the way to 97 is 91 in June.
        let june = |value| judged(stock, &cell("2022-06", value), Some(97.0), Some(85.0));
        assert_eq!((june(91.0).state, june(91.0).due_value), (State::OnTarget, Some(91.0)));
        assert_eq!((june(90.0).state, june(80.0).state), (State::Watch, State::Off));
        assert_eq!(judged(stock, &cell("2022-12", 80.0), Some(97.0), None).state, State::Off);
        assert_eq!(judged(stock, &cell("2022", 80.0), Some(97.0), None).state, State::Off);
    }

    #[test]
    fn the_year_so_far_of_a_ratio_is_compared_with_the_plans_pace() {
        let ratio = |i: &mut Indicator| i.formula_text = "100*ytd(x)/last(y)".to_owned();
        let said = paced(ratio, &cell("2022-05", 21.0), Some(95.0), None, &[1.0 / 3.0]);
        // A third of last year's end was reached by May; a third of 95 is 31.7.
        assert_eq!((said.state, said.basis), (State::Off, Basis::Pace));
        assert!((said.gap.unwrap() - (21.0 / 31.6667 - 1.0) * 100.0).abs() < 0.01);
    }

    #[test]
    fn without_a_plan_only_a_declared_warning_speaks() {
        let mut may = cell("2022-05", 90.0);
        may.yoy_value = Some(100.0);
        let warned = |i: &mut Indicator| i.warn_rules = vec!["warn: yoy -5 pp".to_owned()];
        assert_eq!(judged(warned, &may, None, None).basis, Basis::Warning);
        assert_eq!(judged(|_| {}, &may, None, None).state, State::Unknown);
        assert_eq!(judged(|i| i.direction = Direction::Neutral, &may, Some(1.0), None).state, State::Unknown);
    }
}
