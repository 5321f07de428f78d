//! A delimited table as tidy rows, without a mapping: text columns are dimensions, a column (or a header) of periods is
//! time, and each column of numbers is a member of the dimension "variable".

use crate::domain::ObsStatus;
use crate::domain::text::{NumberError, NumberStyle, NumberText, clean, read_number};

use super::axes::{Member, guard_rows, part_doubles};
use super::grid::{Grid, Workbook};
use super::time_label::read_label;
use super::{FormatError, Tidy, TidyDimension, TidyRow};

/// Rows looked at to find the header.
const HEADER_ROWS: u32 = 30;

/// Cells with a decimal sign or separator that decide on the style of numbers.
const STYLE_CELLS: usize = 5_000;

/// Years between which a bare number is taken for a year.
const PLAUSIBLE_YEARS: std::ops::RangeInclusive<i32> = 1900..=2100;

/// Turns the sheet of a delimited file into tidy rows.
///
/// # Errors
/// No header of at least two columns, or no column of numbers.
pub(super) fn read_table(workbook: &Workbook) -> Result<Tidy, FormatError> {
    let mut tidy = Tidy { notes: workbook.notes.clone(), ..Tidy::default() };
    let Some((grid, header)) = workbook.grids.first().and_then(|g| find_header(g).map(|h| (g, h))) else {
        let hint = "Give a table with one header row and at least two columns; check the delimiter.";
        return Err(error("the file", "no header row with two columns", hint));
    };
    let title: Vec<String> = (0..header).flat_map(|r| grid.row(r)).map(|(_, v)| clean(&v.to_string())).collect();
    tidy.title = Some(title.join(" ")).filter(|t| !t.is_empty());
    let style = number_style(grid, header);
    let columns = read_columns(grid, header, style);
    let numbers = columns.iter().filter(|c| matches!(c.kind, Kind::Number)).count();
    if numbers == 0 {
        let hint = "Statistics have numbers in at least one column; numbers with units in the cell are text.";
        return Err(error(&format!("row {}", header + 1), "no column of numbers below this header", hint));
    }
    if style == NumberStyle::English {
        tidy.notes.push("numbers are read with a decimal point".to_owned());
    } else {
        tidy.notes.push("numbers are read with a decimal comma".to_owned());
    }
    fill(&mut tidy, grid, header, &columns, style)?;
    Ok(tidy)
}

fn error(at: &str, message: &str, hint: &str) -> FormatError {
    FormatError { format: "CSV", at: at.to_owned(), message: message.to_owned(), hint: hint.to_owned() }
}

/// The first row that fills at least half of the columns (and two).
fn find_header(grid: &Grid) -> Option<u32> {
    let wide = |row: u32| {
        let filled = grid.row(row).iter().filter(|(_, v)| !v.is_blank()).count();
        filled >= 2 && filled * 2 >= grid.width() as usize
    };
    (0..grid.height().min(HEADER_ROWS)).find(|row| wide(*row))
}

/// Decides between 1,234.56 and 1.234,56 by the cells that only one of them can read.
fn number_style(grid: &Grid, header: u32) -> NumberStyle {
    let (mut english, mut vietnamese) = (0u32, 0u32);
    let texts = grid.cells().iter().filter(|(n, _)| n.row > header).filter_map(|(_, v)| v.as_text());
    let marked =
        |text: &&str| text.len() < 30 && text.contains(['.', ',']) && text.contains(|c: char| c.is_ascii_digit());
    for text in texts.filter(marked).take(STYLE_CELLS) {
        let reads = |style| matches!(read_number(text, style), Ok(NumberText::Value(_)));
        match (reads(NumberStyle::English), reads(NumberStyle::Vietnamese)) {
            (true, false) => english += 1,
            (false, true) => vietnamese += 1,
            _ => {}
        }
    }
    if english > vietnamese { NumberStyle::English } else { NumberStyle::Vietnamese }
}

/// What a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Time,
    Number,
}

struct Column {
    number: u32,
    name: String,
    kind: Kind,
}

fn read_columns(grid: &Grid, header: u32, style: NumberStyle) -> Vec<Column> {
    let mut names: Vec<Member> = (0..grid.width())
        .map(|column| {
            let name = clean(&grid.value(header, column).to_string());
            let name = if name.is_empty() { format!("column {}", super::grid::column_name(column)) } else { name };
            Member { code: name.clone(), label: name }
        })
        .collect();
    part_doubles(&mut names);
    let mut columns = Vec::new();
    let mut timed = false;
    for (number, member) in (0u32..).zip(names) {
        let below = || (header + 1..grid.height()).filter_map(move |row| grid.value(row, number).as_text());
        let cells = || below().filter(|text| !text.trim().is_empty());
        let is_time = !timed && cells().next().is_some() && cells().all(is_plain_period);
        let kind = if is_time {
            Kind::Time
        } else if is_number_column(cells(), style) {
            Kind::Number
        } else {
            Kind::Text
        };
        timed |= is_time;
        columns.push(Column { number, name: member.code, kind });
    }
    columns
}

fn is_plain_period(text: &str) -> bool {
    read_label(text).is_some_and(|(period, _)| PLAUSIBLE_YEARS.contains(&period.year()))
}

/// At least one number, and nothing but numbers and signs for their absence; "01" is a code.
fn is_number_column<'a>(cells: impl Iterator<Item = &'a str>, style: NumberStyle) -> bool {
    let mut found = false;
    for cell in cells {
        let text = cell.trim();
        let code = text.len() > 1 && text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit());
        match number(text, style) {
            Ok(NumberText::Value(_)) if !code => found = true,
            Ok(NumberText::Zero | NumberText::Missing | NumberText::NotApplicable | NumberText::Blank) => {}
            _ => return false,
        }
    }
    found
}

