//! How far a source of changes has been read, so that no change that was committed late is passed over.
//!
//! A row gets its time of change when it is written, and can be read when its transaction commits, perhaps much later.
//! Reading on from the newest time seen would pass over the rows of every transaction that was open meanwhile. So
//! reading goes on from the *safe* time: the earliest time that a row may have that could not be read yet. Three things
//! bound it: when the reading began; when the oldest transaction that was open then had begun (as far as the database
//! says: it hides that of other users from readers without `pg_read_all_stats`); and the numbers of the transactions
//! that had written and were open, which everybody may see as locks. A number that was not there at the reading before
//! has written nothing before that reading. (A snapshot's own `xmax` would not do: it is one past the highest number that
//! has *ended*, and higher ones may already be writing.) What is read twice that way is dropped by identifier and time of
//! change. The overlap covers what is left: a time of change taken a moment before the number, clocks set back a little,
//! or times of change that are the begin of a transaction that wrote nothing for a while.

use std::collections::BTreeMap;

/// How long before the first contact a transaction may have written that is still open then.
const UNSEEN: i64 = 3_600_000_000;

/// What the database says of itself before a reading. Times are microseconds since 1970 UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Moments {
    /// Its clock, before anything else was asked.
    pub at: i64,
    /// When the oldest transaction open at `at` had begun, as far as it can be seen; `at` if there is none.
    pub oldest: i64,
    /// Numbers of the transactions that have written and are open.
    pub open: Vec<i64>,
}

/// From where the next reading goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Position {
    /// Times of change from here on are still to be read, or may be; `None`: from the beginning.
    pub from: Option<i64>,
    /// Open transactions, each with a time before which it has written nothing.
    open: BTreeMap<i64, i64>,
    /// When the last reading began.
    last: Option<i64>,
}

impl Position {
    /// Before the first reading, or after a restart that left only `from`.
    pub fn new(from: Option<i64>) -> Self {
        Self { from, open: BTreeMap::new(), last: None }
    }

    /// The time before which nothing can turn up any more once a snapshot has been read that was taken after `now`.
    pub fn safe(&mut self, now: &Moments, overlap: i64) -> i64 {
        // After a restart: what was safe then is older than everything that was open then or came later.
        let unknown = self.last.or(self.from).unwrap_or(now.at - UNSEEN);
        let since = |number: &i64| (*number, self.open.get(number).copied().unwrap_or(unknown));
        self.open = now.open.iter().map(since).collect();
        self.last = Some(now.at);
        let unwritten = self.open.values().copied().min().unwrap_or(now.at);
        now.at.min(now.oldest).min(unwritten) - overlap
    }

    /// Goes on from `to`; never back, because what was safe stays safe.
    pub fn advance(&mut self, to: i64) {
        self.from = Some(self.from.map_or(to, |from| from.max(to)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000;

    fn now(at: i64, open: &[i64]) -> Moments {
        Moments { at: at * SECOND, oldest: at * SECOND, open: open.to_vec() }
    }

    #[test]
    fn without_open_transactions_only_the_overlap_is_read_again() {
        let mut position = Position::new(None);
        assert_eq!(position.safe(&now(100_000, &[]), 10 * SECOND), 99_990 * SECOND);
    }

    #[test]
    fn a_transaction_holds_the_position_where_it_cannot_have_begun_to_write() {
        let mut position = Position::new(Some(0));
        position.safe(&now(100, &[]), 0);
        // Number 7 is there since some time after 100, and 9 since some time after 105.
        assert_eq!(position.safe(&now(105, &[7]), 0), 100 * SECOND);
        assert_eq!(position.safe(&now(500, &[7, 9]), 0), 100 * SECOND);
        assert_eq!(position.safe(&now(501, &[9, 12]), 0), 105 * SECOND);
        assert_eq!(position.safe(&now(502, &[12]), 0), 500 * SECOND);
        assert_eq!(position.safe(&now(503, &[]), 0), 503 * SECOND);
    }

    #[test]
    fn what_the_database_says_of_open_transactions_counts_too() {
        let mut position = Position::new(Some(0));
        let idle = Moments { oldest: 60 * SECOND, ..now(100, &[]) };
        assert_eq!(position.safe(&idle, 0), 60 * SECOND);
    }

    #[test]
    fn the_first_contact_and_a_restart_know_of_no_earlier_reading() {
        assert_eq!(Position::new(None).safe(&now(10_000, &[5]), 0), 6_400 * SECOND);
        assert_eq!(Position::new(Some(42)).safe(&now(10_000, &[5]), 0), 42);
    }

    #[test]
    fn a_position_never_goes_back() {
        let mut position = Position::new(None);
        position.advance(5);
        position.advance(3);
        assert_eq!(position.from, Some(5));
    }
}
