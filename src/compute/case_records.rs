//! What is counted over cases, as the cube reads it: by city, district and ward, by breakdown, by authority.
//!
//! Wards have totals only (the views of [`crate::cases::views`] break them down when asked), districts and the city all
//! breakdowns, authorities their totals. An area without cases has zeros.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::cases::monthly::{BANDS, Basis, CaseMeasure, Member, MonthlySeries, Scope};
use crate::cases::{Codes, Cut, Monthly, month_start};
use crate::catalog::Catalog;
use crate::cube::{QuantileSlice, RecordSlice, Records, Running, Slice};
use crate::domain::area::AreaIx;
use crate::domain::{AreaKind, Breakdown, Measure, Period, TOTAL, Vintage};

/// How long after its end a month's reopenings still count: its share of reopened answers is provisional until then.
const REOPENED_WITHIN: u32 = 30 * 86_400;

/// The counts of `monthly` for the cube.
pub fn records_of(catalog: &Catalog, codes: &Codes, monthly: &Monthly, quantiles: Vec<QuantileSlice>) -> Records {
    let series = monthly.series(codes);
    let months = series.months();
    let count = Counts { catalog, codes, series: &series, areas: Areas::of(catalog, codes, &months) };
    let mut counts = Vec::new();
    for measure in CaseMeasure::ALL {
        if let Some(declared) = catalog.measures.get(measure.code()) {
            count.slices_of(measure, declared, provisional_from(measure, monthly.cut(), &months), &mut counts);
        }
    }
    let last = months.end - 1;
    let running = (!months.is_empty() && !monthly.is_whole(last)).then(|| Running {
        month: last,
        // The day that is not over does not count as one, or the last day of a month would look like a whole month.
        days: monthly.days_elapsed(last).saturating_sub(1) as u16,
        days_due: days_in(last),
    });
    Records { first: months.start, months: months.len(), running, vintage: known_at(monthly.cut()), counts, quantiles }
}

fn days_in(month: i32) -> u16 {
    let period = Period::from_index(crate::domain::Freq::M, month);
    ((period.last_day() - period.first_day()).num_days() + 1) as u16
}

fn known_at(cut: Cut) -> Vintage {
    crate::cases::moment(cut.last()).vintage()
}

fn provisional_from(measure: CaseMeasure, cut: Cut, months: &std::ops::Range<i32>) -> i32 {
    if measure != CaseMeasure::ClosedReopened30d {
        return i32::MAX;
    }
    let is_settled = |month: &i32| month_start(month + 1).saturating_add(REOPENED_WITHIN) <= cut.second();
    months.clone().find(|month| !is_settled(month)).unwrap_or(i32::MAX)
}

/// The dated areas that a row of the cube belongs to, and where its cases are counted.
struct Areas {
    city: Vec<AreaIx>,
    residual: Vec<AreaIx>,
    districts: Vec<(AreaIx, Option<Scope>)>,
    wards: Vec<(AreaIx, Option<Scope>)>,
}

impl Areas {
    fn of(catalog: &Catalog, codes: &Codes, months: &std::ops::Range<i32>) -> Self {
        let places: BTreeMap<AreaIx, u16> =
            codes.places.iter().filter_map(|(number, place)| place.area.map(|area| (area, number))).collect();
        let tree = &catalog.areas;
        let mut areas = Self {
            city: tree.spans(&catalog.city).to_vec(),
            residual: Vec::new(),
            districts: Vec::new(),
            wards: Vec::new(),
        };
        let lives = |ix: AreaIx| {
            let area = tree.area(ix);
            let last = |month: i32| Period::from_index(crate::domain::Freq::M, month).last_day();
            !months.is_empty()
                && area.valid_from <= last(months.end - 1)
                && area.valid_to.is_none_or(|to| to >= last(months.start))
        };
        for (ix, area) in tree.indexed().filter(|(ix, _)| lives(*ix)) {
            let place = places.get(&ix).copied();
            match area.kind {
                AreaKind::Residual => areas.residual.push(ix),
                AreaKind::District => areas.districts.push((ix, place.map(Scope::District))),
                AreaKind::Ward => areas.wards.push((ix, place.map(Scope::Place))),
                AreaKind::Reference | AreaKind::City => {}
            }
        }
        areas
    }
}

