//! `/infographics`: one-page pictures to look at, print and forward, in every size they come in.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use askama::Template;
use axum::body::{Body, Bytes};
use axum::extract::{OriginalUri, Path, Query, State as Held};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tokio::sync::Semaphore;

use super::problem::PageProblem;
use super::reply::Reply;
use super::shell::Shell;
use super::view::{Asked, Pickers, View};
use super::{address, foot};
use crate::domain::Freq;
use crate::error::{Coded, ErrorCode};
use crate::present::{Language, pick};
use crate::report::infographic::{Draft, Infographic, InfographicError, PageSize, Picture, Wanted};
use crate::web::api::query::is_fresh;
use crate::web::state::ApiState;

/// Pictures kept for the present version of the data; one is some 200 KB.
const KEPT_MAX: usize = 48;
/// A page that takes longer than this has a loop in its template.
const LONGEST: Duration = Duration::from_secs(20);
/// Width of a preview in pixels, for screens twice as fine.
const PREVIEW_PIXELS: u32 = 720;
/// Pixels that may be asked for.
const WIDTHS: std::ops::RangeInclusive<u32> = 120..=3600;

/// Two pages are laid out at once: readers of other pages keep their processor.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

type Kept = BTreeMap<String, (String, Bytes)>;
static KEPT: LazyLock<Mutex<Kept>> = LazyLock::new(Mutex::default);

/// One way to have it.
struct Form {
    label: &'static str,
    url: String,
}

/// A size with its files.
struct SizeRow {
    name: &'static str,
    note: &'static str,
    forms: Vec<Form>,
}

/// An infographic on the page of all.
struct Card {
    id: String,
    name: String,
    about: String,
    preview: String,
    whole: String,
    width: u32,
    height: u32,
    sizes: Vec<SizeRow>,
}

#[derive(Template)]
#[template(path = "infographics.html")]
struct InfographicsPage {
    s: Shell,
    p: Pickers,
    cards: Vec<Card>,
    problems: Vec<String>,
}

/// `/infographics`.
pub async fn gallery(
    Held(state): Held<ApiState>,
    Query(asked): Query<Asked>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, PageProblem> {
    let view = View::read(&asked, &state).await?;
    let (shelf, problems) = state.infographics.current(&state.catalog);
    let at = address(&uri);
    let told = if problems.is_some() { "-problems" } else { "" };
    let version = format!("{}-{}{told}", view.served.version, shelf.version);
    let reply = Reply { kept: &state.kept, headers: &headers, address: &at, version };
    if let Some(ready) = reply.ready() {
        return Ok(ready);
    }
    let title = pick(view.language, "Đồ họa thông tin", "Infographics");
    let mut s = Shell::new(view.language, title, "/infographics");
    s.rest = view.query(&[("lang", "")]);
    s.foot = foot(&view);
    let problems = problems.map(|all| all.0.iter().map(ToString::to_string).collect()).unwrap_or_default();
    let mut all: Vec<&Infographic> = shelf.infographics.values().collect();
    all.sort_by_key(|one| (one.order, one.id.as_str()));
    reply.write(&InfographicsPage {
        p: Pickers::new(&view, &state.catalog, "/infographics", &Freq::ALL, true),
        cards: all.into_iter().map(|one| card(one, &view)).collect(),
        problems,
        s,
    })
}

fn card(infographic: &Infographic, view: &View) -> Card {
    let language = view.language;
    let url = |ending: &str, size: PageSize, width: &str| {
        view.url(&format!("/infographics/{}.{ending}", infographic.id), &[("size", size.as_str()), ("width", width)])
    };
    let first = infographic.sizes[0];
    let row = |size: &PageSize| SizeRow {
        name: size_name(*size, language),
        note: size_note(*size, language),
        forms: ["pdf", "png", "svg"]
            .into_iter()
            .map(|ending| Form {
                label: match ending {
                    "pdf" => "PDF",
                    "png" => "PNG",
                    _ => "SVG",
                },
                url: url(ending, *size, ""),
            })
            .collect(),
    };
    Card {
        id: infographic.id.clone(),
        name: infographic.name.of(language).to_owned(),
        about: infographic.about.of(language).to_owned(),
        preview: url("png", first, &PREVIEW_PIXELS.to_string()),
        whole: url("png", first, ""),
        width: PREVIEW_PIXELS,
        height: (f64::from(PREVIEW_PIXELS) * first.height_per_width()).round() as u32,
        sizes: infographic.sizes.iter().map(row).collect(),
    }
}

fn size_name(size: PageSize, language: Language) -> &'static str {
    match size {
        PageSize::A4 => "A4",
        PageSize::A3 => "A3",
        PageSize::Phone => pick(language, "Điện thoại", "Phone"),
        PageSize::Social => pick(language, "Mạng xã hội", "Social media"),
    }
}

fn size_note(size: PageSize, language: Language) -> &'static str {
    match size {
        PageSize::A4 => pick(language, "để in và gửi", "to print and send"),
        PageSize::A3 => pick(language, "để treo, thêm biểu đồ", "for the wall, with more charts"),
        PageSize::Phone => "1080 × 1920",
        PageSize::Social => "1200 × 630",
    }
}

/// What a picture is asked for with.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct PictureAsked {
    lang: Option<String>,
    period: Option<String>,
    area: Option<String>,
    as_of: Option<String>,
    size: Option<String>,
    width: Option<String>,
}

fn given(text: &Option<String>) -> Option<&str> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

impl PictureAsked {
    fn language(&self) -> Language {
        if given(&self.lang) == Some("en") { Language::En } else { Language::Vi }
    }

