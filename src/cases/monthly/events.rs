//! What one span adds to which month: its flows, and the stocks at the ends of the months it was open through.

use super::cell;
use super::months::{MonthNo, Months, WorkingDays};
use crate::cases::counting::flows_with_due;
use crate::cases::second::{Cut, NEVER, Second, moment, second_or_never};
use crate::cases::spans::Spans;
use crate::domain::case::DueTimeline;

/// One more, or one less, in a counter of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Event {
    pub month: MonthNo,
    pub counter: u8,
    pub minus: bool,
}

/// What months and days mean, and up to when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock<'a> {
    pub months: &'static Months,
    pub working_days: &'a WorkingDays,
    pub cut: Cut,
    /// Month of the cut.
    pub last: MonthNo,
}

/// A span's row, with its timeline if its deadline moved.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    pub spans: &'a Spans,
    pub row: usize,
    pub moved: Option<&'a DueTimeline>,
}

/// A span with its end as seen from the cut.
#[derive(Debug, Clone, Copy)]
struct Seen {
    start: Second,
    end: Second,
}

impl<'a> Clock<'a> {
    /// The clock of a cut.
    pub fn new(working_days: &'a WorkingDays, cut: Cut) -> Self {
        let months = Months::table();
        Self { months, working_days, cut, last: months.last(cut) }
    }

    /// Adds all that a span counts as to `out`.
    #[inline]
    pub fn events_of(&self, row: Row<'_>, out: &mut Vec<Event>) {
        let Row { spans, row: at, moved } = row;
        let due = moved.map_or(spans.due[at], |timeline| spans.due_on(timeline, at, self.cut));
        flows_with_due(spans, at, (self.cut, due), |flow, at| {
            out.push(Event { month: self.months.of(at), counter: cell::flow(flow), minus: false });
        });
        let seen = Seen { start: spans.start[at], end: self.cut.seen(spans.end[at]) };
        if !self.cut.sees(seen.start) {
            return;
        }
        let first = self.months.of(seen.start);
        if seen.end < self.months.end(first, self.cut) {
            return;
        }
        self.open(seen, first, out);
        match moved {
            None if self.cut.sees(due) => self.overdue(seen, (first, due), out),
            None => {}
            Some(timeline) => self.overdue_by(timeline, seen, first, out),
        }
    }

    /// Months from one on at whose ends a span is open, with the ends. It must be open at the first.
    fn ends(&self, seen: Seen, first: MonthNo) -> impl Iterator<Item = (MonthNo, Second)> {
        let ends = (first..=self.last).map(move |month| (month, self.months.end(month, self.cut)));
        ends.take_while(move |(_, end)| *end <= seen.end)
    }

    /// The span stays in a band from a month on until it ends.
    fn stays(&self, seen: Seen, from: MonthNo, counter: u8, out: &mut Vec<Event>) {
        out.push(Event { month: from, counter, minus: false });
        if seen.end != NEVER {
            out.push(Event { month: self.months.of(seen.end), counter, minus: true });
        }
    }

    fn open(&self, seen: Seen, first: MonthNo, out: &mut Vec<Event>) {
        for (month, end) in self.ends(seen, first) {
            let band = cell::age_band((end - seen.start) / 86_400);
            if band == cell::BANDS - 1 {
                return self.stays(seen, month, cell::open(band), out);
            }
            out.push(Event { month, counter: cell::open(band), minus: false });
        }
    }

    /// A deadline that never moved and has come.
    fn overdue(&self, seen: Seen, (first, due): (MonthNo, Second), out: &mut Vec<Event>) {
        for (month, end) in self.ends(seen, first.max(self.months.of(due))) {
            let band = cell::overdue_band(self.working_days.between(due, end - 1));
            if band == cell::BANDS - 1 {
                return self.stays(seen, month, cell::open_overdue(band), out);
            }
            out.push(Event { month, counter: cell::open_overdue(band), minus: false });
        }
    }

    /// A deadline that moved: looked up as it stood at every month's end.
    fn overdue_by(&self, timeline: &DueTimeline, seen: Seen, first: MonthNo, out: &mut Vec<Event>) {
        for (month, end) in self.ends(seen, first) {
            let due = second_or_never(timeline.at(moment(end - 1)));
            if due >= end {
                continue;
            }
            let band = cell::overdue_band(self.working_days.between(due, end - 1));
            out.push(Event { month, counter: cell::open_overdue(band), minus: false });
            // The last band holds changes, and the deadline may move again before the next month's end.
            if band == cell::BANDS - 1 && month < self.last {
                out.push(Event { month: month + 1, counter: cell::open_overdue(band), minus: true });
            }
        }
    }
}
