//! Cases worked out by hand, each with its days.

use super::fixture::{at, calendar, case, record, table};
use super::*;

fn folded(record: &CaseRecord) -> CaseHistory {
    fold(record, table(), calendar())
}

/// `from>due` of every step, `-` while the clock stands.
fn steps(due: &DueTimeline) -> Vec<String> {
    let shown = |s: &DueStep| format!("{}>{}", short(s.from), s.due.map_or("-".to_owned(), short));
    due.steps().iter().map(shown).collect()
}

/// `05-10T08:00`.
fn short(moment: Moment) -> String {
    moment.to_string()[5..16].to_owned()
}

fn reasons(history: &CaseHistory) -> Vec<(u32, &str)> {
    history.ignored.iter().map(|e| (e.seq, e.reason)).collect()
}

const HOUR: u32 = 3600;

/// Received on Friday 28/1/2022 at 9:00, the last working day before Tết (31/1 to 4/2 off). Five working days: Mon 7/2,
/// Tue 8/2, Wed 9/2, Thu 10/2, Fri 11/2, so due then at 17:00. Answered on Tue 8/2 at 10:00: 2:30 + 4 h on the Friday,
/// 8 h on the Monday, 2:30 on the Tuesday = 17 h.
#[test]
fn a_record_without_events_is_one_round_and_one_holding() {
    let mut open = record("2022-01-28T09:00");
    open.org = Some("a".into());
    let history = folded(&CaseRecord { resolved_at: Some(at("2022-02-08T10:00")), ..open.clone() });
    let [round] = &history.rounds[..] else { panic!("{history:?}") };
    assert_eq!(steps(&round.due), ["01-28T09:00>02-11T17:00"]);
    assert_eq!((round.number, round.started_at, round.ended_at), (1, open.received_at, Some(at("2022-02-08T10:00"))));
    assert_eq!((round.ending, round.worked_seconds), (Ending::Answered, Some(17 * HOUR)));
    assert_eq!((round.dispatched_at, round.org.as_deref()), (None, Some("a")), "nobody says when it was sent");
    let [holding] = &history.holdings[..] else { panic!("{history:?}") };
    assert_eq!((holding.from, holding.to, holding.release), (open.received_at, round.ended_at, Release::Answered));
    assert_eq!((&holding.due, holding.worked_seconds), (&round.due, round.worked_seconds));
    assert!(holding.is_first_of_org && history.ignored.is_empty() && history.gaps.is_empty());

    let history = folded(&open);
    assert_eq!((history.rounds[0].ending, history.rounds[0].worked_seconds), (Ending::Open, None));
    assert_eq!((history.holdings[0].release, history.holdings[0].to), (Release::Held, None));
}

