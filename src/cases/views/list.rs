//! The cases behind a figure, and the way down from the city to them.

use std::cmp::Ordering;
use std::sync::Arc;

use super::axis::Axis;
use super::crosstab::crosstab;
use super::handled::{is_handled, is_not_handled};
use super::lens::Lens;
use super::question::QuestionError;
use super::scan::{At, scan};
use super::tally::Tally;
use crate::cases::counting::{Flow, flows_of, is_open_before};
use crate::cases::{CaseAt, NEVER, Second, SpanEnding, Spans};

/// Which cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Which {
    /// To which something happened within the window: the cases behind a count of that flow.
    Flow(Flow),
    /// Open right before the end of the window.
    Open,
    /// Of these, past their deadline.
    OpenOverdue,
    /// Received in the window and no longer open at the cut.
    Handled,
    /// Received in the window and still open at the cut.
    NotHandled,
}

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Order {
    /// The longest past its deadline first; without deadline last.
    #[default]
    MostOverdue,
    /// The earliest begin first.
    Oldest,
    /// The latest begin first.
    Newest,
    /// The earliest deadline first; without deadline last.
    DueFirst,
}

impl Order {
    /// All orders.
    pub const ALL: [Order; 4] = [Order::MostOverdue, Order::Oldest, Order::Newest, Order::DueFirst];

    /// The code in requests.
    pub fn as_str(self) -> &'static str {
        match self {
            Order::MostOverdue => "most_overdue",
            Order::Oldest => "oldest",
            Order::Newest => "newest",
            Order::DueFirst => "due_first",
        }
    }

    /// The order of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|order| order.as_str() == code)
    }
}

/// Part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Page {
    /// How many are left out before it.
    pub offset: usize,
    /// How many it has at most.
    pub limit: usize,
}

/// Where a case stands as of the cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CaseState {
    /// Open, not past a deadline.
    Open,
    /// Open, the clock stopped.
    Paused,
    /// Open, past the deadline.
    Overdue,
    /// Answered, not late.
    AnsweredOnTime,
    /// Answered, late.
    AnsweredLate,
    /// Not taken up.
    Rejected,
    /// Joined to another case.
    Merged,
    /// Passed on or given back by the authority.
    PassedOn,
}

impl CaseState {
    /// The code in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            CaseState::Open => "open",
            CaseState::Paused => "paused",
            CaseState::Overdue => "overdue",
            CaseState::AnsweredOnTime => "answered_on_time",
            CaseState::AnsweredLate => "answered_late",
            CaseState::Rejected => "rejected",
            CaseState::Merged => "merged",
            CaseState::PassedOn => "passed_on",
        }
    }

    /// Of a span that began before the cut.
    fn of(lens: &Lens<'_>, spans: &Spans, row: usize) -> Self {
        let (end, due) = (lens.cut.seen(spans.end[row]), lens.due(spans, row));
        if end == NEVER {
            let is_stopped = due == NEVER && spans.timeline(row).is_some();
            return match (lens.cut.sees(due), is_stopped) {
                (true, _) => CaseState::Overdue,
                (false, true) => CaseState::Paused,
                (false, false) => CaseState::Open,
            };
        }
        match spans.ending[row] {
            SpanEnding::Open => CaseState::Open,
            SpanEnding::Answered if end > due => CaseState::AnsweredLate,
            SpanEnding::Answered => CaseState::AnsweredOnTime,
            SpanEnding::Rejected => CaseState::Rejected,
            SpanEnding::Merged => CaseState::Merged,
            SpanEnding::TransferredOut => CaseState::PassedOn,
        }
    }
}

/// One handling round of a case, or one stint of an authority. No text, no reporter: the book has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedCase {
    /// The source's identifier.
    pub id: String,
    /// The feed that brought it.
    pub feed: Arc<str>,
    /// Ward code; empty if not known.
    pub ward: Arc<str>,
    /// District code; empty if not known.
    pub district: Arc<str>,
    /// The authority that has it or had it last.
    pub org: Arc<str>,
    /// Category.
    pub category: Arc<str>,
    /// Channel.
    pub channel: Arc<str>,
    /// When it began.
    pub start: Second,
    /// Its deadline as of the cut; `None` without one or with a stopped clock.
    pub due: Option<Second>,
    /// When it ended, if that is before the cut.
    pub end: Option<Second>,
    /// Where it stands.
    pub state: CaseState,
    /// Seconds of the wall clock past the deadline, until the end or the cut; 0 if not past it.
    pub overdue_seconds: Second,
}

/// A page of cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseList {
    /// How many there are, on all pages: the number of the figure that they stand behind.
    pub total: usize,
    /// The page.
    pub cases: Vec<ListedCase>,
}

/// A span found, with what it is ordered by, ascending.
#[derive(Clone, Copy)]
pub(super) struct Found {
    key: i64,
    start: Second,
    at: CaseAt,
    row: u32,
}

impl Found {
    pub(super) fn new(at: At<'_>, key: i64) -> Self {
        Self { key, start: at.spans.start[at.row], at: at.case(), row: at.row as u32 }
    }
}

