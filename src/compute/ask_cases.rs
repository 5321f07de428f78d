//! Asking about cases: as of when, over which window, which of them.

use std::str::FromStr;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta};

use super::{ComputeError, Engine, ServedCases};
use crate::cases::views::{Axis, Basis, Filter, Lens, Question, QuestionError};
use crate::cases::{Cut, Second, moment, second};
use crate::catalog::Catalog;
use crate::domain::case::Moment;
use crate::domain::{AreaTree, Period, Vintage};

/// One end of a window: a period, a day or an instant of the city's wall clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    first: Moment,
    after: Moment,
}

/// A text that is no period, day or instant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no period, day or instant")]
pub struct NoEdge(pub String);

impl FromStr for Edge {
    type Err = NoEdge;

    /// `2022-05`, `2022-Q2`, `2022`, `2022-05-25`, `2022-05-25T12:00`, `2022-05-25T12:00:00+07:00`.
    fn from_str(text: &str) -> Result<Self, NoEdge> {
        let days = |first: NaiveDate, last: NaiveDate| Self {
            first: Moment::midnight(first),
            after: Moment::midnight(last + TimeDelta::days(1)),
        };
        if let Ok(period) = text.parse::<Period>() {
            return Ok(days(period.first_day(), period.last_day()));
        }
        if let Ok(day) = text.parse::<NaiveDate>() {
            return Ok(days(day, day));
        }
        let local = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"];
        let local = local.into_iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
        let at = match local {
            Some(local) => Moment::from_local(local),
            None => {
                let instant = text.parse::<Vintage>().ok().and_then(Moment::from_vintage);
                instant.ok_or_else(|| NoEdge(text.to_owned()))?
            }
        };
        Ok(Self { first: at, after: Moment(at.0 + 1) })
    }
}

/// A question about cases.
#[derive(Debug, Clone, Default)]
pub struct CaseQuery {
    /// As known at this instant, default the served one.
    pub as_of: Option<Vintage>,
    /// First second, default 1 January of the year of `as_of`.
    pub from: Option<Edge>,
    /// Last second, default as of when it is asked.
    pub to: Option<Edge>,
    /// Which cases.
    pub filter: Filter,
    /// Which deadline, default the one that counts.
    pub basis: Option<Basis>,
}

impl ServedCases {
    /// Where time stops for a question: what lies ahead of the served instant is not known.
    pub fn cut_of(&self, as_of: Option<Vintage>) -> Cut {
        as_of.and_then(Moment::from_vintage).map_or(self.cut, |at| Cut::as_of(at).min(self.cut))
    }

    /// The question with its defaults filled in.
    pub fn question(&self, query: &CaseQuery) -> Question {
        let cut = self.cut_of(query.as_of);
        let year = moment(cut.last()).date().year();
        let january = NaiveDate::from_ymd_opt(year, 1, 1).map_or(0, |day| second(Moment::midnight(day)));
        let from: Second = query.from.map_or(january, |edge| second(edge.first));
        let to: Second = query.to.map_or(cut.second(), |edge| second(edge.after));
        Question { cut, from, to, filter: query.filter.clone(), basis: query.basis.unwrap_or(Basis::Effective) }
    }

    /// The question over the served cases.
    pub fn lens<'a>(&'a self, tree: &AreaTree, query: &CaseQuery) -> Result<Lens<'a>, QuestionError> {
        Lens::new(&self.book, tree, &self.question(query))
    }
}

/// A question with the cases it is put to and the version they belong to: what API and pages alike ask their views over.
#[derive(Debug, Clone)]
pub struct CasesAsked {
    /// The cases.
    pub cases: Arc<ServedCases>,
    /// The question, its defaults filled in.
    pub question: Question,
    /// Version of the data.
    pub version: String,
}

impl CasesAsked {
    /// A question over cases that are at hand.
    pub fn new(cases: Arc<ServedCases>, version: &str, query: &CaseQuery) -> Self {
        let question = cases.question(query);
        Self { cases, question, version: version.to_owned() }
    }

    /// The question with its codes looked up.
    pub fn lens(&self, tree: &AreaTree) -> Result<Lens<'_>, QuestionError> {
        Lens::new(&self.cases.book, tree, &self.question)
    }

    /// Everything the answer depends on besides the question as it was written: "now" moves on.
    pub fn answer_version(&self) -> String {
        format!("{}-{}", self.version, self.question.cut.second())
    }
}

impl Engine {
    /// Puts a question to the cases as they are served now.
    pub async fn ask_cases(&self, query: &CaseQuery) -> Result<CasesAsked, ComputeError> {
        let version = self.served().version.clone();
        Ok(CasesAsked::new(self.cases().await?, &version, query))
    }
}

/// What a code of an axis is called.
pub fn label(catalog: &Catalog, axis: Axis, code: &str, at: Second) -> String {
    let member = |dimension: &str| {
        let declared = catalog.dimensions.get(dimension).and_then(|d| d.members.get(code));
        declared.map(|member| member.label_vi.clone())
    };
    let named = match axis {
        Axis::District | Axis::Ward => {
            let on_day = catalog.areas.on(code, moment(at).date());
            let any = || catalog.areas.spans(code).last().copied();
            on_day.or_else(any).map(|ix| catalog.areas.area(ix).name.clone())
        }
        Axis::Org => catalog
            .org_units
            .iter()
            .find(|o| o.code == code)
            .map(|o| o.name_vi.clone())
            .or_else(|| ward_committee(catalog, code, at)),
        Axis::Category => member("field"),
        Axis::Channel => member("channel"),
        Axis::AgeBand => member("age_band"),
        Axis::Total | Axis::Day | Axis::Week | Axis::Month => None,
    };
    match (named, code) {
        (Some(name), _) => name,
        (None, "") => "Không rõ".to_owned(),
        (None, code) => code.to_owned(),
    }
}

/// Committees of wards are not registered; the sources name them by the code of the ward.
fn ward_committee(catalog: &Catalog, code: &str, at: Second) -> Option<String> {
    let ward = code.strip_prefix("ubnd_")?;
    let ix = catalog.areas.on(ward, moment(at).date())?;
    Some(format!("UBND {}", catalog.areas.area(ix).name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_written_as_period_day_or_instant() {
        let span = |text: &str| {
            let edge: Edge = text.parse().unwrap();
            (edge.first.to_string(), edge.after.to_string())
        };
        assert_eq!(span("2022-Q2"), ("2022-04-01T00:00:00".into(), "2022-07-01T00:00:00".into()));
        assert_eq!(span("2022-05-25"), ("2022-05-25T00:00:00".into(), "2022-05-26T00:00:00".into()));
        assert_eq!(span("2022-05-25T12:00"), ("2022-05-25T12:00:00".into(), "2022-05-25T12:00:01".into()));
        assert_eq!(span("2022-05-25T05:00:00Z"), span("2022-05-25T12:00:00"));
        assert_eq!("25/5".parse::<Edge>(), Err(NoEdge("25/5".into())));
    }
}
