//! What was said before and is said differently now: figures of earlier periods that changed since the last brief.

use super::{Part, Scene};
use crate::cube::Cell;
use crate::domain::{Breakdown, Indicator, TOTAL};
use crate::present::{Change, exact, instant, label_of, status_word};
use crate::report::table::{Column, Entry, Row, Table};

/// Revised figures that are listed; periods further back than this many months are passed over.
const LISTED_MAX: usize = 18;
const MONTHS_BACK: i32 = 36;

/// A figure that changed.
struct Revised<'a> {
    indicator: &'a Indicator,
    before: &'a Cell,
    now: &'a Cell,
    /// How much, relative to the figure before.
    size: f64,
}

/// The part.
pub fn part(scene: &Scene<'_>) -> Part {
    let mut part = Part::new("revisions", scene.pick("Số liệu được điều chỉnh", "Revised figures"));
    let Some((_, since)) = scene.before else { return part };
    let language = scene.asked.language;
    let since = instant(since, language);
    let list = revised(scene);
    if list.is_empty() {
        part.lead.push(scene.say(
            || format!("Từ {since} chưa có số liệu nào của các kỳ trước được điều chỉnh."),
            || format!("No figure of an earlier period was revised since {since}."),
        ));
        return part;
    }
    part.lead.push(scene.say(
        || {
            format!(
                "Từ {since} có {} số liệu của các kỳ trước được điều chỉnh; bản cũ vẫn xem lại được theo ngày.",
                list.len()
            )
        },
        || {
            let n = scene.counted(list.len(), ("figure", "figures"));
            format!("Revised since {since}: {n} of earlier periods; the former values remain as of their day.")
        },
    ));
    let columns = vec![
        Column::text(scene.pick("Mã", "Code")),
        Column::text(scene.pick("Chỉ tiêu", "Indicator")),
        Column::text(scene.pick("Kỳ", "Period")),
        Column::number(scene.pick("Trước", "Before"), ""),
        Column::number(scene.pick("Nay", "Now"), ""),
        Column::number(scene.pick("Thay đổi", "Change"), ""),
        Column::text(scene.pick("Biết từ", "Known since")),
    ];
    let title = scene.pick("Số liệu được điều chỉnh, thay đổi lớn nhất trước", "Revised figures, largest change first");
    let mut table = Table::new("revisions", scene.pick("Điều chỉnh", "Revisions"), title.to_owned(), columns);
    table.rows = list.iter().take(LISTED_MAX).map(|revised| row(scene, revised)).collect();
    let more = list.len().saturating_sub(LISTED_MAX);
    if more > 0 {
        table.notes.push(scene.say(|| format!("Và {more} số liệu khác."), || format!("And {more} more.")));
    }
    part.tables.push(table);
    part
}

/// Figures of the whole city, at their own frequency, of periods before the report's, that were complete and are now
/// said differently; what was rounded alike is the same.
fn revised<'a>(scene: &'a Scene<'_>) -> Vec<Revised<'a>> {
    let Some((before, _)) = scene.before else { return Vec::new() };
    let mut list = Vec::new();
    for indicator in scene.catalog.indicators.values() {
        let series = |served: &'a crate::compute::Served| -> &'a [Cell] {
            let block = served.cube.block(&indicator.code);
            block.map_or(&[], |b| b.series(&scene.catalog.city, TOTAL, &Breakdown::TOTAL, indicator.freq))
        };
        let (old, new) = (series(before), series(scene.served));
        for now in new.iter().filter(|cell| cell.period.last_month() < scene.asked.period.first_month()) {
            if scene.asked.period.last_month() - now.period.last_month() > MONTHS_BACK {
                continue;
            }
            let Some(then) = old.binary_search_by(|c| c.period.cmp(&now.period)).ok().map(|k| &old[k]) else {
                continue;
            };
            let rounded = |value: f64| (value * 10f64.powi(indicator.decimals.into())).round();
            if then.complete && now.complete && rounded(then.value) != rounded(now.value) {
                let size = ((now.value - then.value) / then.value.abs().max(f64::MIN_POSITIVE)).abs();
                list.push(Revised { indicator, before: then, now, size });
            }
        }
    }
    list.sort_by(|a, b| b.size.total_cmp(&a.size).then_with(|| a.indicator.code.cmp(&b.indicator.code)));
    list
}

fn row(scene: &Scene<'_>, revised: &Revised<'_>) -> Row {
    let Revised { indicator, before, now, .. } = *revised;
    let (language, unit) = (scene.asked.language, scene.catalog.unit_of(indicator));
    let figure = |cell: &Cell| {
        let written = exact(cell.value, indicator, unit, language);
        Entry::number(written.to_string(), cell.value, indicator.decimals)
            .under(status_word(cell.status, language))
            .of_unit(written.unit)
    };
    let change = Change::of(now.value, before.value, indicator, unit, language);
    let change = change.map_or_else(Entry::none, |c| {
        let text = c.text(language);
        let unit = text.split('\u{a0}').next_back().unwrap_or_default().to_owned();
        Entry::number(text, c.amount(), 2).of_unit(unit)
    });
    Row::of(vec![
        Entry::text(&indicator.code),
        Entry::text(scene.one_of(&indicator.name_vi, &indicator.name_en)),
        Entry::text(label_of(now.period, language)),
        figure(before),
        figure(now),
        change,
        Entry::text(instant(now.vintage, language)),
    ])
}
