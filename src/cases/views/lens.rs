//! A question with its codes looked up.

use std::sync::Arc;

use super::question::{Basis, Filter, FilterKind, Question, QuestionError};
use crate::cases::counting::{is_open_before, overdue_before};
use crate::cases::{CaseAt, CaseBatch, CaseBook, Cut, Dictionary, LateRow, Second, Spans, moment};
use crate::domain::{AreaKind, AreaTree};

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpanKind {
    /// Handling rounds of cases.
    Rounds,
    /// Stints of authorities.
    Stints,
}

/// Numbers that are let through; `None` lets all through.
type Sieve = Option<Vec<bool>>;

/// A question over a book. Cheap to make.
#[derive(Debug, Clone)]
pub struct Lens<'a> {
    pub(super) book: &'a CaseBook,
    /// What happens at or after it does not exist.
    pub cut: Cut,
    /// First second of the window, not after `to`.
    pub from: Second,
    /// First second after the window, not after the cut.
    pub to: Second,
    /// Which deadline.
    pub basis: Basis,
    /// What is counted.
    pub kind: SpanKind,
    places: Sieve,
    orgs: Sieve,
    categories: Sieve,
    channels: Sieve,
    feeds: Sieve,
}

impl<'a> Lens<'a> {
    /// Looks up the codes of a question. An area of the tree that no case lies in is known, and empty.
    pub fn new(book: &'a CaseBook, tree: &AreaTree, question: &Question) -> Result<Self, QuestionError> {
        if question.from >= question.to {
            let text = |at: Second| moment(at).to_string();
            return Err(QuestionError::EmptyWindow { from: text(question.from), to: text(question.to) });
        }
        let Filter { areas, orgs, categories, channels, feeds } = &question.filter;
        let codes = &book.codes;
        let to = question.to.min(question.cut.second());
        Ok(Self {
            book,
            cut: question.cut,
            from: question.from.min(to),
            to,
            basis: question.basis,
            kind: if orgs.is_empty() { SpanKind::Rounds } else { SpanKind::Stints },
            places: place_sieve(book, tree, areas)?,
            orgs: sieve(FilterKind::Org, orgs, &codes.orgs)?,
            categories: sieve(FilterKind::Category, categories, &codes.categories)?,
            channels: sieve(FilterKind::Channel, channels, &codes.channels)?,
            feeds: sieve(FilterKind::Feed, feeds, &codes.feeds)?,
        })
    }