struct Counts<'a> {
    catalog: &'a Catalog,
    codes: &'a Codes,
    series: &'a MonthlySeries<'a>,
    areas: Areas,
}

impl Counts<'_> {
    fn slices_of(&self, measure: CaseMeasure, declared: &Measure, provisional_from: i32, out: &mut Vec<RecordSlice>) {
        let mut add = |slice: Slice, rows: Vec<(Vec<AreaIx>, Vec<f64>)>| {
            if !rows.is_empty() {
                out.push(RecordSlice { measure: measure.code().into(), slice, rows, provisional_from });
            }
        };
        let all = |breakdown| Slice { org: TOTAL.into(), breakdown };
        add(all(Breakdown::TOTAL), self.total(measure, declared.level));
        for (dimension, member, of) in self.members() {
            if declared.dimensions.iter().any(|d| d == dimension) {
                add(all(Breakdown::member(dimension, &member)), self.broken_down(measure, declared.level, of));
            }
        }
        if declared.dimensions.iter().any(|d| d == "handling_unit") {
            for org in self.series.orgs() {
                let slice = Slice { org: Arc::clone(self.codes.orgs.code(org)), breakdown: Breakdown::TOTAL };
                add(slice, self.row(measure, Scope::Org(org), Member::Total, &self.areas.city).into_iter().collect());
            }
        }
    }

    /// Every member of every dimension that cases are broken down by.
    fn members(&self) -> Vec<(&'static str, String, Member)> {
        let mut members = Vec::new();
        let codes = self.codes;
        members.extend(codes.channels.iter().map(|(n, code)| ("channel", code.to_string(), Member::Channel(n))));
        members.extend(codes.categories.iter().map(|(n, code)| ("field", code.to_string(), Member::Field(n))));
        let bands = |dimension: &'static str, of: fn(usize) -> Member| {
            let declared = self.catalog.dimensions.get(dimension);
            let codes = declared.into_iter().flat_map(|d| d.members.keys()).take(BANDS).enumerate();
            codes.map(move |(k, code)| (dimension, code.clone(), of(k))).collect::<Vec<_>>()
        };
        members.extend(bands("age_band", Member::AgeBand));
        members.extend(bands("overdue_days_band", Member::OverdueBand));
        members.push(("deadline_basis", "original".to_owned(), Member::Basis(Basis::Original)));
        members.push(("deadline_basis", "effective".to_owned(), Member::Basis(Basis::Effective)));
        members
    }

    fn total(&self, measure: CaseMeasure, level: AreaKind) -> Vec<(Vec<AreaIx>, Vec<f64>)> {
        let mut rows = Vec::new();
        rows.extend(self.row(measure, Scope::City, Member::Total, &self.areas.city));
        let zeros = || vec![0.0; self.series.months().len()];
        let below = |areas: &[(AreaIx, Option<Scope>)], rows: &mut Vec<_>| {
            for (area, scope) in areas {
                let counted = scope.and_then(|scope| self.row(measure, scope, Member::Total, &[*area]));
                rows.push(counted.unwrap_or_else(|| (vec![*area], zeros())));
            }
        };
        if level >= AreaKind::District && !rows.is_empty() {
            let residual = self.row(measure, Scope::Unplaced, Member::Total, &self.areas.residual);
            rows.extend(residual);
            below(&self.areas.districts, &mut rows);
            if level == AreaKind::Ward {
                below(&self.areas.wards, &mut rows);
            }
        }
        rows
    }

    fn broken_down(&self, measure: CaseMeasure, level: AreaKind, member: Member) -> Vec<(Vec<AreaIx>, Vec<f64>)> {
        let mut rows = Vec::new();
        rows.extend(self.row(measure, Scope::City, member, &self.areas.city));
        if level >= AreaKind::District {
            for (area, scope) in &self.areas.districts {
                rows.extend(scope.and_then(|scope| self.row(measure, scope, member, &[*area])));
            }
        }
        rows
    }

    fn row(
        &self,
        measure: CaseMeasure,
        scope: Scope,
        member: Member,
        areas: &[AreaIx],
    ) -> Option<(Vec<AreaIx>, Vec<f64>)> {
        let counts = self.series.of(measure, scope, member)?;
        Some((areas.to_vec(), counts.into_iter().map(f64::from).collect()))
    }
}
