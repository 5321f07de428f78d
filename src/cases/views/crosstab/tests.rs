//! Tables by hand, against a plain loop, and their laws.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::cases::counting::{Flow, is_open_before, overdue_before};
use crate::cases::views::fixture::{Sketch, any_cases, book, hours, lens, may, mostly_ended, sec, tree, window};
use crate::cases::views::{Basis, FilterKind, Question};
use crate::cases::{CaseBook, Cut, moment};
use crate::domain::{AreaKind, Period};

/// Four cases of May.
fn four() -> CaseBook {
    book(&[
        // Ward 26734, due 10 May, answered 9 May: on time.
        Sketch::new("a", "26734", "2022-05-02T08:00:00").due("2022-05-10T17:00:00").answered("2022-05-09T10:00:00"),
        // Ward 26737, due 10 May, answered 12 May: late.
        Sketch::new("b", "26737", "2022-05-03T08:00:00").due("2022-05-10T17:00:00").answered("2022-05-12T10:00:00"),
        // Another district and category, due 20 May, still open: overdue.
        Sketch::new("c", "26764", "2022-05-10T08:00:00").category("waste").due("2022-05-20T17:00:00"),
        // Not placed, received in April, due in June, open.
        Sketch::new("d", "", "2022-04-29T08:00:00").due("2022-06-07T17:00:00"),
    ])
}

fn counts(tally: &Tally) -> [u32; 6] {
    let flow = |flow| tally.get(flow);
    [flow(Flow::Received), flow(Flow::Closed), flow(Flow::Due), flow(Flow::Overdue), tally.open, tally.open_overdue]
}

#[test]
fn districts_by_categories() {
    let book = four();
    let table = crosstab(&lens(&book, &may()), Axis::District, Axis::Category).unwrap();
    let text = |keys: &[Arc<str>]| keys.iter().map(|key| key.to_string()).collect::<Vec<_>>();
    assert_eq!(text(&table.rows), ["", "760", "761"]);
    assert_eq!(text(&table.columns), ["traffic", "waste"]);
    assert_eq!(counts(table.at("760", "traffic").unwrap()), [2, 2, 2, 1, 0, 0]);
    assert_eq!(counts(table.at("761", "waste").unwrap()), [1, 0, 1, 1, 1, 1]);
    assert_eq!(counts(table.at("", "traffic").unwrap()), [0, 0, 0, 0, 1, 0]);
    assert_eq!(counts(table.at("761", "traffic").unwrap()), [0; 6]);
    assert_eq!(counts(&table.total), [3, 2, 3, 2, 2, 1]);
    assert_eq!(counts(&table.column_totals[0]), [2, 2, 2, 1, 1, 0]);
}

#[test]
fn weeks_hold_what_happened_in_them_and_what_was_open_at_their_end() {
    let book = four();
    let table = crosstab(&lens(&book, &may()), Axis::Week, Axis::Total).unwrap();
    let rows: BTreeMap<&str, [u32; 6]> =
        table.rows.iter().zip(&table.row_totals).map(|(key, tally)| (&**key, counts(tally))).collect();
    // 1 May is a Sunday, so that the first week of the window has one day and the last (from Monday 30 May) two.
    let expected = BTreeMap::from([
        ("2022-W17", [0, 0, 0, 0, 1, 0]), // d
        ("2022-W18", [2, 0, 0, 0, 3, 0]), // a b d
        ("2022-W19", [1, 2, 2, 1, 2, 0]), // c d
        ("2022-W20", [0, 0, 1, 1, 2, 1]), // c overdue since 20 May
        ("2022-W21", [0, 0, 0, 0, 2, 1]),
        ("2022-W22", [0, 0, 0, 0, 2, 1]),
    ]);
    assert_eq!(rows, expected);
    assert_eq!(counts(&table.total), [3, 2, 3, 2, 2, 1], "what is open at the end, not in every week");
}

