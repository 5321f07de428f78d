//! Work shared out over threads.

use std::sync::{Mutex, PoisonError};

/// Gives the next item to whichever of so many threads (at least one) is free, and gives back what each made of its
/// items. The iterator runs on one thread at a time.
pub(super) fn share_out<T, R: Send>(
    items: impl Iterator<Item = T> + Send,
    threads: usize,
    start: impl Fn() -> R + Sync,
    add: impl Fn(&mut R, T) + Sync,
) -> Vec<R> {
    let items = Mutex::new(items);
    let next = |_| items.lock().unwrap_or_else(PoisonError::into_inner).next();
    run(threads, next, start, add)
}

/// The same, with every second thread working from the back: what lies together mostly goes to one thread.
pub(super) fn share_ends<T, R: Send>(
    items: impl DoubleEndedIterator<Item = T> + Send,
    threads: usize,
    start: impl Fn() -> R + Sync,
    add: impl Fn(&mut R, T) + Sync,
) -> Vec<R> {
    let items = Mutex::new(items);
    let next = |thread| {
        let mut items = items.lock().unwrap_or_else(PoisonError::into_inner);
        if thread % 2 == 0 { items.next() } else { items.next_back() }
    };
    run(threads, next, start, add)
}

fn run<T, R: Send>(
    threads: usize,
    next: impl Fn(usize) -> Option<T> + Sync,
    start: impl Fn() -> R + Sync,
    add: impl Fn(&mut R, T) + Sync,
) -> Vec<R> {
    let work = |thread| {
        let mut made = start();
        while let Some(item) = next(thread) {
            add(&mut made, item);
        }
        made
    };
    let work = &work;
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|thread| scope.spawn(move || work(thread))).collect();
        let first = work(0);
        let joined =
            others.into_iter().map(|other| other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        std::iter::once(first).chain(joined).collect()
    })
}

/// Makes something of every item, in order.
pub(super) fn map<T: Send, R: Send>(items: Vec<T>, threads: usize, make: impl Fn(T) -> R + Sync) -> Vec<R> {
    let add = |made: &mut Vec<(usize, R)>, (at, item)| made.push((at, make(item)));
    let mut made: Vec<(usize, R)> =
        share_out(items.into_iter().enumerate(), threads, Vec::new, add).into_iter().flatten().collect();
    made.sort_unstable_by_key(|(at, _)| *at);
    made.into_iter().map(|(_, made)| made).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_worked_on_once() {
        for threads in [0, 1, 2, 5] {
            let sums = share_out(0..1000u32, threads, || 0, |sum, item| *sum += item);
            assert_eq!((sums.len(), sums.iter().sum::<u32>()), (threads.max(1), 499_500));
            let sums = share_ends(0..1000u32, threads, || 0, |sum, item| *sum += item);
            assert_eq!((sums.len(), sums.iter().sum::<u32>()), (threads.max(1), 499_500));
            assert_eq!(map((0..100).collect(), threads, |item: i32| item * 2), (0..200).step_by(2).collect::<Vec<_>>());
        }
    }
}
