//! SDMX-CSV 2.0: one row a figure, concepts of the cross-domain list.

use crate::cube::cell::Cell;

use super::EncodeError;
use super::csv::formula_safe;

/// A figure with the words that its codes mean.
#[derive(Debug, Clone)]
pub struct Labelled<'a> {
    /// Indicator code.
    pub indicator: &'a str,
    /// Indicator name.
    pub indicator_label: &'a str,
    /// Area name.
    pub area_label: &'a str,
    /// Breakdown in words.
    pub breakdown_label: String,
    /// Unit code.
    pub unit: &'a str,
    /// Unit in words.
    pub unit_label: &'a str,
    /// Decimals shown.
    pub decimals: u8,
    /// The figure.
    pub cell: &'a Cell,
}

const HEADER: [&str; 15] = [
    "STRUCTURE",
    "STRUCTURE_ID",
    "ACTION",
    "FREQ",
    "REF_AREA",
    "INDICATOR",
    "BREAKDOWN",
    "ORG_UNIT",
    "TIME_PERIOD",
    "OBS_VALUE",
    "OBS_STATUS",
    "UNIT_MEASURE",
    "DECIMALS",
    "COMPLETE",
    "VINTAGE",
];

/// The rows as SDMX-CSV 2.0.
pub fn sdmx_csv(rows: &[Labelled<'_>]) -> Result<Vec<u8>, EncodeError> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADER)?;
    for row in rows {
        let cell = row.cell;
        writer.write_record([
            "datastructure",
            "TOANCANH:INDICATORS(1.0)",
            "I",
            cell.period.freq().as_str(),
            &cell.area,
            row.indicator,
            &formula_safe(cell.breakdown.to_string()),
            &cell.org,
            &cell.period.to_string(),
            &cell.value.to_string(),
            cell.status.as_str(),
            row.unit,
            &row.decimals.to_string(),
            if cell.complete { "1" } else { "0" },
            &cell.vintage.to_string(),
        ])?;
    }
    writer.into_inner().map_err(|e| EncodeError::Csv(e.into_error().into()))
}
