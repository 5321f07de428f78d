//! The pages of citizens' reports as a reader without script walks them: from the overview to the reports behind the worst
//! district, the same numbers as the API on every step, what comes in told to who has a page open, mistakes named.

use std::path::Path;
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::{Method, Request, StatusCode};
use futures::StreamExt;
use serde_json::Value;
use toancanh::app::App;
use toancanh::web;
use tower::ServiceExt;

use crate::harness::{RUNTIME, city, config, root};

/// Noon of 25 May 2022, when the city counted its reports since 1 January.
const NOON: &str = "as_of=2022-05-25T12:00:00%2B07:00";

fn page(path: &str) -> String {
    let answer = city().request(Method::GET, path, &[("accept", "text/html")], "");
    let body = String::from_utf8(answer.body).unwrap();
    assert_eq!(answer.status, StatusCode::OK, "{path}: {body}");
    assert_eq!(body.matches("<h1").count(), 1, "{path} has one message");
    assert!(!body.contains(" style=\"") && !body.contains(" onclick"), "{path} has something inline");
    body
}

/// Links of a page: address and text, in their order.
fn links(page: &str) -> Vec<(String, String)> {
    let link = |rest: &str| {
        let (tag, rest) = rest.split_once('>')?;
        let href = tag.split("href=\"").nth(1)?.split('"').next()?.replace("&#38;", "&").replace("&amp;", "&");
        let inside = rest.split("</a>").next()?;
        let text: String = inside.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect();
        Some((href, text.trim().to_owned()))
    };
    page.split("<a ").skip(1).filter_map(link).collect()
}

fn link<'l>(links: &'l [(String, String)], what: &str, is_meant: impl Fn(&str, &str) -> bool) -> &'l str {
    let found = links.iter().find(|(href, text)| is_meant(href, text));
    &found.unwrap_or_else(|| panic!("no link {what} among {links:?}")).0
}

fn number(value: &Value, key: &str) -> u64 {
    value[key].as_u64().unwrap_or_else(|| panic!("{key} in {value}"))
}

/// "15.117" from an element that begins with `mark`.
fn shown(page: &str, mark: &str) -> String {
    let rest = page.split(mark).nth(1).unwrap_or_else(|| panic!("no {mark}"));
    rest.split('>').nth(1).unwrap().split('<').next().unwrap().to_owned()
}

#[test]
fn three_clicks_lead_from_the_overview_to_the_reports_of_the_worst_district() {
    let overview = page(&format!("/?{NOON}"));
    assert!(overview.contains("15.117") && overview.contains("14.660") && overview.contains("457"));
    let found = links(&overview);
    let heatmap =
        link(&found, "to the heatmap", |href, text| href.starts_with("/cases?") && text.contains("Bảng nhiệt"));
    let first = page(heatmap);
    assert!(first.contains("70\u{a0}%"), "the worst district stands at 70 %");
    let first = links(&first);
    let wards =
        page(link(&first, "to the district", |href, _| href.starts_with("/cases?") && href.contains("area=787")));
    let wards = links(&wards);
    let is_ward =
        |href: &str, _: &str| href.starts_with("/cases/list?") && href.contains("area=2") && !href.contains("which");
    let list = page(link(&wards, "to a ward's reports", is_ward));
    let ids: Vec<_> = links(&list).into_iter().filter(|(href, _)| href.starts_with("/cases/1022-")).collect();
    assert!(!ids.is_empty() && ids.iter().all(|(_, text)| text.starts_with("1022-")), "{ids:?}");
    let case = page(&ids[0].0);
    for part in ["Diễn biến", "Tiếp nhận", "ho_so_1022/2022-", ", dòng "] {
        assert!(case.contains(part), "the page of the report has no {part}");
    }
    // And in one click: the worst units stand among what needs attention.
    let direct = link(&found, "to the reports", |href, text| href.contains("area=787") && text.contains("xem hồ sơ"));
    let ranking = city().json(&format!("/cases/ranking?{NOON}"));
    let worst = &ranking["units"][0];
    assert_eq!(worst["code"], "787");
    let direct = page(direct);
    assert!(shown(&direct, "<h1").contains(&format!(": {} phản ánh trễ hạn", number(worst, "overdue"))), "{direct}");
}

#[test]
fn every_number_is_the_apis_and_the_list_behind_it_has_as_many() {
    let summary = city().json(&format!("/cases/summary?{NOON}"));
    let front = page(&format!("/cases?{NOON}"));
    for which in ["received", "handled", "not_handled", "overdue"] {
        let href = link(&links(&front), which, |href, _| href.ends_with(&format!("which={which}"))).to_owned();
        let listed = city().json(&format!("/cases/list?{NOON}&which={which}&limit=1"));
        assert_eq!(number(&listed, "total"), number(&summary, which), "{which}");
        let total = number(&listed, "total");
        let written = if total < 1000 { total.to_string() } else { format!("{}.{:03}", total / 1000, total % 1000) };
        assert!(shown(&page(&href), "<h1").starts_with(&written), "{href} does not begin with {written}");
    }
    // Every cell of the heatmap says the share and the number of the API's table.
    let table = city().json(&format!("/cases/crosstab?{NOON}&rows=district&columns=category"));
    let mut compared = 0;
    for cell in table["cells"].as_array().unwrap().iter().filter(|c| c["few_cases"] == false && c["row"] != "") {
        let words = format!("{} trong {} phản ánh đến hạn", number(cell, "overdue"), number(cell, "due"));
        let said = front.split("title=\"").filter_map(|rest| rest.split('"').next());
        let label = cell["row_label"].as_str().unwrap();
        assert!(said.into_iter().any(|t| t.starts_with(label) && t.ends_with(&words)), "{label}: {words}");
        compared += 1;
    }
    assert!(compared > 100, "{compared} cells");
}