/// Received on Tue 26/4/2022: 27, 28, 29/4, then 30/4 and 1/5 are a weekend made up for on Mon 2 and Tue 3 May, so day
/// four is Wed 4/5 and day five Thu 5/5. Authority a holds it from Tue 26/4 8:10 to Thu 28/4 9:00 and gives it back;
/// b gets it on Thu 28/4 at 10:00 with five days of its own: 29/4, 4, 5, 6, 9/5. Answered on Fri 6/5 at 9:00: one day after
/// the round's deadline, within b's own.
#[test]
fn each_authority_is_charged_for_its_own_time() {
    let history = folded(&case(
        "2022-04-26T08:00",
        &[
            "2022-04-26T08:00 received",
            "2022-04-26T08:10 dispatched a",
            "2022-04-28T09:00 returned",
            "2022-04-28T10:00 dispatched b",
            "2022-04-28T10:30 accepted",
            "2022-05-06T09:00 answered",
            "2022-05-07T09:00 rated yes",
            "2022-05-08T09:00 rated no",
            "2022-05-13T00:00 closed",
        ],
    ));
    let round = &history.rounds[0];
    assert_eq!(steps(&round.due), ["04-26T08:00>05-05T17:00"]);
    assert!(round.ended_at > round.due.last(), "late");
    assert_eq!((round.dispatched_at, round.returned_at), (Some(at("2022-04-26T08:10")), Some(at("2022-04-28T09:00"))));
    assert_eq!((round.rated_at, round.satisfied), (Some(at("2022-05-07T09:00")), Some(true)));
    assert_eq!(round.org.as_deref(), Some("b"));
    // 26/4 7:30 h of 8, 27 to 29/4 and 4, 5/5 8 h each, 6/5 1:30.
    assert_eq!(round.worked_seconds, Some(49 * HOUR));
    let [a, b] = &history.holdings[..] else { panic!("{history:?}") };
    assert_eq!(steps(&a.due), ["04-26T08:10>05-05T17:00"]);
    assert_eq!(steps(&b.due), ["04-28T10:00>05-09T17:00"]);
    assert_eq!((a.release, a.to), (Release::Returned, Some(at("2022-04-28T09:00"))));
    assert_eq!((b.release, b.to, b.accepted_at), (Release::Answered, round.ended_at, Some(at("2022-04-28T10:30"))));
    // a: 7:20 on the 26th, 8 h on the 27th, 1:30 on the 28th. b: 1:30 + 4 h on the 28th, 8 h on 29/4, 4 and 5/5, 1:30 on 6/5.
    assert_eq!((a.worked_seconds, b.worked_seconds), (Some(16 * HOUR + 50 * 60), Some(31 * HOUR)));
    assert_eq!(reasons(&history), [(8, "the round was rated before")]);
    let states = ["2022-04-26T07:59", "2022-04-26T08:00", "2022-04-26T08:10", "2022-04-28T09:30", "2022-04-28T10:00"];
    use CaseState::*;
    assert_eq!(
        states.map(|t| history.state_at(at(t))),
        [None, Some(Received), Some(Dispatched), Some(Returned), Some(Dispatched)]
    );
    assert_eq!(history.state_at(at("2022-05-06T08:59:59")), Some(InProgress));
    assert_eq!(history.state_at(at("2022-05-06T09:00")), Some(Answered));
}

/// Received on Thu 2/5/2024 at 8:00: Fri 3/5, the worked Sat 4/5, Mon 6, Tue 7, Wed 8/5. Asked back on Fri 3/5 at 16:00,
/// answered by the citizen on Mon 6/5 at 9:30: 1 h of the Friday, 8 h of the Saturday, 2 h of the Monday = 11 h. The
/// deadline moves by 8 h to Thu 9/5 17:00 and by 3 h more to Fri 10/5 10:30.
#[test]
fn a_pause_moves_a_working_deadline_by_working_time() {
    let lines = ["2024-05-02T08:05 dispatched a", "2024-05-03T16:00 paused", "2024-05-06T09:30 resumed"];
    let history = folded(&case("2024-05-02T08:00", &lines));
    let moved = ["05-03T16:00>-", "05-06T09:30>05-10T10:30"];
    let (round, holding) = (&history.rounds[0], &history.holdings[0]);
    assert_eq!(steps(&round.due), ["05-02T08:00>05-08T17:00", moved[0], moved[1]]);
    assert_eq!(steps(&holding.due), ["05-02T08:05>05-08T17:00", moved[0], moved[1]]);
    assert_eq!(round.due.original(), Some(at("2024-05-08T17:00")));
    assert_eq!(round.pauses, [Pause { from: at("2024-05-03T16:00"), to: Some(at("2024-05-06T09:30")) }]);
    assert_eq!(history.state_at(at("2024-05-04T12:00")), Some(CaseState::Paused));

    // Answered in the pause, on Mon 6/5 at 9:30: as if the clock ran again then. 7:30 h of the Thursday and 7 h of the
    // Friday are worked.
    let history = folded(&case("2024-05-02T08:00", &[lines[0], lines[1], "2024-05-06T09:30 answered"]));
    assert_eq!(steps(&history.rounds[0].due)[2], moved[1]);
    assert_eq!(history.rounds[0].worked_seconds, Some(14 * HOUR + HOUR / 2));
    assert_eq!(history.rounds[0].pauses[0].to, history.rounds[0].ended_at);

    // Passed on in the pause: b's clock stands from the start and runs on Mon 6/5 with what a pause since Sat 4/5 8:00
    // leaves. Five days from Saturday: 6, 7, 8, 9, 10/5; the pause took 7:30 h of the Saturday and 2 h of the Monday,
    // so 8 h to Mon 13/5 17:00, 1:30 h to Tue 14/5 9:00.
    let history = folded(&case("2024-05-02T08:00", &[lines[0], lines[1], "2024-05-04T08:00 dispatched b", lines[2]]));
    let [a, b] = &history.holdings[..] else { panic!("{history:?}") };
    assert_eq!(steps(&b.due), ["05-04T08:00>05-10T17:00", "05-04T08:00>-", "05-06T09:30>05-14T09:00"]);
    assert_eq!(b.due.original(), Some(at("2024-05-10T17:00")));
    assert_eq!(a.release, Release::Transferred);
    // The clock of a ended in the pause, after 1 h of the Friday and half an hour of the Saturday.
    assert_eq!(steps(&a.due)[2], "05-04T08:00>05-09T09:00");
}

