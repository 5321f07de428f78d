//! Pages that say what was wrong and what to do: an unknown code names the nearest one there is.

use askama::Template;
use axum::body::Body;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::reply::dressed;
use super::shell::Shell;
use crate::catalog::Catalog;
use crate::error::{Coded, ErrorCode};
use crate::present::{Language, pick};

/// A page that could not be given.
#[derive(Debug)]
pub struct PageProblem {
    language: Language,
    status: StatusCode,
    title: String,
    detail: String,
    /// Where to go instead: words and address.
    ways: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    s: Shell,
    problem: &'a PageProblem,
}

impl PageProblem {
    /// What is wrong, in one sentence.
    fn title(&self) -> &str {
        &self.title
    }

    /// What to do.
    fn detail(&self) -> &str {
        &self.detail
    }

    /// Where to go instead.
    fn ways(&self) -> &[(String, String)] {
        &self.ways
    }

    /// Nothing is there under this name; `nearest` are codes and names that look alike.
    pub fn unknown(language: Language, what: &str, asked: &str, ways: Vec<(String, String)>) -> Self {
        let title = match language {
            Language::Vi => format!("Không có {what} “{asked}”"),
            Language::En => format!("There is no {what} “{asked}”"),
        };
        let detail = pick(
            language,
            "Có thể bạn muốn tìm một trong các trang dưới đây; ô tìm kiếm ở đầu trang nhận cả chữ không dấu.",
            "You may be looking for one of the pages below; the search field above takes words without diacritics.",
        );
        Self { language, status: StatusCode::NOT_FOUND, title, detail: detail.to_owned(), ways }
    }

    /// A parameter that cannot be read.
    pub fn unreadable(language: Language, name: &str, asked: &str, expected: &str) -> Self {
        let title = match language {
            Language::Vi => format!("Tham số “{name}” không đọc được: “{asked}”"),
            Language::En => format!("Parameter “{name}” cannot be read: “{asked}”"),
        };
        let detail = match language {
            Language::Vi => format!("Cần viết theo dạng {expected}."),
            Language::En => format!("It is written like {expected}."),
        };
        Self { language, status: StatusCode::BAD_REQUEST, title, detail, ways: Vec::new() }
    }

    /// Something that would lack what it must not lack; `ways` say what, with where to look.
    pub fn incomplete(language: Language, title: String, detail: String, ways: Vec<(String, String)>) -> Self {
        Self { language, status: StatusCode::UNPROCESSABLE_ENTITY, title, detail, ways }
    }

    /// There are no figures yet.
    pub fn empty(language: Language) -> Self {
        let title = pick(language, "Chưa có số liệu", "There are no figures yet");
        let detail = pick(
            language,
            "Chạy “toancanh ingest” hoặc chờ lần lấy số liệu đầu tiên theo lịch.",
            "Run “toancanh ingest”, or wait for the first scheduled pull.",
        );
        let ways = vec![(pick(language, "Tình trạng số liệu", "Data health").to_owned(), "/sources".to_owned())];
        let (title, detail) = (title.to_owned(), detail.to_owned());
        Self { language, status: StatusCode::SERVICE_UNAVAILABLE, title, detail, ways }
    }

    /// No page is declared for the wall.
    pub fn no_wall(language: Language) -> Self {
        let title = pick(language, "Chưa khai báo trang nào cho màn hình lớn", "No page is declared for the wall");
        let detail = pick(
            language,
            "Viết wall = true vào một bảng theo dõi trong thư mục dashboards: mỗi phần của bảng là một trang.",
            "Write wall = true in a dashboard of the folder dashboards: each of its sections is a page.",
        );
        let ways = vec![(pick(language, "Bảng theo dõi", "Dashboards").to_owned(), "/dashboards".to_owned())];
        let (title, detail) = (title.to_owned(), detail.to_owned());
        Self { language, status: StatusCode::NOT_FOUND, title, detail, ways }
    }

    /// The reader may not see an area.
    pub fn forbidden(language: Language, area: &str) -> Self {
        let title = match language {
            Language::Vi => format!("Địa bàn “{area}” không mở cho bạn"),
            Language::En => format!("Area “{area}” is not open to you"),
        };
        Self { language, status: StatusCode::FORBIDDEN, title, detail: String::new(), ways: Vec::new() }
    }

    /// A file of the city's own (a template, a dashboard) is wrong; whoever wrote it is told where.
    pub fn declared(language: Language, detail: &str) -> Self {
        tracing::warn!("a declared file is wrong: {detail}");
        let title = pick(language, "Tệp khai báo có lỗi", "A declared file has a problem");
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Self { language, status, title: title.to_owned(), detail: detail.to_owned(), ways: Vec::new() }
    }

    /// The engine failed; the cause is logged here, once, and not shown.
    pub fn failed<E: Coded>(language: Language, error: &E) -> Self {
        tracing::error!(error.code = %error.code(), "page failed: {error}");
        let title = pick(language, "Hệ thống chưa trả lời được", "The engine could not answer");
        let detail = pick(
            language,
            "Nguyên nhân đã được ghi vào nhật ký của máy chủ. Hãy thử lại sau ít phút.",
            "The cause is in the server's log. Try again in a few minutes.",
        );
        let status = StatusCode::from_u16(error.code().http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { language, status, title: title.to_owned(), detail: detail.to_owned(), ways: Vec::new() }
    }

    /// A template that could not be written.
    pub fn unwritten(error: askama::Error) -> Self {
        tracing::error!(error.code = %ErrorCode::Internal, "page could not be written: {error}");
        Self {
            language: Language::Vi,
            status: StatusCode::INTERNAL_SERVER_ERROR,
            title: "Trang này chưa hiển thị được".to_owned(),
            detail: "Nguyên nhân đã được ghi vào nhật ký của máy chủ.".to_owned(),
            ways: Vec::new(),
        }
    }
}

impl IntoResponse for PageProblem {
    fn into_response(self) -> Response {
        let s = Shell::new(self.language, &self.title, "");
        let text = ProblemPage { s, problem: &self }.render().unwrap_or_else(|_| self.title.clone());
        let mut response = Response::new(Body::from(text));
        *response.status_mut() = self.status;
        dressed(response, None)
    }
}

/// The indicators whose code or name is nearest to what was asked, as links.
pub fn nearest_indicators(catalog: &Catalog, language: Language, asked: &str) -> Vec<(String, String)> {
    let folded = crate::domain::text::fold(asked);
    let mut found: Vec<(usize, &str, &str)> = catalog
        .indicators
        .values()
        .map(|i| {
            let name = match language {
                Language::Vi => i.name_vi.as_str(),
                Language::En => i.name_en.as_str(),
            };
            let by_code = strsim::damerau_levenshtein(&i.code, asked);
            let within = if crate::domain::text::fold(name).contains(&folded) { 0 } else { usize::MAX };
            (by_code.min(within), i.code.as_str(), name)
        })
        .collect();
    found.sort();
    let near = found.into_iter().take_while(|(distance, _, _)| *distance <= 2).take(5);
    near.map(|(_, code, name)| (format!("{code} {name}"), format!("/indicators/{code}"))).collect()
}
