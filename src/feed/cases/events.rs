//! A table of events: rows to events, and events to their cases.

use std::ops::Range;

use datafusion::common::HashMap;

use super::cell::Cell;
use super::codes::CodeReader;
use super::known::{CaseKey, key_of};
use super::model::EventMapping;
use super::time::TimeReader;
use crate::domain::case::{CaseEvent, EventKind, Moment};
use crate::domain::text::clean;
use crate::feed::figures::Rejected;

/// Makes events of rows.
pub(super) struct EventMapper<'a> {
    mapping: &'a EventMapping,
    source_ref: &'a str,
    org: Option<CodeReader<'a>>,
    events: Vec<(CaseKey, u64, CaseEvent)>,
    /// The case of the row before: events mostly stand case by case.
    last: (String, CaseKey),
    pub rejected: Vec<Rejected>,
}

impl<'a> EventMapper<'a> {
    pub fn new(mapping: &'a EventMapping, source_ref: &'a str) -> Self {
        let org = mapping.org.as_ref().map(CodeReader::new);
        let last = (String::new(), key_of(""));
        Self { mapping, source_ref, org, events: Vec::new(), last, rejected: Vec::new() }
    }

    /// Notes why a row as a whole is not taken.
    pub fn reject_row(&mut self, number: u64, reason: &str) {
        self.reject(number, None, reason.to_owned());
    }

