//! Which state of a page is asked for: language, period, area, as-of. Every state is an address, and nothing else is
//! remembered.

use std::sync::Arc;

use serde::Deserialize;

use super::extent::Extent;
use super::problem::PageProblem;
use crate::catalog::Catalog;
use crate::compute::Served;
use crate::domain::{AreaKind, Freq, Period, Vintage};
use crate::present::{Language, pick};
use crate::web::state::ApiState;

/// The query of a page as it comes in; an empty value counts as absent.
#[derive(Debug, Clone, Deserialize, Default)]
pub struct Asked {
    /// `vi` (default) or `en`.
    pub lang: Option<String>,
    /// `M`, `Q`, `A`.
    pub freq: Option<String>,
    /// `2022-05`, `2022-Q2`, `2022`.
    pub period: Option<String>,
    /// Area code.
    pub area: Option<String>,
    /// A day.
    pub as_of: Option<String>,
    /// Words to search for.
    pub q: Option<String>,
}

fn given(text: &Option<String>) -> Option<&str> {
    text.as_deref().map(str::trim).filter(|t| !t.is_empty())
}

impl Asked {
    /// The language asked for.
    pub fn language(&self) -> Language {
        match given(&self.lang) {
            Some("en") => Language::En,
            _ => Language::Vi,
        }
    }

    /// The words searched for.
    pub fn words(&self) -> &str {
        given(&self.q).unwrap_or_default()
    }

    /// The instant the figures are wanted as of.
    fn as_of(&self) -> Result<Option<Vintage>, PageProblem> {
        let Some(text) = given(&self.as_of) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| PageProblem::unreadable(self.language(), "as_of", text, "2022-05-25"))
    }
}

/// A state of a page, read and checked.
#[derive(Debug, Clone)]
pub struct View {
    /// Language.
    pub language: Language,
    /// The period shown.
    pub period: Period,
    /// Whether the address names it; otherwise it is the newest.
    pub period_given: bool,
    /// Newest period with figures at this frequency.
    pub newest: Period,
    /// Area code.
    pub area: String,
    /// Area name at that period.
    pub area_name: String,
    /// Level of the area.
    pub area_kind: AreaKind,
    /// The whole city's code.
    pub city: String,
    /// The day the figures are as of, as asked.
    pub as_of: Option<String>,
    /// The figures.
    pub served: Arc<Served>,
    /// How far they reach.
    pub extent: Arc<Extent>,
}

impl View {
    /// Reads what is asked; the default is the newest month of the whole city as known now.
    pub async fn read(asked: &Asked, state: &ApiState) -> Result<Self, PageProblem> {
        let language = asked.language();
        let as_of = asked.as_of()?;
        let served = state.engine.served_as_of(as_of).await.map_err(|e| PageProblem::failed(language, &e))?;
        if served.cube.cell_count() == 0 {
            return Err(PageProblem::empty(language));
        }
        let catalog = &state.catalog;
        let extent = state.kept.extents.of(catalog, &served);
        let (period, newest) = period_of(asked, &extent)?;
        let code = given(&asked.area).unwrap_or(&catalog.city).to_owned();
        let Some(ix) = catalog.areas.at(&code, period) else {
            return Err(PageProblem::unknown(
                language,
                pick(language, "địa bàn", "area"),
                &code,
                areas_like(catalog, period, &code),
            ));
        };
        if !state.scope.allows_area(&code) {
            return Err(PageProblem::forbidden(language, &code));
        }
        let area = catalog.areas.area(ix);
        Ok(Self {
            language,
            period,
            period_given: given(&asked.period).is_some(),
            newest,
            area: code,
            area_name: area.name.clone(),
            area_kind: area.kind,
            city: catalog.city.clone(),
            as_of: given(&asked.as_of).map(str::to_owned),
            served,
            extent,
        })
    }

    /// Whether the whole city is shown.
    pub fn is_city(&self) -> bool {
        self.area == self.city
    }

    /// The name of the area inside a sentence; empty for the whole city.
    pub fn place(&self) -> &str {
        if self.is_city() { "" } else { &self.area_name }
    }

    /// The query of this state with some parts changed; an empty value leaves a part out.
    pub fn query(&self, changes: &[(&str, &str)]) -> String {
        let period = if self.period_given { self.period.to_string() } else { String::new() };
        let area = if self.is_city() { "" } else { &self.area };
        let mut parts = vec![
            ("period", period),
            ("area", area.to_owned()),
            ("as_of", self.as_of.clone().unwrap_or_default()),
            ("lang", if self.language == Language::En { "en".to_owned() } else { String::new() }),
        ];
        for (name, value) in changes {
            match parts.iter_mut().find(|(n, _)| n == name) {
                Some(part) => part.1 = (*value).to_owned(),
                None => parts.push((name, (*value).to_owned())),
            }
        }
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in parts.iter().filter(|(_, value)| !value.is_empty()) {
            query.append_pair(name, value);
        }
        query.finish()
    }

    /// An address in this state with some parts changed.
    pub fn url(&self, path: &str, changes: &[(&str, &str)]) -> String {
        let query = self.query(changes);
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }
}

