//! Search over indicators, areas, units and dashboards, with or without diacritics: "tre han" finds "trễ hạn".

use askama::Template;
use axum::extract::{OriginalUri, Query, State as Held};
use axum::http::HeaderMap;
use axum::response::Response;

use super::address;
use super::problem::PageProblem;
use super::reply::Reply;
use super::shell::Shell;
use super::view::Asked;
use crate::catalog::Catalog;
use crate::dashboard::DashboardSet;
use crate::domain::text::fold;
use crate::domain::{AreaKind, Period};
use crate::present::{Language, pick};
use crate::web::state::ApiState;

/// Hits of a kind that are listed.
const HITS_MAX: usize = 40;

/// One hit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Name.
    pub name: String,
    /// Code.
    pub code: String,
    /// Where it lies or what group it is in.
    pub context: String,
    /// Its page.
    pub url: String,
    /// Better first: whole name, beginning, word, anywhere.
    rank: u8,
}

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    s: Shell,
    words: String,
    message: String,
    indicators: Vec<Hit>,
    units: Vec<Hit>,
    dashboards: Vec<Hit>,
}

/// `/search?q=`.
pub async fn search(
    Held(state): Held<ApiState>,
    Query(asked): Query<Asked>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, PageProblem> {
    let language = asked.language();
    let at = address(&uri);
    let today = crate::domain::Vintage::from_instant(state.clock.now()).local_date().unwrap_or_default();
    let set = state.dashboards.load_full();
    let version = format!("{}-{}-{today}", state.catalog.version, set.version());
    let reply = Reply { kept: &state.kept, headers: &headers, address: &at, version };
    if let Some(ready) = reply.ready() {
        return Ok(ready);
    }
    let words = asked.words();
    let finder = Finder { catalog: &state.catalog, language, today: Period::of_date(crate::domain::Freq::M, today) };
    let (indicators, units, dashboards) =
        (finder.indicators(words), finder.units(words), finder.dashboards(&set, words));
    let mut s = Shell::new(language, pick(language, "Tìm kiếm", "Search"), "/search");
    s.q = words.to_owned();
    s.rest = url::form_urlencoded::Serializer::new(String::new()).append_pair("q", words).finish();
    let found = indicators.len() + units.len() + dashboards.len();
    let message = match (language, words.is_empty()) {
        (Language::Vi, true) => "Tìm chỉ tiêu, địa bàn, đơn vị".to_owned(),
        (Language::En, true) => "Search indicators, areas, units".to_owned(),
        (Language::Vi, false) => format!("{found} kết quả cho “{words}”"),
        (Language::En, false) => format!("{found} results for “{words}”"),
    };
    reply.write(&SearchPage { s, words: words.to_owned(), message, indicators, units, dashboards })
}

/// What is searched in.
struct Finder<'a> {
    catalog: &'a Catalog,
    language: Language,
    today: Period,
}

impl Finder<'_> {
    fn href(&self, path: String) -> String {
        match self.language {
            Language::Vi => path,
            Language::En => format!("{path}?lang=en"),
        }
    }

    fn indicators(&self, words: &str) -> Vec<Hit> {
        let hits = self.catalog.indicators.values().filter_map(|i| {
            let (name, other) = match self.language {
                Language::Vi => (&i.name_vi, &i.name_en),
                Language::En => (&i.name_en, &i.name_vi),
            };
            let group = &self.catalog.groups[&i.group];
            let group = match self.language {
                Language::Vi => &group.name_vi,
                Language::En => &group.name_en,
            };
            let rank = matches(words, name, &[&i.code, other, group, &i.definition_vi, &i.definition_en])?;
            let url = self.href(format!("/indicators/{}", i.code));
            Some(Hit { name: name.clone(), code: i.code.clone(), context: group.clone(), url, rank })
        });
        best(hits.collect())
    }

    fn dashboards(&self, set: &DashboardSet, words: &str) -> Vec<Hit> {
        let hits = set.all().iter().filter_map(|dashboard| {
            let name = dashboard.title.of(self.language).to_owned();
            let context = dashboard.description.as_ref().map(|d| d.of(self.language).to_owned()).unwrap_or_default();
            let rank = matches(words, &name, &[&dashboard.id, &dashboard.title.vi, &dashboard.title.en, &context])?;
            let url = self.href(format!("/dashboards/{}", dashboard.id));
            Some(Hit { name, code: dashboard.id.clone(), context, url, rank })
        });
        best(hits.collect())
    }

    fn units(&self, words: &str) -> Vec<Hit> {
        let day = self.today.last_day();
        let mut hits = Vec::new();
        for unit in self.catalog.org_units.iter().filter(|o| o.area.is_none() && o.is_valid_on(day)) {
            let name = match self.language {
                Language::Vi => &unit.name_vi,
                Language::En => &unit.name_en,
            };
            if let Some(rank) = matches(words, name, &[&unit.code, &unit.name_vi, &unit.name_en]) {
                let context = pick(self.language, "sở, ngành", "authority").to_owned();
                let url = self.href(format!("/units/{}", unit.code));
                hits.push(Hit { name: name.clone(), code: unit.code.clone(), context, url, rank });
            }
        }
        let tree = &self.catalog.areas;
        for (ix, area) in tree.indexed().filter(|(_, a)| a.is_valid_on(day)) {
            if matches!(area.kind, AreaKind::Reference | AreaKind::Residual) {
                continue;
            }
            if let Some(rank) = matches(words, &area.name, &[&area.code]) {
                let context = tree.parent_on(ix, day).map(|p| tree.area(p).name.clone()).unwrap_or_default();
                let url = self.href(format!("/units/{}", area.code));
                hits.push(Hit { name: area.name.clone(), code: area.code.clone(), context, url, rank });
            }
        }
        best(hits)
    }
}

fn best(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_by(|a, b| (a.rank, &a.code).cmp(&(b.rank, &b.code)));
    hits.truncate(HITS_MAX);
    hits
}

/// How well words fit a name (0 best); `None` if a word is in neither the name nor the other texts.
fn matches(words: &str, name: &str, others: &[&str]) -> Option<u8> {
    let words = fold(words);
    if words.is_empty() {
        return None;
    }
    let name = fold(name);
    if name == words || others.first().is_some_and(|code| *code == words) {
        return Some(0);
    }
    if name.starts_with(&words) {
        return Some(1);
    }
    if name.contains(&words) {
        return Some(2);
    }
    let all = |text: &str| words.split_whitespace().all(|word| text.contains(word));
    if all(&name) {
        return Some(3);
    }
    let everything = others.iter().fold(name, |text, other| format!("{text} {}", fold(other)));
    all(&everything).then_some(4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn diacritics_and_order_of_words_do_not_matter() {
        let name = "Tỷ lệ phản ánh, kiến nghị trễ hạn";
        assert_eq!(matches("tre han", name, &["1405"]), Some(2));
        assert_eq!(matches("TRỄ HẠN", name, &["1405"]), Some(2));
        assert_eq!(matches("han phan anh", name, &["1405"]), Some(3));
        assert_eq!(matches("1405", name, &["1405"]), Some(0));
        assert_eq!(matches("đúng hạn", name, &["1405"]), None);
        assert_eq!(matches("  ", name, &["1405"]), None);
    }
}
