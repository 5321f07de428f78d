//! How long the final answer takes, with the cases that still wait counted.
//!
//! The product-limit estimate of Kaplan and Meier (Journal of the American Statistical Association 53, 1958): an average
//! over answered cases alone would look better the more cases are left lying.

use super::lens::Lens;
use super::scan::{At, scan};
use super::tally::MIN_CASES;
use crate::cases::{NEVER, Second, SpanEnding};

/// A drop of the curve smaller than this is not drawn on its own.
const FINEST_DROP: f64 = 0.005;
/// A curve of so many points is not thinned out.
const MOST_POINTS: usize = 200;
const DAY: Second = 86_400;
const HOUR: f64 = 3600.0;

/// From here on, the curve is so high.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SurvivalStep {
    /// Hours of the wall clock since the beginning.
    pub hours: f64,
    /// Share of cases not answered by then.
    pub waiting: f64,
    /// How many were still followed right before.
    pub at_risk: u32,
}

/// The curve after some days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AtDay {
    /// Days since the beginning.
    pub days: u32,
    /// How many were still followed right before.
    pub at_risk: u32,
    /// Share answered by then; `None` if no case was followed for so long, or too few cases.
    pub answered: Option<f64>,
}

/// Time to the final answer of what began within the window.
#[derive(Debug, Clone, PartialEq)]
pub struct Survival {
    /// How many began.
    pub cases: u32,
    /// Of these, answered by the cut.
    pub answered: u32,
    /// Open at the cut: followed until then.
    pub open: u32,
    /// Rejected, merged or passed on: followed until then.
    pub ended_otherwise: u32,
    /// From (0, 1) on, at most 200 points that leave the full curve by at most 0.005. Empty with too few cases.
    pub steps: Vec<SurvivalStep>,
    /// Hours that the longest was followed: where the last step ends.
    pub followed_hours: f64,
    /// The days asked for.
    pub at_days: Vec<AtDay>,
    /// Hours after which half are answered, if that is ever so.
    pub median_hours: Option<f64>,
}

/// One span: how long it was followed, and whether the answer came then.
type Followed = (Second, bool);

/// The curve of what began within the window, and its height after each of `days`.
pub fn survival(lens: &Lens<'_>, days: &[u32]) -> Survival {
    let each = |(followed, counts): &mut (Vec<Followed>, [u32; 3]), at: At<'_>| {
        let start = at.spans.start[at.row];
        if start < lens.from {
            return;
        }
        let end = lens.cut.seen(at.spans.end[at.row]);
        let how = match (end, at.spans.ending[at.row]) {
            (NEVER, _) | (_, SpanEnding::Open) => 1,
            (_, SpanEnding::Answered) => 0,
            (_, SpanEnding::Rejected | SpanEnding::Merged | SpanEnding::TransferredOut) => 2,
        };
        counts[how] += 1;
        followed.push((end.min(lens.cut.last()) - start, how == 0));
    };
    let (mut followed, [answered, open, ended_otherwise]) = scan(
        lens,
        (lens.from, lens.to),
        || (Vec::new(), [0; 3]),
        each,
        |(all, counts), (part, others)| {
            all.extend(part);
            counts.iter_mut().zip(others).for_each(|(own, other)| *own += other);
        },
    );
    followed.sort_unstable();
    let is_shown = followed.len() >= MIN_CASES as usize;
    let curve = if is_shown { product_limit(&followed) } else { Vec::new() };
    Survival {
        cases: followed.len() as u32,
        answered,
        open,
        ended_otherwise,
        followed_hours: followed.last().map_or(0.0, |(time, _)| f64::from(*time) / HOUR),
        at_days: days.iter().map(|days| at_day(&curve, &followed, *days)).collect(),
        median_hours: curve.iter().find(|step| step.waiting <= 0.5).map(|step| step.hours),
        steps: thinned(curve),
    }
}

/// The full curve: (0, 1) and a step at every time of an answer. At equal times answers come before the end of following.
fn product_limit(sorted: &[Followed]) -> Vec<SurvivalStep> {
    let mut steps = vec![SurvivalStep { hours: 0.0, waiting: 1.0, at_risk: sorted.len() as u32 }];
    let mut waiting = 1.0;
    let mut at_risk = sorted.len();
    for same_time in sorted.chunk_by(|a, b| a.0 == b.0) {
        let answered = same_time.iter().filter(|(_, is_answer)| *is_answer).count();
        if answered > 0 {
            waiting *= (at_risk - answered) as f64 / at_risk as f64;
            steps.push(SurvivalStep { hours: f64::from(same_time[0].0) / HOUR, waiting, at_risk: at_risk as u32 });
        }
        at_risk -= same_time.len();
    }
    steps
}

/// Leaves out steps as long as the curve drawn stays within the finest drop.
fn thinned(steps: Vec<SurvivalStep>) -> Vec<SurvivalStep> {
    if steps.len() <= MOST_POINTS {
        return steps;
    }
    let mut kept: Vec<SurvivalStep> = Vec::with_capacity(MOST_POINTS);
    for step in steps {
        if kept.last().is_none_or(|last| last.waiting - step.waiting > FINEST_DROP) {
            kept.push(step);
        }
    }
    kept
}

