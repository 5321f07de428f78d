//! Reports: which there are, for which periods, what each lacks; and their files.

use askama::Template;
use axum::body::Body;
use axum::extract::{OriginalUri, Path, Query, State as Held};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::problem::PageProblem;
use super::reply::Reply;
use super::shell::Shell;
use super::view::{Asked, View};
use super::{address, foot};
use crate::domain::{Freq, Period, Vintage};
use crate::present::{Language, label_of, pick, spoken};
use crate::report::declared::Declared;
use crate::report::gate::{Finding, Lack};
use crate::report::{Form, Order, Ready, ReportError};
use crate::web::api::query::is_fresh;
use crate::web::state::ApiState;

/// How many periods of each frequency are offered.
const MONTHS: i32 = 6;
const QUARTERS: i32 = 4;
const YEARS: i32 = 3;

/// A period that a report is made for.
struct Issue {
    label: String,
    pdf: String,
    xlsx: String,
}

/// A report.
struct Entry {
    id: String,
    title: String,
    description: String,
    /// What its newest issue lacks: who and what.
    lacks: Vec<(String, String)>,
    /// Of which period that is.
    newest: String,
    preview: String,
    freqs: Vec<(&'static str, Vec<Issue>)>,
}

#[derive(Template)]
#[template(path = "reports.html")]
struct ReportsPage {
    s: Shell,
    as_of: String,
    entries: Vec<Entry>,
}

/// Parameters of a file.
#[derive(Debug, Default, Deserialize)]
pub struct FileAsked {
    period: Option<String>,
    as_of: Option<String>,
    lang: Option<String>,
    page: Option<String>,
    width: Option<String>,
}

/// `/reports`.
pub async fn list(
    Held(state): Held<ApiState>,
    Query(asked): Query<Asked>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, PageProblem> {
    let view = View::read(&asked, &state).await?;
    let language = view.language;
    let declared = state.desk.declared(&state.catalog).map_err(|e| problem(language, &ReportError::Declared(e)))?;
    let mut entries = Vec::new();
    let mut version = view.served.version.clone();
    for (id, report) in &declared {
        let order = Order { id: id.clone(), period: None, as_of: as_of(&view.as_of), language };
        let ready = state.desk.ready(&state.engine, &state.feeds, state.clock.now(), &order).await;
        match &ready {
            Ok(ready) => version.push_str(&format!("-{}", ready.version)),
            Err(error) => version
                .push_str(&format!("-{}-{error}", report.digest).replace(|c: char| !c.is_ascii_alphanumeric(), "")),
        }
        entries.push(entry(&view, report, &ready));
    }
    let at = address(&uri);
    let reply = Reply { kept: &state.kept, headers: &headers, address: &at, version };
    if let Some(found) = reply.ready() {
        return Ok(found);
    }
    let mut s = Shell::new(language, pick(language, "Báo cáo", "Reports"), "/reports");
    s.rest = view.query(&[("lang", ""), ("period", ""), ("area", "")]);
    s.foot = foot(&view);
    reply.write(&ReportsPage { s, as_of: view.as_of.clone().unwrap_or_default(), entries })
}

fn as_of(text: &Option<String>) -> Option<Vintage> {
    text.as_deref().and_then(|text| text.parse().ok())
}

fn entry(view: &View, report: &Declared, ready: &Result<Ready, ReportError>) -> Entry {
    let language = view.language;
    let told = |findings: &[Finding]| findings.iter().map(|f| (f.who.clone(), f.what.clone())).collect();
    let (newest, lacks) = match ready {
        Ok(ready) => (Some(ready.period()), told(&ready.lacks)),
        Err(ReportError::Refused { period, findings, .. }) => (Some(*period), told(findings)),
        Err(error) => (None, vec![(report.id.clone(), error.to_string())]),
    };
    let file = |form: Form, period: Period| {
        let path = format!("/reports/{}.{}", report.id, form.ending());
        view.url(&path, &[("period", &period.to_string()), ("area", "")])
    };
    let issue = |period: Period| Issue {
        label: label_of(period, language),
        pdf: file(Form::Pdf, period),
        xlsx: file(Form::Xlsx, period),
    };
    let of_freq = |freq: &Freq| {
        let (word, many) = match freq {
            Freq::M => (pick(language, "Theo tháng", "By month"), MONTHS),
            Freq::Q => (pick(language, "Theo quý", "By quarter"), QUARTERS),
            Freq::A => (pick(language, "Theo năm", "By year"), YEARS),
        };
        let newest = newest?;
        // Of longer periods, the last one that was over by then.
        let last = newest.to_freq(*freq)?;
        let last = if last.last_day() > newest.last_day() { last.offset(-1) } else { last };
        Some((word, (0..many).map(|back| issue(last.offset(-back))).collect()))
    };
    Entry {
        id: report.id.clone(),
        title: report.title(language).to_owned(),
        description: report.description(language).to_owned(),
        lacks,
        newest: newest.map_or_else(String::new, |period| label_of(period, language)),
        preview: newest.map_or_else(String::new, |period| {
            let picture = Form::Png { page: 0, width: PREVIEW_WIDTH };
            let path = format!("/reports/{}.{}", report.id, picture.ending());
            let width = PREVIEW_WIDTH.to_string();
            view.url(&path, &[("period", &period.to_string()), ("area", ""), ("width", &width)])
        }),
        freqs: report.freqs.iter().filter_map(of_freq).collect(),
    }
}

/// Pixels of the first page on the page of reports.
const PREVIEW_WIDTH: u32 = 560;
/// Widest picture of a page.
const WIDTH_MAX: u32 = 2480;

/// `/reports/{id}.pdf`, `.xlsx`, `.png`.
pub async fn file(
    Held(state): Held<ApiState>,
    Path(file): Path<String>,
    Query(asked): Query<FileAsked>,
    headers: HeaderMap,
) -> Result<Response, PageProblem> {
    let language = if asked.lang.as_deref() == Some("en") { Language::En } else { Language::Vi };
    if !state.scope.allows_area(&state.catalog.city) {
        return Err(PageProblem::forbidden(language, &state.catalog.city));
    }
    let (order, form) = order(&file, &asked, language)?;
    let ready = state.desk.ready(&state.engine, &state.feeds, state.clock.now(), &order).await;
    let ready = ready.map_err(|e| problem(language, &e))?;
    let etag = format!("\"{}-{}-{form:?}\"", ready.version, ready.period()).replace(['{', '}', ' ', ':', ','], "");
    let mut response = if is_fresh(&headers, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let name = ready.file_name(form);
        let bytes = state.desk.print(&state.engine, ready, form).await.map_err(|e| problem(language, &e))?;
        let mut response = Response::new(Body::from(bytes.to_vec()));
        let disposition = format!("inline; filename=\"{name}\"");
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(form.media_type()));
        response
            .headers_mut()
            .insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&disposition).expect("names are ASCII"));
        response
    };
    let held = response.headers_mut();
    held.insert(header::ETAG, HeaderValue::from_str(&etag).expect("versions are ASCII"));
    held.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

