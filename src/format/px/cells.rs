//! The text after `DATA=`: numbers, `"-"` for zero, one to six dots for missing; with KEYS, rows that begin with the
//! members they are about, where rows of zeros are left out.

use std::collections::HashMap;

use crate::domain::ObsStatus;

use super::super::FormatError;
use super::super::axes::{Axis, CubeCell, times};
use super::KeyColumn;
use super::statement::error;

/// Reads all cells in cube order.
///
/// # Errors
/// A cell that is no number, a number of cells other than the axes ask for, a key that is no member.
pub(super) fn read_cells(
    data: &str,
    first_line: usize,
    axes: &[Axis],
    keys: &[KeyColumn],
    notes: &mut Vec<String>,
) -> Result<Vec<CubeCell>, FormatError> {
    let words = Words { rest: data, line: first_line, on_line: 0 };
    if keys.is_empty() { dense(words, axes) } else { keyed(words, axes, keys, notes) }
}

/// One word of the data.
struct Word<'a> {
    text: &'a str,
    quoted: bool,
    line: usize,
    /// Position on its line, from 1.
    number: usize,
}

impl Word<'_> {
    fn at(&self) -> String {
        format!("line {}, cell {}", self.line, self.number)
    }

    /// A number, zero for a dash, missing for dots; `None` for anything else.
    fn cell(&self) -> Option<CubeCell> {
        let text = self.text.trim();
        let missing = (1..=7).contains(&text.len()) && text.bytes().all(|b| b == b'.') || text == ":";
        let value = match text {
            _ if missing => None,
            "-" => Some(0.0),
            number => Some(number.parse::<f64>().ok().filter(|v| v.is_finite())?),
        };
        let status = if missing { ObsStatus::M } else { ObsStatus::A };
        Some(CubeCell { value, status, at: self.at() })
    }
}

/// Words between blanks, commas, semicolons and tabs, which PC-Axis takes for the same.
struct Words<'a> {
    rest: &'a str,
    line: usize,
    on_line: usize,
}

impl<'a> Iterator for Words<'a> {
    type Item = Word<'a>;

    fn next(&mut self) -> Option<Word<'a>> {
        let separates = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '\0' | '\u{1A}');
        let gap = self.rest.len() - self.rest.trim_start_matches(separates).len();
        let lines = self.rest[..gap].bytes().filter(|b| *b == b'\n').count();
        if lines > 0 {
            self.line += lines;
            self.on_line = 0;
        }
        self.rest = &self.rest[gap..];
        if self.rest.is_empty() {
            return None;
        }
        self.on_line += 1;
        let (line, number) = (self.line, self.on_line);
        if let Some(inside) = self.rest.strip_prefix('"') {
            let end = inside.find('"').unwrap_or(inside.len());
            let text = &inside[..end];
            self.line += text.bytes().filter(|b| *b == b'\n').count();
            self.rest = inside.get(end + 1..).unwrap_or_default();
            return Some(Word { text, quoted: true, line, number });
        }
        let end = self.rest.find(|c| separates(c) || c == '"').unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        Some(Word { text, quoted: false, line, number })
    }
}

fn not_a_cell(word: &Word<'_>) -> FormatError {
    FormatError {
        format: "PC-Axis",
        at: word.at(),
        message: format!("\"{}\" in DATA is not a number", word.text.chars().take(40).collect::<String>()),
        hint: "A cell is a number, \"-\" for zero, or one to six dots in quotes for missing.".to_owned(),
    }
}

fn dense(mut words: Words<'_>, axes: &[Axis]) -> Result<Vec<CubeCell>, FormatError> {
    let sizes: Vec<usize> = axes.iter().map(|a| a.members.len()).collect();
    let expected: usize = sizes.iter().product();
    let mut cells = Vec::with_capacity(expected);
    let wrong_count = |line: usize, found: usize| {
        let product = if sizes.len() > 1 { format!("{} = {expected}", times(&sizes)) } else { expected.to_string() };
        let message = format!("DATA has {found} cells, but the variables have {product} values together");
        error(line, message, "The file is cut off, or its VALUES do not fit its DATA; download it again.")
    };
    while let Some(word) = words.next() {
        if cells.len() == expected {
            let found = expected + 1 + words.by_ref().count();
            return Err(wrong_count(word.line, found));
        }
        cells.push(word.cell().ok_or_else(|| not_a_cell(&word))?);
    }
    if cells.len() < expected {
        return Err(wrong_count(words.line, cells.len()));
    }
    Ok(cells)
}

/// Rows of `"key","key",1 2 3`: one key per stub variable, then a cell for each combination of the heading.
fn keyed(
    mut words: Words<'_>,
    axes: &[Axis],
    keys: &[KeyColumn],
    notes: &mut Vec<String>,
) -> Result<Vec<CubeCell>, FormatError> {
    let (stub, heading) = axes.split_at(keys.len());
    let width: usize = heading.iter().map(|a| a.members.len()).product();
    let indexes: Vec<HashMap<&str, usize>> = stub.iter().zip(keys).map(|(axis, key)| index(axis, *key)).collect();
    let height: usize = stub.iter().map(|a| a.members.len()).product();
    let mut rows: Vec<Option<Vec<CubeCell>>> = Vec::new();
    rows.resize_with(height, || None);
    while let Some(first) = words.next() {
        let line = first.line;
        let mut position = 0;
        let mut key = Some(first);
        for (axis, index) in stub.iter().zip(&indexes) {
            let word = key.take().or_else(|| words.next()).ok_or_else(|| short_row(line, width))?;
            let Some(at) = index.get(word.text.trim()).filter(|_| word.quoted) else {
                let message = format!("\"{}\" is not a member of \"{}\"", word.text, axis.label);
                return Err(error(word.line, message, "Each row of DATA begins with its keys in quotes."));
            };
            position = position * axis.members.len() + at;
        }
        let mut row = Vec::with_capacity(width);
        for _ in 0..width {
            let word = words.next().ok_or_else(|| short_row(line, width))?;
            row.push(word.cell().ok_or_else(|| not_a_cell(&word))?);
        }
        if rows[position].replace(row).is_some() {
            return Err(error(line, "a row with these keys was there before".to_owned(), "Keep one row per key."));
        }
    }
    let left_out = rows.iter().filter(|r| r.is_none()).count();
    if left_out > 0 {
        notes.push(format!("{left_out} rows of zeros are left out of the file, as KEYS allows"));
    }
    let zeros = |_| CubeCell { value: Some(0.0), status: ObsStatus::A, at: "left out by KEYS".to_owned() };
    Ok(rows.into_iter().flat_map(|row| row.unwrap_or_else(|| (0..width).map(zeros).collect())).collect())
}

fn index(axis: &Axis, key: KeyColumn) -> HashMap<&str, usize> {
    axis.members
        .iter()
        .enumerate()
        .map(|(at, member)| match key {
            KeyColumn::Code => (member.code.as_str(), at),
            KeyColumn::Value => (member.label.as_str(), at),
        })
        .collect()
}

fn short_row(line: usize, width: usize) -> FormatError {
    error(
        line,
        format!("the row ends before its keys and its {width} cells"),
        "The file is cut off; download it again.",
    )
}
