//! Handling times as the cube reads them: median and 90th percentile of every group in every window.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::cases::monthly::{By, Scope};
use crate::cases::quantiles::{Quantile, Window};
use crate::cases::{Codes, HandlingTimes};
use crate::catalog::Catalog;
use crate::cube::{QuantileRow, QuantileSlice, Quantiles, Slice};
use crate::domain::area::AreaIx;
use crate::domain::{AreaKind, Breakdown, Freq, Period, TOTAL};

/// The measure that is one record per answered case.
const MEASURE: &str = "case_handling_hours";

/// All groups that the cube shows: areas with their breakdowns, authorities for the whole city.
pub fn quantile_slices(catalog: &Catalog, codes: &Codes, times: &HandlingTimes) -> Vec<QuantileSlice> {
    if !catalog.measures.contains_key(MEASURE) {
        return Vec::new();
    }
    let mut rows: BTreeMap<(Slice, Vec<AreaIx>), QuantileRow> = BTreeMap::new();
    for year in times.years() {
        for (scope, by) in times.groups(year) {
            let (Some(areas), Some(slice)) = (areas_of(catalog, codes, scope), slice_of(codes, scope, by)) else {
                continue;
            };
            let row = rows.entry((slice, areas.clone())).or_default();
            row.areas = areas;
            add_year(row, times, (scope, by), year);
        }
    }
    let mut slices: BTreeMap<Slice, Vec<QuantileRow>> = BTreeMap::new();
    for ((slice, _), row) in rows {
        slices.entry(slice).or_default().push(row);
    }
    slices.into_iter().map(|(slice, rows)| QuantileSlice { measure: MEASURE.into(), slice, rows }).collect()
}

fn add_year(row: &mut QuantileRow, times: &HandlingTimes, group: (Scope, By), year: i32) {
    let at = |window: Window| -> Option<Quantiles> {
        let (median, count) = times.get(group, window, Quantile::Median)?;
        let (p90, _) = times.get(group, window, Quantile::P90)?;
        Some(Quantiles { median, p90, count })
    };
    let mut put = |freq: Freq, index: i32, window: Window| {
        row.periods.extend(at(window).map(|quantiles| (Period::from_index(freq, index), quantiles)));
    };
    put(Freq::A, year, Window::Year(year));
    (year * 4..year * 4 + 4).for_each(|quarter| put(Freq::Q, quarter, Window::Quarter(quarter)));
    (year * 12..year * 12 + 12).for_each(|month| put(Freq::M, month, Window::Month(month)));
    for month in year * 12..year * 12 + 12 {
        row.to_date.extend(at(Window::YearToDate(month)).map(|quantiles| (month, quantiles)));
    }
}

/// The dated areas of a group, each in its time; `None` for places that no area of the catalogue is.
fn areas_of(catalog: &Catalog, codes: &Codes, scope: Scope) -> Option<Vec<AreaIx>> {
    let place = |place: u16| codes.places.place(place).area.map(|area| vec![area]);
    match scope {
        Scope::City | Scope::Org(_) => Some(catalog.areas.spans(&catalog.city).to_vec()),
        Scope::Unplaced => {
            let residual = catalog.areas.indexed().filter(|(_, area)| area.kind == AreaKind::Residual);
            Some(residual.map(|(ix, _)| ix).collect())
        }
        Scope::District(district) => place(district),
        // A district's own place holds only what is placed no further; the district as a whole is a group of its own.
        Scope::Place(number) if codes.places.place(number).kind == AreaKind::District => None,
        Scope::Place(number) => place(number),
    }
}

fn slice_of(codes: &Codes, scope: Scope, by: By) -> Option<Slice> {
    let member = |dimension: &str, code: &Arc<str>| (!code.is_empty()).then(|| Breakdown::member(dimension, code));
    let breakdown = match by {
        By::Total => Breakdown::TOTAL,
        By::Channel(channel) => member("channel", codes.channels.code(channel))?,
        By::Field(category) => member("field", codes.categories.code(category))?,
    };
    let org: Arc<str> = match (scope, by) {
        (Scope::Org(org), By::Total) => Arc::clone(codes.orgs.code(org)),
        (Scope::Org(_), _) => return None,
        (Scope::Place(_), By::Channel(_) | By::Field(_)) => return None,
        _ => TOTAL.into(),
    };
    Some(Slice { org, breakdown })
}