    /// The book that is looked at.
    pub fn book(&self) -> &'a CaseBook {
        self.book
    }

    /// The same question with stints counted.
    pub fn of_stints(&self) -> Self {
        Self { kind: SpanKind::Stints, ..self.clone() }
    }

    /// The same question over another window, which must lie before the cut.
    pub(super) fn over(&self, from: Second, to: Second) -> Self {
        Self { from: from.min(to), to: to.min(self.cut.second()), ..self.clone() }
    }

    /// The same question for all authorities, stints counted.
    pub(super) fn of_all_orgs(&self) -> Self {
        Self { orgs: None, ..self.of_stints() }
    }

    /// The same question within one district.
    pub(super) fn within_district(&self, code: &str) -> Self {
        let mut within = self.clone();
        let places = &self.book.codes.places;
        let mut inside = vec![false; places.len()];
        for (number, place) in places.iter() {
            let lies_in = place.district != 0 && &*places.place(place.district).code == code;
            inside[usize::from(number)] = lies_in && passes(&self.places, number);
        }
        within.places = Some(inside);
        within
    }

    /// The spans of a batch that are counted.
    #[inline]
    pub(super) fn spans<'b>(&self, batch: &'b CaseBatch) -> &'b Spans {
        match self.kind {
            SpanKind::Rounds => &batch.rounds,
            SpanKind::Stints => &batch.holdings,
        }
    }

    /// Whether nothing is filtered.
    pub(super) fn takes_all(&self) -> bool {
        [&self.places, &self.orgs, &self.categories, &self.channels, &self.feeds].iter().all(|s| s.is_none())
    }

    /// Whether a span passes the filter.
    #[inline]
    pub(super) fn takes(&self, batch: &CaseBatch, spans: &Spans, row: usize) -> bool {
        passes(&self.places, spans.place[row])
            && passes(&self.orgs, spans.org[row])
            && passes(&self.categories, spans.category[row])
            && passes(&self.channels, spans.channel[row])
            && (self.feeds.is_none() || passes(&self.feeds, batch.feed[spans.case[row] as usize]))
    }

    /// Whether a span passes the filter, by the copy of its codes.
    #[inline]
    pub(super) fn takes_copy(&self, batch: &CaseBatch, copy: &LateRow) -> bool {
        passes(&self.places, copy.place)
            && passes(&self.orgs, copy.org)
            && passes(&self.categories, copy.category)
            && passes(&self.channels, copy.channel)
            && (self.feeds.is_none() || passes(&self.feeds, batch.feed[copy.case as usize]))
    }

    /// Whether an authority passes the filter.
    pub(super) fn takes_org(&self, org: u16) -> bool {
        passes(&self.orgs, org)
    }

    /// Right before a second: `None` if the span is not open, else its deadline if that has passed.
    #[inline]
    pub(super) fn open_before(&self, spans: &Spans, row: usize, at: Second) -> Option<Option<Second>> {
        if !is_open_before(spans, row, at) {
            return None;
        }
        Some(match self.basis {
            Basis::Effective => overdue_before(spans, row, at),
            Basis::Original => Some(spans.due_original[row]).filter(|due| *due < at),
        })
    }

    /// The deadline of a span as of the cut.
    #[inline]
    pub(super) fn due(&self, spans: &Spans, row: usize) -> Second {
        match self.basis {
            Basis::Effective => spans.due_as_of(row, self.cut),
            Basis::Original => spans.due_original[row],
        }
    }

    /// The deadline of a span that is at rest, by its copy.
    #[inline]
    pub(super) fn due_of(&self, copy: &LateRow) -> Second {
        match self.basis {
            Basis::Effective => copy.due,
            Basis::Original => copy.due_original,
        }
    }

    /// Identifier and feed of a case, by which cases at the same second are ordered.
    pub(super) fn name(&self, at: CaseAt) -> (&'a str, &'a Arc<str>) {
        let batch = &self.book.batches()[at.batch as usize];
        (batch.id(at.case), self.book.codes.feeds.code(batch.feed[at.case as usize]))
    }

    /// Codes of the ward and the district of a place; empty where there is none.
    pub(super) fn ward_and_district(&self, place: u16) -> (Arc<str>, Arc<str>) {
        let places = &self.book.codes.places;
        let at = places.place(place);
        let ward = if at.kind == AreaKind::Ward { Arc::clone(&at.code) } else { Arc::from("") };
        (ward, Arc::clone(&places.place(at.district).code))
    }
}

#[inline]
fn passes(sieve: &Sieve, number: u16) -> bool {
    // A number that came after the sieve was made cannot occur: a book does not change.
    sieve.as_ref().is_none_or(|sieve| sieve[usize::from(number)])
}

fn sieve(kind: FilterKind, wanted: &[String], known: &Dictionary) -> Result<Sieve, QuestionError> {
    if wanted.is_empty() {
        return Ok(None);
    }
    let mut sieve = vec![false; known.len()];
    for code in wanted {
        let number = known.number(code).ok_or_else(|| unknown(kind, code, known.iter().map(|(_, code)| &**code)))?;
        sieve[usize::from(number)] = true;
    }
    Ok(Some(sieve))
}

fn place_sieve(book: &CaseBook, tree: &AreaTree, wanted: &[String]) -> Result<Sieve, QuestionError> {
    if wanted.is_empty() {
        return Ok(None);
    }
    let places = &book.codes.places;
    let mut sieve = vec![false; places.len()];
    for code in wanted {
        let mut is_known = false;
        for (number, place) in places.iter() {
            let district = &places.place(place.district).code;
            if *place.code == **code || (place.district != 0 && **district == **code) {
                is_known = true;
                sieve[usize::from(number)] = true;
            }
        }
        let kinds = tree.spans(code).iter().map(|ix| tree.area(*ix).kind);
        match kinds.min() {
            Some(AreaKind::City) => sieve.fill(true),
            // What the districts leave: cases that lie in none.
            Some(AreaKind::Residual) => {
                sieve[0] = true;
                places.iter().filter(|(_, p)| p.district == 0).for_each(|(n, _)| sieve[usize::from(n)] = true);
            }
            Some(_) => {}
            None if is_known => {}
            None => {
                let in_tree = tree.areas().iter().map(|area| area.code.as_str());
                let known = places.iter().map(|(_, place)| &*place.code).chain(in_tree);
                return Err(unknown(FilterKind::Area, code, known));
            }
        }
    }
    Ok(Some(sieve))
}

fn unknown<'k>(kind: FilterKind, code: &str, known: impl Iterator<Item = &'k str>) -> QuestionError {
    let nearest = known.map(|known| (strsim::damerau_levenshtein(code, known), known)).min();
    QuestionError::UnknownCode { kind, code: code.to_owned(), nearest: nearest.map(|(_, known)| known.to_owned()) }
}
