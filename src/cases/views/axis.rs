//! What the rows and columns of a table stand for.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::Datelike;

use super::bands::AGE_BANDS;
use crate::cases::{Codes, Dictionary, LateRow, Second, Spans, moment};
use crate::domain::{AreaKind, TOTAL};

/// What the rows or columns of a table stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Axis {
    /// All together.
    Total,
    /// Districts; code "" is what lies in none.
    District,
    /// Wards; code "" is what lies in none, a known district or not.
    Ward,
    /// Authorities. Then stints count, not rounds; code "" is none.
    Org,
    /// Categories.
    Category,
    /// Channels.
    Channel,
    /// Days, `2022-05-25`.
    Day,
    /// Weeks from Monday, `2022-W21`.
    Week,
    /// Months, `2022-05`.
    Month,
    /// Age of what is open at the end of the window. Its cells hold no flows.
    AgeBand,
}

impl Axis {
    /// All axes.
    pub const ALL: [Axis; 10] = [
        Axis::Total,
        Axis::District,
        Axis::Ward,
        Axis::Org,
        Axis::Category,
        Axis::Channel,
        Axis::Day,
        Axis::Week,
        Axis::Month,
        Axis::AgeBand,
    ];

    /// The code in requests.
    pub fn as_str(self) -> &'static str {
        match self {
            Axis::Total => "total",
            Axis::District => "district",
            Axis::Ward => "ward",
            Axis::Org => "org",
            Axis::Category => "category",
            Axis::Channel => "channel",
            Axis::Day => "day",
            Axis::Week => "week",
            Axis::Month => "month",
            Axis::AgeBand => "age_band",
        }
    }

    /// The axis of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|axis| axis.as_str() == code)
    }

    /// Whether each flow falls where its own second does.
    pub fn is_time(self) -> bool {
        matches!(self, Axis::Day | Axis::Week | Axis::Month)
    }

    /// The key of a day, for an axis of time.
    pub(super) fn label(self, at: Second) -> String {
        let day = moment(at).date();
        match self {
            Axis::Week => format!("{}-W{:02}", day.iso_week().year(), day.iso_week().week()),
            Axis::Month => format!("{:04}-{:02}", day.year(), day.month()),
            _ => day.to_string(),
        }
    }
}

/// The keys of an axis, and where each span goes.
#[derive(Debug)]
pub(super) struct Keys {
    pub axis: Axis,
    /// Codes, ascending. Empty at first for an axis of time.
    pub codes: Vec<Arc<str>>,
    /// Position of a number in `codes`; empty for axes that go by something else.
    position: Vec<u32>,
}

impl Keys {
    pub fn new(axis: Axis, codes: &Codes) -> Self {
        match axis {
            Axis::Total => Self::fixed(axis, &[TOTAL]),
            Axis::AgeBand => Self::fixed(axis, &AGE_BANDS),
            Axis::Day | Axis::Week | Axis::Month => Self::fixed(axis, &[]),
            Axis::District | Axis::Ward => Self::of_places(axis, codes),
            Axis::Org => Self::of_codes(axis, &codes.orgs),
            Axis::Category => Self::of_codes(axis, &codes.categories),
            Axis::Channel => Self::of_codes(axis, &codes.channels),
        }
    }

    fn fixed(axis: Axis, codes: &[&str]) -> Self {
        Self { axis, codes: codes.iter().map(|code| Arc::from(*code)).collect(), position: Vec::new() }
    }

    fn of_codes(axis: Axis, known: &Dictionary) -> Self {
        Self::sorted(axis, (0..known.len()).map(|number| Arc::clone(known.code(number as u16))).collect())
    }

    fn of_places(axis: Axis, codes: &Codes) -> Self {
        let places = &codes.places;
        let code_of = |number: usize| {
            let place = places.place(number as u16);
            match (axis, place.kind) {
                (Axis::District, _) => Arc::clone(&places.place(place.district).code),
                (_, AreaKind::Ward) => Arc::clone(&place.code),
                _ => Arc::from(""),
            }
        };
        Self::sorted(axis, (0..places.len()).map(code_of).collect())
    }

    /// The same code may have several numbers: an area that was bounded anew keeps its code.
    fn sorted(axis: Axis, code_of: Vec<Arc<str>>) -> Self {
        let mut codes = code_of.clone();
        codes.sort_unstable();
        codes.dedup();
        let at: BTreeMap<&Arc<str>, u32> = codes.iter().zip(0..).collect();
        let position = code_of.iter().map(|code| at[code]).collect();
        Self { axis, codes, position }
    }

    /// Where a span goes; 0 for axes of time and age, which depend on more than the span.
    #[inline]
    pub fn position(&self, spans: &Spans, row: usize) -> usize {
        let number = match self.axis {
            Axis::District | Axis::Ward => spans.place[row],
            Axis::Org => spans.org[row],
            Axis::Category => spans.category[row],
            Axis::Channel => spans.channel[row],
            Axis::Total | Axis::Day | Axis::Week | Axis::Month | Axis::AgeBand => return 0,
        };
        self.position[usize::from(number)] as usize
    }

    /// The same, by the copy of its codes.
    #[inline]
    pub fn position_of(&self, copy: &LateRow) -> usize {
        let number = match self.axis {
            Axis::District | Axis::Ward => copy.place,
            Axis::Org => copy.org,
            Axis::Category => copy.category,
            Axis::Channel => copy.channel,
            Axis::Total | Axis::Day | Axis::Week | Axis::Month | Axis::AgeBand => return 0,
        };
        self.position[usize::from(number)] as usize
    }

    /// Whether a key that nothing belongs to is left out.
    pub fn drops_empty(&self) -> bool {
        !self.position.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::sec;
    use super::*;

    #[test]
    fn weeks_begin_on_monday_and_belong_to_the_year_of_their_thursday() {
        let week = |text: &str| Axis::Week.label(sec(text));
        assert_eq!(week("2022-05-23T00:00:00"), "2022-W21");
        assert_eq!(week("2022-05-22T23:59:59"), "2022-W20");
        assert_eq!(week("2023-01-01T12:00:00"), "2022-W52");
        assert_eq!(week("2021-01-03T12:00:00"), "2020-W53");
        assert_eq!(Axis::Month.label(sec("2022-05-31T23:59:59")), "2022-05");
    }

    #[test]
    fn axes_are_named_by_their_codes() {
        for axis in Axis::ALL {
            assert_eq!(Axis::from_code(axis.as_str()), Some(axis));
        }
    }
}
