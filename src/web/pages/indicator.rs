//! An indicator: its message, its variants, its course, its areas and parts, every earlier value, its card.

use askama::Template;
use axum::extract::{OriginalUri, Path, Query, State as Held};
use axum::http::HeaderMap;
use axum::response::Response;

use super::areas::{Areas, areas};
use super::explain::{Earlier, earlier};
use super::indicator_charts::{Course, course};
use super::problem::{PageProblem, nearest_indicators};
use super::reading::{Found, Glance, Reading, freq_for};
use super::reply::Reply;
use super::shell::Shell;
use super::view::{Asked, Pickers, View};
use super::{address, foot};
use crate::chart::Size;
use crate::cube::Cell;
use crate::domain::{Freq, Indicator, TOTAL};
use crate::present::{
    Change, Language, change_sentence, exact, headline, label_of, pick, plan_words, short, source_word, unit_label,
};
use crate::web::state::ApiState;

/// One variant: a label, its value, and what it means for the figure.
struct Variant {
    label: String,
    value: String,
    change: Option<(&'static str, &'static str, String)>,
}

/// One dimension with its members.
struct Part {
    label: String,
    rows: Vec<PartRow>,
    more: usize,
}

struct PartRow {
    label: String,
    shown: String,
    /// Share of the largest member, 0 to 100, for the bar behind the figure.
    share: u32,
    change: Option<(&'static str, &'static str, String)>,
}

/// What an indicator means and how it is made.
pub struct Card {
    /// Label and text of each line.
    pub lines: Vec<(&'static str, String)>,
    /// The formula as declared.
    pub formula: String,
}

/// What is shown when there is a figure.
struct Body {
    glance: Glance,
    variants: Vec<Variant>,
    course: Course,
    /// The figure's change and plan in one sentence.
    caption: String,
    areas: Option<Areas>,
    parts: Vec<Part>,
    earlier: Vec<Earlier>,
    explain_url: String,
}

#[derive(Template)]
#[template(path = "indicator.html")]
struct IndicatorPage {
    s: Shell,
    p: Pickers,
    code: String,
    name: String,
    group: (String, String),
    message: String,
    sub: String,
    body: Option<Body>,
    card: Card,
    downloads: Vec<(&'static str, String)>,
}

/// `/indicators/{code}`.
pub async fn indicator(
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
    let found = reading.find(indicator, &view.area, view.period);
    let history = match &found {
        Some(found) => earlier(&state, &view, found).await?,
        None => Vec::new(),
    };
    reply.write(&page(&state, &view, &reading, indicator, found, history))
}

/// The indicator of a code, or the page that names the nearest.
pub fn indicator_of<'c>(
    catalog: &'c crate::catalog::Catalog,
    language: Language,
    code: &str,
) -> Result<&'c Indicator, PageProblem> {
    catalog.indicators.get(code).ok_or_else(|| {
        let near = nearest_indicators(catalog, language, code);
        PageProblem::unknown(language, pick(language, "chỉ tiêu", "indicator"), code, near)
    })
}

/// The view of a page about one indicator: at a frequency it has, by default at its own newest period.
pub async fn view_of(asked: &Asked, state: &ApiState, indicator: &Indicator) -> Result<View, PageProblem> {
    let mut view = View::read(asked, state).await?;
    let freq = freq_for(indicator, view.period.freq()).unwrap_or(indicator.freq);
    let reading = Reading { catalog: &state.catalog, cube: &view.served.cube, language: view.language };
    let newest = reading.series(indicator, &view.area, freq).last().map(|c| c.period);
    let wanted = view.period.to_freq(freq);
    let newest = newest.or(wanted).unwrap_or(view.newest);
    view.period = if view.period_given { wanted.unwrap_or(newest) } else { newest };
    view.newest = newest;
    Ok(view)
}

fn page<'a>(
    state: &ApiState,
    view: &View,
    reading: &Reading<'a>,
    indicator: &'a Indicator,
    found: Option<Found<'a>>,
    history: Vec<Earlier>,
) -> IndicatorPage {
    let language = view.language;
    let path = format!("/indicators/{}", indicator.code);
    let name = reading.name(indicator).to_owned();
    let group = &state.catalog.groups[&indicator.group];
    let group_name = match language {
        Language::Vi => &group.name_vi,
        Language::En => &group.name_en,
    };
    let freqs: Vec<Freq> = indicator.freqs().collect();
    let mut s = Shell::new(language, &name, &path);
    s.rest = view.query(&[("lang", "")]);
    s.foot = foot(view);
    let message = match &found {
        Some(f) => headline(indicator, f.unit, f.cell, view.place(), language),
        None => format!(
            "{name}: {}",
            pick(language, "chưa có số liệu cho kỳ và địa bàn này", "no figure for this period and area")
        ),
    };
    let with_areas = indicator.level > crate::domain::AreaKind::City;
    IndicatorPage {
        p: Pickers::new(view, &state.catalog, &path, &freqs, with_areas),
        code: indicator.code.clone(),
        group: (format!("{} {group_name}", group.code), view.url(&format!("/groups/{}", group.code), &[])),
        message,
        sub: sub(reading, view, indicator, found.as_ref()),
        body: found.map(|f| body(reading, view, &f, history)),
        card: card(state, indicator, language),
        downloads: downloads(view, indicator),
        name,
        s,
    }
}

