//! SDMX of the Statistics Office: prices as ML, labour and agriculture as CSV.

use chrono::NaiveDate;

use super::cell::{Cell, release_day};
use super::model::Model;
use super::plan::plan_of;
use super::press::Press;
use super::prices;
use super::sdmx_writer::{SdmxObservation, SdmxTable};
use super::split::decimal_text;
use super::{NOTE, SampleError, SampleOptions, statement};
use crate::domain::{Freq, Period};

const LABOUR: [&str; 4] = ["labour_force", "labour_force_wa", "unemployed_wa", "labour_force_trained"];
const AGRICULTURE: [&str; 2] = ["agri_output_const2010", "livestock_output"];
const SHORT_NOTE: &str = "số liệu mẫu, mô phỏng";

/// Measures and their codes in the source.
const CODES: [(&str, &str); 11] = [
    ("cpi_value", "CPI"),
    ("cpi_weight", "CPI_WEIGHT"),
    ("gold_price_link", "GOLD_LINK"),
    ("usd_price_link", "USD_LINK"),
    ("labour_force", "LF"),
    ("labour_force_wa", "LF_WA"),
    ("unemployed_wa", "UNE_WA"),
    ("labour_force_trained", "LF_TRAINED"),
    ("agri_output_const2010", "AGR_OUTPUT"),
    ("livestock_output", "LIVESTOCK"),
    ("fishery_output", "FISHERY"),
];

/// Writes prices monthly, labour and agriculture quarterly.
pub(super) fn write(model: &Model<'_>, options: &SampleOptions, press: &mut Press<'_>) -> Result<(), SampleError> {
    for month in options.months() {
        let published = release_day(month);
        let cells = prices::cells(options.seed, month, published);
        let bytes = table("HCMC:PRICES(1.0)", NOTE, published, &cells).to_ml();
        press.publish("ctk_prices", &format!("gia-{month}.xml"), bytes, &cells)?;
    }
    for quarter in options.periods(Freq::Q) {
        let months: Vec<Period> = quarter.children(Freq::M).collect();
        let published = release_day(months[2]);
        let labour = stated(model, &LABOUR, &[quarter], published);
        let bytes = table("HCMC:LABOUR(1.0)", SHORT_NOTE, published, &labour).to_csv();
        press.publish("ctk_labour", &file_name("lao-dong", quarter, published), bytes, &labour)?;
        let mut agriculture = stated(model, &AGRICULTURE, &[quarter], published);
        agriculture.extend(stated(model, &["fishery_output"], &months, published));
        let bytes = table("HCMC:AGRICULTURE(1.0)", SHORT_NOTE, published, &agriculture).to_csv();
        press.publish("ctk_agriculture", &file_name("nong-nghiep", quarter, published), bytes, &agriculture)?;
    }
    Ok(())
}

/// Subject, quarter and day of publication: SDMX-CSV has no place for the day inside.
fn file_name(subject: &str, quarter: Period, published: NaiveDate) -> String {
    format!("{subject}-{quarter}-{}.csv", published.format("%Y%m%d"))
}

fn stated(model: &Model<'_>, measures: &[&str], periods: &[Period], published: NaiveDate) -> Vec<Cell> {
    let plans = measures.iter().filter_map(|m| plan_of(m));
    let one = |plan| periods.iter().flat_map(move |p| statement::official(model, plan, *p, published));
    plans.flat_map(one).collect()
}

fn table<'a>(flow: &'a str, source: &'a str, prepared: NaiveDate, cells: &'a [Cell]) -> SdmxTable<'a> {
    let mut observations: Vec<SdmxObservation> = cells.iter().map(observation).collect();
    // Stable: keeps the order of publication, brings the times of one key together.
    let mut order: Vec<Vec<String>> = Vec::new();
    for o in &observations {
        if !order.contains(&o.key) {
            order.push(o.key.clone());
        }
    }
    observations.sort_by_key(|o| order.iter().position(|k| *k == o.key));
    SdmxTable { flow, dimensions: &["FREQ", "REF_AREA", "INDICATOR", "BREAKDOWN"], prepared, source, observations }
}

fn observation(cell: &Cell) -> SdmxObservation {
    let code = CODES.iter().find(|(m, _)| *m == cell.measure).map_or(cell.measure, |(_, code)| code);
    let breakdown =
        cell.member.map_or("_T".to_owned(), |(dimension, member)| format!("{}_{member}", dimension.to_uppercase()));
    SdmxObservation {
        key: vec![cell.period.freq().to_string(), cell.area.to_string(), code.to_owned(), breakdown],
        time: cell.period.to_string(),
        value: cell.ticks.map_or(String::new(), |t| decimal_text(t, cell.decimals, '.')),
        status: cell.status.as_str(),
    }
}
