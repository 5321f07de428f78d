//! Counts by month against the same counts made plainly, and the laws that refreshing and sharing out must keep.

mod plainly;

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::cases::batch::CaseBatchBuilder;
use crate::cases::book::{BookWriter, NewCase};
use crate::cases::codes::Codes;
use crate::cases::counting::Flow;
use crate::cases::fixture::{at, tree};
use crate::cases::histories::{Dice, history};
use crate::cases::spans::PlainColumns;
use crate::domain::case::{CaseHistory, CaseRecord, Moment};
use crate::domain::{Freq, Period, WorkCalendar};
use plainly::Counts;

static CALENDAR: LazyLock<WorkCalendar> =
    LazyLock::new(|| WorkCalendar::from_toml(include_str!("../../../../indicators/work_calendar.toml")).unwrap());
static DAYS: LazyLock<WorkingDays> = LazyLock::new(|| WorkingDays::of(&CALENDAR));

type Case = (CaseRecord, CaseHistory);

fn cases(seed: u64, count: usize) -> Vec<Case> {
    let mut dice = Dice(seed);
    (0..count).map(|number| history(&format!("c{number}"), &mut dice)).collect()
}

fn scan(as_of: Moment, threads: usize) -> Scan<'static> {
    Scan { cut: Cut::as_of(as_of), working_days: &DAYS, threads }
}

/// Cases in batches of a few.
fn batches(cases: &[Case], of: usize) -> (Codes, Vec<LiveBatch>) {
    let (tree, mut codes, mut builder) = (tree(), Codes::default(), CaseBatchBuilder::default());
    let batches = cases.chunks(of).map(|chunk| {
        for (record, history) in chunk {
            builder.push(&mut codes, &tree, "f", (record, history));
        }
        LiveBatch::all_live(builder.finish())
    });
    let batches = batches.collect();
    (codes, batches)
}

fn new(cases: &[Case]) -> impl Iterator<Item = NewCase<'_>> {
    cases.iter().map(|(record, history)| NewCase { feed: "f", record, history })
}

const FLOWS: [(Flow, &str); Flow::COUNT] = [
    (Flow::Received, "received"),
    (Flow::Reopened, "reopened"),
    (Flow::TransferredIn, "transferred in"),
    (Flow::Closed, "closed"),
    (Flow::ClosedOnTime, "closed on time"),
    (Flow::ClosedOnTimeOriginal, "closed on time, original"),
    (Flow::Rejected, "rejected"),
    (Flow::Merged, "merged"),
    (Flow::TransferredOut, "transferred out"),
    (Flow::Due, "due"),
    (Flow::Overdue, "overdue"),
    (Flow::DueOriginal, "due, original"),
    (Flow::OverdueOriginal, "overdue, original"),
    (Flow::Dispatched, "dispatched"),
    (Flow::DispatchedIn5Min, "dispatched within 5 minutes"),
    (Flow::Rerouted, "rerouted"),
    (Flow::ClosedReopened30d, "closed, reopened"),
    (Flow::Rated, "rated"),
    (Flow::RatedSatisfied, "satisfied"),
];
const OPEN: [&str; BANDS] = ["open under 5 days", "open 5 to 15 days", "open 16 to 30 days", "open over 30 days"];
const OVERDUE: [&str; BANDS] =
    ["overdue up to 5 days", "overdue 6 to 10 days", "overdue 11 to 30 days", "overdue over 30 days"];

