//! All cases as an immutable snapshot, and the writer that makes the next one.
//!
//! A case that comes in a newer version is marked dead where it stood, and the newest version goes to the end. So a
//! change costs what it touches: the marks of some batches and the last, unfinished batch; all else is shared.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeSet, HashMap};
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

use super::batch::{CaseBatch, CaseBatchBuilder};
use super::codes::Codes;
use crate::domain::AreaTree;
use crate::domain::case::{CaseHistory, CaseRecord};

/// Which cases of a batch do not count any more.
#[derive(Debug, Clone)]
struct Dead {
    marks: Vec<bool>,
    count: u32,
}

/// A batch with the marks of cases that a newer version replaced.
#[derive(Debug, Clone)]
pub struct LiveBatch {
    batch: Arc<CaseBatch>,
    dead: Option<Arc<Dead>>,
}

impl Deref for LiveBatch {
    type Target = CaseBatch;

    fn deref(&self) -> &CaseBatch {
        &self.batch
    }
}

impl LiveBatch {
    /// A batch whose cases all count.
    pub fn all_live(batch: Arc<CaseBatch>) -> Self {
        Self { batch, dead: None }
    }

    /// Whether every case counts, so that no mark need be looked up.
    #[inline]
    pub fn is_all_live(&self) -> bool {
        self.dead.is_none()
    }

    /// Whether a case counts.
    #[inline]
    pub fn is_live(&self, case: u32) -> bool {
        self.dead.as_ref().is_none_or(|dead| !dead.marks[case as usize])
    }

    /// How many cases count.
    pub fn live_count(&self) -> usize {
        self.batch.len() - self.dead.as_ref().map_or(0, |dead| dead.count as usize)
    }

    fn bury(&mut self, case: u32) {
        let len = self.batch.len();
        let dead = self.dead.get_or_insert_with(|| Arc::new(Dead { marks: vec![false; len], count: 0 }));
        let dead = Arc::make_mut(dead);
        if !std::mem::replace(&mut dead.marks[case as usize], true) {
            dead.count += 1;
        }
    }
}

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CaseAt {
    /// Position of the batch in the book.
    pub batch: u32,
    /// Position of the case in the batch.
    pub case: u32,
}

/// All cases, as known at one version of the tables.
#[derive(Debug, Clone, Default)]
pub struct CaseBook {
    /// What the numbers in the columns mean.
    pub codes: Arc<Codes>,
    batches: Vec<LiveBatch>,
}

impl CaseBook {
    /// The batches, roughly in order of receipt.
    pub fn batches(&self) -> &[LiveBatch] {
        &self.batches
    }

    /// How many cases there are.
    pub fn len(&self) -> usize {
        self.batches.iter().map(LiveBatch::live_count).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What a change did: cases that do not count any more and cases that now do. Both can still be read in the new book.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// Replaced versions.
    pub removed: Vec<CaseAt>,
    /// New cases and newest versions.
    pub added: Vec<CaseAt>,
}

/// One case on its way into the book.
#[derive(Debug, Clone, Copy)]
pub struct NewCase<'a> {
    /// The feed that brought it.
    pub feed: &'a str,
    /// As the source holds it.
    pub record: &'a CaseRecord,
    /// What follows from its events.
    pub history: &'a CaseHistory,
}

/// Makes one book after the other. There is one writer; readers keep the book they hold.
#[derive(Debug, Default)]
pub struct BookWriter {
    book: CaseBook,
    index: HashMap<u128, CaseAt>,
}

impl BookWriter {
    /// The book as it stands.
    pub fn book(&self) -> &CaseBook {
        &self.book
    }

