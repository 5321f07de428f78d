//! Counting ten million cases, their quantiles, and taking in a thousand changed ones.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput};
use toancanh::cases::counting::Flow;
use toancanh::cases::monthly::{By, Scope};
use toancanh::cases::{Codes, Cut, Monthly, NEVER, PlainColumns, Scan, Second, Spans, WorkingDays};
use toancanh::domain::WorkCalendar;
use toancanh::domain::case::Moment;

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

/// All of it.
pub fn case_counts(criterion: &mut Criterion) {
    let days = working_days();
    let cut = Cut::before(CUT);
    let mut group = criterion.benchmark_group("case_counts");
    group.sample_size(10);
    for count in [1_000_000, 10_000_000] {
        let spans: Vec<Spans> = chunks(count).into_iter().map(Spans::plain).collect();
        group.throughput(Throughput::Elements(count as u64));
        for threads in [1, 2] {
            let scan = Scan { cut, working_days: &days, threads };
            group.bench_function(BenchmarkId::new(format!("months/{threads}-threads"), count), |b| {
                b.iter(|| black_box(Monthly::count_plain(&spans, |spans| spans, scan)));
            });
        }
        let monthly = Monthly::count_plain(&spans, |spans| spans, Scan::new(cut, &days));
        let series = monthly.series(&Codes::default());
        assert_eq!(series.months().len(), 60);
        let city = series.cells(Scope::City, By::Total).expect("there are cases");
        assert_eq!(city.iter().map(|cell| cell.flow(Flow::Received)).sum::<u32>(), count as u32);
        let _ = Moment(0);
    }
    group.finish();
}
