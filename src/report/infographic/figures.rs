//! The figures of an infographic in words: how many are on target, which are furthest off, where a district stands.

use super::content::{
    CARD_LINE, ChangeWords, Count, Drawing, Findings, GroupWords, Line, NumberWords, Question, RankWords, state_words,
};
use crate::domain::{Direction, Freq};
use crate::present::reading::Found;
use crate::present::standing::{Rank, rank};
use crate::present::{
    Base, Change, Language, State, Tally, count, group_state, headline, label_of, pick, plan_words, short, state_class,
    state_rank, state_word,
};

/// Lines of a list at most.
const LINES_MAX: usize = 8;

/// "22 trong 54 chỉ tiêu đạt tiến độ, 13 không đạt".
pub(super) fn score(findings: &Findings<'_>, language: Language) -> String {
    let tally = &findings.tally;
    match (language, tally.judged()) {
        (Language::Vi, 0) => format!("{} chỉ tiêu có số liệu, chưa có kế hoạch để đánh giá", tally.all()),
        (Language::En, 0) => format!("{} indicators with figures, no plan to judge them by", tally.all()),
        (Language::Vi, judged) => {
            format!("{} trong {judged} chỉ tiêu đạt tiến độ, {}\u{a0}không\u{a0}đạt", tally.on, tally.off)
        }
        (Language::En, judged) => format!("{} of {judged} indicators on target, {}\u{a0}off", tally.on, tally.off),
    }
}

/// What is furthest from its plan, in a sentence.
pub(super) fn worst(question: &Question<'_>, findings: &Findings<'_>) -> String {
    let language = question.language();
    gaps(question, findings).first().map_or_else(String::new, |worst| match language {
        Language::Vi => format!("Xa kế hoạch nhất: {}, {}", worst.name, worst.words),
        Language::En => format!("Furthest from its plan: {}, {}", worst.name, worst.words),
    })
}

/// Indicators by state, worst first.
pub(super) fn tally(tally: &Tally, language: Language) -> Vec<Count> {
    let states = [
        (State::Off, tally.off),
        (State::Watch, tally.watch),
        (State::OnTarget, tally.on),
        (State::Unknown, tally.unknown),
    ];
    let item = |(state, n): (State, usize)| Count {
        class: state_class(state),
        n,
        count: count(n, language),
        word: state_word(state, language),
    };
    states.into_iter().map(item).collect()
}

fn said_of_plan(question: &Question<'_>, found: &Found<'_>) -> String {
    let language = question.language();
    plan_words(found.indicator, found.unit, &found.judgement, language).unwrap_or_else(|| {
        let base = found.cell.yoy_value;
        let change = base.and_then(|b| Change::of(found.cell.value, b, found.indicator, found.unit, language));
        change.map_or_else(String::new, |c| format!("{} {}", c.spoken(language), Base::YearAgo.words(language)))
    })
}

fn line(question: &Question<'_>, found: &Found<'_>) -> Line {
    Line {
        class: state_class(found.judgement.state),
        name: name_of(question, found),
        words: said_of_plan(question, found),
    }
}

/// The short name where the infographic declares one.
fn name_of(question: &Question<'_>, found: &Found<'_>) -> String {
    let declared = question.infographic.numbers.iter().find(|n| n.indicator == found.indicator.code);
    let label = declared.map(|n| n.label.of(question.language()));
    label.unwrap_or_else(|| question.reading.name(found.indicator)).to_owned()
}

/// Off and watched, the furthest from their plans first.
pub(super) fn gaps(question: &Question<'_>, findings: &Findings<'_>) -> Vec<Line> {
    let mut missed: Vec<&Found<'_>> =
        findings.found.iter().filter(|f| matches!(f.judgement.state, State::Off | State::Watch)).collect();
    let gap = |f: &Found<'_>| f.judgement.gap.unwrap_or(0.0);
    missed.sort_by(|a, b| {
        state_rank(a.judgement.state).cmp(&state_rank(b.judgement.state)).then(gap(a).total_cmp(&gap(b)))
    });
    missed.into_iter().take(LINES_MAX).map(|f| line(question, f)).collect()
}

