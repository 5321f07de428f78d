//! Charts over small books written by hand: their words, and the order of what they show.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use super::*;
use crate::cases::views::fixture::{Sketch, sec};
use crate::cases::views::{Axis, Basis, Filter, Question};
use crate::cases::{BookWriter, CaseBook, Cut, NewCase};
use crate::catalog::{self, Catalog};
use crate::chart::Chart;
use crate::chart::Size;
use crate::chart::spec::{Cell, Language, State};

/// The shipped catalogue.
pub(super) fn catalog() -> &'static Catalog {
    static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("indicators");
        catalog::load(&folder).unwrap_or_else(|problems| panic!("{problems}"))
    });
    &CATALOG
}

/// Wards of Quận 1, Quận 12 and Quận Gò Vấp in 2022.
const WARDS: [&str; 3] = ["26734", "26764", "26869"];

/// `late` of `all` cases of a ward miss their deadline of 10 May; the others are answered on 5 May.
fn due(ward: &str, category: &str, late: usize, all: usize) -> Vec<Sketch> {
    let one = |k: usize| {
        let case = Sketch::new(&format!("{ward}-{category}-{k}"), ward, "2022-05-02T08:00:00").category(category);
        let case = case.due("2022-05-10T17:00:00");
        if k < late { case } else { case.answered("2022-05-05T09:00:00") }
    };
    (0..all).map(one).collect()
}

fn book(cases: &[Sketch]) -> CaseBook {
    let mut writer = BookWriter::default();
    let new = |case: &Sketch| (case.record.clone(), case.history.clone());
    let cases: Vec<_> = cases.iter().map(new).collect();
    writer.apply(&catalog().areas, cases.iter().map(|(record, history)| NewCase { feed: "f", record, history }));
    writer.book().clone()
}

fn asked(book: &CaseBook, language: Language) -> Asked<'_> {
    let to = sec("2022-05-25T12:00:01");
    let question = Question {
        cut: Cut::before(to),
        from: sec("2022-01-01T00:00:00"),
        to,
        filter: Filter::default(),
        basis: Basis::Effective,
    };
    Asked { catalog: catalog(), book, question, is_begun: false, version: "7", language }
}

fn title(chart: &Chart) -> String {
    chart.frame().title.replace('\u{a0}', " ")
}

/// 7 of 10 in Quận 1, 2 of 20 in Quận 12, 2 of 4 in Gò Vấp.
fn three_districts() -> CaseBook {
    let noise = due(WARDS[0], "noise", 7, 10);
    let traffic = due(WARDS[1], "traffic", 2, 20);
    book(&[noise, traffic, due(WARDS[2], "traffic", 2, 4)].concat())
}

/// Everything can be drawn, in both languages.
fn all_charts(book: &CaseBook) -> Vec<(String, Chart)> {
    let mut charts = Vec::new();
    for language in [Language::Vi, Language::En] {
        let asked = asked(book, language);
        let mut add = |name: &str, chart: Result<Chart, GalleryError>| {
            charts.push((format!("{name} {}", language.tag()), chart.unwrap()));
        };
        for columns in [Axis::Category, Axis::Channel, Axis::Week, Axis::Month] {
            add("heatmap", heatmap(&asked, Axis::District, columns));
        }
        for by in [Axis::District, Axis::Ward, Axis::Org] {
            add("ranking", ranking(&asked, by));
            add("backlog", backlog(&asked, by));
            add("survival", survival(&asked, by));
        }
        add("map", map(&asked));
        add("trend", trend(&asked, &BTreeMap::new()));
        add("multiples", multiples(&asked));
        add("backlog", backlog(&asked, Axis::Total));
        add("survival", survival(&asked, Axis::Total));
        for by in [Axis::Day, Axis::Week, Axis::Month] {
            add("flow", flow(&asked, by));
        }
    }
    charts
}

