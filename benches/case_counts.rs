//! Counting ten million cases, their quantiles, and taking in a thousand changed ones.

use std::hint::black_box;
use std::sync::Arc;

use criterion::BatchSize::LargeInput;
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput};
use toancanh::cases::counting::Flow;
use toancanh::cases::monthly::{By, Scope};
use toancanh::cases::quantiles::{Closings, Quantile, Window};
use toancanh::cases::{
    Applied, BookWriter, Codes, Cut, HandlingTimes, Monthly, NEVER, NewCase, PlainColumns, Scan, Second, SpanEnding,
    Spans, WorkingDays,
};
use toancanh::domain::case::{CaseHistory, CaseRecord, DueStep, DueTimeline, Ending, Holding, Moment, Release, Round};
use toancanh::domain::{AreaTree, Vintage, WorkCalendar};

const DAY: Second = 86_400;
/// 2018-01-01T00:00:00.
const BEGIN: Second = 1_514_764_800;
/// Five years of cases.
const SPAN: Second = 1826 * DAY;
const CUT: Second = BEGIN + SPAN;
/// Rows of a chunk, as a reader of columns would hand them over.
const CHUNK: usize = 64 * 1024;

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((u64::from((self.0 >> 32) as u32) * u64::from(bound)) >> 32) as u32
    }
}

/// `count` cases in order of receipt: most answered within days, a tenth late, some still open.
fn chunks(count: usize) -> Vec<PlainColumns> {
    let mut dice = Dice(7);
    let mut chunks = Vec::new();
    for row in 0..count {
        if row % CHUNK == 0 {
            chunks.push(PlainColumns::default());
        }
        let Some(columns) = chunks.last_mut() else { continue };
        let start = BEGIN + (row as u64 * u64::from(SPAN) / count as u64) as Second;
        let taken = DAY / 24 + dice.below(9 * DAY) + if dice.below(10) == 0 { dice.below(40 * DAY) } else { 0 };
        let is_open = dice.below(200) == 0 || start + taken >= CUT;
        columns.start.push(start);
        columns.end.push(if is_open { NEVER } else { start + taken });
        columns.ending.push(SpanEnding::Answered);
        columns.due.push(start + 7 * DAY + dice.below(3 * DAY));
        columns.worked.push(if is_open { NEVER } else { taken / 4 });
        columns.place.push(dice.below(350) as u16);
        columns.org.push(1 + dice.below(400) as u16);
        columns.category.push(1 + dice.below(12) as u16);
        columns.channel.push(1 + dice.below(9) as u16);
    }
    chunks
}

fn working_days() -> WorkingDays {
    let calendar = include_str!("../indicators/work_calendar.toml");
    WorkingDays::of(&WorkCalendar::from_toml(calendar).expect("the calendar is checked"))
}

/// Case number `row` of `count`, as columns hold it; answered late if it comes again.
fn case(row: usize, count: usize, again: bool) -> (CaseRecord, CaseHistory) {
    let mut dice = Dice(row as u64 + 1);
    dice.below(2);
    let at = |second: Second| Moment(i64::from(second));
    let start = BEGIN + (row as u64 * u64::from(SPAN) / count as u64) as Second;
    let taken = DAY / 24 + dice.below(9 * DAY);
    let end = Some(start + taken + if again { DAY } else { 0 }).filter(|end| *end < CUT && dice.below(200) > 0).map(at);
    let due = DueTimeline::new(vec![DueStep { from: at(start), due: Some(at(start + 7 * DAY)) }]);
    let org: Arc<str> = format!("org{}", dice.below(400)).into();
    let record = CaseRecord {
        id: row.to_string().into(),
        channel: format!("channel{}", dice.below(9)).into(),
        category: format!("field{}", dice.below(12)).into(),
        priority: "normal".into(),
        area: Some(format!("ward {}", dice.below(350)).into()),
        org: Some(org.clone()),
        received_at: at(start),
        due_at: None,
        resolved_at: end,
        parent: None,
        longitude: None,
        latitude: None,
        updated_at: Vintage::from_local(at(start).local()),
        events: Vec::new(),
    };
    let round = Round {
        number: 1,
        started_at: at(start),
        ended_at: end,
        ending: if end.is_some() { Ending::Answered } else { Ending::Open },
        due: due.clone(),
        dispatched_at: Some(at(start + dice.below(600))),
        returned_at: None,
        reopened_at: None,
        rated_at: end.filter(|_| dice.below(3) == 0),
        satisfied: Some(true),
        worked_seconds: end.map(|end| (end.0 - i64::from(start)) as u32 / 4),
        org: Some(org.clone()),
    };
    let held = Holding {
        round: 1,
        number: 1,
        org,
        from: at(start),
        to: end,
        release: if end.is_some() { Release::Answered } else { Release::Held },
        due,
        worked_seconds: round.worked_seconds,
        is_first_of_org: true,
    };
    (record, CaseHistory { rounds: vec![round], holdings: vec![held], ignored: Vec::new() })
}