/// An urgent case of electricity has four hours of the clock. Received at 22:00, asked back from 23:00 to 1:30: due at
/// 4:30.
#[test]
fn a_pause_moves_a_deadline_of_the_clock_by_the_clock() {
    let mut urgent = case("2022-05-10T22:00", &["2022-05-10T23:00 paused", "2022-05-11T01:30 resumed"]);
    (urgent.category, urgent.priority) = ("electricity".into(), "urgent".into());
    assert_eq!(
        steps(&folded(&urgent).rounds[0].due),
        ["05-10T22:00>05-11T02:00", "05-10T23:00>-", "05-11T01:30>05-11T04:30"]
    );
    // The same by the source's own due time, which wins over the table; b has as many hours from when it got the case.
    let mut given = case("2022-05-10T22:00", &["2022-05-11T00:00 dispatched b"]);
    given.due_at = Some(at("2022-05-12T22:00"));
    let history = folded(&given);
    assert_eq!(steps(&history.rounds[0].due), ["05-10T22:00>05-12T22:00"]);
    assert_eq!(steps(&history.holdings[0].due), ["05-11T00:00>05-13T00:00"]);
}

/// Received on Mon 9/5/2022: due on Mon 16/5. Extended on Fri 13/5 to Fri 20/5; a second extension on Sat 21/5 comes
/// after the deadline, one on Thu 19/5 to Wed 18/5 is not later.
#[test]
fn only_an_extension_before_the_deadline_counts() {
    let history = folded(&case(
        "2022-05-09T08:00",
        &[
            "2022-05-09T08:02 dispatched a",
            "2022-05-13T10:00 extended 2022-05-20T17:00",
            "2022-05-19T10:00 extended 2022-05-18T17:00",
            "2022-05-20T17:00 extended 2022-05-27T17:00",
            "2022-05-20T17:00 extended",
            "2022-05-23T10:00 answered",
        ],
    ));
    let extended = "05-13T10:00>05-20T17:00";
    assert_eq!(steps(&history.rounds[0].due), ["05-09T08:00>05-16T17:00", extended]);
    assert_eq!(steps(&history.holdings[0].due), ["05-09T08:02>05-16T17:00", extended]);
    let expected = [
        (3, "the new due time is not later"),
        (4, "it was granted after the deadline"),
        (5, "no new due time is given"),
    ];
    assert_eq!(reasons(&history), expected);

    // b got the case on Fri 13/5 and has until Fri 20/5 anyway: the round's extension to Wed 18/5 takes nothing away.
    let history = folded(&case(
        "2022-05-09T08:00",
        &[
            "2022-05-09T08:02 dispatched a",
            "2022-05-13T08:00 dispatched b",
            "2022-05-13T10:00 extended 2022-05-18T17:00",
        ],
    ));
    assert_eq!(steps(&history.holdings[1].due), ["05-13T08:00>05-20T17:00"]);

    // Granted on Wed 11/5 at 9:30 while the clock stands since Tue 10/5: the half day after the grant, 4 h to the
    // citizen's reply at 14:30 less the lunch break, is what moves Fri 20/5 17:00 on to Mon 23/5 11:00.
    let history = folded(&case(
        "2022-05-09T08:00",
        &["2022-05-10T08:00 paused", "2022-05-11T09:30 extended 2022-05-20T17:00", "2022-05-11T14:30 resumed"],
    ));
    assert_eq!(steps(&history.rounds[0].due)[1..], ["05-10T08:00>-", "05-11T14:30>05-23T11:00"]);
}

