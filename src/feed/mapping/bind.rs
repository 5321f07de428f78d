//! Rules bound to the fields of one source, so that rows are read by number; a field that is not there is found before
//! any row is read.

use super::assign::Setting;
use super::lookup::{BoundBreakdown, BoundPick};
use super::mapped::MappingError;
use super::model::{Conditions, PeriodPick, Pick, Published, Rule, StatusPick};
use super::reading::Readings;

/// The names that rules use, found among the source's fields.
pub(super) struct Fields {
    names: Vec<String>,
}

impl Fields {
    /// # Errors
    /// Names that the source does not have, all of them.
    pub fn check(readings: &impl Readings, rules: &[&Rule], setting: Setting<'_>) -> Result<Self, MappingError> {
        let names = readings.fields();
        let mapping = setting.mapping;
        let mut used: Vec<&str> = mapping.required.iter().map(String::as_str).collect();
        for rule in rules {
            used.extend(rule.fields());
        }
        used.extend(mapping.skips.iter().flatten().map(|(field, _)| field.as_str()));
        if let Published::Column(column, _) = &mapping.published {
            used.push(column);
        }
        let mut missing: Vec<String> =
            used.into_iter().filter(|u| !names.iter().any(|n| n == u)).map(str::to_owned).collect();
        missing.sort();
        missing.dedup();
        if missing.is_empty() {
            return Ok(Self { names });
        }
        Err(MappingError::MissingFields { source_name: setting.source_name.to_owned(), missing, found: names })
    }

    /// Number of a field that was checked.
    pub fn number(&self, name: &str) -> usize {
        self.names.iter().position(|n| n == name).expect("checked before binding")
    }

    /// Conditions over numbered fields.
    pub fn conditions<'a>(&self, conditions: &'a Conditions) -> Vec<(usize, &'a [String])> {
        conditions.iter().map(|(field, members)| (self.number(field), members.as_slice())).collect()
    }

    fn pick<'a>(&self, pick: &'a Pick) -> BoundPick<'a> {
        let field = match pick {
            Pick::Constant(_) => None,
            Pick::Column(column) => Some(self.number(&column.column)),
        };
        BoundPick::new(pick, field)
    }

    /// A rule over numbered fields.
    pub fn bind<'a>(&self, rule: &'a Rule) -> BoundRule<'a> {
        let period_fields = match &rule.period {
            PeriodPick::From(sources) => sources.columns().map(|c| (c, self.number(c))).collect(),
            PeriodPick::Own | PeriodPick::Constant(_) => Vec::new(),
        };
        let status_field = match &rule.status {
            StatusPick::Column { column, .. } => Some(self.number(column)),
            StatusPick::Own | StatusPick::Constant(_) | StatusPick::ByTime { .. } => None,
        };
        BoundRule {
            rule,
            conditions: self.conditions(&rule.conditions),
            value: rule.value.as_deref().map(|v| self.number(v)),
            subject: self.pick(&rule.subject),
            area: self.pick(&rule.area),
            org: self.pick(&rule.org),
            unit: rule.amount.unit.as_ref().map(|u| self.pick(u)),
            breakdown: rule.breakdown.iter().map(|b| BoundBreakdown::new(b, self.number(&b.column))).collect(),
            period_fields,
            status_field,
            note_field: rule.note.as_deref().map(|n| self.number(n)),
        }
    }
}

/// A rule with its fields found.
pub(super) struct BoundRule<'a> {
    pub rule: &'a Rule,
    pub conditions: Vec<(usize, &'a [String])>,
    pub value: Option<usize>,
    pub subject: BoundPick<'a>,
    pub area: BoundPick<'a>,
    pub org: BoundPick<'a>,
    pub unit: Option<BoundPick<'a>>,
    pub breakdown: Vec<BoundBreakdown<'a>>,
    pub period_fields: Vec<(&'a str, usize)>,
    pub status_field: Option<usize>,
    pub note_field: Option<usize>,
}

/// Whether all conditions hold in a row.
pub(super) fn holds(conditions: &[(usize, &[String])], readings: &impl Readings, row: usize) -> bool {
    conditions.iter().all(|(field, members)| {
        let text = readings.text(row, *field);
        members.iter().any(|m| m == text)
    })
}
