//! The question of a page about cases: read from its address, checked, and written back into the addresses it links to.

use std::sync::Arc;

use axum::http::HeaderMap;
use serde::Deserialize;

use crate::cases::views::{Axis, FilterKind, Lens, QuestionError};
use crate::catalog::Catalog;
use crate::compute::ask_cases::CasesAsked;
use crate::domain::AreaKind;
use crate::domain::text::fold;
use crate::gallery::{self, GalleryError, Names, Words};
use crate::present::{Language, instant, pick};
use crate::web::api::cases::{CaseParams, WrongParameter};
use crate::web::pages::problem::PageProblem;
use crate::web::pages::reply::Reply;
use crate::web::state::ApiState;

/// What of a page is shown, besides the question.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Look {
    /// `vi` (default) or `en`.
    pub lang: Option<String>,
    /// Rows of the heatmap.
    pub rows: Option<String>,
    /// Its columns.
    pub columns: Option<String>,
    /// Units of a ranking.
    pub by: Option<String>,
    /// Cases of a list.
    pub which: Option<String>,
    /// Order of a list.
    pub order: Option<String>,
    /// Page of a list, from 1.
    pub page: Option<String>,
    /// Working hours to the deadline, for what falls due soon.
    pub within_hours: Option<String>,
}

impl Look {
    /// The language asked for.
    pub fn language(&self) -> Language {
        if given(&self.lang) == Some("en") { Language::En } else { Language::Vi }
    }
}

/// A parameter that is there and not empty.
pub fn given(text: &Option<String>) -> Option<&str> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

/// The question of a page with the cases it is put to.
#[derive(Debug, Clone)]
pub struct CaseView {
    /// Language.
    pub language: Language,
    /// The question as written.
    pub params: CaseParams,
    /// The question as asked.
    pub asked: CasesAsked,
    /// Names, areas, calendar.
    pub catalog: Arc<Catalog>,
}

impl CaseView {
    /// Reads a question; codes that no case has are named with those nearest to them.
    pub async fn read(params: CaseParams, look: &Look, state: &ApiState) -> Result<Self, PageProblem> {
        let language = look.language();
        let query = params.query().map_err(|wrong| unreadable(language, &wrong))?;
        if let Some(closed) = query.filter.areas.iter().find(|code| !state.scope.allows_area(code)) {
            return Err(PageProblem::forbidden(language, closed));
        }
        let asked = state.engine.ask_cases(&query).await.map_err(|e| PageProblem::failed(language, &e))?;
        if asked.cases.book.is_empty() {
            return Err(PageProblem::empty(language));
        }
        let view = Self { language, params, asked, catalog: Arc::clone(&state.catalog) };
        view.lens()?;
        Ok(view)
    }

