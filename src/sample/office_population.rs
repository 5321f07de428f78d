//! Population and area by district as PC-Axis, one file a year, published on 29 December.

use super::cell::{Cell, day};
use super::model::Model;
use super::plan::plan_of;
use super::press::Press;
use super::px_writer::{PxTable, Variable};
use super::split::decimal_text;
use super::{NOTE, SampleError, SampleOptions, statement};
use crate::domain::{Freq, Period};

const FEED: &str = "ctk_population";
const MEASURES: [(&str, &str, &str); 2] =
    [("population", "DS", "Dân số trung bình (người)"), ("natural_area_km2", "DT", "Diện tích tự nhiên (km²)")];

/// Writes one file a year.
pub(super) fn write(model: &Model<'_>, options: &SampleOptions, press: &mut Press<'_>) -> Result<(), SampleError> {
    for year in options.periods(Freq::A) {
        let published = day(year.last_day(), 29);
        let mut cells = Vec::new();
        for (measure, ..) in MEASURES {
            let plan = plan_of(measure).expect("planned");
            // The city stands in the table too: published totals and their districts agree to the digit.
            let city = Cell::of_city(plan.measure, year, model.city(measure, year), plan.decimals, published);
            cells.push(city);
            let districts = statement::official(model, plan, year, published);
            cells.extend(districts.into_iter().filter(|c| c.member.is_none()));
        }
        let of_measure = cells.len() / MEASURES.len();
        let areas = cells[..of_measure].iter().map(|c| (c.area.to_string(), area_name(model, year, &c.area))).collect();
        let table = PxTable {
            matrix: "DS01",
            title: &format!("Dân số và diện tích theo quận, huyện năm {year}"),
            contents: "Dân số và diện tích",
            units: "người; km²",
            stub: vec![
                Variable {
                    name: "Chỉ tiêu".to_owned(),
                    values: MEASURES.iter().map(|(_, code, label)| ((*code).to_owned(), (*label).to_owned())).collect(),
                },
                Variable { name: "Đơn vị hành chính".to_owned(), values: areas },
            ],
            time_name: "Năm",
            time_scale: "A1",
            times: vec![year.to_string()],
            cells: cells
                .iter()
                .map(|c| vec![c.ticks.map_or("..".into(), |t| decimal_text(t, c.decimals, '.'))])
                .collect(),
            decimals: 2,
            updated: published,
            note: NOTE,
        };
        press.publish(FEED, &format!("dan-so-{year}.px"), table.to_bytes(), &cells)?;
    }
    Ok(())
}

fn area_name(model: &Model<'_>, year: Period, code: &str) -> String {
    let district = model.geography.districts(year).into_iter().find(|d| d.code == code);
    district.map_or("Toàn Thành phố", |d| d.name).to_owned()
}
