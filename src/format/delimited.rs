//! CSV and its relatives: any delimiter, any encoding, into a [`Grid`] of text cells. Numbers stay text, because
//! "1.234" is a number only to somebody who knows the source.

use super::FormatError;
use super::encoding::{Decoded, decode};
use super::grid::{CellValue, Grid, MAX_CELLS, Workbook, too_many_cells};

/// Delimiters in the order in which ties are decided: the ones that are rare inside text come first.
const DELIMITERS: [char; 4] = ['\t', ';', '|', ','];

/// Records looked at to find the delimiter.
const SNIFFED_RECORDS: usize = 50;

/// Reads delimited text of unknown delimiter and encoding as a workbook of one sheet without a name.
///
/// # Errors
/// TCVN3 text, binary content, a quote that is never closed, too many cells.
pub fn read_delimited(bytes: &[u8]) -> Result<Workbook, FormatError> {
    let decoded = decode(bytes, None).map_err(|tcvn3| FormatError {
        format: "CSV",
        at: "the whole file".to_owned(),
        message: tcvn3.to_string(),
        hint: "Convert the file to Unicode (for example with UniKey's toolkit, TCVN3 to Unicode) and try again."
            .to_owned(),
    })?;
    refuse_nul(&decoded.text)?;
    let (text, declared) = declared_delimiter(&decoded.text);
    let delimiter = declared.unwrap_or_else(|| sniff_delimiter(text));
    let first_row = u32::from(declared.is_some());
    let grid = read_grid(text, delimiter, first_row)?;
    Ok(Workbook { format: "CSV", grids: vec![grid], notes: notes(&decoded) })
}

/// Text has no NUL characters.
pub(super) fn refuse_nul(text: &str) -> Result<(), FormatError> {
    let Some(at) = text.find('\0') else { return Ok(()) };
    Err(FormatError {
        format: "CSV",
        at: format!("line {}", 1 + text[..at].matches('\n').count()),
        message: "a NUL character: this is not a text file".to_owned(),
        hint: "Check that the file was downloaded whole and has the right extension.".to_owned(),
    })
}

fn notes(decoded: &Decoded) -> Vec<String> {
    let mut notes = Vec::new();
    if decoded.encoding != "utf-8" {
        notes.push(format!("read as {}", decoded.encoding));
    }
    if decoded.lossy {
        notes.push(format!("some bytes do not exist in {}; they are shown as \u{FFFD}", decoded.encoding));
    }
    notes
}

/// Excel's first line `sep=;`.
pub(super) fn declared_delimiter(text: &str) -> (&str, Option<char>) {
    let line = text.lines().next().unwrap_or_default();
    let mut rest = line.get(..4).filter(|s| s.eq_ignore_ascii_case("sep=")).map_or("", |_| &line[4..]).chars();
    match (rest.next(), rest.next()) {
        (Some(delimiter), None) => {
            let after = text[line.len()..].strip_prefix('\r').unwrap_or(&text[line.len()..]);
            (after.strip_prefix('\n').unwrap_or(after), Some(delimiter))
        }
        _ => (text, None),
    }
}

/// The delimiter that cuts most of the first records into the same number of fields (more than one).
pub(super) fn sniff_delimiter(text: &str) -> char {
    let mut best = (0, 0, ',');
    for delimiter in DELIMITERS {
        let mut counts: Vec<usize> = Records::new(text, delimiter)
            .take(SNIFFED_RECORDS)
            .map_while(Result::ok)
            .map(|record| record.fields.len())
            .filter(|fields| *fields > 1)
            .collect();
        counts.sort_unstable();
        for run in counts.chunk_by(|a, b| a == b) {
            if (run.len(), run[0]) > (best.0, best.1) {
                best = (run.len(), run[0], delimiter);
            }
        }
    }
    best.2
}

fn read_grid(text: &str, delimiter: char, first_row: u32) -> Result<Grid, FormatError> {
    let mut cells = Vec::new();
    for (row, record) in (first_row..).zip(Records::new(text, delimiter)) {
        let record = record?;
        for (column, field) in (0u32..).zip(record.fields) {
            if !field.is_empty() {
                cells.push((row, column, CellValue::Text(field)));
            }
        }
        if cells.len() > MAX_CELLS {
            return Err(too_many_cells(""));
        }
    }
    Grid::from_cells("", cells)
}

/// One record: a line, or several when a quoted field has line breaks.
struct Record {
    fields: Vec<String>,
}

/// Splits text into records; blank lines are records of one empty field, so that rows keep their numbers.
struct Records<'a> {
    rest: &'a str,
    delimiter: char,
    line: usize,
}

