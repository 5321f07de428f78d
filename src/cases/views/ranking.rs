//! Units by their share of overdue cases, each with the number behind it.

use std::cmp::Ordering;
use std::sync::Arc;

use super::axis::Axis;
use super::crosstab::crosstab;
use super::lens::Lens;
use super::question::QuestionError;
use super::tally::{Share, Tally};

/// A unit in a ranking.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// Code.
    pub code: Arc<str>,
    /// 1 for the highest share; equal shares have equal ranks. 0 where there are too few cases to rank.
    pub rank: u32,
    /// Overdue of the cases that fell due.
    pub overdue: Share,
    /// Share less the average, in parts of one.
    pub gap: Option<f64>,
    /// Overdue in the window of the same length before.
    pub before: Share,
    /// Share less the share before, in parts of one; `None` if either has too few cases.
    pub change: Option<f64>,
    /// All counts of the window.
    pub tally: Tally,
}

/// Units by their share of overdue cases.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    /// The highest share first, then the most cases, then the code.
    pub ranked: Vec<Ranked>,
    /// With too few cases for a share, by code.
    pub small: Vec<Ranked>,
    /// All units together: the sum of their overdue cases over the sum of those that fell due.
    pub average: Share,
    /// The same in the window before.
    pub average_before: Share,
    /// What belongs to no unit.
    pub without_unit: Tally,
}

/// Ranks the codes of an axis.
///
/// # Errors
/// If the axis has more codes than a table can hold.
pub fn ranking(lens: &Lens<'_>, units: Axis) -> Result<Ranking, QuestionError> {
    let now = crosstab(lens, units, Axis::Total)?;
    let length = lens.to - lens.from;
    let earlier = crosstab(&lens.over(lens.from.saturating_sub(length), lens.from), units, Axis::Total)?;
    let before = |code: &str| {
        let at = earlier.rows.iter().position(|row| **row == *code);
        at.map_or(Share::default(), |row| earlier.row_totals[row].overdue(lens.basis))
    };
    let all = |rows: &[Arc<str>], totals: &[Tally]| {
        let units = rows.iter().zip(totals).filter(|(code, _)| !code.is_empty());
        units.fold(Share::default(), |sum, (_, tally)| sum.plus(tally.overdue(lens.basis)))
    };
    let average = all(&now.rows, &now.row_totals);
    let mut ranking = Ranking {
        ranked: Vec::new(),
        small: Vec::new(),
        average,
        average_before: all(&earlier.rows, &earlier.row_totals),
        without_unit: Tally::default(),
    };
    for (code, tally) in now.rows.iter().zip(&now.row_totals) {
        if code.is_empty() {
            ranking.without_unit = *tally;
            continue;
        }
        let (overdue, before) = (tally.overdue(lens.basis), before(code));
        let less = |other: Option<f64>| Some(overdue.shown()? - other?);
        let unit = Ranked {
            code: Arc::clone(code),
            rank: 0,
            overdue,
            gap: less(average.value()),
            before,
            change: less(before.shown()),
            tally: *tally,
        };
        if overdue.is_small() { &mut ranking.small } else { &mut ranking.ranked }.push(unit);
    }
    ranking.ranked.sort_by(worst_first);
    let mut rank = 0;
    for at in 0..ranking.ranked.len() {
        if at == 0 || ranking.ranked[at - 1].overdue.cmp_share(ranking.ranked[at].overdue).is_ne() {
            rank = at as u32 + 1;
        }
        ranking.ranked[at].rank = rank;
    }
    Ok(ranking)
}

fn worst_first(a: &Ranked, b: &Ranked) -> Ordering {
    b.overdue.cmp_share(a.overdue).then_with(|| b.overdue.cases.cmp(&a.overdue.cases)).then_with(|| a.code.cmp(&b.code))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Sketch, book, lens, window};
    use super::*;
    use crate::cases::Cut;
    use crate::cases::views::fixture::sec;

    /// Some cases of an area that fell due at noon of a day, the first `late` of them never answered.
    fn due(area: &str, day: &str, cases: usize, late: usize) -> Vec<Sketch> {
        let case = |k: usize| {
            let case = Sketch::new(&format!("{area}-{day}-{k}"), area, &format!("{day}T08:00:00"));
            let case = case.due(&format!("{day}T12:00:00"));
            if k < late { case } else { case.answered(&format!("{day}T11:00:00")) }
        };
        (0..cases).map(case).collect()
    }

    #[test]
    fn units_are_ranked_with_the_number_behind_them() {
        let cases = [
            due("26734", "2022-05-20", 10, 4),
            due("26737", "2022-05-20", 20, 8),
            due("26764", "2022-05-20", 40, 4),
            due("Elsewhere", "2022-05-20", 9, 9),
            due("", "2022-05-20", 3, 1),
            // The ten days before.
            due("26734", "2022-05-10", 20, 2),
            due("26737", "2022-05-10", 9, 9),
        ];
        let book = book(&cases.concat());
        let mut question = window("2022-05-15T00:00:00", "2022-05-25T00:00:00");
        question.cut = Cut::before(sec("2022-06-01T00:00:00"));
        let ranking = ranking(&lens(&book, &question), Axis::Ward).unwrap();
        let rows: Vec<_> = ranking.ranked.iter().map(|r| (&*r.code, r.rank, r.overdue.part, r.overdue.cases)).collect();
        // 4/10 and 8/20 are the same share: the same rank, the one with more cases first.
        assert_eq!(rows, [("26737", 1, 8, 20), ("26734", 1, 4, 10), ("26764", 3, 4, 40)]);
        assert_eq!(ranking.small.len(), 1);
        let small = &ranking.small[0];
        assert_eq!((&*small.code, small.rank, small.overdue, small.gap), ("Elsewhere", 0, Share::of(9, 9), None));
        // (4 + 8 + 4 + 9) of (10 + 20 + 40 + 9).
        assert_eq!(ranking.average, Share::of(25, 79));
        let close = |value: Option<f64>, expected: f64| (value.unwrap() - expected).abs() < 1e-12;
        assert!(close(ranking.ranked[1].gap, 0.4 - 25.0 / 79.0));
        // 4/10 after 2/20; for 26737 nine cases before are too few.
        assert!(close(ranking.ranked[1].change, 0.3));
        assert_eq!((ranking.ranked[0].before, ranking.ranked[0].change), (Share::of(9, 9), None));
        assert_eq!(ranking.average_before, Share::of(11, 29));
        assert_eq!(ranking.without_unit.overdue(Default::default()), Share::of(1, 3));
    }
}
