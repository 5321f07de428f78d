//! Spans as columns: one row per handling round, or per stint of an authority.

use super::late_rows::{LateRows, Reaching};
use super::second::{Cut, NEVER, Second, second, second_or_never};
use crate::domain::case::{DueTimeline, Ending, Holding, Release, Round};

/// How a span began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Origin {
    /// With the receipt of the case; for an authority, with the first stint in it.
    Received = 0,
    /// With a reopening.
    Reopened = 1,
    /// An authority got it back, or got it within a later round without having had it.
    TransferredIn = 2,
}

/// How a span ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum SpanEnding {
    /// It has not.
    Open = 0,
    /// By a final answer.
    Answered = 1,
    /// Not taken up.
    Rejected = 2,
    /// Joined to another case.
    Merged = 3,
    /// Passed on or given back by an authority.
    TransferredOut = 4,
}

/// Columns of spans. All have the same length; times are [`Second`]s, [`NEVER`] where nothing happened.
#[derive(Debug, Clone, Default)]
pub struct Spans {
    /// Position of the case in its batch.
    pub case: Vec<u32>,
    /// Begin.
    pub start: Vec<Second>,
    /// End.
    pub end: Vec<Second>,
    /// Deadline as it stands after everything that is known; see [`Spans::due_as_of`].
    pub due: Vec<Second>,
    /// First deadline, before any extension or pause.
    pub due_original: Vec<Second>,
    /// How it began.
    pub origin: Vec<Origin>,
    /// How it ended.
    pub ending: Vec<SpanEnding>,
    /// Place number.
    pub place: Vec<u16>,
    /// Authority number: the one whose stint it is, for a round the one that had it last.
    pub org: Vec<u16>,
    /// Category number.
    pub category: Vec<u16>,
    /// Channel number.
    pub channel: Vec<u16>,
    /// First dispatch to an authority (rounds only).
    pub dispatched: Vec<Second>,
    /// First return for wrong competence; for a stint, its end if it ended so.
    pub returned: Vec<Second>,
    /// Reopening by the citizen, which ended nothing but began the next round.
    pub reopened: Vec<Second>,
    /// Last rating.
    pub rated: Vec<Second>,
    /// Whether that rating was content.
    pub satisfied: Vec<bool>,
    /// Working seconds without pauses from start to end; [`NEVER`] while open.
    pub worked: Vec<Second>,
    /// Deadlines that moved, by row, ascending. Mostly few.
    moved: Vec<(u32, DueTimeline)>,
    marks: Marks,
    /// Set when the batch is whole.
    late: Option<LateRows>,
}

/// Which rows have a timeline, found without searching: a mark for every row, and how many rows are marked before every
/// 64th. Without any, there are no marks.
#[derive(Debug, Clone, Default)]
struct Marks {
    words: Vec<u64>,
    marked_before: Vec<u32>,
}

impl Marks {
    /// Marks a row after all that are marked, `marked` in number.
    fn mark(&mut self, row: usize, marked: usize) {
        self.words.resize(row / 64 + 1, 0);
        self.marked_before.resize(row / 64 + 1, marked as u32);
        self.words[row / 64] |= 1 << (row % 64);
    }

    /// The position of a row among the marked ones, if it is marked.
    #[inline]
    fn position(&self, row: usize) -> Option<usize> {
        let (word, mark) = (self.words.get(row / 64)?, 1u64 << (row % 64));
        (word & mark != 0).then(|| (self.marked_before[row / 64] + (word & (mark - 1)).count_ones()) as usize)
    }
}

/// Columns of cases that were received, are due, and were answered or not; see [`Spans`] for what each holds.
#[derive(Debug, Clone, Default)]
pub struct PlainColumns {
    /// Receipt.
    pub start: Vec<Second>,
    /// End.
    pub end: Vec<Second>,
    /// How it ended; what is not ended is open whatever stands here.
    pub ending: Vec<SpanEnding>,
    /// Deadline.
    pub due: Vec<Second>,
    /// Working seconds to the answer.
    pub worked: Vec<Second>,
    /// Place number.
    pub place: Vec<u16>,
    /// Authority number.
    pub org: Vec<u16>,
    /// Category number.
    pub category: Vec<u16>,
    /// Channel number.
    pub channel: Vec<u16>,
}

/// Codes and case of a new row.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowCodes {
    pub case: u32,
    pub place: u16,
    pub org: u16,
    pub category: u16,
    pub channel: u16,
}