    fn wanted(&self, city: &str) -> Result<Wanted, PageProblem> {
        let language = self.language();
        fn read<T: std::str::FromStr>(
            (language, name, like): (Language, &str, &str),
            text: &Option<String>,
        ) -> Result<Option<T>, PageProblem> {
            let read = |text: &str| text.parse().map_err(|_| PageProblem::unreadable(language, name, text, like));
            given(text).map(read).transpose()
        }
        Ok(Wanted {
            period: read((language, "period", "2022-05, 2022-Q2, 2022"), &self.period)?,
            // The whole city is what an infographic of a district is asked for by the pickers of all.
            area: given(&self.area).filter(|area| *area != city).map(str::to_owned),
            as_of: read((language, "as_of", "2022-05-25"), &self.as_of)?,
            language,
            size: read((language, "size", "a4, a3, phone, social"), &self.size)?,
        })
    }

    fn pixels(&self) -> Result<Option<u32>, PageProblem> {
        let Some(text) = given(&self.width) else { return Ok(None) };
        let pixels = text.parse().ok().filter(|pixels| WIDTHS.contains(pixels));
        let like = format!("{}–{}", WIDTHS.start(), WIDTHS.end());
        pixels.map(Some).ok_or_else(|| PageProblem::unreadable(self.language(), "width", text, &like))
    }
}

/// `/infographics/{id}.svg`, `.png`, `.pdf`.
pub async fn picture(
    Held(state): Held<ApiState>,
    Path(file): Path<String>,
    Query(asked): Query<PictureAsked>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, PageProblem> {
    let language = asked.language();
    let all = || vec![(pick(language, "Đồ họa thông tin", "Infographics").to_owned(), "/infographics".to_owned())];
    let nowhere = || PageProblem::unknown(language, pick(language, "đồ họa", "infographic"), &file, all());
    let (id, ending) = file.rsplit_once('.').ok_or_else(nowhere)?;
    let (picture, media_type) = match ending {
        "svg" => (Picture::Svg, "image/svg+xml"),
        "png" => (Picture::Png(asked.pixels()?), "image/png"),
        "pdf" => (Picture::Pdf, "application/pdf"),
        _ => return Err(nowhere()),
    };
    let wanted = asked.wanted(&state.catalog.city)?;
    let (shelf, _) = state.infographics.current(&state.catalog);
    let at = address(&uri);
    // Every part of the address besides the version of the data and of the files decides the bytes.
    let etag = format!("\"{}-{}\"", state.engine.served().version, shelf.version);
    if is_fresh(&headers, &etag) {
        return Ok(dressed(StatusCode::NOT_MODIFIED.into_response(), &etag, media_type));
    }
    if let Some(bytes) = kept(&at, &etag) {
        return Ok(dressed(Response::new(Body::from(bytes)), &etag, media_type));
    }
    let failed = |error: InfographicError| problem(language, error, all());
    let draft = Draft::gather(&state.engine, &state.scope, Arc::clone(&shelf), id, &wanted).await.map_err(failed)?;
    let bytes = Bytes::from(laid_out(draft, picture, language).await?.map_err(failed)?);
    keep(at, &etag, bytes.clone());
    Ok(dressed(Response::new(Body::from(bytes)), &etag, media_type))
}

/// Lays out beside the runtime, a few at once, not for longer than a page can take.
async fn laid_out(
    draft: Draft,
    picture: Picture,
    language: Language,
) -> Result<Result<Vec<u8>, InfographicError>, PageProblem> {
    let permit = AT_ONCE.acquire().await;
    let work = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        draft.picture(picture)
    });
    match tokio::time::timeout(LONGEST, work).await {
        Ok(Ok(result)) => Ok(result),
        Ok(Err(error)) => Err(PageProblem::declared(language, &error.to_string())),
        Err(_) => Err(PageProblem::declared(
            language,
            pick(language, "Mẫu trình bày mất quá lâu để dàn trang.", "The template takes too long to lay out."),
        )),
    }
}

fn problem(language: Language, error: InfographicError, all: Vec<(String, String)>) -> PageProblem {
    match &error {
        InfographicError::Unknown { id, .. } => {
            PageProblem::unknown(language, pick(language, "đồ họa", "infographic"), id, all)
        }
        InfographicError::Area { area, nearest, .. } => {
            let ways = nearest.iter().map(|near| (near.clone(), "/infographics".to_owned())).chain(all).collect();
            PageProblem::unknown(language, pick(language, "quận, huyện", "district"), area, ways)
        }
        InfographicError::Size { size, known, .. } => PageProblem::unreadable(language, "size", size, known),
        InfographicError::Empty => PageProblem::empty(language),
        _ if error.code() == ErrorCode::BadDeclaration => PageProblem::declared(language, &error.to_string()),
        _ => PageProblem::failed(language, &error),
    }
}

fn dressed(mut response: Response, etag: &str, media_type: &'static str) -> Response {
    let held = response.headers_mut();
    held.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    held.insert(header::ETAG, HeaderValue::from_str(etag).expect("versions are ASCII"));
    held.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    held.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    response
}

fn kept(address: &str, etag: &str) -> Option<Bytes> {
    let kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    kept.get(address).filter(|(held, _)| held == etag).map(|(_, bytes)| bytes.clone())
}

fn keep(address: String, etag: &str, bytes: Bytes) {
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    // What belongs to an older version goes first.
    kept.retain(|_, (held, _)| held == etag);
    while kept.len() >= KEPT_MAX {
        kept.pop_first();
    }
    kept.insert(address, (etag.to_owned(), bytes));
}