/// Round 1: Mon 9/5/2022 to Wed 11/5. Reopened on Sat 14/5: five days are 16 to 20/5. Sent to b within the same second, so
/// a does not get it again; the second time a got it again and keeps it.
#[test]
fn a_reopening_begins_a_round_with_its_own_clock() {
    let first = ["2022-05-09T08:02 dispatched a", "2022-05-11T10:00 answered", "2022-05-14T08:00 reopened"];
    let history = folded(&case(
        "2022-05-09T08:00",
        &[first[0], first[1], first[2], "2022-05-14T08:00 dispatched b", "2022-05-21T08:00 answered"],
    ));
    let [one, two] = &history.rounds[..] else { panic!("{history:?}") };
    assert_eq!((one.reopened_at, two.number, two.started_at), (Some(two.started_at), 2, at("2022-05-14T08:00")));
    assert_eq!(steps(&two.due), ["05-14T08:00>05-20T17:00"]);
    let orgs: Vec<(u16, u16, &str, bool)> =
        history.holdings.iter().map(|h| (h.round, h.number, &*h.org, h.is_first_of_org)).collect();
    assert_eq!(orgs, [(1, 1, "a", true), (2, 2, "b", true)]);

    let again = folded(&case(
        "2022-05-09T08:00",
        &[first[0], first[1], first[2], "2022-05-16T08:00 dispatched a", "2022-05-16T09:00 dispatched a"],
    ));
    assert_eq!(again.holdings.len(), 2);
    assert_eq!((again.holdings[1].from, again.holdings[1].is_first_of_org), (at("2022-05-14T08:00"), false));
    assert_eq!(again.rounds[1].dispatched_at, Some(at("2022-05-16T08:00")));
    assert_eq!(reasons(&again), [(5, "the authority holds the case already")]);
    let states = ["2022-05-13T08:00", "2022-05-14T08:00", "2022-05-16T08:00"].map(|t| again.state_at(at(t)).unwrap());
    assert_eq!(states, [CaseState::Answered, CaseState::Reopened, CaseState::Dispatched]);

    // The source may give the new round's due time.
    let given = folded(&case("2022-05-09T08:00", &[first[1], "2022-05-14T08:00 reopened 2022-05-15T08:00"]));
    assert_eq!(steps(&given.rounds[1].due), ["05-14T08:00>05-15T08:00"]);
    assert!(given.holdings.is_empty(), "nobody answered that could get it again");
}

#[test]
fn an_authority_may_have_a_rule_of_its_own() {
    // Two working hours from Fri 13/5/2022 16:00: one to the close, one on Monday.
    let history = folded(&case("2022-05-13T15:55", &["2022-05-13T16:00 dispatched hotline"]));
    assert_eq!(steps(&history.rounds[0].due), ["05-13T15:55>05-20T17:00"]);
    assert_eq!(steps(&history.holdings[0].due), ["05-13T16:00>05-16T08:30"]);
}

#[test]
fn the_rule_is_that_of_the_rounds_first_day() {
    // Sun 31/8/2025 by the old rule; 1 and 2/9 are off, so 3, 4, 5, 8, 9/9. Reopened on Mon 15/9 by the new: ten days are
    // 16 to 19 and 22 to 26/9, then 29/9.
    let history = folded(&case("2025-08-31T23:00", &["2025-09-09T08:00 answered", "2025-09-15T08:00 reopened"]));
    assert_eq!(steps(&history.rounds[0].due), ["08-31T23:00>09-09T17:00"]);
    assert_eq!(steps(&history.rounds[1].due), ["09-15T08:00>09-29T17:00"]);
}

