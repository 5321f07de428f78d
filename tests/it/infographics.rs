//! Infographics as a reader gets them: one page in every size and language, from the figures of the API, the same bytes
//! for the same version, and an answer that says what to do where there is none.

use axum::http::{Method, StatusCode};

use crate::harness::{Answer, RUNTIME, city, root};
use toancanh::chart::spec::Language;
use toancanh::domain::Scope;
use toancanh::report::infographic::{Draft, PageSize, Shelf, Wanted};
use toancanh::typeset::Document;

const IDS: [&str; 3] = ["1022", "quan", "thang"];

fn get(path: &str) -> Answer {
    city().request(Method::GET, path, &[("accept", "text/html")], "")
}

/// Every text on an infographic.
fn texts(id: &str, size: PageSize, language: Language, area: Option<&str>) -> String {
    let app = &city().app;
    let shelf = Shelf::load(&root().join("dashboards"), app.catalog()).unwrap_or_else(|p| panic!("{p}"));
    let wanted = Wanted {
        period: Some("2022-05".parse().unwrap()),
        area: area.map(str::to_owned),
        as_of: None,
        language,
        size: Some(size),
    };
    let draft = RUNTIME.block_on(Draft::gather(app.engine(), &Scope::all(), shelf.into(), id, &wanted)).unwrap();
    let document = Document::of(&draft.sheet().unwrap()).unwrap_or_else(|e| panic!("{id} {size} {language:?}: {e}"));
    assert_eq!(document.page_count(), 1, "{id} {size} {language:?} is one page");
    // A line break may fall anywhere.
    document.texts(0).unwrap().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_infographic_is_one_page_in_every_size_and_language() {
    for id in IDS {
        for size in PageSize::ALL {
            for language in [Language::Vi, Language::En] {
                let all = texts(id, size, language, None);
                let sample = if language == Language::Vi { "Số liệu mẫu" } else { "Sample data" };
                assert!(all.contains(sample), "{id} {size} says that it is a sample: {all}");
                assert!(all.contains("2022"), "{id} {size} says its period: {all}");
            }
        }
    }
}

#[test]
fn its_figures_are_those_of_the_api() {
    let month = texts("thang", PageSize::A4, Language::En, None);
    let retail = city().json("/figures/1001/79/2022-05");
    let value = retail["figure"]["value"].as_f64().unwrap();
    let written = format!("{}", value.round() as i64);
    let plain = month.replace(',', "");
    assert!(plain.contains(&written), "{written} is not on the page: {plain}");
    let summary = city().json("/cases/summary?from=2022-05&to=2022-05");
    let received = summary["received"].as_u64().unwrap().to_string();
    assert!(plain.contains(&received), "{received} is not on the page: {plain}");
}

#[test]
fn a_district_is_shown_with_its_rank_and_by_its_name() {
    let all = texts("quan", PageSize::A4, Language::Vi, Some("760"));
    assert!(all.contains("Quận 1:") && all.contains("/22"), "{all}");
}

#[test]
fn files_come_in_three_forms_with_their_version() {
    for (ending, media, begins) in [
        ("svg", "image/svg+xml", &b"<svg"[..]),
        ("png", "image/png", &b"\x89PNG"[..]),
        ("pdf", "application/pdf", &b"%PDF-"[..]),
    ] {
        let path = format!("/infographics/thang.{ending}?period=2022-05&size=social");
        let first = get(&path);
        assert_eq!(first.status, StatusCode::OK, "{}", String::from_utf8_lossy(&first.body));
        assert_eq!(first.header("content-type"), media);
        assert!(first.body.starts_with(begins));
        assert_eq!(first.body, get(&path).body, "{path}: the same version prints the same bytes");
        let etag = first.header("etag").to_owned();
        let again = city().request(Method::GET, &path, &[("if-none-match", &etag)], "");
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    }
    let pdf = get("/infographics/1022.pdf?lang=en").body;
    let text = String::from_utf8_lossy(&pdf);
    assert!(text.contains("/StructTreeRoot") && text.contains("/Lang(en"), "the PDF is tagged and says its language");
}

#[test]
fn what_is_not_there_names_what_is() {
    for (path, status, says) in [
        ("/infographics/thng.svg", StatusCode::NOT_FOUND, "thng"),
        ("/infographics/quan.svg?area=999", StatusCode::NOT_FOUND, "999"),
        ("/infographics/thang.svg?size=a5", StatusCode::BAD_REQUEST, "a4"),
        ("/infographics/thang.svg?period=hm", StatusCode::BAD_REQUEST, "2022-05"),
        ("/infographics/thang.gif", StatusCode::NOT_FOUND, "/infographics"),
    ] {
        let answer = get(path);
        let body = String::from_utf8_lossy(&answer.body).into_owned();
        assert_eq!(answer.status, status, "{path}: {body}");
        assert!(body.contains(says), "{path} says {says}: {body}");
    }
}

#[test]
fn the_page_of_all_shows_each_and_links_its_files() {
    let body = String::from_utf8(get("/infographics").body).unwrap();
    for id in IDS {
        assert!(body.contains(&format!("src=\"/infographics/{id}.png")), "{id} has a preview");
        for ending in ["pdf", "png", "svg"] {
            assert!(body.contains(&format!("href=\"/infographics/{id}.{ending}?size=phone")), "{id}.{ending}");
        }
    }
    assert!(!body.contains(" style=\""));
}
