//! The pages as a reader without script gets them: they answer, link to each other, hold nothing inline, and say what was
//! wrong. What figures mean is tested where they are made.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};

use crate::harness::{Answer, city};

fn get(path: &str) -> Answer {
    city().request(Method::GET, path, &[("accept", "text/html")], "")
}

fn page(path: &str) -> String {
    let answer = get(path);
    let body = String::from_utf8(answer.body.clone()).unwrap();
    assert_eq!(answer.status, StatusCode::OK, "{path}: {body}");
    body
}

/// Values of an attribute in a page, with `&amp;` read back.
fn attribute(page: &str, name: &str) -> BTreeSet<String> {
    let mark = format!(" {name}=\"");
    page.split(&mark)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(|v| v.replace("&#38;", "&").replace("&amp;", "&"))
        .collect()
}

const PAGES: &[&str] = &[
    "/",
    "/?freq=Q",
    "/?period=2021",
    "/?area=760",
    "/?as_of=2021-12-31",
    "/?lang=en",
    "/groups/06",
    "/indicators/1001",
    "/indicators/0403",
    "/indicators/0403?area=760",
    "/indicators/0101?period=2021",
    "/indicators/1001/explain?period=2022-05",
    "/units",
    "/units/760",
    "/units/26740",
    "/units/so_yt",
    "/cases",
    "/cases?rows=org&columns=week",
    "/cases?area=787&lang=en",
    "/cases/units",
    "/cases/backlog",
    "/cases/list?which=open",
    "/catalog",
    "/methods",
    "/methods?lang=en",
    "/sources",
    "/search?q=tre+han",
    "/explore",
    "/explore?i=0403&a=79,760,761&by=M",
    "/explore?i=1001,1004&from=2020&to=2021",
    "/dashboards",
    "/dashboards?lang=en",
    "/dashboards/kinh-te",
    "/dashboards/1022?lang=en",
    "/dashboards/xa-hoi?area=760",
    "/wall",
    "/wall?page=2",
];

#[test]
fn every_page_answers_and_holds_nothing_inline() {
    for path in PAGES {
        let answer = get(path);
        let body = String::from_utf8(answer.body.clone()).unwrap();
        assert_eq!(answer.status, StatusCode::OK, "{path}: {body}");
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'self'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
        assert!(!body.contains(" style=\"") && !body.contains("<style"), "{path} has inline style");
        assert!(!body.contains("javascript:") && !body.contains(" onclick"), "{path} has inline script");
        for tag in body.split("<script").skip(1) {
            let (head, rest) = tag.split_once('>').unwrap();
            assert!(head.contains(" src=\"/assets/") && rest.starts_with("</script>"), "{path}: <script{head}>");
        }
        let ids: Vec<&str> = body.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let distinct: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(distinct.len(), ids.len(), "{path} has an id twice");
        assert_eq!(body.matches("<h1").count(), 1, "{path} has one message");
        assert!(!body.contains("http://") || body.contains("www.w3.org"), "{path} loads nothing from elsewhere");
    }
}

#[test]
fn every_link_of_the_overview_and_of_what_it_leads_to_resolves() {
    let overview = page("/");
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut next: Vec<String> = attribute(&overview, "href").into_iter().collect();
    // One level further for a page of each kind.
    for path in ["/groups/04", "/indicators/0403", "/units/760"] {
        next.extend(attribute(&page(path), "href"));
    }
    for link in next {
        let path = link.split('#').next().unwrap_or_default().to_owned();
        if !path.starts_with('/') || !seen.insert(path.clone()) {
            continue;
        }
        let answer = get(&path);
        let leads = answer.status.is_success() || answer.status.is_redirection();
        assert!(leads, "{path} answers {}", answer.status);
    }
    assert!(seen.len() > 100, "{} links", seen.len());
}

#[test]
fn an_unchanged_page_is_not_sent_again() {
    for path in ["/", "/indicators/1001", "/catalog"] {
        let first = get(path);
        let etag = first.header("etag").to_owned();
        assert!(etag.starts_with("W/\""), "{path}: {etag}");
        let again = city().request(Method::GET, path, &[("if-none-match", &etag)], "");
        assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0), "{path}");
        assert_eq!(again.header("etag"), etag);
        let other = city().request(Method::GET, path, &[("if-none-match", "\"other\"")], "");
        assert_eq!(other.body, first.body, "{path} is the same bytes while nothing changed");
    }
}