#[test]
fn what_contradicts_is_set_aside_with_a_reason() {
    let history = folded(&case(
        "2022-05-09T08:00",
        &[
            "2022-05-08T08:00 dispatched a",
            "2022-05-09T08:00 received",
            "2022-05-09T08:00 received",
            "2022-05-09T09:00 received",
            "2022-05-09T09:00 returned",
            "2022-05-09T09:00 accepted",
            "2022-05-09T09:00 rated yes",
            "2022-05-09T10:00 reopened",
            "2022-05-09T10:00 resumed",
            "2022-05-09T11:00 dispatched",
            "2022-05-09T12:00 rejected",
            "2022-05-09T13:00 reopened",
            "2022-05-09T14:00 answered",
        ],
    ));
    assert_eq!((history.rounds.len(), history.rounds[0].ending, history.holdings.len()), (1, Ending::Rejected, 0));
    assert_eq!(
        reasons(&history),
        [
            (1, "it lies before the receipt"),
            (3, "the receipt is known already"),
            (4, "the case says that it came in at another time"),
            (5, "no authority holds the case"),
            (6, "no authority holds the case"),
            (7, "no round has ended"),
            (8, "the round has not ended"),
            (9, "the clock runs already"),
            (10, "no authority is named"),
            (12, "the case was rejected or merged before"),
            (13, "the case was rejected or merged before"),
        ]
    );
    let late = folded(&case("2022-05-09T08:00", &["2022-05-10T08:00 closed", "2022-05-10T09:00 answered"]));
    assert_eq!(
        (late.rounds[0].ended_at, reasons(&late)),
        (Some(at("2022-05-10T08:00")), vec![(2, "the round has ended")])
    );
    let merged = folded(&case("2022-05-09T08:00", &["2022-05-09T08:01 dispatched a", "2022-05-10T08:00 merged"]));
    assert_eq!((merged.rounds[0].ending, merged.holdings[0].release), (Ending::Merged, Release::Merged));
    assert_eq!(merged.state_at(at("2022-05-10T08:00")), Some(CaseState::Merged));
}

#[test]
fn the_records_own_answer_counts_where_its_events_have_none() {
    let mut record = case("2022-05-09T08:00", &["2022-05-09T08:01 dispatched a", "2022-05-12T08:00 rated no"]);
    record.resolved_at = Some(at("2022-05-11T08:00"));
    let history = folded(&record);
    assert_eq!((history.rounds[0].ended_at, history.rounds[0].satisfied), (record.resolved_at, Some(false)));
    record.events.extend(case("2022-05-09T08:00", &["2022-05-10T08:00 answered"]).events);
    assert_eq!(folded(&record).rounds[0].ended_at, Some(at("2022-05-10T08:00")));
}

#[test]
fn outside_the_calendar_there_is_no_deadline_and_it_is_said() {
    let mut old = case("2020-12-30T08:00", &["2020-12-30T08:01 dispatched a", "2021-01-05T08:00 answered"]);
    let history = folded(&old);
    assert_eq!((history.rounds[0].due.steps(), history.rounds[0].worked_seconds), (&[][..], None));
    let days: Vec<(Moment, String)> = history.gaps.iter().map(|g| (g.at, g.error.to_string())).collect();
    let said = "2020-12-30 is outside the work calendar, which covers 2021 to 2026";
    let moments = ["2020-12-30T08:00", "2020-12-30T08:01", "2021-01-05T08:00"];
    assert_eq!(days, moments.map(|t| (at(t), said.to_owned())));
    // The source's due time needs no calendar.
    old.due_at = Some(at("2021-01-04T17:00"));
    assert_eq!(folded(&old).rounds[0].due.last(), old.due_at);
    // Received in the last week of 2026: the fifth working day is not declared.
    let history = folded(&record("2026-12-29T08:00"));
    assert_eq!((history.rounds[0].due.last(), history.gaps.len()), (None, 1));
    // Without a table nothing is asked of the calendar.
    let history = fold(&record("2026-12-29T08:00"), &DeadlineTable::default(), calendar());
    assert_eq!((history.rounds[0].due.last(), history.gaps.len()), (None, 0));
}
