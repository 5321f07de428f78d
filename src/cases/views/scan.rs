//! Goes over the spans that a window can concern, on all cores if there are many.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::lens::Lens;
use crate::cases::{CaseAt, LateRow, LiveBatch, Reaching, Second, Spans};

/// Fewer spans than this are gone over faster than a thread starts.
const WORTH_A_THREAD: usize = 64 * 1024;
/// Rows that are picked before any is looked at.
const CHUNK: usize = 1024;

/// A span that is looked at.
#[derive(Clone, Copy)]
pub(super) struct At<'b> {
    /// Position of its batch in the book.
    pub batch_ix: u32,
    /// Its batch.
    pub batch: &'b LiveBatch,
    /// The columns it is in.
    pub spans: &'b Spans,
    /// Its row.
    pub row: usize,
}

impl At<'_> {
    /// Its case.
    pub(super) fn case(&self) -> CaseAt {
        CaseAt { batch: self.batch_ix, case: self.spans.case[self.row] }
    }
}

/// Calls `each` with every span that starts before `to`, passes the filter and may have something at or after `from`.
///
/// Each thread gathers into its own `A`; they are merged in no particular order, so gathering must not depend on it.
pub(super) fn scan<A, S, E, M>(lens: &Lens<'_>, window: (Second, Second), start: S, each: E, merge: M) -> A
where
    A: Send,
    S: Fn() -> A + Sync,
    E: Fn(&mut A, At<'_>) + Sync,
    M: FnMut(&mut A, A),
{
    let of_standing = |gathered: &mut A, at: At<'_>, _: &LateRow| each(gathered, at);
    scan_standing_apart(lens, window, start, (&each, of_standing), merge)
}

/// The same, but spans that are open throughout and to which nothing happens in `[from, to)` go to the second function,
/// with a copy of what counts for them: reading it costs a tenth of reading their columns.
pub(super) fn scan_standing_apart<A, S, E, O, M>(
    lens: &Lens<'_>,
    (from, to): (Second, Second),
    start: S,
    (each, of_standing): (E, O),
    mut merge: M,
) -> A
where
    A: Send,
    S: Fn() -> A + Sync,
    E: Fn(&mut A, At<'_>) + Sync,
    O: Fn(&mut A, At<'_>, &LateRow) + Sync,
    M: FnMut(&mut A, A),
{
    let work = work(lens, (from, to));
    let spans: usize = work.iter().map(|(_, rows)| *rows).sum();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = cores.min(spans / WORTH_A_THREAD + 1).min(work.len().max(1));
    let next = AtomicUsize::new(0);
    let gather = || {
        let mut gathered = start();
        while let Some((batch_ix, _)) = work.get(next.fetch_add(1, Ordering::Relaxed)) {
            scan_batch(lens, (from, to), *batch_ix, &mut gathered, (&each, &of_standing));
        }
        gathered
    };
    if threads == 1 {
        return gather();
    }
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(gather)).collect();
        let mut gathered = gather();
        for other in others {
            merge(&mut gathered, other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        gathered
    })
}

/// Batches with something to look at, and how many rows each, the largest first.
fn work(lens: &Lens<'_>, (from, to): (Second, Second)) -> Vec<(usize, usize)> {
    let mut work = Vec::new();
    for (batch_ix, batch) in lens.book.batches().iter().enumerate() {
        if !batch.may_start(0, to) {
            continue;
        }
        let spans = lens.spans(batch);
        let rows = match spans.reaching(from) {
            Reaching::All => spans.len(),
            Reaching::Rows(rows) => rows.len(),
        };
        if rows > 0 {
            work.push((batch_ix, rows));
        }
    }
    work.sort_by_key(|(batch_ix, rows)| (std::cmp::Reverse(*rows), *batch_ix));
    work
}

#[inline]
fn scan_batch<A>(
    lens: &Lens<'_>,
    (from, to): (Second, Second),
    batch_ix: usize,
    gathered: &mut A,
    (each, of_standing): (impl Fn(&mut A, At<'_>), impl Fn(&mut A, At<'_>, &LateRow)),
) {
    let batch = &lens.book.batches()[batch_ix];
    let spans = lens.spans(batch);
    let (all_live, takes_all) = (batch.is_all_live(), lens.takes_all());
    let at = |row: usize| At { batch_ix: batch_ix as u32, batch, spans, row };
    match spans.reaching(from) {
        Reaching::All => {
            let mut picked = [0; CHUNK];
            for first in (0..spans.len()).step_by(CHUNK) {
                let count = pick(spans, first, (from, to), &mut picked);
                for row in picked[..count].iter().map(|row| *row as usize) {
                    let is_live = all_live || batch.is_live(spans.case[row]);
                    if is_live && (takes_all || lens.takes(batch, spans, row)) {
                        each(gathered, at(row));
                    }
                }
            }
        }
        Reaching::Rows(rows) => {
            for copy in rows {
                let is_asked = copy.start < to
                    && (all_live || batch.is_live(copy.case))
                    && (takes_all || lens.takes_copy(batch, copy));
                if is_asked && copy.quiet_since < from && copy.end >= to {
                    of_standing(gathered, at(copy.row as usize), copy);
                } else if is_asked {
                    each(gathered, at(copy.row as usize));
                }
            }
        }
    }
}

/// Picks rows of a chunk that start before `to` and have not ended before `from`, with nothing to happen any more. May
/// pick more. It has no branches: whether a span is over is nothing that a processor could foresee.
#[inline]
fn pick(spans: &Spans, first: usize, (from, to): (Second, Second), picked: &mut [u32; CHUNK]) -> usize {
    let rows = first..spans.len().min(first + CHUNK);
    let (start, end) = (&spans.start[rows.clone()], &spans.end[rows.clone()]);
    let (due, due_original) = (&spans.due[rows.clone()], &spans.due_original[rows.clone()]);
    let (rated, dispatched) = (&spans.rated[rows.clone()], &spans.dispatched[rows.clone()]);
    // What never happens wraps around to the smallest number.
    let is_past = |at: Second| at.wrapping_add(1) <= from;
    let mut count = 0;
    for at in 0..rows.len() {
        let is_over = (end[at] < from)
            & is_past(due[at])
            & is_past(due_original[at])
            & is_past(rated[at])
            & is_past(dispatched[at])
            & !spans.is_marked(first + at);
        picked[count] = (first + at) as u32;
        count += usize::from((start[at] < to) & !is_over);
    }
    count
}