#[test]
fn a_table_as_of_the_tenth_knows_nothing_later() {
    let question = Question { cut: Cut::as_of(moment(sec("2022-05-10T16:59:59"))), ..may() };
    let book = four();
    let table = crosstab(&lens(&book, &question), Axis::Total, Axis::Total).unwrap();
    // Received a, b, c; answered a; nothing has fallen due; open b, c, d.
    assert_eq!(counts(&table.total), [3, 1, 0, 0, 3, 0]);
    // A second later a and b have fallen due, b overdue and open.
    let question = Question { cut: Cut::as_of(moment(sec("2022-05-10T17:00:00"))), ..may() };
    let table = crosstab(&lens(&book, &question), Axis::Total, Axis::Total).unwrap();
    assert_eq!(counts(&table.total), [3, 1, 2, 1, 3, 1]);
}

#[test]
fn authorities_are_charged_for_their_own_stints() {
    // q1 has it from 2 to 6 May within its own time and passes it on; the department is late.
    let case = Sketch::new("a", "26734", "2022-05-02T08:00:00")
        .due("2022-05-10T17:00:00")
        .passed_to("sở", "2022-05-06T08:00:00")
        .due("2022-05-10T17:00:00")
        .answered("2022-05-12T10:00:00");
    let book = book(&[case]);
    let table = crosstab(&lens(&book, &may()), Axis::Org, Axis::Total).unwrap();
    assert_eq!(counts(table.at("q1", "_T").unwrap()), [1, 0, 0, 0, 0, 0]);
    assert_eq!(table.at("q1", "_T").unwrap().get(Flow::TransferredOut), 1);
    assert_eq!(counts(table.at("sở", "_T").unwrap()), [1, 1, 1, 1, 0, 0]);
    let mut question = may();
    question.filter.orgs = vec!["q1".into()];
    let table = crosstab(&lens(&book, &question), Axis::District, Axis::Total).unwrap();
    assert_eq!(counts(&table.total), [1, 0, 0, 0, 0, 0], "a filter by authority counts stints too");
}

#[test]
fn open_cases_by_age() {
    let book = four();
    let table = crosstab(&lens(&book, &may()), Axis::AgeBand, Axis::District).unwrap();
    // At the end of May c is 21 days old (from the 10th, 08:00), d 32.
    assert_eq!(counts(table.at("16_30d", "761").unwrap()), [0, 0, 0, 0, 1, 1]);
    assert_eq!(counts(table.at("over_30d", "").unwrap()), [0, 0, 0, 0, 1, 0]);
    assert_eq!((table.rows.len(), table.total.open), (4, 2));
}

#[test]
fn a_district_covers_its_wards_and_a_wrong_code_is_answered_with_the_nearest() {
    let book = four();
    let with = |code: &str| {
        let mut question = may();
        question.filter.areas = vec![code.into()];
        Lens::new(&book, tree(), &question).map(|lens| {
            let table = crosstab(&lens, Axis::Total, Axis::Total).unwrap();
            counts(&table.total)
        })
    };
    assert_eq!(with("760").unwrap(), [2, 2, 2, 1, 0, 0]);
    assert_eq!(with("26737").unwrap(), [1, 1, 1, 1, 0, 0]);
    assert_eq!(with("79").unwrap(), [3, 2, 3, 2, 2, 1]);
    assert_eq!(with("79-U").unwrap(), [0, 0, 0, 0, 1, 0]);
    assert_eq!(with("27127").unwrap(), [0; 6], "a ward of the tree that no case lies in");
    let error = with("26736").unwrap_err();
    assert_eq!(
        error,
        QuestionError::UnknownCode { kind: FilterKind::Area, code: "26736".into(), nearest: Some("26734".into()) }
    );
    assert_eq!(error.to_string(), "no case has the area \"26736\"");
    let mut question = may();
    question.filter.categories = vec!["trafic".into()];
    let error = Lens::new(&book, tree(), &question).unwrap_err();
    assert!(matches!(error, QuestionError::UnknownCode { nearest: Some(near), .. } if near == "traffic"));
    assert!(Lens::new(&book, tree(), &Question { to: may().from, ..may() }).is_err());
}

