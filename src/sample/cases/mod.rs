//! Citizens' reports of any size, deterministic by seed: a stream of [`CaseRecord`]s in order of receipt.
//!
//! Every case follows from its number alone, so a hundred million stream out of constant memory, and a part of them can
//! be made without the rest ([`CaseGenerator::numbers`]). Shapes are realistic (season, Tết, weekdays, hours, the lockdown
//! of 2021, wards by people, authorities by field), habits that make figures look good are planted in a few authorities
//! ([`Pattern`]), and wrong rows come on request ([`Fault`]). A sample of about the city's real size carries the figures
//! that were published ([`anchors`]); everything else is made up.

pub mod anchors;
pub mod export;
pub mod fault;

mod chance;
mod conduct;
mod life;
mod places;
pub(super) mod readme;
mod summary;
#[cfg(test)]
mod tests;
mod traits;
mod volume;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use chrono::{Datelike, Days, NaiveDate};

use crate::domain::case::{CaseRecord, DuePolicy, EventKind, Moment};
use crate::domain::{AreaTree, Period, WorkCalendar};

use super::SampleOptions;
use chance::Chance;
use life::{Fate, Stage};
use places::Places;
use traits::{Codes, Traits};
use volume::Volume;

pub use conduct::Pattern;
pub use fault::{CaseTruth, Fault};
pub use summary::CaseSummary;

/// Days before the end of the work calendar at which receipts stop, so that due times lie inside it.
const LEAD_OUT: u64 = 75;

/// What cases to make.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CaseOptions {
    /// Same seed, same cases.
    pub seed: u64,
    /// First moment of receipt.
    pub from: Moment,
    /// When the cases are exported: nothing at or after it has happened yet.
    pub until: Moment,
    /// Cases of the city; wrong rows that must not count come on top.
    pub cases: u64,
    /// Share of rows that are wrong on purpose, 0 to 1.
    pub bad_share: f64,
    /// Cases received before this keep times in themselves only, no events.
    pub events_from: Moment,
    /// Whether the published figures are carried ([`anchors`]); needs December 2021 to May 2022 inside.
    pub anchored: bool,
}

impl CaseOptions {
    /// Ordinary cases with events, unanchored, without wrong rows.
    pub fn new(seed: u64, from: NaiveDate, until: NaiveDate, cases: u64) -> Self {
        let (from, until) = (Moment::midnight(from), Moment::midnight(until));
        Self { seed, from, until, cases, bad_share: 0.0, events_from: from, anchored: false }
    }

    /// The cases of a whole sample, exported on the 29th of its last month: from 2021 on, where wards and working days are
    /// known. Anchored where the size is about the city's: then the history before 2022 has no events, and three rows in
    /// two thousand are wrong. `None` where nothing can be made.
    pub fn of_sample(options: &SampleOptions, areas: &AreaTree, calendar: &WorkCalendar) -> Option<Self> {
        let known = Places::new(areas, &Chance::new(options.seed)).first_day()?;
        let declared = NaiveDate::from_ymd_opt(*calendar.years().start(), 1, 1)?;
        let last = NaiveDate::from_ymd_opt(*calendar.years().end(), 12, 31)? - Days::new(LEAD_OUT);
        let from = options.from.first_day().max(known).max(declared);
        let exported = options.to.first_day() + Days::new(29);
        let until = exported.min(options.to.last_day() + Days::new(1)).min(last);
        if options.cases == 0 || from >= until {
            return None;
        }
        let plain = Self::new(options.seed, from, until, options.cases);
        let covers = plain.from <= anchors::first_concerned() && plain.until.0 > anchors::cut().0 + 14 * 86_400;
        if !covers {
            return Some(plain);
        }
        let volume = Volume::new(plain.from..plain.until, &[anchors::cut()], calendar, &Chance::new(plain.seed));
        let window = anchors::window_start()..anchors::cut();
        let natural = options.cases as f64 * volume.weight(&window) / volume.weight(&(plain.from..plain.until));
        let anchored = (natural / anchors::RECEIVED as f64 - 1.0).abs() < 0.25;
        Some(if anchored {
            Self { anchored, events_from: anchors::window_start(), bad_share: 0.0015, ..plain }
        } else {
            plain
        })
    }
}

/// One row of a sample of cases.
#[derive(Debug, Clone, PartialEq)]
pub struct SampleCase {
    /// The case as the source would hold it.
    pub record: CaseRecord,
    /// What is wrong with it on purpose.
    pub fault: Option<Fault>,
    /// The habit planted in it.
    pub pattern: Option<Pattern>,
}

/// Makes cases; shareable between threads.
#[derive(Debug)]
pub struct CaseGenerator<'a> {
    options: CaseOptions,
    calendar: &'a WorkCalendar,
    places: Places,
    codes: Codes,
    volume: Volume,
    chance: Chance,
    fates: BTreeMap<u64, Fate>,
}

