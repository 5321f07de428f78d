//! Sheets as grids of typed cells: what CSV, XLS and XLSX have in common. No guessing of headers, numbers in text or
//! periods: that is a mapping's work, or [`super::read_any`]'s best effort.
//!
//! ```
//! use toancanh::format::grid::{CellName, CellValue, Grid};
//! let grid = Grid::from_cells("Sheet1", vec![(13, 2, CellValue::Number(4.5))]).unwrap();
//! assert_eq!(grid.value(13, 2), &CellValue::Number(4.5));
//! assert_eq!(CellName { row: 13, column: 2 }.to_string(), "C14");
//! ```

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::str::FromStr;

use chrono::NaiveDateTime;

use super::FormatError;

/// Most non-blank cells of one workbook; more is refused, so that a small hostile file cannot fill the memory.
pub const MAX_CELLS: usize = 2_000_000;

/// Most cells that the merged ranges of one sheet may cover.
const MAX_MERGED_CELLS: u64 = 1_000_000;

/// Rows and columns of the largest sheet that Excel writes.
const MAX_ROWS: u32 = 1_048_576;
const MAX_COLUMNS: u32 = 16_384;

/// The content of a cell.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum CellValue {
    /// Nothing there.
    #[default]
    Blank,
    /// Text as stored: not trimmed, not normalised.
    Text(String),
    /// A number, in a file that knows numbers.
    Number(f64),
    /// A date, with or without a time of day.
    Date(NaiveDateTime),
    /// True or false.
    Bool(bool),
    /// A formula error such as `#REF!`.
    Error(String),
}

impl CellValue {
    /// Blank, or text of white space only.
    pub fn is_blank(&self) -> bool {
        match self {
            CellValue::Blank => true,
            CellValue::Text(text) => text.trim().is_empty(),
            CellValue::Number(_) | CellValue::Date(_) | CellValue::Bool(_) | CellValue::Error(_) => false,
        }
    }

    /// The text, if the cell holds text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            CellValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if the cell holds a number (text that looks like one does not count).
    pub fn as_number(&self) -> Option<f64> {
        match self {
            CellValue::Number(number) => Some(*number),
            _ => None,
        }
    }
}

impl fmt::Display for CellValue {
    /// What a reader of the sheet sees, without number formats; a date at midnight prints without the time.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CellValue::Blank => Ok(()),
            CellValue::Text(text) | CellValue::Error(text) => f.write_str(text),
            CellValue::Number(number) => write!(f, "{number}"),
            CellValue::Date(at) if at.time() == chrono::NaiveTime::MIN => write!(f, "{}", at.date()),
            CellValue::Date(at) => write!(f, "{}", at.format("%Y-%m-%d %H:%M:%S")),
            CellValue::Bool(true) => f.write_str("TRUE"),
            CellValue::Bool(false) => f.write_str("FALSE"),
        }
    }
}

/// The place of a cell, both numbers from 0; written as Excel does: `C14` is row 13, column 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CellName {
    /// Row from 0.
    pub row: u32,
    /// Column from 0.
    pub column: u32,
}

impl fmt::Display for CellName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", column_name(self.column), u64::from(self.row) + 1)
    }
}

/// Letters of a column counted from 0: 0 is `A`, 26 is `AA`.
pub fn column_name(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = u64::from(column) + 1;
    while rest > 0 {
        letters.push(b'A' + ((rest - 1) % 26) as u8);
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().map(|b| char::from(*b)).collect()
}

/// Number from 0 of a column given by letters, in either case; `None` beyond `XFD` or for anything but letters.
pub fn column_number(letters: &str) -> Option<u32> {
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let mut number = 0;
    for b in letters.bytes() {
        if !b.is_ascii_alphabetic() {
            return None;
        }
        number = number * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1;
    }
    (number <= MAX_COLUMNS).then_some(number - 1)
}

/// Text that is not the name of a cell.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not the name of a cell (such as \"C14\")")]
pub struct CellNameError(pub String);

impl FromStr for CellName {
    type Err = CellNameError;
    fn from_str(s: &str) -> Result<Self, CellNameError> {
        let letters = s.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (column, row) = s.split_at(letters);
        let digits = !row.is_empty() && row.len() <= 7 && row.bytes().all(|b| b.is_ascii_digit());
        let row = row.parse::<u32>().ok().filter(|r| digits && (1..=MAX_ROWS).contains(r));
        match (column_number(column), row) {
            (Some(column), Some(row)) => Ok(CellName { row: row - 1, column }),
            _ => Err(CellNameError(s.to_owned())),
        }
    }
}

/// A merged range: its value stands in the top left cell. Both corners belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Merged {
    /// Top left.
    pub first: CellName,
    /// Bottom right.
    pub last: CellName,
}

