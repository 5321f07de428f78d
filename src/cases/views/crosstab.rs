//! Any two axes against each other: the heatmap, and the table under most other views.

use std::sync::Arc;

use super::axis::{Axis, Keys};
use super::bands::{AGE_BANDS, age_band};
use super::lens::Lens;
use super::question::QuestionError;
use super::scan::{At, scan_standing_apart};
use super::tally::Tally;
use crate::cases::counting::{every_flow, flows_of};
use crate::cases::{LateRow, Second};

/// More cells than this are no table any more.
const MOST_CELLS: usize = 1_000_000;
const DAY: Second = 86_400;

/// Counts by two axes.
///
/// Flows are those within the window. What is open is looked at right before the end of the window, on axes of time
/// right before the end of each key (or of the window, if that is earlier); a total over time has what is open at the
/// end of the last. Keys of codes that nothing belongs to are left out; those of time and age are not.
#[derive(Debug, Clone, PartialEq)]
pub struct CrossTab {
    /// What rows stand for.
    pub row_axis: Axis,
    /// What columns stand for.
    pub column_axis: Axis,
    /// Codes of the rows, ascending; bands of age from young to old.
    pub rows: Vec<Arc<str>>,
    /// Codes of the columns.
    pub columns: Vec<Arc<str>>,
    /// Row by row.
    pub cells: Vec<Tally>,
    /// One for each row.
    pub row_totals: Vec<Tally>,
    /// One for each column.
    pub column_totals: Vec<Tally>,
    /// Everything.
    pub total: Tally,
}

impl CrossTab {
    /// The counts of a row and a column.
    pub fn cell(&self, row: usize, column: usize) -> &Tally {
        &self.cells[row * self.columns.len() + column]
    }

    /// The counts of two codes, if both occur.
    pub fn at(&self, row: &str, column: &str) -> Option<&Tally> {
        let find = |keys: &[Arc<str>], code: &str| keys.iter().position(|key| **key == *code);
        Some(self.cell(find(&self.rows, row)?, find(&self.columns, column)?))
    }
}

/// Counts by two axes. With an axis of authorities, stints are counted.
///
/// # Errors
/// If the table would be too large.
pub fn crosstab(lens: &Lens<'_>, rows: Axis, columns: Axis) -> Result<CrossTab, QuestionError> {
    if rows == Axis::Org || columns == Axis::Org {
        return Grid::lay(&lens.of_stints(), rows, columns)?.table();
    }
    Grid::lay(lens, rows, columns)?.table()
}

/// A stretch of the window that belongs to one key of every axis of time.
struct Slot {
    /// First second after it.
    to: Second,
    row: usize,
    column: usize,
}

/// Rows, columns and the stretches of time that lie in them.
struct Grid<'a, 'b> {
    lens: &'a Lens<'b>,
    rows: Keys,
    columns: Keys,
    slots: Vec<Slot>,
    /// The slot of every day of the window, for axes of time.
    slot_of_day: Vec<u32>,
    /// Day number of the first.
    first_day: Second,
    /// How far apart the cells of two bands of age are; 0 without such an axis.
    age_stride: usize,
}

impl<'a, 'b> Grid<'a, 'b> {
    fn lay(lens: &'a Lens<'b>, rows: Axis, columns: Axis) -> Result<Self, QuestionError> {
        let codes = &lens.book().codes;
        let mut grid = Self {
            lens,
            rows: Keys::new(rows, codes),
            columns: Keys::new(columns, codes),
            slots: Vec::new(),
            slot_of_day: Vec::new(),
            first_day: lens.from / DAY,
            age_stride: 0,
        };
        if rows.is_time() || columns.is_time() {
            grid.slice_time();
        } else {
            grid.slots.push(Slot { to: lens.to, row: 0, column: 0 });
        }
        grid.age_stride = match (rows, columns) {
            // One of two axes of age has it all; the other is the same, so that its cells lie on the diagonal.
            (Axis::AgeBand, Axis::AgeBand) => AGE_BANDS.len() + 1,
            (Axis::AgeBand, _) => grid.columns.codes.len(),
            (_, Axis::AgeBand) => 1,
            _ => 0,
        };
        let (rows, columns) = (grid.rows.codes.len(), grid.columns.codes.len());
        if rows.saturating_mul(columns) > MOST_CELLS {
            return Err(QuestionError::TooLarge { rows, columns });
        }
        Ok(grid)
    }

