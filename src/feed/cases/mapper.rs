//! One row of a source to one case, or to the reasons why not; all of them at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::areas::AreaReader;
use super::cell::Cell;
use super::codes::{CodeReader, UNKNOWN};
use super::events::EventsByCase;
use super::model::{CaseMapping, Rating, State};
use super::time::TimeReader;
use crate::catalog::Catalog;
use crate::domain::Vintage;
use crate::domain::case::{CaseEvent, CaseRecord, EventKind, Moment};
use crate::domain::text::clean;
use crate::feed::figures::Rejected;

/// Makes cases of rows.
pub(super) struct Mapper<'a> {
    mapping: &'a CaseMapping,
    source_ref: &'a str,
    pulled: Vintage,
    channel: CodeReader<'a>,
    category: CodeReader<'a>,
    priority: CodeReader<'a>,
    org: Option<CodeReader<'a>>,
    area: Option<AreaReader<'a>>,
    /// States that the mapping does not list, each complained about once.
    unlisted: BTreeSet<String>,
    /// What was not taken, or not taken whole.
    pub rejected: Vec<Rejected>,
}

/// The times of a row.
struct Times {
    received: Moment,
    due: Option<Moment>,
    resolved: Option<Moment>,
    first_response: Option<Moment>,
    closed: Option<Moment>,
    others: Vec<(EventKind, Moment)>,
    updated: Vintage,
}

/// A row on its way: what is wrong with it so far.
struct Row<'c> {
    number: u64,
    cells: &'c [Cell<'c>],
    is_bad: bool,
}

impl<'a> Mapper<'a> {
    pub fn new(mapping: &'a CaseMapping, catalog: &'a Catalog, source_ref: &'a str, pulled: Vintage) -> Self {
        let fields = &mapping.fields;
        Self {
            mapping,
            source_ref,
            pulled,
            channel: CodeReader::new(&fields.channel),
            category: CodeReader::new(&fields.category),
            priority: CodeReader::new(&fields.priority),
            org: fields.org.as_ref().map(CodeReader::new),
            area: fields.area.as_ref().map(|rule| AreaReader::new(rule, &catalog.areas)),
            unlisted: BTreeSet::new(),
            rejected: Vec::new(),
        }
    }

    /// Notes why a row as a whole is not taken.
    pub fn reject_row(&mut self, number: u64, reason: &str) {
        self.rejected.push(Rejected {
            source_ref: self.source_ref.to_owned(),
            row: Some(number as i64),
            column: None,
            value: None,
            reason: reason.to_owned(),
        });
    }

