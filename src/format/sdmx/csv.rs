//! SDMX-CSV 1.0 (`DATAFLOW,…`) and 2.0 (`STRUCTURE,STRUCTURE_ID,…`): dimensions up to OBS_VALUE, attributes behind it.
//! Of the attributes those that say what a figure is measured in are kept.

use super::super::delimited::read_delimited;
use super::super::grid::Grid;
use super::super::{FormatError, Tidy};
use super::records::{OBS_STATUS, OBS_VALUE, Observation, Pairs, Records, TIME_PERIOD, read_value};

/// Attributes that are kept as dimensions.
const KEPT: [&str; 6] = ["UNIT", "UNIT_MEASURE", "UNIT_MULT", "BASE_PER", "CURRENCY", "PRICE_BASE"];

/// Columns that say what the table is, not what a figure is about.
const FRAME: [&str; 5] = ["DATAFLOW", "STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION"];

/// Whether delimited text is SDMX-CSV: its first column and OBS_VALUE give it away.
pub(in super::super) fn is_sdmx_csv(grid: &Grid) -> bool {
    let header: Vec<String> = (0..grid.width()).map(|c| split_label(&grid.value(0, c).to_string()).0).collect();
    let first = header.first().map(String::as_str);
    matches!(first, Some("DATAFLOW" | "STRUCTURE" | "KEY" | "STRUCTURE[;]")) && header.iter().any(|h| h == OBS_VALUE)
}

/// Reads an SDMX-CSV text.
///
/// # Errors
/// Not delimited text, no header of SDMX-CSV, or a value that is no number.
pub fn read_sdmx_csv(bytes: &[u8]) -> Result<Tidy, FormatError> {
    let workbook = read_delimited(bytes)?;
    let grid = workbook.grids.first().filter(|g| is_sdmx_csv(g)).ok_or_else(|| {
        let hint = "The first line of SDMX-CSV begins with DATAFLOW or STRUCTURE and names OBS_VALUE.";
        error("line 1", "not the header of SDMX-CSV".to_owned(), hint)
    })?;
    let mut tidy = from_grid(grid)?;
    tidy.notes.splice(0..0, workbook.notes);
    Ok(tidy)
}

fn error(at: &str, message: String, hint: &str) -> FormatError {
    FormatError { format: "SDMX-CSV", at: at.to_owned(), message, hint: hint.to_owned() }
}

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Column {
    Dimension(String),
    Time,
    Value,
    Status,
    Action,
    Flow,
    Left,
}

fn from_grid(grid: &Grid) -> Result<Tidy, FormatError> {
    let mut records = Records::default();
    let columns = read_header(grid, &mut records);
    let mut tidy = Tidy::default();
    let mut deleted = 0;
    for row in 1..grid.height() {
        if grid.row(row).is_empty() {
            continue;
        }
        let mut own = Pairs::new();
        let (mut time, mut value, mut status, mut action) = (None, String::new(), String::new(), String::new());
        for (number, column) in (0u32..).zip(&columns) {
            let cell = grid.value(row, number).to_string();
            match column {
                Column::Dimension(concept) => {
                    let (code, label) = split_label(&cell);
                    if let Some(label) = label {
                        records.name_member(concept, &code, &label);
                    }
                    own.push((concept.clone(), code));
                }
                Column::Time => time = Some(split_label(&cell).0),
                Column::Value => value = cell,
                Column::Status => status = split_label(&cell).0,
                Column::Action => action = cell,
                Column::Flow if tidy.title.is_none() && !cell.trim().is_empty() => tidy.title = Some(cell),
                Column::Flow | Column::Left => {}
            }
        }
        if action.trim().eq_ignore_ascii_case("D") {
            deleted += 1;
            continue;
        }
        let Some(number) = read_value(&value) else {
            let message = format!("OBS_VALUE \"{value}\" is not a number");
            return Err(error(&grid.place(row, 0), message, "Write numbers with a decimal point, or leave them out."));
        };
        let series = records.add_series(Pairs::new());
        records.add(Observation { series, own, time, value: number, status, at: format!("row {}", row + 1) });
    }
    if deleted > 0 {
        tidy.notes.push(format!("{deleted} rows whose action is D (delete) are left out"));
    }
    records.finish("SDMX-CSV", tidy)
}

