//! Series re-expressed on the areas of one day.
//!
//! Old facts are carried to the areas existing on the day through the declared lineage. Additive flows and stocks are
//! added, or apportioned by weight where an area was divided (such values are flagged); ratios then follow from their
//! apportioned components. Rates, indices and whatever only the city has are kept only where the area is unchanged. An
//! area with a source that was not reported gets no value: a part would be a wrong number.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::NaiveDate;

use super::geography::Geography;
use super::grid::Point;
use super::inputs::{Fact, Inputs, Placed, SliceTable, TargetChange};
use crate::catalog::Catalog;
use crate::domain::area::{AreaIx, Contribution};
use crate::domain::{AreaRule, Measure, MeasureKind, Period, Target};

impl Inputs {
    /// The inputs on the areas existing on a day: every period then has that day's hierarchy, and [`super::compute()`]
    /// gives every series on it. Targets stay with their codes.
    pub fn on_areas_of<F, T>(catalog: &Catalog, day: NaiveDate, facts: F, targets: T) -> Self
    where
        F: IntoIterator<Item = Fact>,
        T: IntoIterator<Item = Target>,
    {
        let mut inputs = Self::empty(catalog, Arc::new(Geography::frozen(&catalog.areas, day)));
        let mut slices = SliceTable::default();
        let mut reported: BTreeMap<(u32, i32), BTreeMap<AreaIx, Point>> = BTreeMap::new();
        let mut measures = HashMap::new();
        for fact in facts {
            let measure = catalog.measures.get(&*fact.measure).filter(|m| m.freq == fact.period.freq());
            let area = catalog.areas.at(&fact.area, fact.period);
            if let (Some(measure), Some(ix), Some(area)) = (measure, inputs.measure_ix(&fact.measure), area)
                && fact.value.is_finite()
            {
                let slice = slices.intern(ix, &fact.org, &fact.breakdown);
                measures.insert(slice, measure);
                let point = Point::observed(fact.value, fact.status, fact.vintage);
                reported.entry((slice, fact.period.index())).or_default().insert(area, point);
            }
        }
        let mut lineage = Lineage { catalog, day, sources: HashMap::new() };
        let mut placed = Vec::new();
        for ((slice, t), points) in &reported {
            let measure = measures[slice];
            for (area, sources) in lineage.sources_on(Period::from_index(measure.freq, *t).last_day()) {
                if let Some(point) = carried_over(measure, sources, points) {
                    placed.push(Placed { slice: *slice, area: *area, t: *t, point });
                }
            }
        }
        inputs.fill(slices, placed);
        inputs.apply_targets(&targets.into_iter().map(TargetChange::Upsert).collect::<Vec<_>>());
        inputs
    }
}

/// What each area of the day is made of, by source day; worked out once per source day.
struct Lineage<'a> {
    catalog: &'a Catalog,
    day: NaiveDate,
    sources: HashMap<NaiveDate, Vec<(AreaIx, Sources)>>,
}

#[derive(Debug, Clone)]
struct Sources {
    contributions: Vec<Contribution>,
    /// Whether the area is one older area unchanged.
    unchanged: bool,
}

impl Lineage<'_> {
    fn sources_on(&mut self, source_day: NaiveDate) -> &[(AreaIx, Sources)] {
        let (tree, day) = (&self.catalog.areas, self.day);
        self.sources.entry(source_day).or_insert_with(|| {
            let of = |area: AreaIx| {
                let contributions = tree.members_of(area, day, source_day);
                let unchanged = contributions.len() == 1 && contributions[0].weight == 1.0;
                (area, Sources { contributions, unchanged })
            };
            tree.indexed()
                .filter(|(_, a)| a.is_valid_on(day))
                .map(|(area, _)| of(area))
                .filter(|(_, sources)| !sources.contributions.is_empty())
                .collect()
        })
    }
}

