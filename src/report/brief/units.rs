//! Departments by the states of their indicators and by what they have handed in; districts by their overdue reports.

use std::collections::BTreeMap;

use super::charts::of_cases;
use super::overdue::{few, percent, share_entry};
use super::{Part, Scene};
use crate::cases::counting::Flow;
use crate::cases::views::{Axis, Ranked, Ranking, ranking};
use crate::domain::{Indicator, OrgUnit, Period};
use crate::gallery;
use crate::present::reading::Found;
use crate::present::{State, Tally, signed, spoken};
use crate::report::table::{Column, Entry, Row, Table};

fn ranked_by(scene: &Scene<'_>, axis: Axis) -> Option<Ranking> {
    let lens = scene.cases(scene.asked.period, scene.asked.period).ok()?;
    ranking(&lens, axis).ok()
}

/// An authority with what it answers for.
struct Owner<'a> {
    unit: &'a OrgUnit,
    tally: Tally,
    all: usize,
    /// How many of its figures are older than the period, and the oldest.
    late: (usize, Option<Period>),
}

fn owners<'a>(scene: &Scene<'a>) -> Vec<Owner<'a>> {
    let found = scene.found();
    let mut list = Vec::new();
    for unit in scene.catalog.org_units.iter().filter(|unit| unit.is_valid_on(scene.day())) {
        let owned: Vec<&Indicator> = scene.catalog.indicators.values().filter(|i| i.owner == unit.code).collect();
        if owned.is_empty() {
            continue;
        }
        let own: Vec<&Found<'_>> = found.iter().filter(|f| f.indicator.owner == unit.code).collect();
        let behind = own.iter().filter(|f| !f.current && f.indicator.freq == scene.asked.period.freq());
        let late = (behind.clone().count(), behind.map(|f| f.cell.period).min());
        list.push(Owner { unit, tally: Tally::of(own.iter().map(|f| f.judgement.state)), all: owned.len(), late });
    }
    // Most off target first; among equals those that hand in late, then by name.
    list.sort_by_key(|o| {
        (std::cmp::Reverse(o.tally.off), std::cmp::Reverse(o.late.0), crate::domain::text::sort_key(&o.unit.name_vi))
    });
    list
}

/// Departments.
pub fn departments(scene: &Scene<'_>) -> Part {
    let language = scene.asked.language;
    let list = owners(scene);
    let mut part = Part::new("departments", scene.pick("Sở, ngành", "Departments"));
    let (off, late) = (list.iter().filter(|o| o.tally.off > 0).count(), list.iter().filter(|o| o.late.0 > 0).count());
    part.lead.push(scene.say(
        || format!("{off} trong {} đơn vị có chỉ tiêu không đạt; {late} đơn vị chậm số liệu của kỳ.", list.len()),
        || format!("{off} of {} authorities have an indicator off target; {late} are late with figures.", list.len()),
    ));
    let n = |heading: &str| Column::number(heading, "");
    let columns = vec![
        Column::text(scene.pick("Đơn vị", "Authority")),
        n(scene.pick("Chỉ tiêu", "Indicators")),
        n(scene.pick("Không đạt", "Off")),
        n(scene.pick("Theo dõi", "Watch")),
        n(scene.pick("Đạt", "On")),
        n(scene.pick("Chưa đánh giá", "Not assessed")),
        Column::text(scene.pick("Chậm số liệu", "Late figures")),
        Column::number(scene.pick("Trễ hạn 1022", "1022 overdue"), "%"),
    ];
    let title = scene.say(
        || format!("Sở, ngành theo chỉ tiêu chủ trì, {}", scene.period_spoken()),
        || format!("Authorities by the indicators they answer for, {}", scene.period_spoken()),
    );
    let mut table = Table::new("departments", scene.pick("Sở, ngành", "Departments"), title, columns);
    let overdue = ranked_by(scene, Axis::Org);
    for owner in &list {
        let count = |n: usize| Entry::count(n as u32, language);
        let class = |n: usize, class| Entry { class: if n > 0 { class } else { "" }, ..count(n) };
        let late = match owner.late {
            (n, Some(oldest)) => {
                let oldest = spoken(oldest, language);
                let text = scene.say(|| format!("{n} chỉ tiêu mới đến {oldest}"), || format!("{n} end in {oldest}"));
                Entry { class: "watch", ..Entry::text(text) }
            }
            (_, None) => Entry::text(scene.pick("đủ", "none")),
        };
        let own = overdue.iter().flat_map(|r| r.ranked.iter().chain(&r.small));
        let share = own.into_iter().find(|r| *r.code == *owner.unit.code).map(|r| share_entry(r.overdue, language));
        table.rows.push(Row::of(vec![
            Entry::text(scene.one_of(&owner.unit.name_vi, &owner.unit.name_en)),
            count(owner.all),
            class(owner.tally.off, "off"),
            class(owner.tally.watch, "watch"),
            class(owner.tally.on, "on"),
            count(owner.all - owner.tally.judged()),
            late,
            share.unwrap_or_else(Entry::none),
        ]));
    }
    table.notes.push(
        scene
            .pick(
                "Trễ hạn 1022: trên các lượt xử lý của chính đơn vị; “–”: không xử lý phản ánh, hoặc dưới 10 lượt đến hạn.",
                "1022 overdue: of the authority’s own stints; “–”: it handles no reports, or fewer than 10 fell due.",
            )
            .to_owned(),
    );
    part.tables.push(table);
    part
}