/// On target, the furthest ahead first.
pub(super) fn ahead(question: &Question<'_>, findings: &Findings<'_>) -> Vec<Line> {
    let mut reached: Vec<&Found<'_>> = findings.found.iter().filter(|f| f.judgement.state == State::OnTarget).collect();
    let gap = |f: &Found<'_>| f.judgement.gap.unwrap_or(0.0);
    reached.sort_by(|a, b| gap(b).total_cmp(&gap(a)));
    reached.into_iter().take(LINES_MAX).map(|f| line(question, f)).collect()
}

/// The groups, worst first; those without a figure are left out.
pub(super) fn groups(question: &Question<'_>, findings: &Findings<'_>) -> Vec<GroupWords> {
    let language = question.language();
    let mut groups: Vec<(State, GroupWords)> = Vec::new();
    for group in question.reading.catalog.groups.values() {
        let own = findings.found.iter().filter(|f| f.indicator.group == group.code);
        let tally = Tally::of(own.map(|f| f.judgement.state));
        if tally.all() == 0 {
            continue;
        }
        let state = group_state(tally);
        let name = match language {
            Language::Vi => group.name_vi.clone(),
            Language::En => group.name_en.clone(),
        };
        let score = if tally.judged() == 0 { String::new() } else { format!("{}/{}", tally.on, tally.judged()) };
        groups.push((state, GroupWords { class: state_class(state), name, score }));
    }
    groups.sort_by_key(|(state, _)| state_rank(*state));
    groups.into_iter().map(|(_, group)| group).collect()
}

/// The large figures, with their little lines as drawings.
pub(super) fn numbers(question: &Question<'_>, drawings: &mut Vec<(String, String)>) -> Vec<NumberWords> {
    let language = question.language();
    let numbers = question.numbers().into_iter().map(|(declared, found)| {
        let Found { indicator, unit, cell, judgement, current } = found;
        let written = short(cell.value, indicator.decimals, unit, language);
        let period =
            (!current || cell.period.freq() != question.period.freq()).then(|| label_of(cell.period, language));
        let note: Vec<String> = period.into_iter().chain(question.reading.soft_words(cell)).collect();
        let rank = rank(&question.reading, &found, question.area, question.kind());
        NumberWords {
            code: indicator.code.clone(),
            label: declared.label.of(language).to_owned(),
            pictogram: declared.pictogram.clone(),
            number: written.number,
            unit: written.unit,
            note: (!note.is_empty()).then(|| note.join(", ")),
            change: change(&found, language),
            state: state_words(&judgement, language),
            plan: plan_words(indicator, unit, &judgement, language),
            reached: judgement.reached.filter(|r| r.is_finite() && *r >= 0.0),
            due: judgement.due,
            rank: rank.map(|r| rank_words(&r, indicator.direction, language)),
            line: little_line(question, &found, drawings),
        }
    });
    numbers.collect()
}

fn change(found: &Found<'_>, language: Language) -> Option<ChangeWords> {
    let cell = found.cell;
    let (base, value) = match cell.yoy_value {
        Some(value) => (Base::YearAgo, value),
        None => (Base::Previous, cell.prev_value?),
    };
    let change = Change::of(cell.value, value, found.indicator, found.unit, language)?;
    let arrow = match change.arrow() {
        "▲" => "up",
        "▼" => "down",
        _ => "flat",
    };
    let (verdict, text) = (change.verdict.class(), change.text(language));
    Some(ChangeWords { arrow, verdict, text, base: base.words(language) })
}

fn little_line(question: &Question<'_>, found: &Found<'_>, drawings: &mut Vec<(String, String)>) -> Option<Drawing> {
    let svg = question.reading.little_line(found, CARD_LINE);
    if svg.is_empty() || question.reading.series(found.indicator, question.area, found.cell.period.freq()).len() < 3 {
        return None;
    }
    let path = format!("lines/{}.svg", found.indicator.code);
    let alt = headline(found.indicator, found.unit, found.cell, "", question.language());
    drawings.push((path.clone(), svg));
    Some(Drawing { path: format!("/{path}"), alt, title: String::new(), subtitle: String::new() })
}