/// The cases behind a figure. A case that was reopened stands in it once for every round.
pub fn list(lens: &Lens<'_>, which: Which, order: Order, page: Page) -> CaseList {
    // What came in within the window may have been reopened after it.
    let window = match which {
        Which::Handled | Which::NotHandled => (lens.from, lens.cut.second()),
        Which::Flow(_) | Which::Open | Which::OpenOverdue => (lens.from, lens.to),
    };
    let each = |found: &mut Vec<Found>, at: At<'_>| {
        if is_meant(lens, which, at) {
            found.push(Found::new(at, sort_key(lens, order, at.spans, at.row)));
        }
    };
    paged(lens, scan(lens, window, Vec::new, each, |all, part| all.extend(part)), page)
}

/// Puts what was found in order and describes the page.
pub(super) fn paged(lens: &Lens<'_>, mut found: Vec<Found>, page: Page) -> CaseList {
    let total = found.len();
    let end = page.offset.saturating_add(page.limit).min(total);
    let compare = |a: &Found, b: &Found| compare(lens, a, b);
    // Only what comes before the end of the page need be in order.
    if end < total {
        if end > 0 {
            found.select_nth_unstable_by(end - 1, compare);
        }
        found.truncate(end);
    }
    found.sort_unstable_by(compare);
    let cases = found.get(page.offset..).unwrap_or_default().iter().map(|found| listed(lens, found)).collect();
    CaseList { total, cases }
}

fn is_meant(lens: &Lens<'_>, which: Which, at: At<'_>) -> bool {
    match which {
        Which::Open => is_open_before(at.spans, at.row, lens.to),
        Which::OpenOverdue => lens.open_before(at.spans, at.row, lens.to).flatten().is_some(),
        Which::Handled => is_handled(lens, &at),
        Which::NotHandled => is_not_handled(lens, &at),
        Which::Flow(wanted) => {
            let mut is_meant = false;
            flows_of(at.spans, at.row, lens.cut, |flow, second| {
                is_meant |= flow == wanted && second >= lens.from && second < lens.to;
            });
            is_meant
        }
    }
}

/// Seconds past the deadline as of the cut, negative before it; `None` without one.
fn overdue_by(lens: &Lens<'_>, spans: &Spans, row: usize) -> Option<i64> {
    let due = lens.due(spans, row);
    let until = spans.end[row].min(lens.cut.last());
    (due != NEVER).then(|| i64::from(until) - i64::from(due))
}

fn sort_key(lens: &Lens<'_>, order: Order, spans: &Spans, row: usize) -> i64 {
    match order {
        Order::MostOverdue => overdue_by(lens, spans, row).map_or(i64::MAX, |by| -by),
        Order::Oldest => i64::from(spans.start[row]),
        Order::Newest => -i64::from(spans.start[row]),
        Order::DueFirst => i64::from(lens.due(spans, row)),
    }
}

fn compare(lens: &Lens<'_>, a: &Found, b: &Found) -> Ordering {
    let name = |found: &Found| lens.name(found.at);
    (a.key, a.start).cmp(&(b.key, b.start)).then_with(|| name(a).cmp(&name(b))).then_with(|| a.row.cmp(&b.row))
}

fn listed(lens: &Lens<'_>, found: &Found) -> ListedCase {
    let batch = &lens.book().batches()[found.at.batch as usize];
    let (spans, row, codes) = (lens.spans(batch), found.row as usize, &lens.book().codes);
    let (ward, district) = lens.ward_and_district(spans.place[row]);
    let time = |at: Second| (at != NEVER).then_some(at);
    ListedCase {
        id: batch.id(found.at.case).to_owned(),
        feed: Arc::clone(codes.feeds.code(batch.feed[found.at.case as usize])),
        ward,
        district,
        org: Arc::clone(codes.orgs.code(spans.org[row])),
        category: Arc::clone(codes.categories.code(spans.category[row])),
        channel: Arc::clone(codes.channels.code(spans.channel[row])),
        start: spans.start[row],
        due: time(lens.due(spans, row)),
        end: time(lens.cut.seen(spans.end[row])),
        state: CaseState::of(lens, spans, row),
        overdue_seconds: overdue_by(lens, spans, row).map_or(0, |by| by.max(0) as Second),
    }
}

/// A unit one level down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Child {
    /// Its code; empty for what lies in none.
    pub code: Arc<str>,
    /// What it is: a district or a ward.
    pub level: Axis,
    /// Its counts.
    pub tally: Tally,
}

/// The districts of the city (`None`), or the wards of a district, that have cases in the window; by code.
///
/// # Errors
/// If there are more than a table can hold.
pub fn children(lens: &Lens<'_>, district: Option<&str>) -> Result<Vec<Child>, QuestionError> {
    let (level, table) = match district {
        None => (Axis::District, crosstab(lens, Axis::District, Axis::Total)?),
        Some(code) => (Axis::Ward, crosstab(&lens.within_district(code), Axis::Ward, Axis::Total)?),
    };
    Ok(table.rows.into_iter().zip(table.row_totals).map(|(code, tally)| Child { code, level, tally }).collect())
}

#[cfg(test)]
mod tests;
