//! The rows of the export files.

use super::*;
use crate::sample::cases::export::{CASE_COLUMNS, EVENT_COLUMNS, write_month};

#[test]
fn a_month_has_its_rows_and_their_events() {
    let options = CaseOptions { bad_share: 0.1, ..CaseOptions::new(4, day("2022-01-01"), day("2022-04-01"), 900) };
    let made = generator(&options);
    let month = Period::month(2022, 2).unwrap();
    let (mut cases, mut events) = (Vec::new(), Vec::new());
    let truth = write_month(&made, month, &mut cases, Some(&mut events)).unwrap();
    let expected: Vec<SampleCase> = made.numbers(made.received_in(month)).collect();
    assert_eq!(truth.rows, expected.len() as u64);
    let (cases, events) = (String::from_utf8(cases).unwrap(), String::from_utf8(events).unwrap());
    let mut lines = cases.lines();
    assert_eq!(lines.next(), Some(CASE_COLUMNS));
    let columns = CASE_COLUMNS.split(',').count();
    for (line, case) in lines.by_ref().zip(&expected) {
        let fields: Vec<&str> = line.split(',').collect();
        assert_eq!((fields.len(), fields[0]), (columns, &*case.record.id));
        let readable = case.fault != Some(Fault::UnreadableTime);
        assert_eq!(fields[6].starts_with("2022-02-") && fields[6] < "2022-02-30", readable, "{line}");
        assert_eq!(fields[7].is_empty(), case.record.due_at.is_none());
        assert_eq!(fields[6] == case.record.received_at.to_string().replace('T', " "), readable);
    }
    assert_eq!(lines.next(), None);
    let of_all: usize = expected.iter().map(|c| c.record.events.len()).sum();
    assert_eq!((events.lines().next(), events.lines().count()), (Some(EVENT_COLUMNS), of_all + 1));
    assert!(events.lines().any(|l| l.contains(",answered,")) && events.lines().any(|l| l.ends_with(",1")));
}

#[test]
fn a_summary_is_the_last_word_on_a_case() {
    use crate::domain::case::fold;
    for case in plain() {
        let (record, summary) = (&case.record, CaseSummary::of(&case.record));
        let history = fold(record, &catalog().deadlines, &catalog().calendar);
        let last = history.rounds.last().unwrap();
        let answered = last.ended_at.filter(|_| last.ending == crate::domain::case::Ending::Answered);
        assert_eq!(summary.resolved_at, answered, "{}", record.id);
        assert_eq!(usize::from(summary.reopened_count) + 1, history.rounds.len(), "{}", record.id);
        let over = matches!(summary.status, "answered" | "closed" | "rejected" | "merged");
        assert_eq!(over, last.ended_at.is_some(), "{}: {}", record.id, summary.status);
        assert_eq!(summary.closed_at.is_some(), summary.status == "closed", "{}", record.id);
        assert!(summary.first_response_at.is_none_or(|at| at > record.received_at));
    }
}
