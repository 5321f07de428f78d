//! The scan: rows to events, events to cells.

use super::Monthly;
use super::events::{Clock, Event, Row};
use super::grid::OpenGrid;
use super::months::WorkingDays;
use crate::cases::batch::CaseBatch;
use crate::cases::book::LiveBatch;
use crate::cases::spans::Spans;

/// Counts being made: a [`Monthly`] that is written to.
#[derive(Debug)]
pub(super) struct Tally<'a> {
    pub clock: Clock<'a>,
    places_by_category: OpenGrid,
    places_by_channel: OpenGrid,
    orgs_by_category: OpenGrid,
    events: Vec<Event>,
}

/// Whether a span is counted or taken out again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Plus,
    Minus,
}

impl<'a> Tally<'a> {
    /// Goes on from counts.
    pub fn on(monthly: Monthly, working_days: &'a WorkingDays) -> Self {
        Self {
            clock: Clock::new(working_days, monthly.cut),
            places_by_category: OpenGrid::on(monthly.places_by_category),
            places_by_channel: OpenGrid::on(monthly.places_by_channel),
            orgs_by_category: OpenGrid::on(monthly.orgs_by_category),
            events: Vec::with_capacity(64),
        }
    }

    /// The counts.
    pub fn finish(self) -> Monthly {
        Monthly {
            cut: self.clock.cut,
            places_by_category: self.places_by_category.finish(),
            places_by_channel: self.places_by_channel.finish(),
            orgs_by_category: self.orgs_by_category.finish(),
        }
    }

    /// Adds other counts of the same cut.
    pub fn merge(&mut self, other: &Monthly) {
        self.places_by_category.add(&other.places_by_category);
        self.places_by_channel.add(&other.places_by_channel);
        self.orgs_by_category.add(&other.orgs_by_category);
    }

    /// Counts all live cases of a batch.
    pub fn add(&mut self, batch: &LiveBatch) {
        self.fit(batch);
        let live = |case: u32| batch.is_all_live() || batch.is_live(case);
        each_row(&batch.rounds, |row| {
            if live(batch.rounds.case[row.row]) {
                self.clock.events_of(row, &mut self.events);
                self.count_round(row, Sign::Plus);
            }
        });
        each_row(&batch.holdings, |row| {
            if live(batch.holdings.case[row.row]) {
                self.clock.events_of(row, &mut self.events);
                self.count_holding(row, Sign::Plus);
            }
        });
    }

    /// Counts spans that are handling rounds and stints of their authorities at once.
    pub fn add_plain(&mut self, spans: &Spans) {
        self.fit_rounds(spans);
        self.fit_holdings(spans);
        each_row(spans, |row| {
            self.clock.events_of(row, &mut self.events);
            self.count_round(row, Sign::Plus);
            self.count_holding(row, Sign::Plus);
        });
    }

    /// Counts one case, or takes it out again.
    pub fn add_case(&mut self, batch: &CaseBatch, case: u32, sign: Sign) {
        for row in batch.rounds_of(case) {
            let (place, category) = (batch.rounds.place[row], batch.rounds.category[row]);
            self.places_by_category.fit(place, category);
            self.places_by_channel.fit(place, batch.rounds.channel[row]);
            let row = Row { spans: &batch.rounds, row, moved: batch.rounds.timeline(row) };
            self.clock.events_of(row, &mut self.events);
            self.count_round(row, sign);
        }
        for row in batch.holdings_of(case) {
            self.orgs_by_category.fit(batch.holdings.org[row], batch.holdings.category[row]);
            let row = Row { spans: &batch.holdings, row, moved: batch.holdings.timeline(row) };
            self.clock.events_of(row, &mut self.events);
            self.count_holding(row, sign);
        }
    }

    /// Counts what the live cases of a batch count as now and takes out what they counted as of another cut.
    pub fn add_shift(&mut self, batch: &LiveBatch, before: &Clock<'_>) {
        let (one, other) = (before.cut.second(), self.clock.cut.second());
        let (from, to) = (one.min(other), one.max(other));
        if !batch.may_change(from, to) {
            return;
        }
        self.fit(batch);
        let mut old = Vec::new();
        for (spans, is_round) in [(&batch.rounds, true), (&batch.holdings, false)] {
            each_row(spans, |row| {
                if spans.may_change(row.row, from, to) && batch.is_live(spans.case[row.row]) {
                    self.shift(row, before, is_round, &mut old);
                }
            });
        }
    }

    fn shift(&mut self, row: Row<'_>, before: &Clock<'_>, is_round: bool, old: &mut Vec<Event>) {
        before.events_of(row, old);
        self.clock.events_of(row, &mut self.events);
        // Mostly nothing or only the last stock differs.
        let same = old.iter().zip(&self.events).take_while(|(a, b)| a == b).count();
        let taken = old[same..].iter().map(|event| Event { minus: !event.minus, ..*event });
        self.events.splice(..same, taken);
        if is_round {
            self.count_round(row, Sign::Plus);
        } else {
            self.count_holding(row, Sign::Plus);
        }
    }

    /// Makes room for all numbers of a batch.
    fn fit(&mut self, batch: &CaseBatch) {
        self.fit_rounds(&batch.rounds);
        self.fit_holdings(&batch.holdings);
    }

    fn fit_rounds(&mut self, spans: &Spans) {
        let place = largest(&spans.place);
        self.places_by_category.fit(place, largest(&spans.category));
        self.places_by_channel.fit(place, largest(&spans.channel));
    }

    fn fit_holdings(&mut self, spans: &Spans) {
        self.orgs_by_category.fit(largest(&spans.org), largest(&spans.category));
    }

    #[inline]
    fn count_round(&mut self, row: Row<'_>, sign: Sign) {
        let Row { spans, row, .. } = row;
        let place = spans.place[row];
        count(&mut self.places_by_category, (place, spans.category[row]), &self.events, sign);
        count(&mut self.places_by_channel, (place, spans.channel[row]), &self.events, sign);
    }

    #[inline]
    fn count_holding(&mut self, row: Row<'_>, sign: Sign) {
        let Row { spans, row, .. } = row;
        count(&mut self.orgs_by_category, (spans.org[row], spans.category[row]), &self.events, sign);
    }
}

fn largest(numbers: &[u16]) -> u16 {
    numbers.iter().copied().max().unwrap_or(0)
}

/// Calls `each` for every row, with the timelines handed along instead of looked up.
#[inline]
pub(super) fn each_row<'a>(spans: &'a Spans, mut each: impl FnMut(Row<'a>)) {
    let mut moved = spans.moved().iter();
    let mut next = moved.next();
    for row in 0..spans.len() {
        let timeline = match next {
            Some((at, timeline)) if *at as usize == row => {
                next = moved.next();
                Some(timeline)
            }
            _ => None,
        };
        each(Row { spans, row, moved: timeline });
    }
}

/// Adds events to the cells of a row and column, looking a cell up once per run of events of one month.
#[inline]
fn count(grid: &mut OpenGrid, (row, column): (u16, u16), events: &[Event], sign: Sign) {
    let mut rest = events;
    while let Some(first) = rest.first() {
        let cell = grid.cell(first.month, row, column);
        let mut run = 0;
        for event in rest.iter().take_while(|event| event.month == first.month) {
            let counter = &mut cell.0[usize::from(event.counter) % super::cell::COUNTERS];
            let one = if event.minus == (sign == Sign::Minus) { 1 } else { u32::MAX };
            *counter = counter.wrapping_add(one);
            run += 1;
        }
        rest = &rest[run..];
    }
}
