//! Reports as they leave the house: what they say against figures that were published or that the API gives, the same
//! bytes again, and a gate that speaks when a source is gone.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use calamine::{Data, DataType, Reader, Xlsx};
use toancanh::app::App;
use toancanh::present::Language;
use toancanh::report::gate::Lack;
use toancanh::report::{Form, Order, ReportError};
use toancanh::web;
use tower::ServiceExt;

use crate::harness::{Answer, RUNTIME, city, config, root};

fn get(path: &str) -> Answer {
    city().request(Method::GET, path, &[("accept", "text/html")], "")
}

fn file(path: &str) -> Answer {
    let answer = get(path);
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", String::from_utf8_lossy(&answer.body));
    answer
}

fn order(period: &str) -> Order {
    Order { id: "monthly-brief".to_owned(), period: Some(period.parse().unwrap()), as_of: None, language: Language::Vi }
}

/// The rows of a sheet below its header, by the words of a column, each by the headings of the columns.
fn rows(answer: &Answer, sheet: &str, key: &str) -> BTreeMap<String, BTreeMap<String, Data>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(answer.body.clone())).unwrap();
    let names = book.sheet_names();
    let range = book.worksheet_range(sheet).unwrap_or_else(|e| panic!("{sheet} of {names:?}: {e}"));
    let mut lines = range.rows();
    let header: Vec<String> = lines
        .find(|row| row.iter().any(|cell| *cell == key))
        .unwrap_or_else(|| panic!("{sheet} has no column {key}"))
        .iter()
        .map(ToString::to_string)
        .collect();
    let at = header.iter().position(|name| name == key).unwrap();
    let row = |cells: &[Data]| header.iter().cloned().zip(cells.iter().cloned()).collect();
    lines.filter(|cells| !cells[at].is_empty()).map(|cells| (cells[at].to_string(), row(cells))).collect()
}

fn number(row: &BTreeMap<String, Data>, column: &str) -> f64 {
    match row.get(column) {
        Some(Data::Float(value)) => *value,
        Some(Data::Int(value)) => *value as f64,
        other => panic!("{column} holds {other:?} in {row:?}"),
    }
}

#[test]
fn the_brief_is_a_tagged_pdf_in_its_language_that_is_not_sent_twice() {
    let answer = file("/reports/monthly-brief.pdf?period=2022-05");
    assert_eq!(answer.header("content-type"), "application/pdf");
    assert!(answer.header("content-disposition").contains("monthly-brief_2022-05_"));
    let text = String::from_utf8_lossy(&answer.body);
    assert!(text.starts_with("%PDF-"));
    assert!(text.contains("/StructTreeRoot") && text.contains("/MarkInfo"), "it is tagged");
    assert!(text.contains("/Lang (vi") || text.contains("/Lang(vi"), "it says its language");
    let etag = answer.header("etag").to_owned();
    let again =
        city().request(Method::GET, "/reports/monthly-brief.pdf?period=2022-05", &[("if-none-match", &etag)], "");
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    let english = file("/reports/monthly-brief.pdf?period=2022-05&lang=en");
    assert!(english.header("content-disposition").contains("_en.pdf"));
    assert_ne!(english.body, answer.body);
}

#[test]
fn a_reprint_by_another_process_is_the_same_to_the_byte() {
    let printed = [
        file("/reports/monthly-brief.pdf?period=2022-05").body,
        file("/reports/monthly-brief.xlsx?period=2022-05").body,
    ];
    let again = RUNTIME.block_on(async {
        let app = App::open_whole(config(city().folder())).await.unwrap();
        let mut again = Vec::new();
        for form in [Form::Pdf, Form::Xlsx] {
            let ready = app.report(&order("2022-05")).await.unwrap();
            again.push(app.print(ready, form).await.unwrap().to_vec());
        }
        again
    });
    assert!(printed[0] == again[0], "the PDF differs");
    assert!(printed[1] == again[1], "the workbook differs");
}

