//! The 20 groups, and all their indicators.

use std::collections::BTreeMap;

use super::{Part, Scene};
use crate::chart::Size;
use crate::domain::Freq;
use crate::present::reading::{Found, freq_for, head_of, score_words};
use crate::present::{
    Base, Change, Language, State, Tally, exact, group_state, label_of, plan_words, short, state_rank,
};
use crate::report::table::{Column, Entry, Row, Table};

/// The little line of a group.
const LINE: Size = Size::new(132, 26);

/// The figure: short for reading, exact for the workbook.
pub(super) fn value(f: &Found<'_>, language: Language) -> Entry {
    let decimals = f.indicator.decimals;
    let unit = exact(f.cell.value, f.indicator, f.unit, language).unit;
    Entry::number(short(f.cell.value, decimals, f.unit, language).to_string(), f.cell.value, decimals).of_unit(unit)
}

/// The change on last year, or on the period before where last year has no figure.
pub(super) fn change(f: &Found<'_>, language: Language) -> Entry {
    let (base, of) = match f.cell.yoy_value {
        Some(of) => (Base::YearAgo, Some(of)),
        None => (Base::Previous, f.cell.prev_value),
    };
    let Some(change) = of.and_then(|of| Change::of(f.cell.value, of, f.indicator, f.unit, language)) else {
        return Entry::none();
    };
    let text = change.text(language);
    let unit = text.split('\u{a0}').next_back().unwrap_or_default().to_owned();
    let entry = Entry::number(text, change.amount(), 1).of_unit(unit).pointing(change.arrow());
    let entry = Entry { class: change.verdict.class(), ..entry };
    if base == Base::Previous { entry.under(base.words(language)) } else { entry }
}

fn plan(f: &Found<'_>, language: Language) -> Entry {
    let words = plan_words(f.indicator, f.unit, &f.judgement, language);
    words.map_or_else(Entry::none, Entry::text)
}

/// What makes a figure less than that of the whole period: another period, an estimate, part of it.
fn note(scene: &Scene<'_>, f: &Found<'_>) -> String {
    let other = (f.cell.period != scene.asked.period).then(|| label_of(f.cell.period, scene.asked.language));
    let soft = scene.reading().soft_words(f.cell);
    [other, soft].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// A group with its figures.
struct Standing<'a> {
    name: String,
    head: Option<Found<'a>>,
    tally: Tally,
    state: State,
    worst: f64,
}

/// The groups, worst first; those without a figure last.
fn standings<'a>(scene: &Scene<'a>) -> Vec<Standing<'a>> {
    let found = scene.found();
    let mut list: Vec<Standing<'a>> = Vec::new();
    for group in scene.catalog.groups.values() {
        let own: Vec<Found<'a>> = found.iter().filter(|f| f.indicator.group == group.code).copied().collect();
        let tally = Tally::of(own.iter().map(|f| f.judgement.state));
        let worst = own.iter().filter_map(|f| f.judgement.gap).fold(0.0, f64::min);
        let name = format!("{} {}", group.code, scene.one_of(&group.name_vi, &group.name_en));
        let head = head_of(group, &own).copied();
        list.push(Standing { name, head, tally, state: group_state(tally), worst });
    }
    list.sort_by(|a, b| {
        let key = |s: &Standing<'_>| (s.head.is_none(), state_rank(s.state));
        key(a).cmp(&key(b)).then(a.worst.total_cmp(&b.worst))
    });
    list
}

/// One row a group.
pub fn part(scene: &Scene<'_>, files: &mut BTreeMap<String, Vec<u8>>) -> Part {
    let language = scene.asked.language;
    let list = standings(scene);
    let mut part = Part::new("groups", scene.pick("Hai mươi nhóm chỉ tiêu", "The twenty groups"));
    let n = |state: State| list.iter().filter(|s| s.state == state).count();
    let (off, watch, on) = (n(State::Off), n(State::Watch), n(State::OnTarget));
    part.lead.push(scene.say(
        || {
            format!(
                "{off} nhóm không đạt, {watch} nhóm cần theo dõi, {on} nhóm đạt. Một nhóm là “không đạt” khi ít nhất một \
                 nửa số chỉ tiêu đánh giá được của nhóm không đạt; là “đạt” khi tất cả đều đạt."
            )
        },
        || {
            format!(
                "{off} groups are off target, {watch} to be watched, {on} on target. A group is off target when at least \
                 half of its assessed indicators are, on target when all of them are."
            )
        },
    ));
    let columns = vec![
        Column::state(scene.pick("Đánh giá", "State")),
        Column::text(scene.pick("Nhóm và chỉ tiêu chính", "Group and headline")),
        Column::number(scene.pick("Giá trị", "Value"), ""),
        Column::number(scene.pick("So cùng kỳ", "On last year"), ""),
        Column::line(scene.pick("Diễn biến", "Trend")),
        Column::text(scene.pick("Kế hoạch", "Plan")),
        Column::text(scene.pick("Chỉ tiêu đạt", "On target")),
    ];
    let title = scene.say(
        || format!("Các nhóm chỉ tiêu, yếu nhất trước, {}", scene.period_spoken()),
        || format!("Groups, weakest first, {}", scene.period_spoken()),
    );
    let mut table = Table::new("groups", scene.pick("Nhóm", "Groups"), title, columns);
    let reading = scene.reading();
    for standing in &list {
        let state = Entry::state(standing.state, language);
        let score = Entry::text(score_words(&standing.tally, language));
        let Some(f) = &standing.head else {
            let absent = scene.pick("chưa có số liệu", "no figure yet");
            let name = Entry::text(&standing.name).under(absent);
            table.rows.push(Row::of(vec![
                state,
                name,
                Entry::none(),
                Entry::none(),
                Entry::default(),
                Entry::none(),
                score,
            ]));
            continue;
        };
        let file = format!("lines/{}.svg", f.indicator.code);
        let line = reading.little_line(f, LINE);
        let line = if line.is_empty() {
            Entry::default()
        } else {
            files.insert(file.clone(), line.into_bytes());
            Entry { line: file, ..Entry::default() }
        };
        let name = Entry::text(&standing.name).under(reading.name(f.indicator));
        let entries = vec![state, name, value(f, language), change(f, language), line, plan(f, language), score];
        table.rows.push(Row { note: note(scene, f), ..Row::of(entries) });
    }
    part.tables.push(table);
    part
}

