//! Yearly figures of the Statistics Office as one workbook a year, published on 29 December.

use super::departments::{Form, Report, write_year};
use super::model::Model;
use super::press::Press;
use super::{SampleError, SampleOptions};

/// The yearly report; population totals come from the table of their own.
pub(super) static REPORT: Report = Report {
    feed: "ctk_annual",
    title: "Chỉ tiêu kinh tế - xã hội",
    measures: &[
        "population",
        "births",
        "deaths",
        "employed_persons",
        "enterprises_active",
        "household_businesses",
        "digital_economy_va",
        "income_per_capita_month",
        "hdi_health",
        "hdi_education",
        "hdi_income",
    ],
    form: Form::Xlsx,
    report_day: 29,
    members_only: &["population"],
};

/// Writes one workbook a year.
pub(super) fn write(model: &Model<'_>, options: &SampleOptions, press: &mut Press<'_>) -> Result<(), SampleError> {
    for year in options.years() {
        write_year(model, options, press, &REPORT, year)?;
    }
    Ok(())
}
