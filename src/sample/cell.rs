//! What a feed says: cells with their publication, and the truth they amount to.

use std::sync::Arc;

use chrono::NaiveDate;

use super::geography::CITY;
use super::split::from_ticks;
use crate::domain::{Breakdown, ObsStatus, Period};

/// One figure as a feed publishes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Measure code.
    pub measure: &'static str,
    /// Area code.
    pub area: Arc<str>,
    /// Dimension and member, `None` for the total.
    pub member: Option<(&'static str, &'static str)>,
    /// Base period.
    pub period: Period,
    /// Whole numbers of the last decimal; `None` when the figure was not collected.
    pub ticks: Option<i64>,
    /// Decimals of the source.
    pub decimals: u8,
    /// What one unit of the source is in the measure's unit.
    pub scale: f64,
    /// Status.
    pub status: ObsStatus,
    /// Day of publication.
    pub published: NaiveDate,
}

impl Cell {
    /// A total of the city.
    pub fn of_city(measure: &'static str, period: Period, ticks: i64, decimals: u8, published: NaiveDate) -> Self {
        Self {
            measure,
            area: CITY.into(),
            member: None,
            period,
            ticks: Some(ticks),
            decimals,
            scale: 1.0,
            status: ObsStatus::A,
            published,
        }
    }

    /// The same for a member.
    pub fn member(mut self, dimension: &'static str, member: &'static str) -> Self {
        self.member = Some((dimension, member));
        self
    }

    /// The same with another status.
    pub fn status(mut self, status: ObsStatus) -> Self {
        self.status = status;
        self
    }

    /// The value in the measure's unit.
    pub fn value(&self) -> Option<f64> {
        self.ticks.map(|t| from_ticks(t, self.decimals) * self.scale)
    }

    /// The breakdown.
    pub fn breakdown(&self) -> Breakdown {
        self.member.map_or(Breakdown::TOTAL, |(dimension, member)| Breakdown::member(dimension, member))
    }
}

/// One row of the truth: what an engine must hold after it has read the feeds.
#[derive(Debug, Clone, PartialEq)]
pub struct Truth {
    /// Feed code.
    pub feed: &'static str,
    /// File the figure stands in, relative to the sample's folder.
    pub file: Arc<str>,
    /// Measure code.
    pub measure: &'static str,
    /// Area code.
    pub area: Arc<str>,
    /// Breakdown.
    pub breakdown: Breakdown,
    /// Base period.
    pub period: Period,
    /// Day of publication: the vintage.
    pub published: NaiveDate,
    /// Value in the measure's unit; `None` when declared missing.
    pub value: Option<f64>,
    /// Status.
    pub status: ObsStatus,
}

/// The day of a month on which the Statistics Office publishes: the 29th, or the month's last day.
pub fn release_day(month: Period) -> NaiveDate {
    let last = month.last_day();
    last.min(day(last, 29))
}

/// Another day of the month of `date`; the month's last day where it has no such day.
pub fn day(date: NaiveDate, day: u32) -> NaiveDate {
    use chrono::Datelike;
    (0..4).find_map(|less| date.with_day(day - less)).expect("every month has a 28th")
}
