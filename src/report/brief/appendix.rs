//! Appendix: what the indicators shown mean, and where figures come from.

use std::collections::BTreeSet;

use super::{Part, Scene};
use crate::domain::{Freq, Indicator};
use crate::present::{State, instant, source_word, unit_label};
use crate::report::table::{Column, Entry, Row, Table};

/// Definitions of the indicators that the first pages name: the headlines and those off target.
pub fn definitions(scene: &Scene<'_>) -> Part {
    let mut part = Part::new("definitions", scene.pick("Phụ lục 1. Định nghĩa chỉ tiêu", "Annex 1. Definitions"));
    let found = scene.found();
    let off = found.iter().filter(|f| f.judgement.state == State::Off).map(|f| f.indicator.code.as_str());
    let shown: BTreeSet<&str> = scene.asked.headlines.iter().map(String::as_str).chain(off).collect();
    let columns = vec![
        Column::text(scene.pick("Mã", "Code")),
        Column::text(scene.pick("Chỉ tiêu", "Indicator")),
        Column::text(scene.pick("Định nghĩa", "Definition")),
        Column::text(scene.pick("Đơn vị tính, nguồn", "Unit, source")),
    ];
    let title = scene.pick("Các chỉ tiêu nêu ở phần đầu báo cáo", "The indicators named on the first pages");
    let mut table = Table::new("definitions", scene.pick("Định nghĩa", "Definitions"), title.to_owned(), columns);
    let indicators = shown.iter().filter_map(|code| scene.catalog.indicators.get(*code));
    table.rows = indicators.map(|indicator| definition(scene, indicator)).collect();
    part.lead.push(
        scene
            .pick(
                "Định nghĩa của mọi chỉ tiêu, công thức và căn cứ pháp lý có ở trang Danh mục.",
                "All definitions, formulas and legal bases are on the page Catalogue.",
            )
            .to_owned(),
    );
    part.tables.push(table);
    part
}

fn definition(scene: &Scene<'_>, indicator: &Indicator) -> Row {
    let language = scene.asked.language;
    let unit = unit_label(scene.catalog.unit_of(indicator), language);
    let every = match indicator.freq {
        Freq::M => scene.pick("tháng", "monthly"),
        Freq::Q => scene.pick("quý", "quarterly"),
        Freq::A => scene.pick("năm", "annual"),
    };
    let source = source_word(indicator.source, language);
    let owner = scene.org_name(&indicator.owner);
    let from = if source == owner { source.to_owned() } else { format!("{source}; {owner}") };
    Row::of(vec![
        Entry::text(&indicator.code),
        Entry::text(scene.one_of(&indicator.name_vi, &indicator.name_en)),
        Entry::text(scene.one_of(&indicator.definition_vi, &indicator.definition_en)),
        Entry::text(format!("{unit} · {every}")).under(from),
    ])
}

/// Where figures come from, and how fresh they are.
pub fn sources(scene: &Scene<'_>) -> Part {
    let mut part = Part::new("sources", scene.pick("Phụ lục 2. Nguồn số liệu", "Annex 2. Sources"));
    let late = scene.feeds.iter().filter(|feed| feed.is_late() || feed.is_failing()).count();
    let all = scene.feeds.len();
    if all == 0 {
        part.lead.push(
            scene
                .pick(
                    "Vào ngày của báo cáo chưa có nhật ký lấy số liệu; tình trạng nguồn không đánh giá được.",
                    "There is no log of pulls as of the day of this report; the sources cannot be judged.",
                )
                .to_owned(),
        );
        return part;
    }
    part.lead.push(match late {
        0 => scene.say(|| format!("Cả {all} nguồn đúng hạn."), || format!("All {all} sources are on time.")),
        _ => scene.say(
            || format!("{late} trong {all} nguồn chậm hoặc lỗi."),
            || format!("{late} of {all} sources are late or failing."),
        ),
    });
    let columns = vec![
        Column::state(scene.pick("Tình trạng", "State")),
        Column::text(scene.pick("Nguồn", "Source")),
        Column::text(scene.pick("Số mới nhất nhận lúc", "Newest figures came")),
        Column::number(scene.pick("Cho phép", "Allowed"), scene.pick("ngày", "days")),
        Column::number(scene.pick("Dòng bị từ chối", "Rows refused"), ""),
    ];
    let title = scene.pick("Nguồn số liệu và độ mới", "Sources and their freshness");
    let mut table = Table::new("sources", scene.pick("Nguồn", "Sources"), title.to_owned(), columns);
    let language = scene.asked.language;
    for feed in scene.feeds {
        let (state, word) = if feed.is_failing() {
            (State::Off, scene.pick("lỗi", "failing"))
        } else if feed.is_late() {
            (State::Watch, scene.pick("chậm", "late"))
        } else {
            (State::OnTarget, scene.pick("đúng hạn", "on time"))
        };
        let never = || scene.pick("chưa bao giờ", "never").to_owned();
        let allowed = feed.freshness_days.map_or_else(Entry::none, |days| Entry::count(days, language));
        table.rows.push(Row::of(vec![
            Entry { text: word.to_owned(), ..Entry::state(state, language) },
            Entry::text(scene.one_of(&feed.name_vi, &feed.name_en)),
            Entry::text(feed.last_news.map_or_else(never, |at| instant(at, language))),
            allowed,
            Entry::count(u32::try_from(feed.rejected).unwrap_or_default(), language),
        ]));
    }
    part.tables.push(table);
    part
}