fn take_in(writer: &mut BookWriter, cases: &[(CaseRecord, CaseHistory)]) -> Applied {
    let new = cases.iter().map(|(record, history)| NewCase { feed: "bench", record, history });
    writer.apply(&AreaTree::default(), new)
}

/// Months and handling times of a million and of ten million rows.
fn counts(group: &mut BenchmarkGroup<'_, WallTime>, count: usize, days: &WorkingDays) {
    let spans: Vec<Spans> = chunks(count).into_iter().map(Spans::plain).collect();
    let codes = Codes::default();
    group.throughput(Throughput::Elements(count as u64));
    for threads in [1, 2] {
        let scan = Scan { cut: Cut::before(CUT), working_days: days, threads };
        group.bench_function(BenchmarkId::new(format!("months/{threads}-threads"), count), |b| {
            b.iter(|| black_box(Monthly::count_plain(&spans, |spans| spans, scan)));
        });
        group.bench_function(BenchmarkId::new(format!("quantiles/{threads}-threads"), count), |b| {
            b.iter(|| {
                let closings = Closings::of_plain(&spans, |spans| spans, (scan.cut, threads));
                black_box(HandlingTimes::from_closings(&closings, &codes, threads))
            });
        });
    }
    let scan = Scan::new(Cut::before(CUT), days);
    let monthly = Monthly::count_plain(&spans, |spans| spans, scan);
    group.bench_function(BenchmarkId::new("series", count), |b| b.iter(|| black_box(monthly.series(&codes).months())));
    let series = monthly.series(&codes);
    let city = series.cells(Scope::City, By::Total).expect("there are cases");
    assert_eq!((series.months().len(), city.iter().map(|cell| cell.flow(Flow::Received)).sum()), (60, count as u32));
    assert_eq!(series.identity_breaks(), []);
    let closings = Closings::of_plain(&spans, |spans| spans, (scan.cut, scan.threads));
    let times = HandlingTimes::from_closings(&closings, &codes, scan.threads);
    let closed: u32 = city.iter().map(|cell| cell.flow(Flow::Closed)).sum();
    let of_year = |year| times.get((Scope::City, By::Total), Window::Year(year), Quantile::Median).map_or(0, |t| t.1);
    assert_eq!(times.years().map(of_year).sum::<u32>(), closed);
}

/// A thousand cases of the last three months in a newer version, among ten million, and a minute later.
fn refresh(group: &mut BenchmarkGroup<'_, WallTime>, count: usize, days: &WorkingDays) {
    let mut writer = BookWriter::default();
    for from in (0..count).step_by(32 * 1024) {
        let cases: Vec<_> = (from..count.min(from + 32 * 1024)).map(|row| case(row, count, false)).collect();
        take_in(&mut writer, &cases);
    }
    let scan = |cut| Scan::new(Cut::before(cut), days);
    let (monthly, before) = (Monthly::count(writer.book().batches(), scan(CUT)), writer.book().clone());
    let threads = scan(CUT).threads;
    let times = HandlingTimes::of(before.batches(), &before.codes, (Cut::before(CUT), threads));
    let changed: Vec<_> = (0..1000).map(|k| case(count - 1 - k * count / 20_000, count, true)).collect();
    let applied = take_in(&mut writer, &changed);
    assert_eq!((applied.removed.len(), applied.added.len()), (1000, 1000));
    let (book, later) = (writer.book(), scan(CUT + 60));
    group.throughput(Throughput::Elements(1000));
    group.bench_function(BenchmarkId::new("refresh/months", count), |b| {
        b.iter_batched(
            || monthly.clone(),
            |mut monthly| {
                monthly.refresh(book, &applied, later);
                monthly
            },
            LargeInput,
        );
    });
    group.bench_function(BenchmarkId::new("refresh/quantiles", count), |b| {
        b.iter_batched(
            || times.clone(),
            |mut times| {
                times.refresh(book, &applied, (later.cut, threads));
                times
            },
            LargeInput,
        );
    });
    let (mut monthly, mut times) = (monthly, times);
    monthly.refresh(book, &applied, later);
    times.refresh(book, &applied, (later.cut, threads));
    assert!(monthly == Monthly::count(book.batches(), later));
    assert!(times == HandlingTimes::of(book.batches(), &book.codes, (later.cut, threads)));
}

/// All of it.
pub fn case_counts(criterion: &mut Criterion) {
    let days = working_days();
    let mut group = criterion.benchmark_group("case_counts");
    group.sample_size(10);
    for count in [1_000_000, 10_000_000] {
        counts(&mut group, count, &days);
        refresh(&mut group, count, &days);
    }
    group.finish();
}
