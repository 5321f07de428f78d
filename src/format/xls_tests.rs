//! XLS files and the guards in front of them.

use super::*;
use crate::format::grid::CellName;
use proptest::prelude::*;

fn record(kind: u16, body: &[u8]) -> Vec<u8> {
    let mut bytes = kind.to_le_bytes().to_vec();
    bytes.extend((body.len() as u16).to_le_bytes());
    bytes.extend(body);
    bytes
}

fn words(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|w| w.to_le_bytes()).collect()
}

fn number(row: u16, column: u16, value: f64) -> Vec<u8> {
    let mut body = words(&[row, column, 0]);
    body.extend(value.to_le_bytes());
    record(0x0203, &body)
}

fn label(row: u16, column: u16, string: u32) -> Vec<u8> {
    let mut body = words(&[row, column, 0]);
    body.extend(string.to_le_bytes());
    record(0x00FD, &body)
}

/// A shared string table with one string of Latin letters, cut into CONTINUE records where it is long.
fn strings(text: &str) -> Vec<u8> {
    let mut body = 1u32.to_le_bytes().to_vec();
    body.extend(1u32.to_le_bytes());
    body.extend((text.len() as u16).to_le_bytes());
    body.push(0);
    let (first, rest) = text.as_bytes().split_at(text.len().min(8000));
    body.extend(first);
    let mut bytes = record(0x00FC, &body);
    for part in rest.chunks(8000) {
        let mut body = vec![0];
        body.extend(part);
        bytes.extend(record(0x003C, &body));
    }
    bytes
}

/// A workbook of one sheet "T5" with these records, in a compound file.
fn workbook(strings: &[u8], declared_rows: u32, cells: &[Vec<u8>]) -> Vec<u8> {
    let begin = |kind: u16| record(0x0809, &words(&[0x0600, kind, 0, 0, 0, 0, 0, 0]));
    let bound = |position: u32| {
        let mut body = position.to_le_bytes().to_vec();
        body.extend([0, 0, 2, 0, b'T', b'5']);
        record(0x0085, &body)
    };
    let end = record(0x000A, &[]);
    let globals = begin(5).len() + bound(0).len() + strings.len() + end.len();
    let mut stream = begin(5);
    stream.extend(bound(globals as u32));
    stream.extend(strings);
    stream.extend(&end);
    stream.extend(begin(0x10));
    let mut dimensions = 0u32.to_le_bytes().to_vec();
    dimensions.extend(declared_rows.to_le_bytes());
    dimensions.extend(words(&[0, 4, 0]));
    stream.extend(record(0x0200, &dimensions));
    cells.iter().for_each(|c| stream.extend(c));
    stream.extend(&end);
    compound_file(stream)
}

/// One stream "Workbook" in 512-byte sectors: allocation table, directory, stream.
fn compound_file(mut stream: Vec<u8>) -> Vec<u8> {
    stream.resize(stream.len().max(4096).next_multiple_of(512), 0);
    let sectors = stream.len() / 512;
    let tables = (sectors + 2).div_ceil(127);
    let first = (tables + 1) as u32;
    let mut table: Vec<u32> = vec![0xFFFF_FFFD; tables];
    table.push(0xFFFF_FFFE);
    table.extend((1..sectors as u32).map(|n| first + n));
    table.push(0xFFFF_FFFE);
    table.resize(tables * 128, 0xFFFF_FFFF);
    let mut file = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    file.resize(24, 0);
    file.extend(words(&[0x3E, 3, 0xFFFE, 9, 6, 0, 0, 0]));
    let end = 0xFFFF_FFFEu32;
    for word in [0, tables as u32, tables as u32, 0, 4096, end, 0, end, 0] {
        file.extend(word.to_le_bytes());
    }
    for slot in 0..109 {
        let word = if slot < tables { slot as u32 } else { 0xFFFF_FFFF };
        file.extend(word.to_le_bytes());
    }
    table.iter().for_each(|word| file.extend(word.to_le_bytes()));
    for (name, kind, start, size) in [("Root Entry", 5, end, 0), ("Workbook", 2, first, stream.len() as u32)] {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        entry.resize(64, 0);
        entry.extend(((name.len() * 2 + 2) as u16).to_le_bytes());
        entry.extend([kind, 1]);
        entry.extend([0xFF; 12]);
        entry.resize(116, 0);
        entry.extend(start.to_le_bytes());
        entry.extend(size.to_le_bytes());
        entry.resize(128, 0);
        file.extend(entry);
    }
    file.resize(file.len() + 256, 0);
    file.extend(stream);
    file
}

fn sample() -> Vec<u8> {
    let hidden = record(0x0208, &words(&[1, 0, 3, 300, 0, 0, 0x20, 0]));
    workbook(&strings("Quan 1"), 3, &[hidden, label(1, 0, 0), number(1, 1, 104.5), number(2, 3, -2.0)])
}

#[test]
fn reads_numbers_texts_and_hidden_rows() {
    let book = read_xls(&sample()).unwrap();
    let grid = book.sheet("T5").unwrap();
    assert_eq!(grid.value(1, 0).to_string(), "Quan 1");
    assert_eq!(grid.value(1, 1), &CellValue::Number(104.5));
    assert_eq!(grid.value(2, 3), &CellValue::Number(-2.0));
    assert_eq!(grid.cells().len(), 3);
    assert_eq!(grid.hidden_rows.iter().copied().collect::<Vec<_>>(), [1]);
}

#[test]
fn what_would_fill_the_memory_is_refused() {
    let refuse = |bytes: &[u8]| read_xls(bytes).unwrap_err().to_string();
    let corner = CellName { row: 65_535, column: 255 };
    let far = workbook(&strings("x"), 3, &[number(0, 0, 1.0), number(65_535, 255, 1.0)]);
    let message =
        format!("XLS: sheet 1, whose last cell is {corner}: the sheets span more than 4000000 cells, or too much text");
    assert_eq!(refuse(&far), message);
    let declared = workbook(&strings("x"), u32::MAX, &[number(0, 0, 1.0)]);
    assert_eq!(refuse(&declared), "XLS: the workbook: cannot be read (sheet 1 declares 4294967295 rows and 4 columns)");
    let labels: Vec<Vec<u8>> = (0..6000).map(|n| label(n, 0, 0)).collect();
    assert!(refuse(&workbook(&strings(&"x".repeat(60_000)), 3, &labels)).contains("span more than"));
}

#[test]
fn other_documents_are_told_apart() {
    let mut bytes = sample();
    let name = bytes.windows(16).position(|w| w == words(&"Workbook".encode_utf16().collect::<Vec<_>>())).unwrap();
    bytes[name] = b'X';
    let error = read_xls(&bytes).unwrap_err();
    assert_eq!(error.to_string(), "XLS: the file: is a document of Office 97-2003, but not a workbook");
}

proptest! {
    #[test]
    fn damage_is_an_error_and_never_a_panic(at in 0usize..8000, flip in 1u8.., cut in 0usize..8000) {
        let mut bytes = sample();
        let at = at % bytes.len();
        bytes[at] ^= flip;
        let _ = read_xls(&bytes);
        bytes.truncate(cut % bytes.len());
        let _ = read_xls(&bytes);
    }
}
