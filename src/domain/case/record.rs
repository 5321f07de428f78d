//! A case as its source holds it.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use super::Moment;
use crate::domain::Vintage;

/// What happened to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EventKind {
    /// The case came in.
    Received,
    /// It went to an authority.
    Dispatched,
    /// The authority took it on.
    Accepted,
    /// The authority gave it back: not its competence.
    Returned,
    /// The clock stops: the citizen is asked.
    Paused,
    /// The clock runs again.
    Resumed,
    /// A new due time was granted.
    Extended,
    /// The final answer was sent.
    Answered,
    /// The answer was confirmed, by the citizen or after some days.
    Closed,
    /// It is not taken up.
    Rejected,
    /// It repeats another case and goes on there.
    Merged,
    /// The citizen is not content: a new handling round begins.
    Reopened,
    /// The citizen rated the result.
    Rated,
}

impl EventKind {
    /// All kinds.
    pub const ALL: [EventKind; 13] = [
        EventKind::Received,
        EventKind::Dispatched,
        EventKind::Accepted,
        EventKind::Returned,
        EventKind::Paused,
        EventKind::Resumed,
        EventKind::Extended,
        EventKind::Answered,
        EventKind::Closed,
        EventKind::Rejected,
        EventKind::Merged,
        EventKind::Reopened,
        EventKind::Rated,
    ];

    /// The code in tables and mappings.
    pub fn as_str(self) -> &'static str {
        match self {
            EventKind::Received => "received",
            EventKind::Dispatched => "dispatched",
            EventKind::Accepted => "accepted",
            EventKind::Returned => "returned",
            EventKind::Paused => "paused",
            EventKind::Resumed => "resumed",
            EventKind::Extended => "extended",
            EventKind::Answered => "answered",
            EventKind::Closed => "closed",
            EventKind::Rejected => "rejected",
            EventKind::Merged => "merged",
            EventKind::Reopened => "reopened",
            EventKind::Rated => "rated",
        }
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that names no kind of event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no kind of event")]
pub struct UnknownEventKind(pub String);

impl FromStr for EventKind {
    type Err = UnknownEventKind;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|k| k.as_str() == text).ok_or_else(|| UnknownEventKind(text.to_owned()))
    }
}

/// One thing that happened to a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseEvent {
    /// Order among events of the same moment.
    pub seq: u32,
    /// When.
    pub at: Moment,
    /// What.
    pub kind: EventKind,
    /// The authority it went to, for [`EventKind::Dispatched`].
    pub org: Option<Arc<str>>,
    /// The new due time, for [`EventKind::Extended`] and, where the source gives one, [`EventKind::Reopened`].
    pub due: Option<Moment>,
    /// Whether the citizen was content, for [`EventKind::Rated`].
    pub satisfied: Option<bool>,
}

/// Where the deadline comes from when the source gives a case no due time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum DuePolicy {
    /// Then there is none: the source knows which of its cases have a deadline.
    Source,
    /// From the table of deadlines.
    #[default]
    Table,
}

impl DuePolicy {
    /// The code in tables and mappings.
    pub fn as_str(self) -> &'static str {
        match self {
            DuePolicy::Source => "source",
            DuePolicy::Table => "table",
        }
    }
}

/// A word that names no policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is neither \"source\" nor \"table\"")]
pub struct UnknownDuePolicy(pub String);

impl FromStr for DuePolicy {
    type Err = UnknownDuePolicy;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [DuePolicy::Source, DuePolicy::Table]
            .into_iter()
            .find(|policy| policy.as_str() == text)
            .ok_or_else(|| UnknownDuePolicy(text.to_owned()))
    }
}

/// One case as the source holds it, with everything that happened to it.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseRecord {
    /// The source's identifier.
    pub id: Arc<str>,
    /// Channel code.
    pub channel: Arc<str>,
    /// Category code (the field of the report).
    pub category: Arc<str>,
    /// Priority code, `normal` where the source has none.
    pub priority: Arc<str>,
    /// Code of the ward, or of the district where the ward is not known.
    pub area: Option<Arc<str>>,
    /// The authority that the source names as responsible.
    pub org: Option<Arc<str>>,
    /// When it came in.
    pub received_at: Moment,
    /// The due time that the source gives, which wins over the table of deadlines.
    pub due_at: Option<Moment>,
    /// Where the deadline comes from without one.
    pub due_policy: DuePolicy,
    /// When it was answered, for sources without events.
    pub resolved_at: Option<Moment>,
    /// The case that this one was merged into.
    pub parent: Option<Arc<str>>,
    /// Longitude, degrees east.
    pub longitude: Option<f64>,
    /// Latitude, degrees north.
    pub latitude: Option<f64>,
    /// When the source last changed it; the newest version counts.
    pub updated_at: Vintage,
    /// What happened, in any order; empty for sources that only keep times in the case itself.
    pub events: Vec<CaseEvent>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_named_by_their_codes() {
        for kind in EventKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        assert!("gone".parse::<EventKind>().is_err());
        for policy in [DuePolicy::Source, DuePolicy::Table] {
            assert_eq!(policy.as_str().parse(), Ok(policy));
        }
    }
}
