//! A case in one row: what the table `cases` says beside the record itself, by the same rules.

use crate::domain::case::{CaseRecord, EventKind, Moment};

/// What follows from the events of a record, for exports that have no events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseSummary {
    /// The first time an authority took it on, asked for more time, answered or turned it down.
    pub first_response_at: Option<Moment>,
    /// The last answer, where the case was not reopened after it.
    pub resolved_at: Option<Moment>,
    /// When that answer was confirmed.
    pub closed_at: Option<Moment>,
    /// How often citizens reopened it.
    pub reopened_count: u16,
    /// Whether the last rating was content.
    pub satisfied: Option<bool>,
    /// The kind of the last event that moved it on.
    pub status: &'static str,
}

impl CaseSummary {
    /// Of a record whose events are in order.
    pub fn of(record: &CaseRecord) -> Self {
        let last = if record.resolved_at.is_some() { EventKind::Answered } else { EventKind::Received };
        let mut summary = Self {
            first_response_at: None,
            resolved_at: record.resolved_at,
            closed_at: None,
            reopened_count: 0,
            satisfied: None,
            status: last.as_str(),
        };
        for event in &record.events {
            let responds = [EventKind::Accepted, EventKind::Extended, EventKind::Answered, EventKind::Rejected];
            if responds.contains(&event.kind) {
                summary.first_response_at.get_or_insert(event.at);
            }
            match event.kind {
                EventKind::Answered => summary.resolved_at = Some(event.at),
                EventKind::Closed => summary.closed_at = Some(event.at),
                EventKind::Reopened => {
                    summary.reopened_count += 1;
                    (summary.resolved_at, summary.closed_at) = (None, None);
                }
                EventKind::Rated => summary.satisfied = event.satisfied,
                _ => {}
            }
            match event.kind {
                EventKind::Extended | EventKind::Rated => {}
                EventKind::Resumed => summary.status = EventKind::Accepted.as_str(),
                kind => summary.status = kind.as_str(),
            }
        }
        summary
    }
}