fn rank_words(rank: &Rank, direction: Direction, language: Language) -> RankWords {
    let class = match direction {
        Direction::Neutral => "plain",
        _ if rank.place * 4 <= rank.of => "good",
        _ if (rank.of - rank.place) * 4 < rank.of => "bad",
        _ => "plain",
    };
    let by = if rank.by_growth { pick(language, " về mức tăng", " by change") } else { "" };
    let (words, middle) = match language {
        Language::Vi => (format!("thứ {}/{}{by}", rank.place, rank.of), format!("mức giữa {}", rank.middle)),
        Language::En => (format!("{} of {}{by}", ordinal(rank.place), rank.of), format!("middle {}", rank.middle)),
    };
    RankWords { class, words, middle, peers: rank.peers.clone(), own: rank.own }
}

fn ordinal(n: usize) -> String {
    let ending = match (n % 100, n % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{n}{ending}")
}

/// Ranked indicators that have a better and a worse, the best places first. Ranks by growth are left out: a district with
/// hardly any fishery is not strong because a few hundred kilograms became more.
fn ranked<'f, 'a>(question: &Question<'a>, findings: &'f Findings<'a>) -> Vec<(&'f Found<'a>, Rank)> {
    let fair = findings.found.iter().filter(|f| f.indicator.direction != Direction::Neutral);
    // A figure of another year says little about a month.
    let fresh = fair.filter(|f| f.current || f.cell.period.freq() == Freq::A);
    let mut list: Vec<(&Found<'a>, Rank)> =
        fresh.filter_map(|f| Some((f, rank(&question.reading, f, question.area, question.kind())?))).collect();
    list.retain(|(_, rank)| !rank.by_growth);
    list.sort_by(|(_, a), (_, b)| (a.place * b.of).cmp(&(b.place * a.of)));
    list
}

/// The best and the weakest places of a district, nothing for the city.
pub(super) fn standing(question: &Question<'_>, findings: &Findings<'_>) -> (Vec<Line>, Vec<Line>) {
    if question.kind() == crate::domain::AreaKind::City {
        return (Vec::new(), Vec::new());
    }
    let language = question.language();
    let list = ranked(question, findings);
    let line = |(found, rank): &(&Found<'_>, Rank)| {
        let value = short(found.cell.value, found.indicator.decimals, found.unit, language);
        let words = rank_words(rank, found.indicator.direction, language);
        Line {
            class: match words.class {
                "good" => "on",
                "bad" => "off",
                _ => "unknown",
            },
            name: format!("{} ({value})", name_of(question, found)),
            words: words.words,
        }
    };
    let best = list.iter().filter(|(_, r)| r.place * 4 <= r.of).take(LINES_MAX).map(line).collect();
    let weak = list.iter().rev().filter(|(_, r)| (r.of - r.place) * 4 < r.of).take(LINES_MAX).map(line).collect();
    (best, weak)
}

/// Where a district stands, as title and what is behind it.
pub(super) fn place(question: &Question<'_>, findings: &Findings<'_>) -> (String, String) {
    let list = ranked(question, findings);
    let best = list.iter().filter(|(_, r)| r.place * 4 <= r.of).count();
    let weak = list.iter().filter(|(_, r)| (r.of - r.place) * 4 < r.of).count();
    let (name, all) = (question.area_name, list.len());
    match question.language() {
        Language::Vi => (
            format!("{name}: {best} chỉ tiêu nhóm tốt nhất, {weak}\u{a0}nhóm\u{a0}yếu\u{a0}nhất"),
            format!("So sánh {all} chỉ tiêu giữa các quận, huyện; mỗi nhóm là một phần tư số quận, huyện"),
        ),
        Language::En => (
            format!("{name}: {best} indicators among the best, {weak} among the weakest"),
            format!("{all} indicators compared across districts; each end is a quarter of them"),
        ),
    }
}