fn sub(reading: &Reading<'_>, view: &View, indicator: &Indicator, found: Option<&Found<'_>>) -> String {
    let unit = unit_label(reading.catalog.unit_of(indicator), view.language);
    let plan = found.and_then(|f| plan_words(indicator, f.unit, &f.judgement, view.language));
    let place = if view.is_city() { pick(view.language, "Toàn thành phố", "Whole city") } else { &view.area_name };
    let head = format!("{} · {unit} · {place}", indicator.code);
    match plan {
        Some(plan) => format!("{head} · {plan}"),
        None => head,
    }
}

fn body<'a>(reading: &Reading<'a>, view: &View, found: &Found<'a>, earlier: Vec<Earlier>) -> Body {
    let path = format!("/indicators/{}/explain", found.indicator.code);
    let period = found.cell.period.to_string();
    Body {
        glance: reading.glance(found, Size::SPARKLINE),
        variants: variants(reading, found),
        course: course(reading, found, view),
        caption: caption(reading, found),
        areas: areas(reading, found, view),
        parts: parts(reading, found, view),
        earlier,
        explain_url: view.url(&path, &[("period", &period)]),
    }
}

/// "Tháng 5/2022 tăng 9,0 % so với cùng kỳ; 54,3 % kế hoạch năm, mức cần đến nay 41,7 %."
fn caption(reading: &Reading<'_>, found: &Found<'_>) -> String {
    let (cell, language) = (found.cell, reading.language);
    let change = cell.yoy_value.and_then(|b| Change::of(cell.value, b, found.indicator, found.unit, language));
    let change = change.map(|c| change_sentence(cell, &c, language));
    let plan = plan_words(found.indicator, found.unit, &found.judgement, language);
    let parts: Vec<String> = change.into_iter().chain(plan).collect();
    if parts.is_empty() { String::new() } else { format!("{}.", parts.join("; ")) }
}

fn change(
    reading: &Reading<'_>,
    found: &Found<'_>,
    value: f64,
    base: f64,
) -> Option<(&'static str, &'static str, String)> {
    let change = Change::of(value, base, found.indicator, found.unit, reading.language)?;
    Some((change.verdict.class(), change.arrow(), change.text(reading.language)))
}

fn variants(reading: &Reading<'_>, found: &Found<'_>) -> Vec<Variant> {
    let (cell, language) = (found.cell, reading.language);
    let said = |value: f64| short(value, found.indicator.decimals, found.unit, language).to_string();
    let mut list = Vec::new();
    let mut add = |label: &str, value: Option<f64>, against: Option<(f64, f64)>| {
        if let Some(value) = value {
            let change = against.and_then(|(value, base)| change(reading, found, value, base));
            list.push(Variant { label: label.to_owned(), value: said(value), change });
        }
    };
    let versus = |base: Option<f64>| base.map(|base| (cell.value, base));
    add(pick(language, "Kỳ trước", "Previous period"), cell.prev_value, versus(cell.prev_value));
    add(pick(language, "Cùng kỳ năm trước", "Same period last year"), cell.yoy_value, versus(cell.yoy_value));
    // A rate's year to date is the rate itself; a year's is the year.
    if cell.period.freq() != Freq::A {
        let so_far = cell.ytd_value.zip(cell.ytd_yoy_value);
        add(pick(language, "Luỹ kế từ đầu năm", "Year to date"), cell.ytd_value, so_far);
    }
    add(pick(language, "Tháng 12 năm trước", "December last year"), cell.dec_value, versus(cell.dec_value));
    if let Some(plan) = found.judgement.plan {
        let label = pick(language, "Kế hoạch năm", "Year's plan").to_owned();
        list.push(Variant { label, value: said(plan), change: None });
    }
    list
}

/// How many members of a dimension are listed.
const MEMBERS_MAX: usize = 12;

