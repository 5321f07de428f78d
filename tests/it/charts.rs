//! Charts over HTTP: type, version, message, and clear words when there is no such chart.

use axum::http::{Method, StatusCode};

use crate::harness::{Answer, city};

const AS_OF: &str = "as_of=2022-05-25T12:00:00%2B07:00";

fn get(path: &str, headers: &[(&str, &str)]) -> Answer {
    city().request(Method::GET, path, headers, "")
}

/// The text of `<title>`, spaces plain.
fn title(answer: &Answer) -> String {
    let text = String::from_utf8(answer.body.clone()).unwrap();
    let after = text.split_once("<title").and_then(|(_, rest)| rest.split_once('>')).unwrap().1;
    after.split_once("</title>").unwrap().0.replace('\u{a0}', " ")
}

#[test]
fn the_overdue_heatmap_says_which_district_is_worst() {
    let answer = get(&format!("/charts/overdue-heatmap.svg?{AS_OF}"), &[]);
    assert_eq!(answer.status, StatusCode::OK, "{}", String::from_utf8_lossy(&answer.body));
    assert_eq!(answer.header("content-type"), "image/svg+xml");
    // Published: 70 % of what fell due in one district (see data-samples/README.md, which gives it to Cần Giờ).
    assert!(title(&answer).starts_with("Huyện Cần Giờ trễ hạn 70 %, gấp"), "{}", title(&answer));
    let ranking = city().json(&format!("/cases/ranking?{AS_OF}"));
    let worst = &ranking["units"][0];
    assert_eq!((worst["code"].as_str(), worst["overdue_percent"].as_f64().map(f64::round)), (Some("787"), Some(70.0)));
}

#[test]
fn a_chart_has_the_version_of_the_data_and_of_the_question() {
    let path = format!("/charts/overdue-ranking.svg?{AS_OF}");
    let answer = get(&path, &[]);
    let etag = answer.header("etag").to_owned();
    let again = get(&path, &[("if-none-match", &etag)]);
    assert_eq!((again.status, again.body.len(), again.header("etag")), (StatusCode::NOT_MODIFIED, 0, etag.as_str()));
    let other = get(&format!("{path}&lang=en"), &[("if-none-match", &etag)]);
    assert_eq!(other.status, StatusCode::OK);
    assert_ne!(other.header("etag"), etag);
    assert!(title(&other).contains("is overdue in 70 % of cases"), "{}", title(&other));
    assert_eq!(get(&path, &[]).body, answer.body);
}

#[test]
fn every_chart_of_cases_is_drawn_as_svg_and_png() {
    let listed = city().json("/charts");
    let ids: Vec<String> = listed.as_array().unwrap().iter().map(|c| c["id"].as_str().unwrap().to_owned()).collect();
    assert!(ids.iter().any(|id| id == "indicator-1001") && !ids.iter().any(|id| id == "areas-0503"), "{ids:?}");
    let some = ["indicator-1001", "sparkline-1001", "areas-1405", "indicator-1405"];
    let of_cases = listed.as_array().unwrap().iter().filter(|c| c["of"] == "cases").map(|c| c["id"].as_str().unwrap());
    let of_cases: Vec<&str> = of_cases.chain(some).collect();
    assert_eq!(of_cases.len(), 12);
    for id in of_cases {
        let svg = get(&format!("/charts/{id}.svg?{AS_OF}"), &[]);
        assert_eq!(svg.status, StatusCode::OK, "{id}: {}", String::from_utf8_lossy(&svg.body));
        assert!(!title(&svg).contains("Chưa") && !title(&svg).contains("Không"), "{id}: {}", title(&svg));
    }
    let png = get(&format!("/charts/overdue-map.png?{AS_OF}&width=600&scale=2"), &[]);
    assert_eq!((png.status, png.header("content-type")), (StatusCode::OK, "image/png"));
    assert_eq!(png.body[..8], *b"\x89PNG\r\n\x1a\n");
    assert_eq!(u32::from_be_bytes(png.body[16..20].try_into().unwrap()), 1200);
}

#[test]
fn what_there_is_not_is_answered_with_the_nearest() {
    let hint = |path: &str, status: StatusCode| {
        let answer = get(path, &[]);
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
        answer.json()["hint"].as_str().unwrap_or_default().to_owned()
    };
    let not_found = StatusCode::NOT_FOUND;
    assert_eq!(hint("/charts/overdue-heetmap.svg", not_found), "The nearest is \"overdue-heatmap\".");
    assert_eq!(hint("/charts/indicator-9999.svg", not_found).len(), "The nearest is \"indicator-1999\".".len());
    assert_eq!(hint("/charts/overdue-map.gif", not_found), "The nearest is \"overdue-map.svg\".");
    assert_eq!(hint("/charts/overdue-map.svg?category=nois", not_found), "The nearest is \"noise\".");
    let bad = StatusCode::BAD_REQUEST;
    assert_eq!(hint("/charts/overdue-heatmap.svg?columns=weeks", bad), "The nearest is \"week\".");
    assert_eq!(hint("/charts/overdue-map.svg?width=9000", bad), "The nearest is \"4000\".");
    assert_eq!(hint("/charts/areas-0503.svg", bad), "The chart of the city is \"indicator-0503\".");
}

#[test]
fn charts_are_in_the_document_outside_of_the_api() {
    let document = city().json("/openapi.json");
    assert!(document["paths"]["/charts/{file}"]["get"].is_object());
    assert!(document["paths"]["/api/v1/charts"]["get"].is_object());
}