    /// Takes a row.
    pub fn take(&mut self, number: u64, cells: &[Cell<'_>]) {
        let before = self.rejected.len();
        let mapping = self.mapping;
        let case = cells[mapping.case].text();
        if case.is_none() {
            self.reject(number, Some((mapping.case, cells)), "an event needs its case".to_owned());
        }
        let at = self.moment(number, cells, Some(&mapping.at));
        if at.is_none() && cells[mapping.at.column].text().is_none() {
            self.reject(number, Some((mapping.at.column, cells)), "an event needs a time".to_owned());
        }
        let kind = match self.kind(cells) {
            Ok(Some(kind)) => Some(kind),
            Ok(None) => {
                self.rejected.truncate(before);
                return;
            }
            Err(reason) => {
                self.reject(number, Some((mapping.kind, cells)), reason);
                None
            }
        };
        let org = match self.org.as_mut().map(|org| org.read(cells)) {
            Some(Ok(code)) => code,
            Some(Err(no_code)) => {
                let column = mapping.org.as_ref().and_then(|rule| rule.column).unwrap_or_default();
                self.reject(number, Some((column, cells)), no_code.reason);
                None
            }
            None => None,
        };
        let due = self.moment(number, cells, mapping.due.as_ref());
        let satisfied = self.satisfied(number, cells);
        let seq = self.seq(number, cells);
        if self.rejected.len() > before {
            return;
        }
        if let (Some(case), Some(at), Some(kind)) = (case, at, kind) {
            let event = CaseEvent { seq: seq.unwrap_or_default(), at, kind, org, due, satisfied };
            if self.last.0 != case {
                self.last = (case.clone().into_owned(), key_of(&case));
            }
            self.events.push((self.last.1, number, event));
        }
    }

    /// The events, by their cases.
    pub fn finish(self) -> (EventsByCase, Vec<Rejected>) {
        let numbered = self.mapping.seq.is_some();
        (EventsByCase::of(self.events, numbered, self.source_ref.to_owned()), self.rejected)
    }

    fn kind(&self, cells: &[Cell<'_>]) -> Result<Option<EventKind>, String> {
        let Some(text) = cells[self.mapping.kind].text() else { return Err("an event needs a kind".to_owned()) };
        let text = clean(&text);
        let code = self.mapping.kinds.get(&text).map_or(text.as_str(), |code| code);
        match code.parse() {
            Ok(kind) => Ok(Some(kind)),
            Err(_) if self.mapping.skip.contains(&text.to_lowercase()) => Ok(None),
            Err(e) => Err(format!("{e}; add it under codes, or to skip")),
        }
    }

    fn moment(&mut self, number: u64, cells: &[Cell<'_>], reader: Option<&TimeReader>) -> Option<Moment> {
        let reader = reader?;
        match reader.read(cells) {
            Ok(at) => at.and_then(Moment::from_vintage),
            Err(_) => {
                let text = cells[reader.column].shown();
                let reason = format!("\"{text}\" is not a time as the mapping declares it");
                self.reject(number, Some((reader.column, cells)), reason);
                None
            }
        }
    }

    fn satisfied(&mut self, number: u64, cells: &[Cell<'_>]) -> Option<bool> {
        let rating = self.mapping.satisfied.as_ref()?;
        match rating.read(&cells[rating.column].text()?) {
            Ok(content) => Some(content),
            Err(reason) => {
                self.reject(number, Some((rating.column, cells)), reason);
                None
            }
        }
    }

    fn seq(&mut self, number: u64, cells: &[Cell<'_>]) -> Option<u32> {
        let column = self.mapping.seq?;
        let seq = cells[column].text().and_then(|text| text.parse().ok());
        if seq.is_none() {
            let reason = format!("\"{}\" is not a place in an order", cells[column].shown());
            self.reject(number, Some((column, cells)), reason);
        }
        seq
    }

    fn reject(&mut self, number: u64, place: Option<(usize, &[Cell<'_>])>, reason: String) {
        let name = |column: usize| self.mapping.columns.names()[column].clone();
        self.rejected.push(Rejected {
            source_ref: self.source_ref.to_owned(),
            row: Some(number as i64),
            column: place.map(|(column, _)| name(column)),
            value: place.map(|(column, cells)| cells[column].shown()).filter(|text| !text.is_empty()),
            reason,
        });
    }
}

/// The events of a file, each case's together.
pub(super) struct EventsByCase {
    events: Vec<(CaseKey, u64, CaseEvent)>,
    of_case: HashMap<CaseKey, Range<u32>>,
    /// By the place of a case's first event.
    taken: Vec<bool>,
    numbered: bool,
    source_ref: String,
}

impl EventsByCase {
    fn of(mut events: Vec<(CaseKey, u64, CaseEvent)>, numbered: bool, source_ref: String) -> Self {
        let mut of_case = runs(&events);
        if of_case.is_none() {
            // Not written case by case: bring them together, in their order.
            events.sort_by_key(|(case, ..)| *case);
            of_case = runs(&events);
        }
        let of_case = of_case.unwrap_or_default();
        let taken = vec![false; events.len()];
        Self { events, of_case, taken, numbered, source_ref }
    }

    /// The events of a case in order.
    pub fn take(&mut self, case: &str) -> Vec<CaseEvent> {
        let Some(range) = self.of_case.get(&key_of(case)).cloned() else { return Vec::new() };
        self.taken[range.start as usize] = true;
        let mut events: Vec<CaseEvent> =
            self.events[range.start as usize..range.end as usize].iter().map(|(_, _, event)| event.clone()).collect();
        if self.numbered {
            events.sort_by_key(|event| (event.at, event.seq));
        } else {
            events.sort_by_key(|event| event.at);
            (1..).zip(&mut events).for_each(|(seq, event)| event.seq = seq);
        }
        events
    }

    /// Events whose case is not in the file.
    pub fn left_over(self) -> Vec<Rejected> {
        let mut rejected = Vec::new();
        let mut ranges: Vec<Range<u32>> = self.of_case.into_values().collect();
        ranges.sort_by_key(|range| range.start);
        for range in ranges.into_iter().filter(|range| !self.taken[range.start as usize]) {
            for (_, row, _) in &self.events[range.start as usize..range.end as usize] {
                rejected.push(Rejected {
                    source_ref: self.source_ref.clone(),
                    row: Some(*row as i64),
                    column: None,
                    value: None,
                    reason: "its case is not among the cases that came with it, or was rejected".to_owned(),
                });
            }
        }
        rejected
    }
}

/// Where each case's events stand; `None` if those of a case do not stand together.
fn runs(events: &[(CaseKey, u64, CaseEvent)]) -> Option<HashMap<CaseKey, Range<u32>>> {
    let mut of_case = HashMap::new();
    let mut start = 0u32;
    for run in events.chunk_by(|a, b| a.0 == b.0) {
        let end = start + run.len() as u32;
        if of_case.insert(run[0].0, start..end).is_some() {
            return None;
        }
        start = end;
    }
    Some(of_case)
}
