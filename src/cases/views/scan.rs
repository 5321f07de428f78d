//! Goes over the spans that a window can concern, on all cores if there are many.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::lens::Lens;
use crate::cases::{CaseAt, LiveBatch, Reaching, Second, Spans};

/// Fewer spans than this are gone over faster than a thread starts.
const WORTH_A_THREAD: usize = 64 * 1024;

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
pub(super) fn scan<A, S, E, M>(lens: &Lens<'_>, (from, to): (Second, Second), start: S, each: E, mut merge: M) -> A
where
    A: Send,
    S: Fn() -> A + Sync,
    E: Fn(&mut A, At<'_>) + Sync,
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
            scan_batch(lens, (from, to), *batch_ix, |at| each(&mut gathered, at));
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
fn scan_batch(lens: &Lens<'_>, (from, to): (Second, Second), batch_ix: usize, mut each: impl FnMut(At<'_>)) {
    let batch = &lens.book.batches()[batch_ix];
    let spans = lens.spans(batch);
    let (all_live, takes_all) = (batch.is_all_live(), lens.takes_all());
    let mut look = |row: usize| {
        if spans.start[row] < to
            && (all_live || batch.is_live(spans.case[row]))
            && (takes_all || lens.takes(batch, spans, row))
        {
            each(At { batch_ix: batch_ix as u32, batch, spans, row });
        }
    };
    match spans.reaching(from) {
        Reaching::All => (0..spans.len()).for_each(look),
        Reaching::Rows(rows) => rows.iter().for_each(|(_, row)| look(*row as usize)),
    }
}