/// A case with what the anchors need to know of it.
struct Lived {
    case: SampleCase,
    extra: Option<SampleCase>,
    due: Moment,
    ready: Moment,
    is_plain: bool,
    /// Code of the district that the case counts in.
    district: Option<&'static str>,
}

impl<'a> CaseGenerator<'a> {
    /// Over dated areas and the working days of the city. Wards and working days must be known for all of the time.
    pub fn new(options: &CaseOptions, areas: &AreaTree, calendar: &'a WorkCalendar) -> Self {
        let chance = Chance::new(options.seed);
        let (from, until) = (options.from, options.until);
        let cut = anchors::cut();
        let cuts = if options.anchored { vec![cut] } else { Vec::new() };
        let mut volume = Volume::new(from..until, &cuts, calendar, &chance);
        if options.anchored {
            let start = anchors::window_start();
            let rest = options.cases.saturating_sub(anchors::RECEIVED);
            let (before, after) = (volume.weight(&(from..start)), volume.weight(&(cut..until)));
            let first = (rest as f64 * before / (before + after)).round() as u64;
            volume.allot(&[(from..start, first), (start..cut, anchors::RECEIVED), (cut..until, rest - first)]);
        } else {
            volume.allot(&[(from..until, options.cases)]);
        }
        let places = Places::new(areas, &chance);
        let fates = BTreeMap::new();
        let mut made = Self { options: *options, calendar, places, codes: Codes::new(), volume, chance, fates };
        if options.anchored {
            made.fates = anchors::fates(&made, made.volume.numbers(anchors::first_concerned()..cut));
        }
        made
    }

    /// Cases of the city, without extra rows.
    pub fn len(&self) -> u64 {
        self.volume.cases()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All rows in order of receipt.
    pub fn iter(&self) -> Cases<'_, 'a> {
        self.numbers(0..self.len())
    }

    /// The rows of some cases, by number from 0; the whole is the parts one after another.
    pub fn numbers(&self, numbers: Range<u64>) -> Cases<'_, 'a> {
        let end = numbers.end.min(self.len());
        Cases { made: self, numbers: numbers.start.min(end)..end, pending: None }
    }

    /// The numbers of the cases received in a month.
    pub fn received_in(&self, month: Period) -> Range<u64> {
        let start = |period: Period| Moment::midnight(period.first_day());
        self.volume.numbers(start(month)..start(month.offset(1)))
    }

    /// The months in which cases come in, in order.
    pub fn months(&self) -> Vec<Period> {
        let month = |at: Moment| Period::of_date(crate::domain::Freq::M, at.date());
        let (first, last) = (month(self.options.from), month(Moment(self.options.until.0 - 1)));
        (first.index()..=last.index()).map(|index| Period::from_index(crate::domain::Freq::M, index)).collect()
    }

    fn traits(&self, number: u64, chance: &mut Chance) -> Traits<'_> {
        let slot = self.volume.slot_of(number).expect("numbers end with the last slot");
        traits::draw(number, slot, &self.places, &self.codes, chance)
    }