fn parts(reading: &Reading<'_>, found: &Found<'_>, view: &View) -> Vec<Part> {
    let Some(block) = reading.cube.block(&found.indicator.code) else { return Vec::new() };
    let language = view.language;
    let period = found.cell.period;
    let mut parts = Vec::new();
    for code in &found.indicator.dimensions {
        let Some(dimension) = reading.catalog.dimensions.get(code) else { continue };
        let mut members: Vec<(&str, &Cell)> = block
            .of_area(&found.cell.area)
            .iter()
            .filter(|s| s.breakdown.dimension() == Some(code) && &*s.org == TOTAL)
            .filter_map(|s| {
                Some((s.breakdown.member_code()?, s.of(period.freq()).iter().find(|c| c.period == period)?))
            })
            .collect();
        if members.is_empty() {
            continue;
        }
        members.sort_by(|a, b| b.1.value.total_cmp(&a.1.value).then_with(|| a.0.cmp(b.0)));
        let largest = members[0].1.value.abs().max(f64::MIN_POSITIVE);
        let row = |(member, cell): &(&str, &Cell)| PartRow {
            label: dimension.members.get(*member).map_or((*member).to_owned(), |m| match language {
                Language::Vi => m.label_vi.clone(),
                Language::En => m.label_en.clone(),
            }),
            shown: exact(cell.value, found.indicator, found.unit, language).number,
            share: (cell.value.max(0.0) / largest * 100.0).round().clamp(0.0, 100.0) as u32,
            change: cell.yoy_value.and_then(|base| change(reading, found, cell.value, base)),
        };
        parts.push(Part {
            label: match language {
                Language::Vi => dimension.label_vi.clone(),
                Language::En => dimension.label_en.clone(),
            },
            more: members.len().saturating_sub(MEMBERS_MAX),
            rows: members.iter().take(MEMBERS_MAX).map(row).collect(),
        });
    }
    parts
}

/// The card of an indicator.
pub fn card(state: &ApiState, indicator: &Indicator, language: Language) -> Card {
    let owner = state.catalog.owner_of(indicator).map_or_else(
        || indicator.owner.clone(),
        |o| match language {
            Language::Vi => o.name_vi.clone(),
            Language::En => o.name_en.clone(),
        },
    );
    let measures: Vec<String> = state.catalog.formulas[&indicator.code]
        .measures()
        .map(|code| {
            let measure = &state.catalog.measures[code];
            let name = match language {
                Language::Vi => &measure.name_vi,
                Language::En => &measure.name_en,
            };
            format!("{code}: {name}")
        })
        .collect();
    let freqs: Vec<&str> = indicator
        .freqs()
        .map(|f| match f {
            Freq::M => pick(language, "tháng", "month"),
            Freq::Q => pick(language, "quý", "quarter"),
            Freq::A => pick(language, "năm", "year"),
        })
        .collect();
    let (definition, method) = match language {
        Language::Vi => (&indicator.definition_vi, &indicator.method_vi),
        Language::En => (&indicator.definition_en, &indicator.method_en),
    };
    let mut lines = vec![
        (pick(language, "Định nghĩa", "Definition"), definition.clone()),
        (pick(language, "Số đo", "Measures"), measures.join("; ")),
        (pick(language, "Kỳ công bố", "Published by"), freqs.join(", ")),
        (pick(language, "Nguồn", "Source"), format!("{} · {owner}", source_word(indicator.source, language))),
        (pick(language, "Cơ sở pháp lý", "Legal basis"), indicator.legal_basis.clone()),
    ];
    if let Some(method) = method {
        lines.insert(1, (pick(language, "Phương pháp", "Method"), method.clone()));
    }
    if let Some(example) = state.catalog.examples.get(&indicator.code) {
        let written = |value: f64| match language {
            Language::Vi => crate::domain::text::format_vi(value, 2),
            Language::En => crate::domain::text::format_en(value, 2),
        };
        let inputs: Vec<String> =
            example.inputs.iter().map(|i| format!("{}@{} = {}", i.measure, i.period, written(i.value))).collect();
        let unit = state.catalog.unit_of(indicator);
        let result = exact(example.expect, indicator, unit, language);
        let period = label_of(example.period, language);
        lines.push((
            pick(language, "Ví dụ tính", "Worked example"),
            format!("{period}: {} → {result}", inputs.join("; ")),
        ));
    }
    Card { lines, formula: indicator.formula_text.clone() }
}

fn downloads(view: &View, indicator: &Indicator) -> Vec<(&'static str, String)> {
    let area = if view.is_city() { String::new() } else { format!("&area={}", view.area) };
    let as_of = view.as_of.as_ref().map(|day| format!("&as_of={day}")).unwrap_or_default();
    let base = format!("/api/v1/indicators/{}/series?freq={}{area}{as_of}", indicator.code, view.period.freq());
    let formats = [
        ("XLSX", "xlsx"),
        ("CSV", "csv"),
        ("JSON-stat", "json-stat"),
        ("SDMX-CSV", "sdmx-csv"),
        ("Parquet", "parquet"),
    ];
    formats.iter().map(|(label, format)| (*label, format!("{base}&format={format}"))).collect()
}
