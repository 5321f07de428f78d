//! A ward, and cases in it.

use crate::domain::area::{Area, AreaKind};
use crate::domain::case::{CaseHistory, CaseRecord, DuePolicy, DueTimeline, Ending, Holding, Moment, Release, Round};
use crate::domain::{AreaTree, Vintage};

/// A moment from its wall clock text.
pub fn at(text: &str) -> Moment {
    Moment::from_local(text.parse().unwrap())
}

/// The city, Quận 1 and two of its wards.
pub fn tree() -> AreaTree {
    let area = |code: &str, kind, parent: Option<&str>| Area {
        code: code.into(),
        name: code.into(),
        kind,
        parent: parent.map(Into::into),
        valid_from: "2015-01-01".parse().unwrap(),
        valid_to: None,
    };
    AreaTree::new(vec![
        area("79", AreaKind::City, None),
        area("79-U", AreaKind::Residual, Some("79")),
        area("760", AreaKind::District, Some("79")),
        area("26734", AreaKind::Ward, Some("760")),
        area("26737", AreaKind::Ward, Some("760")),
    ])
    .unwrap()
}

/// A case without deadline, held by `q1` from its receipt to its answer.
pub fn case(id: &str, area: &str, received: &str, answered: Option<&str>) -> (CaseRecord, CaseHistory) {
    let (received_at, resolved_at) = (at(received), answered.map(at));
    let record = CaseRecord {
        id: id.into(),
        channel: "hotline".into(),
        category: "traffic".into(),
        priority: "normal".into(),
        area: Some(area.into()),
        org: Some("q1".into()),
        received_at,
        due_at: None,
        due_policy: DuePolicy::Table,
        resolved_at,
        parent: None,
        longitude: None,
        latitude: None,
        updated_at: Vintage::from_local(resolved_at.unwrap_or(received_at).local()),
        events: Vec::new(),
    };
    let round = Round {
        number: 1,
        started_at: received_at,
        ended_at: resolved_at,
        ending: if resolved_at.is_some() { Ending::Answered } else { Ending::Open },
        due: DueTimeline::default(),
        dispatched_at: Some(received_at),
        returned_at: None,
        reopened_at: None,
        rated_at: None,
        satisfied: None,
        pauses: Vec::new(),
        worked_seconds: resolved_at.map(|end| (end.0 - received_at.0) as u32),
        org: Some("q1".into()),
    };
    let holding = Holding {
        round: 1,
        number: 1,
        org: "q1".into(),
        from: received_at,
        to: resolved_at,
        release: if resolved_at.is_some() { Release::Answered } else { Release::Held },
        due: DueTimeline::default(),
        accepted_at: None,
        worked_seconds: round.worked_seconds,
        is_first_of_org: true,
    };
    (record, CaseHistory { rounds: vec![round], holdings: vec![holding], ..CaseHistory::default() })
}