#[test]
fn the_worst_district_comes_first_and_one_with_too_few_cases_last() {
    let book = three_districts();
    let Chart::Heatmap(heatmap) = heatmap(&asked(&book, Language::Vi), Axis::District, Axis::Category).unwrap() else {
        panic!("no heatmap");
    };
    // 11 of 34 are 32 %; 70 % is more than twice that.
    assert_eq!(heatmap.frame.title.replace('\u{a0}', " "), "Quận 1 trễ hạn 70 %, gấp hơn 2 lần trung bình 32 %");
    assert_eq!(heatmap.rows, ["Quận 1", "Quận 12", "Quận Gò Vấp"]);
    assert_eq!(heatmap.columns, ["Hạ tầng giao thông", "Tiếng ồn"]);
    assert_eq!(heatmap.cells[0], [Cell::NotApplicable, Cell::of(70.0, 10)]);
    assert_eq!(heatmap.cells[2][0], Cell::TooFew { n: Some(4) });
    let totals = heatmap.totals.unwrap().cells;
    assert_eq!(totals, [Cell::of(70.0, 10), Cell::of(10.0, 20), Cell::TooFew { n: Some(4) }]);
    assert_eq!(
        heatmap.frame.subtitle,
        "Tỷ lệ trễ hạn, % số phản ánh đến hạn, theo quận, huyện và lĩnh vực, 1/1 – 25/5/2022"
    );
    assert_eq!(
        heatmap.frame.foot,
        "Nguồn: hệ thống 1022 (Sở Thông tin và Truyền thông) · số liệu đến 12:00 25/5/2022 · phiên bản dữ liệu 7"
    );
}

#[test]
fn a_ranking_states_what_is_off_and_hatches_what_is_too_small() {
    let book = three_districts();
    let Chart::Bars(bars) = ranking(&asked(&book, Language::En), Axis::District).unwrap() else { panic!("no bars") };
    let shown: Vec<_> = bars.bars.iter().map(|bar| (bar.name.as_str(), bar.value, bar.n, bar.state)).collect();
    let expected = [
        ("Quận 1", Some(70.0), Some(10), Some(State::Off)),
        ("Quận 12", Some(10.0), Some(20), Some(State::OnTarget)),
        ("Quận Gò Vấp", None, Some(4), Some(State::TooFew)),
    ];
    assert_eq!(shown, expected);
    assert_eq!(bars.reference.map(|(name, value)| (name, value.round())), Some(("City".to_owned(), 32.0)));
}

#[test]
fn a_map_has_every_district_and_a_value_for_those_with_enough_cases() {
    let book = three_districts();
    let Chart::TileMap(map) = map(&asked(&book, Language::Vi)).unwrap() else { panic!("no map") };
    assert_eq!(map.values.len(), 22);
    assert_eq!(map.values["760"].cell, Cell::of(70.0, 10));
    assert_eq!(map.values["764"].cell, Cell::TooFew { n: Some(4) });
    assert_eq!(map.values["787"].cell, Cell::TooFew { n: Some(0) });
}

#[test]
fn the_running_month_is_dashed_and_named_with_its_last_day() {
    let book = three_districts();
    let Chart::Lines(lines) = trend(&asked(&book, Language::Vi), &BTreeMap::new()).unwrap() else { panic!("no line") };
    assert_eq!(
        lines.frame.title.replace('\u{a0}', " "),
        "Toàn thành phố trễ hạn 32 % trong tháng 5/2022 (đến 25/5/2022)"
    );
    assert_eq!(lines.periods, ["T5/22"]);
    assert_eq!(lines.series[0].points[0].status, crate::domain::ObsStatus::P);
}

#[test]
fn a_month_is_compared_with_the_same_month_of_last_year() {
    let mut cases = due(WARDS[0], "noise", 4, 10);
    cases.extend((0..10).map(|k| {
        let case = Sketch::new(&format!("old{k}"), WARDS[0], "2021-05-03T08:00:00").due("2021-05-10T17:00:00");
        case.answered(if k < 1 { "2021-05-12T08:00:00" } else { "2021-05-05T08:00:00" })
    }));
    let book = book(&cases);
    let mut question = asked(&book, Language::Vi);
    question.question.filter.areas = vec!["760".to_owned()];
    let chart = trend(&question, &BTreeMap::new()).unwrap();
    let words = "Quận 1 trễ hạn 40 % trong tháng 5/2022 (đến 25/5/2022), tăng 30,0 điểm % so với cùng kỳ năm trước";
    assert_eq!(title(&chart), words);
}

