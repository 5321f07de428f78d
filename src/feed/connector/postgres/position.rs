//! How far a source of changes has been read, so that no change that was committed late is passed over.
//!
//! A row gets its time of change when it is written, and can be read when its transaction commits, perhaps much later.
//! Reading on from the newest time seen would pass over the rows of every transaction that was open meanwhile. So
//! reading goes on from the *safe* time: the earliest time that a row may have that could not be read yet. Three things
//! bound it: when the reading began; when the oldest transaction that was open then had begun (as far as the database
//! says: it hides that of other users from readers without `pg_read_all_stats`); and transaction numbers. Numbers are
//! given out in order, so a transaction that is open now and has a number that an earlier reading had not yet seen given
//! out has written nothing before that reading. What is read twice that way is dropped by identifier and time of change.
//! The overlap covers what is left: a time of change taken a moment before the number, clocks set back a little, or
//! times of change that are the begin of a transaction that wrote nothing for a while.

/// How long before the first contact a transaction may have begun that the database does not tell us about.
const UNSEEN: i64 = 3_600_000_000;

/// Readings remembered are at least this far apart, microseconds.
const APART: i64 = 1_000_000;

/// What the database says of itself when a reading begins. Times are microseconds since 1970 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Snapshot {
    /// Its clock, before the snapshot was taken.
    pub at: i64,
    /// When the oldest transaction open at `at` had begun, as far as it can be seen; `at` if there is none.
    pub oldest: i64,
    /// The lowest number of a transaction that is open.
    pub xmin: i64,
    /// The number that the next transaction will have.
    pub xmax: i64,
}

/// An earlier reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Reading {
    xmax: i64,
    at: i64,
}

/// From where the next reading goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Position {
    /// Times of change from here on are still to be read, or may be; `None`: from the beginning.
    pub from: Option<i64>,
    /// Earlier readings by time.
    readings: Vec<Reading>,
}

impl Position {
    /// Before the first reading, or after a restart that left only `from`.
    pub fn new(from: Option<i64>) -> Self {
        // What was safe before the restart is older than everything that was open then.
        let readings = from.map(|at| Reading { xmax: 0, at }).into_iter().collect();
        Self { from, readings }
    }

    /// The time before which nothing can turn up any more, after a reading in `snapshot`.
    pub fn safe(&mut self, snapshot: Snapshot, overlap: i64) -> i64 {
        if self.readings.is_empty() {
            self.readings.push(Reading { xmax: 0, at: snapshot.at - UNSEEN });
        }
        let before = |reading: &Reading| reading.xmax <= snapshot.xmin;
        let usable = self.readings.iter().rposition(before).unwrap_or(0);
        let unwritten = if snapshot.xmin >= snapshot.xmax { snapshot.at } else { self.readings[usable].at };
        // Numbers only grow, so earlier readings will never be asked for again.
        self.readings.drain(..usable);
        if self.readings.last().is_none_or(|last| snapshot.at - last.at >= APART) {
            self.readings.push(Reading { xmax: snapshot.xmax, at: snapshot.at });
        }
        snapshot.at.min(snapshot.oldest).min(unwritten) - overlap
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

    fn snapshot(at: i64, xmin: i64, xmax: i64) -> Snapshot {
        Snapshot { at: at * SECOND, oldest: at * SECOND, xmin, xmax }
    }

    #[test]
    fn without_open_transactions_only_the_overlap_is_read_again() {
        let mut position = Position::new(None);
        assert_eq!(position.safe(snapshot(100_000, 7, 7), 10 * SECOND), 99_990 * SECOND);
    }

    #[test]
    fn a_transaction_holds_the_position_where_it_cannot_have_begun_to_write() {
        let mut position = Position::new(Some(0));
        position.safe(snapshot(100, 7, 7), 0);
        // Number 7 is open since some time after 100.
        assert_eq!(position.safe(snapshot(105, 7, 9), 0), 100 * SECOND);
        assert_eq!(position.safe(snapshot(500, 7, 30), 0), 100 * SECOND);
        // It has ended; the oldest open one is number 20, given out between 105 and 500.
        assert_eq!(position.safe(snapshot(501, 20, 40), 0), 105 * SECOND);
        assert_eq!(position.safe(snapshot(502, 41, 41), 0), 502 * SECOND);
    }

    #[test]
    fn what_the_database_says_of_open_transactions_counts_too() {
        let mut position = Position::new(Some(0));
        let idle = Snapshot { oldest: 60 * SECOND, ..snapshot(100, 7, 7) };
        assert_eq!(position.safe(idle, 0), 60 * SECOND);
    }

    #[test]
    fn the_first_contact_and_a_restart_know_of_no_earlier_reading() {
        assert_eq!(Position::new(None).safe(snapshot(10_000, 5, 9), 0), 6_400 * SECOND);
        assert_eq!(Position::new(Some(42)).safe(snapshot(10_000, 5, 9), 0), 42);
    }

    #[test]
    fn a_position_never_goes_back() {
        let mut position = Position::new(None);
        position.advance(5);
        position.advance(3);
        assert_eq!(position.from, Some(5));
    }
}