fn read_header(grid: &Grid, records: &mut Records) -> Vec<Column> {
    let mut behind = false;
    let mut columns = Vec::new();
    for number in 0..grid.width() {
        let (concept, label) = split_label(&grid.value(0, number).to_string());
        let column = match concept.as_str() {
            "ACTION" => Column::Action,
            "DATAFLOW" | "STRUCTURE_ID" => Column::Flow,
            TIME_PERIOD => Column::Time,
            OBS_VALUE => Column::Value,
            OBS_STATUS => Column::Status,
            "" | "KEY" => Column::Left,
            // Labels as columns of their own repeat what the codes say.
            _ if FRAME.contains(&concept.as_str()) || concept.contains(' ') => Column::Left,
            kept if !behind || KEPT.contains(&kept) => Column::Dimension(concept.clone()),
            left => {
                records.drop_attribute(left);
                Column::Left
            }
        };
        if let (Column::Dimension(concept), Some(label)) = (&column, label) {
            records.name_dimension(concept, &label);
        }
        behind |= column == Column::Value;
        columns.push(column);
    }
    columns
}

/// "M: Monthly" is a code with its label.
fn split_label(text: &str) -> (String, Option<String>) {
    match text.split_once(": ") {
        Some((code, label)) if !code.contains(' ') => (code.trim().to_owned(), Some(label.trim().to_owned())),
        _ => (text.trim().to_owned(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ObsStatus;
    use proptest::prelude::*;

    const VERSION_1: &str = "DATAFLOW,FREQ,REF_AREA,TIME_PERIOD,OBS_VALUE,OBS_STATUS,UNIT_MULT,OBS_CONF\n\
        IMF:CPI(1.0),M,VN,2022-04,1.5,A,0,F\nIMF:CPI(1.0),M,VN,2022-05,,M,0,F\nIMF:CPI(1.0),Q,VN,2022-Q1,3,E,3,F\n";

    #[test]
    fn reads_version_1() {
        let tidy = read_sdmx_csv(VERSION_1.as_bytes()).unwrap();
        assert_eq!(tidy.title.as_deref(), Some("IMF:CPI(1.0)"));
        assert_eq!(
            tidy.dimensions.iter().map(|d| d.code.as_str()).collect::<Vec<_>>(),
            ["FREQ", "REF_AREA", "UNIT_MULT"]
        );
        let rows: Vec<_> =
            tidy.rows.iter().map(|r| (r.members.join("+"), r.period.unwrap().to_string(), r.value, r.status)).collect();
        assert_eq!(
            rows,
            [
                ("M+VN+0".to_owned(), "2022-04".to_owned(), Some(1.5), ObsStatus::A),
                ("M+VN+0".to_owned(), "2022-05".to_owned(), None, ObsStatus::M),
                ("Q+VN+3".to_owned(), "2022-Q1".to_owned(), Some(3.0), ObsStatus::E),
            ]
        );
        assert_eq!(tidy.notes, ["the attribute \"OBS_CONF\" of observations is left out"]);
    }

    #[test]
    fn reads_version_2_with_labels() {
        let text = "STRUCTURE;STRUCTURE_ID;ACTION;FREQ: Frequency;TIME_PERIOD: Time;OBS_VALUE: Value\n\
            dataflow;IMF:CPI(1.0);I;M: Monthly;2022-05;7\ndataflow;IMF:CPI(1.0);D;M: Monthly;2022-06;8\n";
        let tidy = read_sdmx_csv(text.as_bytes()).unwrap();
        assert_eq!((tidy.dimensions[0].label.as_str(), tidy.rows.len()), ("Frequency", 1));
        assert_eq!(tidy.dimensions[0].members.get("M").map(String::as_str), Some("Monthly"));
        assert_eq!(tidy.notes, ["1 rows whose action is D (delete) are left out"]);
    }

    #[test]
    fn says_which_value_is_no_number() {
        let text = VERSION_1.replace("1.5", "1;5");
        let error = read_sdmx_csv(text.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), "SDMX-CSV: A2: OBS_VALUE \"1;5\" is not a number");
        assert!(read_sdmx_csv(b"a,b\n1,2\n").is_err());
    }

    proptest! {
        #[test]
        fn damage_is_an_error_and_never_a_panic(at in 0usize..300, flip in 1u8.., cut in 0usize..300) {
            let mut bytes = VERSION_1.as_bytes().to_vec();
            let at = at % bytes.len();
            bytes[at] ^= flip;
            let _ = read_sdmx_csv(&bytes);
            bytes.truncate(cut);
            let _ = read_sdmx_csv(&bytes);
        }
    }
}
