//! What the bytes of a snapshot say, once a mapping has read them.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;
use std::sync::Arc;

use super::cases::CaseBatch;
use crate::domain::{Breakdown, Observation, Period, Target, Vintage};

/// Reads bytes into figures. The declared mapping of a feed does; it looks at nothing but its arguments, so that the
/// same bytes give the same figures in a replay.
pub trait FigureReader: Send + Sync {
    /// The figures of one part of a snapshot, every key at most once per vintage.
    ///
    /// # Errors
    /// Words about bytes that are not what the mapping declares: another format, a column that is gone.
    fn read(&self, part: &SourcePart<'_>) -> Result<Figures, String>;

    /// The figures of all parts of a snapshot, kept as the run `run_id`.
    ///
    /// # Errors
    /// As [`FigureReader::read`], with the number of the part.
    fn read_parts(&self, parts: &[SourcePart<'_>], _run_id: &str) -> Result<Figures, String> {
        if let [part] = parts {
            return self.read(part);
        }
        let mut figures = Figures::default();
        for (i, part) in parts.iter().enumerate() {
            let more = self.read(part).map_err(|words| format!("part {} of {}: {words}", i + 1, parts.len()))?;
            figures.extend(more);
        }
        Ok(figures.with_unique_keys())
    }

    /// Whether a measure accumulates over a period, so that two equal periods in a row are a surprise.
    fn is_flow(&self, measure: &str) -> bool;
}

/// One part of a snapshot.
#[derive(Debug, Clone, Copy)]
pub struct SourcePart<'a> {
    /// Address or path that it was read from.
    pub url: &'a str,
    /// The bytes.
    pub bytes: &'a [u8],
    /// When it was pulled: the vintage of what has no time of publication.
    pub pulled: Vintage,
}

/// What a snapshot says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Figures {
    /// Values of measures.
    pub observations: Vec<Observation>,
    /// Plan values of indicators.
    pub targets: Vec<PlannedFigure>,
    /// Citizen cases, every identifier once.
    pub cases: Vec<CaseBatch>,
    /// Whether the source says when it changed a case.
    pub own_updates: bool,
    /// Rows and cells that mean nothing known.
    pub rejected: Vec<Rejected>,
    /// What the reader noticed, in words.
    pub notes: Vec<String>,
}

/// A plan value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedFigure {
    /// The plan value.
    pub target: Target,
    /// File, sheet and cell, or address and position.
    pub source_ref: String,
}

/// A row or cell that is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// File and sheet, or address.
    pub source_ref: String,
    /// Line or row, from 1; `None` when the whole file is meant.
    pub row: Option<i64>,
    /// Column letter or name.
    pub column: Option<String>,
    /// The text found there.
    pub value: Option<String>,
    /// Why it is not taken and what to do.
    pub reason: String,
}

/// What an observation is about: measure, area, authority, breakdown, period.
pub type ObservationKey = (Arc<str>, Arc<str>, Arc<str>, Breakdown, Period);

/// What a target is about: indicator, area, authority, period.
pub type TargetKey = (String, String, String, Period);

/// The key of an observation.
pub fn observation_key(o: &Observation) -> ObservationKey {
    (o.measure.clone(), o.area.clone(), o.org.clone(), o.breakdown.clone(), o.period)
}

/// The key of a target.
pub fn target_key(t: &Target) -> TargetKey {
    (t.indicator.clone(), t.area.clone(), t.org.clone(), t.period)
}

impl Figures {
    /// Takes the figures of a further part.
    pub fn extend(&mut self, more: Figures) {
        self.observations.extend(more.observations);
        self.targets.extend(more.targets);
        self.cases.extend(more.cases);
        self.own_updates |= more.own_updates;
        self.rejected.extend(more.rejected);
        self.notes.extend(more.notes);
    }

    /// How many figures and cases there are.
    pub fn count(&self) -> usize {
        self.observations.len() + self.targets.len() + self.case_count()
    }

    /// How many cases there are.
    pub fn case_count(&self) -> usize {
        self.cases.iter().map(|batch| batch.cases.num_rows()).sum()
    }

