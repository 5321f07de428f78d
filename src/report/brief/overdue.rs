//! Citizens' reports: four numbers, who is late in what, what is open and for how long.

use std::collections::BTreeMap;

use super::charts::{of_cases, overdue_plans};
use super::{Big, Part, Scene};
use crate::cases::counting::Flow;
use crate::cases::views::{AGE_BANDS, Axis, Backlog, Share, Tally, backlog, crosstab, ranking, received_still_open};
use crate::chart::spec::NumberFormat;
use crate::domain::{Freq, Period};
use crate::gallery;
use crate::present::{Language, count, label_of, spoken};
use crate::report::table::{Column, Entry, Row, Table};

/// "9,5 %".
pub(super) fn percent(share: f64, language: Language) -> String {
    NumberFormat::new(1, "%").print(share * 100.0, language)
}

/// A share as an entry: the number of cases behind it decides whether it is shown.
pub(super) fn share_entry(share: Share, language: Language) -> Entry {
    match share.shown() {
        Some(value) => Entry::number(percent(value, language), value * 100.0, 1),
        None => Entry::none(),
    }
}

/// What was counted over a window.
pub(super) struct Window {
    label: String,
    received: u32,
    not_handled: u32,
    tally: Tally,
}

impl Window {
    fn overdue(&self) -> Share {
        self.tally.overdue(Default::default())
    }
}

/// Counts of a window; `None` where there are no cases.
pub(super) fn window(scene: &Scene<'_>, from: Period, to: Period, label: String) -> Option<Window> {
    let lens = scene.cases(from, to).ok()?;
    if scene.served.cases.book.is_empty() {
        return None;
    }
    let tally = crosstab(&lens, Axis::Total, Axis::Total).ok()?.total;
    let (received, not_handled) = received_still_open(&lens);
    Some(Window { label, received, not_handled, tally })
}

fn of_period(scene: &Scene<'_>) -> Option<Window> {
    window(scene, scene.asked.period, scene.asked.period, scene.period_label())
}

/// The cases of the period in one sentence.
pub(super) fn sentence(scene: &Scene<'_>) -> Option<String> {
    let now = of_period(scene)?;
    let language = scene.asked.language;
    let n = |n: u32| count(n as usize, language);
    let (received, handled, open) = (n(now.received), n(now.received - now.not_handled), n(now.not_handled));
    let share = now.overdue();
    let mut text = scene.say(
        || format!("Hệ thống 1022 tiếp nhận {received} phản ánh, đã xử lý {handled}, còn {open}"),
        || format!("1022 received {received} reports, {handled} are handled, {open} are not"),
    );
    if let Some(value) = share.shown() {
        let (value, part, due) = (percent(value, language), n(share.part), n(share.cases));
        text.push_str(&scene.say(
            || format!("; trễ hạn {value} ({part}/{due} phản ánh đến hạn)"),
            || format!("; {value} overdue ({part} of {due} due)"),
        ));
    }
    if let Some(worst) = worst(scene) {
        text.push_str(&worst);
    }
    Some(text + ".")
}

/// ", cao nhất ở Quận Tân Phú 70,0 %".
fn worst(scene: &Scene<'_>) -> Option<String> {
    let lens = scene.cases(scene.asked.period, scene.asked.period).ok()?;
    let ranking = ranking(&lens, scene.units()).ok()?;
    let first = ranking.ranked.first()?;
    let (name, share) = (scene.area_name(&first.code), percent(first.overdue.value()?, scene.asked.language));
    Some(scene.say(|| format!(", cao nhất ở {name} {share}"), || format!(", most in {name}, {share}")))
}

/// The part.
pub fn part(scene: &Scene<'_>, files: &mut BTreeMap<String, Vec<u8>>) -> Part {
    let mut part = Part::new("overdue", scene.pick("Phản ánh, kiến nghị qua 1022", "Citizens’ reports to 1022"));
    let Some(now) = of_period(scene) else {
        part.lead.push(scene.pick("Chưa có hồ sơ nào.", "There are no cases.").to_owned());
        return part;
    };
    part.lead.extend(sentence(scene));
    part.bigs = bigs(scene, &now);
    part.tables.push(numbers(scene, now));
    part.tables.extend(ages(scene));
    part.tables.extend(shares(scene));
    let units = scene.units();
    part.pictures.extend(of_cases(
        scene,
        "heatmap",
        (true, false),
        |a| gallery::heatmap(a, units, Axis::Category),
        files,
    ));
    let plans = overdue_plans(scene);
    part.pictures.extend(of_cases(scene, "trend", (false, true), |a| gallery::trend(a, &plans), files));
    part
}

