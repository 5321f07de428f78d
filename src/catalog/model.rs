//! The loaded catalogue. A [`Catalog`] that exists has passed every check.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::formula::Formula;
use crate::domain::case::DeadlineTable;
use crate::domain::{AreaTree, Breakdown, Indicator, Measure, OrgUnit, Period, Unit, WorkCalendar};

/// One of the 20 groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Two digits.
    pub code: String,
    /// Vietnamese name.
    pub name_vi: String,
    /// English name.
    pub name_en: String,
    /// The indicator that stands for the group where there is room for one.
    pub headline: Option<String>,
}

/// A dimension of breakdowns, with its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dimension {
    /// Code, such as `channel`.
    pub code: String,
    /// Vietnamese label.
    pub label_vi: String,
    /// English label.
    pub label_en: String,
    /// Members by code; empty when they are taken from the data (`open`).
    pub members: IndexMap<String, Member>,
    /// Whether members that are not declared are accepted as they come (stations, investor units).
    pub open: bool,
    /// The coarser dimension that the members' `parent` codes belong to, if any.
    pub parent_dimension: Option<String>,
}

/// A member of a dimension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Code.
    pub code: String,
    /// Vietnamese label.
    pub label_vi: String,
    /// English label.
    pub label_en: String,
    /// Member of the parent dimension it belongs to.
    pub parent: Option<String>,
}

/// Everything declared, and the version that is stamped on every figure.
#[derive(Debug, Clone)]
pub struct Catalog {
    /// Groups by code.
    pub groups: IndexMap<String, Group>,
    /// Units of measure by code.
    pub units: IndexMap<String, Unit>,
    /// Dimensions by code.
    pub dimensions: IndexMap<String, Dimension>,
    /// Measures by code, in declared order.
    pub measures: IndexMap<String, Measure>,
    /// Indicators by code, in code order.
    pub indicators: IndexMap<String, Indicator>,
    /// The parsed and checked formula of every indicator.
    pub formulas: HashMap<String, Formula>,
    /// Dated areas with lineage.
    pub areas: AreaTree,
    /// Working days and hours that deadlines run on.
    pub calendar: WorkCalendar,
    /// How long authorities have for a case; empty where nothing is declared.
    pub deadlines: DeadlineTable,
    /// Dated authorities.
    pub org_units: Vec<OrgUnit>,
    /// Worked examples by indicator code.
    pub examples: HashMap<String, WorkedExample>,
    /// Code of the whole city (`79`).
    pub city: String,
    /// First 16 hex digits of a SHA-256 over all declared files.
    pub version: String,
}

/// A worked example: inputs and the value a person computed by hand.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkedExample {
    /// Period of the expected value.
    pub period: Period,
    /// Area of the inputs and of the expected value.
    pub area: String,
    /// Breakdown of the expected value.
    pub breakdown: Breakdown,
    /// Inputs, in declared order.
    pub inputs: Vec<ExampleInput>,
    /// Expected value, to the decimals given.
    pub expect: f64,
    /// How many decimals `expect` was written with: the agreement asked for is half a unit of the last one.
    pub decimals: u8,
}

/// One input of a worked example, declared as `measure`, `measure@period`, `measure|dimension=member@period` or, for
/// measures of records, `measure#n` (the n-th record). Without a period it is the measure's own base period that the
/// example's period lies in or ends with.
#[derive(Debug, Clone, PartialEq)]
pub struct ExampleInput {
    /// Measure code.
    pub measure: String,
    /// Breakdown of the input.
    pub breakdown: Breakdown,
    /// Period, at the measure's base frequency.
    pub period: Period,
    /// Number of the record, for measures of kind record.
    pub record: Option<u32>,
    /// Value in the measure's unit.
    pub value: f64,
}

impl Catalog {
    /// The unit of an indicator.
    pub fn unit_of(&self, indicator: &Indicator) -> &Unit {
        &self.units[&indicator.unit]
    }

    /// The authority that owns an indicator, as declared.
    pub fn owner_of(&self, indicator: &Indicator) -> Option<&OrgUnit> {
        self.org_units.iter().find(|unit| unit.code == indicator.owner)
    }

    /// The city's name as it is written beside others: "TP. Hồ Chí Minh".
    pub fn city_name(&self) -> String {
        let newest = self.areas.spans(&self.city).last();
        let name = newest.map_or(self.city.as_str(), |ix| self.areas.area(*ix).name.as_str());
        name.strip_prefix("Thành phố ").map_or_else(|| name.to_owned(), |rest| format!("TP. {rest}"))
    }

    /// The indicators whose formula uses a measure, in code order.
    pub fn dependents_of<'a>(&'a self, measure: &'a str) -> impl Iterator<Item = &'a Indicator> + 'a {
        self.indicators.values().filter(move |i| self.formulas[&i.code].measures().any(|m| m == measure))
    }
}
