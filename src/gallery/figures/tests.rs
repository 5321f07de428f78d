//! Charts of a few figures written by hand.

use std::collections::BTreeMap;

use super::super::tests::catalog;
use super::*;
use crate::chart::Chart;
use crate::chart::spec::{Language, Point, Role, State};
use crate::cube::{Cell, sample_cell};
use crate::domain::{Freq, ObsStatus, Vintage};

fn cell(area: &str, period: &str, value: f64) -> Cell {
    Cell { vintage: Vintage::start_of_day("2022-05-29".parse().unwrap()), ..sample_cell::whole(area, period, value) }
}

fn sheet<'a>(code: &str, freq: Freq, cells: &'a [Cell], language: Language) -> FigureSheet<'a> {
    let indicator = &catalog().indicators[code];
    FigureSheet {
        catalog: catalog(),
        indicator,
        area: "79",
        freq,
        cells,
        period: None,
        count: None,
        plans: BTreeMap::new(),
        as_of: None,
        version: "7",
        language,
    }
}

fn title(chart: &Chart) -> String {
    chart.frame().title.replace('\u{a0}', " ")
}

#[test]
fn the_last_figure_is_told_with_its_growth_and_its_part_of_the_plan() {
    let cells = [
        cell("79", "2021-04", 80_000.0),
        cell("79", "2022-02", 90_000.0),
        Cell {
            status: ObsStatus::E,
            yoy_value: Some(80_000.0),
            target_value: Some(100_000.0),
            ..cell("79", "2022-04", 88_000.0)
        },
    ];
    let Chart::Lines(lines) = indicator(&sheet("1001", Freq::M, &cells, Language::Vi)) else { panic!("no line") };
    let words = lines.frame.title.replace('\u{a0}', " ");
    let expected = "Tổng mức bán lẻ hàng hóa và doanh thu dịch vụ tiêu dùng: tháng 4/2022 ước 88.000 tỷ đồng, \
                    tăng 10,0 % so với cùng kỳ năm trước, bằng 88,0 % kế hoạch";
    assert_eq!(words, expected);
    assert!(lines.frame.foot.contains("số liệu đến 29/5/2022"), "{}", lines.frame.foot);
    // From April to April, a gap where no figure is.
    assert_eq!((lines.periods.len(), lines.periods[0].as_str()), (13, "T4/21"));
    let actual = &lines.series[0].points;
    assert_eq!((actual[10], actual[11]), (Point::of(90_000.0), Point::missing()));
    assert_eq!(actual[12].status, ObsStatus::E);
    assert_eq!((lines.series[1].role, lines.series[1].points[12].value), (Role::SamePeriod, Some(80_000.0)));
    assert_eq!(lines.target.unwrap().bounds[12], Some((100_000.0, 100_000.0)));
    let english = indicator(&sheet("1001", Freq::M, &cells, Language::En));
    let words = "April 2022 (estimated) 88,000 billion VND, up 10.0 % on a year before, 88.0 % of the plan";
    assert!(title(&english).ends_with(words), "{}", title(&english));
}

#[test]
fn a_rate_moves_in_points_and_stands_beside_its_plan() {
    let now = Cell { yoy_value: Some(12.0), target_value: Some(10.0), ..cell("79", "2022-04", 14.5) };
    let chart = indicator(&sheet("1405", Freq::M, &[now], Language::Vi));
    let words = "Tỷ lệ phản ánh, kiến nghị trễ hạn: tháng 4/2022 14,5 %, tăng 2,5 điểm so với cùng kỳ năm trước, \
                 kế hoạch 10,0 %";
    assert_eq!(title(&chart), words);
}

#[test]
fn a_figure_of_the_year_so_far_stands_beside_last_year_under_the_plan_of_the_year() {
    let cells = [
        cell("79", "2020-12", 78.0),
        cell("79", "2021-01", 3.0),
        cell("79", "2021-12", 64.6),
        cell("79", "2022-01", 2.4),
        cell("79", "2022-03", 9.0),
    ];
    let sheet = sheet("0403", Freq::M, &cells, Language::Vi);
    let chart = indicator(&FigureSheet { plans: BTreeMap::from([("2022".parse().unwrap(), 95.0)]), ..sheet });
    let Chart::Lines(lines) = chart else { panic!("no lines") };
    assert_eq!((lines.periods.len(), lines.periods[2].as_str()), (12, "T3"));
    let [now, before] = lines.series.as_slice() else { panic!("{} lines", lines.series.len()) };
    assert_eq!((now.name.as_str(), before.name.as_str(), before.role), ("2022", "2021", Role::SamePeriod));
    // February is missing, April has not come yet; of 2020 nothing is drawn.
    assert_eq!((&now.points[1], &now.points[3]), (&Point::missing(), &Point::absent()));
    assert_eq!((before.points[0].value, before.points[11].value), (Some(3.0), Some(64.6)));
    assert_eq!(lines.target.unwrap().bounds[11], Some((95.0, 95.0)));
}

#[test]
fn a_rate_is_held_against_the_plan_of_its_year_an_amount_is_not() {
    let plans = || BTreeMap::from([("2022".parse().unwrap(), 10.0)]);
    for (code, expected) in [("1405", Some((10.0, 10.0))), ("1001", None)] {
        let cells = [cell("79", "2022-03", 9.0), cell("79", "2022-04", 8.0)];
        let chart = indicator(&FigureSheet { plans: plans(), ..sheet(code, Freq::M, &cells, Language::Vi) });
        let Chart::Lines(lines) = chart else { panic!("no lines") };
        assert_eq!(lines.target.and_then(|t| t.bounds[1]), expected, "{code}");
    }
}