    /// Takes in cases, the later version of one case after the earlier.
    pub fn apply<'a>(&mut self, tree: &AreaTree, cases: impl IntoIterator<Item = NewCase<'a>>) -> Applied {
        let mut applied = Applied::default();
        let mut tail = self.take_tail();
        let mut codes = Arc::clone(&self.book.codes);
        let known = Arc::make_mut(&mut codes);
        for new in cases {
            if tail.builder.is_full() {
                self.put_back(&mut tail);
            }
            let case = tail.builder.push(known, tree, new.feed, (new.record, new.history));
            let at = CaseAt { batch: self.book.batches.len() as u32, case };
            if let Some(before) = self.index.insert(key(new.feed, &new.record.id), at) {
                applied.removed.push(before);
            }
            applied.added.push(at);
        }
        self.put_back(&mut tail);
        self.book.codes = codes;
        for at in &applied.removed {
            self.book.batches[at.batch as usize].bury(at.case);
        }
        // A case that came in twice in one change was added and removed again: it never counted.
        let removed: BTreeSet<CaseAt> = applied.removed.iter().copied().collect();
        let added: BTreeSet<CaseAt> = applied.added.iter().copied().collect();
        applied.removed.retain(|at| !added.contains(at));
        applied.added.retain(|at| !removed.contains(at));
        applied
    }

    /// The last batch taken off to go on with, if it is not full.
    fn take_tail(&mut self) -> Tail {
        match self.book.batches.pop_if(|last| last.len() < CaseBatchBuilder::CASES) {
            Some(last) => Tail { builder: CaseBatchBuilder::after(CaseBatch::clone(&last)), marks: last.dead },
            None => Tail::default(),
        }
    }

    fn put_back(&mut self, tail: &mut Tail) {
        if tail.builder.is_empty() {
            return;
        }
        let batch = tail.builder.finish();
        let mut dead = tail.marks.take();
        if let Some(dead) = &mut dead {
            Arc::make_mut(dead).marks.resize(batch.len(), false);
        }
        self.book.batches.push(LiveBatch { batch, dead });
    }
}

/// The batch that new cases go to, with the marks of what it held before.
#[derive(Debug, Default)]
struct Tail {
    builder: CaseBatchBuilder,
    marks: Option<Arc<Dead>>,
}

/// Two independent hashes of a key: with ten million cases no two of them are alike.
fn key(feed: &str, id: &str) -> u128 {
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        (salt, feed, id).hash(&mut hasher);
        u128::from(hasher.finish())
    };
    half(0) << 64 | half(1)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{case, tree};
    use super::*;

    #[test]
    fn the_newest_version_of_a_case_counts_and_the_old_book_stays() {
        let (tree, mut writer) = (tree(), BookWriter::default());
        let cases: Vec<_> = (0..3).map(|k| case(&format!("c{k}"), "26734", "2022-05-01T08:00:00", None)).collect();
        let all = cases.iter().map(|(record, history)| NewCase { feed: "f", record, history });
        assert_eq!(writer.apply(&tree, all).added.len(), 3);
        let before = writer.book().clone();
        let (record, history) = case("c1", "26734", "2022-05-01T08:00:00", Some("2022-05-02T08:00:00"));
        let applied = writer.apply(&tree, [NewCase { feed: "f", record: &record, history: &history }]);
        assert_eq!((applied.removed.len(), applied.added.len()), (1, 1));
        let after = writer.book();
        assert_eq!((before.len(), after.len()), (3, 3));
        assert_eq!(after.batches().len(), 1, "the unfinished batch went on");
        let batch = &after.batches()[0];
        assert!(!batch.is_live(applied.removed[0].case) && batch.is_live(applied.added[0].case));
        assert_eq!(batch.id(applied.added[0].case), "c1");
        assert!(before.batches()[0].is_all_live());
        let other = writer.apply(&tree, [NewCase { feed: "g", record: &record, history: &history }]);
        assert_eq!((other.removed.len(), writer.book().len()), (0, 4), "another feed, another case");
    }

    #[test]
    fn a_case_that_comes_twice_in_one_change_counts_once() {
        let (tree, mut writer) = (tree(), BookWriter::default());
        let (record, history) = case("c", "26734", "2022-05-01T08:00:00", None);
        let new = NewCase { feed: "f", record: &record, history: &history };
        let applied = writer.apply(&tree, [new, new]);
        assert_eq!((applied.removed.len(), applied.added.len(), writer.book().len()), (0, 1, 1));
    }
}
