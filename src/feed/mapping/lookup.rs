//! Codes of a source to codes of the catalogue, each distinct text looked up once.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use super::model::{BreakdownPick, Pick, PickColumn};
use super::reading::Readings;
use crate::catalog::Catalog;
use crate::domain::{AreaKind, Breakdown, Measure, OrgUnit, Period, TOTAL};

/// Why a value does not become a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stop {
    /// The mapping says to leave it out.
    Skip,
    /// It was not understood.
    Fault(Fault),
}

/// What was not understood: the field and its text, or the value itself where no field is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub field: Option<String>,
    pub value: Option<String>,
    pub reason: String,
}

impl Fault {
    /// A fault of the value itself.
    pub fn of_value(reason: impl Into<String>) -> Stop {
        Stop::Fault(Fault { field: None, value: None, reason: reason.into() })
    }

    /// A fault of a field's text.
    pub fn of_field(field: &str, text: &str, reason: impl Into<String>) -> Stop {
        Stop::Fault(Fault { field: Some(field.to_owned()), value: Some(text.to_owned()), reason: reason.into() })
    }
}

/// A pick bound to the fields of a source.
#[derive(Debug)]
pub(super) struct BoundPick<'a> {
    pick: &'a Pick,
    field: Option<usize>,
    seen: RefCell<HashMap<String, Result<Arc<str>, Stop>>>,
}

impl<'a> BoundPick<'a> {
    /// `field` is the number of the pick's column, for a pick that has one.
    pub fn new(pick: &'a Pick, field: Option<usize>) -> Self {
        Self { pick, field, seen: RefCell::default() }
    }

    /// The code in a row. `known` says whether a text is itself a code of ours; it is asked when there is no list.
    pub fn code(
        &self,
        readings: &impl Readings,
        row: usize,
        word: &str,
        known: impl Fn(&str) -> bool,
    ) -> Result<Arc<str>, Stop> {
        let (column, field) = match (self.pick, self.field) {
            (Pick::Constant(code), _) => return Ok(code.clone()),
            (Pick::Column(column), Some(field)) => (column, field),
            (Pick::Column(column), None) => return Err(Fault::of_field(&column.column, "", "the column is not there")),
        };
        let text = readings.text(row, field);
        if let Some(found) = self.seen.borrow().get(text) {
            return found.clone();
        }
        let found = find(column, text, readings.label(field, text), word, known);
        self.seen.borrow_mut().insert(text.to_owned(), found.clone());
        found
    }

    /// For a column of names: the column and the name in a row.
    pub fn name<'r>(&self, readings: &'r impl Readings, row: usize) -> Option<(&'a PickColumn, &'r str)> {
        match (self.pick, self.field) {
            (Pick::Column(column), Some(field)) if column.names => {
                let text = readings.text(row, field);
                Some((column, readings.label(field, text).unwrap_or(text)))
            }
            _ => None,
        }
    }
}

fn find(
    column: &PickColumn,
    text: &str,
    label: Option<&str>,
    word: &str,
    known: impl Fn(&str) -> bool,
) -> Result<Arc<str>, Stop> {
    if column.skip.iter().any(|s| s == text || label == Some(s)) {
        return Err(Stop::Skip);
    }
    if text.is_empty() {
        return Err(Fault::of_field(
            &column.column,
            text,
            format!("the {word} is blank; fill it in, or declare fill_down"),
        ));
    }
    match &column.codes {
        Some(codes) => codes.get(text).or_else(|| label.and_then(|l| codes.get(l))).cloned().ok_or_else(|| {
            let reason = format!("\"{text}\" is not in the code list of the {word}; add it to codes, or to skip");
            Fault::of_field(&column.column, text, reason)
        }),
        None if known(text) => Ok(text.into()),
        None => {
            let reason = format!("unknown {word} \"{text}\"; declare codes if the source has codes of its own");
            Err(Fault::of_field(&column.column, text, reason))
        }
    }
}

