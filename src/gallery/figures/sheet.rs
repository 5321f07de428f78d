//! The figures of one indicator that a chart is made from.

use std::collections::BTreeMap;

use super::super::words::Words;
use super::reading::Reading;
use crate::catalog::Catalog;
use crate::chart::Chart;
use crate::chart::spec::{Bar, Bars, Direction, Frame, Language, NumberFormat};
use crate::cube::Cell;
use crate::domain::{Freq, Indicator, ObsStatus, Period, TimeRollup, Vintage};
use crate::present::Thresholds;
use crate::present::reading::{self as figures, Found};

/// Served figures of one indicator at one frequency.
#[derive(Debug, Clone)]
pub struct FigureSheet<'a> {
    /// Names, units, areas.
    pub catalog: &'a Catalog,
    /// The indicator.
    pub indicator: &'a Indicator,
    /// The area of a line.
    pub area: &'a str,
    /// Frequency of the figures.
    pub freq: Freq,
    /// In order of area and period.
    pub cells: &'a [Cell],
    /// The last period shown, default the last there is.
    pub period: Option<Period>,
    /// How many periods a line shows, default five years of months and quarters, ten of years.
    pub count: Option<usize>,
    /// Plans of whole years, which months and quarters of rates, means and stocks are held against.
    pub plans: BTreeMap<Period, f64>,
    /// As known at this instant.
    pub as_of: Option<Vintage>,
    /// Version of the data.
    pub version: &'a str,
    /// Language of all words.
    pub language: Language,
}

impl<'a> FigureSheet<'a> {
    /// All figures of the area and part that a figure stands among, up to its period, with the plans of its years.
    pub fn beside(reading: &figures::Reading<'a>, found: &Found<'a>, version: &'a str) -> FigureSheet<'a> {
        let Found { indicator, cell, .. } = *found;
        let years = reading.part(indicator, (&cell.area, &cell.breakdown), Freq::A);
        FigureSheet {
            catalog: reading.catalog,
            indicator,
            area: &cell.area,
            freq: cell.period.freq(),
            cells: reading.beside(found),
            period: Some(cell.period),
            count: None,
            plans: years.iter().filter_map(|c| Some((c.period, c.target_value?))).collect(),
            as_of: None,
            version,
            language: reading.language,
        }
    }

    pub(super) fn words(&self) -> Words {
        Words(self.language)
    }

    /// The cells up to the last period asked for.
    pub(super) fn shown(&self) -> &'a [Cell] {
        let after = |period: Period| self.cells.partition_point(|cell| cell.period <= period);
        &self.cells[..self.period.map_or(self.cells.len(), after)]
    }

    /// Those of the cells that rest on enough cases to be shown.
    pub(super) fn told(&self, cells: &[Cell]) -> Vec<Cell> {
        let thresholds = Thresholds::of(self.indicator);
        cells.iter().filter(|cell| !thresholds.is_too_few(cell.denominator)).cloned().collect()
    }