/// Reads a cell; plain digits, which most cells are, need none of the care that words and signs do.
fn number(text: &str, style: NumberStyle) -> Result<NumberText, NumberError> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = |c: u8| c.is_ascii_digit() || (style == NumberStyle::English && c == b'.');
    if digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(plain)
        && let Ok(value) = text.parse::<f64>()
    {
        return Ok(NumberText::Value(value));
    }
    read_number(text, style)
}

fn fill(tidy: &mut Tidy, grid: &Grid, header: u32, columns: &[Column], style: NumberStyle) -> Result<(), FormatError> {
    let texts: Vec<&Column> = columns.iter().filter(|c| c.kind == Kind::Text).collect();
    let numbers: Vec<&Column> = columns.iter().filter(|c| c.kind == Kind::Number).collect();
    let time = columns.iter().find(|c| c.kind == Kind::Time);
    let times_in_header = time.is_none() && numbers.iter().all(|c| is_plain_period(&c.name));
    let rows: Vec<u32> = (header + 1..grid.height()).filter(|r| !grid.row(*r).is_empty()).collect();
    let raw = |row: u32, column: &Column| grid.value(row, column.number).as_text().unwrap_or_default();
    let text_of = |row: u32, column: &Column| clean(raw(row, column));
    let text: usize = rows.iter().map(|r| texts.iter().map(|c| raw(*r, c).len() + 32).sum::<usize>()).sum();
    guard_rows("CSV", rows.len() * numbers.len(), text.saturating_mul(numbers.len()))?;
    let dimension = |name: &str| TidyDimension { code: name.to_owned(), label: name.to_owned(), ..Default::default() };
    tidy.dimensions = texts.iter().map(|c| dimension(&c.name)).collect();
    if !times_in_header {
        tidy.dimensions.push(dimension("variable"));
    }
    if !times_in_header {
        let variables = tidy.dimensions.last_mut().map(|d| &mut d.members);
        variables.into_iter().for_each(|m| m.extend(numbers.iter().map(|c| (c.name.clone(), c.name.clone()))));
    }
    for row in rows {
        let members: Vec<String> = texts.iter().map(|c| text_of(row, c)).collect();
        for (dimension, member) in tidy.dimensions.iter_mut().zip(&members) {
            if !dimension.members.contains_key(member) {
                dimension.members.insert(member.clone(), member.clone());
            }
        }
        let row_time = time.map(|t| text_of(row, t)).unwrap_or_default();
        let row_label = read_label(&row_time);
        for column in &numbers {
            let (time, label) = match times_in_header {
                true => (column.name.clone(), read_label(&column.name)),
                false => (row_time.clone(), row_label),
            };
            let value = number(raw(row, column), style).ok().and_then(NumberText::value);
            let variable = (!times_in_header).then(|| column.name.clone());
            tidy.rows.push(TidyRow {
                members: members.iter().cloned().chain(variable).collect(),
                time,
                period: label.map(|l| l.0),
                value,
                status: if value.is_none() { ObsStatus::M } else { label.and_then(|l| l.1).unwrap_or(ObsStatus::A) },
                at: grid.place(row, column.number),
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::delimited::read_delimited;

    fn read(text: &str) -> Tidy {
        read_table(&read_delimited(text.as_bytes()).unwrap()).unwrap()
    }

    fn rows(tidy: &Tidy) -> Vec<(String, String, Option<f64>, &str)> {
        let period = |r: &TidyRow| r.period.map_or_else(|| r.time.clone(), |p| p.to_string());
        tidy.rows.iter().map(|r| (r.members.join("+"), period(r), r.value, r.at.as_str())).collect()
    }

    fn row(
        members: &str,
        period: &str,
        value: Option<f64>,
        at: &'static str,
    ) -> (String, String, Option<f64>, &'static str) {
        (members.to_owned(), period.to_owned(), value, at)
    }

    #[test]
    fn text_columns_are_dimensions_and_numbers_are_variables() {
        let tidy = read("Báo cáo;;;\nQuận;Mã;Tháng;Số vụ\nQuận 1;01;T4/2022;1.234,5\nGò Vấp;02;T5/2022;...\n");
        assert_eq!(tidy.title.as_deref(), Some("Báo cáo"));
        let codes: Vec<_> = tidy.dimensions.iter().map(|d| d.code.as_str()).collect();
        assert_eq!(codes, ["Quận", "Mã", "variable"]);
        assert_eq!(
            rows(&tidy),
            [row("Quận 1+01+Số vụ", "2022-04", Some(1234.5), "D3"), row("Gò Vấp+02+Số vụ", "2022-05", None, "D4"),]
        );
    }

    #[test]
    fn periods_in_the_header_are_time() {
        let tidy = read("district,2021,2022\nA,1.5,2\nB,1,-\n");
        assert_eq!(tidy.dimensions.len(), 1);
        assert_eq!(
            rows(&tidy),
            [
                row("A", "2021", Some(1.5), "B2"),
                row("A", "2022", Some(2.0), "C2"),
                row("B", "2021", Some(1.0), "B3"),
                row("B", "2022", Some(0.0), "C3"),
            ]
        );
        assert!(tidy.notes.iter().any(|n| n == "numbers are read with a decimal point"));
    }

    #[test]
    fn a_text_without_numbers_is_refused() {
        let refuse = |text: &str| read_table(&read_delimited(text.as_bytes()).unwrap()).unwrap_err().to_string();
        assert_eq!(refuse("a,b\nx,y\n"), "CSV: row 1: no column of numbers below this header");
        assert_eq!(refuse("just\nwords\n"), "CSV: the file: no header row with two columns");
    }
}
