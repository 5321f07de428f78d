//! Authorities: departments (sở), district and ward committees. Dated like areas, since departments merge.

use chrono::NaiveDate;

/// An authority, valid in `[valid_from, valid_to]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgUnit {
    /// Code, such as `so_tttt`.
    pub code: String,
    /// Vietnamese name.
    pub name_vi: String,
    /// English name.
    pub name_en: String,
    /// `department`, `office`, `agency` (branch of a central body), `district_committee`, `ward_committee`,
    /// `utility` (a company that runs a network of the city).
    pub kind: String,
    /// The area it governs, where it governs one.
    pub area: Option<String>,
    /// First day of validity.
    pub valid_from: NaiveDate,
    /// Last day of validity, `None` while it exists.
    pub valid_to: Option<NaiveDate>,
    /// Code of the authority that took over its duties.
    pub successor: Option<String>,
}

impl OrgUnit {
    /// Whether it exists on a day.
    pub fn is_valid_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|to| day <= to)
    }
}