    /// The case that a repeated one repeats: a recent one of the same wards that is no repeat itself.
    fn original(&self, repeat: &Traits<'_>, chance: &mut Chance) -> Option<Traits<'_>> {
        let back = chance.between(1, 40) as u64;
        let candidates = (back..back + 6).filter_map(|back| repeat.number.checked_sub(back));
        let mut candidates = candidates.map(|n| self.traits(n, &mut self.chance.stream(n)));
        candidates.find(|t| !t.is_repeat && self.places.are_same(t.day(), repeat.day()))
    }

    fn lived(&self, number: u64, fate: Option<Fate>) -> Lived {
        let mut chance = self.chance.stream(number);
        let mut traits = self.traits(number, &mut chance);
        let with_events = traits.received >= self.options.events_from;
        let original = if traits.is_repeat && with_events { self.original(&traits, &mut chance) } else { None };
        traits.is_repeat = original.is_some();
        if let Some(original) = &original {
            traits = Traits {
                number,
                received: traits.received,
                channel: traits.channel,
                position: None,
                is_repeat: true,
                ..original.clone()
            };
        }
        let is_watched = conduct::is_watched(&traits);
        let due_told = chance.happens(0.96) || is_watched;
        if !due_told {
            traits.days = traits::USUAL_DAYS;
        }
        let may_reopen = !self.options.anchored || traits.received >= anchors::window_start();
        let stage = Stage { calendar: self.calendar, codes: &self.codes, with_events, may_reopen };
        let life = life::live(stage, &traits, fate, &mut chance);
        let fault = self.fault(is_watched, &mut chance);
        let mut record = self.record(&traits, life.events, due_told.then_some(life.due));
        record.parent = original.filter(|_| ends_merged(&record)).map(|t| id(t.number, t.received));
        let unplaced = fault == Some(Fault::UnknownWard);
        let district = traits.district().filter(|_| !unplaced).map(|d| d.code);
        let (case, extra) = with_fault(record, fault, life.pattern, &traits);
        let is_plain = life.is_plain && !traits.is_repeat;
        Lived { case, extra, due: life.due, ready: life.ready, is_plain, district }
    }

    fn fault(&self, is_watched: bool, chance: &mut Chance) -> Option<Fault> {
        let (happens, which) = (chance.happens(self.options.bad_share), chance.between(0, 5));
        let fault = Fault::ALL[which as usize];
        happens.then_some(fault).filter(|f| !(is_watched && *f == Fault::NoDueTime))
    }

    /// The record as it stands at the export.
    fn record(
        &self,
        traits: &Traits<'_>,
        mut events: Vec<crate::domain::case::CaseEvent>,
        due: Option<Moment>,
    ) -> CaseRecord {
        events.retain(|e| e.at < self.options.until);
        let last = events.last().map_or(traits.received, |e| e.at);
        let holder = events.iter().rev().find_map(|e| e.org.clone());
        let answered = events.iter().rev().find(|e| e.kind == EventKind::Answered).map(|e| e.at);
        let with_events = traits.received >= self.options.events_from;
        CaseRecord {
            id: id(traits.number, traits.received),
            channel: traits.channel.clone(),
            category: traits.field.clone(),
            priority: traits.priority.clone(),
            area: traits.area.clone(),
            org: holder,
            received_at: traits.received,
            due_at: due,
            due_policy: DuePolicy::Table,
            resolved_at: answered.filter(|_| !with_events),
            parent: None,
            longitude: traits.position.map(|(east, _)| east),
            latitude: traits.position.map(|(_, north)| north),
            updated_at: if with_events { last } else { answered.unwrap_or(last) }.vintage(),
            events: if with_events { events } else { Vec::new() },
        }
    }
}

fn ends_merged(record: &CaseRecord) -> bool {
    record.events.iter().any(|e| e.kind == EventKind::Merged)
}

/// `1022-2022-00012345`: the year of receipt and the number over all years.
fn id(number: u64, received: Moment) -> Arc<str> {
    format!("1022-{}-{:08}", received.date().year(), number + 1).into()
}

/// The row as it is exported, with what is wrong about it, and the extra row.
fn with_fault(
    mut record: CaseRecord,
    fault: Option<Fault>,
    pattern: Option<Pattern>,
    traits: &Traits<'_>,
) -> (SampleCase, Option<SampleCase>) {
    let extra = |record: CaseRecord| Some(SampleCase { record, fault, pattern: None });
    let bare = |id: Arc<str>| CaseRecord { id, events: Vec::new(), parent: None, ..record.clone() };
    let received = traits.received;
    let extra = match fault {
        Some(Fault::ClosedBeforeOpened) => {
            let answered = Some(Moment(received.0 - 2 * 86_400 - 1));
            extra(CaseRecord { resolved_at: answered, ..bare(format!("{}-1", record.id).into()) })
        }
        Some(Fault::UnreadableTime) => extra(bare(format!("{}-2", record.id).into())),
        Some(Fault::DuplicateId) => {
            let org = Some(traits.org.clone());
            extra(CaseRecord { org, resolved_at: None, updated_at: received.vintage(), ..bare(record.id.clone()) })
        }
        Some(Fault::NoDueTime) => {
            record.due_at = None;
            None
        }
        Some(Fault::UnknownWard) => {
            record.area = Some(fault::UNKNOWN_WARD.into());
            None
        }
        None => None,
    };
    let own_fault = fault.filter(|f| !f.is_extra_row());
    (SampleCase { record, fault: own_fault, pattern }, extra)
}

/// The rows of some cases in order of receipt.
#[derive(Debug)]
pub struct Cases<'g, 'a> {
    made: &'g CaseGenerator<'a>,
    numbers: Range<u64>,
    pending: Option<SampleCase>,
}

impl Iterator for Cases<'_, '_> {
    type Item = SampleCase;

    fn next(&mut self) -> Option<SampleCase> {
        if let Some(extra) = self.pending.take() {
            return Some(extra);
        }
        let number = self.numbers.next()?;
        let lived = self.made.lived(number, self.made.fates.get(&number).copied());
        self.pending = lived.extra;
        Some(lived.case)
    }
}

impl<'g, 'a> IntoIterator for &'g CaseGenerator<'a> {
    type Item = SampleCase;
    type IntoIter = Cases<'g, 'a>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
