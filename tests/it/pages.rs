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
    "/reports",
    "/reports?lang=en",
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
        let packed = city().request(Method::GET, path, &[("accept-encoding", "gzip, br")], "");
        assert_eq!((packed.header("content-encoding"), packed.header("etag")), ("br", etag.as_str()), "{path}");
        let mut unpacked = Vec::new();
        brotli::BrotliDecompress(&mut packed.body.as_slice(), &mut unpacked).unwrap();
        assert_eq!(unpacked, first.body, "{path} is the same page, compressed");
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

/// A page that is kept is answered before the routes: no reader may see a difference.
#[test]
fn a_kept_page_is_the_same_answer() {
    let path = "/groups/10?kept=1";
    let ask = |headers: &[(&str, &str)]| city().request(Method::GET, path, headers, "");
    let (first, again) = (ask(&[]), ask(&[]));
    assert_eq!((first.status, again.status), (StatusCode::OK, StatusCode::OK));
    assert_eq!(first.body, again.body);
    let told = |answer: &Answer| {
        let mut told: Vec<(String, String)> =
            answer.headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
        told.retain(|(name, _)| name != "x-request-id" && name != "content-length");
        told.sort();
        told
    };
    assert_eq!(told(&first), told(&again));
    assert!(!again.header("x-request-id").is_empty());
    let etag = first.header("etag").to_owned();
    assert_eq!(ask(&[("if-none-match", &etag)]).status, StatusCode::NOT_MODIFIED);
    assert_eq!(ask(&[("if-none-match", "W/\"older\"")]).status, StatusCode::OK);
    let packed = ask(&[("accept-encoding", "br")]);
    assert_eq!(packed.header("content-encoding"), "br");
    assert!(packed.body.len() * 3 < first.body.len());
    // What was never written is not said to be unchanged.
    let nowhere = city().request(Method::GET, "/groups/77", &[("if-none-match", "*")], "");
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
    let posted = city().request(Method::POST, path, &[], "");
    assert_eq!(posted.status, StatusCode::METHOD_NOT_ALLOWED);
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

/// A reader who downloads what the explorer shows has the figures of the API, each with its status, coverage and vintage.
#[test]
fn the_explorers_files_hold_the_figures_of_the_api() {
    let query = "i=1001,0403&a=79,760&by=Q&from=2021&to=2022-Q2";
    let explorer = page(&format!("/explore?{query}&lang=en"));
    let links = attribute(&explorer, "href");
    let answer = get(&format!("/explore/data.csv?{query}&lang=en"));
    assert_eq!(answer.status, StatusCode::OK);
    let mut reader = csv::Reader::from_reader(answer.body.as_slice());
    let heads = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let field = |row: &csv::StringRecord, name: &str| {
        let at = heads.iter().position(|head| head == name).unwrap_or_else(|| panic!("no column {name}"));
        row[at].to_owned()
    };
    let mut compared = 0;
    for code in ["1001", "0403"] {
        let series = city().json(&format!("/indicators/{code}/series?freq=Q&area=79,760&from=2021-Q1&to=2022-Q2"));
        for seen in series["observations"].as_array().unwrap() {
            let is_same = |row: &&csv::StringRecord| {
                let place = [field(row, "indicator_code"), field(row, "area_code"), field(row, "period")];
                place == [code, seen["area_code"].as_str().unwrap(), seen["period"].as_str().unwrap()]
            };
            let row = rows.iter().find(is_same).unwrap_or_else(|| panic!("{code} {seen} is not in the file"));
            assert_eq!(field(row, "value").parse::<f64>().unwrap(), seen["value"].as_f64().unwrap(), "{seen}");
            assert_eq!(field(row, "obs_status"), seen["obs_status"].as_str().unwrap(), "{seen}");
            assert_eq!(field(row, "complete"), seen["complete"].to_string(), "{seen}");
            assert_eq!(field(row, "data_version"), series["data_version"].as_str().unwrap());
            compared += 1;
        }
    }
    assert!(compared > 10 && compared == rows.len(), "{compared} of the API, {} in the file", rows.len());
    for ending in ["xlsx", "csv", "json", "parquet", "sdmx.csv"] {
        let path = format!("/explore/data.{ending}?{query}&lang=en");
        assert!(links.contains(&path), "{path} is offered in {links:?}");
        let file = get(&path);
        assert_eq!((file.status, file.body.len() > 500), (StatusCode::OK, true), "{path}");
        let again = city().request(Method::GET, &path, &[("if-none-match", file.header("etag"))], "");
        assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{path}");
    }
    for (chart, kind) in [("/explore/chart.png", "image/png"), ("/explore/chart.svg", "image/svg+xml")] {
        let second = get(&format!("{chart}?{query}&chart=2"));
        assert_eq!((second.status, second.header("content-type")), (StatusCode::OK, kind));
        assert_eq!(get(&format!("{chart}?{query}&chart=3")).status, StatusCode::BAD_REQUEST);
    }
    assert_eq!(get("/explore/data.doc").status, StatusCode::NOT_FOUND);
}

/// The figures of a workbook are numbers with a format, what is not final is marked and explained.
#[test]
fn the_explorers_workbook_is_to_be_read() {
    use calamine::{DataType, Reader, Xlsx};
    let answer = get("/explore/data.xlsx?i=1001&by=M&from=2022-01&to=2022-12");
    let mut book = Xlsx::new(std::io::Cursor::new(answer.body)).unwrap();
    assert_eq!(book.sheet_names(), ["Bảng", "Chi tiết"]);
    let table = book.worksheet_range("Bảng").unwrap();
    let words: Vec<String> = table.used_cells().map(|(_, _, cell)| cell.to_string()).collect();
    for part in ["tỷ đồng", "phiên bản dữ liệu", "ước tính", "Tháng 5/2022"] {
        assert!(words.iter().any(|w| w.contains(part)), "no {part} in {words:?}");
    }
    let numbers = table.used_cells().filter(|(_, _, cell)| cell.get_float().is_some()).count();
    assert!(numbers >= 5, "{numbers} numbers");
    assert!(book.worksheet_range("Chi tiết").unwrap().height() > numbers);
}

/// Who manages the data sees in Vietnamese which source is late and which rows were not taken, page by page.
#[test]
fn the_health_of_sources_is_said_in_words() {
    let sources = page("/sources");
    assert!(!sources.contains(" figures read,") || sources.contains("title="), "runs are worded in Vietnamese");
    assert!(sources.contains("số mới hoặc thay đổi"), "a run says what it brought");
    assert!(sources.contains("Dòng không nhận"));
    assert_eq!(get("/sources?rows=x").status, StatusCode::BAD_REQUEST);
    assert_eq!(get("/sources?feed=so_yx").status, StatusCode::NOT_FOUND);
    let one = page("/sources?feed=so_yt&lang=en");
    assert!(one.contains("rows read") && one.contains("Show all sources"));
    let next = attribute(&sources, "href").into_iter().find(|h| h.contains("rows=2"));
    if let Some(next) = next {
        let second = page(next.split('#').next().unwrap());
        assert!(second.contains("rel=\"prev\"") && second != sources);
    }
}