impl Spans {
    /// Spans straight from columns of the same length, without making cases: each is a handling round from receipt to
    /// answer and the stint of its authority at once. Dispatches and ratings are not known.
    pub fn plain(columns: PlainColumns) -> Self {
        let PlainColumns { start, end, mut ending, due, worked, place, org, category, channel } = columns;
        let len = start.len();
        for (ending, end) in ending.iter_mut().zip(&end) {
            if *end == NEVER {
                *ending = SpanEnding::Open;
            }
        }
        let nothing = || vec![NEVER; len];
        Self {
            case: (0..len as u32).collect(),
            ending,
            due_original: due.clone(),
            origin: vec![Origin::Received; len],
            dispatched: nothing(),
            returned: nothing(),
            reopened: nothing(),
            rated: nothing(),
            satisfied: vec![false; len],
            moved: Vec::new(),
            marks: Marks::default(),
            late: None,
            start,
            end,
            due,
            worked,
            place,
            org,
            category,
            channel,
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.start.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.start.is_empty()
    }

    /// Adds a handling round.
    pub(super) fn push_round(&mut self, round: &Round, codes: RowCodes) {
        let origin = if round.number <= 1 { Origin::Received } else { Origin::Reopened };
        let ending = match round.ending {
            Ending::Open => SpanEnding::Open,
            Ending::Answered => SpanEnding::Answered,
            Ending::Rejected => SpanEnding::Rejected,
            Ending::Merged => SpanEnding::Merged,
        };
        self.push(codes, (origin, ending), (round.started_at, round.ended_at), &round.due);
        self.dispatched.push(second_or_never(round.dispatched_at));
        self.returned.push(second_or_never(round.returned_at));
        self.reopened.push(second_or_never(round.reopened_at));
        self.rated.push(second_or_never(round.rated_at));
        self.satisfied.push(round.satisfied == Some(true));
        self.worked.push(round.worked_seconds.unwrap_or(NEVER));
    }

    /// Adds the stint of an authority in `round`. What the citizen did after the answer counts for the authority that
    /// gave it.
    pub(super) fn push_holding(&mut self, holding: &Holding, round: &Round, codes: RowCodes) {
        let origin = match (holding.is_first_of_org, holding.round, holding.from == round.started_at) {
            (true, ..) => Origin::Received,
            (false, 2.., true) => Origin::Reopened,
            _ => Origin::TransferredIn,
        };
        let ending = match holding.release {
            Release::Held => SpanEnding::Open,
            Release::Answered => SpanEnding::Answered,
            Release::Rejected => SpanEnding::Rejected,
            Release::Merged => SpanEnding::Merged,
            Release::Returned | Release::Transferred => SpanEnding::TransferredOut,
        };
        self.push(codes, (origin, ending), (holding.from, holding.to), &holding.due);
        let gave_answer = holding.release == Release::Answered;
        let of_answer = |at| if gave_answer { second_or_never(at) } else { NEVER };
        self.dispatched.push(second(holding.from));
        self.returned.push(if holding.release == Release::Returned { second_or_never(holding.to) } else { NEVER });
        self.reopened.push(of_answer(round.reopened_at));
        self.rated.push(of_answer(round.rated_at));
        self.satisfied.push(gave_answer && round.satisfied == Some(true));
        self.worked.push(holding.worked_seconds.unwrap_or(NEVER));
    }

    fn push(
        &mut self,
        codes: RowCodes,
        (origin, ending): (Origin, SpanEnding),
        (start, end): (crate::domain::case::Moment, Option<crate::domain::case::Moment>),
        due: &DueTimeline,
    ) {
        let row = self.len() as u32;
        self.late = None;
        self.case.push(codes.case);
        self.start.push(second(start));
        self.end.push(second_or_never(end));
        self.due.push(second_or_never(due.last()));
        self.due_original.push(second_or_never(due.original()));
        self.origin.push(origin);
        self.ending.push(ending);
        self.place.push(codes.place);
        self.org.push(codes.org);
        self.category.push(codes.category);
        self.channel.push(codes.channel);
        if due.steps().len() > 1 {
            self.marks.mark(row as usize, self.moved.len());
            self.moved.push((row, due.clone()));
        }
    }

    /// Notes which rows reach far. Rows added later make it void.
    pub(super) fn settle(&mut self) {
        self.late = Some(LateRows::of(self));
    }

    /// The rows that are open, or to which something happens, at or after a second; it may name more, never fewer.
    pub fn reaching(&self, from: Second) -> Reaching<'_> {
        self.late.as_ref().map_or(Reaching::All, |late| late.reaching(from))
    }

    /// Whether the deadline of any row moved.
    #[inline]
    pub fn has_moved(&self) -> bool {
        !self.moved.is_empty()
    }

    /// The timeline of a row whose deadline moved.
    #[inline]
    pub fn timeline(&self, row: usize) -> Option<&DueTimeline> {
        self.marks.position(row).map(|at| &self.moved[at].1)
    }

    /// Whether the deadline of a row moved.
    #[inline]
    pub fn is_marked(&self, row: usize) -> bool {
        self.marks.words.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    /// Rows whose deadline moved, ascending.
    pub fn moved_rows(&self) -> impl Iterator<Item = usize> + '_ {
        self.moved.iter().map(|(row, _)| *row as usize)
    }

    /// Rows whose deadline moved with their timelines, ascending: for scans, which look nothing up.
    pub fn moved(&self) -> &[(u32, DueTimeline)] {
        &self.moved
    }

    /// Whether a row may count as something else as of `to` than as of `from`, which is not later: it was open at some
    /// time from `from` on, or something happened to it in `[from, to)`.
    #[inline]
    pub fn may_change(&self, row: usize, from: Second, to: Second) -> bool {
        let within = |at: Second| at >= from && at < to;
        (self.end[row] >= from && self.start[row] < to)
            || within(self.due[row])
            || within(self.due_original[row])
            || within(self.dispatched[row])
            || within(self.returned[row])
            || within(self.reopened[row])
            || within(self.rated[row])
    }

    /// The deadline as it stood at the last second before `cut`; an ended span keeps the one it ended with. [`NEVER`]
    /// without a deadline, or with a stopped clock.
    #[inline]
    pub fn due_as_of(&self, row: usize, cut: Cut) -> Second {
        match self.timeline(row) {
            None => self.due[row],
            Some(timeline) => self.due_on(timeline, row, cut),
        }
    }

    /// [`Spans::due_as_of`] for a row whose timeline is at hand.
    pub fn due_on(&self, timeline: &DueTimeline, row: usize, cut: Cut) -> Second {
        let known = cut.last().min(self.end[row]);
        second_or_never(timeline.at(super::second::moment(known)))
    }
}
