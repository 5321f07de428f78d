//! Areas are dated: a code means a place only together with a date.
//!
//! Every validity span of a code is an [`Area`] of its own with a dense [`AreaIx`]; `769` before 2021 is Quận 2, from
//! 2021 Thành phố Thủ Đức. The hierarchy of a period is the one valid on its last day.

mod lineage;
mod lookup;
mod tree;

use chrono::NaiveDate;
use serde::Deserialize;

pub use lineage::{ChangeError, Contribution};
pub use lookup::AreaNameError;
pub use tree::{AreaOverlap, AreaProblem, AreaTree};

/// Level of an area, from high to low.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AreaKind {
    /// A reference area outside the city's tree (the nation, for published comparisons).
    Reference,
    /// The whole city.
    City,
    /// What a figure of the city leaves after its districts: "không phân bổ".
    Residual,
    /// District, town, city in the city.
    District,
    /// Ward or commune.
    Ward,
}

impl AreaKind {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            AreaKind::Reference => "reference",
            AreaKind::City => "city",
            AreaKind::Residual => "residual",
            AreaKind::District => "district",
            AreaKind::Ward => "ward",
        }
    }
}

/// Dense index of a dated area in its [`AreaTree`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AreaIx(pub u32);

/// One validity span of a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// Statistical code (GSO), such as `760`.
    pub code: String,
    /// Vietnamese name.
    pub name: String,
    /// Level.
    pub kind: AreaKind,
    /// Code of the area above.
    pub parent: Option<String>,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day, `None` while it exists.
    pub valid_to: Option<NaiveDate>,
}

impl Area {
    /// Whether it exists on a day.
    pub fn is_valid_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|to| day <= to)
    }
}

/// What happened to an area on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// Same territory, new name or code.
    Rename,
    /// Wholly into another.
    Merge,
    /// Partly into another.
    Part,
}

/// One edge of the lineage: `from`, which ends the day before `date`, goes to `to`.
#[derive(Debug, Clone, PartialEq)]
pub struct AreaChange {
    /// First day of the new area.
    pub date: NaiveDate,
    /// Old area.
    pub from: AreaIx,
    /// New area, existing on `date`; it may be older than that (a ward that took in a neighbour).
    pub to: AreaIx,
    /// Kind.
    pub kind: ChangeKind,
    /// Share of the old area's additive values that goes to the new one; the shares of one `from` add to 1.
    pub weight: f64,
    /// Whether the weight is a measured share (a merge is, being 1) or assumed equal because no share was published.
    pub weight_assumed: bool,
}

#[cfg(test)]
mod tests;