/// The key of a span on an axis, found the slow way.
fn key(book: &CaseBook, axis: Axis, spans: &crate::cases::Spans, row: usize, at: Second) -> String {
    let codes = &book.codes;
    let place = codes.places.place(spans.place[row]);
    match axis {
        Axis::District => codes.places.place(place.district).code.to_string(),
        Axis::Ward if place.kind == AreaKind::Ward => place.code.to_string(),
        Axis::Ward => String::new(),
        Axis::Org => codes.orgs.code(spans.org[row]).to_string(),
        Axis::Category => codes.categories.code(spans.category[row]).to_string(),
        Axis::Channel => codes.channels.code(spans.channel[row]).to_string(),
        Axis::Month => Period::of_date(crate::domain::Freq::M, moment(at).date()).to_string(),
        Axis::Week => moment(at).date().format("%G-W%V").to_string(),
        _ => "_T".to_owned(),
    }
}

/// The same table by a plain loop over every span, flow by flow.
fn naive(book: &CaseBook, question: &Question, axes: (Axis, Axis)) -> BTreeMap<(String, String), Tally> {
    let mut cells: BTreeMap<(String, String), Tally> = BTreeMap::new();
    let to = question.to.min(question.cut.second());
    let mut last_of_time: BTreeMap<(String, String), Second> = BTreeMap::new();
    let stock_times: Vec<Second> = (question.from..to)
        .step_by(3600)
        .map(|hour| hour + 3600)
        .filter(|end| (axes.0.is_time() || axes.1.is_time()) || *end == to)
        .collect();
    for batch in book.batches() {
        let stints = axes.0 == Axis::Org || axes.1 == Axis::Org;
        let spans = if stints { &batch.holdings } else { &batch.rounds };
        for row in (0..spans.len()).filter(|row| batch.is_live(spans.case[*row])) {
            let keys = |at| (key(book, axes.0, spans, row, at), key(book, axes.1, spans, row, at));
            flows_of(spans, row, question.cut, |flow, at| {
                if (question.from..to).contains(&at) {
                    cells.entry(keys(at)).or_default().flows[flow as usize] += 1;
                }
            });
        }
        for end in &stock_times {
            let mut stock: BTreeMap<(String, String), (u32, u32)> = BTreeMap::new();
            for row in (0..spans.len()).filter(|row| batch.is_live(spans.case[*row])) {
                let count =
                    stock.entry((key(book, axes.0, spans, row, end - 1), key(book, axes.1, spans, row, end - 1)));
                let (open, overdue) = count.or_default();
                *open += u32::from(is_open_before(spans, row, *end));
                let is_late = match question.basis {
                    Basis::Effective => overdue_before(spans, row, *end).is_some(),
                    Basis::Original => spans.due_original[row] < *end,
                };
                *overdue += u32::from(is_open_before(spans, row, *end) && is_late);
            }
            for (keys, (open, overdue)) in stock {
                // The last end within a key stands.
                if last_of_time.insert(keys.clone(), *end).is_none_or(|before| before <= *end) {
                    let cell = cells.entry(keys).or_default();
                    (cell.open, cell.open_overdue) = (open, overdue);
                }
            }
        }
    }
    cells.retain(|_, cell| !cell.is_empty());
    cells
}

fn as_map(table: &CrossTab) -> BTreeMap<(String, String), Tally> {
    let mut cells = BTreeMap::new();
    for (r, row) in table.rows.iter().enumerate() {
        for (c, column) in table.columns.iter().enumerate() {
            cells.insert((row.to_string(), column.to_string()), *table.cell(r, c));
        }
    }
    cells.retain(|_, cell| !cell.is_empty());
    cells
}