    /// The case of a row; `None` when it is rejected.
    pub fn map(&mut self, number: u64, cells: &[Cell<'_>], events: Option<&mut EventsByCase>) -> Option<CaseRecord> {
        let mapping = self.mapping;
        let fields = &mapping.fields;
        let mut row = Row { number, cells, is_bad: false };
        let id = cells[fields.id].text();
        if id.is_none() {
            self.refuse(&mut row, fields.id, "a case needs an identifier".to_owned());
        }
        let times = self.times(&mut row);
        let channel = self.code(&mut row, |mapper| &mut mapper.channel);
        let category = self.code(&mut row, |mapper| &mut mapper.category);
        let priority = self.code(&mut row, |mapper| &mut mapper.priority);
        let org = if self.org.is_some() { self.code(&mut row, |m| m.org.as_mut().expect("was there")) } else { None };
        let [longitude, latitude] =
            [(fields.longitude, 180.0), (fields.latitude, 90.0)].map(|(column, most)| self.degrees(&row, column, most));
        let (id, times) = (id?, times?);
        if row.is_bad {
            return None;
        }
        let state = self.state(&row);
        let ended_at = match state {
            None => times.resolved,
            Some(State::Open) => None,
            Some(State::Answered | State::Rejected | State::Merged) => Some(ended(&times)),
        };
        let resolved_at = ended_at.filter(|_| matches!(state, None | Some(State::Answered)));
        if ended_at.is_some_and(|at| at < times.received) {
            let column = fields.resolved.as_ref().map_or(fields.received.column, |time| time.column);
            self.refuse(&mut row, column, format!("it was resolved before it was received ({})", times.received));
            return None;
        }
        let events = match events {
            Some(events) => events.take(&id),
            None => self.events_of_columns(&row, &times, state, resolved_at),
        };
        let area = self.area(&row, times.received);
        Some(CaseRecord {
            id: id.as_ref().into(),
            channel: channel.unwrap_or_else(|| UNKNOWN.into()),
            category: category.unwrap_or_else(|| UNKNOWN.into()),
            priority: priority.unwrap_or_else(|| "normal".into()),
            area,
            org,
            received_at: times.received,
            due_at: times.due,
            due_policy: fields.due_policy,
            resolved_at,
            parent: fields.parent.and_then(|column| cells[column].text()).map(|text| text.as_ref().into()),
            longitude: longitude.filter(|_| latitude.is_some()),
            latitude: latitude.filter(|_| longitude.is_some()),
            updated_at: times.updated,
            events,
        })
    }

    fn times(&mut self, row: &mut Row<'_>) -> Option<Times> {
        let fields = &self.mapping.fields;
        let received = self.moment(row, Some(&fields.received));
        if received.is_none() && row.cells[fields.received.column].text().is_none() {
            self.refuse(row, fields.received.column, "a case needs the time when it came in".to_owned());
        }
        let [due, resolved, first_response, closed] =
            [&fields.due, &fields.resolved, &fields.first_response, &fields.closed]
                .map(|reader| self.moment(row, reader.as_ref()));
        let mut others = Vec::new();
        for (kind, reader) in &fields.times {
            others.extend(self.moment(row, Some(reader)).map(|at| (*kind, at)));
        }
        let updated = fields.updated.as_ref().and_then(|reader| self.instant(row, reader));
        let received = received?;
        // A source that keeps the time of the last change may leave it blank for what never changed.
        let latest = [Some(received), resolved, first_response, closed].into_iter().flatten().max();
        let updated = match (updated, &fields.updated) {
            (Some(at), _) => at,
            (None, Some(_)) => latest.map_or(self.pulled, Moment::vintage),
            (None, None) => self.pulled,
        };
        Some(Times { received, due, resolved, first_response, closed, others, updated })
    }

    fn instant(&mut self, row: &mut Row<'_>, reader: &TimeReader) -> Option<Vintage> {
        match reader.read(row.cells) {
            Ok(at) => at,
            Err(_) => {
                let text = row.cells[reader.column].shown();
                self.refuse(row, reader.column, format!("\"{text}\" is not a time as the mapping declares it"));
                None
            }
        }
    }

    fn moment(&mut self, row: &mut Row<'_>, reader: Option<&TimeReader>) -> Option<Moment> {
        let reader = reader?;
        let at = self.instant(row, reader)?;
        let moment = Moment::from_vintage(at);
        if moment.is_none() {
            self.refuse(row, reader.column, "the time is out of any calendar".to_owned());
        }
        moment
    }

    fn code(&mut self, row: &mut Row<'_>, which: impl Fn(&mut Self) -> &mut CodeReader<'a>) -> Option<Arc<str>> {
        let reader = which(self);
        match reader.read(row.cells) {
            Ok(code) => code,
            Err(no_code) => {
                let column = reader.column().unwrap_or_default();
                self.refuse(row, column, no_code.reason);
                None
            }
        }
    }

    /// A place on the map is a convenience: a bad one is noted and left out.
    fn degrees(&mut self, row: &Row<'_>, column: Option<usize>, most: f64) -> Option<f64> {
        let column = column?;
        match row.cells[column].number() {
            Ok(degrees) => {
                let degrees = degrees?;
                if degrees.abs() <= most {
                    return Some(degrees);
                }
                self.note(row, column, format!("there is no place at {degrees} degrees; the case has no coordinates"));
            }
            Err(()) => {
                let text = row.cells[column].shown();
                self.note(row, column, format!("\"{text}\" is not a number; the case has no coordinates"));
            }
        }
        None
    }

    fn area(&mut self, row: &Row<'_>, received: Moment) -> Option<Arc<str>> {
        let reader = self.area.as_mut()?;
        let placed = reader.read(row.cells, received.date());
        if let Some(complaint) = placed.complaint {
            let column = reader.column();
            self.note(row, column, complaint);
        }
        placed.code
    }

    fn state(&mut self, row: &Row<'_>) -> Option<State> {
        let rule = self.mapping.fields.status.as_ref()?;
        let text = clean(&row.cells[rule.column].text()?);
        let known = rule.states.get(&text.to_lowercase()).copied();
        if known.is_none() && self.unlisted.insert(text.clone()) {
            let reason =
                format!("the state \"{text}\" is in none of the lists; the times decide, in all rows that have it");
            self.note(row, rule.column, reason);
        }
        known
    }

    /// What happened, as far as the columns of the case say more than an answer; empty otherwise.
    fn events_of_columns(
        &mut self,
        row: &Row<'_>,
        times: &Times,
        state: Option<State>,
        resolved_at: Option<Moment>,
    ) -> Vec<CaseEvent> {
        let mut found: Vec<(EventKind, Moment)> = times.others.clone();
        found.extend(times.first_response.map(|at| (EventKind::Accepted, at)));
        found.extend(times.closed.map(|at| (EventKind::Closed, at)));
        match state {
            Some(State::Rejected) => found.push((EventKind::Rejected, ended(times))),
            Some(State::Merged) => found.push((EventKind::Merged, ended(times))),
            Some(State::Open | State::Answered) | None => {}
        }
        let rating = self.rating(row, times);
        if found.is_empty() && rating.is_none() {
            return Vec::new();
        }
        found.push((EventKind::Received, times.received));
        found.extend(resolved_at.map(|at| (EventKind::Answered, at)));
        found.extend(rating.map(|(at, _)| (EventKind::Rated, at)));
        // Kinds are declared in the order in which they happen within one moment.
        found.sort_by_key(|(kind, at)| (*at, *kind));
        let event = |(seq, (kind, at)): (u32, (EventKind, Moment))| CaseEvent {
            seq,
            at,
            kind,
            org: None,
            due: None,
            satisfied: rating.filter(|_| kind == EventKind::Rated).map(|(_, content)| content),
        };
        (1..).zip(found).map(event).collect()
    }

    fn rating(&mut self, row: &Row<'_>, times: &Times) -> Option<(Moment, bool)> {
        let rating = self.mapping.fields.satisfaction.as_ref()?;
        let text = row.cells[rating.column].text()?;
        let content = match rating.read(&text) {
            Ok(content) => content,
            Err(reason) => {
                self.note(row, rating.column, reason);
                return None;
            }
        };
        let own = rating.at.as_ref().and_then(|reader| reader.read(row.cells).ok().flatten());
        let at = own.or(Some(times.updated)).and_then(Moment::from_vintage).unwrap_or(times.received);
        Some((at.max(times.received), content))
    }

    /// A reason that costs the row.
    fn refuse(&mut self, row: &mut Row<'_>, column: usize, reason: String) {
        row.is_bad = true;
        self.note(row, column, reason);
    }

    /// A reason that costs a part of the row.
    fn note(&mut self, row: &Row<'_>, column: usize, reason: String) {
        self.rejected.push(Rejected {
            source_ref: self.source_ref.to_owned(),
            row: Some(row.number as i64),
            column: Some(self.mapping.columns.names()[column].clone()),
            value: Some(row.cells[column].shown()).filter(|text| !text.is_empty()),
            reason,
        });
    }
}

/// When a case ended that its state says has ended: when it was answered or closed, else when it was last changed.
fn ended(times: &Times) -> Moment {
    let changed = Moment::from_vintage(times.updated).unwrap_or(times.received).max(times.received);
    times.resolved.or(times.closed).unwrap_or(changed)
}

impl Rating {
    /// Whether a word says that the citizen was content.
    pub(super) fn read(&self, text: &str) -> Result<bool, String> {
        let word = clean(text).to_lowercase();
        self.words.get(&word).copied().ok_or_else(|| format!("\"{text}\" is neither satisfied nor dissatisfied"))
    }
}
