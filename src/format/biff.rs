//! A first look through the records of an XLS workbook stream: how large the sheets are, how much text their cells
//! would hold and which rows are hidden. The parser that follows allocates a full rectangle per sheet and a copy of a
//! string per cell, so a hostile file is turned away here. Values are not read.

use std::collections::BTreeSet;

use super::compound::{u16_at, u32_at};
use super::grid::CellName;

const BOF: u16 = 0x0809;
const EOF: u16 = 0x000A;
const BOUND_SHEET: u16 = 0x0085;
const CONTINUE: u16 = 0x003C;
const DIMENSIONS: u16 = 0x0200;
const ROW: u16 = 0x0208;
const SHARED_STRINGS: u16 = 0x00FC;
const LABEL_SST: u16 = 0x00FD;
const MUL_RK: u16 = 0x00BD;
/// Records of one cell that begin with row and column: number, label, rich label, boolean, RK, formula.
const CELLS: [u16; 6] = [0x0203, 0x0204, 0x00D6, 0x0205, 0x027E, 0x0006];

/// Most sheets of one workbook.
const MAX_SHEETS: usize = 1_000;

/// What is known about one sheet before it is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct SheetExtent {
    /// Top left and bottom right of all cells; `None` without cells.
    pub(super) bounds: Option<(CellName, CellName)>,
    /// Rows and columns that the sheet declares, whether used or not.
    pub(super) declared: (u64, u64),
    /// Rows hidden in the sheet.
    pub(super) hidden_rows: BTreeSet<u32>,
    /// Characters in the cells that use shared strings.
    pub(super) text: u64,
}

/// Looks through a workbook stream; sheets in the order of the workbook. `None` if the records are damaged.
pub(super) fn extents(stream: &[u8]) -> Option<Vec<SheetExtent>> {
    let mut starts = Vec::new();
    let mut strings = Vec::new();
    for (at, kind, body) in records(stream) {
        match kind {
            BOUND_SHEET => starts.push(u32_at(body, 0)? as usize),
            SHARED_STRINGS => strings = string_lengths(stream, at)?,
            EOF => break,
            _ => {}
        }
    }
    let mut distinct = starts.clone();
    distinct.sort_unstable();
    distinct.dedup();
    if starts.len() > MAX_SHEETS || distinct.len() != starts.len() {
        return None;
    }
    starts.into_iter().map(|start| sheet_extent(stream.get(start..)?, &strings)).collect()
}

/// Records from the beginning: offset of the record, kind, content.
fn records(stream: &[u8]) -> impl Iterator<Item = (usize, u16, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let kind = u16_at(stream, at)?;
        let size = usize::from(u16_at(stream, at + 2)?);
        let body = stream.get(at + 4..at + 4 + size)?;
        let record = (at, kind, body);
        at += 4 + size;
        Some(record)
    })
}

fn sheet_extent(sheet: &[u8], strings: &[u32]) -> Option<SheetExtent> {
    let mut extent = SheetExtent::default();
    let mut depth = 0;
    for (_, kind, body) in records(sheet) {
        match kind {
            BOF => depth += 1,
            EOF if depth <= 1 => break,
            EOF => depth -= 1,
            // A chart inside the sheet has cells of its own, which are not the sheet's.
            _ if depth > 1 => {}
            DIMENSIONS if body.len() >= 14 => {
                let columns = u64::from(u16_at(body, 10)?.saturating_sub(u16_at(body, 8)?));
                extent.declared = (u64::from(u32_at(body, 4)?.saturating_sub(u32_at(body, 0)?)), columns);
            }
            // Flags stand at offset 12; bit 5 says that the row has no height.
            ROW if u16_at(body, 12).is_some_and(|flags| flags & 0x20 != 0) => {
                extent.hidden_rows.insert(u32::from(u16_at(body, 0)?));
            }
            LABEL_SST => {
                extent.grow(u16_at(body, 0)?, u16_at(body, 2)?, u16_at(body, 2)?);
                let string = u32_at(body, 6)? as usize;
                extent.text += u64::from(strings.get(string).copied().unwrap_or(0));
            }
            MUL_RK => {
                let last = u16_at(body, body.len().checked_sub(2)?)?;
                extent.grow(u16_at(body, 0)?, u16_at(body, 2)?, last);
            }
            _ if CELLS.contains(&kind) => extent.grow(u16_at(body, 0)?, u16_at(body, 2)?, u16_at(body, 2)?),
            _ => {}
        }
    }
    Some(extent)
}

impl SheetExtent {
    fn grow(&mut self, row: u16, from: u16, to: u16) {
        let row = u32::from(row);
        let (from, to) = (u32::from(from.min(to)), u32::from(from.max(to)));
        let (first, last) = self.bounds.unwrap_or((CellName { row, column: from }, CellName { row, column: to }));
        self.bounds = Some((
            CellName { row: first.row.min(row), column: first.column.min(from) },
            CellName { row: last.row.max(row), column: last.column.max(to) },
        ));
    }

    /// Cells of the full rectangle that the parser will allocate.
    pub(super) fn rectangle(&self) -> u64 {
        self.bounds
            .map_or(0, |(first, last)| u64::from(last.row - first.row + 1) * u64::from(last.column - first.column + 1))
    }
}

/// Characters of each shared string. A string may be cut by a CONTINUE record, which then repeats the width flag.
fn string_lengths(stream: &[u8], at: usize) -> Option<Vec<u32>> {
    let mut parts = records(stream.get(at..)?);
    let mut cursor = Cursor { part: parts.next()?.2, parts: parts.take_while(|(_, kind, _)| *kind == CONTINUE) };
    cursor.skip(8)?;
    let mut lengths = Vec::new();
    while let Some(length) = cursor.u16() {
        lengths.push(u32::from(length));
        let flags = cursor.u8()?;
        let runs = if flags & 0x08 != 0 { usize::from(cursor.u16()?) * 4 } else { 0 };
        let phonetic = if flags & 0x04 != 0 { cursor.u32()? as usize } else { 0 };
        cursor.characters(usize::from(length), flags & 0x01 != 0)?;
        cursor.skip(runs)?;
        cursor.skip(phonetic)?;
    }
    Some(lengths)
}

struct Cursor<'a, I> {
    part: &'a [u8],
    parts: I,
}

impl<'a, I: Iterator<Item = (usize, u16, &'a [u8])>> Cursor<'a, I> {
    fn next_part(&mut self) -> Option<()> {
        self.part = self.parts.next()?.2;
        Some(())
    }

    fn u8(&mut self) -> Option<u8> {
        while self.part.is_empty() {
            self.next_part()?;
        }
        let (first, rest) = self.part.split_first()?;
        self.part = rest;
        Some(*first)
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.u8()?, self.u8()?]))
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from(self.u16()?) | u32::from(self.u16()?) << 16)
    }

    fn skip(&mut self, mut bytes: usize) -> Option<()> {
        while bytes > self.part.len() {
            bytes -= self.part.len();
            self.next_part()?;
        }
        self.part = &self.part[bytes..];
        Some(())
    }

    fn characters(&mut self, mut left: usize, mut wide: bool) -> Option<()> {
        while left > 0 {
            let width = if wide { 2 } else { 1 };
            let here = left.min(self.part.len() / width);
            self.part = &self.part[here * width..];
            left -= here;
            if left > 0 {
                self.next_part()?;
                wide = self.u8()? & 0x01 != 0;
            }
        }
        Some(())
    }
}