/// One sheet: non-blank cells only, so that one cell at the far corner costs nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Grid {
    sheet: String,
    cells: Vec<(CellName, CellValue)>,
    merged: Vec<Merged>,
    covered: HashMap<CellName, CellName>,
    height: u32,
    width: u32,
    /// Whether the sheet itself is hidden.
    pub hidden: bool,
    /// Rows (from 0) that the sheet hides, where the format says so.
    pub hidden_rows: BTreeSet<u32>,
}

static BLANK: CellValue = CellValue::Blank;

impl Grid {
    /// A sheet of `(row, column, value)` in any order, rows and columns from 0; blanks are dropped and of two values
    /// for one place the later wins.
    ///
    /// # Errors
    /// More than [`MAX_CELLS`] cells.
    pub fn from_cells(sheet: &str, cells: Vec<(u32, u32, CellValue)>) -> Result<Self, FormatError> {
        let mut named: Vec<(CellName, CellValue)> = cells
            .into_iter()
            .filter(|(.., value)| *value != CellValue::Blank)
            .map(|(row, column, value)| (CellName { row, column }, value))
            .collect();
        if named.len() > MAX_CELLS {
            return Err(too_many_cells(sheet));
        }
        named.sort_by_key(|(name, _)| *name);
        named.reverse();
        named.dedup_by_key(|(name, _)| *name);
        named.reverse();
        let height = named.iter().map(|(n, _)| n.row + 1).max().unwrap_or(0);
        let width = named.iter().map(|(n, _)| n.column + 1).max().unwrap_or(0);
        Ok(Self { sheet: sheet.to_owned(), cells: named, height, width, ..Self::default() })
    }

    /// Adds merged ranges; those that are one cell, upside down or together too large are left out.
    pub fn with_merged(mut self, ranges: impl IntoIterator<Item = Merged>) -> Self {
        let mut total = 0;
        for range in ranges {
            let (first, last) = (range.first, range.last);
            if first == last || first.row > last.row || first.column > last.column {
                continue;
            }
            let area = u64::from(last.row - first.row + 1) * u64::from(last.column - first.column + 1);
            total += area;
            if total > MAX_MERGED_CELLS {
                break;
            }
            for row in first.row..=last.row {
                for column in first.column..=last.column {
                    self.covered.insert(CellName { row, column }, first);
                }
            }
            self.merged.push(range);
        }
        self.merged.sort();
        self
    }

    /// Name of the sheet; empty for a CSV file.
    pub fn sheet(&self) -> &str {
        &self.sheet
    }

    /// Rows up to the last non-blank one.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// Columns up to the last non-blank one.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Non-blank cells, by row, then by column.
    pub fn cells(&self) -> &[(CellName, CellValue)] {
        &self.cells
    }

    /// Non-blank cells of one row, left to right.
    pub fn row(&self, row: u32) -> &[(CellName, CellValue)] {
        let from = self.cells.partition_point(|(n, _)| n.row < row);
        let to = self.cells.partition_point(|(n, _)| n.row <= row);
        &self.cells[from..to]
    }

    /// The value stored at a place; blank where nothing is, also inside a merged range.
    pub fn value(&self, row: u32, column: u32) -> &CellValue {
        let name = CellName { row, column };
        match self.cells.binary_search_by_key(&name, |(n, _)| *n) {
            Ok(at) => &self.cells[at].1,
            Err(_) => &BLANK,
        }
    }