fn bigs(scene: &Scene<'_>, now: &Window) -> Vec<Big> {
    let language = scene.asked.language;
    let big = |number: String, words: &str| Big { number, words: words.to_owned(), class: "", mark: "" };
    let n = |n: u32| count(n as usize, language);
    let share = now.overdue().shown().map_or_else(|| "–".to_owned(), |share| percent(share, language));
    vec![
        big(n(now.received), scene.pick("tiếp nhận trong kỳ", "received in the period")),
        big(n(now.received - now.not_handled), scene.pick("trong đó đã xử lý", "of these handled")),
        big(n(now.not_handled), scene.pick("chưa xử lý", "not handled")),
        big(share, scene.pick("trễ hạn trong số đến hạn", "overdue of those due")),
    ]
}

/// A row of counts over the windows.
fn counts(name: &str, windows: &[Window], language: Language, of: impl Fn(&Window) -> u32) -> Row {
    let counts = windows.iter().map(|w| Entry::count(of(w), language));
    Row::of(std::iter::once(Entry::text(name)).chain(counts).collect())
}

/// This period, the one before, the same of last year, the year so far.
fn numbers(scene: &Scene<'_>, now: Window) -> Table {
    let (language, period) = (scene.asked.language, scene.asked.period);
    let (before, year_ago) = (period.offset(-1), period.offset(-period.freq().per_year()));
    let mut windows = vec![now];
    windows.extend(window(scene, before, before, label_of(before, language)));
    if period.freq() != Freq::A {
        windows.extend(window(scene, year_ago, year_ago, label_of(year_ago, language)));
        let year = period.to_freq(Freq::A).unwrap_or(period);
        let so_far = scene.pick("Từ đầu năm", "Year so far").to_owned();
        windows.extend(window(scene, year, period, so_far));
    }
    let mut columns = vec![Column::text(scene.pick("Nội dung", "Item"))];
    columns.extend(windows.iter().map(|w| Column::number(&w.label, "")));
    let title = scene.say(
        || format!("Tiếp nhận, xử lý, trễ hạn, {}", scene.period_spoken()),
        || format!("Received, handled, overdue, {}", scene.period_spoken()),
    );
    let mut table = Table::new("cases", scene.pick("1022", "1022"), title, columns);
    let flow = |flow: Flow| move |w: &Window| w.tally.get(flow);
    let shares = |name: &str, of: &dyn Fn(&Window) -> Share| {
        let shares = windows.iter().map(|w| share_entry(of(w), language));
        Row::of(std::iter::once(Entry::text(name)).chain(shares).collect())
    };
    let row = |vi, en, of: &dyn Fn(&Window) -> u32| counts(scene.pick(vi, en), &windows, language, of);
    table.rows = vec![
        row("Tiếp nhận", "Received", &|w| w.received),
        row("– đã xử lý", "– handled", &|w| w.received - w.not_handled),
        row("– chưa xử lý", "– not handled", &|w| w.not_handled),
        row("Mở lại", "Reopened", &flow(Flow::Reopened)),
        row("Đã trả lời", "Answered", &flow(Flow::Closed)),
        shares(scene.pick("– trả lời đúng hạn, %", "– on time, %"), &|w| {
            w.tally.on_time(Default::default())
        }),
        row("Đến hạn", "Fell due", &flow(Flow::Due)),
        row("– trễ hạn", "– overdue", &flow(Flow::Overdue)),
        shares(scene.pick("– tỷ lệ trễ hạn, %", "– share overdue, %"), &|w| w.overdue()),
        row("Chưa xử lý cuối kỳ", "Open at the end", &|w| w.tally.open),
        row("– quá hạn", "– past their deadline", &|w| w.tally.open_overdue),
    ];
    table.notes.push(
        scene
            .pick(
                "Trễ hạn: đến hạn trong kỳ mà chưa có trả lời vào lúc đó, kể cả hồ sơ chưa đóng. Thời hạn tính theo ngày làm việc.",
                "Overdue: fell due in the period and had no answer by then, open cases included. Deadlines run on working days.",
            )
            .to_owned(),
    );
    table
}

