//! All units: departments by what is off among their indicators, districts by their places in all that can be compared.

use askama::Template;
use axum::extract::{OriginalUri, Query, State as Held};
use axum::http::HeaderMap;
use axum::response::Response;

use super::problem::PageProblem;
use super::reading::{Found, Reading};
use super::reply::Reply;
use super::shell::Shell;
use super::units::{Entry, org_name, owned};
use super::view::{Asked, Pickers, View};
use super::{address, foot};
use crate::catalog::Catalog;
use crate::domain::text::sort_key;
use crate::domain::{AreaKind, Direction, Freq};
use crate::present::standing::{Rank, rank};
use crate::present::{Language, Tally, label_of, pick};
use crate::web::state::ApiState;

/// A department and the states of what it answers for.
struct Department {
    name: String,
    url: String,
    indicators: usize,
    tally: Tally,
}

/// A district and its places among all.
struct District {
    name: String,
    url: String,
    /// Indicators that can be compared; those in the best quarter, in the weakest.
    compared: usize,
    best: usize,
    weakest: usize,
    /// Widths of a bar of 100.
    bar: (usize, usize),
    /// What it is weakest in: code and name, place, page.
    last: Option<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "units.html")]
struct UnitsPage {
    s: Shell,
    p: Pickers,
    message: String,
    departments: Vec<Department>,
    districts: Vec<District>,
    wards: Vec<(String, Vec<Entry>)>,
}

/// `/units`.
pub async fn list(
    Held(state): Held<ApiState>,
    Query(asked): Query<Asked>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, PageProblem> {
    let view = View::read(&asked, &state).await?;
    let at = address(&uri);
    let reply = Reply { kept: &state.kept, headers: &headers, address: &at, version: view.served.version.clone() };
    if let Some(ready) = reply.ready() {
        return Ok(ready);
    }
    let reading = Reading { catalog: &state.catalog, cube: &view.served.cube, language: view.language };
    let mut s = Shell::new(view.language, pick(view.language, "Đơn vị, địa bàn", "Units and areas"), "/units");
    s.rest = view.query(&[("lang", "")]);
    s.foot = foot(&view);
    let districts = districts(&reading, &view);
    reply.write(&UnitsPage {
        p: Pickers::new(&view, &state.catalog, "/units", &Freq::ALL, false),
        message: message(&view, &districts),
        departments: departments(&reading, &view),
        wards: wards(&state.catalog, &view),
        districts,
        s,
    })
}

/// Where the most lies in the weakest quarter, in a sentence.
fn message(view: &View, districts: &[District]) -> String {
    let period = label_of(view.period, view.language);
    let Some(first) = districts.first().filter(|d| d.weakest > 0) else {
        return pick(view.language, "Đơn vị và địa bàn", "Units and areas").to_owned();
    };
    let (name, weakest, compared) = (&first.name, first.weakest, first.compared);
    match view.language {
        Language::Vi => {
            format!(
                "{period}: {name} đứng ở nhóm yếu nhất trong {weakest}/{compared} chỉ tiêu, nhiều nhất các quận, huyện"
            )
        }
        Language::En => format!(
            "{period}: {name} is in the weakest quarter in {weakest} of {compared} indicators, more than any other district"
        ),
    }
}

/// Departments, those with most behind first.
fn departments(reading: &Reading<'_>, view: &View) -> Vec<Department> {
    let mut list = Vec::new();
    for unit in reading.catalog.org_units.iter().filter(|o| o.is_valid_on(view.period.last_day())) {
        let own = owned(reading.catalog, unit);
        if own.is_empty() {
            continue;
        }
        let found = own.iter().filter_map(|i| reading.find(i, &view.city, view.period));
        list.push(Department {
            name: org_name(unit, view.language).to_owned(),
            url: view.url(&format!("/units/{}", unit.code), &[]),
            indicators: own.len(),
            tally: Tally::of(found.map(|f| f.judgement.state)),
        });
    }
    list.sort_by_key(|d| (std::cmp::Reverse((d.tally.off, d.tally.watch)), sort_key(&d.name)));
    list
}

/// Districts, those with most places in the weakest quarter first.
fn districts(reading: &Reading<'_>, view: &View) -> Vec<District> {
    let tree = &reading.catalog.areas;
    let all = tree.of_kind_on(AreaKind::District, view.period.last_day()).map(|ix| tree.area(ix));
    let mut list: Vec<District> = all
        .map(|area| {
            let judged = reading.catalog.indicators.values().filter(|i| i.level >= AreaKind::District);
            let judged = judged.filter(|i| i.direction != Direction::Neutral);
            let ranks: Vec<(Found<'_>, Rank)> = judged
                .filter_map(|i| reading.find(i, &area.code, view.period))
                .filter_map(|found| Some((found, rank(reading, &found, &area.code, AreaKind::District)?)))
                .collect();
            district(reading, view, (&area.code, &area.name), &ranks)
        })
        .collect();
    list.sort_by_key(|d| (std::cmp::Reverse(d.weakest), d.best, sort_key(&d.name)));
    list
}

fn district(reading: &Reading<'_>, view: &View, (code, name): (&str, &str), ranks: &[(Found<'_>, Rank)]) -> District {
    let count = |of: fn(&Rank) -> bool| ranks.iter().filter(|(_, rank)| of(rank)).count();
    let (compared, best, weakest) = (ranks.len(), count(Rank::is_best), count(Rank::is_weakest));
    let share = |n: usize| (n * 100).checked_div(compared).unwrap_or(0);
    let far = |rank: &Rank| rank.place * 1000 / rank.of.max(1);
    let last = ranks.iter().max_by_key(|(found, rank)| (far(rank), std::cmp::Reverse(&found.indicator.code)));
    District {
        name: name.to_owned(),
        url: view.url(&format!("/units/{code}"), &[]),
        compared,
        best,
        weakest,
        bar: (share(weakest), share(best)),
        last: last.filter(|(_, rank)| rank.is_weakest()).map(|(found, rank)| {
            let url = view.url(&format!("/indicators/{}", found.indicator.code), &[("area", code)]);
            (reading.name(found.indicator).to_owned(), format!("{}/{}", rank.place, rank.of), url)
        }),
    }
}

/// Wards by district; on days without districts, all wards.
fn wards(catalog: &Catalog, view: &View) -> Vec<(String, Vec<Entry>)> {
    let day = view.period.last_day();
    let tree = &catalog.areas;
    let entry = |ix| {
        let area = tree.area(ix);
        Entry { name: area.name.clone(), url: view.url(&format!("/units/{}", area.code), &[]) }
    };
    let sorted = |mut list: Vec<Entry>| {
        list.sort_by_key(|e| sort_key(&e.name));
        list
    };
    let mut districts: Vec<_> = tree.of_kind_on(AreaKind::District, day).collect();
    if districts.is_empty() {
        return vec![(String::new(), sorted(tree.of_kind_on(AreaKind::Ward, day).map(entry).collect()))];
    }
    districts.sort_by_key(|ix| sort_key(&tree.area(*ix).name));
    let below = |ix| tree.below_on(ix, AreaKind::Ward, day).iter().map(|w| entry(*w)).collect();
    districts.into_iter().map(|ix| (tree.area(ix).name.clone(), sorted(below(ix)))).collect()
}
