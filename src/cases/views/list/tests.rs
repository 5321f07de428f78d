//! Lists by hand, and that they are as long as the counts they stand behind.

use proptest::prelude::*;

use super::*;
use crate::cases::views::fixture::{Sketch, any_cases, book, hours, lens, may, mostly_ended, sec, window};
use crate::cases::views::{Basis, Question, received_still_open};
use crate::cases::{CaseBook, Cut, moment};

const ALL: Page = Page { offset: 0, limit: usize::MAX };

fn some() -> CaseBook {
    book(&[
        Sketch::new("open", "26734", "2022-05-20T08:00:00").due("2022-06-03T17:00:00"),
        Sketch::new("long", "26734", "2022-05-02T08:00:00").due("2022-05-10T17:00:00"),
        Sketch::new("short", "760", "2022-05-01T08:00:00").due("2022-05-30T17:00:00"),
        Sketch::new("never", "", "2022-05-03T08:00:00"),
        Sketch::new("paused", "26764", "2022-05-04T08:00:00")
            .due("2022-05-12T17:00:00")
            .due_from("2022-05-05T08:00:00", None),
        Sketch::new("late", "26737", "2022-05-02T08:00:00").due("2022-05-10T17:00:00").answered("2022-05-10T17:00:01"),
        Sketch::new("soon", "26737", "2022-05-02T08:00:00").due("2022-05-10T17:00:00").answered("2022-05-10T17:00:00"),
    ])
}

fn ids(list: &CaseList) -> Vec<&str> {
    list.cases.iter().map(|case| case.id.as_str()).collect()
}

#[test]
fn the_most_overdue_come_first_and_what_has_no_deadline_last() {
    let book = some();
    let question = may();
    let open = list(&lens(&book, &question), Which::Open, Order::MostOverdue, ALL);
    assert_eq!(ids(&open), ["long", "short", "open", "never", "paused"]);
    let states: Vec<_> = open.cases.iter().map(|case| case.state.as_str()).collect();
    assert_eq!(states, ["overdue", "overdue", "open", "open", "paused"]);
    // From 17:00 on 10 May to the last second of May: 21 days and 7 hours less a second.
    assert_eq!(open.cases[0].overdue_seconds, 21 * 86_400 + 7 * 3600 - 1);
    let short = &open.cases[1];
    assert_eq!((&*short.ward, &*short.district, &*short.org, &*short.feed), ("", "760", "q1", "f"));
    let overdue = list(&lens(&book, &question), Which::OpenOverdue, Order::Oldest, ALL);
    assert_eq!(ids(&overdue), ["short", "long"]);
    let late = list(&lens(&book, &question), Which::Flow(Flow::Overdue), Order::DueFirst, ALL);
    assert_eq!(ids(&late), ["late", "long", "short"]);
    assert_eq!((late.cases[0].state, late.cases[0].overdue_seconds), (CaseState::AnsweredLate, 1));
    let closed = list(&lens(&book, &question), Which::Flow(Flow::ClosedOnTime), Order::Newest, ALL);
    assert_eq!((ids(&closed), closed.cases[0].state), (vec!["soon"], CaseState::AnsweredOnTime));
}

#[test]
fn a_list_as_of_an_instant_shows_the_case_as_it_was() {
    let book = some();
    let question = Question { cut: Cut::as_of(moment(sec("2022-05-04T12:00:00"))), ..may() };
    let open = list(&lens(&book, &question), Which::Open, Order::DueFirst, ALL);
    assert_eq!(ids(&open), ["late", "long", "soon", "paused", "short", "never"]);
    assert!(open.cases.iter().all(|case| case.end.is_none() && case.state == CaseState::Open));
    assert_eq!(open.cases[3].due, Some(sec("2022-05-12T17:00:00")), "the clock is not stopped yet");
}

#[test]
fn from_the_city_to_the_ward() {
    let book = some();
    let question = may();
    let lens = lens(&book, &question);
    let codes = |district| -> Vec<(String, u32)> {
        children(&lens, district).unwrap().iter().map(|c| (c.code.to_string(), c.tally.open)).collect()
    };
    let expected = |pairs: &[(&str, u32)]| pairs.iter().map(|(c, n)| (c.to_string(), *n)).collect::<Vec<_>>();
    assert_eq!(codes(None), expected(&[("", 1), ("760", 3), ("761", 1)]));
    assert_eq!(codes(Some("760")), expected(&[("", 1), ("26734", 2), ("26737", 0)]));
    assert_eq!(codes(Some("770")), expected(&[]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_list_is_as_long_as_its_count_and_pages_make_it_whole(
        cases in prop_oneof![any_cases(40), mostly_ended()],
        from in 0u32..2000,
        cut in 1u32..3000,
        limit in 1usize..9,
        basis in prop::sample::select(vec![Basis::Effective, Basis::Original]),
    ) {
        let book = book(&cases);
        let mut question = window(&hours(from), &hours(from + 600));
        (question.cut, question.basis) = (Cut::before(sec(&hours(cut))), basis);
        let lens = lens(&book, &question);
        let total = crosstab(&lens, Axis::Total, Axis::Total).unwrap().total;
        for flow in Flow::ALL {
            let listed = list(&lens, Which::Flow(flow), Order::Newest, Page { offset: 0, limit: 3 });
            prop_assert_eq!(listed.total as u32, total.get(flow));
            prop_assert_eq!(listed.cases.len(), listed.total.min(3));
        }
        let overdue = list(&lens, Which::OpenOverdue, Order::Oldest, ALL);
        prop_assert_eq!(overdue.total as u32, total.open_overdue);
        let whole = list(&lens, Which::Open, Order::MostOverdue, ALL);
        prop_assert_eq!(whole.total as u32, total.open);
        for lens in [lens.clone(), lens.of_stints()] {
            let (received, waiting) = received_still_open(&lens);
            let count = |which| list(&lens, which, Order::Oldest, Page { offset: 0, limit: 1 }).total as u32;
            prop_assert_eq!((count(Which::Handled), count(Which::NotHandled)), (received - waiting, waiting));
        }
        let mut paged = Vec::new();
        for offset in (0..whole.total).step_by(limit) {
            paged.extend(list(&lens, Which::Open, Order::MostOverdue, Page { offset, limit }).cases);
        }
        prop_assert_eq!(paged, whole.cases);
    }
}