/// What a file's address asks for.
fn order(file: &str, asked: &FileAsked, language: Language) -> Result<(Order, Form), PageProblem> {
    let given = |text: &Option<String>| text.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
    let unreadable = |name: &str, text: &str, like: &str| PageProblem::unreadable(language, name, text, like);
    let whole = |name: &str, text: &Option<String>, range: std::ops::RangeInclusive<u32>| match given(text) {
        None => Ok(None),
        Some(text) => match text.parse::<u32>().ok().filter(|n| range.contains(n)) {
            Some(number) => Ok(Some(number)),
            None => Err(unreadable(name, &text, &format!("{}–{}", range.start(), range.end()))),
        },
    };
    let found = file.rsplit_once('.').and_then(|(id, ending)| Some((id, Form::of_ending(ending)?)));
    let Some((id, mut form)) = found else {
        let ways = vec![(pick(language, "Các báo cáo", "Reports").to_owned(), "/reports".to_owned())];
        return Err(PageProblem::unknown(language, pick(language, "báo cáo", "report"), file, ways));
    };
    if let Form::Png { page, width } = &mut form {
        *page = whole("page", &asked.page, 1..=60)?.unwrap_or(1) as usize - 1;
        *width = whole("width", &asked.width, 120..=WIDTH_MAX)?.unwrap_or(*width);
    }
    let period = match given(&asked.period) {
        None => None,
        Some(text) => Some(text.parse().map_err(|_| unreadable("period", &text, "2022-05, 2022-Q2, 2022"))?),
    };
    let as_of = match given(&asked.as_of) {
        None => None,
        Some(text) => Some(text.parse().map_err(|_| unreadable("as_of", &text, "2022-05-25"))?),
    };
    Ok((Order { id: id.to_owned(), period, as_of, language }, form))
}

/// The page for a report that was not made.
fn problem(language: Language, error: &ReportError) -> PageProblem {
    let reports = || (pick(language, "Các báo cáo", "Reports").to_owned(), "/reports".to_owned());
    match error {
        ReportError::Unknown { id, known } => {
            let ways = known.iter().map(|id| (id.clone(), format!("/reports/{id}.pdf"))).collect();
            PageProblem::unknown(language, pick(language, "báo cáo", "report"), id, ways)
        }
        ReportError::Freq { period, offered, .. } => {
            let offered: Vec<&str> = offered.iter().map(|freq| freq.as_str()).collect();
            PageProblem::unreadable(language, "period", &period.to_string(), &offered.join(", "))
        }
        ReportError::Refused { period, findings, .. } => {
            let period = spoken(*period, language);
            let title = match language {
                Language::Vi => format!("Chưa lập được báo cáo {period}: số liệu chưa đủ"),
                Language::En => format!("The report for {period} was not made: figures are missing"),
            };
            let detail = findings.first().map(|finding| finding.remedy.clone()).unwrap_or_default();
            let way = |f: &Finding| {
                let url = match f.lack {
                    Lack::Missing | Lack::Partial => format!("/units/{}", f.code),
                    Lack::Blank | Lack::Stale | Lack::Cases => "/sources".to_owned(),
                };
                (f.sentence(), url)
            };
            let ways = findings.iter().map(way).chain([reports()]).collect();
            PageProblem::incomplete(language, title, detail, ways)
        }
        ReportError::Declared(found) => {
            let title = pick(language, "Khai báo báo cáo có lỗi", "The declared reports have problems").to_owned();
            let ways = found.0.iter().map(|d| (d.to_string(), "/reports".to_owned())).collect();
            let detail = pick(
                language,
                "Sửa tệp theo các dòng dưới đây; báo cáo dùng được ngay sau đó.",
                "Mend the file at the lines below; the reports are back at once.",
            );
            PageProblem::incomplete(language, title, detail.to_owned(), ways)
        }
        ReportError::Parameter { .. }
        | ReportError::Compute(_)
        | ReportError::Typeset(_)
        | ReportError::Workbook(_)
        | ReportError::BrokeOff(_) => PageProblem::failed(language, error),
    }
}
