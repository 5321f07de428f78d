//! One sentence in words for a figure: what a reader would say aloud about it.

use super::number::{bare, short};
use super::period::{spoken, upper_first};
use super::{Basis, Change, Judgement, Language, State, Thresholds, pick};
use crate::cube::Cell;
use crate::domain::{Direction, Indicator, ObsStatus, Unit};

/// "Tháng 5/2022 tăng 9,0 % so với cùng kỳ".
pub fn change_sentence(cell: &Cell, change: &Change, language: Language) -> String {
    let period = upper_first(&spoken(cell.period, language));
    let change = change.spoken(language);
    match language {
        Language::Vi => format!("{period} {change} so với cùng kỳ"),
        Language::En => format!("{period}: {change} on the same period of last year"),
    }
}

/// "quá ít hồ sơ (9)", in the place of a rate over fewer cases than its indicator declares; `None` for any other figure.
pub fn too_few(indicator: &Indicator, cell: &Cell, language: Language) -> Option<String> {
    let cases = cell.denominator.filter(|_| Thresholds::of(indicator).is_too_few(cell.denominator))?;
    Some(format!("{} ({})", super::state_word(State::TooFew, language), bare(cases, 0, language)))
}

fn pick_name(indicator: &Indicator, language: Language) -> &str {
    match language {
        Language::Vi => &indicator.name_vi,
        Language::En => &indicator.name_en,
    }
}

/// The message of a figure: name, period, value, change. `place` is empty for the whole city.
pub fn headline(indicator: &Indicator, unit: &Unit, cell: &Cell, place: &str, language: Language) -> String {
    let period = spoken(cell.period, language);
    if let Some(few) = too_few(indicator, cell, language) {
        let place = if place.is_empty() { String::new() } else { format!(", {place}") };
        return format!("{}{place}, {period}: {few}", pick_name(indicator, language));
    }
    let value = short(cell.value, indicator.decimals, unit, language);
    let change = cell.yoy_value.and_then(|base| Change::of(cell.value, base, indicator, unit, language));
    let change = change.map(|c| c.spoken(language));
    match language {
        Language::Vi => {
            let place = if place.is_empty() { String::new() } else { format!(" của {place}") };
            let verb = match (cell.status, indicator.direction) {
                (ObsStatus::E, Direction::HigherBetter) => "ước đạt",
                (ObsStatus::E, _) => "ước",
                (ObsStatus::F, _) => "dự báo",
                (_, Direction::HigherBetter) => "đạt",
                _ => "là",
            };
            let change = change.map(|c| format!(", {c} so với cùng kỳ")).unwrap_or_default();
            format!("{}{place} {period} {verb} {value}{change}", indicator.name_vi)
        }
        Language::En => {
            let place = if place.is_empty() { String::new() } else { format!(", {place}") };
            let change = change.map(|c| format!(", {c} on last year")).unwrap_or_default();
            let soft = if cell.status == ObsStatus::E { "estimated at " } else { "" };
            format!("{}{place}, {period}: {soft}{value}{change}", indicator.name_en)
        }
    }
}

/// What the plan or the limit says: "54,3 % kế hoạch năm, mức cần đến nay 46,0 %", "ngưỡng 10,0 %"; `None` without either.
pub fn plan_words(indicator: &Indicator, unit: &Unit, judgement: &Judgement, language: Language) -> Option<String> {
    if let Some(limit) = judgement.limit {
        let limit = short(limit, indicator.decimals, unit, language);
        return Some(format!("{} {limit}", pick(language, "ngưỡng", "limit")));
    }
    let plan = judgement.plan?;
    let percent = |value: f64| format!("{}\u{a0}%", bare(value, 1, language));
    if let Some(reached) = judgement.reached {
        let due = judgement.due.filter(|_| judgement.basis == Basis::Pace).map(percent);
        let reached = percent(reached);
        return Some(match (language, due) {
            (Language::Vi, Some(due)) => format!("{reached} kế hoạch năm, mức cần đến nay {due}"),
            (Language::Vi, None) => format!("{reached} kế hoạch năm"),
            (Language::En, Some(due)) => format!("{reached} of the year's plan, {due} due by now"),
            (Language::En, None) => format!("{reached} of the year's plan"),
        });
    }
    let plan = short(plan, indicator.decimals, unit, language);
    if let Some(due) = judgement.due_value {
        let due = short(due, indicator.decimals, unit, language);
        return Some(match language {
            Language::Vi => format!("kế hoạch năm {plan}, mức cần đến nay {due}"),
            Language::En => format!("year's plan {plan}, {due} due by now"),
        });
    }
    let gap = judgement.gap.filter(|g| g.abs() >= 0.05);
    let missed = gap.map(|g| (percent(g.abs()), g > 0.0));
    Some(match (language, missed) {
        (Language::Vi, Some((gap, true))) => format!("kế hoạch {plan}, tốt hơn {gap}"),
        (Language::Vi, Some((gap, false))) => format!("kế hoạch {plan}, còn cách {gap}"),
        (Language::Vi, None) => format!("kế hoạch {plan}"),
        (Language::En, Some((gap, true))) => format!("plan {plan}, better by {gap}"),
        (Language::En, Some((gap, false))) => format!("plan {plan}, short by {gap}"),
        (Language::En, None) => format!("plan {plan}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::TimeRollup;
    use crate::present::fixture::{self, cell};
    use crate::present::{Judged, judge};

    /// Retail sales of May 2022 as the statistics office wrote of it: up 9 % on last year.
    #[test]
    fn a_figure_is_said_as_the_office_says_it() {
        let (mut indicator, mut unit) = fixture::indicator();
        indicator.name_vi = "Tổng mức bán lẻ".to_owned();
        indicator.direction = Direction::HigherBetter;
        (indicator.decimals, unit.rate) = (0, false);
        (unit.label_vi, unit.family, unit.code) = ("tỷ đồng".to_owned(), "vnd".to_owned(), "vnd_billion".to_owned());
        let mut may = cell("2022-05", 109_000.0);
        may.yoy_value = Some(100_000.0);
        let change = Change::of(may.value, 100_000.0, &indicator, &unit, Language::Vi).unwrap();
        assert_eq!(change_sentence(&may, &change, Language::Vi), "Tháng 5/2022 tăng 9,0\u{a0}% so với cùng kỳ");
        assert_eq!(
            headline(&indicator, &unit, &may, "", Language::Vi),
            "Tổng mức bán lẻ tháng 5/2022 đạt 109,0\u{a0}nghìn tỷ đồng, tăng 9,0\u{a0}% so với cùng kỳ"
        );
        may.status = ObsStatus::E;
        assert!(headline(&indicator, &unit, &may, "Quận 1", Language::Vi).contains("của Quận 1 tháng 5/2022 ước đạt"));
    }

    #[test]
    fn a_plan_is_said_with_what_was_due() {
        let (mut indicator, unit) = fixture::indicator();
        indicator.direction = Direction::HigherBetter;
        indicator.formula_text = "sum(x)".to_owned();
        indicator.quarter_to_year = TimeRollup::Sum;
        let mut may = cell("2022-05", 1.0);
        may.ytd_value = Some(50.0);
        let judged =
            Judged { indicator: &indicator, unit: &unit, cell: &may, plan: Some(100.0), year_before: None, paces: &[] };
        assert_eq!(
            plan_words(&indicator, &unit, &judge(&judged), Language::Vi).unwrap(),
            "50,0\u{a0}% kế hoạch năm, mức cần đến nay 41,7\u{a0}%"
        );
    }
}
