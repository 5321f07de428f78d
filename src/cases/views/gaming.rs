//! Figures that may mean that somebody works for the statistics, not for the citizen. They are a reason to look ("cần
//! xem"), never a verdict: each comes with its numbers, those of the other authorities, and cases to look at.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::lens::Lens;
use super::question::Basis;
use super::scan::{At, scan};
use super::tally::Share;
use crate::cases::counting::{Flow, flows_of};
use crate::cases::{CaseAt, CaseBatch, Second};

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FlagKind {
    /// Answers in the last minutes before the deadline, of all answers that had one.
    JustBeforeLimit,
    /// Answers sent many at once, of all answers.
    BulkClosing,
    /// Rounds that went back and forth, of all rounds that the authority got.
    Bouncing,
    /// Answers on time that the citizen did not accept, of all answers on time.
    ReopenedAfterOnTime,
}

impl FlagKind {
    /// All kinds.
    pub const ALL: [FlagKind; 4] =
        [FlagKind::JustBeforeLimit, FlagKind::BulkClosing, FlagKind::Bouncing, FlagKind::ReopenedAfterOnTime];

    /// The code in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            FlagKind::JustBeforeLimit => "just_before_limit",
            FlagKind::BulkClosing => "bulk_closing",
            FlagKind::Bouncing => "bouncing",
            FlagKind::ReopenedAfterOnTime => "reopened_after_on_time",
        }
    }
}

/// From when on a figure is worth a look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GamingRules {
    /// Seconds before the deadline that count as its last minutes.
    pub before_limit: Second,
    /// So many answers of one authority are a bulk..
    pub bulk_cases: usize,
    /// ..if they are sent within less than so many seconds.
    pub bulk_within: Second,
    /// So many stints in one round are back and forth; so is a return to an authority that had passed it on.
    pub min_stints: usize,
    /// A share is worth a look if it is at least so many times that of all others..
    pub times_others: f64,
    /// ..and at least so many cases stand behind it. A bulk always is.
    pub min_hits: u32,
    /// How many cases to name.
    pub examples: usize,
}

impl Default for GamingRules {
    fn default() -> Self {
        Self {
            before_limit: 900,
            bulk_cases: 20,
            bulk_within: 60,
            min_stints: 3,
            times_others: 2.0,
            min_hits: 5,
            examples: 5,
        }
    }
}

/// A figure of one authority.
#[derive(Debug, Clone, PartialEq)]
pub struct Flag {
    /// What is looked at.
    pub kind: FlagKind,
    /// The authority.
    pub org: Arc<str>,
    /// Its share, with the numbers behind it.
    pub share: Share,
    /// The same for all other authorities together.
    pub others: Share,
    /// The largest bulk; 0 for other kinds.
    pub largest_bulk: usize,
    /// Whether the rules say that it is worth a look.
    pub is_raised: bool,
    /// The source's identifiers of some of the cases, the latest first.
    pub examples: Vec<String>,
}

/// Figures to look at.
#[derive(Debug, Clone, PartialEq)]
pub struct Gaming {
    /// By what was asked.
    pub rules: GamingRules,
    /// By kind; those worth a look first, then the highest share, then the code. Authorities that have nothing of a
    /// kind are left out.
    pub flags: Vec<Flag>,
}

/// A case that a figure stands on.
#[derive(Debug, Clone, Copy)]
struct Hit {
    at: Second,
    case: CaseAt,
}

/// What is gathered of one authority.
#[derive(Debug, Clone, Default)]
struct Gathered {
    answers: Vec<Hit>,
    /// Cases by kind: those counted, and those meant. A bulk is only seen when all answers are there.
    counted: [u32; 4],
    hits: [Vec<Hit>; 4],
    largest_bulk: usize,
}

/// Figures of every authority within the window; of those asked for, compared with all.
pub fn gaming(lens: &Lens<'_>, rules: &GamingRules) -> Gaming {
    let all = lens.of_all_orgs();
    let mut by_org = gather(&all, rules);
    for gathered in by_org.values_mut() {
        find_bulks(gathered, rules);
    }
    let mut flags = Vec::new();
    for kind in FlagKind::ALL {
        let share =
            |gathered: &Gathered| Share::of(gathered.hits[kind as usize].len() as u32, gathered.counted[kind as usize]);
        let total = by_org.values().map(share).fold(Share::default(), Share::plus);
        let asked = by_org.iter().filter(|(org, _)| lens.takes_org(**org));
        for (org, gathered) in asked.filter(|(_, gathered)| !gathered.hits[kind as usize].is_empty()) {
            let share = share(gathered);
            let others = Share::of(total.part - share.part, total.cases - share.cases);
            let bulk = if kind == FlagKind::BulkClosing { gathered.largest_bulk } else { 0 };
            flags.push(Flag {
                kind,
                org: Arc::clone(lens.book().codes.orgs.code(*org)),
                share,
                others,
                largest_bulk: bulk,
                is_raised: bulk > 0 || stands_out(share, others, rules),
                examples: examples(lens, &gathered.hits[kind as usize], rules.examples),
            });
        }
    }
    flags.sort_by(|a, b| {
        (a.kind, Reverse(a.is_raised))
            .cmp(&(b.kind, Reverse(b.is_raised)))
            .then_with(|| b.share.cmp_share(a.share))
            .then_with(|| a.org.cmp(&b.org))
    });
    Gaming { rules: *rules, flags }
}

