//! Answered spans with the time they took, year by year, in ascending order.

use std::borrow::Borrow;
use std::collections::BTreeMap;

use crate::cases::book::LiveBatch;
use crate::cases::monthly::Months;
use crate::cases::second::{Cut, NEVER};
use crate::cases::spans::{SpanEnding, Spans};
use crate::cases::threads::{map, share_out};

/// Years since 1970.
pub(super) type YearNo = u16;

/// One answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Closing {
    /// Working seconds it took.
    pub worked: u32,
    /// Place of a round, authority of a stint.
    pub group: u16,
    pub category: u16,
    pub channel: u16,
    /// Month of the year, from 0.
    pub month: u8,
}

/// Answers of one year.
#[derive(Debug, Clone, Default)]
pub(super) struct YearClosings {
    pub rounds: Vec<Closing>,
    pub stints: Vec<Closing>,
}

/// All answers as of a cut: 24 bytes a case.
#[derive(Debug, Clone)]
pub struct Closings {
    pub(super) cut: Cut,
    pub(super) years: BTreeMap<YearNo, YearClosings>,
}

impl Closings {
    /// The answers of batches that are made on the way, on as many threads.
    pub fn of<T, B: Borrow<LiveBatch>>(
        items: impl IntoIterator<Item = T, IntoIter: Send>,
        decode: impl Fn(T) -> B + Sync,
        (cut, threads): (Cut, usize),
    ) -> Self {
        Self::of_years(items, decode, (cut, threads), |_| true)
    }

    /// The answers of some years.
    pub(super) fn of_years<T, B: Borrow<LiveBatch>>(
        items: impl IntoIterator<Item = T, IntoIter: Send>,
        decode: impl Fn(T) -> B + Sync,
        (cut, threads): (Cut, usize),
        wanted: impl Fn(YearNo) -> bool + Sync,
    ) -> Self {
        let add = |closings: &mut Closings, item| {
            let decoded = decode(item);
            let batch: &LiveBatch = decoded.borrow();
            let live = |spans: &Spans, row: usize| batch.is_all_live() || batch.is_live(spans.case[row]);
            for (spans, is_round) in [(&batch.rounds, true), (&batch.holdings, false)] {
                closings.add(spans, is_round, |row, year| wanted(year) && live(spans, row));
            }
        };
        Self::gather(share_out(items.into_iter(), threads, || Self::empty(cut), add), (cut, threads))
    }

    /// The answers among spans made of plain columns, each a handling round and the stint of its authority at once.
    pub fn of_plain<T, B: Borrow<Spans>>(
        items: impl IntoIterator<Item = T, IntoIter: Send>,
        decode: impl Fn(T) -> B + Sync,
        (cut, threads): (Cut, usize),
    ) -> Self {
        let add = |closings: &mut Closings, item| {
            let decoded = decode(item);
            closings.add(decoded.borrow(), true, |_, _| true);
            closings.add(decoded.borrow(), false, |_, _| true);
        };
        Self::gather(share_out(items.into_iter(), threads, || Self::empty(cut), add), (cut, threads))
    }

    pub(super) fn empty(cut: Cut) -> Self {
        Self { cut, years: BTreeMap::new() }
    }

    fn add(&mut self, spans: &Spans, is_round: bool, wanted: impl Fn(usize, YearNo) -> bool) {
        // Rows are mostly in order of time, so that one year follows another.
        let mut held: Option<(YearNo, Vec<Closing>)> = None;
        for row in 0..spans.len() {
            let Some((year, closing)) = closing_of(spans, row, is_round, self.cut) else { continue };
            if !wanted(row, year) {
                continue;
            }
            match &mut held {
                Some((at, closings)) if *at == year => closings.push(closing),
                _ => {
                    if let Some((year, closings)) = held.take() {
                        *self.year(year, is_round) = closings;
                    }
                    let mut closings = std::mem::take(self.year(year, is_round));
                    closings.push(closing);
                    held = Some((year, closings));
                }
            }
        }
        if let Some((year, closings)) = held {
            *self.year(year, is_round) = closings;
        }
    }

    fn year(&mut self, year: YearNo, is_round: bool) -> &mut Vec<Closing> {
        let closings = self.years.entry(year).or_default();
        if is_round { &mut closings.rounds } else { &mut closings.stints }
    }

    /// Puts the answers of all threads together and in ascending order.
    fn gather(parts: Vec<Closings>, (cut, threads): (Cut, usize)) -> Self {
        let mut all = Self::empty(cut);
        for (year, mut part) in parts.into_iter().flat_map(|part| part.years) {
            let closings = all.years.entry(year).or_default();
            closings.rounds.append(&mut part.rounds);
            closings.stints.append(&mut part.stints);
        }
        let lists = all.years.values_mut().flat_map(|year| [&mut year.rounds, &mut year.stints]);
        map(lists.collect(), threads, sort);
        all
    }
}

/// The answer of a span with its year, if it was answered before the cut and the time it took is known.
#[inline]
pub(super) fn closing_of(spans: &Spans, row: usize, is_round: bool, cut: Cut) -> Option<(YearNo, Closing)> {
    let (end, worked) = (spans.end[row], spans.worked[row]);
    let is_answered = spans.ending[row] == SpanEnding::Answered && cut.sees(end) && cut.sees(spans.start[row]);
    if !is_answered || worked == NEVER {
        return None;
    }
    let month = Months::table().of(end);
    let group = if is_round { spans.place[row] } else { spans.org[row] };
    let (category, channel) = (spans.category[row], spans.channel[row]);
    Some((month / 12, Closing { worked, group, category, channel, month: (month % 12) as u8 }))
}

/// Bits that one pass sorts by.
const DIGIT: u32 = 11;

/// Sorts by working seconds, digit by digit from the lowest. Nothing depends on the order of equal ones.
fn sort(closings: &mut Vec<Closing>) {
    let mut from = std::mem::take(closings);
    let mut to = vec![Closing::default(); from.len()];
    for shift in (0..u32::BITS).step_by(DIGIT as usize) {
        let digit = |closing: &Closing| (closing.worked >> shift) as usize & ((1 << DIGIT) - 1);
        let mut places = [0usize; 1 << DIGIT];
        from.iter().for_each(|closing| places[digit(closing)] += 1);
        if places.contains(&from.len()) {
            continue;
        }
        let mut next = 0;
        for place in &mut places {
            next += std::mem::replace(place, next);
        }
        for closing in &from {
            let place = &mut places[digit(closing)];
            to[*place] = *closing;
            *place += 1;
        }
        std::mem::swap(&mut from, &mut to);
    }
    *closings = from;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::histories::Dice;

    #[test]
    fn sorting_is_sorting() {
        let mut dice = Dice(3);
        for bound in [1, 50, 3_000, 5_000_000, 4_000_000_000] {
            let closing = |worked| Closing { worked, ..Closing::default() };
            let mut closings: Vec<Closing> = (0..5000).map(|_| closing(dice.below(bound) as u32)).collect();
            let mut expected = closings.clone();
            expected.sort();
            sort(&mut closings);
            assert_eq!(closings, expected);
        }
        let mut none = Vec::new();
        sort(&mut none);
        assert_eq!(none, []);
    }
}
