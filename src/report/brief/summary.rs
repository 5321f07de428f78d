//! Page one: how many are on and off, what is said of the declared headlines, what changed, what is furthest behind.

use super::{Big, Part, Scene};
use crate::domain::Direction;
use crate::present::reading::{Found, Reading};
use crate::present::{
    Change, Language, State, Tally, Verdict, group_state, headline, plan_words, spoken, state_class, state_mark,
    state_rank, state_word,
};
use crate::report::gate::{Finding, Lack};
use crate::report::table::{Column, Entry, Row, Table};

/// How many gaps, and how many changes each way, are listed.
const GAPS_MAX: usize = 6;
const CHANGES_MAX: usize = 4;
/// How many names stand in a sentence.
const NAMES_MAX: usize = 4;

/// "Tháng 5/2022: 22 trong 54 chỉ tiêu đánh giá được đạt tiến độ, 13 không đạt".
pub fn message(scene: &Scene<'_>) -> String {
    let tally = Tally::of(scene.found().iter().map(|f| f.judgement.state));
    let (period, on, judged, off) = (scene.period_label(), tally.on, tally.judged(), tally.off);
    scene.say(
        || format!("{period}: {on} trong {judged} chỉ tiêu đánh giá được đạt tiến độ, {off} không đạt"),
        || format!("{period}: {on} of {judged} assessed indicators on target, {off} off"),
    )
}

/// The part.
pub fn part(scene: &Scene<'_>, lacks: &[Finding]) -> Part {
    let found = scene.found();
    let mut part = Part::new("summary", scene.pick("Tóm tắt", "Summary"));
    part.bigs = bigs(scene, &found);
    part.lead.extend(groups_sentence(scene, &found));
    part.lead.extend(headlines(scene));
    part.lead.extend(flips(scene, &found));
    part.lead.extend(super::overdue::sentence(scene));
    part.lead.extend(lateness(scene, lacks));
    part.tables.push(gaps(scene, &found));
    part.tables.push(changes(scene, &found, Verdict::Good));
    part.tables.push(changes(scene, &found, Verdict::Bad));
    part
}

fn bigs(scene: &Scene<'_>, found: &[Found<'_>]) -> Vec<Big> {
    let tally = Tally::of(found.iter().map(|f| f.judgement.state));
    let counts = [
        (State::Off, tally.off),
        (State::Watch, tally.watch),
        (State::OnTarget, tally.on),
        (State::Unknown, tally.unknown),
    ];
    let big = |(state, n): (State, usize)| Big {
        number: crate::present::count(n, scene.asked.language),
        words: state_word(state, scene.asked.language).to_owned(),
        class: state_class(state),
        mark: state_mark(state),
    };
    counts.into_iter().map(big).collect()
}

/// "a; b; c và 2 nhóm khác".
fn named(scene: &Scene<'_>, names: &[&str], kind: &str) -> String {
    let shown = names.iter().take(NAMES_MAX).copied().collect::<Vec<_>>().join("; ");
    let rest = names.len().saturating_sub(NAMES_MAX);
    if rest == 0 {
        return shown;
    }
    scene.say(|| format!("{shown} và {rest} {kind} khác"), || format!("{shown} and {rest} more"))
}

fn groups_sentence(scene: &Scene<'_>, found: &[Found<'_>]) -> Option<String> {
    let of = |wanted: State| -> Vec<&str> {
        let groups = scene.catalog.groups.values();
        let state = |code: &str| {
            let own = found.iter().filter(|f| f.indicator.group == code);
            group_state(Tally::of(own.map(|f| f.judgement.state)))
        };
        groups.filter(|g| state(&g.code) == wanted).map(|g| scene.one_of(&g.name_vi, &g.name_en)).collect()
    };
    let (off, on, all) = (of(State::Off), of(State::OnTarget), scene.catalog.groups.len());
    if off.is_empty() && on.is_empty() {
        return None;
    }
    let list = |names: &[&str]| named(scene, names, "nhóm");
    let mut text = scene.say(
        || format!("Trong {all} nhóm, {} nhóm không đạt", off.len()),
        || format!("Of {all} groups, off target: {}", off.len()),
    );
    if !off.is_empty() {
        text.push_str(&format!(" ({})", list(&off)));
    }
    text.push_str(&scene.say(|| format!(", {} nhóm đạt", on.len()), || format!("; on target: {}", on.len())));
    if !on.is_empty() {
        text.push_str(&format!(" ({})", list(&on)));
    }
    Some(text + ".")
}