#[test]
fn every_page_about_reports_answers_in_both_languages_and_its_links_lead_somewhere() {
    let mut seen = std::collections::BTreeSet::new();
    for path in [
        "/cases",
        "/cases?columns=week",
        "/cases?rows=ward&area=787&columns=month",
        "/cases?rows=org&columns=channel&lang=en",
        "/cases?from=2022-05&to=2022-05&category=noise&lang=en",
        "/cases/units",
        "/cases/units?by=org&lang=en",
        "/cases/units?by=ward&area=787",
        "/cases/backlog",
        "/cases/backlog?by=category&lang=en",
        "/cases/list?which=soon&within_hours=24",
        "/cases/list?which=open&order=oldest&page=2&lang=en",
        "/cases/list?org=ubnd_quan_go_vap",
        "/units/787",
        "/units/26740",
    ] {
        let body = page(path);
        let ids: Vec<&str> = body.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let distinct: std::collections::BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(distinct.len(), ids.len(), "{path} has an id twice");
        // A few of each kind: a cell, a row, a switch, a filter, a file.
        let new = links(&body)
            .into_iter()
            .map(|(href, _)| href)
            .filter(|h| h.starts_with("/cases") || h.starts_with("/api/v1"));
        for href in new.filter(|href| !href.contains("#")).step_by(7) {
            if seen.insert(href.clone()) {
                let answer = city().request(Method::GET, &href, &[("accept", "text/html")], "");
                assert_eq!(answer.status, StatusCode::OK, "{path} leads to {href}");
            }
        }
    }
    assert!(seen.len() > 60, "{} links", seen.len());
}

#[test]
fn a_wrong_code_names_the_nearest() {
    for (path, status, near) in [
        ("/cases?area=78X", StatusCode::NOT_FOUND, "area=783"),
        ("/cases?area=go%20vap", StatusCode::NOT_FOUND, "area=764"),
        ("/cases/list?category=nois", StatusCode::NOT_FOUND, "category=noise"),
        ("/cases/units?org=ubnd_quan_go_va", StatusCode::NOT_FOUND, "org=ubnd_quan_go_vap"),
        ("/cases?columns=colour", StatusCode::BAD_REQUEST, "category, week"),
        ("/cases?from=yesterday", StatusCode::BAD_REQUEST, "2022-05"),
        ("/cases/list?which=lost", StatusCode::BAD_REQUEST, "open_overdue"),
        ("/cases/1022-2022-0003910", StatusCode::NOT_FOUND, "/cases/1022-2022-0003"),
    ] {
        let answer = city().request(Method::GET, path, &[("accept", "text/html")], "");
        let body = String::from_utf8(answer.body).unwrap().replace("&#38;", "&");
        assert_eq!(answer.status, status, "{path}: {body}");
        assert!(body.contains(near), "{path} does not name {near}: {body}");
    }
}

/// Puts the reports of a month where the feed looks for them.
fn deliver(folder: &Path, month: &str) {
    let drop = folder.join("drop/ho_so_1022");
    std::fs::create_dir_all(&drop).unwrap();
    for part in ["cases", "events"] {
        let file = format!("{month}-{part}.csv.gz");
        std::fs::copy(root().join("data-samples/ho_so_1022").join(&file), drop.join(&file)).unwrap();
    }
}

async fn heard(stream: &mut BodyDataStream) -> Option<String> {
    let next = tokio::time::timeout(Duration::from_secs(30), stream.next()).await.expect("news within 30 s");
    next.map(|bytes| String::from_utf8(bytes.unwrap().to_vec()).unwrap())
}

#[test]
fn who_has_a_page_open_hears_of_new_reports_and_is_let_go_when_the_server_stops() {
    let folder = tempfile::tempdir().unwrap();
    deliver(folder.path(), "2022-04");
    let mut config = config(folder.path());
    config.feeds.drop_dir = folder.path().join("drop");
    config.feeds.enabled = vec!["ho_so_1022".to_owned()];
    RUNTIME.block_on(async {
        let app = App::open_writer(config).await.unwrap();
        let feeds = app.feeds().unwrap();
        app.ingest(&feeds, &[], |_| {}).await.unwrap();
        let before = app.engine().served();
        let state = app.api_state();
        let closing = state.closing.clone();
        // An answer that had to end within the request's time would end here.
        let router = web::router(state, Duration::from_millis(50));
        let get = |path: String| {
            Request::builder().uri(path).header("accept-encoding", "gzip, br").body(Body::empty()).unwrap()
        };
        let open = format!("/cases/stream?since={}", before.version);
        let answer = router.clone().oneshot(get(open)).await.unwrap();
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        assert!(!answer.headers().contains_key("content-encoding"), "compressed events would wait for each other");
        let mut stream = answer.into_body().into_data_stream();
        tokio::time::sleep(Duration::from_millis(200)).await;
        deliver(folder.path(), "2022-05");
        app.ingest(&feeds, &[], |_| {}).await.unwrap();
        let news = heard(&mut stream).await.unwrap();
        let new = app.engine().served().cases.book.len() - before.cases.book.len();
        assert!(new > 1000 && news.contains("event: cases") && news.contains(&format!("\"new\":{new},")), "{news}");
        assert!(news.contains("phản ánh mới lúc 08:00"), "{news}");
        // Who shows an older state is told at once.
        let late = router.oneshot(get(format!("/cases/stream?lang=en&since={}", before.version))).await.unwrap();
        let mut late = late.into_body().into_data_stream();
        assert!(heard(&mut late).await.unwrap().contains("Reports updated at 08:00"));
        closing.cancel();
        assert_eq!((heard(&mut stream).await, heard(&mut late).await), (None, None), "the streams end");
    });
}