#[test]
fn last_year_is_drawn_beside_the_last_twelve_months_only() {
    let cells: Vec<Cell> = (0..36)
        .map(|k| Cell { period: cell("79", "2019-06", 0.0).period.offset(k), ..cell("79", "2019-06", f64::from(k)) })
        .collect();
    let Chart::Lines(lines) = indicator(&sheet("1001", Freq::M, &cells, Language::Vi)) else { panic!("no lines") };
    let drawn: Vec<usize> = (0..36).filter(|k| lines.series[1].points[*k].value.is_some()).collect();
    assert_eq!(drawn, (24..36).collect::<Vec<_>>());
}

#[test]
fn figures_of_seven_digits_are_read_in_thousands() {
    let cells = [cell("79", "2021", 1_234_567.0)];
    let chart = indicator(&sheet("1001", Freq::A, &cells, Language::Vi));
    assert!(title(&chart).ends_with("năm 2021 1.234,6 nghìn tỷ đồng"), "{}", title(&chart));
    let chart = indicator(&sheet("1001", Freq::A, &cells, Language::En));
    assert!(title(&chart).ends_with("2021 1,234.6 trillion VND"), "{}", title(&chart));
}

#[test]
fn districts_come_by_value_and_those_without_a_figure_last() {
    let cells = [cell("760", "2022-04", 9.0), cell("761", "2022-03", 50.0), cell("761", "2022-04", 33.0)];
    let city = [cell("79", "2022-04", 15.0)];
    let sheet = sheet("1405", Freq::M, &cells, Language::Vi);
    let Chart::Bars(bars) = areas(&sheet, false, &city) else { panic!("no bars") };
    assert_eq!(
        bars.frame.title.replace('\u{a0}', " "),
        "Tỷ lệ phản ánh, kiến nghị trễ hạn: yếu nhất là Quận 12 (33,0 %), tốt nhất là Quận 1 (9,0 %)"
    );
    let values: Vec<_> = bars.bars.iter().map(|bar| bar.value).collect();
    assert_eq!((values.len(), &values[..3]), (22, [Some(33.0), Some(9.0), None].as_slice()));
    assert_eq!(bars.reference, Some(("Toàn thành phố".to_owned(), 15.0)));
    let Chart::TileMap(map) = areas(&sheet, true, &city) else { panic!("no map") };
    assert_eq!(map.values.keys().map(String::as_str).collect::<Vec<_>>(), ["760", "761"]);
}

#[test]
fn a_year_of_six_months_stands_beside_no_whole_year() {
    let part = Cell { complete: false, periods_present: 6, periods_due: 12, ..cell("79", "2022", 555_224.0) };
    let cells = [cell("79", "2020", 918_000.0), cell("79", "2021", 822_592.0), part];
    let chart = indicator(&sheet("1001", Freq::A, &cells, Language::Vi));
    assert!(title(&chart).ends_with("năm 2021 822.592 tỷ đồng"), "{}", title(&chart));
    assert!(chart.frame().subtitle.ends_with("chưa vẽ năm 2022: mới có 6/12 tháng"), "{}", chart.frame().subtitle);
    // Alone it is told, as the part it is.
    let alone = indicator(&sheet("1001", Freq::A, &cells[2..], Language::Vi));
    assert!(title(&alone).contains("năm 2022 (mới có 6/12 tháng) sơ bộ 555.224"), "{}", title(&alone));
}

#[test]
fn a_rate_of_nine_cases_is_not_told() {
    let over = |area: &str, value: f64, cases: f64| Cell { denominator: Some(cases), ..cell(area, "2022-04", value) };
    let cells = [over("760", 9.0, 30.0), over("761", 100.0, 9.0), over("764", 12.0, 10.0)];
    let sheet = sheet("1405", Freq::M, &cells, Language::Vi);
    let Chart::Bars(bars) = areas(&sheet, false, &[]) else { panic!("no bars") };
    assert!(bars.frame.title.contains("yếu nhất là Quận Gò Vấp"), "{}", bars.frame.title);
    let third = &bars.bars[2];
    assert_eq!((third.name.as_str(), third.value, third.state), ("Quận 12", None, Some(State::TooFew)));
    assert!(title(&indicator(&FigureSheet { cells: &cells[1..2], ..sheet })).starts_with("Chưa có số liệu"));
}

#[test]
fn a_sparkline_reaches_two_years_back_and_keeps_its_gaps() {
    let cells: Vec<Cell> = (0..40)
        .filter(|k| *k != 30)
        .map(|k| Cell { period: cell("79", "2019-01", 0.0).period.offset(k), ..cell("79", "2019-01", f64::from(k)) })
        .collect();
    let chart = sparkline(&sheet("1405", Freq::M, &cells, Language::Vi));
    let Chart::Sparkline(line) = chart else { panic!("no sparkline") };
    let missing: Vec<usize> = (0..line.values.len()).filter(|k| line.values[*k].is_none()).collect();
    assert_eq!((line.values.len(), line.values[23], missing), (24, Some(39.0), vec![14]));
}

#[test]
fn without_figures_it_says_so() {
    for language in [Language::Vi, Language::En] {
        let sheet = sheet("1405", Freq::M, &[], language);
        for chart in [indicator(&sheet), sparkline(&sheet), areas(&sheet, false, &[]), areas(&sheet, true, &[])] {
            let words = title(&chart);
            assert!(words.starts_with("Chưa có số liệu: ") || words.starts_with("No figures yet: "), "{words}");
            chart.svg(chart.fitting(900)).unwrap();
        }
    }
}
