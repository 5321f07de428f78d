//! The machine's clock: read here and nowhere else.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::config::ClockConfig;
use crate::domain::Clock;
use crate::domain::clock::FixedClock;

/// The machine's time.
#[derive(Debug, Clone, Copy)]
struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// The machine's time moved by a constant: a demonstration that lives in 2022.
#[derive(Debug, Clone, Copy)]
struct ShiftedClock(TimeDelta);

impl Clock for ShiftedClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now() + self.0
    }
}

/// The clock that the configuration asks for.
pub fn from_config(config: &ClockConfig) -> Arc<dyn Clock> {
    match (config.fixed, config.start) {
        (Some(at), _) => Arc::new(FixedClock(at.with_timezone(&Utc))),
        (None, Some(start)) => Arc::new(ShiftedClock(start.with_timezone(&Utc) - Utc::now())),
        (None, None) => Arc::new(SystemClock),
    }
}
