//! What came back: answers that the citizen did not accept.

use std::sync::Arc;

use super::axis::Axis;
use super::crosstab::crosstab;
use super::lens::Lens;
use super::question::QuestionError;
use super::tally::{Share, Tally};
use crate::cases::Second;
use crate::cases::counting::Flow;

/// How long a reopening counts against the answer, in seconds.
const COUNTS_FOR: Second = 30 * 86_400;

/// Of the answers of the window, those that were reopened within thirty days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReReports {
    /// By unit, ascending by code; units without an answer are left out.
    pub units: Vec<(Arc<str>, Share)>,
    /// By category, ascending by code.
    pub categories: Vec<(Arc<str>, Share)>,
    /// By unit and category, in that order; pairs without an answer are left out.
    pub pairs: Vec<(Arc<str>, Arc<str>, Share)>,
    /// All together.
    pub total: Share,
    /// Answers after this second have not had their thirty days at the cut: their share will still grow.
    pub whole_until: Second,
}

/// What came back, by the codes of an axis and by category.
///
/// # Errors
/// If the axis has more codes than a table can hold.
pub fn rereports(lens: &Lens<'_>, units: Axis) -> Result<ReReports, QuestionError> {
    let table = crosstab(lens, units, Axis::Category)?;
    let share = |tally: &Tally| Share::of(tally.get(Flow::ClosedReopened30d), tally.get(Flow::Closed));
    let shares = |codes: &[Arc<str>], totals: &[Tally]| {
        let all = codes.iter().zip(totals).map(|(code, tally)| (Arc::clone(code), share(tally)));
        all.filter(|(_, share)| share.cases > 0).collect::<Vec<_>>()
    };
    let mut pairs = Vec::new();
    for (row, unit) in table.rows.iter().enumerate() {
        for (column, category) in table.columns.iter().enumerate() {
            let share = share(table.cell(row, column));
            if share.cases > 0 {
                pairs.push((Arc::clone(unit), Arc::clone(category), share));
            }
        }
    }
    Ok(ReReports {
        units: shares(&table.rows, &table.row_totals),
        categories: shares(&table.columns, &table.column_totals),
        pairs,
        total: share(&table.total),
        whole_until: lens.cut.last().saturating_sub(COUNTS_FOR),
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Sketch, book, lens, may, sec};
    use super::*;
    use crate::cases::Cut;
    use crate::cases::views::Question;

    #[test]
    fn an_answer_that_came_back_within_thirty_days_counts() {
        let answered =
            |id: &str, area: &str| Sketch::new(id, area, "2022-05-02T08:00:00").answered("2022-05-05T08:00:00");
        let book = book(&[
            answered("a", "26734"),
            answered("b", "26734").reopened("2022-06-04T08:00:00"),
            answered("c", "26734").reopened("2022-06-04T08:00:01"),
            answered("d", "26764").category("waste").reopened("2022-05-06T08:00:00"),
            Sketch::new("e", "26764", "2022-05-02T08:00:00"),
        ]);
        let question = Question { cut: Cut::before(sec("2022-07-01T00:00:00")), ..may() };
        let result = rereports(&lens(&book, &question), Axis::District).unwrap();
        let units: Vec<_> = result.units.iter().map(|(code, share)| (&**code, share.part, share.cases)).collect();
        assert_eq!(units, [("760", 1, 3), ("761", 1, 1)]);
        let categories: Vec<_> = result.categories.iter().map(|(code, s)| (&**code, s.part, s.cases)).collect();
        assert_eq!(categories, [("traffic", 1, 3), ("waste", 1, 1)]);
        assert_eq!((result.pairs.len(), result.total, result.total.shown()), (2, Share::of(2, 4), None));
        // As known at the end of May only the one of 6 May has come back.
        let early = rereports(&lens(&book, &may()), Axis::Org).unwrap();
        assert_eq!((early.total, early.whole_until), (Share::of(1, 4), sec("2022-05-01T23:59:59")));
    }
}
