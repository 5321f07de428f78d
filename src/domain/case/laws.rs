//! Laws of the fold, on events in any order and of any sense.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::fixture::{at, calendar, record, table};
use super::*;

/// Kinds drawn from: the ordinary ones more often, so that cases get far.
const KINDS: [EventKind; 24] = {
    use EventKind::*;
    [
        Received, Dispatched, Dispatched, Dispatched, Dispatched, Dispatched, Accepted, Returned, Returned, Paused,
        Paused, Paused, Resumed, Resumed, Resumed, Extended, Extended, Answered, Answered, Closed, Rejected, Merged,
        Reopened, Rated,
    ]
};

/// Cases of June 2022 (some of the last days of 2026, where the calendar ends) with up to 24 events on a coarse clock, so
/// that moments coincide.
fn records() -> impl Strategy<Value = CaseRecord> {
    let event = (0i64..60, 0..KINDS.len(), 0usize..4, 0i64..80, any::<bool>());
    let flags = (any::<bool>(), any::<bool>(), prop::option::of(0i64..50), prop::option::of(-5i64..60), 0usize..8);
    (prop::collection::vec(event, 0..24), flags).prop_map(|(events, (urgent, has_org, resolved, due, end))| {
        let mut case = record(if end == 0 { "2026-12-24T09:30" } else { "2022-06-02T09:30" });
        // Steps of 3 h 20 min, beginning before the receipt.
        let moment = |step: i64| Moment(case.received_at.0 + (step - 2) * 12_000);
        let orgs = ["a", "b", "hotline"];
        let event = |(seq, (when, kind, org, due, satisfied)): (u32, (i64, usize, usize, i64, bool))| {
            let kind = KINDS[kind];
            let org = orgs.get(org).filter(|_| kind == EventKind::Dispatched).map(|o| (*o).into());
            let due = Some(moment(due)).filter(|_| matches!(kind, EventKind::Extended | EventKind::Reopened));
            CaseEvent {
                seq,
                at: moment(when),
                kind,
                org,
                due: due.filter(|d| d.0 % 5 != 0),
                satisfied: Some(satisfied),
            }
        };
        let events: Vec<CaseEvent> = (1..).zip(events).map(event).collect();
        case.due_at = due.map(moment);
        case.resolved_at = resolved.map(|step| moment(step + 2));
        case.org = Some("a".into()).filter(|_| has_org);
        if urgent {
            (case.category, case.priority) = ("electricity".into(), "urgent".into());
        }
        case.events = events;
        case
    })
}

const ENDS: [EventKind; 4] = [EventKind::Answered, EventKind::Closed, EventKind::Rejected, EventKind::Merged];

fn has(record: &CaseRecord, kinds: &[EventKind]) -> bool {
    record.events.iter().any(|e| kinds.contains(&e.kind))
}

/// The record with only some of its events. A source that tells of dispatches names nobody before the first, and one that
/// tells of ends has no answer before them; so what stands in for them goes with them.
fn with_events(record: &CaseRecord, keep: impl Fn(&CaseEvent) -> bool) -> CaseRecord {
    let mut less = record.clone();
    less.events.retain(keep);
    if has(record, &ENDS) {
        less.resolved_at = None;
    }
    let unnamed = |e: &CaseEvent| e.kind == EventKind::Dispatched && e.org.is_none();
    if has(record, &[EventKind::Dispatched]) && !less.events.iter().any(unnamed) {
        less.org = None;
    }
    less
}

fn folded(record: &CaseRecord) -> CaseHistory {
    fold(record, table(), calendar())
}

fn check_spans(history: &CaseHistory) {
    for pair in history.rounds.windows(2) {
        assert_eq!(pair[0].number + 1, pair[1].number);
        assert_eq!(pair[0].reopened_at, Some(pair[1].started_at));
        assert!(pair[0].ending == Ending::Answered && pair[0].ended_at.unwrap() <= pair[1].started_at);
    }
    for pair in history.holdings.windows(2) {
        assert_eq!(pair[0].number + 1, pair[1].number);
        assert!(pair[0].to.unwrap() <= pair[1].from);
    }
    let mut orgs = BTreeSet::new();
    for holding in &history.holdings {
        let round = &history.rounds[usize::from(holding.round) - 1];
        assert!(round.started_at <= holding.from);
        assert!(holding.to.is_none_or(|to| holding.from <= to && round.ended_at.is_none_or(|end| to <= end)));
        assert!(holding.to.is_some() || round.ended_at.is_none());
        assert_eq!(holding.to.is_none(), holding.release == Release::Held);
        assert_eq!(holding.is_first_of_org, orgs.insert(&holding.org));
    }
    for round in &history.rounds {
        assert!(round.ended_at.is_none_or(|end| round.started_at <= end));
        assert_eq!(round.ended_at.is_none(), round.ending == Ending::Open);
        assert_eq!(round.rated_at.is_some(), round.satisfied.is_some());
        let within = |at: &Moment| round.started_at <= *at && round.ended_at.is_none_or(|end| *at <= end);
        assert!(round.dispatched_at.iter().chain(&round.returned_at).all(within));
        assert!(round.pauses.iter().all(|p| within(&p.from) && p.to.iter().all(within)));
    }
}