#[test]
fn what_is_not_there_names_what_is_near() {
    for (path, status, near) in [
        ("/indicators/1009", StatusCode::NOT_FOUND, "/indicators/1001"),
        ("/indicators/ban%20le", StatusCode::NOT_FOUND, "/indicators/1002"),
        ("/units/76", StatusCode::NOT_FOUND, "/units/760"),
        ("/units/so-yt", StatusCode::NOT_FOUND, "/units/so_yt"),
        ("/?area=quan%201", StatusCode::NOT_FOUND, "/units/760"),
        ("/groups/21", StatusCode::NOT_FOUND, "/groups/01"),
        ("/nowhere", StatusCode::NOT_FOUND, "/catalog"),
        ("/?period=2022-13", StatusCode::BAD_REQUEST, "2022-05"),
        ("/?as_of=tomorrow", StatusCode::BAD_REQUEST, "2022-05-25"),
    ] {
        let answer = get(path);
        let body = String::from_utf8(answer.body.clone()).unwrap();
        assert_eq!(answer.status, status, "{path}: {body}");
        assert!(body.contains(near), "{path} does not name {near}: {body}");
        assert!(answer.header("content-type").starts_with("text/html"), "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
}

/// Retail sales of May 2022 were first estimated, then published: the page says both, down to the cell of the workbook.
#[test]
fn a_figure_is_explained_down_to_the_cell() {
    let page = page("/indicators/1001/explain?period=2022-05");
    for part in ["ctk_monthly/2022-06.xlsx#3. Thương mại!D6", "ước tính", "chính thức", "sum(retail_total)"]
    {
        assert!(page.contains(part), "the explanation has no {part}");
    }
}

/// The 5 months of 2022 as the department of finance published them: 54.28 % of the plan of 386,568 billion.
#[test]
fn a_published_share_of_the_plan_stands_on_the_page() {
    let page = page("/indicators/0601?period=2022-05");
    assert!(page.contains("54,3\u{a0}% kế hoạch năm"), "{page}");
}

#[test]
fn search_needs_no_diacritics() {
    for query in ["tre+han", "tr%E1%BB%85+h%E1%BA%A1n", "TRE+HAN"] {
        assert!(page(&format!("/search?q={query}")).contains("/indicators/1405"), "{query}");
    }
    assert!(page("/search?q=thu+duc").contains("/units/769"));
    assert!(page("/search?q=so+y+te").contains("/units/so_yt"));
}

#[test]
fn an_earlier_day_shows_what_was_known_then() {
    let now = page("/indicators/1001?period=2022-05");
    let then = page("/indicators/1001?period=2022-05&as_of=2022-05-31");
    assert!(now.contains("92.003") && !then.contains("92.003"), "the official figure came on 29 June");
    assert!(then.contains("92.820") && then.contains("ước tính"));
}

#[test]
fn charts_come_with_a_table_and_a_sentence() {
    let page = page("/indicators/0403");
    for figure in page.split("<figure").skip(1).map(|f| f.split("</figure>").next().unwrap()) {
        assert!(figure.contains("<svg"), "a figure without a drawing");
        let described = figure.contains("<figcaption>") || figure.contains("<title");
        assert!(described, "a figure without a sentence");
    }
    assert!(page.contains("data-series=") && page.contains("<details>"));
}

#[test]
fn assets_are_cached_by_their_version() {
    let overview = page("/");
    let style = attribute(&overview, "href").into_iter().find(|h| h.starts_with("/assets/style.css?v=")).unwrap();
    let answer = get(&style);
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.header("cache-control").contains("immutable"));
    assert!(answer.header("content-type").starts_with("text/css"));
    assert_eq!(get("/assets/style.css").header("cache-control"), "no-cache");
    assert_eq!(get("/assets/../Cargo.toml").status, StatusCode::NOT_FOUND);
}
