//! Tables with one header row: CSV in three encodings, and XLSX.

use chrono::NaiveDate;
use encoding_rs::WINDOWS_1258;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatBorder, Workbook, XlsxError};
use unicode_normalization::UnicodeNormalization;

/// Encoding of a CSV file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 with a byte-order mark, as Excel saves it.
    Utf8Bom,
    /// UTF-16 little endian with a byte-order mark ("Unicode text").
    Utf16,
    /// The old Vietnamese code page of Windows: tones are separate characters.
    Windows1258,
}

/// One cell of a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Field {
    /// Text.
    Text(String),
    /// A number as written in a CSV, and its value for a workbook.
    Number(String, f64),
    /// Nothing.
    Blank,
}

/// A CSV file with semicolons; fields that hold one are quoted.
pub fn csv(header: &[String], rows: &[Vec<Field>], encoding: Encoding) -> Vec<u8> {
    let mut out = String::new();
    let mut line = |fields: &mut dyn Iterator<Item = &str>| {
        for (i, field) in fields.enumerate() {
            if i > 0 {
                out.push(';');
            }
            if field.contains([';', '"', '\n']) {
                out.push_str(&format!("\"{}\"", field.replace('"', "\"\"")));
            } else {
                out.push_str(field);
            }
        }
        out.push_str("\r\n");
    };
    line(&mut header.iter().map(String::as_str));
    for row in rows {
        line(&mut row.iter().map(|f| match f {
            Field::Text(text) | Field::Number(text, _) => text.as_str(),
            Field::Blank => "",
        }));
    }
    encode(&out, encoding)
}

fn encode(text: &str, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Utf8Bom => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        Encoding::Utf16 => [0xFEFF_u16].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect(),
        Encoding::Windows1258 => {
            let separate = with_separate_tones(text);
            let (bytes, _, unmappable) = WINDOWS_1258.encode(&separate);
            debug_assert!(!unmappable, "a letter that the code page lacks");
            bytes.into_owned()
        }
    }
}

/// The five tones as combining characters: grave, acute, tilde, hook above, dot below.
const TONES: [char; 5] = ['\u{300}', '\u{301}', '\u{303}', '\u{309}', '\u{323}'];

/// The code page has "ô" and the tones, but not "ố": every letter with a tone becomes letter and tone.
fn with_separate_tones(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        let parts: Vec<char> = std::iter::once(letter).nfd().collect();
        let tone = parts.iter().copied().find(|c| TONES.contains(c));
        match tone {
            Some(tone) => {
                out.extend(parts.iter().copied().filter(|c| *c != tone).nfc());
                out.push(tone);
            }
            None => out.push(letter),
        }
    }
    out
}

/// A sheet of a workbook with title, unit line, header, rows and footnotes.
pub struct Sheet<'a> {
    /// Sheet name.
    pub name: &'a str,
    /// First line.
    pub title: &'a str,
    /// Line above the header, right.
    pub unit: &'a str,
    /// Column headers.
    pub header: &'a [String],
    /// Rows.
    pub rows: &'a [Vec<Field>],
    /// Lines below the table.
    pub footnotes: &'a [&'a str],
}

/// A workbook with one table, dated `created` so that the same figures are the same bytes.
pub fn xlsx(sheet: &Sheet<'_>, created: NaiveDate) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = new_workbook(created)?;
    let head = Format::new().set_bold().set_text_wrap().set_border(FormatBorder::Thin);
    let title = Format::new().set_bold();
    let ws = workbook.add_worksheet();
    ws.set_name(sheet.name)?;
    ws.write_string_with_format(0, 0, sheet.title, &title)?;
    ws.write_string(2, sheet.header.len().saturating_sub(2) as u16, sheet.unit)?;
    for (column, text) in sheet.header.iter().enumerate() {
        ws.write_string_with_format(3, column as u16, text, &head)?;
    }
    let mut line = 4;
    for row in sheet.rows {
        for (column, field) in row.iter().enumerate() {
            match field {
                Field::Text(text) => ws.write_string(line, column as u16, text)?,
                Field::Number(_, value) => ws.write_number(line, column as u16, *value)?,
                Field::Blank => ws,
            };
        }
        line += 1;
    }
    for note in sheet.footnotes {
        ws.write_string(line + 1, 0, *note)?;
        line += 1;
    }
    workbook.save_to_buffer()
}

/// An empty workbook whose properties hold no present time.
pub fn new_workbook(created: NaiveDate) -> Result<Workbook, XlsxError> {
    use chrono::Datelike;
    let at = ExcelDateTime::from_ymd(created.year() as u16, created.month() as u8, created.day() as u8)?;
    let mut workbook = Workbook::new();
    workbook.set_properties(&DocProperties::new().set_title(super::NOTE).set_creation_datetime(&at));
    Ok(workbook)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_old_code_page_reads_back() {
        let text = "Quận Gò Vấp;Tháng 5/2022;Nhiễm sắc; Hòa Bình; ưỡn; Đường";
        let bytes = encode(text, Encoding::Windows1258);
        let (decoded, _, broken) = WINDOWS_1258.decode(&bytes);
        assert!(!broken);
        assert_eq!(decoded.nfc().collect::<String>(), text);
    }

    #[test]
    fn a_field_with_a_separator_is_quoted() {
        let header = ["Ngành".to_owned(), "Số".to_owned()];
        let rows = [vec![Field::Text("Bán buôn; sửa chữa".into()), Field::Number("1,5".into(), 1.5)]];
        let bytes = csv(&header, &rows, Encoding::Utf8Bom);
        assert_eq!(std::str::from_utf8(&bytes).unwrap(), "\u{feff}Ngành;Số\r\n\"Bán buôn; sửa chữa\";1,5\r\n");
    }

    #[test]
    fn utf_16_has_its_mark() {
        assert_eq!(encode("ậ", Encoding::Utf16), [0xFF, 0xFE, 0xAD, 0x1E]);
    }

    #[test]
    fn the_same_workbook_is_the_same_bytes() {
        let header = ["Đơn vị".to_owned(), "Số".to_owned()];
        let rows = [vec![Field::Text("Quận 1".into()), Field::Number("1,5".into(), 1.5)]];
        let sheet = Sheet { name: "A", title: "T", unit: "U", header: &header, rows: &rows, footnotes: &["N"] };
        let day = NaiveDate::from_ymd_opt(2022, 5, 29).unwrap();
        assert_eq!(xlsx(&sheet, day).unwrap(), xlsx(&sheet, day).unwrap());
    }
}