/// Steps ascend, lie in the span, alternate between running and standing, and never move the deadline back.
fn check_due(due: &DueTimeline, from: Moment, to: Option<Moment>) {
    assert!(due.steps().is_sorted_by_key(|s| s.from));
    assert!(due.steps().iter().all(|s| from <= s.from && to.is_none_or(|to| s.from <= to)));
    assert!(due.steps().windows(2).all(|w| w[0].due.is_some() || w[1].due.is_some()));
    let known: Vec<Moment> = due.steps().iter().filter_map(|s| s.due).collect();
    assert!(known.is_sorted());
    assert!(to.is_none() || due.steps().last().is_none_or(|s| s.due.is_some()), "an end sets a stopped clock going");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn spans_are_in_order_and_deadlines_only_move_on(record in records()) {
        let history = folded(&record);
        check_spans(&history);
        if history.gaps.is_empty() {
            for round in &history.rounds {
                check_due(&round.due, round.started_at, round.ended_at);
            }
            for holding in &history.holdings {
                check_due(&holding.due, holding.from, holding.to);
            }
        }
    }

    /// received + reopened = ended + open, and each authority gets what it passes on, ends or holds.
    #[test]
    fn nothing_is_lost(record in records()) {
        let history = folded(&record);
        let reopened = history.rounds.iter().filter(|r| r.reopened_at.is_some()).count();
        let ended = history.rounds.iter().filter(|r| r.ended_at.is_some()).count();
        let open = history.rounds.iter().filter(|r| r.ending == Ending::Open).count();
        prop_assert_eq!(1 + reopened, ended + open);
        prop_assert!(open <= 1 && history.holdings.iter().filter(|h| h.to.is_none()).count() <= open);
        let first = history.holdings.iter().filter(|h| h.is_first_of_org).count();
        let orgs: BTreeSet<_> = history.holdings.iter().map(|h| &h.org).collect();
        prop_assert_eq!(first, orgs.len());
    }

    /// What is set aside changes nothing: without it the case is the same, and nothing more is set aside.
    #[test]
    fn every_event_is_used_or_set_aside(record in records()) {
        let history = folded(&record);
        let aside: BTreeSet<u32> = history.ignored.iter().map(|e| e.seq).collect();
        prop_assert_eq!(aside.len(), history.ignored.len(), "once each");
        let used = with_events(&record, |e| !aside.contains(&e.seq));
        let mut again = folded(&used);
        // A record whose only dispatches or ends are set aside keeps what stands in for them out, too.
        prop_assert!(again.ignored.is_empty(), "{:?}", again.ignored);
        again.ignored = history.ignored.clone();
        prop_assert_eq!(again, history);
    }

    #[test]
    fn the_order_in_which_events_are_given_does_not_matter(record in records(), turn in 0usize..16) {
        let mut turned = record.clone();
        turned.events.reverse();
        let by = turn % turned.events.len().max(1);
        turned.events.rotate_left(by);
        prop_assert_eq!(folded(&turned), folded(&record));
    }

    /// The history of what had happened by an instant is the whole history as it stood at that instant.
    #[test]
    fn the_past_does_not_change(record in records(), after in 0i64..700_000) {
        let now = Moment(record.received_at.0 + after);
        let mut past = with_events(&record, |e| e.at <= now);
        past.resolved_at = past.resolved_at.filter(|at| *at <= now);
        let (then, whole) = (folded(&past), folded(&record));
        prop_assert_eq!(&then, &whole.as_of(now));
        prop_assert_eq!(then.state_at(now), whole.state_at(now));
        for (then, whole) in then.rounds.iter().zip(&whole.rounds) {
            prop_assert_eq!(then.due.last(), whole.due.at(now));
            prop_assert_eq!(then.due.original(), whole.due.original());
        }
        for (then, whole) in then.holdings.iter().zip(&whole.holdings) {
            prop_assert_eq!(then.due.last(), whole.due.at(now));
        }
    }
}

/// The generator reaches what the laws are about.
#[test]
fn the_cases_of_the_laws_are_rich() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen = [0; 7];
    for _ in 0..1000 {
        let record = records().new_tree(&mut runner).unwrap().current();
        let history = folded(&record);
        let steps = history.holdings.iter().map(|h| h.due.steps().len()).max().unwrap_or(0);
        let marks = [
            history.rounds.len() > 1,
            history.holdings.len() > 2,
            steps > 2,
            !history.gaps.is_empty(),
            history.rounds.iter().any(|r| r.satisfied.is_some()),
            history.holdings.iter().any(|h| h.release == Release::Returned),
            history.state_at(at("2022-06-05T00:00")) == Some(CaseState::Paused),
        ];
        seen.iter_mut().zip(marks).for_each(|(n, mark)| *n += usize::from(mark));
    }
    assert!(seen.iter().all(|n| *n >= 40), "{seen:?}");
}