    fn slice_time(&mut self) {
        let lens = self.lens;
        if lens.from == lens.to {
            return;
        }
        for day in self.first_day..=(lens.to - 1) / DAY {
            let position = |keys: &mut Keys| {
                if !keys.axis.is_time() {
                    return 0;
                }
                let label = keys.axis.label(day * DAY);
                if keys.codes.last().is_none_or(|last| **last != *label) {
                    keys.codes.push(label.into());
                }
                keys.codes.len() - 1
            };
            let (row, column) = (position(&mut self.rows), position(&mut self.columns));
            let to = day.saturating_add(1).saturating_mul(DAY).min(lens.to);
            match self.slots.last_mut() {
                Some(slot) if (slot.row, slot.column) == (row, column) => slot.to = to,
                _ => self.slots.push(Slot { to, row, column }),
            }
            self.slot_of_day.push(self.slots.len() as u32 - 1);
        }
    }

    fn table(&self) -> Result<CrossTab, QuestionError> {
        let lens = self.lens;
        let cells = self.rows.codes.len() * self.columns.codes.len();
        let is_plain = self.slot_of_day.is_empty() && self.age_stride == 0 && self.slots.len() == 1;
        let start = || vec![Tally::default(); cells];
        let merge = |all: &mut Vec<Tally>, part: Vec<Tally>| {
            for (cell, other) in all.iter_mut().zip(&part) {
                cell.add_flows(other);
                cell.add_stocks(other);
            }
        };
        let window = (lens.from, lens.to);
        let cells = if cells == 0 {
            Vec::new()
        } else if is_plain {
            let each = (
                |cells: &mut Vec<Tally>, at: At<'_>| self.count_plain(cells, at),
                |cells: &mut Vec<Tally>, _: At<'_>, copy: &LateRow| self.count_standing_plain(cells, copy),
            );
            scan_standing_apart(lens, window, start, each, merge)
        } else {
            let each = (
                |cells: &mut Vec<Tally>, at: At<'_>| self.count(cells, at),
                |cells: &mut Vec<Tally>, _: At<'_>, copy: &LateRow| self.count_standing(cells, copy),
            );
            scan_standing_apart(lens, window, start, each, merge)
        };
        Ok(self.trim(cells))
    }

    #[inline]
    fn base(&self, at: At<'_>) -> usize {
        self.rows.position(at.spans, at.row) * self.columns.codes.len() + self.columns.position(at.spans, at.row)
    }

    /// One window, so that a span has one cell.
    #[inline]
    fn count_plain(&self, cells: &mut [Tally], at: At<'_>) {
        let lens = self.lens;
        let cell = &mut cells[self.base(at)];
        let length = lens.to - lens.from;
        every_flow(at.spans, at.row, lens.cut, |flow, second, happened| {
            cell.flows[flow as usize] += u32::from(happened & (second.wrapping_sub(lens.from) < length));
        });
        if let Some(overdue) = lens.open_before(at.spans, at.row, lens.to) {
            cell.open += 1;
            cell.open_overdue += u32::from(overdue.is_some());
        }
    }

    fn count(&self, cells: &mut [Tally], at: At<'_>) {
        let (lens, base, width) = (self.lens, self.base(at), self.columns.codes.len());
        let cell_of = |slot: &Slot| base + slot.row * width + slot.column;
        let (start, end) = (at.spans.start[at.row], at.spans.end[at.row]);
        if self.age_stride == 0 {
            flows_of(at.spans, at.row, lens.cut, |flow, second| {
                if second >= lens.from && second < lens.to {
                    let slot = self.slot_of_day[(second / DAY - self.first_day) as usize];
                    cells[cell_of(&self.slots[slot as usize])].flows[flow as usize] += 1;
                }
            });
        }
        let first = self.slots.partition_point(|slot| slot.to <= start);
        for slot in self.slots[first..].iter().take_while(|slot| slot.to <= end) {
            if let Some(overdue) = lens.open_before(at.spans, at.row, slot.to) {
                let cell = &mut cells[cell_of(slot) + age_band(start, slot.to) * self.age_stride];
                cell.open += 1;
                cell.open_overdue += u32::from(overdue.is_some());
            }
        }
    }

