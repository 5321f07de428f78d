//! What came, what went, and what was left, step by step.

use std::sync::Arc;

use super::axis::Axis;
use super::crosstab::crosstab;
use super::lens::Lens;
use super::question::QuestionError;
use super::tally::Tally;
use crate::cases::counting::Flow;

/// What came and went within a day, week or month, as far as it lies in the window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowPeriod {
    /// `2022-05-25`, `2022-W21`, `2022-05`.
    pub key: Arc<str>,
    /// Came in.
    pub received: u32,
    /// Came back.
    pub reopened: u32,
    /// Came (back) from another authority; 0 where rounds are counted.
    pub transferred_in: u32,
    /// Answered.
    pub closed: u32,
    /// Not taken up.
    pub rejected: u32,
    /// Joined to another case.
    pub merged: u32,
    /// Passed on; 0 where rounds are counted.
    pub transferred_out: u32,
    /// Open at the end.
    pub open: u32,
    /// Of these, past the deadline.
    pub open_overdue: u32,
}

impl FlowPeriod {
    /// All that came.
    pub fn inflow(&self) -> u32 {
        self.received + self.reopened + self.transferred_in
    }

    /// All that went.
    pub fn outflow(&self) -> u32 {
        self.closed + self.rejected + self.merged + self.transferred_out
    }

    fn of(key: &Arc<str>, tally: &Tally) -> Self {
        Self {
            key: Arc::clone(key),
            received: tally.get(Flow::Received),
            reopened: tally.get(Flow::Reopened),
            transferred_in: tally.get(Flow::TransferredIn),
            closed: tally.get(Flow::Closed),
            rejected: tally.get(Flow::Rejected),
            merged: tally.get(Flow::Merged),
            transferred_out: tally.get(Flow::TransferredOut),
            open: tally.open,
            open_overdue: tally.open_overdue,
        }
    }
}

/// What came and went, period by period. What is open at the end of each is what was open at its beginning, more by
/// what came, less by what went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowSeries {
    /// Open right before the window.
    pub open_at_start: u32,
    /// In order of time.
    pub periods: Vec<FlowPeriod>,
}

/// What came and went by day, week or month; any other axis makes one period of the window.
///
/// # Errors
/// If the window has more periods than a table can hold.
pub fn flow(lens: &Lens<'_>, by: Axis) -> Result<FlowSeries, QuestionError> {
    let by = if by.is_time() { by } else { Axis::Total };
    let table = crosstab(lens, by, Axis::Total)?;
    let before = crosstab(&lens.over(lens.from, lens.from), Axis::Total, Axis::Total)?;
    let periods = table.rows.iter().zip(&table.row_totals).map(|(key, tally)| FlowPeriod::of(key, tally));
    Ok(FlowSeries { open_at_start: before.total.open, periods: periods.collect() })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::fixture::{Sketch, any_cases, book, hours, lens, sec, window};
    use super::*;
    use crate::cases::Cut;

    #[test]
    fn what_is_left_is_what_was_there_and_came_less_what_went() {
        let book = book(&[
            Sketch::new("a", "26734", "2022-04-20T08:00:00").answered("2022-05-03T08:00:00"),
            Sketch::new("b", "26734", "2022-05-02T08:00:00")
                .answered("2022-05-04T08:00:00")
                .reopened("2022-05-11T08:00:00"),
            Sketch::new("c", "26734", "2022-05-10T08:00:00").rejected("2022-05-11T08:00:00"),
            Sketch::new("d", "26734", "2022-04-20T08:00:00").merged("2022-05-01T00:00:00"),
        ]);
        let question = window("2022-05-01T00:00:00", "2022-05-15T00:00:00");
        let series = flow(&lens(&book, &question), Axis::Week).unwrap();
        assert_eq!(series.open_at_start, 2, "what ends at the first second of the window was open before it");
        let rows: Vec<_> = series.periods.iter().map(|p| (&*p.key, p.inflow(), p.outflow(), p.open)).collect();
        assert_eq!(rows, [("2022-W17", 0, 1, 1), ("2022-W18", 1, 2, 0), ("2022-W19", 2, 1, 1)]);
        assert_eq!((series.periods[2].received, series.periods[2].reopened, series.periods[2].rejected), (1, 1, 1));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn nothing_is_lost(cases in any_cases(40), from in 0u32..800, length in 1u32..800, cut in 1u32..1500) {
            let book = book(&cases);
            let mut question = window(&hours(from), &hours(from + length));
            question.cut = Cut::before(sec(&hours(cut)));
            for by in [Axis::Day, Axis::Week, Axis::Month, Axis::Total] {
                for lens in [lens(&book, &question), lens(&book, &question).of_stints()] {
                    let series = flow(&lens, by).unwrap();
                    let mut open = series.open_at_start;
                    for period in &series.periods {
                        prop_assert_eq!(period.open + period.outflow(), open + period.inflow());
                        open = period.open;
                    }
                }
            }
        }
    }
}
