//! The catalogue of indicators, and how figures are made.

use askama::Template;
use axum::extract::{OriginalUri, Query, State as Held};
use axum::http::HeaderMap;
use axum::response::Response;

use super::address;
use super::problem::PageProblem;
use super::reply::Reply;
use super::shell::Shell;
use super::view::Asked;
use crate::domain::{AreaKind, Freq, Indicator};
use crate::present::{Language, pick, source_word, unit_label};
use crate::web::state::ApiState;

/// One indicator of the list.
struct Line {
    code: String,
    name: String,
    unit: String,
    source: &'static str,
    owner: String,
    freqs: String,
    level: &'static str,
}

/// One group of the list.
struct Group {
    code: String,
    name: String,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "catalog.html")]
struct CatalogPage {
    s: Shell,
    count: usize,
    groups: Vec<Group>,
}

#[derive(Template)]
#[template(path = "methods.html")]
struct MethodsPage {
    s: Shell,
}

/// `/catalog`.
pub async fn catalog(
    Held(state): Held<ApiState>,
    Query(asked): Query<Asked>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, PageProblem> {
    let language = asked.language();
    let at = address(&uri);
    let reply = Reply { kept: &state.kept, headers: &headers, address: &at, version: state.catalog.version.clone() };
    if let Some(ready) = reply.ready() {
        return Ok(ready);
    }
    let line = |i: &Indicator| Line {
        code: i.code.clone(),
        name: match language {
            Language::Vi => i.name_vi.clone(),
            Language::En => i.name_en.clone(),
        },
        unit: unit_label(state.catalog.unit_of(i), language).to_owned(),
        source: source_word(i.source, language),
        owner: state.catalog.owner_of(i).map_or_else(
            || i.owner.clone(),
            |o| match language {
                Language::Vi => o.name_vi.clone(),
                Language::En => o.name_en.clone(),
            },
        ),
        freqs: freqs_words(i, language),
        level: level_word(i.level, language),
    };
    let groups = state.catalog.groups.values().map(|g| Group {
        code: g.code.clone(),
        name: match language {
            Language::Vi => g.name_vi.clone(),
            Language::En => g.name_en.clone(),
        },
        lines: state.catalog.indicators.values().filter(|i| i.group == g.code).map(line).collect(),
    });
    let s = shell(&state, language, pick(language, "Danh mục chỉ tiêu", "Catalogue"), "/catalog");
    reply.write(&CatalogPage { s, count: state.catalog.indicators.len(), groups: groups.collect() })
}

/// `/methods`.
pub async fn methods(
    Held(state): Held<ApiState>,
    Query(asked): Query<Asked>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, PageProblem> {
    let language = asked.language();
    let at = address(&uri);
    let reply = Reply { kept: &state.kept, headers: &headers, address: &at, version: state.catalog.version.clone() };
    match reply.ready() {
        Some(ready) => Ok(ready),
        None => {
            let s = shell(&state, language, pick(language, "Phương pháp", "Methods"), "/methods");
            reply.write(&MethodsPage { s })
        }
    }
}

fn shell(state: &ApiState, language: Language, title: &str, path: &str) -> Shell {
    let mut s = Shell::new(language, title, path);
    let version = &state.catalog.version;
    s.foot.push(match language {
        Language::Vi => format!("Phiên bản danh mục {version}"),
        Language::En => format!("Catalogue version {version}"),
    });
    s
}

fn freqs_words(indicator: &Indicator, language: Language) -> String {
    let word = |freq: Freq| match freq {
        Freq::M => pick(language, "tháng", "month"),
        Freq::Q => pick(language, "quý", "quarter"),
        Freq::A => pick(language, "năm", "year"),
    };
    indicator.freqs().map(word).collect::<Vec<_>>().join(", ")
}

fn level_word(level: AreaKind, language: Language) -> &'static str {
    match level {
        AreaKind::Ward => pick(language, "phường, xã", "ward"),
        AreaKind::District => pick(language, "quận, huyện", "district"),
        AreaKind::City | AreaKind::Residual | AreaKind::Reference => pick(language, "thành phố", "city"),
    }
}
