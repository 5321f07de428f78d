//! What a source states about one planned series in one period: total, areas, members, with what is left out on
//! purpose.

use std::sync::Arc;

use chrono::NaiveDate;

use super::cell::Cell;
use super::gaps::{Absence, absence};
use super::geography::{CITY, DISTRICTS};
use super::model::{Cut, Model};
use super::plan::{Plan, Reach, plan_of};
use crate::domain::{ObsStatus, Period};

/// States the official figures of a period.
pub fn official(model: &Model<'_>, plan: &'static Plan, period: Period, published: NaiveDate) -> Vec<Cell> {
    let issue = Issue { period, published, status: ObsStatus::A };
    state(model, plan, issue, &|measure| model.city(measure, period))
}

/// States the city's estimate of a running month; lower areas are not estimated.
pub fn estimate(model: &Model<'_>, plan: &'static Plan, period: Period, published: NaiveDate) -> Vec<Cell> {
    let issue = Issue { period, published, status: ObsStatus::E };
    state(model, plan, issue, &|measure| first_estimate(model, measure, period))
}

/// What was estimated of the city before the month was over: the figure itself where a published figure ends with this
/// month, else within some percent of it.
pub fn first_estimate(model: &Model<'_>, measure: &str, period: Period) -> i64 {
    let city = model.city(measure, period);
    if super::anchors::ends_with(measure, period) {
        return city;
    }
    let spread = plan_of(measure).map_or(0.0, |p| if p.noise < 0.005 { 0.002 } else { 0.011 });
    (city as f64 * model.noise(&format!("{measure}/estimate/{period}")).factor(spread)).round() as i64
}

/// What is stated when, and how firmly.
#[derive(Clone, Copy)]
struct Issue {
    period: Period,
    published: NaiveDate,
    status: ObsStatus,
}

fn state(model: &Model<'_>, plan: &'static Plan, issue: Issue, of_city: &dyn Fn(&str) -> i64) -> Vec<Cell> {
    let Issue { period, published, status } = issue;
    let Some(figure) = model.figure(plan.measure, period) else { return Vec::new() };
    let cell = |area: &Arc<str>, ticks: i64| Cell {
        area: area.clone(),
        scale: plan.scale,
        ..Cell::of_city(plan.measure, period, ticks, plan.decimals, published).status(status)
    };
    let city: Arc<str> = CITY.into();
    let mut totals = Vec::new();
    if speaks_for_the_city(plan, &figure.leaves) {
        totals.push((city.clone(), of_city(plan.measure)));
    }
    totals.extend(figure.leaves.iter().cloned());
    let mut cells = Vec::new();
    for (area, ticks) in &totals {
        let station = plan.stations.and_then(|dimension| Some((dimension, station_of(area)?)));
        let found = Cell { member: station, ..cell(area, *ticks) };
        match absence(plan.measure, area, period) {
            None => cells.push(found),
            Some(Absence::NotCollected) => cells.push(Cell { ticks: None, ..found.status(ObsStatus::M) }),
            Some(Absence::Late) => {}
        }
    }
    for part in plan.parts {
        let mut areas = vec![(city.clone(), of_city(plan.measure))];
        if part.by_district {
            areas.extend(figure.leaves.iter().cloned());
        }
        for (area, ticks) in areas.into_iter().filter(|(a, _)| absence(plan.measure, a, period).is_none()) {
            let cut = Cut { plan, part, area: &area, period, ticks };
            for (member, ticks) in part.members.iter().zip(model.parts(&cut, of_city)) {
                cells.push(cell(&area, ticks).member(part.dimension, member.code));
            }
        }
    }
    cells
}

/// Whether the source gives a total of the city: where it is not the sum of its areas, where there are no districts any
/// more, and for ward series of years whose wards are not known.
fn speaks_for_the_city(plan: &Plan, leaves: &[(Arc<str>, i64)]) -> bool {
    let districts_only = leaves.first().is_none_or(|(code, _)| code.len() == 3);
    match plan.reach {
        Reach::City => true,
        Reach::District(..) => !plan.is_rate() && (leaves.is_empty() || !plan.adds_up()),
        Reach::Ward(_) => districts_only,
    }
}

/// The station of a district has the district's code.
fn station_of(area: &str) -> Option<&'static str> {
    DISTRICTS.iter().find(|d| d.code == area).map(|d| d.code)
}

/// The label of a member in the source.
pub fn member_label(plan: &Plan, dimension: &str, member: &str) -> &'static str {
    let part = plan.parts.iter().find(|p| p.dimension == dimension);
    let found = part.and_then(|p| p.members.iter().find(|m| m.code == member));
    found.map_or("", |m| m.label)
}
