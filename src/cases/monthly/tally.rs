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
    /// Rows that the events are of, with where theirs end.
    rows: Vec<(u32, u32)>,
}

/// Rows whose events are gathered before they are counted: the cells of one grid and month stay in the processor's cache
/// for as many rows as that, those of three grids do not. Three megabytes a thread.
const GATHERED: usize = 64 * 1024;

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
            events: Vec::new(),
            rows: Vec::new(),
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
    pub fn merge(&mut self, other: Monthly) {
        self.places_by_category.add(other.places_by_category);
        self.places_by_channel.add(other.places_by_channel);
        self.orgs_by_category.add(other.orgs_by_category);
    }

    /// Counts all live cases of a batch.
    pub fn add(&mut self, batch: &LiveBatch) {
        self.fit(batch);
        let live = |case: u32| batch.is_all_live() || batch.is_live(case);
        self.scan(&batch.rounds, live, Self::count_rounds);
        self.scan(&batch.holdings, live, Self::count_holdings);
    }

    /// Counts spans that are handling rounds and stints of their authorities at once.
    pub fn add_plain(&mut self, spans: &Spans) {
        self.fit_rounds(spans);
        self.fit_holdings(spans);
        let count = |tally: &mut Self, spans: &Spans, sign| {
            tally.count_rounds(spans, sign);
            tally.count_holdings(spans, sign);
        };
        self.scan(spans, |_| true, count);
    }

    #[inline]
    fn scan(&mut self, spans: &Spans, live: impl Fn(u32) -> bool, count: impl Fn(&mut Self, &Spans, Sign)) {
        each_row(spans, |row| {
            if live(spans.case[row.row]) {
                self.gather(row);
                if self.rows.len() == GATHERED {
                    count(self, spans, Sign::Plus);
                    self.forget();
                }
            }
        });
        count(self, spans, Sign::Plus);
        self.forget();
    }

    #[inline]
    fn gather(&mut self, row: Row<'_>) {
        self.clock.events_of(row, &mut self.events);
        self.rows.push((row.row as u32, self.events.len() as u32));
    }

    fn forget(&mut self) {
        self.events.clear();
        self.rows.clear();
    }

    /// Counts one case, or takes it out again.
    pub fn add_case(&mut self, batch: &CaseBatch, case: u32, sign: Sign) {
        let (rounds, holdings) = (&batch.rounds, &batch.holdings);
        for row in batch.rounds_of(case) {
            self.places_by_category.fit(rounds.place[row], rounds.category[row]);
            self.places_by_channel.fit(rounds.place[row], rounds.channel[row]);
            self.gather(Row { spans: rounds, row, moved: rounds.timeline(row) });
        }
        self.count_rounds(rounds, sign);
        self.forget();
        for row in batch.holdings_of(case) {
            self.orgs_by_category.fit(holdings.org[row], holdings.category[row]);
            self.gather(Row { spans: holdings, row, moved: holdings.timeline(row) });
        }
        self.count_holdings(holdings, sign);
        self.forget();
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
                    self.shift(row, before, &mut old);
                }
            });
            if is_round {
                self.count_rounds(spans, Sign::Plus);
            } else {
                self.count_holdings(spans, Sign::Plus);
            }
            self.forget();
        }
    }

    fn shift(&mut self, row: Row<'_>, before: &Clock<'_>, old: &mut Vec<Event>) {
        old.clear();
        before.events_of(row, old);
        let from = self.events.len();
        self.clock.events_of(row, &mut self.events);
        // Mostly nothing or only the last stock differs.
        let same = old.iter().zip(&self.events[from..]).take_while(|(a, b)| a == b).count();
        let taken = old[same..].iter().map(|event| Event { minus: !event.minus, ..*event });
        self.events.splice(from..from + same, taken);
        if self.events.len() > from {
            self.rows.push((row.row as u32, self.events.len() as u32));
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

    fn count_rounds(&mut self, spans: &Spans, sign: Sign) {
        let (rows, events) = (&self.rows, &self.events);
        count(&mut self.places_by_category, (&spans.place, &spans.category), (rows, events), sign);
        count(&mut self.places_by_channel, (&spans.place, &spans.channel), (rows, events), sign);
    }

    fn count_holdings(&mut self, spans: &Spans, sign: Sign) {
        let (rows, events) = (&self.rows, &self.events);
        count(&mut self.orgs_by_category, (&spans.org, &spans.category), (rows, events), sign);
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

/// Adds the events of rows to their cells, looking a cell up once per run of events of one month.
fn count(
    grid: &mut OpenGrid,
    (lines, columns): (&[u16], &[u16]),
    (rows, events): (&[(u32, u32)], &[Event]),
    sign: Sign,
) {
    let mut from = 0;
    for (row, end) in rows {
        let mut rest = &events[from..*end as usize];
        let (line, column) = (lines[*row as usize], columns[*row as usize]);
        while let Some(first) = rest.first() {
            let cell = grid.cell(first.month, line, column);
            let mut run = 0;
            for event in rest.iter().take_while(|event| event.month == first.month) {
                let counter = &mut cell.0[usize::from(event.counter) % super::cell::COUNTERS];
                let one = if event.minus == (sign == Sign::Minus) { 1 } else { u32::MAX };
                *counter = counter.wrapping_add(one);
                run += 1;
            }
            rest = &rest[run..];
        }
        from = *end as usize;
    }
}