    /// The question with its codes looked up.
    pub fn lens(&self) -> Result<Lens<'_>, PageProblem> {
        self.asked.lens(&self.catalog.areas).map_err(|e| self.question_problem(&e))
    }

    /// The question as charts take it.
    pub fn charted(&self) -> gallery::Asked<'_> {
        gallery::Asked {
            catalog: &self.catalog,
            book: &self.asked.cases.book,
            question: self.asked.question.clone(),
            is_begun: given(&self.params.from).is_some(),
            version: &self.asked.version,
            language: self.language,
        }
    }

    /// Numbers and windows in words.
    pub fn words(&self) -> Words {
        Words(self.language)
    }

    /// Names as they were at the end of the window.
    pub fn names(&self) -> Names<'_> {
        let end = self.asked.question.to.min(self.asked.question.cut.second());
        Names::at(&self.catalog, self.language, end.saturating_sub(1))
    }

    /// One of two wordings.
    pub fn t(&self, vi: &'static str, en: &'static str) -> &'static str {
        pick(self.language, vi, en)
    }

    /// The one area asked for.
    pub fn area(&self) -> Option<&str> {
        match self.asked.question.filter.areas.as_slice() {
            [one] if *one != self.catalog.city => Some(one),
            _ => None,
        }
    }

    /// The level of the one area asked for, as it was at the end of the window or last was.
    pub fn area_kind(&self) -> Option<AreaKind> {
        let spans = self.catalog.areas.spans(self.area()?);
        spans.last().map(|ix| self.catalog.areas.area(*ix).kind)
    }

    /// The units that rows are unless it is said: districts, within one its wards.
    pub fn usual_rows(&self, lens: &Lens<'_>) -> Axis {
        match self.area_kind() {
            Some(AreaKind::District | AreaKind::Ward) => Axis::Ward,
            _ => gallery::usual_units(lens),
        }
    }

    /// Whether the page shows the present, so that what comes in changes it.
    pub fn is_live(&self) -> bool {
        given(&self.params.as_of).is_none() && given(&self.params.to).is_none()
    }

    /// Where it is said that something came in; empty for a page about the past.
    pub fn live_url(&self) -> String {
        if !self.is_live() {
            return String::new();
        }
        let since: String = url::form_urlencoded::byte_serialize(self.asked.version.as_bytes()).collect();
        format!("/cases/stream?lang={}&since={since}", self.language.tag())
    }

    /// The query of this question with some parts changed; an empty value leaves a part out.
    pub fn query(&self, changes: &[(&str, &str)]) -> String {
        let p = &self.params;
        let of = |text: &Option<String>| given(text).unwrap_or_default().to_owned();
        let mut parts = vec![
            ("area", of(&p.area)),
            ("org", of(&p.org)),
            ("category", of(&p.category)),
            ("channel", of(&p.channel)),
            ("feed", of(&p.feed)),
            ("from", of(&p.from)),
            ("to", of(&p.to)),
            ("as_of", of(&p.as_of)),
            ("basis", of(&p.basis)),
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

    /// An address with this question, some parts changed.
    pub fn url(&self, path: &str, changes: &[(&str, &str)]) -> String {
        let query = self.query(changes);
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    /// The page of a case in the language and as of the instant of this page.
    pub fn case_url(&self, id: &str, feed: &str) -> String {
        let id: String = url::form_urlencoded::byte_serialize(id.as_bytes()).collect();
        let several = self.asked.cases.book.codes.feeds.iter().count() > 1;
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if several {
            query.append_pair("feed", feed);
        }
        if let Some(at) = given(&self.params.as_of) {
            query.append_pair("as_of", at);
        }
        if self.language == Language::En {
            query.append_pair("lang", "en");
        }
        let query = query.finish();
        let path = format!("/cases/{}", id.replace('+', "%20"));
        if query.is_empty() { path } else { format!("{path}?{query}") }
    }

    /// The page as it is kept: by its address, the version of the data and the instant it is as of.
    pub fn reply<'a>(&self, state: &'a ApiState, headers: &'a HeaderMap, address: &'a str) -> Reply<'a> {
        Reply { kept: &state.kept, headers, address, version: self.asked.answer_version() }
    }

    /// The foot: as of when, of which version.
    pub fn foot(&self) -> Vec<String> {
        let known = instant(crate::cases::moment(self.asked.question.cut.last()).vintage(), self.language);
        vec![
            format!("{} {known}", self.t("Hồ sơ tính đến", "Reports as of")),
            format!("{} {}", self.t("Phiên bản dữ liệu", "Data version"), self.asked.version),
        ]
    }

    /// A question that cannot be answered, as a page.
    pub fn question_problem(&self, error: &QuestionError) -> PageProblem {
        let language = self.language;
        match error {
            QuestionError::UnknownCode { kind, code, nearest } => {
                let (name, vi, en) = parameter_of(*kind);
                let mut ways = self.codes_like(*kind, code);
                if let Some(nearest) = nearest.as_ref().filter(|_| ways.is_empty()) {
                    ways.push((nearest.clone(), self.names().of(axis_of(*kind), nearest)));
                }
                let link = |(code, named): (String, String)| {
                    let words = if named == code { code.clone() } else { format!("{named} ({code})") };
                    (words, self.url("/cases", &[(name, &code)]))
                };
                PageProblem::unknown(language, pick(language, vi, en), code, ways.into_iter().map(link).collect())
            }
            QuestionError::EmptyWindow { from, to } => {
                PageProblem::unreadable(language, "from", &format!("{from} – {to}"), "2022-01-01 … 2022-05-25")
            }
            QuestionError::TooLarge { rows, columns } => {
                PageProblem::unreadable(language, "columns", &format!("{rows} × {columns}"), "week, month")
            }
        }
    }

    /// A chart that cannot be made, as a page.
    pub fn chart_problem(&self, error: &GalleryError) -> PageProblem {
        match error {
            GalleryError::Question(e) => self.question_problem(e),
            other => PageProblem::failed(self.language, other),
        }
    }

    /// Codes whose name holds what was asked, or that are written much like it.
    fn codes_like(&self, kind: FilterKind, asked: &str) -> Vec<(String, String)> {
        let folded = fold(asked);
        let (codes, names) = (&self.asked.cases.book.codes, self.names());
        let all: Vec<String> = match kind {
            FilterKind::Area => codes.places.iter().map(|(_, place)| place.code.to_string()).collect(),
            FilterKind::Org => codes.orgs.iter().map(|(_, code)| code.to_string()).collect(),
            FilterKind::Category => codes.categories.iter().map(|(_, code)| code.to_string()).collect(),
            FilterKind::Channel => codes.channels.iter().map(|(_, code)| code.to_string()).collect(),
            FilterKind::Feed => codes.feeds.iter().map(|(_, code)| code.to_string()).collect(),
        };
        let mut found: Vec<(usize, String, String)> = Vec::new();
        for code in all.into_iter().filter(|code| !code.is_empty()) {
            let name = names.of(axis_of(kind), &code);
            let is_within = !folded.is_empty() && fold(&name).contains(&folded);
            let far = if is_within { 0 } else { strsim::damerau_levenshtein(&code, asked) };
            if far <= 2 {
                found.push((far, code, name));
            }
        }
        // A district before its wards, whose names hold its own.
        found.sort_by_key(|(far, code, name)| (*far, name.chars().count(), code.clone()));
        found.dedup();
        found.truncate(5);
        found.into_iter().map(|(_, code, name)| (code, name)).collect()
    }
}

