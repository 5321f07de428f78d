//! Moments in four bytes, and the cut that hides the future.

use crate::domain::Period;
use crate::domain::case::Moment;

/// Seconds since 1970 on the city's wall clock; [`NEVER`] for what did not happen. Reaches the year 2106.
pub type Second = u32;

/// What did not happen (yet).
pub const NEVER: Second = u32::MAX;

/// A moment in four bytes; before 1970 it is 0, after 2106 the last second before [`NEVER`].
pub fn second(at: Moment) -> Second {
    at.0.clamp(0, i64::from(NEVER) - 1) as Second
}

/// A moment that may not have come.
pub fn second_or_never(at: Option<Moment>) -> Second {
    at.map_or(NEVER, second)
}

/// The moment of a second.
pub fn moment(at: Second) -> Moment {
    Moment(i64::from(at))
}

/// Where time is cut off: what happens at or after it does not exist. As of an instant, that is one second later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cut(Second);

impl Cut {
    /// Everything that is known.
    pub const NONE: Cut = Cut(NEVER);

    /// What was known at an instant, its own second included.
    pub fn as_of(at: Moment) -> Self {
        Cut(second(Moment(at.0.saturating_add(1))))
    }

    /// Right before a second.
    pub fn before(at: Second) -> Self {
        Self(at)
    }

    /// The first second that does not exist.
    pub fn second(self) -> Second {
        self.0
    }

    /// The last second that exists.
    pub fn last(self) -> Second {
        self.0.saturating_sub(1)
    }

    /// Whether something had happened.
    #[inline]
    pub fn sees(self, at: Second) -> bool {
        at < self.0
    }

    /// A time that may lie beyond the cut: [`NEVER`] then.
    #[inline]
    pub fn seen(self, at: Second) -> Second {
        if at < self.0 { at } else { NEVER }
    }
}

/// The first second of a month by its index (`Period::index`), clamped to what seconds can say.
pub fn month_start(index: i32) -> Second {
    second(Moment::midnight(Period::from_index(crate::domain::Freq::M, index).first_day()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_sees_its_own_second() {
        let noon = Moment::from_local("2022-05-25T12:00:00".parse().unwrap());
        let cut = Cut::as_of(noon);
        assert!(cut.sees(second(noon)));
        assert!(!cut.sees(second(noon) + 1));
        assert_eq!(cut.seen(second(noon) + 1), NEVER);
        assert_eq!(moment(cut.last()), noon);
        assert!(!Cut::NONE.sees(NEVER));
    }
}