    /// The cells that can stand in one line. An amount of six months must not stand beside amounts of twelve, so a
    /// period that lacks some of its months is left out at the end.
    pub(super) fn comparable<'c>(&self, cells: &'c [Cell]) -> &'c [Cell] {
        let is_amount = matches!(self.indicator.kind.as_str(), "flow" | "count");
        let part = cells.iter().rev().take_while(|cell| is_amount && cell.periods_present < cell.periods_due).count();
        if part == cells.len() { cells } else { &cells[..cells.len() - part] }
    }

    /// Whether the figures are those of the year so far.
    pub(super) fn runs_through_the_year(&self) -> bool {
        self.indicator.formula_text.contains("ytd(") && self.freq != Freq::A
    }

    /// The plan that a value of this period can be held against: a year's plan says nothing about one month of a flow.
    pub(super) fn plan_at(&self, period: Period) -> Option<f64> {
        let adds_up = self.indicator.quarter_to_year == TimeRollup::Sum && period.freq() != Freq::A;
        let year = period.to_freq(Freq::A).filter(|_| !adds_up)?;
        self.plans.get(&year).copied()
    }

    /// "mới có 6/12 tháng" of a figure that lacks some of its base periods.
    pub(super) fn coverage(&self, cell: &Cell) -> Option<String> {
        let (present, due) = (cell.periods_present, cell.periods_due);
        let base = match self.indicator.freq {
            Freq::M => ("tháng", "months"),
            Freq::Q => ("quý", "quarters"),
            Freq::A => ("năm", "years"),
        };
        (present < due).then(|| match self.language {
            Language::Vi => format!("mới có {present}/{due} {}", base.0),
            Language::En => format!("{present} of {due} {} so far", base.1),
        })
    }

    pub(super) fn name(&self) -> &'a str {
        let Indicator { name_vi, name_en, .. } = self.indicator;
        match self.language {
            Language::Vi => name_vi,
            Language::En => name_en,
        }
    }

    /// The name of an area in a period.
    pub(super) fn area_name(&self, code: &str, period: Option<Period>) -> String {
        let areas = &self.catalog.areas;
        let ix = period.and_then(|period| areas.at(code, period)).or_else(|| areas.spans(code).last().copied());
        ix.map_or_else(|| code.to_owned(), |ix| areas.area(ix).name.clone())
    }

    /// How the values of these cells are shown.
    pub(super) fn reading(&self, cells: &[Cell]) -> Reading {
        let most = cells.iter().map(|cell| cell.value.abs()).fold(0.0, f64::max);
        Reading::of(self.indicator, self.catalog.unit_of(self.indicator), most, self.language)
    }

    /// Title and subtitle, with the owner, what was known when, and the version.
    pub(super) fn frame(&self, title: String, subtitle: String, cells: &[Cell]) -> Frame {
        let words = self.words();
        let owner = self.catalog.owner_of(self.indicator);
        let owner = owner.map_or(self.indicator.owner.as_str(), |o| words.pick(&o.name_vi, &o.name_en));
        let newest = cells.iter().map(|cell| cell.vintage).max();
        let known = self.as_of.or(newest).and_then(Vintage::local_date).map(|day| words.day(day));
        let known = match (known, self.language) {
            (None, _) => String::new(),
            (Some(day), Language::Vi) => format!(" · số liệu đến {day}"),
            (Some(day), Language::En) => format!(" · as of {day}"),
        };
        let foot = match self.language {
            Language::Vi => format!("Nguồn: {owner}{known} · phiên bản dữ liệu {}", self.version),
            Language::En => format!("Source: {owner}{known} · data version {}", self.version),
        };
        Frame::new(title, self.language).subtitle(subtitle).foot(foot)
    }

    /// Words where there are no figures.
    pub(super) fn only_words(&self) -> Chart {
        let name = self.name();
        let title = match self.language {
            Language::Vi => format!("Chưa có số liệu: {name}"),
            Language::En => format!("No figures yet: {name}"),
        };
        let area = self.area_name(self.area, self.period);
        Chart::Bars(Bars {
            frame: self.frame(title, area.clone(), &[]),
            direction: Direction::Lying,
            bars: vec![Bar::missing(area)],
            format: NumberFormat::default(),
            n_heading: String::new(),
            change_heading: String::new(),
            reference: None,
        })
    }
}

/// The status that a figure is drawn with: one that lacks periods or areas is not final.
pub(super) fn status_of(cell: &Cell) -> ObsStatus {
    match cell.status {
        ObsStatus::A if !cell.complete => ObsStatus::P,
        status => status,
    }
}

/// Whether a figure is not final.
pub(super) fn is_provisional(cell: &Cell) -> bool {
    !matches!(status_of(cell), ObsStatus::A | ObsStatus::B)
}

/// Every period from the first to the last, whether or not it has a figure.
pub(super) fn periods_between(first: Period, last: Period) -> Vec<Period> {
    (first.index()..=last.index()).map(|index| Period::from_index(first.freq(), index)).collect()
}
