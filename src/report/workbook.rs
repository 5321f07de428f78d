//! The tables of a brief as a workbook: one sheet a table, numbers as numbers with their units, flags and footnotes.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, FixedOffset, Timelike};
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use super::brief::Brief;
use super::table::{Column, Entry, Holds, Row, Table};

/// Rows above the table: title, unit and version, an empty one.
const HEADER_ROW: u32 = 3;
/// Longest name of a sheet.
const SHEET_NAME_MAX: usize = 31;
/// A4.
const PAPER_A4: u8 = 9;

/// What is written in a column of a sheet.
enum Written {
    /// The words of a column.
    Words(usize),
    /// The numbers of a column.
    Numbers(usize),
    /// The units of a column whose rows have their own.
    Units(usize),
    /// The flags of the rows.
    Notes,
}

/// The brief as a workbook. The same brief gives the same bytes: its date is that of the figures.
pub fn write(brief: &Brief, issued: DateTime<FixedOffset>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let made = ExcelDateTime::from_ymd(issued.year() as u16, issued.month() as u8, issued.day() as u8)?.and_hms(
        issued.hour() as u16,
        issued.minute() as u8,
        f64::from(issued.second()),
    )?;
    let properties = DocProperties::new()
        .set_title(format!("{} · {}", brief.title, brief.place))
        .set_author("Toàn Cảnh")
        .set_comment(brief.foot.join(" · "))
        .set_creation_datetime(&made);
    workbook.set_properties(&properties);
    summary(workbook.add_worksheet(), brief)?;
    let mut names = BTreeSet::new();
    for table in brief.tables() {
        let page = workbook.add_worksheet();
        page.set_name(sheet_name(&table.sheet, &mut names))?;
        sheet(page, table, brief)?;
    }
    workbook.save_to_buffer()
}

/// A name that Excel takes and no other sheet has.
fn sheet_name(name: &str, taken: &mut BTreeSet<String>) -> String {
    let clean: String = name.chars().filter(|c| !"[]:*?/\\".contains(*c)).take(SHEET_NAME_MAX - 2).collect();
    let mut unique = clean.clone();
    let mut number = 2;
    while !taken.insert(unique.to_lowercase()) {
        unique = format!("{clean} {number}");
        number += 1;
    }
    unique
}

fn ink(format: Format) -> Format {
    format.set_font_name("Arial").set_font_size(10)
}

/// What the brief says in sentences, and what it lacks.
fn summary(page: &mut Worksheet, brief: &Brief) -> Result<(), XlsxError> {
    let vi = brief.language == "vi";
    page.set_name(if vi { "Tóm tắt" } else { "Summary" })?;
    page.set_column_width(0, 110)?;
    let title = ink(Format::new()).set_bold().set_font_size(14);
    let strong = ink(Format::new()).set_bold().set_text_wrap();
    let plain = ink(Format::new()).set_text_wrap().set_align(FormatAlign::Top);
    let alarm = ink(Format::new()).set_text_wrap().set_bold().set_font_color(Color::RGB(0xb3261e));
    let mut row = 0;
    let mut line = |text: &str, format: &Format| -> Result<(), XlsxError> {
        page.write_string_with_format(row, 0, text, format)?;
        row += 1;
        Ok(())
    };
    line(&format!("{} · {}", brief.title, brief.place), &title)?;
    line(&brief.message, &strong)?;
    if !brief.lacks.is_empty() {
        line(if vi { "Báo cáo chưa đủ:" } else { "This report is not complete:" }, &alarm)?;
        for finding in &brief.lacks {
            line(&format!("– {}. {}", finding.sentence(), finding.remedy), &plain)?;
        }
    }
    for part in &brief.parts {
        if part.lead.is_empty() {
            continue;
        }
        line("", &plain)?;
        line(&part.title, &strong)?;
        for sentence in &part.lead {
            line(sentence, &plain)?;
        }
    }
    line("", &plain)?;
    line(&brief.foot.join(" · "), &plain)?;
    Ok(())
}

/// Which columns a table has on a sheet.
fn written(table: &Table) -> Vec<Written> {
    let mut list = Vec::new();
    for (k, column) in table.columns.iter().enumerate() {
        match column.holds {
            Holds::Line => {}
            Holds::Text | Holds::State => list.push(Written::Words(k)),
            Holds::Number => {
                list.push(Written::Numbers(k));
                let has_units = table.rows.iter().filter_map(|row| row.entries.get(k)).any(|e| !e.unit.is_empty());
                if column.unit.is_empty() && has_units {
                    list.push(Written::Units(k));
                }
            }
        }
    }
    if table.rows.iter().any(|row| !row.note.is_empty()) {
        list.push(Written::Notes);
    }
    list
}