fn stands_out(share: Share, others: Share, rules: &GamingRules) -> bool {
    let others = others.value().unwrap_or(0.0);
    share.part >= rules.min_hits && share.shown().is_some_and(|share| share >= rules.times_others * others)
}

fn gather(lens: &Lens<'_>, rules: &GamingRules) -> BTreeMap<u16, Gathered> {
    let each = |by_org: &mut BTreeMap<u16, Gathered>, at: At<'_>| {
        let org = at.spans.org[at.row];
        let is_in_window = |second: Second| second >= lens.from && second < lens.to;
        if org == 0 {
            return;
        }
        if is_in_window(at.spans.start[at.row]) {
            gather_stint(lens, rules, by_org.entry(org).or_default(), at);
        }
        let end = at.spans.end[at.row];
        if is_in_window(end) && at.spans.ending[at.row] == crate::cases::SpanEnding::Answered {
            gather_answer(lens, rules, by_org.entry(org).or_default(), at);
        }
    };
    scan(lens, (lens.from, lens.to), BTreeMap::new, each, |all, part| {
        for (org, other) in part {
            let own: &mut Gathered = all.entry(org).or_default();
            own.answers.extend(other.answers);
            own.counted.iter_mut().zip(other.counted).for_each(|(a, b)| *a += b);
            own.hits.iter_mut().zip(other.hits).for_each(|(a, b)| a.extend(b));
        }
    })
}

fn gather_answer(lens: &Lens<'_>, rules: &GamingRules, gathered: &mut Gathered, at: At<'_>) {
    let (end, due) = (at.spans.end[at.row], lens.due(at.spans, at.row));
    let hit = Hit { at: end, case: at.case() };
    gathered.answers.push(hit);
    let mut note = |kind: FlagKind, is_meant: bool| {
        gathered.counted[kind as usize] += 1;
        if is_meant {
            gathered.hits[kind as usize].push(hit);
        }
    };
    if due != crate::cases::NEVER {
        note(FlagKind::JustBeforeLimit, end <= due && due - end <= rules.before_limit);
    }
    let on_time = match lens.basis {
        Basis::Effective => Flow::ClosedOnTime,
        Basis::Original => Flow::ClosedOnTimeOriginal,
    };
    let (mut is_on_time, mut came_back) = (false, false);
    flows_of(at.spans, at.row, lens.cut, |flow, _| {
        is_on_time |= flow == on_time;
        came_back |= flow == Flow::ClosedReopened30d;
    });
    if is_on_time {
        note(FlagKind::ReopenedAfterOnTime, came_back);
    }
}

/// Counts a round once for each authority that got it within the window.
fn gather_stint(lens: &Lens<'_>, rules: &GamingRules, gathered: &mut Gathered, at: At<'_>) {
    let (spans, org) = (at.spans, at.spans.org[at.row]);
    let stints = stints_of_round(at.batch, at.row, lens.cut.second());
    let is_counted_before =
        stints.iter().any(|row| *row < at.row && spans.org[*row] == org && spans.start[*row] >= lens.from);
    if is_counted_before {
        return;
    }
    let orgs: Vec<u16> = stints.iter().map(|row| spans.org[*row]).collect();
    let came_back = orgs.windows(3).any(|three| three[0] == three[2] && three[1] != three[0]);
    gathered.counted[FlagKind::Bouncing as usize] += 1;
    if came_back || orgs.len() >= rules.min_stints {
        gathered.hits[FlagKind::Bouncing as usize].push(Hit { at: spans.start[at.row], case: at.case() });
    }
}

/// The rows of all stints, begun before `cut`, of the round that a stint lies in.
fn stints_of_round(batch: &CaseBatch, row: usize, cut: Second) -> Vec<usize> {
    let (case, starts) = (batch.holdings.case[row], &batch.holdings.start);
    let rounds = &batch.rounds.start[batch.rounds_of(case)];
    let round_of = |row: usize| rounds.partition_point(|start| *start <= starts[row]);
    let own = round_of(row);
    batch.holdings_of(case).filter(|other| starts[*other] < cut && round_of(*other) == own).collect()
}

/// Marks the answers that were sent many at once.
fn find_bulks(gathered: &mut Gathered, rules: &GamingRules) {
    let answers = &mut gathered.answers;
    answers.sort_unstable_by_key(|hit| (hit.at, hit.case));
    gathered.counted[FlagKind::BulkClosing as usize] = answers.len() as u32;
    let (mut end, mut marked_to) = (0, 0);
    for begin in 0..answers.len() {
        while end < answers.len() && answers[end].at - answers[begin].at < rules.bulk_within {
            end += 1;
        }
        let count = end - begin;
        if count >= rules.bulk_cases.max(1) {
            gathered.hits[FlagKind::BulkClosing as usize].extend(&answers[marked_to.max(begin)..end]);
            marked_to = end;
            gathered.largest_bulk = gathered.largest_bulk.max(count);
        }
    }
}

fn examples(lens: &Lens<'_>, hits: &[Hit], most: usize) -> Vec<String> {
    let mut named: Vec<_> = hits.iter().map(|hit| (Reverse(hit.at), lens.name(hit.case))).collect();
    named.sort_unstable();
    let mut ids: Vec<String> = Vec::new();
    for (_, (id, _)) in named {
        if ids.len() == most {
            break;
        }
        if !ids.iter().any(|known| known == id) {
            ids.push(id.to_owned());
        }
    }
    ids
}

#[cfg(test)]
mod tests;