/// The declared headlines as sentences.
fn headlines(scene: &Scene<'_>) -> Vec<String> {
    let language = scene.asked.language;
    let declared = scene.asked.headlines.iter().filter_map(|code| scene.catalog.indicators.get(code));
    let sentence = |f: Found<'_>| {
        let said = headline(f.indicator, f.unit, f.cell, "", language);
        let plan = plan_words(f.indicator, f.unit, &f.judgement, language);
        plan.map_or_else(|| format!("{said}."), |plan| format!("{said}; {plan}."))
    };
    declared.filter_map(|indicator| scene.find(indicator)).map(sentence).collect()
}

/// What changed its state since the period before.
fn flips(scene: &Scene<'_>, found: &[Found<'_>]) -> Option<String> {
    let before = scene.asked.period.offset(-1);
    let reading = scene.reading();
    let (mut worse, mut better): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    for f in found.iter().filter(|f| f.current) {
        let Some(then) = reading.find(f.indicator, &scene.catalog.city, before).filter(|then| then.current) else {
            continue;
        };
        let is_judged = |state: State| state_rank(state) <= state_rank(State::OnTarget);
        if !is_judged(f.judgement.state) || !is_judged(then.judgement.state) {
            continue;
        }
        match state_rank(f.judgement.state).cmp(&state_rank(then.judgement.state)) {
            std::cmp::Ordering::Less => worse.push(reading.name(f.indicator)),
            std::cmp::Ordering::Greater => better.push(reading.name(f.indicator)),
            std::cmp::Ordering::Equal => {}
        }
    }
    let than = spoken(before, scene.asked.language);
    let list = |names: &[&str]| {
        if names.is_empty() { String::new() } else { format!(" ({})", named(scene, names, "chỉ tiêu")) }
    };
    if worse.is_empty() && better.is_empty() {
        return Some(scene.say(
            || format!("So với {than}, chưa chỉ tiêu nào đổi mức đánh giá."),
            || format!("No indicator changed its state since {than}."),
        ));
    }
    let (worse_n, better_n, worse, better) = (worse.len(), better.len(), list(&worse), list(&better));
    Some(scene.say(
        || format!("So với {than}, {worse_n} chỉ tiêu chuyển xấu{worse}, {better_n} chỉ tiêu chuyển tốt{better}."),
        || format!("Since {than}, turned worse: {worse_n}{worse}; better: {better_n}{better}."),
    ))
}

/// Who is late.
fn lateness(scene: &Scene<'_>, lacks: &[Finding]) -> Option<String> {
    let late: Vec<&str> = lacks.iter().filter(|f| f.lack == Lack::Missing).map(|f| f.who.as_str()).collect();
    if late.is_empty() {
        return Some(
            scene.pick("Các đơn vị đã nộp đủ số liệu đến hạn.", "All figures due have been handed in.").to_owned(),
        );
    }
    let (n, names) = (late.len(), named(scene, &late, "đơn vị"));
    Some(scene.say(
        || format!("{n} đơn vị chậm số liệu: {names}."),
        || format!("{} late: {names}.", scene.counted(n, ("authority", "authorities"))),
    ))
}

