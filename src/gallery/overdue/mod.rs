//! Charts of what is late: who, where, in what and since when.

mod headline;
mod heatmap;
mod map;
mod multiples;
mod ranking;
mod trend;

pub use heatmap::{GridKey, OverdueGrid, grid, heatmap};
pub use map::map;
pub use multiples::multiples;
pub use ranking::ranking;
pub use trend::trend;

use super::words::Words;
use crate::cases::views::{Axis, Lens, Share};
use crate::chart::spec::Cell;
use crate::domain::Moment;

/// A share as a cell: hatched with too few cases, empty where nothing fell due.
fn cell(share: Share, provisional: bool) -> Cell {
    let n = Some(u64::from(share.cases));
    match share.shown() {
        Some(value) => Cell::Value { value: value * 100.0, n, provisional },
        None if share.cases == 0 => Cell::NotApplicable,
        None => Cell::TooFew { n },
    }
}

/// Districts while there are any in the window, wards after.
pub fn usual_units(lens: &Lens<'_>) -> Axis {
    if crate::cases::moment(lens.to.saturating_sub(1)) < districts_ended() { Axis::District } else { Axis::Ward }
}

/// 1 July 2025, when the districts ended.
pub(super) fn districts_ended() -> Moment {
    Moment::midnight(chrono::NaiveDate::from_ymd_opt(2025, 7, 1).unwrap_or_default())
}

/// "Cao nhất: Quận 1 70 %, Quận 3 47 %" for who cannot see the chart.
fn told(words: Words, ranked: &[(String, Share)]) -> String {
    let shown = ranked.iter().filter_map(|(name, share)| Some((name, share.shown()?))).take(5);
    let parts: Vec<String> = shown.map(|(name, share)| format!("{name} {}", words.percent(share))).collect();
    if parts.is_empty() {
        return String::new();
    }
    format!(" {} {}.", words.pick("Cao nhất:", "Highest:"), parts.join(", "))
}
