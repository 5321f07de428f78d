//! "Giải thích con số này": the inputs of a figure down to file and row, the pull that brought them, every earlier value.

use askama::Template;
use axum::extract::{OriginalUri, Path, Query, State as Held};
use axum::http::HeaderMap;
use axum::response::Response;

use super::indicator::{Card, card, indicator_of, view_of};
use super::problem::PageProblem;
use super::reading::{Found, Reading};
use super::reply::Reply;
use super::shell::Shell;
use super::view::{Asked, View};
use super::{address, foot};
use crate::compute::explain::{ExplainedInput, Explanation, FigureKey, PastValue};
use crate::cube::Role;
use crate::domain::text::{format_en, format_vi};
use crate::domain::{Breakdown, TOTAL};
use crate::present::{Language, exact, headline, instant, label_of, pick, status_word, unit_label};
use crate::web::state::ApiState;

/// Inputs listed at most; the API has them all.
const INPUTS_MAX: usize = 120;

/// A value the figure had.
pub struct Earlier {
    /// Since when.
    pub since: String,
    /// The value, or that there was none.
    pub value: String,
    /// Its status in words.
    pub status: String,
    /// Against the value before: sign and size.
    pub revision: String,
}

/// One reported value behind the figure.
struct Input {
    measure: String,
    role: &'static str,
    area: String,
    part: String,
    period: String,
    value: String,
    status: &'static str,
    known: String,
    source: String,
    feed: String,
    run: String,
    others: usize,
}

#[derive(Template)]
#[template(path = "explain.html")]
struct ExplainPage {
    s: Shell,
    code: String,
    name: String,
    back: String,
    message: String,
    made: String,
    inputs: Vec<Input>,
    more: usize,
    earlier: Vec<Earlier>,
    card: Card,
    api: String,
}

async fn explained(state: &ApiState, view: &View, found: &Found<'_>) -> Result<Option<Explanation>, PageProblem> {
    let as_of = view.as_of.as_deref().and_then(|text| text.parse().ok());
    let key = FigureKey {
        indicator: found.indicator.code.clone(),
        area: found.cell.area.to_string(),
        org: TOTAL.to_owned(),
        breakdown: Breakdown::TOTAL,
        period: found.cell.period,
        as_of,
    };
    state.engine.explain(&key, &state.scope).await.map_err(|e| PageProblem::failed(view.language, &e))
}

/// Every value a figure had, newest first.
pub async fn earlier(state: &ApiState, view: &View, found: &Found<'_>) -> Result<Vec<Earlier>, PageProblem> {
    let explanation = explained(state, view, found).await?;
    Ok(explanation.map_or_else(Vec::new, |e| history(&e.history, found, view.language)))
}

fn history(history: &[PastValue], found: &Found<'_>, language: Language) -> Vec<Earlier> {
    let mut before: Option<f64> = None;
    let mut list = Vec::new();
    for past in history {
        let value = past.cell.as_ref().map(|c| c.value);
        let decimals = usize::from(found.indicator.decimals);
        let revision = match (before, value) {
            (Some(before), Some(value)) if before != value => {
                crate::present::signed(value - before, decimals, language)
            }
            _ => String::new(),
        };
        list.push(Earlier {
            since: instant(past.since, language),
            value: value.map_or_else(
                || pick(language, "không còn tính được", "could no longer be computed").to_owned(),
                |v| exact(v, found.indicator, found.unit, language).to_string(),
            ),
            status: past.cell.as_ref().map_or_else(String::new, |c| {
                let mut words = vec![status_word(c.status, language).to_owned()];
                words.extend(crate::present::coverage_words(c, language));
                words.join(", ")
            }),
            revision,
        });
        before = value;
    }
    list.reverse();
    list
}