const AXES: [Axis; 8] =
    [Axis::Total, Axis::District, Axis::Ward, Axis::Org, Axis::Category, Axis::Channel, Axis::Week, Axis::Month];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_table_is_what_a_plain_loop_counts(
        cases in prop_oneof![any_cases(40), mostly_ended()],
        basis in prop::sample::select(vec![Basis::Effective, Basis::Original]),
        rows in prop::sample::select(&AXES[..]),
        columns in prop::sample::select(&AXES[..]),
        from in 0u32..2400,
        length in 1u32..900,
        cut in 0u32..3000,
    ) {
        let book = book(&cases);
        let mut question = window(&hours(from), &hours(from + length));
        question.basis = basis;
        question.cut = Cut::before(sec(&hours(cut)).max(question.from + 3600));
        let table = crosstab(&lens(&book, &question), rows, columns).unwrap();
        prop_assert_eq!(as_map(&table), naive(&book, &question, (rows, columns)));
        let whole = crosstab(&lens(&book, &question).clone(), rows, Axis::Total).unwrap();
        if columns != Axis::Org || rows == Axis::Org {
            let of_rows: BTreeMap<_, _> = table.rows.iter().zip(&table.row_totals).collect();
            for (row, total) in whole.rows.iter().zip(&whole.row_totals) {
                prop_assert_eq!(of_rows[row], total);
            }
            prop_assert_eq!(table.total, whole.total);
        }
        for flow in Flow::ALL {
            let sum = |tallies: &[Tally]| tallies.iter().map(|tally| tally.get(flow)).sum::<u32>();
            prop_assert_eq!(sum(&table.row_totals), table.total.get(flow));
            prop_assert_eq!(sum(&table.column_totals), table.total.get(flow));
        }
    }

    #[test]
    fn rows_at_rest_are_told_apart(cases in mostly_ended()) {
        // Otherwise the laws here would not try them.
        let book = book(&cases);
        let reaching = book.batches()[0].rounds.reaching(sec(&hours(3000)));
        prop_assert!(matches!(reaching, crate::cases::Reaching::Rows(_)));
    }

    #[test]
    fn both_ways_of_counting_count_the_same(cases in any_cases(20), cut in 0u32..1500) {
        let (book, cut) = (book(&cases), Cut::before(sec(&hours(cut))));
        for batch in book.batches() {
            for spans in [&batch.rounds, &batch.holdings] {
                for row in 0..spans.len() {
                    let (mut some, mut every) = (Vec::new(), Vec::new());
                    flows_of(spans, row, cut, |flow, at| some.push((flow, at)));
                    every_flow(spans, row, cut, |flow, at, happened| if happened { every.push((flow, at)) });
                    some.sort_unstable();
                    every.sort_unstable();
                    prop_assert_eq!(some, every);
                }
            }
        }
    }

    #[test]
    fn what_is_asked_as_of_an_instant_is_what_was_known_then(cases in any_cases(30), instant in 0u32..1500) {
        let at = sec(&hours(instant));
        let known: Vec<Sketch> = cases.iter().filter_map(|case| case.known_at(moment(at))).collect();
        let mut question = window(&hours(0), &hours(2000));
        question.cut = Cut::as_of(moment(at));
        for basis in [Basis::Effective, Basis::Original] {
            question.basis = basis;
            // An authority that a case came to later is not the one that had it then, so rounds by authority are left out.
            for rows in [Axis::District, Axis::Org, Axis::Week, Axis::AgeBand] {
                let (now, then) = (book(&cases), book(&known));
                let now = crosstab(&lens(&now, &question), rows, Axis::Category).unwrap();
                let then = crosstab(&lens(&then, &question), rows, Axis::Category).unwrap();
                prop_assert_eq!(as_map(&now), as_map(&then));
            }
        }
    }

    #[test]
    fn windows_add_up(cases in any_cases(30), cut in 0u32..1500, split in 1u32..1499) {
        let book = book(&cases);
        let table = |from: u32, to: u32| {
            let mut question = window(&hours(from), &hours(to));
            question.cut = Cut::before(sec(&hours(cut)));
            crosstab(&lens(&book, &question), Axis::Ward, Axis::Channel).unwrap()
        };
        let (whole, before, after) = (table(0, 1500), table(0, split), table(split, 1500));
        for flow in Flow::ALL {
            prop_assert_eq!(whole.total.get(flow), before.total.get(flow) + after.total.get(flow));
        }
        prop_assert_eq!((whole.total.open, whole.total.open_overdue), (after.total.open, after.total.open_overdue));
    }
}
