//! Cases: from events to rounds, holdings and deadlines.

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput};
use toancanh::catalog;
use toancanh::domain::case::{CaseEvent, DuePolicy, Ending, EventKind, fold};
use toancanh::domain::{CaseRecord, Moment, Vintage};

/// How many cases a run folds.
const CASES: usize = 10_000;

/// A month's cases: each is dispatched and accepted; every tenth is passed on, every seventh asked back, every twelfth
/// extended, every ninth reopened; one in six is still open.
fn cases() -> Vec<CaseRecord> {
    let first = Moment::from_local("2022-05-02T06:00:00".parse().unwrap());
    (0..CASES).map(|n| case(n, Moment(first.0 + n as i64 * 260))).collect()
}

fn case(n: usize, received: Moment) -> CaseRecord {
    let orgs = ["so_xd", "so_gtvt", "so_tnmt", "ubnd_quan_1", "ubnd_quan_3"];
    let mut events: Vec<CaseEvent> = Vec::new();
    let mut add = |minutes: i64, kind, org: Option<&str>, days: Option<i64>| {
        let at = Moment(received.0 + minutes * 60);
        let due = days.map(|days| Moment(received.0 + days * 86_400));
        events.push(CaseEvent {
            seq: events.len() as u32 + 1,
            at,
            kind,
            org: org.map(Into::into),
            due,
            satisfied: None,
        });
    };
    add(0, EventKind::Received, None, None);
    add(3, EventKind::Dispatched, Some(orgs[n % 5]), None);
    if n.is_multiple_of(10) {
        add(200, EventKind::Returned, None, None);
        add(230, EventKind::Dispatched, Some(orgs[(n + 1) % 5]), None);
    }
    add(300, EventKind::Accepted, None, None);
    if n.is_multiple_of(7) {
        add(1_500, EventKind::Paused, None, None);
        add(4_000, EventKind::Resumed, None, None);
    }
    if n.is_multiple_of(12) {
        add(4_100, EventKind::Extended, None, Some(20));
    }
    if !n.is_multiple_of(6) {
        add(5_000 + (n % 100) as i64 * 60, EventKind::Answered, None, None);
        if n.is_multiple_of(9) {
            add(14_000, EventKind::Reopened, None, None);
        }
    }
    CaseRecord {
        id: n.to_string().into(),
        channel: "hotline".into(),
        category: "noise".into(),
        priority: "normal".into(),
        area: Some("26740".into()),
        org: None,
        received_at: received,
        due_at: None,
        due_policy: DuePolicy::Table,
        resolved_at: None,
        parent: None,
        longitude: None,
        latitude: None,
        updated_at: Vintage::from_local(received.local()),
        events,
    }
}

/// Every case folded, with the shipped deadlines and calendar; then with its events in another order.
pub fn folds(criterion: &mut Criterion) {
    let catalog = catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("indicators")).unwrap();
    let (deadlines, calendar) = (&catalog.deadlines, &catalog.calendar);
    let cases = cases();
    let open = |cases: &[CaseRecord]| {
        let histories = cases.iter().map(|case| fold(black_box(case), deadlines, calendar));
        histories.filter(|h| h.ignored.is_empty() && h.rounds.iter().any(|r| r.ending == Ending::Open)).count()
    };
    // One in six, and of the others every ninth, reopened: 1667 + 1112 - 556 that are both.
    let expected = (0..CASES).filter(|n| n.is_multiple_of(6) || n.is_multiple_of(9)).count();
    assert_eq!(expected, 2_223);
    let mut group = criterion.benchmark_group("cases");
    group.throughput(Throughput::Elements(CASES as u64));
    group.bench_function("fold/10k", |b| b.iter(|| assert_eq!(open(&cases), expected)));
    let mut turned = cases.clone();
    turned.iter_mut().for_each(|case| case.events.reverse());
    group.bench_function("fold/10k-unordered", |b| b.iter(|| assert_eq!(open(&turned), expected)));
    group.finish();
}
