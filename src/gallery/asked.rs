//! A question about cases, with what its answer is told in.

use super::error::GalleryError;
use super::names::Names;
use super::words::Words;
use crate::cases::views::{Axis, Basis, CrossTab, Filter, Lens, Question, Tally, crosstab};
use crate::cases::{CaseBook, Second, moment, month_start};
use crate::catalog::Catalog;
use crate::chart::Chart;
use crate::chart::spec::{Bar, Bars, Direction, Frame, Language, NumberFormat};
use crate::domain::{Freq, Period};
use crate::present::Thresholds;

use super::names::month_of;

/// The indicator whose warning clauses and owner go for all charts of overdue cases.
pub(super) const OVERDUE_RATE: &str = "1405";

/// A question over served cases.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// Names, areas, calendar.
    pub catalog: &'a Catalog,
    /// The cases.
    pub book: &'a CaseBook,
    /// What is asked of them.
    pub question: Question,
    /// Whether the window was asked to begin there; charts over time go further back otherwise.
    pub is_begun: bool,
    /// Version of the data, for the foot.
    pub version: &'a str,
    /// Language of all words.
    pub language: Language,
}

/// What was counted in one month.
#[derive(Debug, Clone, Copy)]
pub(super) struct MonthTally {
    pub month: Period,
    pub tally: Tally,
    /// Whether the month was not over at the end of the window.
    pub is_running: bool,
}

impl<'a> Asked<'a> {
    /// The question with its codes looked up.
    pub fn lens(&self) -> Result<Lens<'a>, GalleryError> {
        Ok(Lens::new(self.book, &self.catalog.areas, &self.question)?)
    }

    pub(super) fn words(&self) -> Words {
        Words(self.language)
    }

    pub(super) fn names(&self, lens: &Lens<'_>) -> Names<'a> {
        let day = moment(lens.to.saturating_sub(1)).date();
        Names { catalog: self.catalog, words: self.words(), day }
    }

    /// States of overdue shares, in percent.
    pub fn thresholds(&self) -> Thresholds {
        self.catalog.indicators.get(OVERDUE_RATE).map(Thresholds::of).unwrap_or_default()
    }

    /// The same question, over so many months up to its end unless it says where it begins.
    pub(super) fn over_months(&self, months: i32) -> Self {
        let mut longer = self.clone();
        if !self.is_begun {
            let end = self.question.to.min(self.question.cut.second()).saturating_sub(1);
            let last = Period::of_date(Freq::M, moment(end).date());
            longer.question.from = month_start(last.index() - months + 1);
        }
        longer
    }

    /// The same question from a month on.
    pub(super) fn since(&self, month: Period) -> Self {
        let mut later = self.clone();
        later.question.from = self.question.from.max(month_start(month.index()));
        later
    }

    /// Title, what is shown over which window and of which cases, and where it comes from.
    pub(super) fn frame(&self, lens: &Lens<'_>, title: String, what: &str) -> Frame {
        let words = self.words();
        let mut subtitle = format!("{what}, {}", words.window(lens.from, lens.to));
        if let Some(part) = self.filter_words(lens) {
            subtitle.push_str(&format!(" · {part}"));
        }
        if lens.basis == Basis::Original {
            subtitle.push_str(words.pick(" · theo thời hạn ban đầu", " · by the first deadline"));
        }
        let known = words.instant(lens.cut.last().min(lens.to.saturating_sub(1)));
        let owner = self.catalog.indicators.get(OVERDUE_RATE).and_then(|i| self.catalog.owner_of(i));
        let owner = owner.map_or(String::new(), |o| format!(" ({})", words.pick(&o.name_vi, &o.name_en)));
        let foot = match self.language {
            Language::Vi => {
                format!("Nguồn: hệ thống 1022{owner} · số liệu đến {known} · phiên bản dữ liệu {}", self.version)
            }
            Language::En => format!("Source: 1022 system{owner} · as of {known} · data version {}", self.version),
        };
        Frame::new(title, self.language).subtitle(subtitle).foot(foot)
    }

    /// Which cases, if not all.
    fn filter_words(&self, lens: &Lens<'_>) -> Option<String> {
        let names = self.names(lens);
        let Filter { areas, orgs, categories, channels, feeds } = &self.question.filter;
        let of = |axis: Axis, codes: &[String]| -> Vec<String> { codes.iter().map(|c| names.of(axis, c)).collect() };
        let lists = [
            of(Axis::Ward, areas),
            of(Axis::Org, orgs),
            of(Axis::Category, categories),
            of(Axis::Channel, channels),
            feeds.clone(),
        ];
        let parts: Vec<String> = lists.iter().filter(|list| !list.is_empty()).map(|list| list.join(", ")).collect();
        (!parts.is_empty()).then(|| parts.join(" · "))
    }

    /// Who the figures are of: the areas or authorities asked for, or the whole city.
    pub(super) fn subject(&self, lens: &Lens<'_>) -> String {
        self.filter_words(lens).unwrap_or_else(|| self.words().pick("Toàn thành phố", "The whole city").to_owned())
    }

    /// Counts of every month of the window.
    pub(super) fn by_month(&self, lens: &Lens<'_>) -> Result<Vec<MonthTally>, GalleryError> {
        let table = crosstab(lens, Axis::Month, Axis::Total)?;
        Ok(months(&table, lens.to))
    }

    /// Words where there is nothing to draw.
    pub(super) fn only_words(&self, frame: Frame) -> Chart {
        let name = self.words().pick("Không có số để so sánh", "No figure to compare");
        Chart::Bars(Bars {
            frame,
            direction: Direction::Lying,
            bars: vec![Bar::missing(name)],
            format: NumberFormat::default(),
            n_heading: String::new(),
            change_heading: String::new(),
            reference: None,
        })
    }
}

/// The rows of a table by month.
fn months(table: &CrossTab, to: Second) -> Vec<MonthTally> {
    let rows = table.rows.iter().zip(&table.row_totals);
    let month = |(key, tally): (&std::sync::Arc<str>, &Tally)| {
        let month = month_of(key)?;
        Some(MonthTally { month, tally: *tally, is_running: is_running(month, to) })
    };
    rows.filter_map(month).collect()
}

/// Whether a month is not over at the end of a window.
pub(super) fn is_running(month: Period, to: Second) -> bool {
    month_start(month.index() + 1) > to
}