fn at_day(curve: &[SurvivalStep], sorted: &[Followed], days: u32) -> AtDay {
    let time = days.saturating_mul(DAY);
    let at_risk = (sorted.len() - sorted.partition_point(|(followed, _)| *followed < time)) as u32;
    let hours = f64::from(time) / HOUR;
    let height = curve[..curve.partition_point(|step| step.hours <= hours)].last().map(|step| step.waiting);
    let is_known = |waiting: &f64| at_risk > 0 || *waiting == 0.0;
    AtDay { days, at_risk, answered: height.filter(is_known).map(|waiting| 1.0 - waiting) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::fixture::{Sketch, any_cases, book, hours, lens, sec, window};
    use super::*;
    use crate::cases::Cut;

    fn followed(text: &str) -> Vec<Followed> {
        let one = |word: &str| (word.trim_end_matches('+').parse::<Second>().unwrap() * 3600, !word.ends_with('+'));
        let mut all: Vec<Followed> = text.split(' ').map(one).collect();
        all.sort_unstable();
        all
    }

    #[test]
    fn the_curve_of_the_textbook() {
        // Freireich et al. (Blood 21, 1963), 21 patients under 6-mercaptopurine, weeks of remission, + for those not
        // followed further; the estimate as tabulated in Collett, Modelling Survival Data in Medical Research.
        let data = followed("6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+");
        let curve: Vec<_> = product_limit(&data)
            .iter()
            .map(|step| (step.hours as u32, (step.waiting * 1000.0).round() as u32, step.at_risk))
            .collect();
        let published =
            [(0, 1000, 21), (6, 857, 21), (7, 807, 17), (10, 753, 15), (13, 690, 12), (16, 627, 11), (22, 538, 7)];
        assert_eq!(curve[..7], published);
        assert_eq!(curve[7..], [(23, 448, 6)]);
    }

    #[test]
    fn open_cases_count_until_the_cut() {
        // Twelve cases begin at midnight; four are answered after 1, 2, 3 and 4 days, one is rejected after 36 hours,
        // seven are open at the cut, five days later less a second.
        let mut cases: Vec<Sketch> = (0..11).map(|k| Sketch::new(&format!("c{k}"), "26734", &hours(0))).collect();
        for (k, case) in cases.iter_mut().take(4).enumerate() {
            *case = case.clone().answered(&hours(24 * (k as u32 + 1)));
        }
        cases.push(Sketch::new("r", "26734", &hours(0)).rejected(&hours(36)));
        let book = book(&cases);
        let question = window(&hours(0), &hours(120));
        let result = survival(&lens(&book, &question), &[1, 3, 5]);
        assert_eq!((result.cases, result.answered, result.open, result.ended_otherwise), (12, 4, 7, 1));
        // 11/12, then (one rejected) 9/10, 8/9, 7/8.
        let expected = [1.0, 11.0 / 12.0, 11.0 / 12.0 * 0.9, 11.0 / 12.0 * 0.8, 11.0 / 12.0 * 0.7];
        assert_eq!(result.steps.len(), 5);
        for (step, expected) in result.steps.iter().zip(expected) {
            assert!((step.waiting - expected).abs() < 1e-12, "{step:?}");
        }
        assert_eq!(result.at_days.iter().map(|at| at.at_risk).collect::<Vec<_>>(), [12, 9, 0]);
        assert!((result.at_days[1].answered.unwrap() - (1.0 - 11.0 / 12.0 * 0.8)).abs() < 1e-12);
        assert_eq!((result.at_days[2].answered, result.median_hours), (None, None));
        let few = survival(&lens(&book, &window(&hours(1), &hours(120))), &[1]);
        assert_eq!((few.cases, few.steps.len(), few.at_days[0].answered), (0, 0, None));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn thinning_keeps_the_shape(times in prop::collection::vec((0u32..3_000_000, any::<bool>()), 10..3000)) {
            let mut times = times;
            times.sort_unstable();
            let full = product_limit(&times);
            let thin = thinned(full.clone());
            prop_assert!(thin.len() <= 200);
            for step in &full {
                let drawn = thin[..thin.partition_point(|t| t.hours <= step.hours)].last().unwrap();
                prop_assert!((drawn.waiting - step.waiting).abs() <= FINEST_DROP + 1e-12);
            }
        }

        #[test]
        fn the_curve_falls_and_as_of_an_instant_it_knows_nothing_later(cases in any_cases(40), instant in 200u32..1500) {
            let at = sec(&hours(instant));
            let mut question = window(&hours(0), &hours(700));
            question.cut = Cut::before(at);
            let known: Vec<Sketch> = cases.iter().filter_map(|c| c.known_at(crate::cases::moment(at - 1))).collect();
            let (now, then) = (book(&cases), book(&known));
            let now = survival(&lens(&now, &question), &[1, 3, 10, 30]);
            prop_assert_eq!(&now, &survival(&lens(&then, &question), &[1, 3, 10, 30]));
            prop_assert_eq!(now.cases, now.answered + now.open + now.ended_otherwise);
            prop_assert!(now.steps.is_sorted_by(|a, b| a.waiting >= b.waiting && a.hours <= b.hours));
        }
    }
}
