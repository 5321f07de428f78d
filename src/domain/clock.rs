//! Time enters through a trait; only `app` reads the machine's clock.

use chrono::{DateTime, NaiveDate, Utc};

use super::Vintage;

/// Where "now" comes from.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// The present instant.
    fn now(&self) -> DateTime<Utc>;

    /// The present local date of the city.
    fn today(&self) -> NaiveDate {
        Vintage::from_instant(self.now()).local_date().expect("now is within chrono's range")
    }
}

/// A clock that stands still: tests, demonstrations on past data, reprints.
#[derive(Debug, Clone, Copy)]
pub struct FixedClock(pub DateTime<Utc>);

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}