#[test]
fn the_workbook_holds_what_was_published_and_what_the_api_gives() {
    // 1022 as of noon on 25 May 2022, as published: 15,117 received since January, 457 of them not handled.
    let noon = file("/reports/monthly-brief.xlsx?period=2022&as_of=2022-05-25T12:00:00%2B07:00");
    let cases = rows(&noon, "1022", "Nội dung");
    assert_eq!(number(&cases["Tiếp nhận"], "Năm 2022"), 15_117.0);
    assert_eq!(number(&cases["– chưa xử lý"], "Năm 2022"), 457.0);
    // Retail sales of 2021 as published.
    let year = file("/reports/monthly-brief.xlsx?period=2021");
    assert_eq!(number(&rows(&year, "Chỉ tiêu", "Mã")["1001"], "Giá trị").round(), 822_592.0);

    let may = file("/reports/monthly-brief.xlsx?period=2022-05");
    let districts = rows(&may, "Quận, huyện", "Quận, huyện");
    let ranking = city().json("/cases/ranking?by=district&from=2022-05&to=2022-05");
    let units = ranking["units"].as_array().unwrap();
    let ranked = units.iter().filter(|unit| unit["rank"].as_u64().is_some_and(|rank| rank > 0));
    assert!(ranked.clone().count() >= 15, "{ranking}");
    for unit in ranked {
        let row = &districts[unit["label"].as_str().unwrap()];
        assert_eq!(number(row, "Hạng"), unit["rank"].as_f64().unwrap());
        assert_eq!(number(row, "Trễ hạn"), unit["overdue"].as_f64().unwrap());
        assert_eq!(number(row, "Đến hạn"), unit["due"].as_f64().unwrap());
    }
    let figures = rows(&may, "Chỉ tiêu", "Mã");
    for code in city().app.catalog().indicators.keys() {
        assert!(figures.contains_key(code), "{code} is in no row");
    }
    for code in ["0601", "1001", "0403"] {
        let figure = city().json(&format!("/figures/{code}/79/2022-05"));
        let value = figure["figure"]["value"].as_f64().unwrap();
        assert_eq!(number(&figures[code], "Giá trị"), value, "{code}");
    }
    // Budget revenue of five months as published: 209,824.5 of 386,568, which is 54.28 %.
    let Data::String(plan) = &figures["0601"]["Kế hoạch"] else { panic!("the plan is said in words") };
    assert!(plan.starts_with("54,3\u{a0}% kế hoạch năm"), "{plan}");
}

#[test]
fn the_gate_speaks_on_page_one_and_refuses_what_is_blank() {
    // Three figures of social insurance come after the end of June, and so does the end of June.
    let june = RUNTIME.block_on(city().app.report(&order("2022-06"))).unwrap();
    let told: Vec<(Lack, &str)> = june.lacks.iter().map(|f| (f.lack, f.code.as_str())).collect();
    assert!(told.contains(&(Lack::Missing, "bhxh")), "{told:?}");
    assert!(told.iter().any(|(lack, _)| *lack == Lack::Cases), "{told:?}");
    let summary = rows(&file("/reports/monthly-brief.xlsx?period=2022-06"), "Tóm tắt", "Báo cáo chưa đủ:");
    assert!(summary.keys().any(|line| line.starts_with("– Bảo hiểm xã hội")), "{:?}", summary.keys());

    let blank = get("/reports/monthly-brief.pdf?period=2030-01");
    let page = String::from_utf8_lossy(&blank.body).into_owned();
    assert_eq!(blank.status, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
    assert!(page.contains("Chưa lập được báo cáo tháng 1/2030") && page.contains("/sources"), "{page}");
    for (path, status) in [
        ("/reports/monthly-brie.pdf", StatusCode::NOT_FOUND),
        ("/reports/monthly-brief.docx", StatusCode::NOT_FOUND),
        ("/reports/monthly-brief.pdf?period=thang-5", StatusCode::BAD_REQUEST),
        ("/reports/monthly-brief.png?page=0", StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(get(path).status, status, "{path}");
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() { copy(&entry.path(), &target) } else { drop(std::fs::copy(entry.path(), target)) }
    }
}

/// A city whose police stopped sending files: the report says so, and a strict one is not made.
#[test]
fn removing_a_source_makes_the_gate_speak() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(folder.path());
    config.feeds.drop_dir = folder.path().join("drop");
    config.dashboards.dir = folder.path().join("dashboards");
    copy(&root().join("data-samples"), &config.feeds.drop_dir);
    copy(&root().join("dashboards"), &config.dashboards.dir);
    std::fs::remove_dir_all(config.feeds.drop_dir.join("cong_an")).unwrap();
    let strict = config.dashboards.dir.join("reports/strict.toml");
    let declared = std::fs::read_to_string(config.dashboards.dir.join("reports/monthly-brief.toml")).unwrap();
    std::fs::write(&strict, declared.replace("stale = \"print\"", "stale = \"refuse\"")).unwrap();
    RUNTIME.block_on(async {
        let app = App::open_writer(config).await.unwrap();
        let feeds = app.feeds().unwrap();
        app.ingest(&feeds, &[], |_| {}).await.unwrap();
        let ready = app.report(&order("2022-05")).await.unwrap();
        let told: Vec<(Lack, &str)> = ready.lacks.iter().map(|f| (f.lack, f.code.as_str())).collect();
        assert!(told.contains(&(Lack::Missing, "cong_an")) && told.contains(&(Lack::Stale, "cong_an")), "{told:?}");
        let missing = ready.lacks.iter().find(|f| f.lack == Lack::Missing && f.code == "cong_an").unwrap();
        assert_eq!(missing.indicators, ["1903", "1904"]);
        let refused = app.report(&Order { id: "strict".to_owned(), ..order("2022-05") }).await;
        assert!(matches!(refused, Err(ReportError::Refused { .. })));
        let router = web::router(app.api_state(), Duration::from_secs(60));
        let request = Request::builder().uri("/reports/strict.pdf?period=2022-05").body(Body::empty()).unwrap();
        let response = router.oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let page = String::from_utf8_lossy(&body);
        assert!(page.contains("Công an TP.HCM") && page.contains("chưa có số liệu nào"), "{page}");
    });
}