    #[inline]
    fn base_of(&self, copy: &LateRow) -> usize {
        self.rows.position_of(copy) * self.columns.codes.len() + self.columns.position_of(copy)
    }

    /// Open at the end of the window.
    #[inline]
    fn count_standing_plain(&self, cells: &mut [Tally], copy: &LateRow) {
        let cell = &mut cells[self.base_of(copy)];
        cell.open += 1;
        cell.open_overdue += u32::from(self.lens.due_of(copy) < self.lens.to);
    }

    fn count_standing(&self, cells: &mut [Tally], copy: &LateRow) {
        let (base, width) = (self.base_of(copy), self.columns.codes.len());
        for slot in self.slots.iter().filter(|slot| copy.start < slot.to) {
            let age = age_band(copy.start, slot.to) * self.age_stride;
            let cell = &mut cells[base + slot.row * width + slot.column + age];
            cell.open += 1;
            cell.open_overdue += u32::from(self.lens.due_of(copy) < slot.to);
        }
    }

    /// Leaves out what is empty and adds up.
    fn trim(&self, cells: Vec<Tally>) -> CrossTab {
        let (height, width) = (self.rows.codes.len(), self.columns.codes.len());
        let cell = |row: usize, column: usize| &cells[row * width + column];
        let kept_rows: Vec<usize> = (0..height)
            .filter(|row| !self.rows.drops_empty() || (0..width).any(|column| !cell(*row, column).is_empty()))
            .collect();
        let kept_columns: Vec<usize> = (0..width)
            .filter(|column| !self.columns.drops_empty() || (0..height).any(|row| !cell(row, *column).is_empty()))
            .collect();
        let (by_row, by_column) = (self.rows.axis.is_time(), self.columns.axis.is_time());
        let last_column = |row: usize| self.slots.iter().rev().find(|s| !by_row || s.row == row).map(|s| s.column);
        let last_row =
            |column: usize| self.slots.iter().rev().find(|s| !by_column || s.column == column).map(|s| s.row);
        let row_total = |row: &usize| {
            let last = last_column(*row).filter(|_| by_column);
            total(kept_columns.iter().map(|column| (last.is_none_or(|last| last == *column), cell(*row, *column))))
        };
        let column_total = |column: &usize| {
            let last = last_row(*column).filter(|_| by_row);
            total(kept_rows.iter().map(|row| (last.is_none_or(|last| last == *row), cell(*row, *column))))
        };
        let row_totals: Vec<Tally> = kept_rows.iter().map(row_total).collect();
        let last = self.slots.last().map(|slot| slot.row).filter(|_| by_row);
        let all =
            total(kept_rows.iter().zip(&row_totals).map(|(row, sum)| (last.is_none_or(|last| last == *row), sum)));
        CrossTab {
            row_axis: self.rows.axis,
            column_axis: self.columns.axis,
            rows: kept_rows.iter().map(|row| Arc::clone(&self.rows.codes[*row])).collect(),
            columns: kept_columns.iter().map(|column| Arc::clone(&self.columns.codes[*column])).collect(),
            column_totals: kept_columns.iter().map(column_total).collect(),
            row_totals,
            total: all,
            cells: kept_rows.iter().flat_map(|row| kept_columns.iter().map(|column| *cell(*row, *column))).collect(),
        }
    }
}

/// Flows of all cells; what is open of those marked.
fn total<'t>(cells: impl Iterator<Item = (bool, &'t Tally)>) -> Tally {
    let mut sum = Tally::default();
    for (counts_stocks, cell) in cells {
        sum.add_flows(cell);
        if counts_stocks {
            sum.add_stocks(cell);
        }
    }
    sum
}

#[cfg(test)]
mod tests;
