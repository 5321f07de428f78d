//! What all SDMX encodings have in common: series with their attributes, observations in them, groups that add
//! attributes to series; put together as one table at the end.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use indexmap::IndexSet;

use crate::domain::{Freq, ObsStatus, Period};

use super::super::axes::guard_rows;
use super::super::status::status_of;
use super::super::time_label::read_time;
use super::super::{FormatError, Tidy, TidyDimension, TidyRow};

/// The concepts that every message uses for the same thing.
pub(super) const TIME_PERIOD: &str = "TIME_PERIOD";
pub(super) const OBS_VALUE: &str = "OBS_VALUE";
pub(super) const OBS_STATUS: &str = "OBS_STATUS";

/// Attributes of single observations that are remarks, not dimensions.
const REMARKS: [&str; 12] = [
    "OBS_CONF",
    "CONF_STATUS",
    "OBS_COM",
    "OBS_COMMENT",
    "COMMENT",
    "COMMENT_OBS",
    "COMMENT_TS",
    "DECIMALS",
    "PRE_BREAK_VALUE",
    "OBS_PRE_BREAK",
    "EMBARGO_TIME",
    "LAST_UPDATE",
];

/// Whether a concept is a remark on an observation.
pub(super) fn is_remark(concept: &str) -> bool {
    REMARKS.contains(&concept)
}

/// Concepts and their values, in the order of the message.
pub(super) type Pairs = Vec<(String, String)>;

/// One observation before the table is put together.
pub(super) struct Observation {
    /// Number of its series from [`Records::add_series`].
    pub(super) series: usize,
    /// Dimensions of its own.
    pub(super) own: Pairs,
    pub(super) time: Option<String>,
    pub(super) value: Option<f64>,
    /// The status as written; empty if none.
    pub(super) status: String,
    pub(super) at: String,
}

/// Everything of a message's data sets.
#[derive(Default)]
pub(super) struct Records {
    columns: IndexSet<String>,
    labels: HashMap<String, TidyDimension>,
    series: Vec<Pairs>,
    groups: Vec<Pairs>,
    observations: Vec<Observation>,
    dropped: BTreeSet<String>,
}

impl Records {
    /// Adds a series and gives its number.
    pub(super) fn add_series(&mut self, pairs: Pairs) -> usize {
        self.know_columns(&pairs);
        self.series.push(pairs);
        self.series.len() - 1
    }

    pub(super) fn add_group(&mut self, pairs: Pairs) {
        self.groups.push(pairs);
    }

    pub(super) fn add(&mut self, observation: Observation) {
        self.know_columns(&observation.own);
        self.observations.push(observation);
    }

    /// Number of observations so far.
    pub(super) fn len(&self) -> usize {
        self.observations.len()
    }

    /// Remembers that an attribute of observations is left out.
    pub(super) fn drop_attribute(&mut self, concept: &str) {
        if !self.dropped.contains(concept) {
            self.dropped.insert(concept.to_owned());
        }
    }

    /// Names a dimension, whether or not it turns out to be used.
    pub(super) fn name_dimension(&mut self, concept: &str, label: &str) {
        let dimension = self.labels.entry(concept.to_owned()).or_default();
        label.trim().clone_into(&mut dimension.label);
    }

    /// Names a member of a dimension.
    pub(super) fn name_member(&mut self, concept: &str, code: &str, label: &str) {
        let dimension = self.labels.entry(concept.to_owned()).or_default();
        dimension.members.insert(code.to_owned(), label.trim().to_owned());
    }

    fn know_columns(&mut self, pairs: &Pairs) {
        for (concept, _) in pairs {
            if concept != TIME_PERIOD && !self.columns.contains(concept) {
                self.columns.insert(concept.clone());
            }
        }
    }

    /// Attributes of a group belong to the series that share the group's other values.
    fn spread_groups(&mut self) {
        let series_concepts: BTreeSet<String> = self.series.iter().flatten().map(|(c, _)| c.clone()).collect();
        let mut by_keys: BTreeMap<Vec<String>, HashMap<Vec<String>, Pairs>> = BTreeMap::new();
        for group in std::mem::take(&mut self.groups) {
            let (keys, attributes): (Pairs, Pairs) =
                group.into_iter().partition(|(concept, _)| series_concepts.contains(concept));
            let (mut concepts, mut values) = (Vec::new(), Vec::new());
            for (concept, value) in keys {
                concepts.push(concept);
                values.push(value);
            }
            by_keys.entry(concepts).or_default().entry(values).or_default().extend(attributes);
        }
        for (concepts, groups) in &by_keys {
            for at in 0..self.series.len() {
                let own = |concept: &String| self.series[at].iter().find(|(c, _)| c == concept).map(|(_, v)| v.clone());
                let Some(values) = concepts.iter().map(own).collect::<Option<Vec<String>>>() else { continue };
                if let Some(attributes) = groups.get(&values) {
                    self.know_columns(attributes);
                    self.series[at].extend(attributes.iter().cloned());
                }
            }
        }
    }