/// Districts, the most overdue first.
pub fn districts(scene: &Scene<'_>, files: &mut BTreeMap<String, Vec<u8>>) -> Part {
    let heading = scene.pick("Quận, huyện, TP. Thủ Đức", "Districts");
    let mut part = Part::new("districts", heading);
    let Some(ranking) = ranked_by(scene, scene.units()) else { return part };
    part.lead.extend(spread(scene, &ranking));
    let n = |heading: &str| Column::number(heading, "");
    let columns = vec![
        n(scene.pick("Hạng", "Rank")),
        Column::text(scene.pick("Quận, huyện", "District")),
        n(scene.pick("Tiếp nhận", "Received")),
        n(scene.pick("Đến hạn", "Due")),
        n(scene.pick("Trễ hạn", "Overdue")),
        Column::number(scene.pick("Tỷ lệ trễ hạn", "Share overdue"), "%"),
        Column::number(scene.pick("So kỳ trước", "On period before"), scene.pick("điểm %", "pp")),
        n(scene.pick("Chưa xử lý", "Open")),
        n(scene.pick("Quá hạn", "Past deadline")),
    ];
    let title = scene.say(
        || format!("Phản ánh trễ hạn theo quận, huyện, {}", scene.period_spoken()),
        || format!("Overdue reports by district, {}", scene.period_spoken()),
    );
    let mut table = Table::new("districts", scene.pick("Quận, huyện", "Districts"), title, columns);
    table.rows.push(city_row(scene, &ranking));
    table.rows.extend(ranking.ranked.iter().chain(&ranking.small).map(|unit| unit_row(scene, unit)));
    table.notes.push(few(scene));
    table.notes.push(
        scene
            .pick(
                "Hạng 1 là tỷ lệ trễ hạn cao nhất; tỷ lệ bằng nhau cùng hạng. Kỳ trước: khoảng thời gian cùng độ dài liền trước.",
                "Rank 1 is the highest share; equal shares share a rank. Period before: the window of the same length.",
            )
            .to_owned(),
    );
    part.tables.push(table);
    if scene.units() == Axis::District {
        part.pictures.extend(of_cases(scene, "map", (true, true), gallery::map, files));
    }
    part
}

/// "Cao nhất: Quận A 70,0 %; thấp nhất: Quận B 1,2 %; trung bình 9,5 %".
fn spread(scene: &Scene<'_>, ranking: &Ranking) -> Option<String> {
    let (first, last) = (ranking.ranked.first()?, ranking.ranked.last()?);
    let language = scene.asked.language;
    let of = |unit: &Ranked| {
        format!("{} {}", scene.area_name(&unit.code), percent(unit.overdue.value().unwrap_or_default(), language))
    };
    let (first, last, mean) = (of(first), of(last), percent(ranking.average.value()?, language));
    Some(scene.say(
        || format!("Tỷ lệ trễ hạn cao nhất: {first}; thấp nhất: {last}; chung toàn thành phố {mean}."),
        || format!("Highest share overdue: {first}; lowest: {last}; city {mean}."),
    ))
}

fn points(scene: &Scene<'_>, change: Option<f64>) -> Entry {
    let Some(change) = change else { return Entry::none() };
    let tenths = (change * 1000.0).round() / 10.0;
    let class = match tenths {
        t if t > 0.0 => "bad",
        t if t < 0.0 => "good",
        _ => "plain",
    };
    let arrow = match tenths {
        t if t > 0.0 => "▲",
        t if t < 0.0 => "▼",
        _ => "→",
    };
    let text = signed(change * 100.0, 1, scene.asked.language);
    Entry { class, ..Entry::number(text, change * 100.0, 1).pointing(arrow) }
}

fn city_row(scene: &Scene<'_>, ranking: &Ranking) -> Row {
    let language = scene.asked.language;
    let units = || ranking.ranked.iter().chain(&ranking.small).map(|unit| &unit.tally);
    let sum = |of: &dyn Fn(&crate::cases::views::Tally) -> u32| Entry::count(units().map(of).sum(), language);
    let change = ranking.average.value().zip(ranking.average_before.value()).map(|(now, then)| now - then);
    let entries = vec![
        Entry::text(""),
        Entry::text(scene.pick("Toàn thành phố", "Whole city")),
        sum(&|t| t.get(Flow::Received)),
        Entry::count(ranking.average.cases, language),
        Entry::count(ranking.average.part, language),
        share_entry(ranking.average, language),
        points(scene, change),
        sum(&|t| t.open),
        sum(&|t| t.open_overdue),
    ];
    Row { strong: true, ..Row::of(entries) }
}

fn unit_row(scene: &Scene<'_>, unit: &Ranked) -> Row {
    let language = scene.asked.language;
    let is_few = unit.rank == 0;
    let rank = if is_few { Entry::none() } else { Entry::count(unit.rank, language) };
    let share = share_entry(unit.overdue, language);
    let state = crate::present::state_class(State::Off);
    let is_worst = unit.rank == 1;
    let share = Entry { class: if is_worst { state } else { "" }, ..share };
    let entries = vec![
        rank,
        Entry::text(scene.area_name(&unit.code)),
        Entry::count(unit.tally.get(Flow::Received), language),
        Entry::count(unit.overdue.cases, language),
        Entry::count(unit.overdue.part, language),
        share,
        points(scene, unit.change),
        Entry::count(unit.tally.open, language),
        Entry::count(unit.tally.open_overdue, language),
    ];
    let note = if is_few { scene.pick("quá ít phản ánh", "too few reports").to_owned() } else { String::new() };
    Row { note, ..Row::of(entries) }
}