/// `/indicators/{code}/explain`.
pub async fn explain(
    Held(state): Held<ApiState>,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, PageProblem> {
    let catalog = std::sync::Arc::clone(&state.catalog);
    let indicator = indicator_of(&catalog, asked.language(), &code)?;
    let view = view_of(&asked, &state, indicator).await?;
    let at = address(&uri);
    let reply = Reply { kept: &state.kept, headers: &headers, address: &at, version: view.served.version.clone() };
    if let Some(ready) = reply.ready() {
        return Ok(ready);
    }
    let reading = Reading { catalog: &catalog, cube: &view.served.cube, language: view.language };
    let absent = || {
        let what = pick(view.language, "số liệu của kỳ", "figure for");
        PageProblem::unknown(view.language, what, &label_of(view.period, view.language), Vec::new())
    };
    let found = reading.find(indicator, &view.area, view.period).ok_or_else(absent)?;
    let explanation = explained(&state, &view, &found).await?.ok_or_else(absent)?;
    reply.write(&page(&state, &view, &reading, &found, &explanation))
}

fn page(
    state: &ApiState,
    view: &View,
    reading: &Reading<'_>,
    found: &Found<'_>,
    explanation: &Explanation,
) -> ExplainPage {
    let language = view.language;
    let code = &found.indicator.code;
    let path = format!("/indicators/{code}/explain");
    let title = pick(language, "Giải thích con số", "Explain the figure");
    let mut s = Shell::new(language, title, &path);
    s.rest = view.query(&[("lang", "")]);
    s.foot = foot(view);
    let period = found.cell.period.to_string();
    let inputs: Vec<Input> = explanation.inputs.iter().take(INPUTS_MAX).map(|i| input(reading, i)).collect();
    ExplainPage {
        name: reading.name(found.indicator).to_owned(),
        back: view.url(&format!("/indicators/{code}"), &[("period", &period)]),
        message: headline(found.indicator, found.unit, found.cell, view.place(), language),
        made: made(found, explanation, language),
        more: explanation.inputs.len().saturating_sub(INPUTS_MAX),
        inputs,
        earlier: history(&explanation.history, found, language),
        card: card(state, found.indicator, language),
        api: format!("/api/v1/figures/{code}/{}/{period}", found.cell.area),
        code: code.clone(),
        s,
    }
}

/// How the figure came about, in one sentence.
fn made(found: &Found<'_>, explanation: &Explanation, language: Language) -> String {
    let exact = exact(found.cell.value, found.indicator, found.unit, language);
    let inputs = explanation.inputs.len();
    let files: std::collections::BTreeSet<&str> = explanation
        .inputs
        .iter()
        .filter_map(|i| i.vintages.first())
        .map(|row| row.observation.source_ref.split(['!', '#']).next().unwrap_or_default())
        .collect();
    let parts = match (found.cell.numerator, found.cell.denominator) {
        (Some(n), Some(d)) => {
            let said = |v: f64| match language {
                Language::Vi => format_vi(v, 2),
                Language::En => format_en(v, 2),
            };
            match language {
                Language::Vi => format!(" Tử số {}, mẫu số {}.", said(n), said(d)),
                Language::En => format!(" Numerator {}, denominator {}.", said(n), said(d)),
            }
        }
        _ => String::new(),
    };
    match language {
        Language::Vi => format!(
            "Giá trị chính xác {exact}, tính từ {inputs} số liệu báo cáo trong {} tệp nguồn.{parts}",
            files.len()
        ),
        Language::En => {
            format!("Exactly {exact}, from {inputs} reported values in {} source files.{parts}", files.len())
        }
    }
}

fn role_word(role: Role, language: Language) -> &'static str {
    match role {
        Role::Value => pick(language, "giá trị", "value"),
        Role::Numerator => pick(language, "tử số", "numerator"),
        Role::Denominator => pick(language, "mẫu số", "denominator"),
        Role::Weight => pick(language, "quyền số", "weight"),
        Role::Link => pick(language, "mắt xích", "link"),
    }
}

fn input(reading: &Reading<'_>, explained: &ExplainedInput) -> Input {
    let (language, catalog) = (reading.language, reading.catalog);
    let used = &explained.used;
    let measure = catalog.measures.get(&used.measure);
    let name = measure.map_or(used.measure.as_str(), |m| match language {
        Language::Vi => m.name_vi.as_str(),
        Language::En => m.name_en.as_str(),
    });
    let unit = measure.and_then(|m| catalog.units.get(&m.unit)).map(|u| unit_label(u, language)).unwrap_or_default();
    let number = match language {
        Language::Vi => format_vi(used.value, decimals(used.value)),
        Language::En => format_en(used.value, decimals(used.value)),
    };
    let area = catalog.areas.at(&used.area, used.period);
    let counting = explained.vintages.first();
    let row = counting.map(|r| r.observation.source_ref.clone()).unwrap_or_default();
    Input {
        measure: name.to_owned(),
        role: role_word(used.role, language),
        area: area.map_or_else(|| used.area.to_string(), |ix| catalog.areas.area(ix).name.clone()),
        part: if used.breakdown.is_total() { String::new() } else { used.breakdown.to_string() },
        period: label_of(used.period, language),
        value: format!("{number}\u{a0}{unit}"),
        status: status_word(used.status, language),
        known: instant(used.vintage, language),
        source: row,
        feed: counting.map(|r| r.feed.to_string()).unwrap_or_default(),
        run: explained.run.as_ref().map(|run| instant(run.finished_at, language)).unwrap_or_default(),
        others: explained.vintages.len().saturating_sub(1),
    }
}

/// As many decimals as a reported value has, up to four.
fn decimals(value: f64) -> usize {
    (0..4).find(|d| ((value * 10f64.powi(*d)).round() - value * 10f64.powi(*d)).abs() < 1e-6).unwrap_or(4) as usize
}