    /// Puts the table together.
    ///
    /// # Errors
    /// More rows or text than a table may have.
    pub(super) fn finish(mut self, format: &'static str, mut tidy: Tidy) -> Result<Tidy, FormatError> {
        self.spread_groups();
        let columns = std::mem::take(&mut self.columns);
        let mut dimensions: Vec<TidyDimension> = columns.iter().map(|concept| self.dimension(concept)).collect();
        let filled: Vec<(Vec<&str>, usize)> = self.series.iter().map(|pairs| fill(&columns, pairs)).collect();
        let text = self
            .observations
            .iter()
            .map(|o| filled[o.series].1 + o.own.iter().map(|(_, v)| v.len()).sum::<usize>() + 32 * columns.len());
        guard_rows(format, self.observations.len(), text.fold(0, usize::saturating_add))?;
        let mut unknown = BTreeSet::new();
        for observation in &self.observations {
            let mut members: Vec<&str> = filled[observation.series].0.clone();
            for (concept, value) in &observation.own {
                if let Some(at) = columns.get_index_of(concept) {
                    members[at] = value;
                }
            }
            for (dimension, member) in dimensions.iter_mut().zip(&members) {
                if !member.is_empty() && !dimension.members.contains_key(*member) {
                    dimension.members.insert((*member).to_owned(), (*member).to_owned());
                }
            }
            let series = &self.series[observation.series];
            let of_series = |concept: &str| series.iter().find(|(c, _)| c == concept).map(|(_, v)| v.as_str());
            let time = observation.time.as_deref().or_else(|| of_series(TIME_PERIOD)).unwrap_or_default();
            let freq = columns.get_index_of("FREQ").map(|at| members[at]).unwrap_or_default();
            tidy.rows.push(TidyRow {
                members: members.into_iter().map(str::to_owned).collect(),
                period: period_of(time, freq),
                time: time.to_owned(),
                value: observation.value,
                status: row_status(observation.value, &observation.status, &mut unknown),
                at: observation.at.clone(),
            });
        }
        tidy.dimensions = dimensions;
        note(&mut tidy, "status", "is read as normal", unknown);
        note(&mut tidy, "the attribute", "of observations is left out", self.dropped);
        if tidy.rows.is_empty() {
            tidy.notes.push("the message has no observations".to_owned());
        }
        Ok(tidy)
    }

    fn dimension(&self, concept: &str) -> TidyDimension {
        let named = self.labels.get(concept).cloned().unwrap_or_default();
        let label = if named.label.is_empty() { concept.to_owned() } else { named.label };
        TidyDimension { code: concept.to_owned(), label, members: named.members }
    }
}

/// The values of a series by column, empty where it has none, and how long they are together.
fn fill<'a>(columns: &IndexSet<String>, pairs: &'a Pairs) -> (Vec<&'a str>, usize) {
    let mut members = vec![""; columns.len()];
    for (concept, value) in pairs {
        if let Some(at) = columns.get_index_of(concept) {
            members[at] = value;
        }
    }
    let length = members.iter().map(|m| m.len()).sum();
    (members, length)
}

fn row_status(value: Option<f64>, flag: &str, unknown: &mut BTreeSet<String>) -> ObsStatus {
    if value.is_none() {
        return ObsStatus::M;
    }
    status_of(flag).unwrap_or_else(|| {
        unknown.insert(flag.to_owned());
        ObsStatus::A
    })
}

fn note(tidy: &mut Tidy, before: &str, after: &str, names: BTreeSet<String>) {
    if !names.is_empty() {
        let names: Vec<String> = names.into_iter().map(|name| format!("\"{name}\"")).collect();
        tidy.notes.push(format!("{before} {} {after}", names.join(", ")));
    }
}

/// The period of a TIME_PERIOD; a date is the period of the series' frequency that it begins.
fn period_of(time: &str, freq: &str) -> Option<Period> {
    read_time(time).or_else(|| {
        let freq: Freq = freq.parse().ok()?;
        let day: NaiveDate = time.get(..10)?.parse().ok()?;
        Some(Period::of_date(freq, day))
    })
}

/// Reads an OBS_VALUE; `NaN` and nothing are missing, `None` is no number.
pub(super) fn read_value(text: &str) -> Option<Option<f64>> {
    match text.trim() {
        "" | "NaN" => Some(None),
        number => number.parse::<f64>().ok().filter(|v| v.is_finite()).map(Some),
    }
}