impl<'a> Records<'a> {
    fn new(text: &'a str, delimiter: char) -> Self {
        Self { rest: text, delimiter, line: 1 }
    }

    /// Takes the rest of a quoted field, without its closing quote.
    fn quoted(&mut self) -> Result<String, FormatError> {
        let opened = self.line;
        let mut field = String::new();
        loop {
            let Some(at) = self.rest.find('"') else {
                self.rest = "";
                return Err(FormatError {
                    format: "CSV",
                    at: format!("line {opened}"),
                    message: "a quote (\") is opened and never closed".to_owned(),
                    hint: "Close the quote; a quote inside a quoted field is written twice (\"\").".to_owned(),
                });
            };
            self.line += self.rest[..at].matches('\n').count();
            field.push_str(&self.rest[..at]);
            self.rest = &self.rest[at + 1..];
            match self.rest.strip_prefix('"') {
                Some(rest) => {
                    field.push('"');
                    self.rest = rest;
                }
                None => return Ok(field),
            }
        }
    }

    /// Takes one field; says whether it ended the record.
    fn field(&mut self) -> Result<(String, bool), FormatError> {
        let mut field = String::new();
        if let Some(rest) = self.rest.strip_prefix('"') {
            self.rest = rest;
            field = self.quoted()?;
        }
        let delimiter = self.delimiter;
        let end = self.rest.find([delimiter, '\n', '\r']).unwrap_or(self.rest.len());
        field.push_str(&self.rest[..end]);
        self.rest = &self.rest[end..];
        if let Some(rest) = self.rest.strip_prefix(delimiter) {
            self.rest = rest;
            return Ok((field, false));
        }
        let rest = self.rest.strip_prefix('\r').unwrap_or(self.rest);
        self.rest = rest.strip_prefix('\n').unwrap_or(rest);
        self.line += 1;
        Ok((field, true))
    }
}

impl Iterator for Records<'_> {
    type Item = Result<Record, FormatError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let mut fields = Vec::new();
        loop {
            match self.field() {
                Ok((field, last)) => {
                    fields.push(field);
                    if last {
                        return Some(Ok(Record { fields }));
                    }
                }
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Vec<(String, String)> {
        let workbook = read_delimited(text.as_bytes()).unwrap();
        workbook.grids[0].cells().iter().map(|(n, v)| (n.to_string(), v.to_string())).collect()
    }

    fn cell(text: &str, name: &str) -> String {
        read(text).into_iter().find(|(n, _)| n == name).map(|(_, v)| v).unwrap_or_default()
    }

    #[test]
    fn finds_the_delimiter() {
        assert_eq!(cell("Quận;Tháng 5/2022\nQuận 1;1.234,5\nQuận 3;2,5\n", "B2"), "1.234,5");
        assert_eq!(cell("a\tb,c\n1\t2,5\n", "B2"), "2,5");
        assert_eq!(cell("a|b\n1|2\n", "B2"), "2");
        assert_eq!(cell("a,b\r\n\"x, y\",2\r\n", "A2"), "x, y");
        assert_eq!(cell("sep=;\r\na,b;c\r\n", "A2"), "a,b");
        assert_eq!(cell("Báo cáo tháng 5, năm 2022\n\na;b;c\n1;2;3\n", "C4"), "3");
    }

    #[test]
    fn quotes_keep_line_breaks_and_rows_keep_their_numbers() {
        let text = "a,b\n\n\"two\nlines\",\"say \"\"x\"\"\"\nlast,1\n";
        assert_eq!(cell(text, "A3"), "two\nlines");
        assert_eq!(cell(text, "B3"), "say \"x\"");
        assert_eq!(cell(text, "A4"), "last");
    }

    #[test]
    fn says_where_a_quote_was_left_open() {
        let error = read_delimited(b"a,b\n1,2\n\"x,3\n4,5\n").unwrap_err();
        assert_eq!(error.to_string(), "CSV: line 3: a quote (\") is opened and never closed");
    }

    proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = read_delimited(&bytes);
        }

        #[test]
        fn quoted_fields_come_back(fields in proptest::collection::vec("[a-zà-ỹ\",;\t\n 0-9]{0,8}", 2..6)) {
            let line: Vec<String> = fields.iter().map(|f| format!("\"{}\"", f.replace('"', "\"\""))).collect();
            let text = line.join(",") + "\n";
            let records: Vec<_> = Records::new(&text, ',').map(|r| r.unwrap().fields).collect();
            prop_assert_eq!(records, vec![fields]);
        }
    }
}