#[test]
fn what_lies_open_is_told_with_its_overdue_part() {
    let book = three_districts();
    let chart = backlog(&asked(&book, Language::Vi), Axis::Total).unwrap();
    assert_eq!(title(&chart), "Còn 11 phản ánh chưa giải quyết, 11 (100 %) đã quá hạn");
    let Chart::Bars(bars) = chart else { panic!("no bars") };
    let ages: Vec<_> = bars.bars.iter().map(|bar| (bar.name.as_str(), bar.value)).collect();
    let none = Some(0.0);
    let expected = [("Dưới 5 ngày", none), ("5–15 ngày", none), ("16–30 ngày", Some(11.0)), ("Trên 30 ngày", none)];
    assert_eq!(ages, expected);
    assert!(bars.frame.subtitle.ends_with("lúc 12:00 25/5/2022"), "{}", bars.frame.subtitle);
}

#[test]
fn what_came_and_went_adds_up_to_what_is_open() {
    let book = three_districts();
    let chart = flow(&asked(&book, Language::Vi), Axis::Month).unwrap();
    assert_eq!(title(&chart), "Tháng 5/2022 (đến 25/5/2022) tiếp nhận 34, giải quyết 23: số còn mở tăng 11, còn 11");
    let Chart::Flow(flow) = chart else { panic!("no flow") };
    assert_eq!((flow.periods.as_slice(), flow.provisional), (["T5/22".to_owned()].as_slice(), 1));
}

#[test]
fn half_are_answered_after_the_time_that_half_took() {
    let book = three_districts();
    let chart = survival(&asked(&book, Language::Vi), Axis::Total).unwrap();
    // 23 of 34 are answered after three days and an hour.
    assert_eq!(title(&chart), "Một nửa số phản ánh được trả lời trong 3,0 ngày; sau 15 ngày còn 32 % vẫn chờ");
    let by_district = survival(&asked(&book, Language::Vi), Axis::District).unwrap();
    let Chart::Survival(curves) = by_district else { panic!("no curves") };
    let names: Vec<_> = curves.curves.iter().map(|curve| curve.name.as_str()).collect();
    assert_eq!(names, ["Quận 12", "Quận 1"]);
}

#[test]
fn nothing_is_claimed_of_no_cases_or_too_few() {
    let none = book(&[]);
    for (name, chart) in all_charts(&none) {
        let text = title(&chart);
        assert!(!text.contains('%') && text.chars().any(char::is_alphabetic), "{name}: {text}");
        chart.svg(Size::PAGE).unwrap_or_else(|e| panic!("{name}: {e}"));
    }
    let few = book(&due(WARDS[0], "noise", 3, 4));
    let words = |chart: Result<Chart, GalleryError>| title(&chart.unwrap());
    let asked = asked(&few, Language::Vi);
    let expected = "Chưa quận, huyện nào có đủ 10 phản ánh đến hạn để tính tỷ lệ trễ hạn";
    assert_eq!(words(heatmap(&asked, Axis::District, Axis::Category)), expected);
    assert_eq!(words(ranking(&asked, Axis::District)), expected);
    assert_eq!(words(map(&asked)), expected);
    assert_eq!(
        words(trend(&asked, &BTreeMap::new())),
        "Chưa tháng nào có đủ 10 phản ánh đến hạn để tính tỷ lệ trễ hạn"
    );
    assert_eq!(words(survival(&asked, Axis::Total)), "Quá ít phản ánh (dưới 10) để ước lượng thời gian trả lời");
}

#[test]
fn every_chart_is_drawn_in_both_languages() {
    let book = three_districts();
    for (name, chart) in all_charts(&book) {
        for size in [chart.fitting(900), chart.fitting(360), Size::WALL] {
            let svg = chart.svg(size).unwrap_or_else(|e| panic!("{name}: {e}"));
            assert!(svg.contains("<title"), "{name}");
        }
        assert!(!chart.frame().foot.is_empty() && !chart.frame().subtitle.is_empty(), "{name}");
    }
}

#[test]
fn an_unknown_chart_names_the_nearest() {
    let hint = |id: &str| {
        let error = ChartId::read(id, catalog()).unwrap_err();
        crate::error::Coded::hint(&error).unwrap()
    };
    assert_eq!(hint("overdue-heetmap"), "The nearest is \"overdue-heatmap\".");
    assert_eq!(hint("indicator-140"), "The nearest is \"indicator-1401\".");
    assert_eq!(ChartId::read("areas-1405", catalog()).unwrap().to_string(), "areas-1405");
    for (name, id) in ChartId::OF_CASES {
        assert_eq!((ChartId::read(name, catalog()).unwrap(), id.to_string()), (id, name.to_owned()));
    }
}