/// The period asked for, and the newest one of its frequency. A period of another frequency than asked is carried over:
/// May 2022 by quarter is quarter II.
fn period_of(asked: &Asked, extent: &Extent) -> Result<(Period, Period), PageProblem> {
    let language = asked.language();
    let period: Option<Period> = match given(&asked.period) {
        None => None,
        Some(text) => Some(
            text.parse().map_err(|_| PageProblem::unreadable(language, "period", text, "2022-05, 2022-Q2, 2022"))?,
        ),
    };
    let freq: Option<Freq> = match given(&asked.freq) {
        None => None,
        Some(text) => Some(text.parse().map_err(|_| PageProblem::unreadable(language, "freq", text, "M, Q, A"))?),
    };
    let freq = freq.or(period.map(Period::freq)).unwrap_or(Freq::M);
    let newest = extent.newest(freq);
    let carried = period.map(|p| match p.to_freq(freq) {
        Some(longer) => longer,
        None => {
            p.children(freq).filter(|c| *c <= newest).last().unwrap_or_else(|| p.children(freq).last().unwrap_or(p))
        }
    });
    Ok((carried.unwrap_or(newest), newest))
}

/// Areas of the time whose name or code is like what was asked, as links.
pub fn areas_like(catalog: &Catalog, period: Period, asked: &str) -> Vec<(String, String)> {
    let folded = crate::domain::text::fold(asked);
    let day = period.last_day();
    let mut found: Vec<(usize, String, String)> = Vec::new();
    for (_, area) in catalog.areas.indexed().filter(|(_, a)| a.is_valid_on(day)) {
        let name = crate::domain::text::fold(&area.name);
        let far = strsim::damerau_levenshtein(&name, &folded).min(strsim::damerau_levenshtein(&area.code, asked));
        let far = if name.contains(&folded) { 0 } else { far };
        if far <= 2 && !matches!(area.kind, AreaKind::Reference | AreaKind::Residual) {
            found.push((far, area.name.clone(), area.code.clone()));
        }
    }
    found.sort();
    found.truncate(6);
    found.into_iter().map(|(_, name, code)| (format!("{name} ({code})"), format!("/units/{code}"))).collect()
}

/// One way to choose: a label and where it leads, `None` for what cannot be chosen.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Words.
    pub label: &'static str,
    /// Where it leads.
    pub url: Option<String>,
    /// Whether it is chosen now.
    pub current: bool,
}

/// The bar of pickers: period, area, as-of.
#[derive(Debug, Clone)]
pub struct Pickers {
    /// Path of the page.
    pub path: String,
    /// Month, quarter, year.
    pub freqs: Vec<Choice>,
    /// The period before.
    pub previous: String,
    /// The period after, unless there is none yet.
    pub next: Option<String>,
    /// The period in words.
    pub label: String,
    /// The period, for the form; empty when it is the newest anyway.
    pub period: String,
    /// Areas to choose from: code, name, whether chosen. Empty where a page is about one area.
    pub areas: Vec<(String, String, bool)>,
    /// The day the figures are as of.
    pub as_of: String,
    /// Language tag, unless it is the default.
    pub lang: &'static str,
    /// Words of the labels.
    pub language: Language,
}

impl Pickers {
    /// The pickers of a page at `path`; `freqs` are those that can be chosen.
    pub fn new(view: &View, catalog: &Catalog, path: &str, freqs: &[Freq], with_areas: bool) -> Self {
        let language = view.language;
        let choice = |freq: Freq| {
            let label = match freq {
                Freq::M => pick(language, "Tháng", "Month"),
                Freq::Q => pick(language, "Quý", "Quarter"),
                Freq::A => pick(language, "Năm", "Year"),
            };
            let current = freq == view.period.freq();
            let change = [("freq", freq.as_str())];
            let url = freqs.contains(&freq).then(|| view.url(path, &change));
            Choice { label, url, current }
        };
        let to = |period: Period| view.url(path, &[("period", &period.to_string())]);
        Self {
            path: path.to_owned(),
            freqs: Freq::ALL.into_iter().map(choice).collect(),
            previous: to(view.period.offset(-1)),
            next: (view.period < view.newest).then(|| to(view.period.offset(1))),
            label: crate::present::label_of(view.period, language),
            period: if view.period_given || view.period.freq() != Freq::M {
                view.period.to_string()
            } else {
                String::new()
            },
            areas: if with_areas { area_choices(view, catalog) } else { Vec::new() },
            as_of: view.as_of.clone().unwrap_or_default(),
            lang: if language == Language::En { "en" } else { "" },
            language,
        }
    }

    /// For a page whose path names the area: its links leave the area out.
    pub fn without_area(&mut self) {
        let strip = |url: &mut String| {
            let Some((path, query)) = url.split_once('?') else { return };
            let kept: Vec<&str> = query.split('&').filter(|part| !part.starts_with("area=")).collect();
            *url = if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) };
        };
        strip(&mut self.previous);
        self.next.iter_mut().for_each(strip);
        self.freqs.iter_mut().filter_map(|f| f.url.as_mut()).for_each(strip);
    }

    /// One of two wordings.
    pub fn t(&self, vi: &'static str, en: &'static str) -> &'static str {
        pick(self.language, vi, en)
    }
}

fn area_choices(view: &View, catalog: &Catalog) -> Vec<(String, String, bool)> {
    let day = view.period.last_day();
    let named = |code: &str, name: &str| (code.to_owned(), name.to_owned(), code == view.area);
    let whole = pick(view.language, "Toàn thành phố", "Whole city");
    let mut choices = vec![(String::new(), whole.to_owned(), view.is_city())];
    let mut kind = AreaKind::District;
    if catalog.areas.of_kind_on(kind, day).next().is_none() {
        kind = AreaKind::Ward;
    }
    let mut below: Vec<_> = catalog.areas.of_kind_on(kind, day).map(|ix| catalog.areas.area(ix)).collect();
    below.sort_by_key(|a| crate::domain::text::sort_key(&a.name));
    choices.extend(below.iter().map(|a| named(&a.code, &a.name)));
    if !choices.iter().any(|(_, _, chosen)| *chosen) {
        choices.push(named(&view.area, &view.area_name));
    }
    choices
}