/// The largest gaps to what was due by now.
fn gaps(scene: &Scene<'_>, found: &[Found<'_>]) -> Table {
    let language = scene.asked.language;
    let columns = vec![
        Column::state(scene.pick("Đánh giá", "State")),
        Column::text(scene.pick("Chỉ tiêu", "Indicator")),
        Column::number(scene.pick("Giá trị", "Value"), ""),
        Column::text(scene.pick("So với kế hoạch", "Against plan")),
        Column::number(scene.pick("Cách mức cần đạt", "Gap to what was due"), "%"),
    ];
    let title = scene.say(
        || format!("Cách xa mức cần đạt nhất, {}", scene.period_spoken()),
        || format!("Furthest from what was due, {}", scene.period_spoken()),
    );
    let mut table = Table::new("gaps", scene.pick("Cần chú ý", "Attention"), title, columns);
    let mut missed: Vec<&Found<'_>> = found.iter().filter(|f| f.judgement.state == State::Off).collect();
    missed.sort_by(|a, b| a.judgement.gap.unwrap_or(0.0).total_cmp(&b.judgement.gap.unwrap_or(0.0)));
    table.rows = missed.iter().take(GAPS_MAX).map(|f| gap_row(scene, f, language)).collect();
    let more = missed.len().saturating_sub(GAPS_MAX);
    if more > 0 {
        table.notes.push(scene.say(
            || format!("Còn {more} chỉ tiêu không đạt khác, xem phần Chỉ tiêu theo nhóm."),
            || format!("{more} more are off target, see Indicators by group."),
        ));
    }
    table
}

fn gap_row(scene: &Scene<'_>, f: &Found<'_>, language: Language) -> Row {
    let reading = scene.reading();
    let gap = f.judgement.gap.map_or_else(Entry::none, |gap| {
        let text = format!("{}\u{a0}%", crate::present::signed(gap, 1, language));
        Entry { class: "bad", ..Entry::number(text, gap, 1) }
    });
    Row {
        note: reading.soft_words(f.cell).unwrap_or_default(),
        ..Row::of(vec![
            Entry::state(f.judgement.state, language),
            Entry::text(reading.name(f.indicator)),
            super::groups::value(f, language),
            Entry::text(plan_words(f.indicator, f.unit, &f.judgement, language).unwrap_or_default()),
            gap,
        ])
    }
}

/// The largest changes on last year of one kind: welcome, or not.
fn changes(scene: &Scene<'_>, found: &[Found<'_>], kind: Verdict) -> Table {
    let language = scene.asked.language;
    let columns = vec![
        Column::text(scene.pick("Chỉ tiêu", "Indicator")),
        Column::number(scene.pick("Giá trị", "Value"), ""),
        Column::number(scene.pick("So cùng kỳ", "On last year"), ""),
    ];
    let (id, sheet, title) = match kind {
        Verdict::Bad => (
            "worse",
            scene.pick("Xấu đi", "Worse"),
            scene.pick("Xấu đi nhiều nhất so cùng kỳ năm trước", "Worsened most on last year"),
        ),
        Verdict::Good | Verdict::Plain => (
            "better",
            scene.pick("Tốt lên", "Better"),
            scene.pick("Tốt lên nhiều nhất so cùng kỳ năm trước", "Improved most on last year"),
        ),
    };
    let mut table = Table::new(id, sheet, title.to_owned(), columns);
    let reading: Reading<'_> = scene.reading();
    let change = |f: &Found<'_>| Change::of(f.cell.value, f.cell.yoy_value?, f.indicator, f.unit, language);
    let mut list: Vec<(f64, &Found<'_>)> = found
        .iter()
        .filter(|f| f.current && f.indicator.direction != Direction::Neutral && !f.unit.rate)
        .filter_map(|f| Some((change(f).filter(|c| c.verdict == kind)?.amount().abs(), f)))
        .collect();
    list.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let row = |f: &Found<'_>| Row {
        note: reading.soft_words(f.cell).unwrap_or_default(),
        ..Row::of(vec![
            Entry::text(reading.name(f.indicator)),
            super::groups::value(f, language),
            super::groups::change(f, language),
        ])
    };
    table.rows = list.iter().take(CHANGES_MAX).map(|(_, f)| row(f)).collect();
    table
}