/// The value of an area from what was reported for its sources.
fn carried_over(measure: &Measure, sources: &Sources, points: &BTreeMap<AreaIx, Point>) -> Option<Point> {
    let additive = measure.area_rule == AreaRule::Sum && matches!(measure.kind, MeasureKind::Flow | MeasureKind::Stock);
    if !additive && !sources.unchanged {
        return None;
    }
    let mut sum: Option<Point> = None;
    for source in &sources.contributions {
        let reported = points.get(&source.area)?;
        let share = Point {
            value: if source.weight == 1.0 { reported.value } else { source.weight * reported.value },
            apportioned: source.weight != 1.0,
            ..*reported
        };
        match &mut sum {
            None => sum = Some(share),
            Some(sum) => sum.absorb(&share),
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use crate::cube::fixture::*;
    use crate::cube::inputs::{Fact, Inputs};
    use crate::cube::{CubeData, compute};
    use crate::domain::area::{AreaChange, ChangeKind};
    use crate::domain::{AreaRule, Measure, MeasureKind};

    fn on(day: &str, facts: Vec<Fact>) -> CubeData {
        let rate = Measure { kind: MeasureKind::Rate, area_rule: AreaRule::WeightedMean, ..measure("rate") };
        let mut catalog = catalog(
            vec![measure("x"), measure("y"), rate],
            vec![
                (indicator("0101"), sum("x")),
                (indicator("0102"), ratio(100.0, sum("x"), sum("y"))),
                (indicator("0103"), last("rate")),
            ],
        );
        // A ward is divided, three fifths to the left neighbour.
        let tree = &catalog.areas;
        let eve = |code: &str| tree.on(code, "2020-12-31".parse().unwrap()).unwrap();
        let new = |code: &str| tree.on(code, "2021-01-01".parse().unwrap()).unwrap();
        let change = |from, to, weight| AreaChange {
            date: "2021-01-01".parse().unwrap(),
            from,
            to,
            kind: if weight == 1.0 { ChangeKind::Merge } else { ChangeKind::Part },
            weight,
            weight_assumed: false,
        };
        let changes = vec![
            change(eve("769"), new("769"), 1.0),
            change(eve("762"), new("769"), 1.0),
            change(eve("763"), new("769"), 0.6),
            change(eve("763"), new("778"), 0.4),
        ];
        catalog.areas = catalog.areas.with_changes(changes);
        let day = day.parse().unwrap();
        compute(&catalog, &Inputs::on_areas_of(&catalog, day, facts, []))
    }

    fn reported(measure: &str, period: &str, values: &[(&str, f64)]) -> Vec<Fact> {
        values.iter().map(|(area, value)| fact(measure, area, "_T", period, *value)).collect()
    }

    const BEFORE: [(&str, f64); 5] = [("760", 1.0), ("778", 2.0), ("762", 30.0), ("763", 100.0), ("769", 5.0)];

    /// Thủ Đức = 30 + 5 + 0.6 · 100; 778 = 2 + 0.4 · 100; the city is what it was.
    #[test]
    fn old_figures_are_read_on_new_areas_and_marked_where_apportioned() {
        let mut facts = reported("x", "2020-05", &BEFORE);
        facts.extend(reported("y", "2020-05", &BEFORE.map(|(area, v)| (area, 2.0 * v))));
        facts.extend(reported("x", "2021-05", &[("760", 2.0), ("778", 84.0), ("769", 190.0)]));
        let cube = on("2021-01-01", facts);
        let merged = total(&cube, "0101", "769", "2020-05");
        assert_eq!((merged.value, merged.apportioned), (95.0, true));
        assert_eq!(total(&cube, "0101", "778", "2020-05").value, 42.0);
        let same = total(&cube, "0101", "760", "2020-05");
        assert_eq!((same.value, same.apportioned), (1.0, false));
        let city = total(&cube, "0101", "79", "2020-05");
        assert_eq!((city.value, city.areas_present, city.areas_due), (138.0, 3, 3));
        // Growth of the merged district is now like with like, and its ratio is 100 · 95 / 190.
        assert_eq!(total(&cube, "0101", "769", "2021-05").yoy_value, Some(95.0));
        assert_eq!(total(&cube, "0102", "769", "2020-05").value, 50.0);
    }

    #[test]
    fn an_area_with_a_source_that_was_not_reported_has_no_figure() {
        let cube = on("2021-01-01", reported("x", "2020-05", &[("762", 30.0), ("769", 5.0), ("760", 1.0)]));
        assert!(cell(&cube, "0101", "769", "_T", "2020-05").is_none());
        assert_eq!(total(&cube, "0101", "79", "2020-05").value, 1.0);
    }

    #[test]
    fn rates_are_kept_only_where_the_area_is_unchanged() {
        let cube = on("2021-01-01", reported("rate", "2020-05", &BEFORE));
        assert_eq!(total(&cube, "0103", "760", "2020-05").value, 1.0);
        assert!(cell(&cube, "0103", "769", "_T", "2020-05").is_none());
        assert!(cell(&cube, "0103", "778", "_T", "2020-05").is_none());
    }

    #[test]
    fn a_merger_is_not_undone() {
        let cube = on("2020-12-31", reported("x", "2021-05", &[("760", 2.0), ("778", 84.0), ("769", 190.0)]));
        assert_eq!(total(&cube, "0101", "760", "2021-05").value, 2.0);
        for code in ["762", "763", "769", "778"] {
            assert!(cell(&cube, "0101", code, "_T", "2021-05").is_none(), "{code}");
        }
    }
}
