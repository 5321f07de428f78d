//! What the sample leaves out on purpose: late districts, figures that were not collected, wrong figures that a
//! correction puts right.

use crate::domain::Period;

/// Why a figure is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    /// The area has not handed in: no row.
    Late,
    /// The source writes "..." instead of a number.
    NotCollected,
}

/// Figures that are absent.
#[derive(Debug, Clone, Copy)]
pub struct Gap {
    /// Measures.
    pub measures: &'static [&'static str],
    /// Area; the city stands for itself only.
    pub area: &'static str,
    /// Canonical month.
    pub period: &'static str,
    /// Why.
    pub absence: Absence,
}

const INSURANCE: &[&str] = &[
    "si_compulsory_participants",
    "si_voluntary_participants",
    "ui_participants",
    "hi_participants",
    "si_contributions",
    "si_arrears",
    "si_benefits_paid",
    "hi_medical_expenditure",
];

/// One row of [`GAPS`].
const fn gap(measures: &'static [&'static str], area: &'static str, period: &'static str, absence: Absence) -> Gap {
    Gap { measures, area, period, absence }
}

use Absence::{Late, NotCollected};

/// All gaps.
pub static GAPS: &[Gap] = &[
    gap(&["job_placements", "ui_claims_filed"], "787", "2022-06", Late),
    gap(&["job_placements", "ui_claims_filed"], "784", "2022-06", Late),
    gap(&["crimes_recorded", "crimes_solved"], "776", "2021-08", Late),
    gap(&["solid_waste_tonnes"], "783", "2021-09", Late),
    gap(INSURANCE, "785", "2022-06", Late),
    gap(&["fishery_output"], "784", "2021-08", NotCollected),
    gap(&["pm25_mean", "pm25_valid_hours"], "787", "2021-08", NotCollected),
    gap(&["construction_price_index"], "79", "2021-08", NotCollected),
    gap(&["public_transport_trips"], "79", "2021-08", NotCollected),
    gap(&["public_transport_trips"], "79", "2021-09", NotCollected),
    gap(&["dossiers_received", "dossiers_online"], "26740", "2022-06", Late),
    gap(&["dossiers_received", "dossiers_online"], "26737", "2022-06", Late),
];

/// Whether a figure of an area is absent.
pub fn absence(measure: &str, area: &str, period: Period) -> Option<Absence> {
    let mut of_area = GAPS.iter().filter(|g| g.area == area && g.measures.contains(&measure)).peekable();
    of_area.peek()?;
    let period = period.to_string();
    of_area.find(|g| g.period == period).map(|g| g.absence)
}

/// A figure that was first reported wrongly and corrected later.
#[derive(Debug, Clone, Copy)]
pub struct Correction {
    /// Measure.
    pub measure: &'static str,
    /// District.
    pub area: &'static str,
    /// Canonical month.
    pub period: &'static str,
    /// What was reported first, as a share of the right figure.
    pub first: f64,
    /// Day of the correction: year, month, day.
    pub corrected: (i32, u32, u32),
}

/// All corrections.
pub static CORRECTIONS: &[Correction] = &[
    Correction { measure: "enterprises_new", area: "765", period: "2021-11", first: 1.30, corrected: (2022, 2, 15) },
    Correction { measure: "enterprises_new", area: "769", period: "2021-11", first: 0.75, corrected: (2022, 2, 15) },
    Correction { measure: "enterprises_new", area: "777", period: "2021-12", first: 1.20, corrected: (2022, 2, 15) },
];

/// The correction of a figure, if it has one.
pub fn correction(measure: &str, area: &str, period: Period) -> Option<&'static Correction> {
    let mut of_area = CORRECTIONS.iter().filter(|c| c.measure == measure && c.area == area);
    of_area.find(|c| c.period.parse() == Ok(period))
}
