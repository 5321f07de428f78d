//! Views of cases: a month of a book that holds many more.
//!
//! 166,667 cases a month, as ten million in five years. `CASES=10000000 cargo bench --no-default-features -- case_views`
//! takes the whole five years (two gigabytes); without it, six months.

use std::path::Path;

use chrono::{Days, Months, NaiveDate};
use criterion::Criterion;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use toancanh::cases::counting::Flow;
use toancanh::cases::views::{Axis, Basis, Filter, Lens, Order, Page, Question, Which, crosstab, list, ranking};
use toancanh::cases::{BookWriter, CaseBook, Cut, NewCase, second};
use toancanh::catalog;
use toancanh::domain::case::{CaseHistory, DuePolicy, DueStep, DueTimeline, Ending, Holding, Release, Round};
use toancanh::domain::{AreaKind, AreaTree, CaseRecord, Moment};

const CASES_A_MONTH: usize = 166_667;
const DAY: i64 = 86_400;

fn last_month() -> NaiveDate {
    NaiveDate::from_ymd_opt(2022, 12, 1).unwrap()
}

/// A case of a month: mostly answered within two weeks, one in fifty open for good, one in ten with a moved deadline.
fn case(number: usize, month: NaiveDate, wards: &[&str], rng: &mut ChaCha8Rng) -> (CaseRecord, CaseHistory) {
    let received_at = Moment(Moment::midnight(month).0 + rng.random_range(0..30 * DAY));
    let due = Moment(received_at.0 + rng.random_range(3..15) * DAY);
    let took = rng.random_range(0.0..1.0f64);
    // A long tail: the slowest answers take years.
    let took = (took / (1.0 - took) * 6.0 * DAY as f64) as i64 + 600;
    let ended_at = (rng.random_range(0..50) > 0).then_some(Moment(received_at.0 + took.min(1500 * DAY)));
    let mut steps = vec![DueStep { from: received_at, due: Some(due) }];
    if rng.random_range(0..10) == 0 {
        steps.push(DueStep { from: Moment(received_at.0 + DAY), due: None });
        steps.push(DueStep { from: Moment(received_at.0 + 3 * DAY), due: Some(Moment(due.0 + 2 * DAY)) });
    }
    let org: std::sync::Arc<str> = format!("org{:03}", rng.random_range(0..400)).into();
    let round = Round {
        number: 1,
        started_at: received_at,
        ended_at,
        ending: if ended_at.is_some() { Ending::Answered } else { Ending::Open },
        due: DueTimeline::new(steps),
        dispatched_at: Some(Moment(received_at.0 + rng.random_range(0..900))),
        returned_at: None,
        reopened_at: None,
        rated_at: ended_at.filter(|_| number.is_multiple_of(5)).map(|at| Moment(at.0 + DAY)),
        satisfied: Some(true),
        pauses: Vec::new(),
        worked_seconds: ended_at.map(|_| 3600),
        org: Some(org.clone()),
    };
    let holding = Holding {
        round: 1,
        number: 1,
        org: org.clone(),
        from: received_at,
        to: ended_at,
        release: if ended_at.is_some() { Release::Answered } else { Release::Held },
        accepted_at: None,
        due: round.due.clone(),
        worked_seconds: round.worked_seconds,
        is_first_of_org: true,
    };
    let record = CaseRecord {
        id: format!("1022-{number:08}").into(),
        channel: ["hotline", "zalo", "app", "web"][rng.random_range(0..4)].into(),
        category: format!("field{:02}", rng.random_range(0..20)).into(),
        priority: "normal".into(),
        area: Some(wards[rng.random_range(0..wards.len())].into()),
        org: Some(org),
        received_at,
        due_at: None,
        due_policy: DuePolicy::Table,
        resolved_at: ended_at,
        parent: None,
        longitude: None,
        latitude: None,
        updated_at: received_at.vintage(),
        events: Vec::new(),
    };
    (record, CaseHistory { rounds: vec![round], holdings: vec![holding], ignored: Vec::new(), gaps: Vec::new() })
}

fn book(tree: &AreaTree, cases: usize) -> CaseBook {
    let (mut writer, mut rng) = (BookWriter::default(), ChaCha8Rng::seed_from_u64(3));
    let months = cases.div_ceil(CASES_A_MONTH) as u32;
    for back in (0..months).rev() {
        let month = last_month() - Months::new(back);
        let wards: Vec<&str> = tree.of_kind_on(AreaKind::Ward, month).map(|ix| tree.area(ix).code.as_str()).collect();
        let first = (months - 1 - back) as usize * CASES_A_MONTH;
        let mut batch: Vec<_> =
            (first..(first + CASES_A_MONTH).min(cases)).map(|k| case(k, month, &wards, &mut rng)).collect();
        batch.sort_by_key(|(record, _)| record.received_at);
        writer.apply(tree, batch.iter().map(|(record, history)| NewCase { feed: "1022", record, history }));
    }
    writer.book().clone()
}

/// A month of the book, before its last.
fn a_month() -> Question {
    let month = last_month() - Months::new(1);
    let (from, to) = (second(Moment::midnight(month)), second(Moment::midnight(last_month())));
    let cut = Cut::before(second(Moment::midnight(last_month() + Days::new(20))));
    Question { cut, from, to, filter: Filter::default(), basis: Basis::Effective }
}

/// What is asked all day.
pub fn views(criterion: &mut Criterion) {
    let catalog = catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("indicators")).unwrap();
    let cases = std::env::var("CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(6 * CASES_A_MONTH);
    let book = book(&catalog.areas, cases);
    assert_eq!(book.len(), cases);
    let lens = Lens::new(&book, &catalog.areas, &a_month()).unwrap();
    let mut group = criterion.benchmark_group("case_views");
    group.sample_size(50);
    let month = crosstab(&lens, Axis::Total, Axis::Total).unwrap().total;
    assert!(month.get(Flow::Received) > 100_000);
    for (rows, columns) in [
        (Axis::District, Axis::Category),
        (Axis::Ward, Axis::Category),
        (Axis::District, Axis::Week),
        (Axis::Org, Axis::Category),
    ] {
        let name = format!("crosstab/{}-by-{}", rows.as_str(), columns.as_str());
        group.bench_function(name, |b| {
            b.iter(|| assert!(crosstab(&lens, rows, columns).unwrap().total.get(Flow::Received) > 100_000));
        });
    }
    group
        .bench_function("ranking/ward", |b| b.iter(|| assert!(ranking(&lens, Axis::Ward).unwrap().ranked.len() > 200)));
    let page = Page { offset: 0, limit: 50 };
    group.bench_function("list/most-overdue", |b| {
        b.iter(|| assert_eq!(list(&lens, Which::OpenOverdue, Order::MostOverdue, page).cases.len(), 50));
    });
    group.finish();
}