fn parameter_of(kind: FilterKind) -> (&'static str, &'static str, &'static str) {
    match kind {
        FilterKind::Area => ("area", "phản ánh nào ở địa bàn", "report from area"),
        FilterKind::Org => ("org", "phản ánh nào của đơn vị", "report with authority"),
        FilterKind::Category => ("category", "phản ánh nào thuộc lĩnh vực", "report in category"),
        FilterKind::Channel => ("channel", "phản ánh nào qua kênh", "report through channel"),
        FilterKind::Feed => ("feed", "phản ánh nào từ nguồn", "report from source"),
    }
}

fn axis_of(kind: FilterKind) -> Axis {
    match kind {
        FilterKind::Area => Axis::Ward,
        FilterKind::Org => Axis::Org,
        FilterKind::Category => Axis::Category,
        FilterKind::Channel => Axis::Channel,
        FilterKind::Feed => Axis::Total,
    }
}

/// A parameter that cannot be read, as a page.
pub fn unreadable(language: Language, wrong: &WrongParameter) -> PageProblem {
    let listed = wrong.expected.strip_prefix("one of ");
    let expected = match (listed, wrong.name) {
        (Some(values), _) => values,
        (None, "as_of") => "2022-05-25, 2022-05-25T12:00:00+07:00",
        (None, "page" | "within_hours") => "8",
        (None, _) => "2022-Q2, 2022-05, 2022-05-25",
    };
    PageProblem::unreadable(language, wrong.name, &wrong.text, expected)
}

/// An axis of a page, one of those allowed.
pub fn axis(
    language: Language,
    (name, text): (&'static str, &Option<String>),
    allowed: &[Axis],
    default: Axis,
) -> Result<Axis, PageProblem> {
    let Some(text) = given(text) else { return Ok(default) };
    let found = Axis::from_code(text).filter(|axis| allowed.contains(axis));
    found.ok_or_else(|| {
        let known: Vec<&str> = allowed.iter().map(|axis| axis.as_str()).collect();
        PageProblem::unreadable(language, name, text, &known.join(", "))
    })
}
