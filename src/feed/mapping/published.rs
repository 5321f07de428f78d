//! When the figures of a pull were published: their vintage.

use chrono::{NaiveDateTime, NaiveTime};

use super::mapped::MappingError;
use super::model::Published;
use crate::domain::Vintage;
use crate::domain::text::read_date;
use crate::format::grid::{CellValue, Workbook};

/// What a pull brings besides its rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pull<'a> {
    /// File path or URL.
    pub name: &'a str,
    pub pulled_at: Vintage,
    /// The source's own "updated".
    pub updated: Option<&'a str>,
    pub workbook: Option<&'a Workbook>,
}

impl Pull<'_> {
    /// Last part of the path or URL, without a query.
    pub fn file_name(&self) -> &str {
        let path = self.name.split(['?', '#']).next().unwrap_or_default();
        path.rsplit(['/', '\\']).next().unwrap_or_default()
    }
}

/// The vintage of the whole pull; `None` if every row brings its own.
pub(super) fn published(
    published: &Published,
    pull: Pull<'_>,
    notes: &mut Vec<String>,
) -> Result<Option<Vintage>, MappingError> {
    let declared = match published {
        Published::Pulled => return Ok(Some(pull.pulled_at)),
        Published::Column(..) => return Ok(None),
        Published::Updated(time) => match pull.updated.map(|text| (text, read_instant(text, *time))) {
            Some((_, Some(at))) => Ok(at),
            Some((text, None)) => return Ok(Some(fall_back(&format!("\"{text}\" is not a time"), pull, notes))),
            None => return Ok(Some(fall_back("the source does not say when it was updated", pull, notes))),
        },
        Published::FileName(pattern, time) => match pattern.read(pull.file_name()).and_then(|c| c.date) {
            Some(day) => Ok(Vintage::from_local(day.and_time(*time))),
            None => Err(format!("the file name is not like \"{}\"", pattern.as_str())),
        },
        Published::Cell { sheet, cell, pattern, time } => {
            let grids = pull.workbook.iter().flat_map(|w| &w.grids);
            let grid = grids.into_iter().find(|g| sheet.matches(g.sheet()));
            match grid.map(|g| g.filled(cell.row, cell.column)) {
                None => Err(format!("no sheet is named like \"{}\"", sheet.as_str())),
                Some(CellValue::Date(at)) => Ok(Vintage::from_local(at.date().and_time(*time))),
                Some(value) => {
                    let text = value.to_string();
                    let day = match pattern {
                        Some(pattern) => pattern.read(&text).and_then(|c| c.date),
                        None => read_date(&text).ok(),
                    };
                    let at = day.map(|d| Vintage::from_local(d.and_time(*time)));
                    at.ok_or_else(|| format!("cell {cell} holds \"{text}\", which is not a date"))
                }
            }
        }
    };
    let unpublished = |reason| MappingError::Unpublished { source_name: pull.name.to_owned(), reason };
    let at = declared.map_err(unpublished)?;
    if at <= pull.pulled_at {
        return Ok(Some(at));
    }
    match published {
        Published::Updated(_) => {
            Ok(Some(fall_back(&format!("\"updated\" says {at}, which is still to come"), pull, notes)))
        }
        _ => Err(unpublished(format!("it says {at}, which is after the pull"))),
    }
}

/// What a source says about itself may be missing or nonsense (9999-12-31); the pull is then the first we knew of it.
fn fall_back(why: &str, pull: Pull<'_>, notes: &mut Vec<String>) -> Vintage {
    notes.push(format!("time of publication: {why}; taken from the pull"));
    pull.pulled_at
}

/// An instant as sources write it; a date alone is that day at `time`.
pub(super) fn read_instant(text: &str, time: NaiveTime) -> Option<Vintage> {
    let text = text.trim();
    if let Ok(day) = read_date(text) {
        return Some(Vintage::from_local(day.and_time(time)));
    }
    if let Ok(at) = text.parse() {
        return Some(at);
    }
    let forms = ["%Y%m%d %H:%M", "%Y%m%d %H:%M:%S", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S"];
    forms.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok()).map(Vintage::from_local)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pull(name: &str) -> Pull<'_> {
        let pulled_at = "2024-06-01T08:00:00".parse().unwrap();
        Pull { name, pulled_at, updated: None, workbook: None }
    }

    fn file_name() -> Published {
        Published::FileName("{date}*".parse().unwrap(), NaiveTime::from_hms_opt(9, 0, 0).unwrap())
    }

    #[test]
    fn a_file_name_may_carry_the_date() {
        let at = published(&file_name(), pull("gso/2024-05-29-bieu.xlsx"), &mut Vec::new()).unwrap();
        assert_eq!(at.unwrap().to_string(), "2024-05-29T09:00:00+07:00");
        for (name, why) in [("gso/bieu.xlsx", "is not like"), ("gso/2024-06-29-bieu.xlsx", "after the pull")] {
            let error = published(&file_name(), pull(name), &mut Vec::new()).unwrap_err();
            assert!(error.to_string().contains(why), "{error}");
        }
    }

    #[test]
    fn nonsense_of_the_source_is_noted_and_not_believed() {
        for text in ["9999-12-31T00:00:00Z", "soon"] {
            let mut notes = Vec::new();
            let pull = Pull { updated: Some(text), ..pull("x.json") };
            let at = published(&Published::Updated(NaiveTime::MIN), pull, &mut notes).unwrap();
            assert_eq!(at, Some(pull.pulled_at));
            assert_eq!(notes.len(), 1, "{notes:?}");
        }
    }

    #[test]
    fn reads_the_forms_of_sources() {
        for text in ["20220525 09:30", "2022-05-25T02:30:00Z", "2022-05-25T09:30:00+07:00", "25/5/2022 09:30"] {
            assert_eq!(read_instant(text, NaiveTime::MIN).unwrap().to_string(), "2022-05-25T09:30:00+07:00", "{text}");
        }
        let nine = NaiveTime::from_hms_opt(9, 0, 0).unwrap();
        assert_eq!(read_instant("25/5/2022", nine).unwrap().to_string(), "2022-05-25T09:00:00+07:00");
    }
}
