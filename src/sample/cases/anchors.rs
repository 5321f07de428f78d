//! The published figures of citizens' reports, and how the sample comes to carry them exactly.
//!
//! As of noon on 25 May 2022 the city had received 15,117 reports since 1 January, 14,660 were handled and 457 were not;
//! of the reports that fell due until then one district answered 47 % late and another 70 %. How many come in is laid out
//! by [`super::volume`]; here the cases of the window are lived once, counted, and as many plain ones as needed are given
//! another [`Fate`]. "Handled" means no longer open: answered, not taken up, or merged.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::CaseGenerator;
use super::life::Fate;
use crate::domain::case::{CaseEvent, CaseRecord, EventKind, Moment};

/// Reports received from 1 January 2022 to noon of 25 May 2022.
pub const RECEIVED: u64 = 15_117;

/// Of these, no longer open at that moment.
pub const HANDLED: u64 = 14_660;

/// Of these, still open; nothing older is.
pub const OPEN: u64 = RECEIVED - HANDLED;

/// Districts with the published shares of overdue reports, in percent. That one district had 47 % and one 70 % was
/// published; which they were was not, so these are made up.
pub const WATCHED: [(&str, u32); 2] = [("773", 47), ("787", 70)];

/// 00:00 of 1 January 2022.
pub fn window_start() -> Moment {
    Moment::midnight(NaiveDate::from_ymd_opt(2022, 1, 1).expect("a real day"))
}

/// Noon of 25 May 2022.
pub fn as_of() -> Moment {
    let day = NaiveDate::from_ymd_opt(2022, 5, 25).expect("a real day");
    let noon = NaiveTime::from_hms_opt(12, 0, 0).expect("a real time");
    Moment::from_local(NaiveDateTime::new(day, noon))
}

/// The first moment after noon of 25 May 2022.
pub(super) fn cut() -> Moment {
    Moment(as_of().0 + 1)
}

/// From when on cases can fall due in the window.
pub(super) fn first_concerned() -> Moment {
    Moment::midnight(NaiveDate::from_ymd_opt(2021, 12, 1).expect("a real day"))
}

/// What a case adds to the published figures.
#[derive(Debug, Clone)]
struct Tally {
    number: u64,
    received: Moment,
    /// When the first answer could have come at the earliest.
    ready: Moment,
    is_open: bool,
    is_plain: bool,
    district: Option<&'static str>,
    /// Due time of its first round.
    due: Moment,
    /// Rounds that fall due in the window, and how many of them late.
    falls_due: (u32, u32),
}

/// The fates that make the published figures come out.
pub(super) fn fates(cases: &CaseGenerator<'_>, concerned: Range<u64>) -> BTreeMap<u64, Fate> {
    let tallies: Vec<Tally> = concerned.clone().map(|number| tally(cases, number, None)).collect();
    let mut fates = BTreeMap::new();
    for (district, percent) in WATCHED {
        watch(&tallies, district, percent, &mut fates);
    }
    let now_open = |tally: &&Tally| match fates.get(&tally.number) {
        None => tally.is_open,
        fate => self::tally(cases, tally.number, fate.copied()).is_open,
    };
    let open = tallies.iter().filter(now_open).count() as u64;
    let chosen = if open > OPEN {
        let closing = |t: &&Tally| t.is_open && t.ready.0 < as_of().0 - 3_600 && t.due != as_of();
        choose(tallies.iter().filter(|t| t.is_plain && !fates.contains_key(&t.number)).filter(closing), open - OPEN)
    } else {
        let opening = |t: &&Tally| !t.is_open && (t.due.0 > as_of().0 + 3_600 || t.falls_due.1 > 0);
        let recent = |t: &&Tally| t.received > window_start() && t.received.0 > as_of().0 - 60 * 86_400;
        let free = tallies.iter().filter(|t| t.is_plain && !fates.contains_key(&t.number));
        choose(free.filter(recent).filter(opening), OPEN - open)
    };
    let fate = if open > OPEN { Fate::DoneBy(as_of()) } else { Fate::OpenAt(as_of()) };
    fates.extend(chosen.into_iter().map(|number| (number, fate)));
    fates
}

/// Makes so many percent of a district's cases in the window late.
fn watch(tallies: &[Tally], district: &str, percent: u32, fates: &mut BTreeMap<u64, Fate>) {
    let of_district = || tallies.iter().filter(|t| t.district == Some(district));
    let due: u32 = of_district().map(|t| t.falls_due.0).sum();
    let late: u32 = of_district().map(|t| t.falls_due.1).sum();
    let wanted = (due * percent + 50) / 100;
    let plain = |is_late: bool| of_district().filter(move |t| t.is_plain && t.falls_due == (1, u32::from(is_late)));
    let (chosen, fate) = if late > wanted {
        (choose(plain(true), u64::from(late - wanted)), Fate::OnTime)
    } else {
        (choose(plain(false), u64::from(wanted - late)), Fate::Late)
    };
    fates.extend(chosen.into_iter().map(|number| (number, fate)));
}

/// So many cases, spread evenly over those that can be had.
fn choose<'t>(from: impl Iterator<Item = &'t Tally>, count: u64) -> Vec<u64> {
    let from: Vec<u64> = from.map(|t| t.number).collect();
    let count = count.min(from.len() as u64);
    (0..count).map(|i| from[(i * from.len() as u64 / count) as usize]).collect()
}

fn tally(cases: &CaseGenerator<'_>, number: u64, fate: Option<Fate>) -> Tally {
    let lived = cases.lived(number, fate);
    let (falls_due, is_open) = count(&lived.case.record, lived.due);
    let is_placed = lived.case.fault.is_none();
    Tally {
        number,
        received: lived.case.record.received_at,
        ready: lived.ready,
        is_open,
        is_plain: lived.is_plain && is_placed,
        district: lived.district,
        due: lived.due,
        falls_due,
    }
}

/// Rounds falling due in the window, those of them that are late, and whether the case is open at its end. The deadline
/// is not moved by pauses: the watched districts have none.
fn count(record: &CaseRecord, first_due: Moment) -> ((u32, u32), bool) {
    let now = as_of();
    let counted = |due: Moment, end: Option<&CaseEvent>| -> (u32, u32) {
        let left = end.is_some_and(|e| e.kind != EventKind::Answered && e.at < due);
        let falls_due = window_start() <= due && due <= now && !left;
        let late = end.is_none_or(|e| e.at > due);
        (u32::from(falls_due), u32::from(falls_due && late))
    };
    if record.events.is_empty() {
        let answered = record.resolved_at.filter(|at| *at <= now);
        let due = first_due;
        let falls_due = window_start() <= due && due <= now;
        let late = falls_due && answered.is_none_or(|at| at > due);
        return ((u32::from(falls_due), u32::from(late)), answered.is_none());
    }
    let (mut due, mut end, mut sum) = (first_due, None, (0, 0));
    for event in record.events.iter().take_while(|e| e.at <= now) {
        match event.kind {
            EventKind::Extended if event.at <= due => due = event.due.unwrap_or(due),
            EventKind::Answered | EventKind::Rejected | EventKind::Merged => end = Some(event),
            EventKind::Reopened => {
                let (falls_due, late) = counted(due, end.take());
                sum = (sum.0 + falls_due, sum.1 + late);
                due = event.due.unwrap_or(Moment(i64::MAX));
            }
            _ => {}
        }
    }
    let (falls_due, late) = counted(due, end);
    ((sum.0 + falls_due, sum.1 + late), end.is_none())
}