/// The declared headlines over five years.
pub fn course(scene: &Scene<'_>, files: &mut BTreeMap<String, Vec<u8>>) -> Part {
    let mut part = Part::new("course", scene.pick("Diễn biến các chỉ tiêu chính", "The headlines over time"));
    let declared = scene.asked.headlines.iter().filter_map(|code| scene.catalog.indicators.get(code));
    let found: Vec<Found<'_>> = declared.filter_map(|indicator| scene.find(indicator)).collect();
    part.pictures = found.iter().filter_map(|f| super::charts::of_figure(scene, f, files)).collect();
    part
}

/// All indicators, group by group.
pub fn details(scene: &Scene<'_>) -> Part {
    let language = scene.asked.language;
    let mut part = Part::new("indicators", scene.pick("Chỉ tiêu theo nhóm", "Indicators by group"));
    let columns = vec![
        Column::text(scene.pick("Mã", "Code")),
        Column::text(scene.pick("Chỉ tiêu", "Indicator")),
        Column::number(scene.pick("Giá trị", "Value"), ""),
        Column::number(scene.pick("So cùng kỳ", "On last year"), ""),
        Column::text(scene.pick("Kế hoạch", "Plan")),
        Column::state(scene.pick("Đánh giá", "State")),
    ];
    let title = scene.say(
        || format!("Toàn bộ chỉ tiêu, {}", scene.period_spoken()),
        || format!("All indicators, {}", scene.period_spoken()),
    );
    let mut table = Table::new("indicators", scene.pick("Chỉ tiêu", "Indicators"), title, columns);
    let found = scene.found();
    let mut absent = 0;
    for group in scene.catalog.groups.values() {
        let of_group = scene.catalog.indicators.values().filter(|i| i.group == group.code);
        let name = scene.one_of(&group.name_vi, &group.name_en);
        table.rows.push(Row::heading(format!("{} {name}", group.code)));
        for indicator in of_group {
            let name = Entry::text(scene.one_of(&indicator.name_vi, &indicator.name_en));
            let code = Entry::text(&indicator.code);
            match found.iter().find(|f| f.indicator.code == indicator.code) {
                Some(f) => {
                    let state = Entry::state(f.judgement.state, language);
                    let entries = vec![code, name, value(f, language), change(f, language), plan(f, language), state];
                    table.rows.push(Row { note: note(scene, f), ..Row::of(entries) });
                }
                None => {
                    absent += 1;
                    let why = if freq_for(indicator, scene.asked.period.freq()).is_none() {
                        scene.pick("không công bố theo kỳ này", "not published at this frequency")
                    } else {
                        scene.pick("chưa có số liệu", "no figure yet")
                    };
                    let state = Entry::state(State::Unknown, language);
                    let entries = vec![code, name, Entry::none(), Entry::none(), Entry::none(), state];
                    table.rows.push(Row { note: why.to_owned(), ..Row::of(entries) });
                }
            }
        }
    }
    table.notes = notes(scene);
    part.lead.push(scene.say(
        || {
            format!(
                "{} chỉ tiêu có số liệu, {absent} chỉ tiêu chưa có. Chỉ tiêu quý, năm lấy kỳ mới nhất.",
                found.len()
            )
        },
        || {
            format!(
                "{} indicators have a figure, {absent} have none. Quarterly and annual ones show their newest.",
                found.len()
            )
        },
    ));
    part.tables.push(table);
    part
}

/// How to read the tables of indicators.
fn notes(scene: &Scene<'_>) -> Vec<String> {
    let mut notes = vec![
        scene
            .pick(
                "Mũi tên chỉ chiều của số liệu; màu và chữ đậm chỉ chiều tốt, xấu theo hướng của chỉ tiêu.",
                "Arrows give the way of the figure; colour says whether that is welcome for this indicator.",
            )
            .to_owned(),
        scene
            .pick(
                "“Mức cần đến nay”: phần của năm mà các năm trước đạt được cùng thời điểm (trung vị ba năm).",
                "“Due by now”: the share of the year that earlier years had reached by the same time (middle of three).",
            )
            .to_owned(),
    ];
    if scene.asked.period.freq() == Freq::M {
        notes.push(
            scene
                .pick(
                    "Không đạt: thấp hơn mức cần đạt trên 5 %. Cần theo dõi: trong khoảng 5 %, hoặc có cảnh báo đã khai báo.",
                    "Off target: more than 5 % short of what was due. Watch: within 5 %, or a declared warning.",
                )
                .to_owned(),
        );
    }
    notes
}