/// What the series say, in the same words as the plain counts.
fn said(series: &MonthlySeries<'_>, codes: &Codes) -> Counts {
    let mut scopes = vec![("city".to_owned(), Scope::City), ("unplaced".to_owned(), Scope::Unplaced)];
    let code = |place| codes.places.place(place).code.to_string();
    scopes.extend(series.districts().map(|place| (format!("district {}", code(place)), Scope::District(place))));
    scopes.extend(series.places().map(|place| (format!("place {}", code(place)), Scope::Place(place))));
    scopes.extend(series.orgs().map(|org| (format!("org {}", codes.orgs.code(org)), Scope::Org(org))));
    let mut slices = vec![(String::new(), By::Total)];
    slices.extend(codes.channels.iter().map(|(number, code)| (format!(" channel {code}"), By::Channel(number))));
    slices.extend(codes.categories.iter().map(|(number, code)| (format!(" field {code}"), By::Field(number))));
    let mut counts = Counts::new();
    for (scope_name, scope) in &scopes {
        for (slice_name, by) in &slices {
            let Some(cells) = series.cells(*scope, *by) else { continue };
            for (cell, month) in cells.iter().zip(series.months()) {
                let mut say = |what, count| {
                    if count > 0 {
                        let month = Period::from_index(Freq::M, month).to_string();
                        counts.insert((format!("{scope_name}{slice_name}"), month, what), count);
                    }
                };
                FLOWS.iter().for_each(|(flow, what)| say(what, cell.flow(*flow)));
                OPEN.iter().zip(cell.open_by_age()).for_each(|(what, count)| say(what, count));
                OVERDUE.iter().zip(cell.overdue_by_days()).for_each(|(what, count)| say(what, count));
            }
        }
    }
    counts
}