fn sheet(page: &mut Worksheet, table: &Table, brief: &Brief) -> Result<(), XlsxError> {
    let columns = written(table);
    let title = ink(Format::new()).set_bold().set_font_size(12);
    let small = ink(Format::new()).set_font_color(Color::RGB(0x566573)).set_font_size(9);
    let header = ink(Format::new())
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_background_color(Color::RGB(0xf4f6f8))
        .set_border_bottom(FormatBorder::Thin);
    page.write_string_with_format(0, 0, &table.title, &title)?;
    page.write_string_with_format(1, 0, brief.foot.join(" · "), &small)?;
    for (at, column) in columns.iter().enumerate() {
        let at = at as u16;
        page.write_string_with_format(HEADER_ROW, at, heading(table, column, brief), &header)?;
        page.set_column_width(at, width(table, column))?;
    }
    let mut at = HEADER_ROW + 1;
    for row in &table.rows {
        write_row(page, at, row, &columns, brief)?;
        at += 1;
    }
    if let Some(last) = columns.len().checked_sub(1).filter(|_| at > HEADER_ROW + 1) {
        page.autofilter(HEADER_ROW, 0, at - 1, last as u16)?;
    }
    for note in &table.notes {
        at += 1;
        page.write_string_with_format(at, 0, note, &small)?;
    }
    page.set_freeze_panes(HEADER_ROW + 1, 0)?;
    page.set_repeat_rows(HEADER_ROW, HEADER_ROW)?;
    page.set_landscape().set_paper_size(PAPER_A4).set_print_fit_to_pages(1, 0);
    page.set_footer("&L&8&A&R&8&P/&N");
    Ok(())
}

fn heading(table: &Table, written: &Written, brief: &Brief) -> String {
    let vi = brief.language == "vi";
    let of = |column: &Column| {
        if column.unit.is_empty() { column.heading.clone() } else { format!("{} ({})", column.heading, column.unit) }
    };
    match written {
        Written::Words(k) | Written::Numbers(k) => of(&table.columns[*k]),
        Written::Units(_) => if vi { "Đơn vị tính" } else { "Unit" }.to_owned(),
        Written::Notes => if vi { "Ghi chú" } else { "Note" }.to_owned(),
    }
}

/// Wide enough for what usually stands there, in characters.
fn width(table: &Table, written: &Written) -> f64 {
    let longest = |k: usize| {
        let words = table.rows.iter().filter(|row| !row.is_heading()).filter_map(|row| row.entries.get(k));
        words.map(|e| e.text.chars().count() + e.under.chars().count()).max().unwrap_or(0)
    };
    match written {
        Written::Words(k) => (longest(*k) as f64 + 2.0).clamp(10.0, 60.0),
        Written::Numbers(_) => 14.0,
        Written::Units(_) => 16.0,
        Written::Notes => 28.0,
    }
}

fn write_row(page: &mut Worksheet, at: u32, row: &Row, columns: &[Written], brief: &Brief) -> Result<(), XlsxError> {
    let plain = |format: Format| {
        let format = ink(format).set_align(FormatAlign::Top);
        if row.strong { format.set_bold() } else { format }
    };
    let words = plain(Format::new().set_text_wrap());
    if row.is_heading() {
        page.write_string_with_format(at, 0, &row.entries[0].text, &words)?;
        return Ok(());
    }
    for (column, written) in columns.iter().enumerate() {
        let column = column as u16;
        match written {
            Written::Words(k) => {
                let entry = &row.entries[*k];
                let text = if entry.under.is_empty() {
                    entry.text.clone()
                } else {
                    format!("{} · {}", entry.text, entry.under)
                };
                page.write_string_with_format(at, column, text, &words)?;
            }
            Written::Numbers(k) => {
                let entry = &row.entries[*k];
                match entry.value {
                    Some(value) => {
                        let format = plain(Format::new()).set_num_format(number_format(entry, brief.language));
                        page.write_number_with_format(at, column, value, &format)?;
                    }
                    None => {
                        let right = plain(Format::new()).set_align(FormatAlign::Right);
                        page.write_string_with_format(at, column, &entry.text, &right)?;
                    }
                }
            }
            Written::Units(k) => {
                page.write_string_with_format(at, column, &row.entries[*k].unit, &words)?;
            }
            Written::Notes => {
                page.write_string_with_format(at, column, &row.note, &words)?;
            }
        }
    }
    Ok(())
}

/// Thousands and decimals as the language writes them, whatever the reader's own settings are.
fn number_format(entry: &Entry, language: &str) -> String {
    let decimals = "0".repeat(entry.decimals.into());
    let digits = if decimals.is_empty() { "#,##0".to_owned() } else { format!("#,##0.{decimals}") };
    let locale = if language == "vi" { "[$-42A]" } else { "[$-809]" };
    format!("{locale}{digits}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_sheets_are_short_and_differ() {
        let mut taken = BTreeSet::new();
        assert_eq!(sheet_name("Quận: × lĩnh vực?", &mut taken), "Quận × lĩnh vực");
        assert_eq!(sheet_name("Quận × lĩnh vực", &mut taken), "Quận × lĩnh vực 2");
        assert!(sheet_name(&"dài ".repeat(20), &mut taken).chars().count() <= SHEET_NAME_MAX);
    }

    #[test]
    fn numbers_are_written_as_the_language_does() {
        let entry = Entry::number("9,5 %", 9.479, 1);
        assert_eq!(number_format(&entry, "vi"), "[$-42A]#,##0.0");
        assert_eq!(number_format(&Entry::number("3.736", 3736.0, 0), "en"), "[$-809]#,##0");
    }
}