    /// The periods of all figures.
    pub fn periods(&self) -> impl Iterator<Item = Period> + '_ {
        let observed = self.observations.iter().map(|o| o.period);
        observed.chain(self.targets.iter().map(|planned| planned.target.period))
    }

    /// The figures of several parts with every key at most once per vintage: the same figure twice is one, two different
    /// ones for one key are both rejected, because nobody can say which is meant.
    pub fn with_unique_keys(self) -> Self {
        let Figures { observations, targets, cases, own_updates, mut rejected, notes } = self;
        let observations = unique(
            observations,
            &mut rejected,
            |o: &Observation| ((observation_key(o), o.vintage), (o.value.map(f64::to_bits), o.status)),
            |o| (format!("{} {} {} {} {}", o.measure, o.area, o.org, o.breakdown, o.period), o.value, &o.source_ref),
        );
        let targets = unique(
            targets,
            &mut rejected,
            |planned: &PlannedFigure| {
                ((target_key(&planned.target), planned.target.vintage), planned.target.value.to_bits())
            },
            |planned| {
                let t = &planned.target;
                let what = format!("target {} {} {} {}", t.indicator, t.area, t.org, t.period);
                (what, Some(t.value), &planned.source_ref)
            },
        );
        Figures { observations, targets, cases, own_updates, rejected, notes }
    }
}

/// Keeps the first of equal figures and moves conflicting ones to the rejected rows. `key` gives key and content,
/// `describe` what a figure is about, its value and where it stands.
fn unique<T, K: Eq + Hash, C: PartialEq>(
    figures: Vec<T>,
    rejected: &mut Vec<Rejected>,
    key: impl Fn(&T) -> (K, C),
    describe: impl Fn(&T) -> (String, Option<f64>, &String),
) -> Vec<T> {
    struct Group<C> {
        content: C,
        conflicts: bool,
        taken: bool,
    }
    let mut groups: HashMap<K, Group<C>> = HashMap::with_capacity(figures.len());
    for figure in &figures {
        let (key, content) = key(figure);
        match groups.entry(key) {
            Entry::Vacant(place) => {
                place.insert(Group { content, conflicts: false, taken: false });
            }
            Entry::Occupied(mut place) => place.get_mut().conflicts |= place.get().content != content,
        }
    }
    let mut kept = Vec::with_capacity(groups.len());
    for figure in figures {
        let group = groups.get_mut(&key(&figure).0).expect("every figure is in a group");
        if group.conflicts {
            let (what, value, source_ref) = describe(&figure);
            rejected.push(Rejected {
                source_ref: source_ref.clone(),
                row: None,
                column: None,
                value: value.map(|value| value.to_string()),
                reason: format!("{what} is given more than once with different values; leave one at the source"),
            });
        } else if !std::mem::replace(&mut group.taken, true) {
            kept.push(figure);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ObsStatus;

    fn observation(period: &str, value: f64, at: &str) -> Observation {
        Observation {
            measure: "births".into(),
            area: "760".into(),
            org: "_T".into(),
            breakdown: Breakdown::TOTAL,
            period: period.parse().unwrap(),
            value: Some(value),
            status: ObsStatus::A,
            vintage: Vintage::from_micros(1),
            source_ref: at.into(),
            note: None,
        }
    }

    #[test]
    fn a_figure_given_twice_is_one_and_two_different_ones_are_none() {
        let figures = Figures {
            observations: vec![
                observation("2022-04", 5.0, "a:1"),
                observation("2022-05", 7.0, "a:2"),
                observation("2022-04", 5.0, "a:3"),
                observation("2022-05", 8.0, "a:4"),
            ],
            ..Figures::default()
        };
        let unique = figures.with_unique_keys();
        assert_eq!(unique.observations, vec![observation("2022-04", 5.0, "a:1")]);
        let reasons: Vec<&str> = unique.rejected.iter().map(|r| r.reason.as_str()).collect();
        let reason = "births 760 _T _T 2022-05 is given more than once with different values; leave one at the source";
        assert_eq!(reasons, [reason; 2]);
        assert_eq!((unique.rejected[1].source_ref.as_str(), unique.rejected[1].value.as_deref()), ("a:4", Some("8")));
    }
}
