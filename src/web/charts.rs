//! `/charts/{file}`: charts as SVG and PNG, for pages, mail and slides; they stand outside of the API's version.

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::{IntoParams, ToSchema};

use super::api::query::{Versioned, is_fresh};
use super::encode::Format;
use super::problem::Problem;
use super::state::ApiState;
use crate::chart::ChartError;
use crate::error::ErrorCode;
use crate::gallery::{ChartId, ChartRequest, ChartText, Drawn, GalleryError, draw};

/// Of what, over which window, how large.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
pub struct ChartParams {
    /// As known on a day or at an instant; default now.
    as_of: Option<String>,
    /// First period, day or instant of the window; default 1 January, of charts over time further back.
    from: Option<String>,
    /// Last period, day or instant of the window; default as of when it is asked.
    to: Option<String>,
    /// Districts or wards, separated by commas; the one area of an indicator.
    area: Option<String>,
    /// Handling authorities, separated by commas: their own stints are counted.
    org: Option<String>,
    /// Categories, separated by commas.
    category: Option<String>,
    /// Channels, separated by commas.
    channel: Option<String>,
    /// Feeds, separated by commas.
    feed: Option<String>,
    /// `effective` (default) or `original`: the deadline before any extension or pause.
    basis: Option<String>,
    /// Rows of overdue-heatmap: district (default), ward or org.
    rows: Option<String>,
    /// Columns of overdue-heatmap: category (default), channel, week or month.
    columns: Option<String>,
    /// Units of overdue-ranking (district, ward, org), case-backlog and case-survival (also total, category, channel);
    /// day, week or month of case-flow; bars (default) or map of areas-CODE.
    by: Option<String>,
    /// Frequency of an indicator: M, Q or A; default its base frequency.
    freq: Option<String>,
    /// Last period of an indicator's chart; the one period of areas-CODE.
    period: Option<String>,
    /// Language of all words: vi (default) or en.
    lang: Option<String>,
    /// Pixels, 24 to 4000; default 900, of a sparkline 120.
    width: Option<String>,
    /// Pixels; default what the content needs.
    height: Option<String>,
    /// Device pixels per pixel of a PNG, 1 (default) to 4.
    scale: Option<String>,
}

impl ChartParams {
    fn text(self) -> ChartText {
        ChartText {
            as_of: self.as_of,
            from: self.from,
            to: self.to,
            area: self.area,
            org: self.org,
            category: self.category,
            channel: self.channel,
            feed: self.feed,
            basis: self.basis,
            rows: self.rows,
            columns: self.columns,
            by: self.by,
            freq: self.freq,
            period: self.period,
            lang: self.lang,
            width: self.width,
            height: self.height,
            scale: self.scale,
        }
    }
}

/// How a picture is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureKind {
    /// `image/svg+xml`.
    Svg,
    /// `image/png`.
    Png,
}

impl PictureKind {
    /// Parts `overdue-map.svg` into the id and how it is encoded.
    pub fn split(file: &str) -> Result<(&str, PictureKind), Problem> {
        match file.rsplit_once('.') {
            Some((id, "svg")) => Ok((id, PictureKind::Svg)),
            Some((id, "png")) => Ok((id, PictureKind::Png)),
            other => {
                let id = other.map_or(file, |(id, _)| id);
                let detail = format!("\"{file}\" ends in neither .svg nor .png");
                Err(Problem::new(ErrorCode::NotFound, detail, Some(format!("The nearest is \"{id}.svg\"."))))
            }
        }
    }

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            PictureKind::Svg => "image/svg+xml",
            PictureKind::Png => "image/png",
        }
    }

    /// Encodes a chart; this takes processor time.
    pub fn encode(self, drawn: &Drawn, request: &ChartRequest) -> Result<Vec<u8>, ChartError> {
        let size = request.size(&drawn.chart);
        match self {
            PictureKind::Svg => drawn.chart.svg(size).map(String::into_bytes),
            PictureKind::Png => drawn.chart.png(size, request.scale),
        }
    }
}

/// A chart as a picture. Its title is its message, made from the same figures; its foot names source, as-of and version.
///
/// `overdue-heatmap`, `overdue-ranking`, `overdue-map`, `overdue-trend`, `overdue-multiples`, `case-backlog`,
/// `case-flow`, `case-survival`, and of an indicator `indicator-CODE`, `sparkline-CODE`, `areas-CODE`; each with `.svg`
/// or `.png`.
#[utoipa::path(get, path = "/charts/{file}", tag = "charts",
    params(("file" = String, Path, description = "Id and ending: overdue-heatmap.svg, indicator-1001.png"), ChartParams),
    responses((status = 200, content((String = "image/svg+xml"), (String = "image/png"))), (status = 304),
        (status = 400, body = Problem), (status = 404, body = Problem)))]
pub async fn picture(
    State(state): State<ApiState>,
    Path(file): Path<String>,
    Query(params): Query<ChartParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (id, kind) = PictureKind::split(&file)?;
    let text = params.text();
    let request = ChartRequest::read(id, &text, &state.catalog)?;
    let drawn = draw(&state.engine, &state.scope, &request).await?;
    let asked = Sha256::digest(format!("{file} {text:?}"));
    let asked: String = asked.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let etag = format!("\"{}-{asked}\"", drawn.version);
    let mut response = if is_fresh(&headers, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let encoded = tokio::task::spawn_blocking(move || kind.encode(&drawn, &request)).await;
        let failed = |e: tokio::task::JoinError| Problem::new(ErrorCode::Internal, e.to_string(), None);
        let bytes = encoded.map_err(failed)?.map_err(GalleryError::from)?;
        let mut response = Response::new(Body::from(bytes));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind.media_type()));
        response
    };
    let held = response.headers_mut();
    held.insert(header::ETAG, HeaderValue::from_str(&etag).expect("a version is ASCII"));
    held.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    held.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    Ok(response)
}

/// A chart that can be asked for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChartItem {
    /// Id; `/charts/{id}.svg` and `/charts/{id}.png` are its pictures.
    id: String,
    /// What it is of: `cases`, or the code of an indicator.
    of: String,
}

/// Every chart there is.
#[utoipa::path(get, path = "/charts", tag = "charts",
    responses((status = 200, body = Vec<ChartItem>), (status = 304)))]
pub async fn list(State(state): State<ApiState>, headers: HeaderMap) -> Result<Response, Problem> {
    let of_cases = ChartId::OF_CASES.iter().map(|(id, _)| ChartItem { id: (*id).to_owned(), of: "cases".to_owned() });
    let of_indicators = state.catalog.indicators.values().flat_map(|indicator| {
        let code = &indicator.code;
        let mut ids = vec![ChartId::Indicator(code.clone()), ChartId::Sparkline(code.clone())];
        if indicator.level != crate::domain::AreaKind::City {
            ids.push(ChartId::Areas(code.clone()));
        }
        ids.into_iter().map(|id| ChartItem { id: id.to_string(), of: code.clone() }).collect::<Vec<_>>()
    });
    let items: Vec<ChartItem> = of_cases.chain(of_indicators).collect();
    let etag = Versioned::etag(&state.catalog.version, Format::Json);
    let versioned = Versioned { etag, format: Format::Json, name: "charts" };
    versioned.respond(&headers, || Ok(super::api::query::to_json(&items)))
}
