//! Figures of one pull against each other: cumulative ones are taken apart, what is said twice is said once, and what
//! contradicts itself is rejected.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::assign::{Assigned, Figure};
use super::lookup::Fault;
use crate::domain::{Breakdown, ObsStatus, Period, Vintage};

/// What a figure is about.
type Series = (Arc<str>, Arc<str>, Arc<str>, Breakdown, Vintage);

fn series(figure: &Figure) -> Series {
    (figure.subject.clone(), figure.area.clone(), figure.org.clone(), figure.breakdown.clone(), figure.vintage)
}

/// The figures that count, in the source's order; the rest is accounted for.
pub(super) fn settle(assigned: &mut Assigned) -> Vec<Figure> {
    let figures = without_contradictions(assigned);
    let figures = taken_apart(figures, assigned);
    assigned.counts.mapped = figures.len();
    figures
}

/// Keeps one of identical figures for one period; of different ones keeps none.
fn without_contradictions(assigned: &mut Assigned) -> Vec<Figure> {
    let figures = std::mem::take(&mut assigned.figures);
    let mut first: HashMap<(Series, Period), usize> = HashMap::with_capacity(figures.len());
    let mut kept: Vec<Option<Figure>> = Vec::with_capacity(figures.len());
    let mut contradicted: BTreeMap<usize, Vec<Figure>> = BTreeMap::new();
    for figure in figures {
        let at = *first.entry((series(&figure), figure.period)).or_insert(kept.len());
        match kept.get(at) {
            None => kept.push(Some(figure)),
            Some(Some(same)) if !contradicted.contains_key(&at) && says_the_same(same, &figure) => {
                assigned.counts.repeated += 1;
            }
            Some(_) => contradicted.entry(at).or_default().push(figure),
        }
    }
    for (at, others) in contradicted {
        let all: Vec<Figure> = kept[at].take().into_iter().chain(others).collect();
        for (i, figure) in all.iter().enumerate() {
            let other = &all[if i == 0 { 1 } else { 0 }];
            let why = format!(
                "{} of {} for {} {} stands in the file twice with different values (also at {}); correct it at the source",
                figure.subject, figure.area, figure.period, figure.breakdown, other.source_ref,
            );
            reject(assigned, figure, why);
        }
    }
    kept.into_iter().flatten().collect()
}

fn says_the_same(a: &Figure, b: &Figure) -> bool {
    a.value == b.value && a.status == b.status && a.cumulative == b.cumulative
}

fn reject(assigned: &mut Assigned, figure: &Figure, why: String) {
    let fault = Fault { field: None, value: None, reason: why };
    let written = || figure.value.map(|v| v.to_string()).unwrap_or_default();
    assigned.reject(figure.place.clone(), fault, written, figure.source_ref.clone());
}

/// Cumulative figures become those of their own period: this one minus the one before, except in the first of a year.
fn taken_apart(figures: Vec<Figure>, assigned: &mut Assigned) -> Vec<Figure> {
    let sums: HashMap<(Series, Period), (Option<f64>, ObsStatus)> =
        figures.iter().filter(|f| f.cumulative).map(|f| ((series(f), f.period), (f.value, f.status))).collect();
    let mut out = Vec::with_capacity(figures.len());
    for mut figure in figures {
        if !figure.cumulative || figure.period.position() == 1 || figure.value.is_none() {
            out.push(figure);
            continue;
        }
        let before = figure.period.offset(-1);
        match sums.get(&(series(&figure), before)) {
            Some((Some(sum), status)) => {
                figure.value = figure.value.map(|v| v - sum);
                figure.status = figure.status.max(*status);
                out.push(figure);
            }
            _ => {
                let why = format!(
                    "the figure counts from January, and that of {before} is not in the file; add it, or report {} alone",
                    figure.period
                );
                reject(assigned, &figure, why);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::reading::Place;
    use super::*;

    fn figure(row: usize, period: &str, value: f64, cumulative: bool) -> Figure {
        Figure {
            subject: "retail_total".into(),
            area: "79".into(),
            org: "_T".into(),
            breakdown: Breakdown::TOTAL,
            period: period.parse().unwrap(),
            value: Some(value),
            status: ObsStatus::A,
            vintage: Vintage::from_micros(0),
            source_ref: format!("f.csv#C{row}"),
            note: None,
            cumulative,
            place: Place { row, column: "C".into() },
        }
    }

    fn settled(figures: Vec<Figure>) -> (Vec<(String, Option<f64>)>, Assigned) {
        let mut assigned = Assigned { figures, ..Assigned::default() };
        let kept = settle(&mut assigned);
        (kept.into_iter().map(|f| (f.period.to_string(), f.value)).collect(), assigned)
    }

    #[test]
    fn the_same_twice_is_once_and_a_contradiction_is_none() {
        let (kept, assigned) = settled(vec![
            figure(2, "2022-01", 5.0, false),
            figure(3, "2022-01", 5.0, false),
            figure(4, "2022-02", 6.0, false),
            figure(5, "2022-02", 7.0, false),
            figure(6, "2022-02", 6.0, false),
        ]);
        assert_eq!(kept, [("2022-01".to_owned(), Some(5.0))]);
        assert_eq!((assigned.counts.repeated, assigned.counts.rejected, assigned.counts.mapped), (1, 3, 1));
        let rows: Vec<_> = assigned.rejected.iter().map(|r| (r.row, r.value.as_str())).collect();
        assert_eq!(rows, [(4, "6"), (5, "7"), (6, "6")]);
        assert!(assigned.rejected[0].reason.contains("also at f.csv#C5"), "{}", assigned.rejected[0].reason);
    }

    #[test]
    fn a_sum_since_january_needs_the_month_before() {
        let (kept, assigned) = settled(vec![
            figure(2, "2022-03", 60.0, true),
            figure(3, "2022-02", 30.0, true),
            figure(4, "2022-01", 10.0, true),
            figure(5, "2022-05", 100.0, true),
            figure(6, "2021-12", 999.0, true),
        ]);
        let expected = [("2022-03", 30.0), ("2022-02", 20.0), ("2022-01", 10.0)];
        assert_eq!(kept, expected.map(|(p, v)| (p.to_owned(), Some(v))));
        let rows: Vec<_> = assigned.rejected.iter().map(|r| r.row).collect();
        assert_eq!(rows, [5, 6]);
        assert!(assigned.rejected[0].reason.contains("that of 2022-04 is not in the file"));
    }
}