    /// The value that a reader sees at a place: a merged range shows its top left value everywhere.
    pub fn filled(&self, row: u32, column: u32) -> &CellValue {
        let first = self.covered.get(&CellName { row, column }).copied().unwrap_or(CellName { row, column });
        self.value(first.row, first.column)
    }

    /// Merged ranges, by top left cell.
    pub fn merged(&self) -> &[Merged] {
        &self.merged
    }

    /// "Sheet!C14", or "C14" where the sheet has no name.
    pub fn place(&self, row: u32, column: u32) -> String {
        let name = CellName { row, column };
        if self.sheet.is_empty() { name.to_string() } else { format!("{}!{name}", self.sheet) }
    }
}

/// The error for more cells than [`MAX_CELLS`].
pub(super) fn too_many_cells(sheet: &str) -> FormatError {
    FormatError {
        format: "workbook",
        at: format!("sheet \"{sheet}\""),
        message: format!("more than {MAX_CELLS} cells"),
        hint: "Split the file, or delete rows and columns that are empty but formatted.".to_owned(),
    }
}

/// All sheets of a file, in the file's order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Workbook {
    /// "CSV", "XLS" or "XLSX".
    pub format: &'static str,
    /// The sheets.
    pub grids: Vec<Grid>,
    /// What the reader noticed and worked around.
    pub notes: Vec<String>,
}

impl Workbook {
    /// The sheet with this name, compared without case and surrounding white space.
    pub fn sheet(&self, name: &str) -> Option<&Grid> {
        let wanted = name.trim().to_lowercase();
        self.grids.iter().find(|g| g.sheet.trim().to_lowercase() == wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(s: &str) -> CellValue {
        CellValue::Text(s.to_owned())
    }

    fn name(s: &str) -> CellName {
        s.parse().unwrap()
    }

    #[test]
    fn names_cells_as_excel_does() {
        for (s, row, column) in [("A1", 0, 0), ("Z1", 0, 25), ("AA10", 9, 26), ("xfd1048576", 1_048_575, 16_383)] {
            assert_eq!(name(s), CellName { row, column }, "{s}");
            assert_eq!(name(s).to_string(), s.to_uppercase());
        }
        for bad in ["", "A", "1", "A0", "XFE1", "A1048577", "A1B", "1A", "A-1", "Ă1", "A+1"] {
            assert!(bad.parse::<CellName>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_merged_range_shows_its_value_everywhere() {
        let cells = vec![(0, 0, text("Tháng 5")), (1, 1, CellValue::Number(2.0))];
        let grid = Grid::from_cells("T5", cells).unwrap();
        let grid = grid.with_merged([Merged { first: name("A1"), last: name("C1") }]);
        assert_eq!(grid.filled(0, 2), &text("Tháng 5"));
        assert_eq!(grid.value(0, 2), &CellValue::Blank);
        assert_eq!(grid.filled(1, 1), &CellValue::Number(2.0));
        assert_eq!((grid.height(), grid.width()), (2, 2));
        assert_eq!(grid.place(1, 1), "T5!B2");
    }

    #[test]
    fn the_far_corner_and_doubles_cost_nothing() {
        let cells = vec![(1_048_575, 16_383, text("x")), (0, 0, text("old")), (0, 0, text("new"))];
        let grid = Grid::from_cells("", cells).unwrap();
        assert_eq!(grid.cells().len(), 2);
        assert_eq!(grid.value(0, 0), &text("new"));
        assert_eq!(grid.row(1_048_575).len(), 1);
        let everything = Merged { first: name("A1"), last: name("XFD1048576") };
        assert!(grid.with_merged([everything]).merged().is_empty());
    }

    proptest! {
        #[test]
        fn cell_names_round_trip(row in 0u32..1_048_576, column in 0u32..16_384) {
            let cell = CellName { row, column };
            prop_assert_eq!(cell.to_string().parse::<CellName>().unwrap(), cell);
        }
    }
}