fn instants() -> impl Strategy<Value = Moment> {
    let begin = at("2021-12-20T00:00:00").0;
    prop_oneof![
        (0..200 * 86_400i64).prop_map(move |later| Moment(begin + later)),
        prop::sample::select(vec!["2022-03-31T23:59:59", "2022-04-01T00:00:00", "2022-12-31T23:59:59"]).prop_map(at),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn counts_are_what_the_definitions_say(seed: u64, count in 1usize..60, as_of in instants()) {
        let cases = cases(seed, count);
        let (codes, batches) = batches(&cases, 13);
        let monthly = Monthly::count(&batches, scan(as_of, 1));
        let series = monthly.series(&codes);
        prop_assert_eq!(said(&series, &codes), plainly::counts(&cases, as_of, &CALENDAR));
        prop_assert_eq!(series.identity_breaks(), vec![]);
    }

    #[test]
    fn a_refresh_equals_counting_everything(
        seed: u64, count in 1usize..60, changed in 0usize..20, from in instants(), to in instants(),
    ) {
        let (tree, mut writer) = (tree(), BookWriter::default());
        writer.apply(&tree, new(&cases(seed, count)));
        let mut monthly = Monthly::count(writer.book().batches(), scan(from, 1));
        // Other histories of the first cases, and some cases more.
        let mut later = cases(!seed, changed);
        later.extend(cases(seed ^ 1, count + changed / 2).split_off(count));
        let applied = writer.apply(&tree, new(&later));
        monthly.refresh(writer.book(), &applied, scan(to, 2));
        prop_assert_eq!(&monthly, &Monthly::count(writer.book().batches(), scan(to, 1)));
        monthly.move_cut(writer.book(), scan(from, 1));
        prop_assert_eq!(&monthly, &Monthly::count(writer.book().batches(), scan(from, 1)));
    }

    #[test]
    fn threads_batches_and_order_do_not_matter(seed: u64, count in 1usize..80, as_of in instants()) {
        let cases = cases(seed, count);
        let (_, one) = batches(&cases, count);
        let (_, mut many) = batches(&cases, 3);
        let expected = Monthly::count(&one, scan(as_of, 1));
        prop_assert_eq!(&expected, &Monthly::count(&many, scan(as_of, 3)));
        many.reverse();
        let streamed = Monthly::count_decoded(0..many.len(), |number| many[number].clone(), scan(as_of, 2));
        prop_assert_eq!(&expected, &streamed);
        let (first, second) = many.split_at(many.len() / 2);
        let mut merged = Monthly::count(first, scan(as_of, 1));
        merged.merge(Monthly::count(second, scan(as_of, 1)), &DAYS);
        prop_assert_eq!(&expected, &merged);
    }
}

#[test]
fn codes_and_months_that_come_later_find_room() {
    let (tree, mut writer) = (tree(), BookWriter::default());
    let renamed = |number: usize, (mut record, history): Case| {
        record.area = Some(format!("area {}", number % 50).into());
        record.category = format!("field {}", number * 7 % 400).into();
        (record, history)
    };
    let all: Vec<Case> = cases(9, 800).into_iter().enumerate().map(|(number, case)| renamed(number, case)).collect();
    let (early, late) = (at("2022-01-10T00:00:00"), at("2022-08-10T00:00:00"));
    writer.apply(&tree, new(&all[..10]));
    let mut monthly = Monthly::count(writer.book().batches(), scan(early, 1));
    for (changed, as_of) in [(&all[10..40], early), (&all[5..800], late), (&all[..3], late)] {
        let applied = writer.apply(&tree, new(changed));
        monthly.refresh(writer.book(), &applied, scan(as_of, 2));
        assert!(monthly == Monthly::count(writer.book().batches(), scan(as_of, 1)));
    }
    let codes = &writer.book().codes;
    let series = monthly.series(codes);
    let received = |member| series.of(CaseMeasure::Received, Scope::City, member).unwrap().iter().sum::<u32>();
    let fields = codes.categories.iter().map(|(number, _)| Member::Field(number));
    assert_eq!((received(Member::Total), fields.map(received).sum::<u32>()), (800, 800));
    let place = codes.places.iter().find(|(_, place)| &*place.code == "area 7").map(|(number, _)| number).unwrap();
    assert_eq!(series.of(CaseMeasure::Received, Scope::Place(place), Member::Total).unwrap().iter().sum::<u32>(), 16);
}

#[test]
fn random_cases_reach_every_count() {
    let counts = plainly::counts(&cases(1, 3000), at("2022-05-20T12:00:00"), &CALENDAR);
    let all = FLOWS.iter().map(|(_, what)| *what).chain(OPEN).chain(OVERDUE);
    for what in all {
        let of = |scope: &str| counts.iter().any(|((group, _, counted), _)| *counted == what && group == scope);
        assert!(of("org q1"), "{what}");
        assert!(of("city") || ["transferred in", "transferred out"].contains(&what), "{what}");
    }
}

/// Cases of one place, received and answered when said.
fn plain(times: &[(&str, Option<&str>)]) -> Spans {
    let second = |text: &str| crate::cases::second::second(at(text));
    let numbers = |number: u16| vec![number; times.len()];
    Spans::plain(PlainColumns {
        start: times.iter().map(|(start, _)| second(start)).collect(),
        end: times.iter().map(|(_, end)| end.map_or(crate::cases::NEVER, second)).collect(),
        ending: vec![crate::cases::SpanEnding::Answered; times.len()],
        due: times.iter().map(|(start, _)| second(start) + 86_400).collect(),
        worked: vec![3600; times.len()],
        place: numbers(1),
        org: numbers(2),
        category: numbers(300),
        channel: numbers(4),
    })
}

#[test]
fn plain_columns_count_for_places_and_authorities() {
    let spans = plain(&[
        ("2022-05-02T08:00:00", Some("2022-05-03T08:00:00")),
        ("2022-05-02T08:00:00", Some("2022-05-03T08:00:01")),
        ("2022-05-31T08:00:00", None),
    ]);
    let monthly = Monthly::count_plain([spans], |spans| spans, scan(at("2022-06-30T12:00:00"), 1));
    let series = monthly.series(&Codes::default());
    let may = 2022 * 12 + 4;
    assert_eq!(series.months(), may..may + 2);
    assert_eq!(monthly.months(), series.months());
    let all = [
        (Scope::City, Member::Total),
        (Scope::Place(1), Member::Field(300)),
        (Scope::Place(1), Member::Channel(4)),
        (Scope::Org(2), Member::Total),
        (Scope::Org(2), Member::Field(300)),
    ];
    for (scope, member) in all {
        let of = |measure: &str| series.of(CaseMeasure::from_code(measure).unwrap(), scope, member).unwrap();
        assert_eq!((of("cases_received"), of("cases_closed")), (vec![3, 0], vec![2, 0]), "{scope:?} {member:?}");
        assert_eq!((of("cases_closed_on_time"), of("cases_due")), (vec![1, 0], vec![2, 1]));
        assert_eq!((of("cases_overdue"), of("cases_open")), (vec![1, 1], vec![1, 1]));
        assert_eq!(of("cases_open_overdue"), [0, 1]);
    }
    let of = |measure, member| series.of(measure, Scope::City, member);
    assert_eq!(of(CaseMeasure::Open, Member::AgeBand(0)), Some(vec![1, 0]));
    assert_eq!(of(CaseMeasure::Open, Member::AgeBand(2)), Some(vec![0, 1]));
    assert_eq!(of(CaseMeasure::OpenOverdue, Member::OverdueBand(2)), Some(vec![0, 1]));
    assert_eq!(of(CaseMeasure::Due, Member::Basis(Basis::Original)), Some(vec![2, 1]));
    assert_eq!(of(CaseMeasure::Rated, Member::Basis(Basis::Original)), None);
    assert_eq!(of(CaseMeasure::Open, Member::OverdueBand(0)), None);
    assert_eq!(series.of(CaseMeasure::Received, Scope::Place(7), Member::Total), None);
}

#[test]
fn an_end_before_the_start_breaks_the_identity() {
    let spans = plain(&[("2022-05-02T08:00:00", Some("2022-04-03T08:00:00")), ("2022-03-02T08:00:00", None)]);
    let monthly = Monthly::count_plain([spans], |spans| spans, scan(at("2022-06-30T12:00:00"), 1));
    let breaks = monthly.series(&Codes::default()).identity_breaks();
    let april = Break { scope: Scope::City, by: By::Total, month: 2022 * 12 + 3, expected: 0, open: 1 };
    assert!(breaks.contains(&april), "{breaks:?}");
    assert!(breaks.iter().any(|found| found.scope == Scope::Org(2)));
}

#[test]
fn the_running_month_is_known_by_its_days() {
    let as_of = |text: &str| Monthly::empty(Cut::as_of(at(text)));
    let (april, may, june) = (2022 * 12 + 3, 2022 * 12 + 4, 2022 * 12 + 5);
    let running = as_of("2022-05-25T12:00:00");
    assert_eq!([april, may, june].map(|month| running.is_whole(month)), [true, false, false]);
    assert_eq!([april, may, june].map(|month| running.days_elapsed(month)), [30, 25, 0]);
    let over = as_of("2022-05-31T23:59:59");
    assert_eq!((over.is_whole(may), over.is_whole(june), over.days_elapsed(may)), (true, false, 31));
    let last_day = as_of("2022-05-31T23:59:58");
    assert_eq!((last_day.is_whole(may), last_day.days_elapsed(may)), (false, 31));
}

#[test]
fn a_case_that_was_never_answered_stays_in_the_oldest_band() {
    let spans = plain(&[("2019-01-15T08:00:00", None)]);
    let monthly = Monthly::count_plain([&spans], |spans| spans, scan(at("2022-12-31T23:59:59"), 1));
    let series = monthly.series(&Codes::default());
    let open = series.of(CaseMeasure::Open, Scope::City, Member::AgeBand(3)).unwrap();
    assert_eq!((open.len(), open[0], open[1..].iter().sum::<u32>()), (48, 0, 47));
    let overdue = series.of(CaseMeasure::OpenOverdue, Scope::City, Member::OverdueBand(3)).unwrap();
    assert_eq!((overdue[0], overdue[2..].iter().sum::<u32>()), (0, 46));
}