fn ages(scene: &Scene<'_>) -> Option<Table> {
    let lens = scene.cases(scene.asked.period, scene.asked.period).ok()?;
    let all: Backlog = backlog(&lens, &scene.catalog.calendar).ok()?;
    let language = scene.asked.language;
    let columns = vec![
        Column::text(scene.pick("Đã chờ", "Waiting")),
        Column::number(scene.pick("Chưa xử lý", "Open"), ""),
        Column::number(scene.pick("Quá hạn", "Overdue"), ""),
        Column::number(scene.pick("Tỷ lệ quá hạn", "Share overdue"), "%"),
    ];
    let end = spoken(scene.asked.period, language);
    let title = scene.say(|| format!("Tồn đọng cuối {end}"), || format!("Open at the end of {end}"));
    let mut table = Table::new("backlog", scene.pick("Tồn đọng", "Backlog"), title, columns);
    let band = |code: &str| {
        let member = scene.catalog.dimensions.get("age_band").and_then(|d| d.members.get(code));
        member.map_or_else(|| code.to_owned(), |m| scene.one_of(&m.label_vi, &m.label_en).to_owned())
    };
    let row = |name: String, open: u32, late: u32, strong| Row {
        strong,
        ..Row::of(vec![
            Entry::text(name),
            Entry::count(open, language),
            Entry::count(late, language),
            share_entry(Share::of(late, open), language),
        ])
    };
    let counts = all.by_age.iter().zip(&all.overdue_by_age);
    table.rows =
        AGE_BANDS.iter().zip(counts).map(|(code, (open, late))| row(band(code), *open, *late, false)).collect();
    table.rows.push(row(scene.pick("Tất cả", "All").to_owned(), all.open, all.open_overdue, true));
    Some(table)
}

/// The numbers of the heatmap.
fn shares(scene: &Scene<'_>) -> Option<Table> {
    let lens = scene.cases(scene.asked.period, scene.asked.period).ok()?;
    let cross = crosstab(&lens, scene.units(), Axis::Category).ok()?;
    let language = scene.asked.language;
    let category = |code: &str| {
        let member = scene.catalog.dimensions.get("field").and_then(|d| d.members.get(code));
        member.map_or_else(
            || if code.is_empty() { scene.pick("Không rõ", "Unknown").to_owned() } else { code.to_owned() },
            |m| scene.one_of(&m.label_vi, &m.label_en).to_owned(),
        )
    };
    let mut columns = vec![Column::text(scene.pick("Quận, huyện", "District"))];
    columns.extend(cross.columns.iter().map(|code| Column::number(&category(code), "%")));
    columns.push(Column::number(scene.pick("Tất cả", "All"), "%"));
    let title = scene.say(
        || format!("Tỷ lệ trễ hạn theo quận, huyện và lĩnh vực, %, {}", scene.period_spoken()),
        || format!("Share overdue by district and field, %, {}", scene.period_spoken()),
    );
    let mut table = Table::new("shares", scene.pick("Quận × lĩnh vực", "District × field"), title, columns);
    for (r, code) in cross.rows.iter().enumerate().filter(|(_, code)| !code.is_empty()) {
        let mut entries = vec![Entry::text(scene.area_name(code))];
        let tallies = (0..cross.columns.len()).map(|c| cross.cell(r, c)).chain(std::iter::once(&cross.row_totals[r]));
        entries.extend(tallies.map(|tally| share_entry(tally.overdue(Default::default()), language)));
        table.rows.push(Row::of(entries));
    }
    table.notes.push(few(scene));
    Some(table)
}

/// What a dash stands for.
pub(super) fn few(scene: &Scene<'_>) -> String {
    scene
        .pick(
            "“–”: dưới 10 phản ánh đến hạn, không tính tỷ lệ.",
            "“–”: fewer than 10 reports fell due, no share is shown.",
        )
        .to_owned()
}