/// The area that a code means at the end of a period, at a level where the measure is reported.
pub(super) fn check_area(
    catalog: &Catalog,
    code: &str,
    period: Period,
    measure: Option<&Measure>,
) -> Result<(), String> {
    let Some(ix) = catalog.areas.at(code, period) else {
        return Err(match catalog.areas.spans(code) {
            [] => format!("unknown area \"{code}\""),
            _ => format!("area \"{code}\" does not exist on {}; use the codes of that day", period.last_day()),
        });
    };
    let area = catalog.areas.area(ix);
    let Some(measure) = measure else { return Ok(()) };
    let above = matches!(area.kind, AreaKind::City | AreaKind::Reference | AreaKind::Residual);
    if above || area.kind <= measure.level {
        return Ok(());
    }
    let (kind, level) = (area.kind.as_str(), measure.level.as_str());
    Err(format!(
        "area \"{code}\" is a {kind}, and \"{}\" is reported by {level}; add the areas up at the source",
        measure.code
    ))
}

/// Whether an authority exists at the end of a period.
pub(super) fn check_org(units: &[OrgUnit], code: &str, period: Period) -> Result<(), String> {
    if code == TOTAL || units.iter().any(|o| o.code == code && o.is_valid_on(period.last_day())) {
        return Ok(());
    }
    match units.iter().find(|o| o.code == code) {
        None => Err(format!("unknown authority \"{code}\"")),
        Some(unit) => {
            let successor =
                unit.successor.as_deref().map(|s| format!("; its duties went to \"{s}\"")).unwrap_or_default();
            Err(format!("authority \"{code}\" does not exist on {}{successor}", period.last_day()))
        }
    }
}

/// A breakdown pick bound to its field.
#[derive(Debug)]
pub(super) struct BoundBreakdown<'a> {
    pick: &'a BreakdownPick,
    field: usize,
    seen: RefCell<HashMap<String, Result<Breakdown, Stop>>>,
}

impl<'a> BoundBreakdown<'a> {
    pub fn new(pick: &'a BreakdownPick, field: usize) -> Self {
        Self { pick, field, seen: RefCell::default() }
    }

    /// The breakdown in a row.
    pub fn of(&self, readings: &impl Readings, row: usize, catalog: &Catalog) -> Result<Breakdown, Stop> {
        let text = readings.text(row, self.field);
        if let Some(found) = self.seen.borrow().get(text) {
            return found.clone();
        }
        let found = self.find(text, readings.label(self.field, text), catalog);
        self.seen.borrow_mut().insert(text.to_owned(), found.clone());
        found
    }

    fn find(&self, text: &str, label: Option<&str>, catalog: &Catalog) -> Result<Breakdown, Stop> {
        let pick = self.pick;
        if pick.skip.iter().any(|s| s == text || label == Some(s)) {
            return Err(Stop::Skip);
        }
        let fault = |reason: String| Fault::of_field(&pick.column, text, reason);
        let code: Arc<str> = match &pick.codes {
            Some(codes) => {
                let found = codes.get(text).or_else(|| label.and_then(|l| codes.get(l))).cloned();
                found
                    .ok_or_else(|| fault(format!("\"{text}\" is not in the code list; add it to codes, or to skip")))?
            }
            None => text.into(),
        };
        let Some(dimension) = &pick.dimension else {
            return code.parse().map_err(|e: crate::domain::observation::BreakdownError| fault(e.to_string()));
        };
        if code.is_empty() {
            return Err(fault(format!("the member of \"{dimension}\" is blank; fill it in, or declare fill_down")));
        }
        let open = catalog.dimensions.get(&**dimension).is_some_and(|d| d.open || d.members.contains_key(&*code));
        if &*code != TOTAL && !open {
            return Err(fault(format!("dimension \"{dimension}\" has no member \"{code}\"; declare codes")));
        }
        Ok(Breakdown::member(dimension, &code))
    }
}

/// The one breakdown of a row, which the measure must have.
pub(super) fn check_breakdown(measure: &Measure, breakdown: &Breakdown) -> Result<(), String> {
    match (breakdown.dimension(), &measure.components) {
        (None, None) => Ok(()),
        (None, Some(components)) => Err(format!(
            "measure \"{}\" is reported by \"{components}\" only, not in total; skip the total",
            measure.code
        )),
        (Some(dimension), Some(components)) if dimension == components => Ok(()),
        (Some(dimension), _) if measure.dimensions.iter().any(|d| d == dimension) => Ok(()),
        (Some(dimension), _) => Err(format!("measure \"{}\" is not broken down by \"{dimension}\"", measure.code)),
    }
}
