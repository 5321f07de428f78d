//! Large delimited text as a stream of records: any delimiter and encoding, nothing kept. [`super::read_workbook`] is
//! for tables that fit into a grid; exports of cases have tens of millions of rows.

use std::borrow::Cow;

use csv::{ReaderBuilder, StringRecord};

use super::FormatError;
use super::delimited::{declared_delimiter, refuse_nul, sniff_delimiter};
use super::encoding::decode;

/// What is known of delimited text beforehand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordShape {
    /// The delimiter, one ASCII character; by default the one that cuts the first records best.
    pub delimiter: Option<u8>,
    /// Name of the encoding of text that is not UTF-8; by default a careful guess.
    pub encoding: Option<String>,
}

/// Gives every record with the number of its first line, from 1; blank lines are no records. Returns what was noticed.
///
/// # Errors
/// TCVN3 text, binary content, a quote that is never closed, or the first error of `each`.
pub fn for_each_record<E: From<FormatError>>(
    bytes: &[u8],
    shape: &RecordShape,
    mut each: impl FnMut(u64, &StringRecord) -> Result<(), E>,
) -> Result<Vec<String>, E> {
    let mut notes = Vec::new();
    let text = text_of(bytes, shape, &mut notes)?;
    refuse_nul(&text)?;
    let (body, declared) = declared_delimiter(&text);
    let delimiter = declared.and_then(|d| u8::try_from(d).ok()).or(shape.delimiter);
    let delimiter = delimiter.unwrap_or_else(|| sniff_delimiter(body) as u8);
    let mut lines = Lines { text: body.as_bytes(), at: 0, line: 1 + u64::from(declared.is_some()) };
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(body.as_bytes());
    let mut record = StringRecord::new();
    let mut last = (0, false);
    while reader.read_record(&mut record).map_err(|e| unreadable(&e))? {
        let line = lines.line_at(record.position().map_or(0, csv::Position::byte) as usize);
        last = (line, record.iter().any(|field| field.contains('\n')));
        each(line, &record)?;
    }
    // A quote left open swallows the rest of the file into one field; so does a field with line breaks, legitimately.
    if last.1 && body.bytes().filter(|b| *b == b'"').count() % 2 == 1 {
        return Err(open_quote(last.0).into());
    }
    Ok(notes)
}

/// Counts lines. The reader's own count takes "\r\n" for the end of two lines or none.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the first character of a record, which begins at or after `from`.
    fn line_at(&mut self, from: usize) -> u64 {
        let skipped = self.text[from..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let start = from + skipped;
        self.line += self.text[self.at..start].iter().filter(|byte| **byte == b'\n').count() as u64;
        self.at = start;
        self.line
    }
}

fn text_of<'a>(bytes: &'a [u8], shape: &RecordShape, notes: &mut Vec<String>) -> Result<Cow<'a, str>, FormatError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    // UTF-16 of Latin text is valid UTF-8 with a NUL in every second byte: that is for `decode` to see.
    if let Ok(text) = std::str::from_utf8(bytes)
        && !bytes[..bytes.len().min(4096)].contains(&0)
    {
        return Ok(Cow::Borrowed(text));
    }
    let decoded = decode(bytes, shape.encoding.as_deref()).map_err(|tcvn3| FormatError {
        format: "CSV",
        at: "the whole file".to_owned(),
        message: tcvn3.to_string(),
        hint: "Convert the file to Unicode (for example with UniKey's toolkit, TCVN3 to Unicode) and try again."
            .to_owned(),
    })?;
    notes.push(format!("read as {}", decoded.encoding));
    if decoded.lossy {
        notes.push(format!("some bytes do not exist in {}; they are shown as \u{FFFD}", decoded.encoding));
    }
    Ok(Cow::Owned(decoded.text))
}

/// The text of a file: by its mark, as UTF-8, or by a careful guess.
///
/// # Errors
/// TCVN3 text.
pub fn decode_text(bytes: &[u8]) -> Result<Cow<'_, str>, FormatError> {
    text_of(bytes, &RecordShape::default(), &mut Vec::new())
}

fn unreadable(error: &csv::Error) -> FormatError {
    FormatError {
        format: "CSV",
        at: error.position().map_or_else(|| "the file".to_owned(), |at| format!("line {}", at.line())),
        message: error.to_string(),
        hint: "Check that the file was downloaded whole.".to_owned(),
    }
}

fn open_quote(line: u64) -> FormatError {
    FormatError {
        format: "CSV",
        at: format!("line {line}"),
        message: "a quote (\") is opened and never closed".to_owned(),
        hint: "Close the quote; a quote inside a quoted field is written twice (\"\").".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(bytes: &[u8]) -> Result<Vec<(u64, Vec<String>)>, FormatError> {
        read_as(bytes, RecordShape::default())
    }

    fn read_as(bytes: &[u8], shape: RecordShape) -> Result<Vec<(u64, Vec<String>)>, FormatError> {
        let mut records = Vec::new();
        for_each_record(bytes, &shape, |line, record| {
            records.push((line, record.iter().map(str::to_owned).collect()));
            Ok::<(), FormatError>(())
        })?;
        Ok(records)
    }

    #[test]
    fn records_know_their_lines() {
        let records = read(b"a;b\r\n\r\n\"two\nlines\";\"say \"\"x\"\"\"\nlast;1").unwrap();
        assert_eq!(records[1], (3, vec!["two\nlines".to_owned(), "say \"x\"".to_owned()]));
        assert_eq!((records[2].0, records.len()), (5, 3));
        assert_eq!(read(b"sep=;\na,b;c\n").unwrap(), [(2, vec!["a,b".to_owned(), "c".to_owned()])]);
    }

    #[test]
    fn other_encodings_are_decoded() {
        let le: Vec<u8> =
            [0xFF, 0xFE].into_iter().chain("Mã,Quận\n1,Gò Vấp\n".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(read(&le).unwrap()[1].1, ["1", "Gò Vấp"]);
        assert_eq!(read(b"a,b\n1,caf\xE9\n").unwrap()[1].1, ["1", "café"]);
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert_eq!(
            read(b"a,b\n1,2\n\"x,3\n4,5\n").unwrap_err().to_string(),
            "CSV: line 3: a quote (\") is opened and never closed"
        );
        assert!(read(b"a,b\n1,\0\n").is_err());
        // A lone quote inside a line is no open quote.
        assert_eq!(read(b"a,b\n1,5\" pipe\n").unwrap().len(), 2);
    }

    proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(&bytes);
        }

        #[test]
        fn quoted_fields_come_back(fields in proptest::collection::vec("[a-zà-ỹ\",; 0-9]{1,6}", 3..12)) {
            let rows: Vec<String> = fields.chunks(3).filter(|row| row.len() == 3)
                .map(|row| row.iter().map(|f| format!("\"{}\"", f.replace('"', "\"\""))).collect::<Vec<_>>().join(","))
                .collect();
            let text = rows.join("\n") + "\n";
            let comma = RecordShape { delimiter: Some(b','), encoding: None };
            let ours: Vec<String> = read_as(text.as_bytes(), comma).unwrap().into_iter().flat_map(|(_, fields)| fields).collect();
            prop_assert_eq!(ours, fields.chunks(3).filter(|r| r.len() == 3).flatten().cloned().collect::<Vec<_>>());
        }
    }
}
