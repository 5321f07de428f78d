//! A case in one row: what the table `cases` says beside the record itself.

use std::sync::Arc;

use crate::domain::case::{CaseRecord, EventKind, Moment};

/// What follows from the events of a record, for exports that have no events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseSummary {
    /// The first time an authority took it on or answered.
    pub first_response_at: Option<Moment>,
    /// The last answer, where the case was not reopened after it.
    pub resolved_at: Option<Moment>,
    /// When the answer was confirmed, or the case was not taken up or merged.
    pub closed_at: Option<Moment>,
    /// How often citizens reopened it.
    pub reopened_count: u16,
    /// Whether the last rating was content.
    pub satisfied: Option<bool>,
    /// `open`, `answered`, `rejected`, `merged`.
    pub status: &'static str,
    /// Who handles it.
    pub org: Option<Arc<str>>,
}

impl CaseSummary {
    /// Of a record whose events are in order.
    pub fn of(record: &CaseRecord) -> Self {
        let status = if record.resolved_at.is_some() { "answered" } else { "open" };
        let mut summary = Self {
            first_response_at: record.resolved_at,
            resolved_at: record.resolved_at,
            closed_at: None,
            reopened_count: 0,
            satisfied: None,
            status,
            org: record.org.clone(),
        };
        for event in &record.events {
            match event.kind {
                EventKind::Accepted => {
                    summary.first_response_at.get_or_insert(event.at);
                }
                EventKind::Answered => {
                    summary.first_response_at.get_or_insert(event.at);
                    summary.resolved_at = Some(event.at);
                    summary.status = "answered";
                }
                EventKind::Closed => summary.closed_at = Some(event.at),
                EventKind::Rejected | EventKind::Merged => {
                    summary.closed_at = Some(event.at);
                    summary.status = event.kind.as_str();
                }
                EventKind::Reopened => {
                    summary.reopened_count += 1;
                    (summary.resolved_at, summary.closed_at, summary.status) = (None, None, "open");
                }
                EventKind::Rated => summary.satisfied = event.satisfied,
                _ => {}
            }
        }
        summary
    }
}
