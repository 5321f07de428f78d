//! What a brief is made of: the figures of one state, one period, one language.

use chrono::NaiveDate;

use crate::cases::views::{Axis, Lens, QuestionError};
use crate::catalog::Catalog;
use crate::compute::Served;
use crate::compute::ask_cases::{CaseQuery, Edge};
use crate::cube::Cell;
use crate::domain::{AreaKind, Freq, Indicator, Period, Vintage};
use crate::feed::FeedHealth;
use crate::present::reading::{Found, Reading, newest_period};
use crate::present::{Language, label_of, pick, spoken};
use crate::report::stamp::Stamp;

/// Which brief.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The period.
    pub period: Period,
    /// As known at this instant; `None` for what is served.
    pub as_of: Option<Vintage>,
    /// Language.
    pub language: Language,
    /// Codes of the indicators that are said in sentences on page one.
    pub headlines: Vec<String>,
}

/// Everything a brief looks at.
pub struct Scene<'a> {
    /// Definitions.
    pub catalog: &'a Catalog,
    /// Figures and cases.
    pub served: &'a Served,
    /// The same a month before, for what was revised since; `None` if that was not asked for.
    pub before: Option<(&'a Served, Vintage)>,
    /// How the feeds are doing.
    pub feeds: &'a [FeedHealth],
    /// Which brief.
    pub asked: &'a Asked,
}

impl<'a> Scene<'a> {
    /// The figures with the words to say them in.
    pub fn reading(&self) -> Reading<'a> {
        Reading { catalog: self.catalog, cube: &self.served.cube, language: self.asked.language }
    }

    /// One of two wordings.
    pub fn pick(&self, vi: &'static str, en: &'static str) -> &'static str {
        pick(self.asked.language, vi, en)
    }

    /// A sentence in the language of the brief.
    pub fn say(&self, vi: impl FnOnce() -> String, en: impl FnOnce() -> String) -> String {
        match self.asked.language {
            Language::Vi => vi(),
            Language::En => en(),
        }
    }

    /// "1 indicator", "3 indicators": for English sentences.
    pub fn counted(&self, n: usize, (one, many): (&str, &str)) -> String {
        format!("{} {}", crate::present::count(n, self.asked.language), if n == 1 { one } else { many })
    }

    /// "Báo cáo tháng 5/2022".
    pub fn title(&self) -> String {
        let period = self.asked.period;
        let of = spoken(period, self.asked.language);
        match (self.asked.language, period.freq()) {
            (Language::Vi, _) => format!("Báo cáo {of}"),
            (Language::En, Freq::M) => format!("Monthly brief, {of}"),
            (Language::En, Freq::Q) => format!("Quarterly brief, {of}"),
            (Language::En, Freq::A) => format!("Annual brief, {of}"),
        }
    }

    /// "Tháng 5/2022".
    pub fn period_label(&self) -> String {
        label_of(self.asked.period, self.asked.language)
    }

    /// "tháng 5/2022".
    pub fn period_spoken(&self) -> String {
        spoken(self.asked.period, self.asked.language)
    }

    /// The city's name on the last day of the period.
    pub fn city_name(&self) -> String {
        self.area_name(&self.catalog.city)
    }

    /// The last day of the period.
    pub fn day(&self) -> NaiveDate {
        self.asked.period.last_day()
    }

    /// An area's name on the last day of the period, or the last it had.
    pub fn area_name(&self, code: &str) -> String {
        let areas = &self.catalog.areas;
        let ix = areas.on(code, self.day()).or_else(|| areas.spans(code).last().copied());
        ix.map_or_else(|| code.to_owned(), |ix| areas.area(ix).name.clone())
    }

    /// An authority's name.
    pub fn org_name(&self, code: &str) -> String {
        let unit = self.catalog.org_units.iter().find(|unit| unit.code == code);
        unit.map_or_else(|| code.to_owned(), |u| self.one_of(&u.name_vi, &u.name_en).to_owned())
    }

    /// One of two texts that are not ours.
    pub fn one_of<'t>(&self, vi: &'t str, en: &'t str) -> &'t str {
        match self.asked.language {
            Language::Vi => vi,
            Language::En => en,
        }
    }

    /// The figures of all indicators for the whole city, in the order of their codes.
    pub fn found(&self) -> Vec<Found<'a>> {
        let reading = self.reading();
        self.catalog
            .indicators
            .values()
            .filter_map(|i| reading.find(i, &self.catalog.city, self.asked.period))
            .collect()
    }

    /// The figure of one indicator.
    pub fn find(&self, indicator: &'a Indicator) -> Option<Found<'a>> {
        self.reading().find(indicator, &self.catalog.city, self.asked.period)
    }

    /// The instant that the figures are of: the one asked for, else where the cases end, else the newest publication.
    pub fn known_at(&self) -> Vintage {
        known_at(self.catalog, self.served, self.asked.as_of)
    }

    /// Districts while there are any, wards after.
    pub fn units(&self) -> Axis {
        let districts = self.catalog.areas.of_kind_on(AreaKind::District, self.day()).next();
        if districts.is_some() { Axis::District } else { Axis::Ward }
    }

    /// The question about cases over a period.
    pub fn case_query(&self, from: Period, to: Period) -> CaseQuery {
        let edge = |period: Period| period.to_string().parse::<Edge>().ok();
        CaseQuery { as_of: self.asked.as_of, from: edge(from), to: edge(to), ..CaseQuery::default() }
    }

    /// The cases of a period.
    ///
    /// # Errors
    /// If the window is empty.
    pub fn cases(&self, from: Period, to: Period) -> Result<Lens<'a>, QuestionError> {
        let cases = &self.served.cases;
        Lens::new(&cases.book, &self.catalog.areas, &cases.question(&self.case_query(from, to)))
    }

    /// What the document carries: as-of, data version, catalogue version.
    pub fn stamp(&self) -> Stamp {
        Stamp::new(&self.served.version, self.catalog, self.known_at())
    }
}

/// The instant that figures are of.
pub fn known_at(catalog: &Catalog, served: &Served, as_of: Option<Vintage>) -> Vintage {
    if let Some(at) = as_of {
        return at;
    }
    if !served.cases.book.is_empty() {
        return served.cases.as_of().vintage();
    }
    let city = served.cube.blocks.values().flat_map(|block| block.of_area(&catalog.city));
    let newest = city.flat_map(|series| series.cells()).map(|cell: &Cell| cell.vintage).max();
    newest.unwrap_or(Vintage::from_micros(0))
}

/// The newest period of a frequency that is over and mostly there: what a brief is about unless told otherwise.
pub fn usual_period(catalog: &Catalog, served: &Served, as_of: Option<Vintage>, freq: Freq) -> Period {
    let newest = newest_period(catalog, &served.cube, freq);
    let today = known_at(catalog, served, as_of).local_date();
    match today {
        // The figures of a month that is not over are estimates.
        Some(today) if newest.last_day() >= today => newest.offset(-1),
        _ => newest,
    }
}
