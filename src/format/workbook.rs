//! Files of rows and columns (CSV, XLS, XLSX) as a [`Workbook`] of grids, told apart by their content.

use super::FormatError;
use super::delimited::read_delimited;
use super::grid::Workbook;
use super::xls::read_xls;
use super::xlsx::read_xlsx;

/// First bytes of a ZIP archive (XLSX) and of a compound file (XLS).
const ZIP: &[u8] = b"PK\x03\x04";
const COMPOUND_FILE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// Whether the bytes start as an XLS or XLSX workbook does.
pub fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(ZIP) || bytes.starts_with(COMPOUND_FILE)
}

/// Reads all sheets of an XLSX or XLS workbook, or delimited text as one sheet without a name.
///
/// # Errors
/// Damaged, protected or oversized files, with the sheet where it is known.
pub fn read_workbook(bytes: &[u8]) -> Result<Workbook, FormatError> {
    if bytes.starts_with(ZIP) {
        read_xlsx(bytes)
    } else if bytes.starts_with(COMPOUND_FILE) {
        read_xls(bytes)
    } else {
        read_delimited(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::grid::CellValue;
    use proptest::prelude::*;
    use rust_xlsxwriter::{Format, Workbook as Writer};

    /// Two sheets: merged header, text, number, date, boolean, a hidden row; a hidden sheet.
    fn sample() -> Vec<u8> {
        let mut book = Writer::new();
        let sheet = book.add_worksheet().set_name("Biểu 1").unwrap();
        sheet.merge_range(0, 1, 0, 2, "Tháng 5", &Format::new()).unwrap();
        sheet.set_row_hidden(1).unwrap();
        sheet.write(1, 0, "Quận 1").unwrap();
        sheet.write(1, 1, 104.5).unwrap();
        sheet.write(1, 2, true).unwrap();
        let date = rust_xlsxwriter::ExcelDateTime::from_ymd(2022, 5, 25).unwrap();
        sheet.write_with_format(2, 1, &date, &Format::new().set_num_format("dd/mm/yyyy")).unwrap();
        book.add_worksheet().set_name("Ẩn").unwrap().set_hidden(true).write(0, 0, "x").unwrap();
        book.save_to_buffer().unwrap()
    }

    #[test]
    fn reads_a_workbook_with_merged_headers() {
        let book = read_workbook(&sample()).unwrap();
        assert_eq!(book.format, "XLSX");
        let grid = book.sheet(" biểu 1").unwrap();
        assert_eq!(grid.filled(0, 2).to_string(), "Tháng 5");
        assert_eq!(grid.value(0, 2), &CellValue::Blank);
        assert_eq!(grid.value(1, 1), &CellValue::Number(104.5));
        assert_eq!(grid.value(1, 2), &CellValue::Bool(true));
        assert_eq!(grid.value(2, 1).to_string(), "2022-05-25");
        assert!(matches!(grid.value(2, 1), CellValue::Date(_)));
        assert_eq!(grid.hidden_rows.iter().copied().collect::<Vec<_>>(), [1]);
        assert!(book.sheet("Ẩn").unwrap().hidden);
    }

    #[test]
    fn a_bomb_is_refused() {
        use std::io::Write;
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file("xl/worksheets/sheet1.xml", options).unwrap();
        let zeros = vec![b' '; 1 << 20];
        for _ in 0..101 {
            zip.write_all(&zeros).unwrap();
        }
        let bytes = zip.finish().unwrap().into_inner();
        assert!(bytes.len() < 1 << 20);
        let error = read_workbook(&bytes).unwrap_err();
        assert_eq!(error.to_string(), "XLSX: the archive: more than 100 MB when inflated");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn damage_is_an_error_and_never_a_panic(cut in 0usize..8000, at in 0usize..8000, flip in 1u8..) {
            let mut bytes = sample();
            let at = at % bytes.len();
            bytes[at] ^= flip;
            let _ = read_workbook(&bytes);
            bytes.truncate(cut % bytes.len());
            let _ = read_workbook(&bytes);
        }
    }
}
